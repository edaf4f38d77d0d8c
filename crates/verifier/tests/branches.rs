//! What is found of guards and decision tables, with the values that show it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use grieta_core::Process;
use grieta_core::diagnostic::Code;
use grieta_verifier::branches::{Findings, analyse};
use insta::assert_snapshot;

/// The process of which those lines are the data, and those the rest.
fn process(data: &str, rest: &str) -> Process {
    let indented = |text: &str| text.trim().lines().map(|line| format!("  {}\n", line.trim_end())).collect::<String>();
    let data = indented(&data.trim().replace("; ", "\n"));
    let file = format!(
        "process: p\nversion: 1.0.0\nstart: start\nroles: {{ desk: {{ people: 1 }} }}\ndata:\n{data}{}\n",
        rest.trim_start_matches('\n')
    );
    Process::read("p.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}\n{file}"))
}

fn told(findings: &Findings) -> String {
    let mut told = String::new();
    for problem in findings.found.iter().map(|found| &found.problem) {
        told += &format!("{}: {}\n  at {}\n", problem.code, problem.message, problem.path);
        told += &problem.related.iter().map(|place| format!("  {}: {}\n", place.label, place.path)).collect::<String>();
    }
    told += &findings.undecided.iter().map(|path| format!("undecided: {path}\n")).collect::<String>();
    if told.is_empty() { "nothing".to_owned() } else { told }
}

/// What is found of a choice with these branches, each a guard; the last may be `otherwise`.
fn choice(data: &str, guards: &[&str]) -> String {
    let process = process(data, &choosing("choose", guards));
    told(&analyse(&process))
}

fn choosing(kind: &str, guards: &[&str]) -> String {
    let branch = |(index, guard): (usize, &&str)| match *guard {
        "otherwise" => "      - { otherwise: rest }\n".to_owned(),
        guard => format!("      - {{ when: '{guard}', to: way-{index} }}\n"),
    };
    let branches: String = guards.iter().enumerate().map(branch).collect();
    let ends: String = (0..guards.len()).map(|index| format!("  way-{index}: {{ end: {{}} }}\n")).collect();
    format!("steps:\n  start:\n    {kind}:\n{branches}{ends}  rest: {{ end: {{}} }}\n")
}

/// What is found of a decision table.
fn table(data: &str, decision: &str) -> String {
    let decision = decision.trim_matches('\n');
    let rest = format!(
        "decisions:\n  grade:\n{decision}\nsteps:\n  start: {{ decide: grade, next: done }}\n  done: {{ end: {{}} }}\n"
    );
    told(&analyse(&process(&format!("{data}; out: {{ type: integer }}"), &rest)))
}

const SCORE: &str = "score: { type: integer, required: true }; tier: { type: choice, of: [low, gold], required: true }";

#[test]
fn a_value_between_two_guards_is_a_gap() {
    assert_snapshot!(choice(SCORE, &["score > 50", "score < 50"]), @r#"
    gap: with `score = 50` no branch of `start` is taken
      at steps.start.choose
    "#);
    assert_snapshot!(choice(SCORE, &[r#"score > 50 && tier == "gold""#, "score <= 50"]), @r#"
    gap: with `score = 51`, `tier = "low"` no branch of `start` is taken
      at steps.start.choose
    "#);
    assert_snapshot!(choice(SCORE, &["score >= 50", "score < 50"]), @"nothing");
    assert_snapshot!(choice(SCORE, &["2 * score > 5", "2 * score <= 4"]), @"nothing");
}

#[test]
fn a_branch_that_those_before_it_leave_nothing_for_is_never_taken() {
    assert_snapshot!(choice(SCORE, &["score > 50", "score > 60", "otherwise"]), @r#"
    never-taken: the branch to `way-1` is never taken, because one before it leaves nothing for it
      at steps.start.choose[1].when
      where its guard holds, this one holds or cannot be evaluated: steps.start.choose[0].when
    "#);
    assert_snapshot!(choice(SCORE, &["score > 50", "score <= 60", "otherwise"]), @r#"
    never-taken: `otherwise` is never taken, because the guards before it leave nothing for it
      at steps.start.choose[2].to
    "#);
    assert_snapshot!(choice(SCORE, &["score > 50", r#"tier == "gold""#, r#"score > 60 || tier != "low""#, "otherwise"]), @r#"
    never-taken: the branch to `way-2` is never taken, because those before it leave nothing for it
      at steps.start.choose[2].when
    "#);
    assert_snapshot!(choice(SCORE, &["score > 50 && score < 40", "otherwise"]), @r#"
    never-taken: the branch to `way-0` is never taken, because its guard never holds
      at steps.start.choose[0].when
    "#);
    assert_snapshot!(choice(SCORE, &[r#"tier == "gold""#, r#"tier in ["low"]"#, "otherwise"]), @r#"
    never-taken: `otherwise` is never taken, because the guards before it leave nothing for it
      at steps.start.choose[2].to
    "#);
}

#[test]
fn only_values_within_the_bounds_of_a_field_count() {
    let bounded = "score: { type: integer, required: true, at-least: 0, at-most: 100 }";
    assert_snapshot!(choice(bounded, &["score >= 0"]), @"nothing");
    assert_snapshot!(choice(bounded, &["score >= 1"]), @r#"
    gap: with `score = 0` no branch of `start` is taken
      at steps.start.choose
    "#);
    assert_snapshot!(choice(bounded, &["score > 100", "score <= 100", "otherwise"]), @r#"
    never-taken: the branch to `way-0` is never taken, because its guard never holds
      at steps.start.choose[0].when
    never-taken: `otherwise` is never taken, because the guards before it leave nothing for it
      at steps.start.choose[2].to
    "#);
    let narrow = "score: { type: integer, at-least: 0, at-most: 150, required: true }";
    let rules = r#"
    inputs: [score]
    outputs: out
    rules:
      - { when: ["0..50"], then: 1 }
      - { when: ["51..100"], then: 2 }
"#;
    assert_snapshot!(table(bounded, rules), @"nothing");
    assert_snapshot!(table(narrow, rules), @r#"
    gap: with `score = 101` no rule of `grade` matches
      at decisions.grade.rules
    "#);
    assert_snapshot!(choice("age: { type: integer, at-least: 18 }", &["age >= 18", "age < 18"]), @r#"
    never-taken: the branch to `way-1` is never taken, because its guard never holds
      at steps.start.choose[1].when
    "#);
    let time = "due: { type: date, required: true, at-least: 2026-01-01, at-most: 2026-12-31 }; \
                late: { type: duration, required: true, at-least: 1 h }";
    assert_snapshot!(choice(time, &[r#"due + "365 d" > "2026-12-31""#]), @"nothing");
    assert_snapshot!(choice(time, &[r#"due + "364 d" > "2026-12-31""#, r#"late > "1 h""#]), @r#"
    gap: with `due = "2026-01-01"`, `late = "1 h"` no branch of `start` is taken
      at steps.start.choose
    "#);
    let money = "net: { type: decimal, required: true, at-least: 0.5, at-most: 0.500000001 }";
    assert_snapshot!(choice(money, &["net > 0.5", "net == 0.5"]), @"nothing");
    assert_snapshot!(choice(money, &["net == 0.5"]), @r#"
    gap: with `net = 0.500000001` no branch of `start` is taken
      at steps.start.choose
    "#);
}

#[test]
fn an_absent_value_is_neither_true_nor_false() {
    let phone = "phone: { type: text }; age: { type: integer }";
    assert_snapshot!(choice(phone, &["has(phone)"]), @r#"
    gap: with `phone` absent no branch of `start` is taken
      at steps.start.choose
    "#);
    assert_snapshot!(choice(phone, &["age >= 18", "age < 18", "!has(age)"]), @r#"
    never-taken: the branch to `way-2` is never taken, because one before it leaves nothing for it
      at steps.start.choose[2].when
      where its guard holds, this one holds or cannot be evaluated: steps.start.choose[0].when
    "#);
    assert_snapshot!(choice(phone, &["has(age) && age >= 18", "!has(age) || age < 18", "otherwise"]), @r#"
    never-taken: `otherwise` is never taken, because the guards before it leave nothing for it
      at steps.start.choose[2].to
    "#);
    assert_snapshot!(choice("age: { type: integer, required: true }", &["!has(age)", "otherwise"]), @r#"
    never-taken: the branch to `way-0` is never taken, because its guard never holds
      at steps.start.choose[0].when
    "#);
}

#[test]
fn fields_are_compared_with_each_other() {
    let data = "a: { type: integer, required: true }; b: { type: integer, required: true }; c: { type: integer, required: true }";
    assert_snapshot!(choice(data, &["a < b && b < c && c < a", "otherwise"]), @r#"
    never-taken: the branch to `way-0` is never taken, because its guard never holds
      at steps.start.choose[0].when
    "#);
    assert_snapshot!(choice(data, &["a < b && b < c && a + 1 == c", "otherwise"]), @r#"
    never-taken: the branch to `way-0` is never taken, because its guard never holds
      at steps.start.choose[0].when
    "#);
    assert_snapshot!(choice(data, &["min(a, b) > c", "a > c && b > c", "otherwise"]), @r#"
    never-taken: the branch to `way-1` is never taken, because one before it leaves nothing for it
      at steps.start.choose[1].when
      where its guard holds, this one holds or cannot be evaluated: steps.start.choose[0].when
    "#);
    assert_snapshot!(choice(data, &["(a > 0 ? b : c) > 5", "a > 0 && b > 5", "a <= 0 && c > 5", "otherwise"]), @r#"
    never-taken: the branch to `way-1` is never taken, because one before it leaves nothing for it
      at steps.start.choose[1].when
      where its guard holds, this one holds or cannot be evaluated: steps.start.choose[0].when
    never-taken: the branch to `way-2` is never taken, because one before it leaves nothing for it
      at steps.start.choose[2].when
      where its guard holds, this one holds or cannot be evaluated: steps.start.choose[0].when
    "#);
    assert_snapshot!(choice(data, &["a / 2 * 2 == a || a % 2 == 1", "a % 2 == -1", "otherwise"]), @r#"
    never-taken: `otherwise` is never taken, because the guards before it leave nothing for it
      at steps.start.choose[2].to
    "#);
}

#[test]
fn decimals_dates_durations_and_texts_are_decided() {
    let money = "net: { type: decimal, required: true }";
    assert_snapshot!(choice(money, &["net * 0.21 > 21", "net < 100"]), @r#"
    gap: with `net = 100` no branch of `start` is taken
      at steps.start.choose
    "#);
    assert_snapshot!(choice(money, &["net / 3 == 0.333333333", "otherwise"]), @"nothing");
    assert_snapshot!(choice(money, &["net > 0.5 && net < 0.500000001", "otherwise"]), @r#"
    never-taken: the branch to `way-0` is never taken, because its guard never holds
      at steps.start.choose[0].when
    "#);
    let time = "due: { type: date, required: true }; paid: { type: date, required: true }; late: { type: duration, required: true }";
    assert_snapshot!(choice(time, &[r#"paid > due + "14 d""#, r#"paid < due + "14 d""#]), @r#"
    gap: with `due = "2025-12-18"`, `paid = "2026-01-01"` no branch of `start` is taken
      at steps.start.choose
    "#);
    assert_snapshot!(choice(time, &[r#"paid - due > "2 w""#, "days_between(due, paid) > 14", "otherwise"]), @r#"
    never-taken: the branch to `way-1` is never taken, because one before it leaves nothing for it
      at steps.start.choose[1].when
      where its guard holds, this one holds or cannot be evaluated: steps.start.choose[0].when
    "#);
    assert_snapshot!(choice(time, &[r#"late > "2 h""#, r#"late < "90 min""#]), @r#"
    gap: with `late = "2 h"` no branch of `start` is taken
      at steps.start.choose
    "#);
    assert_snapshot!(choice(time, &["due + late > due && late <= \"12 h\"", "otherwise"]), @r#"
    never-taken: the branch to `way-0` is never taken, because its guard never holds
      at steps.start.choose[0].when
    "#);
    let text = "name: { type: text, required: true }; tier: { type: choice, of: [low, gold], required: true }";
    assert_snapshot!(choice(text, &[r#"name == "a""#, r#"name != "b""#]), @r#"
    gap: with `name = "b"` no branch of `start` is taken
      at steps.start.choose
    "#);
    assert_snapshot!(choice(text, &[r#"name == "a""#, r#"name == "b""#]), @r#"
    gap: with `name = "other"` no branch of `start` is taken
      at steps.start.choose
    "#);
    assert_snapshot!(choice(text, &[r#"name < "m""#, r#"name < "b""#, "otherwise"]), @r#"
    never-taken: the branch to `way-1` is never taken, because one before it leaves nothing for it
      at steps.start.choose[1].when
      where its guard holds, this one holds or cannot be evaluated: steps.start.choose[0].when
    "#);
    assert_snapshot!(choice(text, &[r#"name < "m""#, r#"name > "m""#]), @r#"
    gap: with `name = "m"` no branch of `start` is taken
      at steps.start.choose
    "#);
    assert_snapshot!(choice(text, &["name == tier && name == \"silver\"", "otherwise"]), @r#"
    never-taken: the branch to `way-0` is never taken, because its guard never holds
      at steps.start.choose[0].when
    "#);
}

#[test]
fn what_cannot_be_decided_is_said_to_be_so() {
    let data = "a: { type: integer, required: true }; tags: { type: list, of: text, required: true }";
    assert_snapshot!(choice(data, &["a * a < 0", "otherwise"]), @"undecided: steps.start.choose[0].when");
    assert_snapshot!(choice(data, &["a * a >= 0", "a * a < 0"]), @"undecided: steps.start.choose[1].when");
    assert_snapshot!(choice(data, &[r#""urgent" in tags"#, r#"!("urgent" in tags)"#]), @"undecided: steps.start.choose[0].when");
    assert_snapshot!(choice(data, &["length(tags) >= 0", "otherwise"]), @r#"
    never-taken: `otherwise` is never taken, because the guards before it leave nothing for it
      at steps.start.choose[1].to
    "#);
    assert_snapshot!(choice(data, &["a + 9223372036854775807 > 0", "otherwise"]), @"nothing");
}

#[test]
fn texts_of_which_nothing_is_known_have_room_between_those_that_are_named() {
    let ascending = r#"name > "m" && name < name + "a" && name + "a" < name + "b" && name + "b" < "n""#;
    assert_snapshot!(choice("name: { type: text, required: true }", &[ascending, "otherwise"]), @"nothing");
}

#[test]
fn an_inclusive_choice_takes_every_branch() {
    let process = process(SCORE, &choosing("some", &["score > 50", "score > 60", "score > 70 && score < 60"]));
    assert_snapshot!(told(&analyse(&process)), @r#"
    never-taken: the branch to `way-2` is never taken, because its guard never holds
      at steps.start.some[2].when
    gap: with `score = 0` no branch of `start` is taken
      at steps.start.some
    "#);
}

#[test]
fn a_choice_without_otherwise_that_takes_all_values_is_settled() {
    let settled = |guards: &[&str]| {
        let process = process(SCORE, &choosing("choose", guards));
        let findings = analyse(&process);
        let mut warnings = process.warnings().list.iter();
        let missing = warnings.find(|problem| problem.code == Code::MissingOtherwise).unwrap();
        findings.settles(missing)
    };
    assert!(settled(&["score > 50", "score <= 50"]));
    assert!(settled(&["score > 50"]));
    assert!(!settled(&["score * score >= 0"]));
}

#[test]
fn rules_of_a_table_overlap_or_leave_a_gap() {
    assert_snapshot!(table(SCORE, r#"
    inputs: [score, tier]
    outputs: out
    rules:
      - { when: [">= 50", any], then: 1 }
      - { when: ["< 30", low], then: 2 }
      - { when: [any, gold], then: 3 }
"#), @r#"
    overlap: with `score = 50`, `tier = "gold"` rules 1 and 3 of `grade` both match
      at decisions.grade.rules[2].when
      the other rule: decisions.grade.rules[0].when
    gap: with `score = 30`, `tier = "low"` no rule of `grade` matches
      at decisions.grade.rules
    "#);
    assert_snapshot!(table(SCORE, r#"
    inputs: [score]
    outputs: out
    rules:
      - { when: [">= 50"], then: 1 }
      - { when: ["30..49"], then: 2 }
      - { when: ["not(>= 30)"], then: 3 }
"#), @"nothing");
    assert_snapshot!(table(SCORE, r#"
    inputs: [score]
    outputs: out
    hit: any
    rules:
      - { when: [">= 50"], then: 1 }
      - { when: [">= 60"], then: 1 }
      - { when: ["<= 50"], then: 2 }
"#), @r#"
    overlap: with `score = 50` rules 1 and 3 of `grade` both match, and do not agree
      at decisions.grade.rules[2].when
      the other rule: decisions.grade.rules[0].when
    "#);
    assert_snapshot!(table(SCORE, r#"
    inputs: [score, tier]
    outputs: out
    hit: first
    rules:
      - { when: [">= 50", any], then: 1 }
      - { when: ["60, 70..80", gold], then: 2 }
      - { when: ["<= 20, < 50", any], then: 3 }
      - { otherwise: 4 }
"#), @r#"
    never-taken: rule 2 of `grade` is never taken, because those before it leave nothing for it
      at decisions.grade.rules[1].when
    never-taken: `otherwise` of `grade` never counts, because the rules leave nothing for it
      at decisions.grade.rules[3].otherwise
    "#);
    assert_snapshot!(table("score: { type: integer }; x: { type: integer, required: true }", r#"
    inputs: [score, x - 2 * score]
    outputs: out
    hit: first
    rules:
      - { when: ["< 0", any], then: 1 }
      - { when: ["> 3", "< 0"], then: 2 }
      - { when: ["4", "0"], then: 3 }
"#), @r#"
    gap: with `score = 0`, `x = 0` no rule of `grade` matches
      at decisions.grade.rules
    "#);
}

#[test]
fn a_condition_that_always_or_never_holds_is_told() {
    let steps = r#"
steps:
  start:
    human: desk
    writes: [score]
    until: score > 5 || score < 10
    cracks:
      odd: { on: constraint, when: score > 5 && score < 5, do: fail, then: again }
    next: again
  again: { human: desk, while: 'score > 5 && score < score', next: each }
  each: { for-each: { steps: [one, over], times: "3", enough: 'score == score || tier == "low"' }, next: done }
  one: { human: desk, until: score > 5, next: over }
  over: { end: {} }
  done: { end: {} }
cracks:
  broken: { on: constraint, when: "tier != \"low\" && tier != \"gold\"", do: cancel-case }
"#;
    assert_snapshot!(told(&analyse(&process(SCORE, steps))), @r#"
    constant-condition: `until` always holds: the step is done once
      at steps.start.until
    constant-condition: the condition of the crack `odd` never holds: it never strikes
      at steps.start.cracks.odd.when
    constant-condition: `while` never holds: the step is never done
      at steps.again.while
    constant-condition: `enough` always holds: one instance is enough
      at steps.each.for-each.enough
    constant-condition: the condition of the crack `broken` never holds: it never strikes
      at cracks.broken.when
    "#);
}

#[test]
fn too_much_is_undecided_and_takes_no_time() {
    let fields: Vec<String> = (0..24).map(|index| format!("x{index}: {{ type: integer, required: true }}")).collect();
    let pairs = |from: usize| (0..23).map(move |index| format!("x{index} * 3 + x{} * 5 != {from}", index + 1));
    let hard: Vec<String> = (0..12).map(|from| pairs(from).collect::<Vec<_>>().join(" || ")).collect();
    let sum = (0..24).map(|index| format!("{} * x{index}", 2 * index + 4)).collect::<Vec<_>>().join(" + ");
    let guards: Vec<&str> = hard.iter().map(String::as_str).chain([sum.as_str()].map(|_| "x0 > 0")).collect();
    let found = analyse(&process(&fields.join("; "), &choosing("choose", &guards)));
    assert!(found.asked == 14, "{found:?}");
    let odd = format!("{sum} == 7");
    assert_snapshot!(choice(&fields.join("; "), &[&odd, "otherwise"]), @r#"
    never-taken: the branch to `way-0` is never taken, because its guard never holds
      at steps.start.choose[0].when
    "#);
}
