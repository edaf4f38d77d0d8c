//! Timers, and how often work was tried.

use crate::index::{CrackIx, RunIx, TokenIx};
use crate::time::Timestamp;

/// A timer of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timer {
    /// The token it belongs to; none for that of a clock.
    pub token: TokenIx,
    /// What it is for.
    pub kind: TimerKind,
    /// When it is due.
    pub due: Timestamp,
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimerKind {
    /// The end of a pause.
    Pause,
    /// A deadline, or nobody having taken the work.
    Crack(CrackIx),
    /// The next try.
    Retry,
    /// A clock is to warn.
    Warning(RunIx),
    /// A clock runs out.
    Breach(RunIx),
}

impl TimerKind {
    /// What it is for, as numbers.
    pub(super) fn numbers(self) -> [u64; 2] {
        match self {
            TimerKind::Pause => [0, 0],
            TimerKind::Crack(crack) => [1, u64::from(crack.0)],
            TimerKind::Retry => [2, 0],
            TimerKind::Warning(run) => [3, u64::from(run.0)],
            TimerKind::Breach(run) => [4, u64::from(run.0)],
        }
    }

    /// The crack that strikes by it.
    pub fn crack(self) -> Option<CrackIx> {
        if let TimerKind::Crack(crack) = self { Some(crack) } else { None }
    }

    /// The run of a clock that it belongs to.
    pub fn run(self) -> Option<RunIx> {
        match self {
            TimerKind::Warning(run) | TimerKind::Breach(run) => Some(run),
            TimerKind::Pause | TimerKind::Crack(_) | TimerKind::Retry => None,
        }
    }
}

/// How often the work of a token was retried for a crack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tries {
    pub token: TokenIx,
    pub crack: CrackIx,
    pub count: u32,
}
