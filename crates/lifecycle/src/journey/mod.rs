//! The way of the customers through all processes: one network on one clock with shared people.

mod agreements;
mod contacts;
mod funnel;
mod history;
mod overlap;
mod route;
mod show;

use std::collections::BTreeMap;
use std::sync::Arc;

use grieta_core::record::Recorded;
use grieta_core::{Process, Timestamp};
use grieta_simulator::{Network, Results, SimulationError, Watch};
use serde::Serialize;

pub use agreements::{PromiseResult, Promised};
pub use contacts::{ContactRule, Contacts};
pub use funnel::{Cohort, FunnelRow, Milestone};
pub use history::{History, Passage};
pub use overlap::Overlap;
pub use route::Way;

use funnel::Counts;
use history::Histories;

/// With this confidence it is said whether a promise is kept.
const CONFIDENCE: f64 = 0.95;

/// What is looked for in a run of several processes.
#[derive(Debug, Clone, Default)]
pub struct Route {
    /// The department of each process.
    pub departments: BTreeMap<String, String>,
    /// The hand-overs, in the order of the funnel.
    pub milestones: Vec<Milestone>,
    /// What holds for contacts.
    pub contact: ContactRule,
    /// What departments promise each other.
    pub promises: Vec<Promised>,
}

/// What a run of several processes shows.
#[derive(Debug, Serialize)]
pub struct Journey {
    /// The results of each process, in the order in which they were given.
    pub processes: Vec<Results>,
    /// How many customers there were, each counted once.
    pub customers: u64,
    /// How many cases they had, in all processes.
    pub cases: u64,
    /// Quantity and quality at every hand-over.
    pub funnel: Vec<FunnelRow>,
    /// Customers with whom two departments were busy at once without knowing of each other.
    pub overlaps: Vec<Overlap>,
    /// How often customers were contacted.
    pub contacts: Contacts,
    /// Whether each promise is kept.
    pub promises: Vec<PromiseResult>,
    /// The customers of the first replication and what became of them.
    #[serde(skip)]
    pub histories: BTreeMap<String, History>,
}

impl Journey {
    /// Whether a promise is broken, or a customer was contacted more often than is allowed or after refusing.
    pub fn is_broken(&self) -> bool {
        let Contacts { too_often, after_refusal, .. } = self.contacts;
        self.promises.iter().any(PromiseResult::is_broken) || too_often > 0 || after_refusal > 0
    }
}

impl Route {
    /// Runs a network and says what became of its customers. The processes are those of the network, in the same order.
    ///
    /// # Errors
    /// When the network cannot be run as it was set up.
    pub fn follow(&self, network: &Network, processes: &[Arc<Process>]) -> Result<Journey, SimulationError> {
        let (results, seen) = network.watched(|| Watcher {
            route: self,
            histories: Histories::default(),
            counts: Counts::new(&self.milestones),
            contacts: contacts::Watch::default(),
        })?;
        let mut seen = seen.into_iter();
        let mut all = seen.next().unwrap_or_default();
        seen.for_each(|more| all.merge(more));
        // Once more with nothing, so that the shares stand even after a single replication.
        all.funnel
            .iter_mut()
            .for_each(|row| row.merge(&FunnelRow { accepted: Some(0), returned: Some(0), ..FunnelRow::default() }));
        let processes: Vec<&Process> = processes.iter().map(AsRef::as_ref).collect();
        Ok(Journey {
            promises: agreements::judged(&self.promises, &processes, &results, CONFIDENCE),
            processes: results,
            customers: all.customers,
            cases: all.cases,
            funnel: all.funnel,
            overlaps: all.overlaps,
            contacts: all.contacts,
            histories: all.histories,
        })
    }
}

/// What is kept of a replication.
#[derive(Debug, Default)]
struct Seen {
    customers: u64,
    cases: u64,
    funnel: Vec<FunnelRow>,
    overlaps: Vec<Overlap>,
    contacts: Contacts,
    histories: BTreeMap<String, History>,
}

impl Seen {
    /// Takes in another replication: its figures, not its histories.
    fn merge(&mut self, more: Seen) {
        self.customers += more.customers;
        self.cases += more.cases;
        self.funnel.iter_mut().zip(&more.funnel).for_each(|(own, more)| own.merge(more));
        overlap::merge(&mut self.overlaps, more.overlaps);
        self.contacts.merge(more.contacts);
    }
}

/// Watches one replication.
struct Watcher<'a> {
    route: &'a Route,
    histories: Histories,
    counts: Counts,
    contacts: contacts::Watch,
}

impl Watch for Watcher<'_> {
    type Kept = Seen;

    fn take(&mut self, process: &Process, record: &Recorded) {
        let Some(kept) = self.histories.take(process, record) else { return };
        self.counts.take(&self.route.milestones, &mut self.histories, process, record, &kept);
        self.contacts.take(&self.route.contact, process, record, &kept);
    }

    fn kept(self) -> Seen {
        let customers = self.histories.customers;
        let first = |history: &History| history.passages.first().map_or(Timestamp::EPOCH, |passage| passage.from);
        let first = customers.iter().map(|(customer, history)| (customer.clone(), first(history))).collect();
        Seen {
            customers: customers.len() as u64,
            cases: customers.values().map(|history| history.passages.len() as u64).sum(),
            funnel: self.counts.rows(&self.route.milestones, &first),
            overlaps: overlap::overlaps(&customers, &self.route.departments),
            contacts: self.contacts.counted(),
            histories: customers,
        }
    }
}
