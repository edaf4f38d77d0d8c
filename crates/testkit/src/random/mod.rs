//! Random runs: cases to which happens what can happen, one thing after the other, and what is demanded of all of them.
//!
//! [`RandomRuns`] looks for a run that breaks a rule, and tells the shortest story of it. [`data`], [`value`] and
//! [`RandomRuns::strategy`] give the same to tests that are written with proptest.

mod counterexample;
mod demand;
pub(crate) mod generate;
pub(crate) mod ground;
pub(crate) mod moves;
mod notable;
mod shortest;
pub(crate) mod shrink;
mod statistics;
pub(crate) mod story;
mod strategy;
pub(crate) mod values;

use std::sync::Arc;

use grieta_core::Plan;
use grieta_core::definition::Rule;
use grieta_core::diagnostic::suggest;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

pub use counterexample::Counterexample;
pub use demand::Finding;
pub use shortest::Shortest;
pub use statistics::Statistics;
pub use story::Story;
pub use strategy::{Stories, StoryTree};
pub use values::{data, value};

use crate::{IntoProcess, moment};
use demand::{Broken, Demand};
use ground::Ground;

/// Random runs of a process, and what is demanded of each.
///
/// A run begins with data that respect the declared types. Then again and again happens one of the things that can happen as
/// the case stands: somebody of the role takes work, and does it by one of its outcomes; a service or an outside party
/// answers; a crack strikes; a message comes that is waited for; time passes to the next timer; an instance is added. The
/// engine carries it out that also carries out real cases. A run ends when nothing more can happen, or after
/// [so many](RandomRuns::longest) things.
///
/// Demanded is of every run that time can pass, that every rule of the definition is kept (so far, and at last where the case is
/// over), and what [`holds`](RandomRuns::holds), [`holds_that`](RandomRuns::holds_that) and
/// [`no_incidents`](RandomRuns::no_incidents) say. Of a case that was cancelled from outside nothing is demanded that it has
/// left undone.
///
/// The same seed gives the same runs.
///
/// ```
/// use grieta_testkit::random::{RandomRuns, Shortest};
///
/// let process = "
/// process: order
/// version: 1.0.0
/// start: check
/// roles: { desk: { people: 2 } }
/// steps:
///   check: { human: desk, outcomes: { ok: ship, bad: refused }, cracks: { late: { on: deadline, after: 1 d, do: fail, then: ship } } }
///   ship: { service: {}, next: shipped }
///   shipped: { end: {} }
///   refused: { end: {} }
/// ";
/// let found = RandomRuns::of(process).holds("precedence: [check, ship]").try_check().unwrap_err();
/// assert_eq!(found.expected, "that before `ship`, `check` is done");
/// assert_eq!(found.story.length(), 3, "started, a day passes, shipped");
/// assert!(matches!(found.shortest, Shortest::Proved { .. }));
///
/// let kept = RandomRuns::of(process).holds("at-most: ship").holds_that("somebody is asked", |story| {
///     story.events().len() > 1
/// });
/// assert_eq!(kept.check().unreached().count(), 0);
/// ```
#[derive(Clone)]
pub struct RandomRuns {
    ground: Ground,
    runs: u32,
    seed: u64,
    demands: Vec<Demand>,
}

impl RandomRuns {
    /// A thousand runs of a process: of a [`Process`](grieta_core::Process), a definition, the text of a YAML file, or the
    /// result of reading one.
    ///
    /// # Panics
    /// When the process is not sound, with everything that is wrong with it.
    #[track_caller]
    pub fn of(process: impl IntoProcess) -> RandomRuns {
        let ground = Ground::of(compiled(process));
        RandomRuns { ground, runs: 1_000, seed: 0, demands: vec![Demand::TimePasses, Demand::OfDefinitions] }
    }

    /// Another process, which the first one calls or hands over to. Without it, the call fails.
    ///
    /// # Panics
    /// As [`RandomRuns::of`].
    #[must_use]
    #[track_caller]
    pub fn with_process(mut self, process: impl IntoProcess) -> RandomRuns {
        self.ground.add(compiled(process));
        self
    }

    /// The time at which a run begins, in RFC 3339, also without seconds: `2026-03-02T09:00+01:00`; without it, 09:00 UTC on
    /// Monday, 5 January 2026.
    ///
    /// # Panics
    /// When that is no such time.
    #[must_use]
    #[track_caller]
    pub fn at(mut self, time: &str) -> RandomRuns {
        match moment::read(time) {
            Ok(at) => self.ground.at = Some(at),
            Err(problem) => panic!("{problem}"),
        }
        self
    }

    /// So many runs instead of a thousand.
    #[must_use]
    pub fn runs(self, runs: u32) -> RandomRuns {
        RandomRuns { runs, ..self }
    }

    /// Other runs: those of that seed instead of 0.
    #[must_use]
    pub fn seed(self, seed: u64) -> RandomRuns {
        RandomRuns { seed, ..self }
    }

    /// In a run happen no more things than that, instead of 60.
    #[must_use]
    pub fn longest(mut self, things: usize) -> RandomRuns {
        self.ground.longest = things;
        self
    }

    /// The environment does also what it should not: it answers twice or what was not asked, sends messages twice, too early or
    /// to nobody, completes work that nobody has, gives work to others or lets it rest; people leave and come back; work
    /// fails for no known reason; incidents are tried again; the case is cancelled.
    ///
    /// What overrules the definition is left out, because no rule could hold then: data that somebody changes, steps that are
    /// skipped or passed over.
    #[must_use]
    pub fn faulty(mut self) -> RandomRuns {
        self.ground.faulty = true;
        self
    }

    /// Demands a rule of the process that is tested, as a [`Rule`] or as it stands in a file: `precedence: [approve, pay]`,
    /// `four-eyes: [order, approve]`. The rules of the definition are demanded anyhow.
    ///
    /// # Panics
    /// When that is no rule, or names a step that there is not.
    #[must_use]
    #[track_caller]
    pub fn holds(mut self, rule: impl IntoRule) -> RandomRuns {
        let rule = match rule.into_rule() {
            Ok(rule) => rule,
            Err(problems) => panic!("the rule cannot be read:\n{problems}"),
        };
        let plan = self.ground.plan();
        if let Some(unknown) = rule.steps().iter().find(|step| plan.step(step).is_none()) {
            let known = plan.definition().steps.keys().map(String::as_str);
            panic!("the rule names `{unknown}`, which is no step: {}", suggest(unknown, known).unwrap_or_default());
        }
        self.ground.rules.push(rule.clone());
        self.demands.push(Demand::Rule(rule));
        self
    }

    /// Demands what a closure says of a run, as true or false, or as an error that tells what was found: about what was
    /// [done](Story::done), the [events](Story::events), the [data](Story::value). It is asked once for each run, when that
    /// is over, and of shorter ones while the story is shrunk.
    #[must_use]
    pub fn holds_that<F: Finding>(
        mut self,
        what: &str,
        holds: impl Fn(&Story) -> F + Send + Sync + 'static,
    ) -> RandomRuns {
        let holds = move |story: &Story| holds(story).finding();
        self.demands.push(Demand::Holds(what.to_owned(), Arc::new(holds)));
        self
    }

    /// Demands that there is never an incident: that nothing stands still until somebody resolves it.
    #[must_use]
    pub fn no_incidents(mut self) -> RandomRuns {
        self.demands.push(Demand::NoIncidents);
        self
    }

    /// Runs, and fails the test by the shortest story of how a demand is broken; says how far the runs came.
    ///
    /// # Panics
    /// With that story.
    #[track_caller]
    pub fn check(&self) -> Statistics {
        match self.try_check() {
            Ok(statistics) => statistics,
            Err(found) => panic!("{found}"),
        }
    }

    /// Runs, and says how far the runs came.
    ///
    /// # Errors
    /// The shortest story of how a demand is broken.
    pub fn try_check(&self) -> Result<Statistics, Box<Counterexample>> {
        let mut runner = self.runner();
        let mut statistics = Statistics::of(self.ground.plan());
        for run in 1..=self.runs {
            let Some(story) = generate::story(&self.ground, &mut runner) else { break };
            statistics.note(&story);
            let broken = self.demands.iter().find_map(|demand| Some((demand, demand.broken(&story)?)));
            if let Some((demand, broken)) = broken {
                let length = story.length();
                let found = self.shortest(story, demand, broken);
                return Err(Box::new(Counterexample { run, length, seed: self.seed, ..found }));
            }
        }
        Ok(statistics)
    }

    /// Runs as values of proptest, which shrink to shorter ones: for tests that are written with
    /// [`proptest!`](proptest::proptest).
    ///
    /// ```
    /// use grieta_testkit::random::RandomRuns;
    /// use proptest::prelude::*;
    ///
    /// let process = "
    /// process: call
    /// version: 1.0.0
    /// start: call
    /// roles: { desk: { people: 2 } }
    /// steps: { call: { human: desk, outcomes: { yes: done, no: call } }, done: { end: {} } }
    /// ";
    /// proptest!(|(story in RandomRuns::of(process).strategy())| {
    ///     prop_assert!(story.length() <= 60);
    /// });
    /// ```
    pub fn strategy(&self) -> Stories {
        Stories { ground: self.ground.clone() }
    }

    /// The shortest story in which a demand is broken as in this one.
    fn shortest(&self, story: Story, demand: &Demand, broken: Broken) -> Counterexample {
        let fails = |story: &Story| demand.is_broken_alike(story, &broken);
        let run = story.verbs().to_vec();
        let shrunk = shrink::shrink(&self.ground, story, fails);
        let known = shortest::Known::of(&self.ground, &run, shrunk.verbs());
        let (shorter, shortest) = shortest::search(&self.ground, &shrunk, &known, demand.is_of_rules(), fails);
        let story = match shorter {
            Some(shorter) => shrink::shrink(&self.ground, shorter, fails),
            None => shrunk,
        };
        // How it is found may be said otherwise of the shorter story.
        let again = demand.broken(&story).filter(|found| found.expected == broken.expected);
        let broken = again.filter(|_| !matches!(demand, Demand::NoIncidents)).unwrap_or(broken);
        Counterexample::new(story, broken, shortest, demand.is_of_definitions())
    }

    /// The source of all that is random.
    fn runner(&self) -> TestRunner {
        runner(self.seed)
    }
}

/// The source of all that is random with a seed.
pub(crate) fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// A rule, or one as it stands in a file.
pub trait IntoRule {
    /// The rule.
    ///
    /// # Errors
    /// Everything that is wrong with it, in words.
    fn into_rule(self) -> Result<Rule, String>;
}

impl IntoRule for Rule {
    fn into_rule(self) -> Result<Rule, String> {
        Ok(self)
    }
}

impl IntoRule for &str {
    fn into_rule(self) -> Result<Rule, String> {
        grieta_core::yaml::rule(self).map_err(|problems| problems.to_string())
    }
}

#[track_caller]
fn compiled(process: impl IntoProcess) -> Arc<Plan> {
    let compiled =
        process.into_process().and_then(|process| Plan::new(process).map_err(|problems| problems.to_string()));
    match compiled {
        Ok(plan) => Arc::new(plan),
        Err(problems) => panic!("the process cannot be used:\n{problems}"),
    }
}
