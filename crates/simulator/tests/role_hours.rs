//! Hours of work by role against what they must be: cases a week, times the time that each takes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Per, Results, RoleHours, Simulation, Verdict};

const BEFORE: &str = r#"
process: desk
version: 1.0.0
start: ask
calendar: office
calendars: { office: { week: { mon-fri: "09:00-17:00" } } }
roles: { clerk: { people: 9 }, lead: { people: 9 }, idle: { people: 1 } }
steps:
  ask:   { human: { role: clerk, takes: 6 min }, next: check }
  check: { human: { role: clerk, takes: 12 min }, next: done }
  done:  { end: {} }
simulation: { arrivals: { per: business-day, mean: 50 } }
"#;

fn run(text: &str) -> (Results, Option<f64>) {
    let process = Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let simulation = Simulation::new(&Arc::new(process)).unwrap().cases(300).replications(4).seed(5);
    (simulation.run().unwrap(), simulation.cases_per_week())
}

fn hours(after: &str) -> RoleHours {
    let ((from, before_a_week), (to, after_a_week)) = (run(BEFORE), run(after));
    RoleHours::of(&from, &to, [before_a_week, after_a_week]).unwrap()
}

#[track_caller]
fn assert_is(found: &RoleHours, expected: &[(&str, f64, f64)]) {
    let close = |one: f64, other: f64| (one - other).abs() < 1e-6;
    let all = found.roles.iter().zip(expected);
    let right = all.into_iter().all(|((role, change), (name, before, after))| {
        role == name && close(change.from, *before) && close(change.to, *after)
    });
    assert!(right && found.roles.len() == expected.len(), "{found:?}");
}

#[test]
fn a_moved_step_takes_its_hours_along() {
    // 250 cases a week: 18 minutes are 75 hours, 6 are 25, 12 are 50.
    let found = hours(&BEFORE.replace("check: { human: { role: clerk", "check: { human: { role: lead"));
    assert_eq!(found.per, Per::Week);
    assert_is(&found, &[("clerk", 75.0, 25.0), ("lead", 0.0, 50.0)]);
    assert_eq!((found.roles[0].1.verdict, found.roles[1].1.verdict), (Verdict::Less, Verdict::More));
}

#[test]
fn a_role_that_is_new_or_gone_has_no_hours_on_the_other_side() {
    let renamed = BEFORE
        .replace("lead: {", "expert: {")
        .replace("check: { human: { role: clerk", "check: { human: { role: expert");
    assert_is(&hours(&renamed), &[("clerk", 75.0, 25.0), ("expert", 0.0, 50.0)]);
}

#[test]
fn more_cases_are_more_hours() {
    let found = hours(&BEFORE.replace("mean: 50", "mean: 100"));
    assert_is(&found, &[("clerk", 75.0, 150.0)]);
}

#[test]
fn where_weeks_differ_it_is_said_for_a_hundred_cases() {
    let peak = "mean: 50 }, peaks: { rush: { from: 1 d, lasts: 1 d, times: 200% } } }";
    let found = hours(&BEFORE.replace("mean: 50 } }", peak));
    assert_eq!(found.per, Per::HundredCases);
    assert_is(&found, &[("clerk", 30.0, 30.0)]);
    assert_eq!(found.roles[0].1.verdict, Verdict::NoSignificantDifference);
}

#[test]
fn other_customers_are_not_compared() {
    let process = Arc::new(Process::read("desk.yaml", BEFORE.as_bytes()).unwrap());
    let run = |seed| Simulation::new(&process).unwrap().cases(20).replications(2).seed(seed).run().unwrap();
    assert!(RoleHours::of(&run(1), &run(2), [None, None]).is_none());
}
