//! Cases that come at fixed times, together, and at peaks.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike};
use grieta_core::Process;
use grieta_simulator::{Raise, Simulation, SimulationError, Stress};
use support::{assert_covers, poisson, run};

/// A process of one step that comes to an end at once, in which cases arrive like that.
fn process(simulation: &str) -> Arc<Process> {
    let text = format!(
        r#"
process: door
version: 1.0.0
start: come
calendar: office
calendars: {{ office: {{ week: {{ mon-fri: "09:00-17:00" }} }} }}
steps:
  come: {{ service: {{ takes: 1 min }}, next: there }}
  there: {{ end: {{}} }}
simulation: {{ start: 2026-01-05, {simulation} }}
"#
    );
    Arc::new(Process::read("door.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

/// When the first so many cases arrive.
fn arrivals(simulation: &str, count: u64) -> Vec<NaiveDateTime> {
    let simulation = Simulation::new(&process(simulation)).unwrap_or_else(|problems| panic!("{problems}")).seed(7);
    let generated = simulation.generate(count).unwrap();
    generated.iter().map(|line| DateTime::parse_from_rfc3339(&line.at).unwrap().naive_utc()).collect()
}

fn hours(at: &NaiveDateTime) -> f64 {
    let start = "2026-01-05T00:00:00".parse::<NaiveDateTime>().unwrap();
    (*at - start).num_microseconds().unwrap() as f64 / 3_600e6
}

/// Fails unless so many of a Poisson process are as expected, within five standard deviations.
fn assert_poisson(found: usize, expected: f64) {
    assert!((found as f64 - expected).abs() < 5.0 * expected.sqrt(), "{found}, expected {expected}");
}

const MINUTELY: &str = "arrivals: { every: exponential(1 min) }";

#[test]
fn three_times_as_many_come_while_there_is_a_peak() {
    for arrivals_as in [MINUTELY, "arrivals: { per: hour, mean: 60 }"] {
        let peak = "peaks: { release: { from: 10 h, lasts: 10 h, times: 300% } }";
        let times = arrivals(&format!("{arrivals_as}, {peak}"), 5_000);
        let between = |from: f64, until: f64| times.iter().map(hours).filter(|at| (from..until).contains(at)).count();
        assert_poisson(between(0.0, 10.0), 600.0);
        assert_poisson(between(10.0, 20.0), 1_800.0);
        assert_poisson(between(20.0, 40.0), 1_200.0);
        assert!(times.is_sorted());
    }
}

#[test]
fn nobody_comes_while_the_share_is_nothing_however_often_that_is() {
    let peaks = "peaks: { night: { from: 20 h, lasts: 12 h, every: 24 h, times: 0% } }";
    let times = arrivals(&format!("{MINUTELY}, {peaks}"), 5_000);
    assert!(times.iter().all(|at| (8..20).contains(&at.hour()) || hours(at) < 20.0), "{times:?}");
    assert!(times.last().is_some_and(|at| hours(at) > 100.0));
}

#[test]
fn the_end_of_the_month_is_a_peak_of_its_own() {
    let times =
        arrivals("arrivals: { per: day, mean: 100 }, peaks: { month-end: { days: 26-31, times: 200% } }", 20_000);
    // February and March, 28 and 31 days: 25 days each as usual, 3 and 6 twice as busy.
    let in_month = |month: u32, end: bool| {
        times.iter().filter(|at| at.year() == 2026 && at.month() == month && (at.day() >= 26) == end).count()
    };
    assert_poisson(in_month(2, false), 2_500.0);
    assert_poisson(in_month(2, true), 600.0);
    assert_poisson(in_month(3, false), 2_500.0);
    assert_poisson(in_month(3, true), 1_200.0);
}

#[test]
fn a_peak_of_the_usual_share_changes_nothing() {
    let usual = "peaks: { none: { from: 1 h, lasts: 3 bh, every: 7 d, times: 100% }, month: { days: 5, times: 100% } }";
    for arrivals_as in [
        MINUTELY,
        "arrivals: { every: exponential(5 bmin) }",
        "arrivals: { per: business-day, mean: 60, outside: 10% }",
    ] {
        let (plain, peaked) = (arrivals(arrivals_as, 2_000), arrivals(&format!("{arrivals_as}, {usual}"), 2_000));
        for (plain, peaked) in plain.iter().zip(&peaked) {
            // What is rounded off in a busy hour is more in a quiet one.
            let off = (*plain - *peaked).num_microseconds().unwrap().abs();
            assert!(off < 1_000_000, "{arrivals_as}: {plain} {peaked}");
        }
    }
}

#[test]
fn peaks_that_meet_are_multiplied() {
    let both = "peaks: { a: { from: 0 h, lasts: 20 h, times: 200% }, b: { from: 10 h, lasts: 20 h, times: 50% } }";
    let times = arrivals(&format!("{MINUTELY}, {both}"), 4_000);
    let between = |from: f64, until: f64| times.iter().map(hours).filter(|at| (from..until).contains(at)).count();
    assert_poisson(between(0.0, 10.0), 1_200.0);
    assert_poisson(between(10.0, 20.0), 600.0);
    assert_poisson(between(20.0, 30.0), 300.0);
}

#[test]
fn fixed_times_are_kept_on_days_on_which_the_calendar_opens() {
    let times = arrivals("arrivals: { at: [\"14:30\", \"08:00\"] }", 12);
    let told: Vec<String> = times.iter().map(|at| at.format("%a %H:%M").to_string()).collect();
    let week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Mon"];
    let expected: Vec<String> = week.iter().flat_map(|day| [format!("{day} 08:00"), format!("{day} 14:30")]).collect();
    assert_eq!(told, expected);
}

#[test]
fn so_many_come_together() {
    let times = arrivals(&format!("{MINUTELY}, together: 3"), 300);
    assert!(times.chunks(3).all(|three| three.iter().all(|at| at == &three[0])));
    assert!(times.chunks(3).is_sorted_by(|one, next| one[0] < next[0]));
    let times = arrivals(&format!("{MINUTELY}, together: \"uniform(1, 5)\""), 30_000);
    let groups = times.chunk_by(|one, next| one == next).count();
    // Rounded: 1 and 5 half as often as 2, 3 and 4; mean 3, variance 1.5.
    assert!((30_000.0 / groups as f64 - 3.0).abs() < 5.0 * (1.5f64 / groups as f64).sqrt(), "{groups}");
}

#[test]
fn a_queue_for_pairs_waits_as_long_as_the_formula_says() {
    // M^[2]/M/1: L = ρ(1 + E[X²]/E[X]) / (2(1 − ρ)) (Gross et al., Fundamentals of Queueing Theory, 4th ed., §3.1), W = L/λ.
    let text = format!(
        "process: pairs\nversion: 1.0.0\nstart: serve\nroles: {{ server: {{ people: 1 }} }}\nsteps:\n  serve: {{ human: {{ role: server, takes: \
         exponential(1 min) }}, next: served }}\n  served: {{ end: {{}} }}\nsimulation: {{ arrivals: {{ every: \"{}\" }}, together: 2 }}\n",
        poisson(0.3)
    );
    let process =
        Arc::new(Process::read("pairs.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")));
    let results = run(&process, 60_000, 12, 5);
    let load = 0.6;
    let inside = load * (1.0 + 2.0) / (2.0 * (1.0 - load));
    assert_covers("W", results.cycle_time.unwrap().ci95_s, 12, inside / load * 60.0);
}

/// Every 20 minutes for one minute 21 times as many come, so twice as many in all, however few come in between.
#[test]
fn peaks_may_follow_each_other_faster_than_cases() {
    let often = "peaks: { train: { from: 0 d, lasts: 1 min, every: 20 min, times: 2100% } }";
    let times = arrivals(&format!("arrivals: {{ every: exponential(5000 min) }}, {often}"), 400);
    assert_eq!(times.len(), 400);
    let expected = hours(&times[399]) * 60.0 * 2.0 / 5_000.0;
    assert_poisson(399, expected);
}

#[test]
fn where_nobody_ever_comes_that_is_said() {
    let never = "peaks: { one: { days: 1-15, times: 0% }, other: { days: 16-31, times: 0% } }";
    let simulation = Simulation::new(&process(&format!("{MINUTELY}, {never}"))).unwrap().cases(10).replications(2);
    assert_eq!(simulation.run().unwrap_err(), SimulationError::NobodyComes);
}

#[test]
fn at_least_one_comes_each_time_and_the_bound_does_not_pretend_to_know_how_many() {
    let text = |together: &str| {
        format!(
            "process: p\nversion: 1.0.0\nstart: a\nroles: {{ r: {{ people: 1 }} }}\nsteps:\n  \
             a: {{ human: {{ role: r, takes: 10 s }}, next: b }}\n  b: {{ end: {{}} }}\n\
             simulation: {{ arrivals: {{ every: 2 min }}, together: \"{together}\" }}\n"
        )
    };
    let bound = |together: &str| {
        let process =
            Process::read("p.yaml", text(together).as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        let set_up = |simulation: Simulation| simulation.cases(2_000).replications(2);
        Stress::of(&process, &Raise::Arrivals, None, set_up, &|_, _| {}).unwrap().bound.unwrap()
    };
    // Two come together every two minutes, and each is ten seconds of work: six times as many.
    let (two, drawn) = (bound("2.4"), bound("uniform(-6, 8)"));
    assert!(two.exact && (two.factor - 6.0).abs() < 1e-9, "{two:?}");
    // Seven of fourteen times one comes that would be less, and then 2 to 8 in equal parts: (7.5·1 + 2 + … + 7 + 8/2)/14.
    let mean = (7.5 + 27.0 + 4.0) / 14.0;
    assert!(!drawn.exact && (drawn.factor * mean / 12.0 - 1.0).abs() < 0.05, "{drawn:?}");
}

#[test]
fn what_cannot_be_is_told() {
    let check = |simulation: &str, expected: &str| {
        let text = format!(
            "process: door\nversion: 1.0.0\nstart: come\nsteps: {{ come: {{ service: {{}}, next: there }}, there: {{ end: {{}} }} }}\n\
             simulation: {{ {simulation} }}\n"
        );
        let told = match Process::read("door.yaml", text.as_bytes()) {
            Err(problems) => problems.to_string(),
            Ok(process) => {
                Simulation::new(&Arc::new(process)).err().map(|problems| problems.to_string()).unwrap_or_default()
            }
        };
        assert!(told.contains(expected), "{simulation}: {told}");
    };
    check("peaks: { x: { from: 1 d, lasts: 1 d, times: 200% } }", "the definition does not say how cases arrive");
    check("together: 3", "the definition does not say how cases arrive");
    let with = |rest: &str, expected: &str| check(&format!("{MINUTELY}, {rest}"), expected);
    with("peaks: { x: { from: 1 d, lasts: 0 d, times: 200% } }", "expected more than no time, found 0");
    with(
        "peaks: { x: { from: 1 d, lasts: 2 d, every: 1 d, times: 200% } }",
        "the next peak would begin before this one is over",
    );
    with("peaks: { x: { from: 1 d, lasts: 2 d, every: 5 bd, times: 200% } }", "expected elapsed time, found 5 bd");
    with("peaks: { x: { days: 26-31, from: 1 d, times: 200% } }", "`from` does not go together with `days`");
    with("peaks: { x: { days: 30-41, times: 200% } }", "expected days of the month such as `26-31`, found `30-41`");
    with("peaks: { x: { days: 1-31, times: 0% } }", "nothing would ever come");
    with(
        "peaks: { x: { from: 1 d, lasts: 1 s, every: 2 s, times: 200% } }",
        "expected at least 1 min from one peak to the next, found 2 s",
    );
    with("together: 0", "expected a number of cases that come `together`");
    with("together: 5 min", "expected a number of cases that come `together`");
    check("arrivals: { at: [\"8 o'clock\"] }", "expected a time of the day such as `08:00`");
    check("arrivals: { at: [] }", "expected at least one time of the day");
    check("arrivals: { at: [\"08:00\"], mean: 3 }", "`mean` does not go together with `at`");
    check(
        "arrivals: { at: [\"08:00\"] }, peaks: { x: { days: 3, times: 200% } }",
        "cases that come at fixed times cannot come more often",
    );
    check(
        "arrivals: { at: [\"08:00\"] }, what-if: { more: { arrivals: 200% } }",
        "cases that come at fixed times cannot come more often",
    );
}
