//! L = λ·W in every run: the number present integrated over time is the sum of all stays, to the microsecond.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::path::Path;
use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Cracks, LittlesLaw, Place, Simulation};
use support::{file, poisson, station};

/// Every definition of a folder of the repository that can be simulated, by its path.
fn definitions(folder: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut folders, mut found) = (vec![root.join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = entry.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            if entry.is_dir() {
                folders.push(entry);
            } else if name.ends_with(".yaml")
                && ![".test.yaml", "parameters.yaml", "life-cycle.yaml"].iter().any(|other| name.ends_with(other))
            {
                found.push(name);
            }
        }
    }
    found.sort();
    found
}

fn assert_holds(what: &str, law: &LittlesLaw) {
    assert!(law.holds && law.places.iter().all(|row| row.off_us == 0), "{what}: {:?}", law.places);
    for row in &law.places {
        let expected = row.per_hour / 3_600.0 * row.stay_s;
        assert!((row.number - expected).abs() <= 1e-9 * expected, "{what}: {row:?}");
    }
}

#[test]
fn it_holds_in_every_shipped_process_however_its_cracks_are_treated() {
    let mut seen = 0;
    for folder in ["process-templates", "benches/models", "crates/simulator/tests/models"] {
        for name in definitions(folder) {
            let process = file(&name);
            for cracks in [Cracks::Off, Cracks::Unanswered, Cracks::On] {
                let Ok(simulation) = Simulation::with_cracks(&process, cracks) else { continue };
                let Ok(results) = simulation.cases(400).replications(3).seed(5).run() else { continue };
                assert_holds(&format!("{name} {cracks:?}"), &results.littles_law);
                seen += 1;
            }
        }
    }
    assert!(seen >= 15, "only {seen} were simulated");
}

#[test]
fn it_holds_in_a_single_long_run_and_says_what_the_formulas_say() {
    // M/M/1 at .8: L = 4, Lq = 3.2, and .8 of the server is at work.
    let results = support::run(&station(1, &poisson(0.8), "exponential(1 min)"), 200_000, 10, 3);
    assert_holds("M/M/1", &results.littles_law);
    let number = |place: Place| results.littles_law.places.iter().find(|row| row.place == place).unwrap().number;
    for (place, expected) in
        [(Place::Process, 4.0), (Place::Queue("server".to_owned()), 3.2), (Place::Hands("server".to_owned()), 0.8)]
    {
        let found = number(place.clone());
        // Asymptotic variance of the wait by arrival: ρ(2 + 5ρ − 4ρ² + ρ³)/(1 − ρ)⁴ = 1,976; so .05 is 5 standard errors of Wq.
        assert!((found / expected - 1.0).abs() < 0.05, "{place:?}: {found}");
    }
}

/// One of two clerks falls away often, and their work begins anew, is put off, or stays undone.
fn trouble(answer: &str) -> Arc<Process> {
    let text = format!(
        r#"
process: desk
version: 1.0.0
start: serve
calendar: office
calendars: {{ office: {{ week: {{ mon-fri: "09:00-17:00" }} }} }}
roles: {{ clerk: {{ people: 2 }}, boss: {{ people: 1 }} }}
steps:
  serve:
    human: {{ role: clerk, takes: "exponential(3 h)" }}
    next: ask
    cracks: {{ late: {{ on: deadline, after: 5 h, do: {answer} }}, wrong: {{ on: failure, chance: 20%, do: {{ retry: {{ after: 30 min, at-most: 4 }} }}, then: served }},
      unseen: {{ on: unavailable, after: 2 h, chance: 30%, do: {{ reoffer: boss }} }} }}
  ask: {{ wait: {{ for: customer, takes: "exponential(2 h)" }}, next: served, cracks: {{ lost: {{ on: deadline, after: 6 h, chance: 10%, do: fail, then: served }} }} }}
  served: {{ end: {{}} }}
simulation: {{ start: 2026-01-05, arrivals: {{ every: "exponential(5 h)" }}, absences: {{ clerk: {{ rate: 100/year, lasts: 1 d }} }} }}
"#
    );
    Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

#[test]
fn it_holds_where_people_fall_away_and_work_begins_anew() {
    for answer in ["restart", "{ reallocate: boss }", "{ reoffer: boss }", "continue"] {
        let process = trouble(answer);
        let results = Simulation::new(&process).unwrap().cases(2_000).replications(2).seed(9).run().unwrap();
        assert_holds(answer, &results.littles_law);
    }
}
