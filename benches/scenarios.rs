//! The scenarios of a template: what one of them costs, on the average, once the files are read.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark may fail")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use grieta::testkit::{RandomRuns, Stage, Suite};

const FILE: &str = "process-templates/lead-qualification/to-be.test.yaml";

fn scenarios(criterion: &mut Criterion) {
    let suite = Suite::load(FILE).unwrap_or_else(|error| panic!("{error}"));
    let stage = Stage::load(&suite).unwrap_or_else(|error| panic!("{error}"));
    let mut group = criterion.benchmark_group("testkit");
    group.throughput(Throughput::Elements(suite.scenarios.len() as u64));
    group.bench_function("all scenarios of lead-qualification", |bencher| {
        bencher.iter(|| suite.scenarios.iter().all(|scenario| suite.run(scenario, &stage).failed.is_none()));
    });
    group.throughput(Throughput::Elements(100));
    group.bench_function("100 random runs of lead-qualification", |bencher| {
        let process = grieta::load("process-templates/lead-qualification/to-be.yaml").expect("a sound definition");
        let runs = RandomRuns::of(process).runs(100);
        bencher.iter(|| runs.check().completed);
    });
    group.finish();
}

criterion_group!(benches, scenarios);
criterion_main!(benches);
