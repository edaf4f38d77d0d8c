//! Scenarios as Rust tests: what [`scenarios!`](crate::scenarios) writes calls this.

use std::path::PathBuf;

use super::{Stage, Suite};
use crate::acceptance::Verdict;

/// Runs one scenario of a file.
///
/// # Panics
/// When it fails, or cannot be read; the message has the place in the file.
#[track_caller]
pub fn passes(file: &str, name: &str) {
    let (suite, stage) = load(file);
    let Some(scenario) = suite.scenarios.iter().find(|scenario| scenario.name == name) else {
        panic!("`{file}` has no scenario `{name}` any more; compile the tests again")
    };
    if let Some(failed) = suite.run(scenario, &stage).failed {
        panic!("{name}\n{}{}", suite.quote(failed.place), failed.message);
    }
}

/// Simulates the process of a file, and judges what the file expects of that.
///
/// # Panics
/// When something is not sure to hold; the message has the place in the file, the figure and its interval.
#[track_caller]
pub fn is_as_expected(file: &str) {
    let (suite, stage) = load(file);
    let judged = suite.accept(&stage);
    if judged.is_empty() {
        panic!("`{file}` expects nothing of a simulation any more; compile the tests again")
    }
    let others = judged.iter().filter(|one| one.verdict != Verdict::Holds);
    let said: Vec<String> = others.map(|one| format!("{}{one}", suite.quote(one.place))).collect();
    if !said.is_empty() {
        panic!("the simulation is not as expected\n{}", said.join("\n"));
    }
}

/// Compares the scenarios that were made tests, by file, with those that the glob finds now.
///
/// # Panics
/// When there are others.
#[track_caller]
pub fn are_all(pattern: &str, tests: &[(&str, &[&str])]) {
    let found = match glob::glob(pattern) {
        Ok(found) => found.filter_map(Result::ok).collect::<Vec<PathBuf>>(),
        Err(error) => panic!("`{pattern}` is no glob: {error}"),
    };
    for file in found {
        let shown = file.display().to_string();
        let (suite, _) = load(&shown);
        let names: Vec<&str> = suite.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
        let known = tests.iter().find(|(file, _)| *file == shown).map(|(_, names)| names.to_vec());
        if known.as_ref() != Some(&names) {
            panic!(
                "the scenarios of `{shown}` are not all tests: save the Rust file that holds `scenarios!`, so that it is compiled again"
            );
        }
    }
}

#[track_caller]
fn load(file: &str) -> (Suite, Stage) {
    let suite = match Suite::load(file) {
        Ok(suite) => suite,
        Err(error) => panic!("{error}"),
    };
    match Stage::load(&suite) {
        Ok(stage) => (suite, stage),
        Err(error) => panic!("{error}"),
    }
}
