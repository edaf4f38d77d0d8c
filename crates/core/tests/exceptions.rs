//! The workflow exception patterns: each folder under `exceptions/` holds a definition, and traces that it must accept
//! and refuse. `docs/exceptions.md` says how they are written and lists them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;
#[path = "support/traces.rs"]
mod traces;

use std::path::Path;

use traces::{Stage, check_all, folders, sentence};

const DOCS: &str = include_str!("../../../docs/exceptions.md");

/// The strategies for the work item, for the case, and what is recovered.
const STANDARD: [&str; 19] = [
    "OCO", "ORO", "OFF", "OFC", "ACA", "ARA", "ARO", "AFF", "AFC", "SCE", "SRS", "SRA", "SRO", "SFF", "SFC", "RCC",
    "RAC", "RBK", "COM",
];

#[test]
fn every_exception_is_answered_as_it_should_be() {
    check_all("exceptions", Stage::in_detail);
}

/// The text of one file of a fixture.
fn file(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// The cells of the row that begins with a word.
fn row(first: &str) -> Vec<&'static str> {
    let row = DOCS.lines().find(|line| line.starts_with(&format!("| {first} |")));
    row.unwrap_or_else(|| panic!("docs/exceptions.md has no row for {first}")).split(" | ").collect()
}

#[test]
fn every_strategy_has_a_row_and_a_fixture_that_shows_it() {
    let folders = folders("exceptions");
    for code in STANDARD {
        let prefix = format!("{}-", code.to_lowercase());
        let mut own = folders.iter().filter(|folder| traces::name(folder).starts_with(&prefix));
        let folder = own.next().unwrap_or_else(|| panic!("there is no fixture for {code}"));
        let shown = file(folder, "traces.txt");
        let shows = |line: &str| line.starts_with("accept:") && line.contains(code);
        assert!(shown.lines().any(shows), "no trace of {} expects {code}", folder.display());
        let written = row(code)[1].trim_matches('`');
        let definition = file(folder, "process.yaml");
        assert!(definition.contains(written), "{code}: `{written}` does not stand in the fixture");
    }
}

#[test]
fn the_docs_list_every_fixture_with_its_sentence() {
    for folder in folders("exceptions") {
        let (name, sentence) = (traces::name(&folder), sentence(&folder));
        let mut rows = DOCS.lines().filter(|line| line.starts_with('|') && line.contains(&name));
        assert!(rows.any(|row| row.contains(&sentence)), "docs/exceptions.md has no row of {name} with: {sentence}");
    }
}

#[test]
fn the_docs_name_a_fixture_for_every_trigger() {
    for trigger in ["failure", "deadline", "unavailable", "external", "constraint"] {
        let row = row(&format!("`{trigger}`")).join(" ");
        let uses = |folder: &Path| file(folder, "process.yaml").contains(&format!("on: {trigger}"));
        let mut named = folders("exceptions").into_iter().filter(|folder| row.contains(&traces::name(folder)));
        let first = named.next().unwrap_or_else(|| panic!("{row} names no fixture"));
        assert!(uses(&first) && named.all(|folder| uses(&folder)), "{row}: a fixture has no crack on {trigger}");
    }
}
