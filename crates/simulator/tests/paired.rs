//! Keyed random numbers: two variants meet the same customers, so that their difference scatters far less.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_core::definition::People;
use grieta_simulator::{Counted, Figure, Simulation, Statistic};
use support::file;

const REPLICATIONS: u64 = 200;

/// The mean time from arrival to end of each replication, with one person more of a role.
fn means(more: Option<&str>, seed: u64) -> Vec<f64> {
    let mut definition = file("benches/models/seven-step-flow.yaml").definition().clone();
    if let Some(role) = more {
        let People::Count(count) = &mut definition.roles[role].people else { panic!("{role} has names") };
        *count += 1;
    }
    let process = Arc::new(Process::new(definition).unwrap());
    let simulation = Simulation::new(&process).unwrap().cases(2_000).replications(REPLICATIONS).seed(seed);
    let figure = Figure::CycleTime { statistic: Statistic::Mean, end: None, counted: Counted::Elapsed };
    simulation.keeping_figures().run().unwrap().figure(figure).values
}

fn variance(from: &[f64], to: &[f64]) -> f64 {
    let differences: Vec<f64> = from.iter().zip(to).map(|(from, to)| to - from).collect();
    let mean = differences.iter().sum::<f64>() / differences.len() as f64;
    differences.iter().map(|difference| (difference - mean).powi(2)).sum::<f64>() / (differences.len() - 1) as f64
}

/// By how much one person more of a role changes the mean time, with independent seeds and with the same one. The ratio of two
/// variances of 200 values each has a standard error of about √(4/199) = 14 %; `examples/paired.rs` prints it for any length.
#[test]
fn the_same_customers_reduce_the_variance_of_a_difference() {
    let base = means(None, 1);
    assert_eq!(base.len() as u64, REPLICATIONS);
    for (role, at_least) in [("presales", 20.0), ("sdr", 20.0), ("sales", 1.3)] {
        let (independent, keyed) = (variance(&base, &means(Some(role), 2)), variance(&base, &means(Some(role), 1)));
        let ratio = independent / keyed;
        assert!(ratio >= at_least, "+1 {role}: {independent} / {keyed} = {ratio}");
    }
}
