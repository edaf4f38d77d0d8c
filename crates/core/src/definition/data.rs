//! The data of a case, and the expressions over them.

use std::fmt;

use serde::Serialize;

use super::form::{self, absent};
#[cfg(feature = "schema")]
use super::schema;

/// A data field of a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(transform = schema::field))]
pub struct Field {
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: Type,
    /// For [`Type::Choice`]: the values it may take.
    #[serde(skip_serializing_if = "absent")]
    pub of: Vec<String>,
    /// True when a case cannot start without it.
    #[serde(skip_serializing_if = "absent")]
    pub required: bool,
    /// Its value when the case starts; absent when there is none.
    #[serde(skip_serializing_if = "absent")]
    pub initial: Option<Literal>,
    /// Who answers for its being right.
    #[serde(skip_serializing_if = "absent")]
    pub owner: Option<String>,
}

impl Field {
    /// An optional field of that type.
    pub fn of(kind: Type) -> Field {
        Field { kind, of: Vec::new(), required: false, initial: None, owner: None }
    }
}

/// The type of a data field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
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
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Text => "text",
            Type::Boolean => "boolean",
            Type::Integer => "integer",
            Type::Decimal => "decimal",
            Type::Choice => "choice",
        })
    }
}

/// A value as written, before its type is known: `4`, `0.5`, `true`, `hot`.
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
