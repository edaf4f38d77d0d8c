//! Decides whether a process can fall through its own cracks: whether every case can end, what can never happen, the
//! shortest way into trouble, and what the definition says nothing about.
//!
//! The [search](soundness) asks the one kernel what every command does that the world may send, and leaves open what the
//! data decide. So what it proves holds for every case, and what it finds is a story that can be told and replayed.
//! [`verify`] makes problems of what it finds, and asks the other [rules](rules) too.

mod coverage;
mod rules;
pub mod soundness;
mod verify;

pub use coverage::{Coverage, Open};
pub use soundness::{Limits, Soundness, Trace, Trouble, Verdict, explore};
pub use verify::{Verification, verify};
