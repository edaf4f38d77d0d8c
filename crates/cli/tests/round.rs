//! `grieta round`: a journal beside a definition.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use support::{Desk, GOOD, cracked};

const QUICK: [&str; 6] = ["--cases", "500", "--replications", "4", "--date", "2026-11-20"];

fn round<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["round", "desk.yaml"], more].concat()
}

#[test]
fn a_round_is_kept_and_one_that_says_nothing_new_is_not() {
    let desk = Desk::new();
    desk.file("desk.yaml", cracked());
    let first = desk.run(&round(&QUICK)).expect(1).out;
    assert!(first.starts_with("desk, round 1 of 2026-11-20, version 1.0.0\n"), "{first}");
    let line = first.lines().find(|line| line.contains("dead-end/answer/unanswered")).unwrap();
    assert!(line.trim_start().starts_with("new"), "{first}");
    assert_eq!(std::fs::read_to_string(desk.path("desk.rounds/1.yaml")).unwrap(), cracked());

    let journal = std::fs::read(desk.path("desk.rounds.yaml")).unwrap();
    let again = desk.run(&round(&[])).expect(1).out;
    assert!(again.contains("Nothing has changed since."), "{again}");
    assert_eq!(std::fs::read(desk.path("desk.rounds.yaml")).unwrap(), journal);

    let accept = ["--accept", "dead-end/answer/unanswered", "--reason", "once in a blue moon"];
    let accepted = desk.run(&round(&accept)).expect(1).out;
    let said = accepted.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("once in a blue moon"), "{accepted}");

    // As many cases as in the round before, with another definition.
    desk.file("desk.yaml", GOOD);
    let found = desk.run(&round(&["--date", "2026-11-27", "--format", "json"])).json();
    assert_eq!(found["added"], true);
    assert_eq!(found["rounds"][1]["runs"]["cases"], 500);
    assert_eq!(found["rounds"][1]["changed"][0], "crack `hangs-up` of `answer` is gone");
    let history = &found["findings"]["dead-end/answer/unanswered"]["history"];
    assert_eq!(history.to_string(), r#"["open 1","accepted 1","fixed 2"]"#);
    assert_eq!(found["rounds"][1]["effect"]["share(stuck)"]["verdict"], "better");
    assert!(desk.path("desk.rounds/2.yaml").exists());
}

#[test]
fn a_definition_that_was_not_kept_as_it_was_is_not_compared_with() {
    let desk = Desk::new();
    desk.file("desk.yaml", cracked());
    desk.run(&round(&QUICK)).expect(1);
    desk.file("desk.rounds/1.yaml", GOOD.replace("8 min", "9 min"));
    desk.file("desk.yaml", GOOD);
    let second = desk.run(&round(&[]));
    assert!(second.err.contains("`desk.rounds/1.yaml` was changed since"), "{}", second.err);
    assert!(!second.out.contains("What it is worth"), "{}", second.out);
}

#[test]
fn what_makes_no_sense_is_refused_and_nothing_is_written() {
    let desk = Desk::new();
    desk.file("desk.yaml", GOOD);
    let told = |arguments: &[&str], part: &str| {
        let run = desk.run(&round(arguments));
        assert!(run.err.contains(part), "{part}\n{}", run.err);
        assert!(!desk.path("desk.rounds").exists());
    };
    told(&["--replications", "1"], "at least 2 replications");
    told(&["--wave", "calm"], "there is no wave `calm`");
    told(&["--accept", "x"], "--reason");
    told(&["--date", "tomorrow"], "tomorrow");
    told(&["--journal", "rounds"], "whose name ends in `.rounds.yaml`, found `rounds`");
    desk.file("desk.rounds.yaml", "rounds-of: other\n");
    told(&QUICK, "has the rounds of `other`, not of `desk`");
    desk.file("desk.rounds.yaml", "{ rounds-of: desk }\n");
    told(&QUICK, "write each of its keys at the beginning of a line");
    desk.file("desk.rounds.yaml", "rounds-of: desk\nwaves: { calm: { phase: soon } }\n");
    told(&QUICK, "expected one of `visualization`");
}

#[test]
fn the_scenarios_beside_it_are_run_and_what_people_wrote_stays() {
    let desk = Desk::new();
    desk.file("desk.yaml", cracked());
    desk.file(
        "desk.test.yaml",
        "scenarios:\n  answered:\n    case: [{ step: answer, by: ana, crack: hangs-up }, { expect: { ended-at: done } }]\n",
    );
    let waves = "# Ours.\nrounds-of: desk\nwaves:   # soon\n  calm: { scope: [answer], expects: share(stuck) <= 1%, phase: planning }\n";
    desk.file("desk.rounds.yaml", waves);
    let out = desk.run(&round(&[&QUICK[..], &["--wave", "calm"]].concat())).expect(1).out;
    assert!(out.contains("1 scenario run, 1 failed: answered"), "{out}");
    assert!(out.contains("scenario/answered"), "{out}");
    assert!(out.contains("calm, in planning: 0 of "), "{out}");
    assert!(out.contains("not met: share(stuck) <= 1%, "), "{out}");
    let journal = std::fs::read_to_string(desk.path("desk.rounds.yaml")).unwrap();
    assert!(journal.starts_with(waves), "{journal}");
    assert!(journal.contains("wave: calm"), "{journal}");
}
