//! The data of a case, and the expressions over them.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// A data field of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// What it holds.
    pub kind: Type,
    /// For [`Type::Choice`], and for a list of [`Scalar::Choice`]: the values it may take.
    pub of: Vec<String>,
    /// True when a case cannot start without it.
    pub required: bool,
    /// Its value when the case starts; absent when there is none.
    pub initial: Option<Literal>,
    /// Who answers for its being right.
    pub owner: Option<String>,
}

impl Field {
    /// An optional field of that type.
    pub fn of(kind: Type) -> Field {
        Field { kind, of: Vec::new(), required: false, initial: None, owner: None }
    }

    /// What each element of a list must fit, as if it were a field; `None` for other types.
    ///
    /// ```
    /// use grieta_core::definition::{Field, Scalar, Type};
    /// let days = Field::of(Type::List(Scalar::Date));
    /// assert_eq!(days.element(), Some(Field::of(Type::Date)));
    /// assert_eq!(Field::of(Type::Date).element(), None);
    /// ```
    pub fn element(&self) -> Option<Field> {
        match self.kind {
            Type::List(scalar) => Some(Field { of: self.of.clone(), ..Field::of(scalar.into()) }),
            _ => None,
        }
    }
}

impl Serialize for Field {
    /// As it is written: under `of` stand the values of a choice, or the type of the elements of a list.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut field = serializer.serialize_struct("Field", 5)?;
        field.serialize_field("type", &self.kind)?;
        match self.kind {
            Type::List(scalar) if scalar != Scalar::Choice => field.serialize_field("of", &scalar)?,
            _ if self.of.is_empty() => field.skip_field("of")?,
            _ => field.serialize_field("of", &self.of)?,
        }
        field.serialize_field("required", &self.required)?;
        field.serialize_field("initial", &self.initial)?;
        field.serialize_field("owner", &self.owner)?;
        field.end()
    }
}

/// The type of a data field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// Any text.
    Text,
    /// True or false.
    Boolean,
    /// A whole number of 64 bits.
    Integer,
    /// A number with up to nine places, exact.
    Decimal,
    /// One of the values declared with the field.
    Choice,
    /// A day of the calendar.
    Date,
    /// A length of elapsed time.
    Duration,
    /// Any number of values of one type, in order.
    List(Scalar),
}

/// The type of the elements of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// Any text.
    Text,
    /// True or false.
    Boolean,
    /// A whole number of 64 bits.
    Integer,
    /// A number with up to nine places, exact.
    Decimal,
    /// One of the values declared with the field.
    Choice,
    /// A day of the calendar.
    Date,
    /// A length of elapsed time.
    Duration,
}

impl From<Scalar> for Type {
    fn from(scalar: Scalar) -> Type {
        match scalar {
            Scalar::Text => Type::Text,
            Scalar::Boolean => Type::Boolean,
            Scalar::Integer => Type::Integer,
            Scalar::Decimal => Type::Decimal,
            Scalar::Choice => Type::Choice,
            Scalar::Date => Type::Date,
            Scalar::Duration => Type::Duration,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Text => "text",
            Type::Boolean => "boolean",
            Type::Integer => "integer",
            Type::Decimal => "decimal",
            Type::Choice => "choice",
            Type::Date => "date",
            Type::Duration => "duration",
            Type::List(_) => "list",
        })
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Type::from(*self).fmt(f)
    }
}

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A value as written, before its type is known: `4`, `0.5`, `true`, `hot`, `[1, 2]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Literal(pub String);

/// The source text of an expression over the data of a case, such as `attempts >= 6`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Expression(pub String);

impl From<&str> for Expression {
    fn from(text: &str) -> Self {
        Expression(text.to_owned())
    }
}
