//! Makes a story shorter and plainer, as long as it still fails: what can be left out is left out.
//!
//! Whole stretches are tried first, then single things, after Zeller and Hildebrandt, "Simplifying and isolating
//! failure-inducing input" (IEEE TSE 2002); then what is done with a work item and by whom, the data, and their values. What the engine
//! refuses is no story.

use std::collections::VecDeque;
use std::ops::Range;

use grieta_core::value::Value;
use grieta_runtime::Data;

use super::ground::Ground;
use super::moves;
use super::story::{Story, leads_on};
use crate::verb::{Deed, Verb};

/// A way in which a story might be simpler.
#[derive(Debug, Clone, PartialEq)]
enum Simpler {
    /// These things do not happen.
    Without(Range<usize>),
    /// That deed is not done.
    WithoutDeed(usize, usize),
    /// What is done with the work is done later, together with what follows.
    Together(usize, usize),
    /// That person takes the work instead.
    By(usize, usize, String),
    /// That field is not given.
    WithoutField(usize, String),
    /// That field has a plainer value.
    Plainer(usize, String, Value),
}

/// A story that fails, and what has not been tried yet to make it simpler.
#[derive(Debug)]
pub(crate) struct Shrinking {
    verbs: Vec<Verb>,
    left: VecDeque<Simpler>,
}

impl Shrinking {
    pub fn of(ground: &Ground, verbs: Vec<Verb>) -> Shrinking {
        let left = simpler(ground, &verbs).into();
        Shrinking { verbs, left }
    }

    /// The simplest story so far that fails.
    pub fn verbs(&self) -> &[Verb] {
        &self.verbs
    }

    /// The next story to try.
    pub fn next(&mut self, ground: &Ground) -> Option<Story> {
        while let Some(simpler) = self.left.pop_front() {
            if let Some(story) = Story::of(ground, &applied(&self.verbs, &simpler)) {
                return Some(story);
            }
        }
        None
    }
}

/// The simplest story that still fails, of those that are one small step away from each other.
pub(crate) fn shrink(ground: &Ground, story: Story, fails: impl Fn(&Story) -> bool) -> Story {
    let (mut best, mut shrinking) = (story.verbs().to_vec(), None);
    let mut story = story;
    loop {
        let state = shrinking.get_or_insert_with(|| Shrinking::of(ground, std::mem::take(&mut best)));
        match state.next(ground) {
            Some(found) if fails(&found) => {
                best = found.verbs().to_vec();
                (story, shrinking) = (found, None);
            }
            Some(_) => {}
            None => return story,
        }
    }
}

/// All that can be tried, what saves most first.
fn simpler(ground: &Ground, verbs: &[Verb]) -> Vec<Simpler> {
    let mut all = Vec::new();
    let mut size = verbs.len() / 2;
    while size > 0 {
        // From the end: what comes last depends least on the rest.
        let starts = (0..verbs.len()).step_by(size).rev();
        all.extend(starts.map(|start| Simpler::Without(start..(start + size).min(verbs.len()))));
        size /= 2;
    }
    for (at, verb) in verbs.iter().enumerate() {
        let Verb::On { item, deeds } = verb else { continue };
        if deeds.last().is_some_and(leads_on) {
            let same = |other: &Verb| matches!(other, Verb::On { item: other, .. } if other == item);
            let later = verbs.iter().enumerate().skip(at + 1).find(|(_, verb)| same(verb));
            all.extend(later.map(|(later, _)| Simpler::Together(at, later)));
        }
        for (position, deed) in deeds.iter().enumerate() {
            if let Deed::Claim(person) = deed {
                let others = ground.colleagues(person).into_iter();
                all.extend(others.map(|other| Simpler::By(at, position, other)));
            }
        }
        all.extend((0..deeds.len()).filter(|_| deeds.len() > 1).map(|deed| Simpler::WithoutDeed(at, deed)));
    }
    let data = || verbs.iter().enumerate().filter_map(|(at, verb)| Some((at, moves::data(verb)?)));
    // Only a faulty environment leaves out what a step is to bring.
    let may_lack = |at: usize| ground.faulty || matches!(verbs[at], Verb::Start(_));
    let lacking = data().filter(|(at, _)| may_lack(*at));
    all.extend(
        lacking.flat_map(|(at, data)| data.iter().map(move |(field, _)| Simpler::WithoutField(at, field.to_owned()))),
    );
    for (at, data) in data() {
        for (field, value) in data.iter() {
            let plainer = ground.notable(field).iter().take_while(|plainer| *plainer != value);
            all.extend(plainer.map(|plainer| Simpler::Plainer(at, field.to_owned(), plainer.clone())));
        }
    }
    all
}

fn applied(verbs: &[Verb], simpler: &Simpler) -> Vec<Verb> {
    let mut verbs = verbs.to_vec();
    match simpler {
        Simpler::Without(range) => _ = verbs.drain(range.clone()),
        Simpler::WithoutDeed(at, deed) => _ = deeds_of(&mut verbs, *at).map(|deeds| deeds.remove(*deed)),
        Simpler::By(at, deed, person) => {
            if let Some(deed) = deeds_of(&mut verbs, *at).and_then(|deeds| deeds.get_mut(*deed)) {
                *deed = Deed::Claim(person.clone());
            }
        }
        Simpler::Together(at, later) => {
            let before = deeds_of(&mut verbs, *at).map(std::mem::take).unwrap_or_default();
            if let Some(deeds) = deeds_of(&mut verbs, *later) {
                deeds.splice(0..0, before);
            }
            verbs.remove(*at);
        }
        Simpler::WithoutField(at, field) => change(&mut verbs, *at, field, None),
        Simpler::Plainer(at, field, value) => change(&mut verbs, *at, field, Some(value)),
    }
    verbs
}

fn deeds_of(verbs: &mut [Verb], at: usize) -> Option<&mut Vec<Deed>> {
    match verbs.get_mut(at) {
        Some(Verb::On { deeds, .. }) => Some(deeds),
        _ => None,
    }
}

/// Gives a field another value, or none.
fn change(verbs: &mut [Verb], at: usize, field: &str, value: Option<&Value>) {
    let Some(verb) = verbs.get_mut(at) else { return };
    let Some(data) = moves::data(verb) else { return };
    let fields = data.iter().filter_map(|(name, old)| match value {
        _ if name != field => Some((name.to_owned(), old.clone())),
        value => value.map(|value| (name.to_owned(), value.clone())),
    });
    let changed = Data::from(fields.collect::<Vec<_>>());
    *verb = moves::with(verb.clone(), changed);
}
