//! What a test can expect of clocks, and what it says when they disappoint.

use grieta_runtime::data;
use grieta_testkit::CaseTest;

const COMPLAINT: &str = "
process: complaint
version: 1.0.0
start: diagnose
roles: { agent: { people: 3 } }
clocks:
  resolution: { from: diagnose, until: resolve, within: 2 h, pause-in: ask-customer, warn: 75% }
steps:
  diagnose:     { human: agent, outcomes: { unclear: ask-customer, clear: resolve } }
  ask-customer: { wait: { for: customer }, next: diagnose }
  resolve:      { human: agent, next: closed }
  closed:       { end: {} }
";

fn at_eight() -> CaseTest {
    CaseTest::new(COMPLAINT).at("2026-01-07T08:00Z").start(data! {})
}

#[test]
fn two_hours_with_a_pause_fall_due_later_by_the_pause() {
    at_eight()
        .expect_due("resolution", "2026-01-07T10:00Z")
        .advance("1 h")
        .on("diagnose")
        .claim("ana")
        .complete("unclear", data! {})
        .expect_paused("resolution")
        .advance("65 min")
        .on("ask-customer")
        .done()
        .expect_due("resolution", "2026-01-07T11:05Z")
        .advance("59 min")
        .expect_in_time("resolution")
        .advance("1 min")
        .expect_run_out("resolution");
}

#[test]
fn a_failure_says_how_the_clock_stands() {
    let said = |test: fn(CaseTest) -> CaseTest| {
        let failed = std::panic::catch_unwind(|| test(at_eight()));
        *failed.err().and_then(|said| said.downcast::<String>().ok()).unwrap_or_default()
    };
    let check = |test: fn(CaseTest) -> CaseTest, expected: &str| {
        let said = said(test);
        assert!(said.contains(expected), "{said}");
    };
    check(|test| test.expect_run_out("resolution"), "that it runs out at 2026-01-07T10:00:00Z");
    check(|test| test.expect_paused("resolution"), "`resolution`: that the clock stands still");
    check(
        |test| test.advance("3 h").expect_in_time("resolution"),
        "the clock `resolution` has run out, 3 h of 2 h used",
    );
    check(|test| test.expect_due("resolutoin", "2026-01-07T10:00Z"), "did you mean `resolution`?");
    check(|test| test.expect_due("resolution", "ten"), "a time: RFC 3339 with its zone");
    check(|test| test.expect_visits("diagnose", 2), "the clock `resolution` runs out at 2026-01-07T10:00:00Z");
}

#[test]
fn a_clock_that_starts_anew_has_still_run_out_before() {
    CaseTest::new(
        COMPLAINT
            .replace("warn: 75%", "recurs: sequential")
            .replace("next: closed", "outcomes: { solved: closed, not-yet: diagnose }")
            .as_str(),
    )
    .at("2026-01-07T08:00Z")
    .start(data! {})
    .advance("3 h")
    .on("diagnose")
    .claim("ana")
    .complete("clear", data! {})
    .on("resolve")
    .claim("ana")
    .complete("not-yet", data! {})
    .expect_due("resolution", "2026-01-07T13:00Z")
    .expect_run_out("resolution");
}
