//! What people see, for a tiny process and a fixed seed.

use std::sync::Arc;

use grieta_core::Process;
use grieta_report::{Measure, Outline, Screen, Telling, effects, mermaid, prices, staffing, stress, tables};
use grieta_simulator::staffing::{Search, Staffing};
use grieta_simulator::{Effects, Prices, Promise, Raise, Results, Simulation, Stress, compare};

/// A desk where nobody answers to anything.
const AS_IS: &str = r#"
process: desk
version: 1.0.0
title: Help desk
variant: as-is
start: answer
roles:
  agent: { department: service, people: 1 }
  engineer: { people: 2 }
data:
  tries: { type: integer, initial: 0 }
steps:
  answer:
    human: { role: agent, takes: exponential(8 min) }
    name: Answer the "first" call
    sets: { tries: tries + 1 }
    outcomes:
      solved: { chance: 70%, to: solved }
      hard: { chance: rest, to: enough }
    cracks:
      hangs-up: { on: failure, chance: 5%, name: The caller hangs up }
      wrong-desk: { on: external, chance: 3% }
      no-voice: { on: failure, chance: 2%, do: { skip: hard } }
  enough:
    choose:
      - { when: tries < 2, to: repair }
      - { otherwise: given-up }
  repair:
    human: { role: engineer, takes: "lognormal(20 min, cv 0.5)" }
    next: call-back
    cracks:
      forgotten: { on: deadline, after: 8 h, chance: 4%, interrupts: true }
  call-back: { wait: 1 h, next: answer }
  solved: { end: {} }
  given-up: { end: {} }
simulation:
  arrivals: { every: exponential(14 min) }
"#;

fn read(file: &str) -> Arc<Process> {
    let process = Process::read("desk.yaml", file.as_bytes());
    Arc::new(process.unwrap_or_else(|problems| unreachable!("{problems}")))
}

/// The same desk, with an answer to each crack.
fn to_be() -> Arc<Process> {
    let better = AS_IS
        .replace("variant: as-is", "variant: to-be")
        .replace("chance: 5%,", "chance: 5%, do: { retry: { after: 10 min, at-most: 2 } }, then: given-up,")
        .replace("chance: 3% }", "chance: 3%, do: continue }")
        .replace("chance: 4%, interrupts: true", "chance: 4%, do: { reallocate: agent }");
    read(&better)
}

fn simulation(process: &Arc<Process>) -> Simulation {
    let simulation = Simulation::new(process).unwrap_or_else(|problems| unreachable!("{problems}"));
    simulation.cases(1_000).replications(5).seed(7)
}

fn simulate(process: &Arc<Process>) -> Results {
    simulation(process).run().unwrap_or_else(|error| unreachable!("{error}"))
}

#[test]
fn the_first_screen_answers_a_managers_questions() {
    let (as_is, to_be) = (read(AS_IS), to_be());
    let (before, after) = (simulate(&as_is), simulate(&to_be));
    let comparison = compare(&before, &after).unwrap();
    let outline = Outline::new(&comparison, "as-is", "to-be")
        .measure("callers lost", Measure::Stuck)
        .measure("time to the first answer", Measure::UntilBegun("answer"))
        .measure("solved", Measure::End("solved"))
        .measure("time to nowhere", Measure::UntilBegun("nowhere"));
    let screen =
        Screen::new(&as_is, &before).command("grieta simulate desk.yaml --cases 1000").outline(outline.clone());
    insta::assert_snapshot!("screen_as_is", screen);
    insta::assert_snapshot!("screen_to_be", Screen::new(&to_be, &after));
    insta::assert_snapshot!("comparison", outline.table());
}

#[test]
fn the_tables_show_the_figures() {
    insta::assert_snapshot!("tables", tables::all(&simulate(&read(AS_IS))));
}

/// An order that goes from sales to the back office and to and fro, three floors down for the original where it is not clear.
const ORDER: &str = r#"
process: order
version: 1.0.0
start: take
calendars: { mornings: { week: { mon-fri: "09:00-12:00" } } }
roles:
  seller: { department: sales, people: 2, cost: 24 EUR/h }
  clerk:  { department: back office, people: 1, calendar: mornings, cost: 18.50 EUR/h }
steps:
  take:
    human: { role: seller, takes: 10 min }
    value: adds-value
    why: They want it.
    next: check
  check:
    human: { role: clerk, takes: 15 min }
    value: needed
    effort: { media-break: 1, accepted: The new form comes in June }
    outcomes: { clear: { chance: 70%, to: done }, unclear: { chance: rest, to: take } }
    cracks:
      illegible: { on: failure, chance: 10%, do: { retry: { after: 1 d, at-most: 3 } }, then: done, effort: { floors: 3, interruption: 1 } }
      mislaid:   { on: unavailable, after: 20 d, chance: 3%, do: reoffer, effort: { interruption: 1 } }
  done: { end: {} }
simulation: { arrivals: { every: exponential(6 h) } }
"#;

#[test]
fn the_tables_show_hand_offs_and_burdens() {
    let process = read(ORDER);
    insta::assert_snapshot!("tables_order", tables::all(&simulate(&process)));
    let set_up = |simulation: Simulation| simulation.cases(500).replications(8).seed(7);
    let found = Prices::of(&process, set_up, &|_, _| {}).unwrap_or_else(|error| unreachable!("{error}"));
    let shown = prices(&found);
    assert!(shown.lines().all(|line| line.chars().count() <= 120), "{shown}");
    insta::assert_snapshot!("prices_order", shown);
}

#[test]
fn how_much_a_process_bears_is_told() {
    let set_up = |simulation: Simulation| simulation.cases(500).replications(8).seed(7);
    let found = |process: &Arc<Process>, raise: Raise, promise: Option<&str>| {
        let promise: Option<Promise> = promise.map(|promise| promise.parse().unwrap());
        stress(&Stress::of(process, &raise, promise.as_ref(), set_up, &|_, _| {}).unwrap())
    };
    let (desk, order) = (to_be(), read(ORDER));
    insta::assert_snapshot!("stress", found(&desk, Raise::Arrivals, None));
    insta::assert_snapshot!("stress_promise", found(&order, Raise::Arrivals, Some("p90 <= 5 d")));
    insta::assert_snapshot!("stress_throughout", found(&desk, Raise::Cracks(None), None));
    let busy = read(&AS_IS.replace("exponential(14 min)", "exponential(6 min)"));
    insta::assert_snapshot!("stress_already", found(&busy, Raise::Arrivals, None));
    insta::assert_snapshot!("stress_never", found(&busy, Raise::Cracks(None), Some("mean <= 1 min")));
}

#[test]
fn how_few_people_are_enough_is_told() {
    let found = |goal: &str| {
        let text = format!("{ORDER}goals: {{ soon: {{ expect: {goal}, by: 2027-06-30, owner: ana }} }}\n");
        let search = Search { replications: 4, ..Search::default() };
        let set_up = |simulation: Simulation| simulation.cases(500).seed(7);
        staffing(&Staffing::of(&read(&text), &search, set_up, &|_, _| {}).unwrap())
    };
    insta::assert_snapshot!("staff", found("p90(cycle_time) < 6 d"));
    insta::assert_snapshot!("staff_none", found("p90(cycle_time) < 1 min"));
}

#[test]
fn what_each_change_brings_is_told() {
    let set_up = |simulation: Simulation| simulation.cases(500).replications(8).seed(7);
    let found = effects(&Effects::of(&read(ORDER), set_up, &|_, _| {}).unwrap());
    assert!(found.lines().all(|line| line.chars().count() <= 120), "{found}");
    insta::assert_snapshot!("effects", found);
}

#[test]
fn what_gets_more_work_than_it_can_do_is_unstable() {
    let process = read(&AS_IS.replace("exponential(14 min)", "exponential(9 min)"));
    let screen = Screen::new(&process, &simulate(&process)).to_string();
    assert!(screen.contains("unstable: `agent` gets 11"), "{screen}");
    assert!(screen.contains("a queue without end"), "{screen}");
}

#[test]
fn where_nothing_is_wrong_nothing_is_said() {
    let shop =
        "process: shop\nversion: 1.0.0\nstart: pay\nsteps:\n  pay: { service: {}, next: paid }\n  paid: { end: {} }\n";
    let process = read(&format!("{shop}simulation:\n  arrivals: {{ every: 1 min }}\n"));
    insta::assert_snapshot!("screen_nothing", Screen::new(&process, &simulate(&process)));
}

#[test]
fn no_line_is_wider_than_a_screen() {
    let process = read(AS_IS);
    let results = simulate(&process);
    let shown = format!("{}{}", Screen::new(&process, &results), tables::all(&results));
    for line in shown.lines() {
        assert!(line.chars().count() <= 120, "{line}");
    }
}

#[test]
fn a_case_that_got_stuck_tells_its_story() {
    let process = read(AS_IS);
    let dead_end = simulate(&process).dead_ends.remove(0);
    let simulation = simulation(&process);
    let story = simulation.story(dead_end.replication, dead_end.case).unwrap();
    let telling = Telling::new(simulation.plan(), &story);
    assert!(!telling.waits_for.is_empty());
    insta::assert_snapshot!("story", telling);
}

#[test]
fn the_diagram_shows_every_flow_and_crack() {
    insta::assert_snapshot!("diagram_as_is", mermaid(&read(AS_IS)));
    insta::assert_snapshot!("diagram_to_be", mermaid(&to_be()));
}

/// A shop that answers for all its steps at once.
const WHOLE: &str = r#"
process: shop
version: 1.0.0
title: Corner shop
start: pay
roles: { clerk: { people: 1 } }
steps:
  pay: { human: { role: clerk, takes: 5 min }, next: paid, cracks: { broken: { on: failure, chance: 20% } } }
  paid: { end: {} }
  sorry: { service: {}, next: paid }
cracks:
  goes-wrong: { on: failure, name: Something breaks, then: sorry }
  closed: { on: external, do: cancel-case }
  asked: { on: external, do: continue }
  flooded: { on: external, interrupts: true }
simulation: { arrivals: { every: 20 min } }
"#;

#[test]
fn cracks_of_the_process_are_shown_at_the_process() {
    let process = read(WHOLE);
    insta::assert_snapshot!("diagram_whole", mermaid(&process));
    let results = simulate(&process);
    let screen = Screen::new(&process, &results).to_string();
    assert!(screen.contains("goes-wrong  at shop"), "{screen}");
    assert!(screen.contains("     answered by what is around the step"), "{screen}");
    let struck = (0..20).find_map(|case| {
        let story = simulation(&process).story(0, case).unwrap();
        let telling = Telling::new(simulation(&process).plan(), &story).to_string();
        telling.contains("goes-wrong").then_some(telling)
    });
    insta::assert_snapshot!("story_whole", struck.unwrap());
}
