//! Every verb does what it says: one process, small tests.

use grieta_core::value::Value;
use grieta_runtime::{Failure, data};
use grieta_testkit::CaseTest;

const ORDER: &str = r#"
process: order
version: 1.0.0
start: check-stock
calendar: office
calendars: { office: { zone: Europe/Madrid, week: { mon-fri: "09:00-17:00" } } }
roles:
  clerk: { people: 2 }
  boss:  { people: [marta] }
data:
  order_id: { type: text, required: true }
  amount:   { type: decimal, initial: 0 }
  stock:    { type: choice, of: [some, none] }
steps:
  check-stock:
    service: { handler: warehouse }
    writes: [stock]
    outcomes: { in-stock: pack, out-of-stock: out }
    cracks: { no-connection: { on: failure, do: { retry: { after: 1 h, at-most: 1 } }, then: out } }
  pack:
    human: clerk
    writes: [amount]
    outcomes: { packed: billed, broken: out }
    cracks:
      box-missing: { on: failure }
      late:        { on: deadline, after: 8 bh, do: { reoffer: boss } }
      called-off:  { on: external, do: cancel-case }
  billed:  { fork: [bill, thank] }
  bill:    { send: { message: bill, key: order_id, transient: true }, next: payment }
  payment: { receive: { message: paid, key: order_id }, writes: [amount], next: both }
  thank:   { human: clerk, next: both }
  both:    { join: all, next: done }
  done:    { end: { hand-over: { process: archive, with: { what: order_id } } } }
  out:     { end: {} }
"#;

const ARCHIVE: &str = "
process: archive
version: 1.0.0
start: file-it
roles: { clerk: { people: 1 } }
data: { what: { type: text } }
steps:
  file-it: { human: clerk, next: filed }
  filed:   { end: {} }
";

fn order() -> CaseTest {
    CaseTest::new(ORDER).with_process(ARCHIVE)
}

fn packing() -> CaseTest {
    order().service("warehouse", data! { stock: "some" }.outcome("in-stock")).start(data! { order_id: "o1" })
}

#[test]
fn a_service_answers_as_the_test_says() {
    packing().expect_at("pack").expect_data(data! { stock: "some", order_id: "o1", amount: 0 });
    order()
        .service_with("warehouse", |case| match case.text("order_id")? {
            "o1" => Ok(data! {}.outcome("out-of-stock")),
            other => Err(Failure::new(other)),
        })
        .start(data! { order_id: "o1" })
        .expect_ended_at("out")
        .expect_data(data! { stock: Value::Absent });
    order()
        .service_fails("warehouse", "no-connection")
        .start(data! { order_id: "o1" })
        .expect_crack("no-connection")
        .expect_no_crack()
        .service("warehouse", data! {}.outcome("in-stock"))
        .advance("1 h")
        .expect_at("pack");
}

#[test]
fn a_service_for_which_nobody_answers_is_answered_by_hand() {
    order()
        .start(data! { order_id: "o1" })
        .expect_waiting("the system to answer (`warehouse`)")
        .on("check-stock")
        .complete("in-stock", data! { stock: "some" })
        .expect_at("pack");
}

#[test]
fn what_is_in_between_is_done_at_its_time() {
    let process = "
process: p
version: 1.0.0
start: wait-first
steps:
  wait-first:  { wait: 1 h, next: ask }
  ask:         { service: {}, next: wait-again }
  wait-again:  { wait: 1 h, next: done }
  done:        { end: {} }
";
    CaseTest::new(process).other_services_succeed().start(data! {}).advance("2 h").expect_completed();
}

#[test]
fn a_wait_until_a_date_is_over_when_the_day_begins_where_the_process_is() {
    let process = "
process: p
version: 1.0.0
start: until-due
calendar: office
calendars: { office: { zone: Europe/Madrid, week: { mon-fri: \"09:00-17:00\" } } }
roles: { clerk: { people: 1 } }
data: { due: { type: date } }
steps:
  until-due: { wait: { until: due - \"1 d\" }, next: deliver, cracks: { no-day: { on: constraint, then: ask } } }
  ask:       { human: clerk, writes: [due], next: until-due }
  deliver:   { human: clerk, next: done }
  done:      { end: {} }
";
    let started = |data| CaseTest::new(process).at("2026-12-21T09:00+01:00").start(data);
    started(data! { due: "2026-12-24" })
        .expect_at("until-due")
        .expect_waiting("time to pass, until 2026-12-22T23:00:00Z")
        .advance_to("2026-12-22T23:59+01:00")
        .expect_at("until-due")
        .advance("1 min")
        .expect_at("deliver");
    started(data! { due: "2026-12-01" }).advance_to_next_timer().expect_at("deliver");
    started(data! {})
        .expect_crack("no-day")
        .on("ask")
        .claim("ana")
        .done_with(data! { due: "2026-12-24" })
        .expect_at("until-due");
}

#[test]
fn work_goes_from_hand_to_hand() {
    packing()
        .on("pack")
        .offered_to("clerk")
        .claim("ana")
        .allocated_to("ana")
        .begin()
        .suspend()
        .resume()
        .delegate("ben")
        .allocated_to("ben")
        .release()
        .offered_to("clerk")
        .offer("boss")
        .offered_to("boss")
        .claim("marta")
        .and()
        .expect_waiting("marta")
        .on("pack")
        .complete("broken", data! { amount: "12.50" })
        .expect_ended_at("out")
        .expect_data(data! { amount: "12.5" });
}

#[test]
fn whoever_is_away_is_stood_in_for_by_nobody_but_their_deputy() {
    packing()
        .person("ana", ["clerk"])
        .person("ben", ["clerk"])
        .deputy("ana", "ben")
        .on("pack")
        .claim("ana")
        .and()
        .absent("ana")
        .on("pack")
        .allocated_to("ben")
        .and()
        .back("ana")
        .on("pack")
        .delegate("ana")
        .complete("broken", data! {})
        .expect_over();
}

#[test]
fn time_passes_as_the_calendars_count() {
    // Monday 16:00 in Madrid: one business hour is left today.
    packing().advance("6 h").advance("1 bh").expect_no_crack();
    packing().advance("8 bh").expect_crack("late").on("pack").offered_to("boss");
    packing().advance_to_next_timer().expect_crack("late");
    order()
        .at("2026-03-02T16:00+01:00")
        .service("warehouse", data! {}.outcome("in-stock"))
        .start(data! { order_id: "o1" })
        .advance_to("2026-03-03T15:59+01:00")
        .expect_no_crack()
        .advance("1 min")
        .expect_crack("late");
}

#[test]
fn branches_meet_again_and_messages_come_and_go() {
    let packed = || packing().on("pack").claim("ana").complete("packed", data! {});
    packed()
        .expect_message_sent("bill")
        .expect_at_all(["payment", "thank"])
        .message("paid", "o1", data! { amount: 5 })
        .expect_at("thank")
        .expect_at_all(["thank", "both"])
        .expect_not_at("payment")
        .on("thank")
        .claim("ana")
        .done()
        .expect_completed()
        .expect_data(data! { amount: 5 });
    order()
        .service("warehouse", data! {}.outcome("in-stock"))
        .message_kept("2 d", "paid", "o1", data! {})
        .start(data! { order_id: "o1" })
        .on("pack")
        .claim("ana")
        .complete("packed", data! {})
        .expect_at("thank");
}

#[test]
fn a_hand_over_begins_another_case() {
    packing()
        .on("pack")
        .claim("ana")
        .complete("packed", data! {})
        .message("paid", "o1", data! {})
        .on("thank")
        .claim("ana")
        .done()
        .expect_started("archive")
        .case_of("archive")
        .expect_data(data! { what: "o1" })
        .on("file-it")
        .claim("ana")
        .done()
        .expect_ended_at("filed")
        .case_of("order")
        .expect_ended_at("done");
}

#[test]
fn cracks_strike_and_incidents_are_resolved() {
    let stuck = || packing().on("pack").claim("ana").fail("box-missing").expect_crack("box-missing");
    let incident = "crack `box-missing` struck and has no response";
    stuck().expect_incident(incident).on("pack").retry().on("pack").offered_to("clerk");
    stuck().on("pack").pass_over("broken").expect_ended_at("out");
    stuck().on("pack").go_to("thank").expect_at("thank").expect_visits("pack", 1);
    packing().on("pack").skip("broken").expect_ended_at("out");
    packing().on("pack").strike("called-off").expect_crack("called-off").expect_cancelled();
    packing().on("pack").claim("ana").breaks("the roof fell in").expect_incident("crack `box-missing`");
}

#[test]
fn a_case_is_changed_and_cancelled() {
    packing().change(data! { stock: "none" }).expect_data(data! { stock: "none" }).cancel().expect_cancelled();
    packing().cancel_and_undo().expect_cancelled();
}

#[test]
fn several_at_one_step_are_told_apart() {
    let process = "
process: p
version: 1.0.0
start: ask-all
roles: { clerk: { people: 2 } }
steps:
  ask-all: { for-each: { steps: [ask, asked], times: 2, growing: true }, next: done }
  ask:     { human: clerk, outcomes: { well: asked, badly: asked } }
  asked:   { end: {} }
  done:    { end: {} }
";
    CaseTest::new(process)
        .start(data! {})
        .expect_at("ask")
        .expect_at_all(["ask-all", "ask"])
        .on("ask-all")
        .add_instance()
        .and()
        .on_nth("ask", 3)
        .claim("ana")
        .complete("well", data! {})
        .on_nth("ask", 2)
        .claim("ana")
        .complete("well", data! {})
        .on("ask")
        .claim("ana")
        .complete("badly", data! {})
        .expect_completed();
}

#[test]
fn four_eyes_keep_work_from_whoever_did_the_other() {
    let process = "
process: payment
version: 1.0.0
start: prepare
roles: { clerk: { people: [ana, ben] }, cook: { people: [kim] } }
steps:
  prepare: { human: clerk, next: approve }
  approve: { human: clerk, next: paid }
  paid:    { end: {} }
rules:
  - { four-eyes: [prepare, approve] }
";
    let approving = || CaseTest::new(process).start(data! {}).on("prepare").claim("ana").done();
    approving().on("approve").not_for("ana").not_for("kim").claim("ben").not_for("ana").done().expect_completed();
    let forbidden = std::panic::catch_unwind(|| approving().on("approve").not_for("ben"));
    let message = forbidden.err().unwrap();
    let message = message.downcast_ref::<String>().unwrap();
    assert!(message.contains("expected: the work to be kept from ben"), "{message}");
}
