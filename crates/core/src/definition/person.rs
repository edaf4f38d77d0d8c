//! What is particular to one person, whatever role they are in.

use serde::Serialize;

use super::Factor;
use super::form::absent;

/// A person as they are. What is absent is as it is for the other people of their roles.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// How much they do in the time in which others do 100% (for simulation).
    #[serde(skip_serializing_if = "absent")]
    pub speed: Option<Factor>,
    /// When they work, in all their roles; for simulation.
    #[serde(skip_serializing_if = "absent")]
    pub calendar: Option<String>,
    /// What they can do, which a step may ask for.
    #[serde(skip_serializing_if = "absent")]
    pub skills: Vec<String>,
}

impl Person {
    /// A person with these skills.
    pub fn with_skills<'a>(skills: impl IntoIterator<Item = &'a str>) -> Person {
        Person { skills: skills.into_iter().map(str::to_owned).collect(), ..Person::default() }
    }
}
