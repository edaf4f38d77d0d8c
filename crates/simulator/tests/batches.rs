//! Cases that are done together, against formulas.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Cause, Results};
use support::{assert_covers, poisson, run};

const MINUTE: f64 = 60.0;
const REPLICATIONS: u64 = 20;

fn desk(role: &str, step: &str, rate: f64) -> Arc<Process> {
    let text = format!(
        r#"
process: desk
version: 1.0.0
start: do
roles: {{ {role} }}
steps:
  do: {{ {step}, next: done }}
  done: {{ end: {{}} }}
  lost: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: "{}" }} }}
"#,
        poisson(rate)
    );
    Arc::new(Process::read("test.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

fn minutes(results: &Results, cause: Cause) -> f64 {
    results.waiting.iter().filter(|row| row.cause == cause).map(|row| row.per_case_s / MINUTE).sum()
}

/// The causes add up to the waits, and Little's law holds.
fn assert_adds_up(results: &Results) {
    assert!(results.littles_law.holds, "{:?}", results.littles_law);
    let causes: f64 = results.waiting.iter().map(|row| row.per_case_s).sum();
    let wait = results.step("do").unwrap();
    let wait = wait.wait_mean_s.unwrap_or(0.0) * wait.visits_per_case;
    assert!((causes - wait).abs() <= 1e-9 * causes, "{causes}, {wait}");
}

/// A batch of k is complete at every k-th arrival, so batches come with Erlang gaps: E_k/M/1, where a batch waits
/// σ/(μ(1 − σ)) and σ is the root of σ = (λ/(λ + μ(1 − σ)))^k in (0, 1) (Kleinrock, Queueing Systems I, 1975, §6.4); the
/// i-th of a batch has waited (k − i)/λ for it, in the mean (k − 1)/(2λ).
#[test]
fn full_batches_wait_as_erlang_arrivals_do() {
    for (of, rate) in [(1, 0.8), (3, 2.4), (10, 7.0)] {
        let step = format!("human: {{ role: clerk, takes: exponential(1 min) }}, batch: {{ of: {of}, within: 1 h }}");
        let results = run(&desk("clerk: { people: 1 }", &step, rate), 60_000, REPLICATIONS, 3);
        let k = f64::from(of);
        let mut sigma: f64 = 0.5;
        for _ in 0..10_000 {
            sigma = (rate / (rate + 1.0 - sigma)).powf(k);
        }
        let (gathering, queue) = ((k - 1.0) / (2.0 * rate), sigma / (1.0 - sigma));
        let found = results.step("do").unwrap().wait_ci95_s.map(|ends| ends.map(|end| end / MINUTE));
        assert_covers(&format!("batches of {of}"), found, REPLICATIONS, gathering + queue);
        let found = minutes(&results, Cause::Batching);
        assert!((found - gathering).abs() <= 0.01 * gathering + 1e-12, "{of}: gathers {found}, expected {gathering}");
        assert_covers("load", results.roles[0].utilisation_ci95, REPLICATIONS, rate / k);
        assert_adds_up(&results);
    }
}

/// Where time is over long before a batch is complete, whoever comes within it goes with the first: of 1 + λt cases each
/// waits t·(1 + λt/2)/(1 + λt), for a Poisson stream.
#[test]
fn a_batch_goes_when_its_time_is_over() {
    let step = "human: { role: clerk, takes: 0 s }, batch: { of: 1000, within: 10 min }";
    let results = run(&desk("clerk: { people: 1 }", step, 0.5), 60_000, REPLICATIONS, 4);
    let found = results.step("do").unwrap().wait_ci95_s.map(|ends| ends.map(|end| end / MINUTE));
    assert_covers("wait", found, REPLICATIONS, 10.0 * (1.0 + 2.5) / 6.0);
    assert_adds_up(&results);
}

/// What a system does together it answers together: k − 1 wait for the last.
#[test]
fn a_system_gets_them_all_at_once() {
    let step = "service: { takes: 5 min }, batch: { of: 4, within: 1 h }";
    let results = run(&desk("clerk: { people: 1 }", step, 1.0), 60_000, REPLICATIONS, 5);
    let cycle = results.cycle_time.as_ref().unwrap();
    let found = cycle.ci95_s.map(|ends| ends.map(|end| end / MINUTE));
    assert_covers("from arrival to end", found, REPLICATIONS, 5.0 + 1.5);
    assert!((minutes(&results, Cause::Batching) - 1.5).abs() < 0.02);
}

/// With absences, nights, people who give up, hours and four eyes nothing is lost, and every moment has one cause.
#[test]
fn nothing_is_lost_whatever_happens_to_a_batch() {
    let role = "clerk: { people: [ana, ben, eva], calendar: office, at-once: 2 } }
persons: { ana: { speed: 150%, skills: [law] }, eva: { skills: [law] } }
calendars: { office: { week: { mon-fri: \"09:00-17:00\" } }";
    let step = "human: { role: clerk, takes: \"lognormal(2 h, cv 1)\", needs: [law], set-up: 10 min }, \
                batch: { of: 5, within: 1 d }, \
                cracks: { gives-up: { on: deadline, after: 30 h, do: fail, then: lost }, \
                          breaks: { on: failure, chance: 20%, do: { retry: { after: 1 h, at-most: 2 } }, then: lost }, \
                          anew: { on: external, chance: 20%, do: restart } }";
    let process = desk(role, step, 0.02);
    let text = process
        .definition()
        .to_yaml()
        .replace("simulation:\n", "simulation:\n  absences: { clerk: { rate: 30/year, lasts: 2 d } }\n");
    let process = Arc::new(Process::read("test.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")));
    let results = run(&process, 3_000, 4, 6);
    assert_eq!((results.completed, results.stuck), (12_000, 0), "{:?}", results.dead_ends);
    assert!(results.littles_law.holds, "{:?}", results.littles_law);
    assert!(minutes(&results, Cause::Batching) > 10.0);
    assert!(results.ends.iter().all(|end| end.share > 0.01), "{:?}", results.ends);
}
