//! Recipes for random definitions, drawn with proptest.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::random::{Draft, Element, Recipe, Shape, Trouble, Watch};

/// Any recipe of fewer than so many elements, at times with cracks of the whole process, with clocks and with a rule of four eyes.
pub fn drafts(most: usize) -> impl Strategy<Value = Draft> {
    let cracks = prop_oneof![2 => Just(Vec::new()), 1 => vec(troubles(), 1..3)];
    let eyes = prop_oneof![1 => Just(Vec::new()), 1 => vec(any::<usize>(), 2..5)];
    let clocks = prop_oneof![2 => Just(Vec::new()), 1 => vec(watches(), 1..4)];
    (recipes(most), cracks, clocks, eyes).prop_map(|(steps, cracks, clocks, eyes)| Draft {
        steps,
        cracks,
        clocks,
        eyes,
    })
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

/// Any recipe of fewer than so many elements, with up to two levels of steps inside steps.
fn recipes(most: usize) -> impl Strategy<Value = Recipe> {
    let innermost = vec(elements(Just(Recipe::default())), 1..4).prop_map(Recipe);
    let inner = vec(elements(innermost), 1..4).prop_map(Recipe);
    vec(elements(inner), 1..most).prop_map(Recipe)
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
