//! Looks for the shortest story that fails: everything that can happen is tried, the shorter stories first.

use std::collections::{BTreeSet, HashSet, VecDeque};

use grieta_core::kernel::Case;
use grieta_core::{Constraint, Progress, StepIx};
use grieta_runtime::Data;

use super::ground::Ground;
use super::moves::{self, Move};
use super::story::{Story, length, prepares};
use crate::verb::{Deed, Item, Verb};

/// No more stories are tried.
const MOST_TRIES: usize = 20_000;

/// What is known about a story that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shortest {
    /// With the data and the people of the run that failed, no shorter story does.
    Proved {
        /// How many stories were tried.
        tried: usize,
    },
    /// None of so many shorter ones fails, but there are more.
    Unknown {
        /// How many stories were tried.
        tried: usize,
    },
}

/// A story that fails and is shorter than `found`, and the shortest there is with the data and the people of these stories. `None`
/// where there is none. With `by_state`, what follows depends on nothing but where the cases stand.
pub(super) fn search(
    ground: &Ground,
    found: &Story,
    known: &Known,
    by_state: bool,
    fails: impl Fn(&Story) -> bool,
) -> (Option<Story>, Shortest) {
    let bound = found.length();
    let (mut waiting, mut tried, mut seen) = (VecDeque::from([known.people.clone()]), 0, HashSet::new());
    while let Some(verbs) = waiting.pop_front().filter(|verbs| length(verbs) + 1 < bound) {
        let Some(before) = Story::of(ground, &verbs) else { continue };
        for verb in known.moves(ground, &before) {
            tried += 1;
            if tried > MOST_TRIES {
                return (None, Shortest::Unknown { tried: MOST_TRIES });
            }
            let free = prepares(&verb);
            let more = [verbs.as_slice(), &[verb]].concat();
            let Some(story) = Story::of(ground, &more) else { continue };
            if fails(&story) {
                return (Some(story), Shortest::Proved { tried });
            }
            if by_state && !seen.insert(state(ground, &story)) {
                continue;
            }
            // What counts for nothing makes no story longer.
            if free { waiting.push_front(more) } else { waiting.push_back(more) }
        }
    }
    (None, Shortest::Proved { tried })
}

/// What stories are made of that are tried: the data and the people of those that are known to fail.
pub(super) struct Known {
    people: Vec<Verb>,
    names: BTreeSet<String>,
    data: Vec<(About, Data)>,
}

/// What data are given with.
#[derive(Debug, Clone, PartialEq, Eq)]
enum About {
    Start,
    Step(String),
    Message(String),
}

impl About {
    fn of(verb: &Verb) -> Option<About> {
        match verb {
            Verb::Start(_) => Some(About::Start),
            Verb::Message { name, .. } => Some(About::Message(name.clone())),
            Verb::On { item: Item { step, .. }, .. } => Some(About::Step(step.clone())),
            _ => None,
        }
    }
}

impl Known {
    /// What is known from the run that failed, and from what it was shrunk to.
    pub fn of(ground: &Ground, run: &[Verb], shrunk: &[Verb]) -> Known {
        let mut data = Vec::new();
        for verb in shrunk.iter().chain(run) {
            let (Some(about), Some(given)) = (About::of(verb), moves::data(verb)) else { continue };
            let new = (about, given.clone());
            if !data.contains(&new) {
                data.push(new);
            }
        }
        let deeds = shrunk.iter().filter_map(|verb| if let Verb::On { deeds, .. } = verb { Some(deeds) } else { None });
        let names = deeds.flatten().filter_map(|deed| match deed {
            Deed::Claim(person) | Deed::Delegate(person) => Some(person.clone()),
            _ => None,
        });
        Known { people: ground.people(), names: names.collect(), data }
    }

    /// What can happen next, with each of the data that are known.
    fn moves(&self, ground: &Ground, story: &Story) -> Vec<Verb> {
        let mut found: Vec<Verb> = Vec::new();
        let possible =
            moves::possible(ground, story).into_iter().filter(|known| self.is_by_the_known(story, &known.verb));
        for Move { verb, .. } in possible {
            let mut variants = match (moves::data(&verb), About::of(&verb)) {
                (Some(empty), Some(about)) => {
                    let mut given: Vec<&Data> =
                        self.data.iter().filter(|(known, _)| *known == about).map(|(_, data)| data).collect();
                    // Only a faulty environment leaves out what a step is to bring.
                    if given.is_empty() || ground.faulty || about == About::Start {
                        given.push(empty);
                    }
                    given.into_iter().map(|data| moves::with(verb.clone(), data.clone())).collect()
                }
                _ => vec![verb],
            };
            variants.retain(|variant| !found.contains(variant));
            found.append(&mut variants);
        }
        found
    }

    /// Whether work is taken by somebody who is known, or by the first of a role of which nobody is.
    fn is_by_the_known(&self, story: &Story, verb: &Verb) -> bool {
        let Verb::On { deeds, .. } = verb else { return true };
        let Some(Deed::Claim(name) | Deed::Delegate(name)) = deeds.first() else { return true };
        let people = story.trial.engine.people();
        let roles = people.find(name).into_iter().flat_map(|person| people.roles(person));
        let colleagues: Vec<&str> =
            roles.flat_map(|role| people.of_role(role)).map(|person| people.name(*person)).collect();
        let first = colleagues.first().is_some_and(|first| first == name);
        self.names.contains(name) || first && !colleagues.iter().any(|colleague| self.names.contains(*colleague))
    }
}

/// Where all cases stand, as far as it decides what can come and which rules are still kept.
fn state(ground: &Ground, story: &Story) -> String {
    let engine = &story.trial.engine;
    let mut text = format!("{:?} {}", story.trial.case, story.trial.now());
    for (plan, history) in story.histories() {
        let mut case = Case::default();
        history.iter().for_each(|recorded| case.apply(recorded.at, &recorded.event));
        let mut timers: Vec<String> =
            case.timers().map(|(_, timer)| format!("{:?} {}", timer.kind, timer.due)).collect();
        timers.sort_unstable();
        let rules = plan.definition().rules.iter().chain(&ground.rules);
        let progress: Vec<Progress> = rules
            .filter_map(|rule| Constraint::of(plan, rule))
            .map(|rule| rule.follow(plan, history.iter().map(|recorded| (recorded.at, &recorded.event))).0)
            .collect();
        let steps = (0..plan.step_count()).filter_map(|step| u16::try_from(step).ok()).map(StepIx);
        let performers: Vec<_> = steps.map(|step| case.performer(step)).collect();
        let clocks: Vec<_> = case.clocks().collect();
        text += &format!(
            "|{:?} {:?} {:?} {timers:?} {progress:?} {performers:?} {clocks:?}",
            case.status(),
            case.fingerprint(plan, &()),
            case.data()
        );
    }
    for (case, _) in engine.cases() {
        let mut items: Vec<_> = engine.items(case).unwrap_or_default();
        items.sort_by_key(|item| (item.step().to_owned(), item.id().visit));
        items.iter().for_each(|item| text += &format!(" {} {:?} {:?}", item.step(), item.phase(), item.holder()));
    }
    // What is kept, who is away and what would be done again is told by what was done.
    let remembered = story
        .verbs()
        .iter()
        .filter(|verb| matches!(verb, Verb::Message { keep: Some(_), .. } | Verb::Absent(_) | Verb::Back(_)));
    let again = story.verbs().last().filter(|_| ground.faulty);
    remembered.chain(again).for_each(|verb| text += &format!(" {verb:?}"));
    text
}
