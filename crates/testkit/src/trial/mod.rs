//! Carries out what a test says, verb by verb, and finds what is not as expected.

mod expect;
mod happen;
mod setup;
mod work;

use std::collections::BTreeSet;
use std::sync::Arc;

use grieta_core::kernel::{Phase, Status};
use grieta_core::world::{CaseId, ItemId};
use grieta_core::{Plan, Process, Timestamp};
use grieta_runtime::{Engine, EngineError, Recorded, WorkItem};

use crate::failure::{Failure, Tongue};
use crate::mock::{Mocks, handler_of};
use crate::verb::Verb;

/// The time at which a test begins that does not say so: 09:00 UTC on Monday, 5 January 2026.
const BEGINNING: Timestamp = Timestamp::from_micros(1_767_603_600_000_000);

/// What the case of a test is called.
const KEY: &str = "case";

/// So many services are answered after one verb.
const MOST_ANSWERS: usize = 10_000;

/// What becomes of a verb: why the test fails, if it does.
pub(crate) type Verdict = Result<(), Failure>;

/// A test under way: the engine, and what the test has said so far.
pub(crate) struct Trial {
    pub engine: Engine,
    /// Those that are deployed; the first is the one that is tested.
    plans: Vec<Arc<Plan>>,
    mocks: Mocks,
    others_succeed: bool,
    /// The case that is spoken of.
    pub case: Option<CaseId>,
    /// When the test begins; the engine comes there with the first verb for which that matters.
    begins: Timestamp,
    /// The strikes of cracks that were expected.
    foreseen: BTreeSet<(CaseId, u64)>,
    tongue: Tongue,
}

impl Trial {
    /// A test of a process.
    ///
    /// # Errors
    /// When there is no room for its people.
    pub fn new(plan: Arc<Plan>, tongue: Tongue) -> Result<Trial, EngineError> {
        let mut trial = Trial {
            engine: Engine::in_memory(),
            plans: Vec::new(),
            mocks: Mocks::default(),
            others_succeed: false,
            case: None,
            begins: BEGINNING,
            foreseen: BTreeSet::new(),
            tongue,
        };
        trial.deploy(plan)?;
        Ok(trial)
    }

    /// Another process, which the first one calls or hands over to.
    ///
    /// # Errors
    /// As [`Trial::new`].
    pub fn deploy(&mut self, plan: Arc<Plan>) -> Result<(), EngineError> {
        self.engine.add_plan(Arc::clone(&plan))?;
        self.plans.push(plan);
        Ok(())
    }

    /// Does what a verb says.
    pub fn perform(&mut self, verb: &Verb) -> Verdict {
        match verb {
            Verb::Person { name, roles } => self.person(name, roles),
            Verb::Deputy { person, deputy } => self.deputy(person, deputy),
            Verb::Service { handler, reply } => self.service(handler, reply),
            Verb::ServiceFails { handler, reason } => self.service_fails(handler, reason),
            Verb::ServiceWaits(handler) => self.service_waits(handler),
            Verb::OtherServices { succeed } => self.other_services(*succeed),
            Verb::Start(data) => self.start(data),
            Verb::On { item, deeds } => {
                let item = self.find(item)?;
                deeds.iter().try_for_each(|deed| self.work(&item, deed))
            }
            Verb::Message { name, key, data, keep } => self.message(name, key, data, *keep),
            Verb::Advance { span, of } => self.advance(*span, of.as_deref()),
            Verb::AdvanceTo(time) => self.advance_to(*time),
            Verb::AdvanceToNextTimer => self.advance_to_next_timer(),
            Verb::Absent(person) => self.absent(person),
            Verb::Back(person) => self.back(person),
            Verb::Change(data) => self.change(data),
            Verb::Cancel { undo } => self.cancel(*undo),
            Verb::CaseOf(process) => self.case_of(process),
            Verb::Expect(expectation) => self.expect(expectation),
        }
    }

    /// The time as far as the test has come.
    pub fn now(&self) -> Timestamp {
        self.engine.now().max(self.begins)
    }

    /// The process that is tested.
    pub fn plan(&self) -> &Plan {
        &self.plans[0]
    }

    /// The process of the case that is spoken of.
    pub fn process(&self) -> &Process {
        match self.case.and_then(|case| self.engine.plan(case).ok()) {
            Some(plan) => plan.process(),
            None => self.plans[0].process(),
        }
    }

    pub fn status(&self) -> Status {
        self.case.and_then(|case| self.engine.status(case).ok()).unwrap_or_default()
    }

    /// What happened to the case that is spoken of.
    pub fn recorded(&self) -> Option<(&Plan, &[Recorded])> {
        let case = self.case?;
        Some((self.engine.plan(case).ok()?, self.engine.history(case).ok()?))
    }

    fn processes(&self) -> impl DoubleEndedIterator<Item = &Process> + Clone {
        self.plans.iter().map(|plan| plan.process().as_ref())
    }

    /// The case that the test tells of.
    pub fn started(&self) -> Result<CaseId, Failure> {
        self.case.ok_or_else(|| {
            let failure = Failure::expected("a case", "that none has been started");
            failure.help("start it: `.start(data! { … })`")
        })
    }

    /// All that the case waits for.
    fn items(&self) -> Result<Vec<WorkItem>, Failure> {
        Ok(self.engine.items(self.started()?).unwrap_or_default())
    }

    /// The time of the engine becomes that of the test.
    fn begin(&mut self) -> Verdict {
        if self.engine.now() < self.begins {
            let begun = self.engine.advance_to(self.begins);
            begun.map_err(|error| Failure::expected("the test to begin", error.to_string()))?;
        }
        Ok(())
    }

    /// Does something with the engine, and what follows from it.
    fn does<T>(
        &mut self,
        expected: impl FnOnce() -> String,
        verb: impl FnOnce(&mut Engine) -> Result<T, EngineError>,
    ) -> Result<T, Failure> {
        let done = verb(&mut self.engine).map_err(|error| Failure::expected(expected(), error.to_string()))?;
        self.settle()?;
        Ok(done)
    }

    /// Answers for the services that are to succeed, once the engine has done what follows from a verb.
    fn settle(&mut self) -> Verdict {
        for _ in 0..MOST_ANSWERS {
            if let Some((step, problem)) = self.mocks.misfit() {
                return Err(Failure::expected("an answer that fits the step", problem).step(&step));
            }
            let Some((item, step)) = self.unanswered()? else { return Ok(()) };
            let answered = self.engine.complete(item, None::<&str>, grieta_runtime::Data::new());
            answered.map_err(|error| Failure::expected("the service to succeed", error.to_string()).step(&step))?;
        }
        let found = format!("that it asked services {MOST_ANSWERS} times");
        let remedy = self.tongue.say("`.service(…)`", "`service: { … }`");
        let help = format!("it goes round and round; answer for one of the services with {remedy}");
        Err(Failure::expected("the case to come to rest", found).help(help))
    }

    /// A service that nobody answers for although it is to succeed.
    fn unanswered(&self) -> Result<Option<(ItemId, String)>, Failure> {
        let cases = self.engine.cases().filter(|_| self.others_succeed);
        let items = cases.flat_map(|(case, _)| self.engine.items(case).unwrap_or_default());
        for item in items.filter(|item| item.phase() == Phase::Requested) {
            let deployed = self.processes().map(Process::definition);
            let definition = deployed.rev().find(|definition| definition.process == item.process());
            let step = definition.and_then(|definition| definition.steps.get(item.step()));
            let handler = step.and_then(|step| handler_of(item.step(), step)).unwrap_or(item.step());
            if self.mocks.handlers.contains(handler) {
                continue;
            }
            if let Some(first) = item.outcomes().first() {
                let found = format!("that `{handler}` could answer `{}`", item.outcomes().join("`, `"));
                let failure = Failure::expected("to know how the service answers", found).step(item.step());
                let remedy = self.tongue.say(
                    format!("`.service(\"{handler}\", data! {{}}.outcome(\"{first}\"))`"),
                    format!("`services: {{ {handler}: {first} }}`"),
                );
                return Err(failure.help(format!("say which: {remedy} before the case comes there")));
            }
            return Ok(Some((item.id(), item.step().to_owned())));
        }
        Ok(None)
    }
}
