//! Every step leads on, every step can be reached, and from every step an end can be reached.

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, EdgeRef, Reversed};

use super::step_path;
use crate::definition::{Definition, Kind, Response, Step};
use crate::diagnostic::{Code, Problem};
use crate::graph::{self, Link, LinkKind};

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    for (name, step) in &definition.steps {
        problems.extend(successors(name, step));
        if let Kind::Choose(_) | Kind::Some(_) = &step.kind {
            problems.extend(choice(name, step));
        }
    }
    // With unknown targets or starts the graph would accuse the innocent.
    if problems.iter().all(|problem| problem.severity == crate::diagnostic::Severity::Warning) {
        problems.extend(connections(definition));
    }
}

fn successors(name: &str, step: &Step) -> Option<Problem> {
    let path = step_path(name);
    let ways = usize::from(!step.outcomes.is_empty()) + usize::from(step.next.is_some());
    let own = matches!(step.kind, Kind::Choose(_) | Kind::Some(_) | Kind::Fork(_) | Kind::Race(_));
    let ends = matches!(step.kind, Kind::End { .. });
    match ways + usize::from(own) {
        0 if !ends => Some(
            Problem::error(Code::NoSuccessor, path, format!("nothing leads on from `{name}`"))
                .help("add `next: step` or `outcomes`, or make it an `end`"),
        ),
        1.. if ends => Some(
            Problem::error(
                Code::TooManySuccessors,
                path,
                format!("`{name}` is an end, but something leads on from it"),
            )
            .help("remove `next` and `outcomes`, or make it another kind of step"),
        ),
        2.. => Some(
            Problem::error(Code::TooManySuccessors, path, format!("`{name}` says in two ways what comes next"))
                .help("keep one of `next`, `outcomes`, `choose` and `fork`"),
        ),
        _ => empty_branches(name, step),
    }
}

fn empty_branches(name: &str, step: &Step) -> Option<Problem> {
    let path = step_path(name);
    match &step.kind {
        Kind::Fork(branches) | Kind::Race(branches) if branches.len() < 2 => Some(
            Problem::error(
                Code::NoSuccessor,
                path.key(step.kind.key()),
                format!("a `{}` needs at least two branches, found {}", step.kind.key(), branches.len()),
            )
            .help("add a branch, or use `assign: {}` with `next`"),
        ),
        Kind::Choose(branches) | Kind::Some(branches) if branches.is_empty() => Some(
            Problem::error(
                Code::NoSuccessor,
                path.key(step.kind.key()),
                "a choice needs at least one branch, found none",
            )
            .help("add `- { otherwise: step }`"),
        ),
        _ => None,
    }
}

fn choice(name: &str, step: &Step) -> Option<Problem> {
    let (Kind::Choose(branches) | Kind::Some(branches)) = &step.kind else { return None };
    let path = step_path(name).key(step.kind.key());
    match branches.iter().position(|branch| branch.when.is_none()) {
        None if branches.is_empty() => None,
        None => Some(
            Problem::warning(Code::MissingOtherwise, path, "no branch is taken when none of the guards holds")
                .help("add `- { otherwise: step }`; without it such a case stands still as an incident"),
        ),
        Some(otherwise) => {
            let after = branches.get(otherwise + 1)?;
            let at = path.index(otherwise + 1).key(if after.when.is_some() { "when" } else { "to" });
            let problem = Problem::error(Code::BranchAfterOtherwise, at, "a branch after `otherwise` is never taken");
            let problem = problem.related("`otherwise` takes all that is left", path.index(otherwise).key("to"));
            Some(problem.help("move `otherwise` to the end"))
        }
    }
}

fn connections(definition: &Definition) -> Vec<Problem> {
    let graph = graph::build(definition);
    let Some(start) = definition.steps.get_index_of(&definition.start) else { return Vec::new() };
    // A process with cracks of its own is the last node, and leads to the start as well.
    let begins = if definition.cracks.is_empty() { start } else { definition.steps.len() };
    let forward = reach(&graph, [NodeIndex::new(begins)], Direction::Outgoing);
    let kind = |node: &NodeIndex| definition.steps.get_index(node.index()).map(|(_, step)| &step.kind);
    let is_end = |node: &NodeIndex| matches!(kind(node), Some(Kind::End { .. }));
    // What goes on inside a step, or undoes it, has its own ends and does not end the step.
    let mut around = graph.clone();
    around.retain_edges(|graph, edge| !matches!(graph[edge].kind, LinkKind::Inside | LinkKind::Undo));
    let stopped = stop_what_is_inside(definition, &graph, &mut around);
    let ends = graph.node_indices().filter(is_end).chain(stopped);
    let backward = reach(&around, ends, Direction::Incoming);
    let mut onward = graph.clone();
    onward.retain_edges(|graph, edge| graph[edge].kind != LinkKind::Undo);
    let on_the_way = reach(&onward, [NodeIndex::new(begins)], Direction::Outgoing);
    let mut found: Vec<Problem> =
        definition.steps.iter().filter_map(|(name, step)| undo_path(definition, name, step, &on_the_way)).collect();
    for node in graph.node_indices().take(definition.steps.len()) {
        let name = &graph[node];
        let path = step_path(name);
        if !forward[node.index()] {
            let message = format!("no flow and no crack leads to `{name}`");
            found.push(Problem::warning(Code::UnreachableStep, path, message).help("lead to it, or remove it"));
        } else if !backward[node.index()] {
            let message = format!("no end can be reached from `{name}`");
            found.push(Problem::error(Code::NoEnd, path, message).help("lead on from here to an `end` step"));
        }
    }
    found
}

/// Adds the ways out of a step that its cracks, or those of the process, open for what goes on inside; gives the nodes where
/// a crack cancels the case.
fn stop_what_is_inside(
    definition: &Definition,
    graph: &DiGraph<String, Link>,
    around: &mut DiGraph<String, Link>,
) -> Vec<NodeIndex> {
    let whole = definition.whole();
    let mut stopped = Vec::new();
    for (at, step) in definition.steps.values().chain(&whole).enumerate() {
        let at = NodeIndex::new(at);
        let mut stops = step.cracks.values().filter(|crack| crack.interrupts()).peekable();
        if stops.peek().is_none() {
            continue;
        }
        let contains = !step.kind.inside().is_empty();
        let out = if contains { around.add_node(String::new()) } else { at };
        if stops.any(|crack| matches!(crack.response, Some(Response::CancelCase | Response::CancelAll))) {
            stopped.push(out);
        }
        if !contains {
            continue;
        }
        // Trying again leads back inside.
        let leads = |link: &Link| link.kind == LinkKind::Crack { interrupts: true };
        for edge in graph.edges(at).filter(|edge| leads(edge.weight()) && edge.target() != at) {
            around.add_edge(out, edge.target(), edge.weight().clone());
        }
        for inner in insides(graph, at) {
            let link = Link { id: format!("{}!", graph[at]), kind: LinkKind::Crack { interrupts: true } };
            around.add_edge(inner, out, link);
        }
    }
    stopped
}

/// What a step contains, and what goes on inside that. What begins with a crack of the process lies outside of it.
fn insides(graph: &DiGraph<String, Link>, step: NodeIndex) -> Vec<NodeIndex> {
    let first = graph.edges(step).find(|edge| edge.weight().kind == LinkKind::Inside).map(|edge| edge.target());
    let Some(first) = first else { return Vec::new() };
    let (mut search, mut found) = (Dfs::new(graph, first), Vec::new());
    while let Some(inner) = search.next(graph) {
        found.push(inner);
    }
    found
}

/// What undoes a step is seldom meant to be on the way of the case too: whoever goes there would undo nothing.
fn undo_path(definition: &Definition, name: &str, step: &Step, on_the_way: &[bool]) -> Option<Problem> {
    let undo = step.undo.as_deref()?;
    let index = definition.steps.get_index_of(undo).filter(|index| on_the_way[*index])?;
    let (undo, _) = definition.steps.get_index(index)?;
    let message = format!("`{undo}` undoes `{name}`, and is also on the way of the case");
    let problem = Problem::warning(Code::UndoPath, step_path(name).key("undo"), message);
    Some(problem.help("name a step with a path of its own, up to an `end` of its own"))
}

fn reach(graph: &DiGraph<String, Link>, from: impl IntoIterator<Item = NodeIndex>, direction: Direction) -> Vec<bool> {
    let mut seen = vec![false; graph.node_count()];
    let mut search = Dfs::empty(graph);
    for node in from {
        search.move_to(node);
        while let Some(next) = match direction {
            Direction::Outgoing => search.next(graph),
            Direction::Incoming => search.next(Reversed(graph)),
        } {
            seen[next.index()] = true;
        }
    }
    seen
}
