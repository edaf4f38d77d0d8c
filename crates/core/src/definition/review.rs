//! What those who do the work say of the definition: that it is so, or what is not.

use serde::Serialize;

use super::form::absent;

/// Somebody of a role has read what the definition says that the role does, and agrees.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct SignOff {
    /// The role.
    pub role: String,
    /// Who signs.
    pub person: String,
    /// On which day, as `2026-11-20`.
    pub date: String,
    /// What was signed: the hash of the role's [`View`](crate::review::View), or its first twelve digits or more.
    pub hash: String,
}

/// What somebody who does the work has to say of a step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Note {
    /// The step.
    pub step: String,
    /// Who says it.
    pub by: String,
    /// In which role.
    #[serde(skip_serializing_if = "absent")]
    pub role: Option<String>,
    /// On which day, as `2026-11-20`.
    pub date: String,
    /// What.
    pub says: String,
    /// What was answered; the note is open until then.
    #[serde(skip_serializing_if = "absent")]
    pub answer: Option<String>,
}
