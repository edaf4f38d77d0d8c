//! Clocks, compiled.

use super::{Delay, Plan};
use crate::definition::{Recurrence, Unit};
use crate::index::{ClockIx, RunIx, ScopeIx, StepIx};
use crate::kernel::{Case, Event, RunningClock};
use crate::time::{Duration, Timestamp};

/// A clock, compiled.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    /// The steps at which it starts, ascending; with the case when there are none.
    pub from: Box<[StepIx]>,
    /// The steps that stop it, ascending.
    pub until: Box<[StepIx]>,
    pub within: Delay,
    /// How far it has run when it warns.
    pub warn: Option<Duration>,
    pub recurs: Recurrence,
    /// The steps during which it stands still, ascending.
    pub pauses: Box<[StepIx]>,
    /// Whether it starts and stops inside the same step, so that each time that is gone through has its own.
    pub inside: bool,
}

impl Clock {
    /// The scope that a run belongs to when it is about a step in this one.
    pub fn scope(&self, scope: ScopeIx) -> ScopeIx {
        if self.inside { scope } else { ScopeIx(0) }
    }
}

impl Plan {
    /// How many clocks there are.
    pub fn clock_count(&self) -> usize {
        self.clocks.len()
    }

    /// The clock of that name.
    pub fn clock(&self, name: &str) -> Option<ClockIx> {
        self.definition().clocks.get_index_of(name).map(|index| ClockIx(index as u16))
    }

    /// The name of a clock.
    pub fn clock_name(&self, clock: ClockIx) -> &str {
        self.definition().clocks.get_index(clock.at()).map_or("", |(name, _)| name)
    }

    /// How much time a clock gives, as elapsed time or as business time of its calendar.
    pub fn clock_within(&self, clock: ClockIx) -> Duration {
        self.clocks.get(clock.at()).map_or(Duration::ZERO, |clock| clock.within.amount)
    }

    /// How much of its time a clock has used by then.
    pub fn clock_used(&self, running: &RunningClock, at: Timestamp) -> Duration {
        match self.clocks.get(running.clock.at()) {
            Some(clock) if running.is_running() => running.used + self.elapsed(running.since, at, clock.within),
            _ => running.used,
        }
    }

    /// Whether a clock counts business time, rather than elapsed time.
    pub fn is_business_clock(&self, clock: ClockIx) -> bool {
        self.definition().clocks.get_index(clock.at()).is_some_and(|(_, clock)| clock.within.unit != Unit::Elapsed)
    }

    /// A time that a clock counts, in words: `7 bh` is business time, `7 h` is elapsed time.
    pub fn clock_time(&self, clock: ClockIx, time: Duration) -> String {
        if self.is_business_clock(clock) { time.as_business() } else { time.to_string() }
    }

    /// What a clock did, in words; `None` for events that are not about clocks. `case` is as it was before the event.
    pub(crate) fn clock_event(&self, case: &Case, event: &Event) -> Option<String> {
        let name = |run: RunIx| case.clock(run).map_or("", |running| self.clock_name(running.clock));
        let time = |run: RunIx, used: Duration| {
            case.clock(run).map_or_else(String::new, |running| self.clock_time(running.clock, used))
        };
        Some(match event {
            Event::ClockStarted { clock, .. } => {
                let within = self.clock_time(*clock, self.clock_within(*clock));
                format!("the clock `{}` started: {within}", self.clock_name(*clock))
            }
            Event::ClockPaused { run, used } => {
                format!("the clock `{}` stood still after {}", name(*run), time(*run, *used))
            }
            Event::ClockResumed { run } => format!("the clock `{}` went on", name(*run)),
            Event::ClockStopped { run, used, .. } => {
                format!("the clock `{}` stopped after {}", name(*run), time(*run, *used))
            }
            Event::ClockWarned { run } => format!("the clock `{}` warned", name(*run)),
            Event::ClockBreached { run } => format!("the clock `{}` ran out", name(*run)),
            _ => return None,
        })
    }

    /// When a clock runs out, or has run out since it last began to run; `None` while it stands still, and where it had
    /// run out before that.
    pub fn clock_due(&self, running: &RunningClock) -> Option<Timestamp> {
        let within = self.clock_within(running.clock);
        self.clock_reaches(running, within).filter(|_| running.used <= within)
    }

    /// When a clock has run so far; `None` while it stands still.
    pub(crate) fn clock_reaches(&self, running: &RunningClock, mark: Duration) -> Option<Timestamp> {
        let clock = self.clocks.get(running.clock.at()).filter(|_| running.is_running())?;
        Some(self.due(running.since, Delay { amount: mark - running.used, ..clock.within }))
    }
}
