//! What work costs the people who do it, besides its time.

use serde::Serialize;

use super::form::absent;

/// What a step, or the response to a crack, asks of whoever does it, each time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Effort {
    /// Floors to walk up or down.
    #[serde(skip_serializing_if = "absent")]
    pub floors: u32,
    /// How often somebody is torn out of other work.
    #[serde(skip_serializing_if = "absent")]
    pub interruption: u32,
    /// How often something is carried over by hand from one medium into another.
    #[serde(skip_serializing_if = "absent")]
    pub media_break: u32,
    /// How often somebody works when they should be off.
    #[serde(skip_serializing_if = "absent")]
    pub after_hours: u32,
    /// Why it is accepted, where somebody has looked at it.
    #[serde(skip_serializing_if = "absent")]
    pub accepted: Option<String>,
}

impl Effort {
    /// All of it together: each floor, interruption, media break and time after hours is one point.
    pub fn points(&self) -> u64 {
        [self.floors, self.interruption, self.media_break, self.after_hours].into_iter().map(u64::from).sum()
    }
}
