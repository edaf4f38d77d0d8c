//! Why a case is not moving: for each token, what it waits for, since when and from whom.

use std::fmt;

use petgraph::graph::NodeIndex;
use petgraph::visit::{Dfs, EdgeFiltered};

use super::case::{Case, Phase, TimerKind, Token};
use super::event::Reason;
use super::node;
use crate::definition::{JoinRule, Kind};
use crate::graph::LinkKind;
use crate::index::{PersonIx, ScopeIx, StepIx, TokenIx};
use crate::plan::Answer;
use crate::plan::{Action, Plan};
use crate::time::Timestamp;

/// What one token waits for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Waiting {
    /// The step it is at.
    pub step: String,
    /// Since when.
    pub since: Timestamp,
    /// What has to happen.
    pub waits_for: WaitsFor,
    /// The crack that struck here and has no response.
    pub unanswered: Option<String>,
    /// Why its work failed last, where somebody said so.
    pub failed: Option<String>,
    /// The crack that strikes next if nothing happens until then, and when.
    pub next: Option<(Timestamp, String)>,
}

/// What has to happen for a token to move.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitsFor {
    /// Somebody of the role begins the work.
    Role(String),
    /// Somebody of the role is found to do it.
    Allocation(String),
    /// The person who has the work of that role does something.
    Holder {
        /// The role.
        role: String,
        /// The person, where anybody keeps track.
        person: PersonIx,
        /// What they have to do.
        to: Duty,
        /// They are away.
        away: bool,
    },
    /// The system answers.
    System(String),
    /// An outside party answers.
    Party(String),
    /// Time passes.
    Time(Timestamp),
    /// Time passes until the work is tried again.
    Retry(Timestamp),
    /// A message arrives.
    Message(String),
    /// The case of another process ends.
    Call(String),
    /// What goes on inside the step ends.
    Inside,
    /// A lock is free, or a milestone is reached.
    Gate(String),
    /// What was done is undone.
    Undoing,
    /// Other branches arrive.
    Branches(Vec<Input>),
    /// Somebody resolves an incident; the text says what happened.
    Resolution(String),
}

/// What is expected of the person who has the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Duty {
    /// To begin.
    Begin,
    /// To go on.
    Resume,
    /// To finish.
    Finish,
}

/// A branch that a join waits for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Input {
    /// The step it comes from.
    pub from: String,
    /// Whether some token of the case can still get there.
    pub can_arrive: bool,
}

impl Case {
    /// What each token of the case waits for; empty when the case is over.
    pub fn explain(&self, plan: &Plan) -> Vec<Waiting> {
        self.tokens().map(|(token, item)| self.explain_token(plan, token, item)).collect()
    }

    fn explain_token(&self, plan: &Plan, token: TokenIx, item: &Token) -> Waiting {
        let unanswered = item.unanswered.some().map(|crack| plan.crack_name(item.step, crack).to_owned());
        let waits_for = match item.phase {
            Phase::Offered => WaitsFor::Role(plan.role_name(item.role).to_owned()),
            Phase::Created => WaitsFor::Allocation(plan.role_name(item.role).to_owned()),
            Phase::Allocated => holder(plan, item, Duty::Begin),
            Phase::Started => holder(plan, item, Duty::Finish),
            Phase::Suspended => holder(plan, item, Duty::Resume),
            Phase::Requested => WaitsFor::System(plan.handler(item.step).to_owned()),
            Phase::Waiting => WaitsFor::Party(party(plan, item.step)),
            Phase::Pausing => WaitsFor::Time(self.next_due(token)),
            Phase::Delayed => WaitsFor::Retry(self.next_due(token)),
            Phase::Parked => WaitsFor::Branches(self.inputs(plan, item.step, item.scope)),
            Phase::Receiving => WaitsFor::Message(message(plan, item.step)),
            Phase::Calling => WaitsFor::Call(called(plan, item.step)),
            Phase::Inside => WaitsFor::Inside,
            Phase::Compensating => WaitsFor::Undoing,
            Phase::Gated => WaitsFor::Gate(gate(plan, item.step)),
            Phase::Undecided | Phase::Incident | Phase::Leaving | Phase::Free => {
                let reason = self.incident(token).map(|reason| reason.explain(plan, item.step));
                WaitsFor::Resolution(reason.unwrap_or_else(|| item.phase.words().to_owned()))
            }
        };
        Waiting {
            step: plan.step_name(item.step).to_owned(),
            since: item.since,
            waits_for,
            unanswered,
            failed: self.failure(token).map(str::to_owned),
            next: self.next_crack(plan, token, item.step),
        }
    }

    fn next_crack(&self, plan: &Plan, token: TokenIx, step: StepIx) -> Option<(Timestamp, String)> {
        let own = self.timers().filter(|(_, timer)| timer.token == token);
        let cracks = own.filter_map(|(_, timer)| match timer.kind {
            TimerKind::Crack(crack) => Some((timer.due, crack)),
            _ => None,
        });
        cracks.min().map(|(due, crack)| (due, plan.crack_name(step, crack).to_owned()))
    }

    fn next_due(&self, token: TokenIx) -> Timestamp {
        let moves = |kind: TimerKind| matches!(kind, TimerKind::Pause | TimerKind::Retry);
        let own = self.timers().filter(|(_, timer)| timer.token == token && moves(timer.kind));
        own.map(|(_, timer)| timer.due).min().unwrap_or(Timestamp::MAX)
    }

    /// The branches a join waits for. One can arrive if a token of the same scope that is not waiting at this very join
    /// has a way there. A join of the rule `live` waits for no others.
    fn inputs(&self, plan: &Plan, join: StepIx, scope: ScopeIx) -> Vec<Input> {
        let graph = plan.process().graph();
        // What goes on inside a step, or undoes it, is no way to a join outside it.
        let around =
            EdgeFiltered::from_fn(graph, |edge| !matches!(edge.weight().kind, LinkKind::Inside | LinkKind::Undo));
        let mut search = Dfs::empty(graph);
        let mut reached = vec![false; graph.node_count()];
        for (_, token) in self.tokens().filter(|(_, token)| token.scope == scope) {
            if token.step == join && token.phase == Phase::Parked {
                continue;
            }
            search.move_to(NodeIndex::new(token.step.at()));
            while let Some(node) = search.next(&around) {
                reached[node.index()] = true;
            }
        }
        let missing = node::missing_inputs(plan, self, join, scope);
        let input = |from: StepIx| Input { from: plan.step_name(from).to_owned(), can_arrive: reached[from.at()] };
        let live = matches!(plan.nodes[join.at()].action, Action::Join { rule: JoinRule::Live, .. });
        missing.into_iter().map(input).filter(|input| input.can_arrive || !live).collect()
    }
}

fn holder(plan: &Plan, item: &Token, to: Duty) -> WaitsFor {
    WaitsFor::Holder { role: plan.role_name(item.role).to_owned(), person: item.person, to, away: item.away }
}

fn party(plan: &Plan, step: StepIx) -> String {
    match plan.step_definition(step).map(|step| &step.kind) {
        Some(Kind::Wait { party, .. }) => party.clone(),
        _ => String::new(),
    }
}

fn message(plan: &Plan, step: StepIx) -> String {
    match plan.step_definition(step).map(|step| &step.kind) {
        Some(Kind::Receive(message)) => message.message.clone(),
        _ => String::new(),
    }
}

fn called(plan: &Plan, step: StepIx) -> String {
    match plan.step_definition(step).map(|step| &step.kind) {
        Some(Kind::Call(call)) => call.process.clone(),
        _ => String::new(),
    }
}

fn gate(plan: &Plan, step: StepIx) -> String {
    let definition = plan.step_definition(step);
    let lock = definition.and_then(|step| step.lock.as_ref()).map(|lock| format!("the lock `{lock}`"));
    let milestone =
        definition.and_then(|step| step.only_while.as_ref()).map(|step| format!("the case to be at `{step}`"));
    [lock, milestone].into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

impl Waiting {
    /// What else there is to say, each part after a semicolon: a crack without a response, why the work failed last, and
    /// the crack that strikes next.
    pub fn aside(&self) -> String {
        let moves = !matches!(self.waits_for, WaitsFor::Resolution(_));
        let unanswered = self.unanswered.as_ref().filter(|_| moves);
        let failed = self.failed.as_ref().filter(|_| moves);
        let parts = [
            unanswered.map(|crack| format!("; crack `{crack}` struck and has no response")),
            failed.map(|reason| format!("; it failed last: {reason}")),
            self.next.as_ref().map(|(due, crack)| format!("; crack `{crack}` strikes at {due}")),
        ];
        parts.into_iter().flatten().collect()
    }
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` waits for {}{}", self.step, self.waits_for, self.aside())
    }
}

impl fmt::Display for WaitsFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WaitsFor::Role(role) => write!(f, "somebody of `{role}` to begin"),
            WaitsFor::Allocation(role) => write!(f, "somebody of `{role}` to be found for it"),
            WaitsFor::Holder { role, to, away, .. } => {
                let to = match to {
                    Duty::Begin => "begin",
                    Duty::Resume => "go on",
                    Duty::Finish => "finish",
                };
                write!(f, "`{role}` to {to}{}", if *away { ", and whoever has the work is away" } else { "" })
            }
            WaitsFor::System(handler) => write!(f, "the system to answer (`{handler}`)"),
            WaitsFor::Party(party) => write!(f, "`{party}` to answer"),
            WaitsFor::Message(message) => write!(f, "the message `{message}`"),
            WaitsFor::Call(process) => write!(f, "the case of `{process}` that it called"),
            WaitsFor::Inside => f.write_str("the steps inside it"),
            WaitsFor::Undoing => f.write_str("what was done to be undone"),
            WaitsFor::Gate(gate) => f.write_str(gate),
            WaitsFor::Time(due) => write!(f, "time to pass, until {due}"),
            WaitsFor::Retry(due) => write!(f, "its next try, at {due}"),
            WaitsFor::Branches(inputs) => {
                let shown = |input: &Input| match input.can_arrive {
                    true => format!("`{}`, which can still arrive", input.from),
                    false => format!("`{}`, which can never arrive", input.from),
                };
                f.write_str(&inputs.iter().map(shown).collect::<Vec<_>>().join(" and for "))
            }
            WaitsFor::Resolution(reason) => write!(f, "somebody to resolve an incident: {reason}"),
        }
    }
}

impl Reason {
    /// The reason in words, with the names of the plan.
    pub fn explain(&self, plan: &Plan, step: StepIx) -> String {
        match self {
            Reason::Unanswered(crack) => {
                let retried = matches!(plan.cracks[crack.at()].response, Answer::Retry { .. });
                let lack =
                    if retried { "its retries are used up, and it does not say what then" } else { "has no response" };
                format!("crack `{}` struck and {lack}", plan.crack_name(step, *crack))
            }
            Reason::NoBranch => "no guard of the choice held, and there is no `otherwise`".to_owned(),
            Reason::Evaluation(error) => format!("an expression could not be evaluated: {error}"),
            Reason::Failed(reason) => format!("the work failed, and no crack answers that: {reason}"),
            Reason::TooMuchWork(_) => "one command caused too many moves: a loop without a pause".to_owned(),
            Reason::TooMuchToUndo => "the case has completed too many steps that can be undone".to_owned(),
            Reason::TooManyClocks => {
                "the case has too many clocks: they start again and again and do not stop".to_owned()
            }
            Reason::TooManyTimers => "the case has too many timers: many tokens with deadlines".to_owned(),
            Reason::TooManyTokens => "the case has too many tokens: a loop that forks".to_owned(),
        }
    }
}
