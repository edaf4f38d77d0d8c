//! Random definitions driven by random commands: whatever happens, the case is the fold of its events.
//!
//! 2,000 runs; more with `PROPTEST_CASES=100000 cargo test --release -p grieta-core --test random_runs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "support/explained.rs"]
mod explained;
#[path = "support/random.rs"]
mod random;
#[path = "support/run.rs"]
mod run;
#[path = "support/whole.rs"]
mod whole;

use grieta_core::Date;
use grieta_core::value::Value;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use random::{Draft, Element, Recipe, Shape, Trouble, Watch};
use run::{Attempt, Datum, Run};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(2_000),
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn folding_the_events_gives_the_case(draft in drafts(), size in -1i64..6, attempts in attempts()) {
        let run = Run::through(draft.definition(), size, &attempts);
        prop_assert!(run.accepted >= 1 && run.refused >= 1);
    }
}

/// Any recipe, at times with cracks of the whole process, with clocks and with a rule of four eyes.
fn drafts() -> impl Strategy<Value = Draft> {
    let cracks = prop_oneof![2 => Just(Vec::new()), 1 => vec(troubles(), 1..3)];
    let eyes = prop_oneof![1 => Just(Vec::new()), 1 => vec(any::<usize>(), 2..5)];
    let clocks = prop_oneof![2 => Just(Vec::new()), 1 => vec(watches(), 1..4)];
    (recipes(), cracks, clocks, eyes).prop_map(|(steps, cracks, clocks, eyes)| Draft { steps, cracks, clocks, eyes })
}

fn watches() -> impl Strategy<Value = Watch> {
    let step = || any::<Option<usize>>();
    (step(), step(), step(), any::<usize>()).prop_map(|(from, until, pause, detail)| Watch {
        from,
        until,
        pause,
        detail,
    })
}

/// Any recipe of up to a dozen elements, with up to two levels of steps inside steps.
fn recipes() -> impl Strategy<Value = Recipe> {
    let innermost = vec(elements(Just(Recipe::default())), 1..4).prop_map(Recipe);
    let inner = vec(elements(innermost), 1..4).prop_map(Recipe);
    vec(elements(inner), 1..12).prop_map(Recipe)
}

/// An element; `inner` is what may be inside it, and holds nothing at the innermost level.
fn elements(inner: impl Strategy<Value = Recipe> + 'static) -> impl Strategy<Value = Element> {
    let ways = (0usize..3, vec(any::<usize>(), 0..3));
    let (gate, again, undo) = (any::<usize>(), any::<usize>(), any::<usize>());
    let more = (
        any::<Option<usize>>(),
        option::weighted(0.2, gate),
        option::weighted(0.1, again),
        option::weighted(0.3, undo),
    );
    (shapes(inner), ways, more, vec(troubles(), 0..3)).prop_map(|(shape, ways, (sets, gate, again, undo), cracks)| {
        let (first, others) = ways;
        Element { shape, first, others, sets, cracks, gate, again, undo }
    })
}

fn troubles() -> impl Strategy<Value = Trouble> {
    let told = (0usize..5, 0usize..13, any::<Option<usize>>(), any::<Option<bool>>());
    (told, any::<usize>(), any::<usize>()).prop_map(|((on, answer, then, interrupts), recover, detail)| Trouble {
        on,
        answer,
        then,
        interrupts,
        recover,
        detail,
    })
}

fn shapes(inner: impl Strategy<Value = Recipe> + 'static) -> impl Strategy<Value = Shape> {
    let inner = inner.boxed();
    prop_oneof![
        6 => any::<bool>().prop_map(Shape::Human),
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
