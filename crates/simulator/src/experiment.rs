//! An experiment: which process, how many cases, how often, with which seed.

use std::sync::Arc;

use grieta_core::definition::{CrackChange, WhatIf};
use grieta_core::diagnostic::{Problems, suggest};
use grieta_core::kernel::Event;
use grieta_core::{CrackIx, Duration, Plan, Process, StepIx, Timestamp};
use rayon::prelude::*;

use crate::change::changed;
use crate::figures::Look;
use crate::generate::Recorder;
use crate::judging;
use crate::model::Model;
use crate::replication::{self, Order, Outcome};
use crate::results::{self, Collected, Results};
use crate::totals::Totals;
use crate::transactions::{Transaction, Transactions};

/// How a simulation treats the cracks of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Cracks {
    /// They never strike.
    Off,
    /// They strike, and nobody answers.
    Unanswered,
    /// They strike, and are answered as declared.
    #[default]
    On,
}

/// Why a simulation cannot run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// Nothing says who comes.
    #[error(
        "the definition does not say how cases arrive; add `simulation: {{ arrivals: {{ every: \"exponential(10 min)\" }} }}`, or give a transactions file"
    )]
    NoArrivals,
    /// A transactions file holds one replication.
    #[error(
        "a transactions file holds the cases of one replication, found {0} replications; leave the number out or make it 1"
    )]
    OneReplication(u64),
    /// What is to be measured does not exist.
    #[error("cannot measure at `{step}`: the process has no such step; {help}")]
    NoSuchStep {
        /// What was asked for.
        step: String,
        /// The nearest step, or what steps there are.
        help: String,
    },
    /// They are kept in memory.
    #[error("at most {MOST_TRANSACTIONS} transactions can be generated at once, found {0}")]
    TooManyTransactions(u64),
    /// There must be at least one.
    #[error("expected at least one replication, found 0")]
    NoReplication,
}

/// An experiment with a process. Build it, then [`run`](Simulation::run) it.
#[derive(Debug)]
pub struct Simulation {
    model: Model,
    cases: u64,
    lasting: Option<Duration>,
    replications: Option<u64>,
    seed: u64,
    transactions: Option<Transactions>,
}

/// What happened to one case, event by event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The events and their times.
    pub events: Vec<(Timestamp, Event)>,
    /// What the case still waits for; empty when it ended.
    pub waits_for: Vec<String>,
}

/// The most transactions that are generated at once.
const MOST_TRANSACTIONS: u64 = 1_000_000;

/// How many cases arrive when nothing else is said.
const DEFAULT_CASES: u64 = 10_000;

/// How many replications are run when nothing else is said.
const DEFAULT_REPLICATIONS: u64 = 20;

/// How many replications are kept before they are merged; independent of the number of threads.
const CHUNK: u64 = 16;

impl Simulation {
    /// An experiment with the process as it is declared.
    ///
    /// # Errors
    /// Problems that only the simulator sees, such as a required field without a sample.
    pub fn new(process: &Arc<Process>) -> Result<Simulation, Problems> {
        let (cases, lasting, replications, seed, transactions) = (DEFAULT_CASES, None, None, 1, None);
        Ok(Simulation { model: Model::new(process)?, cases, lasting, replications, seed, transactions })
    }

    /// An experiment with the process, its cracks treated otherwise.
    ///
    /// # Errors
    /// As [`Simulation::new`].
    pub fn with_cracks(process: &Arc<Process>, cracks: Cracks) -> Result<Simulation, Problems> {
        let change = match cracks {
            Cracks::On => return Simulation::new(process),
            Cracks::Off => CrackChange::Never,
            Cracks::Unanswered => CrackChange::Unanswered,
        };
        Simulation::new(&changed(process, &WhatIf::cracks(None, change))?)
    }

    /// With so many cases in each replication, unless time is over before.
    #[must_use]
    pub fn cases(self, cases: u64) -> Simulation {
        Simulation { cases, ..self }
    }

    /// With arrivals for so long in each replication; what has arrived by then is carried to its end.
    #[must_use]
    pub fn lasting(self, span: Duration) -> Simulation {
        Simulation { lasting: Some(span), cases: u64::MAX, ..self }
    }

    /// With so many independent replications.
    #[must_use]
    pub fn replications(self, replications: u64) -> Simulation {
        Simulation { replications: Some(replications), ..self }
    }

    /// With this seed. The same seed gives the same results, bit for bit.
    #[must_use]
    pub fn seed(self, seed: u64) -> Simulation {
        Simulation { seed, ..self }
    }

    /// With exactly these transactions, in one replication.
    #[must_use]
    pub fn transactions(mut self, transactions: Transactions) -> Simulation {
        // Simulated time begins with the first arrival when that lies before the day the definition names.
        if let Some(first) = transactions.first_arrival() {
            self.model.start = self.model.start.min(first);
        }
        Simulation { transactions: Some(transactions), ..self }
    }

    /// Measures, besides, how long it takes from when one step is first begun until another one is.
    ///
    /// # Errors
    /// When the process has no such step.
    pub fn measuring(mut self, from: &str, to: &str) -> Result<Simulation, SimulationError> {
        let plan = &self.model.plan;
        let step = |name: &str| {
            plan.step(name).ok_or_else(|| {
                let all = plan.definition().steps.keys().map(String::as_str);
                SimulationError::NoSuchStep { step: name.to_owned(), help: suggest(name, all).unwrap_or_default() }
            })
        };
        let stretch = (step(from)?, step(to)?);
        self.model.stretches.push(stretch);
        Ok(self)
    }

    /// Keeps, besides, the figures of each replication, for [`Results::figure`]; takes a little longer.
    #[must_use]
    pub fn keeping_figures(mut self) -> Simulation {
        self.model.closely = Some(self.model.plan.process().calendar_of(None));
        self
    }

    /// Keeps, besides, of each crack by chance how long the cases wait that it does not strike.
    pub(crate) fn watching(mut self) -> Simulation {
        self.model.watch_all();
        self
    }

    /// Keeps, besides, how long the cases wait that would not be struck by a crack that only another process has.
    pub(crate) fn watching_for(mut self, other: &Simulation, step: StepIx, crack: CrackIx) -> Simulation {
        self.model.watch_for(&other.model, step, crack);
        self
    }

    /// The plan that is simulated.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.model.plan
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    /// Runs the experiment.
    ///
    /// # Errors
    /// When it cannot be run as it was set up.
    pub fn run(&self) -> Result<Results, SimulationError> {
        self.run_with(&|_, _| {})
    }

    /// Runs the experiment, and tells after every few replications how many of how many are done.
    ///
    /// # Errors
    /// As [`Simulation::run`].
    pub fn run_with(&self, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<Results, SimulationError> {
        let replications = self.check()?;
        let mut totals = Totals::new(&self.model);
        let (mut means, mut loads, mut looks) = (Vec::new(), Vec::new(), Vec::new());
        for first in (0..replications).step_by(CHUNK as usize) {
            let chunk = first..(first + CHUNK).min(replications);
            let done = chunk.end;
            let one = |replication| replication::run(&self.model, self.order(replication, replications), None);
            let outcomes: Vec<Outcome> = chunk.into_par_iter().map(one).collect();
            for outcome in outcomes {
                loads.push(outcome.totals.roles.iter().map(|role| role.load()).collect());
                looks.extend(self.model.closely.iter().map(|_| Look::of(&outcome.totals, &self.model)));
                match replications {
                    1 => means.extend(outcome.batches),
                    _ => means.push(outcome.totals.means()),
                }
                totals.merge(&outcome.totals);
            }
            progress(done, replications);
        }
        let collected = Collected { totals, means, loads, looks, seed: self.seed, replications };
        let results = Results::new(&self.model, self.transactions.as_ref(), collected);
        let goals = judging::goals(self.model.plan.process(), &results, results::LEVEL);
        Ok(Results { goals, ..results })
    }

    /// Runs one replication and tells what happened to one of its cases.
    ///
    /// # Errors
    /// As [`Simulation::run`].
    pub fn story(&self, replication: u64, case: u64) -> Result<Story, SimulationError> {
        let replications = self.check()?;
        let order = Order { story_of: Some(case), ..self.order(replication, replications) };
        let outcome = replication::run(&self.model, order, None);
        Ok(Story { events: outcome.story, waits_for: outcome.explanation })
    }

    /// The first `count` transactions of replication 0: what the world brings and answers when nobody has to wait.
    ///
    /// # Errors
    /// When the definition does not say how cases arrive.
    pub fn generate(&self, count: u64) -> Result<Vec<Transaction>, SimulationError> {
        if count > MOST_TRANSACTIONS {
            return Err(SimulationError::TooManyTransactions(count));
        }
        self.check()?;
        let mut recorder = Recorder::default();
        let order = Order { cases: count, unlimited: true, transactions: None, ..self.order(0, 1) };
        replication::run(&self.model, order, Some(&mut recorder));
        Ok(recorder.transactions)
    }

    fn check(&self) -> Result<u64, SimulationError> {
        match (&self.transactions, self.replications) {
            (_, Some(0)) => Err(SimulationError::NoReplication),
            (Some(_), Some(several @ 2..)) => Err(SimulationError::OneReplication(several)),
            (Some(_), _) => Ok(1),
            (None, _) if self.model.arrivals.is_none() => Err(SimulationError::NoArrivals),
            (None, replications) => Ok(replications.unwrap_or(DEFAULT_REPLICATIONS)),
        }
    }

    fn order(&self, replication: u64, replications: u64) -> Order<'_> {
        Order {
            seed: self.seed,
            replication,
            cases: self.cases,
            until: self.lasting.map_or(Timestamp::MAX, |span| self.model.start + span),
            transactions: self.transactions.as_ref(),
            unlimited: false,
            batches: replications == 1,
            story_of: None,
        }
    }
}
