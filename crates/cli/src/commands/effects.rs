//! `grieta effects`: what one person more or one crack fewer would bring.

use clap::Args;
use grieta_report::progress::Progress;
use grieta_simulator::{Effects, EffectsError};

use super::{DEFAULT_SEED, Format};
use crate::input::Input;
use crate::output::{self, Failure, Findings};

/// Simulate each single change of a process: one person more in a role, a crack that never strikes, a response that is missing
#[derive(Debug, Args)]
pub struct OfChanges {
    /// The definition file (YAML)
    file: String,
    /// Cases in each replication
    #[arg(long, default_value_t = 5_000)]
    cases: u64,
    /// Independent replications, at least 2
    #[arg(long, default_value_t = 12)]
    replications: u64,
    /// The seed; with each change the process meets the customers of the same seed
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl OfChanges {
    pub fn run(&self) -> Result<Findings, Failure> {
        let input = Input::read(&self.file)?;
        let process = input.process()?;
        let progress = Progress::new(&self.file);
        let set_up = |simulation: grieta_simulator::Simulation| {
            simulation.cases(self.cases).replications(self.replications).seed(self.seed)
        };
        let found = Effects::of(&process, set_up, &|done, of| progress.done(done, of));
        drop(progress);
        let found = found.map_err(|error| match error {
            EffectsError::Problems(problems) => Failure::Found(input.locate(problems)),
            EffectsError::Simulation(error) => Failure::Simulation(error),
            other => Failure::Usage(other.to_string()),
        })?;
        match self.format {
            Format::Json => output::print_json(&found)?,
            Format::Text => output::print(&format!("{}\n", grieta_report::effects(&found)))?,
        }
        Ok(Findings::None)
    }
}
