//! `grieta check`: exit codes, the shape of its JSON, and files that are no definitions.

mod support;

use support::{Desk, GOOD, template};

const SOUND: &str = "sound: every case can end";

#[test]
fn a_good_file_has_nothing_but_advice() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    let run = desk.run(&["check", "desk.yaml"]).expect(0);
    assert!(run.out.contains("advice[open-question]: desk.yaml:"), "{}", run.out);
    assert!(!run.out.contains("warning") && run.out.contains(SOUND), "{}", run.out);
    let run = desk.run_with(&["check", "-"], GOOD.as_bytes()).expect(0);
    assert!(run.out.contains("\nstandard input: ") && run.out.contains(SOUND), "{}", run.out);
}

#[test]
fn warnings_are_findings_only_where_they_are_denied() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD.replace("steps:\n", "data: { idle: { type: text } }\nsteps:\n"));
    let run = desk.run(&["check", "desk.yaml"]).expect(0);
    assert!(run.out.contains("warning[unused-field]"), "{}", run.out);
    assert!(run.out.contains("\ndesk.yaml: 1 warning, "), "{}", run.out);
    desk.run(&["check", "desk.yaml", "--deny", "warnings"]).expect(1);
    desk.file("good.yaml", GOOD);
    desk.run(&["check", "good.yaml", "--deny", "warnings"]).expect(0);
    desk.run(&["check", "good.yaml", "--deny", "advice"]).expect(1);
}

const STRANDED: &str = "\
process: order
version: 1.0.0
start: split
roles: { clerk: { people: 2 } }
steps:
  split: { fork: [pack, bill] }
  pack: { human: clerk, next: both }
  bill: { human: clerk, outcomes: { paid: both, refused: withdrawn } }
  both: { join: all, next: sent }
  sent: { end: {} }
  withdrawn: { end: {} }
";

#[test]
fn a_case_that_gets_stuck_is_told_to_people_and_programs() {
    let desk = Desk::new();
    desk.file("order.yaml", STRANDED);
    let run = desk.run(&["check", "order.yaml"]).expect(1);
    for part in ["error[stuck]", "`bill` was completed: refused", "; not sound; "] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    let json = desk.run(&["check", "order.yaml", "--format", "json"]).expect(1).json();
    assert_eq!(json["sound"], false);
    let stuck = &json["problems"][0];
    assert_eq!((&stuck["code"], &stuck["step"]), (&"stuck".into(), &"both".into()));
    assert_eq!(stuck["trace"].as_array().unwrap().last().unwrap(), "`withdrawn` was reached");
    let process = &json["processes"][0];
    assert!(process["states"].as_u64().unwrap() > 5 && process["elapsed_ms"].as_f64().unwrap() > 0.0, "{process}");
    assert_eq!(process["crack_coverage"]["asked"], 8, "{process}");
}

#[test]
fn a_limit_that_is_hit_proves_nothing() {
    let desk = Desk::new();
    desk.file("order.yaml", STRANDED.replace("refused: withdrawn", "refused: sent"));
    let json = desk.run(&["check", "order.yaml", "--states", "2", "--format", "json"]).expect(0).json();
    assert_eq!(json["sound"], "unknown");
    assert_eq!(json["problems"][0]["code"], "too-large-to-prove");
}

#[test]
fn what_is_waived_is_counted_and_not_told() {
    let desk = Desk::new();
    let allow = "bill:\n    allow: [{ code: open-question, reason: Not today }]\n    human: clerk\n    outcomes: { paid: both, refused: withdrawn }";
    let waived = STRANDED.replace("bill: { human: clerk, outcomes: { paid: both, refused: withdrawn } }", allow);
    desk.file("order.yaml", waived.replace("start:", "allow: [{ code: stuck, reason: So it is }]\nstart:"));
    let run = desk.run(&["check", "order.yaml"]).expect(0);
    assert!(!run.out.contains("[stuck]") && !run.out.contains("`bill` says nothing"), "{}", run.out);
    assert!(
        run.out.contains(
            "1 waived; not sound; 50 % of its questions settled, 50 % by waivers (0 of 8 answered, 4 waived)"
        ),
        "{}",
        run.out
    );
}

#[test]
fn a_loop_without_an_end_is_told_as_a_story() {
    let desk = Desk::new();
    desk.file("order.yaml", STRANDED.replace("sent: { end: {} }", "sent: { wait: 1 d, next: both }"));
    let run = desk.run(&["check", "order.yaml"]).expect(1);
    for part in ["error[no-end]", "error[stuck]", "story"] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
}

const MODEL: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
  <process id="order">
    <startEvent id="s"/>
    <exclusiveGateway id="x"/>
    <userTask id="pack" name="Pack it"/>
    <userTask id="bill" name="Bill it"/>
    <parallelGateway id="both"/>
    <endEvent id="e"/>
    <sequenceFlow id="f0" sourceRef="s" targetRef="x"/>
    <sequenceFlow id="f1" sourceRef="x" targetRef="pack"/>
    <sequenceFlow id="f2" sourceRef="x" targetRef="bill"/>
    <sequenceFlow id="f3" sourceRef="pack" targetRef="both"/>
    <sequenceFlow id="f4" sourceRef="bill" targetRef="both"/>
    <sequenceFlow id="f5" sourceRef="both" targetRef="e"/>
  </process>
</definitions>
"#;

#[test]
fn a_bpmn_model_is_checked_as_a_definition_is() {
    let desk = Desk::new();
    desk.file("order.bpmn", MODEL);
    let run = desk.run(&["check", "order.bpmn"]).expect(1);
    for part in ["error[stuck]", "order.bpmn:7:", "not every branch that `both` waits for begins"] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    desk.file("sound.xml", MODEL.replace("parallelGateway", "exclusiveGateway"));
    assert!(desk.run(&["check", "sound.xml"]).expect(0).out.contains(SOUND));
    let refused = MODEL.replace("<userTask id=\"bill\"", "<adHocSubProcess id=\"bill\"");
    let run = desk.run_with(&["check", "-"], refused.as_bytes()).expect(1);
    assert!(run.out.contains("error[unsupported-element]"), "{}", run.out);
}

#[test]
fn eight_mistakes_are_eight_problems_with_their_places() {
    let desk = Desk::new();
    desk.file(
        "desk.yaml",
        "\
process: Desk
version: 1.0.0
start: anwser
roles: { agent: { people: 1 }, boss: { people: 0 } }
steps:
  answer:
    human: { role: agnet, takes: lots }
    outcomes:
      good: { chance: 60%, to: done }
      bad: { chance: 60%, to: done }
  again: { wait: -1 h, next: done }
  decide: { human: boss, next: done }
  done: { end: {}, nxt: answer }
",
    );
    let json = desk.run(&["check", "desk.yaml", "--format", "json"]).expect(1).json();
    assert_eq!(json["sound"], "unknown");
    let problems = json["problems"].as_array().unwrap();
    let found: Vec<(&str, u64)> =
        problems.iter().map(|row| (row["code"].as_str().unwrap(), row["line"].as_u64().unwrap())).collect();
    for wanted in [
        ("invalid-name", 1),
        ("unknown-step", 3),
        ("empty-role", 4),
        ("unknown-role", 7),
        ("invalid-distribution", 7),
        ("chance-sum", 8),
        ("invalid-duration", 11),
        ("unknown-key", 13),
    ] {
        assert!(found.contains(&wanted), "{wanted:?} is not among {found:?}");
    }
    for row in problems {
        let mut keys: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["code", "column", "file", "help", "line", "message", "related", "severity", "step", "trace"]);
        assert_eq!(row["file"], "desk.yaml");
        assert!(row["column"].as_u64().unwrap() > 0);
    }
}

#[test]
fn what_is_related_is_told_to_programs_too() {
    let desk = Desk::new();
    desk.file("desk.yaml", "process: p\nversion: 1\nversion: 2\nstart: a\nsteps: { a: { end: {} } }\n");
    let json = desk.run(&["check", "desk.yaml", "--format", "json"]).expect(1).json();
    let related = &json["problems"][0]["related"];
    assert_eq!(related.to_string(), r#"[{"column":1,"label":"first here","line":2}]"#);
}

#[test]
fn several_files_end_with_one_hint_that_names_each_code_once() {
    let desk = Desk::new();
    desk.file("one.yaml", GOOD.replace("version:", "versoin:"));
    desk.file("two.yaml", "process: P\nversion: 1\nversoin: 2\nstart: b\nsteps: { a: { end: {} } }\n");
    let run = desk.run(&["check", "one.yaml", "two.yaml"]).expect(1);
    assert_eq!(run.out.matches("for more:").count(), 1, "{}", run.out);
    assert!(run.out.ends_with("\nfor more: grieta explain unknown-key invalid-name unknown-step\n"), "{}", run.out);
    assert!(!run.out.contains('\u{1b}'), "{}", run.out);
}

#[test]
fn every_code_is_explained() {
    use grieta_core::diagnostic::Code;
    let desk = Desk::new();
    let list = desk.run(&["explain"]).expect(0).out;
    assert_eq!(list.lines().count(), Code::ALL.len());
    let all: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let pages = desk.run(&[&["explain"], &all[..]].concat()).expect(0).out;
    for code in Code::ALL {
        assert!(list.lines().any(|line| line.starts_with(code.as_str()) && line.ends_with(code.summary())), "{code}");
        assert!(pages.contains(&format!("# `{code}`\n\n{}\n", code.summary())), "{code}");
    }
}

#[test]
fn a_code_that_there_is_not_is_refused_with_the_nearest() {
    let desk = Desk::new();
    let run = desk.run(&["explain", "unknown-stpe"]).expect(2);
    assert_eq!(run.err, "error: there is no code `unknown-stpe`; did you mean `unknown-step`?\n");
    let run = desk.run(&["explain", "E0308"]).expect(2);
    assert_eq!(run.err, "error: there is no code `E0308`; `grieta explain` lists those there are\n");
}

#[test]
fn files_that_are_no_definitions_are_refused_in_words() {
    let desk = Desk::new();
    let large = format!("{GOOD}# {}\n", "x".repeat(10 * 1024 * 1024));
    for (content, code) in [
        (large.into_bytes(), "too-large"),
        (Vec::new(), "empty"),
        (b"process: caf\xe9\n".to_vec(), "not-utf8"),
        (b"process: [\n".to_vec(), "not-yaml"),
    ] {
        desk.file("desk.yaml", content);
        let json = desk.run(&["check", "desk.yaml", "--format", "json"]).expect(1).json();
        assert_eq!(json["problems"][0]["code"], code);
        let run = desk.run(&["simulate", "desk.yaml"]).expect(1);
        assert!(run.err.contains(code) && run.out.is_empty(), "{}", run.err);
    }
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_checked() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    let run = desk.run(&["check", "missing.yaml", "desk.yaml"]).expect(2);
    assert!(run.err.contains("cannot read `missing.yaml`"), "{}", run.err);
    assert!(run.out.contains(SOUND), "{}", run.out);
    for command in ["simulate", "diagram"] {
        desk.run(&[command, "missing.yaml"]).expect(2);
    }
    desk.run(&["generate", "missing.yaml", "-n", "1"]).expect(2);
    desk.run(&["check", "."]).expect(2);
}

#[test]
fn a_command_that_makes_no_sense_is_refused() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    for arguments in [
        &["check"][..],
        &["paint", "desk.yaml"],
        &["simulate", "desk.yaml", "--cases", "many"],
        &["simulate", "desk.yaml", "--cases", "5", "--for", "1d"],
        &["simulate", "desk.yaml", "--for", "5 bd"],
        &["simulate", "desk.yaml", "--case", "5"],
        &["simulate", "desk.yaml", "--replications", "0"],
        &["simulate", "-", "--transactions", "-"],
        &["generate", "desk.yaml"],
    ] {
        let run = desk.run(arguments).expect(2);
        assert!(run.out.is_empty() && !run.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_diagram_is_a_flowchart() {
    let desk = Desk::new();
    desk.file("leads.yaml", template("lead-qualification/to-be.yaml"));
    let run = desk.run(&["diagram", "leads.yaml"]).expect(0);
    assert!(run.out.starts_with("flowchart TD\n"));
    assert!(run.out.contains("-.->|\"⚡ no-show\"| s_missed_again"), "{}", run.out);
}
