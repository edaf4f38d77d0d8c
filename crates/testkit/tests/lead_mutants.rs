//! The scenarios of a real process come to all of it, and notice nearly every change.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use grieta_testkit::{Stage, Suite};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../process-templates/lead-qualification");

#[test]
fn scenarios_of_lead_qualification_leave_nothing_out() {
    for variant in ["as-is", "to-be"] {
        let suite = Suite::load(format!("{FOLDER}/{variant}.test.yaml")).unwrap_or_else(|error| panic!("{error}"));
        let stage = Stage::load(&suite).unwrap_or_else(|error| panic!("{error}"));
        let coverage = suite.coverage(&stage);
        assert_eq!(coverage.share(), 1.0, "{variant}: {coverage}");
        let mutants = suite.mutants(&stage).unwrap_or_else(|error| panic!("{error}"));
        assert!(mutants.share() >= 0.95, "{mutants}");
    }
}
