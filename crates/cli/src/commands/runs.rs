//! What the commands have in common that simulate a process many times.

use clap::Args;
use grieta_simulator::{EffectsError, Simulation};
use serde::Serialize;

use super::{DEFAULT_SEED, Format};
use crate::input::Input;
use crate::output::{self, Failure};

/// How much is simulated each time, and how the result is written.
#[derive(Debug, Args)]
pub struct Runs {
    /// Cases in each replication
    #[arg(long, default_value_t = 5_000)]
    cases: u64,
    /// Independent replications, at least 2
    #[arg(long, default_value_t = 12)]
    pub replications: u64,
    /// The seed; each time the process meets the customers of the same seed
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Runs {
    /// The simulation with so many cases and replications, and that seed.
    pub fn set_up(&self, simulation: Simulation) -> Simulation {
        simulation.cases(self.cases).replications(self.replications).seed(self.seed)
    }

    /// Prints what was found, for programs or as that text.
    pub fn print<T: Serialize>(&self, found: &T, text: impl FnOnce(&T) -> String) -> Result<(), Failure> {
        match self.format {
            Format::Json => output::print_json(found),
            Format::Text => output::print(&format!("{}\n", text(found).trim_end())),
        }
    }
}

/// Why changes could not be simulated, with the places in the file.
pub fn of_effects(error: EffectsError, input: &Input) -> Failure {
    match error {
        EffectsError::Problems(problems) => Failure::Found(input.locate(problems)),
        EffectsError::Simulation(error) => Failure::Simulation(error),
        other => Failure::Usage(other.to_string()),
    }
}
