//! Fields that are written by steps that go on at the same time: on branches of a fork, beside what a crack has begun, or in
//! instances of the same step.

use std::collections::{BTreeMap, BTreeSet};

use grieta_core::definition::{Crack, ForEach, Kind};
use grieta_core::diagnostic::{Code, Path, Problem};
use grieta_core::{LinkKind, Process};
use indexmap::IndexMap;
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

use super::fields::Fields;
use crate::rules::flow::Meetings;

/// As many steps are looked at; a process of a sensible size needs a fraction of them.
const MOST_LOOKS: usize = 1_000_000;

pub(super) fn find(fields: &Fields<'_>, process: &Process) -> Vec<Problem> {
    let meetings = Meetings::of(process);
    let mut search = Search { fields, process, looks: MOST_LOOKS, told: BTreeSet::new(), problems: Vec::new() };
    for (at, (name, step)) in fields.definition.steps.iter().enumerate() {
        let node = NodeIndex::new(at);
        if matches!(step.kind, Kind::Fork(_) | Kind::Some(_)) {
            let at_once = search.branches(node);
            search.among(&at_once, meetings.behind(node), None, &format!("after `{name}`"));
        }
        if let Kind::ForEach(each) = &step.kind {
            search.in_each(name, each);
        }
        search.beside_cracks(node, &step.cracks);
    }
    let whole = NodeIndex::new(fields.definition.steps.len());
    search.beside_cracks(whole, &fields.definition.cracks);
    search.problems
}

struct Search<'a> {
    fields: &'a Fields<'a>,
    process: &'a Process,
    looks: usize,
    /// Fields and the two steps of which it has been said.
    told: BTreeSet<(usize, usize, usize)>,
    problems: Vec<Problem>,
}

impl Search<'_> {
    /// The steps at which what goes on at once begins. What is done otherwise is done alone.
    fn branches(&self, fork: NodeIndex) -> Vec<NodeIndex> {
        let graph = self.process.graph();
        let alone = |kind| matches!(kind, LinkKind::Crack { .. } | LinkKind::Otherwise);
        let ways = graph.edges(fork).filter(|edge| !alone(edge.weight().kind));
        let branches: BTreeSet<NodeIndex> = ways.map(|edge| edge.target()).collect();
        branches.into_iter().collect()
    }

    /// What a crack begins goes on beside the work and what comes after it.
    fn beside_cracks(&mut self, at: NodeIndex, cracks: &IndexMap<String, Crack>) {
        let graph = self.process.graph();
        let steps = &self.fields.definition.steps;
        for (name, crack) in cracks.iter().filter(|(_, crack)| !crack.interrupts()) {
            let then = crack.then.as_ref().and_then(|then| steps.get_index_of(then)).map(NodeIndex::new);
            let Some(then) = then.filter(|then| *then != at) else { continue };
            let begins = graph.edges_connecting(at, then).find(|edge| edge.weight().id.ends_with(&format!("!{name}")));
            let when = match steps.get_index(at.index()) {
                Some((step, _)) => format!("when crack `{name}` has struck `{step}`"),
                None => format!("when crack `{name}` has struck"),
            };
            self.among(&[at, then], None, begins.map(|edge| edge.id()), &when);
        }
    }

    /// Steps that write the same field and can go on at the same time, because each begins at one of these and no way leads
    /// there from wherever the other does.
    fn among(&mut self, begins: &[NodeIndex], until: Option<NodeIndex>, without: Option<EdgeIndex>, when: &str) {
        let mut parts: BTreeMap<NodeIndex, Vec<usize>> = BTreeMap::new();
        for (part, first) in begins.iter().enumerate() {
            for node in self.from(*first, until, without) {
                parts.entry(node).or_default().push(part);
            }
        }
        let steps = &self.fields.definition.steps;
        let mut writers: BTreeMap<usize, Vec<NodeIndex>> = BTreeMap::new();
        for node in parts.keys() {
            let Some((_, step)) = steps.get_index(node.index()) else { continue };
            self.fields.may_write(step).ones().for_each(|field| writers.entry(field).or_default().push(*node));
        }
        for (field, writers) in writers {
            if let Some((first, second)) = self.first_two(field, &writers, &parts)
                && self.told.insert((field, first.index(), second.index()))
            {
                self.problems.push(self.twice(field, first, second, when));
            }
        }
    }

    /// The first two of these steps that go on at the same time and do not only add to what is there.
    fn first_two(
        &mut self,
        field: usize,
        writers: &[NodeIndex],
        parts: &BTreeMap<NodeIndex, Vec<usize>>,
    ) -> Option<(NodeIndex, NodeIndex)> {
        let steps = &self.fields.definition.steps;
        let adds_up =
            |node: &NodeIndex| steps.get_index(node.index()).is_some_and(|(_, step)| self.fields.adds_up(step, field));
        let adding: Vec<bool> = writers.iter().map(adds_up).collect();
        for (at, second) in writers.iter().enumerate() {
            for (before, first) in writers.iter().enumerate().take(at) {
                self.looks = self.looks.checked_sub(1)?;
                let (one, other) = (parts.get(first)?, parts.get(second)?);
                if are_apart(one, other) && !(adding[at] && adding[before]) {
                    return Some((*first, *second));
                }
            }
        }
        None
    }

    /// The steps that ways lead to from one on, before another and without one of the ways.
    fn from(&mut self, first: NodeIndex, until: Option<NodeIndex>, without: Option<EdgeIndex>) -> BTreeSet<NodeIndex> {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![first];
        while let Some(node) = waiting.pop().filter(|_| self.looks > 0) {
            if Some(node) == until || !seen.insert(node) {
                continue;
            }
            self.looks -= 1;
            let ways = self.process.graph().edges(node).filter(|edge| Some(edge.id()) != without);
            waiting.extend(ways.map(|edge| edge.target()));
        }
        seen
    }

    /// Instances of the same steps that go on at the same time.
    fn in_each(&mut self, name: &str, each: &ForEach) {
        let once = !each.growing && each.times.0.trim().parse().is_ok_and(|times: u32| times < 2);
        let steps = &self.fields.definition.steps;
        let Some(first) = each.steps.first().and_then(|first| steps.get_index_of(first)) else { return };
        if each.one_by_one || once {
            return;
        }
        let mut writers: BTreeMap<usize, Vec<NodeIndex>> = BTreeMap::new();
        for node in self.from(NodeIndex::new(first), None, None) {
            let Some((_, step)) = steps.get_index(node.index()) else { continue };
            self.fields.may_write(step).ones().for_each(|field| writers.entry(field).or_default().push(node));
        }
        for (field, writers) in writers {
            let step = |node: &NodeIndex| steps.get_index(node.index()).map(|(_, step)| step);
            let adds = |node: &&NodeIndex| step(node).is_some_and(|step| self.fields.adds_up(step, field));
            let alike = |node: &&NodeIndex| step(node).is_some_and(|step| self.fields.is_constant(step, field));
            let others: Vec<&NodeIndex> = writers.iter().filter(|node| !adds(node)).collect();
            let harmless = others.iter().all(alike) && writers.len() < 2;
            if let Some(writer) = others.first().filter(|_| !harmless)
                && self.told.insert((field, writer.index(), writer.index()))
            {
                self.problems.push(self.in_every_instance(name, field, **writer));
            }
        }
    }

    fn twice(&self, field: usize, first: NodeIndex, second: NodeIndex, when: &str) -> Problem {
        let fields = self.fields;
        let (one, other, field) = (fields.step(first.index()), fields.step(second.index()), fields.name(field));
        let message = format!("`{one}` and `{other}` both write `{field}`, and go on at the same time {when}");
        let problem = Problem::warning(Code::WrittenTwice, fields.path(second.index()), message);
        let problem = problem.related(format!("`{one}` writes it too"), fields.path(first.index()));
        problem.help(
            "whoever is last wins, and nobody knows who that is: let one of them write another field, or one after the \
             other",
        )
    }

    fn in_every_instance(&self, each: &str, field: usize, writer: NodeIndex) -> Problem {
        let (one, field) = (self.fields.step(writer.index()), self.fields.name(field));
        let message =
            format!("`{one}` writes `{field}` in every instance of `{each}`, and they go on at the same time");
        let problem = Problem::warning(Code::WrittenTwice, self.fields.path(writer.index()), message);
        let problem = problem.related("the instances", Path::root("steps").key(each));
        problem.help(
            "only what the last one writes is left: let them go `one-by-one`, or add to what is there, as in \
             `sets: { count: count + 1 }`",
        )
    }
}

/// Whether each of two steps lies on some branch on which the other does not: by lists of branches, in order.
fn are_apart(one: &[usize], other: &[usize]) -> bool {
    let lies_elsewhere = |one: &[usize], other: &[usize]| one.iter().any(|part| other.binary_search(part).is_err());
    lies_elsewhere(one, other) && lies_elsewhere(other, one)
}
