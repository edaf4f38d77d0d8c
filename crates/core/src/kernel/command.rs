//! What can be asked of the kernel, and how it refuses.

use std::sync::Arc;

use crate::index::{CrackIx, FieldIx, FlowIx, PersonIx, RoleIx, StepIx, TimerIx, TokenIx};
use crate::time::Timestamp;
use crate::value::Value;

/// Something from outside that may change a case.
///
/// Its kind is kept apart from what it brings, so that where a command is made its kind is known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[repr(u8)]
pub enum Command {
    /// Begin the case with these data.
    Start {
        /// Fields and their values; every required field must be among them.
        data: Vec<(FieldIx, Value)>,
    },
    /// Offer work to a role, whoever has it now.
    Offer {
        /// The token that is the work item.
        token: TokenIx,
        /// The role; `None` for the one it was offered to last.
        role: Option<RoleIx>,
    },
    /// Give work to a person, whoever has it now; also to whoever claims it.
    Allocate {
        /// The token that is the work item.
        token: TokenIx,
        /// The person.
        person: PersonIx,
    },
    /// A person begins the work.
    Begin {
        /// The token that is the work item.
        token: TokenIx,
        /// The person; none where nobody keeps track of them.
        person: PersonIx,
    },
    /// Work that was begun rests.
    Suspend {
        /// The token that is the work item.
        token: TokenIx,
    },
    /// Work that rests goes on.
    Resume {
        /// The token that is the work item.
        token: TokenIx,
    },
    /// Whoever has the work has fallen away, or is back.
    Presence {
        /// The token that is the work item.
        token: TokenIx,
        /// Whether they are away.
        away: bool,
    },
    /// The work is done, the system has answered, or the outside party has.
    Complete {
        /// The token that is the work item.
        token: TokenIx,
        /// The flow of the outcome; `None` where the step has no outcomes.
        outcome: Option<FlowIx>,
        /// Fields and their new values; only those that the step writes.
        data: Vec<(FieldIx, Value)>,
    },
    /// The work cannot be done, for a reason that the definition may not know.
    Fail {
        /// The token that is the work item.
        token: TokenIx,
        /// The reason.
        reason: Arc<str>,
    },
    /// Complete a step without its work.
    Skip {
        /// The token at the step.
        token: TokenIx,
        /// The flow of the outcome; `None` where the step has no outcomes.
        outcome: Option<FlowIx>,
    },
    /// Somebody resolves an incident.
    Resolve {
        /// The token that stands still.
        token: TokenIx,
        /// How.
        how: Resolution,
    },
    /// The data of the case change, whatever its steps do.
    Change {
        /// Fields and their new values.
        data: Vec<(FieldIx, Value)>,
    },
    /// The world says that a crack strikes.
    Strike {
        /// The token it strikes.
        token: TokenIx,
        /// The crack, one of the token's step.
        crack: CrackIx,
    },
    /// A timer is due.
    TimerDue {
        /// The timer.
        timer: TimerIx,
    },
    /// Add an instance to a `for-each` step that may grow.
    AddInstance {
        /// The token at the step.
        token: TokenIx,
    },
    /// A token that rests before a choice goes on; only a reader that abstracts from data lets tokens rest there.
    Proceed {
        /// The token.
        token: TokenIx,
    },
    /// Cancel the case.
    Cancel {
        /// Whether what can be undone is undone first.
        compensate: bool,
    },
}

/// How an incident is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolution {
    /// Do the step again; a move that was stopped is made.
    Retry,
    /// Go on as if the step were completed: by that flow, or the only successor. What it would set is not set.
    Skip(Option<FlowIx>),
    /// Go on at another step of the same level.
    GoTo(StepIx),
    /// Cancel the case.
    Cancel,
}

/// Why a command was refused. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// A case can be started once.
    #[error("the case has already been started; start a new case instead")]
    AlreadyStarted,
    /// The case is over, or has not begun.
    #[error("the case is {0}; only a running case takes commands")]
    NotRunning(&'static str),
    /// The token is gone, or never was.
    #[error("there is no token {0:?} in this case; it may have been completed or withdrawn meanwhile")]
    NoSuchToken(TokenIx),
    /// The timer is gone, or never was.
    #[error("there is no timer {0:?} in this case; it may have fired or been withdrawn meanwhile")]
    NoSuchTimer(TimerIx),
    /// The timer is not due yet.
    #[error("the timer is due at {due}, not yet at {at}")]
    NotDue {
        /// When it is due.
        due: Timestamp,
        /// When the command came.
        at: Timestamp,
    },
    /// Time went backwards.
    #[error("the command comes at {at}, but the case has already reached {reached}")]
    TooLate {
        /// When the command came.
        at: Timestamp,
        /// The time of the latest command.
        reached: Timestamp,
    },
    /// The work item is not in a state that allows it.
    #[error("`{step}` is {found}; expected it to be {expected}")]
    WrongPhase {
        /// The step.
        step: String,
        /// What the command needs.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// The outcome is missing or belongs to another step.
    #[error("`{step}` is completed with one of its outcomes ({expected}), found {found}")]
    WrongOutcome {
        /// The step.
        step: String,
        /// The outcomes there are.
        expected: String,
        /// What was given.
        found: String,
    },
    /// The crack belongs to another step.
    #[error("`{step}` has no such crack; it has {expected}")]
    WrongCrack {
        /// The step.
        step: String,
        /// The cracks there are.
        expected: String,
    },
    /// A required field has no value.
    #[error("the case cannot start without `{field}`; give it a value")]
    MissingField {
        /// The field.
        field: String,
    },
    /// The field may not come with this command.
    #[error("`{field}` may not be written here; `{step}` lists under `writes`: {expected}")]
    NotWritten {
        /// The step.
        step: String,
        /// The field.
        field: String,
        /// What may be written.
        expected: String,
    },
    /// Somebody else has the work.
    #[error("`{step}` is allocated to somebody else; allocate it anew, or let them begin")]
    Held {
        /// The step.
        step: String,
    },
    /// The rules say that somebody else has to do it.
    #[error("`{step}` must not be done by whoever did `{other}`; let somebody else do it")]
    FourEyes {
        /// The step.
        step: String,
        /// The step that the same person did.
        other: String,
    },
    /// No person was named.
    #[error("`{step}` cannot be allocated to nobody; name a person, or offer it to a role")]
    Nobody {
        /// The step.
        step: String,
    },
    /// There is no such role.
    #[error("the process has no role with the number {0:?}")]
    NoSuchRole(RoleIx),
    /// The case cannot go on there.
    #[error("the case cannot go on from `{step}` at `{to}`: {why}")]
    WrongStep {
        /// The step that stands still.
        step: String,
        /// Where it should go on.
        to: String,
        /// What is wrong with that.
        why: &'static str,
    },
    /// There is no such field.
    #[error("the process has no field with the number {0:?}")]
    NoSuchField(FieldIx),
    /// The step takes no more instances.
    #[error("`{step}` takes no more instances; only a `for-each` with `growing: true` does, while it is under way")]
    NotGrowing {
        /// The step.
        step: String,
    },
    /// The step has as many instances as a case can hold.
    #[error("`{step}` has {most} instances already, and takes no more")]
    TooManyInstances {
        /// The step.
        step: String,
        /// How many a case can hold.
        most: usize,
    },
    /// The value is of another type than the field.
    #[error("`{field}` holds {expected}, found {found}")]
    WrongType {
        /// The field.
        field: String,
        /// The declared type.
        expected: String,
        /// The value.
        found: String,
    },
    /// The value lies outside the bounds of the field.
    #[error("`{field}` must be {expected}, found {found}; give it such a value")]
    OutOfBounds {
        /// The field.
        field: String,
        /// What lies within, as in `at least 0 and at most 100`.
        expected: String,
        /// The value.
        found: String,
    },
}
