//! Cracks: what the plain flow leaves out, and how it is answered.

use serde::Serialize;

use super::form::{self, absent, once};
#[cfg(feature = "schema")]
use super::schema;
use super::{Chance, Distribution, Effort, Expression, Mark, Question, Span};

/// A declared deviation at a step.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Crack {
    /// Which kind of event strikes.
    pub on: Trigger,
    /// A name for people.
    #[serde(skip_serializing_if = "absent")]
    pub name: Option<String>,
    /// How likely it is to strike at a visit (for simulation).
    #[serde(skip_serializing_if = "absent")]
    pub chance: Option<Chance>,
    /// For deadlines and unavailability: how long after the step was reached it strikes.
    #[serde(skip_serializing_if = "absent")]
    pub after: Option<Span>,
    /// For deadlines: the clock that counts, instead of the time since the step was reached.
    #[serde(skip_serializing_if = "absent")]
    pub clock: Option<String>,
    /// How far that clock has run when it strikes; when absent, it has run out.
    #[serde(skip_serializing_if = "absent")]
    pub at: Option<Mark>,
    /// For constraints: what must not hold when the step is completed.
    #[serde(skip_serializing_if = "absent")]
    pub when: Option<Expression>,
    /// For unavailability: whether it strikes when the queue of the role has no room for the work.
    #[serde(skip_serializing_if = "absent")]
    pub when_full: bool,
    /// For external events: how long whoever waits does so, until somebody begins the work (for simulation).
    #[serde(skip_serializing_if = "absent")]
    pub patience: Option<Distribution>,
    /// The response; `None` when nobody answers.
    #[serde(rename = "do", skip_serializing_if = "absent")]
    pub response: Option<Response>,
    /// Where the token goes afterwards.
    #[serde(skip_serializing_if = "absent")]
    pub then: Option<String>,
    /// Whether it stops the step; by trigger when absent.
    #[serde(skip_serializing_if = "absent")]
    pub interrupts: Option<bool>,
    /// Which questions it answers besides those that its trigger and its name say.
    #[serde(skip_serializing_if = "absent", serialize_with = "form::one_or_more")]
    #[cfg_attr(feature = "schema", schemars(with = "form::OneOrMore<Question>", default))]
    pub answers: Vec<Question>,
    /// What is undone before the response.
    #[serde(skip_serializing_if = "absent")]
    pub recover: Recovery,
    /// What the response costs the people who give it, besides its time.
    #[serde(skip_serializing_if = "absent")]
    pub effort: Effort,
}

impl Crack {
    /// A crack on that trigger, without a response.
    pub fn on(on: Trigger) -> Crack {
        Crack {
            on,
            name: None,
            chance: None,
            after: None,
            clock: None,
            at: None,
            when: None,
            when_full: false,
            patience: None,
            response: None,
            then: None,
            interrupts: None,
            answers: Vec::new(),
            recover: Recovery::Nothing,
            effort: Effort::default(),
        }
    }

    /// Whether striking stops the step: failures and constraints do, the others do not, unless the crack or its
    /// response says otherwise.
    pub fn interrupts(&self) -> bool {
        self.interrupts.unwrap_or(match &self.response {
            Some(response) => response.interrupts(),
            None => matches!(self.on, Trigger::Failure | Trigger::Constraint),
        })
    }
}

/// The five exception types of Russell, van der Aalst and ter Hofstede (2006).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// The work item fails.
    Failure,
    /// The work item is not completed in time.
    Deadline,
    /// Nobody takes the work item in time.
    Unavailable,
    /// Something happens outside.
    External,
    /// Data break a rule when the step is completed, or cannot be evaluated.
    Constraint,
}

impl Trigger {
    /// The word by which it is written.
    pub fn key(self) -> &'static str {
        match self {
            Trigger::Failure => "failure",
            Trigger::Deadline => "deadline",
            Trigger::Unavailable => "unavailable",
            Trigger::External => "external",
            Trigger::Constraint => "constraint",
        }
    }

    /// These triggers and what each stands for, for those who have to choose.
    pub(crate) fn meanings(triggers: &[Trigger]) -> String {
        let meaning = |trigger: &Trigger| match trigger {
            Trigger::Failure => "the work cannot be done, or a system is down",
            Trigger::Deadline => "it takes too long",
            Trigger::Unavailable => "no person is there to do it",
            Trigger::External => "something happens outside",
            Trigger::Constraint => "the data break a rule",
        };
        let said = triggers.iter().map(|trigger| format!("`{}` ({})", trigger.key(), meaning(trigger)));
        said.collect::<Vec<_>>().join(", ")
    }
}

/// What is done about a crack.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(remote = "Self", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
#[cfg_attr(feature = "schema", schemars(transform = schema::response))]
#[non_exhaustive]
pub enum Response {
    /// Have the same work done again, offered anew, so many times; afterwards `then`.
    Retry {
        /// How long to wait before.
        #[serde(skip_serializing_if = "absent")]
        after: Option<Span>,
        /// How often at the most.
        at_most: u32,
        /// How many times as long as before the next wait is: 1 for always the same.
        #[serde(skip_serializing_if = "once")]
        backoff: u32,
    },
    /// Have whoever does the work begin anew.
    Restart,
    /// Offer the work again: to that role, or to its own.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    Reoffer(Option<String>),
    /// Give the work to somebody else: of that role, or of its own.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    Reallocate(Option<String>),
    /// Complete the step without the work, with that outcome if it has outcomes.
    #[serde(serialize_with = "form::skip")]
    #[cfg_attr(feature = "schema", schemars(with = "form::Skip"))]
    Skip(Option<String>),
    /// Give the work item up and go to `then`.
    Fail,
    /// Withdraw everything and cancel the case.
    CancelCase,
    /// As `CancelCase`, and every other case of the process too.
    CancelAll,
    /// Note it and go on.
    Continue,
}

impl Response {
    /// Whether it stops the work it answers for.
    pub fn interrupts(&self) -> bool {
        match self {
            Response::Retry { .. }
            | Response::Skip(_)
            | Response::Fail
            | Response::CancelCase
            | Response::CancelAll => true,
            Response::Restart | Response::Reoffer(_) | Response::Reallocate(_) | Response::Continue => false,
        }
    }
}

/// What is undone before a crack is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Recovery {
    /// Nothing.
    #[default]
    Nothing,
    /// The data are again what they were when what the crack belongs to began.
    RollBack,
    /// What was done there and can be undone is undone, the latest first.
    Compensate,
}
