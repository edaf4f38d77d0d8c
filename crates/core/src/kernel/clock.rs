//! Clocks: what starts, pauses and stops them, when they warn and run out, and the cracks that strike by them.

use smallvec::SmallVec;

use super::case::{ClockState, Phase, RunningClock, Timer, TimerKind};
use super::decide::Decide;
use super::event::{Event, Reason};
use super::execute::{Execution, Sink};
use crate::definition::Recurrence;
use crate::index::{ClockIx, CrackIx, RunIx, ScopeIx, StepIx, TimerIx, TokenIx};
use crate::plan::{Clock, Strikes};
use crate::time::{Duration, Timestamp};

/// How many runs of clocks a case may have before the next becomes an incident.
pub const MOST_CLOCKS: usize = 1_000;

/// What is due within it is due now.
const MOMENT: Duration = Duration::from_micros(1);

/// The phases in which no clock strikes a token: its timers are set when it is at work again.
const AWAY: &[Phase] = &[Phase::Leaving, Phase::Gated, Phase::Incident, Phase::Compensating];

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
        if declared.from.binary_search(&step).is_ok() && !start(run, clock, declared, scope) {
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
        if declared.until.binary_search(&step).is_err() {
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

/// Nothing moves any more: clocks stand still or go on by where the case is, and cracks strike by clocks as they are now.
#[inline(never)]
pub(super) fn settle<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>) {
    for (clock, declared) in declared(run).filter(|(_, declared)| !declared.pauses.is_empty()) {
        let resting = run.case.tokens().filter(|(_, token)| declared.pauses.binary_search(&token.step).is_ok());
        let resting: SmallVec<[ScopeIx; 8]> = resting.map(|(_, token)| token.scope).collect();
        let open = run.case.clocks().filter(|(_, own)| own.clock == clock && own.is_open());
        let open: SmallVec<[(RunIx, RunningClock); 4]> = open.map(|(index, own)| (index, *own)).collect();
        for (index, own) in open {
            let rests = resting.iter().any(|scope| run.case.lies_inside(*scope, own.scope));
            match (own.state, rests) {
                (ClockState::Running, true) => pause(run, index, &own),
                (ClockState::Paused, false) => resume(run, index, clock),
                _ => {}
            }
        }
    }
    while let Some((clock, from)) = run.changed.pop() {
        follow(run, clock, from);
    }
}

/// When a crack strikes that counts by a clock: as soon as one of its runs, around the token or inside its step, has
/// run so far. `None` where none runs, or all are past that already.
pub(super) fn strikes_at<D: Decide, S: Sink>(
    run: &Execution<'_, D, S>,
    token: TokenIx,
    clock: ClockIx,
    mark: Duration,
) -> Option<Timestamp> {
    reached_at(run, token, clock, mark, |used| run.decide.is_past(used, mark))
}

/// When a run of a clock comes to a mark next, of those that are not past it.
fn reached_at<D: Decide, S: Sink>(
    run: &Execution<'_, D, S>,
    token: TokenIx,
    clock: ClockIx,
    mark: Duration,
    is_past: impl Fn(Duration) -> bool,
) -> Option<Timestamp> {
    let scope = run.case.token(token)?.scope;
    let runs = run.case.clocks().map(|(_, own)| own).filter(|own| own.clock == clock && own.is_running());
    let seen = runs.filter(|own| run.case.lies_inside(scope, own.scope) || run.case.goes_on_inside(own.scope, token));
    let ahead = seen.filter(|own| !is_past(run.plan.clock_used(own, run.at)));
    ahead.filter_map(|own| run.plan.clock_reaches(own, mark)).min()
}

/// A crack has struck by a clock: where its token is still there, it strikes again by the next run.
pub(super) fn strikes_again<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, crack: CrackIx) {
    let Some(Strikes::At(clock, mark)) = run.plan.cracks[crack.at()].strikes else { return };
    if run.case.token(token).is_some_and(|item| !AWAY.contains(&item.phase)) {
        let due = reached_at(run, token, clock, mark, |used| used >= mark);
        let own = run.case.timers().filter_map(of_crack).find(|(of, by, _)| (*of, *by) == (token, crack));
        set(run, token, crack, own.map(|(.., timer)| timer), due, run.at);
    }
}

/// The timer of a clock has fired: it warns, or has run out.
pub(super) fn rings<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, kind: TimerKind) {
    match kind {
        TimerKind::Warning(clock) => run.emit(Event::ClockWarned { run: clock }),
        TimerKind::Breach(clock) => run.emit(Event::ClockBreached { run: clock }),
        TimerKind::Pause | TimerKind::Crack(_) | TimerKind::Retry => {}
    }
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
            changed(run, clock, run.at + MOMENT);
        }
    }
    true
}

fn pause<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, index: RunIx, own: &RunningClock) {
    let used = run.plan.clock_used(own, run.at);
    withdraw(run, index, |due, at| due > at);
    run.emit(Event::ClockPaused { run: index, used });
    changed(run, own.clock, run.at + MOMENT);
}

fn resume<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, index: RunIx, clock: ClockIx) {
    run.emit(Event::ClockResumed { run: index });
    arm(run, index);
    changed(run, clock, run.at + MOMENT);
}

/// Stops a clock. What it should have said before, and nobody has asked for, it says now.
fn stop<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, index: RunIx, done: bool) {
    let Some(own) = run.case.clock(index).copied() else { return };
    let overdue = run.case.timers().filter(|(_, timer)| timer.due < run.at && timer.kind.run() == Some(index));
    let overdue: SmallVec<[(TimerIx, TimerKind); 2]> = overdue.map(|(timer, found)| (timer, found.kind)).collect();
    for (timer, kind) in overdue {
        run.emit(Event::TimerFired { timer });
        rings(run, kind);
    }
    let used = run.plan.clock_used(&own, run.at);
    withdraw(run, index, |_, _| true);
    run.emit(Event::ClockStopped { run: index, used, done });
    // What comes about on the stroke comes about in time.
    changed(run, own.clock, run.at);
}

/// Sets the timers of a clock that has begun to run, for what it has not said yet.
fn arm<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, index: RunIx) {
    let Some(own) = run.case.clock(index).copied() else { return };
    let declared = &run.plan.clocks[own.clock.at()];
    let warning = declared.warn.filter(|_| !own.warned).map(|mark| (TimerKind::Warning(index), mark));
    let breach = (!own.breached).then_some((TimerKind::Breach(index), run.plan.clock_within(own.clock)));
    for (kind, mark) in warning.into_iter().chain(breach) {
        // What is due already is still to be said, and once.
        if run.case.timers().any(|(_, timer)| timer.kind == kind) {
            continue;
        }
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

/// A clock has changed: once nothing moves any more, cracks that strike by it strike at other times, or not at all. What
/// was due before that time stays so.
fn changed<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, clock: ClockIx, from: Timestamp) {
    match run.changed.iter_mut().find(|(known, _)| *known == clock) {
        Some((_, known)) => *known = from.min(*known),
        None => run.changed.push((clock, from)),
    }
}

/// Sets the timers of the cracks that strike by a clock anew.
fn follow<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, clock: ClockIx, from: Timestamp) {
    let plan = run.plan;
    let by = |crack: &crate::plan::Crack| matches!(crack.strikes, Some(Strikes::At(by, _)) if by == clock);
    if !plan.cracks.iter().any(by) {
        return;
    }
    let mut armed: Vec<(TokenIx, CrackIx, TimerIx)> = run.case.timers().filter_map(of_crack).collect();
    armed.sort_unstable();
    let struck = run.case.tokens().filter(|(_, token)| !AWAY.contains(&token.phase));
    let struck: SmallVec<[(TokenIx, StepIx); 8]> = struck.map(|(token, item)| (token, item.step)).collect();
    for (token, step) in struck {
        for crack in plan.nodes[step.at()].cracks.indices().map(CrackIx) {
            let Some(Strikes::At(by, mark)) = plan.cracks[crack.at()].strikes else { continue };
            if by == clock {
                let due = strikes_at(run, token, clock, mark);
                let known = armed.binary_search_by_key(&(token, crack), |(token, crack, _)| (*token, *crack));
                set(run, token, crack, known.ok().map(|at| armed[at].2), due, from);
            }
        }
    }
}

/// The token and the crack that a timer is for.
fn of_crack((index, timer): (TimerIx, &Timer)) -> Option<(TokenIx, CrackIx, TimerIx)> {
    match timer.kind {
        TimerKind::Crack(crack) => Some((timer.token, crack, index)),
        _ => None,
    }
}

/// Has a crack of a token strike at that time, and no more at the one that its timer was set to and that is not past.
fn set<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    crack: CrackIx,
    known: Option<TimerIx>,
    due: Option<Timestamp>,
    from: Timestamp,
) {
    match known.and_then(|timer| Some((timer, run.case.timer(timer)?.due))) {
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
