//! What an experiment found, in the words of those who read it.

mod made;

use grieta_core::CrackIx;
use serde::Serialize;

use crate::analyses::burden::Burden;
use crate::analyses::disproportion::Disproportion;
use crate::analyses::hand_offs::HandOffsResult;
use crate::analyses::lost::{Lost, LostResult};
use crate::analyses::value::ValueResult;
use crate::analyses::waiting::WaitingBy;
use crate::bottlenecks::Bottleneck;
use crate::causes::WaitingResult;
use crate::figures::Look;
use crate::inputs::Inputs;
use crate::judging::GoalResult;
use crate::littles_law::LittlesLaw;
use crate::precision::PrecisionResult;
use crate::totals::Means;
use crate::warm_up::WarmUpResult;

pub(crate) use made::{Collected, ENOUGH_TO_JUDGE, hopeless};

/// The level of every interval.
pub(crate) const LEVEL: f64 = 0.95;

/// What an experiment found. Times are in seconds; counts are over all replications.
#[derive(Debug, Clone, Serialize)]
pub struct Results {
    /// The process.
    pub process: String,
    /// Its version.
    pub version: String,
    /// The seed.
    pub seed: u64,
    /// What the result came from.
    pub inputs: Inputs,
    /// How many replications there were.
    pub replications: u64,
    /// Whether they were as many as the precision took that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<PrecisionResult>,
    /// How long the beginning of a run is in which the process fills; absent where the run is too short to say anything.
    pub warm_up: Option<WarmUpResult>,
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
    /// Little's law, L = λ·W, as it was checked in every replication.
    pub littles_law: LittlesLaw,
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
    /// The interval of that.
    pub p50_ci95_s: Option<[f64; 2]>,
    /// Nine of ten cases are faster.
    pub p90_s: Option<f64>,
    /// The interval of that.
    pub p90_ci95_s: Option<[f64; 2]>,
    /// Nineteen of twenty cases are faster.
    pub p95_s: Option<f64>,
    /// The interval of that.
    pub p95_ci95_s: Option<[f64; 2]>,
    /// The coefficient of variation: the standard deviation by the mean.
    pub cv: Option<f64>,
    /// How many times as long nine of ten cases take at the most as half of them.
    pub p90_over_p50: Option<f64>,
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
    /// The interval of that, over several replications.
    pub wait_p50_ci95_s: Option<[f64; 2]>,
    /// Nine of ten visits wait less.
    pub wait_p90_s: Option<f64>,
    /// The interval of that, over several replications.
    pub wait_p90_ci95_s: Option<[f64; 2]>,
    /// Nineteen of twenty visits wait less.
    pub wait_p95_s: Option<f64>,
    /// The interval of that, over several replications.
    pub wait_p95_ci95_s: Option<[f64; 2]>,
    /// The coefficient of variation of the waits.
    pub wait_cv: Option<f64>,
    /// Their p90 by their median; absent where most do not wait.
    pub wait_p90_over_p50: Option<f64>,
    /// How long the work of a visit takes, or the answer of the system or outside party.
    pub touch_mean_s: Option<f64>,
    /// The coefficient of variation of that.
    pub touch_cv: Option<f64>,
    /// How much of that is setting up; absent where the step says nothing of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_up_mean_s: Option<f64>,
    /// How much of that is taking the case over from somebody else; absent where the step says nothing of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub take_over_mean_s: Option<f64>,
    /// From the arrival of a case until the step is begun for the first time.
    pub until_begun_mean_s: Option<f64>,
    /// The interval of that.
    pub until_begun_ci95_s: Option<[f64; 2]>,
    /// The coefficient of variation of that.
    pub until_begun_cv: Option<f64>,
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
    /// The interval of that, over several replications.
    pub p50_ci95_s: Option<[f64; 2]>,
    /// Nine of ten cases are faster.
    pub p90_s: Option<f64>,
    /// The interval of that, over several replications.
    pub p90_ci95_s: Option<[f64; 2]>,
    /// The coefficient of variation.
    pub cv: Option<f64>,
    /// The p90 by the median.
    pub p90_over_p50: Option<f64>,
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
    /// The coefficient of variation of that.
    pub held_cv: Option<f64>,
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
    /// The coefficient of variation of that.
    pub used_cv: Option<f64>,
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

impl Results {
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

    /// The role with the greatest load, and its load; of roles that have people in common and so the same load, the one for
    /// which cases wait most.
    pub fn busiest(&self) -> Option<(&RoleResult, f64)> {
        let loads = self.roles.iter().filter_map(|role| Some((role, role.utilisation?)));
        let most = loads.clone().map(|(_, load)| load).fold(f64::NEG_INFINITY, f64::max);
        let place = |role: &RoleResult| self.bottlenecks.iter().position(|step| step.role == role.id);
        let least = |(role, _): &(&RoleResult, f64)| place(role).unwrap_or(usize::MAX);
        loads.filter(|(_, load)| *load >= most).min_by_key(least)
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

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}
