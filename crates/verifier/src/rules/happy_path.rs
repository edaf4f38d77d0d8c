//! The way of a case to which nothing goes wrong.

use grieta_core::LinkKind;
use grieta_core::definition::Kind;
use grieta_core::diagnostic::{Code, Path, Problem};
use petgraph::graph::NodeIndex;

use super::{Subject, flow};

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let definition = subject.plan.definition();
    let Some(start) = definition.steps.get_index_of(&definition.start) else { return Vec::new() };
    let process = subject.plan.process();
    let by_crack = |kind| matches!(kind, LinkKind::Crack { .. });
    let reached = flow::reachable(process, NodeIndex::new(start), by_crack);
    let ends = definition.steps.values().enumerate().filter(|(_, step)| matches!(step.kind, Kind::End { .. }));
    let ends: Vec<usize> = ends.map(|(at, _)| at).collect();
    let by_any_way = flow::reachable(process, NodeIndex::new(start), |_| false);
    if ends.iter().any(|end| reached[*end]) || !ends.iter().any(|end| by_any_way[*end]) {
        return Vec::new();
    }
    let problem = Problem::warning(Code::NoHappyPath, Path::root("start"), "no case ends unless a crack strikes");
    vec![problem.help("say first how a case goes to which nothing happens; cracks are for what goes wrong")]
}
