//! Public BPMN models get the verdict of their authors.
//!
//! The models are no part of the project. `BPMN_MODELS` names their folder; without it, one beside the project is looked
//! for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "../../bpmn/tests/support/models.rs"]
mod place;

use place::models;
use std::path::Path;
use std::sync::Arc;

use grieta_core::{Plan, Process};
use grieta_verifier::{Limits, Verdict, explore};

/// Models of which another tool says the opposite of their author, and why the author is right.
const RULED: [(&str, &str); 3] = [
    (
        "integration__e020",
        "the other tool puts four pools into one net; each of them alone can end, given its messages",
    ),
    (
        "no_dead_activities__no-dead-activities",
        "two branches end each at its own end, which BPMN allows; a workflow net has one",
    ),
    (
        "proper_completion__no-proper-completion-2",
        "a task with two flows starts both, and both reach the end; the other tool takes one of them",
    ),
];

/// A model is sound when each of its processes is.
fn verdict(file: &Path, limits: &Limits) -> Option<Verdict> {
    let model = grieta_bpmn::read("model.bpmn", &std::fs::read(file).unwrap()).ok()?;
    let verdicts = model.processes.into_iter().map(|participant| {
        let process = Process::what_if(participant.definition).unwrap_or_else(|problems| panic!("{problems}"));
        let plan = Plan::new(Arc::new(process)).unwrap();
        let found = explore(&plan, limits);
        found.troubles.iter().for_each(|trouble| trouble.check(&plan).unwrap());
        found.verdict
    });
    let verdicts: Vec<Verdict> = verdicts.collect();
    let all = verdicts.iter().all(|verdict| *verdict == Verdict::Sound);
    Some(if all { Verdict::Sound } else { verdicts.into_iter().find(|verdict| *verdict != Verdict::Sound)? })
}

#[test]
fn every_model_with_an_authors_verdict_gets_it() {
    let Some(folder) = models() else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.csv")).unwrap();
    let mut judged = 0;
    for row in manifest.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let expected = match cells[5] {
            "sound" => Verdict::Sound,
            "unsound" => Verdict::Unsound,
            _ => continue,
        };
        judged += 1;
        let disagree = row.contains(",disagree,");
        assert_eq!(disagree, RULED.iter().any(|(name, _)| cells[0].contains(name)), "{}", cells[0]);
        let found = verdict(&folder.join(cells[0]), &Limits::default());
        assert_eq!(found, Some(expected), "{}", cells[0]);
    }
    assert_eq!(judged, 20);
}

#[test]
fn every_other_model_is_analysed_or_refused_by_name() {
    let Some(folder) = models() else { return };
    let mut unread = 0;
    for part in ["rba", "miwg"] {
        for file in std::fs::read_dir(folder.join(part)).unwrap() {
            let file = file.unwrap().path();
            match verdict(&file, &Limits::default()) {
                Some(verdict) => assert_ne!(verdict, Verdict::Unknown, "{}", file.display()),
                None => unread += 1,
            }
        }
    }
    assert_eq!(unread, 11, "the tests of the reader name what keeps them from being read");
}
