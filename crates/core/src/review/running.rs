//! At which steps a clock may run, whatever the data decide.

use std::collections::{HashMap, HashSet};

use crate::definition::{Clock, Definition, Step};
use crate::graph;

/// The clocks of a definition, each with the steps at which it may run.
pub(super) struct Running<'a>(Vec<(&'a str, &'a Clock, HashSet<&'a str>)>);

impl<'a> Running<'a> {
    pub(super) fn of(definition: &'a Definition) -> Running<'a> {
        let around = containers(definition);
        let clocks = definition.clocks.iter();
        Running(clocks.map(|(name, clock)| (name.as_str(), clock, steps(definition, &around, clock))).collect())
    }

    /// The clocks that may run at a step, or pause there, in the order of the definition.
    pub(super) fn at(&self, step: &str) -> impl Iterator<Item = (&'a str, &'a Clock)> {
        let there = self.0.iter().filter(move |(_, clock, steps)| {
            steps.contains(step) || clock.pause_in.iter().any(|paused| paused == step)
        });
        there.map(|(name, clock, _)| (*name, *clock))
    }
}

/// For each step inside another, which one that is.
pub(super) fn containers(definition: &Definition) -> HashMap<&str, &str> {
    let contains = |(name, step)| {
        let (name, step): (&String, &Step) = (name, step);
        step.kind.inside().iter().map(move |inside| (inside.as_str(), name.as_str()))
    };
    definition.steps.iter().flat_map(contains).collect()
}

/// All steps that come after those where it starts, up to those that stop it.
fn steps<'a>(definition: &'a Definition, around: &HashMap<&'a str, &'a str>, clock: &'a Clock) -> HashSet<&'a str> {
    let first = if clock.from.is_empty() { std::slice::from_ref(&definition.start) } else { clock.from.as_slice() };
    let (mut found, mut open) = (HashSet::new(), first.iter().map(String::as_str).collect::<Vec<_>>());
    while let Some(name) = open.pop() {
        let Some((name, step)) = definition.steps.get_key_value(name) else { continue };
        if !found.insert(name.as_str()) || clock.until.contains(name) {
            continue;
        }
        open.extend(graph::ways(name, step).into_iter().map(|way| way.to));
        open.extend(step.kind.inside().first().map(String::as_str));
        open.extend(step.undo.as_deref());
        // What is inside ends, and the case goes on behind what is around.
        let outer = around.get(name.as_str()).filter(|outer| clock.until.iter().all(|last| last != *outer));
        if let Some((outer, step)) = outer.and_then(|outer| definition.steps.get_key_value(*outer)) {
            open.extend(graph::ways(outer, step).into_iter().map(|way| way.to));
        }
    }
    found
}
