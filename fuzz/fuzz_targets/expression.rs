//! Whatever an expression says, reading it ends, what is accepted can be evaluated, and its value can be written and read.

#![no_main]

use std::sync::LazyLock;

use grieta_core::definition::{Expression, Field, Scalar, Type};
use grieta_core::expression::{Compiled, Schema};
use grieta_core::value::{Decimal, Value};
use grieta_core::{Date, Duration};
use libfuzzer_sys::fuzz_target;

/// A field of every type, and a list of every type of element.
static FIELDS: LazyLock<Vec<(String, Field)>> = LazyLock::new(|| {
    let field = |kind| Field { kind, ..Field::choice(["low", "gold"]) };
    let list = |of| field(Type::List(of));
    [
        ("text", field(Type::Text)),
        ("flag", field(Type::Boolean)),
        ("i", field(Type::Integer)),
        ("j", field(Type::Integer)),
        ("d", field(Type::Decimal)),
        ("tier", field(Type::Choice)),
        ("due", field(Type::Date)),
        ("delay", field(Type::Duration)),
        ("texts", list(Scalar::Text)),
        ("flags", list(Scalar::Boolean)),
        ("is", list(Scalar::Integer)),
        ("ds", list(Scalar::Decimal)),
        ("tiers", list(Scalar::Choice)),
        ("days", list(Scalar::Date)),
        ("delays", list(Scalar::Duration)),
    ]
    .map(|(name, field)| (name.to_owned(), field))
    .into()
});

static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::new(&FIELDS.iter().cloned().collect()).expect("few fields"));

/// Data that are absent, usual, and at both ends of what can be held.
static DATA: LazyLock<[Vec<Value>; 4]> = LazyLock::new(|| {
    let full = |text: &str, i: i64, d: i128, tier: u16, due: Date| -> Vec<Value> {
        let (d, tier, delay) = (Decimal::from_billionths(d), Value::Choice(tier), Duration::from_micros(i));
        vec![
            text.into(),
            (i > 0).into(),
            i.into(),
            (-1).into(),
            d.into(),
            tier.clone(),
            due.into(),
            delay.into(),
            vec![text, "a"].into(),
            vec![true].into(),
            vec![i, 1].into(),
            vec![d].into(),
            vec![tier].into(),
            vec![due].into(),
            vec![delay].into(),
        ]
    };
    let epoch = Date::from_days(0).expect("a day");
    [
        vec![Value::Absent; FIELDS.len()],
        full("anna \"\\\n\t", 7, 2_500_000_000, 1, epoch),
        full(&"ß".repeat(20_000), i64::MAX, i128::MAX, 0, Date::MAX),
        full("", i64::MIN, i128::MIN, 1, Date::MIN),
    ]
});

/// Evaluates it on all data; its values can be read back as they are shown.
fn evaluate(compiled: &Compiled, field: &Field) {
    for data in &*DATA {
        match compiled.eval(data) {
            Ok(value) => {
                assert!(value.fits(field), "{compiled}: {value} is no {}", field.kind);
                assert_eq!(Value::parse(field, &value.show(field)), Ok(value), "{compiled}");
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

fuzz_target!(|source: &str| {
    match Expression::compile(source, &SCHEMA) {
        // Every choice of the schema has the same values.
        Ok(compiled) => evaluate(&compiled, &Field { kind: compiled.result_type(), ..Field::choice(["low", "gold"]) }),
        Err(problems) => {
            assert!(!problems.is_empty());
            let length = source.chars().count();
            for problem in problems {
                assert!(problem.range.start <= problem.range.end && problem.range.end <= length.max(1), "{problem:?}");
            }
        }
    }
    if let Ok(compiled) = Expression::compile_guard(source, &SCHEMA) {
        assert_eq!(compiled.result_type(), Type::Boolean);
        DATA.iter().for_each(|data| assert_eq!(compiled.holds(data).is_ok(), compiled.eval(data).is_ok()));
    }
    if let Ok(compiled) = Expression::compile_for_others(source, &SCHEMA) {
        evaluate(&compiled, &Field::of(compiled.result_type()));
    }
    for (slot, (_, field)) in FIELDS.iter().enumerate() {
        if let Ok(compiled) = Expression::compile_assignment(source, &SCHEMA, slot as u16) {
            assert_eq!(compiled.result_type(), field.kind, "{compiled}");
            evaluate(&compiled, field);
        }
    }
});
