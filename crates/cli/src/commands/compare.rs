//! `grieta compare`: two variants of a process, met by the same customers.

use std::path::Path;
use std::sync::Arc;

use clap::Args;
use grieta_core::Process;
use grieta_report::progress::Progress;
use grieta_report::{Outline, words};
use grieta_simulator::statistics::Interval;
use grieta_simulator::{Comparison, Results, Simulation, share_of_change};
use serde::Serialize;

use super::simulate::stretch;
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
        let input = Input::read(&self.from)?;
        let from = input.process()?;
        let found_from = self.simulate(&input, &from)?;
        let (names, found_to) = match &self.to {
            Some(file) => {
                let input = Input::read(file)?;
                let to = input.process()?;
                ((self.name(&from, &self.from), self.name(&to, file)), self.simulate(&input, &to)?)
            }
            None => {
                let what_if = self.change.what_if.clone().unwrap_or_default();
                let to = self.change.apply(&input, from)?;
                (("as it is".to_owned(), what_if), self.simulate(&input, &to)?)
            }
        };
        let comparison = grieta_simulator::compare(&found_from, &found_to);
        let too_few = "a comparison needs at least 2 replications, and as many cases in both variants";
        let comparison = comparison.ok_or_else(|| Failure::Usage(too_few.to_owned()))?;
        let part = |file: &String| {
            let input = Input::read(file)?;
            let found = self.simulate(&input, &input.process()?)?;
            Ok(Part { file: file.clone(), share: share_of_change(&found_from, &found, &found_to) })
        };
        let parts = self.part.iter().map(part).collect::<Result<Vec<_>, Failure>>()?;
        match self.format {
            Format::Json => output::print_json(&Found { comparison, parts })?,
            Format::Text => {
                let outline = Outline::new(&comparison, &names.0, &names.1);
                let parts: String = parts.iter().map(Part::said).collect();
                output::print(&format!("{}\n{parts}", outline.table()))?;
            }
        }
        Ok(Findings::None)
    }

    fn simulate(&self, input: &Input, process: &Arc<Process>) -> Result<Results, Failure> {
        let simulation = Simulation::new(process).map_err(|problems| Failure::Found(input.locate(problems)))?;
        let mut simulation = simulation.cases(self.cases).replications(self.replications).seed(self.seed);
        for (from, to) in &self.measure {
            simulation = simulation.measuring(from, to)?;
        }
        let progress = Progress::new(&input.name);
        Ok(simulation.run_with(&|done, of| progress.done(done, of))?)
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
