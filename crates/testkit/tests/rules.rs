//! Rules on the order of steps are expected of a case as the verifier proves them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use grieta_runtime::data;
use grieta_testkit::CaseTest;

const SALE: &str = "
process: sale
version: 1.0.0
start: order
roles: { desk: { people: 2 } }
rules: [{ precedence: [approve, ship] }, { response: [order, ship] }]
steps:
  order: { human: desk, next: approve }
  approve: { human: desk, outcomes: { yes: ship, no: refused }, cracks: { late: { on: deadline, after: 1 h, do: fail, then: ship } } }
  ship: { service: {}, next: shipped }
  shipped: { end: {} }
  refused: { end: {} }
";

fn ordered() -> CaseTest {
    CaseTest::new(SALE).other_services_succeed().start(data! {}).on("order").claim("ana").done()
}

#[test]
fn rules_are_kept_as_far_as_it_is() {
    ordered().expect_rules_kept().on("approve").claim("ana").complete("yes", data! {}).expect_rules_kept();
}

#[test]
#[should_panic(expected = "found: that this was broken when `ship` was done")]
fn a_rule_is_broken_by_what_is_done() {
    ordered().advance("1 h").expect_rules_kept();
}

#[test]
#[should_panic(expected = "expected: that after `order`, `ship` is done")]
fn a_rule_is_broken_by_what_is_never_done() {
    ordered().on("approve").claim("ana").complete("no", data! {}).expect_rules_kept();
}
