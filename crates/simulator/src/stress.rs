//! The breaking point: one thing is raised, on the same customers, until the people cannot keep up or a promise is not kept.

mod raise;
mod trial;

use std::sync::Arc;

use grieta_core::Process;
use grieta_core::definition::Factor;
use grieta_core::diagnostic::{Problem, Problems};
use serde::Serialize;

use crate::bound::{Bound, bound};
use crate::change::changed;
use crate::experiment::{Simulation, SimulationError};
use crate::results::ENOUGH_TO_JUDGE;
pub use raise::Raise;
use trial::Trial;
pub use trial::{First, Point, Promise, Reason};

/// What a process bears.
#[derive(Debug, Clone, Serialize)]
pub struct Stress {
    /// What was raised.
    pub raised: Raise,
    /// What is to be kept besides that people keep up.
    pub promise: Option<Promise>,
    /// Whether the process bears what there is now.
    pub holds: bool,
    /// How much it bears; absent where it bears all that was tried, or nothing of it.
    pub margin: Option<Margin>,
    /// What breaks first, and where.
    pub first: Option<First>,
    /// When the people of some role have no time left, by formula; only where arrivals are raised.
    pub bound: Option<Bound>,
    /// What was found at each factor that was tried, the least first.
    pub curve: Vec<Point>,
}

/// How many times as much a process bears.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Margin {
    /// Up to so many times.
    pub factor: f64,
    /// From the least to the most that it may be, given how far replications lie apart: where the ends of the 95 % interval of
    /// what breaks come to its limit.
    pub ci95: [f64; 2],
}

/// Why it cannot be found out what a process bears.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StressError {
    /// The process cannot be simulated, or does not have what is to be raised.
    #[error("{0}")]
    Problems(Problems),
    /// The experiment cannot be run.
    #[error("{0}")]
    Simulation(#[from] SimulationError),
    /// The interval needs replications.
    #[error("expected at least 2 replications, because the margin has an interval")]
    TooFew,
    /// In so few cases a queue that grows for ever cannot be told from one that is long.
    #[error(
        "expected at least {ENOUGH_TO_JUDGE} cases over all replications, found {0}: whether people keep up shows in no fewer"
    )]
    TooFewCases(u64),
    /// The process does not have what is to be raised.
    #[error("{0}")]
    NothingToRaise(String),
    /// There is no such clock.
    #[error("the process has no clock `{clock}`; {help}")]
    NoSuchClock {
        /// What was asked for.
        clock: String,
        /// The nearest clock, or what to do.
        help: String,
    },
}

/// The breaking point is sought to this share of itself.
const FINENESS: f64 = 0.01;

/// Less than this share of what there is now is not tried.
const LEAST: f64 = 1.0 / 64.0;

/// About as many simulations are needed.
const EXPECTED: u64 = 10;

impl Stress {
    /// Simulates a process with more and more of something until it breaks, and then in between; `set_up` says with how many
    /// cases and replications, and with which seed. Each time the same customers come.
    ///
    /// It breaks where a role has a load of 1 or more, where the queue of a role keeps growing, or where the promise is not
    /// kept. The breaking point is found by bisection, and then by drawing a line between the nearest two simulations.
    ///
    /// # Errors
    /// When the process cannot be simulated, does not have what is to be raised or promised, or with fewer than two
    /// replications.
    pub fn of(
        process: &Process,
        raise: &Raise,
        promise: Option<&Promise>,
        set_up: impl Fn(Simulation) -> Simulation,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Stress, StressError> {
        let mut search = Search { process, raise, promise, set_up: &set_up, progress, trials: Vec::new() };
        let bound = search.base()?;
        let ends = search.bracket(raise.most(process.definition()))?;
        let margin = match ends {
            Ends::Between(holds, breaks) => Some(search.narrow(holds, breaks)?),
            Ends::HoldsThroughout | Ends::BreaksThroughout => None,
        };
        search.trials.sort_by(|one, other| one.point.factor.total_cmp(&other.point.factor));
        let holds = search.trials.iter().any(|trial| trial.point.factor == 1.0 && trial.point.holds);
        let broken = search.trials.iter().find(|trial| !trial.point.holds);
        Ok(Stress {
            raised: raise.clone(),
            promise: promise.cloned(),
            holds,
            margin,
            first: broken.and_then(|trial| trial.first.clone()),
            bound,
            curve: search.trials.into_iter().map(|trial| trial.point).collect(),
        })
    }
}

/// Between which factors it breaks.
enum Ends {
    /// It holds at the first, and breaks at the second.
    Between(f64, f64),
    HoldsThroughout,
    BreaksThroughout,
}

struct Search<'a, S> {
    process: &'a Process,
    raise: &'a Raise,
    promise: Option<&'a Promise>,
    set_up: &'a S,
    progress: &'a (dyn Fn(u64, u64) + Sync),
    trials: Vec<Trial>,
}

impl<S: Fn(Simulation) -> Simulation> Search<'_, S> {
    /// The process as it is.
    fn base(&mut self) -> Result<Option<Bound>, StressError> {
        let simulation = self.simulation(1.0)?;
        let results = simulation.run()?;
        if results.replications < 2 {
            return Err(StressError::TooFew);
        }
        let bound = matches!(self.raise, Raise::Arrivals).then(|| bound(simulation.model(), &results)).flatten();
        self.keep(Trial::of(1.0, &simulation, &results, self.promise)?);
        if results.cases < ENOUGH_TO_JUDGE {
            return Err(StressError::TooFewCases(results.cases));
        }
        Ok(bound)
    }

    fn simulation(&self, factor: f64) -> Result<Simulation, StressError> {
        let what_if = self.raise.by(Factor::of(factor));
        let process: Arc<Process> = changed(self.process, &what_if).map_err(nothing_to_raise)?;
        let simulation = Simulation::new(&process).map_err(StressError::Problems)?;
        Ok((self.set_up)(simulation).keeping_figures())
    }

    /// Whether it holds with so much.
    fn holds(&mut self, factor: f64) -> Result<bool, StressError> {
        let simulation = self.simulation(factor)?;
        let results = simulation.run()?;
        Ok(self.keep(Trial::of(factor, &simulation, &results, self.promise)?))
    }

    fn keep(&mut self, trial: Trial) -> bool {
        let holds = trial.point.holds;
        self.trials.push(trial);
        let done = self.trials.len() as u64;
        (self.progress)(done, EXPECTED.max(done + 1));
        holds
    }

    /// Doubles what there is until it breaks; or halves it until it holds, where it does not even now.
    fn bracket(&mut self, most: f64) -> Result<Ends, StressError> {
        let mut factor = 1.0;
        if self.trials.iter().all(|trial| trial.point.holds) {
            while factor < most {
                let before = factor;
                factor = (2.0 * factor).min(most);
                if !self.holds(factor)? {
                    return Ok(Ends::Between(before, factor));
                }
            }
            return Ok(Ends::HoldsThroughout);
        }
        while factor > LEAST {
            let before = factor;
            factor /= 2.0;
            if self.holds(factor)? {
                return Ok(Ends::Between(factor, before));
            }
        }
        Ok(Ends::BreaksThroughout)
    }

    fn narrow(&mut self, mut holds: f64, mut breaks: f64) -> Result<Margin, StressError> {
        while breaks / holds > 1.0 + FINENESS {
            let middle = 0.5 * (holds + breaks);
            match self.holds(middle)? {
                true => holds = middle,
                false => breaks = middle,
            }
        }
        self.trials.sort_by(|one, other| one.point.factor.total_cmp(&other.point.factor));
        let reason = self.trials.iter().find(|trial| trial.point.factor == breaks);
        let reason = reason.and_then(|trial| trial.first.as_ref()).map(|first| first.reason);
        let at = |end: usize| {
            let excess = |trial: &Trial| Some((trial.point.factor, trial.excess(reason?)?[end]));
            crossing(&self.trials.iter().filter_map(excess).collect::<Vec<_>>())
        };
        // The sooner, the more is in excess: the upper end of that gives the lower of the factor.
        let (low, factor, high) = (at(2), at(1), at(0));
        let factor = factor.unwrap_or(0.5 * (holds + breaks)).clamp(holds, breaks);
        Ok(Margin { factor, ci95: [low.unwrap_or(holds).min(factor), high.unwrap_or(breaks).max(factor)] })
    }
}

/// What is raised was asked for, and stands nowhere in a file.
fn nothing_to_raise(problems: Problems) -> StressError {
    let said = |problem: &Problem| match &problem.help {
        Some(help) => format!("{}; {help}", problem.message),
        None => problem.message.clone(),
    };
    StressError::NothingToRaise(problems.list.iter().map(said).collect::<Vec<_>>().join("\n"))
}

/// Where a line from point to point comes to 0 from below; the nearest end where it does not. Without points there is none.
fn crossing(points: &[(f64, f64)]) -> Option<f64> {
    let Some(at) = points.iter().position(|(_, excess)| *excess >= 0.0) else {
        return points.last().map(|(factor, _)| *factor);
    };
    let (factor, above) = points[at];
    let Some((before, below)) = at.checked_sub(1).map(|before| points[before]) else { return Some(factor) };
    Some(before + (factor - before) * (-below / (above - below)))
}

#[cfg(test)]
mod tests {
    use super::crossing;

    #[test]
    fn a_line_is_drawn_between_the_nearest_two() {
        assert_eq!(crossing(&[(1.0, -0.2), (1.5, -0.1), (2.0, 0.1), (4.0, 0.9)]), Some(1.75));
        assert_eq!(crossing(&[(1.0, -0.2), (2.0, f64::INFINITY)]), Some(1.0));
        assert_eq!(crossing(&[(1.0, 0.2), (2.0, 0.3)]), Some(1.0));
        assert_eq!(crossing(&[(1.0, -0.2), (2.0, -0.1)]), Some(2.0));
        assert_eq!(crossing(&[]), None);
    }
}
