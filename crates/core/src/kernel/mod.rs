//! The kernel: decides what one command does to one case. Nothing else in Grieta interprets a definition.
//!
//! [`execute`] is pure: the same plan, case, time and command give the same events. The case is always the fold of
//! its events ([`Case::apply`]), so replaying them decides nothing.

mod case;
mod clock;
mod command;
mod crack;
mod decide;
mod event;
mod execute;
mod explain;
mod hands;
mod incident;
mod node;
mod possible;
mod recover;

pub use case::{
    Case, ClockState, Fingerprint, History, Instances, Phase, RunningClock, Scope, Status, Timer, TimerKind, Token,
    Touched,
};
pub use clock::MOST_CLOCKS;
pub use command::{Command, Rejection, Resolution};
pub use decide::{Asked, Decide, Evaluate};
pub use event::{Event, Reason};
pub use execute::{MOST_TIMERS, MOST_TOKENS, MOST_WORK, Sink, execute};
pub use explain::{Duty, Input, Waiting, WaitsFor};
pub use possible::{each_possible, possible};
