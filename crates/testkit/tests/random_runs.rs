//! Random runs find what is planted, and tell the shortest story of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::definition::Rule;
use grieta_core::kernel::{Command, Event};
use grieta_core::value::Value;
use grieta_core::{Constraint, Plan, Process};
use grieta_testkit::random::{self, Shortest, Statistics, Story};
use grieta_testkit::verb::Verb;
use grieta_testkit::{RandomRuns, Stage, Suite};
use grieta_verifier::{Limits, Proof, prove};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{TestCaseError, TestError, TestRunner};

/// An order is dispatched before its credit is released: when the check takes too long and the order is large, somebody may
/// let it through.
const ORDER: &str = "
process: order
version: 1.0.0
start: enter
calendar: office
calendars: { office: { week: { mon-fri: \"09:00-17:00\" } } }
roles: { clerk: { people: 3 }, credit: { people: 2 }, packer: { people: 4 } }
data:
  amount: { type: integer, at-least: 1 }
  goods:  { type: choice, of: [normal, fragile] }
rules: [{ precedence: [release-credit, dispatch] }, { four-eyes: [enter, let-through] }]
steps:
  enter: { human: clerk, writes: [amount, goods], next: both }
  both: { fork: [release-credit, pick] }
  release-credit:
    human: credit
    outcomes: { released: ready, refused: refused }
    cracks: { takes-too-long: { on: deadline, after: 1 bd, do: fail, then: large } }
  large: { choose: [{ when: amount > 12000, to: let-through }, { otherwise: refused }] }
  let-through: { human: clerk, outcomes: { yes: ready, no: refused } }
  pick:
    human: packer
    next: ready
    cracks: { broken: { on: failure, do: { retry: { after: 2 h, at-most: 2 } } }, sold-out: { on: external, do: cancel-case } }
  ready: { join: live, next: dispatch }
  dispatch: { service: {}, next: sent, cracks: { no-van: { on: failure, do: { retry: { after: 1 h, at-most: 3 } }, then: sent } } }
  sent: { end: {} }
  refused: { end: { terminate: true } }
";

fn plan(file: &str) -> Plan {
    Plan::new(Arc::new(Process::read("p.yaml", file.as_bytes()).unwrap_or_else(|error| panic!("{error}")))).unwrap()
}

/// How many things happen in the verifier's shortest story: work is begun and done in one.
fn shortest(file: &str, rule: usize) -> usize {
    let plan = plan(file);
    let rule = Constraint::of(&plan, &plan.definition().rules[rule]).unwrap();
    let Proof::Broken(trace) = prove(&plan, &rule, &Limits::default()) else { panic!("the rule holds") };
    trace.commands.iter().filter(|replay| !matches!(replay.command, Command::Begin { .. })).count()
}

#[test]
fn a_planted_violation_is_shrunk_to_the_shortest_story() {
    let mut longer = 0;
    for seed in 0..5 {
        let found = RandomRuns::of(ORDER).seed(seed).try_check().unwrap_err();
        assert_eq!(found.expected, "that before `dispatch`, `release-credit` is done");
        assert!(found.run > 1 && matches!(found.shortest, Shortest::Proved { .. }), "{found}");
        assert_eq!(found.story.length(), shortest(ORDER, 0), "{found}");
        let mut done = found.story.done();
        done.sort_unstable();
        assert_eq!(done, ["dispatch", "enter", "let-through", "pick", "sent"]);
        longer += usize::from(found.length > found.story.length());
    }
    assert!(longer > 0, "nothing had to be left out");
}

#[test]
fn a_shorter_way_is_found_that_the_run_did_not_take() {
    let ways = "
process: ways
version: 1.0.0
start: a
rules: [{ absence: bad }]
steps:
  a: { service: {}, outcomes: { long: b, good: done }, cracks: { short: { on: external, do: fail, then: bad } } }
  b: { service: {}, next: c }
  c: { service: {}, next: d }
  d: { service: {}, next: bad }
  bad: { service: {}, next: done }
  done: { end: {} }
";
    let found = |seed| RandomRuns::of(ways).seed(seed).try_check().unwrap_err();
    let found: Vec<_> = (0..10).map(found).collect();
    assert!(found.iter().any(|found| found.length == 6), "no run took the long way");
    for found in found {
        assert_eq!(found.story.length(), 3, "{found}");
        assert_eq!(found.story.length(), shortest(ways, 0));
    }
}

#[test]
fn the_story_fails_as_a_scenario_too() {
    let found = RandomRuns::of(ORDER).try_check().unwrap_err();
    let suite = Suite::read("order.test.yaml", found.to_yaml().as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    let run = suite.run(&suite.scenarios[0], &Stage::new(vec![Arc::new(plan(ORDER))]));
    let failed = run.failed.as_ref().unwrap();
    assert!(failed.message.contains(&found.expected), "{}", failed.message);
    let told = |line: &String| line.contains("`dispatch` was completed");
    assert_eq!(run.story().iter().filter(|line| told(line)).count(), 1);
    assert_eq!(run.story(), found.story.told());
}

/// Steps of many kinds and data of all types.
const MANY: &str = "
process: many
version: 1.0.0
start: enter
roles: { desk: { people: 2 }, boss: { people: [marta, luis] } }
data:
  order_id: { type: text, required: true }
  amount:   { type: decimal, at-least: 0, at-most: 1000 }
  due:      { type: date }
  patience: { type: duration, at-least: 1 h }
  tier:     { type: choice, of: [low, \"yes\", gold] }
  tags:     { type: list, of: text }
  vip:      { type: boolean, initial: false }
  parts:    { type: integer, at-least: 1, at-most: 3, required: true }
  paid:     { type: decimal }
  note:     { type: text }
steps:
  enter: { human: desk, writes: [amount, due, tags, note], outcomes: { ok: score, \"no\": done } }
  score:
    service: {}
    writes: [tier, patience, vip]
    outcomes: { good: lines, bad: approve }
    cracks: { down: { on: failure, do: { retry: { after: 1 h, at-most: 2 } }, then: approve } }
  approve:
    human: { role: boss, allocate: least-busy }
    next: lines
    cracks: { nobody: { on: unavailable, after: 2 h, do: { reoffer: desk } } }
  lines: { for-each: { steps: [pick, picked], times: parts, growing: true }, next: paid-for }
  pick: { human: desk, next: picked, cracks: { gone: { on: external, do: fail, then: picked } } }
  picked: { end: {} }
  paid-for: { receive: { message: paid, key: order_id }, writes: [paid], next: heard }
  heard: { wait: { for: customer }, outcomes: { happy: done, angry: enter } }
  done: { end: {} }
";

fn many() -> RandomRuns {
    RandomRuns::of(MANY).longest(40)
}

#[test]
fn whatever_happens_can_be_written_as_a_scenario_and_happens_again() {
    let stage = Stage::new(vec![Arc::new(plan(MANY))]);
    let mut runner = TestRunner::deterministic();
    for round in 0..300 {
        let runs = if round % 2 == 0 { many() } else { many().faulty() };
        let story = runs.strategy().new_tree(&mut runner).unwrap().current();
        let file = story.to_yaml();
        let suite = Suite::read("p.test.yaml", file.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{file}"));
        let run = suite.run(&suite.scenarios[0], &stage);
        assert!(run.failed.is_none(), "{}\n{file}", run.failed.unwrap().message);
        assert_eq!(run.story(), story.told(), "{file}");
    }
}

#[test]
fn runs_come_everywhere_and_rules_that_hold_are_kept() {
    let kept =
        many().runs(1_000).holds("precedence: [enter, score]").holds("alternate-precedence: [enter, heard]").check();
    assert_eq!(kept.unreached().collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(kept.completed > 300 && kept.happened > 5_000, "{kept}");
    let lead = RandomRuns::of(grieta_templates::lead_qualification().process()).check();
    assert_eq!(lead.runs, 1_000);
    assert_eq!(lead.unreached().collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn the_same_seed_gives_the_same_runs() {
    let once = |seed| many().faulty().runs(50).seed(seed).check();
    assert_eq!(once(7), once(7));
    assert_ne!(once(7), once(8));
    let found = |seed| RandomRuns::of(ORDER).seed(seed).try_check().unwrap_err();
    let (one, two) = (found(3), found(3));
    assert_eq!((one.run, one.length, one.to_string()), (two.run, two.length, two.to_string()));
    assert!((0..5).any(|seed| found(seed).run != one.run));
}

#[test]
fn closures_look_at_the_events() {
    let sent = |story: &Story| {
        let completed = story.events().iter().any(|recorded| recorded.event == Event::CaseCompleted);
        if completed && !story.done().contains(&"sent") { Err("that it was not sent") } else { Ok(()) }
    };
    let found = RandomRuns::of(ORDER).holds_that("what is completed is sent", sent).try_check().unwrap_err();
    assert_eq!(
        (found.expected.as_str(), found.found.as_str()),
        ("that what is completed is sent", "that it was not sent")
    );
    assert_eq!(found.story.length(), 3, "{found}");
    assert!(found.story.done().ends_with(&["refused"]), "{found}");
    RandomRuns::of(ORDER).runs(5).holds_that("something happens", |story| story.length() > 0).check();
}

#[test]
fn the_data_of_the_story_are_as_plain_as_can_be() {
    let found = RandomRuns::of(ORDER).try_check().unwrap_err();
    assert_eq!(found.story.value("amount"), 12_001.into());
    assert_eq!(found.story.value("goods"), Value::from("normal"), "a step brings what it writes");
}

#[test]
fn what_one_person_must_not_do_is_found() {
    let pair = "
process: pair
version: 1.0.0
start: write
roles: { desk: { people: 2 } }
steps: { write: { human: desk, next: read }, read: { human: desk, next: done }, done: { end: {} } }
";
    let found = RandomRuns::of(pair).holds("four-eyes: [write, read]").try_check().unwrap_err();
    assert!(found.found.ends_with("did `write` and `read`"), "{found}");
    assert_eq!(found.story.length(), 3);
    let ruled = pair.replace("steps:", "rules: [{ four-eyes: [write, read] }]\nsteps:");
    let kept = RandomRuns::of(ruled.as_str()).faulty().check();
    assert!(kept.completed > 0 && kept.refused > 0);
}

#[test]
fn a_faulty_environment_finds_more() {
    let asked = "
process: asked
version: 1.0.0
start: ask
data: { id: { type: text, required: true } }
steps:
  ask: { service: {}, next: answer }
  answer: { receive: { message: answer, key: id }, next: thank }
  thank: { service: {}, next: done, cracks: { down: { on: failure, do: fail, then: done } } }
  done: { end: {} }
";
    RandomRuns::of(asked).no_incidents().check();
    let found = RandomRuns::of(asked).faulty().no_incidents().try_check().unwrap_err();
    assert_eq!((found.expected.as_str(), found.found.as_str()), ("no incident", "one at `ask`"));
    assert_eq!(found.story.length(), 2, "{found}");

    let once = |story: &Story| story.verbs().iter().filter(|verb| matches!(verb, Verb::Message { .. })).count() < 2;
    RandomRuns::of(asked).holds_that("it is answered once", once).check();
    let found = RandomRuns::of(asked).faulty().holds_that("it is answered once", once).try_check().unwrap_err();
    assert_eq!(found.story.length(), 3, "{found}");
}

#[test]
fn other_processes_and_cracks_of_the_whole_process_take_part() {
    let sale = "
process: sale
version: 1.0.0
start: order
cracks: { withdrawn: { on: external, do: cancel-case } }
steps:
  order: { service: {}, next: bill }
  bill: { call: invoice, next: sent, cracks: { unpaid: { on: failure, do: fail, then: lost } } }
  sent: { end: {} }
  lost: { end: {} }
";
    let invoice = "
process: invoice
version: 1.0.0
start: write
rules: [{ precedence: [check, post] }]
steps:
  write: { service: {}, outcomes: { checked: check, hurried: post } }
  check: { service: {}, next: post }
  post: { service: {}, next: done }
  done: { end: {} }
";
    let found = RandomRuns::of(sale).with_process(invoice).try_check().unwrap_err();
    assert_eq!(found.expected, "that before `post`, `check` is done");
    assert_eq!(found.story.length(), 4, "{found}");
    assert!(found.to_yaml().contains("{ case-of: invoice }\n"), "{found}");
    let kept = RandomRuns::of(sale).with_process(invoice.replace("hurried: post", "hurried: check").as_str()).check();
    assert!(kept.unreached().next().is_none() && kept.cancelled > 0, "{kept}");
}

#[test]
fn time_that_cannot_pass_is_found() {
    let round = "
process: round
version: 1.0.0
start: rest
data: { n: { type: integer, initial: 0 } }
steps:
  rest: { wait: 0 h, next: again }
  again: { choose: [{ when: n < 0, to: done }, { otherwise: rest }] }
  done: { end: {} }
";
    let found = RandomRuns::of(round).try_check().unwrap_err();
    assert_eq!(found.expected, "that time can pass");
}

#[test]
fn stories_shrink_in_the_hands_of_proptest() {
    let mut runner = TestRunner::deterministic();
    let found = runner.run(&RandomRuns::of(ORDER).strategy(), |story| match story.done().contains(&"sent") {
        true => Err(TestCaseError::fail("it is sent")),
        false => Ok(()),
    });
    let Err(TestError::Fail(_, story)) = found else { panic!("nothing was found") };
    assert_eq!(story.length(), 5, "{story:?}");
}

#[test]
fn data_respect_the_declared_types_and_what_matters_is_drawn() {
    let process = Process::read("p.yaml", ORDER.as_bytes()).unwrap();
    let (mut runner, amount) = (TestRunner::deterministic(), &process.definition().data["amount"]);
    let of_order = RandomRuns::of(ORDER).longest(2).strategy();
    let mut drawn = Vec::new();
    for _ in 0..500 {
        let value = random::value(amount).new_tree(&mut runner).unwrap().current();
        assert!(value.fits(amount), "{value}");
        drawn.push(of_order.new_tree(&mut runner).unwrap().current().value("amount"));
    }
    for matters in [1, 2, 11_999, 12_000, 12_001] {
        assert!(drawn.contains(&matters.into()), "{matters}");
    }
    let many = Process::read("p.yaml", MANY.as_bytes()).unwrap();
    for _ in 0..100 {
        let data = random::data(&many).new_tree(&mut runner).unwrap().current();
        let given: Vec<&str> = data.iter().map(|(field, _)| field).collect();
        assert!(given.contains(&"order_id") && given.contains(&"parts") && !given.contains(&"paid"), "{given:?}");
    }
}

#[test]
fn the_figures_say_how_far_the_runs_came() {
    let figures: Statistics =
        RandomRuns::of(ORDER.replace("rules:", "outputs: []\nrules:").as_str()).runs(20).longest(3).check();
    assert_eq!((figures.runs, figures.longest), (20, 3));
    assert!(figures.unreached().any(|step| step == "sent"), "{figures}");
    assert!(figures.to_string().contains("  20  enter\n"), "{figures}");
}

#[test]
#[should_panic(expected = "did you mean `dispatch`?")]
fn a_rule_about_a_step_that_there_is_not_is_refused() {
    let _ = RandomRuns::of(ORDER).holds("precedence: [pick, dispatsch]");
}

#[test]
#[should_panic(expected = "the rule cannot be read")]
fn what_is_no_rule_is_refused() {
    let _ = RandomRuns::of(ORDER).holds(": pick");
}

#[test]
fn a_rule_can_be_given_as_one() {
    let rule: Rule = grieta_core::yaml::rule("{ absence: let-through }").unwrap();
    let found =
        RandomRuns::of(ORDER.replace("rules: [{ precedence: [release-credit, dispatch] }, ", "rules: [").as_str());
    let found = found.holds(rule).try_check().unwrap_err();
    assert_eq!(found.expected, "that `let-through` is never done");
}
