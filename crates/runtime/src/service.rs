//! What a service sees of a case, and what it answers.

use std::fmt;

use grieta_core::kernel::Case;
use grieta_core::value::{Decimal, Value};
use grieta_core::world::CaseId;
use grieta_core::{Date, Duration, Plan, TokenIx};

use crate::Data;

/// A case as a service sees it: the step that asks, and the data.
#[derive(Clone, Copy)]
pub struct CaseView<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) case: &'a Case,
    pub(crate) token: TokenIx,
    pub(crate) id: CaseId,
    pub(crate) key: &'a str,
}

/// What a service answers: the outcome where its step has several, and the fields it writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    pub(crate) outcome: Option<String>,
    pub(crate) data: Data,
}

/// Why a service could not do its work: the name of a crack of the step, or any text. Every error becomes one by `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub(crate) String);

impl<'a> CaseView<'a> {
    /// The number of the case.
    pub fn id(&self) -> CaseId {
        self.id
    }

    /// What the case is called in the business.
    pub fn key(&self) -> &'a str {
        self.key
    }

    /// The step that asks.
    pub fn step(&self) -> &'a str {
        self.case.token(self.token).map_or("", |item| self.plan.step_name(item.step))
    }

    /// How often the work was asked for before, during this visit: 0 for the first time.
    pub fn attempt(&self) -> u32 {
        self.case.token(self.token).map_or(0, |item| item.attempt.into())
    }

    /// The value of a field.
    ///
    /// # Errors
    /// When the process has no such field.
    pub fn value(&self, field: &str) -> Result<&'a Value, Failure> {
        let missing = || Failure(format!("the process has no field `{field}`"));
        let slot = self.plan.field(field).ok_or_else(missing)?;
        self.case.data_for(self.token).get(slot.at()).ok_or_else(missing)
    }

    /// The text, or the name of the choice, in a field.
    ///
    /// # Errors
    /// When there is no such field, it has no value, or holds something else.
    pub fn text(&self, field: &str) -> Result<&'a str, Failure> {
        match self.value(field)? {
            Value::Text(text) => Ok(text),
            Value::Choice(position) => {
                let declared = self.plan.definition().data.get(field);
                let name = declared.and_then(|declared| declared.of.get(usize::from(*position)));
                name.map(String::as_str).ok_or_else(|| wrong(field, "a text", &Value::Choice(*position)))
            }
            other => Err(wrong(field, "a text", other)),
        }
    }

    /// The whole number in a field.
    ///
    /// # Errors
    /// As [`CaseView::text`].
    pub fn integer(&self, field: &str) -> Result<i64, Failure> {
        match self.value(field)? {
            Value::Integer(value) => Ok(*value),
            other => Err(wrong(field, "a whole number", other)),
        }
    }

    /// The number in a field.
    ///
    /// # Errors
    /// As [`CaseView::text`].
    pub fn decimal(&self, field: &str) -> Result<Decimal, Failure> {
        match self.value(field)? {
            Value::Decimal(value) => Ok(*value),
            Value::Integer(value) => Ok(Decimal::from(*value)),
            other => Err(wrong(field, "a number", other)),
        }
    }

    /// Whether a field is true.
    ///
    /// # Errors
    /// As [`CaseView::text`].
    pub fn boolean(&self, field: &str) -> Result<bool, Failure> {
        match self.value(field)? {
            Value::Boolean(value) => Ok(*value),
            other => Err(wrong(field, "true or false", other)),
        }
    }

    /// The day in a field.
    ///
    /// # Errors
    /// As [`CaseView::text`].
    pub fn date(&self, field: &str) -> Result<Date, Failure> {
        match self.value(field)? {
            Value::Date(value) => Ok(*value),
            other => Err(wrong(field, "a date", other)),
        }
    }

    /// The length of time in a field.
    ///
    /// # Errors
    /// As [`CaseView::text`].
    pub fn duration(&self, field: &str) -> Result<Duration, Failure> {
        match self.value(field)? {
            Value::Duration(value) => Ok(*value),
            other => Err(wrong(field, "a duration", other)),
        }
    }

    /// The values of the list in a field; choices as positions, which [`Value::show`] names.
    ///
    /// # Errors
    /// As [`CaseView::text`].
    pub fn list(&self, field: &str) -> Result<&'a [Value], Failure> {
        match self.value(field)? {
            Value::List(values) => Ok(values),
            other => Err(wrong(field, "a list", other)),
        }
    }
}

fn wrong(field: &str, expected: &str, found: &Value) -> Failure {
    Failure(format!("expected {expected} in `{field}`, found {found}"))
}

impl Failure {
    /// A failure: the name of a crack of the step, or any text.
    pub fn new(reason: impl Into<String>) -> Failure {
        Failure(reason.into())
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure(error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Reply {
    /// The outcome, where the step has several.
    pub fn outcome(&self) -> Option<&str> {
        self.outcome.as_deref()
    }

    /// The fields it brings.
    pub fn data(&self) -> &Data {
        &self.data
    }
}

impl From<Data> for Reply {
    fn from(data: Data) -> Reply {
        Reply { outcome: None, data }
    }
}

impl From<()> for Reply {
    fn from((): ()) -> Reply {
        Reply::default()
    }
}
