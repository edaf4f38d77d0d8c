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
