//! One network of many definitions: the same people in all of them, hand-offs written down, no arrivals but from outside.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use grieta_core::Process;
use grieta_core::definition::{Definition, Kind, People};
use grieta_core::diagnostic::Code;
use grieta_lifecycle::united;
use support::{Copy, Edit};

const HELPING: &str = "helping.yaml";
const SELLING: &str = "selling.yaml";
const LIFE: &str = "life-cycle.yaml";

fn network(edits: &[Edit<'_>]) -> Vec<Definition> {
    let copy = Copy::shop(edits);
    united(&copy.life_cycle, &copy.processes).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn everybody_is_in_every_definition_in_the_same_order() {
    let definitions = network(&[]);
    for definition in &definitions {
        assert_eq!(definition.roles.keys().collect::<Vec<_>>(), ["seller", "agent"]);
        assert_eq!(definition.roles["seller"].people, People::Count(2));
        assert_eq!(definition.calendars.keys().collect::<Vec<_>>(), ["office"]);
        assert!(Process::new(definition.clone()).is_ok());
    }
}

#[test]
fn a_hand_off_stands_in_the_end_where_it_takes_place() {
    let definitions = network(&[]);
    let Kind::End { hand_over: Some(call), .. } = &definitions[0].steps["sold"].kind else {
        panic!("hands nothing over")
    };
    assert_eq!(call.process, "helping");
    assert_eq!(call.with.keys().collect::<Vec<_>>(), ["customer_id", "product"]);
    assert!(matches!(definitions[1].steps["helped"].kind, Kind::End { hand_over: None, .. }));
}

#[test]
fn calendars_that_are_not_alike_get_names_of_their_own() {
    let later = (HELPING, "\"09:00-18:00\"", "\"10:00-19:00\"");
    let definitions = network(&[later]);
    for definition in &definitions {
        assert_eq!(definition.calendars.keys().collect::<Vec<_>>(), ["office", "helping-office"]);
        assert_eq!(definition.roles["agent"].calendar.as_deref(), Some("helping-office"));
        assert_eq!(definition.roles["seller"].calendar.as_deref(), Some("office"));
    }
    assert_eq!(definitions[1].calendar.as_deref(), Some("helping-office"));
}

#[test]
fn a_role_without_a_calendar_has_that_of_its_process() {
    let definitions = network(&[(HELPING, "people: 2, calendar: office", "people: 2")]);
    assert!(definitions.iter().all(|definition| definition.roles["agent"].calendar.as_deref() == Some("office")));
}

#[test]
fn what_is_taken_first_stays_with_the_process_whose_fields_it_reads() {
    let both = [
        (SELLING, "people: 2, calendar: office", "people: 2, calendar: office, queue: { priority: pieces }"),
        (HELPING, "roles:\n", "roles:\n  seller: { department: sales, people: 2, calendar: office }\n"),
    ];
    let definitions = network(&both);
    let priority = |at: usize| definitions[at].roles["seller"].queue.priority.as_ref().map(|found| found.0.as_str());
    assert_eq!((priority(0), priority(1)), (Some("pieces"), None));
}

#[test]
fn people_who_are_described_differently_are_a_problem_until_the_life_cycle_settles_it() {
    let three = (HELPING, "roles:\n", "roles:\n  seller: { department: sales, people: 3, calendar: office }\n");
    let copy = Copy::shop(&[three]);
    let problems = united(&copy.life_cycle, &copy.processes).unwrap_err();
    assert_eq!(problems.list.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::DifferingPeople]);

    let settled =
        (LIFE, "hand-offs:", "roles: { seller: { department: sales, people: 4, calendar: office } }\n\nhand-offs:");
    let definitions = network(&[three, settled]);
    assert!(definitions.iter().all(|definition| definition.roles["seller"].people == People::Count(4)));
}

#[test]
fn absences_are_those_of_all_and_contradictions_are_refused() {
    let away = |rate: &str| format!("simulation:\n  absences: {{ seller: {{ rate: {rate}, lasts: 5 bd }} }}\n");
    let ill = away("1.5/year");
    let definitions = network(&[(SELLING, "simulation:\n", &ill)]);
    for definition in &definitions {
        assert_eq!(definition.simulation.as_ref().unwrap().absences.keys().collect::<Vec<_>>(), ["seller"]);
    }
    let seller = (HELPING, "roles:\n", "roles:\n  seller: { department: sales, people: 2, calendar: office }\n");
    let more = away("3/year");
    let copy = Copy::shop(&[(SELLING, "simulation:\n", &ill), seller, (HELPING, "simulation:\n", &more)]);
    let problems = united(&copy.life_cycle, &copy.processes).unwrap_err();
    assert_eq!(problems.list[0].code, Code::DifferingPeople);
}

#[test]
fn who_is_begun_by_others_alone_has_no_arrivals() {
    let arrives = |definition: &Definition| definition.simulation.as_ref().unwrap().arrivals.is_some();
    assert!(network(&[]).iter().all(arrives));
    let definitions = network(&[(LIFE, "    at: [take-call]\n", "")]);
    assert_eq!(definitions.iter().map(arrives).collect::<Vec<_>>(), [true, false]);
}
