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

/// What is said of a rule of a process.
fn proof(data: &str, steps: &str, rule: &str) -> Proof {
    let steps: String = steps.lines().map(|line| format!("  {line}\n")).collect();
    let file = format!("process: p\nversion: 1.0.0\nstart: f\n{data}rules: [{{ {rule} }}]\nsteps:\n{steps}");
    let process = Process::read("p.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let plan = Plan::new(Arc::new(process)).unwrap();
    let [proof] = &verify(&plan, &Limits::default()).proofs[..] else { panic!("one rule") };
    proof.clone()
}

#[test]
fn a_loop_inside_a_step_leaves_nothing_out_that_a_rule_asks_for() {
    let steps = "f: { fork: [t, s] }
t: { service: {}, next: j }
s: { subprocess: [a, ie], next: j }
a: { service: {}, outcomes: { again: a, ok: ie } }
ie: { end: {} }
j: { join: all, next: e }
e: { end: {} }";
    for rule in ["precedence: [s, t]", "not-succession: [t, s]", "precedence: [t, s]"] {
        assert!(matches!(proof("", steps, rule), Proof::Broken(_)), "{rule}");
    }
}

#[test]
fn a_choice_is_made_before_the_next_branch_begins() {
    let steps = "f: { fork: [c, g] }
c: { choose: [{ when: k > 0, to: x }, { otherwise: x }] }
x: { assign: { k: k + 1 }, next: j }
g: { assign: { m: k }, next: j }
j: { join: all, next: e }
e: { end: {} }";
    let data = "data: { k: { type: integer, initial: 0 }, m: { type: integer } }\n";
    assert_eq!(proof(data, steps, "precedence: [x, g]"), Proof::Holds);
    assert!(matches!(proof(data, steps, "precedence: [g, x]"), Proof::Broken(_)));
}

#[test]
fn where_enough_instances_are_enough_nothing_is_proved_of_the_rest() {
    let steps = "f: { for-each: { steps: [x, d, i], times: 3, enough: 2, rest: cancel }, next: e }
x: { service: {}, next: d }
d: { service: {}, next: i }
i: { end: {} }
e: { end: {} }";
    assert_eq!(proof("", steps, "response: [x, d]"), Proof::Instances);
}
