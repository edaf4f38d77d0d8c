//! What is done with a work item.

use grieta_core::definition::Trigger;
use grieta_core::diagnostic::suggest;
use grieta_core::kernel::Phase;
use grieta_core::world::ItemId;
use grieta_runtime::{Data, Engine, EngineError, WorkItem};

use crate::failure::Failure;
use crate::setup::CaseTest;

/// A work item of the case: [`CaseTest::on`]. What ends it leads back to the case, as does [`OnStep::and`].
///
/// # Panics
/// As the verbs of [`CaseTest`]: whatever cannot be done fails the test.
pub struct OnStep {
    test: CaseTest,
    item: ItemId,
    step: String,
}

impl OnStep {
    pub(crate) fn new(test: CaseTest, item: &WorkItem) -> OnStep {
        OnStep { test, item: item.id(), step: item.step().to_owned() }
    }

    /// Expects that the work is offered to that role, and nobody has it.
    #[track_caller]
    pub fn offered_to(self, role: &str) -> OnStep {
        self.test.known_role(role);
        let item = self.shown();
        let offered = matches!(item.phase(), Phase::Offered | Phase::Created);
        if !offered || item.role() != Some(role) {
            self.fail_test(Failure::expected(format!("the work to be offered to `{role}`"), state(&item)));
        }
        self
    }

    /// Expects that a person has the work, begun or not.
    #[track_caller]
    pub fn allocated_to(self, person: &str) -> OnStep {
        self.test.known_person(person);
        let item = self.shown();
        if item.holder() != Some(person) {
            self.fail_test(Failure::expected(format!("that {person} has the work"), state(&item)));
        }
        self
    }

    /// A person takes the work. Whoever was not named before is added, with the role of the work; but not where the
    /// definition names the people of the role, or when the name is nearly that of somebody else.
    #[track_caller]
    pub fn claim(mut self, person: &str) -> OnStep {
        self.introduce(person);
        self.carry_out(&format!("{person} to claim the work"), |engine, item| engine.claim(item, person))
    }

    /// The work is given to a person, whoever has it; they are added as by [`OnStep::claim`].
    #[track_caller]
    pub fn delegate(mut self, person: &str) -> OnStep {
        self.introduce(person);
        self.carry_out(&format!("{person} to get the work"), |engine, item| engine.delegate(item, person))
    }

    /// Whoever has the work begins. Completing it begins it as well.
    #[track_caller]
    pub fn begin(self) -> OnStep {
        self.at_work("the work to begin", Engine::begin)
    }

    /// Work that was begun rests.
    #[track_caller]
    pub fn suspend(self) -> OnStep {
        self.carry_out("the work to rest", Engine::suspend)
    }

    /// Work that rests goes on.
    #[track_caller]
    pub fn resume(self) -> OnStep {
        self.carry_out("the work to go on", Engine::resume)
    }

    /// The work is offered to its role again.
    #[track_caller]
    pub fn release(self) -> OnStep {
        self.carry_out("the work to be offered again", Engine::release)
    }

    /// The work is offered to another role.
    #[track_caller]
    pub fn offer(self, role: &str) -> OnStep {
        self.test.known_role(role);
        self.carry_out("the work to be offered to another role", |engine, item| engine.offer(item, role))
    }

    /// Adds an instance to a `for-each` step that may grow.
    #[track_caller]
    pub fn add_instance(self) -> OnStep {
        self.carry_out("another instance", Engine::add_instance)
    }

    /// Back to the case, for what does not end the work.
    pub fn and(self) -> CaseTest {
        self.test
    }

    /// The work is done with that outcome, and brings these data. Answers for a person, a service that nobody else answers
    /// for, or an outside party.
    #[track_caller]
    pub fn complete(self, outcome: &str, data: Data) -> CaseTest {
        self.finish(Some(outcome), data)
    }

    /// The work of a step without outcomes is done.
    #[track_caller]
    pub fn done(self) -> CaseTest {
        self.finish(None, Data::new())
    }

    /// The work of a step without outcomes is done, and brings these data.
    #[track_caller]
    pub fn done_with(self, data: Data) -> CaseTest {
        self.finish(None, data)
    }

    /// The work fails: that crack strikes.
    ///
    /// # Panics
    /// When the step has no such crack on `failure`; for a failure that no crack names see [`OnStep::breaks`].
    #[track_caller]
    pub fn fail(self, crack: &str) -> CaseTest {
        self.known_crack(crack, true);
        self.at_work("the work to fail", |engine, item| engine.fail(item, crack)).test
    }

    /// A crack of the step strikes, on whatever it is.
    #[track_caller]
    pub fn strike(self, crack: &str) -> CaseTest {
        self.known_crack(crack, false);
        self.at_work("the crack to strike", |engine, item| engine.strike(item, crack)).test
    }

    /// The work fails for a reason that no crack of the step names: any of its cracks on `failure` strikes, or else there is
    /// an incident.
    #[track_caller]
    pub fn breaks(self, reason: &str) -> CaseTest {
        if self.cracks().any(|(name, _)| name == reason) {
            let help = format!("let the crack strike: `.fail(\"{reason}\")`");
            self.fail_test(
                Failure::expected("a reason that no crack names", format!("the crack `{reason}`")).help(help),
            );
        }
        self.at_work("the work to fail", |engine, item| engine.fail(item, reason)).test
    }

    /// The step is completed without its work, with that outcome.
    #[track_caller]
    pub fn skip<'a>(self, outcome: impl Into<Option<&'a str>>) -> CaseTest {
        let outcome = outcome.into();
        self.known_outcome(outcome);
        self.carry_out("the step to be skipped", |engine, item| engine.skip(item, outcome)).test
    }

    /// An incident is resolved: the step is done again.
    #[track_caller]
    pub fn retry(self) -> CaseTest {
        self.carry_out("the incident to be resolved", Engine::retry).test
    }

    /// An incident is resolved: the case goes on as if the step were completed.
    #[track_caller]
    pub fn pass_over<'a>(self, outcome: impl Into<Option<&'a str>>) -> CaseTest {
        let outcome = outcome.into();
        self.known_outcome(outcome);
        self.carry_out("the incident to be resolved", |engine, item| engine.pass_over(item, outcome)).test
    }

    /// An incident is resolved: the case goes on at another step.
    #[track_caller]
    pub fn go_to(self, step: &str) -> CaseTest {
        self.test.known_step(step);
        self.carry_out("the incident to be resolved", |engine, item| engine.go_to(item, step)).test
    }

    #[track_caller]
    fn finish(self, outcome: Option<&str>, data: Data) -> CaseTest {
        self.known_outcome(outcome);
        self.at_work("the work to be completed", |engine, item| engine.complete(item, outcome, data)).test
    }

    /// A verb of whoever has the work.
    #[track_caller]
    fn at_work(self, expected: &str, verb: impl FnOnce(&mut Engine, ItemId) -> Result<(), EngineError>) -> OnStep {
        let help = self.unclaimed();
        self.try_out(expected, help, verb)
    }

    #[track_caller]
    fn carry_out(self, expected: &str, verb: impl FnOnce(&mut Engine, ItemId) -> Result<(), EngineError>) -> OnStep {
        self.try_out(expected, None, verb)
    }

    #[track_caller]
    fn try_out(
        mut self,
        expected: &str,
        help: Option<String>,
        verb: impl FnOnce(&mut Engine, ItemId) -> Result<(), EngineError>,
    ) -> OnStep {
        if let Err(error) = verb(&mut self.test.engine, self.item) {
            self.fail_test(Failure::expected(expected, error.to_string()).maybe_help(help));
        }
        OnStep { test: self.test.settled(), ..self }
    }

    /// What to do about work that nobody has.
    fn unclaimed(&self) -> Option<String> {
        let item = self.test.engine.item(self.item).ok()?;
        let nobody = matches!(item.phase(), Phase::Offered | Phase::Created);
        nobody.then(|| "somebody has to have it: `.claim(\"…\")`".to_owned())
    }

    /// Sees to it that there is such a person.
    #[track_caller]
    fn introduce(&mut self, person: &str) {
        let item = self.shown();
        let (people, Some(role)) = (self.test.engine.people(), item.role()) else { return };
        if people.find(person).is_some() {
            return;
        }
        let declared = self.test.process().definition().roles.get(role);
        let named = declared.map_or(&[][..], |declared| declared.people.names());
        let near = match people.suggest(person) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None => (!named.is_empty()).then(|| format!("of `{role}` there are `{}`", named.join("`, `"))),
        };
        if let Some(near) = near {
            let help = format!("{near}\nor add them: `.person(\"{person}\", [\"{role}\"])`");
            self.fail_test(Failure::expected("a person", format!("that nobody is called `{person}`")).help(help));
        }
        let role = role.to_owned();
        if let Err(error) = self.test.engine.add_person(person, [role.as_str()]) {
            self.fail_test(Failure::expected(format!("`{person}` to be added"), error.to_string()));
        }
    }

    #[track_caller]
    fn known_outcome(&self, outcome: Option<&str>) {
        let item = self.shown();
        let outcomes = item.outcomes();
        match outcome {
            Some(name) if !outcomes.iter().any(|known| known == name) => {
                let help = suggest(name, outcomes.iter().map(String::as_str));
                let help = help.unwrap_or_else(|| "the step has no outcomes: `.done()`".to_owned());
                self.fail_test(Failure::expected("an outcome of the step", format!("`{name}`")).help(help));
            }
            None if !outcomes.is_empty() => self.fail_test(
                Failure::expected("an outcome of the step", "none")
                    .help(format!("there are `{}`", outcomes.join("`, `"))),
            ),
            _ => {}
        }
    }

    #[track_caller]
    fn known_crack(&self, crack: &str, failure: bool) {
        let Some((_, on)) = self.cracks().find(|(name, _)| *name == crack) else {
            let names = self.cracks().map(|(name, _)| name);
            let help =
                suggest(crack, names.collect::<Vec<_>>()).map_or("the step has no cracks".to_owned(), |help| help);
            self.fail_test(
                Failure::expected("a crack of the step", format!("`{crack}`"))
                    .help(help + "\na failure that no crack names: `.breaks(…)`"),
            );
        };
        if failure && on != Trigger::Failure {
            self.fail_test(
                Failure::expected("a crack on `failure`", format!("`{crack}`, which is on `{}`", on.key()))
                    .help(format!("`.strike(\"{crack}\")`, or let happen what it stands for")),
            );
        }
    }

    /// The cracks of the step, and on what each strikes.
    fn cracks(&self) -> impl Iterator<Item = (&str, Trigger)> {
        let plan = self.test.engine.plan(self.item.case).ok();
        let declared = plan.and_then(|plan| plan.declared_cracks(plan.step(&self.step).or_else(|| plan.root())?));
        declared.into_iter().flatten().map(|(name, crack)| (name.as_str(), crack.on))
    }

    #[track_caller]
    fn shown(&self) -> WorkItem {
        match self.test.engine.item(self.item) {
            Ok(item) => item,
            Err(error) => self.fail_test(Failure::expected("the work item", error.to_string())),
        }
    }

    #[track_caller]
    fn fail_test(&self, failure: Failure) -> ! {
        self.test.fail(failure.step(&self.step))
    }
}

/// How a work item stands, to follow "found".
fn state(item: &WorkItem) -> String {
    match (item.holder(), item.role()) {
        (Some(holder), _) => format!("that {holder} has it, {}", item.phase().words()),
        (None, Some(role)) if matches!(item.phase(), Phase::Offered | Phase::Created) => {
            format!("that it is offered to `{role}`")
        }
        _ => format!("that it is {}", item.phase().words()),
    }
}
