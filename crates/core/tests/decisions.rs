//! Decision tables: what each hit policy makes of the rules that match, and what a step does with it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use grieta_core::Process;
use grieta_core::kernel::{Command, Event};
use grieta_core::value::Value;
use grieta_core::world::Directory;
use support::Desk;

/// What a case knows once the table has decided over these data, as `field: value`; or why it did not decide.
fn decided(data: &str, decision: &str, given: &[(&str, &str)]) -> Result<Vec<String>, String> {
    let text = format!(
        "process: p\nversion: 1\nstart: grade\ndata: {{ {data} }}\ndecisions: {{ grade: {decision} }}\n\
         steps:\n  grade: {{ decide: grade, next: rest }}\n  rest: {{ wait: 1 h, next: done }}\n  done: {{ end: {{}} }}\n"
    );
    let process = Process::read("table.yaml", text.as_bytes()).map_err(|problems| problems.to_string())?;
    let mut desk = Desk::new(process.definition().clone());
    let fields = &process.definition().data;
    let value =
        |(name, text): &(&str, &str)| (desk.plan.field(name).unwrap(), Value::parse(&fields[*name], text).unwrap());
    let data = given.iter().map(value).collect();
    desk.command(&Command::Start { data }).unwrap();
    desk.is_whole().unwrap();
    if desk.shown() != "rest: Pausing" {
        return Err(desk.explained().join("\n"));
    }
    let shown =
        desk.case.data().iter().zip(fields).filter(|(_, (name, _))| !given.iter().any(|(given, _)| given == name));
    Ok(shown.map(|(value, (name, field))| format!("{name}: {}", value.show(field))).collect())
}

/// What is given, and what is then known.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

fn check(data: &str, decision: &str, rows: &[Case]) {
    for (given, expected) in rows {
        assert_eq!(decided(data, decision, given).unwrap(), *expected, "{given:?}");
    }
}

fn refused(data: &str, decision: &str, given: &[(&str, &str)], expected: &str) {
    let found = decided(data, decision, given).unwrap_err();
    assert!(found.contains(expected), "{found}");
}

const FIT: &str =
    "fit: { type: integer }, tier: { type: choice, of: [low, gold] }, grade: { type: choice, of: [hot, warm, cold] }";

#[test]
fn the_first_rule_that_matches_counts() {
    let table = r#"{ inputs: [fit, tier], outputs: grade, hit: first, rules: [
        { when: [">= 50", gold], then: hot }, { when: [">= 50", any], then: warm }, { otherwise: cold }] }"#;
    check(
        FIT,
        table,
        &[
            (&[("fit", "50"), ("tier", "gold")], &["grade: hot"]),
            (&[("fit", "50"), ("tier", "low")], &["grade: warm"]),
            (&[("fit", "49"), ("tier", "gold")], &["grade: cold"]),
            // Nobody asks about the tier.
            (&[("fit", "49"), ("tier", "low")], &["grade: cold"]),
        ],
    );
    assert_eq!(
        decided(FIT, table, &[("fit", "10")]).unwrap(),
        ["tier: absent", "grade: cold"],
        "nobody asks about the tier"
    );
    refused(FIT, table, &[("tier", "gold")], "the decision `grade`: `fit` needs a value of `fit`, which is absent");
}

#[test]
fn only_one_rule_may_match_where_the_policy_is_unique() {
    let table =
        r#"{ inputs: fit, outputs: grade, rules: [{ when: "> 10", then: hot }, { when: "> 20", then: warm }] }"#;
    check("fit: { type: integer }, grade: { type: text }", table, &[(&[("fit", "15")], &["grade: hot"])]);
    refused(FIT, table, &[("fit", "21")], "rules 1 and 2 of the decision `grade` both match");
    refused(FIT, table, &[("fit", "5")], "no rule of the decision `grade` matches; add `otherwise`");
}

#[test]
fn rules_that_match_must_agree_where_the_policy_is_any() {
    let table = r#"{ inputs: fit, outputs: grade, hit: any, rules: [
        { when: "> 10", then: hot }, { when: "> 20", then: hot }, { when: "> 30", then: cold }] }"#;
    let fields = "fit: { type: integer }, grade: { type: text }";
    check(fields, table, &[(&[("fit", "25")], &["grade: hot"])]);
    refused(fields, table, &[("fit", "31")], "rules 1 and 3 of the decision `grade` both match and do not agree");
}

#[test]
fn what_matches_is_collected_in_the_order_of_the_rules() {
    let fields = "fit: { type: integer }, who: { type: list, of: text }, days: { type: list, of: integer }";
    let table = r#"{ inputs: fit, outputs: [who, days], hit: collect, rules: [
        { when: "> 10", then: [lead, 1] }, { when: "> 20", then: ["head, of sales", 5] }] }"#;
    check(
        fields,
        table,
        &[
            (&[("fit", "25")], &["who: [\"lead\", \"head, of sales\"]", "days: [1, 5]"]),
            (&[("fit", "15")], &["who: [\"lead\"]", "days: [1]"]),
            (&[("fit", "5")], &["who: []", "days: []"]),
        ],
    );
}

#[test]
fn what_matches_is_added_up() {
    let fields = "fit: { type: integer }, points: { type: integer }, extra: { type: duration }, big: { type: decimal }";
    let table = r#"{ inputs: fit, outputs: [points, extra, big], hit: sum, rules: [
        { when: "> 10", then: [10, 1 h, 0.5] }, { when: "> 20", then: [5, 30 min, -2] }, { otherwise: [0, 0 s, 0] }] }"#;
    check(
        fields,
        table,
        &[
            (&[("fit", "25")], &["points: 15", "extra: 90 min", "big: -1.5"]),
            (&[("fit", "5")], &["points: 0", "extra: 0 s", "big: 0"]),
        ],
    );
    let huge = r#"{ inputs: fit, outputs: points, hit: sum, rules: [
        { when: any, then: 9223372036854775807 }, { when: "> 20", then: 1 }] }"#;
    let fields = "fit: { type: integer }, points: { type: integer }";
    check(fields, huge, &[(&[("fit", "5")], &["points: 9223372036854775807"])]);
    refused(fields, huge, &[("fit", "25")], "the sum of the decision `grade` is too large a number");
}

#[test]
fn inputs_may_be_expressions() {
    let fields = "amount: { type: decimal }, tags: { type: list, of: text }, due: { type: date }, risk: { type: text }";
    let table = r#"{ inputs: ["amount * 2", '"urgent" in tags', due], outputs: risk, hit: first, rules: [
        { when: ["> 100.5", true, any], then: high }, { when: [any, false, "2026-01-01..2026-06-30"], then: soon },
        { otherwise: none }] }"#;
    check(
        fields,
        table,
        &[
            (&[("amount", "50.3"), ("tags", "[\"urgent\"]"), ("due", "2027-01-01")], &["risk: high"]),
            (&[("amount", "50.3"), ("tags", "[]"), ("due", "2026-06-30")], &["risk: soon"]),
            (&[("amount", "1"), ("tags", "[]"), ("due", "2026-07-01")], &["risk: none"]),
        ],
    );
}

#[test]
fn what_is_wrong_with_a_table_is_said_where_it_stands() {
    let check = |decision: &str, expected: &[&str]| {
        let found = decided(FIT, decision, &[]).unwrap_err();
        expected.iter().for_each(|part| assert!(found.contains(part), "{part}\n{found}"));
        assert_eq!(found.matches("error[").count(), expected.len(), "{found}");
    };
    check("{ inputs: fti, outputs: grade, rules: [{ when: 1, then: hot }] }", &["did you mean `fit`?"]);
    check("{ inputs: fit, outputs: garde, rules: [{ when: 1, then: hot }] }", &["did you mean `grade`?"]);
    check(
        "{ inputs: fit, outputs: grade, rules: [{ when: 1.5, then: hott }] }",
        &["a whole number", "did you mean `hot`?"],
    );
    check(
        "{ inputs: fit, outputs: grade, rules: [{ when: [1, 2], then: hot }] }",
        &["expected 1 test, one for each input, found 2"],
    );
    check(
        "{ inputs: fit, outputs: grade, rules: [{ when: 1, then: [hot, 1] }] }",
        &["expected 1 value, one for each output, found 2"],
    );
    check("{ inputs: fit, outputs: grade, rules: [] }", &["a decision needs a rule with `when`"]);
    check(
        "{ inputs: [], outputs: grade, rules: [{ when: [], then: hot }] }",
        &["a decision needs `inputs`, found none"],
    );
    check(
        "{ inputs: fit, outputs: grade, hit: collect, rules: [{ when: 1, then: hot }] }",
        &["`collect` gives a list, and `grade` is of type choice"],
    );
    check(
        "{ inputs: fit, outputs: grade, hit: sum, rules: [{ when: 1, then: hot }] }",
        &["`sum` adds numbers or durations"],
    );
    check(
        "{ inputs: fit, outputs: grade, hit: priority, rules: [{ when: 1, then: hot }] }",
        &["`unique`, `first`, `any`, `collect`, `sum`"],
    );
    check(
        "{ inputs: fit, outputs: grade, rules: [{ otherwise: hot }, { when: 1, then: hot }] }",
        &["this rule comes after `otherwise`"],
    );
    check(
        "{ inputs: fit, outputs: grade, rules: [{ otherwise: hot, then: hot }] }",
        &["the values follow `otherwise` directly"],
    );
    check(
        "{ inputs: fit, outputs: [grade, tier, grade], rules: [{ when: 1, then: [hot, low, cold] }] }",
        &["`grade` stands under `outputs` twice", "`grade` stands under `outputs` twice"],
    );
    check("{ inputs: fit, outputs: grade, rulse: [] }", &["did you mean `rules`?"]);
}

#[test]
fn a_table_gives_a_field_only_what_lies_within_its_bounds() {
    let fields = "fit: { type: integer, at-most: 30 }, points: { type: integer, at-least: 0, at-most: 10 }";
    let table = |hit: &str| {
        format!(
            "{{ inputs: fit, outputs: points, hit: {hit}, rules: [
              {{ when: '> 10', then: 12 }}, {{ when: '> 20', then: -3 }}, {{ when: '> 40', then: 1 }}, {{ otherwise: 0 }}] }}"
        )
    };
    // What is added up need not be a value of the field, only the sum.
    check(fields, &table("sum"), &[(&[("fit", "25")], &["points: 9"]), (&[("fit", "5")], &["points: 0"])]);
    let expected = "the decision `grade` gives `points` the value 12, but it must be at least 0 and at most 10";
    refused(fields, &table("sum"), &[("fit", "15")], expected);
    let found = decided(fields, &table("first"), &[]).unwrap_err();
    for expected in ["`points` must be at least 0 and at most 10, found `12`", "found `-3`"] {
        assert!(found.contains(expected), "{found}");
    }
    assert_eq!(found.matches("error[out-of-bounds]").count(), 2, "{found}");
}

/// How the story tells by which rules the table decides over that `fit`; nothing where it does not say.
fn by_rules(hit: &str, rules: &str, fit: i64) -> Option<String> {
    let kind = if hit == "collect" { "list, of: text" } else { "text" };
    let text = format!(
        "process: p\nversion: 1\nstart: look\ndata: {{ fit: {{ type: integer }}, grade: {{ type: {kind} }} }}\n\
         decisions: {{ grade: {{ inputs: fit, outputs: grade, hit: {hit}, rules: [{rules}] }} }}\n\
         steps:\n  look: {{ decide: grade, next: done }}\n  done: {{ end: {{}} }}\n"
    );
    let process = Process::read("table.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let mut desk = Desk::new(process.definition().clone());
    let data = vec![(desk.plan.field("fit").unwrap(), Value::Integer(fit))];
    desk.command(&Command::Start { data }).unwrap();
    let story = desk.plan.story(&Directory::default(), desk.events.iter().map(|(at, event)| (*at, event)));
    story.into_iter().map(|(_, told)| told.sentence(&desk.plan)).find(|line| line.contains("decided"))
}

#[test]
fn a_case_knows_by_which_rules_it_was_decided() {
    let rules = "{ when: '> 10', then: a }, { when: '> 20', then: a }, { when: '> 30', then: a }, { otherwise: b }";
    let rows = [
        ("first", 25, "rule 1"),
        ("any", 15, "rule 1"),
        ("any", 25, "rules 1 and 2"),
        ("collect", 35, "rules 1, 2 and 3"),
        ("unique", 15, "rule 1"),
        ("unique", 5, "`otherwise`"),
        ("collect", 5, "`otherwise`"),
    ];
    for (hit, fit, expected) in rows {
        let expected = format!("`look` decided by {expected} of `grade`");
        assert_eq!(by_rules(hit, rules, fit), Some(expected), "{hit}, {fit}");
    }
    let second = "{ when: '> 30', then: a }, { when: '> 20', then: a }";
    assert_eq!(by_rules("first", second, 25).unwrap(), "`look` decided by rule 2 of `grade`");
    assert_eq!(by_rules("collect", second, 5), None, "an empty list is decided by no rule");
    assert_eq!(by_rules("unique", second, 35), None, "nothing was decided");
    let many = vec!["{ when: any, then: a }"; 20].join(", ");
    let told = by_rules("collect", &many, 1).unwrap();
    assert_eq!(told, "`look` decided by rules 1, 2, 3, 4, 5, 6, 7, 8 and 12 more of `grade`");
}

#[test]
fn the_rule_is_told_as_well_where_what_it_decides_may_not_be() {
    let text =
        "process: p\nversion: 1\nstart: look\ndata: { fit: { type: integer, initial: 5 }, grade: { type: integer } }
decisions: { grade: { inputs: fit, outputs: grade, rules: [{ when: 5, then: 1 }] } }
steps:
  look: { decide: grade, next: done, cracks: { poor: { on: constraint, when: grade < 2, then: by-hand } } }
  by-hand: { wait: 1 h, next: done }
  done: { end: {} }
";
    let process = Process::read("p.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let desk = Desk::started(process.definition().clone());
    let told: Vec<&Event> =
        desk.events.iter().map(|(_, event)| event).filter(|event| event.token().is_some()).collect();
    assert!(matches!(told[1..3], [Event::Decided { .. }, Event::CrackStruck { .. }]), "{told:?}");
}

#[test]
fn a_decision_that_fails_is_a_constraint() {
    let text = "process: p\nversion: 1\nstart: grade\ndata: { fit: { type: integer }, grade: { type: integer } }
decisions: { grade: { inputs: fit, outputs: grade, rules: [{ when: 1, then: 1 }] } }
steps:
  grade: { decide: grade, next: done, cracks: { unknown: { on: constraint, then: by-hand } } }
  by-hand: { wait: 1 h, next: done }
  done: { end: {} }
";
    let process = Process::read("p.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(Desk::started(process.definition().clone()).shown(), "by-hand: Pausing");
}
