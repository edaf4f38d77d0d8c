//! Rounds of improvement: what was found in a process, what became of it, and what each change of the process was worth.
//!
//! A [`Journal`] stands beside a definition. [`look`] takes stock: it checks the process, simulates it, runs its scenarios,
//! and compares it with the one of the round before on the same customers. [`Journal::add`] writes down what that says: which
//! findings are new, gone, or back. A finding is what a machine can find again under the same id, which is made of names.
//!
//! ```
//! use std::sync::Arc;
//! use grieta_core::Process;
//! use grieta_rounds::{Journal, Runs, State, Visit, look};
//!
//! let desk = |crack: &str| {
//!     let file = format!(r#"
//! process: desk
//! version: 1.0.0
//! start: answer
//! roles: {{ agent: {{ people: 1 }} }}
//! steps:
//!   answer: {{ human: {{ role: agent, takes: exponential(8 min) }}, next: done, cracks: {{ hangs-up: {{ on: failure, chance: 5%{crack} }} }} }}
//!   done: {{ end: {{}} }}
//!   lost: {{ end: {{}} }}
//! simulation: {{ arrivals: {{ every: exponential(10 min) }} }}
//! "#);
//!     Process::read("desk.yaml", file.as_bytes()).map(Arc::new)
//! };
//! let (first, second) = (desk("")?, desk(", then: lost")?);
//! let (mut journal, runs) = (Journal::new("desk"), Runs { cases: 500, replications: 4, seed: 7 });
//! let stock = look(&Visit { process: &first, before: None, scenarios: None, journal: &journal, runs })?;
//! journal.add(&first, "2026-11-20".parse()?, None, runs, stock);
//! let stock = look(&Visit { process: &second, before: Some(&first), scenarios: None, journal: &journal, runs })?;
//! journal.add(&second, "2026-11-27".parse()?, None, runs, stock);
//!
//! assert_eq!(journal.findings["dead-end/answer/unanswered"].state(), State::Fixed);
//! assert_eq!(journal.rounds[1].changed, ["crack `hangs-up` of `answer` is answered"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod changed;
mod effect;
mod examples;
mod figure;
mod found;
mod journal;
mod look;
mod read;
mod screen;
mod turns;
mod waves;
mod write;

pub use changed::changed;
pub use figure::Figure;
pub use found::{Found, Worse};
pub use journal::{Accepted, Effect, Finding, Gain, Journal, Judged, Phase, Round, Runs, Scenarios, State, Turn, Wave};
pub use look::{LookError, Stock, Visit, look};
pub use screen::screen;
pub use turns::AcceptError;

/// How the name of a journal ends: `order.rounds.yaml` stands beside `order.yaml`.
pub const ENDING: &str = ".rounds.yaml";
