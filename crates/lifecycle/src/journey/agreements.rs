//! Agreements between departments, judged by what a run of all processes shows: who keeps what they promised, and who does not.

use grieta_core::{Process, criterion};
use grieta_simulator::Results;
use grieta_simulator::judging::{Judgement, Verdict, judge};
use serde::Serialize;

/// What one department promises another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promised {
    /// The agreement it belongs to.
    pub agreement: String,
    /// Who promises.
    pub by: String,
    /// To whom.
    pub to: String,
    /// The process in which it is measured.
    pub process: String,
    /// What, as in `share(accepted) >= 75%`.
    pub promise: String,
}

/// A promise, and whether it is kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PromiseResult {
    /// What was promised, by whom.
    #[serde(flatten)]
    pub promise: Promised,
    /// Whether it is kept, and by which figure.
    #[serde(flatten)]
    pub judgement: Judgement,
}

impl PromiseResult {
    /// Whether it is surely broken.
    pub fn is_broken(&self) -> bool {
        self.judgement.verdict == Verdict::NotMet
    }
}

/// Judges each promise by the results of its process. What cannot be measured there is left out: the check has refused it.
pub(crate) fn judged(
    promises: &[Promised],
    processes: &[&Process],
    results: &[Results],
    confidence: f64,
) -> Vec<PromiseResult> {
    let judged = |promise: &Promised| {
        let at = processes.iter().position(|process| process.definition().process == promise.process)?;
        let sentence = criterion::sentence(&promise.promise).ok()?;
        let judgement = judge(&sentence, processes[at], results.get(at)?, confidence).ok()?;
        Some(PromiseResult { promise: promise.clone(), judgement })
    };
    promises.iter().filter_map(judged).collect()
}
