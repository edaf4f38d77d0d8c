//! Where to walk for an element to be done, and how far it is from each step.

use std::collections::{BTreeMap, VecDeque};

use grieta_core::definition::Kind;
use grieta_core::{Link, Plan};
use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use crate::coverage::{Element, ElementKind};

/// As far as nothing is.
pub(super) const NOWHERE: u32 = 10_000;

/// Where to walk.
pub(super) struct Aim<'p> {
    plan: &'p Plan,
    /// What is to be taken at last: the way or the crack of that name.
    pub taken: Option<String>,
    /// How many ways on it is at least from each step.
    distances: BTreeMap<&'p str, u32>,
}

impl<'p> Aim<'p> {
    /// To do that element.
    pub fn at(plan: &'p Plan, element: &Element) -> Aim<'p> {
        let table = element.id.strip_prefix("decisions/").and_then(|rest| rest.split_once('#'));
        let steps: Vec<&str> = match (&element.step, table) {
            (Some(step), _) => vec![step],
            (None, Some((table, _))) => deciding_by(plan, table),
            (None, None) => Vec::new(),
        };
        let taken = match element.kind {
            ElementKind::Step | ElementKind::End | ElementKind::DecisionRule => None,
            ElementKind::Response => element.id.rsplit_once('/').map(|(crack, _)| crack.to_owned()),
            _ => Some(element.id.clone()),
        };
        Aim { plan, taken, distances: distances(plan, &steps) }
    }

    /// To come to some end.
    pub fn end(plan: &'p Plan) -> Aim<'p> {
        let ends = plan.definition().steps.iter().filter(|(_, step)| matches!(step.kind, Kind::End { .. }));
        let ends: Vec<&str> = ends.map(|(name, _)| name.as_str()).collect();
        Aim { plan, taken: None, distances: distances(plan, &ends) }
    }

    /// How far it is from a step.
    pub fn from(&self, step: &str) -> u32 {
        self.distances.get(step).copied().unwrap_or(NOWHERE)
    }

    /// How far it is once that way on from a step is taken, or that crack has struck.
    pub fn by(&self, step: &str, id: &str) -> u32 {
        if self.taken.as_deref() == Some(id) {
            return 0;
        }
        let leads = self.links(step).find(|(link, _)| link.id == id).map(|(_, to)| self.from(to) + 1);
        leads.unwrap_or_else(|| self.from(step) + 1)
    }

    /// How far it is by the nearest of those ways on from a step.
    pub fn by_any(&self, step: &str, is: impl Fn(&Link) -> bool) -> u32 {
        let ways = self.links(step).filter(|(link, _)| is(link));
        ways.map(|(link, _)| self.by(step, &link.id)).min().unwrap_or(NOWHERE)
    }

    fn links(&self, step: &str) -> impl Iterator<Item = (&'p Link, &'p str)> {
        let graph = self.plan.process().graph();
        let node = node(self.plan, step);
        let edges = node.into_iter().flat_map(move |node| graph.edges_directed(node, Direction::Outgoing));
        edges.map(move |edge| (edge.weight(), graph[edge.target()].as_str()))
    }
}

/// The steps that decide by a table.
fn deciding_by<'p>(plan: &'p Plan, table: &str) -> Vec<&'p str> {
    let steps = plan.definition().steps.iter();
    let by = |kind: &Kind| matches!(kind, Kind::Decide(by) if by == table);
    steps.filter(|(_, step)| by(&step.kind)).map(|(name, _)| name.as_str()).collect()
}

fn node(plan: &Plan, step: &str) -> Option<NodeIndex> {
    let graph = plan.process().graph();
    graph.node_indices().find(|node| graph[*node] == step)
}

/// How many ways on these steps are at least from each other step.
fn distances<'p>(plan: &'p Plan, to: &[&str]) -> BTreeMap<&'p str, u32> {
    let graph = plan.process().graph();
    let mut found = BTreeMap::new();
    let mut open: VecDeque<NodeIndex> = VecDeque::new();
    for node in to.iter().filter_map(|step| node(plan, step)) {
        found.insert(graph[node].as_str(), 0);
        open.push_back(node);
    }
    while let Some(node) = open.pop_front() {
        let next = found.get(graph[node].as_str()).copied().unwrap_or(0) + 1;
        for before in graph.neighbors_directed(node, Direction::Incoming) {
            if let std::collections::btree_map::Entry::Vacant(free) = found.entry(graph[before].as_str()) {
                free.insert(next);
                open.push_back(before);
            }
        }
    }
    found
}
