//! What becomes of each kind of node that has a step.

use grieta_core::definition::{
    Call, Crack, Expression, Field, ForEach, Incoming, JoinRule, Kind, Late, Literal, Response, Span, Step, Type,
};
use indexmap::IndexMap;

use crate::file::{Again, Catch, End, Gateway, Node, Throw, Trigger, What, Work};
use crate::map::branches::Way;
use crate::map::{Drawing, Rank};
use crate::names::{self, Names};

/// How long a message is kept for whoever comes to wait for it: BPMN never loses one.
const KEPT: Span = Span::hours(365 * 24);

/// How many instances there are at first where the file does not say it as a number.
const INSTANCES: &str = "2";

/// Whether a node asks whether to be done before it is done.
pub(super) fn asks_before(node: &Node) -> bool {
    matches!(node.what, What::Activity { again: Again::Before, .. })
}

impl Drawing<'_> {
    /// Draws the steps of a node.
    pub(super) fn node(&mut self, at: usize) {
        if !self.vanished.has_step(at) {
            return;
        }
        let node = &self.pool.nodes[at];
        let name = self.own[at].clone();
        let joins = node.incoming.len() > 1;
        match &node.what {
            What::Boundary { .. } => {}
            _ if self.vanished.is_kept(self.pool, at) => self.step(at, Step::assign()),
            What::Gateway(Gateway::Parallel) if joins => self.step(at, Step::join()),
            What::Gateway(Gateway::Inclusive) if joins => self.step(at, Step::of(Kind::Join(JoinRule::Live))),
            What::Gateway(Gateway::Event) => {
                let branches = node.outgoing.iter().map(|flow| self.along(*flow)).collect();
                self.draw_itself(at, Step::of(Kind::Race(branches)));
            }
            What::Start { .. } | What::Pass | What::Gateway(_) => _ = self.split(at, Rank::Itself, name),
            What::Catch(catch) => {
                let step = self.catch(node, catch);
                self.step(at, step);
            }
            What::Throw(throw) => {
                let to = self.onward(at);
                self.send(at, name, throw, to);
            }
            What::End(End::Plain) => self.draw_itself(at, Step::end()),
            What::End(End::Terminate) => self.draw_itself(at, Step::terminate()),
            What::End(End::Throw(throw)) => {
                let to = self.end(node.inside);
                self.send(at, name, throw, to);
            }
            What::Activity { work, again } => self.activity(at, work, *again),
        }
    }

    /// A step that leads on as its node does.
    fn step(&mut self, at: usize, step: Step) {
        let to = self.onward(at);
        self.draw_itself(at, step.next(&to));
    }

    fn draw_itself(&mut self, at: usize, step: Step) {
        self.draw(at, Rank::Itself, self.own[at].clone(), step);
    }

    fn catch(&self, node: &Node, catch: &Catch) -> Step {
        match catch {
            Catch::Message => Step::receive(&self.messages.received(node)),
            Catch::Timer(span) => Step::pause(*span),
            Catch::Outside(party) => Step::wait(party),
        }
    }

    /// The first of the steps that tell others what a node throws.
    fn send(&mut self, at: usize, first: String, throw: &Throw, to: String) {
        match throw {
            Throw::Message => {
                let messages = self.messages.sent(&self.pool.nodes[at]);
                self.send_all(at, self.pool.nodes[at].inside, Some(first), messages, to);
            }
            Throw::Signal(signal) => {
                let message = Some(names::identifier(signal)).filter(|name| !name.is_empty());
                let step = Step::send(&message.unwrap_or_else(|| "signal".to_owned()), KEPT).transient();
                self.draw(at, Rank::Itself, first, step.next(&to));
            }
        }
    }

    /// Steps that send messages one after the other; where they begin.
    fn send_all(
        &mut self,
        at: usize,
        inside: Option<usize>,
        first: Option<String>,
        messages: &[String],
        to: String,
    ) -> String {
        let mut to = to;
        for (position, message) in messages.iter().enumerate().rev() {
            let (rank, name) = match &first {
                Some(first) if position == 0 => (Rank::Itself, first.clone()),
                _ => {
                    let name = format!("send-{message}");
                    (Rank::After, self.names.take([name.as_str()], "send"))
                }
            };
            to = self.draw_inside(inside, at, rank, name, Step::send(message, KEPT).next(&to));
        }
        to
    }

    fn activity(&mut self, at: usize, work: &Work, again: Again) {
        let node = &self.pool.nodes[at];
        let messages = self.messages.sent(node);
        match again {
            Again::Each { times, one_by_one } => self.instances(at, work, times, one_by_one),
            Again::Once if *work == Work::Send && node.boundary.is_empty() => {
                let to = self.onward(at);
                self.send_all(at, node.inside, Some(self.own[at].clone()), messages, to);
            }
            Again::Once => {
                let step = self.work(at, work);
                let step = match self.vanished.decision_of(at) {
                    Some(gateway) => {
                        let ways = self.named(gateway, &self.pool.nodes[gateway].outgoing);
                        ways.into_iter().fold(step, |step, way| step.outcome(&way.name, &way.to))
                    }
                    None => {
                        let to = self.onward(at);
                        step.next(&self.send_all(at, node.inside, None, messages, to))
                    }
                };
                self.draw_struck(at, step);
            }
            Again::Before | Again::After => self.repeated(at, work, again),
        }
    }

    /// Work that is done again: as one of its outcomes says, or by a choice before or after it.
    fn repeated(&mut self, at: usize, work: &Work, again: Again) {
        let (inside, messages) = (self.pool.nodes[at].inside, self.messages.sent(&self.pool.nodes[at]));
        let (own, to) = (self.own[at].clone(), self.onward(at));
        let step = self.work(at, work);
        let answers = matches!(work, Work::Human | Work::Service | Work::Call(_)) && messages.is_empty();
        if again == Again::After && answers {
            return self.draw_struck(at, step.outcome("again", &own).outcome("done", &to));
        }
        let (rank, question) = match again {
            Again::Before => (Rank::Before, self.entry[at].clone()),
            _ => (Rank::After, self.names.take([format!("{own}-again").as_str()], "again")),
        };
        let way = |name: &str, to: &str| Way { name: name.to_owned(), to: to.to_owned() };
        let choice = self.choose(&question, vec![way("again", &own), way("done", &to)]);
        self.draw(at, rank, question.clone(), choice);
        let to = self.send_all(at, inside, None, messages, question);
        self.draw_struck(at, step.next(&to));
    }

    /// Work that is done several times: a step around it.
    fn instances(&mut self, at: usize, work: &Work, times: Option<u32>, one_by_one: bool) {
        let own = self.own[at].clone();
        if *work == Work::Subprocess {
            let first = self.beginning(Some(at));
            self.begins.insert(at, first);
        } else {
            let name = self.names.take([format!("{own}-each").as_str()], "each");
            let end = self.end(Some(at));
            let messages = self.messages.sent(&self.pool.nodes[at]);
            if *work == Work::Send {
                self.send_all(at, Some(at), Some(name.clone()), messages, end);
            } else {
                let to = self.send_all(at, Some(at), None, messages, end);
                let step = self.work(at, work).next(&to);
                self.draw_inside(Some(at), at, Rank::After, name.clone(), step);
            }
            self.begins.insert(at, name);
        }
        let times = times.map_or_else(|| self.counted(&own), |times| Expression(times.to_string()));
        let each = ForEach { steps: Vec::new(), times, one_by_one, growing: false, enough: None, rest: Late::Ignore };
        let to = self.onward(at);
        self.draw_struck(at, Step::of(Kind::ForEach(each)).next(&to));
    }

    /// The field that says how many instances there are.
    fn counted(&mut self, step: &str) -> Expression {
        let field = format!("instances_{}", step.replace('-', "_"));
        let declared = Field { initial: Some(Literal(INSTANCES.to_owned())), ..Field::of(Type::Integer) };
        self.definition.data.insert(field.clone(), declared);
        Expression(field)
    }

    /// The step of an activity that is done once, without what comes behind it.
    fn work(&mut self, at: usize, work: &Work) -> Step {
        let node = &self.pool.nodes[at];
        Step::of(match work {
            Work::Human => Kind::human(self.role(node)),
            Work::Service | Work::Send => Kind::Service { handler: None, takes: None },
            Work::Receive => {
                Kind::Receive(Incoming { message: self.messages.received(node), key: None, transient: false })
            }
            Work::Call(process) => {
                let known = self.processes.get(process.as_str()).map(|name| (*name).to_owned());
                let named = || Some(names::identifier(process)).filter(|name| !name.is_empty());
                let process = known.or_else(named).unwrap_or_else(|| "process".to_owned());
                Kind::Call(Call { process, with: IndexMap::new() })
            }
            Work::Subprocess => {
                let first = self.beginning(Some(at));
                self.begins.insert(at, first);
                Kind::Subprocess(Vec::new())
            }
        })
    }

    /// Draws the step of an activity, with what can strike it.
    fn draw_struck(&mut self, at: usize, mut step: Step) {
        let mut names = Names::default();
        for boundary in &self.pool.nodes[at].boundary {
            let node = &self.pool.nodes[*boundary];
            let name = names.take(node.names(), "event");
            let to = self.onward(*boundary);
            self.cracks.insert(format!("{}!{name}", self.own[at]), node.into());
            let What::Boundary { trigger, interrupts, .. } = node.what else { continue };
            step.cracks.insert(name, Crack { name: node.name.clone(), ..crack(trigger, interrupts).then(&to) });
        }
        self.draw_itself(at, step);
    }
}

fn crack(trigger: Trigger, interrupts: bool) -> Crack {
    let crack = match trigger {
        Trigger::Error => return Crack::failure(),
        Trigger::Timer(span) => Crack::deadline(span),
        Trigger::Outside => Crack::external(),
    };
    if interrupts { crack.respond(Response::Fail) } else { crack }
}
