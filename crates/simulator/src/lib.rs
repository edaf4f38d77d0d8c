//! Discrete-event simulation of process definitions: cases arrive, people work, time passes, and what the definition
//! leaves out shows.
//!
//! The simulator interprets nothing itself. It sends the kernel of `grieta-core` the commands that the world would
//! send, at simulated times, and learns from the kernel's events. Random numbers are keyed by what they are for
//! ([`random`]), so two variants of a process meet the same customers.
//!
//! ```
//! use std::sync::Arc;
//! use grieta_core::Process;
//! use grieta_core::definition::{Arrivals, Chance, Definition, Distribution, Role, Simulation as Imagined, Span, Step};
//! use grieta_simulator::Simulation;
//!
//! let work = Distribution::exponential(Span::minutes(8));
//! let mut definition = Definition::new("desk", "1.0.0")
//!     .role("agent", Role::of(1))
//!     .step("answer", Step::human("agent").takes(work).next("done"))
//!     .step("done", Step::end());
//! let gaps = Distribution::exponential(Span::minutes(10));
//! definition.simulation = Some(Imagined { arrivals: Some(Arrivals::Every(gaps)), ..Imagined::default() });
//!
//! let process = Arc::new(Process::new(definition)?);
//! let results = Simulation::new(&process)?.cases(5_000).replications(4).seed(7).run()?;
//! assert_eq!(results.completed, 20_000);
//! assert!((results.roles[0].utilisation.unwrap() - 0.8).abs() < 0.05);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod arrivals;
mod bottlenecks;
mod causes;
mod compare;
mod connections;
mod effects;
mod experiment;
mod eyes;
mod figures;
mod generate;
mod inputs;
mod journal;
mod littles_law;
mod model;
mod people;
mod precision;
mod queue;
pub mod random;
mod replication;
mod results;
pub mod sampler;
mod special;
pub mod statistics;
mod totals;
mod transactions;
mod warm_up;
pub mod words;

pub use bottlenecks::Bottleneck;
pub use causes::{Cause, WaitingResult};
pub use compare::{Change, Comparison, StretchChange, Verdict, compare};
pub use effects::{Effect, Effects, EffectsError, Lever};
pub use experiment::{Cracks, Simulation, SimulationError, Story};
pub use figures::{Counted, Figure, Replicated, Statistic};
pub use inputs::Inputs;
pub use journal::RecordError;
pub use littles_law::{LittlesLaw, LittlesRow, Place};
pub use precision::{Measured, Precision, PrecisionResult, compare_precisely};
pub use results::{
    ClockResult, CrackResult, CycleTime, DeadEndResult, EndResult, Results, RoleResult, StepResult, StretchResult,
};
pub use transactions::{Answer, Transaction, TransactionError, Transactions};
pub use warm_up::{WarmUp, WarmUpResult};
