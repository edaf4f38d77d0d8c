//! The network of the catalogue runs: what one process hands over another takes up, nothing gets lost on the way, and nobody
//! becomes a customer twice.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_lifecycle::united;
use grieta_simulator::{Network, Results};
use support::Copy;

/// How many cases came to an end of a process.
fn ended_at(results: &Results, end: &str) -> u64 {
    results.end(end).map_or(0, |end| (end.share * results.all_cases() as f64).round() as u64)
}

#[test]
fn what_is_handed_over_is_taken_up_and_nothing_is_lost() {
    let copy = Copy::catalogue();
    let definitions = united(&copy.life_cycle, &copy.processes).unwrap_or_else(|problems| panic!("{problems}"));
    let processes: Vec<Arc<Process>> =
        definitions.into_iter().map(|definition| Arc::new(Process::new(definition).unwrap())).collect();
    let network = Network::new(&processes).unwrap_or_else(|error| panic!("{error}"));
    let results = network.cases(400).replications(2).seed(3).run().unwrap();
    let of = |name: &str| {
        let at = processes.iter().position(|process| process.definition().process == name).unwrap();
        &results[at]
    };
    let (leads, orders, in_use) = (of("lead-qualification"), of("order-to-service"), of("in-use"));
    let (cases, reentries, calls) = (of("case-escalation"), of("customer-reentry"), of("telephone-reception"));
    assert!(ended_at(leads, "opportunity") > 0 && ended_at(reentries, "reentered-sales") > 0);
    assert_eq!(orders.started_by_cases, ended_at(leads, "opportunity") + ended_at(reentries, "reentered-sales"));
    assert_eq!((in_use.cases, in_use.started_by_cases), (0, ended_at(orders, "in-service")));
    // Whoever has one relationship gets no second one.
    let visits = |results: &Results, step: &str| {
        (results.step(step).unwrap().visits_per_case * results.all_cases() as f64).round() as u64
    };
    assert_eq!(ended_at(in_use, "left") + ended_at(in_use, "known-already"), in_use.started_by_cases);
    let from_use = (visits(in_use, "solve-problem"), visits(in_use, "ask-them"));
    assert_eq!(cases.started_by_cases, ended_at(orders, "to-case-escalation") + from_use.0);
    let known = ended_at(leads, "to-customer-reentry") + ended_at(calls, "to-customer-reentry");
    assert_eq!(reentries.started_by_cases, known + from_use.1);
    for results in &results {
        assert_eq!(results.stuck, 0, "{}", results.process);
    }
}
