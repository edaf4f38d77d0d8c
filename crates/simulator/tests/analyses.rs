//! What a run says besides averages, against answers worked out by hand: nothing here is left to chance but which cases
//! a crack strikes, and that is counted.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_core::definition::ValueClass;
use grieta_simulator::{BurdenVerdict, Cause, Disproportion, Lost, Results, Simulation, Source};
use support::{file, run};

const HOUR: f64 = 3_600.0;

/// A case a day, at midnight.
fn daily(roles: &str, data: &str, steps: &str) -> Arc<Process> {
    let text = format!(
        r#"
process: desk
version: 1.0.0
start: first
calendars: {{ office: {{ week: {{ mon-sun: "09:00-17:00" }} }}, noon: {{ week: {{ mon-sun: "12:00-13:00" }} }} }}
roles: {{ {roles} }}
data: {{ {data} }}
steps:
{steps}
  done: {{ end: {{}} }}
simulation:
  start: 2026-01-05
  arrivals: {{ every: 1 d }}
  sample: {{ way: {{ a: 1, b: 1, c: 1, d: 1 }} }}
"#
    );
    let text =
        if data.contains("way") { text } else { text.replace("  sample: { way: { a: 1, b: 1, c: 1, d: 1 } }\n", "") };
    Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "expected {expected}, found {found}");
}

/// From where to where, how often a case, how long it waits there, how many come straight back.
fn hand_offs(results: &Results) -> Vec<(String, f64, f64, u64)> {
    let pairs = results.hand_offs.iter().flat_map(|found| &found.pairs);
    pairs
        .map(|row| (format!("{} {}", row.from, row.to), row.per_case, row.delay_mean_s.unwrap(), row.returned))
        .collect()
}

#[test]
fn work_that_goes_to_and_fro_is_handed_over_each_time() {
    let steps = r#"
  first: { human: { role: seller, takes: 10 min }, sets: { rounds: rounds + 1 }, next: check }
  check: { human: { role: checker, takes: 10 min }, next: enough }
  enough: { choose: [{ when: rounds < 2, to: first }, { otherwise: done }] }
"#;
    let roles = "seller: { department: sales, people: 1 }, checker: { department: back, people: 1, calendar: noon }";
    let results = run(&daily(roles, "rounds: { type: integer, initial: 0 }", steps), 50, 2, 1);
    // Sold at 00:10, checked at noon, sold again, and checked again before the office closes at one.
    let wait = 11.0 * HOUR + 50.0 * 60.0;
    let pairs = [("sales back".to_owned(), 2.0, wait / 2.0, 100), ("back sales".to_owned(), 1.0, 0.0, 100)];
    assert_eq!(hand_offs(&results), pairs);
    let found = results.hand_offs.unwrap();
    near(found.per_case, 3.0);
    near(found.return_rate.unwrap(), 2.0 / 3.0);
    assert_eq!((found.ping_pong.len(), found.ping_pong[0].turns), (1, 200));
    assert_eq!(found.ping_pong[0].between, ["back", "sales"]);
    near(found.ping_pong[0].per_case, 2.0);
    // A wait and none, in turn: the deviation of 100 and 100 of them, over their mean.
    near(found.pairs[0].delay_cv.unwrap(), (200.0f64 / 199.0).sqrt());
    let by = &results.waiting_by.hand_off;
    let of = Source::HandOff { from: Some("sales".to_owned()), to: Some("back".to_owned()) };
    assert_eq!((by.len(), &by[0].of, by[0].cause), (1, &of, Cause::Unavailability));
    near(by[0].per_case_s, wait);
    near(results.waiting_by.role[0].per_case_s, wait);
}

#[test]
fn a_branch_comes_from_whoever_did_it_and_who_works_on_hands_nothing_over() {
    let steps = r#"
  first: { fork: [slow, quick] }
  slow:  { human: { role: a, takes: 30 min }, next: both }
  quick: { human: { role: b, takes: 10 min }, next: after }
  after: { human: { role: c, takes: 40 min }, next: again }
  again: { human: { role: d, takes: 5 min }, next: both }
  both:  { join: all, next: done }
"#;
    let roles = "a: { people: 1, department: one }, b: { people: 1, department: b }, c: { people: 1, department: two }, d: { people: 1, department: two }";
    let results = run(&daily(roles, "", steps), 20, 1, 1);
    assert_eq!(hand_offs(&results), [("b two".to_owned(), 1.0, 0.0, 0)]);
}

#[test]
fn work_that_is_given_to_others_is_handed_over_too() {
    let steps = r#"
  first:
    human: { role: a, takes: 10 min }
    next: done
    cracks: { late: { on: deadline, after: 5 min, do: { reallocate: b } } }
"#;
    let results =
        run(&daily("a: { people: 1, department: one }, b: { people: 1, department: two }", "", steps), 20, 1, 1);
    assert_eq!(hand_offs(&results), [("one two".to_owned(), 1.0, 0.0, 0)]);
    let anew = steps.replace("{ reallocate: b }", "restart");
    let results =
        run(&daily("a: { people: 1, department: one }, b: { people: 1, department: two }", "", &anew), 20, 1, 1);
    assert_eq!(results.hand_offs, None);
}

#[test]
fn value_is_where_the_time_goes() {
    let steps = r#"
  first: { human: { role: clerk, takes: 10 h }, value: adds-value, why: They pay for it, next: print }
  print: { service: { takes: 2 h }, value: waste, next: ask }
  ask:   { wait: { for: customer, takes: 3 h }, next: rest }
  rest:  { wait: 10 h, value: needed, why: The law, next: done }
"#;
    let results = run(&daily("clerk: { people: 2, calendar: office, cost: 30 EUR/h }", "", steps), 30, 1, 1);
    // Begun at nine, interrupted by the night, over at eleven on the next day: 9 h of waiting and 26 h in hand.
    near(results.cycle_time.as_ref().unwrap().mean_s / HOUR, 50.0);
    let found = &results.value;
    near(found.flow_efficiency.unwrap(), 12.0 / 50.0);
    assert_eq!(found.without_why, ["print", "ask"]);
    let classes: Vec<_> = found.classes.iter().map(|row| (row.value, row.steps)).collect();
    let (adds, needed, waste) = (ValueClass::AddsValue, ValueClass::Needed, ValueClass::Waste);
    assert_eq!(classes, [(Some(adds), 1), (Some(needed), 1), (Some(waste), 1), (None, 1)]);
    for (row, (touch, elapsed)) in found.classes.iter().zip([(10.0, 35.0), (0.0, 10.0), (2.0, 2.0), (0.0, 3.0)]) {
        near(row.touch_per_case_s / HOUR, touch);
        near(row.touch_share.unwrap(), touch / 12.0);
        near(row.elapsed_per_case_s.unwrap() / HOUR, elapsed);
        near(row.elapsed_share.unwrap(), elapsed / 50.0);
    }
    assert_eq!(found.currency.as_deref(), Some("EUR"));
    near(found.classes[0].cost_per_case.unwrap(), 300.0);
    near(found.classes[0].cost_share.unwrap(), 1.0);
    near(found.classes[2].cost_per_case.unwrap(), 0.0);
}

#[test]
fn few_cases_that_take_much_of_the_time_are_found() {
    let steps = r#"
  first:
    human: { role: clerk, takes: 1 h }
    next: ask
    cracks: { unseen: { on: unavailable, after: 100 h, chance: 10%, do: { reoffer: boss } } }
  ask: { wait: { for: customer, takes: 5000 h }, next: done }
"#;
    let process = daily("clerk: { people: 99 }, boss: { people: 99 }", "", steps);
    let results = run(&process, 2_000, 1, 1);
    let struck = results.cracks[0].struck as f64;
    let [step, crack] = <[Disproportion; 2]>::try_from(results.disproportionate).unwrap();
    assert_eq!((step.crack.as_deref(), crack.crack.as_deref()), (None, Some("unseen")));
    // An hour of each, and a hundred hours of those: what the customer takes is not ours.
    near(crack.time_share, 100.0 * struck / (2_000.0 + 100.0 * struck));
    near(crack.cases_share, struck / 2_000.0);
    near(crack.ratio, crack.time_share / crack.cases_share);
    assert!(crack.is_out_of_proportion() && !crack.has_outliers());
    // All cases come to the step, but more than one in twenty waits a hundred hours before its hour of work.
    assert!(!step.is_out_of_proportion() && step.has_outliers(), "{step:?}");
    assert!((step.outliers.unwrap() / 101.0 - 1.0).abs() < 0.004, "{step:?}");
    let by_crack = &results.waiting_by.crack;
    assert_eq!((by_crack.len(), by_crack[0].cause), (1, Cause::Silence));
    near(by_crack[0].per_case_s / HOUR, 100.0 * struck / 2_000.0);
}

#[test]
fn what_is_waited_for_the_next_try_is_of_the_crack() {
    let steps = r#"
  first:
    service: { takes: 1 min }
    next: done
    cracks: { jam: { on: failure, chance: 100%, do: { retry: { after: 30 min, at-most: 2 } }, then: done } }
"#;
    let results = run(&daily("clerk: { people: 1 }", "", steps), 20, 1, 1);
    let found = &results.waiting_by.crack;
    assert_eq!((found.len(), found[0].cause), (1, Cause::Timer));
    near(found[0].per_case_s, HOUR);
    near(results.disproportionate.iter().find(|row| row.crack.is_some()).map_or(0.0, |row| row.ratio), 0.0);
}

#[test]
fn what_is_asked_once_in_a_blue_moon_is_no_burden() {
    let steps = r#"
  first:
    human: { role: clerk, takes: 1 h }
    effort: { media-break: 1, floors: 2 }
    next: second
    cracks:
      original: { on: failure, chance: 2%, do: continue, effort: { floors: 3 } }
      half:     { on: external, chance: 60%, do: continue, effort: { interruption: 1 } }
  second: { human: { role: boss, takes: 1 h }, effort: { after-hours: 1, accepted: They agreed }, next: third }
  third:  { service: {}, effort: { interruption: 1 }, next: done }
"#;
    let results = run(&daily("clerk: { people: 2 }, boss: { people: 1 }", "", steps), 400, 1, 1);
    // The first comes after a day.
    let months = 400.0 / (365.25 / 12.0);
    let struck = |index: usize| results.cracks[index].struck as f64;
    let expected = [
        ("first", None, 3.0, 3.0 * 400.0, 2.0, BurdenVerdict::TooOften),
        ("first", Some("half"), 1.0, struck(1), 2.0, BurdenVerdict::TooOften),
        ("third", None, 1.0, 400.0, 0.0, BurdenVerdict::TooOften),
        ("second", None, 1.0, 400.0, 1.0, BurdenVerdict::Accepted),
        ("first", Some("original"), 3.0, 3.0 * struck(0), 2.0, BurdenVerdict::Rare),
    ];
    assert!(3.0 * struck(0) / (2.0 * months) < 1.0 && struck(0) > 0.0, "{:?}", results.cracks);
    assert_eq!(results.burden.len(), expected.len());
    for (step, crack, points, all, people, verdict) in expected {
        let row = results.burden.iter().find(|row| (row.step.as_str(), row.crack.as_deref()) == (step, crack)).unwrap();
        assert_eq!((row.points as f64, row.verdict), (points, verdict), "{row:?}");
        near(row.per_case, all / 400.0);
        assert_eq!(row.per_person_month.is_some(), people > 0.0);
        near(row.per_person_month.unwrap_or(0.0), if people > 0.0 { all / (people * months) } else { 0.0 });
    }
    assert_eq!(results.burden[0].verdict, BurdenVerdict::TooOften);
    assert_eq!(results.burden.last().unwrap().verdict, BurdenVerdict::Rare);
}

#[test]
fn a_lost_case_is_lost_for_one_reason() {
    let steps = r#"
  first:
    choose:
      - { when: 'way == "a"', to: hear }
      - { when: 'way == "b"', to: print }
      - { when: 'way == "c"', to: look }
      - { otherwise: done }
  hear:  { receive: paid, next: done }
  print:
    service: { takes: 1 min }
    next: done
    cracks: { jam: { on: failure, chance: 100% } }
  look:  { choose: [{ when: never > 3, to: done }, { otherwise: done }] }
"#;
    let data = "way: { type: choice, of: [a, b, c, d], required: true }, never: { type: integer }";
    let results = run(&daily("clerk: { people: 1 }", data, steps), 200, 1, 1);
    let at = |step: &str| (results.step(step).unwrap().cases_share * 200.0).round() as u64;
    let lost = |why: Lost| results.lost.iter().find(|row| row.why == why).map_or(0, |row| row.cases);
    let found = [Lost::NothingComes, Lost::Unanswered, Lost::NobodyOwnsIt, Lost::GoesRound].map(lost);
    assert_eq!(found, [at("hear"), at("print"), at("look"), 0]);
    assert!(found[..3].iter().all(|cases| *cases > 20), "{found:?}");
    assert_eq!(found.iter().sum::<u64>(), results.stuck);
    for row in &results.dead_ends {
        assert_eq!(row.cases, lost(row.why), "{row:?}");
    }
}

#[test]
fn the_shipped_process_adds_up() {
    for variant in ["as-is", "to-be"] {
        let process = file(&format!("process-templates/lead-qualification/{variant}.yaml"));
        let results = Simulation::new(&process).unwrap().cases(3_000).replications(2).seed(5).run().unwrap();
        assert!(results.stable);
        let people = |cause: Cause| [Cause::Contention, Cause::Unavailability, Cause::Silence].contains(&cause);
        let of_steps = results.waiting.iter().filter(|row| row.role.is_some() && people(row.cause));
        let all: f64 = of_steps.map(|row| row.per_case_s).sum();
        for rows in [&results.waiting_by.role, &results.waiting_by.hand_off] {
            near(rows.iter().map(|row| row.per_case_s).sum(), all);
            near(rows.iter().map(|row| row.share).sum(), 1.0);
        }
        let silence = results.waiting.iter().filter(|row| row.cause == Cause::Silence).map(|row| row.per_case_s);
        let by_crack = results.waiting_by.crack.iter().filter(|row| row.cause == Cause::Silence);
        near(by_crack.map(|row| row.per_case_s).sum(), silence.sum());
        assert_eq!(results.lost.iter().map(|row| row.cases).sum::<u64>(), results.stuck);
        let shares = results.value.classes.iter().filter_map(|row| row.elapsed_share);
        near(shares.sum(), 1.0);
        let efficiency = results.value.flow_efficiency.unwrap();
        assert!(efficiency > 0.0 && efficiency < 0.1, "{efficiency}");
        assert!(results.hand_offs.unwrap().pairs.iter().any(|row| row.from == "sales" && row.to == "marketing"));
    }
}
