//! The test of a case as a Rust test tells it: each verb on its own line, where it fails.

use std::panic::Location;
use std::str::FromStr;
use std::sync::Arc;

use grieta_core::definition::Span;
use grieta_core::value::Value;
use grieta_core::{Plan, Timestamp};
use grieta_runtime::{CaseView, Data, Failure as ServiceFailure, Reply};

use crate::failure::{Failure, Tongue};
use crate::trial::Trial;
use crate::verb::{Expectation, Item, Verb};
use crate::{IntoProcess, OnStep, moment};

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
    trial: Trial,
}

impl CaseTest {
    /// A test of a process: of a [`Process`](grieta_core::Process), a definition, the text of a YAML file, or the result of
    /// reading one.
    ///
    /// # Panics
    /// When the process is not sound, with everything that is wrong with it.
    #[track_caller]
    pub fn new(process: impl IntoProcess) -> CaseTest {
        match Trial::new(compiled(process), Tongue::Rust) {
            Ok(trial) => CaseTest { trial },
            Err(error) => panic!("the process cannot be carried out: {error}"),
        }
    }

    /// Another process, which the first one calls or hands over to. Name it before its services.
    #[track_caller]
    pub fn with_process(mut self, process: impl IntoProcess) -> CaseTest {
        match self.trial.deploy(compiled(process)) {
            Ok(()) => self,
            Err(error) => panic!("the process cannot be carried out: {error}"),
        }
    }

    /// The time at which the test begins, in RFC 3339, also without seconds: `2026-03-02T09:00+01:00`.
    #[track_caller]
    pub fn at(mut self, time: &str) -> CaseTest {
        let time = self.time(time);
        if let Err(failure) = self.trial.at(time) {
            self.fail(&failure);
        }
        self
    }

    /// A person who has these roles. Those whom the definition names are there already.
    #[track_caller]
    pub fn person<'a>(self, name: &str, roles: impl IntoIterator<Item = &'a str>) -> CaseTest {
        let roles = roles.into_iter().map(str::to_owned).collect();
        self.does(Verb::Person { name: name.to_owned(), roles })
    }

    /// Whoever stands in for a person while they are away, from now on.
    #[track_caller]
    pub fn deputy(self, person: &str, deputy: &str) -> CaseTest {
        self.does(Verb::Deputy { person: person.to_owned(), deputy: deputy.to_owned() })
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
        mut answer: impl FnMut(&CaseView<'_>) -> Result<R, ServiceFailure> + Send + 'static,
    ) -> CaseTest {
        self.mock(handler, move |case| answer(case).map(Into::into))
    }

    /// A service that always fails, from now on: with the name of a crack of its step, or any other reason.
    #[track_caller]
    pub fn service_fails(self, handler: &str, reason: &str) -> CaseTest {
        self.does(Verb::ServiceFails { handler: handler.to_owned(), reason: reason.to_owned() })
    }

    /// A service that does not answer, from now on: whatever asks it waits to be completed by [`CaseTest::on`].
    #[track_caller]
    pub fn service_waits(self, handler: &str) -> CaseTest {
        self.does(Verb::ServiceWaits(handler.to_owned()))
    }

    /// Every service that the test does not answer for completes its step without data, from now on. A step with outcomes
    /// fails the test: which of them it is must be said by [`CaseTest::service`] or by hand.
    #[track_caller]
    pub fn other_services_succeed(self) -> CaseTest {
        self.does(Verb::OtherServices { succeed: true })
    }

    /// Starts the case with these data.
    #[track_caller]
    pub fn start(self, data: Data) -> CaseTest {
        self.does(Verb::Start(data))
    }

    /// The work item of the case at that step: what a person, a service or an outside party has to do there.
    ///
    /// # Panics
    /// When the case is not there, or is there several times: then [`CaseTest::on_nth`] says which is meant.
    #[track_caller]
    pub fn on(self, step: &str) -> OnStep {
        self.item(Item { step: step.to_owned(), nth: None })
    }

    /// One of several work items of the case at that step, in the order in which they came there; the first is 1.
    #[track_caller]
    pub fn on_nth(self, step: &str, position: usize) -> OnStep {
        self.item(Item { step: step.to_owned(), nth: Some(position) })
    }

    /// A message comes from outside, for whoever waits for it: with the key by which it is known, or [`Value::Absent`],
    /// and with data.
    ///
    /// # Panics
    /// When no case waits for it: see [`CaseTest::message_kept`].
    #[track_caller]
    pub fn message(self, name: &str, key: impl Into<Value>, data: Data) -> CaseTest {
        self.does(Verb::Message { name: name.to_owned(), key: key.into(), data, keep: None })
    }

    /// A message comes from outside, and is kept so long (`2 d`) until a case waits for it.
    #[track_caller]
    pub fn message_kept(self, keep: &str, name: &str, key: impl Into<Value>, data: Data) -> CaseTest {
        let keep = Some(self.span(keep));
        self.does(Verb::Message { name: name.to_owned(), key: key.into(), data, keep })
    }

    /// Lets so much time pass: `4 h`, or `4 bh` as the calendar of the process counts; for that of a role see
    /// [`CaseTest::advance_of`]. What falls due meanwhile happens in its order, and at its time.
    #[track_caller]
    pub fn advance(self, span: &str) -> CaseTest {
        let span = self.span(span);
        self.does(Verb::Advance { span, of: None })
    }

    /// Lets so much time pass as the calendar of a role counts.
    #[track_caller]
    pub fn advance_of(self, role: &str, span: &str) -> CaseTest {
        let span = self.span(span);
        self.does(Verb::Advance { span, of: Some(role.to_owned()) })
    }

    /// Lets time pass up to there.
    #[track_caller]
    pub fn advance_to(self, time: &str) -> CaseTest {
        let time = self.time(time);
        self.does(Verb::AdvanceTo(time))
    }

    /// Lets time pass until the next timer falls due, whatever it is for.
    #[track_caller]
    pub fn advance_to_next_timer(self) -> CaseTest {
        self.does(Verb::AdvanceToNextTimer)
    }

    /// A person is away from now on.
    #[track_caller]
    pub fn absent(self, person: &str) -> CaseTest {
        self.does(Verb::Absent(person.to_owned()))
    }

    /// A person is back.
    #[track_caller]
    pub fn back(self, person: &str) -> CaseTest {
        self.does(Verb::Back(person.to_owned()))
    }

    /// The data of the case change, whatever its steps do.
    #[track_caller]
    pub fn change(self, data: Data) -> CaseTest {
        self.does(Verb::Change(data))
    }

    /// The case is cancelled. Nothing is undone.
    #[track_caller]
    pub fn cancel(self) -> CaseTest {
        self.does(Verb::Cancel { undo: false })
    }

    /// The case is cancelled, once what can be undone has been undone.
    #[track_caller]
    pub fn cancel_and_undo(self) -> CaseTest {
        self.does(Verb::Cancel { undo: true })
    }

    /// From now on the test tells of the case of that process that was started last, and can come back the same way.
    #[track_caller]
    pub fn case_of(self, process: &str) -> CaseTest {
        self.does(Verb::CaseOf(process.to_owned()))
    }

    /// Expects the case at that step, once or several times, and nowhere else. What only waits for other branches or for the
    /// steps inside it counts only where it is named.
    #[track_caller]
    pub fn expect_at(self, step: &str) -> CaseTest {
        self.expect_at_all([step])
    }

    /// Expects the case at these steps at once, and nowhere else; as [`CaseTest::expect_at`] otherwise.
    #[track_caller]
    pub fn expect_at_all<'a>(self, steps: impl IntoIterator<Item = &'a str>) -> CaseTest {
        self.expect(Expectation::At(steps.into_iter().map(str::to_owned).collect()))
    }

    /// Expects that nothing of the case is at that step.
    #[track_caller]
    pub fn expect_not_at(self, step: &str) -> CaseTest {
        self.expect(Expectation::NotAt(step.to_owned()))
    }

    /// Expects that the case is over, in whatever way.
    #[track_caller]
    pub fn expect_over(self) -> CaseTest {
        self.expect(Expectation::Over)
    }

    /// Expects that the case has come to its end by itself.
    #[track_caller]
    pub fn expect_completed(self) -> CaseTest {
        self.expect(Expectation::Completed)
    }

    /// Expects that the case has come to its end by itself, and to that end, perhaps among others.
    #[track_caller]
    pub fn expect_ended_at(self, step: &str) -> CaseTest {
        self.expect(Expectation::EndedAt(step.to_owned()))
    }

    /// Expects that the case was cancelled.
    #[track_caller]
    pub fn expect_cancelled(self) -> CaseTest {
        self.expect(Expectation::Cancelled)
    }

    /// Expects that a crack of that name struck the case, at whatever step. Each strike is expected once: what struck once
    /// fails a second expectation.
    #[track_caller]
    pub fn expect_crack(self, crack: &str) -> CaseTest {
        self.expect(Expectation::Crack(crack.to_owned()))
    }

    /// Expects that no crack struck the case, besides those that were expected before.
    #[track_caller]
    pub fn expect_no_crack(self) -> CaseTest {
        self.expect(Expectation::NoCrack)
    }

    /// Expects that every rule of the definition on the order of steps is kept: by what was done so far, and once the case is
    /// over by all of it.
    #[track_caller]
    pub fn expect_rules_kept(self) -> CaseTest {
        self.expect(Expectation::RulesKept)
    }

    /// Expects an incident whose reason contains the text.
    #[track_caller]
    pub fn expect_incident(self, text: &str) -> CaseTest {
        self.expect(Expectation::Incident(text.to_owned()))
    }

    /// Expects these values in the data of the case; what is not named may be anything.
    #[track_caller]
    pub fn expect_data(self, data: Data) -> CaseTest {
        self.expect(Expectation::Data(data))
    }

    /// Expects the text in what the case waits for, as `explain` of the engine says it.
    #[track_caller]
    pub fn expect_waiting(self, text: &str) -> CaseTest {
        self.expect(Expectation::Waiting(text.to_owned()))
    }

    /// Expects that the clock has run out, in whichever of its runs.
    #[track_caller]
    pub fn expect_run_out(self, clock: &str) -> CaseTest {
        self.expect(Expectation::RunOut(clock.to_owned()))
    }

    /// Expects that the clock has started and has not run out, in none of its runs, be it that it runs or has stopped.
    #[track_caller]
    pub fn expect_in_time(self, clock: &str) -> CaseTest {
        self.expect(Expectation::InTime(clock.to_owned()))
    }

    /// Expects that the clock stands still.
    #[track_caller]
    pub fn expect_paused(self, clock: &str) -> CaseTest {
        self.expect(Expectation::Paused(clock.to_owned()))
    }

    /// Expects that the clock runs, and until then if nothing stops it; the time is written as for
    /// [`CaseTest::at`].
    #[track_caller]
    pub fn expect_due(self, clock: &str, at: &str) -> CaseTest {
        let at = self.time(at);
        self.expect(Expectation::Due { clock: clock.to_owned(), at })
    }

    /// Expects that the case has come to that step so often.
    #[track_caller]
    pub fn expect_visits(self, step: &str, visits: u32) -> CaseTest {
        self.expect(Expectation::Visits { step: step.to_owned(), visits })
    }

    /// Expects that the case sent a message of that name.
    #[track_caller]
    pub fn expect_message_sent(self, message: &str) -> CaseTest {
        self.expect(Expectation::MessageSent(message.to_owned()))
    }

    /// Expects that another case, of that process, has been started. [`CaseTest::case_of`] goes there.
    #[track_caller]
    pub fn expect_started(self, process: &str) -> CaseTest {
        self.expect(Expectation::Started(process.to_owned()))
    }

    /// What happened to the case so far, a line for each thing, with its time: for a snapshot, such as
    /// `insta::assert_snapshot!(test.story())`.
    pub fn story(&self) -> String {
        self.trial.story().iter().map(|line| format!("{line}\n")).collect()
    }

    #[track_caller]
    fn expect(self, expectation: Expectation) -> CaseTest {
        self.does(Verb::Expect(expectation))
    }

    /// Does what the verb says, or fails.
    #[track_caller]
    fn does(mut self, verb: Verb) -> CaseTest {
        if let Err(failure) = self.trial.perform(&verb) {
            self.fail(&failure);
        }
        self
    }

    #[track_caller]
    fn mock(
        mut self,
        handler: &str,
        answer: impl FnMut(&CaseView<'_>) -> Result<Reply, ServiceFailure> + Send + 'static,
    ) -> CaseTest {
        if let Err(failure) = self.trial.mock(handler, Some(Location::caller()), answer) {
            self.fail(&failure);
        }
        self
    }

    #[track_caller]
    fn item(self, item: Item) -> OnStep {
        match self.trial.find(&item) {
            Ok(found) => OnStep::new(self, found),
            Err(failure) => self.fail(&failure),
        }
    }

    pub(crate) fn trial(&mut self) -> &mut Trial {
        &mut self.trial
    }

    /// Ends the test.
    #[track_caller]
    pub(crate) fn fail(&self, failure: &Failure) -> ! {
        panic!("{}", self.trial.told(failure))
    }

    #[track_caller]
    fn time(&self, text: &str) -> Timestamp {
        match moment::read(text) {
            Ok(time) => time,
            Err(problem) => self.fail(&Failure::misread("a time", &problem)),
        }
    }

    #[track_caller]
    fn span(&self, text: &str) -> Span {
        match Span::from_str(text) {
            Ok(span) => span,
            Err(problem) => self.fail(&Failure::misread("a length of time", &problem)),
        }
    }
}

#[track_caller]
fn compiled(process: impl IntoProcess) -> Arc<Plan> {
    let process = match process.into_process() {
        Ok(process) => process,
        Err(problems) => panic!("the process cannot be used:\n{problems}"),
    };
    match Plan::new(process) {
        Ok(plan) => Arc::new(plan),
        Err(problems) => panic!("the process cannot be carried out: {problems}"),
    }
}
