//! The order in which one reads the steps: as the case comes to them, branch after branch.

use super::vanish::Vanished;
use crate::file::Pool;

/// For each node its rank. What no token reaches comes last, in the order of the file.
pub(super) fn of(pool: &Pool, vanished: &Vanished) -> Vec<usize> {
    let nodes = pool.nodes.len();
    let mut ranks: Vec<Option<usize>> = vec![None; nodes];
    let mut rank = 0;
    for begin in vanished.beginnings(None).into_iter().chain(0..nodes) {
        let mut open = vec![begin];
        while let Some(at) = open.pop() {
            if ranks[at].is_some() {
                continue;
            }
            ranks[at] = Some(rank);
            rank += 1;
            let node = &pool.nodes[at];
            // What is pushed last is read first: what is inside, the flows on, what happens on the border.
            open.extend(node.boundary.iter().rev());
            open.extend(node.outgoing.iter().rev().map(|flow| pool.flows[*flow].to));
            open.extend(vanished.beginnings(Some(at)).into_iter().rev());
        }
    }
    ranks.into_iter().map(|rank| rank.unwrap_or(nodes)).collect()
}
