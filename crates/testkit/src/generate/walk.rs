//! Walks a case towards what it is to do.

use grieta_core::LinkKind;
use grieta_core::definition::{Crack, Kind};
use grieta_core::kernel::Phase;
use grieta_runtime::{Data, WorkItem};
use proptest::prelude::Rng;
use proptest::test_runner::TestRunner;

use super::aim::{Aim, NOWHERE};
use super::cover::Goals;
use crate::coverage::Element;
use crate::random::generate::pick;
use crate::random::ground::Ground;
use crate::random::moves::{self, Brings, Move};
use crate::random::story::Story;
use crate::random::values;
use crate::verb::{Deed, Verb};

/// Of so many steps one is taken at random, wherever it leads; the more often something was tried in vain, the more.
const STRAY: [u32; 4] = [u32::MAX, 12, 5, 3];

/// So many times all that a case starts with is drawn anew.
const DRAWN_ANEW: usize = 20;

/// Walks cases.
pub(super) struct Walker<'g> {
    ground: &'g Ground,
    runner: TestRunner,
}

impl<'g> Walker<'g> {
    pub fn new(ground: &'g Ground, runner: TestRunner) -> Walker<'g> {
        Walker { ground, runner }
    }

    /// A case that goes to these elements, one after the other, and then to an end, as far as it comes. What was tried in vain
    /// before is tried every other time with what one of the cases that are `known` started with, but for one field. `None` where
    /// there is no room for its people.
    pub fn walk(&mut self, goals: &Goals, to: &[&Element], tries: usize, known: &[&Data]) -> Option<Story> {
        let mut story = Story::new(self.ground)?;
        for person in self.ground.people() {
            story.happen(person);
        }
        let plan = self.ground.plan();
        let mut left = to.iter();
        let mut next = left.next();
        let mut aim = next.map_or_else(|| Aim::end(plan), |element| Aim::at(plan, element));
        let stray = STRAY[tries % STRAY.len()];
        let known: &[&Data] = if tries < DRAWN_ANEW || tries.is_multiple_of(2) { &[] } else { known };
        while story.length() < self.ground.longest && self.step(&mut story, &aim, stray, known) {
            if next.is_some_and(|element| goals.does(&story, element)) {
                next = left.next();
                aim = next.map_or_else(|| Aim::end(plan), |element| Aim::at(plan, element));
            }
        }
        Some(story)
    }

    /// Lets one thing happen that leads nearer; whether anything could.
    fn step(&mut self, story: &mut Story, aim: &Aim<'_>, stray: u32, known: &[&Data]) -> bool {
        let mut moves = moves::possible(self.ground, story);
        while let Some(Move { verb, brings, .. }) = self.choose(story, &mut moves, aim, stray) {
            let given = moves::given(self.ground, brings);
            let known = if brings == Brings::Start { known } else { &[] };
            let base = pick_one(known, &mut self.runner);
            let data = match base {
                Some(base) => values::draw_one(given, base, &mut self.runner),
                None => values::draw(given, false, &mut self.runner),
            };
            if story.happen(moves::with(verb, data)) {
                return true;
            }
        }
        false
    }

    fn choose(&mut self, story: &Story, moves: &mut Vec<Move>, aim: &Aim<'_>, stray: u32) -> Option<Move> {
        if self.runner.rng().next_u32() % stray == 1 {
            return pick(moves, &mut self.runner);
        }
        let items = story.items();
        let scores: Vec<u32> = moves.iter().map(|known| score(self.ground, &items, aim, &known.verb)).collect();
        let best = scores.iter().min()?;
        let nearest: Vec<usize> = (0..moves.len()).filter(|at| scores[*at] == *best).collect();
        let drawn = self.runner.rng().next_u32() as usize % nearest.len();
        Some(moves.swap_remove(nearest[drawn]))
    }
}

fn pick_one<'d>(known: &[&'d Data], runner: &mut TestRunner) -> Option<&'d Data> {
    let most = known.len().checked_sub(1)?;
    known.get(runner.rng().next_u32() as usize % (most + 1)).copied()
}

/// How far it is once that has happened, as far as the drawing tells.
fn score(ground: &Ground, items: &[WorkItem], aim: &Aim<'_>, verb: &Verb) -> u32 {
    match verb {
        Verb::Start(_) => 0,
        Verb::On { item, deeds } => match deeds.last() {
            Some(Deed::Complete { outcome: Some(outcome), .. }) => {
                aim.by(&item.step, &format!("{}/{outcome}", item.step))
            }
            Some(Deed::Complete { outcome: None, .. }) => aim.by_any(&item.step, is_way_on),
            Some(Deed::Strike(crack)) => aim.by(&item.step, &format!("{}!{crack}", item.step)),
            _ => aim.from(&item.step) + 2,
        },
        Verb::Message { .. } => {
            let receiving = items.iter().filter(|item| item.phase() == Phase::Receiving);
            receiving.map(|item| aim.by_any(item.step(), is_way_on)).min().unwrap_or(NOWHERE)
        }
        Verb::AdvanceToNextTimer => items.iter().map(|item| by_time(ground, aim, item)).min().unwrap_or(NOWHERE),
        _ => NOWHERE,
    }
}

fn is_way_on(link: &grieta_core::Link) -> bool {
    !matches!(link.kind, LinkKind::Crack { .. } | LinkKind::Undo)
}

/// How far it is once time has passed: a pause is over, a crack strikes by itself, or work that failed is tried again.
fn by_time(ground: &Ground, aim: &Aim<'_>, item: &WorkItem) -> u32 {
    let definition = ground.plan().definition();
    let Some(step) = definition.steps.get(item.step()) else { return NOWHERE };
    let timed = |crack: &Crack| crack.after.is_some() || crack.clock.is_some();
    let cracks = step.cracks.iter().filter(|(_, crack)| timed(crack));
    let by_crack = cracks.map(|(name, _)| aim.by(item.step(), &format!("{}!{name}", item.step())));
    let pause = matches!(step.kind, Kind::Pause(_)).then(|| aim.by_any(item.step(), is_way_on));
    let tried_again = (item.phase() == Phase::Delayed).then(|| aim.from(item.step()) + 1);
    by_crack.chain(pause).chain(tried_again).min().unwrap_or(NOWHERE)
}
