//! Random definitions driven by random commands: whatever happens, the case is the fold of its events.
//!
//! 2,000 runs; more with `PROPTEST_CASES=100000 cargo test --release -p grieta-core --test random_runs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "support/drafts.rs"]
mod drafts;
#[path = "support/explained.rs"]
mod explained;
#[path = "support/random.rs"]
mod random;
#[path = "support/run.rs"]
mod run;
#[path = "support/whole.rs"]
mod whole;

use drafts::drafts;
use grieta_core::Date;
use grieta_core::value::Value;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use run::{Attempt, Datum, Run};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(2_000),
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn folding_the_events_gives_the_case(draft in drafts(12), size in -1i64..6, attempts in attempts()) {
        let run = Run::through(draft.definition(), size, &attempts);
        prop_assert!(run.accepted >= 1 && run.refused >= 1);
    }
}

fn data() -> impl Strategy<Value = Vec<Datum>> {
    let value = prop_oneof![
        3 => (-2i64..9).prop_map(Value::Integer),
        3 => any::<bool>().prop_map(Value::Boolean),
        1 => Just(Value::Absent),
        1 => Just(Value::Integer(i64::MAX)),
        1 => Just(Value::from("text")),
        1 => (-9i32..9).prop_map(|day| Date::from_days(day).unwrap().into()),
    ];
    vec((0u16..6, value).prop_map(|(field, value)| Datum(field, value)), 0..3)
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let attempt = prop_oneof![
        12 => (any::<usize>(), data()).prop_map(|(token, data)| Attempt::Carry(token, data)),
        3 => (any::<usize>(), option::of(0u16..3)).prop_map(|(token, person)| Attempt::Begin(token, person)),
        3 => (any::<usize>(), 0u16..3).prop_map(|(token, person)| Attempt::Allocate(token, person)),
        1 => (any::<usize>(), option::of(0u16..3)).prop_map(|(token, role)| Attempt::Offer(token, role)),
        2 => any::<usize>().prop_map(Attempt::Suspend),
        1 => any::<usize>().prop_map(Attempt::Resume),
        2 => any::<(usize, bool)>().prop_map(|(token, away)| Attempt::Presence(token, away)),
        2 => any::<usize>().prop_map(Attempt::Fail),
        1 => any::<(usize, usize)>().prop_map(|(token, way)| Attempt::Skip(token, way)),
        3 => any::<(usize, usize, usize)>().prop_map(|(token, how, way)| Attempt::Resolve(token, how, way)),
        1 => data().prop_map(Attempt::Change),
        3 => (any::<usize>(), any::<usize>(), data()).prop_map(|(token, way, data)| Attempt::Complete(token, way, data)),
        6 => any::<(usize, usize)>().prop_map(|(token, crack)| Attempt::Strike(token, crack)),
        6 => Just(Attempt::Wait),
        2 => any::<usize>().prop_map(Attempt::Timer),
        1 => data().prop_map(Attempt::Start),
        2 => any::<usize>().prop_map(Attempt::Add),
        1 => (0..8).prop_map(|all| if all < 2 { Attempt::Cancel(all == 0) } else { Attempt::Wait }),
        1 => Just(Attempt::Back),
        2 => any::<(u16, u16)>().prop_map(|(one, other)| Attempt::Nonsense(one % 12, other)),
    ];
    vec(attempt, 0..80)
}
