//! Rules on the order of steps: proved, or broken with a story.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::diagnostic::Code;
use grieta_core::{Plan, Process};
use grieta_verifier::{Limits, Proof, Verification, verify};

fn verified(rule: &str) -> Verification {
    let file = format!(
        "process: sale
version: 1.0.0
start: order
roles: {{ desk: {{ people: 2 }} }}
rules: [{{ {rule} }}]
steps:
  order: {{ human: desk, next: split }}
  split: {{ fork: [pack, bill] }}
  pack: {{ human: desk, outcomes: {{ packed: both }}, cracks: {{ gone: {{ on: failure, do: {{ skip: packed }} }} }} }}
  bill: {{ human: desk, outcomes: {{ sent: both, wrong: bill }} }}
  both: {{ join: all, next: ship }}
  ship: {{ service: {{}}, next: lines, cracks: {{ lost: {{ on: external, do: cancel-case }} }} }}
  lines: {{ for-each: {{ steps: [book, booked], times: 3 }}, next: done }}
  book: {{ service: {{}}, next: booked }}
  booked: {{ end: {{}} }}
  done: {{ end: {{}} }}
"
    );
    let process = Process::read("sale.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    verify(&Plan::new(Arc::new(process)).unwrap(), &Limits::default())
}

fn kept(rule: &str) -> bool {
    match &verified(rule).proofs[..] {
        [Proof::Holds] => true,
        [Proof::Broken(_)] => false,
        other => panic!("{rule}: {other:?}"),
    }
}

#[test]
fn rules_hold_or_are_broken() {
    for (rule, expected) in [
        ("init: order", true),
        ("init: pack", false),
        ("existence: order", true),
        ("existence: done", false),
        ("at-most: order", true),
        ("at-most: bill, times: 2", false),
        ("exactly: ship", false),
        ("absence: bill", false),
        ("last: ship", false),
        ("choice: [bill, pack]", true),
        ("exclusive-choice: [bill, pack]", false),
        ("precedence: [bill, ship]", true),
        ("precedence: [pack, ship]", false),
        ("precedence: [pack, bill]", false),
        ("response: [order, bill]", true),
        ("response: [bill, ship]", false),
        ("succession: [order, bill]", true),
        ("alternate-response: [order, bill]", true),
        ("alternate-precedence: [order, bill]", false),
        ("chain-response: [order, bill]", false),
        ("chain-precedence: [bill, ship]", false),
        ("not-succession: [ship, bill]", true),
        ("not-succession: [bill, ship]", false),
        ("not-chain-succession: [order, ship]", true),
        ("responded-existence: [ship, bill]", true),
        ("co-existence: [order, bill]", true),
        ("not-co-existence: [order, bill]", false),
        ("precedence: [ship, done]", true),
    ] {
        assert_eq!(kept(rule), expected, "{rule}");
    }
}

#[test]
fn a_skipped_step_is_not_done_and_the_story_says_so() {
    let found = verified("precedence: [pack, ship]");
    let problem = found.problems.iter().find(|problem| problem.code == Code::RuleBroken).unwrap();
    assert_eq!(problem.message, "a case can break the rule that before `ship`, `pack` is done");
    assert_eq!(problem.path.to_string(), "rules[0].precedence");
    assert!(problem.story.iter().any(|line| line.starts_with("`pack` was skipped")), "{:?}", problem.story);
    assert!(problem.story.iter().any(|line| line == "`ship` was completed"), "{:?}", problem.story);
}

#[test]
fn instances_are_not_counted() {
    let found = verified("exactly: book, times: 3");
    assert_eq!(found.proofs, [Proof::Instances]);
    let problem = found.problems.iter().find(|problem| problem.code == Code::TooLargeToProve).unwrap();
    assert_eq!(problem.message, "whether every case keeps the rule that `book` is done exactly 3 times is not proved");
}
