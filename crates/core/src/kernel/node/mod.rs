//! What a token does when it comes to a step, and how steps that take time are completed.

mod automatic;
mod parallel;
mod task;

pub(super) use parallel::missing_inputs;
pub(super) use task::{complete, finish, pause_over, repeat};

use super::case::Phase;
use super::decide::Decide;
use super::execute::{Execution, Sink};
use crate::index::{FlowIx, RoleIx, StepIx, TokenIx};
use crate::plan::Action;

/// A token comes to a step.
#[inline]
pub(super) fn enter<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, via: FlowIx) {
    let node = &run.plan.nodes[step.at()];
    let role = if let Action::Human { role } = node.action { role } else { RoleIx::NONE };
    run.place(token, step, via, on_arrival(node.action), role);
    match node.action {
        Action::Human { .. } | Action::Service | Action::Wait => task::begin_timers(run, token, step),
        Action::Pause(delay) => task::pause(run, token, step, delay),
        Action::Assign => automatic::assign(run, token, step),
        Action::Choose => automatic::choose(run, token, step),
        Action::End { terminate } => automatic::end(run, token, terminate),
        Action::Fork => parallel::fork(run, token, step),
        Action::Join { inputs } => parallel::join(run, token, step, inputs),
    }
}

/// What a token does first at a step.
fn on_arrival(action: Action) -> Phase {
    match action {
        Action::Human { .. } => Phase::Offered,
        Action::Service => Phase::Requested,
        Action::Wait => Phase::Waiting,
        Action::Pause(_) => Phase::Pausing,
        Action::Join { .. } => Phase::Parked,
        Action::Assign | Action::Choose | Action::Fork | Action::End { .. } => Phase::Leaving,
    }
}
