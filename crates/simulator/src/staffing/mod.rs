//! How many people are enough: the least cost that meets the goals of a process, by search over simulated allocations.

mod choice;
mod evaluate;
mod front;
mod search;

use std::ops::RangeInclusive;
use std::sync::Arc;

use grieta_core::Process;
use grieta_core::diagnostic::Problems;
use grieta_core::value::Decimal;
use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::experiment::{Simulation, SimulationError};
use crate::judging::GoalResult;
use choice::Staff;
use evaluate::Evaluator;
use search::Found;

/// Between which allocations the least costly one is looked for, and with how much effort.
#[derive(Debug, Clone)]
pub struct Search {
    /// By role, how many people it may have. Another role with a `cost` whose people have no names has from one to about
    /// twice as many as its work needs; any other keeps those it has.
    pub people: IndexMap<String, RangeInclusive<u32>>,
    /// By role, the calendars by which it may work; any other keeps its own.
    pub calendars: IndexMap<String, Vec<String>>,
    /// How many replications an allocation gets on which the answer rests.
    pub replications: u64,
    /// The most allocations that are simulated.
    pub evaluations: u64,
}

impl Default for Search {
    /// All roles with a cost, 12 replications, at most 1,000 allocations.
    fn default() -> Search {
        Search { people: IndexMap::new(), calendars: IndexMap::new(), replications: 12, evaluations: 1_000 }
    }
}

/// The least cost that was found to meet the goals, and what time costs.
#[derive(Debug, Clone, Serialize)]
pub struct Staffing {
    /// The currency of all costs.
    pub currency: String,
    /// What was searched: each role with a cost.
    pub searched: Vec<Searched>,
    /// Roles without a cost, which stay as they are.
    pub without_cost: Vec<String>,
    /// The process as it is declared.
    pub now: Allocation,
    /// The least costly allocation that meets every goal, if one does.
    pub best: Option<Allocation>,
    /// With as many people as the search allows, by the calendars of the definition.
    pub most: Allocation,
    /// Of the allocations that can do their work: those that are faster in the mean, by at least 1 %, than all that cost no
    /// more; the cheapest first.
    pub front: Vec<Allocation>,
    /// How many allocations were simulated.
    pub evaluations: u64,
    /// How many replications that took.
    pub replications: u64,
    /// How many allocations the search allows.
    pub allocations: u64,
    /// How sure it is that nothing is cheaper.
    pub proof: Proof,
}

/// How sure it is that no allocation of the search that is cheaper meets the goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// Every cheaper one was simulated and does not, or some role of it would have a load of 1 or more.
    Exhausted,
    /// None does, if fewer people never do better: whatever has no more people than one that missed the goals was passed over.
    Monotone,
    /// The search was broken off: it is the best of those that were simulated.
    BestFound,
}

/// A role of which there may be more or fewer.
#[derive(Debug, Clone, Serialize)]
pub struct Searched {
    /// The role.
    pub role: String,
    /// What an hour of each person's presence costs, as in `30 EUR/h`.
    pub cost: String,
    /// The fewest people.
    pub from: u32,
    /// The most people.
    pub to: u32,
    /// The calendars by which it may work; `None` is always open.
    pub calendars: Vec<Option<String>>,
}

/// Who is there, what that costs, and what it achieves.
#[derive(Debug, Clone, Serialize)]
pub struct Allocation {
    /// Each role with a cost.
    pub staff: Vec<Staffed>,
    /// What the presence of these people costs in a week without holidays.
    #[serde(serialize_with = "as_text")]
    pub cost_per_week: Decimal,
    /// Whether every role can do its work.
    pub stable: bool,
    /// From arrival to end, in the mean, in seconds; absent when unstable.
    pub mean_s: Option<f64>,
    /// Nine of ten cases are faster, in seconds; absent when unstable.
    pub p90_s: Option<f64>,
    /// Each goal, and whether it is met.
    pub goals: Vec<GoalResult>,
}

/// The people of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Staffed {
    /// The role.
    pub role: String,
    /// How many.
    pub people: u32,
    /// By which calendar they work; `None` is always open.
    pub calendar: Option<String>,
}

/// Why there is nothing to search.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StaffingError {
    /// The process cannot be simulated.
    #[error("{0}")]
    Problems(Problems),
    /// The experiment cannot be run.
    #[error("{0}")]
    Simulation(#[from] SimulationError),
    /// Verdicts need intervals.
    #[error("expected at least 2 replications, because every goal is judged by an interval")]
    TooFew,
    /// Without a goal one person is enough.
    #[error(
        "the process has no goals to meet; add `goals: {{ soon: {{ expect: p90(cycle_time) < 2 bd, by: 2027-06-30, owner: head-of-sales }} }}`"
    )]
    NoGoals,
    /// Without a cost nothing is least.
    #[error("no role says what it costs; add `cost: 30 EUR/h` to the roles of which there may be more or fewer")]
    NoCost,
    /// The search names what the process does not have.
    #[error("{0}")]
    Unknown(String),
}

/// More combinations of calendars nobody meant.
const MOST_COMBINATIONS: usize = 64;

impl Staffing {
    /// Looks for the least costly allocation; `set_up` says with how many cases and with which seed, and each allocation
    /// meets the same customers. `progress` hears how many allocations of how many at the most are done.
    ///
    /// # Errors
    /// When the process cannot be simulated, has no goals or no costs, or the search names what it does not have.
    pub fn of(
        process: &Arc<Process>,
        search: &Search,
        set_up: impl Fn(Simulation) -> Simulation,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Staffing, StaffingError> {
        if search.replications < 2 {
            return Err(StaffingError::TooFew);
        }
        if search.evaluations == 0 {
            return Err(StaffingError::Unknown("expected at least one allocation to simulate, found 0".to_owned()));
        }
        if process.definition().goals.is_empty() {
            return Err(StaffingError::NoGoals);
        }
        let now = set_up(Simulation::new(process).map_err(StaffingError::Problems)?);
        let now = now.replications(search.replications).run()?;
        let staff = Staff::of(process, search, &now)?;
        if staff.combinations().len() > MOST_COMBINATIONS {
            let message = format!("at most {MOST_COMBINATIONS} combinations of calendars can be searched");
            return Err(StaffingError::Unknown(message));
        }
        let now = evaluate::allocation(&staff, &staff.declared(), &now);
        let evaluator = Evaluator::new(process, &staff, search, &set_up, progress);
        let Found { best, most, proof, evaluator } = search::least(&staff, evaluator)?;
        let (evaluations, replications) = (evaluator.evaluations, evaluator.replications);
        let full = evaluator.full();
        let best = best.and_then(|point| full.get(&point).cloned());
        let most = full.get(&most).cloned().unwrap_or_else(|| now.clone());
        Ok(Staffing {
            currency: staff.currency.clone(),
            searched: staff.searched(),
            without_cost: staff.without_cost.clone(),
            front: front::front(full.values()),
            best,
            most,
            now,
            evaluations,
            replications,
            allocations: staff.size(),
            proof,
        })
    }
}

fn as_text<S: Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(amount)
}
