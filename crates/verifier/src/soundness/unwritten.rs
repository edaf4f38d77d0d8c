//! Who needs a field before anything has written it: whoever reads it, and a case that ends where it is promised.
//!
//! A search over all that can happen as long as the field has no value. Every expression is asked by the kernel, and whether
//! the field has a value then is what the data of the case say.

use grieta_core::definition::{Definition, Recovery, Step};
use grieta_core::{FieldIx, Plan, StepIx};

use super::moves::{Aim, Ground, Situation};
use super::search::{self, Limits};
use super::trace::Trace;

/// So many are told with the way there.
const MOST_STORIES: usize = 20;

/// A field that is watched, and the steps that have to do with it, by position.
#[derive(Debug, Clone)]
pub(crate) struct Watched {
    pub field: FieldIx,
    /// Those whose order matters: they write it, or go on by what they find.
    pub used: Vec<bool>,
    /// Those that list it under what they read.
    pub listed: Vec<bool>,
    /// The ends at which a case is to have it.
    pub promised: Vec<bool>,
}

/// Something that needed a field that had no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Missed {
    /// A step has read it: an expression by this text, or whatever else the step looks at.
    Read { step: StepIx, source: Option<Box<str>> },
    /// A case is over that has come to this end.
    Output { end: StepIx },
}

impl Watched {
    pub fn is_used(&self, step: StepIx) -> bool {
        is(&self.used, step)
    }

    /// Whoever rolls back takes away what was written. As long as nobody does, it does not matter when those come who only
    /// list the field: they change nothing for others, and to come earlier is never to miss less.
    fn note_rolled_back(&mut self, definition: &Definition) {
        let rolls_back = |step: &Step| step.cracks.values().any(|crack| crack.recover == Recovery::RollBack);
        let anybody = definition.steps.values().any(rolls_back);
        for (at, step) in definition.steps.values().enumerate() {
            self.used[at] |= rolls_back(step) || (anybody && self.listed[at]);
        }
    }

    pub fn is_listed(&self, step: StepIx) -> bool {
        is(&self.listed, step)
    }

    pub fn is_promised(&self, step: StepIx) -> bool {
        is(&self.promised, step)
    }
}

fn is(steps: &[bool], step: StepIx) -> bool {
    steps.get(step.at()).copied().unwrap_or(false)
}

/// What a search has found.
pub(crate) struct Misses {
    /// All that can need the field and find no value, the nearest first, the first ones with the way there.
    pub missed: Vec<(Missed, Option<Trace>)>,
    /// How many states were found.
    pub states: usize,
    /// Whether a limit was hit before all were found.
    pub cut: bool,
}

/// Looks for all that can need a field and find no value.
pub(crate) fn missed(plan: &Plan, mut watched: Watched, limits: &Limits) -> Misses {
    watched.note_rolled_back(plan.definition());
    let ground = Ground::of(plan, limits.reduce, Aim::Field(watched));
    let found = search::Search::new(&ground, *limits).run();
    let told = found.missed.iter().enumerate().map(|(index, (from, target, missed))| {
        let trace = (index < MOST_STORIES).then(|| {
            let mut way = found.states.way_to(*from);
            way.push(*target);
            let wanted = |there: &Situation, _| there.past.missed.contains(missed);
            Trace::through(&ground, &found.states, &way, wanted, |_| {}).0
        });
        (missed.clone(), trace)
    });
    Misses { missed: told.collect(), states: found.states.len(), cut: found.cut }
}
