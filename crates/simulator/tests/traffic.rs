//! What cases have to do with each other: messages meet, calls return, hand-overs go on, and all can be cancelled.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Results, Simulation, Transactions};
use support::file;

fn read(text: &str) -> Arc<Process> {
    Arc::new(Process::read("test.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

/// What becomes of cases that arrive at these minutes with these data.
fn arriving(process: &Arc<Process>, cases: &[(u32, &str)]) -> Results {
    let line = |(case, (minute, data)): (usize, &(u32, &str))| {
        format!(r#"{{"case":{case},"at":"2026-01-05T{:02}:{:02}:00Z","data":{data}}}"#, minute / 60, minute % 60)
    };
    let lines: Vec<String> = cases.iter().enumerate().map(line).collect();
    let simulation = Simulation::new(process).unwrap().seed(1);
    let transactions = Transactions::read(&lines.join("\n"), simulation.plan()).unwrap();
    simulation.transactions(transactions).run().unwrap()
}

fn minutes(results: &Results) -> f64 {
    results.cycle_time.as_ref().unwrap().mean_s / 60.0
}

/// Some cases wait for word about their order, others send it.
fn word(send: &str, receive: &str) -> Arc<Process> {
    read(&format!(
        r#"
process: word
version: 1.0.0
start: part
data: {{ waits: {{ type: boolean, initial: false }}, order: {{ type: text }}, news: {{ type: text }} }}
steps:
  part: {{ choose: [{{ when: waits, to: wait }}, {{ otherwise: tell }}] }}
  tell: {{ send: {{ message: word, key: order, with: {{ news: order }}, {send} }}, next: told }}
  wait: {{ receive: {{ message: word, key: order {receive} }}, writes: [news], next: known }}
  known: {{ choose: [{{ when: news == order, to: heard }}, {{ otherwise: misled }}] }}
  heard: {{ end: {{}} }}
  misled: {{ end: {{}} }}
  told: {{ end: {{}} }}
"#
    ))
}

const WAITS_A: &str = r#"{"waits":true,"order":"a"}"#;
const WAITS_B: &str = r#"{"waits":true,"order":"b"}"#;
const TELLS_A: &str = r#"{"order":"a"}"#;

#[test]
fn two_cases_meet_by_key_and_the_one_that_waits_longest_first() {
    let results = arriving(
        &word("transient: true", ""),
        &[(0, WAITS_B), (5, WAITS_A), (10, WAITS_A), (60, TELLS_A), (70, TELLS_A)],
    );
    assert_eq!((results.completed, results.stuck, results.cancelled), (4, 1, 0), "{:?}", results.dead_ends);
    // One waits 55 minutes, one 60; those who tell take no time.
    assert_eq!(minutes(&results), (55.0 + 60.0) / 4.0);
    assert_eq!(results.end("heard").unwrap().share, 2.0 / 5.0);
    let [row] = results.dead_ends.as_slice() else { panic!("{:?}", results.dead_ends) };
    assert_eq!((row.step.as_str(), row.case, row.cases), ("wait", 0, 1));
    assert!(results.assumptions.is_empty(), "{:?}", results.assumptions);
}

#[test]
fn a_message_is_kept_for_its_time() {
    let process = word("keep: 2 h", "");
    let results = arriving(&process, &[(0, TELLS_A), (0, TELLS_A), (120, WAITS_A), (121, WAITS_A)]);
    assert_eq!((results.completed, results.stuck), (3, 1), "the second is a minute late");
    assert_eq!(minutes(&results), 0.0);
    let results = arriving(&process, &[(0, TELLS_A), (60, WAITS_B), (60, WAITS_A)]);
    assert_eq!((results.completed, results.stuck, results.dead_ends[0].case), (2, 1, 1));
}

#[test]
fn what_is_transient_is_lost_on_either_side() {
    for process in [word("transient: true", ""), word("keep: 2 h", ", transient: true")] {
        let results = arriving(&process, &[(0, TELLS_A), (1, WAITS_A)]);
        assert_eq!((results.completed, results.stuck), (1, 1));
        let results = arriving(&process, &[(0, WAITS_A), (1, TELLS_A)]);
        assert_eq!((results.completed, results.stuck), (2, 0));
    }
}

#[test]
fn a_run_ends_though_people_come_and_go_and_somebody_waits_for_word() {
    let mut definition = word("transient: true", "").definition().clone();
    let office = r#"
process: p
version: 1.0.0
start: a
calendars: { office: { week: { mon-fri: "09:00-17:00" } } }
roles: { clerk: { people: 1, calendar: office } }
steps: { a: { human: clerk, next: b }, b: { end: {} } }
"#;
    let other = read(office).definition().clone();
    (definition.calendars, definition.roles) = (other.calendars, other.roles);
    let results = arriving(&Arc::new(Process::new(definition).unwrap()), &[(0, WAITS_A), (60, WAITS_B)]);
    assert_eq!((results.completed, results.stuck), (0, 2));
}

#[test]
fn what_only_others_could_answer_is_said_and_stays_unanswered() {
    let text = r#"
process: alone
version: 1.0.0
start: part
steps:
  part: { fork: [hear, ask, tell] }
  hear: { receive: word, next: heard }
  ask: { call: elsewhere, next: heard }
  tell: { send: { message: news, transient: true }, next: gone }
  heard: { end: {} }
  gone: { end: { hand-over: elsewhere } }
"#;
    let results = arriving(&read(text), &[(0, "{}")]);
    assert_eq!((results.completed, results.stuck, results.started_by_cases), (0, 1, 0));
    assert_eq!(
        results.assumptions,
        [
            "nobody sends `word`, for which `hear` waits: a simulation has one process",
            "the case of `elsewhere` that `ask` calls never ends: a simulation has one process",
            "nobody takes `news`, which `tell` sends: a simulation has one process",
            "nothing is seen of what `gone` hands over to `elsewhere`: a simulation has one process",
        ]
    );
}

/// A case that calls itself so deep, with ten minutes of work after each call.
fn nested(depth: u32, more: &str) -> Arc<Process> {
    read(&format!(
        r#"
process: nested
version: 1.0.0
start: deeper
data: {{ depth: {{ type: integer, initial: 0 }}, below: {{ type: integer, initial: 0 }} }}
steps:
  deeper: {{ choose: [{{ when: depth < {depth}, to: call }}, {{ otherwise: work }}] }}
  call:
    call: {{ process: nested, with: {{ depth: depth + 1 }} }}
    writes: [below]
    next: work
    {more}
  work: {{ service: {{ takes: 10 min }}, sets: {{ below: below + 1 }}, next: check }}
  check: {{ choose: [{{ when: below == {depth} + 1 - depth, to: done }}, {{ otherwise: wrong }}] }}
  done: {{ end: {{}} }}
  wrong: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: 1 h }} }}
"#
    ))
}

#[test]
fn a_process_calls_itself_and_each_call_returns() {
    let results = arriving(&nested(2, ""), &[(0, "{}"), (7, "{}")]);
    assert_eq!((results.cases, results.started_by_cases, results.all_cases()), (2, 4, 6));
    assert_eq!((results.completed, results.stuck, results.cancelled), (6, 0, 0));
    // Three times ten minutes for those that arrived; those that were called are no customers.
    assert_eq!(minutes(&results), 30.0);
    assert_eq!((results.end("done").unwrap().share, results.end("wrong").unwrap().share), (1.0, 0.0));
    assert_eq!(results.step("call").unwrap().cases_share, 4.0 / 6.0);
}

#[test]
fn a_process_that_calls_itself_for_ever_fails_at_the_deepest() {
    let results = arriving(&nested(1_000, ""), &[(0, "{}")]);
    assert_eq!((results.started_by_cases, results.completed, results.stuck), (64, 0, 65));
    let deepest = results.dead_ends.iter().find(|row| row.waits_for.contains("64 deep")).unwrap();
    assert_eq!((deepest.cases, deepest.case), (1, 1_000_000_000_063));
    let answered = nested(1_000, "cracks: { fails: { on: failure, then: work } }");
    let results = arriving(&answered, &[(0, "{}")]);
    assert_eq!((results.started_by_cases, results.completed, results.stuck), (64, 65, 0));
}

#[test]
fn a_caller_that_waits_no_longer_takes_its_called_case_with_it() {
    let late = "cracks: { late: { on: deadline, after: 15 min, interrupts: true, then: done } }";
    let results = arriving(&nested(2, late), &[(0, "{}")]);
    // The first gives up after 15 minutes, when the third is over and the second has worked for five.
    assert_eq!((results.completed, results.cancelled, results.stuck), (2, 1, 0));
    assert_eq!(minutes(&results), 15.0);
}

#[test]
fn called_cases_meet_the_same_world_in_another_variant() {
    let variant = |more: &str| {
        read(&format!(
            r#"
process: variant
version: 1.0.0
start: first
data: {{ depth: {{ type: integer, initial: 0 }} }}
steps:
  {more}
  deeper: {{ choose: [{{ when: depth < 1, to: call }}, {{ otherwise: work }}] }}
  call: {{ call: {{ process: variant, with: {{ depth: depth + 1 }} }}, next: work }}
  work: {{ service: {{ takes: exponential(1 h) }}, next: done }}
  done: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: 1 min }} }}
"#
        ))
    };
    let mean = |process: Arc<Process>| {
        let results = Simulation::new(&process).unwrap().cases(200).replications(2).seed(3).run().unwrap();
        assert_eq!((results.completed, results.started_by_cases), (800, 400));
        minutes(&results)
    };
    let as_is = mean(variant("first: { assign: {}, next: deeper }"));
    let to_be = mean(variant("first: { service: { takes: 1 h }, next: deeper }"));
    assert!((to_be - as_is - 120.0).abs() < 1e-9, "{as_is} and {to_be}");
    // Two exponential hours, independent: not the same one twice.
    assert!((as_is - 120.0).abs() < 15.0, "{as_is}");
}

#[test]
fn a_process_that_hands_over_to_itself_for_ever_comes_to_an_end() {
    let text = r#"
process: relay
version: 1.0.0
start: rest
steps: { rest: { wait: 1 min, next: pass }, pass: { end: { hand-over: relay } } }
"#;
    let results = arriving(&read(text), &[(0, "{}"), (1, "{}")]);
    assert_eq!((results.started_by_cases, results.completed), (10_200, 10_202));
    assert!(results.assumptions[0].starts_with("2 hand-overs came to nothing"), "{:?}", results.assumptions);
    assert_eq!(minutes(&results), 1.0);
}

#[test]
fn cases_that_call_themselves_twice_are_bounded_too() {
    let text = r#"
process: twice
version: 1.0.0
start: both
steps:
  both: { fork: [one, other] }
  one: { call: twice, next: done }
  other: { call: twice, next: done }
  done: { end: {} }
"#;
    let results = arriving(&read(text), &[(0, "{}")]);
    assert_eq!((results.started_by_cases, results.stuck), (10_100, 10_101));
}

#[test]
fn cancel_all_cancels_every_case_that_is_under_way() {
    let text = r#"
process: alarm
version: 1.0.0
start: part
roles: { clerk: { people: 1 } }
data: { what: { type: choice, of: [wait, work, stuck, alarm] } }
steps:
  part:
    choose:
      - { when: 'what == "alarm"', to: ring }
      - { when: 'what == "work"', to: work }
      - { when: 'what == "stuck"', to: never }
      - { otherwise: long }
  long: { wait: 10 h, next: done }
  work: { human: { role: clerk, takes: 1 h }, next: done }
  never: { receive: word, next: done }
  ring: { service: { takes: 0 s }, next: done, cracks: { fire: { on: failure, chance: 100%, do: cancel-all } } }
  done: { end: {} }
"#;
    let process = read(text);
    let data = |what: &str| format!(r#"{{"what":"{what}"}}"#);
    let (wait, work, stuck, alarm) = (data("wait"), data("work"), data("stuck"), data("alarm"));
    let cases = [(0, &wait), (0, &work), (5, &work), (6, &stuck), (30, &alarm), (31, &work), (32, &stuck)];
    let results = arriving(&process, &cases.map(|(at, data)| (at, data.as_str())));
    assert_eq!((results.completed, results.cancelled, results.stuck), (1, 5, 1), "{:?}", results.dead_ends);
    // The clerk was free for the one who came after the alarm.
    assert_eq!(minutes(&results), 60.0);
    assert_eq!(results.dead_ends[0].case, 6);
}

#[test]
fn the_story_of_a_case_that_another_started_can_be_told() {
    let process = nested(1_000, "");
    let simulation = Simulation::new(&process).unwrap().cases(3).replications(1).seed(1);
    let results = simulation.run().unwrap();
    for row in &results.dead_ends {
        let story = simulation.story(row.replication, row.case).unwrap();
        let expected = format!("`{}` waits for {}", row.step, row.waits_for);
        assert!(story.waits_for.contains(&expected), "{expected}: {:?}", story.waits_for);
    }
}

#[test]
fn a_large_mixed_run_loses_nobody() {
    let process = file("crates/simulator/tests/models/orders.yaml");
    let results = Simulation::new(&process).unwrap().cases(2_000).replications(3).seed(5).run().unwrap();
    assert_eq!(results.completed + results.cancelled + results.stuck, results.all_cases());
    assert_eq!(results.stuck, 0, "{:?}", results.dead_ends);
    assert!(results.started_by_cases > 6_000 && results.cancelled > 0, "{results:?}");
    for end in ["ordered", "delivered", "given-up"] {
        assert!(results.end(end).unwrap().share > 0.0, "{end}");
    }
}
