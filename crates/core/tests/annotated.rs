//! The drawn report: several spots of one line together, wide characters, tabs, the end of the file, line ends; bounded.

#![cfg(feature = "annotate")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use grieta_core::Process;
use grieta_core::diagnostic::{Colours, Problems};

fn problems(bytes: &[u8]) -> Problems {
    Process::read("shop.yaml", bytes).expect_err("there is a mistake in it")
}

/// A shop with these steps, and what is wrong with it.
fn drawn(steps: &str) -> String {
    let file = format!(
        "process: shop\nversion: 1.0.0\nstart: pick\nroles: {{ clerk: {{ people: 2 }} }}\ndata:\n  amount: {{ type: integer, initial: 0 }}\nsteps:\n{steps}  sent: {{ end: {{}} }}\n"
    );
    // A snapshot keeps no blanks at the ends of lines.
    let report = problems(file.as_bytes()).annotated(Colours::Never);
    report.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[test]
fn what_is_related_stands_under_the_problem() {
    insta::assert_snapshot!(drawn("  pick: { human: clerk, reads: [amount], next: pack }\n  pack:\n    human: clerk\n    next: sent\n    next: pick\n"), @r"
    error[duplicate-key]: the key `next` stands twice in one mapping
      --> shop.yaml:12:5
       |
    12 |     next: pick
       |     ^^^^
       |
      ::: shop.yaml:11:5
       |
    11 |     next: sent
       |     ---- first here
       |
       = help: a step has one successor; to go on in two ways at once, lead to a `fork`
    ");
    insta::assert_snapshot!(drawn("  pick: { human: clerk, until: amount > true, next: sent }\n"), @r"
    error[type-mismatch]: `>` cannot compare an integer with a boolean
     --> shop.yaml:8:32
      |
    8 |   pick: { human: clerk, until: amount > true, next: sent }
      |                                ^^^^^^^^^^^^^
      |
     ::: shop.yaml:6:19
      |
    6 |   amount: { type: integer, initial: 0 }
      |                   ------- `amount` is declared here
    ");
}

#[test]
fn several_spots_of_a_line_are_drawn_together() {
    insta::assert_snapshot!(drawn("  pick: { choose: [{ otherwise: sent }, { when: amount > 1, to: sent }] }\n"), @r"
    error[branch-after-otherwise]: a branch after `otherwise` is never taken
     --> shop.yaml:8:49
      |
    8 |   pick: { choose: [{ otherwise: sent }, { when: amount > 1, to: sent }] }
      |                                 ----            ^^^^^^^^^^
      |                                 |
      |                                 `otherwise` takes all that is left
      |
      = help: move `otherwise` to the end
    ");
    insta::assert_snapshot!(drawn("  pick: { human: clerk, next: sned, outcomes: { ok: snet, bad: sent } }\n"), @r"
    error[too-many-successors]: a step has either `next` or `outcomes`
     --> shop.yaml:8:25
      |
    8 |   pick: { human: clerk, next: sned, outcomes: { ok: snet, bad: sent } }
      |                         ^^^^        -------- `outcomes` stands here
      |
      = help: keep `outcomes` where the answer matters, and `next` where it does not

    error[unknown-step]: there is no step `snet`
     --> shop.yaml:8:53
      |
    8 |   pick: { human: clerk, next: sned, outcomes: { ok: snet, bad: sent } }
      |                                                     ^^^^
      |
      = help: did you mean `sent`?
    ");
}

#[test]
fn wide_characters_and_tabs_do_not_shift_the_marks() {
    insta::assert_snapshot!(drawn("  pick: { human: clerk, name: 注文の確認 🧺, reads: [amuont], next: sent }\n"), @r"
    error[unknown-field]: there is no data field `amuont`
     --> shop.yaml:8:48
      |
    8 |   pick: { human: clerk, name: 注文の確認 🧺, reads: [amuont], next: sent }
      |                                                      ^^^^^^
      |
      = help: did you mean `amount`?
    ");
    insta::assert_snapshot!(drawn("  pick: { human:\tclerk,\treads: [amount],\tnext:\tsnet }\n"), @r"
    error[unknown-step]: there is no step `snet`
     --> shop.yaml:8:48
      |
    8 |   pick: { human: clerk, reads: [amount], next: snet }
      |                                                ^^^^
      |
      = help: did you mean `sent`?
    ");
}

#[test]
fn a_long_line_is_cut_around_the_spot() {
    let many = "x,".repeat(5_000);
    insta::assert_snapshot!(drawn(&format!("  pick: {{ human: clerk, why: [{many}], nxet: sent, lock: [{many}] }}\n")), @r"
    error[wrong-type]: expected text, found a list
     --> shop.yaml:8:25
      |
    8 |   pick: { human: clerk, why: [x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,
      |                         ^^^
      |
      = help: write for example `why: A customer nobody calls is a customer lost`

    error[unknown-key]: a step has no key `nxet`
     --> shop.yaml:8:10034
      |
     :::
    8 | ,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,], nxet: sent, lock: [x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x
      |                                                             ^^^^
      |
      = help: did you mean `next`?

    error[wrong-type]: expected text, found a list
     --> shop.yaml:8:10046
      |
     :::
    8 | ,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,], nxet: sent, lock: [x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x
      |                                                             ^^^^
      |
      = help: write for example `lock: desk`
    ");
    let file = format!("process: shop\nversion: {}\nstrat: a\nsteps: {{ a: {{ end: {{}} }} }}", "x".repeat(3_000_000));
    assert!(problems(file.as_bytes()).annotated(Colours::Never).len() < 1_000);
    let file = format!(
        "process: shop\nversion: {} yes: no\nstart: a\nsteps: {{ a: {{ end: {{}} }} }}",
        "x: ".repeat(1_000_000)
    );
    let wrong = problems(file.as_bytes());
    assert!(wrong.annotated(Colours::Never).len() < 1_000 && wrong.to_string().len() < 1_000);
}

#[test]
fn nothing_of_the_file_commands_the_terminal() {
    let file = "process: shop\nversion: 1\nstart: \"a\\e[31m\\u202ered\"\nsteps: { a: { end: {} } }\n\u{202e}x: 1";
    let wrong = problems(file.as_bytes());
    for report in [wrong.annotated(Colours::Never), wrong.to_string()] {
        assert!(report.contains("there is no step `a [31m red`"), "{report}");
        assert!(!report.contains(['\u{1b}', '\u{202e}']), "{report:?}");
    }
}

#[test]
fn the_end_of_the_file_can_be_shown() {
    insta::assert_snapshot!(problems(b"process: shop\nsteps: {").annotated(Colours::Never), @r"
    error[not-yaml]: this `{` is never closed
     --> shop.yaml:2:8
      |
    2 | steps: {
      |        ^
      |
      = help: close it with `}`
    ");
    insta::assert_snapshot!(problems(b"").annotated(Colours::Never), @r"
    error[empty]: there is no process definition in this file
    --> shop.yaml:1:1
     = help: begin with `process: name`, `version: 1.0.0`, `start: step` and `steps:`
    ");
}

#[test]
fn marks_and_line_ends_of_other_systems_do_not_matter() {
    let file = "process: shop\nversion: 1.0.0\nstart: snet\nsteps:\n  sent: { end: {} }\n";
    let expected = problems(file.as_bytes()).annotated(Colours::Never);
    insta::assert_snapshot!(expected, @r"
    error[unknown-step]: there is no step `snet`
     --> shop.yaml:3:8
      |
    3 | start: snet
      |        ^^^^
      |
      = help: did you mean `sent`?
    ");
    for same in
        [format!("\u{feff}{file}"), file.replace('\n', "\r\n"), file.replace('\n', "\r"), file.replacen('\n', "\r", 2)]
    {
        assert_eq!(problems(same.as_bytes()).annotated(Colours::Never), expected, "{same:?}");
    }
}

#[test]
fn without_a_file_the_path_is_shown() {
    let definition = grieta_core::yaml::read(
        "",
        b"process: shop\nversion: 1\nstart: a\nsteps: { a: { assign: {}, next: b }, b: { end: {} } }",
    );
    let mut definition = definition.definition.unwrap();
    definition.steps["a"].next = Some("c".to_owned());
    insta::assert_snapshot!(Process::new(definition).unwrap_err().annotated(Colours::Never), @r"
    error[unknown-step]: there is no step `c`
    --> steps.a.next
     = help: there are `a`, `b`
    ");
}

#[test]
fn colours_are_only_added() {
    let wrong = problems(b"process: shop\nversion: 1\nstart: snet\nsteps: { sent: { end: {} } }");
    let (plain, coloured) = (wrong.annotated(Colours::Never), wrong.annotated(Colours::Ansi));
    assert!(!plain.contains('\u{1b}'));
    let mut stripped = String::new();
    for (position, part) in coloured.split('\u{1b}').enumerate() {
        stripped += if position == 0 { part } else { part.split_once('m').unwrap().1 };
    }
    assert_eq!(stripped, plain);
}
