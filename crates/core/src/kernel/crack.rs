//! What happens when a crack strikes: by report, by timer, or because the data break a rule.

use std::sync::Arc;

use super::case::{Case, Phase, TimerKind};
use super::clock;
use super::command::Rejection;
use super::decide::{Asked, Decide};
use super::event::{Event, Reason};
use super::execute::{Execution, Sink};
use super::node;
use super::recover;
use crate::definition::{Recovery, Trigger};
use crate::index::{CrackIx, FieldIx, FlowIx, ScopeIx, StepIx, TokenIx};
use crate::plan::{Answer, Crack, Plan, Strikes};
use crate::value::Value;

/// The phases in which a token can be struck.
const STRUCK: &[Phase] = &[
    Phase::Created,
    Phase::Offered,
    Phase::Allocated,
    Phase::Started,
    Phase::Suspended,
    Phase::Requested,
    Phase::Waiting,
    Phase::Pausing,
    Phase::Delayed,
    Phase::Receiving,
    Phase::Calling,
    Phase::Inside,
];

/// The phases in which work can fail.
const AT_WORK: &[Phase] = &[
    Phase::Started,
    Phase::Suspended,
    Phase::Requested,
    Phase::Waiting,
    Phase::Receiving,
    Phase::Calling,
    Phase::Inside,
];

/// The phases in which somebody may be missing.
const FOR_PEOPLE: &[Phase] = &[Phase::Created, Phase::Offered, Phase::Allocated, Phase::Started, Phase::Suspended];

/// Whether a crack of that trigger can strike a token in that phase.
pub(super) fn can_strike(on: Trigger, phase: Phase) -> bool {
    let also = match on {
        // Work fails while somebody does it.
        Trigger::Failure | Trigger::Constraint => AT_WORK,
        Trigger::Unavailable => FOR_PEOPLE,
        Trigger::Deadline | Trigger::External => STRUCK,
    };
    STRUCK.contains(&phase) && also.contains(&phase)
}

/// Sets a timer for each deadline, and for the work not being taken.
pub(super) fn arm_timers<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    for index in run.plan.nodes[step.at()].cracks.indices() {
        arm(run, token, CrackIx(index));
    }
}

/// Sets the timer of a crack that strikes by itself.
fn arm<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, crack: CrackIx) {
    let due = match run.plan.cracks[crack.at()].strikes {
        Some(Strikes::After(delay)) => Some(run.plan.due(run.at, delay)),
        Some(Strikes::At(clock, mark)) => clock::strikes_at(run, token, clock, mark),
        None => None,
    };
    if let Some(due) = due {
        run.arm(token, TimerKind::Crack(crack), due);
    }
}

/// The work is offered once more: deadlines that have struck, and that nobody takes it, are watched again. Clocks that
/// are still running go on.
pub(super) fn watch_again<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    watch_again_except(run, token, step, CrackIx::NONE);
}

/// The same, but for one of its cracks.
pub(super) fn watch_again_except<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    except: CrackIx,
) {
    for index in run.plan.nodes[step.at()].cracks.indices() {
        let crack = CrackIx(index);
        if crack == except {
            continue;
        }
        let runs = run.case.timers().any(|(_, timer)| timer.token == token && timer.kind == TimerKind::Crack(crack));
        if !runs {
            arm(run, token, crack);
        }
    }
}

/// Somebody took the work: that nobody does can no longer happen.
#[inline(always)]
pub(super) fn withdraw_unavailable<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) {
    if run.case.has_timers() {
        withdraw_timers_of_unavailable(run, token);
    }
}

#[inline(never)]
fn withdraw_timers_of_unavailable<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) {
    let plan = run.plan;
    run.withdraw_timers_where(token, |kind| match kind {
        TimerKind::Crack(crack) => plan.cracks[crack.at()].on == Trigger::Unavailable,
        _ => false,
    });
}

/// Carries out the command that says a crack strikes.
pub(super) fn reported<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    crack: CrackIx,
) -> Result<(), Rejection> {
    let step = run.expect_phase(token, STRUCK, "under way")?;
    let own = run.plan.nodes[step.at()].cracks.indices();
    if !own.contains(&crack.0) {
        let names: Vec<_> = own.map(|index| format!("`{}`", run.plan.crack_name(step, CrackIx(index)))).collect();
        let expected = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        return Err(Rejection::WrongCrack { step: run.plan.step_name(step).to_owned(), expected });
    }
    match run.plan.cracks[crack.at()].on {
        // Work fails while somebody does it.
        Trigger::Failure | Trigger::Constraint => {
            run.expect_phase(token, AT_WORK, "at work")?;
        }
        Trigger::Unavailable => {
            run.expect_phase(token, FOR_PEOPLE, "work for a person")?;
        }
        Trigger::Deadline | Trigger::External => {}
    }
    let timer = run.case.timers().find(|(_, timer)| timer.token == token && timer.kind == TimerKind::Crack(crack));
    if let Some((timer, _)) = timer {
        run.emit(Event::TimerWithdrawn { timer });
    }
    strike(run, token, crack);
    Ok(())
}

/// Whoever has the work has fallen away: the crack that says so strikes, now or after its time.
pub(super) fn holder_left<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    let plan = run.plan;
    let Some(crack) = plan.crack_when_absent(step) else { return };
    let runs = run.case.timers().any(|(_, timer)| timer.token == token && timer.kind == TimerKind::Crack(crack));
    match plan.cracks[crack.at()].strikes {
        Some(_) if runs => {}
        Some(_) => arm(run, token, crack),
        None => strike(run, token, crack),
    }
}

/// Carries out the command that says that work has failed: its first crack on failure strikes, or that of a step that
/// contains it, or else there is an incident.
pub(super) fn failed<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    reason: &Arc<str>,
) -> Result<(), Rejection> {
    let step = run.expect_phase(token, AT_WORK, "at work")?;
    let failure = |index: &u16| run.plan.cracks[*index as usize].on == Trigger::Failure;
    let own = run.plan.nodes[step.at()].cracks.indices().find(failure);
    run.emit(Event::FailureReported { token, reason: reason.clone() });
    match own
        .map(|crack| (token, CrackIx(crack)))
        .or_else(|| answer_outside(run.plan, run.case, token, Trigger::Failure))
    {
        Some((token, crack)) => strike(run, token, crack),
        None => run.incident(token, Reason::Failed(reason.clone())),
    }
    Ok(())
}

/// Carries out the command to complete a step without its work.
pub(super) fn skip<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    outcome: Option<FlowIx>,
) -> Result<(), Rejection> {
    let step = run.expect_phase(token, STRUCK, "under way")?;
    let flow = node::way_on(run, step, outcome)?;
    node::finish(run, token, step, flow, &[], true);
    Ok(())
}

/// Strikes the first constraint crack whose condition holds; says whether one did and stopped the step.
#[inline(always)]
pub(super) fn constraint<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    data: &[(FieldIx, Value)],
) -> bool {
    !run.plan.nodes[step.at()].cracks.is_empty() && broken_constraint(run, token, step, data)
}

#[inline(never)]
fn broken_constraint<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    data: &[(FieldIx, Value)],
) -> bool {
    let plan = run.plan;
    for index in plan.nodes[step.at()].cracks.indices() {
        let crack = &plan.cracks[index as usize];
        let Some(when) = &crack.when else { continue };
        match run.decide.holds(Asked { plan, case: run.case, token, step, pending: data }, when) {
            Ok(false) => {}
            Ok(true) => {
                let phase = run.case.token(token).map(|item| item.phase);
                strike(run, token, CrackIx(index));
                let goes_on = recover::goes_on(crack.response, crack.interrupts);
                if !goes_on || run.case.token(token).map(|item| item.phase) != phase {
                    return true;
                }
            }
            Err(reason) => {
                failed_evaluation(run, token, step, reason);
                return true;
            }
        }
    }
    false
}

/// An expression of the step could not be evaluated: its first constraint crack strikes, or that of a step that contains
/// it, or else there is an incident.
#[cold]
pub(super) fn failed_evaluation<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    reason: Reason,
) {
    match own_catch(run.plan, step) {
        Some(crack) => strike(run, token, crack),
        None => match answer_outside(run.plan, run.case, token, Trigger::Constraint) {
            Some((owner, outer)) => strike(run, owner, outer),
            None => run.incident(token, reason),
        },
    }
}

/// Whether a crack strikes where an expression of a step cannot be evaluated for a token.
pub(super) fn catches_failed_evaluation(plan: &Plan, case: &Case, token: TokenIx, step: StepIx) -> bool {
    step.some().is_some_and(|step| own_catch(plan, step).is_some())
        || answer_outside(plan, case, token, Trigger::Constraint).is_some()
}

/// The crack of a step that strikes where one of its expressions cannot be evaluated.
fn own_catch(plan: &Plan, step: StepIx) -> Option<CrackIx> {
    let constraint = |index: &u16| {
        let crack = &plan.cracks[*index as usize];
        crack.on == Trigger::Constraint && crack.interrupts
    };
    let first = plan.nodes[step.at()].cracks.indices().find(constraint)?;
    (!skips(plan.cracks[first as usize].response)).then_some(CrackIx(first))
}

/// Skipping a step evaluates its expressions once more, and would fail for ever.
fn skips(answer: Answer) -> bool {
    matches!(answer, Answer::Skip(_))
}

/// A crack strikes a token, and is answered as it is declared.
pub(super) fn strike<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, crack: CrackIx) {
    let plan = run.plan;
    let declared = &plan.cracks[crack.at()];
    let responds = match declared.response {
        Answer::None => false,
        Answer::Retry { at_most, .. } => run.case.tries(token, crack) < at_most,
        _ => true,
    };
    let goes_on = responds || declared.then.some().is_some();
    let answered = goes_on || (declared.interrupts && answer_outside(run.plan, run.case, token, declared.on).is_some());
    let held = run.case.token(token).and_then(|item| item.phase.held());
    run.emit(Event::CrackStruck { token, crack, answered, held });
    if !recover::recover(run, token, crack) {
        respond(run, token, crack);
    }
}

/// Answers a crack that has struck.
pub(super) fn respond<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, crack: CrackIx) {
    let plan = run.plan;
    let declared = &plan.cracks[crack.at()];
    match declared.response {
        Answer::Retry { after, at_most, backoff } if run.case.tries(token, crack) < at_most => {
            let after = after.map(|after| after.grown(backoff, run.case.tries(token, crack)));
            run.withdraw_timers_where(token, |kind| kind == TimerKind::Retry);
            run.emit(Event::WorkDelayed { token, crack });
            match after {
                Some(after) => run.arm(token, TimerKind::Retry, plan.due(run.at, after)),
                None => repeat_at_once(run, token, crack),
            }
        }
        Answer::Restart => node::restart(run, token),
        Answer::Reoffer(role) => turn_to(run, token, Event::WorkOffered { token, role }),
        Answer::Reallocate(role) => turn_to(run, token, Event::WorkReallocated { token, role }),
        Answer::Skip(flow) => {
            if let Some(step) = run.case.token(token).map(|item| item.step) {
                node::finish(run, token, step, flow, &[], true);
            }
        }
        Answer::CancelCase => run.cancel(),
        Answer::CancelAll => {
            run.emit(Event::AllCancelled { compensate: declared.recover == Recovery::Compensate });
            run.cancel();
        }
        Answer::Fail => {
            run.emit(Event::WorkFailed { token });
            go_on(run, token, crack);
        }
        Answer::Continue if declared.then.some().is_none() => {}
        Answer::Retry { .. } | Answer::Continue | Answer::None => go_on(run, token, crack),
    }
}

/// Work is tried again without delay. What cannot be evaluated could not be evaluated the next time either: that is as
/// if all retries were used up.
fn repeat_at_once<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, crack: CrackIx) {
    let Some(step) = run.case.token(token).map(|item| item.step) else { return };
    if node::repeat(run, token, step).is_err() {
        go_on(run, token, crack);
    }
}

/// Work is turned to others; it is not tried again meanwhile.
fn turn_to<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, event: Event) {
    run.withdraw_timers_where(token, |kind| kind == TimerKind::Retry);
    run.emit(event);
}

/// Goes where the crack leads: with the token itself when it interrupts, else with a second one.
fn go_on<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, crack: CrackIx) {
    let declared = &run.plan.cracks[crack.at()];
    match (declared.then.some(), declared.interrupts) {
        (Some(flow), true) => {
            run.happens(token);
            run.withdraw_inside(token);
            run.withdraw_timers(token);
            run.leave(token, flow);
        }
        (Some(flow), false) => match run.split(token) {
            Some(second) => run.leave(second, flow),
            None => run.incident(token, Reason::TooManyTokens),
        },
        (None, true) => match answer_outside(run.plan, run.case, token, declared.on) {
            Some((owner, outer)) => strike(run, owner, outer),
            None => run.incident(token, Reason::Unanswered(crack)),
        },
        (None, false) => {}
    }
}

/// Whether a crack says what to do.
fn is_answered(crack: &Crack) -> bool {
    crack.response != Answer::None || crack.then.some().is_some()
}

/// The crack that answers for a token inside other steps, the innermost first: one with the same trigger that is struck
/// by nothing else, and that stops the step it belongs to.
fn answer_outside(plan: &Plan, case: &Case, token: TokenIx, on: Trigger) -> Option<(TokenIx, CrackIx)> {
    let answers = |index: &u16| {
        let crack = &plan.cracks[*index as usize];
        crack.on == on && crack.strikes.is_none() && crack.when.is_none() && crack.interrupts && is_answered(crack)
    };
    let mut inner = case.token(token)?.scope;
    while inner != ScopeIx(0) {
        // What undoes something answers for itself.
        if case.is_undoing(inner) {
            return None;
        }
        let scope = case.scope(inner)?;
        let owner = scope.owner.some().and_then(|owner| Some((owner, case.token(owner)?.step)));
        let found =
            owner.and_then(|(owner, step)| Some((owner, plan.nodes[step.at()].cracks.indices().find(answers)?)));
        if let Some((owner, crack)) = found {
            return Some((owner, CrackIx(crack)));
        }
        inner = scope.parent;
    }
    None
}
