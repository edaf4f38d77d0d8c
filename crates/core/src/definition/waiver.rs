//! What somebody has looked at and leaves as it is.

use serde::Serialize;

use super::form::absent;

/// A kind of finding that is accepted, of the whole process or of one step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Waiver {
    /// The code of the findings.
    pub code: String,
    /// Which parts of them, where a finding has several; all when empty.
    #[serde(skip_serializing_if = "absent")]
    pub of: Vec<String>,
    /// Why.
    pub reason: String,
}
