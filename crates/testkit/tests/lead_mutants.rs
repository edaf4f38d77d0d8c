//! The scenarios of a real process notice nearly every change of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use grieta_testkit::mutate::check;
use grieta_testkit::{Stage, Suite};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../process-templates/lead-qualification");

#[test]
fn scenarios_of_lead_qualification_kill_nearly_every_mutant() {
    let suite = Suite::load(format!("{FOLDER}/to-be.test.yaml")).unwrap_or_else(|error| panic!("{error}"));
    let stage = Stage::load(&suite).unwrap_or_else(|error| panic!("{error}"));
    let definition = std::fs::read(format!("{FOLDER}/to-be.yaml")).unwrap();
    let report = check("to-be.yaml", &definition, &[(&suite, &stage)]).unwrap_or_else(|error| panic!("{error}"));
    assert!(report.total.score >= Some(0.95), "{}", report.text());
}
