//! How the clocks of a case stand.

use std::fmt;

use grieta_core::kernel::{ClockState, RunningClock};
use grieta_core::{Duration, Plan, Timestamp};

/// A clock of a case at some moment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaseClock {
    /// Its name.
    pub name: String,
    /// Whether it runs, stands still or has stopped.
    pub state: ClockState,
    /// Whether it counts business time of its calendar, rather than elapsed time.
    pub business: bool,
    /// How much time it gives.
    pub within: Duration,
    /// How much of that is used.
    pub used: Duration,
    /// When it runs out, or has run out; `None` while it does not run, and where it had run out before it last stood still.
    pub due: Option<Timestamp>,
    /// It has warned.
    pub warned: bool,
    /// It has run out.
    pub breached: bool,
}

impl CaseClock {
    pub(crate) fn of(plan: &Plan, running: &RunningClock, at: Timestamp) -> CaseClock {
        CaseClock {
            name: plan.clock_name(running.clock).to_owned(),
            state: running.state,
            business: plan.is_business_clock(running.clock),
            within: plan.clock_within(running.clock),
            used: plan.clock_used(running, at),
            due: plan.clock_due(running),
            warned: running.warned,
            breached: running.breached,
        }
    }
}

impl fmt::Display for CaseClock {
    /// As in ``the clock `resolution` runs out at 2026-03-02T10:00:00Z, 1 h of 8 h used``.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |time: Duration| if self.business { time.as_business() } else { time.to_string() };
        let (used, within) = (time(self.used), time(self.within));
        match (self.due, self.state) {
            _ if self.breached => write!(f, "the clock `{}` has run out", self.name),
            (Some(due), _) => write!(f, "the clock `{}` runs out at {due}", self.name),
            (None, ClockState::Paused) => write!(f, "the clock `{}` stands still", self.name),
            _ => write!(f, "the clock `{}` has stopped", self.name),
        }?;
        write!(f, ", {used} of {within} used")
    }
}
