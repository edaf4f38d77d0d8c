//! Unit tests of a process: what happens to a case, and what is expected of it.
//!
//! [`CaseTest`] drives the [`Engine`](grieta_runtime::Engine) that also carries out real cases, so that what is tested is
//! what will run. A test fails by a panic at the line of the verb that could not be done.
#![allow(clippy::panic, reason = "a test fails by a panic")]

pub mod acceptance;
mod case_test;
pub mod coverage;
mod failure;
pub mod generate;
mod mock;
mod moment;
pub mod mutate;
mod on_step;
mod process;
pub mod random;
pub mod scenario;
mod told;
mod trial;
pub mod verb;

pub use acceptance::Acceptance;
pub use case_test::CaseTest;
pub use on_step::OnStep;
pub use process::IntoProcess;
pub use random::RandomRuns;
pub use scenario::{LoadError, Run, Scenario, Stage, Suite};

/// Makes each scenario a `#[test]`, in a module for each file that the glob finds, seen from the folder of `Cargo.toml`.
///
/// A scenario that has examples is a test for each of them. Cargo compiles the tests anew when one of the files changes; a new
/// file is noticed by a test that fails until they are.
///
/// ```text
/// // tests/scenarios.rs
/// grieta_testkit::scenarios!("process-templates/**/*.test.yaml");
/// ```
#[macro_export]
macro_rules! scenarios {
    ($glob:literal) => {
        $crate::__private::tests!($crate, $glob);
    };
}

#[doc(hidden)]
pub mod __private {
    pub use grieta_testkit_macros::tests;
}
