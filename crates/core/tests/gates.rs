//! Locks and milestones before many tokens at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use grieta_core::Process;
use grieta_core::kernel::{Event, Phase};
use support::Desk;

/// So many that looking at all of them for each of them and each other takes for ever.
const MANY: usize = 9_000;

fn desk(steps: &str) -> Desk {
    let text = format!(
        "process: gates\nversion: 1.0.0\nstart: all\nroles: {{ clerk: {{ people: 1 }} }}\nsteps:\n  \
         all: {{ for-each: {{ steps: [one, over], times: \"{MANY}\" }}, next: done }}\n{steps}  \
         over: {{ end: {{}} }}\n  done: {{ end: {{}} }}\n"
    );
    let process = Process::read("process.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    Desk::started(process.definition().clone())
}

fn count(desk: &Desk, phase: Phase) -> usize {
    desk.case.tokens().filter(|(_, item)| item.phase == phase).count()
}

#[test]
fn many_steps_with_one_lock_are_stopped_and_offered_again_in_one_go() {
    let mut desk = desk("  one: { human: clerk, lock: desk, next: over }\n");
    assert_eq!(count(&desk, Phase::Offered), MANY);
    desk.begin("one");
    assert_eq!((count(&desk, Phase::Started), count(&desk, Phase::Gated)), (1, MANY - 1));
    let before = desk.events.len();
    desk.complete("one", None);
    assert_eq!((count(&desk, Phase::Offered), count(&desk, Phase::Gated)), (MANY - 1, 0));
    let opened = desk.events[before..].iter().filter_map(|(_, event)| match event {
        Event::StepGated { token, .. } => Some(token.0),
        _ => None,
    });
    assert!(opened.is_sorted(), "who has waited equally long begins in the order of their numbers");
}

#[test]
fn a_lock_that_begins_with_the_step_lets_in_one_at_a_time() {
    let mut desk = desk("  one: { service: {}, lock: desk, next: over }\n");
    for left in (MANY - 3..MANY).rev() {
        assert_eq!((count(&desk, Phase::Requested), count(&desk, Phase::Gated)), (1, left));
        let (token, _) = desk.case.tokens().find(|(_, item)| item.phase == Phase::Requested).unwrap();
        desk.command(&grieta_core::kernel::Command::Complete { token, outcome: None, data: vec![] }).unwrap();
    }
}
