//! Runs scenarios.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use grieta_core::diagnostic::{Place, Problems};
use grieta_core::{Plan, Process, yaml};
use grieta_runtime::Recorded;

use super::{Scenario, Suite};
use crate::coverage::CoverageReport;
use crate::failure::Tongue;
use crate::mutate::{self, MutationError};
use crate::trial::Trial;

/// The processes that scenarios are run with: the one that is tested, then those that it calls or hands over to.
#[derive(Debug, Clone)]
pub struct Stage {
    plans: Vec<Arc<Plan>>,
}

/// Why files cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A file could not be read.
    #[error("cannot read `{file}`{}: {error}", who_asked(.named_by))]
    Io {
        /// The file.
        file: String,
        /// The file of scenarios that names it, or is called like it.
        named_by: Option<String>,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// A file was read, and something is wrong in it.
    #[error("{0}")]
    Problems(Problems),
}

fn who_asked(named_by: &Option<String>) -> String {
    named_by.as_ref().map(|file| format!(", which `{file}` tests or names")).unwrap_or_default()
}

/// A scenario that was run.
pub struct Run {
    /// Why it failed, if it did.
    pub failed: Option<Failed>,
    trial: Option<Trial>,
}

/// Why a scenario failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Where in the file stands what could not be done, or was found otherwise.
    pub place: Place,
    /// What was expected and found, the remedy, why the case does not move and what happened last; several lines.
    pub message: String,
}

impl Stage {
    /// The processes: first the one that is tested.
    pub fn new(plans: Vec<Arc<Plan>>) -> Stage {
        Stage { plans }
    }

    /// Reads the definitions that a file of scenarios names, as seen from that file.
    ///
    /// # Errors
    /// When one of them cannot be read, or with all that is wrong in it.
    pub fn load(suite: &Suite) -> Result<Stage, LoadError> {
        let files = std::iter::once(&suite.definition).chain(&suite.others);
        let plans = files.map(|file| plan(&suite.beside(file), &suite.source.file)).collect::<Result<_, _>>()?;
        Ok(Stage { plans })
    }

    /// The processes, the one that is tested first.
    pub fn plans(&self) -> &[Arc<Plan>] {
        &self.plans
    }
}

impl Suite {
    /// Reads a file of scenarios from the disk.
    ///
    /// # Errors
    /// When it cannot be read, or with all that is wrong in it.
    pub fn load(file: impl AsRef<Path>) -> Result<Suite, LoadError> {
        let (name, bytes) = bytes(file.as_ref(), None)?;
        Suite::read(&name, &bytes).map_err(LoadError::Problems)
    }

    /// Where another file lies that is named as seen from this one, such as its `definition`.
    pub fn beside(&self, file: &str) -> PathBuf {
        Path::new(&self.source.file).parent().unwrap_or(Path::new("")).join(file)
    }

    /// Runs one of its scenarios.
    pub fn run(&self, scenario: &Scenario, stage: &Stage) -> Run {
        let mut trial = match set_up(scenario, stage) {
            Ok(trial) => trial,
            Err(message) => return Run { failed: Some(Failed { place: scenario.place, message }), trial: None },
        };
        let failed = scenario.lines.iter().find_map(|line| {
            let failure = trial.perform(&line.verb).err()?;
            Some(Failed { place: line.place, message: trial.told(&failure) })
        });
        Run { failed, trial: Some(trial) }
    }

    /// Runs all of its scenarios, and says what they cover.
    ///
    /// ```
    /// use grieta_testkit::{Stage, Suite};
    ///
    /// # let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");
    /// let suite = Suite::load(format!("{docs}/order.test.yaml"))?;
    /// let stage = Stage::load(&suite)?;
    /// let coverage = suite.coverage(&stage);
    /// assert_eq!(coverage.share(), 1.0, "{coverage}");
    /// let mutants = suite.mutants(&stage)?;
    /// assert!(mutants.share() >= 0.9, "{mutants}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn coverage(&self, stage: &Stage) -> CoverageReport {
        let mut report = CoverageReport::of(stage.plans().iter().map(AsRef::as_ref));
        for scenario in &self.scenarios {
            report.add(&scenario.name, self.run(scenario, stage).histories());
        }
        report
    }

    /// Changes the definition in one place at a time, and says for which changes none of its scenarios fails.
    ///
    /// # Errors
    /// When the definition cannot be read, or a scenario fails for it as it is.
    pub fn mutants(&self, stage: &Stage) -> Result<mutate::Report, MutationError> {
        let read = bytes(&self.beside(&self.definition), Some(&self.source.file));
        let (name, bytes) = read.map_err(|error| MutationError::Unread(error.to_string()))?;
        mutate::check(&name, &bytes, &[(self, stage)])
    }

    /// The line of the file in which something stands, with its place marked.
    pub fn quote(&self, place: Place) -> String {
        let number = place.line.to_string();
        let line = self.source.text.lines().nth(place.line.saturating_sub(1) as usize).unwrap_or_default();
        let (gutter, marks) = (" ".repeat(number.len()), "^".repeat(place.length as usize));
        let before = " ".repeat(place.column.saturating_sub(1) as usize);
        format!(
            "{gutter}--> {}:{number}:{}\n{gutter} |\n{number} | {line}\n{gutter} | {before}{marks}\n",
            self.source.file, place.column
        )
    }
}

impl Run {
    /// What happened to each case: of the process that is tested, and of others that were started.
    pub fn histories(&self) -> impl Iterator<Item = (&Plan, &[Recorded])> {
        let engine = self.trial.as_ref().map(|trial| &trial.engine);
        let cases = engine.into_iter().flat_map(|engine| engine.cases().map(move |(case, _)| (engine, case)));
        cases.filter_map(|(engine, case)| Some((engine.plan(case).ok()?, engine.history(case).ok()?)))
    }

    /// What happened to the case that the scenario tells of, a line for each thing, with its time.
    pub fn story(&self) -> Vec<String> {
        self.trial.as_ref().map(Trial::story).unwrap_or_default()
    }
}

/// A test that nothing has been said of yet, or why there is none.
fn set_up(scenario: &Scenario, stage: &Stage) -> Result<Trial, String> {
    let mut plans = stage.plans.iter();
    let Some(first) = plans.next() else { return Err("there is no process to test".to_owned()) };
    let mut trial = Trial::new(Arc::clone(first), Tongue::File).map_err(|error| error.to_string())?;
    plans.try_for_each(|plan| trial.deploy(Arc::clone(plan))).map_err(|error| error.to_string())?;
    if let Some(Err(failure)) = scenario.at.map(|at| trial.at(at)) {
        return Err(trial.told(&failure));
    }
    Ok(trial)
}

fn plan(file: &Path, named_by: &str) -> Result<Arc<Plan>, LoadError> {
    let (name, bytes) = bytes(file, Some(named_by))?;
    if bytes.trim_ascii_start().starts_with(b"<") {
        let error = io::Error::new(io::ErrorKind::InvalidData, "it is no YAML, and scenarios test definitions in YAML");
        return Err(LoadError::Io { file: name, named_by: Some(named_by.to_owned()), error });
    }
    let process = Process::read(&name, &bytes).map_err(LoadError::Problems)?;
    Plan::new(Arc::new(process)).map(Arc::new).map_err(LoadError::Problems)
}

/// Of a file that is too large only the beginning, which is enough for the reader to say so.
fn bytes(file: &Path, named_by: Option<&str>) -> Result<(String, Vec<u8>), LoadError> {
    let name = file.display().to_string();
    let read = || -> io::Result<Vec<u8>> {
        // To open what is no file may take for ever.
        if !fs::metadata(file)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
        }
        let mut bytes = Vec::new();
        File::open(file)?.take(yaml::LARGEST_FILE as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(LoadError::Io { file: name, named_by: named_by.map(str::to_owned), error }),
    }
}
