//! Clocks: what starts, pauses and stops them, when they warn and run out, and the cracks that strike by them.

use smallvec::SmallVec;

use super::case::{ClockState, Phase, RunningClock, TimerKind};
use super::decide::Decide;
use super::event::{Event, Reason};
use super::execute::{Execution, Sink};
use crate::definition::Recurrence;
use crate::index::{ClockIx, CrackIx, RunIx, ScopeIx, StepIx, TimerIx, TokenIx};
use crate::plan::{Clock, Strikes};
use crate::time::{Duration, Timestamp};

/// How many runs of clocks a case may have before the next becomes an incident.
pub const MOST_CLOCKS: usize = 1_000;

/// The case begins: so do the clocks that no step starts.
pub(super) fn case_started<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>) {
    for (clock, declared) in declared(run) {
        if declared.from.is_empty() {
            start(run, clock, declared, ScopeIx(0));
        }
    }
}

/// A token has come to a step. Says whether it may go on: it is an incident where there are too many clocks already.
#[inline(never)]
pub(super) fn reached<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    scope: ScopeIx,
) -> bool {
    for (clock, declared) in declared(run) {
        if declared.from.contains(&step) && !start(run, clock, declared, scope) {
            run.incident(token, Reason::TooManyClocks);
            return false;
        }
    }
    if !run.plan.nodes[step.at()].takes_time {
        done(run, token, step);
    }
    true
}

/// The step of a token is done: that stops the clocks that run until then, each the one that has run longest.
#[inline(never)]
pub(super) fn done<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    let Some(scope) = run.case.token(token).map(|item| item.scope) else { return };
    for (clock, declared) in declared(run) {
        if !declared.until.contains(&step) {
            continue;
        }
        let scope = declared.scope(scope);
        let open = run.case.clocks().filter(|(_, own)| own.clock == clock && own.scope == scope && own.is_open());
        if let Some((longest, _)) = open.min_by_key(|(_, own)| own.started) {
            stop(run, longest, true);
        }
    }
}

/// What goes on in a scope, or for number 0 in the case, is over: its clocks stop. Where the case has come to its `end`,
/// that is what those without `until` were waiting for.
pub(super) fn over<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, scope: ScopeIx, end: bool) {
    let open = run.case.clocks().filter(|(_, own)| own.is_open() && (own.scope == scope || scope == ScopeIx(0)));
    let open: SmallVec<[(RunIx, ClockIx); 4]> = open.map(|(index, own)| (index, own.clock)).collect();
    for (index, clock) in open {
        let done = end && run.plan.clocks[clock.at()].until.is_empty();
        stop(run, index, done);
    }
}

/// Nothing moves any more: clocks stand still or go on by where the case is.
#[inline(never)]
pub(super) fn settle<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>) {
    let plan = run.plan;
    let pausing = run.case.clocks().filter(|(_, own)| own.is_open() && !plan.clocks[own.clock.at()].pauses.is_empty());
    let pausing: SmallVec<[(RunIx, RunningClock); 4]> = pausing.map(|(index, own)| (index, *own)).collect();
    for (index, own) in pausing {
        let pauses = &plan.clocks[own.clock.at()].pauses;
        let rests = run
            .case
            .tokens()
            .any(|(_, token)| pauses.contains(&token.step) && run.case.lies_inside(token.scope, own.scope));
        match (own.state, rests) {
            (ClockState::Running, true) => {
                let used = plan.clock_used(&own, run.at);
                withdraw(run, index, |due, at| due > at);
                run.emit(Event::ClockPaused { run: index, used });
                follow(run, own.clock);
            }
            (ClockState::Paused, false) => resume(run, index, own.clock),
            _ => {}
        }
    }
}

/// When a crack strikes that counts by a clock: as soon as the one that has run longest, of those around the token, has
/// run so far. `None` where none runs, or it is past that already.
pub(super) fn strikes_at<D: Decide, S: Sink>(
    run: &Execution<'_, D, S>,
    token: TokenIx,
    clock: ClockIx,
    mark: Duration,
) -> Option<Timestamp> {
    let scope = run.case.token(token)?.scope;
    let around = run.case.clocks().map(|(_, own)| own).filter(|own| own.clock == clock && own.is_running());
    let longest = around.filter(|own| run.case.lies_inside(scope, own.scope)).min_by_key(|own| own.started)?;
    if run.plan.clock_used(longest, run.at) < mark { run.plan.clock_reaches(longest, mark) } else { None }
}

/// The time of a clock has come to warn.
pub(super) fn warn<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, clock: RunIx) {
    run.emit(Event::ClockWarned { run: clock });
}

/// A clock has run out.
pub(super) fn breach<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, clock: RunIx) {
    run.emit(Event::ClockBreached { run: clock });
}

/// Starts a clock, or has one go on that had stopped; `false` where there are too many.
fn start<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, clock: ClockIx, declared: &Clock, scope: ScopeIx) -> bool {
    let scope = declared.scope(scope);
    let own = run.case.clocks().filter(|(_, own)| own.clock == clock && own.scope == scope);
    let known = own.map(|(index, own)| (index, own.is_open())).max_by_key(|(_, open)| *open);
    match (declared.recurs, known) {
        (Recurrence::None | Recurrence::Sequential, Some((_, true))) => {}
        (Recurrence::None, Some((stopped, false))) => resume(run, stopped, clock),
        _ => {
            let index = run.case.free_run(|own| own.clock == clock && own.scope == scope && !own.is_open());
            if index.at() >= MOST_CLOCKS {
                return false;
            }
            run.emit(Event::ClockStarted { run: index, clock, scope });
            arm(run, index);
            follow(run, clock);
        }
    }
    true
}

fn resume<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, index: RunIx, clock: ClockIx) {
    run.emit(Event::ClockResumed { run: index });
    arm(run, index);
    follow(run, clock);
}

/// Stops a clock. What it should have said before, and nobody has asked for, it says now.
fn stop<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, index: RunIx, done: bool) {
    let Some(own) = run.case.clock(index).copied() else { return };
    let overdue = run.case.timers().filter(|(_, timer)| timer.due < run.at && timer.kind.run() == Some(index));
    let overdue: SmallVec<[(TimerIx, TimerKind); 2]> = overdue.map(|(timer, found)| (timer, found.kind)).collect();
    for (timer, kind) in overdue {
        run.emit(Event::TimerFired { timer });
        match kind {
            TimerKind::Warning(_) => warn(run, index),
            _ => breach(run, index),
        }
    }
    let used = run.plan.clock_used(&own, run.at);
    withdraw(run, index, |_, _| true);
    run.emit(Event::ClockStopped { run: index, used, done });
    // What comes about on the stroke comes about in time.
    follow_from(run, own.clock, run.at);
}

/// Sets the timers of a clock that has begun to run, for what it has not said yet.
fn arm<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, index: RunIx) {
    let Some(own) = run.case.clock(index).copied() else { return };
    let declared = &run.plan.clocks[own.clock.at()];
    let warning = declared.warn.filter(|_| !own.warned).map(|mark| (TimerKind::Warning(index), mark));
    let breach = (!own.breached).then_some((TimerKind::Breach(index), declared.within.amount()));
    for (kind, mark) in warning.into_iter().chain(breach) {
        if let Some(due) = run.plan.clock_reaches(&own, mark) {
            run.arm_clock(kind, due);
        }
    }
}

/// Withdraws the timers of a clock that are due then.
fn withdraw<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    index: RunIx,
    wanted: impl Fn(Timestamp, Timestamp) -> bool,
) {
    let own = run.case.timers().filter(|(_, timer)| timer.kind.run() == Some(index) && wanted(timer.due, run.at));
    let own: SmallVec<[TimerIx; 2]> = own.map(|(timer, _)| timer).collect();
    for timer in own {
        run.emit(Event::TimerWithdrawn { timer });
    }
}

/// A clock has changed: cracks that strike by it strike at other times, or not at all. Those that are due stay so.
fn follow<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, clock: ClockIx) {
    follow_from(run, clock, run.at + Duration::from_micros(1));
}

/// The same, where only what was due before that time stays so.
fn follow_from<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, clock: ClockIx, from: Timestamp) {
    let plan = run.plan;
    if !plan.cracks.iter().any(|crack| matches!(crack.strikes, Some(Strikes::At(by, _)) if by == clock)) {
        return;
    }
    let away = [Phase::Leaving, Phase::Gated, Phase::Incident];
    let struck = run.case.tokens().filter(|(_, token)| !away.contains(&token.phase));
    let struck: SmallVec<[(TokenIx, StepIx); 8]> = struck.map(|(token, item)| (token, item.step)).collect();
    for (token, step) in struck {
        for index in plan.nodes[step.at()].cracks.indices() {
            let crack = CrackIx(index);
            let Some(Strikes::At(by, mark)) = plan.cracks[crack.at()].strikes else { continue };
            if by == clock {
                let due = strikes_at(run, token, clock, mark);
                set(run, token, crack, due, from);
            }
        }
    }
}

/// Has a crack of a token strike at that time, and no more at the one that was meant before and is not past.
fn set<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    crack: CrackIx,
    due: Option<Timestamp>,
    from: Timestamp,
) {
    let known = run.case.timers().find(|(_, timer)| timer.token == token && timer.kind == TimerKind::Crack(crack));
    match known.map(|(index, timer)| (index, timer.due)) {
        Some((_, before)) if before < from || Some(before) == due => return,
        Some((timer, _)) => run.emit(Event::TimerWithdrawn { timer }),
        None => {}
    }
    if let Some(due) = due {
        run.arm(token, TimerKind::Crack(crack), due);
    }
}

/// The clocks of the plan by number.
fn declared<'a, D: Decide, S: Sink>(
    run: &Execution<'a, D, S>,
) -> impl Iterator<Item = (ClockIx, &'a Clock)> + use<'a, D, S> {
    run.plan.clocks.iter().enumerate().map(|(index, clock)| (ClockIx(index as u16), clock))
}
