//! Who gets the work: allocation rules, absence, deputies, four eyes, everything of one person to another.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use grieta_core::Duration;
use grieta_core::kernel::Phase;
use grieta_runtime::{Engine, data};
use support::{at, process, work_of};

fn desk(roles: &str, steps: &str) -> Engine {
    Engine::in_memory().deploy(process("p", roles, steps)).unwrap()
}

const THREE: &str = "roles: { clerk: { people: [ana, ben, eva], deputies: { ana: eva } }, boss: { people: [max] } }";

/// Who gets the work of cases started one after the other.
fn holders(rule: &str, cases: usize) -> Vec<String> {
    let mut desk = desk(THREE, &format!("check: {{ human: {{ role: clerk, allocate: {rule} }}, next: done }}"));
    let holder = |desk: &mut Engine, number: usize| {
        let case = desk.start("p", &number.to_string(), data! {}).unwrap();
        let item = at(desk, case, "check");
        let holder = desk.item(item).unwrap().holder().unwrap_or("nobody").to_owned();
        if number == 0 && holder != "nobody" {
            desk.complete(item, None, data! {}).unwrap();
        }
        holder
    };
    (0..cases).map(|number| holder(&mut desk, number)).collect()
}

#[test]
fn work_is_allocated_as_the_step_says() {
    assert_eq!(holders("offer", 1), ["nobody"]);
    // The first of them is done at once.
    assert_eq!(holders("least-busy", 4), ["ana", "ana", "ben", "eva"]);
    assert_eq!(holders("round-robin", 4), ["ana", "ben", "eva", "ana"]);
}

#[test]
fn the_same_person_or_another_pair_of_eyes() {
    let steps = "enter: { human: clerk, next: check }
                 check: { human: { role: clerk, allocate: least-busy }, next: close }
                 close: { human: { role: clerk, allocate: { same-person-as: enter } }, next: done }";
    let mut desk = desk(&format!("{THREE}\nrules: [{{ four-eyes: [enter, check] }}]"), steps);
    let case = desk.start("p", "1", data! {}).unwrap();
    let item = at(&desk, case, "enter");
    desk.claim(item, "ana").unwrap();
    desk.complete(item, None, data! {}).unwrap();
    let check = at(&desk, case, "check");
    assert_eq!(desk.item(check).unwrap().holder(), Some("ben"), "Ana has the least to do, but entered it");
    let refused = desk.delegate(check, "ana").unwrap_err().to_string();
    assert_eq!(refused, "`check` must not be done by whoever did `enter`; let somebody else do it");
    desk.complete(check, None, data! {}).unwrap();
    assert_eq!(desk.item(at(&desk, case, "close")).unwrap().holder(), Some("ana"));
}

#[test]
fn whoever_falls_away_is_answered_by_the_crack_or_their_deputy() {
    let steps = "check: { human: { role: clerk, allocate: least-busy }, next: done,
                   cracks: { ill: { on: unavailable, do: { reallocate: boss } } } }";
    let mut desk_ = desk(THREE, steps);
    let case = desk_.start("p", "1", data! {}).unwrap();
    desk_.leaves("ana").unwrap();
    assert_eq!(desk_.item(at(&desk_, case, "check")).unwrap().holder(), Some("max"), "the crack decides");

    let mut desk_ = desk(THREE, "check: { human: { role: clerk, allocate: least-busy }, next: done }");
    let first = desk_.start("p", "1", data! {}).unwrap();
    let second = desk_.start("p", "2", data! {}).unwrap();
    desk_.leaves("ana").unwrap();
    assert_eq!(desk_.item(at(&desk_, first, "check")).unwrap().holder(), Some("eva"), "the deputy has it");
    desk_.leaves("ben").unwrap();
    let told = desk_.explain(second).unwrap().lines()[0].clone();
    assert_eq!(told, "`check` waits for ben (`clerk`), who is away, to begin, since 1970-01-01T00:00:00Z");
    desk_.returns("ben").unwrap();
    assert!(!desk_.explain(second).unwrap().to_string().contains("away"));
}

#[test]
fn only_whoever_has_the_skills_gets_the_work() {
    let skilled = format!("{THREE}\npersons: {{ ben: {{ skills: [german] }}, eva: {{ skills: [german, law] }} }}");
    let steps = "check: { human: { role: clerk, allocate: least-busy, needs: [german] }, next: sign }
                 sign: { human: { role: clerk, needs: [german, law] }, next: done,
                   cracks: { gone: { on: unavailable, do: cancel-case } } }";
    let mut desk = desk(&skilled, steps);
    let case = desk.start("p", "1", data! {}).unwrap();
    let item = at(&desk, case, "check");
    assert_eq!(desk.item(item).unwrap().holder(), Some("ben"), "Ana comes first, but has not the skill");
    let refused = desk.delegate(item, "ana").unwrap_err().to_string();
    assert_eq!(refused, "`ana` cannot have this work: it needs `german`");
    desk.complete(item, None, data! {}).unwrap();
    let sign = at(&desk, case, "sign");
    assert_eq!(desk.claim(sign, "ben").unwrap_err().to_string(), "`ben` cannot have this work: it needs `law`");
    assert_eq!((work_of(&desk, "ben").len(), work_of(&desk, "eva").len()), (0, 1));
    let told = desk.explain(case).unwrap().lines()[0].clone();
    assert!(told.contains("(eva; without the skills: ana, ben)"), "{told}");
    desk.leaves("eva").unwrap();
    assert_eq!(desk.items(case).unwrap().len(), 0, "nobody who can is there, whoever else is");
}

#[test]
fn an_absence_nobody_announced_is_noticed_when_nobody_begins() {
    let steps = "check: { human: { role: clerk, allocate: least-busy }, next: done,
                   cracks: { silent: { on: unavailable, after: 1 h, do: { reallocate: boss } } } }";
    let mut desk = desk(THREE, steps);
    let case = desk.start("p", "1", data! {}).unwrap();
    let item = at(&desk, case, "check");
    assert_eq!(desk.item(item).unwrap().holder(), Some("ana"));
    desk.advance(Duration::HOUR).unwrap();
    assert_eq!(desk.item(item).unwrap().holder(), Some("max"));
}

#[test]
fn work_waits_for_somebody_to_come_back() {
    let mut desk = desk(THREE, "check: { human: { role: boss, allocate: least-busy }, next: done }");
    desk.leaves("max").unwrap();
    let case = desk.start("p", "1", data! {}).unwrap();
    let item = at(&desk, case, "check");
    assert_eq!(desk.item(item).unwrap().phase(), Phase::Created);
    let told = desk.explain(case).unwrap().lines()[0].clone();
    assert_eq!(
        told,
        "`check` waits for somebody of `boss` to be found for it (all are away: max), since 1970-01-01T00:00:00Z"
    );
    desk.returns("max").unwrap();
    assert_eq!(desk.item(item).unwrap().holder(), Some("max"));
}

#[test]
fn nobody_sits_at_reception() {
    let steps =
        "greet: { human: boss, next: done, cracks: { nobody: { on: unavailable, do: { reallocate: clerk } } } }";
    let mut desk = desk(THREE, steps);
    let case = desk.start("p", "1", data! {}).unwrap();
    assert_eq!(work_of(&desk, "max"), ["greet"]);
    desk.leaves("max").unwrap();
    assert_eq!(desk.item(at(&desk, case, "greet")).unwrap().holder(), Some("ana"));
}

#[test]
fn all_work_of_one_person_goes_to_another_as_far_as_the_rules_allow() {
    let roles = format!("{THREE}\nrules: [{{ four-eyes: [enter, check] }}]");
    let steps = "enter: { human: clerk, next: check }
                 check: { human: clerk, next: done }";
    let mut desk = desk(&roles, steps);
    for (key, first) in [("1", "ana"), ("2", "eva")] {
        let case = desk.start("p", key, data! {}).unwrap();
        let enter = at(&desk, case, "enter");
        desk.claim(enter, first).unwrap();
        desk.complete(enter, None, data! {}).unwrap();
        desk.claim(at(&desk, case, "check"), "ben").unwrap();
    }
    let refused = desk.reassign("ben", "ana").unwrap();
    assert_eq!(refused.iter().map(|(item, _)| item.key()).collect::<Vec<_>>(), ["1"]);
    let held = |desk: &Engine, person: &str| {
        desk.worklist(person).unwrap().iter().map(|item| item.key().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((held(&desk, "ana"), held(&desk, "ben")), (vec!["2".to_owned()], vec!["1".to_owned()]));
}

#[test]
fn nobody_begins_what_nobody_has() {
    let mut desk = desk(THREE, "check: { human: clerk, next: done }");
    let case = desk.start("p", "1", data! {}).unwrap();
    let item = at(&desk, case, "check");
    let refused = "nobody has `check`; claim it first";
    assert_eq!(desk.begin(item).unwrap_err().to_string(), refused);
    desk.claim(item, "ana").unwrap();
    desk.release(item).unwrap();
    assert_eq!(desk.begin(item).unwrap_err().to_string(), refused, "Ana has it no longer");
    desk.claim(item, "ben").unwrap();
    desk.begin(item).unwrap();
    assert_eq!(desk.item(item).unwrap().holder(), Some("ben"));
}

#[test]
fn a_deputy_who_comes_back_or_is_named_later_stands_in_at_once() {
    let steps = "check: { human: { role: clerk, allocate: least-busy }, next: done }";
    let mut desk = desk(THREE, steps);
    let case = desk.start("p", "1", data! {}).unwrap();
    let item = at(&desk, case, "check");
    let holder = |desk: &Engine| desk.item(item).unwrap().holder().map(str::to_owned);
    desk.leaves("eva").unwrap();
    desk.leaves("ana").unwrap();
    assert_eq!(holder(&desk).as_deref(), Some("ana"), "Eva, who stands in for her, is away too");
    desk.returns("eva").unwrap();
    assert_eq!(holder(&desk).as_deref(), Some("eva"));
    desk.leaves("eva").unwrap();
    desk.deputy("eva", "ben").unwrap();
    assert_eq!(holder(&desk).as_deref(), Some("ben"));
    assert_eq!(work_of(&desk, "ben"), ["check"]);
}

#[test]
fn people_who_come_with_another_process_are_found_for_work_that_waits() {
    let steps = "check: { human: { role: clerk, allocate: least-busy }, next: done }";
    let mut desk = desk("roles: { clerk: { people: 2 } }", steps);
    let case = desk.start("p", "1", data! {}).unwrap();
    assert_eq!(desk.item(at(&desk, case, "check")).unwrap().holder(), None);
    let desk = desk.deploy(process("q", "roles: { clerk: { people: [zoe] } }", steps)).unwrap();
    assert_eq!(desk.item(at(&desk, case, "check")).unwrap().holder(), Some("zoe"));
}

#[test]
fn who_is_excluded_no_longer_is_found_for_work_that_waits() {
    let steps = "both: { fork: [enter, check] }
                 enter: { human: { role: clerk, allocate: least-busy }, next: done }
                 check: { human: { role: boss, allocate: least-busy }, next: done }";
    let roles = "roles: { clerk: { people: [ana, ben] }, boss: { people: [ana] } }";
    let mut desk = desk(&format!("{roles}\nrules: [{{ four-eyes: [enter, check] }}]"), steps);
    let case = desk.start("p", "1", data! {}).unwrap();
    let (enter, check) = (at(&desk, case, "enter"), at(&desk, case, "check"));
    assert_eq!((desk.item(enter).unwrap().holder(), desk.item(check).unwrap().holder()), (Some("ana"), None));
    desk.delegate(enter, "ben").unwrap();
    assert_eq!(desk.item(check).unwrap().holder(), Some("ana"));
}

#[test]
fn what_a_rule_keeps_from_somebody_is_not_on_their_list() {
    let steps = "enter: { human: clerk, next: check }
                 check: { human: clerk, next: done }";
    let mut desk = desk(&format!("{THREE}\nrules: [{{ four-eyes: [enter, check] }}]"), steps);
    let case = desk.start("p", "1", data! {}).unwrap();
    let enter = at(&desk, case, "enter");
    desk.claim(enter, "ana").unwrap();
    desk.complete(enter, None, data! {}).unwrap();
    assert_eq!((work_of(&desk, "ana"), work_of(&desk, "ben")), (vec![], vec!["check".to_owned()]));
    desk.leaves("eva").unwrap();
    let told = desk.explain(case).unwrap().lines()[0].clone();
    assert!(told.contains("to begin (ben; away: eva; four eyes forbid: ana)"), "{told}");
}

#[test]
fn a_work_list_has_the_order_of_the_queue() {
    let roles = r#"roles: { clerk: { people: [ana], queue: { priority: value, order: earliest-due } } }
data: { value: { type: integer, required: true } }
clocks: { reply: { within: 2 h } }"#;
    let mut desk = desk(roles, "serve: { human: clerk, next: done }");
    for (key, value) in [("1", 0), ("2", 5), ("3", 5), ("4", 7)] {
        desk.start("p", key, data! { value: value }).unwrap();
        desk.advance(Duration::MINUTE).unwrap();
    }
    let keys = desk.worklist("ana").unwrap().iter().map(|item| item.id().case.0).collect::<Vec<_>>();
    let first = *keys.iter().min().unwrap();
    assert_eq!(keys.iter().map(|case| case - first + 1).collect::<Vec<_>>(), [4, 2, 3, 1]);
}

#[test]
fn what_finds_no_room_is_answered() {
    let roles = "roles: { clerk: { people: [ana, ben], queue: { room: 1 } } }";
    let steps = "serve: { human: clerk, next: done,
                   cracks: { full: { on: unavailable, when-full: true, do: fail, then: call-back } } }
                 call-back: { wait: { for: customer }, next: done }";
    let mut desk = desk(roles, steps);
    let here = |desk: &Engine, case, step: &str| support::steps(desk, case) == [step];
    // Two are for the people who have nothing to do, one may wait.
    let cases: Vec<_> = (0..4).map(|number: u32| desk.start("p", &number.to_string(), data! {}).unwrap()).collect();
    assert!(cases[..3].iter().all(|case| here(&desk, *case, "serve")), "there is room for three");
    assert!(here(&desk, cases[3], "call-back"), "the fourth finds none");
    // Somebody who has work is not free.
    let mut desk = self::desk(roles, steps);
    let first = desk.start("p", "0", data! {}).unwrap();
    desk.claim(at(&desk, first, "serve"), "ana").unwrap();
    let cases: Vec<_> = (1..4).map(|number: u32| desk.start("p", &number.to_string(), data! {}).unwrap()).collect();
    assert!(cases[..2].iter().all(|case| here(&desk, *case, "serve")) && here(&desk, cases[2], "call-back"));
}
