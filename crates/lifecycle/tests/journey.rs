//! What a run of all processes says: from one to the next nothing is lost or counted twice, and who keeps what was promised.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::{Duration, Process};
use grieta_lifecycle::{Journey, Route, connections, united};
use grieta_simulator::Network;
use support::{Copy, Edit};

fn days(days: i64) -> Duration {
    Duration::from_micros(days * 24 * 3_600_000_000)
}

fn run(copy: &Copy, lasting: i64, replications: u64) -> Journey {
    let definitions = united(&copy.life_cycle, &copy.processes).unwrap_or_else(|problems| panic!("{problems}"));
    let processes: Vec<_> = definitions.into_iter().map(|found| Arc::new(Process::new(found).unwrap())).collect();
    let network = Network::new(&processes).unwrap().lasting(days(lasting)).replications(replications).seed(5);
    Route::of(&copy.life_cycle, &copy.processes).follow(&network, &processes).unwrap()
}

fn shop(edits: &[Edit<'_>]) -> Journey {
    run(&Copy::shop(edits), 120, 6)
}

#[test]
fn what_is_handed_over_is_what_begins_and_each_customer_is_counted_once() {
    let journey = shop(&[]);
    let [selling, helping] = journey.processes.as_slice() else { panic!("there are two processes") };
    let row = &journey.funnel[0];
    assert_eq!(row.hand_over, "welcome");
    assert_eq!(row.handed, helping.started_by_cases);
    assert_eq!(row.customers, row.handed, "nobody buys twice here");
    assert_eq!(journey.customers, selling.cases + helping.cases);
    assert_eq!(journey.cases, journey.customers + row.handed);
    assert_eq!(row.accepted.unwrap() + row.returned.unwrap(), row.handed);
    assert!((row.accepted_share.unwrap() - 0.9).abs() < 0.02, "{:?}", row.accepted_share);
    let (came, reached) =
        row.cohorts.iter().fold((0, 0), |(came, reached), cohort| (came + cohort.came, reached + cohort.reached));
    assert_eq!((came, reached), (journey.customers, row.customers));
    // 80 % of the enquiries fit, and 40 % of the offers are taken.
    let sold = row.handed as f64 / selling.cases as f64;
    assert!((sold - 0.32).abs() < 0.02, "{sold}");
}

#[test]
fn all_that_happened_to_a_customer_stands_on_one_line() {
    let journey = shop(&[]);
    let history = journey.histories.values().find(|history| history.passages.len() == 2).unwrap();
    let [sold, helped] = history.passages.as_slice() else { panic!("there are two passages") };
    assert_eq!((sold.until, helped.started_by), (Some(helped.from), Some(0)));
    let line = history.line();
    assert!(
        line.starts_with("selling 2026-") && line.contains(" → sold (2026-") && line.contains(" · helping 2026-"),
        "{line}"
    );
}

/// Who breaks a promise, as `by: promise`.
fn broken(journey: &Journey) -> Vec<String> {
    let broken = journey.promises.iter().filter(|found| found.is_broken());
    broken.map(|found| found.promise.by.clone()).collect()
}

#[test]
fn an_agreement_is_broken_by_each_side_in_turn_and_the_report_says_by_whom() {
    let kept = shop(&[]);
    assert_eq!(broken(&kept), Vec::<String>::new(), "{kept}");
    let fewer = [("selling.yaml", "chance: 40%", "chance: 10%"), ("selling.yaml", "chance: 60%", "chance: 90%")];
    let sales = shop(&fewer);
    assert_eq!(broken(&sales), ["sales"], "{sales}");
    assert!(sales.to_string().contains("– broken by sales ("), "{sales}");
    // One of two who are busy for half of their time: 94 % of the other's.
    let alone = [
        ("helping.yaml", "agent: { department: service, people: 2", "agent: { department: service, people: 1"),
        ("helping.yaml", "takes: 15 min", "takes: 14 min"),
    ];
    let service = shop(&alone);
    assert_eq!(broken(&service), ["service"], "{service}");
    assert!(service.to_string().contains("– broken by service ("), "{service}");
}

#[test]
fn a_customer_who_comes_back_is_the_same_customer() {
    let back = [
        (
            "helping.yaml",
            "sent-back: { end: {} }",
            "sent-back: { end: { hand-over: { process: selling, with: { customer_id: customer_id } } } }",
        ),
        ("helping.yaml", "chance: 90%", "chance: 50%"),
        ("helping.yaml", "chance: 10%", "chance: 50%"),
    ];
    let journey = shop(&back);
    let [selling, helping] = journey.processes.as_slice() else { panic!("there are two processes") };
    let welcome = journey.funnel.iter().find(|row| row.hand_over == "welcome").unwrap();
    let back = journey.funnel.iter().find(|row| row.hand_over == "helping → selling").unwrap();
    assert_eq!((welcome.handed, back.handed), (helping.started_by_cases, selling.started_by_cases));
    assert!(welcome.customers < welcome.handed, "some buy again");
    assert_eq!(journey.cases, selling.completed + helping.completed);
}

/// From the lead to the re-entry: what begins in a process by others is what was handed to it, and nobody is two customers.
#[test]
fn the_figures_of_the_catalogue_add_up_from_lead_to_re_entry() {
    let copy = Copy::catalogue();
    let journey = run(&copy, 10, 1);
    let to: Vec<&str> = connections(&copy.life_cycle, &copy.processes).iter().map(|found| found.to).collect();
    assert_eq!(to.len(), journey.funnel.len());
    for results in &journey.processes {
        let rows = journey.funnel.iter().zip(&to).filter(|(_, to)| **to == results.process);
        let handed: u64 = rows.map(|(row, _)| row.handed).sum();
        assert_eq!(results.started_by_cases, handed, "{}", results.process);
    }
    let came: u64 = journey.processes.iter().map(|results| results.cases).sum();
    let started: u64 = journey.processes.iter().map(|results| results.started_by_cases).sum();
    assert_eq!((journey.customers, journey.cases), (came, came + started));
    assert!(journey.funnel.iter().all(|row| row.customers <= row.handed && row.handed > 0), "{journey}");
}
