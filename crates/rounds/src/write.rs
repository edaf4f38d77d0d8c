//! Writes a journal as a file, which reads again to the same journal.

use grieta_core::yaml;
use indexmap::IndexMap;
use serde::Serialize;

use crate::journal::{Finding, Journal, Round};

/// What is written anew.
#[derive(Serialize)]
struct Kept<'a> {
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    findings: &'a IndexMap<String, Finding>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    rounds: &'a [Round],
}

impl Journal {
    /// The file: what people wrote, then findings and rounds.
    pub fn to_yaml(&self) -> String {
        let kept = yaml::to_text(&Kept { findings: &self.findings, rounds: &self.rounds });
        format!("{}\n\n{}", self.head.trim_end(), kept.trim_start()).trim_end().to_owned() + "\n"
    }
}
