//! Whether every case can end, asked of a flow with many parallel branches: with the orders left out that make no
//! difference, and with all of them.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a benchmark may fail")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use grieta::definition::{Definition, Step};
use grieta::verifier::{Limits, Verdict, explore};
use grieta::{Plan, Process};

/// A fork into branches of one service each, a join of all, and the end.
fn branches(count: usize) -> Plan {
    let names: Vec<String> = (1..=count).map(|number| format!("branch-{number}")).collect();
    let fork = Step::fork(names.iter().map(String::as_str));
    let definition = Definition::new("branches", "1.0.0").step("fork", fork);
    let definition = names.iter().fold(definition, |so_far, name| so_far.step(name, Step::service().next("join")));
    let definition = definition.step("join", Step::join().next("end")).step("end", Step::end());
    Plan::new(Arc::new(Process::new(definition).expect("a correct definition"))).expect("few steps")
}

fn verification(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verification");
    group.sample_size(10);
    // States and transitions: every subset of the branches may be done, and any other branch be next.
    let all = (1 << 17, 17 << 16);
    for (count, reduce, size) in [(17, true, (18, 17)), (30, true, (31, 30)), (17, false, all)] {
        let plan = branches(count);
        let limits = Limits { reduce, ..Limits::default() };
        let found = explore(&plan, &limits);
        assert_eq!(found.verdict, Verdict::Sound);
        // And the start.
        assert_eq!((found.states, found.transitions), (size.0 + 1, size.1 + 1));
        group.throughput(Throughput::Elements(found.transitions as u64));
        let name = format!("{count} branches, {}", if reduce { "reduced" } else { "full" });
        group.bench_function(name, |bencher| bencher.iter(|| explore(black_box(&plan), &limits)));
    }
    group.finish();
}

criterion_group!(benches, verification);
criterion_main!(benches);
