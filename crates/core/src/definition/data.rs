//! The data of a case, and the expressions over them.

use std::fmt;

use serde::Serialize;

use super::form;
#[cfg(feature = "schema")]
use super::schema;

/// A data field of a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(into = "form::Field")]
pub struct Field {
    /// What it holds.
    pub kind: Type,
    /// For [`Type::Choice`], and for a list of [`Scalar::Choice`]: the values it may take.
    pub of: Vec<String>,
    /// The least value that it may hold; only for types with [bounds](Type::has_bounds).
    pub at_least: Option<Literal>,
    /// The greatest value that it may hold; only for types with [bounds](Type::has_bounds).
    pub at_most: Option<Literal>,
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
        Field { kind, of: Vec::new(), at_least: None, at_most: None, required: false, initial: None, owner: None }
    }

    /// Whether it says the least or the greatest value that it may hold.
    #[inline]
    pub fn is_bounded(&self) -> bool {
        self.at_least.is_some() || self.at_most.is_some()
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

/// The type of a data field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "form::Word"))]
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

impl Type {
    /// Whether a field of the type may say the least and the greatest value that it holds.
    pub fn has_bounds(self) -> bool {
        matches!(self, Type::Integer | Type::Decimal | Type::Date | Type::Duration)
    }
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

/// A value as written, before its type is known: `4`, `0.5`, `true`, `hot`, `[1, 2]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
#[cfg_attr(feature = "schema", schemars(transform = schema::formula))]
pub struct Literal(#[serde(serialize_with = "form::formula")] pub String);

/// The source text of an expression over the data of a case, such as `attempts >= 6`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
#[cfg_attr(feature = "schema", schemars(transform = schema::formula))]
pub struct Expression(#[serde(serialize_with = "form::formula")] pub String);

impl From<&str> for Expression {
    fn from(text: &str) -> Self {
        Expression(text.to_owned())
    }
}
