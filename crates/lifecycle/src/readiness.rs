//! How far processes have come, and how ready each stage of the life cycle is.

use serde::Serialize;

use crate::definition::{LifeCycle, Maturity};
use crate::processes::Processes;

/// How far a process has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaturityRow {
    /// The process.
    pub process: String,
    /// The department that answers for it.
    pub department: String,
    /// How far it has come.
    pub maturity: Maturity,
    /// The touchpoints that it serves.
    pub touchpoints: Vec<String>,
}

/// How ready a stage is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Readiness {
    /// The stage.
    pub stage: String,
    /// How many touchpoints it has.
    pub touchpoints: usize,
    /// The share of them whose process is at least documented, and whose definition is there; nothing without touchpoints.
    pub documented: Option<f64>,
    /// The share of them whose process is at least measured as well.
    pub measured: Option<f64>,
}

/// The processes in the order of the life cycle; a touchpoint without one counts as a process of its name that is missing.
pub(crate) fn maturity(life_cycle: &LifeCycle) -> Vec<MaturityRow> {
    let served = |name: &String| {
        let all = life_cycle.touchpoints.iter();
        let own = all.filter(|(_, touchpoint)| touchpoint.process.as_ref() == Some(name));
        own.map(|(touchpoint, _)| touchpoint.clone()).collect()
    };
    let known = life_cycle.processes.iter().map(|(name, entry)| MaturityRow {
        process: name.clone(),
        department: entry.department.clone(),
        maturity: entry.maturity,
        touchpoints: served(name),
    });
    let missing = life_cycle.touchpoints.iter().filter(|(_, touchpoint)| touchpoint.process.is_none());
    let missing = missing.map(|(name, touchpoint)| MaturityRow {
        process: name.clone(),
        department: life_cycle.stages.get(&touchpoint.stage).map(|stage| stage.department.clone()).unwrap_or_default(),
        maturity: Maturity::Missing,
        touchpoints: vec![name.clone()],
    });
    known.chain(missing).collect()
}

/// The stages in their order. What is claimed counts only where there is a definition that has a meaning.
pub(crate) fn readiness(life_cycle: &LifeCycle, processes: &Processes) -> Vec<Readiness> {
    let of_stage = |stage: &String| {
        let reached: Vec<Maturity> = life_cycle
            .touchpoints
            .values()
            .filter(|touchpoint| touchpoint.stage == *stage)
            .map(|touchpoint| {
                let served = touchpoint.process.as_ref().filter(|process| processes.get(process).is_some());
                let entry = served.and_then(|process| life_cycle.processes.get(process));
                entry.map_or(Maturity::Missing, |entry| entry.maturity)
            })
            .collect();
        let share = |least: Maturity| {
            let enough = reached.iter().filter(|maturity| **maturity >= least).count();
            (!reached.is_empty()).then(|| enough as f64 / reached.len() as f64)
        };
        Readiness {
            stage: stage.clone(),
            touchpoints: reached.len(),
            documented: share(Maturity::Documented),
            measured: share(Maturity::Measured),
        }
    };
    life_cycle.stages.keys().map(of_stage).collect()
}
