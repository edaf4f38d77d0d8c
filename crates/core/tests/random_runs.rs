//! Random definitions driven by random commands: whatever happens, the case is the fold of its events.
//!
//! 2,000 runs; more with `PROPTEST_CASES=100000 cargo test --release -p grieta-core --test random_runs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "support/random.rs"]
mod random;
#[path = "support/run.rs"]
mod run;
#[path = "support/whole.rs"]
mod whole;

use grieta_core::value::Value;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use random::{Element, Recipe, Shape, Trouble};
use run::{Attempt, Datum, Run};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(2_000),
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn folding_the_events_gives_the_case(recipe in recipes(), size in -1i64..6, attempts in attempts()) {
        let run = Run::through(recipe.definition(), size, &attempts);
        prop_assert!(run.accepted >= 1 && run.refused >= 1);
    }
}

/// Any recipe of up to a dozen elements, with up to two levels of steps inside steps.
fn recipes() -> impl Strategy<Value = Recipe> {
    let innermost = vec(elements(Just(Recipe::default())), 1..4).prop_map(Recipe);
    let inner = vec(elements(innermost), 1..4).prop_map(Recipe);
    vec(elements(inner), 1..12).prop_map(Recipe)
}

/// An element; `inner` is what may be inside it, and holds nothing at the innermost level.
fn elements(inner: impl Strategy<Value = Recipe> + 'static) -> impl Strategy<Value = Element> {
    let trouble = (0usize..5, 0usize..7, any::<Option<usize>>(), any::<Option<bool>>(), any::<usize>());
    let trouble =
        trouble.prop_map(|(on, answer, then, interrupts, detail)| Trouble { on, answer, then, interrupts, detail });
    let ways = (0usize..3, vec(any::<usize>(), 0..3));
    let more = (any::<Option<usize>>(), option::weighted(0.2, any::<usize>()), option::weighted(0.1, any::<usize>()));
    (shapes(inner), ways, more, vec(trouble, 0..3)).prop_map(|(shape, (first, others), (sets, gate, again), cracks)| {
        Element { shape, first, others, sets, cracks, gate, again }
    })
}

fn shapes(inner: impl Strategy<Value = Recipe> + 'static) -> impl Strategy<Value = Shape> {
    let inner = inner.boxed();
    prop_oneof![
        6 => Just(Shape::Human),
        3 => Just(Shape::Service),
        2 => Just(Shape::Party),
        2 => Just(Shape::Pause),
        1 => Just(Shape::Receive),
        1 => Just(Shape::Call),
        2 => Just(Shape::Assign),
        1 => Just(Shape::Send),
        1 => Just(Shape::Cancel),
        3 => any::<bool>().prop_map(Shape::Choose),
        2 => any::<bool>().prop_map(Shape::Some),
        2 => Just(Shape::Fork),
        2 => any::<usize>().prop_map(Shape::Join),
        3 => any::<usize>().prop_map(Shape::Block),
        2 => Just(Shape::Race),
        2 => inner.clone().prop_map(Shape::Subprocess),
        2 => (any::<usize>(), inner).prop_map(|(which, inner)| Shape::ForEach(which, inner)),
    ]
}

fn data() -> impl Strategy<Value = Vec<Datum>> {
    let value = prop_oneof![
        3 => (-2i64..9).prop_map(Value::Integer),
        3 => any::<bool>().prop_map(Value::Boolean),
        1 => Just(Value::Absent),
        1 => Just(Value::Integer(i64::MAX)),
        1 => Just(Value::from("text")),
    ];
    vec((0u16..5, value).prop_map(|(field, value)| Datum(field, value)), 0..3)
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let attempt = prop_oneof![
        12 => (any::<usize>(), data()).prop_map(|(token, data)| Attempt::Carry(token, data)),
        3 => any::<usize>().prop_map(Attempt::Begin),
        3 => (any::<usize>(), any::<usize>(), data()).prop_map(|(token, way, data)| Attempt::Complete(token, way, data)),
        6 => any::<(usize, usize)>().prop_map(|(token, crack)| Attempt::Strike(token, crack)),
        6 => Just(Attempt::Wait),
        2 => any::<usize>().prop_map(Attempt::Timer),
        1 => data().prop_map(Attempt::Start),
        2 => any::<usize>().prop_map(Attempt::Add),
        1 => (0..8).prop_map(|all| if all == 0 { Attempt::Cancel } else { Attempt::Wait }),
        1 => Just(Attempt::Back),
        2 => any::<(u16, u16)>().prop_map(|(one, other)| Attempt::Nonsense(one % 12, other)),
    ];
    vec(attempt, 0..60)
}
