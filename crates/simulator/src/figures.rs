//! Figures of which every replication has a value of its own, so that their scatter says how sure they are.

use grieta_core::criterion::{Counted, Figure, Statistic};
use grieta_core::definition::Period;
use grieta_core::{CrackIx, FlowIx, StepIx};

use crate::arrivals::periods_in_a_week;
use crate::backlog::Backlog;
use crate::model::Model;
use crate::results::Results;
use crate::statistics::Histogram;
use crate::totals::{Part, Spread, Totals};

/// What the replications say of a figure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Replicated {
    /// Its value in each replication that has one. Infinite where what is measured never ends.
    pub values: Vec<f64>,
    /// Over how many cases, visits or runs it was taken, in all replications; 0 for a utilisation.
    pub observations: u64,
}

impl Results {
    /// What the replications say of a figure; nothing, unless the experiment [kept it](crate::Simulation::keeping_figures).
    pub fn figure(&self, figure: Figure) -> Replicated {
        let found = self.looks.iter().filter_map(|look| look.at(figure));
        found.fold(Replicated::default(), |mut found, (value, observations)| {
            found.values.push(value);
            found.observations += observations;
            found
        })
    }
}

/// Counted in one replication only where figures are kept, and never merged.
#[derive(Debug, Clone, Default)]
pub(crate) struct Closely {
    /// From arrival to end, in business time.
    pub cycle: Spread,
    /// Cases that arrived and got stuck.
    pub stuck: u64,
    /// By step: how long the cases took that came to this end, elapsed and in business time.
    pub ends: Vec<[Spread; 2]>,
    /// By step: waiting, in business time.
    pub waits: Vec<Spread>,
    /// By flow: how often a step was completed by it.
    pub outcomes: Vec<u64>,
    /// What waits for each role while cases arrive.
    pub backlog: Backlog,
}

impl Closely {
    pub fn new(model: &Model) -> Closely {
        let steps = if model.closely.is_some() { model.steps.len() } else { 0 };
        let backlog = if model.closely.is_some() { Backlog::watched() } else { Backlog::default() };
        let (ends, waits) = (vec![Default::default(); steps], vec![Spread::default(); steps]);
        let outcomes = vec![0; if model.closely.is_some() { model.plan.flow_count() } else { 0 }];
        Closely { ends, waits, outcomes, backlog, ..Closely::default() }
    }

    /// A step was completed by that flow.
    #[inline]
    pub fn left_by(&mut self, outcome: FlowIx) {
        if let Some(count) = self.outcomes.get_mut(outcome.at()) {
            *count += 1;
        }
    }
}

/// All figures of one replication. A part is the sum of what was counted, and of how many.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    cycle: [Times; 2],
    ends: Vec<[Times; 2]>,
    waits: Vec<[Times; 2]>,
    until_begun: Vec<Part>,
    shares: Vec<Part>,
    visits: Vec<Part>,
    /// By step, and there by outcome.
    outcomes: Vec<Vec<Part>>,
    /// How long cases arrived, in weeks.
    weeks: f64,
    /// How many hours, days and business days a week has.
    periods: [f64; 3],
    cracks: Vec<Part>,
    clocks: Vec<Part>,
    loads: Vec<Option<f64>>,
    /// How much work waits for each role in the first half of the arrivals, and in the second.
    pub backlog: Vec<[f64; 2]>,
    completed: Part,
    cancelled: Part,
    stuck: Part,
}

/// What is made of times besides their mean.
const QUANTILES: [Statistic; 4] = [Statistic::P50, Statistic::P90, Statistic::P95, Statistic::P99];

/// What is made of many times, in seconds.
#[derive(Debug, Clone, Copy, Default)]
struct Times {
    count: u64,
    mean: Option<f64>,
    quantiles: [Option<f64>; 4],
}

impl Look {
    pub fn of(totals: &Totals, model: &Model) -> Look {
        let (closely, plan) = (&totals.closely, &model.plan);
        let of_cases = |count: u64| Part { sum: count as f64, count: totals.ended() };
        let steps = || totals.steps.iter();
        let crack = |(position, counted): (usize, &crate::totals::CrackTotals)| {
            let step = plan.cracked(CrackIx(position as u16)).filter(|step| plan.root() != Some(*step));
            let count = step.map_or(totals.ended(), |step| totals.steps[step.at()].visits);
            Part { sum: counted.struck as f64, count }
        };
        let left_by = |flow: FlowIx| closely.outcomes.get(flow.at()).copied().unwrap_or(0);
        let outcomes = |step: u16| {
            let counts: Vec<u64> = plan.ways_on(StepIx(step)).map(left_by).collect();
            let count = counts.iter().sum();
            counts.into_iter().map(|left| Part { sum: left as f64, count }).collect()
        };
        let periods = |per: Period| model.closely.as_ref().map_or(0.0, |calendar| periods_in_a_week(per, calendar));
        Look {
            outcomes: (0..totals.steps.len() as u16).map(outcomes).collect(),
            weeks: totals.arriving as f64 / 1e6 / (7.0 * 86_400.0),
            periods: [Period::Hour, Period::Day, Period::BusinessDay].map(periods),
            cycle: [Times::of(&totals.cycle, closely.stuck), Times::of(&closely.cycle, closely.stuck)],
            ends: closely.ends.iter().map(|both| both.each_ref().map(|times| Times::of(times, 0))).collect(),
            waits: steps()
                .zip(&closely.waits)
                .map(|(step, business)| [Times::of(&step.wait, 0), Times::of(business, 0)])
                .collect(),
            until_begun: steps()
                .map(|step| Part { sum: step.until_begun.sum() as f64 / 1e6, count: step.until_begun.count() })
                .collect(),
            shares: steps().map(|step| of_cases(step.cases)).collect(),
            visits: steps().map(|step| of_cases(step.visits)).collect(),
            cracks: totals.cracks.iter().enumerate().map(crack).collect(),
            clocks: totals
                .clocks
                .iter()
                .map(|clock| Part { sum: clock.run_out as f64, count: clock.started })
                .collect(),
            loads: totals.roles.iter().map(|role| role.load()).collect(),
            backlog: closely.backlog.halves(),
            completed: of_cases(totals.completed),
            cancelled: of_cases(totals.cancelled),
            stuck: of_cases(totals.stuck),
        }
    }

    /// The value of a figure, and over how many it was taken.
    fn at(&self, figure: Figure) -> Option<(f64, u64)> {
        let mean = |part: &Part| (part.count > 0).then(|| (part.sum / part.count as f64, part.count));
        match figure {
            Figure::CycleTime { statistic, end: None, counted } => self.cycle[place(counted)].find(statistic),
            Figure::CycleTime { statistic, end: Some(end), counted } => {
                self.ends.get(end.at())?[place(counted)].find(statistic)
            }
            Figure::Wait { statistic, step, counted } => self.waits.get(step.at())?[place(counted)].find(statistic),
            Figure::UntilBegun(step) => mean(self.until_begun.get(step.at())?),
            Figure::Share(step) => mean(self.shares.get(step.at())?),
            Figure::Visits(step) => mean(self.visits.get(step.at())?),
            Figure::Outcome(step, outcome) => mean(self.outcomes.get(step.at())?.get(usize::from(outcome))?),
            Figure::Volume(step, per) => self.volume(step, per),
            Figure::Completed => mean(&self.completed),
            Figure::Cancelled => mean(&self.cancelled),
            Figure::Stuck => mean(&self.stuck),
            Figure::Struck(CrackIx::NONE) => Some((0.0, 0)),
            Figure::Struck(crack) => mean(self.cracks.get(crack.at())?),
            Figure::RunOut(clock) => mean(self.clocks.get(clock.at())?),
            Figure::Utilisation(role) => Some(((*self.loads.get(role.at())?)?, 0)),
        }
    }
}

impl Look {
    /// How often cases come to a step in a period. The visits of all that arrived count, also those after the last arrival.
    fn volume(&self, step: StepIx, per: Period) -> Option<(f64, u64)> {
        let visits = self.visits.get(step.at())?.sum;
        let [hours, days, business_days] = self.periods;
        let periods = match per {
            Period::Hour => hours,
            Period::Day => days,
            Period::BusinessDay => business_days,
        };
        (self.weeks > 0.0 && periods > 0.0).then(|| (visits / self.weeks / periods, visits as u64))
    }
}

/// The place of times that are counted so.
const fn place(counted: Counted) -> usize {
    match counted {
        Counted::Elapsed => 0,
        Counted::Business => 1,
    }
}

impl Times {
    /// Of these times, and of so many that never end.
    fn of(times: &Spread, never: u64) -> Times {
        let count = times.moments.count() + never;
        let mean = if never > 0 { Some(f64::INFINITY) } else { times.moments.mean().map(|mean| mean / 1e6) };
        let quantile = |statistic: Statistic| quantile(&times.histogram, statistic.share()?, never);
        Times { count, mean, quantiles: QUANTILES.map(quantile) }
    }

    fn find(&self, statistic: Statistic) -> Option<(f64, u64)> {
        let value = match QUANTILES.iter().position(|quantile| *quantile == statistic) {
            Some(position) => self.quantiles[position],
            None => self.mean,
        };
        value.map(|value| (value, self.count))
    }
}

/// The quantile in seconds, where so many more are longer than all that were seen.
fn quantile(times: &Histogram, share: f64, never: u64) -> Option<f64> {
    let all = times.count() + never;
    if all == 0 {
        return None;
    }
    let rank = crate::statistics::rank(share, all);
    if rank > times.count() {
        return Some(f64::INFINITY);
    }
    times.quantile(rank as f64 / times.count() as f64).map(|micros| micros as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_ends_ranks_last() {
        let mut times = Histogram::new();
        (1..=80).for_each(|seconds| times.add(seconds * 1_000_000));
        let check = |share, never, expected: f64| {
            let found = quantile(&times, share, never).unwrap();
            assert!(found == expected || (found / expected - 1.0).abs() < 0.004, "{share} {never}: {found}");
        };
        check(0.5, 0, 40.0);
        check(0.5, 20, 50.0);
        check(0.8, 20, 80.0);
        check(0.81, 20, f64::INFINITY);
        check(0.5, 81, f64::INFINITY);
        assert_eq!(quantile(&Histogram::new(), 0.5, 0), None);
        assert_eq!(quantile(&Histogram::new(), 0.5, 1), Some(f64::INFINITY));
    }
}
