//! Clocks: how much time a case may spend between two of its steps, as a service-level agreement promises it.

use serde::Serialize;

use super::form::{self, absent};
use super::{Chance, Span};

/// A clock of a process: it runs while a case is between two steps, and runs out when that takes longer than promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Clock {
    /// The steps at which it starts as soon as the case comes there; with the case when there are none.
    #[serde(skip_serializing_if = "absent", serialize_with = "form::one_or_more")]
    #[cfg_attr(feature = "schema", schemars(with = "form::OneOrMore<String>", default))]
    pub from: Vec<String>,
    /// The steps of which each stops it once it is done; the end of the case when there are none.
    #[serde(skip_serializing_if = "absent", serialize_with = "form::one_or_more")]
    #[cfg_attr(feature = "schema", schemars(with = "form::OneOrMore<String>", default))]
    pub until: Vec<String>,
    /// How long that may take.
    pub within: Span,
    /// The calendar of its business time; that of the process when absent.
    #[serde(skip_serializing_if = "absent")]
    pub calendar: Option<String>,
    /// Steps during which it stands still.
    #[serde(skip_serializing_if = "absent", serialize_with = "form::one_or_more")]
    #[cfg_attr(feature = "schema", schemars(with = "form::OneOrMore<String>", default))]
    pub pause_in: Vec<String>,
    /// When it warns.
    #[serde(skip_serializing_if = "absent")]
    pub warn: Option<Mark>,
    /// What happens when the case comes to `from` again.
    #[serde(skip_serializing_if = "absent")]
    pub recurs: Recurrence,
}

impl Clock {
    /// A clock that runs from the start of a case to its end.
    pub fn of(within: Span) -> Clock {
        Clock {
            from: Vec::new(),
            until: Vec::new(),
            within,
            calendar: None,
            pause_in: Vec::new(),
            warn: None,
            recurs: Recurrence::None,
        }
    }
}

/// How far a clock has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(untagged)]
pub enum Mark {
    /// That share of what it may take.
    Share(Chance),
    /// So long, which may be longer than it may take.
    After(Span),
}

/// What happens when a case comes once more to a step at which a clock starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Recurrence {
    /// The clock goes on with the time it had used, where it had stopped.
    #[default]
    None,
    /// Where it had stopped, it starts anew.
    Sequential,
    /// It starts anew beside those that are running.
    Independent,
}
