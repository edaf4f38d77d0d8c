//! What a crack does to the work it strikes: nothing is lost, nobody waits for ever, no draw repeats without end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Cracks, Results, Simulation, Transactions, Verdict, compare};
use support::assert_covers;

/// One step with this crack, ten minutes of work, a case every hundred minutes.
fn desk(crack: &str) -> Arc<Process> {
    let text = format!(
        r#"
process: desk
version: "1"
start: work
roles: {{ clerk: {{ people: 1 }}, boss: {{ people: 1 }} }}
steps:
  work:
    human: {{ role: clerk, takes: 10 min }}
    next: done
    cracks: {{ crack: {crack} }}
  done: {{ end: {{}} }}
  given-up: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: "exponential(100 min)" }} }}
"#
    );
    Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

fn run(crack: &str) -> Results {
    Simulation::new(&desk(crack)).unwrap().cases(400).replications(5).seed(3).run().unwrap()
}

#[test]
fn whatever_is_answered_lets_every_case_end() {
    for crack in [
        "{ on: failure, chance: 30%, do: { reallocate: boss } }",
        "{ on: failure, chance: 30%, do: continue }",
        "{ on: failure, chance: 30%, interrupts: false, then: given-up }",
        "{ on: constraint, chance: 30%, interrupts: false, then: given-up }",
        "{ on: failure, chance: 30%, do: { retry: { after: 1 h, at-most: 2 } }, then: given-up }",
        "{ on: unavailable, after: 1 h, chance: 50%, do: { retry: { after: 1 h, at-most: 100 } }, then: given-up }",
        "{ on: unavailable, after: 1 h, chance: 100%, do: { retry: { after: 1 h, at-most: 5 } }, then: given-up }",
        "{ on: unavailable, chance: 50%, do: { reallocate: boss } }",
        "{ on: deadline, after: 24 h, chance: 10%, do: continue }",
        "{ on: deadline, after: 24 h, chance: 10%, then: given-up }",
        "{ on: deadline, after: 5 min, then: given-up, interrupts: true }",
        "{ on: external, chance: 30%, then: given-up }",
    ] {
        let results = run(crack);
        assert_eq!((results.completed, results.stuck), (2_000, 0), "{crack}: {:?}", results.dead_ends);
        assert!(results.cracks[0].struck > 0 && results.stable, "{crack}");
        assert!(results.roles.iter().all(|role| role.busy_share.unwrap() <= 1.0), "{crack}");
    }
}

#[test]
fn retries_are_drawn_anew_and_used_up() {
    let results =
        run("{ on: unavailable, after: 1 h, chance: 100%, do: { retry: { after: 1 h, at-most: 5 } }, then: given-up }");
    assert_eq!(results.cracks[0].struck, 6 * 2_000);
    assert_eq!(results.end("given-up").unwrap().share, 1.0);
    let results = run("{ on: failure, chance: 30%, do: { retry: { after: 1 h, at-most: 2 } }, then: given-up }");
    assert_covers("used up", results.end("given-up").unwrap().ci95, 5, 0.027);
}

#[test]
fn without_end_is_called_so_instead_of_going_on_for_ever() {
    for crack in [
        "{ on: failure, chance: 100%, do: { reallocate: boss } }",
        "{ on: unavailable, chance: 100%, do: { retry: { at-most: 4000000000 } }, then: given-up }",
    ] {
        let results = Simulation::new(&desk(crack)).unwrap().cases(3).replications(1).run().unwrap();
        assert_eq!(results.stuck, 3, "{crack}");
        assert!(results.dead_ends[0].waits_for.contains("round and round"), "{:?}", results.dead_ends);
    }
}

#[test]
fn waiting_before_a_handover_is_waiting_and_undone_work_no_demand() {
    let results = run("{ on: unavailable, after: 5 h, chance: 100%, do: { reallocate: boss } }");
    let wait = results.step("work").unwrap().wait_mean_s.unwrap();
    assert!(wait >= 5.0 * 3600.0, "{wait}");
    let cut_short = run("{ on: deadline, after: 5 min, then: given-up, interrupts: true }");
    let clerk = cut_short.role("clerk").unwrap();
    assert!((clerk.utilisation.unwrap() - clerk.busy_share.unwrap()).abs() < 0.01, "{clerk:?}");
}

#[test]
fn a_step_is_first_begun_once_whoever_begins_it() {
    let simulation = Simulation::new(&desk("{ on: deadline, after: 5 min, do: { reallocate: boss } }")).unwrap();
    let results = simulation.cases(1).replications(2).measuring("work", "done").unwrap().run().unwrap();
    assert_eq!(results.step("work").unwrap().until_begun_mean_s, Some(0.0));
    assert_eq!(results.stretches[0].mean_s, Some(900.0));
}

#[test]
fn what_can_never_be_simulated_is_refused() {
    let process = |simulation: &str| {
        let text = format!(
            "process: p\nversion: '1'\nstart: a\nroles: {{ r: {{ people: 1 }} }}\nsteps:\n  a: {{ human: r, next: b }}\n  b: {{ end: {{}} }}\nsimulation: {simulation}\n"
        );
        Simulation::new(&Arc::new(Process::read("p.yaml", text.as_bytes()).unwrap())).map(|_| ())
    };
    let refused = |simulation: &str, part: &str| {
        let problems = process(simulation).unwrap_err().to_string();
        assert!(problems.contains(part), "{simulation}: {problems}");
    };
    refused("{ arrivals: { every: 0 s } }", "must not be 0");
    refused("{ absences: { r: { rate: 1000000000000/year, lasts: 0 s } } }", "1000 times a year");
}

/// Ten minutes of work that fails now and then, and a process that answers for it.
fn whole() -> Arc<Process> {
    let text = r#"
process: desk
version: "1"
start: work
roles: { clerk: { people: 1 } }
steps:
  work:
    human: { role: clerk, takes: "exponential(10 min)" }
    next: done
    cracks: { breaks: { on: failure, chance: 30% } }
  done: { end: {} }
  mend: { human: { role: clerk, takes: 5 min }, next: done }
  given-up: { end: {} }
cracks:
  fails: { on: failure, then: mend }
  slow: { on: deadline, after: 2 h, interrupts: true, then: given-up }
  called-off: { on: external, chance: 10%, do: cancel-case }
simulation: { arrivals: { every: "exponential(20 min)" } }
"#;
    Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

#[test]
fn a_process_answers_for_its_steps() {
    let simulation = || Simulation::new(&whole()).unwrap().cases(400).replications(5).seed(3);
    let results = simulation().run().unwrap();
    assert_eq!((results.completed, results.stuck), (2_000, 0), "{:?}", results.dead_ends);
    let rows: Vec<_> = results.cracks.iter().map(|crack| (crack.step.as_str(), crack.id.as_str())).collect();
    assert_eq!(rows, [("work", "breaks"), ("desk", "fails"), ("desk", "slow"), ("desk", "called-off")]);
    let [breaks, fails, slow, called_off] = results.cracks.as_slice() else { panic!("{:?}", results.cracks) };
    assert!(fails.struck > 0 && slow.struck > 0, "{:?}", results.cracks);
    assert_eq!((breaks.struck, breaks.answered, called_off.struck), (fails.struck, fails.struck, 0));
    assert_eq!(fails.struck_per_visit, Some(fails.struck as f64 / 2_000.0));
    assert!(results.end("given-up").unwrap().share > 0.0);
    assert_eq!(
        results.steps.iter().map(|step| step.id.as_str()).collect::<Vec<_>>(),
        ["work", "done", "mend", "given-up"]
    );
    assert!(
        results.assumptions.iter().any(|said| said.contains("`desk` strikes by chance")),
        "{:?}",
        results.assumptions
    );
}

#[test]
fn a_process_without_its_cracks_is_only_its_steps() {
    let cracks =
        |cracks| Simulation::with_cracks(&whole(), cracks).unwrap().cases(400).replications(5).seed(3).run().unwrap();
    assert!(cracks(Cracks::Off).cracks.is_empty());
    let unanswered = cracks(Cracks::Unanswered);
    assert!(unanswered.stuck > 0);
    assert!(unanswered.dead_ends.iter().any(|row| row.step == "work"), "{:?}", unanswered.dead_ends);
    assert!(
        unanswered.dead_ends.iter().all(|row| row.waits_for != "the steps inside it"),
        "{:?}",
        unanswered.dead_ends
    );
}

#[test]
fn transactions_of_a_process_with_cracks_replay() {
    let simulation = || Simulation::new(&whole()).unwrap().cases(200).seed(3).replications(1);
    let lines: Vec<String> =
        simulation().generate(200).unwrap().iter().map(|line| serde_json::to_string(line).unwrap()).collect();
    let read = Transactions::read(&lines.join("\n"), simulation().plan()).unwrap();
    assert_eq!(read.passed_over().count(), 0);
    // All but where it came from.
    let json = |simulation: Simulation| {
        let mut results = simulation.run().unwrap();
        results.inputs = Simulation::new(&whole()).unwrap().seed(3).replications(1).inputs().unwrap();
        serde_json::to_string(&results).unwrap()
    };
    assert_eq!(json(simulation().transactions(read)), json(simulation()));
}

#[test]
fn clocks_say_how_often_they_run_out() {
    let text = r#"
process: desk
version: "1"
start: work
roles: { clerk: { people: 1 } }
clocks: { promise: { within: 20 min }, touch: { from: work, until: work, within: 10 min } }
steps:
  work: { human: { role: clerk, takes: "exponential(10 min)" }, next: done }
  done: { end: {} }
simulation: { arrivals: { every: "exponential(1000 min)" } }
"#;
    let process = Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")));
    let results = Simulation::new(&process).unwrap().cases(20_000).replications(1).seed(5).run().unwrap();
    let late = |index: usize| results.clocks[index].run_out_share.unwrap();
    // Hardly anybody waits: what is used is the work, which takes longer than twice its mean with probability e⁻².
    assert!((late(0) - 0.145).abs() < 0.01, "{}", late(0));
    assert!((late(1) - 0.376).abs() < 0.015, "{}", late(1));
    assert_eq!((results.clocks[0].started, results.clocks[1].started), (20_000, 20_000));
    let used = results.clocks[0].used_mean_s.unwrap() / 60.0;
    assert!((used - 10.1).abs() < 0.3, "{used}");
}

#[test]
fn variants_are_compared_by_how_often_the_clocks_of_both_run_out() {
    let run = |clocks: &str, takes: &str| {
        let text = format!(
            "process: desk\nversion: \"1\"\nstart: work\nroles: {{ clerk: {{ people: 1 }} }}\nclocks: {{ {clocks} }}
steps: {{ work: {{ human: {{ role: clerk, takes: exponential({takes}) }}, next: done }}, done: {{ end: {{}} }} }}
simulation: {{ arrivals: {{ every: exponential(1000 min) }} }}\n"
        );
        let process = Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        Simulation::new(&Arc::new(process)).unwrap().cases(2_000).replications(5).seed(5).run().unwrap()
    };
    let before = run("old: { within: 5 min }, promise: { within: 20 min }", "10 min");
    let after = run("promise: { within: 15 min }, new: { within: 5 min }", "5 min");
    let comparison = compare(&before, &after).unwrap();
    let [(name, change)] = comparison.clocks.as_slice() else { panic!("{:?}", comparison.clocks) };
    assert_eq!((name.as_str(), change.verdict), ("promise", Verdict::Less));
    // Hardly anybody waits: e⁻² before, e⁻³ after.
    assert!((change.from - 0.145).abs() < 0.015 && (change.to - 0.052).abs() < 0.01, "{change:?}");
    assert!((change.from - before.clocks[1].run_out_share.unwrap()).abs() < 1e-12);
}

/// Somebody who answers after two days, with these cracks.
fn asked(cracks: &str) -> Results {
    let text = format!(
        r#"
process: asked
version: "1"
start: ask
steps:
  ask:
    wait: {{ for: customer, takes: 2 d }}
    next: answered
    cracks: {{ {cracks} }}
  answered: {{ end: {{}} }}
  closed: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: 1 h }} }}
"#
    );
    let process = Process::read("asked.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    Simulation::new(&Arc::new(process)).unwrap().cases(400).replications(5).seed(3).run().unwrap()
}

#[test]
fn whoever_is_silent_stays_so_whatever_else_is_answered() {
    let silent = "silent: { on: deadline, after: 5 d, chance: 50%, do: fail, then: closed }";
    let closed = |cracks: &str| asked(cracks).end("closed").unwrap().ci95;
    assert_covers("alone", closed(silent), 5, 0.5);
    let reminded = closed(&format!("remind: {{ on: deadline, after: 1 d, do: continue }}, {silent}"));
    assert_eq!(reminded, closed(silent));
    let noted = asked("silent: { on: deadline, after: 5 d, chance: 50%, do: continue }");
    assert_eq!((noted.end("answered").unwrap().share, noted.stuck), (1.0, 0));
}

#[test]
fn work_that_nobody_takes_is_taken_by_another_role_but_not_by_the_same() {
    let wait = |response: &str| {
        let crack = format!(
            "{{ on: deadline, after: 1 h, {response} }}, away: {{ on: unavailable, after: 10 h, chance: 100%, do: continue }}"
        );
        run(&crack).step("work").unwrap().wait_mean_s.unwrap()
    };
    assert!(wait("do: reoffer") >= 36_000.0);
    assert!((3_600.0..36_000.0).contains(&wait("do: { reoffer: boss }")));
}

#[test]
fn what_stops_a_case_is_a_cause_and_what_only_struck_is_none() {
    let text = r#"
process: outer
version: 1.0.0
start: work
roles: { clerk: { people: 1 } }
clocks: { all: { within: 1 h } }
steps:
  work: { human: { role: clerk, takes: 10 min }, next: reply, cracks: { burns: { on: failure, chance: 20% } } }
  reply: { wait: { for: customer, takes: 2 h }, next: done }
  done: { end: {} }
cracks: { late: { on: deadline, clock: all } }
simulation: { arrivals: { every: exponential(1 h) } }
"#;
    let process =
        Arc::new(Process::read("outer.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")));
    let results = Simulation::new(&process).unwrap().cases(200).replications(2).run().unwrap();
    let steps: Vec<&str> = results.dead_ends.iter().map(|found| found.step.as_str()).collect();
    assert_eq!(steps, ["work"]);
    assert_eq!(results.dead_ends[0].cases, results.stuck);
}
