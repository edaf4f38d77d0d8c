//! What happened to a case, in words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use grieta_core::kernel::{Command, Event, Phase};
use grieta_core::value::Value;
use grieta_core::world::Directory;
use grieta_core::{Duration, Process, Timestamp};
use support::Desk;

const SALES: &str = r#"
process: sales
version: 1.0.0
start: grade
roles: { sdr: { people: 1 }, manager: { people: 1 } }
data: { fit: { type: integer }, note: { type: text } }
clocks: { first: { from: call, until: call, within: 4 h, warn: 50% } }
steps:
  grade: { assign: { fit: "fit + 1", note: '"warm"' }, next: route }
  route: { name: Good enough?, choose: [{ when: fit > 1, to: call }, { otherwise: over }] }
  call:
    human: sdr
    name: Call the lead
    outcomes: { reached: won, no-answer: call }
    cracks:
      full: { on: failure, name: Full voicemail, do: { retry: { after: 4 h, at-most: 1 } } }
      late: { on: external, do: { reallocate: manager } }
  won: { end: {} }
  over: { end: {} }
"#;

fn started(file: &str) -> Desk {
    let process = Process::read("sales.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let mut desk = Desk::new(process.definition().clone());
    let data = desk.plan.field("fit").map(|fit| (fit, Value::Integer(1)));
    desk.command(&Command::Start { data: data.into_iter().collect() }).unwrap();
    desk
}

fn told(desk: &Desk, people: &Directory) -> Vec<String> {
    let story = desk.plan.story(people, desk.events.iter().map(|(at, event)| (*at, event)));
    story.iter().map(|(_, told)| told.sentence(&desk.plan)).collect()
}

#[test]
fn a_story_says_who_did_what_and_why() {
    let mut people = Directory::default();
    let ana = people.add("ana", ["sdr"]).unwrap();
    let mut desk = started(SALES);
    let token = desk.at("call");
    desk.command(&Command::Begin { token, person: ana }).unwrap();
    desk.complete("call", Some("no-answer")).begin("call").strike("call", "full");
    desk.advance(Duration::HOUR).advance(Duration::DAY).strike("call", "late").begin("call").strike("call", "full");
    assert_eq!(
        told(&desk, &people).join("\n"),
        "\
the case began
fit = 1
`grade` was reached
fit = 2, note = warm
`call` was reached, as `route` decided: Call the lead
the clock `first` started: 4 h
`call` was begun by ana
`call` was completed: no-answer
the clock `first` stopped after 0 s
`call` was reached for the second time: Call the lead
the clock `first` went on
`call` was begun by `sdr`
`call` was struck by crack `full` (Full voicemail): tried again 4 h later, at most 1×, then the case stops (SRO-CWC-NIL)
`call` was put off until its next try
the clock `first` warned
the clock `first` ran out
`call` was tried again
`call` was struck by crack `late`: handed to `manager` (ORO-CWC-NIL)
`call` was handed to `manager`
`call` was begun by `manager`
`call` was struck by crack `full` (Full voicemail): tried again 4 h later, at most 1×, then the case stops
`call` became an incident: crack `full` struck and its retries are used up, and it does not say what then"
    );
}

#[test]
fn whoever_is_not_known_by_name_is_called_by_the_role() {
    let mut desk = started(SALES);
    desk.begin("call");
    assert_eq!(told(&desk, &Directory::default()).pop().unwrap(), "`call` was begun by `sdr`");
}

#[test]
fn values_set_at_other_times_have_lines_of_their_own() {
    let desk = started(SALES);
    let sets = |hour: i64| {
        let at = Timestamp::default() + Duration::from_micros(hour * Duration::HOUR.as_micros());
        desk.events
            .iter()
            .filter(|(_, event)| matches!(event, Event::DataSet { .. }))
            .map(move |(_, event)| (at, event))
    };
    let lines = |events: Vec<(Timestamp, &Event)>| desk.plan.story(&Directory::default(), events);
    assert_eq!(lines(sets(0).chain(sets(0)).collect()).len(), 1);
    assert_eq!(lines(sets(0).chain(sets(1)).collect()).len(), 2);
    for (_, line) in lines((0..9).flat_map(|_| sets(0)).collect()) {
        assert!(line.what.len() <= 70, "{}", line.what);
    }
}

#[test]
fn a_visit_is_counted_as_people_count() {
    let mut desk = started(SALES);
    for _ in 0..23 {
        desk.complete("call", Some("no-answer"));
    }
    let told = told(&desk, &Directory::default());
    let visits: Vec<&str> =
        told.iter().filter_map(|line| line.strip_prefix("`call` was reached for the ")?.split(' ').next()).collect();
    assert_eq!(visits[..3], ["second", "third", "4th"]);
    assert_eq!(visits[9..12], ["11th", "12th", "13th"]);
    assert_eq!(visits[19..], ["21st", "22nd", "23rd", "24th"]);
}

#[test]
fn a_gate_is_told_and_a_choice_left_open_is_not() {
    let mut desk = started(SALES);
    let token = desk.at("call");
    let mut tell = |phase| {
        let event = Event::StepGated { token, phase };
        let told = desk.plan.tell(&desk.case, &Directory::default(), &event);
        desk.case.apply(desk.now, &event);
        told.map(|told| told.what)
    };
    assert_eq!(tell(Phase::Gated).as_deref(), Some("was kept from beginning"));
    assert_eq!(tell(Phase::Offered).as_deref(), Some("was free to begin"));
    assert_eq!([tell(Phase::Undecided), tell(Phase::Leaving)], [None, None]);
}
