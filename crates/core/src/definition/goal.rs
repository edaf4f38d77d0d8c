//! What a process is to achieve.

use serde::Serialize;

use super::form::absent;

/// A goal that can be met or missed: a figure and its bound, a day, and somebody who answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Goal {
    /// A figure of a simulation and its bound, as in `p90(cycle_time) < 2 bd`; see [`criterion`](crate::criterion).
    pub expect: String,
    /// The day by which it is to be reached, as `2027-06-30`.
    pub by: String,
    /// The role or person who answers for it.
    pub owner: String,
    /// Why it matters.
    #[serde(skip_serializing_if = "absent")]
    pub because: Option<String>,
}

impl Goal {
    /// A goal that is to be reached by that day, as `2027-06-30`, and for which that role or person answers.
    pub fn new(expect: &str, by: &str, owner: &str) -> Goal {
        Goal { expect: expect.to_owned(), by: by.to_owned(), owner: owner.to_owned(), because: None }
    }
}
