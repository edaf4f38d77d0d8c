//! Whole simulations: 100,000 cases of each model, all statistics on, one replication and so one thread.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a benchmark may fail")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use grieta::Process;
use grieta::simulator::Simulation;

const MODELS: [(&str, &[u8]); 2] =
    [("mm5", include_bytes!("models/mm5.yaml")), ("seven-step-flow", include_bytes!("models/seven-step-flow.yaml"))];

fn simulation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("simulation, by event");
    group.sample_size(20);
    for (name, bytes) in MODELS {
        let process = Arc::new(Process::read(name, bytes).expect("a model of this folder"));
        let simulation = Simulation::new(&process).unwrap().cases(100_000).replications(1);
        group.throughput(Throughput::Elements(simulation.run().unwrap().events));
        group.bench_function(name, |bencher| bencher.iter(|| black_box(simulation.run().unwrap().events)));
    }
    group.finish();
}

criterion_group!(benches, simulation);
criterion_main!(benches);
