//! Decides whether a process can fall through its own cracks: whether every case can end, what can never happen, the
//! shortest way into trouble, and what the definition says nothing about.
//!
//! The [search](soundness) asks the one kernel what every command does that the world may send, and leaves open what the
//! data decide. So what it proves holds for every case, and what it finds is a story that can be told and replayed. What data
//! decide is looked at by itself: for which values a [guard or a decision table](branches) has no answer, two, or always the
//! same. [`verify`] makes problems of all that, and asks the other rules too.

pub mod branches;
mod coverage;
mod idle_waivers;
mod rules;
pub mod soundness;
mod verify;

pub use coverage::{Coverage, Open, waived_because};
pub use rules::{Lacking, lacking};
pub use soundness::{Limits, Proof, Soundness, Trace, Trouble, Verdict, explore, prove};
pub use verify::{Verification, verify};
