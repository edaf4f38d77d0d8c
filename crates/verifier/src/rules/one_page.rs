//! A process fits on one page.

use grieta_core::Process;
use grieta_core::definition::Kind;
use grieta_core::diagnostic::{Code, Path, Problem};
use petgraph::Direction::Incoming;
use petgraph::graph::NodeIndex;

use super::Subject;
use super::flow::Meetings;

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
    let process = subject.plan.process();
    let meetings = Meetings::of(process);
    let steps = &process.definition().steps;
    let parts = (0..steps.len()).flat_map(|first| parts(process, &meetings, first));
    let best = parts.filter(|part| part.len() >= *PART.start()).max_by_key(Vec::len)?;
    Some(best.into_iter().filter_map(|at| steps.get_index(at)).map(|(name, _)| format!("`{name}`")).collect())
}

/// The parts that begin with a step and end before a later one where all ways come together.
fn parts(process: &Process, meetings: &Meetings, first: usize) -> Vec<Vec<usize>> {
    let first = NodeIndex::new(first);
    let ends = std::iter::successors(meetings.behind(first), |end| meetings.behind(*end)).take(*PART.end());
    ends.filter_map(|end| between(process, first, end)).collect()
}

/// The steps from one to before another, if they are not too many and no other way leads into them or out of them.
fn between(process: &Process, first: NodeIndex, end: NodeIndex) -> Option<Vec<usize>> {
    let (graph, steps) = (process.graph(), &process.definition().steps);
    let mut part = vec![first];
    let mut next = 0;
    while let Some(node) = part.get(next) {
        next += 1;
        for to in graph.neighbors(*node).filter(|to| *to != end) {
            if !part.contains(&to) {
                part.push(to);
            }
        }
        if part.len() > *PART.end() {
            return None;
        }
    }
    let closed = |node: &NodeIndex| {
        let ends = steps.get_index(node.index()).is_none_or(|(_, step)| matches!(step.kind, Kind::End { .. }));
        let entered = *node == first || graph.neighbors_directed(*node, Incoming).all(|from| part.contains(&from));
        entered && !ends
    };
    part.iter().all(closed).then(|| part.iter().map(|node| node.index()).collect())
}
