//! A person at the engine: taking work, doing it, handing it on; and what an error leaves as it was.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use grieta_core::kernel::{Phase, Status};
use grieta_core::value::{Decimal, Value};
use grieta_core::world::{Delivery, Message};
use grieta_core::{Date, Duration};
use grieta_runtime::{Engine, EngineError, data};
use support::{at, process, steps, work_of};

const CALLS: &str = "call: { human: sdr, writes: [size], outcomes: { reached: review, no-answer: done } }
                     review: { human: boss, next: done }";
const PEOPLE: &str = "roles: { sdr: { people: [ana, ben] }, boss: { people: [eva] } }
                      data: { size: { type: integer } }";

fn desk() -> Engine {
    Engine::in_memory().deploy(process("sales", PEOPLE, CALLS)).unwrap()
}

#[test]
fn work_goes_from_the_list_to_the_end() {
    let mut desk = desk();
    let case = desk.start("sales", "lead-1", data! {}).unwrap();
    assert_eq!((work_of(&desk, "ana"), work_of(&desk, "eva")), (vec!["call".to_owned()], vec![]));
    let item = desk.worklist("ana").unwrap()[0].clone();
    assert_eq!((item.key(), item.role(), item.holder(), item.phase()), ("lead-1", Some("sdr"), None, Phase::Offered));
    assert_eq!(item.outcomes(), ["reached", "no-answer"]);
    desk.claim(item.id(), "ana").unwrap();
    assert_eq!(desk.item(item.id()).unwrap().holder(), Some("ana"));
    assert!(work_of(&desk, "ben").is_empty());
    desk.complete(item.id(), "reached", data! { size: "40" }).unwrap();
    assert_eq!(desk.value(case, "size").unwrap(), Value::Integer(40));
    let review = at(&desk, case, "review");
    desk.claim(review, "eva").unwrap();
    desk.begin(review).unwrap();
    desk.suspend(review).unwrap();
    assert_eq!(
        desk.explain(case).unwrap().lines()[0],
        "`review` waits for eva (`boss`) to go on, since 1970-01-01T00:00:00Z"
    );
    assert!(matches!(desk.complete(review, None, data! {}), Err(EngineError::Rejected(_))));
    desk.resume(review).unwrap();
    desk.complete(review, None, data! {}).unwrap();
    assert_eq!(desk.status(case).unwrap(), Status::Completed);
    assert_eq!((desk.forget_closed(), desk.cases().count()), (1, 0));
}

#[test]
fn an_error_says_what_is_wrong_and_changes_nothing() {
    let mut desk = desk();
    let case = desk.start("sales", "lead-1", data! {}).unwrap();
    let item = at(&desk, case, "call");
    let mut check = |expected: &str, attempt: &mut dyn FnMut(&mut Engine) -> Result<(), EngineError>| {
        let before = (desk.items(case).unwrap(), desk.history(case).unwrap().len());
        let error = attempt(&mut desk).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!((desk.items(case).unwrap(), desk.history(case).unwrap().len()), before);
    };
    check("nobody is called `anna`; did you mean `ana`?", &mut |desk| desk.claim(item, "anna"));
    check("`eva` cannot have this work: it is for `sdr`, and they are `boss`", &mut |desk| desk.claim(item, "eva"));
    check("nobody has `call`; claim it first", &mut |desk| desk.complete(item, "reached", data! {}));
    check("there is no outcome `reachd`; did you mean `reached`?", &mut |desk| desk.complete(item, "reachd", data! {}));
    check("there is no field `sise`; did you mean `size`?", &mut |desk| {
        desk.complete(item, "reached", data! { sise: 4 })
    });
    check("`size`: expected a whole number such as `12`, found `many`", &mut |desk| {
        desk.complete(item, "reached", data! { size: "many" })
    });
    check("there is no crack `full`; there is none at all", &mut |desk| desk.strike(item, "full"));
    check("there is no process `sale`; did you mean `sales`?", &mut |desk| desk.start("sale", "x", data! {}).map(drop));
    desk.claim(item, "ana").unwrap();
    // Beginning would have been possible, completing is not: neither happens.
    let before = desk.history(case).unwrap().len();
    assert!(desk.complete(item, None, data! {}).is_err());
    assert_eq!(desk.history(case).unwrap().len(), before);
    let taken = desk.claim(item, "ben").unwrap_err().to_string();
    assert_eq!(taken, "ana has `call`; delegate it, or release it first");
    desk.claim(item, "ana").unwrap();
    desk.delegate(item, "ben").unwrap();
    assert_eq!(desk.item(item).unwrap().holder(), Some("ben"));
}

#[test]
fn a_key_is_unique_among_open_cases() {
    let mut desk = desk();
    let first = desk.start("sales", "lead-1", data! {}).unwrap();
    assert_eq!(desk.start("sales", "lead-1", data! {}).unwrap(), first);
    assert_eq!(desk.find("sales", "lead-1"), Some(first));
    desk.cancel(first, false).unwrap();
    assert_ne!(desk.start("sales", "lead-1", data! {}).unwrap(), first);
}

#[test]
fn services_answer_fail_and_are_tried_again() {
    let steps_ = "score: { service: {}, writes: [size], outcomes: { good: call, bad: done },
                  cracks: { down: { on: failure, do: { retry: { after: 1 h, at-most: 1 } }, then: done } } }
                  call: { human: sdr, next: done }";
    let mut asked = 0;
    let mut desk = Engine::in_memory()
        .service("score", move |case| {
            asked += 1;
            assert_eq!((case.step(), case.key(), case.attempt()), ("score", "lead-1", asked - 1));
            if asked == 1 {
                return Err("not a number".parse::<i64>().unwrap_err().into());
            }
            Ok(data! { size: 7 }.outcome("good"))
        })
        .deploy(process("sales", PEOPLE, steps_))
        .unwrap();
    let case = desk.start("sales", "lead-1", data! {}).unwrap();
    assert_eq!(steps(&desk, case), ["score"]);
    let told = desk.explain(case).unwrap().to_string();
    assert!(told.contains("it failed last: invalid digit found in string"), "{told}");
    assert_eq!(desk.next_due(), Some(desk.now() + Duration::HOUR));
    desk.advance(Duration::HOUR).unwrap();
    assert_eq!(steps(&desk, case), ["call"]);
    assert_eq!(desk.value(case, "size").unwrap(), Value::Integer(7));
}

#[test]
fn what_a_service_gets_wrong_is_a_failure_of_its_step() {
    let check = |answer: fn() -> grieta_runtime::Reply, expected: &str| {
        let one = process("sales", PEOPLE, "score: { service: {}, writes: [size], outcomes: { good: done } }");
        let mut desk = Engine::in_memory().service("score", move |_| Ok(answer())).deploy(one).unwrap();
        let case = desk.start("sales", "lead-1", data! {}).unwrap();
        let found = desk.explain(case).unwrap().to_string();
        assert!(found.contains(expected), "{found}");
        let incident = desk.incidents()[0].id();
        desk.pass_over(incident, "good").unwrap();
        assert_eq!(desk.status(case).unwrap(), Status::Completed);
    };
    check(|| data! {}.outcome("god"), "the service answered `god`, which is no outcome of the step");
    check(|| data! { sise: 1 }.outcome("good"), "there is no field `sise`; did you mean `size`?");
    check(|| ().into(), "`score` is completed with one of its outcomes (`good`), found none");
}

#[test]
fn timers_fire_in_order_and_before_what_comes_later() {
    let steps_ = "call: { human: sdr, next: done, cracks: {
                    late: { on: deadline, after: 2 h, do: { reallocate: boss } },
                    lost: { on: deadline, after: 3 h, do: fail, then: done } } }";
    let clock = grieta_runtime::ManualClock::default();
    let mut desk = Engine::in_memory().clock(clock.clone()).deploy(process("sales", PEOPLE, steps_)).unwrap();
    let case = desk.start("sales", "lead-1", data! {}).unwrap();
    let item = at(&desk, case, "call");
    clock.set(desk.now() + Duration::HOUR + Duration::HOUR);
    desk.claim(item, "ana").unwrap();
    // On the stroke of the deadline is in time: the claim came first, and the deadline takes the work away afterwards.
    desk.advance_to(desk.now()).unwrap();
    assert_eq!(desk.item(item).unwrap().holder(), Some("eva"));
    clock.set(desk.now() + Duration::DAY);
    assert!(matches!(desk.begin(item), Err(EngineError::NoSuchItem(_))), "the case was lost meanwhile");
    assert_eq!(desk.status(case).unwrap(), Status::Completed);
    assert!(matches!(desk.advance_to(grieta_core::Timestamp::EPOCH), Err(EngineError::Backwards { .. })));
}

#[test]
fn timers_that_never_let_time_pass_are_stopped() {
    let mut desk =
        Engine::in_memory().deploy(process("sales", "", "again: { wait: 0 s, next: again-too }\nagain-too: { race: [again, never] }\nnever: { receive: it, next: done }")).unwrap();
    desk.start("sales", "lead-1", data! {}).unwrap();
    assert!(matches!(desk.advance(Duration::HOUR), Err(EngineError::Endless { .. })));
}

#[test]
fn an_incident_is_resolved_by_retry_go_to_and_data() {
    let steps_ = "choose-it: { choose: [{ when: size > 3, to: call }] }
                  call: { human: sdr, next: done }";
    let mut desk = Engine::in_memory().deploy(process("sales", PEOPLE, steps_)).unwrap();
    let case = desk.start("sales", "lead-1", data! {}).unwrap();
    let stuck = desk.incidents()[0].id();
    desk.retry(stuck).unwrap();
    let stuck = desk.incidents()[0].id();
    desk.change(case, data! { size: 4 }).unwrap();
    desk.retry(stuck).unwrap();
    assert_eq!(steps(&desk, case), ["call"]);
    let other = desk.start("sales", "lead-2", data! {}).unwrap();
    let stuck = desk.incidents()[0].id();
    let wrong = desk.go_to(stuck, "cal").unwrap_err().to_string();
    assert_eq!(wrong, "there is no step `cal`; did you mean `call`?");
    desk.go_to(stuck, "call").unwrap();
    assert_eq!(steps(&desk, other), ["call"]);
}

#[test]
fn what_is_completed_twice_does_not_complete_the_next_step() {
    let steps = "enter: { human: { role: sdr, allocate: least-busy }, next: check }
                 check: { human: { role: sdr, allocate: least-busy }, next: done }";
    let mut desk = Engine::in_memory().deploy(process("form", "roles: { sdr: { people: [ana] } }", steps)).unwrap();
    let case = desk.start("form", "1", data! {}).unwrap();
    let enter = at(&desk, case, "enter");
    desk.complete(enter, None, data! {}).unwrap();
    assert_eq!(desk.complete(enter, None, data! {}), Err(EngineError::NoSuchItem(enter)));
    assert_eq!(work_of(&desk, "ana"), ["check"]);
}

#[test]
fn an_incident_that_is_passed_over_or_gone_on_from_has_won_its_race() {
    let steps = "either: { race: [paid, call] }
                 paid: { receive: { message: payment, key: order }, next: ship }
                 call: { human: sdr, next: done }
                 ship: { human: sdr, next: done }";
    let top = "roles: { sdr: { people: [ana] } }\ndata: { order: { type: text } }";
    let mut desk = Engine::in_memory().deploy(process("order", top, steps)).unwrap();
    for goes_on in
        [|desk: &mut Engine, item| desk.pass_over(item, None), |desk: &mut Engine, item| desk.go_to(item, "ship")]
    {
        let case = desk.start("order", "1", data! {}).unwrap();
        let stuck = at(&desk, case, "paid");
        goes_on(&mut desk, stuck).unwrap();
        assert_eq!(self::steps(&desk, case), ["ship"]);
        desk.cancel(case, false).unwrap();
    }
}

#[test]
fn a_case_says_where_it_ended_and_what_strikes_next_and_tells_its_story() {
    let one = "call: { human: sdr, outcomes: { reached: won, lost: over }, cracks: { late: { on: deadline, after: 1 d, do: fail, then: over } } }
               won: { end: {} }
               over: { end: {} }";
    let mut desk = Engine::in_memory().deploy(process("sales", PEOPLE, one)).unwrap();
    let case = desk.start("sales", "lead-1", data! {}).unwrap();
    let told = desk.explain(case).unwrap().to_string();
    assert!(told.ends_with("since 1970-01-01T00:00:00Z; crack `late` strikes at 1970-01-02T00:00:00Z"), "{told}");
    assert!(desk.ended_at(case).unwrap().is_empty());
    let item = at(&desk, case, "call");
    desk.claim(item, "ben").unwrap();
    desk.complete(item, "reached", data! {}).unwrap();
    assert_eq!(desk.ended_at(case).unwrap(), ["won"]);
    assert_eq!(desk.explain(case).unwrap().to_string(), "`lead-1` (sales) is completed at `won`");
    let story: Vec<String> = desk.story(case).unwrap().into_iter().map(|(_, what)| what).collect();
    assert_eq!(story[story.len() - 3..], ["`call` was completed: reached", "`won` was reached", "the case ended"]);
}

#[test]
fn however_many_cases_wait_for_the_same_time_they_go_on_then() {
    let mut desk = Engine::in_memory().deploy(process("pause", "", "rest: { wait: 1 d, next: done }")).unwrap();
    for number in 0..100_002 {
        desk.start("pause", &number.to_string(), data! {}).unwrap();
    }
    desk.advance(Duration::DAY).unwrap();
    assert_eq!((desk.next_due(), desk.forget_closed()), (None, 100_002));
}

#[test]
fn days_durations_and_lists_are_given_seen_and_known() {
    let data = "roles: { clerk: { people: [ana] } }
                data: { due: { type: date }, delay: { type: duration }, tags: { type: list, of: [new, vip] }, rates: { type: list, of: decimal, initial: [0.5] }, late: { type: boolean } }";
    let steps = r#"rate: { service: {}, writes: [rates, due], next: judge }
                   judge: { assign: { late: 'due + "2 d" > "2026-12-24" && "vip" in tags && delay >= "2 h"' }, next: wait }
                   wait: { receive: { message: paid, key: due }, writes: [tags], next: done }"#;
    let mut desk = Engine::in_memory()
        .service("rate", |case| {
            assert_eq!(case.duration("delay")?, Duration::from_micros(7_200_000_000));
            assert_eq!(case.list("tags")?, [Value::Choice(1)]);
            assert_eq!(case.list("rates")?, [Value::Decimal("0.5".parse().unwrap())]);
            assert_eq!(case.text("due").unwrap_err().to_string(), "expected a text in `due`, found 2026-12-24");
            Ok(data! { rates: [1, 2], due: case.date("due")?.checked_add_days(1).unwrap() })
        })
        .deploy(process("order", data, steps))
        .unwrap();
    let case = desk.start("order", "o1", data! { due: "2026-12-24", delay: "2 h", tags: ["vip"] }).unwrap();
    assert_eq!(desk.value(case, "late").unwrap(), Value::Boolean(true));
    assert_eq!(desk.value(case, "rates").unwrap(), vec![Decimal::from(1), Decimal::from(2)].into());
    assert_eq!(desk.value(case, "tags").unwrap(), ["vip"].into());
    let paid = |key: Value| Message {
        name: "paid".into(),
        key,
        data: vec![("tags".into(), ["new"].into())],
        id: None,
        keep: None,
    };
    assert_eq!(desk.message(paid("2026-12-25".into())).unwrap(), Delivery::Lost);
    let day: Date = "2026-12-25".parse().unwrap();
    assert!(matches!(desk.message(paid(day.into())).unwrap(), Delivery::To(..)));
    assert_eq!(desk.value(case, "tags").unwrap(), ["new"].into());
}
