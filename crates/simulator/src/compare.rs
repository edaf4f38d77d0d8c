//! As-is against to-be on the same customers: paired differences, and whether they are more than chance.

use serde::Serialize;

use crate::inputs::Inputs;
use crate::precision::PrecisionResult;
use crate::results::{LEVEL, Results};
use crate::statistics::Interval;
use crate::totals::Means;

/// A time, or a share of clocks that run out, that surely changes by less than this part of itself shows no difference worth a
/// redesign. Variants that meet the same customers show minutes in weeks, and what is certain need not matter (Law, *Simulation
/// Modeling and Analysis*, 5th ed., §10.4: the indifference zone). How cases end always matters.
pub const INDIFFERENT: f64 = 0.02;

/// What a measure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counts {
    /// Microseconds, which are shown as seconds.
    Time,
    /// Clocks that run out, a share.
    RunOut,
    /// What work costs, in microseconds at a rate by the hour.
    Money,
    /// Cases, a share.
    Cases,
}

/// What changes from one variant to another.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// From arrival to end, in seconds.
    pub cycle_time: Option<Change>,
    /// The same: what nine of ten cases of a replication do not exceed.
    pub cycle_p90: Option<Change>,
    /// The share of cases that never end.
    pub stuck: Option<Change>,
    /// The time at work of people on a case, in seconds, over all cases.
    pub work: Option<Change>,
    /// What that costs. Absent where no role of one of the two has a rate.
    pub cost: Option<Change>,
    /// From arrival until a step is first begun, in seconds, for each step that both variants have.
    pub until_begun: Vec<(String, Change)>,
    /// The wait for a person at a step, in seconds, for each step that both variants have.
    pub waits: Vec<(String, Change)>,
    /// Each stretch that both variants measured.
    pub stretches: Vec<StretchChange>,
    /// How many of the runs of a clock run out, for each clock that both variants have, whatever time it gives.
    pub clocks: Vec<(String, Change)>,
    /// How often a case reaches an end that both variants have.
    pub ends: Vec<(String, Change)>,
    /// In the first and in the second, the role that gets most of more work than it can do, where some does: times have no end
    /// there and are not compared.
    pub overloaded: [Option<String>; 2],
    /// The seed of both.
    pub seed: u64,
    /// How many replications each had.
    pub replications: u64,
    /// What the first came from, and the second.
    pub inputs: [Inputs; 2],
    /// Whether the difference is as precise as was asked, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<PrecisionResult>,
}

/// How long it takes from one step to another, in seconds, in both variants.
#[derive(Debug, Clone, Serialize)]
pub struct StretchChange {
    /// The step at whose first beginning it starts.
    pub from: String,
    /// The step at whose first beginning it ends.
    pub to: String,
    /// The mean.
    pub mean: Change,
    /// The median of a replication.
    pub median: Change,
}

/// One measure in both variants.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Change {
    /// The mean of the first.
    pub from: f64,
    /// The mean of the second.
    pub to: f64,
    /// The 95 % interval of the paired difference, second minus first.
    pub difference: [f64; 2],
    /// The relative change with its 95 % interval, −0.2 being a fifth less; absent when a mean is not above 0.
    pub relative: Option<Interval>,
    /// Whether the difference is more than chance, and may be one that matters.
    pub verdict: Verdict,
}

/// Whether a difference is more than chance, at the level of 95 %, and may be one that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The second variant has less.
    Less,
    /// The second variant has more.
    More,
    /// The second variant surely has less or more, but by so little that it is [`INDIFFERENT`]: a time, or a share of clocks that
    /// run out.
    Negligible,
    /// The interval of the difference covers 0.
    NoSignificantDifference,
}

/// Compares two variants that met the same customers: the same seed, and as many cases and replications.
///
/// Returns `None` when they did not, or when there were fewer than two replications each.
pub fn compare(from: &Results, to: &Results) -> Option<Comparison> {
    let same = from.seed == to.seed && from.replications == to.replications && from.cases == to.cases;
    if !same || from.replications < 2 {
        return None;
    }
    let stable = from.stable && to.stable;
    let shared = |name: &String| to.steps.iter().position(|step| step.id == *name);
    let pairs: Vec<(usize, usize, String)> = from
        .steps
        .iter()
        .enumerate()
        .filter_map(|(index, step)| Some((index, shared(&step.id)?, step.id.clone())))
        .collect();
    let each = |of: fn(&crate::totals::StepMeans) -> Option<f64>, counts: Counts, keep: &dyn Fn(&str) -> bool| {
        let kept = pairs.iter().filter(|(.., name)| keep(name));
        let change = |(a, b, name): &(usize, usize, String)| {
            let measured =
                change(from, to, counts, |means| of(means.steps.get(*a)?), |means| of(means.steps.get(*b)?))?;
            Some((name.clone(), measured))
        };
        kept.filter_map(change).collect::<Vec<_>>()
    };
    let waits = |name: &str| {
        let known = |results: &Results| results.step(name).is_some_and(|step| step.wait_mean_s.is_some());
        known(from) && known(to)
    };
    let begun = |name: &str| {
        let known = |results: &Results| results.step(name).is_some_and(|step| step.until_begun_mean_s.is_some());
        known(from) && known(to)
    };
    let cycle = |of: fn(&Means) -> Option<f64>| if stable { change(from, to, Counts::Time, of, of) } else { None };
    Some(Comparison {
        cycle_time: cycle(|means| means.cycle),
        cycle_p90: cycle(|means| means.cycle_quantiles[1]),
        stuck: change(from, to, Counts::Cases, |means| means.stuck, |means| means.stuck),
        work: change(from, to, Counts::Time, |means| means.work(|_| Some(1.0)), |means| means.work(|_| Some(1.0))),
        cost: change(from, to, Counts::Money, |means| from.cost(means), |means| to.cost(means)),
        until_begun: each(|step| step.until_begun, Counts::Time, &begun),
        stretches: stretches(from, to, stable),
        clocks: if stable { clocks(from, to) } else { Vec::new() },
        waits: each(|step| step.wait, Counts::Time, &waits),
        ends: each(|step| step.visits, Counts::Cases, &|name| from.end(name).is_some() && to.end(name).is_some()),
        overloaded: [from, to].map(overloaded),
        seed: from.seed,
        replications: from.replications,
        inputs: [from.inputs.clone(), to.inputs.clone()],
        precision: None,
    })
}

/// How much of what the mean time from arrival to end changes by, `from` one variant to the `whole` redesign, `part` of the redesign
/// changes alone: 0.75 is three quarters, with its 95 % interval by Fieller's theorem.
///
/// Returns `None` where two of them cannot be [compared](compare) or some role cannot keep up, and where it is not certain that
/// the whole changes anything.
pub fn share_of_change(from: &Results, part: &Results, whole: &Results) -> Option<Interval> {
    let changes = |to: &Results| {
        compare(from, to)?.cycle_time?;
        let pairs = from.means.iter().zip(&to.means);
        pairs.map(|(before, after)| Some(after.cycle? - before.cycle?)).collect::<Option<Vec<f64>>>()
    };
    Interval::share(&changes(part)?, &changes(whole)?, LEVEL)
}

fn overloaded(results: &Results) -> Option<String> {
    results.busiest().filter(|_| !results.stable).map(|(role, _)| role.id.clone())
}

fn stretches(from: &Results, to: &Results, stable: bool) -> Vec<StretchChange> {
    let both = from.stretches.iter().enumerate().filter_map(|(a, stretch)| {
        let b = to.stretches.iter().position(|other| (&other.from, &other.to) == (&stretch.from, &stretch.to))?;
        Some(StretchChange {
            from: stretch.from.clone(),
            to: stretch.to.clone(),
            mean: change(from, to, Counts::Time, |means| *means.stretches.get(a)?, |means| *means.stretches.get(b)?)?,
            median: change(
                from,
                to,
                Counts::Time,
                |means| means.stretch_quantiles.get(a)?[0],
                |means| means.stretch_quantiles.get(b)?[0],
            )?,
        })
    });
    if stable { both.collect() } else { Vec::new() }
}

fn clocks(from: &Results, to: &Results) -> Vec<(String, Change)> {
    let both = from.clocks.iter().enumerate().filter_map(|(a, clock)| {
        let b = to.clocks.iter().position(|other| other.id == clock.id)?;
        let change = change(from, to, Counts::RunOut, |means| *means.clocks.get(a)?, |means| *means.clocks.get(b)?)?;
        Some((clock.id.clone(), change))
    });
    both.collect()
}

/// The change of one measure; `None` when some replication has no value for it.
pub(crate) fn change(
    from: &Results,
    to: &Results,
    counts: Counts,
    of_from: impl Fn(&Means) -> Option<f64>,
    of_to: impl Fn(&Means) -> Option<f64>,
) -> Option<Change> {
    let scale = match counts {
        Counts::Time => 1e-6,
        Counts::Money => 1.0 / 3_600e6,
        Counts::RunOut | Counts::Cases => 1.0,
    };
    let before: Vec<f64> =
        from.means.iter().map(|means| of_from(means).map(|mean| mean * scale)).collect::<Option<_>>()?;
    let after: Vec<f64> = to.means.iter().map(|means| of_to(means).map(|mean| mean * scale)).collect::<Option<_>>()?;
    let difference = Interval::paired(&before, &after, LEVEL)?;
    let relative = Interval::ratio(&before, &after, LEVEL);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    Some(Change {
        from: mean(&before),
        to: mean(&after),
        difference: [difference.low, difference.high],
        relative,
        verdict: verdict(counts, &difference, relative.as_ref()),
    })
}

fn verdict(counts: Counts, difference: &Interval, relative: Option<&Interval>) -> Verdict {
    let small = |change: &Interval| -INDIFFERENT < change.low && change.high < INDIFFERENT;
    match () {
        _ if difference.low <= 0.0 && difference.high >= 0.0 => Verdict::NoSignificantDifference,
        _ if counts != Counts::Cases && relative.is_some_and(small) => Verdict::Negligible,
        _ if difference.low > 0.0 => Verdict::More,
        _ => Verdict::Less,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_certain_and_small_is_significant_only_where_cases_are_counted() {
        let check = |counts, [low, high]: [f64; 2], expected| {
            let found = Interval { mean: (low + high) / 2.0, low, high, count: 9 };
            assert_eq!(verdict(counts, &found, Some(&found)), expected, "{counts:?} {low} to {high}");
        };
        check(Counts::Time, [-0.3, -0.2], Verdict::Less);
        check(Counts::Time, [0.01, 0.03], Verdict::More);
        check(Counts::Time, [-0.03, 0.01], Verdict::NoSignificantDifference);
        check(Counts::Time, [-0.019, -0.011], Verdict::Negligible);
        check(Counts::RunOut, [0.001, 0.019], Verdict::Negligible);
        check(Counts::Cases, [0.001, 0.019], Verdict::More);
        let gone = Interval { mean: -0.02, low: -0.03, high: -0.01, count: 9 };
        assert_eq!(verdict(Counts::Cases, &gone, None), Verdict::Less);
    }
}
