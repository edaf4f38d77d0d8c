//! The seven-step flow of the benchmark against its exact and its independently simulated figures.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use support::{assert_covers, at_level, file, run};

const MODEL: &str = "benches/models/seven-step-flow.yaml";

#[test]
fn visits_ends_and_utilisation_are_exact() {
    let replications = 20;
    let results = run(&file(MODEL), 30_000, replications, 7);
    for (step, visits) in
        [("a1", 1.0), ("a2", 1.117_318_4), ("a3", 0.782_122_9), ("a4", 0.391_061_5), ("a7", 0.391_061_5)]
    {
        let found = results.step(step).unwrap().visits_ci95;
        if visits == 1.0 {
            assert_eq!(found, Some([1.0, 1.0]));
        } else {
            assert_covers(step, found, replications, visits);
        }
    }
    for (end, share) in [("not-suitable", 0.335_195_5), ("disqualified", 0.273_743_0), ("completed", 0.391_061_5)] {
        assert_covers(end, results.end(end).unwrap().ci95, replications, share);
    }
    for (role, load) in
        [("sdr", 0.854_748_6), ("analyst", 0.793_296_1), ("presales", 0.782_122_9), ("sales", 0.879_888_3)]
    {
        assert_covers(role, results.role(role).unwrap().utilisation_ci95, replications, load);
    }
}

/// Against 24 runs of 2 M cases of an independent program, with their 95 % half-widths. Both intervals count, at a
/// level of 99.9 % each, for which a normal half-width grows by 3.29 / 1.96.
#[test]
fn waits_and_cycle_time_agree_with_an_independent_simulation() {
    let (cases, replications) = (60_000, 20);
    let results = run(&file(MODEL), cases, replications, 13);
    let check = |what: &str, interval: Option<[f64; 2]>, expected: f64, half: f64| {
        let (found, own) = at_level(interval.unwrap().map(|end| end / 60.0), replications, 0.999);
        let allowed = own.hypot(half * 3.29 / 1.96);
        assert!((found - expected).abs() <= allowed, "{what}: {found} ± {own}, expected {expected} ± {half}");
    };
    for (step, wait, half) in [
        ("a1", 4.155, 0.029),
        ("a2", 2.325, 0.008),
        ("a3", 4.037, 0.029),
        ("a4", 2.239, 0.008),
        ("a5", 8.876, 0.063),
        ("a6", 19.84, 0.21),
        ("a7", 20.23, 0.21),
    ] {
        check(step, results.step(step).unwrap().wait_ci95_s, wait, half);
    }
    check("cycle time", results.cycle_time.unwrap().ci95_s, 60.13, 0.21);
}

#[test]
fn with_people_enough_nobody_waits() {
    let mut definition = file(MODEL).definition().clone();
    definition.roles.values_mut().for_each(|role| role.people = grieta_core::definition::People::Count(2_000));
    let process = std::sync::Arc::new(grieta_core::Process::new(definition).unwrap());
    let results = run(&process, 30_000, 20, 5);
    assert!(results.steps.iter().all(|step| step.wait_mean_s.unwrap_or(0.0) == 0.0));
    let cycle = results.cycle_time.unwrap().ci95_s.map(|ends| ends.map(|end| end / 60.0));
    assert_covers("cycle time", cycle, 20, 31.083_902);
}
