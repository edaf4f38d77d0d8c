//! Which changes of a guard are proved to make no difference.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use grieta_core::Process;
use grieta_core::diagnostic::Path;
use grieta_verifier::branches::{decides_alike, does_without};

const DATA: &str = "
  n: { type: integer, required: true }
  few: { type: integer, required: true, at-least: 0, at-most: 3 }
  maybe: { type: integer }
  tier: { type: choice, of: [low, gold], required: true }
";

/// Whether another guard in place of the second of two decides alike.
fn alike(kind: &str, first: &str, second: &str, other: &str) -> bool {
    let file = format!(
        "process: p\nversion: 1.0.0\nstart: route\ndata:{DATA}steps:\n  route:\n    {kind}:\n      - {{ when: '{first}', to: a }}\n      \
         - {{ when: '{second}', to: b }}\n      - {{ otherwise: c }}\n  a: {{ end: {{}} }}\n  b: {{ end: {{}} }}\n  c: {{ end: {{}} }}\n"
    );
    let process = Process::read("p.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let guard = Path::root("steps").key("route").key(kind).index(1).key("when");
    decides_alike(&process, &guard, &other.into())
}

#[test]
fn guards_are_alike_where_no_data_tell_them_apart() {
    let check = |first: &str, second: &str, other: &str, expected: bool| {
        assert_eq!(alike("choose", first, second, other), expected, "{first}, {second}, {other}");
    };
    check("n > 10", "n > 5", "n >= 6", true);
    check("n > 10", "n > 5", "n > 4", false);
    // Above ten the first one holds.
    check("n > 10", "n > 5 && n < 11", "n > 5 && n < 12", true);
    check("n > 10", "n > 5 && n < 10", "n > 5 && n < 11", false);
    // Bounds of the field.
    check("n > 10", "few >= 4", "few > 3", true);
    check("n > 10", "few > 3", "few > 4", true);
    check("n > 10", "few > 2", "few > 3", false);
    check("n > 10", "tier == \"gold\"", "tier != \"low\"", true);
    check("n > 10", "tier == \"gold\"", "tier == \"low\"", false);
    // What is absent makes a guard fail that looks at it, and not the other one.
    check("n > 10", "n > 5", "n > 5 && (maybe > 1 || maybe <= 1)", false);
    // A number may become too large.
    check("n > 10", "n > 5", "n + 1 > 6", false);
    check("n > 10", "n > 5", "n >", false);
}

#[test]
fn where_every_branch_is_asked_the_guards_before_say_nothing() {
    assert!(!alike("some", "n > 10", "n > 5 && n < 11", "n > 5 && n < 12"));
    assert!(alike("some", "n > 10", "n > 5", "n >= 6"));
}

#[test]
fn a_rule_can_go_that_never_counts() {
    let without = |hit: &str, data: &str, rule| {
        let file = format!(
            "process: p\nversion: 1.0.0\nstart: grade\ndata: {{ fit: {{ {data} }}, out: {{ type: integer, initial: 0 }} }}\n\
             decisions:\n  grades:\n    inputs: [fit]\n    outputs: [out]\n    hit: {hit}\n    rules:\n      \
             - {{ when: ['> 10'], then: [1] }}\n      - {{ when: ['> 20'], then: [2] }}\n      - {{ when: ['<= 10'], then: [3] }}\n      \
             - {{ otherwise: [4] }}\nsteps:\n  grade: {{ decide: grades, next: done }}\n  done: {{ end: {{}} }}\n"
        );
        let process = Process::read("p.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        does_without(&process, "grades", rule)
    };
    let there = "type: integer, required: true";
    assert_eq!([0, 1, 2, 3].map(|rule| without("first", there, rule)), [false, true, false, true]);
    assert_eq!([0, 1, 2, 3].map(|rule| without("any", there, rule)), [false, false, false, true]);
    // Without the rule nobody might look at what is absent.
    assert!(!without("first", "type: integer", 1));
}
