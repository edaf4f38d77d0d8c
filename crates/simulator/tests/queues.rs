//! Queues with exact solutions: M/M/1, M/M/c and M/G/1 against their textbook formulas.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use support::{assert_covers, file, poisson, run, station};

const MINUTE: f64 = 60.0;

/// M/M/1 at four utilisations. The tolerance is four standard errors from the asymptotic variance of the mean wait,
/// ρ(2 + 5ρ − 4ρ² + ρ³) / (μ²(1 − ρ)⁴) per customer, and what the empty start costs: the queue needs about
/// 1/(1 − √ρ)² customers to forget it.
#[test]
fn mm1_waits_as_the_formula_says() {
    let (cases, replications) = (250_000, 6);
    for rho in [0.5, 0.8, 0.9, 0.95] {
        let results = run(&station(1, &poisson(rho), "exponential(1 min)"), cases, replications, 11);
        let truth = rho / (1.0 - rho);
        let variance = rho * (2.0 + 5.0 * rho - 4.0 * rho * rho + rho.powi(3)) / (1.0 - rho).powi(4);
        let error = (variance / (cases * replications) as f64).sqrt();
        let start = truth / (1.0 - rho.sqrt()).powi(2) / cases as f64;
        let found = results.step("serve").unwrap().wait_mean_s.unwrap() / MINUTE;
        assert!((found - truth).abs() <= 4.0 * error + start, "ρ {rho}: Wq {found}, expected {truth} ± {error}");
        // The time in system is exponential, so its quantiles err in proportion to its mean.
        let p95 = results.cycle_time.unwrap().p95_s.unwrap() / MINUTE;
        let expected = 20f64.ln() / (1.0 - rho);
        let relative = (4.0 * error + start) / truth + 0.005;
        assert!((p95 / expected - 1.0).abs() <= relative, "ρ {rho}: p95(W) {p95}, expected {expected}");
        assert_covers("utilisation", results.roles[0].utilisation_ci95, replications, rho);
    }
}

#[test]
fn mmc_waits_as_erlang_says() {
    let replications = 20;
    for (servers, rate, wait, waits) in [
        (2, 1.6, 1.777_778, Some(0.711_111)),
        (5, 4.5, 1.524_986_4, Some(0.762_493_2)),
        (10, 9.0, 0.668_732, None),
        (50, 47.5, 0.251_638, None),
    ] {
        let results = run(&station(servers, &poisson(rate), "exponential(1 min)"), 60_000, replications, 5);
        let step = results.step("serve").unwrap();
        let found = step.wait_ci95_s.map(|ends| ends.map(|end| end / MINUTE));
        assert_covers(&format!("M/M/{servers} Wq"), found, replications, wait);
        if let Some(expected) = waits {
            // The share that waits is a smoother figure than the wait itself: its relative error is smaller.
            let share = step.waited_share.unwrap();
            assert!((share / expected - 1.0).abs() < 0.02, "M/M/{servers}: P(wait) {share}, expected {expected}");
        }
    }
}

#[test]
fn the_five_servers_of_the_benchmark_reach_their_quantile() {
    let results = run(&file("benches/models/mm5.yaml"), 200_000, 8, 3);
    let step = results.steps.iter().find(|step| step.role.is_some()).unwrap();
    let p95 = step.wait_p95_s.unwrap() / MINUTE;
    // Relative error of the conditional wait, exponential with mean 1/(cμ − λ) = 2, as for M/M/1 at ρ .9.
    let error = 4.0 * (0.9f64 * (2.0 + 4.5 - 3.24 + 0.729) / 0.1f64.powi(4) / 1.6e6).sqrt() / 9.0;
    assert!((p95 / 5.449_141 - 1.0).abs() < error, "p95(Wq) {p95}, expected 5.449141 ± {error}");
    assert_covers("Wq", step.wait_ci95_s.map(|ends| ends.map(|end| end / MINUTE)), 8, 1.524_986_4);
}

/// M/G/1 at ρ .8: Wq = λm²(1 + cv²) / (2(1 − ρ)).
#[test]
fn mg1_waits_as_pollaczek_and_khinchine_say() {
    let replications = 20;
    for (service, cv) in [
        ("1 min", 0.0),
        ("uniform(0 min, 2 min)", 1.0 / 3f64.sqrt()),
        ("gamma(1 min, cv 0.70710678118654752)", 0.5f64.sqrt()),
        ("lognormal(1 min, cv 0.8)", 0.8),
        ("lognormal(1 min, cv 1.5)", 1.5),
        ("lognormal(1 min, cv 2)", 2.0),
        ("weibull(1 min, shape 1)", 1.0),
    ] {
        let results = run(&station(1, &poisson(0.8), service), 60_000, replications, 9);
        let truth = 0.8 * (1.0 + cv * cv) / (2.0 * 0.2);
        let found = results.step("serve").unwrap().wait_ci95_s.map(|ends| ends.map(|end| end / MINUTE));
        assert_covers(service, found, replications, truth);
    }
}

/// Two branches without a queue: E max = 1/a + 1/b − 1/(a + b).
#[test]
fn the_longer_of_two_branches_decides() {
    for (a, b, expected) in [(1.0, 1.0, 1.5), (1.0, 2.0, 2.333_333), (6.0, 20.0, 21.384_615)] {
        let text = format!(
            r#"
process: branches
version: 1.0.0
start: split
steps:
  split: {{ fork: [one, other] }}
  one:   {{ service: {{ takes: "exponential({a} min)" }}, next: both }}
  other: {{ service: {{ takes: "exponential({b} min)" }}, next: both }}
  both:  {{ join: all, next: done }}
  done:  {{ end: {{}} }}
simulation: {{ arrivals: {{ every: 1 h }} }}
"#
        );
        let process = grieta_core::Process::read("branches.yaml", text.as_bytes()).unwrap();
        let results = run(&std::sync::Arc::new(process), 20_000, 10, 2);
        let found = results.cycle_time.unwrap().ci95_s.map(|ends| ends.map(|end| end / MINUTE));
        assert_covers(&format!("max({a}, {b})"), found, 10, expected);
    }
}

/// Bernoulli feedback at λ .4, p .3: W 3.333333, 1.428571 visits.
#[test]
fn work_that_comes_back_counts_again() {
    let text = r#"
process: feedback
version: 1.0.0
start: serve
roles: { server: { people: 1 } }
steps:
  serve:
    human: { role: server, takes: exponential(1 min) }
    outcomes: { again: { chance: 30%, to: serve }, done: { chance: rest, to: served } }
  served: { end: {} }
simulation: { arrivals: { every: exponential(2.5 min) } }
"#;
    let process = std::sync::Arc::new(grieta_core::Process::read("feedback.yaml", text.as_bytes()).unwrap());
    let results = run(&process, 50_000, 10, 4);
    assert_covers("visits", results.step("serve").unwrap().visits_ci95, 10, 1.428_571_4);
    let cycle = results.cycle_time.unwrap().ci95_s.map(|ends| ends.map(|end| end / MINUTE));
    assert_covers("W", cycle, 10, 3.333_333);
}

#[test]
fn more_work_than_can_be_done_is_called_unstable_and_has_no_mean() {
    let results = run(&station(1, &poisson(1.2), "exponential(1 min)"), 5_000, 2, 1);
    assert!(!results.stable);
    assert!(results.cycle_time.is_none() && results.step("serve").unwrap().wait_mean_s.is_none());
    assert!(results.roles[0].utilisation.unwrap() > 1.1);
    assert!(run(&station(1, &poisson(0.9), "exponential(1 min)"), 5_000, 2, 1).stable);
}
