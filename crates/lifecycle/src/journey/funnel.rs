//! How many customers come how far, and how good what is handed over is: quantity and quality at every hand-over.

use std::collections::{BTreeMap, BTreeSet};

use grieta_core::record::Recorded;
use grieta_core::{Process, Timestamp};
use serde::Serialize;

use super::history::{Histories, Kept};
use super::route::Way;

/// A hand-over whose quantity and quality are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// The name of the hand-over.
    pub name: String,
    /// The step at which it is handed over.
    pub from: Way,
    /// Where the process that takes it up accepts it.
    pub accepted: Option<Way>,
    /// Where that process returns it.
    pub returned: Option<Way>,
}

/// What was counted of a hand-over, over all replications.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FunnelRow {
    /// The name of the hand-over.
    pub hand_over: String,
    /// How often something was handed over.
    pub handed: u64,
    /// Of how many customers, each counted once.
    pub customers: u64,
    /// How often it was accepted; `None` where nothing says what that is.
    pub accepted: Option<u64>,
    /// How often it was returned.
    pub returned: Option<u64>,
    /// Quality: accepted / handed over.
    pub accepted_share: Option<f64>,
    /// By cohort: customers who were handed over at least once, of all who came in that month.
    pub cohorts: Vec<Cohort>,
}

/// The customers who came for the first time in one month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cohort {
    /// The month, as in `2026-01`.
    pub month: String,
    /// How many came.
    pub came: u64,
    /// How many of them came so far, whenever that was.
    pub reached: u64,
}

/// Counts the hand-overs of a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    handed: Vec<u64>,
    accepted: Vec<u64>,
    returned: Vec<u64>,
    reached: Vec<BTreeSet<String>>,
}

impl Counts {
    pub fn new(milestones: &[Milestone]) -> Counts {
        let none = vec![0; milestones.len()];
        Counts {
            handed: none.clone(),
            accepted: none.clone(),
            returned: none,
            reached: vec![BTreeSet::new(); milestones.len()],
        }
    }

    pub fn take(
        &mut self,
        milestones: &[Milestone],
        histories: &mut Histories,
        process: &Process,
        record: &Recorded,
        kept: &Kept,
    ) {
        let process = &process.definition().process;
        for (at, milestone) in milestones.iter().enumerate() {
            if milestone.from.happens(process, record) {
                self.handed[at] += 1;
                self.reached[at].insert(kept.customer.clone());
            }
            let happens = |way: &Option<Way>| way.as_ref().is_some_and(|way| way.happens(process, record));
            let verdict = match (happens(&milestone.accepted), happens(&milestone.returned)) {
                (true, _) => true,
                (_, true) => false,
                _ => continue,
            };
            // Only what was handed over there, and only the first answer.
            let from = (milestone.from.process.as_str(), milestone.from.what.as_str());
            let is_this = histories.origin(kept) == Some(from);
            let passage = histories.passage(kept).filter(|passage| is_this && passage.accepted.is_none());
            if let Some(passage) = passage {
                passage.accepted = Some(verdict);
                let count = if verdict { &mut self.accepted[at] } else { &mut self.returned[at] };
                *count += 1;
            }
        }
    }

    /// What a replication counted, where it is known when each customer first came.
    pub fn rows(&self, milestones: &[Milestone], first: &BTreeMap<String, Timestamp>) -> Vec<FunnelRow> {
        let month = |at: &Timestamp| at.to_string().chars().take(7).collect::<String>();
        let row = |(at, milestone): (usize, &Milestone)| {
            let mut cohorts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
            for (customer, came) in first {
                let (all, reached) = cohorts.entry(month(came)).or_default();
                *all += 1;
                *reached += u64::from(self.reached[at].contains(customer));
            }
            let cohorts = cohorts.into_iter().map(|(month, (came, reached))| Cohort { month, came, reached });
            FunnelRow {
                hand_over: milestone.name.clone(),
                handed: self.handed[at],
                customers: self.reached[at].len() as u64,
                accepted: milestone.accepted.as_ref().map(|_| self.accepted[at]),
                returned: milestone.returned.as_ref().map(|_| self.returned[at]),
                accepted_share: None,
                cohorts: cohorts.collect(),
            }
        };
        milestones.iter().enumerate().map(row).collect()
    }
}

impl FunnelRow {
    /// Adds what another replication counted.
    pub(crate) fn merge(&mut self, more: &FunnelRow) {
        self.handed += more.handed;
        self.customers += more.customers;
        let sum = |own: Option<u64>, more: Option<u64>| Some(own? + more?);
        (self.accepted, self.returned) = (sum(self.accepted, more.accepted), sum(self.returned, more.returned));
        for cohort in &more.cohorts {
            match self.cohorts.iter_mut().find(|own| own.month == cohort.month) {
                Some(own) => (own.came, own.reached) = (own.came + cohort.came, own.reached + cohort.reached),
                None => self.cohorts.push(cohort.clone()),
            }
        }
        self.cohorts.sort_by(|one, other| one.month.cmp(&other.month));
        self.accepted_share =
            self.accepted.filter(|_| self.handed > 0).map(|accepted| accepted as f64 / self.handed as f64);
    }
}
