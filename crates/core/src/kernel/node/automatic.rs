//! Steps that take no time: assign, decide, choose, end.

use super::task::{self, Sets};
use crate::index::{FieldIx, FlowIx, ScopeIx, StepIx, TokenIx};
use crate::kernel::crack;
use crate::kernel::decide::Decide;
use crate::kernel::event::{Event, Reason};
use crate::kernel::execute::{Execution, Sink};
use crate::value::Value;

/// Sets data and goes on, unless the data would break a rule.
pub(super) fn assign<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    let flow = FlowIx(run.plan.nodes[step.at()].flows.indices().start);
    let mut sets = Sets::new();
    match task::evaluate_sets(run, token, step, flow, &[], &mut sets) {
        Ok(()) if crack::constraint(run, token, step, &sets) => {}
        Ok(()) => set_and_leave(run, token, flow, &sets),
        Err(error) => crack::failed_evaluation(run, token, step, Reason::Evaluation(error.to_string().into())),
    }
}

/// Sets data as a decision table says, and what the step itself sets, and goes on, unless the data would break a rule.
pub(super) fn decide<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, table: u16) {
    let flow = FlowIx(run.plan.nodes[step.at()].flows.indices().start);
    let decided = run.plan.tables[table as usize].decide(run.case.data_for(token)).map_err(|error| error.to_string());
    let sets = decided.and_then(|decided| {
        let mut sets: Sets = decided.into_iter().map(|(slot, value)| (FieldIx(slot), value)).collect();
        task::evaluate_sets(run, token, step, flow, &[], &mut sets).map_err(|error| error.to_string())?;
        Ok(sets)
    });
    match sets {
        Ok(sets) if crack::constraint(run, token, step, &sets) => {}
        Ok(sets) => set_and_leave(run, token, flow, &sets),
        Err(error) => crack::failed_evaluation(run, token, step, Reason::Evaluation(error.into())),
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
    if crack::constraint(run, token, step, &[]) {
        return;
    }
    match run.decide.choose(run.plan, run.case, token) {
        Ok(flow) => take(run, token, step, flow),
        Err(reason) => crack::failed_evaluation(run, token, step, reason),
    }
}

/// Takes a branch, and sets what it sets.
fn take<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, flow: FlowIx) {
    let mut sets = Sets::new();
    match task::evaluate_sets(run, token, step, flow, &[], &mut sets) {
        Ok(()) => set_and_leave(run, token, flow, &sets),
        Err(error) => crack::failed_evaluation(run, token, step, Reason::Evaluation(error.to_string().into())),
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
pub(super) fn end<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, terminate: bool) {
    if run.plan.nodes[step.at()].hands_over && !super::outside::hand_over(run, token, step) {
        return;
    }
    let Some(scope) = run.case.token(token).map(|item| item.scope) else { return };
    run.emit(Event::TokenConsumed { token });
    match (terminate, scope) {
        (true, ScopeIx(0)) => run.withdraw_all(),
        (true, _) => run.withdraw_scope(scope),
        (false, _) => {}
    }
    if scope != ScopeIx(0) {
        super::scope_emptied(run, scope);
    }
}
