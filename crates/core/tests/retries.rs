//! What is tried again after a constraint: no work is offered to nobody, and nothing is left half-way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use grieta_core::kernel::{Command, Event};
use grieta_core::value::Value;
use grieta_core::{Duration, Process};
use support::Desk;

fn desk(steps: &str) -> Desk {
    let text = format!(
        "process: retries\nversion: 1.0.0\nstart: a\nroles: {{ r: {{ people: 1 }} }}\n\
         data: {{ amount: {{ type: integer }} }}\nsteps:\n{steps}  done: {{ end: {{}} }}\n  lost: {{ end: {{}} }}\n"
    );
    let process = Process::read("process.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let desk = Desk::started(process.definition().clone());
    desk.is_whole().unwrap();
    desk
}

fn change(desk: &mut Desk, amount: i64) {
    let data = vec![(desk.plan.field("amount").unwrap(), Value::Integer(amount))];
    desk.command(&Command::Change { data }).unwrap();
}

fn struck(desk: &Desk) -> usize {
    desk.events.iter().filter(|(_, event)| matches!(event, Event::CrackStruck { .. })).count()
}

const AFTER_AN_HOUR: &str = "cracks: { c: { on: constraint, do: { retry: { after: 1 h, at-most: 2 } }, then: lost } }";

#[test]
fn a_while_that_cannot_be_evaluated_is_asked_again_before_anybody_is_offered_the_work() {
    let step = format!("  a: {{ human: r, while: amount > 0, next: done, {AFTER_AN_HOUR} }}\n");
    let mut offered = desk(&step);
    assert_eq!(offered.shown(), "a: Delayed");
    change(&mut offered, 3);
    offered.advance(Duration::HOUR);
    assert_eq!(offered.explained(), ["`a` waits for somebody of `r` to begin"]);
    offered.is_whole().unwrap();

    let mut over = desk(&step);
    change(&mut over, 0);
    over.advance(Duration::HOUR);
    assert_eq!(over.shown(), "completed");

    let mut in_vain = desk(&step);
    in_vain.advance(Duration::HOUR);
    assert_eq!((in_vain.shown().as_str(), struck(&in_vain)), ("a: Delayed", 2));
    in_vain.advance(Duration::HOUR);
    assert_eq!((in_vain.shown().as_str(), struck(&in_vain)), ("completed", 3));
}

#[test]
fn work_that_was_done_is_not_done_again_to_ask_its_while() {
    let mut desk =
        desk(&format!("  a: {{ human: r, while: amount > 0, writes: [amount], next: done, {AFTER_AN_HOUR} }}\n"));
    change(&mut desk, 1);
    desk.advance(Duration::HOUR);
    let data = vec![(desk.plan.field("amount").unwrap(), Value::Absent)];
    desk.complete_with("a", None, data).unwrap();
    assert_eq!(desk.shown(), "a: Delayed");
    change(&mut desk, 0);
    desk.advance(Duration::HOUR);
    assert_eq!(desk.shown(), "completed");
    desk.is_whole().unwrap();
}

#[test]
fn a_retry_without_delay_of_what_cannot_be_evaluated_is_in_vain() {
    let desk = desk(
        "  a: { human: r, while: amount > 0, next: done, cracks: { c: { on: constraint, do: { retry: { at-most: \
         100000 } }, then: b } } }\n  b: { human: r, next: done }\n",
    );
    assert_eq!((desk.shown().as_str(), struck(&desk)), ("b: Offered", 1));
}

#[test]
fn a_step_that_was_never_begun_waits_for_its_gate_when_it_is_tried_again() {
    let mut desk = desk(&format!(
        "  a: {{ fork: [b, c] }}\n  b: {{ service: {{}}, lock: l, while: amount > 0, next: done, {AFTER_AN_HOUR} }}\n  \
         c: {{ human: r, only-while: b, next: done }}\n"
    ));
    assert_eq!(desk.shown(), "b: Delayed, c: Offered");
    change(&mut desk, 1);
    desk.advance(Duration::HOUR);
    assert_eq!(desk.shown(), "b: Requested, c: Offered");

    let mut desk = self::desk(&format!(
        "  a: {{ fork: [b, c] }}\n  b: {{ service: {{}}, only-while: c, while: amount > 0, next: done, {AFTER_AN_HOUR} }}\n  \
         c: {{ human: r, next: done }}\n"
    ));
    desk.complete("c", None);
    change(&mut desk, 1);
    desk.advance(Duration::HOUR);
    assert_eq!(desk.shown(), "b: Gated");
    desk.is_whole().unwrap();
}

#[test]
fn a_broken_rule_keeps_the_step_from_being_completed_whatever_is_done_about_it() {
    let shown = |kind: &str, response: &str| {
        let mut desk = desk(&format!(
            "  a: {{ {kind}, next: done, cracks: {{ c: {{ on: constraint, when: \"!has(amount)\", do: {response} }} }} }}\n"
        ));
        desk.complete("a", None);
        desk.is_whole().unwrap();
        assert_eq!(struck(&desk), 1);
        desk.shown()
    };
    assert_eq!(shown("human: r", "restart"), "a: Started");
    assert_eq!(shown("service: {}", "restart"), "a: Requested");
    assert_eq!(shown("human: r", "reoffer"), "a: Offered");
    assert_eq!(shown("human: r", "reallocate"), "a: Created");
    assert_eq!(shown("human: r", "{ retry: { after: 1 h, at-most: 1 } }"), "a: Delayed");
    assert_eq!(shown("human: r", "{ retry: { at-most: 1 } }"), "a: Offered");
    assert_eq!(shown("human: r", "continue"), "completed");
}
