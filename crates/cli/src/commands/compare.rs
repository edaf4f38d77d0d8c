//! `grieta compare`: two variants of a process, met by the same customers.

use std::sync::Arc;

use clap::Args;
use grieta_core::Process;
use grieta_report::progress::Progress;
use grieta_report::{Outline, tables};
use grieta_simulator::{Comparison, Measured, Precision, Simulation, compare, compare_precisely};

use super::simulate::{share, stretch};
use super::{DEFAULT_SEED, Format};
use crate::input::Input;
use crate::output::{self, Failure, Findings};

/// Compare two variants of a process on the same customers: what changes, and whether it is more than chance
#[derive(Debug, Args)]
pub struct Compare {
    /// The first definition file (YAML), such as the work as it is
    from: String,
    /// The second, such as the work as it should be
    to: String,
    /// Cases in each replication
    #[arg(long, default_value_t = 10_000)]
    cases: u64,
    /// Independent replications, at least 2
    #[arg(long, default_value_t = 20)]
    replications: u64,
    /// The seed; both variants meet the customers of the same seed
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// Instead of a number of replications: as many as make the difference so precise, relative to the first, such as `5%`
    #[arg(long, value_name = "SHARE", value_parser = share, conflicts_with = "replications")]
    precision: Option<f64>,
    /// Of what: `cycle-time`, `cycle-p90`, `wait:STEP` or `until:STEP`
    #[arg(long, value_name = "MEASURE", requires = "precision", default_value_t = Measured::CycleTime)]
    precision_of: Measured,
    /// No more replications than these, however precise
    #[arg(long, value_name = "N", requires = "precision", default_value_t = 1_000)]
    at_most: u64,
    /// Measure, besides, the time from when one step is first begun until another is, as `FROM..TO`; may be repeated
    #[arg(long, value_name = "FROM..TO", value_parser = stretch)]
    measure: Vec<(String, String)>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Compare {
    pub fn run(&self) -> Result<Findings, Failure> {
        let (from, simulated_from) = self.set_up(&self.from)?;
        let (to, simulated_to) = self.set_up(&self.to)?;
        let comparison = match self.precision {
            None => self.plainly(&simulated_from, &simulated_to)?,
            Some(relative) => {
                let precision = Precision { relative, of: self.precision_of.clone(), most: self.at_most };
                let progress = Progress::new("replications of both");
                let done = |done, of| progress.done(done, of);
                compare_precisely(&simulated_from, &simulated_to, &precision, &done)?.2
            }
        };
        match self.format {
            Format::Json => output::print_json(&comparison)?,
            Format::Text => {
                let outline = Outline::new(&comparison, &self.name(&from, &self.from), &self.name(&to, &self.to));
                let came_from = tables::comparison_of(&comparison);
                output::print(&format!("{}\n\n{came_from}\n", outline.table()))?;
            }
        }
        Ok(Findings::None)
    }

    /// With as many replications as were asked for.
    fn plainly(&self, from: &Simulation, to: &Simulation) -> Result<Comparison, Failure> {
        let run = |simulation: &Simulation, file: &str| {
            let progress = Progress::new(file);
            simulation.run_with(&|done, of| progress.done(done, of))
        };
        let comparison = compare(&run(from, &self.from)?, &run(to, &self.to)?);
        let too_few = "a comparison needs at least 2 replications, and as many cases in both variants";
        comparison.ok_or_else(|| Failure::Usage(too_few.to_owned()))
    }

    fn set_up(&self, file: &str) -> Result<(Arc<Process>, Simulation), Failure> {
        let input = Input::read(file)?;
        let process = input.process()?;
        let simulation = Simulation::new(&process).map_err(|problems| Failure::Found(input.locate(problems)))?;
        let mut simulation = simulation.cases(self.cases).replications(self.replications).seed(self.seed);
        for (from, to) in &self.measure {
            simulation = simulation.measuring(from, to)?;
        }
        Ok((process, simulation))
    }

    /// The variant, or the name of the file where it does not say.
    fn name(&self, process: &Process, file: &str) -> String {
        use grieta_core::definition::Variant;
        match process.definition().variant {
            Some(Variant::AsIs) if self.from != self.to => "as-is".to_owned(),
            Some(Variant::ToBe) if self.from != self.to => "to-be".to_owned(),
            _ => file.to_owned(),
        }
    }
}
