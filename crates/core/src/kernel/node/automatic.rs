//! Steps that take no time: assign, decide, choose, end.

use super::task::{self, Sets};
use crate::index::{FieldIx, FlowIx, ScopeIx, StepIx, TokenIx};
use crate::kernel::case::Phase;
use crate::kernel::command::Rejection;
use crate::kernel::crack;
use crate::kernel::decide::{Asked, Decide};
use crate::kernel::event::Event;
use crate::kernel::execute::{Execution, Sink};
use crate::value::Value;

/// Sets data and goes on, unless the data would break a rule.
pub(super) fn assign<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    let flow = FlowIx(run.plan.nodes[step.at()].flows.indices().start);
    let mut sets = Sets::new();
    match task::evaluate_sets(run, token, step, flow, &[], &mut sets) {
        Ok(()) if crack::constraint(run, token, step, &sets) => {}
        Ok(()) => set_and_leave(run, token, flow, &sets),
        Err(reason) => crack::failed_evaluation(run, token, step, reason),
    }
}

/// Sets data as a decision table says, and what the step itself sets, and goes on, unless the data would break a rule.
pub(super) fn decide<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, table: u16) {
    let flow = FlowIx(run.plan.nodes[step.at()].flows.indices().start);
    let decided = run.decide.decide(Asked::by(run.plan, run.case, token), &run.plan.tables[table as usize]);
    let sets = decided.and_then(|mut decided| {
        if !decided.rules.is_empty() {
            run.emit(Event::Decided { token, rules: decided.rules });
        }
        task::evaluate_sets(run, token, step, flow, &[], &mut decided.sets)?;
        Ok(decided.sets)
    });
    match sets {
        Ok(sets) if crack::constraint(run, token, step, &sets) => {}
        Ok(sets) => set_and_leave(run, token, flow, &sets),
        Err(reason) => crack::failed_evaluation(run, token, step, reason),
    }
}

/// Withdraws what goes on at the steps of a region, and goes on.
pub(super) fn cancel<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    let plan = run.plan;
    let region = &plan.nodes[step.at()].region;
    let scope = run.case.token(token).map(|item| item.scope);
    let inside = run
        .case
        .tokens()
        .filter(|(other, item)| *other != token && Some(item.scope) == scope && region.contains(&item.step));
    let inside: smallvec::SmallVec<[TokenIx; 8]> = inside.map(|(token, _)| token).collect();
    inside.into_iter().for_each(|token| run.withdraw(token));
    scope.into_iter().for_each(|scope| super::join::reset(run, scope, |join| region.contains(&join)));
    assign(run, token, step);
}

/// Takes the branch that was decided.
pub(super) fn choose<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    if rests(run, token) || crack::constraint(run, token, step, &[]) {
        return;
    }
    match run.decide.choose(Asked::by(run.plan, run.case, token)) {
        Ok(flow) => take(run, token, step, flow),
        Err(reason) => crack::failed_evaluation(run, token, step, reason),
    }
}

/// Whether a token is to rest before a choice, where it is then.
pub(super) fn rests<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) -> bool {
    let rests = run.decide.rests(Asked::by(run.plan, run.case, token));
    if rests {
        run.emit(Event::StepGated { token, phase: Phase::Undecided });
    }
    rests
}

/// A token that rested before a choice goes on.
pub(in crate::kernel) fn proceed<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
) -> Result<(), Rejection> {
    let step = run.expect_phase(token, &[Phase::Undecided], "at a choice that is open")?;
    run.emit(Event::StepGated { token, phase: Phase::Leaving });
    super::work(run, token, step);
    Ok(())
}

/// Takes a branch, and sets what it sets.
fn take<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, flow: FlowIx) {
    let mut sets = Sets::new();
    match task::evaluate_sets(run, token, step, flow, &[], &mut sets) {
        Ok(()) => set_and_leave(run, token, flow, &sets),
        Err(reason) => crack::failed_evaluation(run, token, step, reason),
    }
}

fn set_and_leave<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    flow: FlowIx,
    sets: &[(FieldIx, Value)],
) {
    run.write(sets);
    run.leave(token, flow);
}

/// Ends a path, or with `terminate` everything in its scope.
#[inline(always)]
pub(super) fn end<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    scope: ScopeIx,
    terminate: bool,
) {
    if run.plan.nodes[step.at()].hands_over && !super::outside::hand_over(run, token, step) {
        return;
    }
    run.emit_plain(|| Event::TokenConsumed { token });
    match (terminate, scope) {
        (true, ScopeIx(0)) => run.withdraw_all(),
        (true, _) => run.withdraw_scope(scope),
        (false, _) => {}
    }
    if scope != ScopeIx(0) {
        super::scope_emptied(run, scope);
    }
}
