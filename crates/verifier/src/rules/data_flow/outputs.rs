//! Ends at which a case may lack what the process promises.
//!
//! An end is normal if some way leads there from the start on which no crack strikes. There every output must have been
//! written, by whatever way the case has come, or at another end that it comes to as well.

use std::collections::{BTreeMap, VecDeque};

use grieta_core::definition::Kind;
use grieta_core::diagnostic::{Code, Path, Problem};
use grieta_core::{LinkKind, Process};
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::at_last::{self, AtLast};
use super::written::Written;
use crate::rules::flow;

/// As many steps of a way are named.
const NAMED: usize = 5;

pub(super) fn find(written: &mut Written<'_>, process: &Process) -> Vec<Problem> {
    let definition = written.fields.definition;
    let start = definition.steps.get_index_of(&definition.start).filter(|_| !definition.outputs.is_empty());
    let Some(start) = start.map(NodeIndex::new) else { return Vec::new() };
    let Some(at_last) = at_last::written(written, start, None) else { return Vec::new() };
    let normal = flow::normal_ends(process);
    let mut problems = Vec::new();
    for (index, name) in definition.outputs.iter().enumerate() {
        let Some(field) = definition.data.get_index_of(name).filter(|_| !definition.outputs[..index].contains(name))
        else {
            continue;
        };
        let lacks = Lacks { written: &*written, at_last: &at_last, field };
        let ways = lacks.ways(start);
        let ends = normal.iter().filter(|end| ways.contains_key(end));
        problems.extend(ends.map(|end| lacks.problem(*end, &ways, Path::root("outputs").index(index))));
    }
    problems
}

/// Where a field may never be written.
struct Lacks<'a> {
    written: &'a Written<'a>,
    at_last: &'a AtLast,
    field: usize,
}

impl Lacks<'_> {
    fn lacks(&self, node: NodeIndex) -> bool {
        self.at_last.at(node).is_some_and(|known| !known.contains(self.field))
    }

    /// The steps on ways from the start that never write the field, each with the step before it on the shortest.
    fn ways(&self, start: NodeIndex) -> BTreeMap<NodeIndex, Option<NodeIndex>> {
        let mut before: BTreeMap<NodeIndex, Option<NodeIndex>> = BTreeMap::new();
        if self.lacks(start) {
            before.insert(start, None);
        }
        let mut open: VecDeque<NodeIndex> = before.keys().copied().collect();
        while let Some(node) = open.pop_front() {
            for edge in self.written.graph.edges(node) {
                let beside = matches!(
                    edge.weight().kind,
                    LinkKind::Inside | LinkKind::Undo | LinkKind::Crack { interrupts: false }
                );
                let unwritten = || self.written.along(edge).is_some_and(|known| !known.contains(self.field));
                if !beside && self.lacks(edge.target()) && !before.contains_key(&edge.target()) && unwritten() {
                    before.insert(edge.target(), Some(node));
                    open.push_back(edge.target());
                }
            }
        }
        before
    }

    fn problem(&self, end: NodeIndex, ways: &BTreeMap<NodeIndex, Option<NodeIndex>>, promised: Path) -> Problem {
        let fields = self.written.fields;
        let before = |node: &NodeIndex| ways.get(node).copied().flatten();
        let way = std::iter::successors(before(&end), before).filter(|node| {
            // What happens at once is seldom what a reader knows a way by.
            fields.kind(node.index()).is_some_and(Kind::takes_time)
        });
        let mut way: Vec<String> = way.map(|node| format!("`{}`", fields.step(node.index()))).collect();
        way.reverse();
        if way.len() > NAMED {
            way.splice(..way.len() - NAMED, ["…".to_owned()]);
        }
        let by = if way.is_empty() { String::new() } else { format!(", by way of {}", way.join(", ")) };
        let (name, field) = (fields.step(end.index()), fields.name(self.field));
        let message = format!("a case may end at `{name}` without the output `{field}`{by}");
        let problem = Problem::warning(Code::OutputMissing, fields.path(end.index()), message);
        let problem = problem.related("promised here", promised);
        problem.help(
            "let it be written on every way there, give it an `initial`, or waive it at this end where the case has no such \
             result",
        )
    }
}
