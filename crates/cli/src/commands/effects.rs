//! `grieta effects`: what one person more, one hour more or one crack fewer would bring.

use clap::Args;
use grieta_report::progress::Progress;
use grieta_simulator::Effects;

use super::runs::{Runs, of_effects};
use crate::input::Input;
use crate::output::{Failure, Findings};

/// Simulate each single change of a process: one person more in a role, one hour more, a crack that never strikes, a response that is missing
#[derive(Debug, Args)]
pub struct OfChanges {
    /// The definition file (YAML)
    file: String,
    #[command(flatten)]
    runs: Runs,
}

impl OfChanges {
    pub fn run(&self) -> Result<Findings, Failure> {
        let input = Input::read(&self.file)?;
        let process = input.process()?;
        let progress = Progress::new(&self.file);
        let found =
            Effects::of(&process, |simulation| self.runs.set_up(simulation), &|done, of| progress.done(done, of));
        drop(progress);
        let found = found.map_err(|error| of_effects(error, &input))?;
        self.runs.print(&found, grieta_report::effects)?;
        Ok(Findings::None)
    }
}
