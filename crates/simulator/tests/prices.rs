//! What a crack costs and what its response is worth, against formulas.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Change, EffectsError, Price, Prices, Simulation, Verdict};
use support::{assert_covers, file};

const REPLICATIONS: u64 = 12;

/// Somebody at a desk, some cracks of what they do, a case every so often.
fn desk(people: &str, cracks: &str, every: &str) -> Arc<Process> {
    let text = format!(
        r#"
process: desk
version: 1.0.0
start: call
calendars: {{ office: {{ week: {{ mon-fri: "09:00-17:00" }} }} }}
roles: {{ clerk: {{ {people} }} }}
steps:
  call:
    human: {{ role: clerk, takes: 6 min }}
    outcomes: {{ again: {{ to: call, chance: 20% }}, over: {{ to: called, chance: rest }} }}
    cracks: {{ {cracks} }}
  called: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: "{every}" }} }}
"#
    );
    let text = if people.contains("calendar") { text } else { text.replace("again: { to: call, chance: 20% }, ", "") };
    Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

fn prices(process: &Arc<Process>, cases: u64) -> Prices {
    let set_up = |simulation: Simulation| simulation.cases(cases).replications(REPLICATIONS).seed(4);
    Prices::of(process, set_up, &|_, _| {}).unwrap_or_else(|error| panic!("{error}"))
}

fn covers(what: &str, change: Option<Change>, minutes: f64) {
    assert_covers(what, change.map(|change| change.difference), REPLICATIONS, minutes * 60.0);
}

#[test]
fn a_crack_costs_those_it_strikes_and_those_behind_them() {
    let jam = "jam: { on: failure, chance: 10%, do: { retry: { at-most: 1 } }, then: called }";
    let found = prices(&desk("people: 1, cost: 30 EUR/h", jam, "11 min"), 4_000);
    let [price] = found.cracks.as_slice() else { panic!("{found:?}") };
    let cost = price.cost.as_ref().unwrap();
    // Whoever is struck takes 12 minutes rather than 6, so that whoever comes 11 minutes later waits a minute more. The wait is
    // a walk with a step of +1 by a chance of a tenth and of −5 otherwise, never below 0: it is geometric, with the root of
    // s = 0.1 + 0.9 s^6, a tenth to the sixth place; its mean is s / (1 − s).
    let wait = 0.1 / 0.9;
    covers("others", cost.spill_over, wait);
    covers("cycle", cost.comparison.cycle_time, 0.6 + wait);
    covers("work", cost.comparison.work, 0.6);
    // Half a euro a minute; `covers` counts in seconds.
    let money = cost.comparison.cost.map(|change| change.difference);
    assert_covers("money", money, REPLICATIONS, 0.3);
    // Who fails twice has struck twice.
    assert!((price.struck_per_case - 0.11).abs() < 0.01, "{}", price.struck_per_case);
    let worth = price.worth.as_ref().unwrap();
    assert_eq!(worth.comparison.stuck.unwrap().verdict, Verdict::Less);
    assert!((worth.comparison.stuck.unwrap().from - 0.1).abs() < 0.01);
    assert!(worth.spill_over.is_none());
}

#[test]
fn where_nobody_stands_in_the_way_others_wait_exactly_as_long() {
    // They wait for the office to open, so that other cases would have waited differently long.
    let cracks = "jam: { on: failure, chance: 20%, do: { retry: { at-most: 2 } }, then: called }, \
                  away: { on: unavailable, chance: 10%, do: reoffer }, \
                  ring: { on: external, chance: 15%, then: called, interrupts: true }, \
                  odd: { on: failure, chance: 30%, then: called }";
    let found = prices(&desk("people: 500, calendar: office", cracks, "exponential(40 min)"), 500);
    assert_eq!(found.cracks.len(), 4);
    let others = |price: &Price| (price.crack.clone(), price.cost.as_ref().unwrap().spill_over.unwrap());
    let others: Vec<_> = found.cracks.iter().map(others).collect();
    assert!(others.iter().all(|(_, waits)| waits.difference == [0.0, 0.0] && waits.from > 3_600.0), "{others:#?}");
}

#[test]
fn the_dearest_crack_comes_first_and_what_nobody_notices_costs_nothing() {
    // Whoever is tried again may be stopped again, which is why `often` and `seldom` make some cases end never.
    let cracks = "stop: { on: failure, chance: 1% }, \
                  often: { on: failure, chance: 20%, do: { retry: { after: 1 h, at-most: 1 } }, then: called }, \
                  late: { on: deadline, after: 2 h, do: continue }, \
                  seldom: { on: failure, chance: 20%, do: { retry: { after: 1 min, at-most: 1 } }, then: called }";
    let found = prices(&desk("people: 3", cracks, "20 min"), 1_000);
    let order: Vec<_> = found.cracks.iter().map(|price| price.crack.as_str()).collect();
    assert_eq!((order[0], order[3]), ("stop", "late"));
    let time = |name: &str| {
        let price = found.cracks.iter().find(|price| price.crack == name).unwrap();
        let change = price.cost.as_ref().unwrap().comparison.cycle_time.unwrap();
        change.to - change.from
    };
    assert!(time("often") > 3.0 * time("seldom"), "{} {}", time("often"), time("seldom"));
    let late = found.cracks[3].cost.as_ref().unwrap();
    assert_eq!(late.comparison.cycle_time.unwrap().difference, [0.0, 0.0]);
    assert!(late.spill_over.is_none() && found.cracks[3].worth.is_some());
    assert!(found.cracks[0].worth.is_none());
    // Where every case ends, time alone decides.
    let without = "late: { on: deadline, after: 2 h, do: continue }, \
                   seldom: { on: failure, chance: 20%, do: { retry: { after: 1 min, at-most: 9 } }, then: called }, \
                   often: { on: failure, chance: 20%, do: { retry: { after: 1 h, at-most: 9 } }, then: called }";
    let found = prices(&desk("people: 3", without, "20 min"), 1_000);
    let order: Vec<_> = found.cracks.iter().map(|price| price.crack.as_str()).collect();
    assert_eq!(order, ["often", "seldom", "late"]);
}

#[test]
fn the_shipped_process_has_its_prices() {
    let found = prices(&file("process-templates/lead-qualification/as-is.yaml"), 300);
    assert_eq!(found.cracks.len(), 14);
    assert_eq!(found.cracks[0].crack, "owner-absent");
    assert_eq!(found.cracks[0].cost.as_ref().unwrap().comparison.stuck.unwrap().verdict, Verdict::More);
}

#[test]
fn prices_are_differences_and_need_replications() {
    let process = desk("people: 1", "jam: { on: failure, chance: 10% }", "10 min");
    let one = |simulation: Simulation| simulation.cases(10).replications(1);
    assert!(matches!(Prices::of(&process, one, &|_, _| {}), Err(EffectsError::TooFew)));
}

#[test]
fn a_crack_that_strikes_by_time_alone_costs_what_ends_later_because_of_it() {
    // Everybody works for six minutes, and after four of them begins anew.
    let found = prices(
        &desk(
            "people: 500",
            "late: { on: deadline, after: 4 min, do: restart }, idle: { on: deadline, after: 1 min }",
            "20 min",
        ),
        100,
    );
    let price = |name: &str| found.cracks.iter().find(|price| price.crack == name).unwrap();
    let cost = price("late").cost.as_ref().unwrap();
    assert_eq!(cost.comparison.cycle_time.unwrap().difference, [240.0, 240.0]);
    // Nobody answers it and it stops nothing: there is nothing to simulate.
    assert!(price("idle").cost.is_none() && price("idle").worth.is_none());
}
