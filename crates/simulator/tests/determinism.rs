//! The same seed gives the same bytes; a replayed file gives what its run gave.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Simulation, Transactions};
use support::file;

const MODELS: [&str; 4] = [
    "benches/models/seven-step-flow.yaml",
    "process-templates/lead-qualification/to-be.yaml",
    "process-templates/lead-qualification/as-is.yaml",
    "crates/simulator/tests/models/orders.yaml",
];

fn json(simulation: &Simulation) -> String {
    serde_json::to_string_pretty(&simulation.run().unwrap()).unwrap()
}

/// The result, without what it came from.
fn found(simulation: &Simulation) -> String {
    let mut result = serde_json::to_value(simulation.run().unwrap()).unwrap();
    result.as_object_mut().unwrap().remove("inputs");
    result.to_string()
}

fn experiment(process: &Arc<Process>, seed: u64) -> Simulation {
    Simulation::new(process).unwrap().cases(400).seed(seed)
}

#[test]
fn the_same_seed_gives_the_same_bytes_with_one_thread_and_with_two() {
    for model in MODELS {
        let process = file(model);
        let with_threads = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| json(&experiment(&process, 7).replications(5)))
        };
        let first = with_threads(1);
        assert_eq!(first, with_threads(2), "{model}");
        assert_eq!(first, with_threads(1), "{model}");
        assert_ne!(first, json(&experiment(&process, 8).replications(5)), "{model}: the seed must matter");
    }
}

/// The lines of a transactions file.
fn generated(process: &Arc<Process>, seed: u64) -> String {
    let transactions = experiment(process, seed).generate(400).unwrap();
    transactions.iter().map(|transaction| serde_json::to_string(transaction).unwrap() + "\n").collect()
}

#[test]
fn a_replayed_file_gives_what_the_run_that_drew_it_gave() {
    for model in MODELS {
        let process = file(model);
        let lines = generated(&process, 7);
        let read = Transactions::read(&lines, experiment(&process, 7).plan()).unwrap();
        assert_eq!(read.len(), 400);
        let replayed = found(&experiment(&process, 7).transactions(read));
        assert_eq!(replayed, found(&experiment(&process, 7).replications(1)), "{model}");
    }
}

#[test]
fn as_is_and_to_be_eat_the_same_file() {
    let (to_be, as_is) = (file(MODELS[1]), file(MODELS[2]));
    let lines = generated(&to_be, 7);
    let read = Transactions::read(&lines, experiment(&as_is, 7).plan()).unwrap();
    let results = experiment(&as_is, 7).transactions(read).run().unwrap();
    assert_eq!(results.cases, 400);
    let passed_over = results.assumptions.iter().any(|note| note.contains("passed over"));
    assert!(passed_over, "steps that as-is does not have are named: {:?}", results.assumptions);
}

#[test]
fn a_person_can_edit_the_file_and_the_edit_counts() {
    let process = file(MODELS[0]);
    let read = |lines: &str| Transactions::read(lines, experiment(&process, 7).plan());
    let one = r#"{"case":0,"at":"2026-01-05T09:00:00Z","answers":[{"step":"a1","takes_s":60},{"step":"a2","takes_s":30,"outcome":"OUTCOME"}]}"#;
    let outcomes: Vec<String> = process.definition().steps["a2"].outcomes.keys().cloned().collect();
    for outcome in &outcomes {
        let lines = one.replace("OUTCOME", outcome);
        let results = experiment(&process, 7).transactions(read(&lines).unwrap()).run().unwrap();
        let to = &process.definition().steps["a2"].outcomes[outcome].to;
        assert!(results.step(to).unwrap().visits_per_case >= 1.0, "{outcome} leads to {to}");
        assert_eq!(results.step("a1").unwrap().touch_mean_s, Some(60.0));
    }
    let wrong = read(&format!("{}\n{}\nnot json\n", one.replace("OUTCOME", "oops"), one.replace("case", "kase")));
    let errors: Vec<String> = wrong.unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert!(errors[0].starts_with("line 1: `a2` has no outcome `oops`"), "{errors:?}");
}
