//! What an experiment found, in the words of those who read it.

use grieta_core::definition::Kind;
use grieta_core::{ClockIx, CrackIx, Plan, StepIx};
use serde::Serialize;

use crate::analyses::burden::{self, Burden};
use crate::analyses::disproportion::{self, Disproportion};
use crate::analyses::hand_offs::{self, HandOffsResult};
use crate::analyses::lost::{self, Lost, LostResult};
use crate::analyses::value::{self, ValueResult};
use crate::analyses::waiting::{self, WaitingBy};
use crate::bottlenecks::{self, Bottleneck};
use crate::causes::{self, WaitingResult};
use crate::figures::Look;
use crate::judging::GoalResult;
use crate::model::Model;
use crate::statistics::Interval;
use crate::totals::{Means, Spread, StepMeans, StepTotals, Totals};
use crate::transactions::Transactions;

/// The level of every interval.
pub(crate) const LEVEL: f64 = 0.95;

/// With fewer arrivals a load above 1 may be chance.
const ENOUGH_TO_JUDGE: u64 = 200;

/// What an experiment found. Times are in seconds; counts are over all replications.
#[derive(Debug, Clone, Serialize)]
pub struct Results {
    /// The process.
    pub process: String,
    /// Its version.
    pub version: String,
    /// The seed.
    pub seed: u64,
    /// How many replications there were.
    pub replications: u64,
    /// Cases that arrived.
    pub cases: u64,
    /// Cases that other cases started, by a call or a hand-over to the same process.
    #[serde(skip_serializing_if = "is_zero")]
    pub started_by_cases: u64,
    /// Cases that came to an end.
    pub completed: u64,
    /// Cases that were cancelled.
    pub cancelled: u64,
    /// Cases that never end.
    pub stuck: u64,
    /// The share of cases that never end: its interval.
    pub stuck_ci95: Option<[f64; 2]>,
    /// Arrivals and completions of steps.
    pub events: u64,
    /// False when some role gets more work than it can do: then queues grow for ever and there are no means.
    pub stable: bool,
    /// From arrival to end, of completed cases; absent when unstable.
    pub cycle_time: Option<CycleTime>,
    /// Each step, in the order of the definition.
    pub steps: Vec<StepResult>,
    /// Each stretch that was asked for.
    pub stretches: Vec<StretchResult>,
    /// Each role, in the order of the definition.
    pub roles: Vec<RoleResult>,
    /// Each end, in the order of the definition.
    pub ends: Vec<EndResult>,
    /// Each crack, in the order of the definition.
    pub cracks: Vec<CrackResult>,
    /// Each clock, in the order of the definition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockResult>,
    /// Steps where cases wait for people, the worst first.
    pub bottlenecks: Vec<Bottleneck>,
    /// All waiting by step and cause, the most first; nothing when unstable.
    pub waiting: Vec<WaitingResult>,
    /// The same waiting by role, by hand-off and by crack; nothing when unstable.
    pub waiting_by: WaitingBy,
    /// How the work of cases passes from one department to another; absent where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand_offs: Option<HandOffsResult>,
    /// Where time and money go, by what a step is worth.
    pub value: ValueResult,
    /// Steps and cracks that take a disproportionate time, the most first; nothing when unstable.
    pub disproportionate: Vec<Disproportion>,
    /// What is asked of people besides their time.
    pub burden: Vec<Burden>,
    /// Cases that get stuck, by why; together they are `stuck`.
    pub lost: Vec<LostResult>,
    /// Ways in which cases get stuck, the most frequent first.
    pub dead_ends: Vec<DeadEndResult>,
    /// Each goal, in the order of the definition, and whether it is met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<GoalResult>,
    /// What had to be assumed because the definition does not say it.
    pub assumptions: Vec<String>,
    /// What an hour of work of each role costs.
    #[serde(skip)]
    pub(crate) rates: Vec<Option<f64>>,
    #[serde(skip)]
    pub(crate) means: Vec<Means>,
    /// Where they are kept.
    #[serde(skip)]
    pub(crate) looks: Vec<Look>,
}

/// How long cases take.
#[derive(Debug, Clone, Serialize)]
pub struct CycleTime {
    /// The mean.
    pub mean_s: f64,
    /// Its 95 % interval: over replications, or over batches of a single one.
    pub ci95_s: Option<[f64; 2]>,
    /// Half of the cases are faster.
    pub p50_s: Option<f64>,
    /// Nine of ten cases are faster.
    pub p90_s: Option<f64>,
    /// Nineteen of twenty cases are faster.
    pub p95_s: Option<f64>,
}

/// What was seen at a step.
#[derive(Debug, Clone, Serialize)]
pub struct StepResult {
    /// The step.
    pub id: String,
    /// Its name for people.
    pub name: Option<String>,
    /// The role that does it.
    pub role: Option<String>,
    /// How often a case comes here.
    pub visits_per_case: f64,
    /// The interval of that.
    pub visits_ci95: Option<[f64; 2]>,
    /// The share of cases that come here at all.
    pub cases_share: f64,
    /// The share of visits that wait for a person.
    pub waited_share: Option<f64>,
    /// How long a visit waits for a person.
    pub wait_mean_s: Option<f64>,
    /// The interval of that.
    pub wait_ci95_s: Option<[f64; 2]>,
    /// Half of the visits wait less.
    pub wait_p50_s: Option<f64>,
    /// Nine of ten visits wait less.
    pub wait_p90_s: Option<f64>,
    /// Nineteen of twenty visits wait less.
    pub wait_p95_s: Option<f64>,
    /// How long the work of a visit takes, or the answer of the system or outside party.
    pub touch_mean_s: Option<f64>,
    /// From the arrival of a case until the step is begun for the first time.
    pub until_begun_mean_s: Option<f64>,
    /// The interval of that.
    pub until_begun_ci95_s: Option<[f64; 2]>,
}

/// How long it takes from one step to another, in the cases that begin both in this order.
#[derive(Debug, Clone, Serialize)]
pub struct StretchResult {
    /// The step at whose first beginning it starts.
    pub from: String,
    /// The step at whose first beginning it ends.
    pub to: String,
    /// How many cases there were.
    pub cases: u64,
    /// The mean.
    pub mean_s: Option<f64>,
    /// The interval of that.
    pub ci95_s: Option<[f64; 2]>,
    /// Half of the cases are faster.
    pub p50_s: Option<f64>,
    /// Nine of ten cases are faster.
    pub p90_s: Option<f64>,
}

/// How busy a role is.
#[derive(Debug, Clone, Serialize)]
pub struct RoleResult {
    /// The role.
    pub id: String,
    /// How many people fill it.
    pub people: usize,
    /// The work that all arrivals bring, divided by the presence of the people while cases arrive: the utilisation in
    /// the long run, whatever the length of this one. At 1 and above the role cannot keep up.
    pub utilisation: Option<f64>,
    /// The interval of that over replications.
    pub utilisation_ci95: Option<[f64; 2]>,
    /// The share of their presence during the whole run in which people were at work.
    pub busy_share: Option<f64>,
}

/// How often an end is reached.
#[derive(Debug, Clone, Serialize)]
pub struct EndResult {
    /// The end step.
    pub id: String,
    /// How often a case reaches it.
    pub share: f64,
    /// The interval of that.
    pub ci95: Option<[f64; 2]>,
}

/// What a crack does.
#[derive(Debug, Clone, Serialize)]
pub struct CrackResult {
    /// The crack.
    pub id: String,
    /// The step it strikes.
    pub step: String,
    /// Its name for people.
    pub name: Option<String>,
    /// How often it struck.
    pub struck: u64,
    /// How often it struck, by visit of the step.
    pub struck_per_visit: Option<f64>,
    /// How often there was a response.
    pub answered: u64,
    /// From the strike until the case left the step, for those that did.
    pub held_mean_s: Option<f64>,
}

/// How a promise is kept.
#[derive(Debug, Clone, Serialize)]
pub struct ClockResult {
    /// The clock.
    pub id: String,
    /// Whether its times are business time of its calendar, rather than elapsed time.
    pub business: bool,
    /// How much time it gives.
    pub within_s: f64,
    /// How often it started.
    pub started: u64,
    /// How often it ran out.
    pub run_out: u64,
    /// The share of that.
    pub run_out_share: Option<f64>,
    /// How much time was used where what it measures came about; of a clock that goes on when a case comes back, each
    /// time that it stopped.
    pub used_mean_s: Option<f64>,
    /// Nine of ten use less.
    pub used_p90_s: Option<f64>,
}

/// A way in which cases get stuck.
#[derive(Debug, Clone, Serialize)]
pub struct DeadEndResult {
    /// The step where they stand.
    pub step: String,
    /// What they wait for, in words.
    pub waits_for: String,
    /// Why they are lost.
    pub why: Lost,
    /// How many there are.
    pub cases: u64,
    /// The seed that repeats one of them.
    pub seed: u64,
    /// Its replication.
    pub replication: u64,
    /// Its number in that replication.
    pub case: u64,
}

/// What the replications brought together.
pub(crate) struct Collected {
    pub totals: Totals,
    /// The means of each replication, or of each batch of a single one.
    pub means: Vec<Means>,
    /// The load of each role in each replication.
    pub loads: Vec<Vec<Option<f64>>>,
    /// The figures of each replication, where they are kept.
    pub looks: Vec<Look>,
    pub seed: u64,
    pub replications: u64,
}

impl Results {
    pub(crate) fn new(model: &Model, transactions: Option<&Transactions>, collected: Collected) -> Results {
        let plan = &model.plan;
        let definition = plan.definition();
        let Collected { totals, means, loads, seed, replications, .. } = &collected;
        let judged = totals.arrived >= ENOUGH_TO_JUDGE;
        let overloaded = |role: &crate::totals::RoleTotals| judged && role.load().is_some_and(|load| load >= 1.0);
        let hopeless: Vec<bool> = totals.roles.iter().map(overloaded).collect();
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
            steps,
            roles,
            rates: definition.roles.keys().map(|role| model.rate(role)).collect(),
            means: collected.means,
            looks: collected.looks,
        }
    }

    /// Cases that began: those that arrived, and those that other cases started.
    pub fn all_cases(&self) -> u64 {
        self.cases + self.started_by_cases
    }

    /// What the work of people on a case cost in a replication, in microseconds times money an hour.
    pub(crate) fn cost(&self, means: &Means) -> Option<f64> {
        means.work(|role| *self.rates.get(role)?)
    }

    /// How often a crack struck.
    pub(crate) fn struck(&self, crack: CrackIx) -> u64 {
        self.cracks.get(crack.at()).map_or(0, |crack| crack.struck)
    }

    /// The result of a step.
    pub fn step(&self, id: &str) -> Option<&StepResult> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// The result of a role.
    pub fn role(&self, id: &str) -> Option<&RoleResult> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// The share of an end.
    pub fn end(&self, id: &str) -> Option<&EndResult> {
        self.ends.iter().find(|end| end.id == id)
    }
}

impl StepResult {
    /// Means of a queue that grows for ever mean nothing.
    fn forget_waiting(&mut self) {
        (self.wait_mean_s, self.wait_ci95_s) = (None, None);
        (self.wait_p50_s, self.wait_p90_s, self.wait_p95_s) = (None, None, None);
    }

    /// Nor does the way through such a queue.
    fn forget_ways(&mut self) {
        (self.until_begun_mean_s, self.until_begun_ci95_s) = (None, None);
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(count: &u64) -> bool {
    *count == 0
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

fn cycle_time(totals: &Totals, means: &[Means]) -> Option<CycleTime> {
    Some(CycleTime {
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
    let StepTotals { visits, cases, waited, wait, touch, until_begun, .. } = &totals.steps[index];
    let begun = wait.moments.count();
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
        wait_p90_s: quantile(wait, 0.9),
        wait_p95_s: quantile(wait, 0.95),
        touch_mean_s: touch.mean().map(seconds),
        until_begun_mean_s: until_begun.mean().map(seconds),
        until_begun_ci95_s: interval_s(means, of(|step| step.until_begun)),
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
            p90_s: quantile(counted, 0.9),
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
