//! How the clocks of a case stand.

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
    /// How much time it gives: elapsed time, or business time of its calendar.
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
            within: plan.clock_within(running.clock),
            used: plan.clock_used(running, at),
            due: plan.clock_due(running),
            warned: running.warned,
            breached: running.breached,
        }
    }
}
