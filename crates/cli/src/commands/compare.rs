//! `grieta compare`: two variants of a process, met by the same customers.

use std::path::Path;
use std::sync::Arc;

use clap::Args;
use grieta_core::Process;
use grieta_report::progress::Progress;
use grieta_report::{Outline, tables, words};
use grieta_simulator::statistics::Interval;
use grieta_simulator::{
    Comparison, Measured, Precision, Results, Simulation, compare, compare_precisely, share_of_change,
};
use serde::Serialize;

use super::simulate::{share, stretch};
use super::what_if::Change;
use super::{DEFAULT_SEED, Format};
use crate::input::Input;
use crate::output::{self, Failure, Findings};

/// Compare two variants of a process on the same customers: what changes, and whether it is more than chance
///
/// With `--what-if` the second variant is the first with that change.
#[derive(Debug, Args)]
pub struct Compare {
    /// The first definition file (YAML), such as the work as it is
    from: String,
    /// The second, such as the work as it should be
    #[arg(required_unless_present = "what_if", conflicts_with = "what_if")]
    to: Option<String>,
    #[command(flatten)]
    change: Change,
    /// Part of the second: a definition with only some of its changes, of which is said how much of the whole it brings; may be
    /// repeated
    #[arg(long, value_name = "FILE")]
    part: Vec<String>,
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

/// A comparison, as JSON.
#[derive(Debug, Serialize)]
struct Found {
    #[serde(flatten)]
    comparison: Comparison,
    parts: Vec<Part>,
}

/// How much of the whole a part brings.
#[derive(Debug, Serialize)]
struct Part {
    file: String,
    share: Option<Interval>,
}

impl Part {
    fn said(&self) -> String {
        let share = |share: &Interval| {
            format!("{}, {}", words::share(share.mean), words::sure([share.low, share.high], words::share))
        };
        let share = self.share.as_ref().map_or_else(|| "no share that could be told".to_owned(), share);
        format!("\nOf what changes from arrival to end, {} alone brings {share}.\n", self.file)
    }
}

impl Compare {
    pub fn run(&self) -> Result<Findings, Failure> {
        self.change.check()?;
        let input = Input::read(&self.from)?;
        let from = input.process()?;
        let simulated_from = self.set_up(&input, &from)?;
        let (names, simulated_to) = match &self.to {
            Some(file) => {
                let input = Input::read(file)?;
                let to = input.process()?;
                ((self.name(&from, &self.from), self.name(&to, file)), self.set_up(&input, &to)?)
            }
            None => {
                let what_if = self.change.what_if.clone().unwrap_or_default();
                let to = self.change.apply(&input, from)?;
                (("as it is".to_owned(), what_if), self.set_up(&input, &to)?)
            }
        };
        let (found_from, found_to, comparison) = self.compare(&simulated_from, &simulated_to)?;
        let part = |file: &String| {
            let input = Input::read(file)?;
            let simulation = self.set_up(&input, &input.process()?)?.replications(comparison.replications);
            let found = simulate(&simulation, &input.name)?;
            Ok(Part { file: file.clone(), share: share_of_change(&found_from, &found, &found_to) })
        };
        let parts = self.part.iter().map(part).collect::<Result<Vec<_>, Failure>>()?;
        match self.format {
            Format::Json => output::print_json(&Found { comparison, parts })?,
            Format::Text => {
                let outline = Outline::new(&comparison, &names.0, &names.1);
                let parts: String = parts.iter().map(Part::said).collect();
                let came_from = tables::comparison_of(&comparison);
                output::print(&format!("{}\n{parts}\n{came_from}\n", outline.table()))?;
            }
        }
        Ok(Findings::None)
    }

    /// With as many replications as were asked for, or as make the difference precise.
    fn compare(&self, from: &Simulation, to: &Simulation) -> Result<(Results, Results, Comparison), Failure> {
        if let Some(relative) = self.precision {
            let precision = Precision { relative, of: self.precision_of.clone(), most: self.at_most };
            let progress = Progress::new("replications of both");
            let done = |done, of| progress.done(done, of);
            return Ok(compare_precisely(from, to, &precision, &done)?);
        }
        let found_from = simulate(from, &self.from)?;
        let found_to = simulate(to, self.to.as_ref().unwrap_or(&self.from))?;
        let too_few = "a comparison needs at least 2 replications, and as many cases in both variants";
        let comparison = compare(&found_from, &found_to).ok_or_else(|| Failure::Usage(too_few.to_owned()))?;
        Ok((found_from, found_to, comparison))
    }

    fn set_up(&self, input: &Input, process: &Arc<Process>) -> Result<Simulation, Failure> {
        let simulation = Simulation::new(process).map_err(|problems| Failure::Found(input.locate(problems)))?;
        let mut simulation = simulation.cases(self.cases).replications(self.replications).seed(self.seed);
        for (from, to) in &self.measure {
            simulation = simulation.measuring(from, to)?;
        }
        Ok(simulation)
    }

    /// The variant, or the name of the file without folder and ending where it does not say.
    fn name(&self, process: &Process, file: &str) -> String {
        use grieta_core::definition::Variant;
        let stem = || Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        match process.definition().variant {
            _ if self.to.as_ref() == Some(&self.from) => file.to_owned(),
            Some(Variant::AsIs) => "as-is".to_owned(),
            Some(Variant::ToBe) => "to-be".to_owned(),
            None => stem().unwrap_or_else(|| file.to_owned()),
        }
    }
}

fn simulate(simulation: &Simulation, name: &str) -> Result<Results, Failure> {
    let progress = Progress::new(name);
    Ok(simulation.run_with(&|done, of| progress.done(done, of))?)
}
