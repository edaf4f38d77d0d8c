//! Compiles a process: the tables of a plan grow step by step.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::joins::{live_joins, withdrawing};
use super::{
    Action, Answer, Clock, Crack, Day, Delay, Flow, Multiple, NO_LOCK, Node, Plan, Repeat, Run, Set, Staff, Strikes,
};
use crate::calendar::Calendar;
use crate::decision::Table;
use crate::definition::{
    self, Again, Allocation, Call, Chance, Decision, Definition, Expression, Field, ForEach, Incoming, Kind, Mark,
    Outgoing, Pause, Recovery, Response, Role, Rule, Span, Step, Unit,
};
use crate::diagnostic::{Code, Path, Problem, Problems};
use crate::expression::Compiled;
use crate::graph::{self, LinkKind};
use crate::index::{ClockIx, FieldIx, FlowIx, RoleIx, StepIx};
use crate::kernel::{Event, Phase};
use crate::process::Process;
use crate::time::Duration;
use crate::value::{Bounds, Value};

/// Compiles one process; the tables grow step by step.
pub(super) struct Compiler {
    process: Arc<Process>,
    nodes: Vec<Node>,
    flows: Vec<Flow>,
    cracks: Vec<Crack>,
    sets: Vec<Set>,
    instances: Vec<Multiple>,
    days: Vec<Day>,
    clocks: Vec<Clock>,
    locks: Vec<String>,
    flow_ids: Vec<String>,
}

/// For each step that is inside another, the one around it.
fn around(definition: &Definition) -> HashMap<&str, &str> {
    let steps = definition.steps.iter();
    steps.flat_map(|(name, step)| step.kind.inside().iter().map(|inner| (inner.as_str(), name.as_str()))).collect()
}

impl Compiler {
    pub(super) fn new(process: Arc<Process>) -> Compiler {
        Compiler {
            process,
            nodes: Vec::new(),
            flows: Vec::new(),
            cracks: Vec::new(),
            sets: Vec::new(),
            instances: Vec::new(),
            days: Vec::new(),
            clocks: Vec::new(),
            locks: Vec::new(),
            flow_ids: Vec::new(),
        }
    }

    pub(super) fn compile(mut self) -> Result<Plan, Problems> {
        let process = self.process.clone();
        let definition = process.definition();
        let around = around(definition);
        self.clocks = definition.clocks.values().map(|clock| self.clock(definition, clock, &around)).collect();
        for (index, (name, step)) in definition.steps.iter().enumerate() {
            let node = self.node(definition, StepIx(index as u16), name, step);
            self.nodes.push(node);
        }
        let whole = definition.whole();
        if let Some(whole) = &whole {
            let node = self.node(definition, StepIx(self.nodes.len() as u16), &definition.process, whole);
            self.nodes.push(node);
        }
        if [self.nodes.len(), self.flows.len(), self.cracks.len(), self.sets.len()]
            .into_iter()
            .any(|n| n >= usize::from(u16::MAX))
        {
            let problem = Problem::error(
                Code::TooLarge,
                Path::root("steps"),
                "too many steps, flows, cracks or assignments to compile",
            );
            return Err(Problems { source: None, list: vec![problem] });
        }
        self.number_inputs();
        self.note_containers(definition);
        self.note_milestones();
        self.note_rules(definition);
        let schema = process.schema();
        let compile = |(name, decision): (&String, &Decision)| {
            Table::compile(name, decision, schema, &Path::root("decisions").key(name))
        };
        let tables = definition.decisions.iter().map(compile).collect::<Result<_, _>>();
        let tables = tables.map_err(|list| Problems { source: None, list })?;
        let priority = |role: &Role| Expression::compile(&role.queue.priority.as_ref()?.0, schema).ok();
        let priorities = definition.roles.values().map(priority).collect();
        let field = |(index, _): (usize, _)| FieldIx(index as u16);
        let required = definition.data.values().enumerate().filter(|(_, f)| f.required).map(field).collect();
        let start = match whole {
            Some(_) => definition.steps.len(),
            None => definition.steps.get_index_of(&definition.start).unwrap_or(0),
        };
        let initial: Arc<[Value]> = definition.data.values().map(initial).collect();
        Ok(Plan {
            start: StepIx(start as u16),
            whole,
            begins: Event::CaseStarted { steps: self.nodes.len() as u16, initial: initial.clone() },
            initial,
            bounds: definition.data.values().map(Bounds::of).collect(),
            required,
            nested: self.nodes.iter().any(|node| {
                matches!(node.action, Action::Race | Action::Subprocess { .. } | Action::ForEach { .. })
                    || node.undo != StepIx::NONE
            }),
            staff: Staff::of(definition),
            rolls_back: self.cracks.iter().any(|crack| crack.recover == Recovery::RollBack),
            watchful: self.nodes.iter().any(Node::watches),
            live_joins: live_joins(&self.nodes, &self.flows),
            withdrawing: withdrawing(&self.nodes, &self.flows),
            gated: self.nodes.iter().any(Node::is_gated),
            instances: self.instances,
            days: self.days,
            clocks: self.clocks,
            tables,
            priorities,
            calendars: definition.calendars.keys().map(|name| process.calendar(Some(name))).collect(),
            nodes: self.nodes,
            flows: self.flows,
            cracks: self.cracks,
            sets: self.sets,
            flow_ids: self.flow_ids,
            process,
        })
    }

    fn node(&mut self, definition: &Definition, from: StepIx, name: &str, step: &Step) -> Node {
        let role = |name: &str| RoleIx(definition.roles.get_index_of(name).unwrap_or(0) as u16);
        let own_role = match &step.kind {
            Kind::Human { role, .. } => Some(role.as_str()),
            _ => None,
        };
        let other = |name: &Option<String>| name.as_deref().or(own_role).map_or(RoleIx::NONE, role);
        let measure = Measure::of(&self.process, own_role);
        let action = match &step.kind {
            Kind::Human { role: name, allocate, .. } => {
                Action::Human { role: role(name), offered: *allocate == Allocation::Offer }
            }
            Kind::Service { .. } => Action::Service,
            Kind::Wait { .. } => Action::Wait,
            Kind::Pause(Pause::For(span)) => Action::Pause(measure.delay(*span)),
            Kind::Pause(Pause::Until(date)) => Action::Until(self.day(date, &measure)),
            Kind::Assign => Action::Assign,
            Kind::Decide(name) => Action::Decide(definition.decisions.get_index_of(name).unwrap_or(0) as u16),
            Kind::Choose(_) => Action::Choose,
            Kind::Some(_) => Action::Some,
            Kind::Fork(_) => Action::Fork,
            Kind::Race(_) => Action::Race,
            Kind::Join(rule) => Action::Join { inputs: 0, rule: *rule },
            Kind::Subprocess(steps) => Action::Subprocess { start: first_of(definition, steps) },
            Kind::ForEach(multiple) => {
                Action::ForEach { start: first_of(definition, &multiple.steps), spec: self.multiple(multiple) }
            }
            Kind::Cancel(_) => Action::Cancel,
            Kind::Receive(_) => Action::Receive,
            Kind::Send(_) => Action::Send,
            Kind::Call(_) => Action::Call,
            Kind::End { terminate, .. } => Action::End { terminate: *terminate },
        };
        let (flows, ways_out) = self.flows(definition, from, name, step);
        let sets = self.sets(&step.sets);
        let first = self.cracks.len();
        for (crack, declared) in &step.cracks {
            let compiled = Crack {
                on: declared.on,
                interrupts: declared.interrupts(),
                strikes: self.strikes(declared, &measure),
                when: declared.when.as_ref().and_then(|when| self.guard(when)),
                when_full: declared.when_full,
                response: match &declared.response {
                    None => Answer::None,
                    Some(Response::Retry { after, at_most, backoff }) => Answer::Retry {
                        after: after.map(|span| measure.delay(span)),
                        at_most: *at_most,
                        backoff: *backoff,
                    },
                    Some(Response::Restart) => Answer::Restart,
                    Some(Response::Reoffer(name)) => Answer::Reoffer(other(name)),
                    Some(Response::Reallocate(name)) => Answer::Reallocate(other(name)),
                    Some(Response::Skip(outcome)) => {
                        let position = outcome.as_ref().and_then(|outcome| step.outcomes.get_index_of(outcome));
                        Answer::Skip(FlowIx(flows.first + position.unwrap_or(0) as u16))
                    }
                    Some(Response::Fail) => Answer::Fail,
                    Some(Response::CancelCase) => Answer::CancelCase,
                    Some(Response::CancelAll) => Answer::CancelAll,
                    Some(Response::Continue) => Answer::Continue,
                },
                recover: declared.recover,
                then: ways_out.iter().find(|(name, _)| name == crack).map_or(FlowIx::NONE, |(_, flow)| *flow),
            };
            self.cracks.push(compiled);
        }
        let cracks = Run::since(first, self.cracks.len());
        let timed = self.cracks[first..].iter().any(|crack| crack.strikes.is_some());
        let written = step.writes.iter().filter_map(|field| definition.data.get_index_of(field));
        let region = match &step.kind {
            Kind::Cancel(region) => region.as_slice(),
            _ => &[],
        };
        let index_of = |name: &String| definition.steps.get_index_of(name).map(|index| StepIx(index as u16));
        let only = matches!(self.flows.get(flows.range()), Some([Flow { kind: LinkKind::Next, .. }]));
        Node {
            action,
            rest: at_rest(action),
            flows,
            only: if only { FlowIx(flows.first) } else { FlowIx::NONE },
            cracks,
            sets,
            takes_time: step.kind.takes_time(),
            timed,
            writes: written.map(|index| FieldIx(index as u16)).collect(),
            lock: step.lock.as_ref().map_or(NO_LOCK, |lock| self.lock(lock)),
            only_while: step.only_while.as_ref().and_then(index_of).unwrap_or(StepIx::NONE),
            again: step.again.as_ref().and_then(|again| self.repeat(again)),
            milestone: false,
            undo: step.undo.as_ref().and_then(index_of).unwrap_or(StepIx::NONE),
            inside: StepIx::NONE,
            with: self.with(&step.kind),
            key: key(definition, &step.kind),
            hands_over: matches!(step.kind, Kind::End { hand_over: Some(_), .. }),
            keep: match &step.kind {
                Kind::Send(Outgoing { keep: Some(keep), .. }) => Some(measure.delay(*keep)),
                _ => None,
            },
            other_eyes: Box::default(),
            region: region.iter().filter_map(index_of).collect(),
        }
    }

    /// `around` names the step around each that is inside one.
    fn clock(&self, definition: &Definition, declared: &definition::Clock, around: &HashMap<&str, &str>) -> Clock {
        let measure = Measure::by(&self.process, declared.calendar.as_deref());
        let index_of = |name: &String| definition.steps.get_index_of(name).map(|index| StepIx(index as u16));
        let indices = |names: &[String]| -> Box<[StepIx]> {
            let steps: BTreeSet<StepIx> = names.iter().filter_map(index_of).collect();
            steps.into_iter().collect()
        };
        let first = declared.from.first().and_then(|step| around.get(step.as_str()));
        let ends = declared.from.iter().chain(&declared.until).all(|step| around.get(step.as_str()) == first);
        let within = measure.delay(declared.within);
        Clock {
            from: indices(&declared.from),
            until: indices(&declared.until),
            warn: declared.warn.map(|mark| measure.reaches(mark, within)),
            recurs: declared.recurs,
            pauses: indices(&declared.pause_in),
            inside: first.is_some() && !declared.until.is_empty() && ends,
            within,
        }
    }

    /// When a crack strikes by itself. The checks have refused clocks that there are not.
    fn strikes(&self, crack: &definition::Crack, measure: &Measure) -> Option<Strikes> {
        let Some(name) = &crack.clock else { return crack.after.map(|span| Strikes::After(measure.delay(span))) };
        let (index, _, declared) = self.process.definition().clocks.get_full(name)?;
        let within = self.clocks[index].within;
        let measure = Measure::by(&self.process, declared.calendar.as_deref());
        let mark = crack.at.map_or(within.amount, |mark| measure.reaches(mark, within));
        Some(Strikes::At(ClockIx(index as u16), mark))
    }

    /// Adds the ways on from a step; gives the run of its flows, and the way on from each crack that has one.
    fn flows(
        &mut self,
        definition: &Definition,
        from: StepIx,
        name: &str,
        step: &Step,
    ) -> (Run, Vec<(String, FlowIx)>) {
        let first = self.flows.len();
        let (mut plain, mut cracks) = (0, Vec::new());
        for way in graph::ways(name, step) {
            let here = FlowIx(self.flows.len() as u16);
            let (guard, sets) = match (&step.kind, &way.kind) {
                (Kind::Choose(branches) | Kind::Some(branches), LinkKind::Branch | LinkKind::Otherwise) => {
                    let branch = &branches[self.flows.len() - first];
                    (branch.when.as_ref().and_then(|when| self.guard(when)), self.sets(&branch.sets))
                }
                (_, LinkKind::Outcome) => (None, self.sets(&step.outcomes[self.flows.len() - first].sets)),
                _ => (None, Run::default()),
            };
            match (&way.name, way.kind) {
                (graph::WayName::Named(crack), LinkKind::Crack { .. }) => cracks.push(((*crack).to_owned(), here)),
                _ => plain += 1,
            }
            let to = StepIx(definition.steps.get_index_of(way.to).unwrap_or(0) as u16);
            self.flow_ids.push(way.id(name));
            self.flows.push(Flow { from, to, kind: way.kind, input: 0, guard, sets });
        }
        (Run::since(first, first + plain), cracks)
    }

    /// The number of the `for-each` specification. The checks have refused what does not compile.
    fn multiple(&mut self, multiple: &ForEach) -> u16 {
        let compile = |expression: &Expression| Expression::compile(&expression.0, self.process.schema()).ok();
        if let Some(times) = compile(&multiple.times) {
            let ForEach { one_by_one, growing, rest, .. } = *multiple;
            let enough = multiple.enough.as_ref().and_then(compile);
            self.instances.push(Multiple { times, one_by_one, growing, enough, rest });
        }
        self.instances.len().saturating_sub(1) as u16
    }

    /// The number of a day that a step waits for. The checks have refused what does not compile.
    fn day(&mut self, date: &Expression, measure: &Measure) -> u16 {
        if let Ok(date) = Expression::compile_date(&date.0, self.process.schema()) {
            self.days.push(Day { date, calendar: measure.position });
        }
        self.days.len().saturating_sub(1) as u16
    }

    fn lock(&mut self, lock: &str) -> u16 {
        let known = self.locks.iter().position(|known| known == lock);
        known.unwrap_or_else(|| {
            self.locks.push(lock.to_owned());
            self.locks.len() - 1
        }) as u16
    }

    fn repeat(&self, again: &Again) -> Option<Box<Repeat>> {
        Some(Box::new(match again {
            Again::While(guard) => Repeat::While(self.guard(guard)?),
            Again::Until(guard) => Repeat::Until(self.guard(guard)?),
        }))
    }

    fn sets(&mut self, sets: &indexmap::IndexMap<String, Expression>) -> Run {
        let first = self.sets.len();
        for (field, expression) in sets {
            let schema = self.process.schema();
            let value =
                schema.slot(field).map(|slot| (slot, Expression::compile_assignment(&expression.0, schema, slot)));
            if let Some((slot, Ok(value))) = value {
                self.sets.push(Set { field: FieldIx(slot), value });
            }
        }
        Run::since(first, self.sets.len())
    }

    /// What a message, call or hand-over brings.
    fn with(&self, kind: &Kind) -> Box<[Compiled]> {
        let with = match kind {
            Kind::Send(Outgoing { with, .. }) => with,
            Kind::Call(Call { with, .. }) | Kind::End { hand_over: Some(Call { with, .. }), .. } => with,
            _ => return Box::default(),
        };
        let compile =
            |expression: &Expression| Expression::compile_for_others(&expression.0, self.process.schema()).ok();
        with.values().filter_map(compile).collect()
    }

    /// The checks have compiled every expression once; what they refused never comes here.
    fn guard(&self, expression: &Expression) -> Option<Compiled> {
        Expression::compile_guard(&expression.0, self.process.schema()).ok()
    }

    /// Notes for each step inside another which one that is.
    fn note_containers(&mut self, definition: &Definition) {
        for (index, step) in definition.steps.values().enumerate() {
            for inner in step.kind.inside().iter().filter_map(|inner| definition.steps.get_index_of(inner)) {
                self.nodes[inner].inside = StepIx(index as u16);
            }
        }
    }

    /// Notes the steps at which the case must be while others are begun.
    fn note_milestones(&mut self) {
        for step in 0..self.nodes.len() {
            let milestone = self.nodes[step].only_while;
            if let Some(node) = self.nodes.get_mut(milestone.at()) {
                node.milestone = true;
            }
        }
    }

    /// Notes for each step who may not do it.
    fn note_rules(&mut self, definition: &Definition) {
        for rule in &definition.rules {
            let Rule::FourEyes(steps) = rule else { continue };
            let steps: Vec<usize> = steps.iter().filter_map(|step| definition.steps.get_index_of(step)).collect();
            for step in &steps {
                let known = self.nodes[*step].other_eyes.iter().copied();
                let others = steps.iter().filter(|other| *other != step).map(|other| StepIx(*other as u16));
                self.nodes[*step].other_eyes = known.chain(others).collect();
            }
        }
    }

    /// Numbers the inputs of every join: exclusive ways on from one step feed the same input, every branch of a fork
    /// or inclusive choice its own.
    fn number_inputs(&mut self) {
        let mut seen: Vec<Vec<StepIx>> = vec![Vec::new(); self.nodes.len()];
        for flow in &mut self.flows {
            if !matches!(self.nodes[flow.to.at()].action, Action::Join { .. }) {
                continue;
            }
            let inputs = &mut seen[flow.to.at()];
            let from = self.process.definition().steps.get_index(flow.from.at());
            let at_once = from.is_some_and(|(_, from)| flow.kind.is_at_once(&from.kind));
            let shared = if at_once { None } else { inputs.iter().position(|from| *from == flow.from) };
            let input = shared.unwrap_or_else(|| {
                inputs.push(flow.from);
                inputs.len() - 1
            });
            flow.input = input as u16;
        }
        for (node, inputs) in self.nodes.iter_mut().zip(&seen) {
            if let Action::Join { inputs: count, .. } = &mut node.action {
                *count = inputs.len() as u16;
            }
        }
    }
}

/// The field by which a message is known.
fn key(definition: &Definition, kind: &Kind) -> FieldIx {
    let key = match kind {
        Kind::Send(Outgoing { key, .. }) | Kind::Receive(Incoming { key, .. }) => key.as_ref(),
        _ => None,
    };
    key.and_then(|key| definition.data.get_index_of(key)).map_or(FieldIx::NONE, |index| FieldIx(index as u16))
}

/// The first of the steps inside another.
fn first_of(definition: &Definition, steps: &[String]) -> StepIx {
    let first = steps.first().and_then(|first| definition.steps.get_index_of(first));
    StepIx(first.unwrap_or(0) as u16)
}

/// The value of a field before anything is known about the case.
fn initial(field: &Field) -> Value {
    let literal = field.initial.as_ref();
    literal.and_then(|literal| Value::parse(field, &literal.0).ok()).unwrap_or_default()
}

/// Turns lengths of time into delays on a calendar.
struct Measure {
    calendar: Calendar,
    position: u16,
}

impl Measure {
    /// By the calendar of a role.
    fn of(process: &Process, role: Option<&str>) -> Measure {
        let own = role.and_then(|role| process.definition().roles.get(role)?.calendar.as_deref());
        Measure::by(process, own)
    }

    /// By the calendar of that name, or else that of the process.
    fn by(process: &Process, calendar: Option<&str>) -> Measure {
        let definition = process.definition();
        let name = calendar.or(definition.calendar.as_deref());
        let position = name.and_then(|name| definition.calendars.get_index_of(name));
        Measure { calendar: process.calendar(name), position: position.map_or(u16::MAX, |index| index as u16) }
    }

    fn delay(&self, span: Span) -> Delay {
        let calendar = match span.unit {
            Unit::Elapsed => u16::MAX,
            Unit::Business | Unit::BusinessDays => self.position,
        };
        Delay { amount: self.calendar.length(span), calendar }
    }

    /// How long a clock has run at a mark.
    fn reaches(&self, mark: Mark, within: Delay) -> Duration {
        match mark {
            Mark::Share(share) => {
                let part = i128::from(within.amount.as_micros()) * i128::from(share.trillionths());
                Duration::from_micros((part / i128::from(Chance::WHOLE)) as i64)
            }
            Mark::After(span) => self.calendar.length(span),
        }
    }
}

/// What a token does at a step as soon as it has come, and the role it turns to.
fn at_rest(action: Action) -> (Phase, RoleIx) {
    match action {
        Action::Human { role, offered: true } => (Phase::Offered, role),
        Action::Human { role, offered: false } => (Phase::Created, role),
        Action::Service => (Phase::Requested, RoleIx::NONE),
        Action::Wait => (Phase::Waiting, RoleIx::NONE),
        Action::Receive => (Phase::Receiving, RoleIx::NONE),
        Action::Call => (Phase::Calling, RoleIx::NONE),
        Action::Pause(_) | Action::Until(_) => (Phase::Pausing, RoleIx::NONE),
        Action::Join { .. } => (Phase::Parked, RoleIx::NONE),
        Action::Subprocess { .. } | Action::ForEach { .. } => (Phase::Inside, RoleIx::NONE),
        Action::Assign
        | Action::Decide(_)
        | Action::Choose
        | Action::Some
        | Action::Fork
        | Action::Race
        | Action::Cancel
        | Action::Send
        | Action::End { .. } => (Phase::Leaving, RoleIx::NONE),
    }
}
