//! From what was counted to what a result says.

use grieta_core::definition::Kind;
use grieta_core::{ClockIx, CrackIx, Plan, StepIx};

use super::{
    ClockResult, CrackResult, CycleTime, DeadEndResult, EndResult, LEVEL, Results, RoleResult, StepResult,
    StretchResult,
};
use crate::analyses::waiting::{self, WaitingBy};
use crate::analyses::{burden, disproportion, hand_offs, lost, value};
use crate::experiment::Gathered;
use crate::inputs::Inputs;
use crate::littles_law::littles_law;
use crate::model::Model;
use crate::precision::PrecisionResult;
use crate::statistics::{Interval, Moments};
use crate::totals::{Means, Spread, StepMeans, StepTotals, Totals};
use crate::transactions::Transactions;
use crate::warm_up::WarmUpResult;
use crate::{bottlenecks, causes};

/// With fewer arrivals a load above 1 may be chance.
pub(crate) const ENOUGH_TO_JUDGE: u64 = 200;

/// What the replications brought together, and what they were asked.
pub(crate) struct Collected {
    pub gathered: Gathered,
    pub seed: u64,
    pub inputs: Inputs,
    pub replications: u64,
    pub precision: Option<PrecisionResult>,
    pub warm_up: Option<WarmUpResult>,
}

impl Results {
    pub(crate) fn new(model: &Model, transactions: Option<&Transactions>, collected: Collected) -> Results {
        let plan = &model.plan;
        let definition = plan.definition();
        let Collected { gathered: Gathered { totals, means, loads, .. }, seed, replications, .. } = &collected;
        let hopeless = hopeless(totals);
        let stable = !hopeless.contains(&true);
        let roles = roles(model, totals, loads);
        let mut steps: Vec<StepResult> = (0..plan.step_count()).map(|index| step(plan, index, totals, means)).collect();
        if !stable {
            let position = |role: &Option<String>| definition.roles.get_index_of(role.as_ref()?);
            let behind = |step: &StepResult| position(&step.role).is_some_and(|role| hopeless[role]);
            steps.iter_mut().filter(|step| behind(step)).for_each(StepResult::forget_waiting);
            steps.iter_mut().for_each(StepResult::forget_ways);
        }
        let cycle_time = if stable { cycle_time(totals, means) } else { None };
        let waiting = if stable { causes::rank(plan, totals) } else { Vec::new() };
        Results {
            process: definition.process.clone(),
            version: definition.version.clone(),
            seed: *seed,
            inputs: collected.inputs.clone(),
            precision: collected.precision.clone(),
            warm_up: collected.warm_up,
            replications: *replications,
            cases: totals.arrived,
            started_by_cases: totals.started_by_cases,
            completed: totals.completed,
            cancelled: totals.cancelled,
            stuck: totals.stuck,
            stuck_ci95: interval(means, |means| means.stuck).map(|ends| ends.map(|end| end.clamp(0.0, 1.0))),
            events: totals.events,
            stable,
            stretches: if stable { stretches(model, totals, means) } else { Vec::new() },
            ends: ends(plan, totals, means),
            cracks: cracks(plan, totals),
            clocks: clocks(plan, totals),
            bottlenecks: bottlenecks::rank(plan, totals, &roles, &hopeless),
            waiting_by: if stable { waiting::results(plan, totals, &waiting) } else { WaitingBy::default() },
            waiting,
            hand_offs: hand_offs::results(definition, totals),
            value: value::results(model, totals, cycle_time.as_ref().map(|cycle| cycle.mean_s)),
            disproportionate: if stable { disproportion::results(plan, totals) } else { Vec::new() },
            burden: burden::results(model, totals),
            lost: lost::results(totals),
            cycle_time,
            dead_ends: dead_ends(totals, *seed),
            goals: Vec::new(),
            assumptions: assumptions(model, totals, transactions),
            littles_law: littles_law(plan, &totals.balances),
            steps,
            roles,
            rates: definition.roles.keys().map(|role| model.rate(role)).collect(),
            means: collected.gathered.means,
            looks: collected.gathered.looks,
        }
    }
}

impl StepResult {
    /// Means of a queue that grows for ever mean nothing.
    fn forget_waiting(&mut self) {
        (self.wait_mean_s, self.wait_ci95_s) = (None, None);
        (self.wait_p50_s, self.wait_p90_s, self.wait_p95_s) = (None, None, None);
        (self.wait_p50_ci95_s, self.wait_p90_ci95_s, self.wait_p95_ci95_s) = (None, None, None);
        (self.wait_cv, self.wait_p90_over_p50) = (None, None);
    }

    /// Nor does the way through such a queue.
    fn forget_ways(&mut self) {
        (self.until_begun_mean_s, self.until_begun_ci95_s, self.until_begun_cv) = (None, None, None);
    }
}

fn seconds(micros: f64) -> f64 {
    micros / 1e6
}

fn quantile(spread: &Spread, share: f64) -> Option<f64> {
    spread.histogram.quantile(share).map(|micros| seconds(micros as f64))
}

/// The 95 % interval of a mean over replications or batches.
fn interval(means: &[Means], of: impl Fn(&Means) -> Option<f64>) -> Option<[f64; 2]> {
    let values: Vec<f64> = means.iter().filter_map(of).collect();
    Interval::of(&values, LEVEL).map(|interval| [interval.low, interval.high])
}

fn interval_s(means: &[Means], of: impl Fn(&Means) -> Option<f64>) -> Option<[f64; 2]> {
    interval(means, of).map(|ends| ends.map(seconds))
}

/// The roles that get more work than they can do.
pub(crate) fn hopeless(totals: &Totals) -> Vec<bool> {
    let judged = totals.arrived >= ENOUGH_TO_JUDGE;
    totals.roles.iter().map(|role| judged && role.load().is_some_and(|load| load >= 1.0)).collect()
}

/// The coefficient of variation, s / x̄; `None` with fewer than two values or where all are 0.
fn cv(moments: &Moments) -> Option<f64> {
    let mean = moments.mean().filter(|mean| *mean > 0.0)?;
    Some(moments.deviation()? / mean)
}

/// The p90 by the median, where that is above 0.
fn p90_over_p50(spread: &Spread) -> Option<f64> {
    let median = quantile(spread, 0.5).filter(|median| *median > 0.0)?;
    Some(quantile(spread, 0.9)? / median)
}

fn cycle_time(totals: &Totals, means: &[Means]) -> Option<CycleTime> {
    let of = |at: usize| interval_s(means, |means| means.cycle_quantiles[at]);
    Some(CycleTime {
        p50_ci95_s: of(0),
        p90_ci95_s: of(1),
        p95_ci95_s: of(2),
        cv: cv(&totals.cycle.moments),
        p90_over_p50: p90_over_p50(&totals.cycle),
        mean_s: seconds(totals.cycle.moments.mean()?),
        ci95_s: interval_s(means, |means| means.cycle),
        p50_s: quantile(&totals.cycle, 0.5),
        p90_s: quantile(&totals.cycle, 0.9),
        p95_s: quantile(&totals.cycle, 0.95),
    })
}

fn per_case(count: u64, totals: &Totals) -> f64 {
    if totals.begun() == 0 { 0.0 } else { count as f64 / totals.begun() as f64 }
}

fn step(plan: &Plan, index: usize, totals: &Totals, means: &[Means]) -> StepResult {
    let id = StepIx(index as u16);
    let definition = plan.step_definition(id);
    let StepTotals { visits, cases, waited, wait, touch, until_begun, added: counted, .. } = &totals.steps[index];
    let begun = wait.moments.count();
    let added = |says: fn(&Kind) -> bool, micros: u128| {
        let declared = definition.is_some_and(|step| says(&step.kind));
        (declared && begun > 0).then(|| seconds(micros as f64 / begun as f64))
    };
    let of = |part: fn(&StepMeans) -> Option<f64>| move |means: &Means| part(means.steps.get(index)?);
    StepResult {
        id: plan.step_name(id).to_owned(),
        name: definition.and_then(|step| step.name.clone()),
        role: definition.and_then(|step| match &step.kind {
            Kind::Human { role, .. } => Some(role.clone()),
            _ => None,
        }),
        visits_per_case: per_case(*visits, totals),
        visits_ci95: interval(means, of(|step| step.visits)),
        cases_share: per_case(*cases, totals),
        waited_share: (begun > 0).then(|| *waited as f64 / begun as f64),
        wait_mean_s: wait.moments.mean().map(seconds),
        wait_ci95_s: interval_s(means, of(|step| step.wait)),
        wait_p50_s: quantile(wait, 0.5),
        wait_p50_ci95_s: interval_s(means, of(|step| step.wait_quantiles[0])),
        wait_p90_s: quantile(wait, 0.9),
        wait_p90_ci95_s: interval_s(means, of(|step| step.wait_quantiles[1])),
        wait_p95_s: quantile(wait, 0.95),
        wait_p95_ci95_s: interval_s(means, of(|step| step.wait_quantiles[2])),
        wait_cv: cv(&wait.moments),
        wait_p90_over_p50: p90_over_p50(wait),
        touch_mean_s: touch.mean().map(seconds),
        touch_cv: cv(touch),
        set_up_mean_s: added(|kind| matches!(kind, Kind::Human { set_up: Some(_), .. }), counted.set_up),
        take_over_mean_s: added(|kind| matches!(kind, Kind::Human { take_over: Some(_), .. }), counted.take_over),
        until_begun_mean_s: until_begun.mean().map(seconds),
        until_begun_ci95_s: interval_s(means, of(|step| step.until_begun)),
        until_begun_cv: cv(until_begun),
    }
}

fn roles(model: &Model, totals: &Totals, loads: &[Vec<Option<f64>>]) -> Vec<RoleResult> {
    let names = model.plan.definition().roles.keys();
    let role = |(index, name): (usize, &String)| {
        let counted = &totals.roles[index];
        let values: Vec<f64> = loads.iter().filter_map(|loads| loads[index]).collect();
        RoleResult {
            id: name.clone(),
            people: model.roles[index].people,
            utilisation: counted.load(),
            utilisation_ci95: Interval::of(&values, LEVEL).map(|interval| [interval.low, interval.high]),
            busy_share: (counted.available > 0).then(|| counted.busy as f64 / counted.available as f64),
        }
    };
    names.enumerate().map(role).collect()
}

fn stretches(model: &Model, totals: &Totals, means: &[Means]) -> Vec<StretchResult> {
    let name = |step: StepIx| model.plan.step_name(step).to_owned();
    let stretch = |(index, (from, to)): (usize, &(StepIx, StepIx))| {
        let counted = &totals.stretches[index];
        StretchResult {
            from: name(*from),
            to: name(*to),
            cases: counted.moments.count(),
            mean_s: counted.moments.mean().map(seconds),
            ci95_s: interval_s(means, |means| *means.stretches.get(index)?),
            p50_s: quantile(counted, 0.5),
            p50_ci95_s: interval_s(means, |means| means.stretch_quantiles.get(index)?[0]),
            p90_s: quantile(counted, 0.9),
            p90_ci95_s: interval_s(means, |means| means.stretch_quantiles.get(index)?[1]),
            cv: cv(&counted.moments),
            p90_over_p50: p90_over_p50(counted),
        }
    };
    model.stretches.iter().enumerate().map(stretch).collect()
}

fn ends(plan: &Plan, totals: &Totals, means: &[Means]) -> Vec<EndResult> {
    let steps = plan.definition().steps.iter().enumerate();
    let ends = steps.filter(|(_, (_, step))| matches!(step.kind, Kind::End { .. }));
    let end = |(index, (name, _)): (usize, (&String, _))| EndResult {
        id: name.clone(),
        share: per_case(totals.steps[index].visits, totals),
        ci95: interval(means, |means| means.steps.get(index)?.visits),
    };
    ends.map(end).collect()
}

fn cracks(plan: &Plan, totals: &Totals) -> Vec<CrackResult> {
    let steps = (0..plan.step_count()).map(|index| StepIx(index as u16)).chain(plan.root());
    let declared =
        steps.flat_map(|step| plan.declared_cracks(step).into_iter().flatten().map(move |crack| (step, crack)));
    let crack = |(position, (step, (id, declared))): (usize, (StepIx, (&String, &grieta_core::definition::Crack)))| {
        let counted = &totals.cracks[CrackIx(position as u16).at()];
        let visits = totals.steps[step.at()].visits;
        CrackResult {
            id: id.clone(),
            step: plan.step_name(step).to_owned(),
            name: declared.name.clone(),
            struck: counted.struck,
            struck_per_visit: (visits > 0).then(|| counted.struck as f64 / visits as f64),
            answered: counted.answered,
            held_mean_s: counted.held.mean().map(seconds),
            held_cv: cv(&counted.held),
        }
    };
    declared.enumerate().map(crack).collect()
}

fn clocks(plan: &Plan, totals: &Totals) -> Vec<ClockResult> {
    let clock = |(index, counted): (usize, &crate::totals::ClockTotals)| {
        let clock = ClockIx(index as u16);
        ClockResult {
            id: plan.clock_name(clock).to_owned(),
            business: plan.is_business_clock(clock),
            within_s: plan.clock_within(clock).as_seconds(),
            started: counted.started,
            run_out: counted.run_out,
            run_out_share: (counted.started > 0).then(|| counted.run_out as f64 / counted.started as f64),
            used_mean_s: counted.used.moments.mean().map(seconds),
            used_cv: cv(&counted.used.moments),
            used_p90_s: quantile(&counted.used, 0.9),
        }
    };
    totals.clocks.iter().enumerate().map(clock).collect()
}

fn dead_ends(totals: &Totals, seed: u64) -> Vec<DeadEndResult> {
    let row = |(dead_end, found): (&crate::totals::DeadEnd, &crate::totals::DeadEndTotals)| DeadEndResult {
        step: dead_end.step.clone(),
        waits_for: dead_end.waits_for.clone(),
        why: dead_end.why,
        cases: found.cases,
        seed,
        replication: found.replication,
        case: found.case,
    };
    let mut rows: Vec<DeadEndResult> = totals.dead_ends.iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.cases));
    rows
}

fn assumptions(model: &Model, totals: &Totals, transactions: Option<&Transactions>) -> Vec<String> {
    let unknown = transactions.into_iter().flat_map(Transactions::passed_over);
    let unknown = unknown
        .map(|name| format!("`{name}` stands in the transactions file, but not in this process; it is passed over"));
    let lost = (totals.not_handed_over > 0).then(|| {
        format!(
            "{} hand-overs came to nothing: their case lacked a field that is required, or cases start others without end",
            totals.not_handed_over
        )
    });
    model.assumptions.iter().cloned().chain(lost).chain(unknown).collect()
}
