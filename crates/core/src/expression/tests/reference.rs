//! Whether evaluation agrees with a naive interpreter: random trees over a map of names, in numbers of 128 bits.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::value::Decimal;

#[derive(Debug, Clone)]
enum Tree {
    Leaf(String),
    /// Symbol, left, right, each in parentheses.
    Binary(&'static str, Box<Tree>, Box<Tree>),
    Prefix(&'static str, Box<Tree>),
    Choose(Box<Tree>, Box<Tree>, Box<Tree>),
    Call(&'static str, Box<Tree>, Box<Tree>),
}

#[derive(Debug, Clone, PartialEq)]
enum Plain {
    Truth(bool),
    /// Billionths, and whether it is an integer.
    Number(i128, bool),
    Word(String),
}

impl Tree {
    fn written(&self) -> String {
        match self {
            Tree::Leaf(text) => text.clone(),
            Tree::Binary(symbol, a, b) => format!("({}) {symbol} ({})", a.written(), b.written()),
            Tree::Prefix(symbol, a) => format!("{symbol}({})", a.written()),
            Tree::Choose(c, a, b) => format!("({}) ? ({}) : ({})", c.written(), a.written(), b.written()),
            Tree::Call(name, a, b) => format!("{name}({}, {})", a.written(), b.written()),
        }
    }

    /// `None` where evaluation fails.
    fn reference(&self, names: &BTreeMap<&str, Plain>) -> Option<Plain> {
        match self {
            Tree::Leaf(text) => leaf(text, names),
            Tree::Prefix("!", a) => Some(Plain::Truth(a.reference(names)? == Plain::Truth(false))),
            Tree::Prefix(_, a) => match a.reference(names)? {
                Plain::Number(n, whole) => in_range(n.checked_neg()?, whole),
                _ => unreachable!(),
            },
            Tree::Choose(c, a, b) => match c.reference(names)? {
                // Both branches share a type: an integer becomes a decimal beside one.
                Plain::Truth(true) => a.reference(names),
                _ => b.reference(names),
            },
            Tree::Binary("&&", a, b) => {
                if a.reference(names)? == Plain::Truth(false) {
                    Some(Plain::Truth(false))
                } else {
                    b.reference(names)
                }
            }
            Tree::Binary("||", a, b) => {
                if a.reference(names)? == Plain::Truth(true) {
                    Some(Plain::Truth(true))
                } else {
                    b.reference(names)
                }
            }
            Tree::Binary(symbol, a, b) | Tree::Call(symbol, a, b) => {
                binary(symbol, a.reference(names)?, b.reference(names)?)
            }
        }
    }
}

fn leaf(text: &str, names: &BTreeMap<&str, Plain>) -> Option<Plain> {
    if let Some(value) = names.get(text) {
        return Some(value.clone());
    }
    match text.chars().next()? {
        't' | 'f' if text == "true" || text == "false" => Some(Plain::Truth(text == "true")),
        '"' => Some(Plain::Word(text.trim_matches('"').to_owned())),
        '-' | '0'..='9' => {
            let (whole, places) = text.split_once('.').unwrap_or((text, ""));
            let digits: i128 = format!("{whole}{places:0<9}").parse().unwrap();
            Some(Plain::Number(digits, !text.contains('.')))
        }
        _ => None,
    }
}

const BILLION: i128 = 1_000_000_000;

fn in_range(n: i128, whole: bool) -> Option<Plain> {
    (!whole || i64::try_from(n / BILLION).is_ok()).then_some(Plain::Number(n, whole))
}

fn binary(symbol: &str, a: Plain, b: Plain) -> Option<Plain> {
    let (Plain::Number(x, whole_x), Plain::Number(y, whole_y)) = (&a, &b) else {
        return Some(Plain::Truth((a == b) == (symbol == "==")));
    };
    let (x, y, whole) = (*x, *y, *whole_x && *whole_y);
    // The generators keep decimals small enough for these products.
    let number = match symbol {
        "+" => x.checked_add(y)?,
        "-" => x.checked_sub(y)?,
        "*" if whole => (x / BILLION).checked_mul(y / BILLION)?.checked_mul(BILLION)?,
        // In two parts of one sign, because the product of both may need more than 128 bits before it is rounded.
        "*" => (x / BILLION).checked_mul(y)?.checked_add(round((x % BILLION).checked_mul(y)?, BILLION))?,
        "/" if whole => (x / BILLION).checked_div(y / BILLION)?.checked_mul(BILLION)?,
        "/" if y == 0 => return None,
        "/" => round(x.checked_mul(BILLION)?, y),
        "%" => x.checked_rem(y)?,
        "min" => x.min(y),
        "max" => x.max(y),
        "==" => return Some(Plain::Truth(x == y)),
        "!=" => return Some(Plain::Truth(x != y)),
        "<" => return Some(Plain::Truth(x < y)),
        "<=" => return Some(Plain::Truth(x <= y)),
        ">" => return Some(Plain::Truth(x > y)),
        _ => return Some(Plain::Truth(x >= y)),
    };
    in_range(number, whole)
}

/// Half away from zero.
fn round(n: i128, d: i128) -> i128 {
    let away = if (n < 0) == (d < 0) { 1 } else { -1 };
    n / d + if (n % d).abs() * 2 >= d.abs() { away } else { 0 }
}

fn leaves(texts: &'static [&'static str]) -> BoxedStrategy<Tree> {
    proptest::sample::select(texts).prop_map(|text| Tree::Leaf(text.to_owned())).boxed()
}

fn pairs(symbols: &'static [&'static str], sides: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    (proptest::sample::select(symbols), sides.clone(), sides)
        .prop_map(|(symbol, a, b)| Tree::Binary(symbol, Box::new(a), Box::new(b)))
        .boxed()
}

fn numbers(depth: u32, whole: bool) -> BoxedStrategy<Tree> {
    const WHOLE: &[&str] =
        &["i", "j", "0", "1", "-3", "9223372036854775807", "-9223372036854775808", "gone", "4611686018427387904"];
    const PLACES: &[&str] = &["d", "e", "0.5", "-2.000000001", "3.3", "0.0"];
    if depth == 0 {
        return if whole { leaves(WHOLE) } else { leaves(PLACES) };
    }
    let inner = numbers(depth - 1, whole);
    // Decimal sums mix in integers on either side, whole sums do not mix in decimals.
    let side =
        if whole { inner.clone() } else { prop_oneof![3 => inner.clone(), 1 => numbers(depth - 1, true)].boxed() };
    let operators = pairs(&["+", "-", "*", "/", "%"], inner.clone());
    let mixed = (proptest::sample::select(&["+", "-", "*", "/", "%"][..]), inner.clone(), side)
        .prop_map(|(symbol, a, b)| Tree::Binary(symbol, Box::new(a), Box::new(b)));
    let calls = (proptest::sample::select(&["min", "max"][..]), inner.clone(), inner.clone())
        .prop_map(|(name, a, b)| Tree::Call(name, Box::new(a), Box::new(b)));
    let choices = (truths(depth - 1), inner.clone(), inner.clone())
        .prop_map(|(c, a, b)| Tree::Choose(Box::new(c), Box::new(a), Box::new(b)));
    let signs = inner.clone().prop_map(|a| Tree::Prefix("-", Box::new(a)));
    prop_oneof![2 => inner, 3 => operators, 3 => mixed, 1 => calls, 1 => choices, 1 => signs].boxed()
}

fn truths(depth: u32) -> BoxedStrategy<Tree> {
    if depth == 0 {
        return leaves(&["b", "c", "true", "false", "absent_flag"]);
    }
    let inner = truths(depth - 1);
    const ORDER: &[&str] = &["==", "!=", "<", "<=", ">", ">="];
    let any_number = prop_oneof![numbers(depth - 1, true), numbers(depth - 1, false)].boxed();
    let words = leaves(&["name", "\"anna\"", "\"berta\""]);
    let tier = leaves(&["tier", "other_tier", "\"low\"", "\"gold\""]);
    let negated = inner.clone().prop_map(|a| Tree::Prefix("!", Box::new(a)));
    let choices = (inner.clone(), inner.clone(), inner.clone())
        .prop_map(|(c, a, b)| Tree::Choose(Box::new(c), Box::new(a), Box::new(b)));
    prop_oneof![
        1 => inner.clone(),
        3 => pairs(&["&&", "||"], inner.clone()),
        1 => pairs(&["==", "!="], inner),
        3 => pairs(ORDER, any_number),
        1 => pairs(&["==", "!="], words),
        1 => pairs(&["==", "!="], tier),
        1 => negated,
        1 => choices,
    ]
    .boxed()
}

fn names() -> BTreeMap<&'static str, Plain> {
    let number = |n: i128, whole| Plain::Number(n, whole);
    BTreeMap::from([
        ("i", number(7 * BILLION, true)),
        ("j", number(2 * BILLION, true)),
        ("d", number(2_500_000_000, false)),
        ("e", number(4 * BILLION, false)),
        ("b", Plain::Truth(true)),
        ("c", Plain::Truth(false)),
        ("name", Plain::Word("anna".into())),
        ("tier", Plain::Word("gold".into())),
        ("other_tier", Plain::Word("low".into())),
    ])
}

fn plain(value: Value) -> Plain {
    match value {
        Value::Boolean(value) => Plain::Truth(value),
        Value::Integer(value) => Plain::Number(i128::from(value) * BILLION, true),
        Value::Decimal(value) => Plain::Number(value.billionths(), false),
        Value::Text(text) => Plain::Word(text.to_string()),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn agrees(tree: &Tree) {
    let source = tree.written();
    let value = eval(&source).ok().map(plain);
    assert_eq!(value, tree.reference(&names()), "{source}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whole_numbers_agree_with_the_reference(tree in numbers(4, true)) {
        agrees(&tree);
    }

    #[test]
    fn conditions_agree_with_the_reference(tree in truths(3)) {
        agrees(&tree);
    }

    #[test]
    fn decimals_agree_with_the_reference(tree in numbers(2, false)) {
        // The reference multiplies in 128 bits only; beyond that the unit tests of `Decimal` speak.
        if let Some(expected) = tree.reference(&names()) {
            prop_assert_eq!(eval(&tree.written()).ok().map(plain), Some(expected), "{}", tree.written());
        }
    }

    #[test]
    fn a_value_assigned_fits_its_field(tree in numbers(3, true)) {
        let schema = schema();
        let compiled = Expression::compile_assignment(&tree.written(), &schema, 2).unwrap();
        if let Ok(value) = compiled.eval(&data()) {
            prop_assert!(matches!(value, Value::Decimal(number) if number.checked_rem(Decimal::from(1)) == Some(Decimal::ZERO)));
        }
    }
}
