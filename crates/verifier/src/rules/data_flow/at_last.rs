//! What has been written once all that a token begins has ended, or has come to a join: what one branch of a fork writes is
//! written then, whatever the others do.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fixedbitset::FixedBitSet;
use grieta_core::LinkKind;
use grieta_core::definition::Kind;
use petgraph::Direction::Incoming;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::written::Written;

/// For each step what has been written at last by a token that comes to it.
pub(super) struct AtLast(BTreeMap<NodeIndex, FixedBitSet>);

impl AtLast {
    pub fn at(&self, step: NodeIndex) -> Option<&FixedBitSet> {
        self.0.get(&step)
    }

    pub fn take(mut self, step: NodeIndex) -> Option<FixedBitSet> {
        self.0.remove(&step)
    }
}

/// What has been written when all that begins at a step is over, or has come to `goal` as far as it can; what does not lead
/// there counts as far as it has come. `None` where that is too much to look at.
pub(super) fn written(written: &mut Written<'_>, from: NodeIndex, goal: Option<NodeIndex>) -> Option<AtLast> {
    let region = region(written, from, goal)?;
    let all = written.fields.all();
    let stops = |node: &&NodeIndex| {
        goal.is_none() && matches!(written.fields.kind(node.index()), Some(Kind::End { terminate: true, .. }))
    };
    let stops = region.iter().filter(stops).copied().collect();
    let end = End {
        goal,
        leads: behind(written, &region, goal.into_iter().collect()),
        stops: behind(written, &region, stops),
    };
    let mut known: BTreeMap<NodeIndex, FixedBitSet> = region.iter().map(|node| (*node, all.clone())).collect();
    // What lies further on is looked at first.
    let mut open: VecDeque<NodeIndex> = region.iter().rev().copied().collect();
    let mut waits: BTreeSet<NodeIndex> = region.iter().copied().collect();
    while let Some(node) = open.pop_front() {
        written.looks = written.looks.checked_sub(1)?;
        waits.remove(&node);
        let found = end.over(written, &known, node)?;
        if known.get(&node) == Some(&found) {
            continue;
        }
        known.insert(node, found);
        for before in written.graph.neighbors_directed(node, Incoming) {
            if known.contains_key(&before) && waits.insert(before) {
                open.push_back(before);
            }
        }
    }
    Some(AtLast(known))
}

/// The steps of the same level that ways lead to, no further than the goal.
fn region(written: &mut Written<'_>, from: NodeIndex, goal: Option<NodeIndex>) -> Option<Vec<NodeIndex>> {
    let mut seen: BTreeSet<NodeIndex> = BTreeSet::new();
    let (mut open, mut found) = (VecDeque::from([from]), Vec::new());
    while let Some(node) = open.pop_front() {
        written.looks = written.looks.checked_sub(1)?;
        if !seen.insert(node) {
            continue;
        }
        found.push(node);
        if Some(node) != goal {
            let ways = written.graph.edges(node).filter(|edge| stays(edge.weight().kind));
            open.extend(ways.map(|edge| edge.target()));
        }
    }
    Some(found)
}

/// The steps of a region from which a way leads to one of these.
fn behind(written: &Written<'_>, region: &[NodeIndex], to: Vec<NodeIndex>) -> BTreeSet<NodeIndex> {
    let inside: BTreeSet<NodeIndex> = region.iter().copied().collect();
    let (mut open, mut found) = (to, BTreeSet::new());
    while let Some(node) = open.pop() {
        if inside.contains(&node) && found.insert(node) {
            let ways = written.graph.edges_directed(node, Incoming).filter(|edge| stays(edge.weight().kind));
            open.extend(ways.map(|edge| edge.source()));
        }
    }
    found
}

/// Whether a way stays on the same level, and on the way of the case.
fn stays(kind: LinkKind) -> bool {
    !matches!(kind, LinkKind::Inside | LinkKind::Undo)
}

/// Where it is over.
struct End {
    goal: Option<NodeIndex>,
    /// From where a way leads to the goal.
    leads: BTreeSet<NodeIndex>,
    /// From where a way leads to where all is stopped.
    stops: BTreeSet<NodeIndex>,
}

impl End {
    /// What has been written when all that a token at a step begins is over, by what is known of the steps behind.
    fn over(
        &self,
        written: &Written<'_>,
        known: &BTreeMap<NodeIndex, FixedBitSet>,
        node: NodeIndex,
    ) -> Option<FixedBitSet> {
        let mut here = written.before(node.index())?.clone();
        if Some(node) == self.goal {
            // Whatever comes there counts as it comes.
            here.clear();
            return Some(here);
        }
        if let Some(Kind::End { .. }) = written.fields.kind(node.index()) {
            let (_, step) = written.fields.definition.steps.get_index(node.index())?;
            here.union_with(&written.fields.writes(step));
            return Some(here);
        }
        if self.goal.is_some() && !self.leads.contains(&node) {
            return Some(here);
        }
        here.union_with(&self.by_ways_on(written, known, node)?);
        Some(here)
    }

    /// What is written on some branch of a fork, or else on every way on; and by whoever may stop the others.
    fn by_ways_on(
        &self,
        written: &Written<'_>,
        known: &BTreeMap<NodeIndex, FixedBitSet>,
        node: NodeIndex,
    ) -> Option<FixedBitSet> {
        let fork = matches!(written.fields.kind(node.index()), Some(Kind::Fork(_)));
        let (mut some, mut every) = (written.fields.none(), written.fields.all());
        for edge in written.graph.edges(node).filter(|edge| stays(edge.weight().kind)) {
            let stops = self.stops.contains(&edge.target());
            // What a crack begins beside the work matters only if it can stop that.
            if edge.weight().kind == (LinkKind::Crack { interrupts: false }) && !stops {
                continue;
            }
            let mut way = written.along(edge)?;
            way.union_with(known.get(&edge.target())?);
            some.union_with(&way);
            let branch = fork && !matches!(edge.weight().kind, LinkKind::Crack { .. });
            if stops || !branch {
                every.intersect_with(&way);
            }
        }
        some.intersect_with(&every);
        Some(some)
    }
}
