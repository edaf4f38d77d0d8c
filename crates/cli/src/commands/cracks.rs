//! `grieta cracks`: what each crack costs, and what each response is worth.

use clap::Args;
use grieta_report::progress::Progress;
use grieta_simulator::{EffectsError, Prices};

use super::{DEFAULT_SEED, Format};
use crate::input::Input;
use crate::output::{self, Failure, Findings};

/// Simulate a process without each of its cracks, and with nobody answering it: what they cost, what the responses are worth
#[derive(Debug, Args)]
pub struct OfCracks {
    /// The definition file (YAML)
    file: String,
    /// Cases in each replication
    #[arg(long, default_value_t = 5_000)]
    cases: u64,
    /// Independent replications, at least 2
    #[arg(long, default_value_t = 12)]
    replications: u64,
    /// The seed; without a crack the process meets the customers of the same seed
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl OfCracks {
    pub fn run(&self) -> Result<Findings, Failure> {
        let input = Input::read(&self.file)?;
        let process = input.process()?;
        let progress = Progress::new(&self.file);
        let set_up = |simulation: grieta_simulator::Simulation| {
            simulation.cases(self.cases).replications(self.replications).seed(self.seed)
        };
        let found = Prices::of(&process, set_up, &|done, of| progress.done(done, of));
        drop(progress);
        let found = found.map_err(|error| match error {
            EffectsError::Problems(problems) => Failure::Found(input.locate(problems)),
            EffectsError::Simulation(error) => Failure::Simulation(error),
            other => Failure::Usage(other.to_string()),
        })?;
        match self.format {
            Format::Json => output::print_json(&found)?,
            Format::Text => output::print(&format!("{}\n", grieta_report::prices(&found)))?,
        }
        Ok(Findings::None)
    }
}
