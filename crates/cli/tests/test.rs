//! `grieta test`: what passes, what fails, what cannot be read, and what build servers read.

mod support;

use support::{Desk, GOOD, cracked};

const SCENARIOS: &str = "\
scenarios:
  it is answered:
    case: [{ step: answer, by: ana }, { expect: { status: completed } }]
  nobody <is> there:
    case: [{ after: 3 h }, { expect: { cracks: [], status: over } }]
";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    desk.file("desk.test.yaml", SCENARIOS);
    desk
}

#[test]
fn what_fails_is_shown_with_its_place() {
    let run = desk().run(&["test"]).expect(1);
    let begins = "desk.test.yaml\n  passed  it is answered\n  FAILED  nobody <is> there\n\nFAILED: nobody <is> there\n";
    assert!(run.out.starts_with(begins), "{}", run.out);
    let quoted =
        " --> desk.test.yaml:5:30\n  |\n5 |     case: [{ after: 3 h }, { expect: { cracks: [], status: over } }]\n";
    for part in
        [quoted, "  expected: the case to be over\n", "why it does not move:\n", "\n2 scenarios: 1 passed, 1 failed\n"]
    {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
}

#[test]
fn a_filter_leaves_others_out() {
    let run = desk().run(&["test", "desk.test.yaml", "--filter", "answered"]).expect(0);
    assert_eq!(run.out, "desk.test.yaml\n  passed  it is answered\n\n1 scenario: 1 passed\n");
    let run = desk().run(&["test", ".", "--filter", "nothing of the kind"]).expect(2);
    assert_eq!(run.err, "error: no scenario has `nothing of the kind` in its name\n");
}

#[test]
fn programs_and_build_servers_read_the_same() {
    let desk = desk();
    let json = desk.run(&["test", "--format", "json", "--junit", "junit.xml"]).expect(1).json();
    let failed = &json["files"][0]["scenarios"][1];
    assert_eq!(
        (&json["files"][0]["file"], &failed["passed"], &failed["line"]),
        (&"desk.test.yaml".into(), &false.into(), &5.into())
    );
    assert!(failed["message"].as_str().unwrap().contains("found: it at `answer`"), "{failed}");
    let xml = std::fs::read_to_string(desk.path("junit.xml")).unwrap();
    for part in [
        r#"<testsuite name="desk.test.yaml" tests="2" failures="1" errors="0">"#,
        r#"<testcase name="it is answered" classname="desk.test.yaml" file="desk.test.yaml" line="2"/>"#,
        r#"<testcase name="nobody &lt;is&gt; there""#,
        "<failure message=\"expected: the case to be over, found: it at `answer`\">",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
}

#[test]
fn what_cannot_be_read_does_not_keep_the_others_from_running() {
    let desk = desk();
    desk.file("a.test.yaml", "scenarios: { one: { cas: [] } }");
    desk.file("deeper/b.test.yaml", "scenarios: { one: { case: [] } }");
    let run = desk.run(&["test", ".", "--junit", "junit.xml"]).expect(2);
    assert!(run.out.contains("\n2 scenarios: 1 passed, 1 failed; 2 files could not be run\n"), "{}", run.out);
    assert!(run.err.contains("a.test.yaml:1:21") && run.err.contains("did you mean `case`?"), "{}", run.err);
    assert!(run.err.contains("cannot read `deeper/b.yaml`, which `deeper/b.test.yaml` tests"), "{}", run.err);
    let xml = std::fs::read_to_string(desk.path("junit.xml")).unwrap();
    assert!(xml.contains(r#"<testsuite name="a.test.yaml" tests="0" failures="0" errors="1">"#), "{xml}");
    let json = desk.run(&["test", ".", "--format", "json"]).expect(2).json();
    let why = json["files"][1]["unreadable"].as_str().unwrap();
    assert!(why.contains("cannot read `deeper/b.yaml`"), "{why}");
}

#[test]
fn a_folder_without_scenarios_is_probably_the_wrong_one() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    let run = desk.run(&["test"]).expect(2);
    assert_eq!(run.err, "error: there is no file here whose name ends in `.test.yaml`\n");
    desk.run(&["test", "nowhere"]).expect(2);
    let run = desk.run(&["test", "desk.yaml"]).expect(2);
    let why = "its scenarios are looked for in `desk.test.yaml`, which is not there";
    assert_eq!(run.err, format!("error: cannot read `desk.yaml`: {why}\n"));
    desk.file("desk.test.yaml", SCENARIOS);
    desk.run(&["test", "desk.yaml", "--filter", "answered"]).expect(0);
    desk.file("desk.yaml", "<definitions/>");
    let run = desk.run(&["test"]).expect(2);
    assert!(run.err.contains("scenarios test definitions in YAML"), "{}", run.err);
}

#[test]
fn what_falls_short_is_said() {
    let desk = Desk::new();
    desk.file("desk.yaml", cracked());
    desk.file("desk.test.yaml", SCENARIOS.split("  nobody").next().unwrap());
    let run = desk.run(&["test", "--min-coverage", "100%"]).expect(1);
    assert!(
        run.err.starts_with("`desk`: ") && run.err.ends_with(" elements are covered, less than 100%\n"),
        "{}",
        run.err
    );
    desk.run(&["test", "--min-coverage", "10%"]).expect(0);
    let run = desk.run(&["test", "--mutate", "--min-killed", "100%"]).expect(1);
    assert!(run.err.contains(" changes are noticed, less than 100%\n"), "{}", run.err);
    desk.file("desk.test.yaml", SCENARIOS);
    let run = desk.run(&["test", "--mutate"]).expect(1);
    assert_eq!(run.err, "the definitions were not changed, because there are scenarios that fail as it is\n");
}

#[test]
fn processes_that_are_started_are_looked_for_beside() {
    let desk = Desk::new();
    let caller = GOOD
        .replace("process: desk", "process: office")
        .replace("steps:\n", "steps:\n  other: { call: desk, next: answer }\n");
    desk.file("office.yaml", caller.replace("start: answer", "start: other"));
    let run = desk.run(&["test", "--generate", "office.yaml"]).expect(2);
    assert!(run.err.contains("expected a definition of `desk` in this folder"), "{}", run.err);
    desk.file("front.yaml", GOOD);
    desk.run(&["test", "--generate", "office.yaml"]).expect(0);
    let written = std::fs::read_to_string(desk.path("office.generated.test.yaml")).unwrap();
    assert!(written.starts_with("# Generated, and not confirmed") && written.contains("- front.yaml"), "{written}");
    desk.run(&["test"]).expect(0);
}
