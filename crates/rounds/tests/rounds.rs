//! What becomes of findings from round to round.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::sync::Arc;

use grieta_core::{Plan, Process};
use grieta_rounds::{AcceptError, Journal, LookError, Runs, State, Visit, look};
use grieta_testkit::{Stage, Suite};

const RUNS: Runs = Runs { cases: 500, replications: 4, seed: 7 };

/// A desk where so many callers hang up, and what is then; more steps may follow.
fn desk(chance: &str, answer: &str) -> Arc<Process> {
    let file = format!(
        r#"
process: desk
version: 1.0.0
start: answer
roles: {{ agent: {{ people: 1 }} }}
steps:
  answer:
    human: {{ role: agent, takes: exponential(8 min) }}
    next: file-it
    cracks: {{ hangs-up: {{ on: failure, chance: {chance}{answer} }} }}
  file-it: {{ service: {{ takes: 1 min }}, next: done }}
  done: {{ end: {{}} }}
  lost: {{ end: {{}} }}
goals:
  handled: {{ expect: share(done) >= 90%, by: 2027-06-30, owner: agent }}
simulation: {{ arrivals: {{ every: exponential(10 min) }} }}
"#
    );
    read(&file)
}

fn read(file: &str) -> Arc<Process> {
    Arc::new(Process::read("desk.yaml", file.as_bytes()).unwrap_or_else(|problems| unreachable!("{problems}")))
}

/// The journal of these versions, a round for each that is due.
fn rounds(versions: &[&Arc<Process>]) -> Journal {
    let mut journal = Journal::new("desk");
    for (position, process) in versions.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|before| versions.get(before));
        round(&mut journal, process, before.copied(), None).unwrap();
    }
    journal
}

fn round(
    journal: &mut Journal,
    process: &Arc<Process>,
    before: Option<&Arc<Process>>,
    scenarios: Option<(&Suite, &Stage)>,
) -> Result<(), LookError> {
    let stock = look(&Visit { process, before, scenarios, journal, runs: RUNS })?;
    journal.add(process, "2026-11-20".parse().unwrap(), None, RUNS, stock);
    Ok(())
}

fn history(journal: &Journal, id: &str) -> String {
    let finding = journal.findings.get(id).unwrap_or_else(|| unreachable!("{id}: {:?}", journal.findings.keys()));
    finding.history.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

const DEAD_END: &str = "dead-end/answer/unanswered";

#[test]
fn what_is_gone_is_fixed_and_what_returns_is_open_again() {
    let (open, fixed) = (desk("5%", ""), desk("5%", ", then: lost"));
    let journal = rounds(&[&open, &fixed, &open]);
    assert_eq!(history(&journal, DEAD_END), "open 1, fixed 2, open 3");
    assert_eq!(history(&journal, "unanswered-crack/answer/hangs-up"), "open 1, fixed 2, open 3");
    assert_eq!((journal.findings[DEAD_END].reopened(), journal.findings[DEAD_END].since()), (1, 1));
    assert_eq!(journal.rounds[1].changed, ["crack `hangs-up` of `answer` is answered"]);
    assert_eq!(journal.rounds[2].changed, ["crack `hangs-up` of `answer` is no longer answered"]);
    let worth = |round: usize| journal.rounds[round].effect["share(stuck)"].verdict.word();
    assert_eq!((worth(1), worth(2)), ("better", "worse"));
    assert!(journal.rounds[0].effect.is_empty());
}

#[test]
fn an_id_does_not_change_when_other_steps_do() {
    let before = desk("5%", "");
    let text = before.definition().to_yaml().replace("file-it", "write-it-down");
    let text = text.replacen("steps:\n", "steps:\n  before-all: { wait: 1 min, next: answer }\n", 1);
    let renamed = read(&text.replace("start: answer", "start: before-all"));
    assert_eq!(renamed.definition().steps.len(), before.definition().steps.len() + 1);
    let journal = rounds(&[&before, &renamed]);
    assert_eq!(history(&journal, DEAD_END), "open 1");
    assert_eq!(history(&journal, "unanswered-crack/answer/hangs-up"), "open 1");
    // That of the step itself is another one.
    assert_eq!(history(&journal, "open-question/file-it/system-down"), "open 1, fixed 2");
    assert_eq!(history(&journal, "open-question/write-it-down/system-down"), "open 2");
}

#[test]
fn what_was_accepted_stays_so_until_it_is_markedly_worse() {
    let (rare, as_rare, often) = (desk("2%", ""), desk("2.2%", ""), desk("8%", ""));
    let mut journal = rounds(&[&rare]);
    journal.accept(DEAD_END, "once in a blue moon").unwrap();
    assert_eq!(history(&journal, DEAD_END), "open 1, accepted 1");
    round(&mut journal, &as_rare, Some(&rare), None).unwrap();
    assert_eq!(history(&journal, DEAD_END), "open 1, accepted 1");
    round(&mut journal, &often, Some(&as_rare), None).unwrap();
    assert_eq!(history(&journal, DEAD_END), "open 1, accepted 1, open 3");
    let finding = &journal.findings[DEAD_END];
    assert!(finding.figure.as_ref().unwrap().value > finding.accepted.as_ref().unwrap().figure.as_ref().unwrap().value);
    // Accepted anew, it is measured by what it is now.
    journal.accept(DEAD_END, "who calls us hangs up").unwrap();
    round(&mut journal, &often, None, None).unwrap();
    assert_eq!(history(&journal, DEAD_END), "open 1, accepted 1, open 3, accepted 3");
}

#[test]
fn of_a_goal_from_below_less_is_worse() {
    let (near, far) = (desk("13%", ", then: lost"), desk("30%", ", then: lost"));
    let mut journal = rounds(&[&near]);
    journal.accept("goal/handled", "until June").unwrap();
    round(&mut journal, &far, Some(&near), None).unwrap();
    assert_eq!(history(&journal, "goal/handled"), "open 1, accepted 1, open 2");
    let handled = &journal.rounds[1].effect["share(done)"];
    assert_eq!((handled.verdict.word(), handled.unit.as_str()), ("worse", "share"));
}

#[test]
fn only_what_is_there_can_be_accepted() {
    let (open, fixed) = (desk("5%", ""), desk("5%", ", then: lost"));
    let mut journal = rounds(&[&open, &fixed]);
    let unknown = journal.accept("dead-end/anser/unanswered", "x").unwrap_err();
    assert!(unknown.to_string().contains("did you mean `dead-end/answer/unanswered`?"), "{unknown}");
    assert_eq!(journal.accept(DEAD_END, "x"), Err(AcceptError::Fixed(DEAD_END.to_owned())));
}

#[test]
fn of_what_cannot_be_simulated_nothing_is_said() {
    let open = desk("5%", "");
    let text = open.definition().to_yaml();
    let (without, _) = text.split_once("\nsimulation:").unwrap();
    let silent = read(without);
    let journal = rounds(&[&open, &silent]);
    assert_eq!(history(&journal, DEAD_END), "open 1");
    assert_eq!(journal.rounds[1].runs, None);
    assert!(journal.rounds[1].figures.is_empty() && journal.rounds[0].figures.contains_key("mean(cycle_time)"));
}

#[test]
fn a_scenario_that_fails_brings_its_finding_back() {
    let (open, fixed) = (desk("5%", ""), desk("5%", ", then: lost"));
    let otherwise = desk("5%", ", then: file-it");
    let suite = |name: &str| {
        let text = format!(
            "scenarios:\n  {name}:\n    case: [{{ step: answer, by: ana, crack: hangs-up }}, {{ expect: {{ ended-at: lost }} }}]\n"
        );
        Suite::read("desk.test.yaml", text.as_bytes()).unwrap()
    };
    let stage = |process: &Arc<Process>| Stage::new(vec![Arc::new(Plan::new(Arc::clone(process)).unwrap())]);
    let mut journal = rounds(&[&open, &fixed]);
    let its_own = suite("who hangs up is counted");
    journal.findings.get_mut(DEAD_END).unwrap().scenario = Some("who hangs up is counted".to_owned());
    round(&mut journal, &otherwise, Some(&fixed), Some((&its_own, &stage(&otherwise)))).unwrap();
    assert_eq!(history(&journal, DEAD_END), "open 1, fixed 2, open 3");
    assert_eq!(journal.findings[DEAD_END].says, "the scenario `who hangs up is counted` fails");
    assert_eq!(journal.rounds[2].scenarios.as_ref().unwrap().failed, ["who hangs up is counted"]);
    round(&mut journal, &fixed, Some(&otherwise), Some((&its_own, &stage(&fixed)))).unwrap();
    assert_eq!(history(&journal, DEAD_END), "open 1, fixed 2, open 3, fixed 4");

    let renamed = suite("who hangs up is counted!");
    let error = round(&mut journal, &fixed, None, Some((&renamed, &stage(&fixed)))).unwrap_err();
    assert!(error.to_string().contains("did you mean `who hangs up is counted!`?"), "{error}");
    // One that no finding names is a finding itself.
    journal.findings.get_mut(DEAD_END).unwrap().scenario = None;
    round(&mut journal, &otherwise, None, Some((&its_own, &stage(&otherwise)))).unwrap();
    assert_eq!(history(&journal, "scenario/who hangs up is counted"), "open 5");
    assert_eq!(history(&journal, DEAD_END), "open 1, fixed 2, open 3, fixed 4");
}

#[test]
fn a_wave_that_is_lived_without_being_a_success_is_a_finding() {
    let file = |phase: &str, expects: &str| {
        format!("rounds-of: desk\nwaves:\n  calm: {{ scope: [answer], expects: [{expects}], phase: {phase} }}\n")
    };
    let journal = |phase: &str, expects: &str| {
        let text = file(phase, expects);
        Journal::read("desk.rounds.yaml", text.as_bytes()).unwrap_or_else(|problems| unreachable!("{problems}"))
    };
    let process = desk("5%", "");
    let state = |phase: &str, expects: &str| {
        let mut journal = journal(phase, expects);
        round(&mut journal, &process, None, None).unwrap();
        journal.findings.get("wave/calm").map(|finding| finding.says.clone())
    };
    assert_eq!(state("implementation", "share(stuck) <= 1%"), None);
    assert_eq!(state("adoption", "share(stuck) <= 10%"), None);
    let missed = state("adoption", "share(stuck) <= 1%").unwrap();
    assert!(missed.starts_with("it is in adoption, and `share(stuck) <= 1%` is not met ("), "{missed}");
    let unmeasured = state("release", "share(stuckk) <= 1%").unwrap();
    assert!(unmeasured.contains("cannot be told"), "{unmeasured}");
    assert_eq!(state("release", "").unwrap(), "it is in release, and nothing says when it is a success");
}

#[test]
fn a_round_is_due_when_the_definition_or_a_wave_says_something_else() {
    let process = desk("5%", "");
    let mut journal = rounds(&[&process]);
    assert!(!journal.is_due(process.definition()));
    let commented = read(&format!("# why\n{}", process.definition().to_yaml()));
    assert!(!journal.is_due(commented.definition()));
    assert!(journal.is_due(desk("6%", "").definition()));

    let text = journal.to_yaml().replace(
        "rounds-of: desk",
        "rounds-of: desk\nwaves: { calm: { scope: [answer], expects: [share(stuck) <= 1%], phase: planning } }",
    );
    let read_again = |text: &str| Journal::read("desk.rounds.yaml", text.as_bytes()).unwrap();
    journal = read_again(&text);
    assert!(journal.is_due(process.definition()));
    round(&mut journal, &process, None, None).unwrap();
    assert!(!journal.is_due(process.definition()));
    assert_eq!(journal.waves["calm"].progress(&journal).0, 0);
    assert!(
        read_again(&journal.to_yaml().replace("phase: planning } }\n\n", "phase: adoption } }\n\n"))
            .is_due(process.definition())
    );
    assert!(journal.that_are(State::Open).any(|(id, _)| id == DEAD_END));

    // Of a wave without criteria too it is worth a round that people begin to work by it.
    let bare = |phase: &str| format!("rounds-of: desk\nwaves: {{ calm: {{ phase: {phase} }} }}\n");
    let mut journal = read_again(&bare("implementation"));
    round(&mut journal, &process, None, None).unwrap();
    assert!(!journal.is_due(process.definition()));
    assert!(read_again(&journal.to_yaml().replacen("implementation", "adoption", 1)).is_due(process.definition()));
}
