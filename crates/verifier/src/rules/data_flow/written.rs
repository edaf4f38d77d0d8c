//! What has been written on every way to a step.
//!
//! All fields are looked at together: at first everything counts as written everywhere, and what some way does not bring is
//! taken away until nothing changes. So whatever is left out for being too much to look at only keeps a warning back.

use std::collections::{BTreeMap, HashMap, VecDeque};

use fixedbitset::FixedBitSet;
use grieta_core::definition::{ForEach, JoinRule, Kind, Recovery};
use grieta_core::{Link, LinkKind};
use petgraph::Direction::Incoming;
use petgraph::algo::dominators::{Dominators, simple_fast};
use petgraph::graph::{DiGraph, EdgeReference, NodeIndex};
use petgraph::visit::EdgeRef;

use super::at_last;
use super::fields::Fields;

/// So often a step is looked at; a process of a sensible size needs a fraction of it.
const MOST_LOOKS: usize = 2_000_000;

/// So many bits are kept, one for each field at each step and each way on.
const MOST_BITS: usize = 1 << 28;

/// What has been written where.
pub(super) struct Written<'a> {
    pub fields: &'a Fields<'a>,
    pub graph: &'a DiGraph<String, Link>,
    /// For each step what every way to it has written; `None` where none leads.
    before: Vec<Option<FixedBitSet>>,
    /// For each way on what it adds to that.
    brings: Vec<FixedBitSet>,
    /// For each step inside another, which one that is.
    around: HashMap<usize, usize>,
    /// For each step whose inside is surely gone through, what is written when all has ended there.
    inside: BTreeMap<usize, FixedBitSet>,
    /// For each join that waits for what still comes, what is written when that has come, besides what all bring.
    joins: BTreeMap<usize, FixedBitSet>,
    /// How many steps may still be looked at.
    pub looks: usize,
}

impl<'a> Written<'a> {
    /// `None` where there is too much to look at.
    pub fn of(fields: &'a Fields<'a>, graph: &'a DiGraph<String, Link>) -> Option<Written<'a>> {
        let definition = fields.definition;
        if (graph.node_count() + graph.edge_count()).saturating_mul(definition.data.len()) > MOST_BITS {
            return None;
        }
        let index = |name: &String| definition.steps.get_index_of(name);
        let steps = || definition.steps.values().enumerate();
        let around = steps().flat_map(|(at, step)| step.kind.inside().iter().map(move |name| (name, at)));
        let live = |at: &usize| matches!(fields.kind(*at), Some(Kind::Join(JoinRule::Live)));
        let entered = |at: &usize| fields.kind(*at).is_some_and(is_gone_through);
        let brings = graph.edge_references().map(|edge| {
            let step = definition.steps.get_index(edge.source().index());
            step.map_or_else(|| fields.none(), |(_, step)| fields.brings(step, edge.weight()))
        });
        let mut written = Written {
            fields,
            graph,
            before: vec![None; graph.node_count()],
            brings: brings.collect(),
            around: around.filter_map(|(name, at)| Some((index(name)?, at))).collect(),
            inside: (0..definition.steps.len()).filter(entered).map(|at| (at, fields.all())).collect(),
            joins: (0..definition.steps.len()).filter(live).map(|at| (at, fields.all())).collect(),
            looks: MOST_LOOKS,
        };
        written.settle();
        Some(written)
    }

    /// What every way to a step has written; `None` where none leads.
    pub fn before(&self, step: usize) -> Option<&FixedBitSet> {
        self.before.get(step)?.as_ref()
    }

    /// What has been written where a case comes along a way.
    pub fn along(&self, edge: EdgeReference<'_, Link>) -> Option<FixedBitSet> {
        let from = edge.source().index();
        let mut known = self.before(from)?.clone();
        if let LinkKind::Crack { .. } = edge.weight().kind
            && let Some(scope) = self.rolled_back(from, edge.weight())
        {
            known.intersect_with(&scope);
        }
        if !matches!(edge.weight().kind, LinkKind::Crack { .. } | LinkKind::Inside)
            && let Some(inside) = self.inside.get(&from)
        {
            known.union_with(inside);
        }
        known.union_with(self.brings.get(edge.id().index())?);
        Some(known)
    }

    /// What is left of what has been written where a crack gives the data back the values that they had.
    fn rolled_back(&self, step: usize, link: &Link) -> Option<FixedBitSet> {
        let (_, declared) = self.fields.definition.steps.get_index(step)?;
        let crack = link.id.split_once('!').and_then(|(_, crack)| declared.cracks.get(crack));
        crack.filter(|crack| crack.recover == Recovery::RollBack)?;
        let contains = !declared.kind.inside().is_empty();
        let scope = if contains { Some(step) } else { self.around.get(&step).copied() };
        scope.map_or_else(|| Some(self.fields.given()), |scope| self.before(scope).cloned())
    }

    fn start(&self) -> Option<usize> {
        self.fields.definition.steps.get_index_of(&self.fields.definition.start)
    }

    /// Where all begins: the process itself where it has cracks of its own, or else the first step.
    fn root(&self) -> Option<NodeIndex> {
        let steps = self.fields.definition.steps.len();
        let root = if self.graph.node_count() > steps { steps } else { self.start()? };
        Some(NodeIndex::new(root))
    }

    /// Takes away what is not written until nothing changes. What comes together is looked at after the ways there.
    fn settle(&mut self) {
        let Some(root) = self.root() else { return };
        let mut reached = petgraph::visit::Dfs::new(self.graph, root);
        while let Some(node) = reached.next(self.graph) {
            self.before[node.index()] = Some(self.fields.all());
        }
        self.before[root.index()] = Some(self.fields.given());
        let dominators = simple_fast(self.graph, root);
        let mut open: VecDeque<usize> = (0..self.graph.node_count()).collect();
        while !open.is_empty() && self.looks > 0 {
            self.follow(open);
            open = self.come_together(&dominators);
        }
    }

    /// Looks at these steps again, and at those behind them where that changes anything.
    fn follow(&mut self, mut open: VecDeque<usize>) {
        let mut waits = vec![false; self.graph.node_count()];
        open.iter().for_each(|at| waits[*at] = true);
        while let Some(at) = open.pop_front() {
            if self.looks == 0 {
                return;
            }
            self.looks -= 1;
            waits[at] = false;
            let reached = self.met(at);
            if self.before[at] == reached {
                continue;
            }
            self.before[at] = reached;
            for behind in self.graph.neighbors(NodeIndex::new(at)).map(NodeIndex::index) {
                if !std::mem::replace(&mut waits[behind], true) {
                    open.push_back(behind);
                }
            }
        }
    }

    /// Looks at what is written when all has ended inside a step, or has come to a join; gives the steps that this changes.
    fn come_together(&mut self, dominators: &Dominators<NodeIndex>) -> VecDeque<usize> {
        let mut changed = VecDeque::new();
        for at in self.inside.keys().copied().collect::<Vec<_>>() {
            let first = self.graph.edges(NodeIndex::new(at)).find(|edge| edge.weight().kind == LinkKind::Inside);
            let found = first.and_then(|first| at_last::written(self, first.target(), None)?.take(first.target()));
            if narrow(&mut self.inside, at, found) {
                changed.extend(self.graph.neighbors(NodeIndex::new(at)).map(NodeIndex::index));
            }
        }
        for at in self.joins.keys().copied().collect::<Vec<_>>() {
            let join = NodeIndex::new(at);
            let from = dominators.immediate_dominator(join).filter(|from| self.fields.kind(from.index()).is_some());
            let found = from.and_then(|from| at_last::written(self, from, Some(join))?.take(from));
            if narrow(&mut self.joins, at, found) {
                changed.push_back(at);
            }
        }
        changed
    }

    /// What has been written where a case comes to a step, by what is known of the steps before.
    fn met(&self, target: usize) -> Option<FixedBitSet> {
        self.before(target)?;
        if self.root().is_some_and(|root| root.index() == target) {
            let begins = self.fields.given();
            return Some(self.branches(target).into_iter().fold(begins, both));
        }
        let branches = self.branches(target);
        let all = branches.len();
        let awaited = match self.fields.kind(target) {
            Some(Kind::Join(JoinRule::All | JoinRule::Threads(_))) => all,
            Some(Kind::Join(JoinRule::First { count, .. })) => (*count as usize).clamp(1, all.max(1)),
            _ => 1,
        };
        let mut met = self.by_enough(branches, awaited);
        if let Some(known) = self.joins.get(&target) {
            met.union_with(known);
        }
        Some(met)
    }

    /// What has been written on each branch that leads to a step; exclusive ways on from one step are one branch.
    fn branches(&self, target: usize) -> Vec<FixedBitSet> {
        let mut branches: BTreeMap<(usize, Option<usize>), FixedBitSet> = BTreeMap::new();
        for edge in self.graph.edges_directed(NodeIndex::new(target), Incoming) {
            let Some(known) = self.along(edge) else { continue };
            let from = edge.source().index();
            let at_once = matches!(self.fields.kind(from), Some(Kind::Fork(_) | Kind::Some(_)))
                && !matches!(edge.weight().kind, LinkKind::Crack { .. });
            let branch = (from, at_once.then(|| edge.id().index()));
            let met = match branches.remove(&branch) {
                Some(other) => both(other, known),
                None => known,
            };
            branches.insert(branch, met);
        }
        branches.into_values().collect()
    }

    /// What has been written where so many of these branches have come, whichever they are: what too few of them lack.
    fn by_enough(&self, branches: Vec<FixedBitSet>, awaited: usize) -> FixedBitSet {
        let all = branches.len();
        match awaited {
            1 => branches.into_iter().reduce(both).unwrap_or_else(|| self.fields.all()),
            _ => {
                let mut lacking = vec![all; self.fields.definition.data.len()];
                branches.iter().flat_map(FixedBitSet::ones).for_each(|field| lacking[field] -= 1);
                let mut met = self.fields.none();
                (0..lacking.len()).filter(|field| lacking[*field] < awaited).for_each(|field| met.insert(field));
                met
            }
        }
    }
}

/// Whether a case cannot go past what is inside a step.
fn is_gone_through(kind: &Kind) -> bool {
    match kind {
        Kind::Subprocess(_) => true,
        Kind::ForEach(ForEach { times, enough: None, .. }) => times.0.trim().parse().is_ok_and(|times: u32| times > 0),
        _ => false,
    }
}

fn both(mut one: FixedBitSet, other: FixedBitSet) -> FixedBitSet {
    one.intersect_with(&other);
    one
}

/// Says whether less is known than before.
fn narrow(known: &mut BTreeMap<usize, FixedBitSet>, at: usize, found: Option<FixedBitSet>) -> bool {
    let (Some(known), Some(found)) = (known.get_mut(&at), found) else { return false };
    let less = !known.is_subset(&found);
    known.intersect_with(&found);
    less
}
