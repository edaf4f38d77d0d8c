//! `grieta review` and `grieta diff` as programs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use support::{Desk, template};

const FILE: &str = "\
# Calls, and who answers them
process: desk
version: 1.0.0   # the first
start: call
roles:
  sdr:  { people: 2 }
  lead: { people: 1 }   # one is enough
data: { phone: { type: text, required: true } }
steps:
  call:
    human: { role: sdr, takes: 6 min }
    name: Call the lead
    why: A lead nobody calls is a lead lost.
    reads: [phone]
    outcomes: { reached: done, no-answer: lost }
    cracks: { absent: { on: unavailable, after: 1 h, do: { reallocate: lead } } }
  done: { end: {} }
  lost: { end: {} }
notes:
  - { step: call, by: ben, date: 2026-11-20, says: Nobody answers before ten }
";

#[test]
fn a_role_signs_and_a_change_voids_it() {
    let desk = Desk::new();
    desk.file("desk.yaml", FILE);
    let run = desk.run(&["review", "desk.yaml"]).expect(0);
    assert!(run.out.contains("call, ben on 2026-11-20: Nobody answers before ten"), "{}", run.out);
    // Nobody is asked to sign where there is no `sign-off`.
    let run = desk.run(&["check", "desk.yaml"]).expect(0);
    assert!(run.out.contains("advice[open-note]") && !run.out.contains("sign-off]"), "{}", run.out);

    desk.run(&["review", "desk.yaml", "--role", "sdr", "--sign", "ana", "--date", "2026-11-20"]).expect(0);
    let text = std::fs::read_to_string(desk.path("desk.yaml")).unwrap();
    let (before, line) = text.split_once("\nsign-off:\n").unwrap();
    assert_eq!(before, FILE);
    assert!(line.starts_with("  - { role: sdr, person: ana, date: 2026-11-20, hash: "), "{line}");
    let run = desk.run(&["check", "desk.yaml"]).expect(0);
    assert!(run.out.contains("advice[missing-sign-off]") && run.out.contains("`lead`"), "{}", run.out);
    assert!(!run.out.contains("void-sign-off"), "{}", run.out);

    desk.file("signed.yaml", &text);
    desk.file("desk.yaml", text.replace("no-answer: lost", "no-answer: lost, busy: call"));
    let run = desk.run(&["check", "desk.yaml", "--deny", "warnings"]).expect(1);
    assert!(run.out.contains("warning[void-sign-off]: `sdr` signed on 2026-11-20"), "{}", run.out);
    let run = desk.run(&["review", "desk.yaml", "--since", "signed.yaml"]).expect(0);
    assert!(
        run.out.contains("sdr: void since 1 change\n  steps.call.outcomes.busy: nothing → `Call the lead`\n"),
        "{}",
        run.out
    );
    let json = desk.run(&["review", "desk.yaml", "--format", "json"]).expect(0).json();
    assert_eq!((&json[0]["state"], &json[1]["state"]), (&"void".into(), &"missing".into()));

    // Who signs again signs in the same place; who signs besides comes first.
    desk.run(&["review", "desk.yaml", "--role", "sdr", "--sign", "ana", "--date", "2026-11-23"]).expect(0);
    desk.run(&["review", "desk.yaml", "--role", "lead", "--sign", "eva", "--date", "2026-11-24"]).expect(0);
    let text = std::fs::read_to_string(desk.path("desk.yaml")).unwrap();
    let lines: Vec<&str> = text.split_once("\nsign-off:\n").unwrap().1.lines().map(|line| &line[..30]).collect();
    assert_eq!(lines, ["  - { role: lead, person: eva,", "  - { role: sdr, person: ana, "]);
    assert!(text.contains("date: 2026-11-23") && !text.contains("2026-11-20, hash"), "{text}");
    let run = desk.run(&["check", "desk.yaml", "--deny", "warnings"]).expect(0);
    assert!(!run.out.contains("sign-off]"), "{}", run.out);
}

#[test]
fn a_signature_does_not_change_what_cases_are_pinned_to() {
    let desk = Desk::new();
    desk.file(
        "desk.yaml",
        FILE.replace("notes:", "simulation: { arrivals: { per: hour, mean: 3 }, sample: { phone: { a: 1 } } }\nnotes:"),
    );
    let hash = |desk: &Desk| {
        let run = ["simulate", "desk.yaml", "--cases", "5", "--replications", "2", "--format", "json"];
        desk.run(&run).expect(0).json()["inputs"]["definition"].clone()
    };
    let before = hash(&desk);
    desk.run(&["review", "desk.yaml", "--role", "sdr", "--sign", "ana"]).expect(0);
    assert_eq!(hash(&desk), before);
}

#[test]
fn where_a_file_cannot_be_signed_the_line_is_printed() {
    let desk = Desk::new();
    let run =
        desk.run_with(&["review", "-", "--role", "sdr", "--sign", "ana", "--date", "2026-11-20"], FILE.as_bytes());
    let run = run.expect(0);
    assert!(run.out.contains("\n  - { role: sdr, person: ana, date: 2026-11-20, hash: "), "{}", run.out);
    let run = desk.run_with(&["review", "-", "--role", "sdrs"], FILE.as_bytes()).expect(2);
    assert!(run.err.contains("there is no role `sdrs`; did you mean `sdr`?"), "{}", run.err);
}

#[test]
fn the_page_of_a_role_holds_its_steps_and_the_line_to_sign() {
    let desk = Desk::new();
    desk.file("desk.yaml", FILE);
    let run = desk.run(&["review", "desk.yaml", "--role", "lead"]).expect(0);
    for part in [
        "# What `lead` does",
        "Work of `sdr`",
        "What if the data you need are missing?",
        "Nobody answers before ten",
        "- { role: lead,",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
}

#[test]
fn a_redesign_is_told_to_people_programs_and_as_a_drawing() {
    let desk = Desk::new();
    desk.file("as-is.yaml", template("telephone-reception/as-is.yaml"));
    desk.file("to-be.yaml", template("telephone-reception/to-be.yaml"));
    let pair = ["diff", "as-is.yaml", "to-be.yaml", "--cases", "200", "--replications", "2"];
    let run = desk.run(&pair).expect(0);
    for part in ["+ skill-directory", "− wrong-desk", "Hours of work a week", "Role second-desk"] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    let json = desk.run(&[&pair[..], &["--format", "json"]].concat()).expect(0).json();
    assert_eq!(json["hours"]["per"], "week");
    assert!(json["steps"].as_array().unwrap().iter().any(|step| step["fate"] == "added"));
    let run = desk.run(&["diff", "as-is.yaml", "to-be.yaml", "--format", "mermaid"]).expect(0);
    assert!(run.out.starts_with("flowchart TD\n") && run.out.contains("  class "), "{}", run.out);
    desk.file("desk.yaml", FILE);
    let run = desk.run(&["diff", "desk.yaml", "desk.yaml"]).expect(0);
    assert_eq!(run.out, "Nothing differs.\n");
    desk.file("moved.yaml", FILE.replace("role: sdr", "role: lead").replace("reallocate: lead", "reallocate: sdr"));
    let run = desk.run(&["diff", "desk.yaml", "moved.yaml"]).expect(0);
    assert!(run.out.contains("not simulated: desk.yaml: "), "{}", run.out);
    assert!(run.out.contains("→ call, Call the lead: sdr → lead"), "{}", run.out);
}
