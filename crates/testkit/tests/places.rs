//! A failure points at the line of the test; alone in its file, because it listens to all panics of its process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use grieta_core::value::Value;
use grieta_runtime::data;
use grieta_testkit::CaseTest;

const CALLS: &str = "
process: calls
version: 1.0.0
start: score
roles: { sdr: { people: 2 } }
steps:
  score: { service: {}, outcomes: { hot: call, cold: paid } }
  call:  { human: sdr, outcomes: { reached: paid, no-answer: paid } }
  paid:  { receive: paid, next: done }
  done:  { end: {} }
";

fn calls() -> CaseTest {
    CaseTest::new(CALLS)
}

fn calling() -> CaseTest {
    calls().service("score", data! {}.outcome("hot")).start(data! {})
}

#[test]
fn the_place_of_a_failure_is_in_the_test() {
    let tests: [fn() -> CaseTest; 12] = [
        || CaseTest::new("nothing"),
        || calls().at("tomorrow"),
        || calls().service("scroe", data! {}),
        || calls().other_services_succeed().start(data! {}),
        || calls().service("score", data! {}).start(data! {}),
        || calling().expect_at("done"),
        || calling().on("paid").and(),
        || calling().on("call").complete("reached", data! {}),
        || calling().on("call").claim("ana").fail("engaged"),
        || calling().advance("4 hours"),
        || calling().message("paid", Value::Absent, data! {}),
        || calling().case_of("other"),
    ];
    let places = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&places);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if let (Some(place), Ok(mut seen)) = (info.location(), seen.lock()) {
            seen.push(place.file().to_owned());
        }
    }));
    let failed = tests.map(|test| catch_unwind(AssertUnwindSafe(test)).is_err());
    std::panic::set_hook(hook);
    assert_eq!(failed, [true; 12]);
    let places = places.lock().map(|places| places.clone()).unwrap_or_default();
    assert_eq!(places.len(), 12);
    assert!(places.iter().all(|place| place.ends_with("tests/places.rs")), "{places:?}");
}
