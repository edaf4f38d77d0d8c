//! Queue disciplines, finite queues, impatience and networks against their exact solutions.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::statistics::Interval;
use grieta_simulator::{Cause, Counted, Cracks, Figure, Results, Simulation, Statistic};
use support::{assert_covers, at_level, poisson, run};

const MINUTE: f64 = 60.0;
const REPLICATIONS: u64 = 20;

fn process(text: &str) -> Arc<Process> {
    Arc::new(Process::read("queue.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

/// Two kinds of customers at one desk: gold ones, three of eight, and basic ones; a minute each on average unless said.
fn two_classes(people: u32, rate: f64, queue: &str, takes: [&str; 2], clocks: &str) -> Arc<Process> {
    let [gold, basic] = takes;
    process(&format!(
        r#"
process: desk
version: 1.0.0
start: which
roles: {{ clerk: {{ people: {people}, queue: {{ {queue} }} }} }}
data: {{ tier: {{ type: choice, of: [gold, basic], required: true }} }}
{clocks}
steps:
  which: {{ choose: [{{ when: tier == "gold", to: gold }}, {{ otherwise: basic }}] }}
  gold:  {{ human: {{ role: clerk, takes: "{gold}" }}, next: served-gold }}
  basic: {{ human: {{ role: clerk, takes: "{basic}" }}, next: served-basic }}
  served-gold: {{ end: {{}} }}
  served-basic: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: "{}" }}, sample: {{ tier: {{ gold: 3, basic: 5 }} }} }}
"#,
        poisson(rate)
    ))
}

const MEAN_ONE: [&str; 2] = ["exponential(1 min)", "exponential(1 min)"];
const BY_TIER: &str = r#"priority: 'tier == "gold"'"#;

fn assert_waits(results: &Results, step: &str, expected: f64) {
    let wait = results.step(step).unwrap().wait_ci95_s.map(|ends| ends.map(|end| end / MINUTE));
    assert_covers(&format!("wait of {step}"), wait, REPLICATIONS, expected);
}

/// Cobham (1954): with W₀ the mean work left in hand and σ the load of a class and those before it,
/// W = W₀ / ((1 − σ before) (1 − σ)).
#[test]
fn priority_without_interruption_waits_as_cobham_says() {
    let one = run(&two_classes(1, 0.8, BY_TIER, MEAN_ONE, ""), 60_000, REPLICATIONS, 3);
    assert_waits(&one, "gold", 0.8 / 0.7);
    assert_waits(&one, "basic", 0.8 / (0.7 * 0.2));
    // With five servers W₀ is C / (cμ), and C is .762493 at 4.5 arrivals.
    let five = run(&two_classes(5, 4.5, BY_TIER, MEAN_ONE, ""), 60_000, REPLICATIONS, 4);
    let (left, gold) = (0.762_493_2 / 5.0, 4.5 * 3.0 / 8.0 / 5.0);
    assert_waits(&five, "gold", left / (1.0 - gold));
    assert_waits(&five, "basic", left / ((1.0 - gold) * (1.0 - 0.9)));
}

/// Time in the system with pre-emption and resumption, exponential with mean 1: T = 1 / ((1 − σ before) (1 − σ)).
#[test]
fn work_that_is_laid_aside_takes_as_long_as_preemption_says() {
    let queue = format!("{BY_TIER}, interrupts: true");
    let simulation = Simulation::new(&two_classes(1, 0.8, &queue, MEAN_ONE, "")).unwrap();
    let simulation = simulation.cases(60_000).replications(REPLICATIONS).seed(5).keeping_figures();
    let plan = simulation.plan().clone();
    let results = simulation.run().unwrap();
    for (end, expected) in [("served-gold", 1.0 / 0.7), ("served-basic", 1.0 / (0.7 * 0.2))] {
        let (statistic, counted) = (Statistic::Mean, Counted::Elapsed);
        let figure = Figure::CycleTime { statistic, end: plan.step(end), counted };
        let interval = Interval::of(&results.figure(figure).values, 0.95).unwrap();
        assert_covers(end, Some([interval.low, interval.high].map(|end| end / MINUTE)), REPLICATIONS, expected);
    }
    // Until it is first begun it waits as without interruption; nothing of its length is lost or done twice.
    assert_waits(&results, "basic", 0.8 / (0.7 * 0.2));
    assert_covers("load", results.roles[0].utilisation_ci95, REPLICATIONS, 0.8);
    let busy = results.roles[0].busy_share.unwrap();
    assert!((busy - 0.8).abs() < 0.01, "{busy}");
}

/// Every moment of a case is work or waiting with a cause, also where work is laid aside.
#[test]
fn causes_and_work_add_up_to_the_time_of_the_cases() {
    for queue in [BY_TIER.to_owned(), format!("{BY_TIER}, interrupts: true"), "order: shortest-first".to_owned()] {
        let results = run(&two_classes(2, 1.8, &queue, MEAN_ONE, ""), 5_000, 2, 7);
        let work: f64 = results.steps.iter().map(|step| step.touch_mean_s.unwrap_or(0.0) * step.visits_per_case).sum();
        let waiting: f64 = results.waiting.iter().map(|row| row.per_case_s).sum();
        let cycle = results.cycle_time.as_ref().unwrap().mean_s;
        assert!((work + waiting - cycle).abs() < 1e-9 * cycle, "{queue}: {work} + {waiting} is not {cycle}");
        let overtaken = results.waiting.iter().find(|row| row.cause == Cause::Prioritisation && row.step == "basic");
        assert!(overtaken.is_some(), "{queue}: {:?}", results.waiting);
    }
}

/// Shortest first is priority by length: W₀ = Σ λ E\[S²\] / 2 = .475.
#[test]
fn the_shortest_work_is_taken_first() {
    let results =
        run(&two_classes(1, 0.8, "order: shortest-first", ["0.5 min", "1.1 min"], ""), 60_000, REPLICATIONS, 6);
    let left = (0.3 * 0.25 + 0.5 * 1.21) / 2.0;
    assert_waits(&results, "gold", left / (1.0 - 0.15));
    assert_waits(&results, "basic", left / ((1.0 - 0.15) * (1.0 - 0.7)));
}

/// Where one class is always due before the other, earliest due first is priority for that class.
#[test]
fn the_work_that_is_due_first_is_taken_first() {
    let clocks = "clocks: { soon: { from: gold, until: gold, within: 1 min }, late: { from: basic, until: basic, within: 1000 w } }";
    let results = run(&two_classes(1, 0.8, "order: earliest-due", MEAN_ONE, clocks), 60_000, REPLICATIONS, 8);
    assert_waits(&results, "gold", 0.8 / 0.7);
    assert_waits(&results, "basic", 0.8 / (0.7 * 0.2));
}

fn desk(people: u32, rate: f64, queue: &str, crack: &str) -> Arc<Process> {
    process(&format!(
        r#"
process: desk
version: 1.0.0
start: serve
roles: {{ clerk: {{ people: {people}{queue} }} }}
steps:
  serve:
    human: {{ role: clerk, takes: exponential(1 min) }}
    cracks: {{ {crack} }}
    next: served
  served: {{ end: {{}} }}
  lost: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: "{}" }} }}
"#,
        poisson(rate)
    ))
}

/// M/M/c/K by birth and death: with c 2 and K 10 at 1.8, 5.48073 % are lost; with 5 and 20 at 6, 17.26919 %.
#[test]
fn a_full_queue_turns_away_as_many_as_birth_and_death_say() {
    for (people, room, rate, lost, wait) in
        [(2, 8, 1.8, 0.054_807_3, 1.516_483), (5, 15, 6.0, 0.172_691_9, 2.155_137), (3, 0, 2.0, 4.0 / 19.0, 0.0)]
    {
        let full = "full: { on: unavailable, when-full: true, do: fail, then: lost }";
        let process = desk(people, rate, &format!(", queue: {{ room: {room} }}"), full);
        let results = run(&process, 50_000, REPLICATIONS, 9);
        assert_covers("lost", results.end("lost").unwrap().ci95, REPLICATIONS, lost);
        assert_eq!(results.stuck, 0);
        match wait {
            0.0 => assert_eq!(results.step("serve").unwrap().wait_mean_s, Some(0.0)),
            wait => assert_waits(&results, "serve", wait),
        }
        // Without cracks there is room for everybody.
        let simulation = Simulation::with_cracks(&process, Cracks::Off).unwrap().cases(500).replications(2);
        assert_eq!(simulation.run().unwrap().end("lost").map_or(0.0, |end| end.share), 0.0);
    }
}

/// Erlang A with 5 servers, 4.5 arrivals and patience of 2 minutes: 10.98686 % give up, 52.76424 % wait, and all wait
/// .2197372 minutes on average.
#[test]
fn who_waits_too_long_gives_up_as_erlang_says() {
    let gives_up = "gives-up: { on: external, patience: exponential(2 min), do: fail, then: lost }";
    let process = desk(5, 4.5, "", gives_up);
    let mut waits = Vec::new();
    let mut waited = Vec::new();
    for seed in 0..REPLICATIONS {
        let results = run(&process, 50_000, 1, seed);
        let lost = results.end("lost").unwrap().share;
        waits.push(results.waiting[0].per_case_s / MINUTE);
        waited.push(lost + results.step("serve").unwrap().waited_share.unwrap() * (1.0 - lost));
    }
    let interval = |values: &[f64]| Interval::of(values, 0.95).map(|interval| [interval.low, interval.high]);
    assert_covers("wait of all", interval(&waits), REPLICATIONS, 0.219_737_2);
    assert_covers("share that waits", interval(&waited), REPLICATIONS, 0.527_642_4);
    let results = run(&process, 50_000, REPLICATIONS, 9);
    assert_covers("lost", results.end("lost").unwrap().ci95, REPLICATIONS, 0.109_868_6);
    assert_eq!((results.stuck, results.completed), (0, results.cases));
}

/// Who has been begun gives up no longer, and who gives up after exactly as long as the work of one before takes is gone.
#[test]
fn patience_ends_when_somebody_begins() {
    let text = |patience: &str| {
        format!(
            r#"
process: desk
version: 1.0.0
start: serve
roles: {{ clerk: {{ people: 1 }} }}
steps:
  serve:
    human: {{ role: clerk, takes: 8 min }}
    cracks: {{ gives-up: {{ on: external, patience: {patience}, do: fail, then: lost }} }}
    next: served
  served: {{ end: {{}} }}
  lost: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: 5 min }} }}
"#
        )
    };
    // Of two customers one comes at once to somebody who is free, the other waits 3 minutes of the work before.
    let patient = run(&process(&text("4 min")), 2, 1, 1);
    assert_eq!(patient.end("lost").unwrap().share, 0.0);
    let impatient = run(&process(&text("2 min")), 2, 1, 1);
    assert_eq!(impatient.end("lost").unwrap().share, 0.5);
    assert_eq!(impatient.step("serve").unwrap().touch_mean_s, Some(480.0));
}

/// Two queues side by side for each customer, at equal rates: T = (12 − ρ) / 8 / (μ − λ) (Flatto and Hahn 1984).
#[test]
fn a_fork_into_two_queues_takes_as_long_as_flatto_and_hahn_say() {
    for rho in [0.5, 0.8] {
        let text = format!(
            r#"
process: fork-join
version: 1.0.0
start: split
roles: {{ left: {{ people: 1 }}, right: {{ people: 1 }} }}
steps:
  split: {{ fork: [one, other] }}
  one:   {{ human: {{ role: left, takes: exponential(1 min) }}, next: both }}
  other: {{ human: {{ role: right, takes: exponential(1 min) }}, next: both }}
  both:  {{ join: all, next: done }}
  done:  {{ end: {{}} }}
simulation: {{ arrivals: {{ every: "{}" }} }}
"#,
            poisson(rho)
        );
        let results = run(&process(&text), 50_000, REPLICATIONS, 12);
        let cycle = results.cycle_time.unwrap().ci95_s.map(|ends| ends.map(|end| end / MINUTE));
        assert_covers(&format!("ρ {rho}"), cycle, REPLICATIONS, (12.0 - rho) / 8.0 / (1.0 - rho));
    }
}

/// A network of Jackson (1957): each station waits as if it stood alone, at the rate that the flows bring it.
#[test]
fn a_network_waits_as_jackson_says() {
    let text = r#"
process: network
version: 1.0.0
start: a
roles: { ra: { people: 1 }, rb: { people: 2 }, rc: { people: 1 } }
steps:
  a: { human: { role: ra, takes: exponential(1 min) }, outcomes: { b: { chance: 60%, to: b }, c: { chance: 40%, to: c } } }
  b: { human: { role: rb, takes: exponential(4 min) }, outcomes: { back: { chance: 30%, to: a }, done: { chance: 70%, to: done } } }
  c: { human: { role: rc, takes: exponential(3 min) }, next: done }
  done: { end: {} }
simulation: { arrivals: { every: exponential(2 min) } }
"#;
    let results = run(&process(text), 50_000, REPLICATIONS, 13);
    let to_a = 0.5 / (1.0 - 0.6 * 0.3);
    assert_waits(&results, "a", to_a / (1.0 - to_a));
    // Two servers: C = 2ρ² / (1 + ρ), W = C / (2μ − λ).
    let (to_b, mu) = (0.6 * to_a, 0.25);
    let rho = to_b / (2.0 * mu);
    assert_waits(&results, "b", 2.0 * rho * rho / (1.0 + rho) / (2.0 * mu - to_b));
    let rho = 0.4 * to_a * 3.0;
    assert_waits(&results, "c", 3.0 * rho / (1.0 - rho));
    assert_covers("visits", results.step("a").unwrap().visits_ci95, REPLICATIONS, to_a / 0.5);
}

/// Knock-out checks: the expected effort is Σ eᵢ Π (1 − pⱼ) over those before, and least where p / e descends.
#[test]
fn knock_out_checks_cost_least_where_chance_by_effort_descends() {
    let checks = [(10, 20), (3, 10), (8, 40), (5, 5)];
    let effort = |order: &[usize]| {
        let add = |(sum, left): (f64, f64), check: &usize| {
            let (takes, fails) = checks[*check];
            (sum + left * f64::from(takes), left * (1.0 - f64::from(fails) / 100.0))
        };
        order.iter().fold((0.0, 1.0), add).0
    };
    let mut orders = vec![vec![]];
    for _ in 0..checks.len() {
        let longer = |order: &Vec<usize>| {
            let rest = (0..checks.len()).filter(|check| !order.contains(check));
            rest.map(|check| [order.clone(), vec![check]].concat()).collect::<Vec<_>>()
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    let mut best = vec![0, 1, 2, 3];
    let worth = |check: &usize| f64::from(checks[*check].1) / f64::from(checks[*check].0);
    best.sort_by(|one, other| worth(other).total_cmp(&worth(one)));
    let least = orders.iter().map(|order| effort(order)).fold(f64::INFINITY, f64::min);
    assert!((effort(&best) - least).abs() < 1e-12);
    for order in [best, vec![0, 1, 2, 3], vec![3, 1, 0, 2]] {
        let results = run(&in_that_order(&checks, &order), 40_000, REPLICATIONS, 14);
        let touch: Vec<f64> =
            results.steps.iter().filter_map(|step| Some(step.touch_mean_s? * step.visits_per_case / MINUTE)).collect();
        // Each effort is constant, so only the visits err.
        let half: f64 = results
            .steps
            .iter()
            .filter_map(|step| {
                let takes = step.touch_mean_s? / MINUTE;
                Some(takes * at_level(step.visits_ci95?, REPLICATIONS, 0.9999).1)
            })
            .sum();
        let found: f64 = touch.iter().sum();
        assert!((found - effort(&order)).abs() <= half, "{order:?}: {found} ± {half}, expected {}", effort(&order));
    }
}

fn in_that_order(checks: &[(u32, u32)], order: &[usize]) -> Arc<Process> {
    let step = |(place, check): (usize, &usize)| {
        let (takes, fails) = checks[*check];
        let next = order.get(place + 1).map_or("accepted".to_owned(), |next| format!("check-{next}"));
        format!(
            "  check-{check}: {{ human: {{ role: clerk, takes: {takes} min }}, outcomes: {{ out: {{ chance: {fails}%, to: refused }}, on: {{ chance: rest, to: {next} }} }} }}\n"
        )
    };
    let steps: String = order.iter().enumerate().map(step).collect();
    process(&format!(
        "process: checks\nversion: 1.0.0\nstart: check-{}\nroles: {{ clerk: {{ people: 100 }} }}\nsteps:\n{steps}  accepted: {{ end: {{}} }}\n  refused: {{ end: {{}} }}\nsimulation: {{ arrivals: {{ every: 10 min }} }}\n",
        order[0]
    ))
}
