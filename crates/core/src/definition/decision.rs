//! Decision tables: rules that say what some fields become, by what others hold.

use serde::Serialize;

use super::form::{self, absent};
use super::{Expression, Literal};

/// A decision table, after DMN.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Decision {
    /// What is looked at: fields, or expressions over them.
    #[serde(serialize_with = "form::one_or_more")]
    #[cfg_attr(feature = "schema", schemars(with = "form::OneOrMore<Expression>"))]
    pub inputs: Vec<Expression>,
    /// The fields that are set.
    #[serde(serialize_with = "form::one_or_more")]
    #[cfg_attr(feature = "schema", schemars(with = "form::OneOrMore<String>"))]
    pub outputs: Vec<String>,
    /// What counts when several rules match.
    #[serde(skip_serializing_if = "absent")]
    pub hit: Hit,
    /// The rules, one below the other.
    pub rules: Vec<Row>,
}

/// What counts when several rules of a decision table match: the hit policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Hit {
    /// Only one may match.
    #[default]
    Unique,
    /// The first that matches counts.
    First,
    /// Several may match, and must agree.
    Any,
    /// All that match, in their order: the outputs are lists.
    Collect,
    /// The sum of all that match: the outputs are numbers or durations.
    Sum,
}

/// A rule of a decision table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(into = "form::Row")]
pub struct Row {
    /// A test for each input; `None` for what counts when no rule matches.
    pub when: Option<Vec<Literal>>,
    /// A value for each output.
    pub then: Vec<Literal>,
}
