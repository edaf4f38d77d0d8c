//! What can happen to a case next, whoever brings it about: the commands that the world may send.

use super::case::{Case, Phase, Status, Token};
use super::command::Command;
use super::crack;
use crate::index::{CrackIx, FieldIx, FlowIx, StepIx, TokenIx};
use crate::plan::{Action, Node, Plan};
use crate::value::Value;

/// Every command by which the world, rather than somebody who intervenes, can move a case as it stands; none of them is
/// refused once it is late enough.
///
/// Before a case has begun, that is its start, with some value in every required field. Then work is begun and
/// completed, by each outcome; timers fall due; cracks strike that do not strike by themselves or by the data; instances
/// are added. Who does the work is left open, but where a rule of four eyes asks: there it is begun by everybody who may, of
/// those who are alike by one. Whatever the completion writes is left open, too.
///
/// ```
/// use std::sync::Arc;
/// use grieta_core::kernel::{Case, Command, Evaluate, Event, execute, possible};
/// use grieta_core::{Plan, Process, Timestamp};
///
/// let file = "process: hello\nversion: 1.0.0\nstart: ask\nroles: { desk: { people: 1 } }\nsteps:\n  \
///             ask: { human: desk, outcomes: { yes: done, no: done } }\n  done: { end: {} }\n";
/// let plan = Plan::new(Arc::new(Process::read("hello.yaml", file.as_bytes())?))?;
/// let mut case = Case::default();
/// let mut ways = Vec::new();
/// while let Some(command) = possible(&plan, &case).into_iter().next() {
///     ways.push(possible(&plan, &case).len());
///     execute(&plan, &mut case, Timestamp::EPOCH, &command, &mut Evaluate, &mut |_: &Case, _, _: &Event| {})?;
/// }
/// assert_eq!(ways, [1, 1, 2], "it is started, begun, and answered with yes or no");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn possible(plan: &Plan, case: &Case) -> Vec<Command> {
    let mut commands = Vec::new();
    each_possible(plan, case, |command| commands.push(command));
    commands
}

/// Gives `each` command that is [`possible`], in the same order, for whoever asks so often that a list is too much.
#[inline]
pub fn each_possible(plan: &Plan, case: &Case, mut each: impl FnMut(Command)) {
    if case.status() == Status::New {
        let data = plan.required.iter().map(|field| (*field, some_value(plan, *field))).collect();
        return each(Command::Start { data });
    }
    for (token, item) in case.tokens() {
        moves(plan, case, token, item, &mut each);
        strikes(plan, token, item, &mut each);
    }
    for (timer, _) in case.timers().filter(|(_, timer)| timer.kind.run().is_none()) {
        each(Command::TimerDue { timer });
    }
}

/// What the work of a token can do.
#[inline]
fn moves(plan: &Plan, case: &Case, token: TokenIx, item: &Token, each: &mut impl FnMut(Command)) {
    let node = &plan.nodes[item.step.at()];
    match item.phase {
        Phase::Created | Phase::Offered | Phase::Allocated => {
            begins(plan, case, token, item, each);
        }
        Phase::Undecided => each(Command::Proceed { token }),
        Phase::Suspended => each(Command::Resume { token }),
        Phase::Started | Phase::Requested | Phase::Waiting | Phase::Receiving | Phase::Calling => {
            for flow in node.flows.indices().map(FlowIx) {
                each(Command::Complete { token, outcome: Some(flow), data: Vec::new() });
            }
        }
        Phase::Inside => {
            let grows = matches!(node.action, Action::ForEach { spec, .. } if plan.instances[spec as usize].growing);
            if grows && case.instances(token).is_some() {
                each(Command::AddInstance { token });
            }
        }
        _ => {}
    }
}

/// The ways in which work can begin: by whoever has it, or anybody who may.
#[inline]
fn begins(plan: &Plan, case: &Case, token: TokenIx, item: &Token, each: &mut impl FnMut(Command)) {
    let ruled = !plan.nodes[item.step.at()].other_eyes.is_empty() && item.phase != Phase::Allocated;
    let may = |person| !plan.is_for_other_eyes(case, item.step, person);
    let mut begin = |person| each(Command::Begin { token, person });
    let known = ruled
        && plan.staff.as_ref().is_some_and(|staff| {
            staff.each_who(case, item.role, plan.needs(item.step), |person| {
                if may(person) {
                    begin(person)
                }
            })
        });
    if !known {
        begin(item.person);
    }
}

/// The cracks that can strike a token because the world says so.
#[inline]
fn strikes(plan: &Plan, token: TokenIx, item: &Token, each: &mut impl FnMut(Command)) {
    for crack in plan.nodes[item.step.at()].cracks.indices().map(CrackIx) {
        let declared = &plan.cracks[crack.at()];
        let by_the_world = declared.strikes.is_none() && declared.when.is_none();
        if by_the_world && crack::can_strike(declared.on, item.phase) {
            each(Command::Strike { token, crack });
        }
    }
}

/// A value that the field can hold.
fn some_value(plan: &Plan, field: FieldIx) -> Value {
    plan.plainest(field)
}

impl Plan {
    /// Whether nothing can come of work at a step but its completion, so that it makes no difference when it begins.
    pub fn begins_unseen(&self, step: StepIx) -> bool {
        let plain = |node: &Node| node.cracks.is_empty() && node.other_eyes.is_empty();
        !self.watchful && self.nodes.get(step.at()).is_some_and(plain)
    }
}
