//! The figures of each replication: they are those of the whole, counted apart.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::definition::Period;
use grieta_core::{Plan, Process};
use grieta_simulator::{Counted, Figure, Results, Simulation, Statistic};

/// A desk of an office: some are won, some lost, and of those that are struck by a crack nobody takes care.
fn desk(office: &str, crack: &str) -> Arc<Process> {
    let text = format!(
        r#"
process: desk
version: "1"
start: work
{office}
roles: {{ clerk: {{ people: 2 }} }}
steps:
  work:
    human: {{ role: clerk, takes: "exponential(10 min)" }}
    outcomes: {{ yes: {{ chance: 25%, to: won }}, no: {{ chance: rest, to: later }} }}
    cracks: {{ broken: {{ on: failure, chance: {crack} }} }}
  later: {{ wait: {{ for: customer, takes: 3 h }}, next: lost }}
  won: {{ end: {{}} }}
  lost: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: "exponential(10 min)" }} }}
"#
    );
    Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

fn run(process: &Arc<Process>) -> Results {
    Simulation::new(process).unwrap().cases(2_000).replications(10).seed(5).keeping_figures().run().unwrap()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn cycle(statistic: Statistic, counted: Counted) -> Figure {
    Figure::CycleTime { statistic, end: None, counted }
}

#[test]
fn they_are_those_of_the_whole() {
    let process = desk("", "0%");
    let (results, plan) = (run(&process), Plan::new(process.clone()).unwrap());
    let step = |name: &str| plan.step(name).unwrap();
    let check = |figure, whole: f64, observations| {
        let found = results.figure(figure);
        assert_eq!((found.values.len(), found.observations), (10, observations), "{figure:?}");
        assert!((mean(&found.values) / whole - 1.0).abs() < 0.01, "{figure:?}: {} for {whole}", mean(&found.values));
    };
    let whole = results.cycle_time.as_ref().unwrap();
    check(cycle(Statistic::Mean, Counted::Elapsed), whole.mean_s, 20_000);
    check(cycle(Statistic::P90, Counted::Elapsed), whole.p90_s.unwrap(), 20_000);
    check(cycle(Statistic::P95, Counted::Business), whole.p95_s.unwrap(), 20_000);
    check(Figure::Share(step("won")), results.end("won").unwrap().share, 20_000);
    check(Figure::Visits(step("work")), 1.0, 20_000);
    check(Figure::Completed, 1.0, 20_000);
    let work = results.step("work").unwrap();
    let wait = |counted| Figure::Wait { statistic: Statistic::Mean, step: step("work"), counted };
    check(wait(Counted::Elapsed), work.wait_mean_s.unwrap(), 20_000);
    check(wait(Counted::Business), work.wait_mean_s.unwrap(), 20_000);
    check(Figure::UntilBegun(step("work")), work.until_begun_mean_s.unwrap(), 20_000);
    check(Figure::Utilisation(grieta_core::RoleIx(0)), results.roles[0].utilisation.unwrap(), 0);
    // The customers who take their time.
    let by_end = |end| {
        results.figure(Figure::CycleTime { statistic: Statistic::P50, end: Some(step(end)), counted: Counted::Elapsed })
    };
    assert!(by_end("won").values.iter().all(|median| *median < 3_600.0));
    assert!(by_end("lost").values.iter().all(|median| *median > 3.0 * 3_600.0));
    assert_eq!(by_end("won").observations + by_end("lost").observations, 20_000);
}

#[test]
fn outcomes_and_volumes_are_those_of_the_definition() {
    let office = "calendar: office\ncalendars: { office: { zone: UTC, week: { mon-fri: \"09:00-17:00\" } } }";
    for (calendar, business_days) in [("", 7.0), (office, 5.0)] {
        let process = desk(calendar, "0%");
        let (results, plan) = (run(&process), Plan::new(process.clone()).unwrap());
        let work = plan.step("work").unwrap();
        let check = |figure, truth: f64, tolerance: f64| {
            let found = mean(&results.figure(figure).values);
            assert!((found / truth - 1.0).abs() < tolerance, "{figure:?}: {found} for {truth}");
        };
        // Five standard deviations of 20,000 cases: a share of a quarter, and a Poisson number.
        check(Figure::Outcome(work, 0), 0.25, 0.061);
        check(Figure::Outcome(work, 1), 0.75, 0.021);
        check(Figure::Volume(work, Period::Hour), 6.0, 0.036);
        check(Figure::Volume(work, Period::Day), 144.0, 0.036);
        check(Figure::Volume(work, Period::BusinessDay), 144.0 * 7.0 / business_days, 0.036);
    }
}

#[test]
fn business_time_is_that_of_the_calendar() {
    let office = "calendar: office\ncalendars: { office: { zone: UTC, week: { mon-fri: \"09:00-17:00\" } } }";
    let results = run(&desk(office, "0%"));
    let of = |counted| mean(&results.figure(cycle(Statistic::Mean, counted)).values);
    // A case that comes at night, at the weekend or late waits for nine o'clock, and that is not counted.
    assert!(of(Counted::Elapsed) > 3.0 * of(Counted::Business));
    assert!(of(Counted::Business) > 600.0);
}

#[test]
fn what_never_ends_takes_for_ever() {
    let process = desk("", "20%");
    let (results, plan) = (run(&process), Plan::new(process.clone()).unwrap());
    let all = |figure, holds: fn(f64) -> bool| results.figure(figure).values.iter().all(|value| holds(*value));
    assert!(all(cycle(Statistic::P50, Counted::Elapsed), f64::is_finite));
    assert!(all(cycle(Statistic::P90, Counted::Elapsed), f64::is_infinite));
    assert!(all(cycle(Statistic::Mean, Counted::Business), f64::is_infinite));
    assert!(all(Figure::Stuck, |share| (share - 0.2).abs() < 0.05));
    let struck = Figure::Struck(plan.crack(plan.step("work").unwrap(), "broken").unwrap());
    assert_eq!(results.figure(struck).values, results.figure(Figure::Stuck).values);
    assert_eq!(results.figure(struck).observations, 20_000);
}

#[test]
fn they_are_only_kept_where_that_is_asked() {
    let results = Simulation::new(&desk("", "0%")).unwrap().cases(10).replications(2).run().unwrap();
    assert_eq!(results.figure(Figure::Completed).values, Vec::<f64>::new());
}
