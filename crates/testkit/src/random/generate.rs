//! Makes runs: again and again one of the things that can happen next.

use proptest::prelude::Rng;
use proptest::test_runner::TestRunner;

use super::ground::Ground;
use super::moves::{self, Brings, Move};
use super::story::Story;
use super::values;

/// A run that goes on until nothing can happen any more, or enough has happened. `None` where there is no room for its people.
pub(crate) fn story(ground: &Ground, runner: &mut TestRunner) -> Option<Story> {
    let mut story = Story::new(ground)?;
    for person in ground.people() {
        story.happen(person);
    }
    while story.length() < ground.longest && happens(ground, &mut story, runner) {}
    Some(story)
}

/// Lets one thing happen; whether there was any.
fn happens(ground: &Ground, story: &mut Story, runner: &mut TestRunner) -> bool {
    let mut moves = moves::possible(ground, story);
    while let Some(Move { verb, brings, .. }) = pick(&mut moves, runner) {
        let data = values::draw(moves::given(ground, brings), ground.faulty && brings != Brings::Start, runner);
        if story.happen(moves::with(verb, data)) {
            return true;
        }
    }
    false
}

/// One of the moves, by their weights.
pub(crate) fn pick(moves: &mut Vec<Move>, runner: &mut TestRunner) -> Option<Move> {
    let all: u32 = moves.iter().map(|known| known.weight).sum();
    let mut drawn = runner.rng().next_u32().checked_rem(all)?;
    let at = moves.iter().position(|known| {
        let found = drawn < known.weight;
        drawn = drawn.saturating_sub(known.weight);
        found
    });
    Some(moves.swap_remove(at?))
}
