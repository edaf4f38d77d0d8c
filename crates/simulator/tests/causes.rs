//! Every moment of waiting has one cause, and the causes add up.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use grieta_core::{Plan, Process, Timestamp};
use grieta_simulator::{Cause, Counted, Cracks, Figure, Results, Simulation, Statistic};
use support::file;

const HOUR: f64 = 3_600.0;

/// One person in the office, as the calendar of the process has it, and some steps; a case every so often.
fn desk(roles: &str, steps: &str, every: &str) -> Arc<Process> {
    let text = format!(
        r#"
process: desk
version: 1.0.0
start: serve
calendar: office
calendars: {{ office: {{ week: {{ mon-fri: "09:00-17:00" }} }}, slot: {{ week: {{ tue: "10:00-14:00" }} }}, always: {{ week: {{ mon-sun: "00:00-24:00" }} }} }}
roles: {{ {roles} }}
steps:
{steps}
  served: {{ end: {{}} }}
simulation: {{ start: 2026-01-05, arrivals: {{ every: "{every}" }} }}
"#
    );
    Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

/// How many hours a case waits on the average for that at that step.
fn hours(results: &Results, step: &str, cause: Cause) -> f64 {
    let row = results.waiting.iter().find(|row| row.step == step && row.cause == cause);
    row.map_or(0.0, |row| row.per_case_s / HOUR)
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "expected {expected}, found {found}");
}

#[test]
fn what_is_waited_for_people_adds_up() {
    for name in ["benches/models/seven-step-flow.yaml", "process-templates/lead-qualification/to-be.yaml"] {
        let process = file(name);
        // A crack may withdraw work that waits, which is then in no mean.
        let results =
            Simulation::with_cracks(&process, Cracks::Off).unwrap().cases(3_000).replications(2).seed(3).run().unwrap();
        for step in results.steps.iter().filter(|step| step.role.is_some()) {
            let people = [Cause::Contention, Cause::Unavailability, Cause::Silence];
            let causes: f64 = people.iter().map(|cause| hours(&results, &step.id, *cause)).sum();
            near(causes, step.wait_mean_s.unwrap_or(0.0) / HOUR * step.visits_per_case);
        }
        let shares: f64 = results.waiting.iter().map(|row| row.share).sum();
        near(shares, 1.0);
        near(results.waiting.last().unwrap().cumulative_share, 1.0);
        assert!(results.waiting.is_sorted_by(|one, next| one.share >= next.share));
    }
}

/// All that the steps of people and of outside parties wait, taken from the records of the run: from when work is offered or
/// asked for until it begins, is answered or is taken away. To the microsecond, and for each item: the simulator asserts, where
/// tests are built, that the causes of an item are not negative and add up to its waiting.
#[test]
fn the_causes_add_up_to_the_waiting_of_every_work_item_exactly() {
    for (name, cracks) in [
        ("benches/models/seven-step-flow.yaml", Cracks::On),
        ("process-templates/lead-qualification/to-be.yaml", Cracks::Off),
    ] {
        let simulation = Simulation::with_cracks(&file(name), cracks).unwrap().cases(2_000).replications(1).seed(3);
        let (mut since, mut waited) = (BTreeMap::new(), BTreeMap::<String, i64>::new());
        let mut cases_of_item = 0u64;
        simulation
            .record(0, &mut |record| {
                let key = (record.case.clone(), record.what.token);
                let at = Timestamp::from(record.at.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
                let is_offered = matches!(record.what.phase.as_deref(), Some("offered" | "created"));
                match record.event.as_str() {
                    "step-reached" if is_offered => {
                        since.insert(key, (record.what.step.clone().unwrap(), at));
                    }
                    "work-started" => {
                        let (step, offered) = since.remove(&key).expect("it was offered");
                        *waited.entry(step).or_default() += (at - offered).as_micros();
                        cases_of_item += 1;
                    }
                    _ => {}
                }
                true
            })
            .unwrap();
        assert!(since.is_empty() && cases_of_item > 2_000, "{name}: {cases_of_item}");
        let results = simulation.run().unwrap();
        for (step, micros) in waited {
            let people = [Cause::Contention, Cause::Unavailability, Cause::Silence];
            let of_step = results.waiting.iter().filter(|row| row.step == step && people.contains(&row.cause));
            // Whole microseconds, below 2^53 in sum, so that the mean over cases gives them back.
            let caused: f64 = of_step.map(|row| (row.per_case_s * 1e6 * results.all_cases() as f64).round()).sum();
            assert_eq!(caused as i64, micros, "{name}: {step}");
        }
    }
}

#[test]
fn while_somebody_is_there_it_is_contention() {
    let steps = r#"  serve: { human: { role: clerk, takes: "exponential(40 min)" }, next: served }"#;
    let process = desk("clerk: { people: 2, calendar: office }", steps, "exponential(100 min)");
    let simulation = Simulation::new(&process).unwrap().cases(2_000).replications(4).seed(11).keeping_figures();
    let results = simulation.run().unwrap();
    let step = Plan::new(process).unwrap().step("serve").unwrap();
    let wait = |counted| {
        let values = results.figure(Figure::Wait { statistic: Statistic::Mean, step, counted }).values;
        values.iter().sum::<f64>() / values.len() as f64 / HOUR
    };
    let (elapsed, business) = (wait(Counted::Elapsed), wait(Counted::Business));
    assert!(business > 0.1 && elapsed > 2.0 * business, "{business} {elapsed}");
    near(hours(&results, "serve", Cause::Contention), business);
    near(hours(&results, "serve", Cause::Unavailability), elapsed - business);
}

#[test]
fn who_is_there_once_a_week_is_no_slow_server() {
    let steps = "  serve: { human: { role: manager, takes: 1 min }, next: served }";
    let process = desk("manager: { people: 1, calendar: slot }", steps, "1 w");
    let results = Simulation::new(&process).unwrap().cases(20).replications(1).seed(1).run().unwrap();
    // From Monday at midnight until Tuesday at ten, always.
    near(hours(&results, "serve", Cause::Unavailability), 34.0);
    near(hours(&results, "serve", Cause::Contention), 0.0);
}

#[test]
fn absence_counts_only_where_nobody_is_left() {
    let steps = r#"  serve: { human: { role: clerk, takes: "exponential(40 min)" }, next: served }"#;
    let run = |people: u32| {
        let role = format!("clerk: {{ people: {people}, calendar: always }}");
        let process = desk(&role, steps, "exponential(6 h)");
        let mut definition = process.definition().clone();
        let simulation = definition.simulation.as_mut().unwrap();
        let absences = "process: a\nversion: '1'\nstart: e\nroles: { clerk: { people: 1 } }\nsteps: { e: { end: {} } }\n\
                        simulation: { absences: { clerk: { rate: 10/year, lasts: 5 d } } }\n";
        let read = Process::read("a.yaml", absences.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        simulation.absences = read.definition().simulation.as_ref().unwrap().absences.clone();
        let process = Arc::new(Process::new(definition).unwrap());
        Simulation::new(&process).unwrap().cases(4_000).replications(4).seed(2).run().unwrap()
    };
    let (alone, both) = (run(1), run(2));
    // An eighth of the time is spent away: who comes then waits for the rest of it, two days and a half or more.
    let away = hours(&alone, "serve", Cause::Unavailability);
    assert!((4.0..20.0).contains(&away), "{away}");
    assert!(hours(&both, "serve", Cause::Unavailability) < away / 4.0);
}

#[test]
fn what_is_no_work_of_people_has_its_cause_too() {
    let steps = r#"
  serve:
    human: { role: clerk, takes: 10 min }
    next: ask
    cracks: { nobody-sees-it: { on: unavailable, after: 1 h, chance: 100%, do: { reoffer: boss } } }
  ask: { wait: { for: customer, takes: 2 h }, next: rest }
  rest: { wait: 3 h, next: print }
  print:
    service: { takes: 1 min }
    next: served
    cracks: { jam: { on: failure, chance: 100%, do: { retry: { after: 30 min, at-most: 2 } }, then: served } }
"#;
    let process = desk("clerk: { people: 1, calendar: always }, boss: { people: 1, calendar: always }", steps, "1 d");
    let results = Simulation::new(&process).unwrap().cases(50).replications(1).seed(1).run().unwrap();
    near(hours(&results, "serve", Cause::Silence), 1.0);
    near(hours(&results, "serve", Cause::Contention), 0.0);
    near(hours(&results, "ask", Cause::External), 2.0);
    near(hours(&results, "rest", Cause::Timer), 3.0);
    near(hours(&results, "print", Cause::Timer), 1.0);
}
