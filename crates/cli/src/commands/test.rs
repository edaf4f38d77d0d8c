//! `grieta test`: runs the scenarios that stand beside definitions, and says what they leave out.

mod coverage;
mod generate;
mod junit;
mod mutation;

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use grieta_core::definition::Chance;
use grieta_testkit::acceptance::{Judged, Verdict};
use grieta_testkit::coverage::CoverageReport;
use grieta_testkit::mutate;
use grieta_testkit::scenario::{Run, find};
use grieta_testkit::{LoadError, Scenario, Stage, Suite};
use rayon::prelude::*;
use serde::Serialize;

use super::{DEFAULT_SEED, Format};
use crate::output::{self, Failure, Findings};

/// Run the scenarios that stand beside definitions
///
/// A file of scenarios ends in `.test.yaml`. Exit code 1 when a scenario fails, or less is covered or killed than is asked for.
#[derive(Debug, Args)]
pub struct Test {
    /// Files of scenarios, definitions beside which they stand, or folders in which to look for them; with `--generate`,
    /// definitions
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Only scenarios whose name contains this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Say what of the definitions the scenarios cover
    #[arg(long)]
    coverage: bool,
    /// Also write what they cover as a page, with each process drawn in colours
    #[arg(long, value_name = "FILE")]
    coverage_page: Option<PathBuf>,
    /// The share of each definition that must be covered, such as `90%`
    #[arg(long, value_name = "SHARE", value_parser = Chance::from_str)]
    min_coverage: Option<Chance>,
    /// Change the definitions in one place at a time, and say which changes no scenario notices
    #[arg(long, conflicts_with = "filter")]
    mutate: bool,
    /// The share of these changes that must be noticed, such as `95%`
    #[arg(long, value_name = "SHARE", value_parser = Chance::from_str, requires = "mutate")]
    min_killed: Option<Chance>,
    /// Instead of running scenarios, write some for these definitions: few that do all that can be done, each to be confirmed
    #[arg(long, conflicts_with_all = ["filter", "coverage", "coverage_page", "min_coverage", "mutate", "junit"])]
    generate: bool,
    /// The seed of what is generated; the same seed gives the same scenarios
    #[arg(long, default_value_t = DEFAULT_SEED, requires = "generate")]
    seed: u64,
    /// Also write the result as JUnit XML, which build servers show
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What was asked for, as it is written for programs.
#[derive(Debug, Serialize)]
struct Outcome {
    files: Vec<Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<CoverageReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mutation: Option<Vec<mutate::Report>>,
}

/// A file of scenarios, and what became of it.
#[derive(Debug, Serialize)]
struct Report {
    file: String,
    /// Why it was not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable: Option<String>,
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

/// A file of scenarios, and the processes that they are run with.
type Loaded = (Suite, Stage);

impl Test {
    pub fn run(&self) -> Result<Findings, Failure> {
        if self.generate {
            return generate::write(&self.paths, self.seed);
        }
        let files = find(&self.paths)?;
        let loaded: Vec<Result<Loaded, LoadError>> = files.par_iter().map(|file| load(file)).collect();
        let (mut suites, mut unread, mut unreadable) = (Vec::new(), Vec::new(), Vec::new());
        for (file, loaded) in files.iter().zip(loaded) {
            match loaded {
                Ok(loaded) => suites.push(loaded),
                Err(error) => {
                    let unreadable_one = Some(error.to_string());
                    let file = file.display().to_string();
                    unreadable.push(Report { file, unreadable: unreadable_one, scenarios: Vec::new() });
                    unread.push(Failure::from(error));
                }
            }
        }
        if unread.is_empty() && !suites.iter().any(|(suite, _)| self.wants_any(suite)) {
            return Err(Failure::Usage(self.nothing(files.len())));
        }
        let runs: Vec<Vec<(&Scenario, Run)>> = suites.par_iter().map(|suite| self.runs(suite)).collect();
        let run = suites.iter().zip(&runs).map(|(loaded, runs)| self.report(loaded, runs));
        let mut files: Vec<Report> = run.chain(unreadable).collect();
        files.sort_by(|one, other| one.file.cmp(&other.file));
        // What fails already notices nothing.
        let mutate = self.mutate && rows(&files).all(|row| row.passed);
        let result = Outcome {
            files,
            coverage: self.wants_coverage().then(|| coverage::of(&suites, &runs)),
            mutation: mutate.then(|| mutation::of(&suites)).transpose()?,
        };
        match self.format {
            Format::Text => output::print(&self.text(&result, &suites)?)?,
            Format::Json => output::print_json(&result)?,
        }
        if let Some(file) = &self.junit {
            write(file, &junit::write(&result.files)?)?;
        }
        if let (Some(file), Some(report)) = (&self.coverage_page, &result.coverage) {
            write(file, coverage::page(report, &suites).as_bytes())?;
        }
        let short = self.shortfalls(&result);
        short.iter().for_each(|line| output::complain(&format!("{line}\n")));
        let failed = rows(&result.files).any(|row| !row.passed);
        let mut unread = unread.into_iter();
        let Some(last) = unread.next_back() else { return Ok(Findings::when(failed || !short.is_empty())) };
        unread.for_each(|failure| output::complain_of(&failure));
        Err(last)
    }

    fn wants(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|text| name.contains(text.as_str()))
    }

    fn wants_any(&self, suite: &Suite) -> bool {
        suite.scenarios.iter().any(|scenario| self.wants(&scenario.name)) || self.wants_criteria(suite)
    }

    /// A filter is for scenarios.
    fn wants_criteria(&self, suite: &Suite) -> bool {
        suite.acceptance.is_some() && self.filter.is_none()
    }

    fn wants_coverage(&self) -> bool {
        self.coverage || self.coverage_page.is_some() || self.min_coverage.is_some()
    }

    fn runs<'s>(&self, (suite, stage): &'s Loaded) -> Vec<(&'s Scenario, Run)> {
        let chosen = suite.scenarios.par_iter().filter(|scenario| self.wants(&scenario.name));
        chosen.map(|scenario| (scenario, suite.run(scenario, stage))).collect()
    }

    fn report(&self, loaded: &Loaded, runs: &[(&Scenario, Run)]) -> Report {
        let (suite, _) = loaded;
        let mut scenarios = scenario_rows(suite, runs);
        if self.wants_criteria(suite) {
            scenarios.extend(criteria(loaded));
        }
        Report { file: suite.source.file.clone(), unreadable: None, scenarios }
    }

    /// What was asked for and not reached, besides scenarios that fail.
    fn shortfalls(&self, result: &Outcome) -> Vec<String> {
        let mut short = Vec::new();
        if let (Some(wanted), Some(report)) = (self.min_coverage, &result.coverage) {
            for process in report.processes().iter().filter(|process| process.share() < wanted.as_f64()) {
                let (name, total) = (&process.process().definition().process, process.total());
                short.push(format!(
                    "`{name}`: {} of {} elements are covered, less than {wanted}",
                    total.covered, total.total
                ));
            }
        }
        if let (Some(wanted), Some(reports)) = (self.min_killed, &result.mutation) {
            for report in reports.iter().filter(|report| report.share() < wanted.as_f64()) {
                let all = report.total.killed + report.total.survived;
                short.push(format!(
                    "`{}`: {} of {all} changes are noticed, less than {wanted}",
                    report.file, report.total.killed
                ));
            }
        }
        if self.mutate && result.mutation.is_none() {
            short.push("the definitions were not changed, because there are scenarios that fail as it is".to_owned());
        }
        short
    }

    /// What failed, with its place in the file, then how many passed; then what was asked for besides.
    fn text(&self, result: &Outcome, suites: &[Loaded]) -> Result<String, Failure> {
        let mut text = scenarios(&result.files);
        if let (true, Some(report)) = (self.coverage || self.min_coverage.is_some(), &result.coverage) {
            text += &format!("\n{}", coverage::text(report, suites));
        }
        for report in result.mutation.iter().flatten() {
            text += &format!("\n{}", report.text());
        }
        Ok(text)
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

fn load(file: &Path) -> Result<Loaded, LoadError> {
    let suite = Suite::load(file)?;
    let stage = Stage::load(&suite)?;
    Ok((suite, stage))
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(file, bytes).map_err(|error| Failure::Rewrite(file.display().to_string(), error))
}

/// What a simulation says of the acceptance criteria of a file.
fn criteria((suite, stage): &Loaded) -> Vec<Row> {
    let row = |judged: Judged| {
        let passed = judged.verdict == Verdict::Holds;
        Row {
            line: judged.place.line,
            column: judged.place.column,
            passed,
            quote: if passed { String::new() } else { suite.quote(judged.place) },
            message: (!passed).then(|| format!("{judged}\n")),
            name: judged.sentence,
        }
    };
    suite.accept(stage).into_iter().map(row).collect()
}

fn scenario_rows(suite: &Suite, runs: &[(&Scenario, Run)]) -> Vec<Row> {
    let row = |(scenario, run): &(&Scenario, Run)| {
        let place = run.failed.as_ref().map_or(scenario.place, |failed| failed.place);
        Row {
            name: scenario.name.clone(),
            passed: run.failed.is_none(),
            line: place.line,
            column: place.column,
            quote: run.failed.as_ref().map(|failed| suite.quote(failed.place)).unwrap_or_default(),
            message: run.failed.as_ref().map(|failed| failed.message.clone()),
        }
    };
    runs.iter().map(row).collect()
}

fn rows(reports: &[Report]) -> impl Iterator<Item = &Row> {
    reports.iter().flat_map(|report| &report.scenarios)
}

fn scenarios(reports: &[Report]) -> String {
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
    let unreadable = reports.iter().filter(|report| report.unreadable.is_some()).count();
    text += &format!("\n{all} scenario{}: {} passed", plural(all), all - failed);
    if failed > 0 {
        text += &format!(", {failed} failed");
    }
    if unreadable > 0 {
        text += &format!("; {unreadable} file{} could not be run", plural(unreadable));
    }
    text + "\n"
}

fn plural(number: usize) -> &'static str {
    if number == 1 { "" } else { "s" }
}
