//! What a process looks like as a drawing, and the page of what its tests cover.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;

use grieta_core::Process;
use grieta_report::{Covered, Mark, Missed, coverage, coverage_page, svg};

const DESK: &str = r#"
process: desk
version: 1.0.0
title: Help & <desk>
start: answer
roles: { agent: { people: 1 } }
data: { tries: { type: integer, initial: 0 } }
steps:
  answer:
    human: agent
    name: Answer the "first" call
    outcomes: { solved: solved, again: answer, hard: enough }
    cracks:
      hangs-up: { on: failure, do: { retry: { after: 10 min, at-most: 2 } }, then: given-up }
      wrong-desk: { on: external }
      no-voice: { on: failure, do: { skip: hard } }
  enough:
    choose:
      - { when: tries < 2 && tries != 1, to: repair }
      - { otherwise: given-up }
  repair: { subprocess: [look, looked], next: answer }
  look: { wait: 1 h, next: looked }
  looked: { end: {} }
  solved: { end: {} }
  given-up: { end: {} }
cracks:
  closed: { on: external, interrupts: true, then: given-up }
"#;

fn read(file: &str) -> Process {
    Process::read("desk.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn covered(process: &Process) -> Covered<'_> {
    let marks = [
        ("answer", Mark::Partly),
        ("answer/solved", Mark::Covered),
        ("answer/hard", Mark::Missed),
        ("answer!hangs-up", Mark::Covered),
        ("answer!hangs-up/then", Mark::Missed),
        ("answer!wrong-desk", Mark::Missed),
        ("solved", Mark::Covered),
        ("enough", Mark::Missed),
    ];
    let missed = Missed { kind: "outcome", name: "`hard` of `answer`".to_owned(), place: "desk.yaml:12:45".to_owned() };
    Covered {
        process,
        kinds: vec![("steps", 1, 4), ("outcomes", 1, 3), ("cracks", 1, 4), ("decision rules", 0, 0)],
        missed: vec![missed],
        cracks: vec!["`wrong-desk` at `answer`".to_owned()],
        marks: BTreeMap::from(marks),
        scenarios: vec![("it is solved <at once>".to_owned(), 3)],
    }
}

#[test]
fn a_process_is_drawn() {
    let process = read(DESK);
    let drawing = svg(&process, |id| (id == "answer/solved").then_some("marked"));
    insta::assert_snapshot!(drawing.replace("><", ">\n<"));
    assert_eq!(drawing.matches(" marked\"").count(), 1);
}

#[test]
fn every_part_of_a_process_is_asked_for_its_class() {
    let process = read(DESK);
    let asked = std::cell::RefCell::new(Vec::new());
    svg(&process, |id| {
        asked.borrow_mut().push(id.to_owned());
        None
    });
    let asked = asked.into_inner();
    for id in [
        "desk",
        "answer",
        "answer/again",
        "enough#1",
        "answer!hangs-up",
        "answer!hangs-up/then",
        "answer!no-voice/do",
        "desk!closed/then",
    ] {
        assert_eq!(asked.iter().filter(|asked| *asked == id).count(), 1, "{id} of {asked:?}");
    }
}

#[test]
fn nothing_that_is_written_in_a_definition_is_taken_for_markup() {
    let hostile = DESK
        .replace("Help & <desk>", "'</title></style><script>alert(1)</script>'")
        .replace("Answer the \"first\" call", "\"\\\"><img src=x onerror=alert(1)> \\0\\x1b \u{202e}\"");
    let process = read(&hostile);
    let page = coverage_page(&[covered(&process)]);
    for markup in ["<script", "<img", "\"><", "</title></style>", "\0", "\u{1b}"] {
        let ours = coverage_page(&[covered(&read(DESK))]).matches(markup).count();
        assert!(page.matches(markup).count() <= ours, "{markup} in {page}");
    }
    assert!(page.contains("&lt;script&gt;"));
}

#[test]
fn a_page_needs_nothing_from_elsewhere() {
    let process = read(DESK);
    let page = coverage_page(&[covered(&process)]);
    let links: Vec<&str> = page.split("http").skip(1).map(|link| &link[..20]).collect();
    assert_eq!(links, ["://www.w3.org/2000/s"], "only the name of SVG");
    assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("@import"));
    for part in [
        "class=\"step human partly\"",
        "class=\"link flow missed\"",
        "Cracks no test enters",
        "it is solved &lt;at once&gt;",
    ] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn coverage_is_told_as_text() {
    let process = read(DESK);
    insta::assert_snapshot!(coverage(&[covered(&process)]));
    let nothing = Covered { kinds: vec![], missed: vec![], cracks: vec![], ..covered(&process) };
    assert!(coverage(&[nothing]).ends_with("Cracks no test enters\n  none\n"));
}

#[test]
fn a_process_of_a_thousand_steps_is_drawn() {
    let step = |at: usize| {
        format!("  s{at}: {{ wait: {{ for: customer }}, outcomes: {{ on: s{}, back: s{} }} }}\n", at + 1, at / 2)
    };
    let steps: String = (0..1_000).map(step).collect();
    let process = read(&format!("process: long\nversion: 1\nstart: s0\nsteps:\n{steps}  s1000: {{ end: {{}} }}\n"));
    let drawing = svg(&process, |_| None);
    assert_eq!(drawing.matches("class=\"box\"").count(), 1_001);
    assert_eq!(drawing.matches("class=\"arrow\"").count(), 2_000);
}
