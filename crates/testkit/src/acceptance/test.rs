//! Acceptance criteria as a Rust test, which panics.

use std::sync::Arc;

use grieta_core::Plan;
use grieta_core::definition::Chance;

use super::{Acceptance, Criterion, Judged, Verdict};
use crate::IntoProcess;

/// A process, and what its simulation is to show. See [`Acceptance::of`].
#[derive(Debug, Clone)]
pub struct AcceptanceTest {
    plan: Arc<Plan>,
    acceptance: Acceptance,
}

impl AcceptanceTest {
    #[track_caller]
    pub(super) fn of(process: impl IntoProcess) -> AcceptanceTest {
        let compiled =
            process.into_process().and_then(|process| Plan::new(process).map_err(|problems| problems.to_string()));
        match compiled {
            Ok(plan) => AcceptanceTest { plan: Arc::new(plan), acceptance: Acceptance::default() },
            Err(problems) => panic!("the process cannot be used:\n{problems}"),
        }
    }

    /// So many cases arrive in each replication.
    #[must_use]
    pub fn cases(mut self, cases: u64) -> AcceptanceTest {
        self.acceptance.cases = Some(cases);
        self
    }

    /// So many replications, each with random numbers of its own.
    #[must_use]
    pub fn replications(mut self, replications: u64) -> AcceptanceTest {
        self.acceptance.replications = Some(replications);
        self
    }

    /// With the random numbers of that seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> AcceptanceTest {
        self.acceptance.seed = Some(seed);
        self
    }

    /// How sure a verdict is to be, as in `99%`.
    ///
    /// # Panics
    /// When that is no share from 50 % up to below 100 %.
    #[must_use]
    #[track_caller]
    pub fn confidence(mut self, confidence: &str) -> AcceptanceTest {
        match Acceptance::confidence_of(confidence) {
            Ok(confidence) => self.acceptance.confidence = Some(confidence),
            Err(problem) => panic!("{problem}"),
        }
        self
    }

    /// Demands what a sentence says, such as `p90(cycle_time) < 2 bd`.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    #[track_caller]
    pub fn expects(mut self, sentence: &str) -> AcceptanceTest {
        match Criterion::read(sentence) {
            Ok(criterion) => self.acceptance.criteria.push(criterion),
            Err(problem) => panic!("the criterion `{sentence}` cannot be read: {problem}"),
        }
        self
    }

    /// Simulates, and says of every criterion whether it holds.
    pub fn judge(&self) -> Vec<Judged> {
        self.acceptance.judge(&self.plan)
    }

    /// Simulates, and fails the test unless every criterion is sure to hold.
    ///
    /// # Panics
    /// With the figure, the interval and the verdict of each that is not.
    #[track_caller]
    pub fn check(&self) {
        let judged = self.judge();
        let others: Vec<String> =
            judged.iter().filter(|one| one.verdict != Verdict::Holds).map(ToString::to_string).collect();
        if !others.is_empty() {
            panic!("in a simulation of `{}`\n{}", self.plan.definition().process, others.concat());
        }
    }
}

impl Acceptance {
    /// Reads a confidence, as in `95%`.
    pub(crate) fn confidence_of(text: &str) -> Result<Chance, String> {
        let half = Chance::percent(50);
        text.parse::<Chance>()
            .ok()
            .filter(|chance| (half..Chance::percent(100)).contains(chance))
            .ok_or_else(|| format!("expected a confidence from 50% up to below 100%, such as `95%`, found `{text}`"))
    }
}
