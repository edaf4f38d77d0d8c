//! The heart of Grieta: what a process definition may say, how it is read and checked, and the one kernel that
//! decides what happens to a case.
//!
//! Nothing in here performs IO, looks at a clock, draws random numbers or starts a thread. Time arrives in commands.

pub mod calendar;
mod check;
pub mod criterion;
pub mod decision;
mod declare;
pub mod definition;
pub mod diagnostic;
pub mod difference;
pub mod expression;
mod graph;
mod hash;
mod index;
pub mod kernel;
mod plan;
mod process;
pub mod record;
pub mod review;
mod story;
pub mod time;
pub mod value;
mod waived;
pub mod world;
pub mod yaml;

pub use declare::{Constraint, Progress};
pub use graph::{Link, LinkKind};
pub use hash::ContentHash;
pub use index::{ClockIx, CrackIx, FieldIx, FlowIx, PersonIx, RoleIx, RunIx, ScopeIx, StepIx, TimerIx, TokenIx};
pub use plan::{Plan, Rank};
pub use process::Process;
pub use story::Told;
pub use time::{Date, Duration, Timestamp};
