//! The page of a role and what a redesign changes, as people see them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::Process;
use grieta_core::definition::Question;
use grieta_core::difference::Difference;
use grieta_report::{Asked, RoleReview, difference, difference_as_mermaid, reviews, role_page};
use grieta_simulator::{RoleHours, Simulation};

fn template(name: &str) -> Arc<Process> {
    let file = format!("{}/../../process-templates/telephone-reception/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(file).unwrap();
    Arc::new(Process::read(name, &bytes).unwrap_or_else(|problems| panic!("{problems}")))
}

#[test]
fn the_page_of_a_role_reads_well() {
    let text = std::fs::read_to_string(format!(
        "{}/../../process-templates/telephone-reception/to-be.yaml",
        env!("CARGO_MANIFEST_DIR")
    ));
    let more = "notes:\n  - { step: skill-directory, by: rosa, date: 2026-11-20, says: Nobody keeps the directory up to date }\n";
    let process = Process::read("to-be.yaml", format!("{}{more}", text.unwrap()).as_bytes()).unwrap();
    let definition = process.definition();
    let review = |standing| {
        let asked = |question, waived| Asked { step: "skill-directory", question, waived };
        let questions = vec![asked(Question::Absent, None), asked(Question::Full, Some("A line has no limit here"))];
        RoleReview { standing, questions, changed: None }
    };
    let reviewed: Vec<RoleReview<'_>> = definition.standings().into_iter().map(review).collect();
    let receptionist = reviewed.iter().find(|review| review.standing.view.role == "receptionist").unwrap();
    insta::assert_snapshot!("role_page", role_page(definition, receptionist));
    insta::assert_snapshot!("reviews", reviews(definition, &reviewed));
}

#[test]
fn a_redesign_reads_well() {
    let (before, after) = (template("as-is"), template("to-be"));
    let found = Difference::between(before.definition(), after.definition());
    let simulate = |process: &Arc<Process>| {
        let simulation = Simulation::new(process).unwrap().cases(300).replications(4).seed(7);
        (simulation.run().unwrap(), simulation.cases_per_week())
    };
    let ((from, weekly_from), (to, weekly_to)) = (simulate(&before), simulate(&after));
    let hours = RoleHours::of(&from, &to, [weekly_from, weekly_to]).unwrap();
    insta::assert_snapshot!("difference", difference(&found, Ok(&hours)));
    insta::assert_snapshot!("difference_drawn", difference_as_mermaid(&before, &after, &found));
}
