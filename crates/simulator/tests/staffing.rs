//! The least cost that meets the goals: against formulas, against exhaustive search, and where nothing does.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::ops::RangeInclusive;
use std::sync::Arc;

use grieta_core::Process;
use grieta_core::value::Decimal;
use grieta_simulator::Simulation;
use grieta_simulator::judging::Verdict;
use grieta_simulator::staffing::{Proof, Search, Staffing, StaffingError};
use support::poisson;

/// One step or two with queues of their own, 4 cases a minute; the mean work takes a minute and one and a half.
fn desk(roles: &str, expect: &str) -> Arc<Process> {
    let text = format!(
        r#"
process: desk
version: 1.0.0
start: answer
calendars:
  office: {{ week: {{ mon-fri: "09:00-17:00" }} }}
  morning: {{ week: {{ mon-fri: "09:00-13:00" }} }}
roles: {{ {roles} }}
steps:
  answer: {{ human: {{ role: clerk, takes: exponential(1 min) }}, next: check }}
  check: {{ human: {{ role: expert, takes: exponential(90 s) }}, next: done }}
  done: {{ end: {{}} }}
goals: {{ soon: {{ expect: "{expect}", by: 2027-06-30, owner: head-of-sales, because: they wait }} }}
simulation: {{ arrivals: {{ every: "{}" }} }}
"#,
        poisson(4.0)
    );
    Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

fn search(people: &[(&str, RangeInclusive<u32>)]) -> Search {
    let people = people.iter().map(|(role, range)| ((*role).to_owned(), range.clone())).collect();
    Search { people, ..Search::default() }
}

fn staffing(process: &Arc<Process>, search: &Search, cases: u64) -> Staffing {
    let set_up = |simulation: Simulation| simulation.cases(cases).seed(5);
    Staffing::of(process, search, set_up, &|_, _| {}).unwrap_or_else(|error| panic!("{error}"))
}

fn people(found: &Staffing) -> Vec<u32> {
    found.best.as_ref().unwrap().staff.iter().map(|staffed| staffed.people).collect()
}

/// The mean wait of M/M/c with services of length 1 (Erlang C).
fn wait(servers: u32, offered: f64) -> f64 {
    let term = |count: u32| (1..=count).fold(1.0, |term, factor| term * offered / f64::from(factor));
    let servers_free = f64::from(servers) - offered;
    let queued = term(servers) * f64::from(servers) / servers_free;
    queued / ((0..servers).map(term).sum::<f64>() + queued) / servers_free
}

#[test]
fn as_many_servers_as_the_formula_says() {
    for bound in [0.3, 0.08, 0.03] {
        let needed = (5..).find(|servers| wait(*servers, 4.0) < bound).unwrap();
        let roles = "clerk: { people: 5, cost: 30 EUR/h }, expert: { people: 40 }";
        let found = staffing(&desk(roles, &format!("wait(answer) < {bound} min")), &search(&[]), 20_000);
        assert_eq!(people(&found), [needed], "{bound}");
        assert_eq!(found.proof, Proof::Exhausted);
        // 168 hours of each.
        let cost = Decimal::from(i64::from(needed) * 168 * 30);
        assert_eq!(found.best.unwrap().cost_per_week, cost);
        assert_eq!(found.without_cost, ["expert"]);
    }
}

#[test]
fn of_two_roles_the_answer_is_that_of_trying_all() {
    let roles = |clerks, experts| {
        format!("clerk: {{ people: {clerks}, cost: 20 EUR/h }}, expert: {{ people: {experts}, cost: 47.50 EUR/h }}")
    };
    for expect in ["p90(cycle_time) < 7 min", "mean(cycle_time) < 2.75 min"] {
        let mut cheapest: Option<(u32, [u32; 2])> = None;
        for clerks in 5..=10 {
            for experts in 7..=11 {
                let process = desk(&roles(clerks, experts), expect);
                let simulation = Simulation::new(&process).unwrap().cases(3_000).seed(5).replications(12);
                let results = simulation.run().unwrap();
                let cost = clerks * 2_000 + experts * 4_750;
                if results.stable && results.goals[0].is_met() && cheapest.is_none_or(|(least, _)| cost < least) {
                    cheapest = Some((cost, [clerks, experts]));
                }
            }
        }
        let search = search(&[("clerk", 1..=10), ("expert", 1..=11)]);
        let found = staffing(&desk(&roles(3, 20), expect), &search, 3_000);
        assert_eq!(people(&found), cheapest.unwrap().1, "{expect}");
        assert!(found.evaluations < 60, "{}", found.evaluations);
        assert!(!found.now.stable, "three clerks cannot do the work of four");
    }
}

#[test]
fn what_cannot_be_met_is_said() {
    let roles = "clerk: { people: 6, cost: 20 EUR/h }, expert: { people: 9, cost: 47.50 EUR/h }";
    let search = search(&[("clerk", 4..=9), ("expert", 6..=12)]);
    let found = staffing(&desk(roles, "mean(cycle_time) < 2 min"), &search, 2_000);
    assert!(found.best.is_none());
    assert_eq!(found.most.goals[0].judgement.verdict, Verdict::NotMet);
    assert!(found.front.len() > 2, "what time costs is shown nevertheless");
}

#[test]
fn the_front_falls_and_the_same_seed_gives_the_same() {
    let roles = "clerk: { people: 6, cost: 20 EUR/h }, expert: { people: 9, cost: 47.50 EUR/h }";
    let process = desk(roles, "p90(cycle_time) < 7 min");
    let found = staffing(&process, &search(&[]), 1_000);
    assert!(found.front.len() > 2);
    for pair in found.front.windows(2) {
        assert!(pair[0].cost_per_week < pair[1].cost_per_week && pair[0].mean_s > pair[1].mean_s, "{pair:?}");
    }
    let best = found.best.clone().unwrap();
    assert!(found.front[0].cost_per_week <= best.cost_per_week);
    let again = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let again = again.install(|| staffing(&process, &search(&[]), 1_000));
    assert_eq!(serde_json::to_string(&found).unwrap(), serde_json::to_string(&again).unwrap());
}

#[test]
fn a_shorter_day_is_chosen_where_it_is_enough() {
    let text = r#"
process: desk
version: 1.0.0
start: answer
calendar: office
calendars:
  office: { week: { mon-fri: "09:00-17:00" } }
  morning: { week: { mon-fri: "09:00-13:00" } }
roles: { clerk: { people: 2, cost: 17.50 EUR/h } }
steps:
  answer: { human: { role: clerk, takes: exponential(6 min) }, next: done }
  done: { end: {} }
goals: { soon: { expect: p90(cycle_time) < 2 bd, by: 2027-06-30, owner: ana } }
simulation: { arrivals: { per: business-day, mean: 20 } }
"#;
    let process = Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap());
    let mut search = search(&[]);
    search.calendars.insert("clerk".to_owned(), vec!["morning".to_owned(), "office".to_owned()]);
    let found = staffing(&process, &search, 500);
    let best = found.best.unwrap();
    assert_eq!((best.staff[0].people, best.staff[0].calendar.as_deref()), (1, Some("morning")));
    assert_eq!(best.cost_per_week.to_string(), "350");
    assert_eq!(found.now.cost_per_week.to_string(), "1400");
}

#[test]
fn what_is_missing_is_named() {
    let said = |process: &Arc<Process>, search: &Search| {
        let error = Staffing::of(process, search, |simulation| simulation.cases(100), &|_, _| {});
        error.err().map(|error: StaffingError| error.to_string()).unwrap_or_default()
    };
    let costly = "clerk: { people: 6, cost: 20 EUR/h }, expert: { people: 9 }";
    let process = desk(costly, "p90(cycle_time) < 7 min");
    assert!(said(&process, &search(&[("clrk", 1..=2)])).contains("did you mean `clerk`?"));
    assert!(said(&process, &search(&[("expert", 1..=2)])).contains("has no cost"));
    assert!(said(&process, &Search { replications: 1, ..Search::default() }).contains("at least 2"));
    let free = desk("clerk: { people: 6 }, expert: { people: 9 }", "p90(cycle_time) < 7 min");
    assert!(said(&free, &search(&[])).contains("add `cost: 30 EUR/h`"));
    let mut aimless = process.definition().clone();
    aimless.goals.clear();
    assert!(said(&Arc::new(Process::new(aimless).unwrap()), &search(&[])).contains("no goals"));
}

/// Only Ben can do it, and he leaves first.
#[test]
fn nobody_is_spared_whose_skills_are_needed() {
    let text = r#"
process: desk
version: 1.0.0
start: answer
roles: { clerk: { people: [ana, ben], cost: 10 EUR/h } }
persons: { ben: { skills: [french] } }
steps:
  answer: { human: { role: clerk, takes: 1 min, needs: [french] }, next: done }
  done: { end: {} }
goals: { soon: { expect: p90(cycle_time) < 2 d, by: 2027-06-30, owner: ana } }
simulation: { arrivals: { every: 10 min } }
"#;
    let process = Arc::new(Process::read("desk.yaml", text.as_bytes()).unwrap());
    let found = staffing(&process, &search(&[("clerk", 1..=3)]), 100);
    assert_eq!((found.searched[0].from, found.best.unwrap().staff[0].people), (2, 2));
    let error = Staffing::of(&process, &search(&[("clerk", 1..=1)]), |simulation| simulation.cases(100), &|_, _| {});
    let error = error.unwrap_err().to_string();
    assert!(error.contains("1 of `clerk` are too few: nobody of `clerk` has `french`"), "{error}");
}

#[test]
fn a_search_that_is_broken_off_says_so() {
    let roles = "clerk: { people: 6, cost: 20 EUR/h }, expert: { people: 9, cost: 47.50 EUR/h }";
    let search = Search { evaluations: 5, ..search(&[]) };
    let found = staffing(&desk(roles, "p90(cycle_time) < 7 min"), &search, 500);
    assert_eq!((found.evaluations, found.proof), (5, Proof::BestFound));
}
