//! The tests of a decision table: what an input may be for a rule to match.

use std::cmp::Ordering;

use crate::definition::{Field, Type};
use crate::expression::{Comparison, Part};
use crate::value::Value;

/// A test of one input.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// Whatever it is, even absent.
    Any,
    /// It compares so with a value.
    Compare(Comparison, Value),
    /// It lies between two values, or is one of them.
    Between(Value, Value),
    /// One of these holds.
    OneOf(Box<[Test]>),
    /// None of these holds.
    NoneOf(Box<[Test]>),
}

/// The operators as they are written, the longer ones first.
const OPERATORS: [&str; 6] = ["<=", ">=", "!=", "==", "<", ">"];

impl Test {
    /// Reads a test of an input that is like that field: `any` or `-`, `gold`, `>= 50`, `10..20`, several of them separated
    /// by commas, or `not(…)` around them.
    ///
    /// # Errors
    /// What was expected and what was found.
    pub fn read(text: &str, input: &Field) -> Result<Test, String> {
        let text = text.trim();
        if matches!(text, "any" | "-") {
            return Ok(Test::Any);
        }
        let negated = text.strip_prefix("not(").and_then(|rest| rest.strip_suffix(')'));
        let tests = pieces(negated.unwrap_or(text))?;
        let mut tests = tests.into_iter().map(|piece| one(piece, input)).collect::<Result<Vec<_>, _>>()?;
        Ok(match (negated, tests.len()) {
            (Some(_), _) => Test::NoneOf(tests.into()),
            (None, 1) => tests.remove(0),
            (None, _) => Test::OneOf(tests.into()),
        })
    }

    /// Whether it holds of a value of the type it was read for.
    pub fn holds(&self, value: &Value) -> bool {
        match self {
            Test::Any => true,
            Test::Compare(comparison, with) => {
                order(value, with).is_some_and(|order| comparison.holds(&order, &Ordering::Equal))
            }
            Test::Between(low, high) => {
                order(value, low).is_some_and(Ordering::is_ge) && order(value, high).is_some_and(Ordering::is_le)
            }
            Test::OneOf(tests) => tests.iter().any(|test| test.holds(value)),
            Test::NoneOf(tests) => !tests.iter().any(|test| test.holds(value)),
        }
    }

    /// The condition that it puts on an input.
    pub fn of(&self, input: &Part) -> Part {
        let compare = |comparison, with: &Value| {
            Part::Compare(comparison, Box::new([input.clone(), Part::Constant(with.clone())]))
        };
        let each = |tests: &[Test]| tests.iter().map(|test| test.of(input)).collect();
        match self {
            Test::Any => Part::Constant(true.into()),
            Test::Compare(comparison, with) => compare(*comparison, with),
            Test::Between(low, high) => {
                Part::All(vec![compare(Comparison::GreaterOrEqual, low), compare(Comparison::LessOrEqual, high)])
            }
            Test::OneOf(tests) => Part::Any(each(tests)),
            Test::NoneOf(tests) => Part::Not(Box::new(Part::Any(each(tests)))),
        }
    }
}

/// How two values of the same type compare.
fn order(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::Boolean(one), Value::Boolean(other)) => Some(one.cmp(other)),
        (Value::Integer(one), Value::Integer(other)) => Some(one.cmp(other)),
        (Value::Decimal(one), Value::Decimal(other)) => Some(one.cmp(other)),
        (Value::Text(one), Value::Text(other)) => Some(one.cmp(other)),
        (Value::Choice(one), Value::Choice(other)) => Some(one.cmp(other)),
        (Value::Date(one), Value::Date(other)) => Some(one.cmp(other)),
        (Value::Duration(one), Value::Duration(other)) => Some(one.cmp(other)),
        _ => None,
    }
}

/// The parts between commas that stand outside quotes.
fn pieces(text: &str) -> Result<Vec<&str>, String> {
    let (mut pieces, mut from, mut quoted) = (Vec::new(), 0, false);
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                pieces.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    if quoted {
        return Err(format!("a quote is never closed in `{text}`"));
    }
    pieces.push(text[from..].trim());
    if pieces.contains(&"") {
        return Err(format!("expected a test such as `gold` or `>= 50`, found nothing in `{text}`"));
    }
    Ok(pieces)
}

fn one(text: &str, input: &Field) -> Result<Test, String> {
    if matches!(text, "any" | "-") {
        return Err(format!("`{text}` stands alone; a value of that name stands in double quotes"));
    }
    if text.starts_with("not(") {
        return Err(format!("`not(…)` stands around all tests, as in `not(1, 3)`; found `{text}`"));
    }
    let ordered = !matches!(input.kind, Type::Boolean | Type::Choice);
    let no_order = || format!("a {} has no order, found `{text}`", input.kind);
    if text.starts_with('=') && !text.starts_with("==") {
        return Err(format!("expected a test such as `gold` or `== gold`, found `{text}`"));
    }
    let operator = OPERATORS.into_iter().find(|operator| text.starts_with(operator));
    if let Some((operator, comparison)) = operator.and_then(|symbol| Some((symbol, Comparison::from_symbol(symbol)?))) {
        if !comparison.is_equality() && !ordered {
            return Err(no_order());
        }
        return Ok(Test::Compare(comparison, literal(&text[operator.len()..], input)?));
    }
    match range(text) {
        Some(_) if !ordered => Err(no_order()),
        Some((low, high)) => {
            let (low, high) = (literal(low, input)?, literal(high, input)?);
            match order(&low, &high) {
                Some(Ordering::Greater) => Err(format!("the range `{text}` ends before it begins")),
                _ => Ok(Test::Between(low, high)),
            }
        }
        None => literal(text, input).map(|value| Test::Compare(Comparison::Equal, value)),
    }
}

/// The ends of a range, between which two dots stand outside quotes.
fn range(text: &str) -> Option<(&str, &str)> {
    let outside = |at: &usize| text[..*at].matches('"').count().is_multiple_of(2);
    let at = text.match_indices("..").map(|(at, _)| at).find(outside)?;
    Some((&text[..at], &text[at + 2..]))
}

/// A value of the input, in quotes or not.
fn literal(text: &str, input: &Field) -> Result<Value, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("expected a value, found nothing".to_owned());
    }
    let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    // One may ask for what the field never holds.
    Value::parse_unbounded(input, bare.unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, field: &Field, value: &str) -> bool {
        let value = Value::parse(field, value).unwrap();
        Test::read(text, field).unwrap_or_else(|problem| unreachable!("{text}: {problem}")).holds(&value)
    }

    #[test]
    fn tests_hold_of_what_they_say() {
        let check = |kind: Type, text: &str, yes: &[&str], no: &[&str]| {
            let field = Field::of(kind);
            yes.iter().for_each(|value| assert!(holds(text, &field, value), "{text} of {value}"));
            no.iter().for_each(|value| assert!(!holds(text, &field, value), "{text} of {value}"));
        };
        check(Type::Integer, ">= 50", &["50", "51"], &["49", "-50"]);
        check(Type::Integer, ">=50", &["50"], &["49"]);
        check(Type::Integer, "10..20", &["10", "15", "20"], &["9", "21"]);
        check(Type::Integer, "-5..-1", &["-5", "-1"], &["0"]);
        check(Type::Integer, "1, 3, > 10", &["1", "3", "11"], &["2", "10"]);
        check(Type::Integer, "not(1, 3)", &["2"], &["1", "3"]);
        check(Type::Integer, "!= 4", &["5"], &["4"]);
        check(Type::Integer, "any", &["5"], &[]);
        check(Type::Integer, "-", &["5"], &[]);
        check(Type::Decimal, "< 0.5", &["0.49"], &["0.5"]);
        check(Type::Text, "gold, \"a, b\"", &["gold", "a, b"], &["a", "b"]);
        check(Type::Text, "\"-\"", &["-"], &["any"]);
        check(Type::Text, "\"1..2\"", &["1..2"], &["1"]);
        check(Type::Boolean, "true", &["true"], &["false"]);
        check(Type::Date, "2026-01-01..2026-03-31", &["2026-02-28"], &["2026-04-01", "2025-12-31"]);
        check(Type::Duration, "> 2 h", &["3 h"], &["2 h"]);
        check(Type::Duration, "== 90 min", &["1.5 h"], &["1 h"]);
        check(Type::Text, "\"a\"..\"m\"", &["a", "k"], &["z"]);
        check(Type::Text, "\"a..b\"", &["a..b"], &["a"]);
        check(Type::Text, ">= \"a..b\"", &["a..c"], &["a"]);
        check(Type::Decimal, "-0.5..0.5", &["-0.5", "0", "0.5"], &["0.51"]);
        check(Type::Duration, "-2 h..30 min", &["-1 h", "30 min"], &["31 min"]);
        check(Type::Text, "\"\"", &[""], &["a"]);
        check(Type::Text, "company", &["company"], &["any"]);
    }

    #[test]
    fn what_is_no_test_says_what_was_expected() {
        let tier = Field::choice(["low", "gold"]);
        let check = |text: &str, field: &Field, message: &str| {
            let found = Test::read(text, field).unwrap_err();
            assert!(found.contains(message), "{text}: {found}");
        };
        check("glod", &tier, "did you mean `gold`?");
        check("> low", &tier, "a choice has no order, found `> low`");
        check("low..gold", &tier, "a choice has no order");
        check("", &tier, "expected a test such as `gold` or `>= 50`, found nothing");
        check("low,,gold", &tier, "found nothing in `low,,gold`");
        check("\"low", &tier, "a quote is never closed");
        let number = Field::of(Type::Integer);
        check(">= 5.5", &number, "expected a whole number");
        check("20..10", &number, "the range `20..10` ends before it begins");
        check(">=", &number, "expected a value, found nothing");
        check("limit", &number, "expected a whole number such as `12`, found `limit`");
        let text = Field::of(Type::Text);
        check("not(a), not(b)", &text, "`not(…)` stands around all tests");
        check("not(a), b", &text, "`not(…)` stands around all tests");
        check("a, any", &text, "`any` stands alone");
        check("not(any)", &text, "`any` stands alone");
        check("not(1", &number, "`not(…)` stands around all tests, as in `not(1, 3)`; found `not(1`");
    }
}
