//! Values of fields in a durable form, which says their type.

use serde::{Deserialize, Serialize};

use crate::definition::{Field, Type};
use crate::time::Duration;
use crate::value::Value;

/// A value with its type: `{"integer": 5}`, `"absent"`. What a choice chose is a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stored {
    /// Nothing is known.
    Absent,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with places, as text.
    Decimal(String),
    /// Text.
    Text(String),
    /// The position of a choice whose name is not known.
    Choice(u16),
    /// A day, as in `2026-12-24`.
    Date(String),
    /// A length of time in microseconds.
    Duration(i64),
    /// Several.
    List(Vec<Stored>),
}

impl Stored {
    /// The value of a field, a choice by its name.
    pub(super) fn of_field(value: &Value, field: &Field) -> Stored {
        Stored::of(&value.told(field))
    }

    /// A value of which no more is known than its type.
    pub(super) fn of(value: &Value) -> Stored {
        let shown = |kind| value.show(&Field::of(kind)).into_owned();
        match value {
            Value::Absent => Stored::Absent,
            Value::Boolean(value) => Stored::Boolean(*value),
            Value::Integer(value) => Stored::Integer(*value),
            Value::Decimal(_) => Stored::Decimal(shown(Type::Decimal)),
            Value::Text(text) => Stored::Text(text.to_string()),
            Value::Choice(position) => Stored::Choice(*position),
            Value::Date(_) => Stored::Date(shown(Type::Date)),
            Value::Duration(value) => Stored::Duration(value.as_micros()),
            Value::List(values) => Stored::List(values.iter().map(Stored::of).collect()),
        }
    }

    /// The value again; a choice becomes one by [`Value::like`].
    pub(super) fn value(&self) -> Result<Value, String> {
        let parsed = |kind, text: &str| Value::parse(&Field::of(kind), text);
        Ok(match self {
            Stored::Absent => Value::Absent,
            Stored::Boolean(value) => Value::Boolean(*value),
            Stored::Integer(value) => Value::Integer(*value),
            Stored::Decimal(text) => parsed(Type::Decimal, text)?,
            Stored::Text(text) => text.as_str().into(),
            Stored::Choice(position) => Value::Choice(*position),
            Stored::Date(text) => parsed(Type::Date, text)?,
            Stored::Duration(micros) => Value::Duration(Duration::from_micros(*micros)),
            Stored::List(values) => Value::List(values.iter().map(Stored::value).collect::<Result<_, _>>()?),
        })
    }
}
