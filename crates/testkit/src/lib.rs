//! Unit tests of a process: what happens to a case, and what is expected of it.
//!
//! [`CaseTest`] drives the [`Engine`](grieta_runtime::Engine) that also carries out real cases, so that what is tested is
//! what will run. A test fails by a panic at the line of the verb that could not be done.
#![allow(clippy::panic, reason = "a test fails by a panic")]

mod case_test;
mod failure;
mod mock;
mod moment;
pub mod mutate;
mod on_step;
mod process;
pub mod scenario;
mod told;
mod trial;
pub mod verb;

pub use case_test::CaseTest;
pub use on_step::OnStep;
pub use process::IntoProcess;
pub use scenario::{LoadError, Run, Scenario, Stage, Suite};
