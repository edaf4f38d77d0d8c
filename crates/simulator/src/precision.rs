//! How many replications are enough: as many as make an interval narrow enough.
//!
//! Replications are run in rounds until half of the 95 % interval, relative to the estimate, is at most γ/(1 + γ): then the
//! error relative to the truth is at most γ (Law, *Simulation Modeling and Analysis*, 5th ed., §9.4.1). There are at least
//! ten before the first look, because an interval from few values is narrow by chance too often. How large the next round
//! is follows from what was found so far, never from time or threads: the same bits everywhere.

use std::str::FromStr;

use serde::Serialize;

use crate::compare::{Comparison, compare};
use crate::experiment::{Run, Simulation, SimulationError};
use crate::results::{LEVEL, Results};
use crate::statistics::Interval;
use crate::totals::Means;

/// Before so many replications nobody looks.
pub(crate) const FIRST: u64 = 10;

/// How precise a result is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// The error relative to the truth that is borne, such as 0.05.
    pub relative: f64,
    /// Of what.
    pub of: Measured,
    /// No more replications than these.
    pub most: u64,
}

/// What is to be precise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Measured {
    /// The mean time from arrival to end.
    #[default]
    CycleTime,
    /// What nine of ten cases of a replication do not exceed.
    CycleP90,
    /// The mean wait at this step.
    Wait(String),
    /// The mean time from arrival until this step is begun.
    UntilBegun(String),
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Measured::CycleTime => f.write_str("cycle-time"),
            Measured::CycleP90 => f.write_str("cycle-p90"),
            Measured::Wait(step) => write!(f, "wait:{step}"),
            Measured::UntilBegun(step) => write!(f, "until:{step}"),
        }
    }
}

impl FromStr for Measured {
    type Err = String;

    fn from_str(text: &str) -> Result<Measured, String> {
        match text.split_once(':') {
            None if text == "cycle-time" => Ok(Measured::CycleTime),
            None if text == "cycle-p90" => Ok(Measured::CycleP90),
            Some(("wait", step)) if !step.is_empty() => Ok(Measured::Wait(step.to_owned())),
            Some(("until", step)) if !step.is_empty() => Ok(Measured::UntilBegun(step.to_owned())),
            _ => Err(format!("expected `cycle-time`, `cycle-p90`, `wait:STEP` or `until:STEP`, found `{text}`")),
        }
    }
}

impl Measured {
    /// The step it is measured at, if it is.
    pub(crate) fn step(&self) -> Option<&str> {
        match self {
            Measured::CycleTime | Measured::CycleP90 => None,
            Measured::Wait(step) | Measured::UntilBegun(step) => Some(step),
        }
    }

    /// Its value in each replication that has one; `position` is that of its step.
    pub(crate) fn values(&self, means: &[Means], position: usize) -> Vec<f64> {
        let value = |means: &Means| match self {
            Measured::CycleTime => means.cycle,
            Measured::CycleP90 => means.cycle_quantiles[1],
            Measured::Wait(_) => means.steps.get(position)?.wait,
            Measured::UntilBegun(_) => means.steps.get(position)?.until_begun,
        };
        means.iter().filter_map(value).collect()
    }
}

/// Whether a result is as precise as was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PrecisionResult {
    /// What was to be precise; in a comparison the difference of both.
    pub of: String,
    /// The error that is borne, relative to the truth; in a comparison relative to the first variant.
    pub wanted: f64,
    /// What was reached; absent where there is no figure, as where some role cannot keep up.
    pub found: Option<f64>,
    /// Whether that is enough.
    pub reached: bool,
    /// After how many replications.
    pub replications: u64,
    /// How many there could have been.
    pub most: u64,
}

impl Precision {
    /// This precision of the time from arrival to end, with at most 1,000 replications.
    pub fn new(relative: f64) -> Precision {
        Precision { relative, of: Measured::default(), most: 1_000 }
    }

    pub(crate) fn check(&self) -> Result<(), SimulationError> {
        match self.relative > 0.0 && self.relative < 1.0 {
            false => Err(SimulationError::Precision),
            true if self.most < FIRST => Err(SimulationError::TooFewForPrecision(self.most)),
            true => Ok(()),
        }
    }

    /// How many replications the first round has.
    pub(crate) fn first(&self, asked: Option<u64>) -> u64 {
        asked.unwrap_or(FIRST).clamp(FIRST, self.most)
    }

    /// How many replications there are to be after the next round; `None` when it is time to stop.
    pub(crate) fn next(&self, done: u64, found: Option<f64>) -> Option<u64> {
        let found = found.filter(|found| *found > self.relative && done < self.most)?;
        // The half-width falls with the root of the number; not more than as many again at a time.
        let (found, wanted) = (narrowed(found), narrowed(self.relative));
        let needed = (done as f64 * (found / wanted) * (found / wanted)).min(2.0 * done as f64);
        Some((needed as u64).max(done + 1).min(self.most))
    }

    pub(crate) fn result(&self, replications: u64, found: Option<f64>) -> PrecisionResult {
        PrecisionResult {
            of: self.of.to_string(),
            wanted: self.relative,
            found,
            reached: found.is_some_and(|found| found <= self.relative),
            replications,
            most: self.most,
        }
    }
}

/// γ/(1 + γ): how wide half of the interval may be, relative to the estimate, for an error of γ relative to the truth.
fn narrowed(error: f64) -> f64 {
    error / (1.0 + error)
}

/// The relative error that the interval of these values leaves; of an estimate that may be 0, infinite.
pub(crate) fn relative_error(values: &[f64]) -> Option<f64> {
    let interval = Interval::of(values, LEVEL)?;
    Some(error_of(interval.half_width(), interval.mean))
}

/// The error that is left relative to the truth, from half of an interval and what it is relative to.
fn error_of(half: f64, size: f64) -> f64 {
    let share = half / size.abs();
    match half {
        0.0 => 0.0,
        _ if share < 1.0 => share / (1.0 - share),
        _ => f64::INFINITY,
    }
}

/// Simulates two variants on the same customers, with as many replications as make the paired difference precise enough,
/// relative to the first variant.
///
/// # Errors
/// When one of them cannot be run as it was set up, or both were set up differently.
pub fn compare_precisely(
    from: &Simulation,
    to: &Simulation,
    precision: &Precision,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<(Results, Results, Comparison), SimulationError> {
    precision.check()?;
    let positions = [from.position(&precision.of)?, to.position(&precision.of)?];
    let mut runs = [from.begin()?, to.begin()?];
    let mut until = precision.first(None);
    let found = loop {
        for (run, done) in runs.iter_mut().zip([0, until]) {
            run.carry_on(until, &|more| progress(done + more, 2 * until));
        }
        let [before, after] = [0, 1].map(|run: usize| precision.of.values(&runs[run].gathered.means, positions[run]));
        let stable = runs.iter().all(Run::is_stable);
        let difference = Interval::paired(&before, &after, LEVEL).filter(|_| stable);
        let size = before.iter().sum::<f64>() / before.len() as f64;
        let found = difference.map(|difference| error_of(difference.half_width(), size));
        match precision.next(until, found) {
            Some(more) => until = more,
            None => break found,
        }
    };
    let [from, to] = runs.map(|run| run.results(None));
    let compared = compare(&from, &to).ok_or(SimulationError::OtherCustomers)?;
    let comparison = Comparison { precision: Some(precision.result(until, found)), ..compared };
    Ok((from, to, comparison))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_grow_with_what_is_missing_and_end() {
        let precision = Precision { most: 100, ..Precision::new(0.05) };
        assert_eq!((precision.first(None), precision.first(Some(30)), precision.first(Some(900))), (10, 30, 100));
        // Half of an interval is to be 1/21 of the estimate; at 1/11 it takes (21/11)² = 3.6 times as many.
        assert_eq!(precision.next(10, Some(0.1)), Some(20), "no more than as many again");
        assert_eq!(precision.next(60, Some(0.0501)), Some(61));
        assert_eq!(precision.next(60, Some(0.5)), Some(100));
        assert_eq!(
            (precision.next(60, Some(0.05)), precision.next(100, Some(0.5)), precision.next(60, None)),
            (None, None, None)
        );
    }

    #[test]
    fn the_error_is_relative_to_the_truth() {
        // If the truth lies half an interval below the estimate, the estimate is too high by half/(mean − half).
        assert!((error_of(1.0, 21.0) - 0.05).abs() < 1e-12);
        assert_eq!((error_of(0.0, 0.0), error_of(2.0, 1.0)), (0.0, f64::INFINITY));
        assert!((narrowed(0.05) - 1.0 / 21.0).abs() < 1e-12);
    }

    #[test]
    fn measures_are_read_as_they_are_written() {
        for text in ["cycle-time", "cycle-p90", "wait:call", "until:call"] {
            assert_eq!(text.parse::<Measured>().unwrap().to_string(), text);
        }
        assert!("wait:".parse::<Measured>().is_err() && "p90".parse::<Measured>().is_err());
    }
}
