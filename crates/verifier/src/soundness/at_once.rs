//! What one command does at once: where a token comes to without a pause, and whether others may be gone by then.

use grieta_core::definition::{Definition, JoinRule, Kind, Response, Step};
use grieta_core::{LinkKind, Plan, StepIx};
use petgraph::Direction::Outgoing;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

/// The steps that a token comes to at once as it leaves a step, and what it begins there; those that end by that are among
/// them.
pub(crate) fn reached_at_once(plan: &Plan, from: StepIx) -> Vec<StepIx> {
    let graph = plan.process().graph();
    let mut reached: Vec<StepIx> = Vec::new();
    let mut seen = vec![[false; 2]; graph.node_count()];
    let mut open = vec![(from, true)];
    while let Some((at, leaves)) = open.pop() {
        let Some(step) = plan.step_definition(at) else { continue };
        let goes_on = leaves || !step.kind.takes_time();
        for edge in graph.edges_directed(NodeIndex::new(at.at()), Outgoing) {
            let follows = match edge.weight().kind {
                LinkKind::Undo => false,
                LinkKind::Inside => true,
                _ => goes_on,
            };
            if follows {
                open.push((StepIx(edge.target().index() as u16), false));
            }
        }
        // The last end inside a step lets that go on.
        if let (Kind::End { .. }, Some(owner)) = (&step.kind, plan.around(at)) {
            open.push((owner, true));
        }
        open.retain(|(step, leaves)| {
            let new = !std::mem::replace(&mut seen[step.at()][usize::from(*leaves)], true);
            if new {
                reached.push(*step);
            }
            new
        });
    }
    reached
}

/// Whether a token may rest before a choice while the others of the same command go on: not where one of those may withdraw
/// it at once, because then the choice is made before.
pub(crate) fn choices_may_rest(plan: &Plan) -> bool {
    let definition = plan.definition();
    let steps = definition.steps.values().enumerate();
    let several = steps.filter(|(_, step)| matches!(step.kind, Kind::Fork(_) | Kind::Some(_) | Kind::ForEach(_)));
    let mut reached = several.flat_map(|(at, _)| reached_at_once(plan, StepIx(at as u16)));
    !reached.any(|step| withdraws(definition, step))
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
