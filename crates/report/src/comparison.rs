//! Two variants of a process, met by the same customers: what changes, and whether it is more than chance.

use grieta_simulator::{Change, Comparison, StretchChange, Verdict};

use crate::tables::{self, Column};
use crate::words;

/// Something that is measured in both variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure<'a> {
    /// From arrival to end.
    CycleTime,
    /// The same: what nine of ten cases do not exceed.
    CycleP90,
    /// The share of cases that never end.
    Stuck,
    /// The time at work of people on a case.
    Work,
    /// What that costs.
    Cost,
    /// From arrival until that step is first begun, of the cases that come there.
    UntilBegun(&'a str),
    /// From when the first step is first begun until the second one is: the mean.
    Stretch(&'a str, &'a str),
    /// The same: the median.
    StretchMedian(&'a str, &'a str),
    /// How many of the runs of that clock run out.
    RunOut(&'a str),
    /// The wait for a person at that step.
    Wait(&'a str),
    /// How often a case reaches that end.
    End(&'a str),
}

impl Measure<'_> {
    fn of(self, comparison: &Comparison) -> Option<&Change> {
        let named = |list: &'_ [(String, Change)], name: &str| list.iter().position(|(id, _)| id == name);
        match self {
            Measure::CycleTime => comparison.cycle_time.as_ref(),
            Measure::CycleP90 => comparison.cycle_p90.as_ref(),
            Measure::Stuck => comparison.stuck.as_ref(),
            Measure::Work => comparison.work.as_ref(),
            Measure::Cost => comparison.cost.as_ref(),
            Measure::UntilBegun(step) => {
                named(&comparison.until_begun, step).map(|position| &comparison.until_begun[position].1)
            }
            Measure::Stretch(from, to) => stretch(comparison, from, to).map(|stretch| &stretch.mean),
            Measure::StretchMedian(from, to) => stretch(comparison, from, to).map(|stretch| &stretch.median),
            Measure::RunOut(clock) => named(&comparison.clocks, clock).map(|position| &comparison.clocks[position].1),
            Measure::Wait(step) => named(&comparison.waits, step).map(|position| &comparison.waits[position].1),
            Measure::End(end) => named(&comparison.ends, end).map(|position| &comparison.ends[position].1),
        }
    }

    /// How its values are said.
    fn say(self) -> fn(f64) -> String {
        match self {
            Measure::Stuck | Measure::RunOut(_) | Measure::End(_) => words::share,
            Measure::Cost => money,
            _ => words::time,
        }
    }

    /// How differences of its values are said.
    pub(crate) fn say_difference(self) -> fn(f64) -> String {
        match self {
            Measure::Stuck | Measure::RunOut(_) | Measure::End(_) => percentage_points,
            other => other.say(),
        }
    }
}

fn stretch<'c>(comparison: &'c Comparison, from: &str, to: &str) -> Option<&'c StretchChange> {
    comparison.stretches.iter().find(|stretch| stretch.from == from && stretch.to == to)
}

/// What changes from one variant to the other.
#[derive(Debug, Clone)]
pub struct Outline<'a> {
    comparison: &'a Comparison,
    from: String,
    to: String,
    measures: Vec<(String, Measure<'a>)>,
}

impl<'a> Outline<'a> {
    /// The changes between two variants of these names.
    pub fn new(comparison: &'a Comparison, from: &str, to: &str) -> Outline<'a> {
        Outline { comparison, from: from.to_owned(), to: to.to_owned(), measures: Vec::new() }
    }

    /// With a measure to show on the first screen, under this name.
    #[must_use]
    pub fn measure(mut self, name: &str, measure: Measure<'a>) -> Outline<'a> {
        self.measures.push((name.to_owned(), measure));
        self
    }

    /// `As-is → to-be`
    pub(crate) fn title(&self) -> String {
        let mut from = self.from.chars();
        let first = from.next().map(|first| first.to_uppercase().collect::<String>());
        format!("{}{} → {}", first.unwrap_or_default(), from.as_str(), self.to)
    }

    /// One line for each measure.
    pub(crate) fn lines(&self) -> Vec<String> {
        let width = self.measures.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let line = |(name, measure): &(String, Measure<'_>)| {
            let said = match measure.of(self.comparison) {
                Some(change) => in_words(change, *measure),
                None => "not to be compared: one of the two has no figure".to_owned(),
            };
            format!("{name:width$}  {said}")
        };
        self.measures.iter().map(line).collect()
    }

    /// Every measure that both variants have, as a table.
    pub fn table(&self) -> String {
        let comparison = self.comparison;
        let single = [
            (Measure::CycleTime, "from arrival to end"),
            (Measure::CycleP90, "the same, nine of ten"),
            (Measure::Stuck, "cases that never end"),
            (Measure::Work, "work of people on a case"),
            (Measure::Cost, "what that costs"),
        ];
        let single = single.into_iter().map(|(measure, name)| (measure, name.to_owned()));
        let begun =
            comparison.until_begun.iter().map(|(id, _)| (Measure::UntilBegun(id), format!("until {id} begins")));
        let stretches = comparison.stretches.iter();
        let stretches = stretches.flat_map(|StretchChange { from: a, to: b, .. }| {
            let median = (Measure::StretchMedian(a, b), format!("from {a} to {b}, median"));
            [(Measure::Stretch(a, b), format!("from {a} to {b}, mean")), median]
        });
        let clocks = comparison.clocks.iter().map(|(id, _)| (Measure::RunOut(id), format!("clock {id} runs out")));
        let waits = comparison.waits.iter().map(|(id, _)| (Measure::Wait(id), format!("wait at {id}")));
        let ends = comparison.ends.iter().map(|(id, _)| (Measure::End(id), format!("end {id}")));
        let rows = single.chain(stretches).chain(clocks).chain(begun).chain(waits).chain(ends);
        let row = |(measure, name): (Measure<'_>, String)| {
            let (change, say) = (measure.of(comparison)?, measure.say());
            Some(vec![name, say(change.from), say(change.to), how_much(change, measure)])
        };
        let columns = [
            ("measure", Column::Name),
            (&self.from, Column::Right),
            (&self.to, Column::Right),
            ("change", Column::Text),
        ];
        let table = tables::table(&columns, rows.filter_map(row).collect());
        let names = [&self.from, &self.to].into_iter().zip(&comparison.overloaded);
        let overloaded = names.filter_map(|(name, role)| Some(overloaded(name, role.as_ref()?)));
        std::iter::once(table).chain(overloaded).collect::<Vec<_>>().join("\n")
    }
}

fn overloaded(name: &str, role: &str) -> String {
    format!("  {name}: `{role}` gets more work than it can do, so that times have no end and are not compared")
}

/// `5.1 h → 22 min (−93 %, 95 % sure −94 to −92 %)`
fn in_words(change: &Change, measure: Measure<'_>) -> String {
    let say = measure.say();
    format!("{} → {} ({})", say(change.from), say(change.to), how_much(change, measure))
}

/// The relative change where there is one, else the difference; with how sure it is. Of what is certain and too small to matter,
/// only how small it is.
pub fn how_much(change: &Change, measure: Measure<'_>) -> String {
    match change.relative {
        _ if change.verdict == Verdict::NoSignificantDifference => "no significant difference".to_owned(),
        Some(small) if change.verdict == Verdict::Negligible => {
            format!("too little to matter, {}", words::sure([small.low, small.high], words::share))
        }
        Some(relative) if relative.high > MANYFOLD => {
            let say = |change: f64| format!("{} times", words::count((change + 1.0).round() as u64));
            format!("{} as much, {}", say(relative.mean), words::sure([relative.low, relative.high], say))
        }
        Some(relative) => said(relative.mean, [relative.low, relative.high], words::share),
        None => said(change.to - change.from, change.difference, measure.say_difference()),
    }
}

/// Beyond this relative change people think in multiples.
const MANYFOLD: f64 = 9.0;

fn said(value: f64, interval: [f64; 2], say: fn(f64) -> String) -> String {
    let signed = |value: f64| if value > 0.0 { format!("+{}", say(value)) } else { say(value) };
    format!("{}, {}", signed(value), words::sure(interval, signed))
}

/// An amount of money, in the currency of the definition.
fn money(amount: f64) -> String {
    format!("{amount:.2}")
}

fn percentage_points(difference: f64) -> String {
    format!("{} points", words::points(difference))
}
