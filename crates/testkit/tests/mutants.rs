//! What each operator changes in a definition.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use grieta_core::Process;
use grieta_testkit::mutate::{Operator, mutants};

/// Where the mutants of an operator are, and what each says.
fn made(operator: Operator, process: &str) -> Vec<String> {
    let process = Process::read("process.yaml", process.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let of_operator = mutants(process.definition()).into_iter().filter(|mutant| mutant.operator == operator);
    of_operator.map(|mutant| format!("{}: {}", mutant.path, mutant.what)).collect()
}

const CRACKS: &str = "
process: p
version: 1.0.0
start: call
calendar: office
calendars: { office: { week: { mon-fri: '09:00-17:00' } } }
roles: { clerk: { people: 2 }, lead: { people: 1 }, boss: { people: 1 } }
clocks: { resolution: { within: 4 h } }
cracks: { withdrawn: { on: external, do: cancel-case } }
steps:
  call:
    human: clerk
    next: done
    cracks:
      line-busy: { on: failure, do: { retry: { after: 30 min, at-most: 2 } }, then: done }
      nobody: { on: unavailable, after: 1 bd, do: { reoffer: lead } }
      noted: { on: deadline, after: 2 h, do: continue }
      promised: { on: deadline, clock: resolution, at: 1.5 h, do: { reallocate: clerk } }
      unanswered: { on: external, interrupts: true }
  done: { end: {} }
";

const GUARDS: &str = r#"
process: p
version: 1.0.0
start: score
roles: { clerk: { people: 2 }, boss: { people: 1 } }
data:
  fit: { type: integer, required: true }
  share: { type: decimal, required: true }
  due: { type: date, required: true }
  delay: { type: duration, required: true }
  tier: { type: choice, of: [low, gold], required: true }
  grade: { type: integer, initial: 0 }
steps:
  score: { decide: grades, next: route }
  route:
    choose:
      - { when: 'fit >= 50 && tier == "gold"', to: ask }
      - { when: 'share < 0.5 || due < "2026-03-01"', to: tell, sets: { grade: 'fit > 9 ? 4 : 5' } }
      - { when: 'delay > "90 min"', to: tell }
      - { otherwise: done }
  ask: { human: clerk, while: grade > -1, next: tell }
  tell: { human: boss, outcomes: { yes: rest, no: done } }
  rest: { wait: 2 h, next: done }
  done: { end: {} }
decisions:
  grades:
    inputs: [fit, tier]
    outputs: [grade]
    hit: first
    rules:
      - { when: ["10..20, > 90", gold], then: [3] }
      - { when: [">= 50", any], then: [2] }
      - { otherwise: [1] }
rules:
  - { four-eyes: [ask, tell] }
  - { precedence: [tell, rest] }
"#;

const JOIN: &str = "
process: p
version: 1.0.0
start: split
roles: { desk: { people: 2 } }
steps:
  split: { fork: [pack, bill, both] }
  pack: { human: desk, outcomes: { light: both, heavy: both } }
  bill: { human: desk, next: both }
  both: { join: all, next: done }
  done: { end: {} }
";

#[test]
fn cracks_are_dropped() {
    assert_eq!(
        made(Operator::DropCrack, CRACKS),
        [
            "steps.call.cracks.line-busy: the crack `line-busy` of `call` is gone",
            "steps.call.cracks.nobody: the crack `nobody` of `call` is gone",
            "steps.call.cracks.noted: the crack `noted` of `call` is gone",
            "steps.call.cracks.promised: the crack `promised` of `call` is gone",
            "steps.call.cracks.unanswered: the crack `unanswered` of `call` is gone",
            "cracks.withdrawn: the crack `withdrawn` of the process is gone",
        ]
    );
}

#[test]
fn responses_are_dropped_where_something_follows_from_them() {
    assert_eq!(
        made(Operator::DropResponse, CRACKS),
        [
            "steps.call.cracks.line-busy.do: nobody answers the crack `line-busy` of `call`, instead of: \
             tried again 30 min later, at most 2×, then on to `done`",
            "steps.call.cracks.nobody.do: nobody answers the crack `nobody` of `call`, instead of: offered to `lead`",
            "steps.call.cracks.promised.do: nobody answers the crack `promised` of `call`, instead of: handed to `clerk`",
            "cracks.withdrawn.do: nobody answers the crack `withdrawn` of the process, instead of: the case is cancelled",
        ]
    );
}

#[test]
fn neighbours_are_swapped_where_they_differ() {
    assert_eq!(
        made(Operator::SwapBranches, GUARDS),
        [
            "steps.route.choose[0].to: branch 1 of `route` leads to `tell`, and branch 2 to `ask`",
            "steps.route.choose[2].to: branch 3 of `route` leads to `done`, and `otherwise` to `tell`",
            "steps.tell.outcomes.yes.to: `tell` leads to `done` by `yes`, and to `rest` by `no`",
            "decisions.grades.rules[0]: rules 1 and 2 of `grades` each give what the other gave",
            "decisions.grades.rules[1]: rules 2 and 3 of `grades` each give what the other gave",
        ]
    );
    assert!(made(Operator::SwapBranches, JOIN).is_empty(), "both outcomes lead to the same step");
}

#[test]
fn guards_are_negated() {
    assert_eq!(
        made(Operator::NegateGuard, GUARDS),
        [
            r#"steps.route.choose[0].when: the guard `fit >= 50 && tier == "gold"` becomes `!(fit >= 50 && tier == "gold")`"#,
            r#"steps.route.choose[1].when: the guard `share < 0.5 || due < "2026-03-01"` becomes `!(share < 0.5 || due < "2026-03-01")`"#,
            r#"steps.route.choose[2].when: the guard `delay > "90 min"` becomes `!(delay > "90 min")`"#,
            "steps.ask.while: the guard `grade > -1` becomes `!(grade > -1)`",
        ]
    );
}

#[test]
fn what_is_compared_with_is_shifted_by_a_unit() {
    assert_eq!(
        made(Operator::ShiftThreshold, GUARDS),
        [
            "steps.route.choose[0].when: `fit >= 50` becomes `fit >= 49`",
            "steps.route.choose[0].when: `fit >= 50` becomes `fit >= 51`",
            "steps.route.choose[1].when: `share < 0.5` becomes `share < 0.4`",
            "steps.route.choose[1].when: `share < 0.5` becomes `share < 0.6`",
            r#"steps.route.choose[1].when: `due < "2026-03-01"` becomes `due < "2026-02-28"`"#,
            r#"steps.route.choose[1].when: `due < "2026-03-01"` becomes `due < "2026-03-02"`"#,
            "steps.route.choose[1].sets.grade: `fit > 9` becomes `fit > 8`",
            "steps.route.choose[1].sets.grade: `fit > 9` becomes `fit > 10`",
            r#"steps.route.choose[2].when: `delay > "90 min"` becomes `delay > "89 min"`"#,
            r#"steps.route.choose[2].when: `delay > "90 min"` becomes `delay > "91 min"`"#,
            "steps.ask.while: `grade > -1` becomes `grade > -2`",
            "steps.ask.while: `grade > -1` becomes `grade > 0`",
            "decisions.grades.rules[0].when[0]: `10..20, > 90` in rule 1 of `grades` becomes `9..20, > 90`",
            "decisions.grades.rules[0].when[0]: `10..20, > 90` in rule 1 of `grades` becomes `11..20, > 90`",
            "decisions.grades.rules[0].when[0]: `10..20, > 90` in rule 1 of `grades` becomes `10..19, > 90`",
            "decisions.grades.rules[0].when[0]: `10..20, > 90` in rule 1 of `grades` becomes `10..21, > 90`",
            "decisions.grades.rules[0].when[0]: `10..20, > 90` in rule 1 of `grades` becomes `10..20, > 89`",
            "decisions.grades.rules[0].when[0]: `10..20, > 90` in rule 1 of `grades` becomes `10..20, > 91`",
            "decisions.grades.rules[1].when[0]: `>= 50` in rule 2 of `grades` becomes `>= 49`",
            "decisions.grades.rules[1].when[0]: `>= 50` in rule 2 of `grades` becomes `>= 51`",
            "steps.rest.wait: `wait: 2 h` becomes `wait: 1 h`",
            "steps.rest.wait: `wait: 2 h` becomes `wait: 3 h`",
        ]
    );
}

#[test]
fn limits_of_cracks_and_clocks_are_shifted_by_a_unit() {
    assert_eq!(
        made(Operator::ShiftThreshold, CRACKS),
        [
            "clocks.resolution.within: `within: 4 h` becomes `within: 3 h`",
            "clocks.resolution.within: `within: 4 h` becomes `within: 5 h`",
            "steps.call.cracks.line-busy.do.retry.after: the crack `line-busy` of `call`: `after: 30 min` becomes `after: 29 min`",
            "steps.call.cracks.line-busy.do.retry.after: the crack `line-busy` of `call`: `after: 30 min` becomes `after: 31 min`",
            "steps.call.cracks.line-busy.do.retry.at-most: the crack `line-busy` of `call`: `at-most: 2` becomes `at-most: 1`",
            "steps.call.cracks.line-busy.do.retry.at-most: the crack `line-busy` of `call`: `at-most: 2` becomes `at-most: 3`",
            "steps.call.cracks.nobody.after: the crack `nobody` of `call`: `after: 1 bd` becomes `after: 0 bd`",
            "steps.call.cracks.nobody.after: the crack `nobody` of `call`: `after: 1 bd` becomes `after: 2 bd`",
            "steps.call.cracks.noted.after: the crack `noted` of `call`: `after: 2 h` becomes `after: 1 h`",
            "steps.call.cracks.noted.after: the crack `noted` of `call`: `after: 2 h` becomes `after: 3 h`",
            "steps.call.cracks.promised.at: the crack `promised` of `call`: `at: 90 min` becomes `at: 89 min`",
            "steps.call.cracks.promised.at: the crack `promised` of `call`: `at: 90 min` becomes `at: 91 min`",
        ]
    );
}

#[test]
fn a_join_does_not_wait_for_one_of_its_inputs() {
    assert_eq!(
        made(Operator::RemoveInput, JOIN),
        [
            "steps.split.fork[2]: `both` does not wait for what comes from `split`",
            "steps.pack: `both` does not wait for what comes from `pack`",
            "steps.bill.next: `both` does not wait for what comes from `bill`",
        ]
    );
    let process = Process::read("process.yaml", JOIN.as_bytes()).unwrap();
    let of_pack =
        mutants(process.definition()).into_iter().find(|mutant| mutant.what.ends_with("from `pack`")).unwrap();
    let changed = of_pack.of(process.definition());
    let ways: Vec<_> = changed.steps["pack"].outcomes.values().map(|outcome| outcome.to.as_str()).collect();
    assert_eq!(ways, ["not-waited-for"; 2]);
    assert_eq!(changed.steps["both"], process.definition().steps["both"]);
    Process::new(changed).expect("a sound definition");
}

#[test]
fn rules_are_removed() {
    assert_eq!(
        made(Operator::RemoveRule, GUARDS),
        [
            "decisions.grades.rules[0]: rule 1 of `grades` is gone",
            "decisions.grades.rules[1]: rule 2 of `grades` is gone",
            "decisions.grades.rules[2]: rule 3 of `grades` is gone",
            "rules[0]: the rule `four-eyes: [ask, tell]` is gone",
            "rules[1]: the rule `precedence: [tell, rest]` is gone",
        ]
    );
}

#[test]
fn work_goes_to_another_role() {
    assert_eq!(
        made(Operator::SwapRoles, GUARDS),
        ["steps.ask.human: `ask` is work for `boss`, and `tell` for `clerk`"]
    );
    assert_eq!(
        made(Operator::SwapRoles, CRACKS),
        [
            "steps.call.cracks.nobody.do: the crack `nobody` of `call` hands the work to `clerk` instead of `lead`",
            "steps.call.cracks.promised.do: the crack `promised` of `call` hands the work to `lead` instead of `clerk`",
        ]
    );
}

#[test]
fn a_clock_is_dropped_with_the_cracks_that_look_at_it() {
    assert_eq!(made(Operator::DropClock, CRACKS), ["clocks.resolution: the clock `resolution` is gone"]);
    let process = Process::read("process.yaml", CRACKS.as_bytes()).unwrap();
    let dropped = mutants(process.definition()).into_iter().find(|mutant| mutant.operator == Operator::DropClock);
    let changed = dropped.unwrap().of(process.definition());
    assert!(changed.clocks.is_empty() && !changed.steps["call"].cracks.contains_key("promised"));
    assert_eq!(changed.steps["call"].cracks.len(), 4);
    Process::new(changed).expect("a sound definition");
}

#[test]
fn every_mutant_of_a_real_process_changes_one_thing() {
    let definition = grieta_templates::lead_qualification().definition();
    let all = mutants(&definition);
    assert!(all.len() > 50, "{}", all.len());
    let changed: Vec<_> = all.iter().map(|mutant| mutant.of(&definition)).collect();
    for (index, one) in changed.iter().enumerate() {
        assert_ne!(*one, definition, "{:?}", all[index]);
        let same = changed[..index].iter().position(|other| other == one);
        assert_eq!(same, None, "{:?}", all[index]);
    }
}
