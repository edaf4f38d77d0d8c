//! The figures of which a simulation gives one value in each replication.

use crate::definition::Period;
use crate::index::{ClockIx, CrackIx, RoleIx, StepIx};

/// A figure of an experiment. Times are in seconds, shares between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Figure {
    /// From arrival to end. Without an end: of the cases that arrived and were completed, and a case that gets stuck takes
    /// infinitely long. With one: of the completed cases that came to that end.
    CycleTime {
        /// What is made of the times.
        statistic: Statistic,
        /// The end.
        end: Option<StepIx>,
        /// How they are counted.
        counted: Counted,
    },
    /// From the moment work is offered until somebody begins it, of the visits that were begun.
    Wait {
        /// What is made of the times.
        statistic: Statistic,
        /// Where.
        step: StepIx,
        /// How they are counted.
        counted: Counted,
    },
    /// From the start of a case until the step is begun for the first time, in the mean, elapsed.
    UntilBegun(StepIx),
    /// The share of all cases that come to a step at least once.
    Share(StepIx),
    /// The share of the visits of a step that are completed with an outcome, by its position among those of the step.
    Outcome(StepIx, u16),
    /// How often cases come to a step in a period, while cases arrive.
    Volume(StepIx, Period),
    /// How often a case comes to a step.
    Visits(StepIx),
    /// The share of all cases that are completed.
    Completed,
    /// The share of all cases that are cancelled.
    Cancelled,
    /// The share of all cases that never end.
    Stuck,
    /// How often a crack strikes in a visit of its step; one of the whole process, in a case. [`CrackIx::NONE`] is one that
    /// was taken out.
    Struck(CrackIx),
    /// The share of the runs of a clock that run out.
    RunOut(ClockIx),
    /// The work that all arrivals bring, divided by the presence of the people while cases arrive.
    Utilisation(RoleIx),
}

/// What is made of many times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Statistic {
    /// Their mean.
    Mean,
    /// The median.
    P50,
    /// What nine of ten do not exceed.
    P90,
    /// What nineteen of twenty do not exceed.
    P95,
    /// What 99 of a hundred do not exceed.
    P99,
}

impl Statistic {
    /// The share that does not exceed it, unless it is the mean.
    pub fn share(self) -> Option<f64> {
        match self {
            Statistic::Mean => None,
            Statistic::P50 => Some(0.5),
            Statistic::P90 => Some(0.9),
            Statistic::P95 => Some(0.95),
            Statistic::P99 => Some(0.99),
        }
    }
}

/// How a length of time is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// As it passes.
    Elapsed,
    /// On the calendar of the process; without one, as it passes.
    Business,
}
