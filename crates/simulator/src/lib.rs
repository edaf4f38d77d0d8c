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

mod analyses;
mod arrivals;
mod backlog;
mod bottlenecks;
mod bound;
mod causes;
mod change;
mod compare;
mod connections;
mod crew;
mod effects;
mod experiment;
mod figures;
mod generate;
mod hours;
mod inputs;
mod journal;
pub mod judging;
mod line;
mod littles_law;
mod model;
mod network;
mod people;
mod precision;
mod queue;
pub mod random;
mod replication;
mod results;
mod role_hours;
pub mod sampler;
mod special;
pub mod staffing;
pub mod statistics;
mod stress;
mod totals;
mod transactions;
mod warm_up;
pub mod words;

pub use analyses::burden::{Burden, BurdenVerdict};
pub use analyses::disproportion::Disproportion;
pub use analyses::hand_offs::{HandOffResult, HandOffsResult, PingPong};
pub use analyses::lost::{Lost, LostResult};
pub use analyses::prices::{Difference, Price, Prices};
pub use analyses::value::{ValueResult, ValueShare};
pub use analyses::waiting::{Portion, Source, WaitingBy};
pub use bottlenecks::Bottleneck;
pub use bound::Bound;
pub use causes::{Cause, WaitingResult};
pub use change::changed;
pub use compare::{Change, Comparison, INDIFFERENT, StretchChange, Verdict, compare, share_of_change};
pub use effects::{Effect, Effects, EffectsError, Lever};
pub use experiment::{Cracks, Simulation, SimulationError, Story};
pub use figures::Replicated;
pub use grieta_core::criterion::{Counted, Figure, Statistic};
pub use inputs::Inputs;
pub use journal::RecordError;
pub use judging::GoalResult;
pub use littles_law::{LittlesLaw, LittlesRow, Place};
pub use network::{Network, NetworkError, Watch};
pub use precision::{Measured, Precision, PrecisionResult, compare_precisely};
pub use replication::FIRST_STARTED;
pub use results::{
    ClockResult, CrackResult, CycleTime, DeadEndResult, EndResult, Results, RoleResult, StepResult, StretchResult,
};
pub use role_hours::{Per, RoleHours};
pub use staffing::{Staffing, StaffingError};
pub use stress::{First, Margin, Point, Promise, Raise, Reason, Stress, StressError};
pub use transactions::{Answer, Transaction, TransactionError, Transactions};
pub use warm_up::{WarmUp, WarmUpResult};
