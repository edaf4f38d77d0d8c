//! Who gets a work item, and rules on who may do it.

use serde::Serialize;

/// Who gets a work item of a `human` step, among the people of its role who are there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Allocation {
    /// Whoever claims it.
    #[default]
    Offer,
    /// Who has the fewest work items.
    LeastBusy,
    /// One after the other.
    RoundRobin,
    /// Who has the fewest roles.
    MostSpecialised,
    /// Whoever did that step of the same case; if they are not there, as [`Allocation::LeastBusy`].
    SamePersonAs(String),
}

/// A rule that every case of a process keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Rule {
    /// No two of these steps of a case are done by the same person.
    FourEyes(Vec<String>),
}
