//! The time from one step to another.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Simulation, compare};

const DESK: &str = r#"
process: desk
version: 1.0.0
start: take
steps:
  take: { service: { takes: 2 min }, next: rest }
  rest: { wait: 10 min, next: serve }
  serve:
    service: { takes: 5 min }
    outcomes: { again: { chance: 50%, to: take }, done: { chance: 50%, to: done } }
  done: { end: {} }
simulation: { arrivals: { every: 1 h } }
"#;

#[test]
fn a_stretch_runs_from_the_first_beginning_of_one_step_to_that_of_another() {
    let process = Arc::new(Process::read("desk.yaml", DESK.as_bytes()).unwrap());
    let experiment = || Simulation::new(&process).unwrap().cases(40).replications(3);
    let results = experiment().measuring("take", "serve").unwrap().measuring("serve", "take").unwrap().run().unwrap();
    let there = &results.stretches[0];
    assert_eq!((there.cases, there.mean_s, there.ci95_s), (120, Some(720.0), Some([720.0, 720.0])));
    // `take` is first begun before `serve` ever is: the other way round there is nothing to measure.
    assert_eq!((results.stretches[1].cases, results.stretches[1].mean_s), (0, None));
    assert!(experiment().measuring("take", "serv").is_err());
    let comparison = compare(&results, &results).unwrap();
    assert_eq!(comparison.stretches.len(), 1);
}
