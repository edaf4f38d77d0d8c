//! Which steps lie on the way to which, for the rules that ask.

use grieta_core::definition::{Definition, Kind};
use grieta_core::{Link, LinkKind, Process};
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

/// The step where all ways on from a step come together first: the one that none of them can avoid. `None` where there is
/// none, or they end.
pub(super) fn meeting(graph: &DiGraph<String, Link>, definition: &Definition, step: NodeIndex) -> Option<NodeIndex> {
    let mut ways: DiGraph<(), ()> = DiGraph::new();
    for _ in graph.node_indices() {
        ways.add_node(());
    }
    let last = ways.add_node(());
    for edge in graph.edge_references().filter(|edge| !matches!(edge.weight().kind, LinkKind::Crack { .. })) {
        ways.add_edge(edge.source(), edge.target(), ());
    }
    for (at, step) in definition.steps.values().enumerate() {
        if matches!(step.kind, Kind::End { .. }) {
            ways.add_edge(NodeIndex::new(at), last, ());
        }
    }
    let after = petgraph::algo::dominators::simple_fast(Reversed(&ways), last);
    after.immediate_dominator(step).filter(|meeting| *meeting != last)
}
