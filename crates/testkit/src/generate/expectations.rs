//! A case as a scenario: what happened in it is what is expected of it.

use std::collections::BTreeSet;

use grieta_core::kernel::{Phase, Status};
use grieta_core::value::Value;
use grieta_core::{Duration, Timestamp};
use grieta_runtime::{Data, WorkItem};

use crate::failure::Tongue;
use crate::random::ground::Ground;
use crate::random::story::Story;
use crate::trial::Trial;
use crate::verb::{Deed, Expectation, Item, Verb};
use crate::{Scenario, told};

/// The scenario of a story, with what happened after each thing; `None` where it cannot be repeated.
pub(super) fn scenario(ground: &Ground, number: usize, story: &Story) -> Option<Scenario> {
    let mut plans = ground.plans.iter().cloned();
    let mut trial = Trial::new(plans.next()?, Tongue::File).ok()?;
    plans.try_for_each(|plan| trial.deploy(plan)).ok()?;
    let mut verbs = Vec::new();
    let mut watch = Watch::default();
    for verb in story.verbs() {
        for verb in at_its_time(&trial, verb)? {
            trial.perform(&verb).ok()?;
            let silent = matches!(verb, Verb::Person { .. });
            verbs.push(verb);
            if !silent {
                verbs.extend(watch.expected(&trial));
            }
        }
    }
    verbs.extend(watch.at_last(&trial).into_iter().map(Verb::Expect));
    Some(Scenario::of(&watch.name(number, &trial), None, verbs))
}

/// So long before something falls due, nothing has happened yet.
const BEFORE: Duration = Duration::MINUTE;

/// The same, but time passes to where a person can see it: a little less first, so that it is seen what does it.
fn at_its_time(trial: &Trial, verb: &Verb) -> Option<Vec<Verb>> {
    if *verb != Verb::AdvanceToNextTimer {
        return Some(vec![verb.clone()]);
    }
    let now = trial.engine.now();
    let due = trial.engine.next_due()?.max(now);
    let before =
        (due - now > BEFORE).then(|| Verb::AdvanceTo(Timestamp::from_micros(due.as_micros() - BEFORE.as_micros())));
    Some(before.into_iter().chain([Verb::AdvanceTo(due)]).collect())
}

/// What has been seen of a case.
#[derive(Default)]
struct Watch {
    cracks: Vec<String>,
    /// With what it began.
    initial: Option<Vec<Value>>,
}

impl Watch {
    /// What is expected now.
    fn expected(&mut self, trial: &Trial) -> Vec<Verb> {
        let (Some((plan, history)), Some(case)) = (trial.recorded(), trial.case) else { return Vec::new() };
        let values = |field: &String| trial.engine.value(case, field).unwrap_or_default();
        self.initial.get_or_insert_with(|| plan.definition().data.keys().map(values).collect());
        let mut expected = Vec::new();
        let mut hands = Vec::new();
        if trial.status() == Status::Running {
            let places = trial.places();
            hands = in_hands(trial, &places);
            expected.extend((!places.is_empty()).then(|| Expectation::At(places.into_iter().collect())));
        }
        let struck: Vec<String> = told::cracks(plan, history).into_iter().map(|(_, name)| name).collect();
        if struck.len() > self.cracks.len() {
            expected.extend(struck[self.cracks.len()..].iter().cloned().map(Expectation::Crack));
            expected.push(Expectation::NoCrack);
            self.cracks = struck;
        }
        expected.into_iter().map(Verb::Expect).chain(hands).collect()
    }

    /// What is expected at last: how it ended, that nothing else went wrong, and the data that have changed.
    fn at_last(&self, trial: &Trial) -> Vec<Expectation> {
        let (Some((plan, _)), Some(case)) = (trial.recorded(), trial.case) else { return Vec::new() };
        let mut expected = match trial.status() {
            Status::Completed => ends(trial).into_iter().map(Expectation::EndedAt).collect(),
            Status::Cancelled => vec![Expectation::Cancelled],
            _ => Vec::new(),
        };
        expected.push(Expectation::NoCrack);
        let mut changed = Data::new();
        for ((field, declared), before) in plan.definition().data.iter().zip(self.initial.iter().flatten()) {
            let now = trial.engine.value(case, field).unwrap_or_default();
            if now != *before && !now.is_absent() {
                changed = changed.with(field.as_str(), now.told(declared));
            }
        }
        expected.extend(changed.iter().next().is_some().then(|| Expectation::Data(changed.clone())));
        expected
    }

    /// What the scenario is called: its cracks, and where the case is at last.
    fn name(&self, number: usize, trial: &Trial) -> String {
        let mut cracks: Vec<&str> = Vec::new();
        for crack in &self.cracks {
            if !cracks.contains(&crack.as_str()) {
                cracks.push(crack);
            }
        }
        let place = match trial.status() {
            Status::Completed => format!("ends at {}", ends(trial).join(" and ")),
            Status::Cancelled => "is cancelled".to_owned(),
            _ => format!("is at {}", trial.places().into_iter().collect::<Vec<_>>().join(" and ")),
        };
        match cracks.as_slice() {
            [] => format!("{number:02}. nothing goes wrong, it {place}"),
            cracks => format!("{number:02}. {}, then it {place}", cracks.join(", ")),
        }
    }
}

/// To whom work is offered, who has it, and what waits to be tried again.
fn in_hands(trial: &Trial, places: &BTreeSet<String>) -> Vec<Verb> {
    let items = trial.case.and_then(|case| trial.engine.items(case).ok()).unwrap_or_default();
    let alone = |step: &String| {
        let mut here = items.iter().filter(|item| item.step() == step);
        here.next().filter(|_| here.next().is_none())
    };
    let hand = |item: &WorkItem| {
        let deed = match (item.phase(), item.role(), item.holder()) {
            (Phase::Delayed, ..) => {
                let words = format!("`{}` waits for its next try", item.step());
                return Some(Verb::Expect(Expectation::Waiting(words)));
            }
            (Phase::Offered, Some(role), _) => Deed::OfferedTo(role.to_owned()),
            (Phase::Allocated, _, Some(holder)) => Deed::AllocatedTo(holder.to_owned()),
            _ => return None,
        };
        Some(Verb::On { item: Item { step: item.step().to_owned(), nth: None }, deeds: vec![deed] })
    };
    places.iter().filter_map(alone).filter_map(hand).collect()
}

fn ends(trial: &Trial) -> Vec<String> {
    let ends = trial.case.and_then(|case| trial.engine.ended_at(case).ok()).unwrap_or_default();
    let mut all: Vec<String> = Vec::new();
    for end in ends {
        if !all.iter().any(|known| known == end) {
            all.push(end.to_owned());
        }
    }
    all
}
