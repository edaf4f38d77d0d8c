//! Who gets a work item, and rules that every case keeps.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

pub use crate::declare::Template;

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
    /// A rule on the order in which steps are done.
    #[serde(untagged)]
    Order(Order),
}

/// A rule on the order in which steps are done: a constraint of DECLARE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What it demands.
    pub template: Template,
    /// Of which steps: as many as the template is about.
    pub steps: Vec<String>,
    /// How often, where the template counts.
    pub times: u32,
}

impl Rule {
    /// The steps it names.
    pub fn steps(&self) -> &[String] {
        match self {
            Rule::FourEyes(steps) | Rule::Order(Order { steps, .. }) => steps,
        }
    }

    /// Its key in a file.
    pub fn key(&self) -> &'static str {
        match self {
            Rule::FourEyes(_) => "four-eyes",
            Rule::Order(order) => order.template.key(),
        }
    }
}

/// `precedence: [approve, pay]`; with one step, `existence: call`, perhaps with `times: 2`.
impl Serialize for Order {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.steps.as_slice() {
            [step] if self.template.arity() == 1 => map.serialize_entry(self.template.key(), step)?,
            steps => map.serialize_entry(self.template.key(), steps)?,
        }
        if self.times != 1 {
            map.serialize_entry("times", &self.times)?;
        }
        map.end()
    }
}
