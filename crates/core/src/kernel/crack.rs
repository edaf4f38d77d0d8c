//! What happens when a crack strikes: by report, by timer, or because the data break a rule.

use super::case::{Phase, TimerKind};
use super::command::Rejection;
use super::decide::Decide;
use super::event::{Event, Reason};
use super::execute::{Execution, Sink};
use super::node;
use crate::definition::Trigger;
use crate::expression::Overlay;
use crate::index::{CrackIx, FieldIx, StepIx, TokenIx};
use crate::plan::Answer;
use crate::value::Value;

/// The phases in which a token can be struck.
const STRUCK: &[Phase] =
    &[Phase::Offered, Phase::Started, Phase::Requested, Phase::Waiting, Phase::Pausing, Phase::Delayed];

/// Sets a timer for each deadline, and for the work not being taken.
pub(super) fn arm_timers<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    for index in run.plan.nodes[step.at()].cracks.indices() {
        if let Some(after) = run.plan.cracks[index as usize].after {
            run.arm(token, TimerKind::Crack(CrackIx(index)), run.plan.due(run.at, after));
        }
    }
}

/// Somebody took the work: that nobody does can no longer happen.
#[inline]
pub(super) fn withdraw_unavailable<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) {
    if run.case.has_timers() {
        let plan = run.plan;
        run.withdraw_timers_where(token, |kind| match kind {
            TimerKind::Crack(crack) => plan.cracks[crack.at()].on == Trigger::Unavailable,
            TimerKind::Pause | TimerKind::Retry => false,
        });
    }
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
        // Work fails while somebody does it; and only work that nobody has begun finds nobody.
        Trigger::Failure | Trigger::Constraint => {
            run.expect_phase(token, &[Phase::Started, Phase::Requested, Phase::Waiting], "at work")?;
        }
        Trigger::Unavailable => {
            run.expect_phase(token, &[Phase::Offered], "offered")?;
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
        match when.holds(&Overlay { data: run.case.data(), pending: data }) {
            Ok(false) => {}
            Ok(true) => {
                let phase = run.case.token(token).map(|item| item.phase);
                strike(run, token, CrackIx(index));
                if crack.interrupts || run.case.token(token).map(|item| item.phase) != phase {
                    return true;
                }
            }
            Err(error) => {
                failed_evaluation(run, token, step, Reason::Evaluation(error.to_string().into()));
                return true;
            }
        }
    }
    false
}

/// An expression of the step could not be evaluated: its first constraint crack strikes, or else there is an incident.
#[cold]
pub(super) fn failed_evaluation<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    reason: Reason,
) {
    let constraint = |index: &u16| {
        let crack = &run.plan.cracks[*index as usize];
        crack.on == Trigger::Constraint && crack.interrupts
    };
    let catches = run.plan.nodes[step.at()].cracks.indices().find(constraint);
    match catches {
        Some(index) if !skips(run.plan.cracks[index as usize].response) => strike(run, token, CrackIx(index)),
        _ => run.incident(token, reason),
    }
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
    let answered = responds || declared.then.some().is_some();
    run.emit(Event::CrackStruck { token, crack, answered });
    match declared.response {
        Answer::Retry { after, .. } if responds => {
            run.withdraw_timers_where(token, |kind| kind == TimerKind::Retry);
            run.emit(Event::WorkDelayed { token, crack });
            match after {
                Some(after) => run.arm(token, TimerKind::Retry, plan.due(run.at, after)),
                None => node::repeat(run, token),
            }
        }
        Answer::Reallocate(role) => {
            run.withdraw_timers_where(token, |kind| kind == TimerKind::Retry);
            run.emit(Event::WorkReallocated { token, role });
        }
        Answer::Skip(flow) => {
            if let Some(step) = run.case.token(token).map(|item| item.step) {
                node::finish(run, token, step, flow, &[], true);
            }
        }
        Answer::CancelCase => run.cancel(),
        Answer::Fail => {
            run.emit(Event::WorkFailed { token });
            go_on(run, token, crack);
        }
        Answer::Continue if declared.then.some().is_none() => {}
        Answer::Retry { .. } | Answer::Continue | Answer::None => go_on(run, token, crack),
    }
}

/// Goes where the crack leads: with the token itself when it interrupts, else with a second one.
fn go_on<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, crack: CrackIx) {
    let declared = &run.plan.cracks[crack.at()];
    match (declared.then.some(), declared.interrupts) {
        (Some(flow), true) => {
            run.withdraw_timers(token);
            run.leave(token, flow);
        }
        (Some(flow), false) => match run.split(token) {
            Some(second) => run.leave(second, flow),
            None => run.incident(token, Reason::TooManyTokens),
        },
        (None, true) => run.incident(token, Reason::Unanswered(crack)),
        (None, false) => {}
    }
}
