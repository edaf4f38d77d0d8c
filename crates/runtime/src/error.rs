//! Why an engine could not do what it was asked to. Nothing has changed then.

use grieta_core::Timestamp;
use grieta_core::diagnostic::Problems;
use grieta_core::kernel::Rejection;
use grieta_core::world::{CaseId, DirectoryError, ItemId, WorkError};

/// Why an engine could not do what it was asked to. Nothing has changed then.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// There is nothing of that name.
    #[error("there is no {what} `{name}`{}", remedy(suggestion.as_deref(), known))]
    Unknown {
        /// What was looked for.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest there is.
        suggestion: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// There is no such case.
    #[error("there is no case {0}; it was never started here, or has been forgotten")]
    NoSuchCase(CaseId),
    /// Nothing waits there any more.
    #[error("there is no work item {0}; it may have been completed or withdrawn meanwhile")]
    NoSuchItem(ItemId),
    /// A field cannot hold the value.
    #[error("`{field}`: {problem}")]
    Value {
        /// The field.
        field: String,
        /// What was expected and what was found.
        problem: String,
    },
    /// The person cannot have the work.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// Somebody has to take the work first.
    #[error("nobody has `{step}`; claim it first")]
    Unclaimed {
        /// The step.
        step: String,
    },
    /// Somebody else has the work.
    #[error("{holder} has `{step}`; delegate it, or release it first")]
    Taken {
        /// The step.
        step: String,
        /// Who has it.
        holder: String,
    },
    /// The case does not allow it as it stands.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// There is no room for another person or role.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The process cannot be compiled.
    #[error("{0}")]
    Process(Problems),
    /// Timers fall due again and again without any time passing.
    #[error("case {case} goes round and round at {at}: timers fall due there without end; let a `wait` last some time")]
    Endless {
        /// The case.
        case: CaseId,
        /// When.
        at: Timestamp,
    },
    /// Time does not go back.
    #[error("time went backwards: asked to advance to {to}, but it is {now} already")]
    Backwards {
        /// Where to.
        to: Timestamp,
        /// The time of the engine.
        now: Timestamp,
    },
}

fn remedy(suggestion: Option<&str>, known: &[String]) -> String {
    match (suggestion, known) {
        (Some(name), _) => format!("; did you mean `{name}`?"),
        (None, []) => "; there is none at all".to_owned(),
        (None, known) if known.len() <= 12 => format!("; there are `{}`", known.join("`, `")),
        (None, _) => String::new(),
    }
}
