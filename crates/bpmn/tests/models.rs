//! Public models: each is read and becomes processes, or is refused by the elements that a definition cannot say.
//!
//! The models are no part of the project. `BPMN_MODELS` names their folder; without it, one beside the project is looked
//! for. They are those of the rust_bpmn_analyzer (`rba`) and of the BPMN Model Interchange Working Group (`miwg`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "support/models.rs"]
mod place;

use place::models;
use std::path::{Path, PathBuf};

use grieta_core::Process;

/// The models that say something that a definition cannot, and the first element that does.
const REFUSED: [(&str, &str); 11] = [
    ("core__tests__resources__unit__reader__event-subprocesses", "subProcess"),
    ("core__tests__resources__unit__reader__events", "intermediateThrowEvent"),
    ("core__tests__resources__unit__reader__gateways", "complexGateway"),
    ("core__tests__resources__unit__reader__tasks", "callActivity"),
    ("Reference__B.2.0", "endEvent"),
    ("Reference__C.2.0", "endEvent"),
    ("Reference__C.3.0", "userTask"),
    ("Reference__C.6.0", "intermediateThrowEvent"),
    ("Reference__C.9.0", "subProcess"),
    ("Reference__C.9.1", "boundaryEvent"),
    ("Reference__C.9.2", "subProcess"),
];

/// The models of a folder, in the order of their names.
fn of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "bpmn"));
    files.sort();
    let name = |file: &PathBuf| file.file_stem().unwrap().to_str().unwrap().to_owned();
    files.into_iter().map(|file| (name(&file), std::fs::read(file).unwrap())).collect()
}

fn both(folder: &Path) -> Vec<(String, Vec<u8>)> {
    of(&folder.join("rba")).into_iter().chain(of(&folder.join("miwg"))).collect()
}

#[test]
fn every_model_is_read_or_refused_by_name() {
    let Some(folder) = models() else { return };
    let mut refused = Vec::new();
    let mut read = 0;
    for (name, bytes) in both(&folder) {
        match grieta_bpmn::read(&name, &bytes) {
            Err(problems) => {
                assert!(problems.list.iter().all(|problem| problem.place.is_some()), "{problems}");
                let element = problems.list[0].message.split(' ').next().unwrap().to_owned();
                refused.push((name, element));
            }
            Ok(model) => {
                read += 1;
                for participant in model.processes {
                    Process::new(participant.definition).unwrap_or_else(|problems| panic!("{name}\n{problems}"));
                }
            }
        }
    }
    let refused: Vec<(&str, &str)> = refused.iter().map(|(name, element)| (name.as_str(), element.as_str())).collect();
    assert_eq!(refused, REFUSED);
    assert_eq!(read, 57);
}

#[test]
fn every_model_with_a_verdict_of_its_authors_is_read() {
    let Some(folder) = models() else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.csv")).unwrap();
    let judged = manifest.lines().filter(|line| line.starts_with("rba/"));
    let judged = judged.filter(|line| matches!(line.split(',').nth(5), Some("sound" | "unsound")));
    let mut count = 0;
    for line in judged {
        let file = line.split(',').next().unwrap();
        let read = grieta_bpmn::read(file, &std::fs::read(folder.join(file)).unwrap());
        read.unwrap_or_else(|problems| panic!("{problems}"));
        count += 1;
    }
    assert_eq!(count, 20);
}

/// How many flow nodes a file has; what only looks like one in a text counts too.
fn nodes(text: &str) -> usize {
    let is_node = |tag: &&str| {
        let name: String = tag.chars().take_while(|c| c.is_alphanumeric() || *c == ':').collect();
        let name = name.rsplit(':').next().unwrap_or_default();
        ["Event", "Gateway", "task", "Task", "Activity", "subProcess"].iter().any(|end| name.ends_with(end))
    };
    text.split('<').filter(is_node).count()
}

#[test]
fn definitions_have_hardly_more_steps_than_models_have_nodes() {
    let Some(folder) = models() else { return };
    let (mut all_steps, mut all_nodes) = (0, 0);
    for (name, bytes) in both(&folder) {
        let Ok(model) = grieta_bpmn::read(&name, &bytes) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        let steps: usize = model.processes.iter().map(|participant| participant.definition.steps.len()).sum();
        assert!(steps <= nodes(&text) + text.matches("messageFlow ").count() + 2, "{name}: {steps} steps");
        all_steps += steps;
        all_nodes += nodes(&text);
    }
    assert!(all_steps * 10 < all_nodes * 9, "{all_steps} steps for {all_nodes} nodes");
}

#[test]
fn models_that_are_cut_off_or_spoilt_are_problems() {
    let Some(folder) = models() else { return };
    for (name, bytes) in both(&folder).into_iter().filter(|(_, bytes)| bytes.len() < 60_000) {
        for part in 1..24 {
            let cut = bytes.len() * part / 24;
            // What comes after the last element may be missing.
            if bytes[cut..].contains(&b'<') {
                assert!(grieta_bpmn::read(&name, &bytes[..cut]).is_err(), "{name} up to {cut}");
            }
            let mut spoilt = bytes.clone();
            spoilt[cut] = b"<>&\"\0\xffx "[part % 8];
            if let Ok(model) = grieta_bpmn::read(&name, &spoilt) {
                model.processes.into_iter().for_each(|participant| _ = Process::new(participant.definition));
            }
        }
    }
}
