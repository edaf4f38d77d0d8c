//! The goals of a definition, judged.

use grieta_core::Process;
use grieta_core::criterion;
use grieta_core::definition::Goal;
use serde::Serialize;

use super::judge::judge_goal;
use super::{Judgement, Verdict};
use crate::results::Results;

/// A goal, and whether a simulation meets it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GoalResult {
    /// The goal.
    pub id: String,
    /// What is to be reached, as in `p90(cycle_time) < 2 bd`.
    pub expect: String,
    /// The day by which.
    pub by: String,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub because: Option<String>,
    /// Whether it is met, and by which figure.
    #[serde(flatten)]
    pub judgement: Judgement,
}

impl GoalResult {
    /// Whether it is sure to be met.
    pub fn is_met(&self) -> bool {
        self.judgement.verdict == Verdict::Met
    }
}

/// Judges every goal of a process, in the order of the definition. The checks have refused those that cannot be judged.
pub(crate) fn goals(process: &Process, results: &Results, confidence: f64) -> Vec<GoalResult> {
    let judged = |(id, goal): (&String, &Goal)| {
        let sentence = criterion::sentence(&goal.expect).ok()?;
        let judgement = judge_goal(&sentence, process, results, confidence).ok()?;
        let Goal { expect, by, owner, because } = goal.clone();
        Some(GoalResult { id: id.clone(), expect, by, owner, because, judgement })
    };
    process.definition().goals.iter().filter_map(judged).collect()
}
