//! In whose hands work is: rules on who may do it, and what happens to it while something is undone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Results, Simulation, Transactions};

fn read(text: &str) -> Arc<Process> {
    Arc::new(Process::read("test.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

/// What becomes of cases that arrive at these minutes.
fn arriving(process: &Arc<Process>, minutes: &[u32]) -> Results {
    let line = |(case, minute): (usize, &u32)| {
        format!(r#"{{"case":{case},"at":"2026-01-05T{:02}:{:02}:00Z"}}"#, minute / 60, minute % 60)
    };
    let lines: Vec<String> = minutes.iter().enumerate().map(line).collect();
    let simulation = Simulation::new(process).unwrap().seed(1);
    let transactions = Transactions::read(&lines.join("\n"), simulation.plan()).unwrap();
    simulation.transactions(transactions).run().unwrap()
}

fn cycle(results: &Results) -> f64 {
    results.cycle_time.as_ref().unwrap().mean_s / 60.0
}

fn wait(results: &Results, step: &str) -> f64 {
    results.step(step).unwrap().wait_mean_s.unwrap() / 60.0
}

/// Something is written and then, perhaps after a pause, looked through, each in ten minutes.
fn two_steps(roles: &str, second: &str, allocate: &str, pause: &str, rules: &str) -> Arc<Process> {
    read(&format!(
        r#"
process: letters
version: 1.0.0
start: write
roles: {{ {roles} }}
steps:
  write: {{ human: {{ role: clerk, takes: 10 min }}, next: rest }}
  rest: {{ wait: {pause}, next: check }}
  check: {{ human: {{ role: {second}, takes: 10 min {allocate} }}, next: sent }}
  sent: {{ end: {{}} }}
rules: [{rules}]
simulation: {{ arrivals: {{ every: exponential(12 min) }} }}
"#
    ))
}

const EYES: &str = "{ four-eyes: [write, check] }";

#[test]
fn the_second_step_waits_for_the_other_person() {
    let process = two_steps("clerk: { people: 2 }", "clerk", "", "0 s", EYES);
    // The first is written from 0 to 10, the second by the other person from 5 to 15. From 10 the first person is free,
    // but must not check the first; from 15 both letters are checked by the other of the two.
    let results = arriving(&process, &[0, 5]);
    assert_eq!((results.completed, results.stuck), (2, 0));
    assert_eq!((cycle(&results), wait(&results, "check"), wait(&results, "write")), (22.5, 2.5, 0.0));
    // Whoever may not do what waits longest does what comes after it: the third is written by the first person from 11
    // to 21, who then checks the second until 31; the other checks the first from 15 and the third from 25.
    let results = arriving(&process, &[0, 5, 11]);
    assert_eq!((wait(&results, "write"), wait(&results, "check")), (0.0, (5.0 + 6.0 + 4.0) / 3.0));
    let free = two_steps("clerk: { people: 2 }", "clerk", "", "0 s", "");
    assert_eq!(wait(&arriving(&free, &[0, 5]), "check"), 0.0);
}

#[test]
fn a_name_is_the_same_person_in_every_role() {
    let roles = "clerk: { people: [ana] }, boss: { people: [ana, eva] }";
    let process = two_steps(roles, "boss", "", "0 s", EYES);
    // Ana writes both, so Eva checks both: from 10 to 20, and from 20 to 30.
    let results = arriving(&process, &[0, 1]);
    assert_eq!((results.completed, wait(&results, "check"), wait(&results, "write")), (2, 0.0, 4.5));
    let alone = two_steps("clerk: { people: [ana] }, boss: { people: [ana] }", "boss", "", "0 s", EYES);
    let results = arriving(&alone, &[0, 1]);
    assert_eq!((results.completed, results.stuck, results.dead_ends[0].cases), (0, 2, 2));
    assert_eq!(results.dead_ends[0].step, "check");
}

#[test]
fn work_waits_for_the_same_person_while_they_are_there() {
    let same = ", allocate: { same-person-as: write }";
    let process = two_steps("clerk: { people: 2 }", "clerk", same, "5 min", "");
    // The first person writes from 0 to 10 and from 12 to 22; so the first letter, ready at 15, is checked from 22 to 32,
    // and the second, ready at 27, from 32.
    let results = arriving(&process, &[0, 12]);
    assert_eq!((results.completed, wait(&results, "check")), (2, 6.0));
    let anybody = two_steps("clerk: { people: 2 }", "clerk", "", "5 min", "");
    assert_eq!(wait(&arriving(&anybody, &[0, 12]), "check"), 0.0);
    // In another role that person is not there: anybody will do.
    let elsewhere = two_steps("clerk: { people: 1 }, boss: { people: 1 }", "boss", same, "5 min", "");
    assert_eq!(wait(&arriving(&elsewhere, &[0, 12]), "check"), 0.0);
}

#[test]
fn under_load_everybody_is_served_and_nobody_leaks() {
    for allocate in ["", ", allocate: { same-person-as: write }"] {
        let rules = if allocate.is_empty() { EYES } else { "" };
        let process = two_steps("clerk: { people: 2 }", "clerk", allocate, "5 min", rules);
        let results = Simulation::new(&process).unwrap().cases(2_000).replications(2).seed(3).run().unwrap();
        assert_eq!((results.completed, results.stuck), (4_000, 0), "{:?}", results.dead_ends);
        let clerk = results.role("clerk").unwrap();
        assert!((clerk.utilisation.unwrap() - 20.0 / 24.0).abs() < 0.03, "{clerk:?}");
    }
}

#[test]
fn it_is_said_that_work_goes_to_whoever_is_free() {
    let process = two_steps("clerk: { people: 2 }", "clerk", ", allocate: round-robin", "0 s", "");
    let results = arriving(&process, &[0]);
    assert_eq!(
        results.assumptions,
        ["`check` is given to whoever of the role is free first: the people of a role are alike"]
    );
    assert_eq!(results.completed, 1);
}

/// A seat is booked, which can be undone in three minutes; then ten minutes of work, struck by a crack.
fn booking(crack: &str, more: &str) -> Arc<Process> {
    read(&format!(
        r#"
process: trips
version: 1.0.0
start: book
roles: {{ clerk: {{ people: 1 }}, boss: {{ people: 1 }} {more} }}
steps:
  book: {{ service: {{ takes: 1 min }}, undo: unbook, next: work }}
  work:
    human: {{ role: clerk, takes: 10 min }}
    next: done
    cracks: {{ crack: {crack} }}
  unbook: {{ service: {{ takes: 3 min }}, next: unbooked }}
  unbooked: {{ end: {{}} }}
  given-up: {{ end: {{}} }}
  done: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: 1 h }} }}
"#
    ))
}

/// The minutes that a case takes, and the minutes of work of the clerk and the boss for it.
fn spent(crack: &str) -> (f64, f64, f64) {
    let simulation = Simulation::new(&booking(crack, "")).unwrap().cases(50).replications(2).seed(3);
    let results = simulation.run().unwrap();
    assert_eq!((results.completed + results.cancelled, results.stuck), (100, 0), "{crack}: {:?}", results.dead_ends);
    // The last case arrives after fifty hours.
    let work = |role: &str| (results.role(role).unwrap().utilisation.unwrap() * 60.0 * 1e6).round() / 1e6;
    let cycle = if results.completed > 0 { cycle(&results) } else { 0.0 };
    (cycle, work("clerk"), work("boss"))
}

#[test]
fn whoever_was_at_work_is_free_while_something_is_undone() {
    for (crack, expected) in [
        ("{ on: deadline, after: 5 min, recover: compensate, do: restart }", (19.0, 15.0, 0.0)),
        ("{ on: deadline, after: 5 min, recover: compensate, interrupts: true, then: given-up }", (9.0, 5.0, 0.0)),
        ("{ on: deadline, after: 5 min, recover: compensate, do: { reallocate: boss } }", (19.0, 5.0, 10.0)),
        ("{ on: deadline, after: 5 min, recover: compensate, do: { reoffer: boss } }", (19.0, 5.0, 10.0)),
        ("{ on: deadline, after: 5 min, recover: compensate, do: { skip: {} } }", (9.0, 5.0, 0.0)),
        ("{ on: deadline, after: 5 min, recover: compensate, do: cancel-case }", (0.0, 5.0, 0.0)),
        ("{ on: deadline, after: 5 min, recover: compensate, do: continue }", (11.0, 10.0, 0.0)),
        ("{ on: failure, chance: 100%, recover: compensate, then: given-up }", (14.0, 10.0, 0.0)),
        (
            "{ on: failure, chance: 100%, recover: compensate, do: { retry: { after: 1 min, at-most: 1 } }, then: given-up }",
            (25.0, 20.0, 0.0),
        ),
    ] {
        assert_eq!(spent(crack), expected, "{crack}");
    }
}

#[test]
fn the_next_case_is_served_while_something_is_undone() {
    let process = booking("{ on: deadline, after: 5 min, recover: compensate, do: restart }", "");
    // The first is worked on from 1 to 6, the second from 6; that one is struck at 8, and undone until 11. The first is
    // ready again at 9, when the clerk is free since 8: from 9 to 19. The second goes on from 19 to 29.
    let results = arriving(&process, &[0, 2]);
    assert_eq!((results.completed, cycle(&results)), (2, (19.0 + 27.0) / 2.0));
}

#[test]
fn what_is_undone_or_stands_still_is_not_struck_from_outside() {
    let more = "{ on: external, chance: 100%, then: given-up }, late: { on: deadline, after: 1 min, interrupts: true, recover: compensate, do: fail, then: given-up }";
    let simulation = Simulation::new(&booking(more, "")).unwrap().cases(50).replications(2).seed(3);
    let results = simulation.run().unwrap();
    assert_eq!((results.completed, results.stuck), (100, 0), "{:?}", results.dead_ends);
    let incident =
        "{ on: external, chance: 100%, then: given-up }, late: { on: deadline, after: 1 min, interrupts: true }";
    let simulation = Simulation::new(&booking(incident, "")).unwrap().cases(50).replications(2).seed(3);
    let results = simulation.run().unwrap();
    assert_eq!(results.completed + results.stuck, 100, "{:?}", results.dead_ends);
    assert!(results.stuck > 0);
}

#[test]
fn with_four_eyes_whoever_had_the_work_takes_it_up_again() {
    let text = r#"
process: trips
version: 1.0.0
start: book
roles: { clerk: { people: 2 } }
steps:
  book: { service: { takes: 1 min }, undo: unbook, next: work }
  work:
    human: { role: clerk, takes: 10 min }
    next: check
    cracks: { late: { on: deadline, after: 5 min, recover: compensate, do: restart } }
  check: { human: { role: clerk, takes: 10 min }, next: done }
  unbook: { service: { takes: 3 min }, next: unbooked }
  unbooked: { end: {} }
  done: { end: {} }
rules: [{ four-eyes: [work, check] }]
"#;
    // One works from 1 to 6 and from 9 to 19, the other checks from 19 to 29.
    let results = arriving(&read(text), &[0]);
    assert_eq!((results.completed, cycle(&results)), (1, 29.0));
    // A second case has the first person from 7 to 12 and waits for them from 15 on; the first, ready again at 9, has
    // them from 12 to 22.
    let results = arriving(&read(text), &[0, 6]);
    assert_eq!((results.completed, results.stuck), (2, 0));
    assert_eq!(wait(&results, "work"), (0.0 + 0.0 + 3.0 + 7.0) / 4.0);
}

#[test]
fn work_that_nobody_may_do_is_not_waited_for_until_the_end_of_time() {
    let text = r#"
process: eyes
version: 1.0.0
start: enter
calendars: { office: { week: { mon-fri: "09:00-14:00, 15:00-18:00" } } }
roles: { clerk: { people: 1, calendar: office } }
steps:
  enter: { human: { role: clerk, takes: 10 min }, next: check }
  check: { human: { role: clerk, takes: 10 min }, next: done }
  done: { end: {} }
rules: [{ four-eyes: [enter, check] }]
simulation: { arrivals: { every: 1 h }, absences: { clerk: { rate: 10/year, lasts: 1 bd } } }
"#;
    let results = Simulation::new(&read(text)).unwrap().cases(20).replications(2).seed(3).run().unwrap();
    assert_eq!((results.completed, results.stuck), (0, 40), "{:?}", results.dead_ends);
}

/// A deadline has work begun anew while whoever has it is away: they are at work once, when they are back.
#[test]
fn work_that_begins_anew_while_its_holder_is_away_is_counted_once() {
    let text = r#"
process: desk
version: 1.0.0
start: serve
roles: { clerk: { people: 1 } }
steps:
  serve:
    human: { role: clerk, takes: 8 h }
    cracks: { slow: { on: deadline, after: 9 h, do: restart } }
    next: served
  served: { end: {} }
simulation: { arrivals: { every: 24 h }, absences: { clerk: { rate: 100/year, lasts: 2 d } } }
"#;
    let process = Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap());
    let results = Simulation::new(&process).unwrap().cases(500).replications(2).seed(3).run().unwrap();
    assert!(results.cracks[0].struck > 20, "{:?}", results.cracks);
    let [role] = results.roles.as_slice() else { panic!() };
    assert!(role.busy_share.unwrap() < 1.0, "{role:?}");
}
