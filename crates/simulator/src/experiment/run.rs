//! An experiment under way.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::{CHUNK, Simulation, SimulationError};
use crate::figures::Look;
use crate::judging;
use crate::model::Model;
use crate::precision::PrecisionResult;
use crate::replication::{self, Order, Outcome};
use crate::results::{Collected, LEVEL, Results, hopeless};
use crate::statistics::Series;
use crate::totals::{Means, Totals};
use crate::warm_up::{self, Cut, WarmUpResult, is_too_much};

/// An experiment under way: what its replications have brought together so far.
pub(crate) struct Run<'a> {
    simulation: &'a Simulation,
    cut: Cut,
    /// There is only one replication: intervals come from its batches.
    single: bool,
    done: u64,
    series: Series,
    pub gathered: Gathered,
}

/// What the replications brought together.
pub(crate) struct Gathered {
    pub totals: Totals,
    /// The means of each replication, or of each batch of a single one.
    pub means: Vec<Means>,
    /// The load of each role in each replication.
    pub loads: Vec<Vec<Option<f64>>>,
    /// The figures of each replication, where they are kept.
    pub looks: Vec<Look>,
}

impl Gathered {
    /// Nothing yet.
    pub fn new(model: &Model) -> Gathered {
        Gathered { totals: Totals::new(model), means: Vec::new(), loads: Vec::new(), looks: Vec::new() }
    }

    /// Takes in what a replication counted, and the means that it gives.
    pub fn take_in(&mut self, model: &Model, totals: &Totals, means: Vec<Means>) {
        self.loads.push(totals.roles.iter().map(|role| role.load()).collect());
        self.looks.extend(model.closely.iter().map(|_| Look::of(totals, model)));
        self.means.extend(means);
        self.totals.merge(totals);
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(simulation: &'a Simulation, cut: Cut, single: bool) -> Run<'a> {
        Run { simulation, cut, single, done: 0, series: Series::new(), gathered: Gathered::new(&simulation.model) }
    }

    /// Runs further replications until there are so many, and tells after each how many are done.
    pub fn carry_on(&mut self, until: u64, progress: &(dyn Fn(u64) + Sync)) {
        let models = std::slice::from_ref(&self.simulation.model);
        while self.done < until {
            let chunk = self.done..(self.done + CHUNK).min(until);
            let done = AtomicU64::new(self.done);
            let one = |replication| {
                let order = Order { cut: self.cut, ..self.simulation.order(replication, self.single) };
                let outcome = replication::run(models, order, None);
                progress(done.fetch_add(1, Ordering::Relaxed) + 1);
                outcome
            };
            let outcomes: Vec<Outcome> = chunk.clone().into_par_iter().map(one).collect();
            outcomes.into_iter().for_each(|outcome| self.take_in(outcome));
            self.done = chunk.end;
        }
    }

    fn take_in(&mut self, outcome: Outcome) {
        let means = if self.single { outcome.batches } else { vec![outcome.totals.means()] };
        self.gathered.take_in(&self.simulation.model, &outcome.totals, means);
        self.series.merge(&outcome.series);
    }

    /// Whether every role can keep up, as far as one can tell.
    pub fn is_stable(&self) -> bool {
        !hopeless(&self.gathered.totals).contains(&true)
    }

    /// How long the process fills.
    pub(super) fn warm_up(&self) -> Option<WarmUpResult> {
        let totals = &self.gathered.totals;
        let (left_out, done) = (totals.left_out, self.done.max(1));
        warm_up::find(&self.series, (totals.arrived + left_out) / done, left_out / done)
    }

    /// What was found, unless too much was left out.
    pub(super) fn finished(self, precision: Option<PrecisionResult>) -> Result<Results, SimulationError> {
        let (left_out, arrived) = (self.gathered.totals.left_out, self.gathered.totals.arrived);
        if arrived + left_out == 0 && self.simulation.transactions.is_none() {
            return Err(SimulationError::NobodyComes);
        }
        if is_too_much(left_out, left_out + arrived) {
            return Err(SimulationError::MostLeftOut {
                left_out: left_out / self.done,
                of: (left_out + arrived) / self.done,
            });
        }
        Ok(self.results(precision))
    }

    /// What was found.
    pub fn results(self, precision: Option<PrecisionResult>) -> Results {
        let warm_up = self.warm_up();
        let Run { simulation, done, gathered, .. } = self;
        let inputs = simulation.inputs_of(simulation.check().unwrap_or(done));
        let collected = Collected { gathered, seed: simulation.seed, inputs, replications: done, precision, warm_up };
        let results = Results::new(&simulation.model, simulation.transactions.as_ref(), collected);
        let goals = judging::goals(simulation.model.plan.process(), &results, LEVEL);
        Results { goals, ..results }
    }
}
