//! The heart of Grieta: what a process definition may say, how it is read and checked, and the one kernel that
//! decides what happens to a case.
//!
//! Nothing in here performs IO, looks at a clock, draws random numbers or starts a thread. Time arrives in commands.

pub mod calendar;
pub mod definition;
pub mod diagnostic;
pub mod expression;
pub mod time;
pub mod value;
