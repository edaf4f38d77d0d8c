//! What a process looks like and what its simulation found, as text for people.
//!
//! [`mermaid`](mermaid()) draws the graph of a process. [`Screen`] answers a manager's questions on one page: what stops
//! the work, what slows it, what falls through the cracks, and what a redesign changes. [`tables`] shows the figures
//! behind it, [`Outline`] compares two variants, and [`Telling`] tells what happened to a single case.
//!
//! ```
//! use std::sync::Arc;
//! use grieta_core::Process;
//! use grieta_report::{Screen, mermaid};
//! use grieta_simulator::Simulation;
//!
//! let file = r#"
//! process: desk
//! version: 1.0.0
//! title: Help desk
//! start: answer
//! roles: { agent: { people: 1 } }
//! steps:
//!   answer: { human: { role: agent, takes: exponential(8 min) }, next: done }
//!   done: { end: {} }
//! simulation: { arrivals: { every: exponential(10 min) } }
//! "#;
//! let process = Arc::new(Process::read("desk.yaml", file.as_bytes())?);
//! assert!(mermaid(&process).starts_with("flowchart"));
//!
//! let results = Simulation::new(&process)?.cases(1_000).replications(5).seed(7).run()?;
//! let screen = Screen::new(&process, &results).to_string();
//! assert!(screen.contains("What stops it\n  nothing"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod comparison;
mod coverage;
mod crack;
mod difference;
mod effects;
mod goals;
mod mermaid;
mod prices;
#[cfg(feature = "progress")]
pub mod progress;
mod review;
mod screen;
mod staffing;
mod story;
mod stress;
mod svg;
pub mod tables;
pub mod words;

pub use comparison::{Measure, Outline, how_much};
pub use coverage::{Covered, Mark, Missed, coverage, coverage_page};
pub use difference::{difference, difference_as_mermaid};
pub use effects::effects;
pub use goals::goals;
pub use mermaid::mermaid;
pub use prices::prices;
pub use review::{Asked, RoleReview, reviews, role_page};
pub use screen::Screen;
pub use staffing::staffing;
pub use story::{Moment, Telling};
pub use stress::stress;
pub use svg::{STYLE, svg};
