//! What the search says of small processes, by the verdict and the trace.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::kernel::Status;
use grieta_core::value::Value;
use grieta_core::{Plan, Process};
use grieta_verifier::{Limits, Trouble, Verdict, explore};
use support::{plan, told};

const FULL: Limits = Limits { most_states: 200_000, most_tokens: 64, reduce: false };

/// The verdict of the full search, which the reduced one has to share.
fn verdict(steps: &str) -> (Verdict, Vec<Trouble>) {
    let plan = plan(steps);
    let full = explore(&plan, &FULL);
    let reduced = explore(&plan, &Limits { reduce: true, ..FULL });
    assert_eq!(full.verdict, reduced.verdict);
    (full.verdict, full.troubles)
}

#[test]
fn a_straight_way_is_sound() {
    let (verdict, troubles) = verdict("start: { human: desk, outcomes: { yes: done, no: done } }\ndone: { end: {} }");
    assert_eq!((verdict, troubles), (Verdict::Sound, vec![]));
}

#[test]
fn a_choice_before_a_join_gets_stuck() {
    let plan = plan(
        "start: { fork: [ask, tell] }
ask: { human: desk, outcomes: { yes: both, no: lost } }
tell: { human: desk, next: both }
both: { join: all, next: done }
done: { end: {} }
lost: { end: {} }",
    );
    let found = explore(&plan, &FULL);
    let [Trouble::Stuck { waiting, trace }] = &found.troubles[..] else { panic!("{:?}", found.troubles) };
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].step, "both");
    let case = trace.replay(&plan, |_, _, _| {});
    assert_eq!(case.status(), Status::Running);
    assert_eq!(case.explain(&plan), *waiting);
    assert_eq!(told(&plan, trace), ["start", "ask/no", "tell#0"]);
}

#[test]
fn a_loop_without_exit_is_a_livelock() {
    let (verdict, troubles) = verdict(
        "start: { human: desk, outcomes: { good: done, bad: again } }
again: { human: desk, next: check }
check: { human: desk, outcomes: { once-more: again, later: again } }
done: { end: {} }",
    );
    assert_eq!(verdict, Verdict::Unsound);
    let [Trouble::Livelock { steps, .. }] = &troubles[..] else { panic!("{troubles:?}") };
    assert_eq!(steps.len(), 2);
}

#[test]
fn what_stands_in_for_the_data_lies_within_their_bounds() {
    let file = "process: p
version: 1.0.0
start: start
roles: { desk: { people: 1 } }
data:
  age: { type: integer, at-least: 18, required: true }
  debt: { type: decimal, at-most: -0.5 }
steps:
  start: { fork: [ask, tell] }
  ask: { human: desk, sets: { debt: -age / 2.0 }, outcomes: { yes: both, no: lost } }
  tell: { human: desk, sets: { age: age + 1 }, next: both }
  both: { join: all, next: done }
  done: { end: {} }
  lost: { end: {} }
";
    let process = Process::read("p.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let plan = Plan::new(Arc::new(process)).unwrap();
    let found = explore(&plan, &FULL);
    let [Trouble::Stuck { trace, .. }] = &found.troubles[..] else { panic!("{:?}", found.troubles) };
    let case = trace.replay(&plan, |_, _, _| {});
    assert_eq!(case.data(), [Value::Integer(18), Value::Decimal("-0.5".parse().unwrap())]);
}

#[test]
fn an_end_that_two_branches_reach_is_reached_again() {
    let (verdict, troubles) = verdict(
        "start: { fork: [a, b] }\na: { human: desk, next: done }\nb: { human: desk, next: done }\ndone: { end: {} }",
    );
    assert_eq!(verdict, Verdict::Unsound);
    assert!(matches!(troubles[..], [Trouble::EndAgain { .. }]), "{troubles:?}");
}

#[test]
fn tokens_that_become_more_and_more_are_endless() {
    let (verdict, troubles) = verdict(
        "start: { fork: [work, aside] }
work: { human: desk, outcomes: { again: start, over: wait } }
aside: { human: desk, next: wait }
wait: { join: { threads: 2 }, next: done }
done: { end: {} }",
    );
    assert_eq!(verdict, Verdict::Unsound);
    assert!(troubles.iter().any(|trouble| matches!(trouble, Trouble::Endless { .. })), "{troubles:?}");
}

#[test]
fn thirty_parallel_branches_are_looked_into_one_after_the_other() {
    let names: Vec<String> = (0..30).map(|branch| format!("b{branch}")).collect();
    let branches: String = names.iter().map(|name| format!("{name}: {{ human: desk, next: both }}\n")).collect();
    let plan = plan(&format!(
        "start: {{ fork: [{}] }}\n{branches}both: {{ join: all, next: done }}\ndone: {{ end: {{}} }}",
        names.join(", ")
    ));
    let found = explore(&plan, &Limits::default());
    assert_eq!((found.verdict, found.states), (Verdict::Sound, 32));
}

#[test]
fn a_choice_is_made_before_another_branch_ends_the_case_at_once() {
    let (verdict, troubles) = verdict(
        "start: { fork: [decide, stop] }
decide: { choose: [{ otherwise: done }] }
done: { end: {} }
stop: { end: { terminate: true } }",
    );
    assert_eq!((verdict, troubles), (Verdict::Sound, vec![]));
}

/// By how much time passed before, the clock would be past its mark at `again` or not; the trace must not hang on that.
#[test]
fn how_long_a_clock_has_run_makes_no_other_state() {
    let file = "
process: p
version: 1.0.0
start: day
roles: { desk: { people: 1 } }
data: { due: { type: date, initial: 1970-01-01 } }
clocks: { k: { from: both, within: 1 h } }
steps:
  day: { wait: { until: due + \"1 d\" }, next: again }
  again:
    human: desk
    next: both
    cracks:
      late:  { on: deadline, clock: k, do: fail, then: day }
      other: { on: failure, then: day, interrupts: false }
  both: { race: [ask, answer] }
  ask: { human: desk, next: done }
  answer: { wait: { for: customer }, next: done }
  done: { end: {} }
";
    let plan = Plan::new(Arc::new(Process::read("p.yaml", file.as_bytes()).unwrap())).unwrap();
    for reduce in [false, true] {
        let found = explore(&plan, &Limits { most_states: 400, most_tokens: 8, reduce });
        assert!(found.troubles.iter().any(|trouble| matches!(trouble, Trouble::EndAgain { .. })), "{found:?}");
        for trouble in &found.troubles {
            trouble.check(&plan).unwrap();
        }
    }
}

const BESIDE: &str = "start: { wait: { for: supplier }, outcomes: { supplied: pick, never: give-back },
  cracks: { late: { on: deadline, after: 10 d, then: ask } } }
ask: { human: desk, outcomes: { waits: told, cancels: give-back } }
give-back: { service: {}, next: cancelled }
pick: { human: desk, outcomes: { packed: done, gone: start } }
done: { end: {} }
told: { end: {} }
cancelled: { end: { terminate: true } }";

#[test]
fn what_a_loop_starts_beside_it_is_seen_to_grow_before_much_of_it_is_there() {
    let found = explore(&plan(BESIDE), &Limits::default());
    assert!(found.is_endless(), "{:?}", found.troubles);
    assert!(found.states < 2_000, "{}", found.states);
    // Where what it starts leads to an end of its own, it does not start it again meanwhile.
    let alone = BESIDE.replace("cancels: give-back", "cancels: told");
    assert_eq!(explore(&plan(&alone), &Limits::default()).verdict, Verdict::Sound);
}

#[test]
fn among_much_else_that_goes_on_beside_what_grows_is_found() {
    let others: String = (0..8)
        .map(|at| {
            let next = if at < 7 { format!("s{}", at + 1) } else { "start".to_owned() };
            format!(
                "s{at}: {{ human: desk, next: {next}, cracks: {{ a: {{ on: deadline, after: 1 d, then: x{at} }}, \
                 b: {{ on: deadline, after: 2 d, then: y{at} }} }} }}\nx{at}: {{ human: desk, next: told }}\n\
                 y{at}: {{ human: desk, next: told }}\n"
            )
        })
        .collect();
    let steps = format!("{}\n{others}", BESIDE.replace("gone: start", "gone: s0"));
    let found = explore(&plan(&steps), &Limits::default());
    assert!(found.is_endless(), "{:?}", found.states);
    let trouble = found.troubles.iter().find(|trouble| matches!(trouble, Trouble::Endless { .. })).unwrap();
    trouble.check(&plan(&steps)).unwrap();
}
