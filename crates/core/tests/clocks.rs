//! Clocks: what is promised, how much of the time is used, and what happens when it is over.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use grieta_core::kernel::{ClockState, Event, RunningClock};
use grieta_core::{Duration, Process, Timestamp};
use support::Desk;

fn at(time: &str) -> Timestamp {
    format!("2026-01-07T{time}:00Z").parse().unwrap()
}

fn hours(hours: i64) -> Duration {
    Duration::from_micros(hours * Duration::HOUR.as_micros())
}

/// A case that starts at 08:00, and whose process says this.
fn desk(text: &str) -> Desk {
    let text = format!("process: support\nversion: 1.0.0\nroles: {{ agent: {{ people: 2 }} }}\n{text}");
    let process = Process::read("support.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let mut desk = Desk::new(process.definition().clone());
    desk.now = at("08:00");
    desk.command(&grieta_core::kernel::Command::Start { data: vec![] }).unwrap();
    desk
}

fn until(desk: &mut Desk, time: &str) {
    let span = at(time) - desk.now;
    desk.advance(span);
    desk.is_whole().unwrap();
}

/// The only clock there is.
fn clock(desk: &Desk) -> RunningClock {
    *desk.case.clocks().next().expect("a clock").1
}

fn due(desk: &Desk) -> Option<Timestamp> {
    desk.plan.clock_due(&clock(desk))
}

/// What the clocks did, in words.
fn told(desk: &Desk) -> Vec<String> {
    let told = desk.events.iter().filter_map(|(when, event)| {
        let what = match event {
            Event::ClockStarted { .. } => "started".to_owned(),
            Event::ClockPaused { used, .. } => format!("paused after {used}"),
            Event::ClockResumed { .. } => "resumed".to_owned(),
            Event::ClockStopped { used, done: true, .. } => format!("done after {used}"),
            Event::ClockStopped { used, .. } => format!("over after {used}"),
            Event::ClockWarned { .. } => "warned".to_owned(),
            Event::ClockBreached { .. } => "breached".to_owned(),
            _ => return None,
        };
        Some(format!("{} {what}", &when.to_string()[11..16]))
    });
    told.collect()
}

const TICKET: &str = "
start: diagnose
clocks:
  resolution: { from: diagnose, until: resolve, within: 2 h, pause-in: [ask-customer], warn: 75% }
steps:
  diagnose:     { human: agent, outcomes: { unclear: ask-customer, clear: resolve } }
  ask-customer: { wait: { for: customer }, next: diagnose }
  resolve:      { human: agent, outcomes: { solved: closed, not-yet: diagnose } }
  closed:       { end: {} }
";

#[test]
fn two_hours_from_eight_with_a_pause_of_65_minutes_fall_due_at_five_past_eleven() {
    let mut desk = desk(TICKET);
    assert_eq!(due(&desk), Some(at("10:00")));
    until(&mut desk, "09:00");
    desk.complete("diagnose", Some("unclear"));
    assert_eq!((clock(&desk).state, due(&desk)), (ClockState::Paused, None));
    until(&mut desk, "10:05");
    desk.complete("ask-customer", None);
    assert_eq!(due(&desk), Some(at("11:05")));
    until(&mut desk, "11:04");
    assert_eq!(told(&desk), ["08:00 started", "09:00 paused after 1 h", "10:05 resumed", "10:35 warned"]);
    until(&mut desk, "11:05");
    assert_eq!(told(&desk)[4..], ["11:05 breached"]);
    desk.complete("diagnose", Some("clear")).complete("resolve", Some("solved"));
    assert_eq!(told(&desk)[5..], ["11:05 done after 2 h"]);
    desk.is_whole().unwrap();
}

#[test]
fn what_is_done_on_the_stroke_is_done_in_time() {
    let mut desk = desk(TICKET);
    until(&mut desk, "09:59");
    desk.complete("diagnose", Some("clear"));
    desk.now = at("10:00");
    desk.complete("resolve", Some("solved"));
    assert_eq!(told(&desk), ["08:00 started", "09:30 warned", "10:00 done after 2 h"]);
    desk.is_whole().unwrap();
}

#[test]
fn what_nobody_asked_for_in_time_is_said_when_the_clock_stops() {
    let mut desk = desk(TICKET);
    desk.complete("diagnose", Some("clear"));
    desk.now = at("10:30");
    desk.complete("resolve", Some("solved"));
    assert_eq!(told(&desk), ["08:00 started", "10:30 warned", "10:30 breached", "10:30 done after 2 h 30 min"]);
}

#[test]
fn a_case_that_is_opened_again_goes_on_with_the_time_it_has_used() {
    let mut desk = desk(TICKET);
    until(&mut desk, "09:15");
    desk.complete("diagnose", Some("clear")).complete("resolve", Some("not-yet"));
    assert_eq!(told(&desk), ["08:00 started", "09:15 done after 1 h 15 min", "09:15 resumed"]);
    until(&mut desk, "10:01");
    assert_eq!(told(&desk)[3..], ["09:30 warned", "10:00 breached"]);
    desk.complete("diagnose", Some("clear")).complete("resolve", Some("not-yet"));
    until(&mut desk, "18:00");
    assert_eq!(told(&desk)[5..], ["10:01 done after 2 h 1 min", "10:01 resumed"], "it runs out once");
}

#[test]
fn a_clock_that_recurs_starts_anew() {
    let mut one = desk(&TICKET.replace("warn: 75%", "recurs: sequential"));
    until(&mut one, "09:15");
    one.complete("diagnose", Some("unclear")).complete("ask-customer", None);
    assert_eq!(due(&one), Some(at("10:00")), "it is still the first one");
    one.complete("diagnose", Some("clear")).complete("resolve", Some("not-yet"));
    assert_eq!(due(&one), Some(at("11:15")));
    assert_eq!(one.case.clocks().count(), 1);

    let mut each = desk(&TICKET.replace("warn: 75%", "recurs: independent"));
    until(&mut each, "09:15");
    each.complete("diagnose", Some("unclear")).complete("ask-customer", None);
    let dues = each.case.clocks().map(|(_, clock)| each.plan.clock_due(clock).unwrap());
    assert_eq!(dues.collect::<Vec<_>>(), [at("10:00"), at("11:15")], "each has its own");
    each.complete("diagnose", Some("clear")).complete("resolve", Some("solved"));
    assert_eq!(told(&each)[4..], ["09:15 done after 1 h 15 min", "09:15 over after 0 s"], "{:?}", told(&each));
}

#[test]
fn without_steps_it_runs_from_the_start_of_the_case_to_its_end() {
    let text = TICKET.replace("from: diagnose, until: resolve, ", "").replace("warn: 75%", "warn: 30 min");
    let mut solved = desk(&text);
    until(&mut solved, "09:00");
    solved.complete("diagnose", Some("clear")).complete("resolve", Some("solved"));
    assert_eq!(told(&solved), ["08:00 started", "08:30 warned", "09:00 done after 1 h"]);

    let mut cancelled = desk(&text);
    cancelled.command(&grieta_core::kernel::Command::Cancel { compensate: false }).unwrap();
    assert_eq!(told(&cancelled), ["08:00 started", "08:00 over after 0 s"]);
    cancelled.is_whole().unwrap();
}

#[test]
fn business_time_counts_only_while_the_calendar_is_open() {
    let text = TICKET.replace("within: 2 h", "within: 2 bh, calendar: early");
    let mut desk = desk(&format!("calendars: {{ early: {{ week: {{ mon-sun: \"07:00-09:00\" }} }} }}{text}"));
    assert_eq!(due(&desk), Some(at("08:00") + hours(24)));
    until(&mut desk, "12:00");
    desk.complete("diagnose", Some("unclear"));
    assert_eq!(told(&desk), ["08:00 started", "12:00 paused after 1 h"]);
}

const LADDER: &str = "
start: diagnose
clocks:
  resolution: { from: diagnose, until: resolve, within: 2 h, pause-in: [ask-customer] }
cracks:
  nearly-late: { on: deadline, clock: resolution, at: 75%, then: tell-lead }
  too-late:    { on: deadline, clock: resolution, then: tell-manager }
  hour-late:   { on: deadline, clock: resolution, at: 3 h, then: tell-manager }
steps:
  diagnose:
    human: agent
    outcomes: { unclear: ask-customer, clear: resolve }
    cracks:
      taken-away: { on: deadline, clock: resolution, do: reallocate }
  ask-customer: { wait: { for: customer }, next: diagnose }
  resolve:      { human: agent, next: closed }
  tell-lead:    { service: {}, next: told }
  tell-manager: { service: {}, next: told }
  told:         { end: {} }
  closed:       { end: {} }
";

fn struck(desk: &Desk) -> Vec<String> {
    let struck = desk.events.iter().filter_map(|(when, event)| match event {
        Event::CrackStruck { token, crack, .. } => {
            let step = desk.plan.step(&desk.plan.definition().process).unwrap();
            let of_all = desk.plan.crack_name(step, *crack);
            let name = if of_all.is_empty() { format!("of {token:?}") } else { of_all.to_owned() };
            Some(format!("{} {name}", &when.to_string()[11..16]))
        }
        _ => None,
    });
    struck.collect()
}

#[test]
fn cracks_strike_by_a_clock_wherever_the_case_is_then() {
    let mut desk = desk(LADDER);
    until(&mut desk, "09:00");
    desk.complete("diagnose", Some("unclear"));
    until(&mut desk, "12:00");
    assert_eq!(struck(&desk), Vec::<String>::new(), "it stands still");
    desk.complete("ask-customer", None);
    until(&mut desk, "12:30");
    assert_eq!(struck(&desk), ["12:30 nearly-late"]);
    until(&mut desk, "13:00");
    assert_eq!(desk.shown(), "diagnose: Created, support: Inside, tell-lead: Requested, tell-manager: Requested");
    until(&mut desk, "18:00");
    let all = struck(&desk);
    assert_eq!((all.len(), all[3].as_str()), (4, "14:00 hour-late"), "{all:?}");
}

#[test]
fn a_crack_whose_mark_is_past_strikes_nobody_who_comes_later() {
    let mut desk = desk(LADDER);
    desk.complete("diagnose", Some("unclear"));
    // The clock stands still, and the case comes back with all its time.
    until(&mut desk, "20:00");
    desk.complete("ask-customer", None);
    let strikes = |desk: &Desk| desk.case.timers().filter(|(_, timer)| timer.kind.run().is_none()).count();
    assert_eq!(strikes(&desk), 4);
    desk.advance(hours(4));
    assert_eq!(strikes(&desk), 0);
    desk.complete("diagnose", Some("unclear")).complete("ask-customer", None);
    assert_eq!(strikes(&desk), 0);
    desk.is_whole().unwrap();
}

#[test]
fn each_time_that_a_step_is_gone_through_has_a_clock_of_its_own() {
    let mut desk = desk(
        "
start: orders
clocks:
  packing: { from: pick, until: pack, within: 1 h, recurs: independent }
steps:
  orders: { for-each: { steps: [pick, pack, packed], times: 2 }, next: done }
  pick:   { human: agent, next: pack }
  pack:   { service: {}, next: packed }
  packed: { end: {} }
  done:   { end: {} }
",
    );
    assert_eq!(desk.case.clocks().count(), 2);
    until(&mut desk, "08:30");
    let second = desk.case.tokens().filter(|(_, item)| desk.plan.step_name(item.step) == "pick").nth(1).unwrap();
    let (token, scope) = (second.0, second.1.scope);
    let begin = grieta_core::kernel::Command::Begin { token, person: grieta_core::PersonIx::NONE };
    desk.command(&begin).unwrap();
    desk.command(&grieta_core::kernel::Command::Complete { token, outcome: None, data: vec![] }).unwrap();
    desk.complete("pack", None);
    desk.is_whole().unwrap();
    let left = desk.case.clocks().map(|(_, clock)| clock.scope).collect::<Vec<_>>();
    assert!(left.len() == 1 && left[0] != scope, "the one of the other instance runs on");
    until(&mut desk, "09:00");
    assert_eq!(told(&desk)[2..], ["08:30 done after 30 min", "09:00 breached"]);
}

#[test]
fn a_crack_by_a_clock_that_starts_at_its_step_strikes_once() {
    let mut desk = desk(
        "
start: diagnose
clocks: { resolution: { from: diagnose, until: diagnose, within: 2 h } }
steps:
  diagnose:
    human: agent
    next: closed
    cracks: { too-slow: { on: deadline, clock: resolution, then: told } }
  told:   { service: {}, next: closed }
  closed: { end: {} }
",
    );
    assert_eq!(desk.case.timers().filter(|(_, timer)| timer.kind.run().is_none()).count(), 1);
    until(&mut desk, "12:00");
    assert_eq!(desk.events.iter().filter(|(_, event)| matches!(event, Event::CrackStruck { .. })).count(), 1);
}

fn resolve(desk: &mut Desk, step: &str, how: grieta_core::kernel::Resolution) {
    let token = desk.at(step);
    desk.command(&grieta_core::kernel::Command::Resolve { token, how }).unwrap();
    desk.is_whole().unwrap();
}

#[test]
fn an_incident_that_is_passed_over_stops_a_clock_as_completion_does() {
    let mut desk = desk(
        "
start: work
clocks: { sla: { from: work, until: work, within: 2 h } }
steps:
  work: { service: {}, next: rest }
  rest: { wait: { for: customer }, next: done }
  done: { end: {} }
",
    );
    let token = desk.at("work");
    desk.command(&grieta_core::kernel::Command::Fail { token, reason: "no".into() }).unwrap();
    resolve(&mut desk, "work", grieta_core::kernel::Resolution::Skip(None));
    assert_eq!(told(&desk), ["08:00 started", "08:00 done after 0 s"]);
}

#[test]
fn a_clock_that_stands_still_and_goes_on_at_the_stroke_runs_out_once() {
    let mut desk = desk(TICKET);
    until(&mut desk, "09:59");
    desk.now = at("10:00");
    for _ in 0..3 {
        desk.complete("diagnose", Some("unclear")).complete("ask-customer", None);
    }
    until(&mut desk, "11:00");
    let breaches = told(&desk).iter().filter(|line| line.contains("breached")).count();
    assert_eq!(breaches, 1, "{:?}", told(&desk));
}

const UNDONE: &str = "
start: book
clocks: { sla: { within: 4 h, pause-in: [ask] } }
steps:
  book: { service: {}, next: both, undo: unbook }
  both: { fork: [pay, ask] }
  pay:
    human: agent
    next: done
    cracks:
      late:     { on: deadline, clock: sla, do: fail, then: given-up }
      declined: { on: failure, recover: compensate, then: given-up }
  ask: { wait: { for: customer }, next: done }
  unbook: { service: {}, next: unbooked }
  unbooked: { end: {} }
  done: { end: {} }
  given-up: { end: {} }
";

#[test]
fn a_clock_does_not_strike_what_is_being_undone() {
    let mut desk = desk(UNDONE);
    desk.complete("book", None);
    desk.begin("pay");
    desk.strike("pay", "declined");
    assert_eq!(desk.shown(), "ask: Waiting, pay: Compensating, unbook: Requested");
    desk.complete("ask", None);
    until(&mut desk, "14:00");
    assert_eq!(desk.shown(), "pay: Compensating, unbook: Requested");
}

#[test]
fn a_crack_strikes_by_each_run_of_a_clock() {
    let mut desk = desk(
        "
start: both
clocks: { sla: { from: ask, until: answered, within: 2 h, recurs: independent } }
cracks: { late: { on: deadline, clock: sla, then: told } }
steps:
  both: { fork: [ask, nap] }
  nap:  { wait: 1 h, next: ask }
  ask:  { wait: { for: customer }, next: answered }
  answered: { end: {} }
  told: { end: {} }
",
    );
    until(&mut desk, "12:00");
    assert_eq!(told(&desk), ["08:00 started", "09:00 started", "10:00 breached", "11:00 breached"]);
    assert_eq!(struck(&desk), ["10:00 late", "11:00 late"]);
}

#[test]
fn a_step_that_is_done_again_stops_a_clock_when_it_is_left() {
    let mut desk = desk(
        "
start: ask
data: { tries: { type: integer, initial: 0 } }
clocks: { sla: { until: ask, within: 2 h } }
steps:
  ask: { wait: { for: customer }, next: rest, sets: { tries: tries + 1 }, until: tries >= 2 }
  rest: { wait: { for: customer }, next: done }
  done: { end: {} }
",
    );
    until(&mut desk, "08:30");
    desk.complete("ask", None);
    until(&mut desk, "09:00");
    desk.complete("ask", None);
    assert_eq!(desk.shown(), "rest: Waiting");
    assert_eq!(told(&desk), ["08:00 started", "09:00 done after 1 h"]);
}

#[test]
fn a_step_that_nobody_wants_any_more_stops_a_clock() {
    let mut desk = desk(
        "
start: ask
data: { tries: { type: integer, initial: 2 } }
clocks: { sla: { until: ask, within: 2 h } }
steps:
  ask: { wait: { for: customer }, next: rest, sets: { tries: tries + 1 }, while: tries < 2 }
  rest: { wait: { for: customer }, next: done }
  done: { end: {} }
",
    );
    assert_eq!(desk.shown(), "rest: Waiting");
    until(&mut desk, "11:00");
    assert_eq!(told(&desk), ["08:00 started", "08:00 done after 0 s"]);
}

#[test]
fn the_whole_process_is_struck_by_clocks_inside_its_steps() {
    let mut desk = desk(
        "
start: orders
clocks: { packing: { from: pick, until: pack, within: 1 h } }
cracks: { late: { on: deadline, clock: packing, then: told } }
steps:
  orders: { for-each: { steps: [pick, pack, packed], times: 2, one-by-one: true }, next: done }
  pick:   { human: agent, next: pack }
  pack:   { service: {}, next: packed }
  packed: { end: {} }
  done:   { end: {} }
  told:   { end: {} }
",
    );
    until(&mut desk, "12:00");
    assert_eq!(struck(&desk), ["09:00 late"]);
}

#[test]
fn a_clock_that_has_run_out_says_when() {
    let mut desk = desk(TICKET);
    until(&mut desk, "10:30");
    desk.complete("diagnose", Some("unclear"));
    until(&mut desk, "11:30");
    desk.complete("ask-customer", None);
    assert_eq!(due(&desk), None, "it ran out before it stood still");
    assert!(clock(&desk).breached);
}

#[test]
fn many_runs_that_stand_still_at_once_are_followed_at_once() {
    let mut desk = desk(
        "
start: all
clocks: { each: { from: count, within: 9 h, pause-in: nap, recurs: independent } }
steps:
  all:     { fork: [work, clocks, ask] }
  work:    { for-each: { steps: [pick, packed], times: 500 }, next: done }
  pick:    { service: {}, next: packed, cracks: { late: { on: deadline, clock: each, do: continue } } }
  packed:  { end: {} }
  clocks:  { for-each: { steps: [count, counted], times: 500 }, next: done }
  count:   { service: {}, next: counted }
  counted: { end: {} }
  ask:     { wait: { for: customer }, next: nap }
  nap:     { wait: { for: customer }, next: done }
  done:    { end: {} }
",
    );
    let before = desk.events.len();
    desk.complete("ask", None);
    // Each run loses its timer and stands still; each token loses its own timer.
    assert!(desk.events.len() - before <= 500 + 2 * 500 + 10, "{} events", desk.events.len() - before);
    desk.complete("nap", None);
    desk.is_whole().unwrap();
}

#[test]
fn a_mark_that_is_past_as_the_clock_starts_is_refused() {
    for mark in ["0%", "0 h"] {
        let text = format!(
            "process: p\nversion: 1\nstart: a\nclocks: {{ sla: {{ within: 2 h }} }}\nsteps:\n  \
             a: {{ wait: 1 h, next: b, cracks: {{ late: {{ on: deadline, clock: sla, at: {mark}, do: continue }} }} }}\n  \
             b: {{ end: {{}} }}\n"
        );
        let problems = Process::read("p.yaml", text.as_bytes()).unwrap_err().to_string();
        assert!(problems.contains("a crack strikes when the clock has run for some time"), "{problems}");
    }
}
