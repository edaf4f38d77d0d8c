//! Two definitions of the same work as one Mermaid flowchart: what is new, what is gone, what is other, who does it now.

use std::collections::HashSet;

use grieta_core::Process;
use grieta_core::difference::{Difference, Fate, Pairs};
use petgraph::visit::EdgeRef;

use crate::mermaid::{id, link, node};

/// The class of each fate, and how it looks: told apart by line as well as by colour.
const CLASSES: [(Fate, &str, &str); 4] = [
    (Fate::Added, "added", "fill:#d5f2d5,stroke:#1b7a2f,stroke-width:3px,color:#000"),
    (Fate::Removed, "removed", "fill:#ffd9d4,stroke:#b3140a,stroke-dasharray:7 4,color:#000"),
    (Fate::Moved, "moved", "fill:#cfe3ff,stroke:#1a4fa0,stroke-width:3px,color:#000"),
    (Fate::Changed, "changed", "fill:#ffeebf,stroke:#a86a00,color:#000"),
];

/// A way on: from where, why, and where to, in names of the second definition.
type Way = (String, String, String);

/// The steps and ways of both, each once: in green what is new, red and broken what is gone, blue what another role does, amber
/// what is other in itself.
pub fn difference_as_mermaid(before: &Process, after: &Process, found: &Difference) -> String {
    let pairs = Pairs::of(before.definition(), after.definition());
    // What is gone may have the name of something new.
    let was = |name: &str| pairs.after(name).map_or_else(|| format!("was_{}", id(name)), id);
    let mut lines = vec!["flowchart TD".to_owned()];
    lines.extend(after.definition().steps.iter().map(|(name, step)| format!("  {}", node(&id(name), name, step))));
    let gone = before.definition().steps.iter().filter(|(name, _)| pairs.after(name).is_none());
    lines.extend(gone.map(|(name, step)| format!("  {}", node(&was(name), name, step))));
    let (old, new) = (ways(before, was), ways(after, id));
    let known: HashSet<&Way> = old.iter().map(|(way, _)| way).collect();
    let kept: HashSet<&Way> = new.iter().map(|(way, _)| way).collect();
    let lost: Vec<&(Way, String)> = old.iter().filter(|(way, _)| !kept.contains(way)).collect();
    lines.extend(new.iter().map(|(_, line)| format!("  {line}")));
    lines.extend(lost.iter().map(|(_, line)| format!("  {line}")));
    let fresh = new.iter().enumerate().filter(|(_, (way, _))| !known.contains(way)).map(|(at, _)| at);
    lines.extend(marked(fresh, "stroke:#1b7a2f,stroke-width:3px"));
    lines.extend(marked(new.len()..new.len() + lost.len(), "stroke:#b3140a,stroke-dasharray:7 4"));
    for (fate, class, style) in CLASSES {
        let steps = found.steps.iter().filter(|step| step.fate == fate);
        let drawn = steps.filter_map(|step| match (&step.after, &step.before) {
            (Some(name), _) => Some(id(name)),
            (None, Some(name)) => Some(was(name)),
            (None, None) => None,
        });
        let drawn: Vec<String> = drawn.collect();
        if !drawn.is_empty() {
            lines.push(format!("  classDef {class} {style}"));
            lines.push(format!("  class {} {class}", drawn.join(",")));
        }
    }
    lines.join("\n") + "\n"
}

/// Every way between steps, and how it is drawn. The ways of the process as a whole are left out.
fn ways(process: &Process, drawn: impl Fn(&str) -> String) -> Vec<(Way, String)> {
    let (definition, graph) = (process.definition(), process.graph());
    let way = |edge: petgraph::graph::EdgeReference<'_, grieta_core::Link>| {
        let (from, to) = (graph.node_weight(edge.source())?, graph.node_weight(edge.target())?);
        let step = definition.steps.get(from)?;
        let (from, to) = (drawn(from), drawn(to));
        let line = link(step, edge.weight(), &from, &to);
        // Why it is taken, without how likely that is.
        let why = edge.weight().id.split_once(['/', '!', '#']).map_or("", |(_, why)| why).to_owned();
        Some(((from, why, to), line))
    };
    graph.edge_references().filter_map(way).collect()
}

fn marked(positions: impl Iterator<Item = usize>, style: &str) -> Option<String> {
    let positions: Vec<String> = positions.map(|at| at.to_string()).collect();
    (!positions.is_empty()).then(|| format!("  linkStyle {} {style}", positions.join(",")))
}
