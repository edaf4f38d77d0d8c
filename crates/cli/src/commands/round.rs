//! `grieta round`: keeps the journal of improvement beside a definition.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use grieta_core::{Date, Process};
use grieta_rounds::{ENDING, Journal, LookError, Runs, State, Visit, look, screen};
use grieta_testkit::{Stage, Suite};
use serde::Serialize;

use super::Format;
use crate::input::{Input, STANDARD_INPUT};
use crate::output::{self, Failure, Findings};

/// Take stock of a process in rounds: what was found is fixed, new or back, and what the changes were worth
///
/// Checks the definition, simulates it, runs the scenarios beside it, and compares it with that of the round before on the same
/// customers; all that is kept in a journal beside it. Where nothing has changed since the last round, none is added. Exit code 1
/// when a finding is open.
#[derive(Debug, Args)]
pub struct OfImprovement {
    /// The definition file (YAML)
    file: String,
    /// The journal; beside it, in a folder of its name, the definitions of all rounds are kept [default: FILE with the ending
    /// `.rounds.yaml`]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// The day of the round [default: today]
    #[arg(long, value_name = "DAY")]
    date: Option<Date>,
    /// The wave that its changes belong to
    #[arg(long, value_name = "NAME")]
    wave: Option<String>,
    /// Leaves this finding as it is; may be repeated
    #[arg(long, value_name = "FINDING", requires = "reason")]
    accept: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT", requires = "accept")]
    reason: Option<String>,
    /// Cases in each replication [default: as in the round before; 5000]
    #[arg(long)]
    cases: Option<u64>,
    /// Independent replications, at least 2 [default: as in the round before; 12]
    #[arg(long)]
    replications: Option<u64>,
    /// The seed; a round and the one before it meet the customers of the same seed [default: as in the round before; 1]
    #[arg(long)]
    seed: Option<u64>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The result, as JSON.
#[derive(Debug, Serialize)]
struct Report<'a> {
    /// Whether a round was added.
    added: bool,
    #[serde(flatten)]
    journal: &'a Journal,
}

impl OfImprovement {
    pub fn run(&self) -> Result<Findings, Failure> {
        if self.file == STANDARD_INPUT {
            return Err(Failure::Usage("a journal stands beside a file: give the name of one".to_owned()));
        }
        let input = Input::read(&self.file)?;
        let process = input.process()?;
        let file = self.journal.clone().unwrap_or_else(|| beside(&self.file, ENDING));
        if file.extension().is_none_or(|ending| ending != "yaml") {
            let found = file.display();
            return Err(Failure::Usage(format!("expected a journal whose name ends in `{ENDING}`, found `{found}`")));
        }
        let mut journal = read(&file, &process)?;
        if let Some(wave) = self.wave.as_ref().filter(|wave| !journal.waves.contains_key(*wave)) {
            return Err(Failure::Usage(format!(
                "there is no wave `{wave}` under `waves` of `{}`; write it there",
                file.display()
            )));
        }
        let before = journal.to_yaml();
        let due = journal.is_due(process.definition());
        if due {
            self.add(&mut journal, &file, &input, &process)?;
        }
        for id in &self.accept {
            let reason = self.reason.as_deref().unwrap_or_default();
            journal.accept(id, reason).map_err(|error| Failure::Usage(error.to_string()))?;
        }
        if due || journal.to_yaml() != before {
            write(&file, &journal, due.then_some(&input))?;
        }
        match self.format {
            Format::Text => output::print(&screen(&journal, &process, due))?,
            Format::Json => output::print_json(&Report { added: due, journal: &journal })?,
        }
        let open = journal.that_are(State::Open).next().is_some();
        Ok(Findings::when(open))
    }

    fn add(&self, journal: &mut Journal, file: &Path, input: &Input, process: &Arc<Process>) -> Result<(), Failure> {
        let scenarios = scenarios(&self.file)?;
        let before = before(journal, file, process);
        let runs = self.runs(journal);
        let visit = Visit {
            process,
            before: before.as_ref(),
            scenarios: scenarios.as_ref().map(|(suite, stage)| (suite, stage)),
            journal,
            runs,
        };
        let stock = look(&visit).map_err(|error| match error {
            LookError::Problems(problems) => Failure::Found(input.locate(problems)),
            LookError::Simulation(error) => Failure::Simulation(error),
            other => Failure::Usage(other.to_string()),
        })?;
        journal.add(process, self.date.unwrap_or_else(today), self.wave.clone(), runs, stock);
        Ok(())
    }

    /// As was asked for, or else as the round before.
    fn runs(&self, journal: &Journal) -> Runs {
        let last = journal.rounds.iter().rev().find_map(|round| round.runs).unwrap_or_default();
        Runs {
            cases: self.cases.unwrap_or(last.cases),
            replications: self.replications.unwrap_or(last.replications),
            seed: self.seed.unwrap_or(last.seed),
        }
    }
}

/// The file of the same name with another ending.
fn beside(definition: &str, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}{ending}", definition.strip_suffix(".yaml").unwrap_or(definition)))
}

/// The definition of a round: `order.rounds/1.yaml` for `order.rounds.yaml`.
fn kept(journal: &Path, round: u32) -> PathBuf {
    journal.with_extension("").join(format!("{round}.yaml"))
}

/// The journal, or one in which nothing stands yet.
fn read(file: &Path, process: &Process) -> Result<Journal, Failure> {
    let name = &process.definition().process;
    if !file.exists() {
        return Ok(Journal::new(name));
    }
    let input = Input::read(&file.display().to_string())?;
    let journal = Journal::read(&input.name, input.bytes()).map_err(Failure::Found)?;
    if journal.rounds_of != *name {
        let of = &journal.rounds_of;
        return Err(Failure::Usage(format!("`{}` has the rounds of `{of}`, not of `{name}`", file.display())));
    }
    Ok(journal)
}

/// The scenarios beside the definition, where there are any.
fn scenarios(definition: &str) -> Result<Option<(Suite, Stage)>, Failure> {
    let file = beside(definition, grieta_testkit::scenario::ENDING);
    if !file.exists() {
        return Ok(None);
    }
    let suite = Suite::load(&file)?;
    let stage = Stage::load(&suite)?;
    Ok(Some((suite, stage)))
}

/// The process of the last round. Where it was not kept as it was, nothing can be compared with it, and that is said. One that says
/// the same as this one has nothing to be compared with either.
fn before(journal: &Journal, file: &Path, process: &Process) -> Option<Arc<Process>> {
    let last = journal.rounds.last()?;
    if last.hash == process.definition().content_hash().to_string() {
        return None;
    }
    let kept = kept(file, last.round).display().to_string();
    let read = Input::read(&kept).and_then(|input| input.process()).map_err(|failure| failure.to_string());
    let as_it_was = read.and_then(|process| match process.definition().content_hash().to_string() == last.hash {
        true => Ok(process),
        false => Err(format!("`{kept}` was changed since")),
    });
    let complain = |why: &String| {
        output::complain(&format!("round {} cannot be compared with: {}\n", last.round, why.trim_end()));
    };
    as_it_was.inspect_err(complain).ok()
}

/// Writes the journal, and beside it the definition of a new round. What cannot be read again as it is must not take the place of
/// what can.
fn write(file: &Path, journal: &Journal, definition: Option<&Input>) -> Result<(), Failure> {
    let (name, text) = (file.display().to_string(), journal.to_yaml());
    if Journal::read(&name, text.as_bytes()).ok().as_ref() != Some(journal) {
        let remedy = "write each of its keys at the beginning of a line, without braces around all of it";
        return Err(Failure::Usage(format!("`{name}` cannot be carried on as it is laid out: {remedy}")));
    }
    if let (Some(definition), Some(last)) = (definition, journal.rounds.last()) {
        keep(&kept(file, last.round), definition.bytes())?;
    }
    keep(file, text.as_bytes())
}

fn keep(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(file, bytes));
    written.map_err(|error| Failure::Rewrite(file.display().to_string(), error))
}

/// The day it is, in UTC.
fn today() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i32::try_from(since.as_secs() / 86_400).ok().and_then(Date::from_days).unwrap_or_default()
}
