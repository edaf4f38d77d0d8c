//! A process fits on one page.

use grieta_core::definition::{Definition, Kind};
use grieta_core::diagnostic::{Code, Path, Problem};
use petgraph::graph::NodeIndex;

use super::{Subject, flow};

/// As many nodes can be taken in at a glance (Mendling, Reijers, van der Aalst, "Seven process modeling guidelines", 2010, ask
/// for a split above 50 elements, of which about half are nodes).
const MOST_STEPS: usize = 25;

/// A part that is worth a name of its own has so many steps.
const PART: std::ops::RangeInclusive<usize> = 4..=15;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let definition = subject.plan.definition();
    let inside: usize = definition.steps.values().map(|step| step.kind.inside().len()).sum();
    let here = definition.steps.len() - inside.min(definition.steps.len());
    if here <= MOST_STEPS {
        return Vec::new();
    }
    let message = format!("{here} steps stand on one page; about {MOST_STEPS} can be taken in at a glance");
    let help = match part(subject) {
        Some(steps) => format!("these could be a `subprocess` of their own: {}", steps.join(", ")),
        None => "put what belongs together into a `subprocess`, or a process that is called".to_owned(),
    };
    vec![Problem::advice(Code::OnePage, Path::root("process"), message).help(help)]
}

/// Steps with one way in and one way out, as many as there are of them up to the size of a part.
fn part(subject: &Subject<'_>) -> Option<Vec<String>> {
    let definition = subject.plan.definition();
    let candidates = (0..definition.steps.len()).filter_map(|first| between(subject, definition, first));
    let best = candidates.filter(|steps| PART.contains(&steps.len())).max_by_key(Vec::len)?;
    Some(
        best.into_iter().filter_map(|at| definition.steps.get_index(at)).map(|(name, _)| format!("`{name}`")).collect(),
    )
}

/// The steps from one on to where all ways from it come together, if no other way leads into them or out of them.
fn between(subject: &Subject<'_>, definition: &Definition, first: usize) -> Option<Vec<usize>> {
    let process = subject.plan.process();
    let graph = process.graph();
    let last = flow::meeting(graph, definition, NodeIndex::new(first))?;
    let mut steps = vec![first];
    let mut seen = vec![false; graph.node_count()];
    seen[first] = true;
    let mut next = 0;
    while next < steps.len() && steps.len() <= *PART.end() {
        let node = NodeIndex::new(steps[next]);
        for to in graph.neighbors(node).filter(|to| *to != last) {
            if !std::mem::replace(&mut seen[to.index()], true) {
                steps.push(to.index());
            }
        }
        next += 1;
    }
    let closed = |at: &usize| {
        let node = NodeIndex::new(*at);
        let ends = definition.steps.get_index(*at).is_none_or(|(_, step)| matches!(step.kind, Kind::End { .. }));
        let entered = *at == first
            || graph.neighbors_directed(node, petgraph::Direction::Incoming).all(|from| seen[from.index()]);
        let whole = graph.neighbors(node).all(|to| to == last || seen[to.index()]);
        entered && whole && !ends
    };
    steps.iter().all(closed).then_some(steps)
}
