//! The scenarios of the templates come to every step, branch, outcome and crack, and notice nearly every change of the definition.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::path::Path;

use grieta::testkit::{Stage, Suite};

#[test]
fn scenarios_of_lead_qualification() {
    leave_nothing_out("lead-qualification");
}

#[test]
fn scenarios_of_case_escalation() {
    leave_nothing_out("case-escalation");
}

#[test]
fn scenarios_of_order_to_service() {
    leave_nothing_out("order-to-service");
}

#[test]
fn scenarios_of_customer_reentry() {
    leave_nothing_out("customer-reentry");
}

#[test]
fn scenarios_of_telephone_reception() {
    leave_nothing_out("telephone-reception");
}

fn leave_nothing_out(id: &str) {
    for variant in ["as-is", "to-be"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("process-templates/{id}/{variant}.test.yaml"));
        let suite = Suite::load(file).unwrap_or_else(|error| panic!("{error}"));
        let stage = Stage::load(&suite).unwrap_or_else(|error| panic!("{error}"));
        let coverage = suite.coverage(&stage);
        assert_eq!(coverage.share(), 1.0, "{variant}: {coverage}");
        let mutants = suite.mutants(&stage).unwrap_or_else(|error| panic!("{error}"));
        assert!(mutants.share() >= 0.95, "{mutants}");
    }
}
