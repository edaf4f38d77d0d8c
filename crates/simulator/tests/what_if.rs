//! What happens when the cracks of a definition are treated otherwise.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Cracks, Results, Simulation};

/// A reminder goes round until the customer, who may do so at any time, leaves.
const REMINDERS: &str = r#"
process: reminders
version: 1.0.0
start: remind
steps:
  remind:
    wait: { for: customer, takes: 1 d }
    next: remind
    cracks:
      leaves: { on: external, chance: 30%, then: left, interrupts: true }
  left: { end: {} }
simulation:
  arrivals: { every: 1 h }
"#;

fn run(cracks: Cracks) -> Results {
    let process = Arc::new(Process::read("reminders.yaml", REMINDERS.as_bytes()).unwrap());
    Simulation::with_cracks(&process, cracks).unwrap().cases(50).replications(2).run().unwrap()
}

#[test]
fn a_case_that_only_a_crack_can_end_goes_round_without_it_and_says_so() {
    assert_eq!(run(Cracks::On).completed, 100);
    for cracks in [Cracks::Off, Cracks::Unanswered] {
        let results = run(cracks);
        assert_eq!((results.completed, results.stuck), (0, 100), "{cracks:?}");
        assert!(results.dead_ends[0].waits_for.contains("goes round and round"), "{:?}", results.dead_ends);
    }
}

#[test]
fn cracks_that_are_off_never_strike_and_unanswered_ones_have_no_response() {
    assert!(run(Cracks::Off).cracks.is_empty());
    let unanswered = run(Cracks::Unanswered);
    assert!(unanswered.cracks[0].struck > 0);
    assert_eq!(unanswered.cracks[0].answered, 0);
    let on = run(Cracks::On);
    assert_eq!(on.cracks[0].answered, on.cracks[0].struck);
}
