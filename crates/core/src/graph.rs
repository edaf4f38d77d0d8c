//! The graph of a process: its steps, and between them the flows and the cracks.

use std::collections::{HashMap, HashSet};

use petgraph::graph::{DiGraph, NodeIndex};

use crate::definition::{Definition, Kind, Response, Step};
use crate::diagnostic::Path;

/// An edge of the graph: one way on from a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The stable identifier: `step/outcome`, `step#n` for branches and successors, `step!crack` for cracks,
    /// `step>inner` for the beginning of what is inside, `step~undo` for the beginning of what undoes it.
    pub id: String,
    /// What makes a token take it.
    pub kind: LinkKind,
}

/// What makes a token take a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// There is no other way.
    Next,
    /// The world answered so.
    Outcome,
    /// The data decided so, by the guard of that branch.
    Branch,
    /// No guard held.
    Otherwise,
    /// One of several parallel branches.
    Parallel,
    /// One of several branches of which the first to happen remains.
    Race,
    /// The first step inside one that contains others.
    Inside,
    /// What was done there is undone.
    Undo,
    /// A crack struck.
    Crack {
        /// Whether it stops the work; otherwise an additional token takes the link, unless it leads back to the step.
        interrupts: bool,
    },
}

impl LinkKind {
    /// Whether a token takes this way besides others of the same step, instead of them.
    pub(crate) fn is_at_once(self, from: &Kind) -> bool {
        matches!(from, Kind::Fork(_) | Kind::Some(_)) && !matches!(self, LinkKind::Crack { .. })
    }
}

/// A way on from a step as it stands in the definition.
pub(crate) struct Way<'a> {
    pub to: &'a str,
    pub kind: LinkKind,
    /// The outcome or crack, or the position for what has no name.
    pub name: WayName<'a>,
    /// Where the target stands in the definition, below the path of the step.
    pub path: Path,
}

pub(crate) enum WayName<'a> {
    Named(&'a str),
    Numbered(usize),
}

impl Way<'_> {
    pub fn id(&self, step: &str) -> String {
        match (&self.name, self.kind) {
            (WayName::Named(crack), LinkKind::Crack { .. }) => format!("{step}!{crack}"),
            (WayName::Named(outcome), _) => format!("{step}/{outcome}"),
            (WayName::Numbered(position), _) => format!("{step}#{position}"),
        }
    }
}

/// Every way on from a step, flows first, in the order of the definition.
pub(crate) fn ways<'a>(name: &str, step: &'a Step) -> Vec<Way<'a>> {
    let at = Path::root("steps").key(name);
    let mut ways = Vec::new();
    match &step.kind {
        Kind::Choose(branches) | Kind::Some(branches) => {
            ways.extend(branches.iter().enumerate().map(|(position, branch)| {
                let (kind, key) = match branch.when {
                    Some(_) => (LinkKind::Branch, "to"),
                    None => (LinkKind::Otherwise, "otherwise"),
                };
                let path = at.key(step.kind.key()).index(position).key(key);
                Way { to: &branch.to, kind, name: WayName::Numbered(position), path }
            }))
        }
        Kind::Fork(branches) | Kind::Race(branches) => {
            ways.extend(branches.iter().enumerate().map(|(position, to)| {
                let path = at.key(step.kind.key()).index(position);
                let kind = if matches!(step.kind, Kind::Race(_)) { LinkKind::Race } else { LinkKind::Parallel };
                Way { to, kind, name: WayName::Numbered(position), path }
            }))
        }
        _ => {}
    }
    ways.extend(step.outcomes.iter().map(|(outcome, way)| {
        let path = at.key("outcomes").key(outcome).key("to");
        Way { to: &way.to, kind: LinkKind::Outcome, name: WayName::Named(outcome), path }
    }));
    ways.extend(step.next.iter().map(|to| {
        let path = at.key("next");
        Way { to, kind: LinkKind::Next, name: WayName::Numbered(0), path }
    }));
    ways.extend(step.cracks.iter().filter_map(|(crack, declared)| {
        let path = at.key("cracks").key(crack).key("then");
        let kind = LinkKind::Crack { interrupts: declared.interrupts() };
        declared.then.as_ref().map(|to| Way { to, kind, name: WayName::Named(crack), path })
    }));
    ways
}

/// How many branches lead to each join. Exclusive ways on from one step are one branch; every way of a fork or inclusive
/// choice is a branch of its own.
pub(crate) fn inputs(definition: &Definition) -> HashMap<&str, usize> {
    let mut inputs = HashMap::new();
    for (name, step) in &definition.steps {
        let mut seen: HashSet<&str> = HashSet::new();
        for way in ways(name, step) {
            if seen.insert(way.to) || way.kind.is_at_once(&step.kind) {
                *inputs.entry(way.to).or_default() += 1;
            }
        }
    }
    inputs
}

/// The graph of a definition whose references are all known; nodes are numbered in the order of its steps, and the last
/// is the process itself where it has cracks of its own.
///
/// A crack is an edge to where it leads: to `then`, to where a skipped step goes on, or, when the work is tried again or
/// given to others, back to its own step. One that nobody answers, or that cancels the case, leads nowhere.
pub(crate) fn build(definition: &Definition) -> DiGraph<String, Link> {
    let mut graph = DiGraph::new();
    let whole = definition.whole();
    let steps = || definition.steps.iter().chain(whole.as_ref().map(|whole| (&definition.process, whole)));
    for (name, _) in steps() {
        graph.add_node(name.clone());
    }
    for (from, (name, step)) in steps().enumerate() {
        for way in ways(name, step) {
            if let Some(to) = definition.steps.get_index_of(way.to) {
                graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), Link { id: way.id(name), kind: way.kind });
            }
        }
        if let Some(first) = step.kind.inside().first().and_then(|first| definition.steps.get_index_of(first)) {
            let (id, kind) = (
                format!("{name}>{}", definition.steps.get_index(first).map_or("", |(first, _)| first)),
                LinkKind::Inside,
            );
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(first), Link { id, kind });
        }
        if let Some(undo) = step.undo.as_ref().and_then(|undo| definition.steps.get_index_of(undo)) {
            let link = Link { id: format!("{name}~undo"), kind: LinkKind::Undo };
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(undo), link);
        }
        for (crack, declared) in &step.cracks {
            let to = declared.response.as_ref().and_then(|response| response_leads_to(name, step, response));
            let index_of = |to: &str| if to == name { Some(from) } else { definition.steps.get_index_of(to) };
            if let Some(to) = to.and_then(index_of) {
                let (id, kind) = (format!("{name}!{crack}"), LinkKind::Crack { interrupts: declared.interrupts() });
                graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), Link { id, kind });
            }
        }
    }
    graph
}

/// The step at which a case goes on by the response itself, whatever stands under `then`.
fn response_leads_to<'a>(name: &'a str, step: &'a Step, response: &Response) -> Option<&'a str> {
    match response {
        Response::Retry { .. }
        | Response::Restart
        | Response::Reoffer(_)
        | Response::Reallocate(_)
        | Response::Continue => Some(name),
        Response::Skip(Some(outcome)) => step.outcomes.get(outcome).map(|way| way.to.as_str()),
        Response::Skip(None) => step.next.as_deref(),
        Response::Fail | Response::CancelCase | Response::CancelAll => None,
    }
}
