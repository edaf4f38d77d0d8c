//! What cases have to do with each other: messages, calls, hand-overs, the end of all of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use grieta_core::Duration;
use grieta_core::kernel::Status;
use grieta_core::value::Value;
use grieta_runtime::{Delivery, Engine, Message, data};
use support::{at, process, steps};

const ORDER: &str = "roles: { clerk: { people: [ana] } }
                     data: { order_id: { type: text, required: true }, paid: { type: decimal } }";

fn payment(order: &str) -> Message {
    Message { key: order.into(), data: vec![("paid".to_owned(), "9.50".into())], ..Message::named("payment") }
}

#[test]
fn a_message_finds_its_case_by_the_key_and_brings_its_data() {
    let wait = "paid-for: { receive: { message: payment, key: order_id }, writes: [paid], next: ship }
                ship: { human: clerk, next: done }";
    let mut desk = Engine::in_memory().deploy(process("order", ORDER, wait)).unwrap();
    let seven = desk.start("order", "o7", data! { order_id: "o7" }).unwrap();
    let eight = desk.start("order", "o8", data! { order_id: "o8" }).unwrap();
    assert!(matches!(desk.message(payment("o8")).unwrap(), Delivery::To(case, _) if case == eight));
    assert_eq!((steps(&desk, seven), steps(&desk, eight)), (vec!["paid-for".to_owned()], vec!["ship".to_owned()]));
    assert_eq!(desk.message(payment("o8")).unwrap(), Delivery::Lost);
    let misspelt = Message { data: vec![("payed".to_owned(), "1".into())], ..payment("o7") };
    desk.message(misspelt).unwrap();
    assert!(desk.notes().any(|(_, note)| note == "case 1 has no field `payed`, which came with a message"));
    let kept = Message { keep: Some(Duration::DAY), id: Some("p1".to_owned()), ..payment("o9") };
    assert_eq!(desk.message(kept.clone()).unwrap(), Delivery::Kept);
    assert_eq!(desk.message(kept).unwrap(), Delivery::Duplicate);
    let nine = desk.start("order", "o9", data! { order_id: "o9" }).unwrap();
    assert_eq!(steps(&desk, nine), ["ship"]);
}

#[test]
fn a_persistent_trigger_waits_for_its_step_and_a_transient_one_is_lost() {
    let check = |transient: bool, expected: &str| {
        let wait = format!(
            "prepare: {{ human: clerk, next: rung }}
             rung: {{ receive: {{ message: ring, transient: {transient} }}, next: answer }}
             answer: {{ human: clerk, next: done }}"
        );
        let mut desk =
            Engine::in_memory().deploy(process("bell", "roles: { clerk: { people: [ana] } }", &wait)).unwrap();
        let case = desk.start("bell", "1", data! {}).unwrap();
        let rings = Message { keep: Some(Duration::HOUR), ..Message::named("ring") };
        desk.message(rings).unwrap();
        let prepare = at(&desk, case, "prepare");
        desk.claim(prepare, "ana").unwrap();
        desk.complete(prepare, None, data! {}).unwrap();
        assert_eq!(steps(&desk, case), [expected]);
    };
    check(false, "answer");
    check(true, "rung");
}

#[test]
fn cases_send_each_other_messages() {
    let sender = "tell: { send: { message: payment, key: order_id, keep: 1 d, with: { paid: 4 } }, next: done }";
    let wait = "paid-for: { receive: { message: payment, key: order_id }, writes: [paid], next: ship }
                ship: { human: clerk, next: done }";
    let deploy = || Engine::in_memory().deploy(process("order", ORDER, wait)).unwrap();
    let mut desk = deploy().deploy(process("bank", ORDER, sender)).unwrap();
    let order = desk.start("order", "o7", data! { order_id: "o7" }).unwrap();
    let bank = desk.start("bank", "b1", data! { order_id: "o7" }).unwrap();
    assert_eq!((steps(&desk, order), desk.status(bank).unwrap()), (vec!["ship".to_owned()], Status::Completed));
    assert_eq!(desk.value(order, "paid").unwrap(), Value::Decimal(4.into()));
}

#[test]
fn a_call_comes_back_with_its_outcome_and_its_data() {
    let caller = "rate: { call: { process: rating, with: { amount: size * 2 } }, writes: [grade], outcomes: { hot: done, cold: lost } }
                  lost: { human: clerk, next: done }";
    let rating = "look: { choose: [{ when: amount > 10, to: hot }, { otherwise: ask }] }
                  ask: { human: clerk, writes: [grade], next: cold }
                  hot: { end: {} }
                  cold: { end: {} }";
    let top = "roles: { clerk: { people: [ana] } }
               data: { size: { type: integer }, grade: { type: choice, of: [low, high] } }";
    let top_too = "roles: { clerk: { people: [ana] } }
                   data: { amount: { type: integer, required: true }, grade: { type: choice, of: [none, low] } }";
    let mut desk = Engine::in_memory()
        .deploy(process("lead", top, caller))
        .unwrap()
        .deploy(process("rating", top_too, &rating.replace("done", "hot")))
        .unwrap();
    let lead = desk.start("lead", "l1", data! { size: 9 }).unwrap();
    assert_eq!(desk.status(lead).unwrap(), Status::Completed, "{}", desk.explain(lead).unwrap());
    let lead = desk.start("lead", "l2", data! { size: 2 }).unwrap();
    assert_eq!(steps(&desk, lead), ["rate"]);
    let ask = desk.worklist("ana").unwrap()[0].id();
    desk.claim(ask, "ana").unwrap();
    desk.complete(ask, None, data! { grade: "low" }).unwrap();
    assert_eq!((steps(&desk, lead), desk.value(lead, "grade").unwrap()), (vec!["lost".to_owned()], "low".into()));
}

#[test]
fn a_call_that_cannot_be_made_or_is_cancelled_is_a_failure() {
    let caller = "rate: { call: rating, next: done, cracks: { broken: { on: failure, then: by-hand } } }
                  by-hand: { human: clerk, next: done }";
    let mut desk = Engine::in_memory().deploy(process("lead", "roles: { clerk: { people: [ana] } }", caller)).unwrap();
    let lead = desk.start("lead", "l1", data! {}).unwrap();
    assert_eq!(steps(&desk, lead), ["by-hand"]);
    let mut desk = desk
        .deploy(process("rating", "roles: { clerk: { people: [ana] } }", "look: { human: clerk, next: done }"))
        .unwrap();
    let lead = desk.start("lead", "l2", data! {}).unwrap();
    assert_eq!(steps(&desk, lead), ["rate"]);
    let called = desk.cases().map(|(id, _)| id).max().unwrap();
    desk.cancel(called, false).unwrap();
    assert_eq!(steps(&desk, lead), ["by-hand"]);
    let lead = desk.start("lead", "l3", data! {}).unwrap();
    let called = desk.cases().map(|(id, _)| id).max().unwrap();
    desk.cancel(lead, false).unwrap();
    assert_eq!(desk.status(called).unwrap(), Status::Cancelled, "nobody waits for it any more");
}

#[test]
fn a_process_that_calls_itself_without_end_is_stopped() {
    let mut desk = Engine::in_memory().deploy(process("loop", "", "again: { call: loop, next: done }")).unwrap();
    let case = desk.start("loop", "1", data! {}).unwrap();
    assert_eq!(desk.cases().count(), 65);
    assert!(desk.explain(case).unwrap().to_string().contains("waits for the case of `loop` that it called"));
    assert!(desk.incidents().len() == 1);
}

#[test]
fn an_end_hands_over_and_waits_for_nothing() {
    let sales = "call: { human: clerk, next: handed }
                 handed: { end: { hand-over: { process: service, with: { customer: name } } } }";
    let top = "roles: { clerk: { people: [ana] } }\ndata: { name: { type: text, required: true } }";
    let service = "greet: { human: clerk, next: done }";
    let top_too = "roles: { clerk: { people: [ana] } }\ndata: { customer: { type: text, required: true } }";
    let deploy = Engine::in_memory().deploy(process("sales", top, sales)).unwrap();
    let mut desk = deploy.deploy(process("service", top_too, service)).unwrap();
    let case = desk.start("sales", "l1", data! { name: "Eva" }).unwrap();
    let call = at(&desk, case, "call");
    desk.claim(call, "ana").unwrap();
    desk.complete(call, None, data! {}).unwrap();
    assert_eq!(desk.status(case).unwrap(), Status::Completed);
    let item = desk.worklist("ana").unwrap()[0].clone();
    assert_eq!((item.process(), item.step()), ("service", "greet"));
    assert_eq!(desk.value(item.id().case, "customer").unwrap(), "Eva".into());
}

#[test]
fn a_hand_over_to_nowhere_is_noted() {
    let sales = "call: { human: clerk, next: handed }\nhanded: { end: { hand-over: service } }";
    let mut desk = Engine::in_memory().deploy(process("sales", "roles: { clerk: { people: [ana] } }", sales)).unwrap();
    let case = desk.start("sales", "l1", data! {}).unwrap();
    let call = at(&desk, case, "call");
    desk.claim(call, "ana").unwrap();
    desk.complete(call, None, data! {}).unwrap();
    let notes: Vec<&str> = desk.notes().map(|(_, note)| note).collect();
    assert_eq!(notes, ["case 1 could not hand over: the process `service` is not deployed"]);
}

#[test]
fn one_crack_ends_every_case_of_the_process() {
    let recall = "make: { human: clerk, next: done, cracks: { recall: { on: external, do: cancel-all } } }";
    let mut desk = Engine::in_memory().deploy(process("batch", "roles: { clerk: { people: [ana] } }", recall)).unwrap();
    let cases: Vec<_> = (0..3).map(|n| desk.start("batch", &n.to_string(), data! {}).unwrap()).collect();
    let item = at(&desk, cases[1], "make");
    desk.strike(item, "recall").unwrap();
    assert!(cases.iter().all(|case| desk.status(*case).unwrap() == Status::Cancelled));
    assert!(desk.worklist("ana").unwrap().is_empty());
}

#[test]
fn two_cases_that_send_to_each_other_for_ever_do_not_hang() {
    let ping = "ping: { send: { message: ball, keep: 1 d }, next: pong }
                pong: { receive: ball, next: ping, cracks: { tired: { on: external, then: done } } }";
    let mut desk = Engine::in_memory().deploy(process("ball", "", ping)).unwrap();
    desk.start("ball", "1", data! {}).unwrap();
    assert!(desk.notes().any(|(_, note)| note.contains("the rest is done next time")));
}

#[test]
fn who_waits_for_another_message_now_gets_that_one() {
    let wait =
        "hope: { receive: agreed, next: done, cracks: { late: { on: deadline, after: 1 d, do: fail, then: fear } } }
                fear: { receive: refused, next: done }";
    let mut desk = Engine::in_memory().deploy(process("offer", "", wait)).unwrap();
    let case = desk.start("offer", "1", data! {}).unwrap();
    desk.advance(Duration::DAY).unwrap();
    assert_eq!(steps(&desk, case), ["fear"]);
    assert_eq!(desk.message(Message::named("agreed")).unwrap(), Delivery::Lost);
    assert!(matches!(desk.message(Message::named("refused")).unwrap(), Delivery::To(..)));
    assert!(desk.is_over(case).unwrap());
}

#[test]
fn a_race_takes_only_the_kept_message_that_wins_it() {
    let wait = "either: { race: [paid, called] }
                paid: { receive: payment, next: later }
                called: { receive: ring, next: done }
                later: { receive: ring, next: done }";
    let mut desk = Engine::in_memory().deploy(process("order", "", wait)).unwrap();
    for name in ["payment", "ring"] {
        let kept = Message { keep: Some(Duration::DAY), ..Message::named(name) };
        assert_eq!(desk.message(kept).unwrap(), Delivery::Kept);
    }
    let case = desk.start("order", "1", data! {}).unwrap();
    assert!(desk.is_over(case).unwrap(), "the ring was still there: {}", desk.explain(case).unwrap());
}

#[test]
fn who_calls_again_waits_for_one_case_only() {
    let calls = "ask: { call: answer, until: asked >= 2, sets: { asked: asked + 1 }, next: done }";
    let mut desk = Engine::in_memory()
        .deploy(process("question", "data: { asked: { type: integer, initial: 0 } }", calls))
        .unwrap()
        .deploy(process("answer", "roles: { clerk: { people: [ana] } }", "think: { human: clerk, next: done }"))
        .unwrap();
    let case = desk.start("question", "1", data! {}).unwrap();
    desk.skip(at(&desk, case, "ask"), None).unwrap();
    let status: Vec<Status> = desk.cases().map(|(case, _)| desk.status(case).unwrap()).collect();
    assert_eq!(status, [Status::Running, Status::Cancelled, Status::Running]);
    assert_eq!(desk.notes().count(), 0);
}

#[test]
fn a_case_that_another_starts_is_called_as_no_open_one_is() {
    let mut desk = Engine::in_memory()
        .deploy(process("question", "", "ask: { call: answer, next: done }"))
        .unwrap()
        .deploy(process("answer", "roles: { clerk: { people: [ana] } }", "think: { human: clerk, next: done }"))
        .unwrap();
    let own = desk.start("answer", "1/3", data! {}).unwrap();
    desk.start("question", "1", data! {}).unwrap();
    assert_eq!(desk.find("answer", "1/3"), Some(own));
    assert_eq!(desk.cases().map(|(_, key)| key).collect::<Vec<_>>(), ["1/3", "1", "1/4"]);
}

#[test]
fn the_name_of_a_case_does_not_grow_with_those_that_began_it() {
    let relay = "go: { choose: [{ when: left == 0, to: done }, { otherwise: pass }] }
                 pass: { end: { hand-over: { process: relay, with: { left: left - 1 } } } }";
    let mut desk = Engine::in_memory()
        .deploy(process("relay", "data: { left: { type: integer, required: true } }", relay))
        .unwrap();
    desk.start("relay", "a", data! { left: 5_000 }).unwrap();
    assert_eq!(desk.cases().map(|(_, key)| key).last(), Some("a/5001"));
}

#[test]
fn all_cases_are_cancelled_once() {
    let wait = "ask: { human: clerk, next: done, cracks: { off: { on: external, do: cancel-all } } }
                call: { call: order, next: done }";
    let top = "roles: { clerk: { people: [ana] } }\ndata: { deep: { type: boolean, initial: true } }";
    let steps = format!(
        "begin: {{ choose: [{{ when: deep, to: call }}, {{ otherwise: ask }}] }}\n{}",
        wait.replace("call: order", "call: { process: order, with: { deep: 'false' } }")
    );
    let mut desk = Engine::in_memory().deploy(process("order", top, &steps)).unwrap();
    desk.start("order", "1", data! {}).unwrap();
    let other = desk.start("order", "2", data! { deep: false }).unwrap();
    desk.strike(at(&desk, other, "ask"), "off").unwrap();
    assert!(desk.cases().all(|(case, _)| desk.status(case).unwrap() == Status::Cancelled));
    assert_eq!(desk.notes().count(), 0, "{:?}", desk.notes().collect::<Vec<_>>());
}

#[test]
fn a_whole_number_is_the_key_of_a_decimal() {
    let wait = "paid: { receive: { message: payment, key: amount }, next: done }";
    let top = "data: { amount: { type: decimal, required: true } }";
    let mut desk = Engine::in_memory().deploy(process("order", top, wait)).unwrap();
    let case = desk.start("order", "1", data! { amount: "5" }).unwrap();
    let payment = |amount: i64| Message { key: amount.into(), ..Message::named("payment") };
    assert_eq!(desk.message(payment(6)).unwrap(), Delivery::Lost);
    assert!(matches!(desk.message(payment(5)).unwrap(), Delivery::To(found, _) if found == case));
}
