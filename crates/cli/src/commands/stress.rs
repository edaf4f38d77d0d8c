//! `grieta stress`: how much of something a process bears.

use clap::Args;
use grieta_core::definition::Chance;
use grieta_report::progress::Progress;
use grieta_simulator::{Promise, Raise, Stress, StressError};

use super::runs::Runs;
use crate::input::Input;
use crate::output::{Failure, Findings};

/// Raise arrivals, cracks or absences until people cannot keep up or a promise is not kept
///
/// Exit code 1 when it does not hold even as it is.
#[derive(Debug, Args)]
pub struct OfMore {
    /// The definition file (YAML)
    file: String,
    /// What is raised: `arrivals`, `cracks`, `cracks:STEP/CRACK`, `absences` or `absences:ROLE`
    #[arg(long, default_value = "arrivals")]
    raise: Raise,
    /// The clock whose promise is to be kept
    #[arg(long, value_name = "NAME", requires = "at_least", conflicts_with = "cycle")]
    clock: Option<String>,
    /// In at least this share of its runs, such as `95%`
    #[arg(long, value_name = "SHARE", requires = "clock")]
    at_least: Option<Chance>,
    /// How long cases may take from arrival to end, such as `p90<=4d`
    #[arg(long, value_name = "STATISTIC<=SPAN")]
    cycle: Option<Promise>,
    #[command(flatten)]
    runs: Runs,
}

impl OfMore {
    pub fn run(&self) -> Result<Findings, Failure> {
        let input = Input::read(&self.file)?;
        let process = input.process()?;
        let clock = self.clock.clone().zip(self.at_least);
        let clock = clock.map(|(clock, share)| Promise::Clock { clock, at_least: share.as_f64() });
        let promise = clock.or_else(|| self.cycle.clone());
        let progress = Progress::new(&self.file);
        let set_up = |simulation| self.runs.set_up(simulation);
        let found = Stress::of(&process, &self.raise, promise.as_ref(), set_up, &|done, of| progress.done(done, of));
        drop(progress);
        let found = found.map_err(|error| match error {
            StressError::Problems(problems) => Failure::Found(input.locate(problems)),
            StressError::Simulation(error) => Failure::Simulation(error),
            other => Failure::Usage(other.to_string()),
        })?;
        self.runs.print(&found, grieta_report::stress)?;
        Ok(Findings::when(!found.holds))
    }
}
