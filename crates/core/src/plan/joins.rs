//! From where a token can still come to a join.

use super::{Action, Flow, Node};
use crate::definition::{JoinRule, Late};
use crate::graph::LinkKind;
use crate::index::StepIx;

/// A join that waits for all that can still come.
#[derive(Debug, Clone)]
pub(crate) struct LiveJoin {
    pub step: StepIx,
    /// For each input, the steps from which a plain flow leads to it without passing the join.
    pub reach: Vec<Vec<bool>>,
}

/// What can still come to each input of the joins of the rule `live`.
pub(super) fn live_joins(nodes: &[Node], flows: &[Flow]) -> Vec<LiveJoin> {
    let live = |rule| rule == JoinRule::Live;
    let reach = |join: StepIx, inputs, before: &Before| {
        (0..inputs).map(|input| before.reaching(join, |flow| flow.input == input)).collect()
    };
    joins(nodes, flows, live, |step, inputs, before| LiveJoin { step, reach: reach(step, inputs, before) })
}

/// The steps from which one can come to each join that withdraws whoever is late.
pub(super) fn withdrawing(nodes: &[Node], flows: &[Flow]) -> Vec<(StepIx, Box<[bool]>)> {
    let withdraws = |rule| matches!(rule, JoinRule::First { then: Late::Cancel, .. });
    joins(nodes, flows, withdraws, |step, _, before| (step, before.reaching(step, |_| true).into()))
}

/// Something about each join of a rule, found by going back from it.
fn joins<T>(
    nodes: &[Node],
    flows: &[Flow],
    wanted: impl Fn(JoinRule) -> bool,
    found: impl Fn(StepIx, u16, &Before) -> T,
) -> Vec<T> {
    let of_rule = |(index, node): (usize, &Node)| match node.action {
        Action::Join { inputs, rule } if wanted(rule) => Some((StepIx(index as u16), inputs)),
        _ => None,
    };
    let joins: Vec<_> = nodes.iter().enumerate().filter_map(of_rule).collect();
    if joins.is_empty() {
        return Vec::new();
    }
    let before = Before::new(nodes.len(), flows);
    joins.into_iter().map(|(join, inputs)| found(join, inputs, &before)).collect()
}

/// For each step, the plain flows that lead to it.
struct Before<'a>(Vec<Vec<&'a Flow>>);

impl Before<'_> {
    fn new(steps: usize, flows: &[Flow]) -> Before<'_> {
        let mut before = vec![Vec::new(); steps];
        for flow in flows.iter().filter(|flow| !matches!(flow.kind, LinkKind::Crack { .. })) {
            before[flow.to.at()].push(flow);
        }
        Before(before)
    }

    /// The steps from which plain flows lead to a join, by one of these flows, without passing the join itself.
    fn reaching(&self, join: StepIx, last: impl Fn(&Flow) -> bool) -> Vec<bool> {
        let mut reaching = vec![false; self.0.len()];
        let feeds = self.0[join.at()].iter().filter(|flow| last(flow));
        let mut open: Vec<StepIx> = feeds.map(|flow| flow.from).collect();
        while let Some(step) = open.pop() {
            if step != join && !std::mem::replace(&mut reaching[step.at()], true) {
                open.extend(self.0[step.at()].iter().map(|flow| flow.from));
            }
        }
        reaching
    }
}
