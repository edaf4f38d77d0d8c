//! One simulation on the way to the breaking point: whether it holds, and if not, why and where.

use std::fmt;
use std::str::FromStr;

use grieta_core::Plan;
use grieta_core::definition::{Span, Unit};
use grieta_core::diagnostic::suggest;
use serde::{Serialize, Serializer};

use super::StressError;
use crate::experiment::Simulation;
use crate::results::Results;
use crate::statistics::Interval;
use grieta_core::criterion::{Counted, Figure, Statistic};

/// The level of every interval.
const LEVEL: f64 = 0.95;

/// A queue that grows as much as an overloaded one waits three times as long in the second half of the arrivals as in the
/// first; one at the very edge, whose length grows with √t, 2^1.5 − 1 = 1.83 times. Beyond this it keeps growing.
const GROWS: f64 = 2.0;

/// What the process is to keep.
#[derive(Debug, Clone, PartialEq)]
pub enum Promise {
    /// At least this share of the runs of a clock end in time.
    Clock {
        /// The clock.
        clock: String,
        /// The share, from 0 to 1.
        at_least: f64,
    },
    /// Cases take at most so long.
    CycleTime {
        /// What is made of their times.
        statistic: Statistic,
        /// So long.
        at_most: Span,
    },
}

/// Why it does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A role gets more work than it can do.
    Load,
    /// The queue of a role keeps growing, though its people would have the time.
    Queue,
    /// The promise is not kept.
    Promise,
}

/// What breaks first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct First {
    /// Why.
    pub reason: Reason,
    /// The role: the one with the greatest load, with the queue, or for which cases wait most.
    pub role: Option<String>,
    /// The step where cases wait most for that role.
    pub step: Option<String>,
}

/// What was found with so much.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// How many times as much.
    pub factor: f64,
    /// Whether people keep up, and the promise is kept.
    pub holds: bool,
    /// The role with the greatest load.
    pub role: Option<String>,
    /// Its load.
    pub load: Option<f64>,
    /// From arrival to end, in seconds; absent when unstable.
    pub cycle_mean_s: Option<f64>,
    /// Nine of ten cases are faster.
    pub cycle_p90_s: Option<f64>,
    /// The share of the runs of the promised clock that end in time.
    pub attainment: Option<f64>,
    /// The share of cases that never end.
    pub stuck: f64,
}

/// A simulation with so much.
pub(super) struct Trial {
    pub point: Point,
    pub first: Option<First>,
    /// By how much the greatest load exceeds 1, and what is promised its limit: the interval and what lies in its middle.
    load: Option<[f64; 3]>,
    promise: Option<[f64; 3]>,
}

impl Trial {
    pub fn of(
        factor: f64,
        simulation: &Simulation,
        results: &Results,
        promise: Option<&Promise>,
    ) -> Result<Trial, StressError> {
        let busiest = results.busiest();
        let load = busiest.map(|(role, load)| {
            let [low, high] = role.utilisation_ci95.unwrap_or([load, load]);
            [low, load, high].map(|end| end - 1.0)
        });
        let promised = promise.map(|promise| promise.excess(simulation, results)).transpose()?;
        let growing = growing(results);
        let reason = match () {
            _ if !results.stable => Some(Reason::Load),
            _ if growing.is_some() => Some(Reason::Queue),
            _ if promised.is_some_and(|[_, excess, _]| excess > 0.0) => Some(Reason::Promise),
            _ => None,
        };
        let first = reason.map(|reason| {
            let role = match reason {
                Reason::Load => busiest.map(|(role, _)| role.id.clone()),
                Reason::Queue => growing,
                Reason::Promise => None,
            };
            First::of(reason, role, results)
        });
        let attainment = match promise {
            Some(Promise::Clock { clock, .. }) => results.clocks.iter().find(|found| found.id == *clock),
            _ => None,
        };
        let cycle = results.cycle_time.as_ref();
        let point = Point {
            factor,
            holds: first.is_none(),
            role: busiest.map(|(role, _)| role.id.clone()),
            load: busiest.map(|(_, load)| load),
            cycle_mean_s: cycle.map(|cycle| cycle.mean_s),
            cycle_p90_s: cycle.and_then(|cycle| cycle.p90_s),
            attainment: attainment.and_then(|clock| clock.run_out_share).map(|share| 1.0 - share),
            stuck: results.stuck as f64 / results.all_cases().max(1) as f64,
        };
        Ok(Trial { point, first, load, promise: promised })
    }

    /// By how much it is too much, in the light of what breaks: the least that it may be, what it is, and the most.
    pub fn excess(&self, reason: Reason) -> Option<[f64; 3]> {
        match reason {
            Reason::Load => self.load,
            Reason::Promise => self.promise,
            Reason::Queue => None,
        }
    }
}

impl First {
    /// Of that role, or else of all, the step where cases wait most.
    fn of(reason: Reason, role: Option<String>, results: &Results) -> First {
        let mut steps = results.bottlenecks.iter();
        let step = steps.find(|step| role.as_ref().is_none_or(|role| *role == step.role));
        First {
            reason,
            role: role.or_else(|| step.map(|step| step.role.clone())),
            step: step.map(|step| step.step.clone()),
        }
    }
}

/// The role whose queue grows most, of those whose queue keeps growing for sure.
fn growing(results: &Results) -> Option<String> {
    let grows = |role: usize| {
        let halves: Vec<[f64; 2]> = results.looks.iter().filter_map(|look| look.backlog.get(role).copied()).collect();
        let beyond: Vec<f64> = halves.iter().map(|[first, second]| second - GROWS * first).collect();
        let longer = halves.iter().map(|[first, second]| second - first).sum::<f64>() / halves.len().max(1) as f64;
        (longer >= 1.0 && Interval::of(&beyond, LEVEL)?.low > 0.0).then_some(longer)
    };
    let growing = results.roles.iter().enumerate().filter_map(|(role, found)| Some((found, grows(role)?)));
    growing.max_by(|one, other| one.1.total_cmp(&other.1)).map(|(role, _)| role.id.clone())
}

impl Promise {
    /// By how much what is promised exceeds its limit: the interval, and in its middle the value.
    fn excess(&self, simulation: &Simulation, results: &Results) -> Result<[f64; 3], StressError> {
        let (figure, limit) = self.figure(simulation)?;
        let values = results.figure(figure).values;
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let interval = Interval::of(&values, LEVEL);
        Ok(interval.map_or([mean; 3], |found| [found.low, found.mean, found.high]).map(|end| end - limit))
    }

    /// What must not exceed which limit.
    fn figure(&self, simulation: &Simulation) -> Result<(Figure, f64), StressError> {
        let plan: &Plan = simulation.plan();
        match self {
            Promise::Clock { clock, at_least } => {
                let names = || plan.definition().clocks.keys().map(String::as_str);
                let none = || StressError::NoSuchClock {
                    clock: clock.clone(),
                    help: suggest(clock, names()).unwrap_or_else(|| "declare it under `clocks`".to_owned()),
                };
                Ok((Figure::RunOut(plan.clock(clock).ok_or_else(none)?), 1.0 - at_least))
            }
            Promise::CycleTime { statistic, at_most } => {
                let counted = if at_most.unit == Unit::Elapsed { Counted::Elapsed } else { Counted::Business };
                let limit = plan.process().calendar_of(None).length(*at_most).as_micros() as f64 / 1e6;
                Ok((Figure::CycleTime { statistic: *statistic, end: None, counted }, limit))
            }
        }
    }
}

/// The statistics by name.
const STATISTICS: [(&str, Statistic); 5] = [
    ("mean", Statistic::Mean),
    ("p50", Statistic::P50),
    ("p90", Statistic::P90),
    ("p95", Statistic::P95),
    ("p99", Statistic::P99),
];

impl FromStr for Promise {
    type Err = String;

    /// That cases take at most so long: `p90 <= 4 d`.
    fn from_str(text: &str) -> Result<Promise, String> {
        let expected = || {
            format!("expected one of mean, p50, p90, p95, p99 and a length of time, as in `p90 <= 4 d`, found `{text}`")
        };
        let (name, span) = text.split_once("<=").ok_or_else(expected)?;
        let (_, statistic) = STATISTICS.into_iter().find(|(known, _)| *known == name.trim()).ok_or_else(expected)?;
        Ok(Promise::CycleTime { statistic, at_most: span.parse()? })
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Promise::Clock { clock, at_least } => write!(f, "{clock} >= {}%", at_least * 100.0),
            Promise::CycleTime { statistic, at_most } => {
                let name = STATISTICS.into_iter().find(|(_, known)| known == statistic).map_or("", |(name, _)| name);
                write!(f, "{name} <= {at_most}")
            }
        }
    }
}

impl Serialize for Promise {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
