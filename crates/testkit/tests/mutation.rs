//! What becomes of mutants: scenarios kill them, do not notice them, or cannot.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::{Plan, Process};
use grieta_testkit::mutate::{Judged, MutationError, Verdict, check, judge};
use grieta_testkit::{Stage, Suite};

fn plan(process: &str) -> Arc<Plan> {
    let process = Process::read("p.yaml", process.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    Arc::new(Plan::new(Arc::new(process)).unwrap())
}

fn suite(scenarios: &str) -> Suite {
    Suite::read("p.test.yaml", scenarios.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn judged(process: &str, scenarios: &str) -> Vec<Judged> {
    let (plan, suite) = (plan(process), suite(scenarios));
    judge(&plan, &[(&suite, &Stage::new(vec![Arc::clone(&plan)]))]).unwrap_or_else(|error| panic!("{error}"))
}

/// The mutants that no scenario kills, with what is known of them.
fn left(process: &str, scenarios: &str) -> Vec<String> {
    let alive = judged(process, scenarios).into_iter().filter_map(|Judged { mutant, verdict }| match verdict {
        Verdict::Killed { .. } => None,
        Verdict::Survived => Some(format!("survived: {}", mutant.what)),
        Verdict::Equivalent { proof } => Some(format!("equivalent: {}: {proof}", mutant.what)),
        Verdict::Stillborn { problem } => Some(format!("stillborn: {}: {problem}", mutant.what)),
    });
    alive.collect()
}

const SALE: &str = "
process: sale
version: 1.0.0
start: order
roles: { desk: { people: 2 } }
data: { amount: { type: integer, required: true } }
steps:
  order:
    choose:
      - { when: amount >= 100, to: approve }
      - { otherwise: shipped }
  approve: { human: desk, outcomes: { good: shipped, bad: refused } }
  shipped: { end: {} }
  refused: { end: {} }
";

const STRONG: &str = "
scenarios:
  a small order:
    start: { amount: 99 }
    case: [{ expect: { ended-at: shipped } }]
  a large order:
    start: { amount: 100 }
    case: [{ step: approve, by: ana, outcome: good }, { expect: { ended-at: shipped } }]
";

const WEAK: &str = "
scenarios:
  a small order:
    start: { amount: 5 }
    case: [{ expect: { ended-at: shipped } }]
  a large order:
    start: { amount: 500 }
    case: [{ step: approve, by: ana, outcome: good }, { expect: { ended-at: shipped } }]
";

#[test]
fn scenarios_on_the_limits_kill_all() {
    assert!(left(SALE, STRONG).is_empty());
    let killers = judged(SALE, STRONG).into_iter().map(|judged| match judged.verdict {
        Verdict::Killed { by } => by,
        other => panic!("{other:?}"),
    });
    let killers: Vec<String> = killers.collect();
    assert_eq!(killers, ["a small order", "a large order", "a small order", "a small order", "a large order"]);
}

#[test]
fn scenarios_far_from_the_limits_do_not() {
    assert_eq!(
        left(SALE, WEAK),
        ["survived: `amount >= 100` becomes `amount >= 99`", "survived: `amount >= 100` becomes `amount >= 101`"]
    );
}

#[test]
fn the_report_names_the_survivors() {
    let (suite, stage) = (suite(WEAK), Stage::new(vec![plan(SALE)]));
    let report = check("p.yaml", SALE.as_bytes(), &[(&suite, &stage)]).unwrap();
    let expected = "\
p.yaml
                             made     killed   survived equivalent  stillborn      score
  swap two branches             2          2          0          0          0     100.0%
  negate a guard                1          1          0          0          0     100.0%
  shift a threshold             2          0          2          0          0       0.0%
  all                           5          3          2          0          0      60.0%

survived: shift a threshold: `amount >= 100` becomes `amount >= 99`
  --> p.yaml:10:27
   |
10 |       - { when: amount >= 100, to: approve }
   |                           ^^^

survived: shift a threshold: `amount >= 100` becomes `amount >= 101`
  --> p.yaml:10:27
   |
10 |       - { when: amount >= 100, to: approve }
   |                           ^^^
";
    assert_eq!(report.text(), expected);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["total"]["score"], 0.6);
    assert_eq!(json["operators"][2]["operator"], "shift-threshold");
    assert_eq!(json["operators"][2]["survived"], 2);
    assert_eq!(json["survivors"][0]["path"], "steps.order.choose[0].when");
    assert_eq!(json["survivors"][0]["line"], 10);
    assert_eq!(json["survivors"][0]["column"], 27);
}

#[test]
fn scenarios_have_to_hold_without_a_change() {
    let wrong = STRONG.replace("amount: 99", "amount: 100");
    let (suite, stage) = (suite(&wrong), Stage::new(vec![plan(SALE)]));
    let error = check("p.yaml", SALE.as_bytes(), &[(&suite, &stage)]).unwrap_err();
    assert!(matches!(&error, MutationError::Fails { scenario, .. } if scenario == "a small order"), "{error}");
}

#[test]
fn who_is_judged_twice_is_judged_alike() {
    let told = || judged(SALE, WEAK).iter().map(|judged| format!("{judged:?}")).collect::<Vec<_>>();
    assert_eq!(told(), told());
}

/// Points are fives, so that nobody has 49 of them.
const POINTS: &str = "
process: p
version: 1.0.0
start: score
roles: { desk: { people: 2 } }
data:
  age: { type: integer, required: true }
  points: { type: integer, initial: 0 }
steps:
  score: { service: {}, sets: { points: '(age > 60 ? 50 : 10) + (age > 30 ? 5 : 0)' }, next: route }
  route:
    choose:
      - { when: points >= 50, to: old }
      - { when: points >= 50 || points >= 15, to: middle }
      - { otherwise: young }
  old: { end: {} }
  middle: { end: {} }
  young: { end: {} }
";

const AGES: &str = "
other-services: succeed
scenarios:
  old:
    start: { age: 61 }
    case: [{ expect: { ended-at: old } }]
  middle:
    start: { age: 31 }
    case: [{ expect: { ended-at: middle } }]
  also middle:
    start: { age: 60 }
    case: [{ expect: { ended-at: middle } }]
  young:
    start: { age: 30 }
    case: [{ expect: { ended-at: young } }]
";

#[test]
fn guards_that_no_data_tell_apart_are_equivalent() {
    let same = "no data make the guard decide otherwise";
    assert_eq!(
        left(POINTS, AGES),
        [
            format!("equivalent: `points >= 50` becomes `points >= 49`: {same}"),
            // Who is old has 55.
            "survived: `points >= 50` becomes `points >= 51`".to_owned(),
            format!("equivalent: `points >= 50` becomes `points >= 49`: {same}"),
            format!("equivalent: `points >= 50` becomes `points >= 51`: {same}"),
            format!("equivalent: `points >= 15` becomes `points >= 14`: {same}"),
        ]
    );
}

#[test]
fn what_is_proved_equivalent_no_scenario_kills() {
    for (process, scenarios) in [(POINTS, AGES), (SALE, STRONG), (DEAD, TOLD)] {
        let proved = judged(process, "scenarios: {}");
        for (alone, tested) in proved.iter().zip(judged(process, scenarios)) {
            let killed = matches!(tested.verdict, Verdict::Killed { .. });
            assert!(!(killed && matches!(alone.verdict, Verdict::Equivalent { .. })), "{alone:?}");
        }
    }
}

#[test]
fn scores_of_leads_are_fives() {
    let plan = Plan::new(Arc::new(Process::new(grieta_templates::lead_qualification()).unwrap())).unwrap();
    let found = judge(&plan, &[]).unwrap().into_iter().filter(|judged| judged.verdict != Verdict::Survived);
    let found: Vec<String> = found.map(|judged| judged.mutant.what).collect();
    let score = |before, after| format!("`fit >= {before}` becomes `fit >= {after}`");
    assert_eq!(found, [score(50, 49), score(35, 34), score(20, 19)]);
}

#[test]
fn what_may_be_otherwise_when_a_case_comes_is_not_equivalent() {
    // Points may come from elsewhere too.
    let not_only = POINTS
        .replace("start: score", "start: ask")
        .replace("steps:\n", "steps:\n  ask: { human: desk, outcomes: { scored: route, not-yet: score } }\n");
    let ages = AGES.replace("case: [", "case: [{ step: ask, by: ana, outcome: not-yet }, ");
    let left = left(&not_only, &ages);
    assert!(left.contains(&"survived: `points >= 15` becomes `points >= 14`".to_owned()), "{left:#?}");
    // And what is skipped in a loop sets nothing.
    let looped = POINTS.replace("next: route }", "while: age > 100, next: route }");
    let ages = "
scenarios:
  young:
    start: { age: 30 }
    case: [{ expect: { ended-at: young } }]
";
    let left = self::left(&looped, ages);
    assert!(left.contains(&"survived: `points >= 15` becomes `points >= 14`".to_owned()), "{left:#?}");
}

/// Nobody ships: it is over as soon as the customer has been told.
const DEAD: &str = "
process: order
version: 1.0.0
start: split
roles: { clerk: { people: 2 } }
data: { weight: { type: integer, initial: 1 } }
steps:
  split: { fork: [pack, tell] }
  pack: { human: clerk, next: ship }
  ship:
    choose: [{ when: weight > 20, to: rest }, { otherwise: done }]
  rest: { wait: 2 h, next: done }
  tell: { send: { message: order-received, transient: true }, next: told }
  told: { end: { terminate: true } }
  done: { end: {} }
";

const TOLD: &str = "scenarios: { told: { case: [{ expect: { ended-at: told } }] } }";

#[test]
fn what_happens_where_nobody_comes_makes_no_difference() {
    assert_eq!(
        left(DEAD, TOLD),
        [
            "equivalent: branch 1 of `ship` leads to `done`, and `otherwise` to `rest`: no case ever comes to `ship`",
            "equivalent: the guard `weight > 20` becomes `!(weight > 20)`: no case ever comes to `ship`",
            "equivalent: `weight > 20` becomes `weight > 19`: no case ever comes to `ship`",
            "equivalent: `weight > 20` becomes `weight > 21`: no case ever comes to `ship`",
            "equivalent: `wait: 2 h` becomes `wait: 1 h`: no case ever comes to `rest`",
            "equivalent: `wait: 2 h` becomes `wait: 3 h`: no case ever comes to `rest`",
        ]
    );
}

#[test]
fn a_crack_that_never_strikes_makes_no_difference_and_one_that_may_does() {
    let process = "
process: order
version: 1.0.0
start: pack
roles: { clerk: { people: 2 } }
clocks: { promise: { from: pack, until: pack, within: 8 h } }
steps:
  pack: { human: clerk, next: ship }
  ship:
    human: clerk
    next: done
    cracks:
      too-slow: { on: deadline, clock: promise, do: reallocate }
      nobody: { on: deadline, after: 2 h, do: reallocate }
  done: { end: {} }
";
    let shipped = "
scenarios:
  shipped: { case: [{ step: pack, by: ana }, { step: ship, by: ana }, { expect: { ended-at: done } }] }
";
    assert_eq!(
        left(process, shipped),
        [
            "equivalent: the crack `too-slow` of `ship` is gone: the crack never strikes",
            "survived: the crack `nobody` of `ship` is gone",
            "equivalent: nobody answers the crack `too-slow` of `ship`, instead of: handed to somebody else: \
             the crack never strikes",
            "survived: nobody answers the crack `nobody` of `ship`, instead of: handed to somebody else",
            "survived: `within: 8 h` becomes `within: 7 h`",
            "survived: `within: 8 h` becomes `within: 9 h`",
            "survived: the crack `nobody` of `ship`: `after: 2 h` becomes `after: 1 h`",
            "survived: the crack `nobody` of `ship`: `after: 2 h` becomes `after: 3 h`",
            "survived: the clock `promise` is gone",
        ]
    );
}

#[test]
fn a_rule_that_every_case_keeps_can_go() {
    let process = SALE.replace(
        "steps:",
        "rules: [{ precedence: [approve, refused] }, { precedence: [approve, shipped] }, { four-eyes: [approve, again] }]\nsteps:",
    );
    let process = process
        .replace("good: shipped", "good: again")
        .replace("  shipped:", "  again: { human: desk, next: shipped }\n  shipped:");
    let scenarios = STRONG.replace("outcome: good }", "outcome: good }, { step: again, by: ben }");
    assert_eq!(
        left(&process, &scenarios),
        [
            "equivalent: the rule `precedence: [approve, refused]` is gone: every case keeps the rule",
            "survived: the rule `precedence: [approve, shipped]` is gone",
            "survived: the rule `four-eyes: [approve, again]` is gone",
        ]
    );
}

#[test]
fn a_rule_of_a_decision_that_never_counts_can_go() {
    let process = "
process: p
version: 1.0.0
start: grade
data: { fit: { type: integer, required: true }, out: { type: integer, initial: 0 } }
decisions:
  grades:
    inputs: [fit]
    outputs: [out]
    hit: first
    rules: [{ when: ['> 10'], then: [3] }, { when: ['> 20'], then: [4] }, { otherwise: [1] }]
steps:
  grade: { decide: grades, next: done }
  done: { end: {} }
";
    let scenarios = "
scenarios:
  above: { start: { fit: 11 }, case: [{ expect: { data: { out: 3 } } }] }
  below: { start: { fit: 10 }, case: [{ expect: { data: { out: 1 } } }] }
";
    let left = left(process, scenarios);
    assert!(left.contains(&"equivalent: rule 2 of `grades` is gone: the rule never counts".to_owned()), "{left:#?}");
    assert!(!left.iter().any(|left| left.contains("rule 1 of `grades` is gone")), "{left:#?}");
}

#[test]
fn a_mutant_that_goes_round_for_ever_comes_to_an_end() {
    // Turned round, the guards send the case round for ever: by itself, or by a service that always succeeds.
    let process = "
process: p
version: 1.0.0
start: count
data: { n: { type: integer, initial: 0 } }
steps:
  count: { assign: { n: n + 0 }, next: enough }
  enough:
    choose: [{ when: n == 0, to: ask }, { otherwise: count }]
  ask: { service: {}, while: n > 0, next: done }
  done: { end: {} }
";
    let scenarios = "
other-services: succeed
scenarios: { once: { case: [{ expect: { ended-at: done } }] } }
";
    let left = left(process, scenarios);
    assert_eq!(left, ["survived: `n > 0` becomes `n > 1`"]);
}

#[test]
fn what_is_no_definition_any_more_does_not_count() {
    let process = "
process: p
version: 1.0.0
start: split
roles: { desk: { people: 2 } }
steps:
  split: { fork: [a, b] }
  a: { human: desk, next: both }
  b: { human: desk, next: both }
  both: { join: { first: 2 }, next: done }
  done: { end: {} }
";
    let scenarios = "
scenarios: { both: { case: [{ step: a, by: ana }, { step: b, by: ana }, { expect: { ended-at: done } }] } }
";
    let left = left(process, scenarios);
    assert_eq!(left.len(), 2);
    assert!(left.iter().all(|left| left.starts_with("stillborn: `both` does not wait for")), "{left:#?}");
}

#[test]
fn a_scenario_that_looks_whether_a_join_waits_notices_that_it_does_not() {
    let process = "
process: p
version: 1.0.0
start: split
roles: { desk: { people: 2 } }
steps:
  split: { fork: [a, b] }
  a: { human: desk, next: both }
  b: { human: desk, next: both }
  both: { join: all, next: done }
  done: { end: {} }
";
    let in_order = "
scenarios: { both: { case: [{ step: a, by: ana }, { step: b, by: ana }, { expect: { ended-at: done } }] } }
";
    let looking = "
scenarios:
  first a: { case: [{ step: a, by: ana }, { expect: { at: b } }, { step: b, by: ana }, { expect: { visits: { done: 1 } } }] }
  first b: { case: [{ step: b, by: ana }, { expect: { visits: { done: 0 } } }] }
  first a, once more: { case: [{ step: a, by: ana }, { expect: { visits: { done: 0 } } }] }
";
    assert_eq!(
        left(process, in_order),
        [
            "survived: `both` does not wait for what comes from `a`",
            "survived: `both` does not wait for what comes from `b`"
        ]
    );
    assert!(left(process, looking).is_empty());
}

#[test]
fn what_only_names_a_crack_or_a_clock_keeps_no_mutant_from_living() {
    let process = "
process: silent
version: 1.0.0
start: approve
roles: { manager: { people: 1 } }
clocks: { all: { within: 1 w } }
goals: { seldom: { expect: 'rate(away) < 20%', by: 2027-06-30, owner: manager }, soon: { expect: 'run_out(all) < 5%', by: 2027-06-30, owner: manager } }
steps:
  approve: { human: { role: manager, takes: 10 min }, next: done, cracks: { away: { on: unavailable, after: 1 w, chance: 10%, do: reoffer } } }
  done: { end: {} }
simulation: { arrivals: { every: exponential(1 h) }, what-if: { calm: { cracks: { approve/away: never } } } }
";
    let found =
        left(process, "scenarios:\n  done:\n    case: [{ step: approve, by: ana }, { expect: { ended-at: done } }]\n");
    for dropped in ["the crack `away` of `approve` is gone", "the clock `all` is gone"] {
        assert!(found.contains(&format!("survived: {dropped}")), "{found:?}");
    }
}
