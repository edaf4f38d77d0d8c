//! Unit tests of a process: what happens to a case, and what is expected of it.
//!
//! [`CaseTest`] drives the [`Engine`](grieta_runtime::Engine) that also carries out real cases, so that what is tested is
//! what will run. A test fails by a panic at the line of the verb that could not be done.
#![allow(clippy::panic, reason = "a test fails by a panic")]

pub mod coverage;
mod expect;
mod failure;
mod happen;
mod mock;
mod moment;
mod on_step;
mod process;
mod setup;
mod told;

pub use on_step::OnStep;
pub use process::IntoProcess;
pub use setup::CaseTest;
