//! Scenarios in files: what they say, what they mean, and what is said of mistakes in them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::{Plan, Process};
use grieta_testkit::scenario::Failed;
use grieta_testkit::{Stage, Suite};

const ORDER: &str = r#"
process: order
version: 1.0.0
start: check-stock
calendar: office
calendars: { office: { zone: Europe/Madrid, week: { mon-fri: "09:00-17:00" } } }
roles:
  clerk: { people: 2 }
  boss:  { people: [marta] }
data:
  order_id: { type: text, required: true }
  amount:   { type: decimal, initial: 0 }
  stock:    { type: choice, of: [some, none] }
  tags:     { type: list, of: text }
clocks: { promise: { from: check-stock, until: done, within: 8 bh } }
rules: [{ precedence: [pack, bill] }]
steps:
  check-stock:
    service: { handler: warehouse }
    writes: [stock]
    outcomes: { in-stock: pack, out-of-stock: out }
    cracks: { no-connection: { on: failure, do: { retry: { after: 1 h, at-most: 1 } }, then: out } }
  pack:
    human: clerk
    writes: [amount, tags]
    outcomes: { packed: billed, broken: out }
    cracks:
      box-missing: { on: failure }
      late:        { on: deadline, after: 8 bh, do: { reoffer: boss } }
      called-off:  { on: external, do: cancel-case }
  billed:  { fork: [bill, thank] }
  bill:    { send: { message: bill, key: order_id, transient: true }, next: payment }
  payment: { receive: { message: paid, key: order_id }, writes: [amount], next: both }
  thank:   { human: clerk, next: both }
  both:    { join: all, next: done }
  done:    { end: { hand-over: { process: archive, with: { what: order_id } } } }
  out:     { end: {} }
"#;

const ARCHIVE: &str = "
process: archive
version: 1.0.0
start: file-it
roles: { clerk: { people: 1 } }
data: { what: { type: text } }
steps:
  file-it: { human: clerk, next: filed }
  filed:   { end: {} }
";

fn plan(text: &str) -> Arc<Plan> {
    Arc::new(Plan::new(Arc::new(Process::read("p.yaml", text.as_bytes()).unwrap())).unwrap())
}

/// Runs every scenario of a file; the first that fails.
fn failed(suite: &Suite) -> Option<(String, Failed)> {
    let stage = Stage::new(vec![plan(ORDER), plan(ARCHIVE)]);
    let run = |scenario| suite.run(scenario, &stage).failed;
    suite.scenarios.iter().find_map(|scenario| Some((scenario.name.clone(), run(scenario)?)))
}

#[test]
fn everything_that_can_be_said_means_what_the_verb_means() {
    let suite = Suite::read("order.test.yaml", include_bytes!("files/order.test.yaml")).unwrap();
    if let Some((name, failed)) = failed(&suite) {
        panic!("{name}\n{}{}", suite.quote(failed.place), failed.message);
    }
    assert_eq!(suite.scenarios.len(), 13);
}

/// What is said of a file of scenarios.
fn mistakes(text: &str) -> String {
    Suite::read("order.test.yaml", text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn mistakes_are_found_all_at_once_with_their_places() {
    let said = mistakes(
        "definition: [a]
at: tomorrow
peple: {}
scenarios:
  one:
    case:
      - { stp: pack }
      - { step: pack, outcome: x, crack: y }
      - { step: pack, crack: y, writes: { amount: 3 } }
      - { step: pack, only: claim }
      - { step: pack, only: dance }
      - { step: pack, skip: [a] }
      - { after: 3 hours, off: clerk }
      - { after: 3 h, message: paid }
      - { cancel: now }
      - { expect: { att: pack, status: done, visits: { pack: many }, due: { promise: soon } } }
      - expect
      - {}
    services: { warehouse: { fails: a, outcome: b }, other: { waits: false } }
  two: {}
  three: { examples: [{ start: {} }, 5] }
",
    );
    insta::assert_snapshot!(said);
}

#[test]
fn a_file_without_scenarios_is_none() {
    insta::assert_snapshot!([mistakes(""), mistakes("at: 2026-03-02T09:00Z"), mistakes("scenarios: []")].join("\n"));
}

#[test]
fn what_fails_is_quoted_and_remedies_can_be_copied() {
    let scenario = |lines: &str| {
        let text = format!("scenarios:\n  one:\n    start: {{ order_id: o1 }}\n    case:\n{lines}");
        let suite = Suite::read("order.test.yaml", text.as_bytes()).unwrap();
        let (name, failed) = failed(&suite).unwrap();
        let gist = failed.message.lines().take_while(|line| !line.trim_start().starts_with("time:"));
        format!("{name}\n{}{}", suite.quote(failed.place), gist.collect::<Vec<_>>().join("\n"))
    };
    let to_pack = "      - { step: check-stock, outcome: in-stock }\n";
    let said = [
        scenario("      - { step: pack }\n"),
        scenario(&format!("{to_pack}      - {{ step: pack, outcome: packed }}\n")),
        scenario(&format!("{to_pack}      - {{ step: pack, by: mart, outcome: packed }}\n")),
        scenario(&format!("{to_pack}      - {{ step: pack, by: ana, crack: box }}\n")),
        scenario(&format!("{to_pack}      - expect: {{ at: bill, cracks: [] }}\n")),
        scenario("      - { absent: ana }\n"),
        scenario("      - { message: paid, key: o1 }\n"),
        scenario("      - { case-of: invoice }\n"),
    ];
    insta::assert_snapshot!(said.join("\n\n"));
}

#[test]
fn a_scenario_without_a_process_fails() {
    let suite = Suite::read("order.test.yaml", b"scenarios: { one: { case: [] } }").unwrap();
    let run = suite.run(&suite.scenarios[0], &Stage::new(Vec::new()));
    assert_eq!(run.failed.unwrap().message, "there is no process to test");
    assert_eq!(suite.definition, "order.yaml");
}

/// Without the places, which are others in a file that was written.
fn said(suite: &Suite) -> Vec<(&str, Option<grieta_core::Timestamp>, Vec<&grieta_testkit::verb::Verb>)> {
    let verbs = suite.scenarios.iter().map(|scenario| scenario.lines.iter().map(|line| &line.verb).collect());
    suite.scenarios.iter().zip(verbs).map(|(scenario, verbs)| (scenario.name.as_str(), scenario.at, verbs)).collect()
}

#[test]
fn what_is_written_reads_again() {
    let files = [
        ("order.test.yaml", std::fs::read("tests/files/order.test.yaml").unwrap()),
        ("to-be.test.yaml", std::fs::read("../../process-templates/lead-qualification/to-be.test.yaml").unwrap()),
    ];
    for (name, bytes) in files {
        let suite = Suite::read(name, &bytes).unwrap();
        let written = suite.to_yaml();
        let again = Suite::read(name, written.as_bytes()).unwrap_or_else(|problems| panic!("{problems}\n{written}"));
        assert_eq!(said(&again), said(&suite), "{written}");
    }
}
