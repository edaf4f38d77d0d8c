//! What the rules say of a definition, which of it is waived, and how much of what nobody asks it answers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::diagnostic::Code;
use grieta_core::{Plan, Process};
use grieta_verifier::{Limits, Verdict, Verification, verify};

const DESK: &str = r#"
process: desk
version: 1.0.0
start: call
roles: { agent: { people: 2 } }
data: { phone: { type: text, required: true } }
steps:
  call:
    human: agent
    reads: [phone]
    outcomes: { reached: ask, no-answer: done }
    cracks:
      away:  { on: unavailable, after: 4 h, do: reallocate }
      full:  { on: failure, do: { retry: { after: 4 h, at-most: 3 } }, then: done }
      other: { on: external, answers: wrong-person, do: continue }
  ask: { service: {}, next: done }
  done: { end: {} }
"#;

fn verified(file: &str) -> Verification {
    let process = Process::read("desk.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    verify(&Plan::new(Arc::new(process)).unwrap(), &Limits::default())
}

fn open(found: &Verification) -> Vec<(&str, Vec<&str>)> {
    let keys = |open: &grieta_verifier::Open| open.questions.iter().map(|question| question.key()).collect();
    found.coverage.open.iter().map(|open| (open.step.as_str(), keys(open))).collect()
}

fn codes(found: &Verification) -> Vec<Code> {
    found.problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn triggers_names_outcomes_and_answers_settle_questions() {
    let found = verified(DESK);
    assert_eq!(found.soundness.verdict, Verdict::Sound);
    assert_eq!(
        open(&found),
        [("call", vec!["missing-data"]), ("ask", vec!["no-answer", "full", "system-down", "twice"])]
    );
    assert_eq!((found.coverage.asked, found.coverage.answered, found.coverage.waived), (9, 4, 0));
}

#[test]
fn a_crack_without_a_response_settles_nothing() {
    let found = verified(&DESK.replace("do: continue", "interrupts: false"));
    assert_eq!(open(&found)[0], ("call", vec!["missing-data", "wrong-person"]));
}

#[test]
fn cracks_around_a_step_settle_its_questions_too() {
    let around = "cracks:\n  too-long: { on: deadline, after: 5 d, do: cancel-case }\nsteps:";
    let found = verified(&DESK.replace("steps:", around));
    assert_eq!(open(&found)[1], ("ask", vec!["full", "system-down", "twice"]));
}

#[test]
fn some_questions_or_all_are_waived_at_a_step_or_everywhere() {
    let some = "allow: [{ code: open-question, of: [full, twice], reason: r }]\nsteps:";
    let found = verified(&DESK.replace("steps:", some));
    assert_eq!(open(&found)[1], ("ask", vec!["no-answer", "system-down"]));
    assert_eq!(found.coverage.waived, 2);
    let all = "ask: { service: {}, allow: [{ code: open-question, reason: r }], next: done }";
    let found = verified(&DESK.replace("ask: { service: {}, next: done }", all));
    assert_eq!(open(&found), [("call", vec!["missing-data"])]);
    assert_eq!((found.coverage.waived, found.coverage.share()), (4, 8.0 / 9.0));
}

#[test]
fn a_waiver_of_a_step_hides_nothing_elsewhere() {
    let lost = "{ on: failure }";
    let both = DESK.replace("{ on: failure, do: { retry: { after: 4 h, at-most: 3 } }, then: done }", lost);
    let both = both.replace(
        "ask: { service: {}, next: done }",
        "ask: { service: {}, next: done, cracks: { down: { on: failure } } }",
    );
    let found = verified(&both);
    assert_eq!(codes(&found).iter().filter(|code| **code == Code::UnansweredCrack).count(), 2);
    assert_eq!(found.soundness.verdict, Verdict::Unsound);
    let waived = both.replace("  ask: {", "  ask: { allow: [{ code: unanswered-crack, reason: r }],");
    let found = verified(&waived);
    let left: Vec<_> = found.problems.iter().filter(|problem| problem.code == Code::UnansweredCrack).collect();
    assert_eq!((left.len(), left[0].path.step(), found.waived.len()), (1, Some("call"), 1));
    // What is waived is not proved away.
    assert_eq!(found.soundness.verdict, Verdict::Unsound);
}

#[test]
fn the_gravest_comes_first_and_is_told_as_a_story() {
    let lost = DESK.replace("ask: { service: {}, next: done }", "ask: { fork: [one, two] }\n  one: { human: agent, next: both }\n  two: { human: agent, outcomes: { yes: both, no: done } }\n  both: { join: all, next: done }");
    let found = verified(&lost);
    let severities: Vec<_> = found.problems.iter().map(|problem| problem.severity).collect();
    assert!(severities.is_sorted());
    let stuck = &found.problems[0];
    assert_eq!(stuck.code, Code::Stuck);
    assert_eq!(stuck.story.first().unwrap(), "the case began");
    assert!(stuck.story.iter().any(|line| line == "`two` was completed: no"), "{:?}", stuck.story);
}

#[test]
fn what_a_choice_is_known_to_take_needs_no_otherwise() {
    let choose = "ask: { choose: [{ when: phone == \"1\", to: done }, { when: phone != \"1\", to: done }] }";
    let found = verified(&DESK.replace("ask: { service: {}, next: done }", choose));
    assert!(!codes(&found).contains(&Code::MissingOtherwise), "{:?}", codes(&found));
    let gap = choose.replace("!= \"1\"", "== \"2\"");
    assert!(codes(&verified(&DESK.replace("ask: { service: {}, next: done }", &gap))).contains(&Code::Gap));
}

#[test]
fn a_message_is_known_by_data_that_are_left_open() {
    let receive = "ask: { receive: { message: paid, key: phone }, next: done }";
    let found = verified(&DESK.replace("ask: { service: {}, next: done }", receive));
    assert_eq!(found.soundness.verdict, Verdict::Sound, "{:?}", found.soundness.troubles);
}

#[test]
fn two_cracks_that_nobody_answers_are_two_findings() {
    let two = "{ down: { on: failure }, gone: { on: external, interrupts: true } }";
    let ask = format!("ask: {{ service: {{}}, next: done, cracks: {two} }}");
    let found = verified(&DESK.replace("ask: { service: {}, next: done }", &ask));
    assert_eq!(codes(&found).iter().filter(|code| **code == Code::UnansweredCrack).count(), 2);
}

#[test]
fn what_data_decide_is_no_part_of_a_story() {
    let choose = "ask: { choose: [{ when: phone == \"1\", sets: { phone: \"'2'\" }, to: stop }, { otherwise: done }] }\n  stop: { service: {}, next: done, cracks: { down: { on: failure } } }";
    let found = verified(&DESK.replace("ask: { service: {}, next: done }", choose).replace("'2'", "\\\"2\\\""));
    let crack = found.problems.iter().find(|problem| problem.code == Code::UnansweredCrack).unwrap();
    assert!(!crack.story.iter().any(|line| line.contains("phone")), "{:?}", crack.story);
}

/// The warnings of the data flow of a definition that begins with `steps` and has a field `f`.
fn flow(steps: &str) -> Vec<String> {
    let file = format!(
        "process: p\nversion: 1.0.0\nstart: a\nroles: {{ r: {{ people: 2 }} }}\ndata: {{ f: {{ type: integer }} }}\nsteps:\n{steps}  end: {{ end: {{}} }}\n"
    );
    let found = verified(&file);
    let of_flow = [Code::ReadBeforeWritten, Code::WrittenTwice];
    found
        .problems
        .into_iter()
        .filter(|problem| of_flow.contains(&problem.code))
        .map(|problem| problem.message)
        .collect()
}

#[test]
fn what_is_written_inside_a_step_is_known_behind_it() {
    let inside = "  a: { subprocess: [b, x], next: d }\n  b: { human: r, writes: [f], next: x }\n  x: { end: {} }\n  d: { human: r, reads: [f], next: end }\n";
    assert!(flow(inside).is_empty(), "{:?}", flow(inside));
    let beside = inside
        .replace(
            "b: { human: r, writes: [f], next: x }",
            "b: { human: r, outcomes: { yes: c, no: x } }\n  c: { human: r, writes: [f], next: x }",
        )
        .replace("[b, x]", "[b, c, x]");
    assert_eq!(flow(&beside), ["`d` may read `f` before anything has written it"]);
}

#[test]
fn what_a_step_sets_itself_comes_too_late_for_it() {
    assert_eq!(flow("  a: { assign: { f: f + 1 }, next: end }\n"), ["`a` may read `f` before anything has written it"]);
    assert!(flow("  a: { human: r, reads: [f], writes: [f], next: end }\n").is_empty());
    assert!(flow("  a: { human: r, writes: [f], sets: { f: f + 1 }, next: end }\n").is_empty());
}

#[test]
fn what_is_done_otherwise_is_done_alone() {
    let some = "  a: { some: [{ when: has(f), to: b }, { otherwise: c }] }\n  b: { human: r, writes: [f], next: end }\n  c: { human: r, writes: [f], next: end }\n";
    assert!(flow(some).is_empty(), "{:?}", flow(some));
    let fork = some.replace("some: [{ when: has(f), to: b }, { otherwise: c }]", "fork: [b, c]");
    assert_eq!(flow(&fork), ["`b` and `c` both write `f`, and go on at the same time after `a`"]);
}
