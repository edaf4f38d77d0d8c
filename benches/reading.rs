//! Reading and checking a definition of one megabyte, beside what it takes to read the same file as untyped values.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a benchmark may fail")]

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use grieta::Process;

const SIZE: usize = 1_000_000;

/// A chain of calls, each with two outcomes and a crack.
fn definition() -> String {
    let mut text = "process: large\nversion: 1.0.0\nstart: call-0\nroles: { sdr: { people: 2 } }\nsteps:\n".to_owned();
    for step in 0.. {
        let next = step + 1;
        write!(
            text,
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
        .unwrap();
        if text.len() > SIZE {
            write!(text, "  call-{next}: {{ end: {{}} }}\n  lost: {{ end: {{}} }}\n").unwrap();
            break;
        }
    }
    text
}

/// The other library counts what a file holds, and would refuse one of this size.
fn unlimited() -> serde_saphyr::Options {
    serde_saphyr::options! { budget: None }
}

fn reading(criterion: &mut Criterion) {
    let text = definition();
    assert!(Process::read("large.yaml", text.as_bytes()).is_ok());
    let mut group = criterion.benchmark_group("reading");
    group.sample_size(20).throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("1 MB", |bencher| {
        bencher.iter(|| black_box(Process::read("large.yaml", black_box(text.as_bytes())).is_ok()));
    });
    group.bench_function("1 MB, untyped", |bencher| {
        let read = |text| serde_saphyr::from_str_with_options::<serde_json::Value>(text, unlimited());
        assert!(read(&text).is_ok());
        bencher.iter(|| black_box(read(black_box(&text)).is_ok()));
    });
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
