//! What happens when the cracks of a definition are treated otherwise.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::judging::Verdict as GoalVerdict;
use grieta_simulator::{Cracks, Results, Simulation};

/// A reminder goes round until the customer, who may do so at any time, leaves.
const REMINDERS: &str = r#"
process: reminders
version: 1.0.0
start: remind
steps:
  remind:
    wait: { for: customer, takes: 1 d }
    next: remind
    cracks:
      leaves: { on: external, chance: 30%, then: left, interrupts: true }
  left: { end: {} }
simulation:
  arrivals: { every: 1 h }
"#;

fn run(cracks: Cracks) -> Results {
    let process = Arc::new(Process::read("reminders.yaml", REMINDERS.as_bytes()).unwrap());
    Simulation::with_cracks(&process, cracks).unwrap().cases(50).replications(2).run().unwrap()
}

#[test]
fn a_case_that_only_a_crack_can_end_goes_round_without_it_and_says_so() {
    assert_eq!(run(Cracks::On).completed, 100);
    for cracks in [Cracks::Off, Cracks::Unanswered] {
        let results = run(cracks);
        assert_eq!((results.completed, results.stuck), (0, 100), "{cracks:?}");
        assert!(results.dead_ends[0].waits_for.contains("goes round and round"), "{:?}", results.dead_ends);
    }
}

#[test]
fn cracks_that_are_off_never_strike_and_unanswered_ones_have_no_response() {
    assert!(run(Cracks::Off).cracks.is_empty());
    let unanswered = run(Cracks::Unanswered);
    assert!(unanswered.cracks[0].struck > 0);
    assert_eq!(unanswered.cracks[0].answered, 0);
    let on = run(Cracks::On);
    assert_eq!(on.cracks[0].answered, on.cracks[0].struck);
}

/// One person, an hour of work every two hours, and changes of that.
const SHOP: &str = r#"
process: shop
version: 1.0.0
start: serve
roles: { clerk: { people: [ana] } }
steps:
  serve:
    human: { role: clerk, takes: 1 h }
    next: pack
    cracks: { asks: { on: failure, chance: 25%, do: { retry: { at-most: 1 } }, then: served } }
  pack: { service: { takes: 1 h }, next: served }
  served: { end: {} }
simulation:
  arrivals: { every: 2 h }
  absences: { clerk: { rate: 10/year, lasts: 6 h } }
  what-if:
    calm: { cracks: never, absences: 0% }
    away: { cracks: never, absences: 0%, away: { clerk: { people: 1, from: 6.5 h, lasts: 3 h } } }
    helped: { cracks: never, absences: 0%, people: { clerk: 2 }, away: { clerk: { people: 1, from: 6.5 h, lasts: 3 h } } }
    busy: { cracks: never, absences: 0%, arrivals: 200% }
    slow: { cracks: never, absences: 0%, takes: 150% }
    slow-pack: { cracks: never, absences: 0%, takes: { pack: 300% } }
    often: { cracks: { serve/asks: 200% } }
    month: { cracks: never, absences: { clerk: 4000% }, away: { clerk: { people: 1, from: 0 h, lasts: 30 d } } }
"#;

/// How long six cases take on average, in hours, with the changes of that name.
fn hours(name: &str) -> f64 {
    shop(name, 6, 1).cycle_time.unwrap().mean_s / 3_600.0
}

fn shop(name: &str, cases: u64, replications: u64) -> Results {
    let process = Process::read("shop.yaml", SHOP.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
    let what_if = &process.definition().simulation.as_ref().unwrap().what_if[name];
    let changed = grieta_simulator::changed(&process, what_if).unwrap_or_else(|problems| panic!("{problems}"));
    Simulation::new(&changed).unwrap().cases(cases).replications(replications).run().unwrap()
}

#[test]
fn each_change_does_what_it_says() {
    assert_eq!(hours("calm"), 2.0);
    assert_eq!(hours("slow"), 2.5);
    assert_eq!(hours("slow-pack"), 4.0);
    // An hour of work every hour.
    let busy = shop("busy", 6, 1);
    assert_eq!((busy.cycle_time.unwrap().mean_s, busy.roles[0].utilisation), (7_200.0, Some(1.0)));
    let often = shop("often", 4_000, 4);
    assert!((often.cracks[0].struck_per_visit.unwrap() - 0.75).abs() < 0.02, "half, and half of those once more");
}

#[test]
fn who_is_away_as_planned_finds_the_work_in_hand_again() {
    // They come at 2, 4, 6, 8, 10 and 12 h. What is begun at 6 rests from 6:30 to 9:30; the next two wait for it.
    assert_eq!(hours("away"), 1.0 + (1.0 + 1.0 + 4.0 + 3.0 + 2.0 + 1.0) / 6.0);
    // The other one goes on; only what the first has in hand rests.
    assert_eq!(hours("helped"), 1.0 + (1.0 + 1.0 + 4.0 + 1.0 + 1.0 + 1.0) / 6.0);
}

#[test]
fn who_falls_away_and_returns_meanwhile_stays_away_as_planned() {
    let results = shop("month", 1, 20);
    let begun = results.step("serve").unwrap().wait_mean_s.unwrap() / 3_600.0;
    assert!(begun >= 30.0 * 24.0 - 2.0, "{begun}");
}

#[test]
fn a_change_of_what_is_not_there_is_a_problem() {
    let check = |right: &str, wrong: &str, expected: &str| {
        assert_eq!(SHOP.matches(right).count(), 1, "{right}");
        let problems = Process::read("shop.yaml", SHOP.replace(right, wrong).as_bytes()).unwrap_err();
        assert!(problems.to_string().contains(expected), "{wrong}: expected {expected}\nfound {problems}");
    };
    check("people: { clerk: 2 }", "people: { clrek: 2 }", "did you mean `clerk`?");
    check("{ pack: 300% }", "{ pakc: 300% }", "did you mean `pack`?");
    check("{ pack: 300% }", "{ served: 300% }", "`served` has no `takes` to change");
    check("serve/asks", "serve/ask", "did you mean `serve/asks`?");
    check("serve/asks", "asks", "did you mean `serve/asks`?");
    check("serve/asks", "sreve/asks", "did you mean `serve`?");
    check("arrivals: 200%", "arrivals: 2", "did you mean `200%`?");
    check("arrivals: 200%", "arrival: 200%", "did you mean `arrivals`?");
    check("arrivals: 200%", "arrivals: 0%", "expected more than 0% of what it is");
    check("{ clerk: 4000% }", "{ pack: 4000% }", "there is no role `pack`");
    check(
        "takes: 150%",
        "people: { clerk: 2 }, away: { clerk: { people: 3, from: 0 h, lasts: 1 h } }",
        "because there are 2",
    );
    check("calm: { cracks: never, absences: 0% }", "calm: {}", "this changes nothing");
    check("calm: { cracks: never,", "calm: { cracks: nevr,", "did you mean `never`?");
}

#[test]
fn a_goal_for_the_rate_of_a_crack_is_met_where_the_crack_is_taken_out() {
    let goal = "goals: { quick: { expect: 'rate(serve!asks) < 10%', by: 2027-06-30, owner: boss } }\nroles:";
    let text = SHOP.replace("roles:", goal);
    let process = Arc::new(Process::read("shop.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")));
    let verdict = |cracks: Cracks| {
        let simulation = Simulation::with_cracks(&process, cracks).unwrap_or_else(|problems| panic!("{problems}"));
        let results = simulation.cases(500).replications(5).keeping_figures().run().unwrap();
        results.goals[0].judgement.clone()
    };
    assert_eq!(verdict(Cracks::On).verdict, GoalVerdict::NotMet);
    let without = verdict(Cracks::Off);
    assert_eq!((without.verdict, without.figure), (GoalVerdict::Met, Some(0.0)));
}
