//! `grieta cracks`: what each crack costs, and what each response is worth.

use clap::Args;
use grieta_report::progress::Progress;
use grieta_simulator::Prices;

use super::runs::{Runs, of_effects};
use crate::input::Input;
use crate::output::{Failure, Findings};

/// Simulate a process without each of its cracks, and with nobody answering it: what they cost, what the responses are worth
#[derive(Debug, Args)]
pub struct OfCracks {
    /// The definition file (YAML)
    file: String,
    #[command(flatten)]
    runs: Runs,
}

impl OfCracks {
    pub fn run(&self) -> Result<Findings, Failure> {
        let input = Input::read(&self.file)?;
        let process = input.process()?;
        let progress = Progress::new(&self.file);
        let found =
            Prices::of(&process, |simulation| self.runs.set_up(simulation), &|done, of| progress.done(done, of));
        drop(progress);
        let found = found.map_err(|error| of_effects(error, &input))?;
        self.runs.print(&found, grieta_report::prices)?;
        Ok(Findings::None)
    }
}
