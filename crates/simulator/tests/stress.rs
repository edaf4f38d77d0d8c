//! Breaking points against what is known of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Promise, Raise, Reason, Simulation, Stress, StressError};
use support::{file, poisson, station};

fn read(text: &str) -> Arc<Process> {
    Arc::new(Process::read("test.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

/// The breaking point of a process, when something is raised and something promised, as they are written.
fn stress(process: &Process, raise: &str, promise: Option<Promise>, size: (u64, u64)) -> Result<Stress, StressError> {
    let (cases, replications) = size;
    let set_up = |simulation: Simulation| simulation.cases(cases).replications(replications).seed(11);
    Stress::of(process, &raise.parse::<Raise>().unwrap(), promise.as_ref(), set_up, &|_, _| {})
}

fn breaks(process: &Process, raise: &str, promise: Option<Promise>, size: (u64, u64)) -> Stress {
    stress(process, raise, promise, size).unwrap_or_else(|error| panic!("{error}"))
}

/// That is where it breaks, for that reason, at that step or one of those, and with about that uncertainty.
fn assert_breaks(found: &Stress, at: f64, tolerance: f64, reason: Reason, role: &str, step: &str) {
    let margin = found.margin.unwrap();
    assert!((margin.factor - at).abs() <= tolerance, "expected {at} ± {tolerance}: {margin:?}");
    let [low, high] = margin.ci95;
    assert!(low <= margin.factor && margin.factor <= high && high - low < 4.0 * tolerance, "{margin:?}");
    let first = found.first.as_ref().unwrap();
    assert_eq!((first.reason, first.role.as_deref()), (reason, Some(role)));
    assert!(step.split(' ').any(|step| first.step.as_deref() == Some(step)), "{first:?}");
}

/// Windows that give exactly the stated shares: engineers have no time left at 1/.8511 by flow balance.
#[test]
fn the_third_level_of_case_escalation_breaks_first() {
    let process = file("crates/simulator/tests/models/case-escalation-windows.yaml");
    let found = breaks(&process, "arrivals", None, (12_000, 24));
    let bound = found.bound.as_ref().unwrap();
    assert!(bound.exact && bound.role == "engineer-l3", "{bound:?}");
    assert!((bound.factor - 1.0 / 0.85).abs() < 0.01 && (bound.factor - 1.0 / 0.8511).abs() < 1e-4, "{bound:?}");
    assert_breaks(&found, 1.0 / 0.85, 0.05, Reason::Load, "engineer-l3", "l3-fix");
    assert!(found.holds && found.curve[0].factor == 1.0);
}

/// λ* = min over roles of c / Σ visits · mean = .5682540 a minute, and half a case comes a minute.
#[test]
fn the_seven_step_flow_breaks_at_sales() {
    let found = breaks(&file("benches/models/seven-step-flow.yaml"), "arrivals", None, (10_000, 16));
    let bound = found.bound.as_ref().unwrap();
    assert!(bound.exact && bound.role == "sales", "{bound:?}");
    assert!((0.5 * bound.factor - 0.568_254_0).abs() < 1e-6, "{bound:?}");
    assert_breaks(&found, 0.568_254_0 / 0.5, 0.03, Reason::Load, "sales", "a6 a7");
    // The curve rises to the breaking point: loads in proportion to the arrivals, cases that take longer and longer.
    assert!(found.curve.windows(2).all(|pair| pair[0].factor < pair[1].factor));
    let stable: Vec<_> = found.curve.iter().filter(|point| point.holds).collect();
    assert!(stable.windows(2).all(|pair| pair[0].cycle_mean_s < pair[1].cycle_mean_s));
    for point in &found.curve {
        let expected = point.factor / (0.568_254_0 / 0.5);
        assert!((point.load.unwrap() - expected).abs() < 0.03 * expected, "{point:?}");
    }
}

/// One of five cases jams, and is then repaired for that long; a case comes every four minutes.
fn jamming(repair: &str) -> Arc<Process> {
    read(&format!(
        r#"
process: jamming
version: 1.0.0
start: print
roles: {{ mechanic: {{ people: 1 }}, idler: {{ people: 1 }} }}
steps:
  print:
    service: {{ takes: 1 min }}
    next: look
    cracks: {{ jam: {{ on: failure, chance: 20%, then: repair }} }}
  look: {{ human: {{ role: idler, takes: 1 s }}, next: printed }}
  repair: {{ human: {{ role: mechanic, takes: exponential({repair}) }}, next: printed }}
  printed: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: exponential(4 min) }} }}
"#
    ))
}

#[test]
fn cracks_break_a_process_where_what_they_cost_fills_the_day() {
    // f · 20 % of ten minutes every four minutes.
    let size = (8_000, 8);
    let all = breaks(&jamming("10 min"), "cracks", None, size);
    assert_breaks(&all, 2.0, 0.1, Reason::Load, "mechanic", "repair");
    assert!(all.bound.is_none());
    let one = breaks(&jamming("10 min"), "cracks:print/jam", None, size);
    assert_eq!(one.margin, all.margin);
    // Where every case jams, and the mechanic still has time, it never breaks.
    let never = breaks(&jamming("2 min"), "cracks", None, (1_000, 4));
    assert_eq!((never.margin, never.first.as_ref()), (None, None));
    let last = never.curve.last().unwrap();
    assert!(last.factor == 5.0 && (last.load.unwrap() - 0.5).abs() < 0.05, "{last:?}");
}

/// A person who is there for G = 2 d on average and away for L = .4 d has a share of G / (G + f L) for six minutes of work
/// that come every ten: it breaks at f = G (1 − ρ) / (ρ L) = 10/3.
#[test]
fn absences_break_a_process_where_too_little_time_is_left() {
    let process = read(
        r#"
process: clinic
version: 1.0.0
start: treat
roles: { nurse: { people: 1 }, porter: { people: 2 } }
steps:
  treat: { human: { role: nurse, takes: 6 min }, next: bring }
  bring: { human: { role: porter, takes: 1 min }, next: treated }
  treated: { end: {} }
simulation:
  arrivals: { every: exponential(10 min) }
  absences: { nurse: { rate: 182.625/year, lasts: 0.4 d } }
"#,
    );
    let found = breaks(&process, "absences", None, (10_000, 40));
    assert_breaks(&found, 10.0 / 3.0, 0.2, Reason::Load, "nurse", "treat");
    let small = |raise| breaks(&process, raise, None, (1_000, 4)).curve;
    assert_eq!(small("absences:nurse"), small("absences"));
}

/// M/M/1: P(W > t) = e^−(μ−λ)t. Of ten minutes with a mean service of one, 5 % take more at λ = 1 − ln 20 / 10.
#[test]
fn a_promise_breaks_before_the_people_do() {
    let mut definition = station(1, &poisson(0.5), "exponential(1 min)").definition().clone();
    let clock = "process: x\nversion: 1\nstart: x\nclocks: { quick: { within: 10 min } }\nsteps: { x: { end: {} } }";
    definition.clocks = read(clock).definition().clocks.clone();
    let process = Process::new(definition).unwrap();
    let at = (1.0 - 20.0_f64.ln() / 10.0) / 0.5;
    let clock = Promise::Clock { clock: "quick".to_owned(), at_least: 0.95 };
    let found = breaks(&process, "arrivals", Some(clock), (20_000, 12));
    assert_breaks(&found, at, 0.03, Reason::Promise, "server", "serve");
    assert!(found.curve.windows(2).all(|pair| pair[0].attainment > pair[1].attainment));
    assert!((found.bound.unwrap().factor - 2.0).abs() < 1e-9);
    let times = breaks(&process, "arrivals", Some("p95 <= 10 min".parse().unwrap()), (20_000, 12));
    assert_breaks(&times, at, 0.03, Reason::Promise, "server", "serve");
}

#[test]
fn what_is_too_much_already_is_halved_until_it_holds() {
    let found = breaks(&station(1, "2 min", "3 min"), "arrivals", None, (1_000, 2));
    assert!(!found.holds);
    let margin = found.margin.unwrap();
    assert!((margin.factor - 2.0 / 3.0).abs() < 0.005, "{margin:?}");
    assert!((found.bound.unwrap().factor - 2.0 / 3.0).abs() < 1e-9);
}

/// Whoever orders does not approve. Ana does all the orders, so Ben alone can approve: six minutes every eight. The two have
/// seven minutes of work in sixteen, and yet nothing more can be done at 4/3.
#[test]
fn a_queue_that_keeps_growing_breaks_a_process_whose_people_have_time() {
    let process = read(
        r#"
process: purchase
version: 1.0.0
start: order
roles: { buyer: { people: [ana] }, approver: { people: [ana, ben] } }
steps:
  order: { human: { role: buyer, takes: 1 min }, next: approve }
  approve: { human: { role: approver, takes: 6 min }, next: paid }
  paid: { end: {} }
rules: [{ four-eyes: [order, approve] }]
simulation: { arrivals: { every: exponential(8 min) } }
"#,
    );
    let found = breaks(&process, "arrivals", None, (4_000, 16));
    assert_breaks(&found, 4.0 / 3.0, 0.1, Reason::Queue, "approver", "approve");
    let bound = found.bound.as_ref().unwrap();
    assert!(!bound.exact && (bound.factor - 16.0 / 7.0).abs() < 0.1, "{bound:?}");
}

#[test]
fn what_is_not_there_cannot_be_raised() {
    let process = jamming("10 min");
    let problem = |raise: &str| stress(&process, raise, None, (10, 2)).unwrap_err().to_string();
    assert!(problem("cracks:print/jma").contains("did you mean `print/jam`?"), "{}", problem("cracks:print/jma"));
    assert!(problem("cracks:pritn/jam").contains("did you mean `print`?"));
    assert!(problem("absences").contains("no role has absences"));
    assert!(problem("absences:mechanic").contains("`mechanic` has no absences"));
    let clock = Promise::Clock { clock: "quick".to_owned(), at_least: 0.95 };
    let error = stress(&process, "arrivals", Some(clock), (10, 2)).unwrap_err();
    assert!(matches!(error, StressError::NoSuchClock { .. }), "{error}");
    assert!(matches!(stress(&process, "arrivals", None, (10, 1)), Err(StressError::TooFew)));
    assert!(matches!(stress(&process, "arrivals", None, (10, 2)), Err(StressError::TooFewCases(20))));
}
