//! Whether a case comes to a standstill where nobody acts at a step.
//!
//! A search over all that can happen if the work of that step, by whoever it falls to, is never begun and never done. Nothing
//! but time helps there: what strikes by chance need not. What others do who get the work, and whatever goes on elsewhere,
//! happens as ever.

use grieta_core::definition::Kind;
use grieta_core::kernel::{Case, Command, Token};
use grieta_core::{Plan, StepIx, TokenIx};

use super::moves::{Aim, Ground};
use super::search::{Limits, Search};
use super::trace::Trace;
use super::verdict::{self, Trouble};

/// A way on which a case comes there and can never end; `None` where it always can, or more is to be explored than the limits
/// allow.
pub(crate) fn standstill(plan: &Plan, step: StepIx, limits: &Limits) -> Option<Trace> {
    let found = search(plan, step, limits)?;
    if !limits.reduce {
        return Some(found);
    }
    let full = Limits { reduce: false, most_states: limits.most_states.min(Limits::FOR_A_SHORTER_WAY), ..*limits };
    search(plan, step, &full).or(Some(found))
}

fn search(plan: &Plan, step: StepIx, limits: &Limits) -> Option<Trace> {
    let ground = Ground::of(plan, limits.reduce, Aim::Silence(step));
    let found = verdict::judge(&ground, limits, Search::new(&ground, *limits).run());
    let name = plan.step_name(step);
    found.troubles.into_iter().find_map(|trouble| match trouble {
        Trouble::Stuck { waiting, trace } => waiting.iter().any(|waiting| waiting.step == name).then_some(trace),
        Trouble::Livelock { steps, trace } => {
            let is_there = || trace.replay(plan, |_, _, _| {}).tokens().any(|(_, item)| item.step == step);
            (steps.contains(&step) || is_there()).then_some(trace)
        }
        _ => None,
    })
}

/// Whether a command is one that never comes where nobody acts at a step.
pub(super) fn never_comes(plan: &Plan, case: &Case, silent: StepIx, command: &Command) -> bool {
    let waits = |token: TokenIx| case.token(token).is_some_and(|item| item.step == silent && is_its_own(plan, item));
    match command {
        Command::Begin { token, .. } | Command::Complete { token, .. } => waits(*token),
        Command::Strike { token, .. } => case.token(*token).is_some_and(|item| contains(plan, item.step, silent)),
        Command::TimerDue { timer } => case.timer(*timer).is_some_and(|timer| {
            let crack = timer.kind.crack().filter(|_| waits(timer.token));
            crack.is_some_and(|crack| {
                let name = plan.crack_name(silent, crack);
                plan.declared_cracks(silent).and_then(|cracks| cracks.get(name)).is_some_and(|it| it.chance.is_some())
            })
        }),
        _ => false,
    }
}

/// Whether work has not been given to others than those of the step.
fn is_its_own(plan: &Plan, item: &Token) -> bool {
    match plan.step_definition(item.step).map(|step| &step.kind) {
        Some(Kind::Human { role, .. }) => plan.role_name(item.role) == role,
        _ => true,
    }
}

/// Whether a step is another one or contains it.
fn contains(plan: &Plan, outer: StepIx, inner: StepIx) -> bool {
    let around = std::iter::successors(Some(inner), |step| plan.around(*step));
    plan.root() == Some(outer) || around.take(plan.step_count() + 1).any(|step| step == outer)
}
