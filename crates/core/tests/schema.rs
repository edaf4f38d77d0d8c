//! The JSON Schema and the reader accept and refuse the same files, as far as their shape goes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/every_key.rs"]
mod every_key;

use std::sync::LazyLock;

use corpus::corpus;
use every_key::definitions;
use grieta_core::definition::json_schema;
use grieta_core::diagnostic::Code;
use grieta_core::yaml;
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

static SCHEMA: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::validator_for(&serde_json::from_str(&json_schema()).unwrap()).unwrap());

/// What is wrong with the shape of a file. All else is beyond a schema: what names are like and where they lead, what
/// lengths of time, chances, distributions and expressions mean, and where other YAML readers would read something else.
const SHAPE: [Code; 7] = [
    Code::MissingKey,
    Code::UnknownKey,
    Code::WrongType,
    Code::StepKind,
    Code::InvalidArrivals,
    Code::TooManySuccessors,
    Code::ChanceOnGuard,
];

/// Asserts that schema and reader agree on a file; gives whether they accept it.
#[track_caller]
fn agree(file: &Value) -> bool {
    agree_on(&serde_json::to_string_pretty(file).unwrap(), file)
}

/// The same for a text that says that.
#[track_caller]
fn agree_on(text: &str, file: &Value) -> bool {
    let problems = yaml::read("test", text.as_bytes()).problems;
    let valid = SCHEMA.is_valid(file);
    let errors =
        || SCHEMA.iter_errors(file).map(|error| format!("{}: {error}", error.instance_path())).collect::<Vec<_>>();
    if valid {
        let shape: Vec<_> = problems.list.iter().filter(|problem| SHAPE.contains(&problem.code)).collect();
        assert!(shape.is_empty(), "only the reader refuses {text}\n{shape:#?}");
    } else {
        // How many steps a rule is about is for the checks to say, which look at what is built in Rust, too.
        let checked = || grieta_core::Process::read("test", text.as_bytes()).err().map(|found| found.list);
        let counted = || checked().is_some_and(|list| list.iter().any(|problem| problem.code == Code::InvalidRule));
        assert!(!problems.is_empty() || counted(), "only the schema refuses {text}\n{:#?}", errors());
    }
    valid
}

#[test]
fn every_definition_of_the_repository_has_the_right_shape() {
    for (name, text) in corpus() {
        let value: Value = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let errors: Vec<_> = SCHEMA.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn the_examples_of_the_pages_on_problems_are_refused_or_accepted_by_both() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/problems");
    let mut verdicts = (0, 0);
    for page in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(page.unwrap().path()).unwrap();
        let blocks = text.split("```yaml\n").skip(1).filter_map(|rest| rest.split_once("\n```"));
        for (block, _) in blocks {
            // What is not even YAML has no shape.
            let Ok(file) = serde_saphyr::from_str::<Value>(block) else { continue };
            match agree_on(block, &file) {
                true => verdicts.0 += 1,
                false => verdicts.1 += 1,
            }
        }
    }
    assert!(verdicts.0 > 50 && verdicts.1 >= 5, "{verdicts:?}");
}

/// A definition whose step `a` is that.
fn with_step(step: Value) -> Value {
    json!({ "process": "test", "version": "1", "start": "a", "steps": { "a": step, "b": { "end": {} } } })
}

const KINDS: [(&str, &str); 22] = [
    ("human", r#""sdr""#),
    ("human", r#"{ "role": "sdr", "takes": "6 min", "allocate": { "same-person-as": "b" } }"#),
    ("human", r#"{ "role": "sdr", "needs": ["german"], "set-up": "6 min", "take-over": "5 min" }"#),
    ("service", "{}"),
    ("assign", r#"{ "x": "x + 1", "y": true }"#),
    ("choose", r#"[{ "when": "x", "to": "b" }, { "otherwise": "b", "sets": { "x": 0 } }]"#),
    ("some", r#"[{ "otherwise": "b" }]"#),
    ("fork", r#"["b", "b"]"#),
    ("fork", r#"{ "to": "b", "threads": 3 }"#),
    ("race", r#"["b"]"#),
    ("join", r#""all""#),
    ("join", r#"{ "first": 2, "then": "cancel" }"#),
    ("join", r#"{ "threads": 3 }"#),
    ("subprocess", r#"["b"]"#),
    ("for-each", r#"{ "steps": ["b"], "times": 3, "one-by-one": true, "rest": "cancel" }"#),
    ("cancel", r#"["b"]"#),
    ("receive", r#"{ "message": "paid", "key": "x", "transient": true }"#),
    ("send", r#"{ "message": "paid", "keep": "2 d", "transient": false, "with": { "x": "y" } }"#),
    ("call", r#""other""#),
    ("wait", r#""2 h""#),
    ("wait", r#"{ "until": "2026-12-24" }"#),
    ("wait", r#"{ "for": "customer", "takes": "2 h" }"#),
];

#[test]
fn each_kind_of_step_has_its_keys_and_no_others() {
    let attributes = [
        ("name", json!("A")),
        ("value", json!("waste")),
        ("sets", json!({ "x": 1 })),
        ("next", json!("b")),
        ("outcomes", json!({ "x": "b", "y": { "to": "b", "chance": "rest" } })),
        (
            "cracks",
            json!({ "c": { "on": "failure", "do": "reoffer" }, "d": { "on": "external", "do": { "skip": {} } } }),
        ),
        ("while", json!("x")),
        ("until", json!("x")),
        ("nxt", json!("b")),
    ];
    let mut verdicts = (0, 0);
    let mut check = |step: &Value| match agree(&with_step(step.clone())) {
        true => verdicts.0 += 1,
        false => verdicts.1 += 1,
    };
    let end = ("end", r#"{ "terminate": true, "hand-over": "other" }"#);
    for (kind, form) in KINDS.into_iter().chain([end]) {
        let step = json!({ kind: serde_json::from_str::<Value>(form).unwrap() });
        assert!(agree(&with_step(step.clone())), "{kind}: {form}");
        for (at, (key, value)) in attributes.iter().enumerate() {
            let mut step = step.clone();
            step[key] = value.clone();
            check(&step);
            for (other, value) in &attributes[at + 1..] {
                let mut step = step.clone();
                step[other] = value.clone();
                check(&step);
            }
        }
        for (other, form) in KINDS {
            let mut step = step.clone();
            step[other] = serde_json::from_str(form).unwrap();
            check(&step);
        }
    }
    assert!(verdicts.0 > 200 && verdicts.1 > 200, "{verdicts:?}");
}

/// All places inside a value.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, inner)| places(inner, &format!("{path}/{}", escaped(key)), found))
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, inner)| places(inner, &format!("{path}/{at}"), found));
        }
        _ => {}
    }
}

/// One thing is changed somewhere, so that it may be wrong.
fn spoil(file: &mut Value, place: Index, what: u8, which: Index) {
    let mut found = Vec::new();
    places(file, "", &mut found);
    let value = file.pointer_mut(place.get(&found).as_str()).unwrap();
    let others = [
        json!("word"),
        json!(7),
        json!(-1),
        json!(1.5),
        json!(true),
        json!([]),
        json!(["a", ["b"]]),
        json!({}),
        json!({ "to": "b" }),
        json!(null),
    ];
    match (what, &mut *value) {
        (0, Value::Object(map)) if !map.is_empty() => {
            let key = which.get(&map.keys().cloned().collect::<Vec<_>>()).clone();
            map.remove(&key);
        }
        (1, Value::Object(map)) if !map.is_empty() => {
            let key = which.get(&map.keys().cloned().collect::<Vec<_>>()).clone();
            let inner = map.remove(&key).unwrap();
            map.insert(format!("{key}-x"), inner);
        }
        (2, Value::Object(map)) => {
            let (key, form) = which.get(&KINDS);
            map.insert((*key).to_owned(), serde_json::from_str(form).unwrap());
        }
        (3, Value::Array(list)) => list.push(which.get(&others).clone()),
        _ => *value = which.get(&others).clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(1_000),
        max_shrink_iters: 1_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_can_be_written_has_the_right_shape(definition in definitions()) {
        prop_assert!(agree(&serde_json::to_value(definition).unwrap()));
    }

    #[test]
    fn what_is_spoilt_is_refused_by_both(
        definition in definitions(),
        changes in prop::collection::vec((any::<Index>(), 0u8..6, any::<Index>()), 1..3),
    ) {
        let mut file = serde_json::to_value(definition).unwrap();
        for (place, what, which) in changes {
            spoil(&mut file, place, what, which);
        }
        agree(&file);
    }
}
