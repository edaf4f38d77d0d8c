//! People as they are, against formulas: one person in several roles, speeds, hours, skills, several items at once, setting up
//! and taking over.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::{Cause, Results, Simulation};
use support::{assert_covers, poisson, run, station};

const MINUTE: f64 = 60.0;
const REPLICATIONS: u64 = 20;

fn read(text: &str) -> Arc<Process> {
    Arc::new(Process::read("test.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

/// A case goes to `one` by that chance and otherwise to `two`; either takes a minute on the average, unless it says otherwise.
fn two_ways(top: &str, chance: &str, one: &str, two: &str, rate: f64) -> Arc<Process> {
    read(&format!(
        r#"
process: two-ways
version: 1.0.0
start: sort
{top}
steps:
  sort: {{ service: {{ takes: 0 s }}, outcomes: {{ one: {{ to: one, chance: {chance} }}, two: {{ to: two, chance: rest }} }} }}
  one: {{ human: {one}, next: done }}
  two: {{ human: {two}, next: done }}
  done: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: "{}" }} }}
"#,
        poisson(rate)
    ))
}

fn assert_waits(results: &Results, step: &str, minutes: f64) {
    let found = results.step(step).unwrap().wait_ci95_s.map(|ends| ends.map(|end| end / MINUTE));
    assert_covers(&format!("Wq at {step}"), found, REPLICATIONS, minutes);
    assert_adds_up(results);
}

/// What is waited for people has causes that add up to it; and Little's law holds to the microsecond.
fn assert_adds_up(results: &Results) {
    assert!(results.littles_law.holds, "{:?}", results.littles_law);
    for step in results.steps.iter().filter(|step| step.role.is_some() && results.stable) {
        let rows = results.waiting.iter().filter(|row| row.step == step.id);
        let (causes, wait) = (rows.map(|row| row.per_case_s).sum::<f64>(), step.wait_mean_s.unwrap_or(0.0));
        assert!(
            (causes - wait * step.visits_per_case).abs() <= 1e-9 * causes.max(1.0),
            "{}: {causes}, {wait}",
            step.id
        );
    }
}

/// The time from arrival to end, with all its intervals.
fn cycle(results: &Results) -> String {
    format!("{:?}", results.cycle_time)
}

fn step_with(role: &str, takes: &str) -> String {
    format!("{{ role: {role}, takes: \"{takes}\" }}")
}

/// One server and two streams, first come first served over both: M/G/1 with the mixture of their work, and by PASTA the
/// wait of each is that of all, λ·E[S²] / (2(1 − ρ)).
#[test]
fn one_person_in_two_roles_is_one_server() {
    let roles = "roles: { clerk: { people: [ana] }, boss: { people: [ana] } }";
    let ways = |two: &str, rate: f64| {
        two_ways(roles, "60%", &step_with("clerk", "exponential(1 min)"), &step_with("boss", two), rate)
    };
    let results = run(&ways("exponential(1 min)", 0.8), 40_000, REPLICATIONS, 3);
    assert_waits(&results, "one", 4.0);
    assert_waits(&results, "two", 4.0);
    assert!(results.waiting.iter().all(|row| row.cause == Cause::Contention));
    for role in &results.roles {
        assert_covers("load of all that she does", role.utilisation_ci95, REPLICATIONS, 0.8);
    }
    let results = run(&ways("2 min", 0.5), 40_000, REPLICATIONS, 4);
    // E[S] = 1.4 and E[S²] = 0.6·2 + 0.4·4 = 2.8.
    let truth = 0.5 * 2.8 / (2.0 * (1.0 - 0.7));
    assert_waits(&results, "one", truth);
    assert_waits(&results, "two", truth);
    // Neither role has too much to do, but Ana has.
    let results = run(&ways("2 min", 0.8), 2_000, 2, 4);
    assert!(!results.stable, "{:?}", results.roles);
}

/// Priority over queues that do not interrupt each other (Cobham 1954): R/(1 − ρ₁) and R/((1 − ρ₁)(1 − ρ)).
#[test]
fn what_has_priority_goes_first_whatever_its_role() {
    let roles = "roles: { clerk: { people: [ana], queue: { priority: 1 } }, boss: { people: [ana] } }";
    let step = |role: &str| step_with(role, "exponential(1 min)");
    let results = run(&two_ways(roles, "30%", &step("clerk"), &step("boss"), 0.8), 40_000, REPLICATIONS, 5);
    assert_waits(&results, "one", 0.8 / (1.0 - 0.24));
    assert_eq!(results.busiest().unwrap().0.id, "boss", "both have one load, and cases wait for the boss");
    assert_waits(&results, "two", 0.8 / ((1.0 - 0.24) * 0.2));
}

/// Two servers with rates m and n, of whom the first is taken where both are free (Singh, "Two-server Markovian queues with
/// balking: heterogeneous vs. homogeneous servers", Operations Research 18, 1970). With p(2) = 1 before it is normalised,
/// the balance at "only the second" gives p(01) = m/(λ + n), the cut between one and two in the system p(10) + p(01) =
/// (m + n)/λ, and that at nobody p(0) = (m·p(10) + n·p(01))/λ; above two it is geometric.
fn unequal_servers_wait(rate: f64, m: f64, n: f64) -> f64 {
    let second = m / (rate + n);
    let first = (m + n) / rate - second;
    let none = (m * first + n * second) / rate;
    let rho = rate / (m + n);
    let all = none + first + second + 1.0 / (1.0 - rho);
    rho / (1.0 - rho).powi(2) / all / rate
}

#[test]
fn unequal_speeds_wait_as_singh_says() {
    let desk = |people: &str, rate: f64| {
        let top = format!(
            "roles: {{ clerk: {{ people: {people} }} }}\npersons: {{ ana: {{ speed: 180% }}, ben: {{ speed: 20% }} }}"
        );
        two_ways(&top, "100%", &step_with("clerk", "exponential(1 min)"), "clerk", rate)
    };
    // Two who are alike would wait .190 minutes, these .224 and .281.
    for (people, m, n) in [("[ana, ben]", 1.8, 0.2), ("[ben, ana]", 0.2, 1.8)] {
        let results = run(&desk(people, 0.8), 40_000, REPLICATIONS, 6);
        assert_waits(&results, "one", unequal_servers_wait(0.8, m, n));
    }
    // The formula itself, where both are alike: M/M/2 at ρ 0.8.
    assert!((unequal_servers_wait(1.6, 1.0, 1.0) - 1.777_777_8).abs() < 1e-6);
}

/// What does not change anything changes nothing, to the microsecond.
#[test]
fn people_who_are_alike_are_so_however_that_is_said() {
    let plain = run(&station(3, &poisson(2.5), "exponential(1 min)"), 5_000, 4, 7);
    let desk = |role: &str, top: &str, human: &str| {
        read(&format!(
            r#"
process: station
version: 1.0.0
start: serve
roles: {{ server: {{ {role} }} }}
{top}
steps:
  serve: {{ human: {{ role: server, takes: exponential(1 min){human} }}, next: served }}
  served: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: "{}" }} }}
"#,
            poisson(2.5)
        ))
    };
    let named = "people: [ana, ben, eva]";
    let skills = "persons: { ana: { skills: [law] }, ben: { skills: [law, tax] }, eva: { skills: [law] } }";
    let normal = "persons: { ben: { speed: 100% } }";
    let always = "calendars: { day: { week: { mon-sun: \"00:00-24:00\" } } }\npersons: { ben: { calendar: day } }";
    for (role, top, human) in [
        (named, skills, ", needs: [law]"),
        (named, normal, ""),
        (named, always, ""),
        ("people: 1, at-once: 3", "", ""),
        ("people: 3, at-once: 1", "", ", set-up: 0 s, take-over: 0 s"),
    ] {
        let results = run(&desk(role, top, human), 5_000, 4, 7);
        assert_eq!(cycle(&results), cycle(&plain), "{role} {top} {human}");
        assert_eq!(results.step("serve").unwrap().wait_mean_s, plain.step("serve").unwrap().wait_mean_s);
        let load = |results: &Results| results.roles[0].utilisation.unwrap();
        assert!((load(&results) - load(&plain)).abs() < 1e-12, "{role}: {}", load(&results));
        assert_adds_up(&results);
    }
}

/// Hours of one's own are those of a role of which everybody has them, absences and all.
#[test]
fn own_hours_are_hours() {
    let desk = |role: &str, persons: &str| {
        let top = format!(
            r#"calendars: {{ office: {{ zone: Europe/Madrid, week: {{ mon-fri: "09:00-13:00, 14:00-18:00" }} }} }}
roles: {{ clerk: {{ people: [ana, ben]{role} }} }}
{persons}"#
        );
        let text = format!(
            r#"
process: desk
version: 1.0.0
start: serve
{top}
steps:
  serve: {{ human: {{ role: clerk, takes: "lognormal(40 min, cv 1)" }}, next: served }}
  served: {{ end: {{}} }}
simulation: {{ start: 2026-01-05, arrivals: {{ every: exponential(2 h) }}, absences: {{ clerk: {{ rate: 20/year, lasts: 30 h }} }} }}
"#
        );
        run(&read(&text), 4_000, 4, 8)
    };
    let (of_role, own) =
        (desk(", calendar: office", ""), desk("", "persons: { ana: { calendar: office }, ben: { calendar: office } }"));
    assert!(of_role.waiting.iter().any(|row| row.cause == Cause::Unavailability && row.per_case_s > 3_600.0));
    assert_eq!((cycle(&own), &own.waiting), (cycle(&of_role), &of_role.waiting));
    let load = |results: &Results| results.roles[0].utilisation.unwrap();
    assert!((load(&own) - load(&of_role)).abs() < 1e-12);
    assert_adds_up(&own);
}

/// With one skill each there are two queues that have nothing to do with each other.
#[test]
fn one_skill_each_makes_two_queues() {
    let top = "roles: { clerk: { people: [ana, ben] } }\npersons: { ana: { skills: [law] }, ben: { skills: [tax] } }";
    let step = |skill: &str| format!("{{ role: clerk, takes: exponential(1 min), needs: [{skill}] }}");
    let results = run(&two_ways(top, "40%", &step("law"), &step("tax"), 1.25), 40_000, REPLICATIONS, 9);
    assert_waits(&results, "one", 0.5 / 0.5);
    assert_waits(&results, "two", 0.75 / 0.25);
}

/// The N-model: one server who can do all and one who can do but the second class, first come first served as far as they can
/// (Garnett and Mandelbaum 2000), against a loop that knows nothing of the simulator.
#[test]
fn some_who_can_do_all_and_some_who_cannot() {
    let top = "roles: { clerk: { people: [ben, ana] } }\npersons: { ana: { skills: [law] } }";
    let law = "{ role: clerk, takes: exponential(1 min), needs: [law] }";
    let results =
        run(&two_ways(top, "40%", law, &step_with("clerk", "exponential(1 min)"), 1.6), 40_000, REPLICATIONS, 10);
    let [one, two] = n_model(1.6, 0.4, 2_000_000);
    for (step, truth) in [("one", one), ("two", two)] {
        let found = results.step(step).unwrap().wait_mean_s.unwrap() / MINUTE;
        // Both means err by about a hundredth: at ρ 0.8 that of a million customers does by 0.6 %.
        assert!((found / truth - 1.0).abs() < 0.04, "{step}: {found}, expected {truth}");
    }
    assert!(one > 1.2 * two, "those whom only one can serve wait longer");
    assert_adds_up(&results);
}

/// The mean waits of both classes, where a case is of the first by that chance.
fn n_model(rate: f64, chance: f64, customers: u32) -> [f64; 2] {
    let mut state = 88_172_645_463_325_252u64;
    let mut unit = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ((state >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    };
    // The limited server first, then the one who can do all; when each is free, and who waits: since when, of which class.
    let (mut busy_until, mut waiting, mut now) = ([0.0f64; 2], std::collections::VecDeque::new(), 0.0);
    let (mut sums, mut counts) = ([0.0; 2], [0u32; 2]);
    for _ in 0..customers {
        let next = now - unit().ln() / rate;
        // Whoever becomes free before the next customer comes takes the first that they can do.
        loop {
            let server = if busy_until[0] <= busy_until[1] { 0 } else { 1 };
            let able = |server: usize, waiting: &std::collections::VecDeque<(f64, usize)>| {
                waiting.iter().position(|(_, class)| server == 1 || *class == 1)
            };
            let choices = [server, 1 - server].into_iter().filter(|one| busy_until[*one] <= next);
            let Some((server, place)) = choices.filter_map(|one| able(one, &waiting).map(|place| (one, place))).next()
            else {
                break;
            };
            let (came, class) = waiting.remove(place).unwrap();
            let begins = busy_until[server].max(came);
            (sums[class], counts[class]) = (sums[class] + begins - came, counts[class] + 1);
            busy_until[server] = begins - unit().ln();
        }
        now = next;
        waiting.push_back((now, usize::from(unit() >= chance)));
        // Whoever is free takes it at once: the limited server first.
        for server in [0, 1] {
            let (_, class) = waiting[waiting.len() - 1];
            if busy_until[server] <= now && (server == 1 || class == 1) {
                waiting.pop_back();
                counts[class] += 1;
                busy_until[server] = now - unit().ln();
                break;
            }
        }
    }
    [sums[0] / f64::from(counts[0]), sums[1] / f64::from(counts[1])]
}

/// With two kinds of work in equal parts, whether one differs from the one before is a fair coin each time, so that the work
/// is 1 or 1.5 minutes by independent chances: M/G/1, λ·E[S²] / (2(1 − ρ)).
#[test]
fn setting_up_is_work_of_its_own() {
    let top = "roles: { clerk: { people: 1 } }";
    let step = "{ role: clerk, takes: 1 min, set-up: 30 s }";
    let results = run(&two_ways(top, "50%", step, step, 0.6), 40_000, REPLICATIONS, 11);
    let truth = 0.6 * (1.0 + 2.25) / 2.0 / (2.0 * (1.0 - 0.6 * 1.25));
    assert_waits(&results, "one", truth);
    assert_waits(&results, "two", truth);
    let set_up = results.step("one").unwrap().set_up_mean_s.unwrap();
    assert!((set_up - 15.0).abs() < 0.3, "{set_up}");
}

#[test]
fn whoever_takes_a_case_over_needs_time_for_it() {
    let desk = |roles: &str| {
        read(&format!(
            r#"
process: desk
version: 1.0.0
start: look
roles: {{ {roles} }}
steps:
  look: {{ human: {{ role: first, takes: 1 min, take-over: 3 min }}, next: do }}
  do: {{ human: {{ role: second, takes: 2 min, take-over: 3 min }}, next: done }}
  done: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: 1 h }} }}
"#
        ))
    };
    let touch = |results: &Results, step: &str| {
        let step = results.step(step).unwrap();
        (step.touch_mean_s.unwrap() / MINUTE, step.take_over_mean_s.unwrap() / MINUTE)
    };
    let other = run(&desk("first: { people: [ana] }, second: { people: [ben] }"), 50, 2, 1);
    assert_eq!((touch(&other, "look"), touch(&other, "do")), ((1.0, 0.0), (5.0, 3.0)));
    let same = run(&desk("first: { people: [ana] }, second: { people: [ana] }"), 50, 2, 1);
    assert_eq!((touch(&same, "look"), touch(&same, "do")), ((1.0, 0.0), (2.0, 0.0)));
}

#[test]
fn whoever_is_away_is_away_in_all_their_roles() {
    let roles = "roles: { clerk: { people: [ana], at-once: 2 }, boss: { people: [ana, ben] } }";
    let process = two_ways(roles, "50%", &step_with("clerk", "30 min"), &step_with("boss", "30 min"), 0.01);
    let text = process
        .definition()
        .to_yaml()
        .replace("simulation:\n", "simulation:\n  away: { clerk: { people: 1, from: 1 d, lasts: 5 d } }\n");
    let results = run(&read(&text), 200, 2, 3);
    let waits = |step: &str, cause: Cause| {
        results.waiting.iter().find(|row| row.step == step && row.cause == cause).map_or(0.0, |row| row.per_case_s)
    };
    assert!(waits("one", Cause::Unavailability) > 3_600.0, "{:?}", results.waiting);
    assert_eq!(waits("two", Cause::Unavailability), 0.0, "Ben is there");
    assert!(waits("two", Cause::Contention) > 0.0, "but alone");
    assert_adds_up(&results);
}

/// What one more person would bring, and how few are enough, is asked of a role with names, too, or refused.
#[test]
fn changes_of_how_many_there_are() {
    use grieta_core::definition::WhatIf;
    let top = "roles: { clerk: { people: [ana, ben], cost: 30 EUR/h }, boss: { people: [ben], cost: 60 EUR/h } }\n\
               persons: { ana: { skills: [law] }, ben: { speed: 80%, skills: [law, tax] } }";
    let law = "{ role: clerk, takes: 1 min, needs: [law] }";
    let process = two_ways(top, "50%", law, &step_with("boss", "1 min"), 0.5);
    let more = grieta_simulator::changed(&process, &WhatIf::people("clerk", 3)).unwrap();
    assert_eq!(more.definition().persons["one-more-1"].skills, ["law"], "what all of the role can do");
    let fewer = grieta_simulator::changed(&process, &WhatIf::people("clerk", 1)).unwrap();
    assert_eq!(fewer.definition().persons.len(), 2, "Ben is still the boss");
    let none = grieta_simulator::changed(&more, &WhatIf::people("boss", 0)).unwrap_err();
    assert!(none.to_string().contains("nobody would fill the role `boss`"), "{none}");
    assert!(Simulation::new(&more).is_ok());
}
