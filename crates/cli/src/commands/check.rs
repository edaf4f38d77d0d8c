//! `grieta check`: what is wrong with definitions, each problem with its place.

use std::io;

use clap::{Args, ValueEnum};
use grieta_core::diagnostic::{Code, Problem, Problems, Related, Severity};
use grieta_verifier::{Limits, Proof, Verdict};
use serde::{Serialize, Serializer};

use super::Format;
use crate::checked::{self, Checked};
use crate::input::Input;
use crate::output::{self, Failure, Findings};

/// Check process definitions
///
/// Proves that every case can end, or tells how one does not; reports every problem at once, the gravest first, each with its
/// place in the file; `grieta explain` says more of each. Exit code 1 when there is an error; warnings and advice alone leave
/// it 0.
#[derive(Debug, Args)]
pub struct Check {
    /// Definition files (YAML), or BPMN 2.0 models; `-` is the standard input
    #[arg(required = true)]
    files: Vec<String>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// What else leads to exit code 1
    #[arg(long, value_enum)]
    deny: Option<Deny>,
    /// So many states of a case may be found; where there are more, nothing is proved
    #[arg(long, default_value_t = Limits::default().most_states)]
    states: usize,
}

/// What else is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Warnings, as errors are not
    Warnings,
    /// Warnings and advice
    Advice,
}

/// Whether every case can end, and properly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sound {
    No,
    Unknown,
    Yes,
}

impl Sound {
    fn of(checked: &Checked) -> Sound {
        match checked.proved.as_ref().map(|proved| proved.verdict) {
            // Who reads that there is an error expects no proof.
            Some(Verdict::Sound) if is_in_error(checked) => Sound::Unknown,
            Some(Verdict::Sound) => Sound::Yes,
            Some(Verdict::Unsound) => Sound::No,
            Some(Verdict::Unknown) | None => Sound::Unknown,
        }
    }
}

/// `true`, `false` or `"unknown"`.
impl Serialize for Sound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Sound::Yes => serializer.serialize_bool(true),
            Sound::No => serializer.serialize_bool(false),
            Sound::Unknown => serializer.serialize_str("unknown"),
        }
    }
}

/// The result, as JSON.
#[derive(Debug, Serialize)]
struct Report {
    /// Whether every case of every process can end, and properly.
    sound: Sound,
    processes: Vec<ProcessRow>,
    problems: Vec<Row>,
}

/// What was proved of a process; the last six are `null` where its definition has no meaning.
#[derive(Debug, Serialize)]
struct ProcessRow {
    file: String,
    sound: Sound,
    waived: usize,
    states: Option<usize>,
    transitions: Option<usize>,
    elapsed_ms: Option<f64>,
    rules: Option<RulesRow>,
    crack_coverage: Option<CoverageRow>,
    /// Guards and tables of which nothing could be said.
    undecided: Option<usize>,
}

/// How many of the rules on the order of steps every case keeps.
#[derive(Debug, Serialize)]
struct RulesRow {
    proved: usize,
    broken: usize,
    unproved: usize,
}

/// How many of the questions to its steps a process answers.
#[derive(Debug, Serialize)]
struct CoverageRow {
    /// Answered or waived, from 0 to 1.
    share: f64,
    asked: usize,
    answered: usize,
    waived: usize,
}

#[derive(Debug, Serialize)]
struct Row {
    code: &'static str,
    severity: &'static str,
    message: String,
    file: String,
    line: Option<u32>,
    column: Option<u32>,
    step: Option<String>,
    help: Option<String>,
    related: Vec<Place>,
    /// How a case comes to it.
    trace: Vec<String>,
}

/// A place that explains the problem.
#[derive(Debug, Serialize)]
struct Place {
    label: String,
    line: Option<u32>,
    column: Option<u32>,
}

impl Check {
    pub fn run(&self) -> Result<Findings, Failure> {
        let limits = Limits { most_states: self.states, ..Limits::default() };
        let (mut found, mut unread) = (Vec::new(), None);
        for file in &self.files {
            match Input::read(file) {
                Ok(input) => found.extend(checked::check(&input, &limits)),
                Err(failure) => unread = unread.or(Some(failure)),
            }
        }
        match self.format {
            Format::Text => {
                let reports: String = found.iter().map(text).collect();
                output::print(&(reports + &hint(&found)))?
            }
            Format::Json => output::print_json(&report(&found, unread.is_none()))?,
        }
        let mut problems = found.iter().flat_map(|checked| &checked.problems.list);
        match unread {
            Some(failure) => Err(failure),
            None => Ok(Findings::when(problems.any(|problem| problem.severity <= self.denied()))),
        }
    }

    /// The least severity that leads to exit code 1.
    fn denied(&self) -> Severity {
        match self.deny {
            None => Severity::Error,
            Some(Deny::Warnings) => Severity::Warning,
            Some(Deny::Advice) => Severity::Advice,
        }
    }
}

/// The problems of a process, each piece of advice on a line, and a line that sums it up.
fn text(checked: &Checked) -> String {
    let (advice, grave): (Vec<Problem>, Vec<Problem>) =
        checked.problems.list.iter().cloned().partition(|problem| problem.severity == Severity::Advice);
    let problems = Problems { source: checked.problems.source.clone(), list: grave };
    let advice: String = advice.iter().map(|problem| one_line(checked, problem)).collect();
    let summary = [Some(count(checked)), verdict(checked), rules(checked), coverage(checked)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    let summary = format!("{}: {}\n", checked.name, summary.join("; "));
    let shown = problems.annotated(output::colours(&io::stdout()));
    let parts: Vec<String> = [shown, advice, summary].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn one_line(checked: &Checked, problem: &Problem) -> String {
    let place = problem.place.map_or_else(|| problem.path.to_string(), |at| format!("{}:{}", at.line, at.column));
    format!("{}[{}]: {}:{place}: {}\n", problem.severity.as_str(), problem.code, checked.name, problem.message)
}

/// How many problems of each severity there are, and how many are waived.
fn count(checked: &Checked) -> String {
    let number = |severity| checked.problems.list.iter().filter(|problem| problem.severity == severity).count();
    let none = if checked.problems.is_empty() { 1 } else { 0 };
    let parts = [
        (none, "no problems found".to_owned()),
        (number(Severity::Error), counted(number(Severity::Error), "error")),
        (number(Severity::Warning), counted(number(Severity::Warning), "warning")),
        (number(Severity::Advice), counted(number(Severity::Advice), "piece") + " of advice"),
        (checked.waived, format!("{} waived", checked.waived)),
    ];
    parts.into_iter().filter(|(number, _)| *number > 0).map(|(_, said)| said).collect::<Vec<_>>().join(", ")
}

fn verdict(checked: &Checked) -> Option<String> {
    let proved = checked.proved.as_ref()?;
    let states = counted(proved.soundness.states, "state");
    Some(match proved.verdict {
        Verdict::Sound if is_in_error(checked) => return None,
        Verdict::Sound => format!("sound: every case can end, as far as the data let it ({states})"),
        Verdict::Unsound => "not sound".to_owned(),
        Verdict::Unknown => format!("whether every case can end is not proved ({states})"),
    })
}

/// Whether there is an error that says more than that a rule can be broken.
fn is_in_error(checked: &Checked) -> bool {
    let grave = |problem: &Problem| problem.severity == Severity::Error && problem.code != Code::RuleBroken;
    checked.problems.list.iter().any(grave)
}

/// How many of the rules on the order of steps are kept by every case.
fn rules(checked: &Checked) -> Option<String> {
    let proofs = &checked.proved.as_ref()?.proofs;
    let kept = proofs.iter().filter(|proof| **proof == Proof::Holds).count();
    (!proofs.is_empty()).then(|| format!("{kept} of {} on the order of steps proved", counted(proofs.len(), "rule")))
}

fn coverage(checked: &Checked) -> Option<String> {
    let coverage = &checked.proved.as_ref()?.coverage;
    let (by_waiver, waived) = match coverage.waived {
        0 => (String::new(), String::new()),
        waived => (format!(", {:.0} % by waivers", coverage.waived_share() * 100.0), format!(", {waived} waived")),
    };
    let share = format!(
        "{:.0} % of its questions settled{by_waiver} ({} of {} answered{waived})",
        coverage.share() * 100.0,
        coverage.answered,
        coverage.asked
    );
    (coverage.asked > 0).then_some(share)
}

/// As many codes as one cares to read about at once.
const MOST_HINTED: usize = 4;

/// How to learn more about what was found.
fn hint(found: &[Checked]) -> String {
    let mut codes: Vec<&str> = Vec::new();
    for problem in found.iter().flat_map(|checked| &checked.problems.list) {
        if codes.len() < MOST_HINTED && !codes.contains(&problem.code.as_str()) {
            codes.push(problem.code.as_str());
        }
    }
    if codes.is_empty() { String::new() } else { format!("for more: grieta explain {}\n", codes.join(" ")) }
}

fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

fn report(found: &[Checked], all_read: bool) -> Report {
    let rows =
        |checked: &Checked| checked.problems.list.iter().map(|problem| row(&checked.name, problem)).collect::<Vec<_>>();
    Report {
        sound: found.iter().map(Sound::of).chain((!all_read).then_some(Sound::Unknown)).min().unwrap_or(Sound::Unknown),
        processes: found.iter().map(process).collect(),
        problems: found.iter().flat_map(rows).collect(),
    }
}

fn process(checked: &Checked) -> ProcessRow {
    let proved = checked.proved.as_ref();
    ProcessRow {
        file: checked.name.clone(),
        sound: Sound::of(checked),
        waived: checked.waived,
        states: proved.map(|proved| proved.soundness.states),
        transitions: proved.map(|proved| proved.soundness.transitions),
        elapsed_ms: proved.map(|proved| proved.took.as_secs_f64() * 1e3),
        undecided: proved.map(|proved| proved.undecided),
        rules: proved.map(|proved| rules_row(&proved.proofs)),
        crack_coverage: proved.map(|proved| CoverageRow {
            share: proved.coverage.share(),
            asked: proved.coverage.asked,
            answered: proved.coverage.answered,
            waived: proved.coverage.waived,
        }),
    }
}

fn rules_row(proofs: &[Proof]) -> RulesRow {
    let mut row = RulesRow { proved: 0, broken: 0, unproved: 0 };
    for proof in proofs {
        *match proof {
            Proof::Holds => &mut row.proved,
            Proof::Broken(_) => &mut row.broken,
            Proof::TooLarge | Proof::Instances => &mut row.unproved,
        } += 1;
    }
    row
}

fn row(file: &str, problem: &Problem) -> Row {
    Row {
        code: problem.code.as_str(),
        severity: problem.severity.as_str(),
        message: problem.message.clone(),
        file: file.to_owned(),
        line: problem.place.map(|place| place.line),
        column: problem.place.map(|place| place.column),
        step: problem.path.step().map(str::to_owned),
        help: problem.help.clone(),
        related: problem.related.iter().map(place).collect(),
        trace: problem.story.clone(),
    }
}

fn place(related: &Related) -> Place {
    let (line, column) = related.place.map(|place| (place.line, place.column)).unzip();
    Place { label: related.label.clone(), line, column }
}
