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

/// The warnings of the data flow of a definition that begins with `steps` and has the fields `f` and `g`.
fn flow(steps: &str) -> Vec<String> {
    flow_with("", steps)
}

/// The same with more at the top level.
fn flow_with(top: &str, steps: &str) -> Vec<String> {
    let file = format!(
        "process: p\nversion: 1.0.0\nstart: a\nroles: {{ r: {{ people: 2 }} }}\ndata: {{ f: {{ type: integer }}, g: {{ type: integer }} }}\n{top}steps:\n{steps}  end: {{ end: {{}} }}\n"
    );
    let found = verified(&file);
    let of_flow = [Code::ReadBeforeWritten, Code::WrittenTwice, Code::OutputMissing];
    found
        .problems
        .into_iter()
        .filter(|problem| of_flow.contains(&problem.code))
        .map(|problem| problem.message)
        .collect()
}

const NONE: [&str; 0] = [];
const D_TOO_EARLY: &str = "`d` may read `f` before anything has written it";

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

#[test]
fn a_join_knows_what_its_branches_have_written() {
    let steps = |rule: &str| {
        format!(
            "  a: {{ fork: [b, c] }}\n  b: {{ human: r, writes: [f], next: j }}\n  c: {{ human: r, next: j }}\n  \
             j: {{ join: {rule}, next: d }}\n  d: {{ human: r, reads: [f], next: end }}\n"
        )
    };
    for rule in ["all", "live", "{ first: 2 }", "{ threads: 2 }"] {
        assert_eq!(flow(&steps(rule)), NONE, "{rule}");
    }
    assert_eq!(flow(&steps("{ first: 1 }")), [D_TOO_EARLY]);
    // Of exclusive ways on from one step only one comes.
    let either = steps("all").replace(
        "b: { human: r, writes: [f], next: j }",
        "b: { human: r, outcomes: { yes: { to: j, sets: { f: 1 } }, no: j } }",
    );
    assert_eq!(flow(&either), [D_TOO_EARLY]);
}

#[test]
fn a_live_join_knows_what_surely_comes() {
    let steps = "  a: { fork: [b, c] }\n  b: { human: r, outcomes: { ok: x, ko: v } }\n  \
                 x: { human: r, writes: [f], next: j }\n  v: { human: r, writes: [f], next: j }\n  \
                 c: { human: r, next: j }\n  j: { join: live, next: d }\n  d: { human: r, reads: [f], next: end }\n";
    assert_eq!(flow(steps), NONE);
    assert_eq!(flow(&steps.replace("v: { human: r, writes: [f]", "v: { human: r")), [D_TOO_EARLY]);
    // What ends elsewhere has been written too, unless it goes on beside what is behind the join.
    let lost = "v: { human: r, next: z }\n  z: { human: r, writes: [f], next: end }";
    assert_eq!(flow(&steps.replace("v: { human: r, writes: [f], next: j }", lost)), [D_TOO_EARLY]);
    let some = "  a: { some: [{ when: has(g), to: b }, { otherwise: c }] }\n  b: { human: r, writes: [f], next: j }\n  \
                c: { human: r, next: j }\n  j: { join: live, next: d }\n  d: { human: r, reads: [f], next: end }\n";
    assert_eq!(flow(some), [D_TOO_EARLY]);
}

#[test]
fn what_parallel_paths_inside_a_step_write_is_known_behind_it() {
    let steps = "  a: { subprocess: [s, b, c, x, v], next: d }\n  s: { fork: [b, c] }\n  \
                 b: { human: r, writes: [f], next: x }\n  c: { human: r, next: v }\n  x: { end: {} }\n  \
                 v: { end: {} }\n  d: { human: r, reads: [f], next: end }\n";
    assert_eq!(flow(steps), NONE);
    assert_eq!(flow(&steps.replace("v: { end: {} }", "v: { end: { terminate: true } }")), [D_TOO_EARLY]);
    let race = steps.replace("s: { fork:", "s: { race:");
    assert_eq!(flow(&race), [D_TOO_EARLY]);
}

#[test]
fn what_a_guard_has_found_is_there_behind_it() {
    let steps = |guards: &str| {
        format!(
            "  a: {{ human: r, outcomes: {{ yes: w, no: b }} }}\n  w: {{ human: r, writes: [f, g], next: b }}\n  \
             b: {{ choose: [{guards}] }}\n  d: {{ human: r, reads: [f], next: end }}\n"
        )
    };
    for known in [
        "{ when: has(f), to: d }, { otherwise: end }",
        "{ when: \"!has(f)\", to: end }, { otherwise: d }",
        "{ when: \"has(f) && has(g)\", to: d }, { otherwise: end }",
        "{ when: \"!has(g) || !has(f)\", to: end }, { otherwise: d }",
        "{ when: \"has(f) ? f > 1 : false\", to: d }, { otherwise: end }",
        "{ when: \"!has(f)\", to: end }, { when: f > 1, to: d }, { otherwise: end }",
    ] {
        assert_eq!(flow(&steps(known)), NONE, "{known}");
    }
    for open in [
        "{ when: has(f), to: end }, { otherwise: d }",
        "{ when: \"has(f) || has(g)\", to: d }, { otherwise: end }",
        "{ when: has(g), to: d }, { otherwise: end }",
        "{ when: \"!has(g) && !has(f)\", to: end }, { otherwise: d }",
    ] {
        assert_eq!(flow(&steps(open)), [D_TOO_EARLY], "{open}");
    }
}

#[test]
fn a_rule_that_is_kept_and_a_loop_that_is_over_say_what_is_there() {
    let steps = |more: &str| {
        format!(
            "  a: {{ human: r, outcomes: {{ yes: w, no: b }} }}\n  w: {{ human: r, writes: [f], next: b }}\n  \
             b: {{ human: r, next: d{more} }}\n  d: {{ human: r, reads: [f], next: end }}\n"
        )
    };
    assert_eq!(flow(&steps("")), [D_TOO_EARLY]);
    assert_eq!(flow(&steps(", until: has(f)")), NONE);
    assert_eq!(flow(&steps(", while: \"!has(f)\"")), NONE);
    let rule = |more: &str| format!(", cracks: {{ missing: {{ on: constraint, when: \"!has(f)\", {more} }} }}");
    assert_eq!(flow(&steps(&rule("then: w"))), NONE);
    assert_eq!(flow(&steps(&rule("do: continue"))), [D_TOO_EARLY]);
}

#[test]
fn what_is_rolled_back_is_not_there_any_more() {
    let steps = "  a: { human: r, writes: [f], next: b }\n  b: { human: r, next: d, \
                 cracks: { wrong: { on: failure, recover: nothing, do: fail, then: d } } }\n  \
                 d: { human: r, reads: [f], next: end }\n";
    assert_eq!(flow(steps), NONE);
    assert_eq!(flow(&steps.replace("recover: nothing", "recover: roll-back")), [D_TOO_EARLY]);
}

#[test]
fn what_is_rolled_back_beside_a_reader_is_not_there_for_it() {
    let steps = "  a: { fork: [b, c] }\n  b: { human: r, next: end, \
                 cracks: { wrong: { on: failure, recover: nothing, do: fail, then: other } } }\n  \
                 c: { human: r, writes: [f], next: x }\n  x: { human: r, next: d }\n  d: { human: r, reads: [f], next: last }\n  \
                 last: { end: {} }\n  other: { end: {} }\n";
    assert_eq!(flow(steps), NONE);
    assert_eq!(flow(&steps.replace("recover: nothing", "recover: roll-back")), [D_TOO_EARLY]);
}

#[test]
fn who_only_reads_does_not_wait_for_every_order_of_what_goes_on_beside() {
    let branches = 0..12;
    let fields: String = branches.clone().map(|at| format!("f{at}: {{ type: text }}, ")).collect();
    let all = |name: &str| branches.clone().map(|at| format!("{name}{at}")).collect::<Vec<_>>().join(", ");
    let steps: String = branches
        .clone()
        .map(|at| {
            let other = (at + 1) % 12;
            format!(
                "  a{at}: {{ human: r, writes: [f{at}], outcomes: {{ ok: b{at}, again: a{at} }} }}\n  \
                 b{at}: {{ human: r, reads: [f{other}], outcomes: {{ ok: both, again: a{at} }} }}\n"
            )
        })
        .collect();
    let file = format!(
        "process: p\nversion: 1.0.0\nstart: split\nroles: {{ r: {{ people: 2 }} }}\ndata: {{ {fields} }}\nsteps:\n  \
         split: {{ fork: [{}] }}\n{steps}  both: {{ join: all, next: last }}\n  \
         last: {{ human: r, reads: [{}], next: end }}\n  end: {{ end: {{}} }}\n",
        all("a"),
        all("f")
    );
    let process = Process::read("desk.yaml", file.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let few = Limits { most_states: 200, ..Limits::default() };
    let found = verify(&Plan::new(Arc::new(process)).unwrap(), &few);
    let early = found.problems.iter().filter(|problem| problem.code == Code::ReadBeforeWritten);
    let early: Vec<String> = early.map(|problem| problem.path.to_string()).collect();
    let expected: Vec<String> = branches.map(|at| format!("steps.b{at}.reads[0]")).collect();
    assert_eq!(early, expected);
}

#[test]
fn whoever_undoes_a_step_sees_the_data_as_they_were_when_it_was_completed() {
    let steps = "  a: { human: r, undo: u, next: b }\n  b: { human: r, writes: [f], next: c }\n  \
                 c: { service: {}, next: end, cracks: { down: { on: failure, recover: compensate, do: fail, then: end } } }\n  \
                 u: { human: r, reads: [f], next: x }\n  x: { end: {} }\n";
    assert_eq!(flow(steps), ["`u` may read `f` before anything has written it"]);
    let later = steps.replace("undo: u, ", "").replace("b: { human: r, ", "b: { human: r, undo: u, ");
    assert_eq!(flow(&later), NONE);
}

#[test]
fn instances_write_as_far_as_there_are_any() {
    let steps = |times: &str| {
        format!(
            "  a: {{ for-each: {{ steps: [b, c, x], times: {times} }}, next: d }}\n  b: {{ human: r, writes: [f], next: c }}\n  \
             c: {{ human: r, reads: [f], next: x }}\n  x: {{ end: {{}} }}\n  d: {{ human: r, reads: [f], next: end }}\n"
        )
    };
    let early = |times: &str| flow(&steps(times)).iter().any(|message| message == D_TOO_EARLY);
    assert!(!early("1") && !early("2, one-by-one: true"));
    assert!(early("0") && early("\"has(g) ? g : 0\""));
    // Before enough have ended, one has.
    assert!(!early("2, enough: 1") && early("2, enough: 0"));
}

#[test]
fn what_a_crack_begins_beside_the_work_comes_before_or_after_what_that_writes() {
    let steps = |late: &str| {
        format!(
            "  a: {{ human: r, writes: [f], next: end, cracks: {{ late: {{ on: deadline, after: 1 h, {late} }} }} }}\n  \
             b: {{ human: r, writes: [g], next: d }}\n  d: {{ human: r, reads: [f], next: end }}\n"
        )
    };
    assert_eq!(flow(&steps("then: d")), [D_TOO_EARLY]);
    assert_eq!(flow(&steps("do: fail, then: b")), [D_TOO_EARLY]);
    let before = "  a: { human: r, writes: [f], next: b }\n  b: { human: r, next: end, \
                  cracks: { late: { on: deadline, after: 1 h, then: d } } }\n  d: { human: r, reads: [f], next: end }\n";
    assert_eq!(flow(before), NONE);
    // What it writes may not be there yet where the work has gone on.
    let beside = "  a: { human: r, next: d, cracks: { late: { on: deadline, after: 1 h, then: b } } }\n  \
                  b: { human: r, writes: [f], next: end }\n  d: { human: r, reads: [f], next: end }\n";
    assert_eq!(flow(beside), [D_TOO_EARLY]);
}

#[test]
fn a_loop_is_over_when_its_condition_says_so() {
    let steps = |again: &str| {
        format!(
            "  a: {{ human: r, writes: [g], next: b }}\n  b: {{ human: r, {again}, writes: [f], next: d }}\n  \
             d: {{ human: r, reads: [f], next: end }}\n"
        )
    };
    for known in ["while: \"!has(f)\"", "while: \"!has(f) || f < g\"", "until: has(f)", "until: g > 1"] {
        assert_eq!(flow(&steps(known)), NONE, "{known}");
    }
    for open in ["while: g > 1", "while: \"!has(f) && g > 1\"", "while: \"has(f) || g > 1\""] {
        assert_eq!(flow(&steps(open)), [D_TOO_EARLY], "{open}");
    }
    // Whether it asks for the value or only whether it is there is a matter of order.
    let itself = ["`b` may read `f` before anything has written it"];
    assert_eq!(flow(&steps("while: \"f < 3 || !has(f)\"")), itself);
    assert_eq!(flow(&steps("while: \"has(f) || f < g\"")), itself);
}

#[test]
fn what_is_drawn_but_cannot_happen_is_not_warned_of() {
    // Who comes first through the join takes the others along; it is always `c`, because `b` needs what is behind the join.
    let steps = "  a: { fork: [b, c] }\n  b: { human: r, only-while: z, next: j }\n  c: { human: r, writes: [f], next: j }\n  \
                 j: { join: { first: 1, then: cancel }, next: d }\n  d: { human: r, reads: [f], next: z }\n  \
                 z: { human: r, next: end }\n";
    assert_eq!(flow(steps), NONE);
    assert_eq!(flow(&steps.replace("only-while: z, ", "")), [D_TOO_EARLY]);
}

#[test]
fn a_day_that_a_step_waits_for_is_read_and_is_left_open_like_other_data() {
    let file = |first: &str| {
        format!(
            "process: p\nversion: 1.0.0\nstart: a\nroles: {{ r: {{ people: 2 }} }}\ndata: {{ day: {{ type: date }} }}\nsteps:\n  \
             a: {{ human: r, outcomes: {{ ok: {first}, known: w }} }}\n  w: {{ human: r, writes: [day], next: b }}\n  \
             b: {{ wait: {{ until: day }}, next: end }}\n  end: {{ end: {{}} }}\n"
        )
    };
    assert_eq!(verified(&file("w")).verdict, Verdict::Sound);
    assert!(!codes(&verified(&file("w"))).contains(&Code::ReadBeforeWritten));
    let early = verified(&file("b"));
    let early = early.problems.iter().find(|problem| problem.code == Code::ReadBeforeWritten).unwrap();
    assert_eq!(early.path.to_string(), "steps.b.wait.until");
}

#[test]
fn who_comes_too_early_is_told_as_a_story() {
    let file = "process: p\nversion: 1.0.0\nstart: a\nroles: { r: { people: 2 } }\ndata: { f: { type: integer } }\n\
                outputs: [f]\nsteps:\n  a: { human: r, outcomes: { yes: b, no: d } }\n  b: { human: r, writes: [f], next: d }\n  \
                d: { choose: [{ when: f > 1, to: end }, { otherwise: end }] }\n  end: { end: {} }\n";
    let found = verified(file);
    let early = found.problems.iter().find(|problem| problem.code == Code::ReadBeforeWritten).unwrap();
    assert_eq!(early.path.to_string(), "steps.d.choose[0].when");
    let story = ["the case began", "`a` was reached", "`a` was begun by `r`", "`a` was completed: no"];
    assert_eq!(&early.story[..4], story);
    assert!(early.story.iter().any(|line| line.contains("`d`")), "{:?}", early.story);
    // Who cannot go on without it does not end without it.
    assert!(!codes(&found).contains(&Code::OutputMissing));
    let found = verified(&file.replace("f > 1", "has(f)"));
    let missing = found.problems.iter().find(|problem| problem.code == Code::OutputMissing).unwrap();
    assert_eq!(missing.story.last().unwrap(), "the case ended");
}

#[test]
fn every_normal_end_has_the_outputs() {
    let check = |steps: &str, expected: &[&str]| assert_eq!(flow_with("outputs: [f]\n", steps), expected, "{steps}");
    let missing = "a case may end at `end` without the output `f`";
    check("  a: { human: r, outcomes: { yes: b, no: end } }\n  b: { human: r, writes: [f], next: end }\n", &[missing]);
    check("  a: { human: r, writes: [f], next: end }\n", &[]);
    check("  a: { human: r, next: end }\n", &[missing]);
    // An end that only a crack leads to is not normal.
    let given_up = "cracks: { down: { on: failure, do: fail, then: lost } } }\n  lost: { end: {} }\n";
    check(&format!("  a: {{ human: r, writes: [f], next: end, {given_up}"), &[]);
    check(
        "  a: { human: r, writes: [f], next: end, cracks: { down: { on: failure, do: fail, then: end } } }\n",
        &[missing],
    );
}

#[test]
fn outputs_may_come_from_another_branch() {
    let check = |steps: &str, expected: &[&str]| assert_eq!(flow_with("outputs: [f]\n", steps), expected, "{steps}");
    let fork = "  a: { fork: [b, c] }\n  b: { human: r, writes: [f], next: end }\n  c: { human: r, next: other }\n  other: { end: {} }\n";
    check(fork, &[]);
    let one = "a case may end at `other` without the output `f`";
    check(&fork.replace("other: { end: {} }", "other: { end: { terminate: true } }"), &[one]);
    check(&fork.replace("fork", "race"), &[one]);
    let joined = "  a: { fork: [b, c] }\n  b: { human: r, writes: [f], next: j }\n  c: { human: r, next: j }\n  \
                  j: { join: all, next: other }\n  other: { end: { terminate: true } }\n";
    check(joined, &[]);
    let inside = "  a: { subprocess: [b, x], next: end }\n  b: { human: r, writes: [f], next: x }\n  x: { end: {} }\n";
    check(inside, &[]);
}

#[test]
fn what_a_crack_begins_goes_on_beside_the_work() {
    let steps = "  a: { human: r, writes: [f], next: end, cracks: { late: { on: deadline, after: 1 h, then: b } } }\n  \
                 b: { human: r, writes: [f], next: other }\n  other: { end: {} }\n";
    let both = "`a` and `b` both write `f`, and go on at the same time when crack `late` has struck `a`";
    assert_eq!(flow(steps), [both]);
    assert_eq!(flow(&steps.replace("then: b", "then: b, do: fail")), NONE);
    // Behind the step it goes on as well, but not where both come.
    let behind = "  a: { human: r, next: c, cracks: { late: { on: deadline, after: 1 h, then: b } } }\n  \
                  b: { human: r, next: other }\n  c: { human: r, writes: [f], next: other }\n  \
                  other: { human: r, writes: [f], next: end }\n";
    assert_eq!(flow(behind), NONE);
    let process = "cracks: { late: { on: deadline, after: 1 h, then: b } }\n";
    let steps = "  a: { human: r, writes: [f], next: end }\n  b: { human: r, writes: [f], next: other }\n  other: { end: {} }\n";
    let both = "`a` and `b` both write `f`, and go on at the same time when crack `late` has struck";
    assert_eq!(flow_with(process, steps), [both]);
}

#[test]
fn instances_that_go_on_at_once_write_over_each_other() {
    let each = "  a: { for-each: { steps: [b, x], times: 3 }, next: end }\n  b: { human: r, writes: [f], next: x }\n  x: { end: {} }\n";
    let twice = "`b` writes `f` in every instance of `a`, and they go on at the same time";
    assert_eq!(flow(each), [twice]);
    assert_eq!(flow(&each.replace("times: 3", "times: 3, one-by-one: true")), NONE);
    assert_eq!(flow(&each.replace("times: 3", "times: 1")), NONE);
    assert_eq!(flow(&each.replace("times: 3", "times: 1, growing: true")), [twice]);
    let sets = |to: &str| flow(&each.replace("writes: [f]", &format!("reads: [g], sets: {{ f: \"{to}\" }}")));
    assert_eq!(sets("1"), NONE);
    assert_eq!(sets("has(g) ? g : 1"), [twice]);
    assert_eq!(sets("has(f) ? f + 1 : 1"), NONE);
}

#[test]
fn branches_that_only_add_to_what_is_there_do_not_disturb_each_other() {
    let fork = |sets: &str| {
        format!(
            "  a: {{ fork: [b, c] }}\n  b: {{ human: r, sets: {{ f: \"{sets}\" }}, next: end }}\n  c: {{ human: r, sets: {{ f: \"{sets}\" }}, next: end }}\n"
        )
    };
    assert_eq!(flow(&fork("has(f) ? f + 1 : 1")), NONE);
    assert_eq!(flow(&fork("1")), ["`b` and `c` both write `f`, and go on at the same time after `a`"]);
    // Behind where both come, nothing goes on at the same time; a way that ends elsewhere changes nothing.
    let steps = "  a: { fork: [b, c] }\n  b: { human: r, writes: [f], next: j }\n  \
                 c: { human: r, outcomes: { ok: j, no: end } }\n  j: { join: live, next: d }\n  \
                 d: { human: r, writes: [f], next: end }\n";
    assert_eq!(flow(steps), NONE);
}

/// The messages with a code about a file.
fn messages(code: Code, file: &str) -> Vec<String> {
    let found = verified(file).problems.into_iter().filter(|problem| problem.code == code);
    found.map(|problem| problem.message).collect()
}

/// What is said of a clock from `a` to `end`, with these steps.
fn late(clock: &str, steps: &str) -> Vec<String> {
    let start = if steps.contains("  first:") { "first" } else { "a" };
    let file = format!(
        "process: p\nversion: 1.0.0\nstart: {start}\ncalendar: office\n\
         calendars: {{ office: {{ week: {{ mon-fri: \"09:00-17:00\" }} }}, shop: {{ week: {{ mon-sat: \"08:00-20:00\" }} }} }}\n\
         roles: {{ r: {{ people: 2 }}, s: {{ people: 1, calendar: shop }} }}\n\
         clocks: {{ promise: {{ from: a, until: last, warn: 75%, {clock} }} }}\nsteps:\n{steps}\n  \
         last: {{ assign: {{}}, next: end }}\n  end: {{ end: {{}} }}\n"
    );
    messages(Code::LateClock, &file)
}

fn takes(least: &str) -> String {
    format!("and the quickest way takes {least} even if nobody ever waits")
}

#[test]
fn a_join_waits_for_the_longest_of_its_branches() {
    let steps = |rule: &str| {
        format!(
            "  a: {{ fork: [b, c] }}\n  b: {{ wait: 1 h, next: j }}\n  c: {{ wait: 5 h, next: j }}\n  j: {{ join: {rule}, next: last }}"
        )
    };
    assert_eq!(late("within: 4 h", &steps("all")), [format!("clock `promise` allows 4 h, {}", takes("5 h"))]);
    assert_eq!(late("within: 4 h", &steps("{ first: 2 }")).len(), 1);
    assert_eq!(late("within: 5 h", &steps("all")), NONE);
    assert_eq!(late("within: 4 h", &steps("{ first: 1 }")), NONE);
    assert_eq!(
        late("within: 30 min", &steps("{ first: 1 }")),
        [format!("clock `promise` allows 30 min, {}", takes("1 h"))]
    );
    // Who has come before the clock starts need not be waited for.
    let before = "  first: { fork: [a, c] }\n  a: { wait: 1 h, next: j }\n  c: { wait: 5 h, next: j }\n  \
                  j: { join: all, next: last }";
    assert_eq!(late("within: 90 min", before), NONE);
    assert_eq!(late("within: 30 min", before), [format!("clock `promise` allows 30 min, {}", takes("1 h"))]);
}

#[test]
fn business_time_is_compared_with_what_it_takes_at_least() {
    let wait = |time: &str| format!("  a: {{ wait: {time}, next: last }}");
    let note = ", where business time counts as the least that it can take";
    assert_eq!(late("within: 4 h", &wait("5 bh")), [format!("clock `promise` allows 4 h, {}{note}", takes("5 h"))]);
    assert_eq!(late("within: 4 h", &wait("1 bd")), [format!("clock `promise` allows 4 h, {}{note}", takes("8 h"))]);
    assert_eq!(late("within: 8 bh", &wait("2 bd")), [format!("clock `promise` allows 8 bh, {}", takes("16 bh"))]);
    // Elapsed time may pass at night, and the time of one calendar is not that of another.
    assert_eq!(late("within: 4 bh", &wait("20 h")), NONE);
    assert_eq!(late("within: 4 bh", "  a: { human: { role: s, takes: 9 bh }, next: last }"), NONE);
    assert_eq!(late("within: 4 bh, calendar: shop", "  a: { human: { role: s, takes: 9 bh }, next: last }").len(), 1);
}

const STORE: &str = r#"
process: order
version: 1.0.0
start: sell
roles:
  agent: { department: sales, people: 2 }
  packer: { department: store, people: 2 }
steps:
  sell: { human: agent, next: price }
  price: { assign: {}, next: pause }
  pause: { wait: 1 h, next: big }
  big: { choose: [{ otherwise: pack }] }
  pack: { human: packer, outcomes: { packed: done, missing: again } }
  again: { assign: {}, next: sell }
  done: { end: {} }
"#;

#[test]
fn work_is_handed_over_across_what_no_person_does() {
    let hand_offs = |file: &str| messages(Code::HandOff, file);
    let both = "`pack` of store takes over from `sell` of sales, and does not say what it needs to begin, or how soon it is taken";
    assert_eq!(hand_offs(STORE), [both]);
    let no_way_back = STORE.replace("again: { assign: {}, next: sell }", "again: { assign: {}, next: done }");
    assert_eq!(hand_offs(&no_way_back), [format!("{both}, or what makes it go back")]);
    // Two ways from one to the other are one hand-over; a third step in between has the work.
    let twice = STORE.replace("[{ otherwise: pack }]", "[{ when: \"true\", to: more }, { otherwise: pack }]");
    assert_eq!(hand_offs(&twice.replace("  done:", "  more: { service: {}, next: pack }\n  done:")), [both]);
    let between = STORE.replace("pause: { wait: 1 h, next: big }", "pause: { call: other, next: big }");
    assert_eq!(hand_offs(&between), NONE);
    let inside = STORE.replace("next: pause }", "next: box }\n  box: { subprocess: [tag, tagged], next: big }\n  tag: { human: agent, next: tagged }\n  tagged: { end: {} }");
    let inside = inside.replace("  pause: { wait: 1 h, next: big }\n", "");
    assert_eq!(hand_offs(&inside), [both.replace("`sell`", "`tag`")]);
}

#[test]
fn a_waiver_for_which_nothing_is_found_is_idle() {
    let check = |top: &str, at_ask: &str, expected: &[&str]| {
        let ask = format!("ask: {{ service: {{}}, allow: [{at_ask}], next: done }}");
        let file = DESK.replace("ask: { service: {}, next: done }", &ask);
        let file = file.replace("\nsteps:", &format!("\nallow: [{top}]\nsteps:"));
        let found: Vec<String> = verified(&file)
            .problems
            .iter()
            .filter(|problem| problem.code == Code::IdleWaiver)
            .map(|problem| problem.path.to_string())
            .collect();
        assert_eq!(found, expected, "{top} {at_ask}");
    };
    let waiver = |code: &str, of: &str| format!("{{ code: {code}, {of}reason: r }}");
    let (top, ask) = ("allow[0].code", "steps.ask.allow[0].code");
    check(&waiver("unowned", ""), &waiver("open-question", ""), &[]);
    check(&waiver("stuck", ""), "", &[top]);
    check("", &waiver("unowned", ""), &[ask]);
    // Of the questions those count that nobody answers.
    check("", &waiver("open-question", "of: [full], "), &[]);
    check("", &waiver("open-question", "of: [missing-data], "), &[ask]);
    check(&waiver("open-question", "of: [missing-data], "), "", &[]);
    check(&waiver("open-question", "of: [absent], "), "", &[top]);
    // Who waives idle waivers is asked like any other.
    check(&format!("{}, {}", waiver("stuck", ""), waiver("idle-waiver", "")), "", &[]);
    check(&waiver("idle-waiver", ""), "", &[top]);
}

#[test]
fn what_was_not_looked_into_is_no_reason_to_call_a_waiver_idle() {
    let file = DESK.replace("\nsteps:", "\nallow: [{ code: stuck, reason: r }]\nsteps:");
    let process = Process::read("desk.yaml", file.as_bytes()).unwrap();
    let limits = Limits { most_states: 2, ..Limits::default() };
    let found = verify(&Plan::new(Arc::new(process)).unwrap(), &limits);
    assert!(!codes(&found).contains(&Code::IdleWaiver));
}

#[test]
fn more_states_are_recommended_only_where_they_help() {
    let help = |limits: Limits| {
        let wide = "ask: { fork: [one, two, three, four] }\n  one: { service: {}, next: all }\n  two: { service: {}, next: all }\n  three: { service: {}, next: all }\n  four: { service: {}, next: all }\n  all: { join: all, next: done }";
        let file = DESK.replace("ask: { service: {}, next: done }", wide);
        let process = Process::read("desk.yaml", file.as_bytes()).unwrap();
        let found = verify(&Plan::new(Arc::new(process)).unwrap(), &limits);
        assert!(!found.soundness.complete);
        found.problems.into_iter().find(|problem| problem.code == Code::TooLargeToProve).unwrap().help.unwrap()
    };
    assert!(help(Limits { most_states: 2, ..Limits::default() }).contains("--states"));
    assert!(!help(Limits { most_tokens: 2, ..Limits::default() }).contains("--states"));
}

#[test]
fn a_step_that_is_done_while_something_holds_may_never_be_done() {
    let file = |again: &str| {
        format!(
            "process: p\nversion: 1.0.0\nstart: a\nroles: {{ r: {{ people: 1 }} }}\n\
             data: {{ v: {{ type: text }}, k: {{ type: integer, initial: 1 }} }}\nsteps:\n  \
             a: {{ human: r, {again}: k > 3, sets: {{ k: k + 1 }}, writes: [v], next: c }}\n  \
             c: {{ human: r, reads: [v], next: e }}\n  e: {{ end: {{}} }}\n"
        )
    };
    let early = |again: &str| codes(&verified(&file(again))).contains(&Code::ReadBeforeWritten);
    assert!(early("while") && !early("until"));
}

#[test]
fn only_what_adds_may_be_done_in_any_order() {
    let file = |one: &str, other: &str| {
        format!(
            "process: p\nversion: 1.0.0\nstart: f\ndata: {{ v: {{ type: integer, initial: 1 }} }}\nsteps:\n  f: {{ fork: [a, b] }}\n  \
             a: {{ service: {{}}, sets: {{ v: {one} }}, next: j }}\n  b: {{ service: {{}}, sets: {{ v: {other} }}, next: j }}\n  \
             j: {{ join: all, next: c }}\n  c: {{ choose: [{{ when: v > 3, to: e }}, {{ otherwise: e }}] }}\n  e: {{ end: {{}} }}\n"
        )
    };
    let twice = |one: &str, other: &str| codes(&verified(&file(one, other))).contains(&Code::WrittenTwice);
    assert!(!twice("v + 1", "v - 2") && !twice("v + 1", "2 + v"));
    assert!(twice("v + 1", "v * 2") && twice("v + 1", "3 - v") && twice("v + 1", "v + v"));
}

#[test]
fn what_nobody_does_and_nobody_answers_stops_a_case() {
    let file = |cracks: &str| {
        let text = "process: p\nversion: 1.0.0\nstart: approve\nroles: { manager: { people: 1 }, boss: { people: 1 } }\nsteps:\n  \
                    approve:\n    human: { role: manager, takes: 10 min }\n    next: done\n    cracks: { CRACKS }\n  done: { end: {} }\n";
        let found = verified(&text.replace("CRACKS", cracks));
        let stops = found.problems.iter().find(|problem| problem.code == Code::UnansweredCrack);
        (found.verdict, stops.map(|problem| problem.message.clone()))
    };
    let away = "away: { on: unavailable, after: 1 w, chance: 10%";
    let (verdict, message) = file(&format!("{away} }}"));
    assert_eq!(verdict, Verdict::Unsound);
    assert_eq!(
        message.as_deref(),
        Some("a case can stand still at `approve`: crack `away` means that nobody acts, and has no response")
    );
    for sound in [
        format!("{away}, do: continue }}"),
        "away: { on: unavailable, after: 1 w }".to_owned(),
        format!("{away} }}, gone: {{ on: deadline, after: 2 w, do: fail, then: done }}"),
        format!("{away} }}, other: {{ on: deadline, after: 2 w, do: {{ reallocate: boss }} }}"),
    ] {
        assert_eq!(file(&sound), (Verdict::Sound, None), "{sound}");
    }
    assert_eq!(file(&format!("{away} }}, other: {{ on: deadline, after: 2 w, do: reoffer }}")).0, Verdict::Unsound);
}

/// Whether a case can stand still at `ask`, where nobody acts by chance.
fn stands_still(rest: &str) -> bool {
    let file = format!(
        "process: p\nversion: 1.0.0\nstart: begin\nroles: {{ clerk: {{ people: 1 }}, boss: {{ people: 1 }} }}\nsteps:\n  {rest}\n  \
         done: {{ end: {{}} }}\n"
    );
    let found = verified(&file);
    let stops = found.problems.iter().find(|problem| problem.code == Code::UnansweredCrack);
    assert_eq!(found.verdict == Verdict::Unsound, stops.is_some(), "{:?}", found.problems);
    assert!(stops.is_none_or(|problem| !problem.story.is_empty()), "{stops:?}");
    stops.is_some()
}

#[test]
fn whether_a_case_stands_still_is_asked_of_all_that_can_happen_to_it() {
    const ASK: &str = "human: clerk, next: done, cracks: { away: { on: unavailable, after: 1 d, chance: 10% } }";
    let forked = |other: &str| {
        format!("begin: {{ fork: [ask, wait] }}\n  ask: {{ {ASK} }}\n  wait: {{ wait: 5 d, next: {other} }}")
    };
    // What goes on beside it ends all, or only itself.
    assert!(!stands_still(&format!("{}\n  out: {{ end: {{ terminate: true }} }}", forked("out"))));
    assert!(stands_still(&forked("done")));
    // What goes on beside it takes it away.
    assert!(!stands_still(&format!(
        "{}\n  stop: {{ cancel: [ask], next: gone }}\n  gone: {{ end: {{}} }}",
        forked("stop")
    )));
    // Another wins the race.
    assert!(!stands_still(&format!(
        "begin: {{ race: [ask, wait] }}\n  ask: {{ {ASK} }}\n  wait: {{ wait: 5 d, next: done }}"
    )));
    // It is inside a step that ends by time, or by chance alone.
    let inside = |crack: &str| {
        stands_still(&format!(
            "begin: {{ subprocess: [ask, inner], next: done, cracks: {{ late: {{ {crack}, do: fail, then: done }} }} }}\n  \
             ask: {{ {} }}\n  inner: {{ end: {{}} }}",
            ASK.replace("next: done", "next: inner")
        ))
    };
    assert!(!inside("on: deadline, after: 3 d"));
    assert!(inside("on: external, chance: 50%"));
    // Offered to the same again and again, or handed to somebody else.
    let handed = |response: &str| {
        stands_still(&format!(
            "begin: {{ {} }}",
            ASK.replace(
                "chance: 10% }",
                &format!("chance: 10% }}, late: {{ on: deadline, after: 2 d, do: {response} }}")
            )
        ))
    };
    assert!(handed("reoffer"));
    assert!(!handed("{ reallocate: boss }"));
}

#[test]
fn what_decides_who_comes_first_is_read() {
    let file = "process: p\nversion: 1.0.0\nstart: sort\nroles: { clerk: { people: 1, queue: { priority: 'tier == \"gold\"' } } }\n\
                data: { tier: { type: choice, of: [gold, tin] } }\nsteps:\n  sort: { human: clerk, writes: [tier], next: serve }\n  \
                serve: { human: clerk, next: done }\n  done: { end: {} }\n";
    assert!(!codes(&verified(file)).contains(&Code::NeverRead));
    let unread = file.replace("tier == \"gold\"", "1");
    assert_ne!(unread, file);
    assert!(codes(&verified(&unread)).contains(&Code::NeverRead));
}
