//! What is said of the mutants of a definition: how many its scenarios killed, and where the others are.

use std::fmt::{self, Write as _};

use grieta_core::diagnostic::{Place, Source};
use grieta_core::yaml::Reading;
use serde::Serialize;

use super::{Judged, Operator, Verdict};

/// What became of the mutants of a definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The process.
    pub process: String,
    /// The file of its definition.
    pub file: String,
    /// All mutants.
    pub total: Tally,
    /// The same for each operator that made any.
    pub operators: Vec<OfOperator>,
    /// The mutants for which no scenario fails, in the order of the file.
    pub survivors: Vec<Survivor>,
    /// The mutants that are proved to do the same, in the order of the file.
    pub equivalent: Vec<Proved>,
}

/// How many mutants became what.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Tally {
    /// How many there are.
    pub made: usize,
    /// For how many a scenario fails.
    pub killed: usize,
    /// For how many none fails.
    pub survived: usize,
    /// How many are proved to do the same as the definition; they do not count.
    pub equivalent: usize,
    /// How many are no sound definitions; they do not count either.
    pub stillborn: usize,
    /// The share of those killed among those that count, from 0 to 1; `None` where none counts.
    pub score: Option<f64>,
}

/// The mutants of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OfOperator {
    /// The operator.
    pub operator: Operator,
    /// How many became what.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A mutant for which no scenario fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Survivor {
    /// What kind of change it is.
    pub operator: Operator,
    /// What is different.
    pub what: String,
    /// Where it is made in the definition.
    pub path: String,
    /// The line of the file, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// The line with its place marked, as a text of several lines.
    #[serde(skip)]
    pub quote: String,
}

/// A mutant that is proved to do the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proved {
    /// What kind of change it is.
    pub operator: Operator,
    /// What is different.
    pub what: String,
    /// The line of the file, from 1.
    pub line: u32,
    /// Why that makes no difference.
    pub proof: String,
}

impl Report {
    /// Sums up what became of the mutants of the definition that was read.
    pub fn new(process: &str, reading: &Reading, judged: &[Judged]) -> Report {
        let source = reading.problems.source.as_ref();
        let mut placed: Vec<(Place, &Judged)> = judged.iter().map(|judged| (place(reading, judged), judged)).collect();
        placed.sort_by_key(|(place, _)| (place.line, place.column));
        let of_operator = |operator| {
            let tally = Tally::of(judged.iter().filter(|judged| judged.mutant.operator == operator));
            (tally.made > 0).then_some(OfOperator { operator, tally })
        };
        Report {
            process: process.to_owned(),
            file: source.map(|source| source.file.clone()).unwrap_or_default(),
            total: Tally::of(judged.iter()),
            operators: Operator::ALL.into_iter().filter_map(of_operator).collect(),
            survivors: placed.iter().filter_map(|(place, judged)| survivor(source, *place, judged)).collect(),
            equivalent: placed.iter().filter_map(|(place, judged)| proved(*place, judged)).collect(),
        }
    }

    /// The share of the changes that scenarios notice, from 0 to 1; of none, all.
    pub fn share(&self) -> f64 {
        self.total.score.unwrap_or(1.0)
    }

    /// The report as text: the figures by operator, then each survivor with its place in the file.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.file);
        let mut row = |name: &str, columns: [String; 6]| {
            let columns: String = columns.iter().map(|column| format!("{column:>11}")).collect();
            _ = writeln!(text, "  {name:<20}{columns}");
        };
        row("", ["made", "killed", "survived", "equivalent", "stillborn", "score"].map(str::to_owned));
        for OfOperator { operator, tally } in &self.operators {
            row(operator.words(), tally.columns());
        }
        row("all", self.total.columns());
        for Survivor { operator, what, quote, .. } in &self.survivors {
            _ = write!(text, "\nsurvived: {}: {what}\n{quote}", operator.words());
        }
        text
    }
}

/// As [`Report::text`].
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Tally {
    fn of<'a>(judged: impl Iterator<Item = &'a Judged>) -> Tally {
        let mut tally = Tally::default();
        for judged in judged {
            tally.made += 1;
            match &judged.verdict {
                Verdict::Killed { .. } => tally.killed += 1,
                Verdict::Survived => tally.survived += 1,
                Verdict::Equivalent { .. } => tally.equivalent += 1,
                Verdict::Stillborn { .. } => tally.stillborn += 1,
            }
        }
        let counted = tally.killed + tally.survived;
        Tally { score: (counted > 0).then(|| tally.killed as f64 / counted as f64), ..tally }
    }

    /// A share is rounded down: 100 % means all.
    fn columns(&self) -> [String; 6] {
        let share = (self.killed * 1_000).checked_div(self.killed + self.survived);
        let score = share.map(|share| format!("{}.{}%", share / 10, share % 10));
        let [made, killed, survived, equivalent, stillborn] =
            [self.made, self.killed, self.survived, self.equivalent, self.stillborn].map(|count| count.to_string());
        [made, killed, survived, equivalent, stillborn, score.unwrap_or_else(|| "-".to_owned())]
    }
}

fn place(reading: &Reading, judged: &Judged) -> Place {
    let found = reading.place_of(&judged.mutant.path, judged.mutant.range.as_ref());
    found.unwrap_or(Place { line: 1, column: 1, length: 1 })
}

fn survivor(source: Option<&Source>, place: Place, judged: &Judged) -> Option<Survivor> {
    let Judged { mutant, verdict: Verdict::Survived } = judged else { return None };
    let quote = source.map(|source| quoted(source, place)).unwrap_or_default();
    let (path, what) = (mutant.path.to_string(), mutant.what.clone());
    Some(Survivor { operator: mutant.operator, what, path, line: place.line, column: place.column, quote })
}

fn proved(place: Place, judged: &Judged) -> Option<Proved> {
    let Judged { mutant, verdict: Verdict::Equivalent { proof } } = judged else { return None };
    let (what, proof) = (mutant.what.clone(), proof.clone());
    Some(Proved { operator: mutant.operator, what, line: place.line, proof })
}

/// A line with its place marked.
fn quoted(source: &Source, place: Place) -> String {
    let number = place.line.to_string();
    let line = source.text.lines().nth(place.line.saturating_sub(1) as usize).unwrap_or_default();
    let (gutter, marks) = (" ".repeat(number.len()), "^".repeat(place.length as usize));
    let before = " ".repeat(place.column.saturating_sub(1) as usize);
    format!(
        "{gutter}--> {}:{number}:{}\n{gutter} |\n{number} | {line}\n{gutter} | {before}{marks}\n",
        source.file, place.column
    )
}
