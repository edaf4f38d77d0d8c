//! Steps that take time: human, service and wait. How they are completed, and what is tried again.

use smallvec::SmallVec;

use super::gate;
use crate::expression::Compiled;
use crate::index::{FieldIx, FlowIx, ScopeIx, StepIx, TokenIx};
use crate::kernel::case::{Phase, TimerKind};
use crate::kernel::clock;
use crate::kernel::command::Rejection;
use crate::kernel::crack;
use crate::kernel::decide::{Asked, Decide};
use crate::kernel::event::{Event, Reason};
use crate::kernel::execute::{Execution, Sink};
use crate::kernel::recover;
use crate::plan::{Action, Node, Repeat};
use crate::time::Timestamp;
use crate::value::Value;

/// Values to be written once nothing can fail any more.
pub(super) type Sets = SmallVec<[(FieldIx, Value); 4]>;

/// The phases in which a step can be completed.
const COMPLETABLE: &[Phase] = &[Phase::Started, Phase::Requested, Phase::Waiting, Phase::Receiving, Phase::Calling];

/// Sets the timers of a step's cracks.
#[inline(always)]
pub(super) fn begin_timers<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    if run.plan.nodes[step.at()].timed {
        crack::arm_timers(run, token, step);
    }
}

/// Begins a pause that is over then.
pub(super) fn pause<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, due: Timestamp) {
    run.arm(token, TimerKind::Pause, due);
    begin_timers(run, token, step);
}

/// Begins a pause until a day; where that has begun, the pause is due at once.
pub(super) fn pause_until<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, day: u16) {
    let plan = run.plan;
    let day = &plan.days[day as usize];
    let begins = match run.decide.value(Asked::by(plan, run.case, token), &day.date) {
        Ok(Value::Date(date)) => plan.begins(day, date),
        // The checks have refused what is no date.
        Ok(_) => run.at,
        Err(reason) => return crack::failed_evaluation(run, token, step, reason),
    };
    pause(run, token, step, begins.max(run.at));
}

/// A pause is over: the step is completed, unless the data break a rule.
pub(in crate::kernel) fn pause_over<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) {
    if let Some(step) = run.case.token(token).map(|item| item.step) {
        if crack::constraint(run, token, step, &[]) {
            return;
        }
        let flow = FlowIx(run.plan.nodes[step.at()].flows.indices().start);
        finish(run, token, step, flow, &[], false);
    }
}

/// Carries out the command to complete a step.
#[inline(always)]
pub(in crate::kernel) fn complete<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    outcome: Option<FlowIx>,
    data: &[(FieldIx, Value)],
) -> Result<(), Rejection> {
    let step = run.expect_phase(token, COMPLETABLE, "at work")?;
    let flow = way_on(run, step, outcome)?;
    for (field, value) in data {
        check_written(run, step, *field)?;
        run.check_value(*field, value)?;
    }
    if !crack::constraint(run, token, step, data) {
        finish(run, token, step, flow, data, false);
    }
    Ok(())
}

/// Completes a step: its data, its `sets`, and the token on its way. `skipped` says that the work was not done.
#[inline(always)]
pub(in crate::kernel) fn finish<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    flow: FlowIx,
    data: &[(FieldIx, Value)],
    skipped: bool,
) {
    let plan = run.plan;
    let node = &plan.nodes[step.at()];
    if node.sets.is_empty() && plan.flows[flow.at()].sets.is_empty() {
        return conclude(run, token, (step, node), flow, data, &[], skipped);
    }
    let mut sets = Sets::new();
    match evaluate_sets(run, token, step, flow, data, &mut sets) {
        Ok(()) => conclude(run, token, (step, node), flow, data, &sets, skipped),
        Err(reason) => crack::failed_evaluation(run, token, step, reason),
    }
}

/// Nothing can fail any more: the step is completed, and this is written.
#[inline(always)]
fn conclude<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    (step, node): (StepIx, &Node),
    flow: FlowIx,
    data: &[(FieldIx, Value)],
    sets: &[(FieldIx, Value)],
    skipped: bool,
) {
    run.happens(token);
    run.withdraw_inside(token);
    run.withdraw_timers(token);
    match skipped {
        false => run.emit_plain(|| Event::WorkCompleted { token, outcome: flow }),
        true => run.emit(Event::WorkSkipped { token, outcome: flow }),
    }
    run.write(data);
    run.write(sets);
    if !run.plan.clocks.is_empty() && node.again.is_none() {
        clock::done(run, token, step);
    }
    if node.undo != StepIx::NONE && !recover::note(run, token) {
        return;
    }
    if node.again.is_some() {
        return once_more(run, token, step, flow);
    }
    run.leave(token, flow);
}

/// Does a step of a loop again, or goes on.
fn once_more<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, flow: FlowIx) {
    let again = match run.plan.nodes[step.at()].again.as_deref() {
        Some(Repeat::Until(guard)) => holds(run, token, step, guard).map(|over| !over),
        Some(Repeat::While(guard)) => holds(run, token, step, guard),
        None => Ok(false),
    };
    match again {
        Ok(true) if run.may_work() => super::stay(run, token, step),
        Ok(true) => run.incident(token, Reason::TooMuchWork(FlowIx::NONE)),
        Ok(false) => go_on(run, token, step, flow),
        Err(reason) => crack::failed_evaluation(run, token, step, reason),
    }
}

/// A step of a loop is not done any more: whoever waits for that has waited long enough.
fn go_on<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, flow: FlowIx) {
    clock::done(run, token, step);
    run.leave(token, flow);
}

/// Whether the condition of a `while` does not hold when a token comes: then the token goes on at once.
pub(super) fn is_over<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    via: FlowIx,
    scope: ScopeIx,
) -> bool {
    let goes_on = is_wanted(run, token, step);
    if goes_on == Ok(true) {
        return false;
    }
    let (_, role) = run.plan.nodes[step.at()].rest;
    run.place(token, step, via, Phase::Leaving, role, scope);
    match goes_on {
        Ok(_) => go_on(run, token, step, FlowIx(run.plan.nodes[step.at()].flows.indices().start)),
        Err(reason) => crack::failed_evaluation(run, token, step, reason),
    }
    true
}

/// Whether the condition of a `while` holds, if the step has one.
fn is_wanted<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) -> Result<bool, Reason> {
    match run.plan.nodes[step.at()].again.as_deref() {
        Some(Repeat::While(guard)) => holds(run, token, step, guard),
        Some(Repeat::Until(_)) | None => Ok(true),
    }
}

/// Asked of a step at which the token need not be yet.
fn holds<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    guard: &Compiled,
) -> Result<bool, Reason> {
    run.decide.holds(Asked { step, ..Asked::by(run.plan, run.case, token) }, guard)
}

/// The values that a step and the flow taken set, all from the data as they were before, with what the completion brings.
pub(super) fn evaluate_sets<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    flow: FlowIx,
    data: &[(FieldIx, Value)],
    sets: &mut Sets,
) -> Result<(), Reason> {
    let own = run.plan.nodes[step.at()].sets.range();
    let flows = run.plan.flows[flow.at()].sets.range();
    let asked = Asked { plan: run.plan, case: run.case, token, step, pending: data };
    for set in run.plan.sets[own].iter().chain(&run.plan.sets[flows]) {
        sets.push((set.field, run.decide.set(asked, set.field, &set.value)?));
    }
    Ok(())
}

/// Has whoever is at work begin anew. Work that nobody has begun stays as it is.
pub(in crate::kernel) fn restart<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) {
    match run.case.token(token).map(|item| item.phase) {
        Some(Phase::Started | Phase::Suspended) => run.emit(Event::WorkRepeated { token, phase: Phase::Started }),
        Some(Phase::Requested) => run.emit(Event::WorkRepeated { token, phase: Phase::Requested }),
        _ => {}
    }
}

/// The same once all has been undone; `before` is what the token did until then.
pub(in crate::kernel) fn restart_after_undoing<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    before: Phase,
) {
    let Some(step) = run.case.token(token).map(|item| item.step) else { return };
    let phase = match before {
        Phase::Suspended => Phase::Started,
        Phase::Created | Phase::Offered | Phase::Allocated | Phase::Started | Phase::Requested => before,
        _ => run.plan.nodes[step.at()].rest.0,
    };
    run.emit(Event::WorkRepeated { token, phase });
}

/// The time has come to try the work once more.
pub(in crate::kernel) fn try_again<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) {
    let Some(step) = run.case.token(token).map(|item| item.step) else { return };
    if let Err(reason) = repeat(run, token, step) {
        crack::failed_evaluation(run, token, step, reason);
    }
}

/// Offers or requests the work once more, if its `while` still holds and no gate is closed.
///
/// # Errors
/// Why the `while` cannot be evaluated; nothing has happened then.
pub(in crate::kernel) fn repeat<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
) -> Result<(), Reason> {
    let node = &run.plan.nodes[step.at()];
    if !is_wanted(run, token, step)? {
        run.withdraw_timers(token);
        go_on(run, token, step, FlowIx(node.flows.indices().start));
        return Ok(());
    }
    let scope = run.case.token(token).map_or(ScopeIx(0), |item| item.scope);
    if run.plan.gated && gate::is_closed(run.plan, run.case, token, step, scope) {
        gate::stop(run, token);
        return Ok(());
    }
    let phase = match node.action {
        Action::Human { .. } => Phase::Offered,
        _ => Phase::Requested,
    };
    run.emit(Event::WorkRepeated { token, phase });
    crack::watch_again(run, token, step);
    Ok(())
}

/// The flow of an outcome or branch, or the only successor.
#[inline(always)]
pub(in crate::kernel) fn way_on<D: Decide, S: Sink>(
    run: &Execution<'_, D, S>,
    step: StepIx,
    outcome: Option<FlowIx>,
) -> Result<FlowIx, Rejection> {
    let node = &run.plan.nodes[step.at()];
    match outcome {
        None if node.only != FlowIx::NONE => Ok(node.only),
        Some(flow) if node.flows.indices().contains(&flow.0) => Ok(flow),
        _ => Err(wrong_outcome(run, step, outcome)),
    }
}

#[cold]
fn wrong_outcome<D: Decide, S: Sink>(run: &Execution<'_, D, S>, step: StepIx, outcome: Option<FlowIx>) -> Rejection {
    let definition = run.plan.step_definition(step);
    let names: Vec<_> =
        definition.into_iter().flat_map(|step| step.outcomes.keys()).map(|name| format!("`{name}`")).collect();
    Rejection::WrongOutcome {
        step: run.plan.step_name(step).to_owned(),
        expected: if names.is_empty() { "it has none".to_owned() } else { names.join(", ") },
        found: outcome.map_or("none".to_owned(), |flow| format!("`{}`", run.plan.flow_id(flow))),
    }
}

fn check_written<D: Decide, S: Sink>(run: &Execution<'_, D, S>, step: StepIx, field: FieldIx) -> Result<(), Rejection> {
    let writes = &run.plan.nodes[step.at()].writes;
    if writes.contains(&field) {
        return Ok(());
    }
    let names: Vec<_> = writes.iter().map(|field| format!("`{}`", run.plan.field_name(*field))).collect();
    Err(Rejection::NotWritten {
        step: run.plan.step_name(step).to_owned(),
        field: run.plan.field_name(field).to_owned(),
        expected: if names.is_empty() { "nothing".to_owned() } else { names.join(", ") },
    })
}
