//! Scenarios made from definitions: they hold, they do all that can be done, and there are few of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::{Plan, Process};
use grieta_testkit::generate::{Generated, generate};
use grieta_testkit::{Stage, Suite};

fn plan(text: &str) -> Arc<Plan> {
    Arc::new(Plan::new(Arc::new(Process::read("p.yaml", text.as_bytes()).unwrap_or_else(|p| panic!("{p}")))).unwrap())
}

/// Makes scenarios, writes them, reads them again, and runs them.
fn made(texts: &[&str]) -> Generated {
    let plans: Vec<Arc<Plan>> = texts.iter().map(|text| plan(text)).collect();
    let made = generate("p.generated.test.yaml", &plans, 0).unwrap();
    let file = made.suite.to_yaml();
    let suite = Suite::read("p.generated.test.yaml", file.as_bytes()).unwrap_or_else(|p| panic!("{p}\n{file}"));
    let stage = Stage::new(plans);
    for scenario in &suite.scenarios {
        if let Some(failed) = suite.run(scenario, &stage).failed {
            panic!("{}\n{}{}", scenario.name, suite.quote(failed.place), failed.message);
        }
    }
    made
}

fn missed(made: &Generated) -> Vec<&str> {
    made.unreached.iter().map(|element| element.id.as_str()).collect()
}

#[test]
fn the_templates_are_covered_to_the_last_crack() {
    for name in ["as-is", "to-be"] {
        let file = format!("../../process-templates/lead-qualification/{name}.yaml");
        let made = made(&[&std::fs::read_to_string(file).unwrap()]);
        assert_eq!((missed(&made), made.coverage.share()), (vec![], 1.0), "{name}");
        assert!(made.suite.scenarios.len() < 45, "{name}: {} scenarios", made.suite.scenarios.len());
        assert!(made.pairs > 30, "{name}: {} pairs", made.pairs);
    }
}

#[test]
fn the_order_of_the_documentation_is_covered_with_few_scenarios() {
    let made = made(&[&std::fs::read_to_string("../../docs/order.yaml").unwrap()]);
    assert_eq!(made.coverage.share(), 1.0);
    insta::assert_snapshot!(made.suite.to_yaml());
}

/// Messages, calls, a table, a loop over a list, a crack of the whole process, a retry until it is given up, four eyes.
const MUCH: &str = "
process: much
version: 1.0.0
start: order
roles: { clerk: { people: 2 }, boss: { people: [marta] } }
data:
  order_id: { type: text, required: true }
  amount: { type: integer, required: true, at-least: 0 }
  tier: { type: choice, of: [gold, silver, none], initial: none }
  rebate: { type: integer, initial: 0 }
  parts: { type: list, of: text, initial: [] }
decisions:
  rebate:
    inputs: [amount, tier]
    outputs: [rebate]
    rules:
      - { when: [\">= 1000\", gold], then: 10 }
      - { when: [\">= 1000\", silver], then: 5 }
      - { when: [\"< 1000\", gold], then: 2 }
      - { otherwise: 0 }
rules: [{ four-eyes: [order, approve] }]
cracks:
  withdrawn: { on: external, do: cancel-case }
steps:
  order:   { human: clerk, writes: [tier, parts], next: rebate }
  rebate:  { decide: rebate, next: size }
  size:    { choose: [{ when: amount > 4321 && rebate == 10, to: approve }, { when: length(parts) > 1, to: pick }, { otherwise: bill }] }
  approve: { human: clerk, outcomes: { yes: pick, no: refused } }
  pick:    { for-each: { steps: [take, taken], times: length(parts) }, next: bill }
  take:    { human: clerk, next: taken, cracks: { sold-out: { on: failure, do: { retry: { after: 1 d, at-most: 2 } }, then: taken } } }
  taken:   { end: {} }
  bill:    { send: { message: bill, key: order_id, transient: true }, next: paid }
  paid:
    receive: { message: paid, key: order_id }
    next: check
    cracks: { never-paid: { on: deadline, after: 30 d, do: fail, then: refused } }
  check:   { call: { process: ledger, with: { what: order_id } }, next: done }
  done:    { end: {} }
  refused: { end: {} }
";

const LEDGER: &str = "
process: ledger
version: 1.0.0
start: book
roles: { clerk: { people: 1 } }
data: { what: { type: text } }
steps: { book: { human: clerk, next: booked }, booked: { end: {} } }
";

#[test]
fn every_kind_of_step_is_covered() {
    let made = made(&[MUCH, LEDGER]);
    assert_eq!(missed(&made), Vec::<&str>::new(), "{}", made.suite.to_yaml());
}

#[test]
fn what_cannot_be_is_told_from_what_was_not_found() {
    let made = made(&["
process: p
version: 1.0.0
start: ask
roles: { desk: { people: 1 } }
data: { secret: { type: text, required: true }, size: { type: integer, required: true } }
steps:
  ask:   { human: desk, next: split }
  split: { fork: [left, right] }
  left:  { human: desk, next: never }
  right: { human: desk, next: open }
  open:  { choose: [{ when: size * size == 1522756 && secret != \"\", to: found }, { otherwise: done }] }
  found: { end: {} }
  never: { join: { first: 1 }, next: done }
  done:  { end: {} }
"]);
    assert_eq!(missed(&made), ["open#0", "found"]);
}

#[test]
fn the_same_seed_makes_the_same_scenarios() {
    let text = std::fs::read_to_string("../../docs/order.yaml").unwrap();
    let once = |seed| generate("p.test.yaml", &[plan(&text)], seed).unwrap().suite.to_yaml();
    assert_eq!(once(3), once(3));
}

#[test]
fn what_one_of_many_fields_decides_is_found_where_the_others_must_be_plain() {
    let fields: Vec<String> = (0..14).map(|at| format!("f{at}")).collect();
    let data: String = fields
        .iter()
        .map(|field| format!("  {field}: {{ type: choice, of: [plain, odd, bad], required: true }}\n"))
        .collect();
    let branches: String =
        fields.iter().map(|field| format!("{{ when: {field} != \"plain\", to: s-{field} }}, ")).collect();
    let rest: String = fields.iter().map(|field| format!("  s-{field}: {{ human: desk, next: done }}\n")).collect();
    let text = format!(
        "process: p\nversion: 1.0.0\nstart: sort\nroles: {{ desk: {{ people: 1 }} }}\ndata:\n{data}steps:\n  \
         sort: {{ choose: [{branches}{{ otherwise: done }}] }}\n{rest}  done: {{ end: {{}} }}\n"
    );
    let made = made(&[&text]);
    assert_eq!(missed(&made), Vec::<&str>::new());
    assert!(!made.is_cut);
}
