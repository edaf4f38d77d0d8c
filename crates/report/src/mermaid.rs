//! A process as a Mermaid flowchart: steps with a shape by kind and a colour by role, cracks as dotted edges.

use grieta_core::definition::{Branch, Care, Crack, Definition, Kind, Outcome, OutcomeChance, Response, Step};
use grieta_core::{Link, LinkKind, Process};
use petgraph::visit::EdgeRef;

use crate::crack::answers_outside;

/// Colours of roles, light enough for dark text; used in turn.
const COLOURS: &[&str] = &["#cfe3ff", "#d5f2d5", "#ffe3c2", "#eadcff", "#ffd6e0", "#d2f1f1", "#f3efc4", "#e2e2e2"];

/// The flowchart of a process, as Mermaid text.
///
/// Flows are labelled with their outcome and its chance, or with their guard. Dotted edges are cracks; those without a
/// response lead to a node that says so.
pub fn mermaid(process: &Process) -> String {
    let definition = process.definition();
    let mut lines = vec!["flowchart TD".to_owned()];
    let whole = definition.whole();
    let begins = if whole.is_some() { &definition.process } else { &definition.start };
    let steps = || definition.steps.iter().chain(whole.as_ref().map(|whole| (&definition.process, whole)));
    lines.push(format!("  begin(( )) --> {}", id(begins)));
    lines.extend(steps().map(|(name, step)| format!("  {}", node(&id(name), name, step))));
    let graph = process.graph();
    lines.extend(graph.edge_references().filter_map(|edge| {
        let (from, to) = (graph.node_weight(edge.source())?, graph.node_weight(edge.target())?);
        let step = definition.steps.get(from).or(whole.as_ref())?;
        Some(format!("  {}", link(step, edge.weight(), &id(from), &id(to))))
    }));
    for (name, step) in steps() {
        lines.extend(step.cracks.iter().flat_map(|(crack, declared)| nowhere(definition, name, crack, declared)));
    }
    lines.extend(colours(definition));
    lines.join("\n") + "\n"
}

/// An identifier that is no word of Mermaid. Names have no underscores, so distinct names stay distinct.
pub(crate) fn id(name: &str) -> String {
    format!("s_{}", name.replace('-', "_"))
}

/// A node of that identifier.
pub(crate) fn node(own: &str, name: &str, step: &Step) -> String {
    let title = text(step.name.as_deref().unwrap_or(name));
    let label = match &step.kind {
        Kind::Human { role, .. } => format!("{title}<br/>👤 {}", text(role)),
        Kind::Pause(pause) => format!("{title}<br/>⏱ {}", text(&pause.to_string())),
        Kind::Wait { party, .. } => format!("{title}<br/>⏳ {}", text(party)),
        Kind::Receive(message) => format!("{title}<br/>✉ {}", text(&message.message)),
        Kind::Send(message) => format!("{title}<br/>✉ {} →", text(&message.message)),
        Kind::Call(call) => format!("{title}<br/>▶ {}", text(&call.process)),
        Kind::ForEach(multiple) => format!("{title}<br/>{} times", text(&multiple.times.0)),
        Kind::End { hand_over: Some(call), .. } => format!("{title}<br/>▶ {}", text(&call.process)),
        Kind::End { terminate: true, .. } => format!("{title}<br/>ends the whole case"),
        _ => title,
    };
    let (open, close) = match &step.kind {
        Kind::Human { .. } => ("[", "]"),
        Kind::Service { .. } => ("[[", "]]"),
        Kind::Choose(_) | Kind::Some(_) => ("{", "}"),
        Kind::Fork(_) | Kind::Race(_) | Kind::Join(_) => ("{{", "}}"),
        Kind::Pause(_) | Kind::Wait { .. } | Kind::Receive(_) | Kind::Call(_) => ("[/", "/]"),
        Kind::End { .. } => ("([", "])"),
        _ => ("(", ")"),
    };
    format!("{own}{open}\"{label}\"{close}")
}

/// An edge of the graph.
pub(crate) fn link(step: &Step, link: &Link, from: &str, to: &str) -> String {
    let (arrow, label) = match link.kind {
        LinkKind::Next | LinkKind::Parallel => ("-->", String::new()),
        LinkKind::Race => ("-->", "if first".to_owned()),
        LinkKind::Undo => ("-.-", "undone by".to_owned()),
        LinkKind::Inside => ("---", "inside".to_owned()),
        LinkKind::Otherwise => ("-->", "otherwise".to_owned()),
        LinkKind::Outcome => ("-->", outcome(step, &link.id)),
        LinkKind::Branch => ("-->", guard(step, &link.id)),
        LinkKind::Crack { interrupts } => ("-.->", strike(step, &link.id, interrupts, from == to)),
    };
    edge(from, arrow, &label, to)
}

fn edge(from: &str, arrow: &str, label: &str, to: &str) -> String {
    match label {
        "" => format!("{from} {arrow} {to}"),
        _ => format!("{from} {arrow}|\"{}\"| {to}", text(label)),
    }
}

/// `reached, 18%`
pub(crate) fn outcome(step: &Step, id: &str) -> String {
    let name = id.split_once('/').map_or(id, |(_, name)| name);
    match step.outcomes.get(name) {
        Some(Outcome { chance: Some(OutcomeChance::Share(chance)), .. }) => format!("{name}, {chance}"),
        Some(Outcome { chance: Some(OutcomeChance::Rest), .. }) => format!("{name}, the rest"),
        _ => name.to_owned(),
    }
}

pub(crate) fn guard(step: &Step, id: &str) -> String {
    let position = id.rsplit_once('#').and_then(|(_, position)| position.parse::<usize>().ok());
    match (&step.kind, position) {
        (Kind::Choose(branches) | Kind::Some(branches), Some(position)) => {
            let guard = branches.get(position).and_then(|branch: &Branch| branch.when.as_ref());
            guard.map_or_else(String::new, |guard| guard.0.clone())
        }
        _ => String::new(),
    }
}

/// The crack that leads to a step: by its response, or afterwards.
fn strike(step: &Step, id: &str, interrupts: bool, returns: bool) -> String {
    let name = id.split_once('!').map_or(id, |(_, name)| name);
    let response = step.cracks.get(name).and_then(|crack| crack.response.as_ref());
    let by_response = returns || matches!(response, Some(Response::Skip(_)));
    match response.filter(|_| by_response).and_then(Response::words) {
        Some(done) => format!("⚡ {name}: {done}"),
        None if matches!(response, Some(Response::Retry { .. })) => format!("⚡ {name}, when the retries are used up"),
        None if interrupts => format!("⚡ {name}"),
        None => format!("⚡ {name}, beside"),
    }
}

/// A crack that leads to no step, and so is no edge of the graph: it stops the case, cancels it, is ignored, or is left to
/// what is around the step.
fn nowhere(definition: &Definition, name: &str, crack: &str, declared: &Crack) -> Option<String> {
    let from = id(name);
    let own = format!("{from}_{}", crack.replace('-', "_"));
    let outside = answers_outside(definition, name, declared.on).filter(|_| declared.interrupts());
    let last = outside.map_or_else(|| stuck(&own), id);
    let line = match (&declared.response, declared.care()) {
        (Some(Response::CancelCase | Response::CancelAll), _) => {
            edge(&from, "-.->", &format!("⚡ {crack}"), &format!("cancelled_{own}([\"cancelled\"])"))
        }
        (Some(Response::Retry { .. }), Care::Answered) if declared.then.is_none() => {
            edge(&from, "-.->", &format!("⚡ {crack}, when the retries are used up"), &last)
        }
        (_, Care::Stops) => edge(&from, "-.->", &format!("⚡ {crack}"), &last),
        (_, Care::Ignored) => edge(&from, "-.->", &format!("⚡ {crack}: nobody answers"), &from),
        (_, Care::Answered) => return None,
    };
    Some(format!("  {line}"))
}

/// The node of a case that stops.
fn stuck(own: &str) -> String {
    format!("stuck_{own}{{{{\"never ends\"}}}}:::stuck")
}

/// A class for each role that does something, and for what never ends.
fn colours(definition: &Definition) -> Vec<String> {
    let mut lines = vec!["  classDef stuck fill:#ffb3b3,stroke:#b00020,color:#000".to_owned()];
    for (position, role) in definition.roles.keys().enumerate() {
        let does = |step: &Step| matches!(&step.kind, Kind::Human { role: own, .. } if own == role);
        let own: Vec<String> =
            definition.steps.iter().filter(|(_, step)| does(step)).map(|(name, _)| id(name)).collect();
        if !own.is_empty() {
            let colour = COLOURS[position % COLOURS.len()];
            lines.push(format!("  classDef role{position} fill:{colour},stroke:#555,color:#000"));
            lines.push(format!("  class {} role{position}", own.join(",")));
        }
    }
    lines
}

/// Text inside quotes: whatever Mermaid or HTML would take for something else is written as a character code.
fn text(plain: &str) -> String {
    // Mermaid cuts the code from a line where one of these words is followed by a colon.
    let touchy = plain.contains("style") || plain.contains("classDef");
    let mut escaped = String::with_capacity(plain.len());
    for (position, letter) in plain.char_indices() {
        let (before, after) = (&plain[..position], &plain[position + letter.len_utf8()..]);
        let mistaken = match letter {
            '"' | '#' | '<' | '\\' => true,
            '&' => !after.starts_with([' ', '&']),
            ':' => touchy,
            // Two of them begin a comment, and before a brace a directive.
            '%' => after.starts_with(['%', '{']),
            // At the beginning they would make a list, or text with marks.
            '-' | '*' | '+' | '.' | ')' | '`' => before.bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        match letter {
            _ if mistaken => escaped.push_str(&code(letter)),
            _ if letter.is_control() => escaped.push(' '),
            _ => escaped.push(letter),
        }
    }
    escaped
}

fn code(letter: char) -> String {
    format!("#{};", u32::from(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_where_mermaid_would_misread_it() {
        let check = |plain: &str, expected: &str| assert_eq!(text(plain), expected);
        check("Call the lead", "Call the lead");
        check("a < 3 && b == \"x\"", "a #60; 3 && b == #34;x#34;");
        check("1. first", "1#46; first");
        check("- item", "#45; item");
        check("18%", "18%");
        check("%% comment", "#37;% comment");
        check("two\nlines", "two lines");
        check("#35;", "#35;35;");
        check("&lt;", "#38;lt;");
        check("L1: late", "L1: late");
        check("style: #1", "style#58; #35;1");
        check("`code`", "#96;code`");
    }
}
