//! What one change brings, against what is known of queues and of cracks.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Effect, Effects, EffectsError, Lever, Simulation, Verdict};
use support::{file, poisson, station};

fn person(role: &str) -> Lever {
    Lever::Person { role: role.to_owned() }
}

fn effects(process: &Arc<Process>, cases: u64) -> Effects {
    let set_up = |simulation: Simulation| simulation.cases(cases).replications(8).seed(4);
    Effects::of(process, set_up, &|_, _| {}).unwrap_or_else(|error| panic!("{error}"))
}

fn of<'e>(effects: &'e Effects, lever: &Lever) -> &'e Effect {
    effects.effects.iter().find(|effect| effect.lever == *lever).unwrap()
}

#[test]
fn one_more_where_the_queue_is_brings_most() {
    let found = effects(&file("benches/models/seven-step-flow.yaml"), 20_000);
    assert_eq!(found.effects[0].lever, person("sales"), "{:#?}", found.effects[0]);
    let gain = found.effects[0].comparison.cycle_time.unwrap();
    assert_eq!(gain.verdict, Verdict::Less);
    // The two steps of sales wait some twenty minutes each, at four cases of ten.
    assert!((-16.0 * 60.0..-5.0 * 60.0).contains(&(gain.to - gain.from)), "{gain:?}");
    assert!(found.effects[0].comparison.cycle_p90.unwrap().verdict == Verdict::Less);
    assert_ne!(found.effects[0].next_bottleneck, found.bottleneck);
}

#[test]
fn the_wait_that_a_second_server_takes_away_is_that_of_the_formula() {
    // M/M/1 at .8 waits 4, M/M/2 at .4 waits .190476 of a mean service.
    let found = effects(&station(1, &poisson(0.8), "exponential(1 min)"), 60_000);
    let gain = found.effects[0].comparison.cycle_time.unwrap();
    let [low, high] = gain.difference.map(|end| end / 60.0);
    assert!(low < -3.809_524 && -3.809_524 < high && high - low < 0.8, "{low} {high}");
}

/// Work of an hour comes at 9, 10 and 11, and the only clerk leaves at 11: what is left waits for the next day. An hour more
/// is an hour of work for each day, and those who have hours of their own do not get it.
#[test]
fn an_hour_more_is_what_waits_until_the_next_day() {
    let desk = |persons: &str| {
        let text = format!(
            r#"
process: desk
version: 1.0.0
start: answer
calendar: office
calendars: {{ office: {{ week: {{ mon-sun: "09:00-11:00" }} }}, own: {{ week: {{ mon-sun: "09:00-11:00" }} }} }}
roles: {{ clerk: {{ people: [ana] }} }}
{persons}
steps:
  answer: {{ human: {{ role: clerk, takes: 61 min }}, next: done }}
  done: {{ end: {{}} }}
simulation: {{ arrivals: {{ at: ["09:00", "10:00"] }} }}
"#
        );
        Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
    };
    let set_up = |simulation: Simulation| simulation.cases(2).replications(2);
    let found = Effects::of(&desk(""), set_up, &|_, _| {}).unwrap_or_else(|error| panic!("{error}"));
    let hour = of(&found, &Lever::Hour { role: "clerk".to_owned() }).comparison.cycle_time.unwrap();
    // The first takes 61 minutes; the second begins at 10:01, and its last two minutes are those of the next day at 9.
    let minutes = |seconds: f64| (seconds / 60.0).round();
    assert_eq!((minutes(2.0 * hour.from), minutes(2.0 * hour.to)), (61.0 + 23.0 * 60.0 + 2.0, 61.0 + 62.0));
    let own = Effects::of(&desk("persons: { ana: { calendar: own } }"), set_up, &|_, _| {}).unwrap();
    assert!(own.effects.iter().all(|effect| !matches!(effect.lever, Lever::Hour { .. })));
}

#[test]
fn where_nobody_waits_nothing_is_to_be_gained() {
    let found = effects(&station(2, "10 min", "3 min"), 1_000);
    assert_eq!(found.effects.len(), 1);
    assert_eq!(found.gains().count(), 0);
    assert_eq!(found.effects[0].comparison.cycle_time.unwrap().verdict, Verdict::NoSignificantDifference);
}

#[test]
fn who_cannot_keep_up_needs_help_before_all() {
    let found = effects(&station(1, "2 min", "3 min"), 1_000);
    assert!(!found.stable && found.effects[0].stable);
    assert_eq!(found.gains().count(), 1);
    assert!(found.effects[0].comparison.cycle_time.is_none());
}

/// Half of the cases fail once and are tried again an hour later.
fn failing() -> Arc<Process> {
    let text = r#"
process: failing
version: 1.0.0
start: print
steps:
  print:
    service: { takes: 1 min }
    next: printed
    cracks: { jam: { on: failure, chance: 50%, do: { retry: { after: 1 h, at-most: 9 } }, then: printed } }
  printed: { end: {} }
simulation: { arrivals: { every: 10 min } }
"#;
    Arc::new(Process::read("failing.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

#[test]
fn the_price_of_a_crack_is_what_it_takes_away() {
    let found = effects(&failing(), 2_000);
    let crack = |gone: bool| match (Some("print".to_owned()), "jam".to_owned()) {
        (step, crack) if gone => Lever::NoCrack { step, crack },
        (step, crack) => Lever::NoResponse { step, crack },
    };
    let price = of(&found, &crack(true)).comparison.cycle_time.unwrap();
    // It strikes 1/2 + 1/4 + … = once a case, and costs an hour and a minute each time.
    assert!(((price.from - price.to) / 60.0 - 61.0).abs() < 2.0, "{price:?}");
    let unanswered = of(&found, &crack(false)).comparison.stuck.unwrap();
    assert_eq!(unanswered.verdict, Verdict::More);
    assert!((unanswered.to - 0.5).abs() < 0.02, "{unanswered:?}");
    // The cases that still end are faster, which is no gain.
    assert!(!of(&found, &crack(false)).is_gain() && of(&found, &crack(true)).is_gain());
    assert_eq!(found.effects.last().unwrap().lever, crack(false));
}

#[test]
fn effects_are_differences_and_need_replications() {
    let one = |simulation: Simulation| simulation.cases(10).replications(1);
    assert!(matches!(Effects::of(&failing(), one, &|_, _| {}), Err(EffectsError::TooFew)));
}
