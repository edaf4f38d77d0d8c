//! What differs between two definitions: planted, and found; nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use grieta_core::Process;
use grieta_core::definition::Definition;
use grieta_core::difference::{Difference, Fate, RoleChange};

const BEFORE: &str = r#"
process: desk
version: 1.0.0
start: ask
roles: { clerk: { people: 2 }, lead: { people: 1 } }
data:
  name: { type: text, required: true }
  size: { type: integer }
clocks: { promise: { from: ask, until: answer, within: 4 h } }
steps:
  ask:    { human: { role: clerk, takes: 5 min }, reads: [name], next: check }
  check:  { human: clerk, outcomes: { good: { to: answer, chance: 60% }, poor: { to: lost, chance: rest } } }
  answer:
    human: clerk
    next: done
    cracks: { away: { on: unavailable, after: 1 h, do: { reallocate: lead } } }
  lost:   { end: {} }
  done:   { end: {} }
"#;

fn read(text: &str) -> Definition {
    Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")).definition().clone()
}

/// What differs after that was replaced: each step that is not the same, and each role for which something changes.
fn found(changes: &[(&str, &str)]) -> (Vec<String>, Vec<RoleChange>) {
    let after = changes.iter().fold(BEFORE.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    });
    let found = Difference::between(&read(BEFORE), &read(&after));
    let steps = found.steps.iter().filter(|step| step.fate != Fate::Same).map(|step| {
        let keys: Vec<&str> = step.changed.iter().map(|changed| changed.key.as_str()).collect();
        format!("{:?} {} {}", step.fate, step.after.as_ref().or(step.before.as_ref()).unwrap(), keys.join(" "))
    });
    (steps.map(|text| text.trim_end().to_owned()).collect(), found.roles)
}

#[track_caller]
fn check(changes: &[(&str, &str)], steps: &[&str], roles: &[&str]) -> Vec<RoleChange> {
    let (found, changed) = found(changes);
    assert_eq!(found, steps);
    assert_eq!(changed.iter().map(|role| role.role.as_str()).collect::<Vec<_>>(), roles);
    changed
}

#[test]
fn the_same_is_no_difference() {
    check(&[], &[], &[]);
    let same = Difference::between(&read(BEFORE), &read(BEFORE));
    assert!(same.is_empty());
}

#[test]
fn steps_are_added_removed_moved_and_changed() {
    check(&[("takes: 5 min", "takes: 9 min")], &["Assumed ask human.takes"], &[]);
    check(&[("chance: 60%", "chance: 50%")], &["Assumed check outcomes.good.chance"], &[]);
    check(&[("reads: [name]", "reads: [name, size]")], &["Changed ask reads"], &["clerk"]);
    check(
        &[("poor: { to: lost", "poor: { to: answer"), ("  lost:   { end: {} }\n", "")],
        &["Changed check outcomes.poor.to", "Removed lost"],
        &["clerk"],
    );
    let moved =
        check(&[("check:  { human: clerk", "check:  { human: lead")], &["Moved check human"], &["clerk", "lead"]);
    assert_eq!((&moved[0].steps.gone, &moved[1].steps.new), (&vec!["check".to_owned()], &vec!["check".to_owned()]));
    assert_eq!(moved[1].clocks.new, [""; 0], "the lead stood in under that clock before");
    let system = [("check:  { human: clerk", "check:  { service: {}")];
    let automated = check(&system, &["Moved check service human"], &["clerk"]);
    assert_eq!(automated[0].steps.gone, ["check"]);
}

#[test]
fn a_renamed_step_is_the_same_step() {
    let renamed = [
        ("next: check }", "next: examine }"),
        ("  check:  { human: clerk,", "  examine: { same-as: check, human: clerk,"),
    ];
    check(&renamed, &["Changed examine step"], &["clerk"]);
    let other = [("next: check }", "next: examine }"), ("  check:  {", "  examine: {")];
    check(&other, &["Changed ask next", "Added examine", "Removed check"], &["clerk"]);
}

#[test]
fn new_fields_and_duties_are_those_of_whom_they_fall_to() {
    let writes = [("check:  { human: clerk,", "check:  { human: clerk, writes: [size],")];
    let found = check(&writes, &["Changed check writes"], &["clerk"]);
    assert_eq!((&found[0].fields.new, &found[0].fields.gone), (&vec!["size".to_owned()], &Vec::new()));
    let unanswered = [("do: { reallocate: lead }", "do: continue")];
    let found = check(&unanswered, &["Changed answer cracks.away.do cracks.away.do.reallocate"], &["clerk", "lead"]);
    assert_eq!(
        (&found[1].stands_in.gone, &found[1].cracks.gone),
        (&vec!["answer".to_owned()], &vec!["answer/away".to_owned()])
    );
    assert_eq!(found[1].clocks.gone, ["promise"]);
    let leads = [("do: { reallocate: lead }", "do: fail, then: ask")];
    let found = self::found(&leads).1;
    assert_eq!(found[0].cracks.new, ["answer/away"]);
}

#[test]
fn fields_are_added_and_changed_for_those_who_use_them() {
    let after =
        BEFORE.replace("size: { type: integer }", "size: { type: integer, at-least: 0 }\n  color: { type: text }");
    let after = after.replace("check:  { human: clerk,", "check:  { human: lead, writes: [color], reads: [size],");
    let found = Difference::between(&read(BEFORE), &read(&after));
    let said: Vec<_> =
        found.fields.iter().map(|field| (field.field.as_str(), field.fate, field.filled_in_by.join(","))).collect();
    assert_eq!(said, [("size", Fate::Changed, String::new()), ("color", Fate::Added, "lead".to_owned())]);
    assert_eq!(found.fields[0].read_by, ["lead"]);
}
