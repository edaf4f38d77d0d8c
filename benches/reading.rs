//! Reading and checking a definition of one megabyte, beside what it takes to read the same file as untyped values.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a benchmark may fail")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use grieta::Process;

const SIZE: usize = 1_000_000;

/// Some 12,000 short steps.
fn short(step: u32, next: u32) -> String {
    format!("  call-{step}: {{ human: {{ role: sdr, takes: 6 min }}, name: Call number {step}, next: call-{next} }}\n")
}

/// Some 3,000 steps with two outcomes and a crack.
fn rich(step: u32, next: u32) -> String {
    format!(
        r#"  call-{step}:
    human: {{ role: sdr, takes: "lognormal(6 min, cv 0.7)" }}
    name: Call number {step}
    outcomes:
      reached: {{ chance: 18%, to: call-{next} }}
      no-answer: {{ chance: rest, to: lost }}
    cracks:
      voicemail-full: {{ on: failure, chance: 4%, do: {{ retry: {{ after: 4 h, at-most: 3 }} }}, then: lost }}
"#
    )
}

/// One megabyte of such steps in a chain.
fn definition(written: fn(u32, u32) -> String) -> String {
    let mut text = "process: large\nversion: 1.0.0\nstart: call-0\nroles: { sdr: { people: 2 } }\nsteps:\n".to_owned();
    let mut step = 0;
    while text.len() < SIZE {
        text += &written(step, step + 1);
        step += 1;
    }
    text + &format!("  call-{step}: {{ human: {{ role: sdr }}, next: lost }}\n  lost: {{ end: {{}} }}\n")
}

/// The other library counts what a file holds, and would refuse one of this size.
fn unlimited() -> serde_saphyr::Options {
    serde_saphyr::options! { budget: None }
}

fn reading(criterion: &mut Criterion) {
    for (name, written) in [("short steps", short as fn(u32, u32) -> String), ("rich steps", rich)] {
        let text = definition(written);
        let mut group = criterion.benchmark_group(format!("reading 1 MB of {name}"));
        group.sample_size(20).throughput(Throughput::Bytes(text.len() as u64));
        let ours = |text: &str| Process::read("large.yaml", text.as_bytes()).is_ok();
        group.bench_function("ours, checked", |bencher| bencher.iter(|| black_box(ours(black_box(&text)))));
        let untyped = |text: &str| serde_saphyr::from_str_with_options::<serde_json::Value>(text, unlimited()).is_ok();
        Process::read("large.yaml", text.as_bytes()).expect("a definition without problems");
        assert!(untyped(&text));
        group.bench_function("untyped", |bencher| bencher.iter(|| black_box(untyped(black_box(&text)))));
        group.finish();
    }
}

criterion_group!(benches, reading);
criterion_main!(benches);
