//! What a Rust test does with a work item.

use grieta_runtime::{Data, WorkItem};

use crate::CaseTest;
use crate::verb::Deed;

/// A work item of the case: [`CaseTest::on`]. What ends it leads back to the case, as does [`OnStep::and`].
///
/// # Panics
/// As the verbs of [`CaseTest`]: whatever cannot be done fails the test.
pub struct OnStep {
    test: CaseTest,
    item: WorkItem,
}

impl OnStep {
    pub(crate) fn new(test: CaseTest, item: WorkItem) -> OnStep {
        OnStep { test, item }
    }

    /// Expects that the work is offered to that role, and nobody has it.
    #[track_caller]
    pub fn offered_to(self, role: &str) -> OnStep {
        self.does(Deed::OfferedTo(role.to_owned()))
    }

    /// Expects that a person has the work, begun or not.
    #[track_caller]
    pub fn allocated_to(self, person: &str) -> OnStep {
        self.does(Deed::AllocatedTo(person.to_owned()))
    }

    /// A person takes the work. Whoever was not named before is added, with the role of the work; but not where the
    /// definition names the people of the role, or when the name is nearly that of somebody else.
    #[track_caller]
    pub fn claim(self, person: &str) -> OnStep {
        self.does(Deed::Claim(person.to_owned()))
    }

    /// The work is given to a person, whoever has it; they are added as by [`OnStep::claim`].
    #[track_caller]
    pub fn delegate(self, person: &str) -> OnStep {
        self.does(Deed::Delegate(person.to_owned()))
    }

    /// Whoever has the work begins. Completing it begins it as well.
    #[track_caller]
    pub fn begin(self) -> OnStep {
        self.does(Deed::Begin)
    }

    /// Work that was begun rests.
    #[track_caller]
    pub fn suspend(self) -> OnStep {
        self.does(Deed::Suspend)
    }

    /// Work that rests goes on.
    #[track_caller]
    pub fn resume(self) -> OnStep {
        self.does(Deed::Resume)
    }

    /// The work is offered to its role again.
    #[track_caller]
    pub fn release(self) -> OnStep {
        self.does(Deed::Release)
    }

    /// The work is offered to another role.
    #[track_caller]
    pub fn offer(self, role: &str) -> OnStep {
        self.does(Deed::Offer(role.to_owned()))
    }

    /// Adds an instance to a `for-each` step that may grow.
    #[track_caller]
    pub fn add_instance(self) -> OnStep {
        self.does(Deed::AddInstance)
    }

    /// Back to the case, for what does not end the work.
    pub fn and(self) -> CaseTest {
        self.test
    }

    /// The work is done with that outcome, and brings these data. Answers for a person, a service that nobody else answers
    /// for, or an outside party.
    #[track_caller]
    pub fn complete(self, outcome: &str, data: Data) -> CaseTest {
        self.does(Deed::Complete { outcome: Some(outcome.to_owned()), data }).test
    }

    /// The work of a step without outcomes is done.
    #[track_caller]
    pub fn done(self) -> CaseTest {
        self.done_with(Data::new())
    }

    /// The work of a step without outcomes is done, and brings these data.
    #[track_caller]
    pub fn done_with(self, data: Data) -> CaseTest {
        self.does(Deed::Complete { outcome: None, data }).test
    }

    /// The work fails: that crack strikes.
    ///
    /// # Panics
    /// When the step has no such crack on `failure`; for a failure that no crack names see [`OnStep::breaks`].
    #[track_caller]
    pub fn fail(self, crack: &str) -> CaseTest {
        self.does(Deed::Fail(crack.to_owned())).test
    }

    /// A crack of the step strikes, on whatever it is.
    #[track_caller]
    pub fn strike(self, crack: &str) -> CaseTest {
        self.does(Deed::Strike(crack.to_owned())).test
    }

    /// The work fails for a reason that no crack of the step names: any of its cracks on `failure` strikes, or else there is
    /// an incident.
    #[track_caller]
    pub fn breaks(self, reason: &str) -> CaseTest {
        self.does(Deed::Breaks(reason.to_owned())).test
    }

    /// The step is completed without its work, with that outcome.
    #[track_caller]
    pub fn skip<'a>(self, outcome: impl Into<Option<&'a str>>) -> CaseTest {
        self.does(Deed::Skip(outcome.into().map(str::to_owned))).test
    }

    /// An incident is resolved: the step is done again.
    #[track_caller]
    pub fn retry(self) -> CaseTest {
        self.does(Deed::Retry).test
    }

    /// An incident is resolved: the case goes on as if the step were completed.
    #[track_caller]
    pub fn pass_over<'a>(self, outcome: impl Into<Option<&'a str>>) -> CaseTest {
        self.does(Deed::PassOver(outcome.into().map(str::to_owned))).test
    }

    /// An incident is resolved: the case goes on at another step.
    #[track_caller]
    pub fn go_to(self, step: &str) -> CaseTest {
        self.does(Deed::GoTo(step.to_owned())).test
    }

    /// Does what the deed says, or fails.
    #[track_caller]
    fn does(mut self, deed: Deed) -> OnStep {
        if let Err(failure) = self.test.trial().work(&self.item, &deed) {
            self.test.fail(&failure);
        }
        self
    }
}
