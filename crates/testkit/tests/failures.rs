//! What a test says when it fails.
#![allow(clippy::panic, reason = "a test may fail")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use grieta_core::value::Value;
use grieta_runtime::data;
use grieta_testkit::CaseTest;

const CALLS: &str = r#"
process: calls
version: 1.0.0
start: score
calendar: office
calendars: { office: { zone: Europe/Madrid, week: { mon-fri: "09:00-17:00" } } }
roles:
  sdr:  { people: 2 }
  boss: { people: [marta] }
data:
  size:  { type: integer, required: true }
  grade: { type: choice, of: [hot, cold] }
steps:
  score:
    service: {}
    writes: [grade]
    next: route
    cracks: { score-down: { on: failure } }
  route:
    service: { handler: router }
    outcomes: { hot: call, cold: paid }
  call:
    human: sdr
    outcomes: { reached: check, no-answer: paid }
    cracks:
      voicemail-full: { on: failure, do: { retry: { after: 4 h, at-most: 3 } }, then: paid }
      late:           { on: deadline, after: 8 bh, do: continue }
  check:  { human: boss, next: paid }
  paid:   { receive: { message: paid }, writes: [size], next: tell }
  tell:   { send: { message: told, transient: true }, next: done }
  done:   { end: {} }
"#;

fn calls() -> CaseTest {
    CaseTest::new(CALLS)
}

fn calling() -> CaseTest {
    let test = calls().service("score", data! { grade: "hot" }).service("router", data! {}.outcome("hot"));
    test.start(data! { size: 3 })
}

/// The message with which a test fails.
fn message<T>(test: impl FnOnce() -> T) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(test)) else { panic!("the test did not fail") };
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

/// The lines that say what was expected, what was found, and the remedy.
fn gist<T>(test: impl FnOnce() -> T) -> String {
    let message = message(test);
    let lines = message.lines().map(str::trim).take_while(|line| !line.starts_with("time:"));
    lines.skip(1).collect::<Vec<_>>().join("\n")
}

/// All of these failures, each as a paragraph.
fn gists<const N: usize>(tests: [fn() -> CaseTest; N]) -> String {
    tests.map(gist).join("\n\n")
}

/// The same without the numbers of the lines of this file.
fn without_lines(said: &str) -> String {
    let mut parts = said.split("failures.rs:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| said + "failures.rs:…" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

#[test]
fn a_failure_says_all_that_is_needed_to_understand_it() {
    let late = message(|| calling().on("call").claim("ana").fail("voicemail-full").advance("1 h").expect_at("check"));
    let before = message(|| calls().on("call"));
    let over = message(|| calling().cancel().expect_at("call"));
    let said = [late, before, over].join("\n");
    insta::assert_snapshot!(said);
}

#[test]
fn an_unknown_name_gets_a_suggestion() {
    let said = gists([
        || calling().on("cal").and(),
        || calling().on("telephone").and(),
        || calling().expect_at("chekc"),
        || calling().expect_not_at("chekc"),
        || calling().expect_visits("chekc", 1),
        || calling().on("call").go_to("chekc"),
        || calling().on("call").claim("ana").complete("reachd", data! {}),
        || calling().on("call").claim("ana").done(),
        || {
            calling()
                .on("call")
                .claim("ana")
                .complete("reached", data! {})
                .on("check")
                .claim("marta")
                .complete("yes", data! {})
        },
        || calling().on("call").claim("ana").fail("voicemail-fll"),
        || calling().on("call").claim("ana").fail("late"),
        || calling().on("call").claim("ana").breaks("voicemail-full"),
        || calling().expect_crack("voicemail-fll"),
        || calling().on("call").offered_to("sdrs").and(),
        || calling().person("ana", ["sdrr"]),
        || calling().advance_of("bos", "1 bh"),
        || calling().person("ana", ["sdr"]).on("call").claim("anna").and(),
        || calling().absent("eva"),
        || calling().person("ana", ["sdr"]).deputy("ana", "anna"),
        || calling().on("call").claim("ana").complete("reached", data! {}).on("check").claim("eva").and(),
        || calling().expect_data(data! { grde: "hot" }),
        || calling().expect_data(data! { grade: "hott" }),
        || calling().change(data! { szie: 4 }),
        || calls().start(data! { sze: 3 }),
        || calls().service("scroe", data! {}),
        || calls().service("route", data! {}),
        || calls().service_fails("score", "score-don"),
        || calling().message("payed", Value::Absent, data! {}),
        || calling().message_kept("1 d", "paid", Value::Absent, data! { sise: 1 }),
        || calling().message_kept("1 d", "paid", Value::Absent, data! { size: "much" }),
        || calling().expect_message_sent("tol"),
        || calling().expect_started("cals"),
        || calling().case_of("invoices"),
    ]);
    insta::assert_snapshot!(said);
}

#[test]
fn an_answer_that_does_not_fit_is_no_failure_of_the_service() {
    // A crack on failure would hide it otherwise.
    let said = gists([
        || calls().service("score", data! { grde: "hot" }).start(data! { size: 3 }),
        || calls().service("score", data! { grade: "warm" }).start(data! { size: 3 }),
        || calls().service("score", data! { size: 4 }).start(data! { size: 3 }),
        || calls().service("score", data! {}.outcome("hot")).start(data! { size: 3 }),
        || calls().service("score", data! {}).service("router", data! {}).start(data! { size: 3 }),
        || calls().service("score", data! {}).service("router", data! {}.outcome("hto")).start(data! { size: 3 }),
        || calls().other_services_succeed().start(data! { size: 3 }),
    ]);
    let said = without_lines(&said);
    insta::assert_snapshot!(said);
}

#[test]
fn what_is_not_as_expected_is_said() {
    let said = gists([
        || calling().expect_at("paid"),
        || calling().expect_at_all(["call", "check"]),
        || calling().expect_not_at("call"),
        || calling().expect_over(),
        || calling().cancel().expect_completed(),
        || calling().expect_cancelled(),
        || {
            calling()
                .on("call")
                .claim("ana")
                .complete("no-answer", data! {})
                .message("paid", Value::Absent, data! {})
                .expect_ended_at("check")
        },
        || calling().on("call").claim("ana").complete("no-answer", data! {}).expect_at("call"),
        || calling().expect_crack("late"),
        || calling().on("call").claim("ana").fail("voicemail-full").expect_crack("late"),
        || {
            calling()
                .on("call")
                .claim("ana")
                .fail("voicemail-full")
                .expect_crack("voicemail-full")
                .expect_crack("voicemail-full")
        },
        || calling().on("call").claim("ana").fail("voicemail-full").expect_no_crack(),
        || calling().expect_incident("anything"),
        || calls().service_fails("score", "score-down").start(data! { size: 3 }).expect_incident("the roof"),
        || calling().expect_data(data! { size: 4 }),
        || calling().expect_waiting("ben"),
        || calling().expect_visits("call", 2),
        || calling().expect_message_sent("told"),
        || calling().expect_started("calls"),
        || calling().on("call").claim("ana").offered_to("sdr").and(),
        || calling().on("call").offered_to("boss").and(),
        || calling().person("ana", ["sdr"]).on("call").allocated_to("ana").and(),
    ]);
    insta::assert_snapshot!(said);
}

#[test]
fn what_cannot_be_done_is_said() {
    let said = gists([
        || CaseTest::new("process: p"),
        || calls().at("tomorrow"),
        || calling().at("2026-03-02T09:00Z"),
        || calling().start(data! { size: 1 }),
        || calls().start(data! {}),
        || calls().expect_at("call"),
        || calling().on("call").complete("reached", data! {}),
        || calling().on("call").begin().and(),
        || calling().on("call").claim("marta").and(),
        || calling().person("ana", ["sdr"]).absent("ana").on("call").claim("ana").and(),
        || calling().on("call").claim("ana").resume().and(),
        || calling().on("call").retry(),
        || calling().on_nth("call", 2).and(),
        || calling().on_nth("check", 1).and(),
        || calling().advance("4 hours"),
        || calling().advance_to("2026-01-05T08:00Z"),
        || calling().cancel().advance_to_next_timer(),
        || calling().message("paid", Value::Absent, data! {}),
        || calling().cancel().cancel(),
    ]);
    insta::assert_snapshot!(said);
}

#[test]
fn of_much_that_waits_a_few_are_told() {
    let many = "process: many\nversion: 1.0.0\nstart: all\nroles: { desk: { people: 1 } }\nsteps:\n  \
                all: { for-each: { steps: [pack, packed], times: 100 }, next: done }\n  \
                pack: { human: desk, next: packed }\n  packed: { end: {} }\n  done: { end: {} }\n";
    let said = message(|| CaseTest::new(many).start(data! {}).expect_at("done"));
    assert!(said.lines().filter(|line| line.contains("`pack` waits for")).count() < 10, "{said}");
    assert!(said.contains("more\n"), "{said}");
}
