//! What holds of every case between two commands: nothing is on its way, and whatever goes on inside a step has that
//! step waiting for it.

use std::collections::HashSet;

use grieta_core::kernel::{Case, ClockState, Phase, RunningClock, Status, TimerKind, Token};
use grieta_core::{Plan, RunIx, ScopeIx, TokenIx};

/// What does not hold, if anything.
pub fn wrong(plan: &Plan, case: &Case) -> Option<String> {
    if case.live() != case.tokens().count() {
        return Some(format!("the case counts {} tokens", case.live()));
    }
    for (token, item) in case.tokens() {
        let step = plan.step_name(item.step);
        let Some(scope) = case.scope(item.scope) else {
            return Some(format!("the scope of `{step}` is closed"));
        };
        let contains = |phase: Phase| matches!(phase, Phase::Inside | Phase::Compensating);
        let waits = |owner: TokenIx| case.token(owner).is_some_and(|owner| contains(owner.phase));
        if item.phase == Phase::Leaving || contains(item.phase) != case.scope_inside(token).is_some() {
            return Some(format!("`{step}` is {:?}, and that is not true", item.phase));
        }
        if scope.owner != TokenIx::NONE && !waits(scope.owner) {
            return Some(format!("nothing waits for `{step}`"));
        }
    }
    let mut known = HashSet::new();
    if let Some((_, timer)) = case.timers().find(|(_, timer)| !known.insert((timer.token, timer.kind))) {
        return Some(format!("the timer {timer:?} is there twice"));
    }
    let stray = case.timers().find(|(_, timer)| match timer.kind.run() {
        Some(run) => !case.clock(run).is_some_and(RunningClock::is_open),
        None => case.token(timer.token).is_none(),
    });
    let stray = stray.map(|(_, timer)| format!("the timer {timer:?} belongs to nothing"));
    stray.or_else(|| case.clocks().find_map(|(run, clock)| wrong_clock(plan, case, run, clock)))
}

/// A clock runs unless the case is where it stands still, and one that runs will run out.
fn wrong_clock(plan: &Plan, case: &Case, run: RunIx, clock: &RunningClock) -> Option<String> {
    let name = plan.clock_name(clock.clock);
    let declared = &plan.definition().clocks[name];
    let inside = |mut scope: ScopeIx| {
        while scope != clock.scope && scope != ScopeIx(0) {
            scope = case.scope(scope).map_or(ScopeIx(0), |found| found.parent);
        }
        scope == clock.scope
    };
    let pauses = |item: &Token| declared.pause_in.iter().any(|step| step == plan.step_name(item.step));
    let rests = case.tokens().any(|(_, item)| pauses(item) && inside(item.scope));
    let waits = |kind| case.timers().any(|(_, timer)| timer.kind == kind);
    let wrong = match clock.state {
        _ if clock.is_open() && case.status() != Status::Running => "runs though the case is over",
        _ if clock.is_open() && case.scope(clock.scope).is_none() => "runs though its scope is closed",
        ClockState::Running if rests => "runs where it should stand still",
        ClockState::Paused if !rests => "stands still where it should run",
        ClockState::Running if clock.breached == waits(TimerKind::Breach(run)) => "runs out never or twice",
        ClockState::Paused | ClockState::Stopped
            if !clock.breached && plan.clock_used(clock, case.reached()) > plan.clock_within(clock.clock) =>
        {
            "has run out and has not said so"
        }
        _ => return None,
    };
    Some(format!("the clock `{name}` {wrong}"))
}
