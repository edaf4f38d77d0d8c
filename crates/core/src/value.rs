//! What a data field of a case can hold, and how it is read and shown.

mod decimal;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

pub use decimal::Decimal;

use crate::definition::{Field, Type};
use crate::diagnostic::suggest;

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
            Type::Text => Ok(Value::Text(text.into())),
            Type::Boolean => match text {
                "true" => Ok(Value::Boolean(true)),
                "false" => Ok(Value::Boolean(false)),
                _ => Err(format!("expected `true` or `false`, found `{text}`")),
            },
            Type::Integer => integer(text).map(Value::Integer),
            Type::Decimal => text.parse().map(Value::Decimal),
            Type::Choice => choice(&field.of, text).map(Value::Choice),
        }
    }

    /// The value as [`Value::parse`] reads it for the same field; an absent one as `absent`.
    pub fn show<'a>(&'a self, field: &'a Field) -> Cow<'a, str> {
        match self {
            Value::Absent => "absent".into(),
            Value::Boolean(value) => if *value { "true" } else { "false" }.into(),
            Value::Integer(value) => value.to_string().into(),
            Value::Decimal(value) => value.to_string().into(),
            Value::Text(text) => text.as_ref().into(),
            Value::Choice(index) => match field.of.get(usize::from(*index)) {
                Some(name) => name.into(),
                None => format!("value #{index}").into(),
            },
        }
    }

    /// True when nothing is known.
    #[inline]
    pub fn is_absent(&self) -> bool {
        matches!(self, Value::Absent)
    }

    /// Whether a field of that declaration may hold it; every field may be absent.
    pub fn fits(&self, field: &Field) -> bool {
        match self {
            Value::Absent => true,
            Value::Boolean(_) => field.kind == Type::Boolean,
            Value::Integer(_) => field.kind == Type::Integer,
            Value::Decimal(_) => field.kind == Type::Decimal,
            Value::Text(_) => field.kind == Type::Text,
            Value::Choice(index) => field.kind == Type::Choice && usize::from(*index) < field.of.len(),
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

impl fmt::Display for Value {
    /// The value without its field: a choice shows as its position. [`Value::show`] shows its name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Absent => f.write_str("absent"),
            Value::Boolean(value) => value.fmt(f),
            Value::Integer(value) => value.fmt(f),
            Value::Decimal(value) => value.fmt(f),
            Value::Text(text) => text.fmt(f),
            Value::Choice(index) => write!(f, "value #{index}"),
        }
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
