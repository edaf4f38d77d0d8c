//! Which steps lie on the way to which, for the rules that ask.

use std::collections::HashSet;

use grieta_core::definition::Kind;
use grieta_core::{Link, LinkKind, Process};
use petgraph::algo::dominators::{Dominators, simple_fast};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, EdgeFiltered, EdgeRef, Reversed};

/// The steps to which a way leads from here, and here itself, where the ways that `leaves_out` names are closed.
pub(super) fn reachable(process: &Process, from: NodeIndex, leaves_out: impl Fn(LinkKind) -> bool) -> Vec<bool> {
    let graph = process.graph();
    let open =
        EdgeFiltered::from_fn(graph, |edge: petgraph::graph::EdgeReference<'_, Link>| !leaves_out(edge.weight().kind));
    let mut reached = vec![false; graph.node_count()];
    let mut search = Dfs::new(&open, from);
    while let Some(node) = search.next(&open) {
        reached[node.index()] = true;
    }
    reached
}

/// Where a case begins in the graph: at the process itself where it has cracks of its own.
pub(super) fn beginning(process: &Process) -> Option<NodeIndex> {
    let definition = process.definition();
    let start = definition.steps.get_index_of(&definition.start)?;
    Some(NodeIndex::new(if definition.cracks.is_empty() { start } else { definition.steps.len() }))
}

/// The ends of the case itself, rather than of what goes on inside a step, or undoes one, to which some way leads from its
/// beginning that `leaves_out` does not close.
pub(super) fn ends(process: &Process, leaves_out: impl Fn(LinkKind) -> bool) -> Vec<NodeIndex> {
    let steps = &process.definition().steps;
    let Some(begins) = beginning(process) else { return Vec::new() };
    let reached = reachable(process, begins, |kind| kind == LinkKind::Undo || leaves_out(kind));
    let inside: HashSet<&String> = steps.values().flat_map(|step| step.kind.inside()).collect();
    let last = steps
        .iter()
        .enumerate()
        .filter(|(at, (name, step))| matches!(step.kind, Kind::End { .. }) && !inside.contains(name) && reached[*at]);
    last.map(|(at, _)| NodeIndex::new(at)).collect()
}

/// The ends to which a case comes at which no crack strikes.
pub(super) fn normal_ends(process: &Process) -> Vec<NodeIndex> {
    ends(process, |kind| matches!(kind, LinkKind::Crack { .. }))
}

/// Where the ways on from each step come together again.
pub(super) struct Meetings {
    after: Dominators<NodeIndex>,
    /// Stands behind all ends.
    last: NodeIndex,
}

impl Meetings {
    /// Looks at the flows of a process without its cracks.
    pub fn of(process: &Process) -> Meetings {
        let graph = process.graph();
        let mut ways: DiGraph<(), ()> = DiGraph::new();
        for _ in graph.node_indices() {
            ways.add_node(());
        }
        let last = ways.add_node(());
        for edge in graph.edge_references().filter(|edge| !matches!(edge.weight().kind, LinkKind::Crack { .. })) {
            ways.add_edge(edge.source(), edge.target(), ());
        }
        for (at, step) in process.definition().steps.values().enumerate() {
            if matches!(step.kind, Kind::End { .. }) {
                ways.add_edge(NodeIndex::new(at), last, ());
            }
        }
        Meetings { after: simple_fast(Reversed(&ways), last), last }
    }

    /// The first step behind a step that none of its ways on can avoid. `None` where there is none but the end of all.
    pub fn behind(&self, step: NodeIndex) -> Option<NodeIndex> {
        self.after.immediate_dominator(step).filter(|meeting| *meeting != self.last)
    }
}
