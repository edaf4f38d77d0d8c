//! How long a case takes at least from one step to others, even if nobody ever waits for a person.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use grieta_core::definition::{JoinRule, Kind};
use grieta_core::{LinkKind, Process};
use petgraph::Direction::Incoming;
use petgraph::graph::{EdgeReference, NodeIndex};
use petgraph::visit::EdgeRef;

use super::flow;

/// The least time from when a case comes to a step until it comes to each; `None` where it does not. `spent` is how long it
/// is at a step at least; where a crack leads away it may be no time at all. A join that waits for several branches waits
/// for the longest of those that begin behind the step: others may have come before.
pub(super) fn from(process: &Process, from: NodeIndex, spent: impl Fn(usize) -> i64) -> Vec<Option<i64>> {
    let graph = process.graph();
    let only_behind = only_behind(process, from);
    let mut times: Vec<Option<i64>> = vec![None; graph.node_count()];
    let mut come: Vec<HashSet<Branch>> = vec![HashSet::new(); graph.node_count()];
    let mut open = BinaryHeap::from([Reverse((0, from, None))]);
    while let Some(Reverse((time, node, branch))) = open.pop() {
        let awaited = if node == from { 0 } else { awaited(process, node, &only_behind) };
        let counts = branch.is_some_and(|(source, _): Branch| only_behind[source.index()]);
        if let Some(branch) = branch.filter(|_| counts) {
            come[node.index()].insert(branch);
        }
        if times[node.index()].is_some() || come[node.index()].len() < awaited {
            continue;
        }
        times[node.index()] = Some(time);
        for edge in graph.edges(node) {
            let crack = matches!(edge.weight().kind, LinkKind::Crack { .. });
            let work = if crack { 0 } else { spent(node.index()) };
            open.push(Reverse((time.saturating_add(work), edge.target(), Some(self::branch(process, edge)))));
        }
    }
    times
}

/// Exclusive ways on from one step are one branch; each way of a fork or inclusive choice is one of its own.
type Branch = (NodeIndex, Option<usize>);

fn branch(process: &Process, edge: EdgeReference<'_, grieta_core::Link>) -> Branch {
    let from = process.definition().steps.get_index(edge.source().index()).map(|(_, step)| &step.kind);
    let at_once =
        matches!(from, Some(Kind::Fork(_) | Kind::Some(_))) && !matches!(edge.weight().kind, LinkKind::Crack { .. });
    (edge.source(), at_once.then(|| edge.id().index()))
}

/// How many of the branches that begin behind a step must have come for a case to be at a step.
fn awaited(process: &Process, node: NodeIndex, only_behind: &[bool]) -> usize {
    let rule = match process.definition().steps.get_index(node.index()).map(|(_, step)| &step.kind) {
        Some(Kind::Join(rule)) => *rule,
        _ => return 0,
    };
    let edges = process.graph().edges_directed(node, Incoming);
    let branches: HashSet<Branch> = edges.map(|edge| branch(process, edge)).collect();
    let behind = branches.iter().filter(|(source, _)| only_behind[source.index()]).count();
    match rule {
        JoinRule::All => behind,
        JoinRule::First { count, .. } => (count as usize).saturating_sub(branches.len() - behind),
        // One may be all that comes.
        JoinRule::Live | JoinRule::Threads(_) => 0,
    }
}

/// The steps to which a case comes only after it has come to this one.
fn only_behind(process: &Process, step: NodeIndex) -> Vec<bool> {
    let mut behind = vec![true; process.graph().node_count()];
    let mut open: Vec<NodeIndex> = flow::beginning(process).into_iter().collect();
    while let Some(node) = open.pop() {
        if node != step && std::mem::replace(&mut behind[node.index()], false) {
            open.extend(process.graph().neighbors(node));
        }
    }
    behind
}
