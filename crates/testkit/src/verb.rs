//! What a test says, as data: what happens to a case, and what is expected of it.

use grieta_core::Timestamp;
use grieta_core::definition::Span;
use grieta_core::value::Value;
use grieta_runtime::{Data, Reply};

/// Something that happens, or that is expected. What each means, the verb of the same name of
/// [`CaseTest`](crate::CaseTest) says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// There is a person who has these roles.
    Person {
        /// What they are called.
        name: String,
        /// Their roles.
        roles: Vec<String>,
    },
    /// Somebody stands in for a person while they are away.
    Deputy {
        /// Who is stood in for.
        person: String,
        /// Who does it.
        deputy: String,
    },
    /// A service always answers so, from now on.
    Service {
        /// The service.
        handler: String,
        /// The answer.
        reply: Reply,
    },
    /// A service always fails, from now on.
    ServiceFails {
        /// The service.
        handler: String,
        /// A crack of its step, or any reason.
        reason: String,
    },
    /// A service does not answer, from now on: whatever asks it waits to be completed by hand.
    ServiceWaits(String),
    /// What services do that nobody answers for.
    OtherServices {
        /// Whether they complete their step; else it waits to be completed like any other.
        succeed: bool,
    },
    /// The case starts with these data.
    Start(Data),
    /// Something is done with a work item, one deed after the other.
    On {
        /// The item.
        item: Item,
        /// The deeds.
        deeds: Vec<Deed>,
    },
    /// A message comes from outside.
    Message {
        /// Its name.
        name: String,
        /// By what it is known.
        key: Value,
        /// What it brings.
        data: Data,
        /// How long it is kept until somebody waits for it; `None`: somebody does now.
        keep: Option<Span>,
    },
    /// So much time passes.
    Advance {
        /// How much.
        span: Span,
        /// The role whose calendar counts; `None` for that of the process.
        of: Option<String>,
    },
    /// Time passes up to there.
    AdvanceTo(Timestamp),
    /// Time passes until the next timer falls due.
    AdvanceToNextTimer,
    /// A person is away from now on.
    Absent(String),
    /// A person is back.
    Back(String),
    /// The data of the case change, whatever its steps do.
    Change(Data),
    /// The case is cancelled.
    Cancel {
        /// Whether what can be undone is undone first.
        undo: bool,
    },
    /// From now on the test tells of the latest case of that process.
    CaseOf(String),
    /// Something is expected.
    Expect(Expectation),
}

/// A work item, by the step it is at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The step.
    pub step: String,
    /// Which one, in the order in which they came there; the first is 1. `None`: there is only one.
    pub nth: Option<usize>,
}

/// What is done with a work item. What each means, the verb of the same name of [`OnStep`](crate::OnStep) says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// It is expected to be offered to that role.
    OfferedTo(String),
    /// It is expected that this person has it.
    AllocatedTo(String),
    /// A person takes it.
    Claim(String),
    /// A person gets it, whoever has it.
    Delegate(String),
    /// Whoever has it begins.
    Begin,
    /// It rests.
    Suspend,
    /// It goes on.
    Resume,
    /// It is offered to its role again.
    Release,
    /// It is offered to that role.
    Offer(String),
    /// A `for-each` step gets another instance.
    AddInstance,
    /// The work is done.
    Complete {
        /// The outcome; `None` where the step has none.
        outcome: Option<String>,
        /// What it brings.
        data: Data,
    },
    /// The work fails: that crack, one on `failure`, strikes.
    Fail(String),
    /// A crack strikes, on whatever it is.
    Strike(String),
    /// The work fails for a reason that no crack names.
    Breaks(String),
    /// The step is completed without its work, by that outcome.
    Skip(Option<String>),
    /// An incident is resolved: the step is done again.
    Retry,
    /// An incident is resolved: the case goes on as if the step were completed, by that outcome.
    PassOver(Option<String>),
    /// An incident is resolved: the case goes on at that step.
    GoTo(String),
}

/// What is expected. What each means, the verb of the same name of [`CaseTest`](crate::CaseTest) says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// The case at these steps, and nowhere else.
    At(Vec<String>),
    /// Nothing of the case at that step.
    NotAt(String),
    /// The case is over.
    Over,
    /// It has come to its end by itself.
    Completed,
    /// It has come to that end.
    EndedAt(String),
    /// It was cancelled.
    Cancelled,
    /// That crack struck.
    Crack(String),
    /// No crack struck, besides those expected before.
    NoCrack,
    /// The rules on the order of steps are kept.
    RulesKept,
    /// An incident whose reason contains the text.
    Incident(String),
    /// These values.
    Data(Data),
    /// The text in what the case waits for.
    Waiting(String),
    /// That clock has run out.
    RunOut(String),
    /// That clock has started, and not run out.
    InTime(String),
    /// That clock stands still.
    Paused(String),
    /// That clock runs out then.
    Due {
        /// The clock.
        clock: String,
        /// When it runs out.
        at: Timestamp,
    },
    /// So many visits to a step.
    Visits {
        /// The step.
        step: String,
        /// How many.
        visits: u32,
    },
    /// A message of that name was sent.
    MessageSent(String),
    /// A case of that process was started.
    Started(String),
}
