//! A run: what was done, and what came of it.

use std::collections::BTreeMap;
use std::fmt;

use grieta_core::kernel::{Case, Event, Status};
use grieta_core::value::Value;
use grieta_core::{Plan, StepIx, Timestamp};
use grieta_runtime::{CaseId, Recorded, WorkItem};

use super::ground::Ground;
use crate::failure::Tongue;
use crate::trial::Trial;
use crate::verb::{Deed, Expectation, Verb};
use crate::{Scenario, Suite};

/// What happened in a run, one thing after the other, and what came of it in the case.
pub struct Story {
    verbs: Vec<Verb>,
    pub(crate) trial: Trial,
    at: Option<Timestamp>,
    /// The first case.
    main: CaseId,
    /// Why time cannot pass any more.
    pub(crate) stuck: Option<String>,
    /// How many things were refused.
    pub(crate) refused: u64,
}

impl Story {
    /// Nothing has happened yet.
    pub(crate) fn new(ground: &Ground) -> Option<Story> {
        let mut plans = ground.plans.iter().cloned();
        let mut trial = Trial::new(plans.next()?, Tongue::File).ok()?;
        plans.try_for_each(|plan| trial.deploy(plan)).ok()?;
        if let Some(at) = ground.at {
            trial.at(at).ok()?;
        }
        let main = CaseId(1);
        Some(Story { verbs: Vec::new(), trial, at: ground.at, main, stuck: None, refused: 0 })
    }

    /// The story in which all this happens; `None` where something of it is refused.
    pub(crate) fn of(ground: &Ground, verbs: &[Verb]) -> Option<Story> {
        let mut story = Story::new(ground)?;
        let all = verbs.iter().all(|verb| story.happen(verb.clone()) && story.verbs.last() == Some(verb));
        all.then_some(story)
    }

    /// Lets something happen, as far as it is accepted; whether anything of it was.
    pub(crate) fn happen(&mut self, verb: Verb) -> bool {
        let done = match verb {
            _ if self.stuck.is_some() => None,
            // A scenario begins with its case.
            verb if self.trial.case.is_none() && !matches!(verb, Verb::Person { .. } | Verb::Start(_)) => None,
            Verb::On { item, mut deeds } => {
                let accepted = match self.trial.find(&item) {
                    Ok(found) => deeds.iter().take_while(|deed| self.trial.work(&found, deed).is_ok()).count(),
                    Err(_) => 0,
                };
                self.refused += u64::from(accepted < deeds.len());
                deeds.truncate(accepted);
                (accepted > 0).then_some(Verb::On { item, deeds })
            }
            Verb::AdvanceToNextTimer if self.trial.engine.next_due().is_some() => {
                let passed = self.trial.perform(&verb);
                self.stuck = passed.err().map(|failure| self.trial.told(&failure));
                Some(verb)
            }
            verb => {
                let done = self.trial.perform(&verb).is_ok();
                self.refused += u64::from(!done);
                done.then_some(verb)
            }
        };
        let happened = done.is_some();
        self.verbs.extend(done);
        happened
    }

    /// What was done, as verbs; also those that only prepare something.
    pub fn verbs(&self) -> &[Verb] {
        &self.verbs
    }

    /// How many things happen: the start, work that is taken, done or fails, a crack that strikes, a message, time that passes
    /// to the next timer. Who there is does not count.
    pub fn length(&self) -> usize {
        length(&self.verbs)
    }

    /// The plan of the process that is tested: the names of what the events tell.
    pub fn plan(&self) -> &Plan {
        self.trial.plan()
    }

    /// All that happened to the case, in order.
    pub fn events(&self) -> &[Recorded] {
        self.trial.engine.history(self.main).unwrap_or_default()
    }

    /// What happened to every case: the one that was started first, and those that it led to.
    pub fn histories(&self) -> impl Iterator<Item = (&Plan, &[Recorded])> {
        let engine = &self.trial.engine;
        engine.cases().filter_map(move |(case, _)| Some((engine.plan(case).ok()?, engine.history(case).ok()?)))
    }

    /// The steps that were done in the case, in that order, as rules on the order of steps count them: work when it is completed,
    /// another step as the case comes there.
    pub fn done(&self) -> Vec<&str> {
        let (mut case, plan) = (Case::default(), self.plan());
        let done = self.events().iter().filter_map(|Recorded { at, event, .. }| {
            case.apply(*at, event);
            plan.done_by(&case, event).map(|step| plan.step_name(step))
        });
        done.collect()
    }

    /// Where the case is in its life.
    pub fn status(&self) -> Status {
        self.trial.engine.status(self.main).unwrap_or_default()
    }

    /// The value of a field of the case, a choice as text; absent where there is none, or no such field.
    pub fn value(&self, field: &str) -> Value {
        self.trial.engine.value(self.main, field).unwrap_or_default()
    }

    /// What happened to the case, a line for each thing, with its time.
    pub fn told(&self) -> Vec<String> {
        let told = self.trial.engine.story(self.main).unwrap_or_default();
        told.into_iter().map(|(at, what)| format!("{at}  {what}")).collect()
    }

    /// The story as a scenario, to be pasted into a file beside the definition; see [`scenario`](crate::scenario).
    pub fn to_yaml(&self) -> String {
        self.as_scenario(None)
    }

    /// The same, with what was expected in vain: that the rules of the definition are kept.
    pub(crate) fn to_yaml_against_rules(&self) -> String {
        self.as_scenario(Some(Verb::Expect(Expectation::RulesKept)))
    }

    fn as_scenario(&self, expected: Option<Verb>) -> String {
        let verbs = self.verbs.iter().cloned().chain(expected);
        let scenario = Scenario::of("found by random runs", self.at, verbs);
        Suite::of("found.test.yaml", vec![scenario]).to_yaml()
    }

    /// What the case waits for.
    pub(crate) fn items(&self) -> Vec<WorkItem> {
        self.trial.engine.items(self.main).unwrap_or_default()
    }

    /// Whether something cancelled the case that its definition does not know of.
    pub(crate) fn is_cancelled_from_outside(&self) -> bool {
        self.verbs.iter().any(|verb| matches!(verb, Verb::Cancel { .. }))
    }

    /// The steps at which a case stood still until somebody would resolve it.
    pub(crate) fn incidents(&self) -> Vec<&str> {
        let of_case = |history: &[Recorded]| -> Vec<StepIx> {
            let mut at = BTreeMap::new();
            let raised = history.iter().filter_map(|recorded| match &recorded.event {
                Event::TokenPlaced { token, step, .. } => {
                    at.insert(*token, *step);
                    None
                }
                Event::IncidentRaised { token, .. } => at.get(token).copied(),
                _ => None,
            });
            raised.collect()
        };
        let steps = |(plan, history)| of_case(history).into_iter().map(move |step| Plan::step_name(plan, step));
        self.histories().flat_map(steps).collect()
    }

    /// The ends that the case has come to.
    pub(crate) fn ends(&self) -> Vec<&str> {
        self.trial.engine.ended_at(self.main).unwrap_or_default()
    }

    /// The steps that the case has come to.
    pub(crate) fn reached(&self) -> impl Iterator<Item = StepIx> {
        self.events().iter().filter_map(|recorded| match recorded.event {
            Event::TokenPlaced { step, .. } => Some(step),
            _ => None,
        })
    }
}

/// What proptest shows of a value that fails: the scenario.
impl fmt::Debug for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_yaml())
    }
}

/// How many of these things count.
pub(crate) fn length(verbs: &[Verb]) -> usize {
    verbs.iter().filter(|verb| !prepares(verb)).count()
}

/// Whether a verb only prepares something, or says of which case the others tell.
pub(crate) fn prepares(verb: &Verb) -> bool {
    matches!(verb, Verb::Person { .. } | Verb::CaseOf(_))
}

/// Whether a deed leaves the work where it is, so that another can follow.
pub(crate) fn leads_on(deed: &Deed) -> bool {
    matches!(deed, Deed::Claim(_) | Deed::Begin | Deed::Delegate(_) | Deed::Suspend | Deed::Resume)
}
