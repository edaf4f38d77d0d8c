//! What a test begins with: the process, the time, the people, the services.

use std::collections::BTreeSet;
use std::panic::Location;
use std::sync::Arc;

use grieta_core::definition::Step;
use grieta_core::diagnostic::{nearest, suggest};
use grieta_core::kernel::{Phase, Status};
use grieta_core::world::{CaseId, ItemId};
use grieta_core::{Process, Timestamp};
use grieta_runtime::{CaseView, Data, Engine, Failure as ServiceFailure, Reply};

use crate::failure::Failure;
use crate::mock::{Mocks, handler_of};
use crate::{IntoProcess, moment};

/// The time at which a test begins that does not say so: a Monday morning.
const BEGINNING: &str = "2026-01-05T09:00Z";

/// What the case of a test is called.
const KEY: &str = "case";

/// So many services are answered after one verb.
const MOST_ANSWERS: usize = 10_000;

/// The test of one case: what happens to it, and what is expected of it, told from top to bottom.
///
/// It begins at 09:00 UTC on Monday, 5 January 2026, unless [`CaseTest::at`] says otherwise. Time stands still but for
/// [`CaseTest::advance`] and its like.
///
/// # Panics
/// Every verb panics, which is how a test fails, when it cannot be done or finds something else than it expects. The message
/// says what was expected and what was found, why the case does not move, and what happened last.
///
/// ```
/// use grieta_testkit::CaseTest;
/// use grieta_runtime::data;
///
/// CaseTest::new("
/// process: sales
/// version: 1.0.0
/// start: score
/// roles: { sdr: { people: 2 } }
/// data: { size: { type: integer, required: true }, fit: { type: integer } }
/// steps:
///   score: { service: {}, writes: [fit], next: call }
///   call:
///     human: sdr
///     outcomes: { reached: won, no-answer: lost }
///     cracks: { voicemail-full: { on: failure, do: { retry: { after: 4 h, at-most: 3 } }, then: lost } }
///   won:   { end: {} }
///   lost:  { end: {} }
/// ")
///     .service("score", data! { fit: 80 })
///     .start(data! { size: 40 })
///     .on("call").claim("ana").fail("voicemail-full")
///     .expect_crack("voicemail-full")
///     .advance("4 h")
///     .on("call").claim("ana").complete("reached", data! {})
///     .expect_ended_at("won");
/// ```
pub struct CaseTest {
    pub(crate) engine: Engine,
    /// Those that are deployed; the first is the one that is tested.
    processes: Vec<Arc<Process>>,
    mocks: Mocks,
    others_succeed: bool,
    /// The case that is spoken of.
    pub(crate) case: Option<CaseId>,
    /// When the test begins; the engine comes there with the first verb for which that matters.
    begins: Timestamp,
    /// The strikes of cracks that were expected.
    pub(crate) foreseen: BTreeSet<(CaseId, u64)>,
}

impl CaseTest {
    /// A test of a process: of a [`Process`], a definition, the text of a YAML file, or the result of reading one.
    ///
    /// # Panics
    /// When the process is not sound, with everything that is wrong with it.
    #[track_caller]
    pub fn new(process: impl IntoProcess) -> CaseTest {
        let test = CaseTest {
            engine: Engine::in_memory(),
            processes: Vec::new(),
            mocks: Mocks::default(),
            others_succeed: false,
            case: None,
            foreseen: BTreeSet::new(),
            begins: Timestamp::EPOCH,
        };
        let test = test.with_process(process);
        let begins = test.time(BEGINNING);
        CaseTest { begins, ..test }
    }

    /// Another process, which the first one calls or hands over to. Name it before its services.
    #[track_caller]
    pub fn with_process(mut self, process: impl IntoProcess) -> CaseTest {
        let process = match process.into_process() {
            Ok(process) => process,
            Err(problems) => panic!("the process is not sound:\n{problems}"),
        };
        let engine = std::mem::replace(&mut self.engine, Engine::in_memory());
        self.engine = match engine.deploy(Arc::clone(&process)) {
            Ok(engine) => engine,
            Err(error) => panic!("the process cannot be carried out: {error}"),
        };
        self.processes.push(process);
        self
    }

    /// The time at which the test begins, in RFC 3339, also without seconds: `2026-03-02T09:00+01:00`.
    #[track_caller]
    pub fn at(mut self, time: &str) -> CaseTest {
        if self.engine.now() > Timestamp::EPOCH {
            self.fail(
                Failure::expected("the time to be set before anything happens", "that the test has begun")
                    .help("let time pass with `.advance_to(…)`"),
            );
        }
        self.begins = self.time(time);
        self
    }

    /// A person who has these roles. Those whom the definition names are there already.
    #[track_caller]
    pub fn person<'a>(mut self, name: &str, roles: impl IntoIterator<Item = &'a str>) -> CaseTest {
        let roles: Vec<&str> = roles.into_iter().collect();
        for role in &roles {
            self.known_role(role);
        }
        if let Err(error) = self.engine.add_person(name, roles) {
            self.fail(Failure::expected(format!("`{name}` to be added"), error.to_string()));
        }
        self.settled()
    }

    /// Whoever stands in for a person while they are away, from now on.
    #[track_caller]
    pub fn deputy(mut self, person: &str, deputy: &str) -> CaseTest {
        self.known_person(person);
        self.known_person(deputy);
        if let Err(error) = self.engine.deputy(person, deputy) {
            self.fail(Failure::expected(format!("`{deputy}` to stand in for `{person}`"), error.to_string()));
        }
        self
    }

    /// A service that always answers so, from now on: `data! { grade: "hot" }`, or `data! {}.outcome("new")` where its step
    /// has outcomes. It is named as its `handler`, which is the name of the step unless the definition says otherwise.
    #[track_caller]
    pub fn service(self, handler: &str, answer: impl Into<Reply>) -> CaseTest {
        let answer = answer.into();
        self.mock(handler, move |_| Ok(answer.clone()))
    }

    /// A service that answers by what it sees of the case, from now on.
    #[track_caller]
    pub fn service_with<R: Into<Reply>>(
        self,
        handler: &str,
        answer: impl FnMut(&CaseView<'_>) -> Result<R, ServiceFailure> + Send + 'static,
    ) -> CaseTest {
        self.mock(handler, answer)
    }

    /// A service that always fails, from now on: with the name of a crack of its step, or any other reason.
    #[track_caller]
    pub fn service_fails(self, handler: &str, reason: &str) -> CaseTest {
        self.known_handler(handler);
        let cracks: BTreeSet<&str> =
            self.asking(handler).flat_map(|(_, step)| step.cracks.keys()).map(String::as_str).collect();
        if let (false, Some(meant)) = (cracks.contains(reason), nearest(reason, cracks.iter().copied())) {
            let expected = format!("a crack of a step that asks `{handler}`, or another reason");
            self.fail(Failure::expected(expected, format!("`{reason}`")).help(format!("did you mean `{meant}`?")));
        }
        let reason = reason.to_owned();
        self.mock(handler, move |_| Err::<Reply, _>(ServiceFailure::new(reason.clone())))
    }

    /// Every service that the test does not answer for completes its step without data, from now on. A step with outcomes
    /// fails the test: which of them it is must be said by [`CaseTest::service`] or by hand.
    #[track_caller]
    pub fn other_services_succeed(mut self) -> CaseTest {
        self.others_succeed = true;
        self.settled()
    }

    /// Starts the case with these data.
    #[track_caller]
    pub fn start(self, data: Data) -> CaseTest {
        if self.case.is_some() {
            self.fail(
                Failure::expected("a case to be started", "that it has started").help("one test tells of one case"),
            );
        }
        let mut begun = self.begun();
        let process = begun.process().definition().process.clone();
        match begun.engine.start(&process, KEY, data) {
            Ok(case) => begun.case = Some(case),
            Err(error) => begun.fail(Failure::expected("the case to start", error.to_string())),
        }
        begun.settled()
    }

    #[track_caller]
    fn mock<R: Into<Reply>>(
        mut self,
        handler: &str,
        answer: impl FnMut(&CaseView<'_>) -> Result<R, ServiceFailure> + Send + 'static,
    ) -> CaseTest {
        self.known_handler(handler);
        let answer = self.mocks.watched(&self.processes, handler, Location::caller(), answer);
        self.mocks.handlers.insert(handler.to_owned());
        let engine = std::mem::replace(&mut self.engine, Engine::in_memory());
        self.engine = engine.service(handler, answer);
        self
    }

    /// The time of the engine is that of the test.
    #[track_caller]
    pub(crate) fn begun(mut self) -> CaseTest {
        if self.engine.now() < self.begins
            && let Err(error) = self.engine.advance_to(self.begins)
        {
            self.fail(Failure::expected("the test to begin", error.to_string()));
        }
        self
    }

    /// The time as far as the test has come.
    pub(crate) fn now(&self) -> Timestamp {
        self.engine.now().max(self.begins)
    }

    /// Answers for the services that are to succeed, once the engine has done what follows from a verb.
    #[track_caller]
    pub(crate) fn settled(mut self) -> CaseTest {
        for _ in 0..MOST_ANSWERS {
            if let Some((step, problem)) = self.mocks.misfit() {
                self.fail(Failure::expected("an answer that fits the step", problem).step(&step));
            }
            let Some((item, step)) = self.unanswered() else { return self };
            if let Err(error) = self.engine.complete(item, None::<&str>, Data::new()) {
                self.fail(Failure::expected("the service to succeed", error.to_string()).step(&step));
            }
        }
        self.fail(
            Failure::expected("the case to come to rest", format!("that it asked services {MOST_ANSWERS} times"))
                .help("it goes round and round; answer for one of the services with `.service(…)`"),
        )
    }

    /// A service that nobody answers for although it is to succeed.
    #[track_caller]
    fn unanswered(&self) -> Option<(ItemId, String)> {
        let cases = self.engine.cases().filter(|_| self.others_succeed);
        let items = cases.flat_map(|(case, _)| self.engine.items(case).unwrap_or_default());
        for item in items.filter(|item| item.phase() == Phase::Requested) {
            let mut deployed = self.processes.iter().map(|process| process.definition());
            let definition = deployed.rfind(|definition| definition.process == item.process());
            let step = definition.and_then(|definition| definition.steps.get(item.step()));
            let handler = step.and_then(|step| handler_of(item.step(), step)).unwrap_or(item.step());
            if self.mocks.handlers.contains(handler) {
                continue;
            }
            if let Some(first) = item.outcomes().first() {
                let found = format!("that `{handler}` could answer `{}`", item.outcomes().join("`, `"));
                self.fail(Failure::expected("to know how the service answers", found).step(item.step()).help(format!(
                    "say which: `.service(\"{handler}\", data! {{}}.outcome(\"{first}\"))` before the case comes there"
                )));
            }
            return Some((item.id(), item.step().to_owned()));
        }
        None
    }

    /// The process of the case that is spoken of.
    pub(crate) fn process(&self) -> &Process {
        match self.case.and_then(|case| self.engine.plan(case).ok()) {
            Some(plan) => plan.process(),
            None => &self.processes[0],
        }
    }

    pub(crate) fn processes(&self) -> impl DoubleEndedIterator<Item = &Process> + Clone {
        self.processes.iter().map(AsRef::as_ref)
    }

    pub(crate) fn status(&self) -> Status {
        self.case.and_then(|case| self.engine.status(case).ok()).unwrap_or_default()
    }

    #[track_caller]
    pub(crate) fn time(&self, text: &str) -> Timestamp {
        match moment::read(text) {
            Ok(time) => time,
            Err(problem) => self.fail(Failure::misread("a time", &problem)),
        }
    }

    #[track_caller]
    pub(crate) fn known_role(&self, role: &str) {
        let roles = self.processes().flat_map(|process| process.definition().roles.keys()).map(String::as_str);
        if !roles.clone().any(|known| known == role) {
            self.fail(Failure::unknown("a role", role, roles));
        }
    }

    #[track_caller]
    pub(crate) fn known_person(&self, name: &str) {
        let people = self.engine.people();
        if people.find(name).is_none() {
            let help = match people.suggest(name) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("add them: `.person(\"{name}\", [\"…\"])`"),
            };
            self.fail(Failure::expected("a person", format!("that nobody is called `{name}`")).help(help));
        }
    }

    #[track_caller]
    fn known_handler(&self, handler: &str) {
        if self.asking(handler).next().is_some() {
            return;
        }
        let steps = || self.processes().flat_map(|process| &process.definition().steps);
        let handlers: BTreeSet<&str> = steps().filter_map(|(name, step)| handler_of(name, step)).collect();
        let own = steps().filter(|(name, _)| *name == handler).find_map(|(name, step)| handler_of(name, step));
        let help = match own {
            Some(own) => Some(format!("the step `{handler}` asks the service `{own}`")),
            None => suggest(handler, handlers.iter().copied()),
        };
        let help = help.unwrap_or_else(|| "no step asks a service".to_owned());
        self.fail(Failure::expected("a service that some step asks", format!("`{handler}`")).help(help));
    }

    /// The steps that ask a service.
    fn asking<'a>(&'a self, handler: &'a str) -> impl Iterator<Item = (&'a String, &'a Step)> {
        let steps = self.processes().flat_map(|process| &process.definition().steps);
        steps.filter(move |(name, step)| handler_of(name, step) == Some(handler))
    }
}
