//! Several processes on one clock: each alone is as before, what one hands over another takes up, and people are shared.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Network, NetworkError, Results, Simulation};

const ROLES: &str = "roles: { clerk: { people: 2 }, packer: { people: 1 } }";

/// Leads come, and a part of them is sold; a sale is handed over, with or without its receiver.
fn sales(hands_over: &str) -> String {
    format!(
        "
process: sales
version: 1.0.0
start: talk
customer: customer_id
data:
  customer_id: {{ type: text, required: true }}
  tier: {{ type: choice, of: [basic, gold], initial: basic }}
{ROLES}
steps:
  talk:
    human: {{ role: clerk, takes: \"exponential(6 min)\" }}
    outcomes: {{ sold: {{ to: sold, chance: 40% }}, lost: {{ to: lost, chance: 60% }} }}
  sold: {{ end: {hands_over} }}
  lost: {{ end: {{}} }}
simulation:
  arrivals: {{ every: exponential(10 min) }}
  sample: {{ tier: {{ basic: 70, gold: 30 }} }}
"
    )
}

const HANDS_OVER: &str = "{ hand-over: { process: delivery, with: { customer_id: customer_id } } }";

fn delivery() -> String {
    format!(
        "
process: delivery
version: 1.0.0
start: pack
customer: customer_id
data:
  customer_id: {{ type: text, required: true }}
  size: {{ type: integer, initial: 1 }}
{ROLES}
steps:
  pack: {{ human: {{ role: packer, takes: \"exponential(9 min)\" }}, next: which }}
  which:
    choose:
      - {{ when: size > 5, to: call }}
      - {{ otherwise: delivered }}
  call: {{ human: {{ role: clerk, takes: \"exponential(3 min)\" }}, next: delivered }}
  delivered: {{ end: {{}} }}
simulation:
  arrivals: {{ every: exponential(60 min) }}
  sample: {{ size: {{ 1: 50, 9: 50 }} }}
"
    )
}

fn process(text: &str) -> Arc<Process> {
    Arc::new(Process::read("test.yaml", text.as_bytes()).unwrap())
}

/// What two results say, but for what they come from.
fn figures(results: &Results) -> serde_json::Value {
    let mut value = serde_json::to_value(results).unwrap();
    for key in ["seed", "inputs", "roles", "assumptions", "bottlenecks", "dead_ends", "goals", "littles_law", "warm_up"]
    {
        value.as_object_mut().unwrap().remove(key);
    }
    value
}

#[test]
fn each_process_alone_is_reproduced_when_the_others_are_cut_off() {
    let (sales, delivery) = (process(&sales("{}")), process(&delivery()));
    let network = || Network::new(&[sales.clone(), delivery.clone()]).unwrap().cases(3_000).replications(3).seed(11);
    for (at, process) in [&sales, &delivery].into_iter().enumerate() {
        let name = process.definition().process.as_str();
        let network = network().only(name);
        let seed = network.seed_of(name).unwrap();
        let together = network.run().unwrap();
        let alone = Simulation::new(process).unwrap().cases(3_000).replications(3).seed(seed).run().unwrap();
        assert_eq!(figures(&together[at]), figures(&alone), "{name}");
        assert_eq!(together[1 - at].cases, 0);
    }
}

#[test]
fn what_is_handed_over_is_taken_up_and_nothing_is_counted_twice() {
    let both = [process(&sales(HANDS_OVER)), process(&delivery())];
    let results = Network::new(&both).unwrap().cases(2_000).replications(4).run().unwrap();
    let sold = results[0].ends.iter().find(|end| end.id == "sold").unwrap().share;
    let handed = (sold * 8_000.0).round() as u64;
    assert_eq!((results[0].cases, results[0].started_by_cases), (8_000, 0));
    assert_eq!((results[1].cases, results[1].started_by_cases), (8_000, handed));
    assert_eq!(results[0].completed, 8_000);
    assert_eq!(results[1].completed, 8_000 + handed);
}

/// 6 min every 10 min and, of what is packed, half for 3 min more: sold 4 % a minute · .5 · 3 and as much of what comes by itself.
#[test]
fn people_are_shared() {
    let both = [process(&sales(HANDS_OVER)), process(&delivery())];
    let lasting = grieta_core::Duration::from_micros(200 * 24 * 3_600_000_000);
    let results = Network::new(&both).unwrap().lasting(lasting).replications(6).run().unwrap();
    let clerk = (6.0 / 10.0 + (0.4 / 10.0 + 1.0 / 60.0) * 0.5 * 3.0) / 2.0;
    let packer = (0.4 / 10.0 + 1.0 / 60.0) * 9.0;
    for results in &results {
        let of = |role: &str| results.roles.iter().find(|found| found.id == role).unwrap().utilisation.unwrap();
        assert!((of("clerk") - clerk).abs() < 0.01, "clerk {} {clerk}", of("clerk"));
        if results.process == "delivery" {
            assert!((of("packer") - packer).abs() < 0.01, "packer {} {packer}", of("packer"));
        }
    }
}

#[test]
fn a_case_that_another_starts_has_what_it_is_given_and_what_there_is_a_sample_of() {
    let both = [process(&sales(HANDS_OVER)), process(&delivery())];
    let network = Network::new(&both).unwrap().cases(2_000).replications(2).only("sales");
    let delivery = &network.run().unwrap()[1];
    let called = delivery.steps.iter().find(|step| step.id == "call").unwrap();
    assert!((called.cases_share - 0.5).abs() < 0.05, "{}", called.cases_share);
}

#[test]
fn a_network_gives_the_same_on_any_number_of_threads() {
    let both = [process(&sales(HANDS_OVER)), process(&delivery())];
    let run = || Network::new(&both).unwrap().cases(300).replications(20).run().unwrap();
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(run);
    let three = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap().install(run);
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&three).unwrap());
}

#[test]
fn other_people_by_the_same_name_are_refused() {
    let other = delivery().replace("packer: { people: 1 }", "packer: { people: 3 }");
    let found = Network::new(&[process(&sales("{}")), process(&other)]).unwrap_err();
    assert!(matches!(&found, NetworkError::OtherPeople { role, .. } if role == "packer"), "{found}");
    let twice = Network::new(&[process(&sales("{}")), process(&sales("{}"))]).unwrap_err();
    assert!(matches!(twice, NetworkError::Twice(_)), "{twice}");
    assert!(matches!(Network::new(&[]).unwrap_err(), NetworkError::Empty));
}
