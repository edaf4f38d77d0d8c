//! The life cycle of the catalogue is complete and sound across its hand-offs, and becomes one network.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod support;

use grieta_core::{Plan, Process};
use grieta_lifecycle::{LifeCycle, Maturity, Processes, check, connections, stubs, united};
use grieta_verifier::{Limits, verify};
use support::{Copy, folder};

#[test]
fn nothing_is_missing_and_nothing_is_lost() {
    let found = Copy::catalogue().check();
    assert!(found.is_sound(), "{:#?}", found.problems);
    assert!(found.readiness.iter().all(|stage| stage.documented.is_none_or(|share| share == 1.0)));
}

#[test]
fn the_relationship_with_a_customer_has_no_problem_of_its_own() {
    let copy = Copy::catalogue();
    let plan = Plan::new(copy.processes.get("in-use").unwrap().clone()).unwrap();
    let found = verify(&plan, &Limits::default());
    assert!(found.problems.is_empty() && found.coverage.open.is_empty(), "{:#?}", found.problems);
}

#[test]
fn a_lead_becomes_an_order_a_customer_a_case_and_comes_back() {
    let copy = Copy::catalogue();
    let connections = connections(&copy.life_cycle, &copy.processes);
    let all: Vec<_> = connections.iter().map(|found| format!("{} > {}", found.from, found.to)).collect();
    for way in [
        "lead-qualification > order-to-service",
        "order-to-service > in-use",
        "in-use > case-escalation",
        "in-use > customer-reentry",
        "customer-reentry > order-to-service",
    ] {
        assert!(all.contains(&way.to_owned()), "{way}: {all:?}");
    }
    assert!(connections.iter().all(|found| found.with.contains_key("customer_id")));
}

#[test]
fn it_becomes_one_network_with_the_same_people() {
    let copy = Copy::catalogue();
    let definitions = united(&copy.life_cycle, &copy.processes).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(definitions.len(), 6);
    let roles: Vec<_> = definitions[0].roles.keys().collect();
    for definition in &definitions {
        assert_eq!(definition.roles.keys().collect::<Vec<_>>(), roles);
        let process = Process::new(definition.clone()).unwrap_or_else(|problems| panic!("{problems}"));
        let has_arrivals = definition.simulation.as_ref().unwrap().arrivals.is_some();
        assert_eq!(has_arrivals, definition.process != "in-use", "{}", definition.process);
        drop(process);
    }
}

#[test]
fn where_a_definition_is_missing_a_sound_stub_takes_its_place() {
    let text = std::fs::read_to_string(folder("docs/shop/life-cycle.yaml")).unwrap();
    let text = text.replace("    process: selling\n    at: [send-offer]\n", "");
    let life_cycle = LifeCycle::read("life-cycle.yaml", text.as_bytes()).unwrap();
    let found = check(&life_cycle, &Processes::new());
    assert!(found.maturity.iter().any(|row| row.process == "offer" && row.maturity == Maturity::Missing));
    assert_eq!(found.readiness[1].documented, Some(0.0), "what is claimed counts only where there is a definition");
    let stubs = stubs(&life_cycle, &Processes::new());
    let files: Vec<_> = stubs.iter().map(|stub| stub.file.as_str()).collect();
    assert_eq!(files, ["selling.yaml", "helping.yaml", "offer.yaml"]);
    for stub in stubs {
        let process = Process::read(&stub.file, stub.definition.to_yaml().as_bytes()).unwrap();
        assert!(process.warnings().is_empty(), "{}", process.warnings());
        assert_eq!(process.definition(), &stub.definition);
    }
}

#[test]
fn what_is_wrong_with_the_file_is_told_all_at_once_with_its_place() {
    let text = "life-cycle: shop\nversion: 1.0.0\ncustomer: c\nstages: { lead: { departement: sales } }\n\
                touchpoints: { call: { stage: lead, channel: phone, direction: inn, volume: many } }\n\
                hand-offs: { welcome: { from: selling, to: helping } }\n";
    let problems = LifeCycle::read("shop.yaml", text.as_bytes()).unwrap_err();
    let found: Vec<_> =
        problems.list.iter().map(|problem| (problem.place.unwrap().line, problem.message.as_str())).collect();
    assert_eq!(found.len(), 4, "{problems}");
    assert!(problems.to_string().contains("did you mean `department`?"), "{problems}");
    assert!(problems.to_string().contains("as in `60 per business-day`"), "{problems}");
    assert!(problems.to_string().contains("as in `selling/sold`"), "{problems}");
    assert!(LifeCycle::read("shop.yaml", b"").unwrap_err().to_string().contains("begin with `life-cycle: name`"));
}
