//! The clocks of a case.

use crate::index::{ClockIx, ScopeIx};
use crate::time::{Duration, Timestamp};

/// A run of a clock of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunningClock {
    /// The clock.
    pub clock: ClockIx,
    /// The scope it belongs to: 0 for one of the whole case.
    pub scope: ScopeIx,
    /// Whether it runs.
    pub state: ClockState,
    /// It has warned.
    pub warned: bool,
    /// It has run out.
    pub breached: bool,
    /// The time it had used when it last began to run, or stood still (bookkeeping).
    pub used: Duration,
    /// Since when it has been in this state (bookkeeping).
    pub since: Timestamp,
    /// When it started (bookkeeping).
    pub started: Timestamp,
}

/// Whether a clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClockState {
    /// It runs.
    Running,
    /// It stands still as long as the case is at some step.
    Paused,
    /// It has stopped.
    Stopped,
    /// What it belonged to is over.
    Gone,
}

impl RunningClock {
    pub(super) fn started(clock: ClockIx, scope: ScopeIx, at: Timestamp) -> RunningClock {
        RunningClock {
            clock,
            scope,
            state: ClockState::Running,
            warned: false,
            breached: false,
            used: Duration::ZERO,
            since: at,
            started: at,
        }
    }

    pub(super) fn enter(&mut self, at: Timestamp, state: ClockState, used: Duration) {
        (self.state, self.used, self.since) = (state, used, at);
    }

    /// Whether it runs: it has not stopped and does not stand still.
    pub fn is_running(&self) -> bool {
        self.state == ClockState::Running
    }

    /// Whether it has started and not stopped.
    pub fn is_open(&self) -> bool {
        matches!(self.state, ClockState::Running | ClockState::Paused)
    }
}
