//! Several processes on one clock: what one hands over another takes up, and the same people work in all of them.

use std::sync::Arc;

use grieta_core::diagnostic::Problems;
use grieta_core::record::Recorded;
use grieta_core::{Duration, Plan, Process, Timestamp};
use rayon::prelude::*;

use crate::experiment::{CHUNK, Gathered, SimulationError};
use crate::inputs::{Asked, Inputs};
use crate::journal::Journal;
use crate::judging;
use crate::model::{FieldDraw, Model};
use crate::random::name_key;
use crate::replication::{self, Order, Outcome};
use crate::results::{Collected, LEVEL, Results};
use crate::warm_up::{Cut, WarmUp};

/// Why several processes cannot be simulated together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// There must be at least one.
    #[error("expected at least one process, found none")]
    Empty,
    /// Cases would not know where to go.
    #[error("expected processes with different names, found `{0}` twice; give one of them another name")]
    Twice(String),
    /// The same name has to mean the same people.
    #[error(
        "expected the same roles, people and hours in all processes, found others for `{role}` in `{first}` and in `{other}`; \
         write them alike in both"
    )]
    OtherPeople {
        /// The role, or `roles` where some are missing.
        role: String,
        /// The process that comes first.
        first: String,
        /// The one that differs from it.
        other: String,
    },
    /// The simulator lacks something in one of them.
    #[error("{0}")]
    Problems(Problems),
}

/// An experiment with several processes that share their people: a case of one may start cases of another, by a hand-over or
/// a call, and messages reach across.
///
/// Each process has its own arrivals, or none where only others start its cases. Random numbers depend on the seed and the
/// names of the process and its steps: what happens in one process, given the same people, does not change because another
/// is there.
///
/// ```
/// use std::sync::Arc;
/// use grieta_core::Process;
/// use grieta_simulator::Network;
///
/// let sales = "
/// process: sales
/// version: 1.0.0
/// start: sell
/// data: { customer_id: { type: text, required: true } }
/// roles: { clerk: { people: 1 } }
/// steps:
///   sell: { human: { role: clerk, takes: 5 min }, next: sold }
///   sold: { end: { hand-over: { process: delivery, with: { customer_id: customer_id } } } }
/// simulation: { arrivals: { every: exponential(20 min) } }
/// ";
/// let delivery = "
/// process: delivery
/// version: 1.0.0
/// start: pack
/// data: { customer_id: { type: text, required: true } }
/// roles: { clerk: { people: 1 } }
/// steps:
///   pack: { human: { role: clerk, takes: 10 min }, next: delivered }
///   delivered: { end: {} }
/// ";
/// let both: Vec<_> = [("sales.yaml", sales), ("delivery.yaml", delivery)]
///     .into_iter()
///     .map(|(file, text)| Process::read(file, text.as_bytes()).map(Arc::new))
///     .collect::<Result<_, _>>()?;
/// let results = Network::new(&both)?.cases(2_000).replications(4).run()?;
/// assert_eq!(results[1].started_by_cases, 8_000);
/// // The clerk does both: 15 minutes of work every 20 minutes.
/// assert!((results[0].roles[0].utilisation.unwrap() - 0.75).abs() < 0.05);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Network {
    models: Vec<Model>,
    cases: u64,
    lasting: Option<Duration>,
    replications: u64,
    seed: u64,
}

/// Somebody who watches all that happens in a replication.
pub trait Watch {
    /// What they keep of it.
    type Kept: Send;

    /// Something has happened to a case of a process. Cases that others started are numbered from [`FIRST_STARTED`](crate::FIRST_STARTED).
    fn take(&mut self, process: &Process, record: &Recorded);

    /// The replication is over.
    fn kept(self) -> Self::Kept;
}

const DEFAULT_CASES: u64 = 10_000;
const DEFAULT_REPLICATIONS: u64 = 20;

impl Network {
    /// An experiment with these processes.
    ///
    /// # Errors
    /// When they do not name the same people in the same order, or the simulator lacks something in one of them.
    pub fn new(processes: &[Arc<Process>]) -> Result<Network, NetworkError> {
        let first = processes.first().ok_or(NetworkError::Empty)?;
        for (at, process) in processes.iter().enumerate() {
            let name = &process.definition().process;
            if processes[..at].iter().any(|other| other.definition().process == *name) {
                return Err(NetworkError::Twice(name.clone()));
            }
            same_people(first, process)?;
        }
        let all: Vec<_> = processes.iter().map(|process| process.definition()).collect();
        let mut models = Vec::new();
        let mut steps_before = 0;
        for process in processes {
            let mut model = Model::among(process, &all).map_err(NetworkError::Problems)?;
            let name = &process.definition().process;
            if processes.len() > 1 {
                model.salt = name_key(name);
                model.steps_before = steps_before;
                // Nobody who comes to one process is taken for somebody who comes to another.
                let own = model.fields.iter_mut().filter(|field| matches!(field.draw, FieldDraw::Ordinal(_)));
                own.for_each(|field| field.draw = FieldDraw::Ordinal(name.clone()));
            }
            model.closely = Some(process.calendar_of(None));
            steps_before += model.steps.len();
            models.push(model);
        }
        Ok(Network { models, cases: DEFAULT_CASES, lasting: None, replications: DEFAULT_REPLICATIONS, seed: 1 })
    }

    /// With so many arrivals at each process that has any, unless time is over before.
    #[must_use]
    pub fn cases(self, cases: u64) -> Network {
        Network { cases, ..self }
    }

    /// With arrivals for so long in each replication; what has arrived by then is carried to its end.
    #[must_use]
    pub fn lasting(self, span: Duration) -> Network {
        Network { lasting: Some(span), cases: u64::MAX, ..self }
    }

    /// With so many independent replications.
    #[must_use]
    pub fn replications(self, replications: u64) -> Network {
        Network { replications, ..self }
    }

    /// With this seed. The same seed gives the same results, bit for bit.
    #[must_use]
    pub fn seed(self, seed: u64) -> Network {
        Network { seed, ..self }
    }

    /// With arrivals at one process only.
    #[must_use]
    pub fn only(mut self, process: &str) -> Network {
        let others = self.models.iter_mut().filter(|model| model.plan.definition().process != process);
        others.for_each(|model| model.arrivals = None);
        self
    }

    /// The seed with which a simulation of one process alone meets the same customers.
    pub fn seed_of(&self, process: &str) -> Option<u64> {
        let model = self.models.iter().find(|model| model.plan.definition().process == process)?;
        Some(model.seed(self.seed))
    }

    /// Runs the experiment: the results of each process, in the order in which they were given. A role's load is that of
    /// its people by all processes.
    ///
    /// # Errors
    /// When it cannot be run as it was set up.
    pub fn run(&self) -> Result<Vec<Results>, SimulationError> {
        let outcomes = |replication: u64| replication::run(&self.models, self.order(replication), None);
        Ok(self.carry_out(|replication| ((), outcomes(replication)))?.0)
    }

    /// Runs the experiment, and has somebody watch all that happens in each replication. What they keep comes back in the
    /// order of replications.
    ///
    /// # Errors
    /// As [`Network::run`].
    pub fn watched<W: Watch>(
        &self,
        begin: impl Fn() -> W + Sync,
    ) -> Result<(Vec<Results>, Vec<W::Kept>), SimulationError> {
        self.carry_out(|replication| {
            let mut watcher = begin();
            let mut note = |plan: &Plan, record: &Recorded| {
                watcher.take(plan.process(), record);
                true
            };
            let journal = Journal::new(&self.models[0], &mut note);
            let outcome = replication::record(&self.models, self.order(replication), journal);
            (watcher.kept(), outcome)
        })
    }

    fn carry_out<W: Send>(
        &self,
        one: impl Fn(u64) -> (W, Outcome) + Sync,
    ) -> Result<(Vec<Results>, Vec<W>), SimulationError> {
        if self.replications == 0 {
            return Err(SimulationError::NoReplication);
        }
        if self.models.iter().all(|model| model.arrivals.is_none()) {
            return Err(SimulationError::NoArrivals);
        }
        let mut gathered: Vec<Gathered> = self.models.iter().map(Gathered::new).collect();
        let mut watchers = Vec::new();
        let mut done = 0;
        while done < self.replications {
            let until = (done + CHUNK).min(self.replications);
            let outcomes: Vec<(W, Outcome)> = (done..until).into_par_iter().map(&one).collect();
            for (watcher, Outcome { totals, others, .. }) in outcomes {
                let each = std::iter::once(&totals).chain(&others).zip(&self.models).zip(&mut gathered);
                each.for_each(|((totals, model), gathered)| gathered.take_in(model, totals, vec![totals.means()]));
                watchers.push(watcher);
            }
            done = until;
        }
        let results = self.models.iter().zip(gathered).map(|(model, gathered)| self.results(model, gathered));
        Ok((results.collect(), watchers))
    }

    fn results(&self, model: &Model, gathered: Gathered) -> Results {
        let asked = Asked {
            seed: self.seed,
            cases: self.cases,
            lasting: self.lasting,
            replications: self.replications,
            transactions: None,
            stretches: &[],
            warm_up: WarmUp::None,
            precision: None,
        };
        let inputs = Inputs::of(&model.plan, &asked);
        let (seed, replications) = (self.seed, self.replications);
        let collected = Collected { gathered, seed, inputs, replications, precision: None, warm_up: None };
        let results = Results::new(model, None, collected);
        let goals = judging::goals(model.plan.process(), &results, LEVEL);
        Results { goals, ..results }
    }

    fn order(&self, replication: u64) -> Order<'_> {
        let start = self.models.iter().map(|model| model.start).max().unwrap_or(Timestamp::EPOCH);
        Order {
            seed: self.seed,
            replication,
            cases: self.cases,
            until: self.lasting.map_or(Timestamp::MAX, |span| start + span),
            transactions: None,
            unlimited: false,
            batches: false,
            story_of: None,
            cut: Cut::None,
        }
    }
}

/// Whether both processes mean the same people by the same names.
fn same_people(first: &Process, other: &Process) -> Result<(), NetworkError> {
    let (own, its) = (first.definition(), other.definition());
    let differs = |role: &str| NetworkError::OtherPeople {
        role: role.to_owned(),
        first: own.process.clone(),
        other: its.process.clone(),
    };
    if !own.roles.keys().eq(its.roles.keys()) || own.persons != its.persons {
        return Err(differs("roles"));
    }
    for ((name, role), (_, its_role)) in own.roles.iter().zip(&its.roles) {
        let hours = |process: &Process| process.calendar_of(Some(name));
        if role.people != its_role.people || role.at_once != its_role.at_once || hours(first) != hours(other) {
            return Err(differs(name));
        }
    }
    Ok(())
}
