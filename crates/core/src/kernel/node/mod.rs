//! What a token does when it comes to a step, and how steps that take time are completed.

mod automatic;
mod gate;
mod inside;
mod join;
mod outside;
mod parallel;
mod task;

pub(super) use automatic::proceed;
pub(super) use gate::open_gates;
pub(super) use inside::{add_instance, begin_inside, scope_emptied};
pub(super) use join::{fire_live_joins, missing_inputs};
pub(super) use task::{complete, finish, pause_over, repeat, restart, restart_after_undoing, try_again, way_on};

use super::case::Phase;
use super::clock;
use super::decide::Decide;
use super::execute::{Execution, Sink};
use crate::index::{FlowIx, ScopeIx, StepIx, TokenIx};
use crate::plan::Action;

/// A token comes to a step.
#[inline(always)]
pub(super) fn enter<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    via: FlowIx,
    scope: ScopeIx,
) {
    let node = &run.plan.nodes[step.at()];
    if node.again.is_some() && task::is_over(run, token, step, via, scope) {
        return;
    }
    let (phase, role) = node.rest;
    if run.plan.gated && gate::is_closed(run.plan, run.case, token, step, scope) {
        run.place(token, step, via, Phase::Gated, role, scope);
        clock_at(run, token, step, scope);
        return;
    }
    run.place(token, step, via, phase, role, scope);
    if !clock_at(run, token, step, scope) {
        return;
    }
    match node.action {
        // By far the most steps: they are spared what the others need.
        Action::Service | Action::Human { .. } => task::begin_timers(run, token, step),
        Action::End { terminate } => automatic::end(run, token, step, scope, terminate),
        _ => work(run, token, step),
    }
}

/// A token that is at a step does it once more: it has not come anew.
#[inline(never)]
fn stay<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    let Some(item) = run.case.token(token).copied() else { return };
    let (phase, role) = run.plan.nodes[step.at()].rest;
    let closed = run.plan.gated && gate::is_closed(run.plan, run.case, token, step, item.scope);
    run.place(token, step, item.via, if closed { Phase::Gated } else { phase }, role, item.scope);
    if !closed {
        work(run, token, step);
    }
}

/// Tells the clocks that a token has come to a step; says whether it may go on.
#[inline(always)]
fn clock_at<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, scope: ScopeIx) -> bool {
    run.plan.clocks.is_empty() || clock::reached(run, token, step, scope)
}

/// A token that is at a step begins what there is to do.
#[inline(never)]
pub(super) fn work<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    match run.plan.nodes[step.at()].action {
        Action::Human { .. } | Action::Service | Action::Wait => task::begin_timers(run, token, step),
        Action::Receive => outside::receive(run, token, step),
        Action::Call => outside::call(run, token, step),
        Action::Pause(delay) => task::pause(run, token, step, run.plan.due(run.at, delay)),
        Action::Until(day) => task::pause_until(run, token, step, day),
        Action::Assign => automatic::assign(run, token, step),
        Action::Decide(table) => automatic::decide(run, token, step, table),
        Action::Send => outside::send(run, token, step),
        Action::Cancel => automatic::cancel(run, token, step),
        Action::Choose => automatic::choose(run, token, step),
        Action::End { terminate } => {
            let scope = run.case.token(token).map_or(ScopeIx(0), |item| item.scope);
            automatic::end(run, token, step, scope, terminate);
        }
        Action::Some => parallel::some(run, token, step),
        Action::Fork => parallel::fork(run, token, step),
        Action::Race => parallel::race(run, token, step),
        Action::Join { inputs, rule } => join::arrive(run, token, step, inputs, rule),
        Action::Subprocess { .. } => inside::subprocess(run, token, step),
        Action::ForEach { spec, .. } => inside::for_each(run, token, step, spec),
    }
}
