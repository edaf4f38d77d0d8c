//! `grieta check`: exit codes, the shape of its JSON, and files that are no definitions.

mod support;

use support::{Desk, GOOD, template};

#[test]
fn a_good_file_has_no_problems() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    let run = desk.run(&["check", "desk.yaml"]).expect(0);
    assert_eq!(run.out, "desk.yaml: no problems found; whether every case can end is not proved\n");
    assert_eq!(
        desk.run_with(&["check", "-"], GOOD.as_bytes()).expect(0).out,
        "standard input: no problems found; whether every case can end is not proved\n"
    );
}

#[test]
fn warnings_alone_are_no_findings() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD.replace("steps:\n", "data: { idle: { type: text } }\nsteps:\n"));
    let run = desk.run(&["check", "desk.yaml"]).expect(0);
    assert!(run.out.contains("warning[unused-field]"), "{}", run.out);
    let end = "desk.yaml: no errors, 1 warning\nfor more: grieta explain unused-field\n";
    assert!(run.out.ends_with(end), "{}", run.out);
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
    assert!(json["sound"].is_null());
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
        assert_eq!(keys, ["code", "column", "file", "help", "line", "message", "related", "severity", "step"]);
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
    assert!(run.out.contains("desk.yaml: no problems"), "{}", run.out);
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
