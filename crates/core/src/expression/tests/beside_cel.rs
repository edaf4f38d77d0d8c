//! Whether the language means what CEL means by the same expression, where both have it.
//!
//! They differ by design in three things:
//! - `&&` and `||` decide from the left: a side that fails is a failure. CEL lets the other side decide if it can. So in
//!   CEL they are written as conditionals, which must agree wholly; as they are, only what has a value here must agree.
//! - The least integer has the remainder 0 by −1. It overflows in CEL.
//! - What is absent here is a variable that CEL does not know; both fail. `has` asks something else in CEL and is left out.

use ::cel::{Context, ExecutionError, Program};
use proptest::prelude::*;

use super::*;

/// An expression; the types of its parts fit.
#[derive(Debug, Clone)]
enum Tree {
    Leaf(&'static str),
    Binary(&'static str, Box<[Tree; 2]>),
    Prefix(&'static str, Box<Tree>),
    Choose(Box<[Tree; 3]>),
    List(Vec<Tree>),
    Length(Box<Tree>),
    /// Of a text in a text.
    Contains(Box<[Tree; 2]>),
    /// Of a value in a list, as a function.
    Holds(Box<[Tree; 2]>),
}

/// How a tree is written.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Ours,
    Cel,
    /// CEL with `&&` and `||` that decide from the left.
    CelFromTheLeft,
}

impl Tree {
    fn written(&self, manner: Manner) -> String {
        let write = |tree: &Tree| format!("({})", tree.written(manner));
        match self {
            Tree::Leaf(text) => (*text).to_owned(),
            Tree::Binary("&&", sides) if manner == Manner::CelFromTheLeft => {
                format!("{} ? {} : false", write(&sides[0]), write(&sides[1]))
            }
            Tree::Binary("||", sides) if manner == Manner::CelFromTheLeft => {
                format!("{} ? true : {}", write(&sides[0]), write(&sides[1]))
            }
            Tree::Binary(symbol, sides) => format!("{} {symbol} {}", write(&sides[0]), write(&sides[1])),
            Tree::Prefix(symbol, inner) => format!("{symbol}{}", write(inner)),
            Tree::Choose(parts) => format!("{} ? {} : {}", write(&parts[0]), write(&parts[1]), write(&parts[2])),
            Tree::List(parts) => format!("[{}]", parts.iter().map(write).collect::<Vec<_>>().join(", ")),
            Tree::Length(of) if manner == Manner::Ours => format!("length({})", of.written(manner)),
            Tree::Length(of) => format!("size({})", of.written(manner)),
            Tree::Contains(sides) if manner == Manner::Ours => {
                format!("contains({}, {})", sides[0].written(manner), sides[1].written(manner))
            }
            Tree::Contains(sides) => format!("{}.contains({})", write(&sides[0]), sides[1].written(manner)),
            Tree::Holds(sides) if manner == Manner::Ours => {
                format!("contains({}, {})", sides[0].written(manner), sides[1].written(manner))
            }
            Tree::Holds(sides) => format!("{} in {}", write(&sides[1]), write(&sides[0])),
        }
    }
}

fn leaf(texts: &'static [&'static str]) -> BoxedStrategy<Tree> {
    proptest::sample::select(texts).prop_map(Tree::Leaf).boxed()
}

fn binary(symbols: &'static [&'static str], side: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    (proptest::sample::select(symbols), pair(side.clone(), side))
        .prop_map(|(symbol, sides)| Tree::Binary(symbol, sides))
        .boxed()
}

fn pair(a: BoxedStrategy<Tree>, b: BoxedStrategy<Tree>) -> BoxedStrategy<Box<[Tree; 2]>> {
    (a, b).prop_map(|(a, b)| Box::new([a, b])).boxed()
}

fn choose(depth: u32, of: BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    (truths(depth), of.clone(), of).prop_map(|(c, a, b)| Tree::Choose(Box::new([c, a, b]))).boxed()
}

fn integers(depth: u32) -> BoxedStrategy<Tree> {
    let leaves = leaf(&["i", "j", "0", "1", "-1", "-3", "7", "9223372036854775807", "gone"]);
    if depth == 0 {
        return leaves;
    }
    let inner = integers(depth - 1);
    let length = prop_oneof![texts(depth - 1), lists(depth - 1, integers), lists(depth - 1, texts)];
    prop_oneof![
        2 => leaves,
        6 => binary(&["+", "-", "*", "/", "%"], inner.clone()),
        1 => inner.clone().prop_map(|inner| Tree::Prefix("-", Box::new(inner))),
        1 => choose(depth - 1, inner),
        1 => length.prop_map(|of| Tree::Length(Box::new(of))),
    ]
    .boxed()
}

fn texts(depth: u32) -> BoxedStrategy<Tree> {
    let leaves = leaf(&["name", r#""anna""#, r#""a""#, r#""größer""#, r#""""#, r#""x\"\\\n\t""#]);
    if depth == 0 {
        return leaves;
    }
    let inner = texts(depth - 1);
    prop_oneof![3 => leaves, 2 => binary(&["+"], inner.clone()), 1 => choose(depth - 1, inner)].boxed()
}

fn lists(depth: u32, of: fn(u32) -> BoxedStrategy<Tree>) -> BoxedStrategy<Tree> {
    proptest::collection::vec(of(depth.min(1)), 0..4).prop_map(Tree::List).boxed()
}

fn truths(depth: u32) -> BoxedStrategy<Tree> {
    const ORDER: &[&str] = &["==", "!=", "<", "<=", ">", ">="];
    let leaves = leaf(&["b", "c", "true", "false", "absent_flag"]);
    if depth == 0 {
        return leaves;
    }
    let (inner, integer, text) = (truths(depth - 1), integers(depth - 1), texts(depth - 1));
    let (of_integers, of_texts) = (lists(depth - 1, integers), lists(depth - 1, texts));
    let is_in = |sides: Box<[Tree; 2]>| Tree::Binary("in", sides);
    prop_oneof![
        1 => leaves,
        6 => binary(&["&&", "||"], inner.clone()),
        1 => inner.clone().prop_map(|inner| Tree::Prefix("!", Box::new(inner))),
        1 => binary(&["==", "!="], inner.clone()),
        3 => binary(ORDER, integer.clone()),
        2 => binary(ORDER, text.clone()),
        1 => binary(&["==", "!="], of_integers.clone()),
        1 => pair(integer.clone(), of_integers.clone()).prop_map(is_in),
        1 => pair(text.clone(), of_texts.clone()).prop_map(is_in),
        1 => pair(of_integers, integer).prop_map(Tree::Holds),
        1 => pair(of_texts, text.clone()).prop_map(Tree::Holds),
        1 => pair(text.clone(), text).prop_map(Tree::Contains),
        1 => choose(depth - 1, inner),
    ]
    .boxed()
}

/// What the fields hold that differ from case to case.
#[derive(Debug, Clone)]
struct Given {
    i: i64,
    j: i64,
    b: bool,
    name: &'static str,
}

fn given() -> impl Strategy<Value = Given> {
    let integers = || prop_oneof![-9_i64..9, proptest::sample::select(&[i64::MIN, i64::MAX, i64::MIN + 1][..])];
    let names = proptest::sample::select(&["anna", "", "größer", "a"][..]);
    (integers(), integers(), any::<bool>(), names).prop_map(|(i, j, b, name)| Given { i, j, b, name })
}

fn ours(source: &str, given: &Given) -> Option<Value> {
    let mut data = data();
    (data[0], data[1], data[4]) = (given.i.into(), given.j.into(), given.b.into());
    (data[5], data[6]) = ((!given.b).into(), given.name.into());
    Expression::compile(source, &schema()).unwrap().eval(&data).ok()
}

fn cels(source: &str, given: &Given) -> Result<Value, ExecutionError> {
    let mut context = Context::default();
    context.add_variable("i", given.i).unwrap();
    context.add_variable("j", given.j).unwrap();
    context.add_variable("b", given.b).unwrap();
    context.add_variable("c", !given.b).unwrap();
    context.add_variable("name", given.name).unwrap();
    Program::compile(source).unwrap().execute(&context).map(|value| translated(&value))
}

fn translated(value: &::cel::Value) -> Value {
    match value {
        ::cel::Value::Int(value) => (*value).into(),
        ::cel::Value::Bool(value) => (*value).into(),
        ::cel::Value::String(text) => text.as_str().into(),
        ::cel::Value::List(values) => values.iter().map(translated).collect::<Vec<_>>().into(),
        other => panic!("{other:?}"),
    }
}

fn agree(tree: &Tree, given: &Given) {
    let ours = ours(&tree.written(Manner::Ours), given);
    let source = tree.written(Manner::CelFromTheLeft);
    match cels(&source, given) {
        Err(ExecutionError::Overflow("rem", ..)) => {}
        cels => assert_eq!(ours, cels.ok(), "{} beside {source} with {given:?}", tree.written(Manner::Ours)),
    }
    let source = tree.written(Manner::Cel);
    match (ours, cels(&source, given)) {
        (None, _) | (_, Err(ExecutionError::Overflow("rem", ..))) => {}
        (ours, cels) => assert_eq!(ours, cels.ok(), "{source} with {given:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn conditions_mean_what_they_mean_in_cel(tree in truths(3), given in given()) {
        agree(&tree, &given);
    }

    #[test]
    fn integers_mean_what_they_mean_in_cel(tree in integers(3), given in given()) {
        agree(&tree, &given);
    }

    #[test]
    fn texts_and_lists_mean_what_they_mean_in_cel(tree in prop_oneof![texts(3), lists(2, texts), lists(2, integers)], given in given()) {
        agree(&tree, &given);
    }
}

#[test]
fn where_they_differ() {
    let given = Given { i: i64::MIN, j: -1, b: true, name: "anna" };
    assert_eq!(ours("gone > 1 || true", &given), None);
    assert_eq!(cels("gone > 1 || true", &given), Ok(true.into()));
    assert_eq!(ours("i % j", &given), Some(0.into()));
    assert!(matches!(cels("i % j", &given), Err(ExecutionError::Overflow("rem", ..))));
}
