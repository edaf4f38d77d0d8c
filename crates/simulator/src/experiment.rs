//! An experiment: which process, how many cases, how often, with which seed.

mod run;

use std::sync::Arc;

use grieta_core::definition::{CrackChange, WhatIf};
use grieta_core::diagnostic::{Problems, suggest};
use grieta_core::kernel::Event;
use grieta_core::record::Recorded;
use grieta_core::{CrackIx, Duration, Plan, Process, StepIx, Timestamp};

use crate::change::changed;
use crate::generate::Recorder;
use crate::inputs::{Asked, Inputs};
use crate::journal::Journal;
use crate::model::Model;
use crate::precision::{FIRST, Measured, Precision, relative_error};
use crate::replication::{self, Order};
use crate::results::Results;
use crate::transactions::{Transaction, Transactions};
use crate::warm_up::{Cut, WarmUp, is_too_much};
pub(crate) use run::{Gathered, Run};

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
    /// There is nothing to say of nobody.
    #[error(
        "no case comes during the whole run; let it have more cases or more time, or look at `arrivals` and `peaks`"
    )]
    NobodyComes,
    /// What is left would be too little.
    #[error(
        "the process fills during {found} of {of} cases, which is near half of the run or more: too long to tell where it has settled; \
         give more cases, or count them all with the warm-up `none`"
    )]
    WarmUpTooLong {
        /// How many cases of a replication would be left out.
        found: u64,
        /// How many there are.
        of: u64,
    },
    /// There is not enough to find it in.
    #[error(
        "a warm-up cannot be found in so few cases; give at least 200 cases, or count them all with the warm-up `none`"
    )]
    NoWarmUp,
    /// More is left out than is counted.
    #[error(
        "{left_out} of {of} cases are left out as warm-up, which is near half of them or more; leave out fewer, or give more cases"
    )]
    MostLeftOut {
        /// How many cases of a replication would be left out.
        left_out: u64,
        /// How many there are.
        of: u64,
    },
    /// It cannot be reached.
    #[error("expected a precision above 0 % and below 100 %, such as `5%`")]
    Precision,
    /// Nobody looks before.
    #[error("expected at least {FIRST} replications to reach the precision in, found {0}")]
    TooFewForPrecision(u64),
    /// Differences are made of the same customers.
    #[error("both variants need the same seed, and as many cases and replications")]
    OtherCustomers,
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
    warm_up: WarmUp,
    precision: Option<Precision>,
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
pub(crate) const CHUNK: u64 = 16;

impl Simulation {
    /// An experiment with the process as it is declared.
    ///
    /// # Errors
    /// Problems that only the simulator sees, such as a required field without a sample.
    pub fn new(process: &Arc<Process>) -> Result<Simulation, Problems> {
        Ok(Simulation {
            model: Model::new(process)?,
            cases: DEFAULT_CASES,
            lasting: None,
            replications: None,
            seed: 1,
            transactions: None,
            warm_up: WarmUp::None,
            precision: None,
        })
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

    /// With as many replications as make a figure so precise; [`Simulation::replications`] then says how many the first round
    /// has, at least ten.
    #[must_use]
    pub fn precision(self, precision: Precision) -> Simulation {
        Simulation { precision: Some(precision), ..self }
    }

    /// Without the cases that meet a process which is still filling.
    #[must_use]
    pub fn warm_up(self, warm_up: WarmUp) -> Simulation {
        Simulation { warm_up, ..self }
    }

    /// Measures, besides, how long it takes from when one step is first begun until another one is.
    ///
    /// # Errors
    /// When the process has no such step.
    pub fn measuring(mut self, from: &str, to: &str) -> Result<Simulation, SimulationError> {
        let stretch = (self.step(from)?, self.step(to)?);
        self.model.stretches.push(stretch);
        Ok(self)
    }

    fn step(&self, name: &str) -> Result<StepIx, SimulationError> {
        let plan = &self.model.plan;
        plan.step(name).ok_or_else(|| {
            let all = plan.definition().steps.keys().map(String::as_str);
            SimulationError::NoSuchStep { step: name.to_owned(), help: suggest(name, all).unwrap_or_default() }
        })
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
        let mut run = self.begin()?;
        let Some(precision) = &self.precision else {
            let replications = self.check()?;
            run.carry_on(replications, &|done| progress(done, replications));
            return run.finished(None);
        };
        let (mut until, position) = (precision.first(self.replications), self.position(&precision.of)?);
        let found = loop {
            run.carry_on(until, &|done| progress(done, until));
            let values = precision.of.values(&run.gathered.means, position);
            let found = relative_error(&values).filter(|_| run.is_stable());
            match precision.next(until, found) {
                Some(more) => until = more,
                None => break found,
            }
        };
        run.finished(Some(precision.result(until, found)))
    }

    /// Where what is to be precise is measured: the position of its step, 0 where it has none.
    pub(crate) fn position(&self, measured: &Measured) -> Result<usize, SimulationError> {
        measured.step().map_or(Ok(0), |step| Ok(self.step(step)?.at()))
    }

    /// An experiment of which no replication has been run.
    pub(crate) fn begin(&self) -> Result<Run<'_>, SimulationError> {
        let replications = self.check()?;
        let single = replications == 1 && self.precision.is_none();
        let cut = match self.warm_up {
            WarmUp::None => Cut::None,
            WarmUp::Cases(cases) if self.lasting.is_none() && is_too_much(cases, self.cases) => {
                return Err(SimulationError::MostLeftOut { left_out: cases, of: self.cases });
            }
            WarmUp::Cases(cases) => Cut::Cases(cases),
            WarmUp::Time(span) => Cut::Until(self.model.start + span),
            WarmUp::Auto => {
                let mut whole = Run::new(self, Cut::None, single);
                whole.carry_on(replications, &|_| {});
                let found = whole.warm_up().ok_or(SimulationError::NoWarmUp)?;
                if !found.long_enough {
                    let (found, of) = (found.found_cases, found.of_cases);
                    return Err(SimulationError::WarmUpTooLong { found, of });
                }
                Cut::Cases(found.found_cases)
            }
        };
        Ok(Run::new(self, cut, single))
    }

    /// What a result of this experiment comes from.
    ///
    /// # Errors
    /// As [`Simulation::run`].
    pub fn inputs(&self) -> Result<Inputs, SimulationError> {
        Ok(self.inputs_of(self.check()?))
    }

    fn inputs_of(&self, replications: u64) -> Inputs {
        let asked = Asked {
            seed: self.seed,
            cases: self.cases,
            lasting: self.lasting,
            replications,
            transactions: self.transactions.as_ref(),
            stretches: &self.model.stretches,
            warm_up: self.warm_up,
            precision: self.precision.as_ref(),
        };
        Inputs::of(&self.model.plan, &asked)
    }

    /// Runs one replication and tells what happened to one of its cases.
    ///
    /// # Errors
    /// As [`Simulation::run`].
    pub fn story(&self, replication: u64, case: u64) -> Result<Story, SimulationError> {
        let replications = self.check()?;
        let order = Order { story_of: Some(case), ..self.order(replication, replications == 1) };
        let outcome = replication::run(std::slice::from_ref(&self.model), order, None);
        Ok(Story { events: outcome.story, waits_for: outcome.explanation })
    }

    /// Runs one replication, and writes down all that happens.
    pub(crate) fn replay(
        &self,
        replication: u64,
        take: &mut dyn FnMut(&Plan, &Recorded) -> bool,
    ) -> Result<(), SimulationError> {
        self.check()?;
        replication::record(
            std::slice::from_ref(&self.model),
            self.order(replication, true),
            Journal::new(&self.model, take),
        );
        Ok(())
    }

    pub(crate) fn its_seed(&self) -> u64 {
        self.seed
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
        let order = Order { cases: count, unlimited: true, transactions: None, ..self.order(0, true) };
        replication::run(std::slice::from_ref(&self.model), order, Some(&mut recorder));
        Ok(recorder.transactions)
    }

    fn check(&self) -> Result<u64, SimulationError> {
        self.precision.as_ref().map_or(Ok(()), Precision::check)?;
        match (&self.transactions, self.replications) {
            (_, Some(0)) => Err(SimulationError::NoReplication),
            (Some(_), Some(several @ 2..)) => Err(SimulationError::OneReplication(several)),
            (Some(_), _) if self.precision.is_some() => Err(SimulationError::OneReplication(FIRST)),
            (Some(_), _) => Ok(1),
            (None, _) if self.model.arrivals.is_none() => Err(SimulationError::NoArrivals),
            (None, replications) => Ok(replications.unwrap_or(DEFAULT_REPLICATIONS)),
        }
    }

    fn order(&self, replication: u64, single: bool) -> Order<'_> {
        Order {
            seed: self.seed,
            replication,
            cases: self.cases,
            until: self.lasting.map_or(Timestamp::MAX, |span| self.model.start + span),
            transactions: self.transactions.as_ref(),
            unlimited: false,
            batches: single,
            story_of: None,
            cut: Cut::None,
        }
    }
}
