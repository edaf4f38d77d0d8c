//! The workflow control-flow patterns: each folder under `patterns/` holds a definition, and traces that it must accept
//! and refuse. `docs/patterns.md` says how traces are written. The folders under `cases/` are of the same kind, for what
//! happens where patterns meet: cracks, races, joins, locks and instances inside one another.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;
#[path = "support/traces.rs"]
mod traces;

use traces::{check_all, folders, plainly, sentence};

#[test]
fn every_pattern_accepts_and_refuses_what_it_should() {
    check_all("patterns", plainly);
}

#[test]
fn what_happens_where_patterns_meet() {
    check_all("cases", plainly);
}

#[test]
fn the_docs_list_every_pattern() {
    let docs = include_str!("../../../docs/patterns.md");
    let folders = folders("patterns");
    assert_eq!(folders.len(), 43);
    for (index, folder) in folders.into_iter().enumerate() {
        let (name, sentence) = (traces::name(&folder), sentence(&folder));
        let number = name.split('-').next().unwrap().trim_start_matches('0');
        assert_eq!(number, (index + 1).to_string(), "{name} is out of order");
        let row = docs.lines().find(|line| line.starts_with(&format!("| {number} |")));
        let row = row.unwrap_or_else(|| panic!("docs/patterns.md has no row for {name}"));
        assert!(row.contains(&name) && row.contains(&sentence), "{row}\nshould name {name} and say: {sentence}");
    }
}
