//! Simulates allocations, each at most twice: with few replications where these already show that a goal is missed, and in full.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use grieta_core::Process;

use super::choice::{Point, Staff, amount};
use super::{Allocation, Search, StaffingError};
use crate::experiment::Simulation;
use crate::judging::{Verdict, goals};
use crate::results::Results;

/// With so few replications an allocation is looked at first.
const FEW: u64 = 4;

/// How sure it must be then that a goal is missed. More than for a verdict, because many allocations are looked at.
const SURE: f64 = 0.99;

/// Why a search ends before it is done.
pub(super) enum Stop {
    /// So many allocations were simulated as were allowed.
    Enough,
    /// An allocation cannot be simulated.
    Error(StaffingError),
}

/// An allocation that was simulated in full.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub allocation: Allocation,
    /// The load of each role that is searched.
    pub loads: Vec<Option<f64>>,
}

impl Seen {
    /// Whether every role keeps up and every goal is sure to be met.
    pub fn meets(&self) -> bool {
        self.allocation.stable && self.allocation.goals.iter().all(|goal| goal.is_met())
    }
}

/// Simulates allocations of a process, and remembers what it saw.
pub(super) struct Evaluator<'a> {
    process: &'a Arc<Process>,
    staff: &'a Staff,
    search: &'a Search,
    set_up: &'a dyn Fn(Simulation) -> Simulation,
    progress: &'a (dyn Fn(u64, u64) + Sync),
    full: BTreeMap<Point, Seen>,
    rejected: BTreeSet<Point>,
    /// How many allocations were simulated.
    pub evaluations: u64,
    /// How many replications that took.
    pub replications: u64,
}

impl<'a> Evaluator<'a> {
    pub fn new(
        process: &'a Arc<Process>,
        staff: &'a Staff,
        search: &'a Search,
        set_up: &'a dyn Fn(Simulation) -> Simulation,
        progress: &'a (dyn Fn(u64, u64) + Sync),
    ) -> Evaluator<'a> {
        let (full, rejected) = (BTreeMap::new(), BTreeSet::new());
        Evaluator { process, staff, search, set_up, progress, full, rejected, evaluations: 0, replications: 0 }
    }

    /// All that was simulated in full.
    pub fn full(self) -> BTreeMap<Point, Allocation> {
        self.full.into_iter().map(|(point, seen)| (point, seen.allocation)).collect()
    }

    /// Whether it was simulated, if only with few replications.
    pub fn knows(&self, point: &Point) -> bool {
        self.full.contains_key(point) || self.rejected.contains(point)
    }

    /// How many more allocations may be simulated.
    pub fn left(&self) -> u64 {
        self.search.evaluations.saturating_sub(self.evaluations)
    }

    /// An allocation, simulated in full.
    pub fn see(&mut self, point: &Point) -> Result<Seen, Stop> {
        if let Some(seen) = self.full.get(point) {
            return Ok(seen.clone());
        }
        if !self.knows(point) {
            self.count()?;
        }
        let results = self.simulate(point, self.search.replications)?;
        let loads = self.staff.choices.iter().map(|choice| results.role(&choice.role)?.utilisation);
        let seen = Seen { loads: loads.collect(), allocation: allocation(self.staff, point, &results) };
        self.rejected.remove(point);
        self.full.insert(point.clone(), seen.clone());
        Ok(seen)
    }

    /// Whether an allocation meets the goals: in full, unless few replications make sure that it does not.
    pub fn meets(&mut self, point: &Point) -> Result<bool, Stop> {
        let is_new = !self.full.contains_key(point);
        if is_new && self.rejected.contains(point) {
            return Ok(false);
        }
        if is_new && self.search.replications > 2 * FEW {
            self.count()?;
            let results = self.simulate(point, FEW)?;
            let judged = goals(self.process, &results, SURE);
            self.rejected.insert(point.clone());
            if judged.iter().any(|goal| goal.judgement.verdict == Verdict::NotMet) {
                return Ok(false);
            }
        }
        Ok(self.see(point)?.meets())
    }

    fn count(&mut self) -> Result<(), Stop> {
        if self.left() == 0 {
            return Err(Stop::Enough);
        }
        self.evaluations += 1;
        (self.progress)(self.evaluations, self.search.evaluations);
        Ok(())
    }

    fn simulate(&mut self, point: &Point, replications: u64) -> Result<Results, Stop> {
        self.replications += replications;
        let changed = Process::what_if(self.staff.applied(self.process.definition(), point));
        let simulation = changed.and_then(|process| Simulation::new(&Arc::new(process)));
        let simulation = simulation.map_err(|problems| Stop::Error(StaffingError::Problems(problems)))?;
        let results = (self.set_up)(simulation).replications(replications).run();
        results.map_err(|error| Stop::Error(StaffingError::Simulation(error)))
    }
}

/// What a simulation says of an allocation.
pub(super) fn allocation(staff: &Staff, point: &Point, results: &Results) -> Allocation {
    Allocation {
        staff: staff.staffed(point),
        cost_per_week: amount(staff.cost(point)),
        stable: results.stable,
        mean_s: results.cycle_time.as_ref().map(|time| time.mean_s),
        p90_s: results.cycle_time.as_ref().and_then(|time| time.p90_s),
        goals: results.goals.clone(),
    }
}
