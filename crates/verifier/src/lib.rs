//! Decides whether a process can fall through its own cracks: whether every case can end, what can never happen, and the
//! shortest way into trouble.
//!
//! The [search](soundness) asks the one kernel what every command does that the world may send, and leaves open what the
//! data decide. So what it proves holds for every case, and what it finds is a story that can be told and replayed.
//!
//! What data decide is looked at by itself: for which values a [guard or a decision table](branches) has no answer, two, or
//! always the same.

pub mod branches;
pub mod soundness;

pub use soundness::{Limits, Soundness, Trace, Trouble, Verdict, explore};
