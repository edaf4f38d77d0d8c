//! `grieta simulate`: what stops the work, what slows it, and what falls through the cracks.

use std::sync::Arc;

use clap::{Args, ValueEnum};
use grieta_core::definition::{Chance, Span, Unit};
use grieta_core::{Duration, Process};
use grieta_report::progress::Progress;
use grieta_report::{Screen, Telling, tables};
use grieta_simulator::{Inputs, Measured, Precision, RecordError, Simulation, Transactions, WarmUp};
use serde::Serialize;

use super::what_if::Change;
use super::{DEFAULT_SEED, Format};
use crate::input::{self, Input, STANDARD_INPUT};
use crate::output::{self, Failure, Findings};

/// Simulate a process: what stops it, what slows it, what falls through the cracks
///
/// Exit code 1 when a case never ends, or when a role gets more work than it can do.
#[derive(Debug, Args)]
pub struct Simulate {
    /// Definition file (YAML); `-` is the standard input
    file: String,
    /// Cases in each replication [default: 10000]
    #[arg(long, conflicts_with_all = ["lasting", "transactions"])]
    cases: Option<u64>,
    /// Instead of a number of cases: for how long cases arrive, such as `90d`
    #[arg(long = "for", value_name = "SPAN", value_parser = elapsed, conflicts_with = "transactions")]
    lasting: Option<Duration>,
    /// Independent replications; with one, intervals come from batches [default: 20]
    #[arg(long)]
    replications: Option<u64>,
    /// The seed; the same seed gives the same result, byte for byte
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// Replay exactly the cases of this file (JSON lines), in one replication; `-` is the standard input
    #[arg(long, value_name = "FILE")]
    transactions: Option<String>,
    /// Instead of the whole: the replication of the case whose story is told, or of the records, from 0
    #[arg(long)]
    replication: Option<u64>,
    /// Instead of the whole: the case whose story is told, from 0
    #[arg(long, requires = "replication")]
    case: Option<u64>,
    /// Measure, besides, the time from when one step is first begun until another is, as `FROM..TO`; may be repeated
    #[arg(long, value_name = "FROM..TO", value_parser = stretch)]
    measure: Vec<(String, String)>,
    #[command(flatten)]
    change: Change,
    /// How cracks are treated
    #[arg(long, value_enum, default_value_t = Cracks::On)]
    cracks: Cracks,
    /// Instead of a number of replications: as many as make a figure so precise, such as `5%`
    #[arg(long, value_name = "SHARE", value_parser = share, conflicts_with = "transactions")]
    precision: Option<f64>,
    /// Of what: `cycle-time`, `cycle-p90`, `wait:STEP` or `until:STEP`
    #[arg(long, value_name = "MEASURE", requires = "precision", default_value_t = Measured::CycleTime)]
    precision_of: Measured,
    /// No more replications than these, however precise
    #[arg(long, value_name = "N", requires = "precision", default_value_t = 1_000)]
    at_most: u64,
    /// Which cases are left out, because the process was still filling: `auto`, `none`, a number of cases of each
    /// replication, or a time such as `30d`
    #[arg(long, value_name = "WHICH", default_value = "none")]
    warm_up: WarmUp,
    /// Instead of the whole: write all that happens in one replication to this file (JSON lines); `-` is the standard output
    #[arg(long, value_name = "FILE", conflicts_with_all = ["case", "precision", "warm_up", "measure", "format"])]
    records: Option<String>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How cracks are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Cracks {
    /// They never strike
    Off,
    /// They strike, and nobody answers
    Unanswered,
    /// They strike, and are answered as declared
    On,
}

/// Two steps, as in `assign..call`.
pub(super) fn stretch(text: &str) -> Result<(String, String), String> {
    let ends = text.split_once("..").filter(|(from, to)| !from.is_empty() && !to.is_empty());
    let (from, to) = ends.ok_or_else(|| format!("expected two steps, as in `assign..call`, found `{text}`"))?;
    Ok((from.to_owned(), to.to_owned()))
}

/// A share such as `5%` or `0.05`.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<Chance>().map(Chance::as_f64);
    share.map_err(|_| format!("expected a share such as `5%`, found `{text}`"))
}

pub fn elapsed(text: &str) -> Result<Duration, String> {
    match text.parse::<Span>()? {
        Span { unit: Unit::Elapsed, amount } => Ok(Duration::from_micros(amount)),
        _ => Err(format!("expected elapsed time such as `90d` or `12h`, found `{text}`")),
    }
}

impl Simulate {
    pub fn run(&self) -> Result<Findings, Failure> {
        if self.file == STANDARD_INPUT && self.transactions.as_deref() == Some(STANDARD_INPUT) {
            let message = "the definition and the transactions cannot both come from the standard input";
            return Err(Failure::Usage(message.to_owned()));
        }
        let input = Input::read(&self.file)?;
        let process = self.change.apply(&input, input.process()?)?;
        let simulation = self.simulation(&input, &process)?;
        match (&self.records, self.replication, self.case) {
            (Some(file), replication, _) => self.record(&simulation, replication.unwrap_or(0), file),
            (None, Some(replication), Some(case)) => self.story(&simulation, replication, case),
            (None, Some(_), None) => {
                Err(Failure::Usage("`--replication` needs `--case`, whose story is told, or `--records`".to_owned()))
            }
            _ => self.whole(&process, &simulation),
        }
    }

    /// Writes the records of one replication, and says on the standard error how many there are.
    fn record(&self, simulation: &Simulation, replication: u64, file: &str) -> Result<Findings, Failure> {
        let read = [Some(&self.file), self.transactions.as_ref()].into_iter().flatten();
        if let Some(same) = read.filter(|read| *read != STANDARD_INPUT).find(|read| is_same(read, file)) {
            return Err(Failure::Usage(format!(
                "the records would overwrite `{same}`, which they are made of; name another file"
            )));
        }
        let written = match file {
            "-" => simulation.record_to(replication, &mut std::io::stdout().lock()),
            _ => {
                let mut out = std::fs::File::create(file).map_err(|error| Failure::Rewrite(file.to_owned(), error))?;
                simulation.record_to(replication, &mut out)
            }
        };
        match written {
            Ok(count) => output::complain(&format!("{} written\n", grieta_simulator::words::counted(count, "record"))),
            Err(RecordError::Simulation(error)) => return Err(error.into()),
            Err(RecordError::Output(error)) => return Err(Failure::Rewrite(file.to_owned(), error)),
            Err(other) => return Err(Failure::Usage(other.to_string())),
        }
        Ok(Findings::None)
    }

    fn simulation(&self, input: &Input, process: &Arc<Process>) -> Result<Simulation, Failure> {
        let cracks = match self.cracks {
            Cracks::Off => grieta_simulator::Cracks::Off,
            Cracks::Unanswered => grieta_simulator::Cracks::Unanswered,
            Cracks::On => grieta_simulator::Cracks::On,
        };
        let simulation = Simulation::with_cracks(process, cracks);
        let mut simulation = simulation.map_err(|problems| Failure::Found(input.locate(problems)))?.seed(self.seed);
        if let Some(cases) = self.cases {
            simulation = simulation.cases(cases);
        }
        if let Some(span) = self.lasting {
            simulation = simulation.lasting(span);
        }
        if let Some(replications) = self.replications {
            simulation = simulation.replications(replications);
        }
        if let Some(file) = &self.transactions {
            let transactions = Transactions::read(&input::text(file)?, simulation.plan());
            let transactions = transactions.map_err(|errors| Failure::Transactions(file.clone(), errors))?;
            simulation = simulation.transactions(transactions);
        }
        for (from, to) in &self.measure {
            simulation = simulation.measuring(from, to)?;
        }
        if let Some(relative) = self.precision {
            simulation =
                simulation.precision(Precision { relative, of: self.precision_of.clone(), most: self.at_most });
        }
        Ok(simulation.warm_up(self.warm_up))
    }

    fn whole(&self, process: &Process, simulation: &Simulation) -> Result<Findings, Failure> {
        let progress = Progress::new("replications");
        let results = simulation.run_with(&|done, of| progress.done(done, of))?;
        drop(progress);
        match self.format {
            Format::Json => output::print_json(&results)?,
            Format::Text => {
                let screen = Screen::new(process, &results).command(&self.again());
                output::print(&format!("{screen}\n{}", tables::all(&results)))?;
            }
        }
        Ok(Findings::when(results.stuck > 0 || !results.stable))
    }

    /// The command that repeats this run, without seed and replications.
    fn again(&self) -> String {
        // In a clone the command is an alias of cargo.
        let by_cargo = std::env::var("CARGO_PKG_NAME").is_ok_and(|name| name == env!("CARGO_PKG_NAME"));
        let program = if by_cargo { "cargo grieta" } else { "grieta" };
        let mut command = format!("{program} simulate {}", quoted(&self.file));
        if let Some(cases) = self.cases {
            command += &format!(" --cases {cases}");
        }
        if let Some(span) = self.lasting {
            let span = Span { amount: span.as_micros(), unit: Unit::Elapsed };
            command += &format!(" --for {}", span.to_string().replace(' ', ""));
        }
        if let Some(file) = &self.transactions {
            command += &format!(" --transactions {}", quoted(file));
        }
        command += &self.change.again();
        match self.cracks {
            Cracks::On => command,
            Cracks::Off => command + " --cracks off",
            Cracks::Unanswered => command + " --cracks unanswered",
        }
    }

    fn story(&self, simulation: &Simulation, replication: u64, case: u64) -> Result<Findings, Failure> {
        let story = simulation.story(replication, case)?;
        if story.events.is_empty() {
            return Err(Failure::Usage(format!("there is no case {case} in replication {replication}")));
        }
        let telling = Telling::new(simulation.plan(), &story);
        match self.format {
            Format::Text => output::print(&format!("Case {case} of replication {replication}\n\n{telling}"))?,
            Format::Json => {
                let row = StoryRow::of(simulation.inputs()?, self.seed, replication, case, &telling);
                output::print_json(&row)?;
            }
        }
        Ok(Findings::when(!telling.waits_for.is_empty()))
    }
}

/// Whether two names are of the same file.
fn is_same(one: &str, other: &str) -> bool {
    let real = |name: &str| std::fs::canonicalize(name).ok();
    real(one).is_some_and(|one| real(other) == Some(one))
}

/// A file name as a shell takes it.
pub(super) fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./,:+@%".contains(c);
    if !name.is_empty() && name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', r"'\''"))
    }
}

/// A story, as JSON.
#[derive(Debug, Serialize)]
struct StoryRow {
    inputs: Inputs,
    seed: u64,
    replication: u64,
    case: u64,
    events: Vec<MomentRow>,
    waits_for: Vec<String>,
}

#[derive(Debug, Serialize)]
struct MomentRow {
    at: String,
    step: Option<String>,
    what: String,
}

impl StoryRow {
    fn of(inputs: Inputs, seed: u64, replication: u64, case: u64, telling: &Telling) -> StoryRow {
        let row = |moment: &grieta_report::Moment| MomentRow {
            at: moment.at.to_string(),
            step: moment.step.clone(),
            what: moment.what.clone(),
        };
        let events = telling.moments.iter().map(row).collect();
        StoryRow { inputs, seed, replication, case, events, waits_for: telling.waits_for.clone() }
    }
}
