//! Goals: which can be judged, what is said of those that cannot, and that what they name is what a plan has at that place.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::criterion::{Figure, measure, sentence};
use grieta_core::definition::Goal;
use grieta_core::diagnostic::Code;
use grieta_core::{Plan, Process};

const DESK: &str = r#"
process: desk
version: 1.0.0
start: answer
roles: { boss: { people: 1 }, agent: { people: 1 } }
clocks: { never: { from: ask, within: 2 h }, promise: { until: sold, within: 2 h } }
steps:
  answer:
    human: agent
    outcomes: { yes: sold, no: ask }
    cracks: { hard: { on: failure, do: fail, then: ask }, away: { on: failure, do: continue } }
  ask: { human: boss, next: lost, cracks: { away: { on: failure, do: fail, then: lost } } }
  sold: { end: {} }
  lost: { end: {} }
cracks: { flood: { on: external, do: cancel-all } }
"#;

fn desk(goals: &str) -> Result<Process, Vec<(Code, String)>> {
    let text = format!("{DESK}goals:\n{goals}\n");
    let wrong = |found: grieta_core::diagnostic::Problems| {
        found.list.into_iter().map(|problem| (problem.code, problem.message)).collect()
    };
    Process::read("desk.yaml", text.as_bytes()).map_err(wrong)
}

#[test]
fn a_goal_with_figure_day_and_owner_is_kept() {
    let read =
        desk("  quick: { expect: \"p90(wait, ask) < 2 h\", by: 2027-06-30, owner: ana, because: they wait }").unwrap();
    let goal = Goal { because: Some("they wait".to_owned()), ..Goal::new("p90(wait, ask) < 2 h", "2027-06-30", "ana") };
    assert_eq!(read.definition().goals["quick"], goal);
    let again = Process::read("again.yaml", read.definition().to_yaml().as_bytes()).unwrap();
    assert_eq!(again.definition(), read.definition());
}

#[test]
fn what_a_vague_goal_lacks_is_said() {
    let said = |goal: &str| match desk(&format!("  quick: {goal}")).err().as_deref() {
        Some([(Code::VagueGoal, message)]) => message.clone(),
        other => panic!("{goal}: {other:?}"),
    };
    let lacks = |goal: &str| {
        let said = said(goal);
        ["`expect`", "`by`", "`owner`"].map(|key| said.contains(key))
    };
    assert_eq!(lacks("improve satisfaction"), [true, true, true]);
    assert_eq!(lacks("p90(cycle_time) < 2 d"), [false, true, true]);
    assert_eq!(lacks("{ because: they wait }"), [true, true, true]);
    assert_eq!(lacks("{ expect: p90(cycle_time) < 2 d, owner: ana }"), [false, true, false]);
    assert_eq!(lacks("{ by: 2027-06-30, owner: ana }"), [true, false, false]);
    let with = |expect: &str| said(&format!("{{ expect: '{expect}', by: 2027-06-30, owner: ana }}"));
    assert!(with("fewer complaints").contains("expected a sentence"));
    assert!(with("p90(wait, aks) < 2 h").contains("expected a step of the process"));
    assert!(with("p90(cycle_time) < 5%").contains("expected a length of time"));
    assert!(with("utilisation(agnet) < 85%").contains("expected a role"));
    assert!(said("{ expect: share(sold) > 5%, by: soon, owner: ana }").contains("expected a day"));
    assert!(said("{ expect: share(sold) > 5%, by: 2027-06-30, owner: ' ' }").contains("nobody answers"));
}

#[test]
fn what_a_measure_names_is_what_the_plan_has_there() {
    let process = desk("  quick: { expect: share(sold) > 5%, by: 2027-06-30, owner: ana }").unwrap();
    let plan = Plan::new(Arc::new(process)).unwrap();
    let definition = plan.definition();
    let figure = |text: &str| measure(&sentence(text).unwrap(), definition).unwrap().figure;
    let step = |name: &str| plan.step(name).unwrap();
    for (name, at) in [("answer!hard", "answer"), ("answer!away", "answer"), ("ask!away", "ask")] {
        let crack = plan.crack(step(at), name.split_once('!').unwrap().1).unwrap();
        assert_eq!(figure(&format!("rate({name}) < 5%")), Figure::Struck(crack), "{name}");
    }
    let flood = plan.crack(plan.root().unwrap(), "flood").unwrap();
    assert_eq!(figure("rate(flood) < 5%"), Figure::Struck(flood));
    assert_eq!(figure("share(lost) < 5%"), Figure::Share(step("lost")));
    assert_eq!(figure("run_out(promise) < 5%"), Figure::RunOut(plan.clock("promise").unwrap()));
    let Figure::Utilisation(agent) = figure("utilisation(agent) < 85%") else { panic!("not a load") };
    assert_eq!(definition.roles.get_index(agent.at()).unwrap().0, "agent");
}

#[test]
fn shares_of_outcomes_and_volumes_are_found_in_the_definition() {
    use grieta_core::definition::Period;
    let process = desk("  quick: { expect: share(sold) > 1%, by: 2027-06-30, owner: ana }").unwrap();
    let plan = Plan::new(Arc::new(process.clone())).unwrap();
    let figure = |text: &str| {
        let sentence = sentence(text).map_err(|misread| misread.to_string())?;
        measure(&sentence, process.definition()).map(|measure| measure.figure).map_err(|misread| misread.to_string())
    };
    let (answer, ask) = (plan.step("answer").unwrap(), plan.step("ask").unwrap());
    assert_eq!(figure("share(answer/no) >= 75%"), Ok(Figure::Outcome(answer, 1)));
    assert_eq!(figure("volume(ask) >= 20 per business-day"), Ok(Figure::Volume(ask, Period::BusinessDay)));
    assert_eq!(figure("volume(ask) in [1 per hour, 2 per hour]"), Ok(Figure::Volume(ask, Period::Hour)));
    let refused = [
        ("share(answer/nno) >= 75%", "did you mean `no`?"),
        ("share(ask/no) >= 75%", "`ask` has none"),
        ("volume(ask) >= 20", "write for example `volume(ask) >= 20 per business-day`"),
        ("volume(ask) >= 2 h", "so many in a period"),
        ("volume(ask) >= 20 per fortnight", "so many in a period"),
        ("volume(ask) in [1 per hour, 2 per day]", "two bounds of the same kind"),
        ("share(ask) >= 20 per day", "only `volume(step)` counts in a period"),
        ("wait(ask) <= 20 per day", "expected a length of time"),
    ];
    for (text, said) in refused {
        let error = figure(text).unwrap_err();
        assert!(error.contains(said), "{text}: {error}");
    }
}
