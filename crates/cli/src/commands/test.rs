//! `grieta test`: runs the scenarios that stand beside definitions.

mod junit;

use std::path::{Path, PathBuf};

use clap::Args;
use grieta_testkit::scenario::{Failed, find};
use grieta_testkit::{LoadError, Stage, Suite};
use rayon::prelude::*;
use serde::Serialize;

use super::Format;
use crate::output::{self, Failure, Findings};

/// Run the scenarios that stand beside definitions
///
/// A file of scenarios ends in `.test.yaml`. Exit code 1 when a scenario fails.
#[derive(Debug, Args)]
pub struct Test {
    /// Files of scenarios, or folders in which to look for them
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Only scenarios whose name contains this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Also write the result as JUnit XML, which build servers show
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A file of scenarios that was run.
#[derive(Debug, Serialize)]
struct Report {
    file: String,
    scenarios: Vec<Row>,
}

/// A scenario that was run.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    passed: bool,
    /// Where the scenario stands in the file, or where it failed.
    line: u32,
    column: u32,
    /// What was expected and found, with the circumstances; `null` where it passed.
    message: Option<String>,
    #[serde(skip)]
    quote: String,
}

impl Test {
    pub fn run(&self) -> Result<Findings, Failure> {
        let files = find(&self.paths)?;
        let loaded: Vec<Result<(Suite, Stage), LoadError>> = files.par_iter().map(|file| load(file)).collect();
        let (suites, unread): (Vec<_>, Vec<_>) = loaded.into_iter().partition(Result::is_ok);
        let suites: Vec<(Suite, Stage)> = suites.into_iter().flatten().collect();
        let reports: Vec<Report> = suites.par_iter().map(|(suite, stage)| self.report(suite, stage)).collect();
        let unread: Vec<Failure> = unread.into_iter().filter_map(Result::err).map(Failure::from).collect();
        if reports.iter().all(|report| report.scenarios.is_empty()) && unread.is_empty() {
            return Err(Failure::Usage(self.nothing(files.len())));
        }
        match self.format {
            Format::Text => output::print(&text(&reports))?,
            Format::Json => output::print_json(&reports)?,
        }
        if let Some(file) = &self.junit {
            let written = std::fs::write(file, junit::write(&reports)?);
            written.map_err(|error| Failure::Rewrite(file.display().to_string(), error))?;
        }
        let mut unread = unread.into_iter();
        let Some(last) = unread.next_back() else {
            return Ok(Findings::when(rows(&reports).any(|row| !row.passed)));
        };
        unread.for_each(|failure| output::complain_of(&failure));
        Err(last)
    }

    fn report(&self, suite: &Suite, stage: &Stage) -> Report {
        let wanted = |name: &str| self.filter.as_ref().is_none_or(|text| name.contains(text.as_str()));
        let chosen = suite.scenarios.par_iter().filter(|scenario| wanted(&scenario.name));
        let scenarios = chosen.map(|scenario| {
            let failed = suite.run(scenario, stage).failed;
            let place = failed.as_ref().map_or(scenario.place, |failed| failed.place);
            Row {
                name: scenario.name.clone(),
                passed: failed.is_none(),
                line: place.line,
                column: place.column,
                quote: failed.as_ref().map(|failed: &Failed| suite.quote(failed.place)).unwrap_or_default(),
                message: failed.map(|failed| failed.message),
            }
        });
        Report { file: suite.source.file.clone(), scenarios: scenarios.collect() }
    }

    /// Why there was nothing to run.
    fn nothing(&self, files: usize) -> String {
        match (&self.filter, files) {
            (_, 0) => "there is no file here whose name ends in `.test.yaml`".to_owned(),
            (Some(filter), _) => format!("no scenario has `{filter}` in its name"),
            (None, _) => "there are no scenarios in these files".to_owned(),
        }
    }
}

fn load(file: &Path) -> Result<(Suite, Stage), LoadError> {
    let suite = Suite::load(file)?;
    let stage = Stage::load(&suite)?;
    Ok((suite, stage))
}

fn rows(reports: &[Report]) -> impl Iterator<Item = &Row> {
    reports.iter().flat_map(|report| &report.scenarios)
}

/// What failed, with its place in the file, then how many passed.
fn text(reports: &[Report]) -> String {
    let mut text = String::new();
    for report in reports.iter().filter(|report| !report.scenarios.is_empty()) {
        text += &format!("{}\n", report.file);
        for row in &report.scenarios {
            text += &format!("  {}  {}\n", if row.passed { "passed" } else { "FAILED" }, row.name);
        }
    }
    for row in rows(reports) {
        if let Some(message) = &row.message {
            text += &format!("\nFAILED: {}\n{}{message}", row.name, row.quote);
        }
    }
    let (all, failed) = (rows(reports).count(), rows(reports).filter(|row| !row.passed).count());
    let failed = if failed == 0 { String::new() } else { format!(", {failed} failed") };
    let passed = rows(reports).filter(|row| row.passed).count();
    text + &format!("\n{all} scenario{}: {passed} passed{failed}\n", if all == 1 { "" } else { "s" })
}
