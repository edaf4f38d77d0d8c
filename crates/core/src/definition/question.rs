//! What to ask of every step, because nobody did.

use std::fmt;

use serde::Serialize;

/// What may happen at a step that its happy path leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Who does it is not there.
    Absent,
    /// What it needs is missing.
    MissingData,
    /// Nobody answers, or not in time.
    NoAnswer,
    /// The place where it goes is full: the mailbox, the queue, the shelf.
    Full,
    /// It reaches the wrong person.
    WrongPerson,
    /// The system is down.
    SystemDown,
    /// It happens twice.
    Twice,
}

impl Question {
    /// Every question there is.
    pub const ALL: [Question; 7] = [
        Question::Absent,
        Question::MissingData,
        Question::NoAnswer,
        Question::Full,
        Question::WrongPerson,
        Question::SystemDown,
        Question::Twice,
    ];

    /// What to ask those who do the work.
    pub const fn asked(self) -> &'static str {
        match self {
            Question::Absent => "What if you are not there?",
            Question::MissingData => "What if the data you need are missing?",
            Question::NoAnswer => "What if nobody answers, or not in time?",
            Question::Full => "What if there is no room: in the mailbox, the queue, the shelf?",
            Question::WrongPerson => "What if it reaches the wrong person?",
            Question::SystemDown => "What if the system is down?",
            Question::Twice => "What if it happens twice?",
        }
    }

    /// The word by which it is written.
    pub const fn key(self) -> &'static str {
        match self {
            Question::Absent => "absent",
            Question::MissingData => "missing-data",
            Question::NoAnswer => "no-answer",
            Question::Full => "full",
            Question::WrongPerson => "wrong-person",
            Question::SystemDown => "system-down",
            Question::Twice => "twice",
        }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}
