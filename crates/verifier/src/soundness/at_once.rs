//! What one command does at once: where a token comes to without a pause, and whether others may be gone by then.

use grieta_core::definition::{Definition, JoinRule, Kind, Response, Step};
use grieta_core::{LinkKind, Plan, StepIx};
use petgraph::Direction::Outgoing;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::moves::Aim;

/// A step that a token comes to, or that it leaves because all has ended inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AtOnce {
    pub step: StepIx,
    leaves: bool,
}

impl AtOnce {
    /// Whether what is to be done there is done at once.
    fn is_done(self, plan: &Plan) -> bool {
        self.leaves || plan.step_definition(self.step).is_some_and(|step| !step.kind.takes_time())
    }
}

/// What a token comes to at once as it leaves a step.
pub(crate) fn reached_at_once(plan: &Plan, from: StepIx) -> Vec<AtOnce> {
    let graph = plan.process().graph();
    let mut reached: Vec<AtOnce> = Vec::new();
    let mut seen = vec![[false; 2]; graph.node_count()];
    let mut open = vec![AtOnce { step: from, leaves: true }];
    while let Some(now) = open.pop() {
        let at = now.step;
        let Some(step) = plan.step_definition(at) else { continue };
        let goes_on = now.is_done(plan);
        let mut come = |step: StepIx, leaves: bool| {
            if !std::mem::replace(&mut seen[step.at()][usize::from(leaves)], true) {
                reached.push(AtOnce { step, leaves });
                open.push(AtOnce { step, leaves });
            }
        };
        for edge in graph.edges_directed(NodeIndex::new(at.at()), Outgoing) {
            let follows = match edge.weight().kind {
                LinkKind::Undo => false,
                LinkKind::Inside => true,
                _ => goes_on,
            };
            if follows {
                come(StepIx(edge.target().index() as u16), false);
            }
        }
        // The last end inside a step lets that go on.
        if let (Kind::End { .. }, Some(owner)) = (&step.kind, plan.around(at)) {
            come(owner, true);
        }
    }
    reached
}

/// Whether a token may rest before a choice while the others of the same command go on: not where one of those may withdraw
/// it at once, because then the choice is made before; nor where it is looked at what they do at once.
pub(crate) fn choices_may_rest(plan: &Plan, aim: &Aim) -> bool {
    let definition = plan.definition();
    let steps = definition.steps.values().enumerate();
    let several = steps.filter(|(_, step)| matches!(step.kind, Kind::Fork(_) | Kind::Some(_) | Kind::ForEach(_)));
    let mut reached = several.flat_map(|(at, _)| reached_at_once(plan, StepIx(at as u16)));
    let seen = |it: AtOnce| aim.watches(plan, it.step) && it.is_done(plan);
    !reached.any(|it| withdraws(definition, it.step) || seen(it))
}

fn withdraws(definition: &Definition, step: StepIx) -> bool {
    let Some((_, step)) = definition.steps.get_index(step.at()) else { return false };
    let by_nature = match &step.kind {
        Kind::End { terminate, .. } => *terminate,
        Kind::Cancel(_) | Kind::Join(JoinRule::First { .. } | JoinRule::Threads(_)) => true,
        Kind::ForEach(each) => each.enough.is_some(),
        _ => false,
    };
    by_nature || cancels(step)
}

/// Whether a crack of a step ends the case.
pub(crate) fn cancels(step: &Step) -> bool {
    step.cracks.values().any(|crack| matches!(crack.response, Some(Response::CancelCase | Response::CancelAll)))
}
