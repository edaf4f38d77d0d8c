//! The verdict: where the interval of a figure lies, and how much is missing where that does not decide.

use grieta_core::Process;
use grieta_core::criterion::{self, Bound, Demand, Figure, Measure, Misread, Quantity, Sentence, Shown, Statistic};
use grieta_core::definition::{Span, Unit};

use super::{Judgement, Verdict, words};
use crate::figures::Replicated;
use crate::results::{Results, RoleResult};
use crate::statistics::{Interval, normal_quantile, student_quantile};
use crate::words::{between, count, counted};

/// With more replications than that nobody waits for the end.
const MOST_REPLICATIONS: u64 = 1_000;

/// In each replication so many cases must lie beyond a quantile, or it says little more than the longest case does.
const BEYOND: f64 = 5.0;

/// From this load on a role cannot do all its work.
const FULL: f64 = 1.0;

/// Judges a sentence by the interval of its figure, at that confidence; the results must [keep
/// figures](crate::Simulation::keeping_figures).
///
/// # Errors
/// When the process has nothing of that name.
pub fn judge(sentence: &Sentence, process: &Process, results: &Results, confidence: f64) -> Result<Judgement, Misread> {
    let measure = criterion::measure(sentence, process.definition())?;
    Ok(judged(&measure, sentence.demand, process, results, confidence))
}

/// Judges a goal, perhaps of a process from which cracks were taken out.
pub(super) fn judge_goal(
    sentence: &Sentence,
    process: &Process,
    results: &Results,
    confidence: f64,
) -> Result<Judgement, Misread> {
    let measure = criterion::measure_of_changed(sentence, process.definition())?;
    Ok(judged(&measure, sentence.demand, process, results, confidence))
}

fn judged(measure: &Measure, demand: Demand, process: &Process, results: &Results, confidence: f64) -> Judgement {
    let limits = Limits::of(demand, process);
    let unit = match measure.unit {
        Shown::Time(suffix) => one(suffix, process),
        Shown::Share | Shown::Number | Shown::Rate(_) => 1.0,
    };
    Court { measure, unit, limits, results, confidence }.rule()
}

/// A length of time in seconds, a day as long as the calendar of the process has it.
fn seconds(span: Span, process: &Process) -> f64 {
    process.calendar_of(None).length(span).as_seconds()
}

/// How many seconds one of a unit is.
fn one(suffix: &str, process: &Process) -> f64 {
    Unit::from_suffix(suffix).map_or(1.0, |(unit, amount)| seconds(Span { amount, unit }, process))
}

/// What is demanded, in the unit of the figure.
#[derive(Debug, Clone, Copy)]
struct Limits {
    low: Option<(f64, bool)>,
    high: Option<(f64, bool)>,
}

impl Limits {
    fn of(demand: Demand, process: &Process) -> Limits {
        let limit = |bound: Bound| match bound.quantity {
            Quantity::Time(span, _) => (seconds(span, process), bound.included),
            Quantity::Number(number) | Quantity::Rate(number, _) => (number, bound.included),
        };
        Limits { low: demand.low.map(limit), high: demand.high.map(limit) }
    }

    /// Whether all that lies between these is as demanded, or none of it, or some.
    fn verdict(self, low: f64, high: f64) -> Verdict {
        let above = |value: f64| self.low.is_none_or(|(end, included)| value > end || included && value == end);
        let below = |value: f64| self.high.is_none_or(|(end, included)| value < end || included && value == end);
        if above(low) && below(high) {
            Verdict::Met
        } else if !above(high) || !below(low) {
            Verdict::NotMet
        } else {
            Verdict::Insufficient
        }
    }

    fn nearest(self, value: f64) -> Option<f64> {
        let ends = [self.low, self.high].into_iter().flatten().map(|(end, _)| end);
        ends.min_by(|a, b| (a - value).abs().total_cmp(&(b - value).abs()))
    }
}

/// All that a verdict needs.
struct Court<'a> {
    measure: &'a Measure,
    /// How many seconds one of the unit is in which it is said.
    unit: f64,
    limits: Limits,
    results: &'a Results,
    confidence: f64,
}

impl Judgement {
    fn insufficient(found: impl Into<String>, help: impl Into<String>) -> Judgement {
        let (found, help) = (found.into(), Some(help.into()).filter(|help: &String| !help.is_empty()));
        Judgement { verdict: Verdict::Insufficient, figure: None, interval: None, found, help }
    }
}

impl Court<'_> {
    fn rule(&self) -> Judgement {
        let sample = self.results.figure(self.measure.figure);
        if let Some(ruling) = self.queues_that_grow() {
            return ruling;
        }
        if sample.values.is_empty() {
            return Judgement::insufficient(
                "nothing to measure: no case came so far",
                "simulate more cases, or see with `grieta simulate` whether cases come there at all",
            );
        }
        if let Some(ruling) = self.too_few(&sample) {
            return ruling;
        }
        match sample.values.iter().filter(|value| value.is_infinite()).count() {
            0 => self.interval(&sample),
            never if never == sample.values.len() || self.statistic() == Some(Statistic::Mean) => self.never(),
            never => self.sometimes_never(&sample, never),
        }
    }

    /// The interval across the replications lies inside, outside, or on a bound.
    fn interval(&self, sample: &Replicated) -> Judgement {
        let Some(student) = Interval::of(&sample.values, self.confidence) else {
            return Judgement::insufficient("values too large to have an interval", "");
        };
        let alike = student.low == student.high && self.measure.unit == Shown::Share && sample.observations > 0;
        let interval = if alike { self.wilson(student.mean, sample.observations) } else { student };
        let (low, high) = (interval.low.max(0.0), interval.high.min(self.most()));
        let verdict = self.limits.verdict(low, high);
        let help = match verdict {
            Verdict::Insufficient if alike => Some(self.missing_cases(student.mean, sample)),
            Verdict::Insufficient => Some(self.missing_replications(&student)),
            _ => None,
        };
        let ends = [low, high];
        let found = format!("{}{}{}", self.figure(student.mean, ends), self.scale(), self.never_ending());
        Judgement { verdict, figure: Some(student.mean), interval: Some(ends), found, help }
    }

    /// What the figure cannot exceed.
    fn most(&self) -> f64 {
        match self.measure.figure {
            Figure::Share(_)
            | Figure::Outcome(..)
            | Figure::Completed
            | Figure::Cancelled
            | Figure::Stuck
            | Figure::RunOut(_) => 1.0,
            _ => f64::INFINITY,
        }
    }

    /// For a share that is the same in every replication, which mostly means that something never happened, the interval of
    /// Student would be a point.
    fn wilson(&self, share: f64, observations: u64) -> Interval {
        let point = Interval { mean: share, low: share, high: share, count: 1 };
        Interval::of_share(share, observations, self.confidence).unwrap_or(point)
    }

    fn normal(&self) -> f64 {
        normal_quantile(0.5 + 0.5 * self.confidence).unwrap_or(0.0)
    }

    /// How many replications would move the ends of the interval away from the nearest bound.
    fn missing_replications(&self, interval: &Interval) -> String {
        let distance = self.limits.nearest(interval.mean).map_or(0.0, |end| (end - interval.mean).abs());
        let quantile = |count: u64| student_quantile(0.5 + 0.5 * self.confidence, count - 1).unwrap_or(f64::INFINITY);
        let count = interval.count as u64;
        let spread = interval.half_width() * (count as f64).sqrt() / quantile(count);
        let half = |count: u64| quantile(count) * spread / (count as f64).sqrt();
        if half(MOST_REPLICATIONS) >= distance {
            return "the figure lies too near the bound for a simulation to tell: give another bound, or more cases in each replication"
                .to_owned();
        }
        let (mut few, mut enough) = (count, MOST_REPLICATIONS.max(count));
        while few + 1 < enough {
            let middle = few.midpoint(enough);
            if half(middle) < distance { enough = middle } else { few = middle }
        }
        self.about(enough)
    }

    /// The same for a share that is 0 or 1 so far: the interval narrows as one over the number of cases.
    fn missing_cases(&self, share: f64, sample: &Replicated) -> String {
        let distance = self.limits.nearest(share).map_or(0.0, |end| (end - share).abs());
        let needed = self.normal() * self.normal() * (1.0 - distance) / distance;
        let each = sample.observations as f64 / sample.values.len() as f64;
        let replications = (needed / each).ceil();
        if replications.is_nan() || replications > MOST_REPLICATIONS as f64 {
            return "what never happened in a simulation may still happen: allow a small share, or have `grieta check` prove that it cannot"
                .to_owned();
        }
        self.about(replications as u64 + 1)
    }

    fn about(&self, replications: u64) -> String {
        let said = counted(words::rounded_up(replications), "replication");
        format!("about {said} would decide it, if the figure stays where it is")
    }

    /// A role with too much to do has queues that grow for ever, and what waits in them has no time.
    fn queues_that_grow(&self) -> Option<Judgement> {
        let concerned = match self.measure.figure {
            Figure::CycleTime { .. } | Figure::UntilBegun(_) => !self.results.stable,
            Figure::Wait { step, .. } => {
                let step = self.results.steps.get(step.at());
                !self.results.stable && step.is_some_and(|step| step.wait_mean_s.is_none())
            }
            _ => false,
        };
        if !concerned {
            return None;
        }
        let load = |role: &&RoleResult| role.utilisation.is_some_and(|load| load >= FULL);
        let role = self.results.roles.iter().find(load)?;
        let load = words::share(role.utilisation.unwrap_or(FULL), 0.01);
        let found =
            format!("`{}` gets {load} of the work it can do: its queue grows for ever, and times have no end", role.id);
        let help = Some("more people, or less work; see `grieta simulate`".to_owned());
        let sure = role.utilisation_ci95.is_some_and(|[low, _]| low >= FULL);
        let verdict = if sure { self.limits.verdict(f64::INFINITY, f64::INFINITY) } else { Verdict::Insufficient };
        Some(Judgement { verdict, figure: Some(f64::INFINITY), interval: None, found, help })
    }

    /// One replication has no interval, and in a few cases nothing shows.
    fn too_few(&self, sample: &Replicated) -> Option<Judgement> {
        let replications = sample.values.len();
        if replications < 2 {
            let measured = if self.results.replications < 2 { "was" } else { "had anything to measure" };
            let found = match self.results.replications {
                0 | 1 => "a single replication, which has no interval".to_owned(),
                all => {
                    format!("only one of {} {measured}, which gives no interval", counted(all, "replication"))
                }
            };
            return Some(Judgement::insufficient(found, "simulate several replications, 20 for example"));
        }
        let share = self.statistic()?.share()?;
        let needed = (BEYOND / (1.0 - share).min(share)).round() as u64;
        let each = sample.observations / replications as u64;
        (each < needed).then(|| {
            let found =
                format!("{} in a replication, which say little about the slowest of them", counted(each, "case"));
            Judgement::insufficient(found, format!("such a quantile needs about {} in each", count(needed)))
        })
    }

    fn statistic(&self) -> Option<Statistic> {
        match self.measure.figure {
            Figure::CycleTime { statistic, .. } | Figure::Wait { statistic, .. } => Some(statistic),
            _ => None,
        }
    }

    /// So many cases never end that the figure is without end.
    fn never(&self) -> Judgement {
        let never = f64::INFINITY;
        let stuck = words::share(self.stuck(), self.stuck() / 4.0);
        let (found, help) = match self.statistic() {
            Some(Statistic::Mean) => (
                format!("{stuck} of all cases never end, and so the mean has no end either"),
                "a quantile bears some that never end, as in `p90(cycle_time)`; `share(stuck)` says how many there may be",
            ),
            _ => (
                format!("it never ends: {stuck} of all cases get stuck"),
                "see with `grieta simulate` where they get stuck",
            ),
        };
        let verdict = self.limits.verdict(never, never);
        Judgement { verdict, figure: Some(never), interval: Some([never, never]), found, help: Some(help.to_owned()) }
    }

    /// About as many cases never end as the quantile leaves aside.
    fn sometimes_never(&self, sample: &Replicated, never: usize) -> Judgement {
        let stuck = words::share(self.stuck(), self.stuck() / 4.0);
        let least = sample.values.iter().copied().fold(f64::INFINITY, f64::min);
        let found = format!(
            "{stuck} of all cases never end: in {never} of {} the figure does not either",
            counted(sample.values.len() as u64, "replication")
        );
        let help = "simulate more cases in each replication, or demand a quantile farther from that share";
        Judgement { interval: Some([least, f64::INFINITY]), ..Judgement::insufficient(found, help) }
    }

    /// The share of all cases that never end.
    fn stuck(&self) -> f64 {
        let over = self.results.completed + self.results.cancelled + self.results.stuck;
        if over == 0 { 0.0 } else { self.results.stuck as f64 / over as f64 }
    }

    /// That some cases never end, where times are judged.
    fn never_ending(&self) -> String {
        let whole = matches!(self.measure.figure, Figure::CycleTime { end: None, .. });
        let is_time = matches!(self.measure.unit, Shown::Time(_));
        if self.results.stuck == 0 || !is_time {
            return String::new();
        }
        let treated = if whole { "count as the longest" } else { "are left out where they never come so far" };
        format!("; {} of all cases never end, and {treated}", words::share(self.stuck(), self.stuck() / 4.0))
    }

    fn figure(&self, mean: f64, [low, high]: [f64; 2]) -> String {
        let say = |value: f64| self.say(value, high - low);
        let sure = words::share(self.confidence, 0.0);
        format!("{}; {sure} sure {}", say(mean), between(&say(low), &say(high)))
    }

    fn scale(&self) -> String {
        let Results { replications, cases, .. } = self.results;
        let each = cases.checked_div(*replications).unwrap_or_default();
        format!(", over {} of {}", counted(*replications, "replication"), counted(each, "case"))
    }

    /// A value of the figure, as fine as an interval of that width makes it.
    fn say(&self, value: f64, width: f64) -> String {
        match self.measure.unit {
            Shown::Time(suffix) => format!("{} {suffix}", words::number(value / self.unit, width / self.unit)),
            Shown::Share => words::share(value, width),
            Shown::Number => words::number(value, width),
            Shown::Rate(per) => format!("{} per {per}", words::number(value, width)),
        }
    }
}
