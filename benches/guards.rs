//! One guard, by our language and by CEL, each compiled once: what it costs to ask it.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a benchmark may fail")]

use std::hint::black_box;

use cel::{Context, Program};
use criterion::{Criterion, criterion_group, criterion_main};
use grieta::definition::{Expression, Field, Type};
use grieta::expression::{Compiled, Schema};
use grieta::value::Value;

const GUARD: &str = r#"amount > 1000 && tier == "gold""#;

/// The guard and the data of a case, where `tier` is declared so.
fn ours(tier: Field) -> (Compiled, Vec<Value>) {
    let gold = Value::parse(&tier, "gold").expect("a value of the field");
    let fields = [("amount".to_owned(), Field::of(Type::Integer)), ("tier".to_owned(), tier)];
    let schema = Schema::new(&fields.into_iter().collect()).expect("few fields");
    let guard = Expression::compile_guard(GUARD, &schema).expect("a condition");
    (guard, vec![Value::Integer(1_500), gold])
}

fn guards(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("guard");
    for (name, tier) in [("text", Field::of(Type::Text)), ("choice", Field::choice(["low", "gold"]))] {
        let (guard, data) = ours(tier);
        assert_eq!(guard.holds(&data), Ok(true));
        group.bench_function(format!("ours, tier is a {name}"), |bencher| {
            bencher.iter(|| black_box(&guard).holds(black_box(&data)).is_ok_and(|holds| holds));
        });
    }
    let program = Program::compile(GUARD).expect("a program");
    let mut context = Context::default();
    context.add_variable("amount", 1_500_i64).expect("a variable");
    context.add_variable("tier", "gold").expect("a variable");
    assert_eq!(program.execute(&context), Ok(true.into()));
    group.bench_function("cel", |bencher| {
        bencher.iter(|| black_box(&program).execute(black_box(&context)).is_ok_and(|value| value == true.into()));
    });
    group.finish();
}

criterion_group!(benches, guards);
criterion_main!(benches);
