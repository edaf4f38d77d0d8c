//! What a data field of a case can hold, and how it is read and shown.

mod decimal;
pub(crate) mod elapsed;
pub(crate) mod list;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

pub use decimal::Decimal;

use crate::definition::{Field, Scalar, Type};
use crate::diagnostic::suggest;
use crate::time::{Date, Duration};

/// The value of a data field. Cheap to clone; `Integer(1)` and `Decimal(1)` are different values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Value {
    /// Nothing is known.
    #[default]
    Absent,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with places.
    Decimal(Decimal),
    /// Text.
    Text(Arc<str>),
    /// The position of the value in the field's `of`.
    Choice(u16),
    /// A day of the calendar.
    Date(Date),
    /// A length of elapsed time, perhaps negative.
    Duration(Duration),
    /// Values of one type, none of them absent or a list.
    List(Arc<[Value]>),
}

impl Value {
    /// Reads a value as written in a definition, a transaction or a log.
    ///
    /// # Errors
    /// What was expected and what was found, when the text is not a value of the field's type.
    ///
    /// ```
    /// use grieta_core::definition::{Field, Type};
    /// use grieta_core::value::Value;
    /// assert_eq!(Value::parse(&Field::of(Type::Integer), "4"), Ok(Value::Integer(4)));
    /// assert!(Value::parse(&Field::of(Type::Boolean), "yes").is_err());
    /// ```
    pub fn parse(field: &Field, text: &str) -> Result<Value, String> {
        match field.kind {
            Type::List(of) => list::parse(of, &field.of, text),
            kind => read(kind, &field.of, text),
        }
    }

    /// The value as [`Value::parse`] reads it for the same field; an absent one as `absent`.
    ///
    /// ```
    /// use grieta_core::definition::{Field, Scalar, Type};
    /// use grieta_core::value::Value;
    /// let days = Field::of(Type::List(Scalar::Date));
    /// assert_eq!(Value::parse(&days, "[ \"2026-12-24\" ]")?.show(&days), "[\"2026-12-24\"]");
    /// # Ok::<(), String>(())
    /// ```
    pub fn show<'a>(&'a self, field: &'a Field) -> Cow<'a, str> {
        self.name(&field.of)
    }

    /// The value as text, where a choice is between these.
    fn name<'a>(&'a self, choices: &'a [String]) -> Cow<'a, str> {
        match self {
            Value::Absent => "absent".into(),
            Value::Boolean(value) => if *value { "true" } else { "false" }.into(),
            Value::Integer(value) => value.to_string().into(),
            Value::Decimal(value) => value.to_string().into(),
            Value::Text(text) => text.as_ref().into(),
            Value::Choice(index) => match choices.get(usize::from(*index)) {
                Some(name) => name.into(),
                None => format!("value #{index}").into(),
            },
            Value::Date(date) => date.to_string().into(),
            Value::Duration(duration) => elapsed::show(*duration).into(),
            Value::List(values) => list::show(values, choices).into(),
        }
    }

    /// The value of the field as others understand it, who know nothing of it: a choice becomes a text.
    pub(crate) fn told(&self, field: &Field) -> Value {
        match self {
            Value::Choice(_) => self.show(field).as_ref().into(),
            Value::List(values) if field.kind == Type::List(Scalar::Choice) => {
                Value::List(values.iter().map(|value| value.name(&field.of).as_ref().into()).collect())
            }
            _ => self.clone(),
        }
    }

    /// What the field holds when others give it this: a text is a choice, a date or a duration where it is one, an
    /// integer a decimal. `None` when it cannot be.
    pub(crate) fn heard(&self, field: &Field) -> Option<Value> {
        let own = match (self, field.kind) {
            (Value::Text(text), Type::Choice | Type::Date | Type::Duration) => Value::parse(field, text).ok()?,
            (Value::Integer(whole), Type::Decimal) => Value::Decimal(Decimal::from(*whole)),
            (Value::List(values), Type::List(_)) => {
                let element = field.element()?;
                Value::List(values.iter().map(|value| value.heard(&element)).collect::<Option<_>>()?)
            }
            _ => self.clone(),
        };
        own.fits(field).then_some(own)
    }

    /// True when nothing is known.
    #[inline]
    pub fn is_absent(&self) -> bool {
        matches!(self, Value::Absent)
    }

    /// Whether a field of that declaration may hold it; every field may be absent.
    pub fn fits(&self, field: &Field) -> bool {
        match (self, field.kind) {
            (Value::List(values), Type::List(of)) => {
                values.iter().all(|value| !value.is_absent() && value.is_one(of.into(), &field.of))
            }
            _ => self.is_one(field.kind, &field.of),
        }
    }

    /// Whether it is absent or of that type, which is no list.
    fn is_one(&self, kind: Type, choices: &[String]) -> bool {
        match self {
            Value::Absent => true,
            Value::Boolean(_) => kind == Type::Boolean,
            Value::Integer(_) => kind == Type::Integer,
            Value::Decimal(_) => kind == Type::Decimal,
            Value::Text(_) => kind == Type::Text,
            Value::Choice(index) => kind == Type::Choice && usize::from(*index) < choices.len(),
            Value::Date(_) => kind == Type::Date,
            Value::Duration(_) => kind == Type::Duration,
            Value::List(_) => false,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Boolean(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Integer(value)
    }
}

impl From<Decimal> for Value {
    fn from(value: Decimal) -> Value {
        Value::Decimal(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(value.into())
    }
}

impl From<Date> for Value {
    fn from(value: Date) -> Value {
        Value::Date(value)
    }
}

impl From<chrono::NaiveDate> for Value {
    /// The same day; see [`Date`] for what lies outside its years.
    fn from(value: chrono::NaiveDate) -> Value {
        Value::Date(value.into())
    }
}

impl From<Duration> for Value {
    fn from(value: Duration) -> Value {
        Value::Duration(value)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Value {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(values: [T; N]) -> Value {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}

impl fmt::Display for Value {
    /// The value without its field: a choice shows as its position. [`Value::show`] shows its name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name(&[]))
    }
}

/// Reads a value of a type that is no list.
fn read(kind: Type, choices: &[String], text: &str) -> Result<Value, String> {
    match kind {
        Type::Text => Ok(Value::Text(text.into())),
        Type::Boolean => match text {
            "true" => Ok(Value::Boolean(true)),
            "false" => Ok(Value::Boolean(false)),
            _ => Err(format!("expected `true` or `false`, found `{text}`")),
        },
        Type::Integer => integer(text).map(Value::Integer),
        Type::Decimal => text.parse().map(Value::Decimal),
        Type::Choice => choice(choices, text).map(Value::Choice),
        Type::Date => text.parse().map(Value::Date),
        Type::Duration => elapsed::parse(text).map(Value::Duration),
        Type::List(_) => Err("a list cannot hold lists".to_owned()),
    }
}

/// A whole number: digits with an optional minus sign, and nothing else.
fn integer(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("expected a whole number such as `12`, found `{text}`"));
    }
    text.parse().map_err(|_| format!("expected a whole number between {} and {}, found `{text}`", i64::MIN, i64::MAX))
}

fn choice(of: &[String], text: &str) -> Result<u16, String> {
    let position = of.iter().position(|name| name == text).and_then(|position| u16::try_from(position).ok());
    position.ok_or_else(|| match suggest(text, of.iter().map(String::as_str)) {
        Some(remedy) => format!("`{text}` is not one of the choices: {remedy}"),
        None => format!("`{text}` is not one of the choices: the field has none"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier() -> Field {
        Field { of: vec!["low".into(), "gold".into()], ..Field::of(Type::Choice) }
    }

    #[test]
    fn values_are_read_by_the_type_of_their_field() {
        let check = |field: &Field, text: &str, value: Value| {
            assert_eq!(Value::parse(field, text), Ok(value.clone()), "{text}");
            assert_eq!(value.show(field), text);
            assert!(value.fits(field));
        };
        check(&Field::of(Type::Text), "", "".into());
        check(&Field::of(Type::Text), "true", "true".into());
        check(&Field::of(Type::Boolean), "false", false.into());
        check(&Field::of(Type::Integer), "-9223372036854775808", i64::MIN.into());
        check(&Field::of(Type::Decimal), "-0.5", Decimal::from_billionths(-500_000_000).into());
        check(&tier(), "gold", Value::Choice(1));
    }

    #[test]
    fn what_does_not_fit_says_what_was_expected() {
        let check = |field: &Field, text, message: &str| assert_eq!(Value::parse(field, text).unwrap_err(), message);
        check(&Field::of(Type::Boolean), "yes", "expected `true` or `false`, found `yes`");
        check(&Field::of(Type::Integer), "1.0", "expected a whole number such as `12`, found `1.0`");
        check(&Field::of(Type::Integer), "+1", "expected a whole number such as `12`, found `+1`");
        check(
            &Field::of(Type::Integer),
            "9223372036854775808",
            "expected a whole number between -9223372036854775808 and 9223372036854775807, found `9223372036854775808`",
        );
        check(&Field::of(Type::Decimal), "abc", "expected a number such as `12` or `0.5`, found `abc`");
        check(&tier(), "glod", "`glod` is not one of the choices: did you mean `gold`?");
        check(&tier(), "platinum", "`platinum` is not one of the choices: there are `low`, `gold`");
        check(&Field::of(Type::Choice), "a", "`a` is not one of the choices: the field has none");
    }

    #[test]
    fn a_value_of_another_type_does_not_fit() {
        assert!(Value::Absent.fits(&tier()));
        assert!(!Value::Choice(2).fits(&tier()));
        assert!(!Value::Integer(1).fits(&Field::of(Type::Decimal)));
        assert_eq!(Value::Choice(2).show(&tier()), "value #2");
    }
}
