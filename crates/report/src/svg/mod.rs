//! A process as a drawing: an SVG in which whoever asks for it says how each thing looks, by a class.

mod layout;
mod text;

use grieta_core::definition::{Care, Definition, Kind, Step};
use grieta_core::{Link, LinkKind, Process};
use maud::{Markup, html};
use petgraph::visit::EdgeRef;

use crate::mermaid::{guard, outcome};
use layout::{Arrow, Graph, Layout, Point, Route, lay_out};
use text::{cut, safe, width, wrapped};

/// How a drawing looks where no class says otherwise: a style sheet to stand on the same page, or in the SVG.
pub const STYLE: &str = "\
.process { font: 12px sans-serif; max-width: none }
.process .box { fill: #fff; stroke: #555; stroke-width: 1.2 }
.process .arrow { fill: none; stroke: #555; stroke-width: 1.2 }
.process .head { fill: #555; stroke: none }
.process .crack .arrow { stroke-dasharray: 5 3 }
.process .inside .arrow { stroke-dasharray: 1 3 }
.process .small { font-size: 10px }
.process text { fill: #111; text-anchor: middle }
";

/// The widest a box gets, in characters.
const WIDEST: usize = 30;
/// How much is written beside an arrow.
const LONGEST_LABEL: usize = 34;
/// How high a line of text is.
const LINE: i64 = 15;

/// The drawing of a process as SVG, to be put into a page or, under an XML declaration, into a file.
///
/// `class` gives the classes, if any, of a step by its name, of a flow by its identifier, `step#n` or `step/outcome`, of a crack
/// by `step!crack`, and of where it leads by `step!crack/then`, or by `step!crack/do` where its response leads on.
/// The cracks of a step are lines in its box. The process itself is a box where it has cracks of its own.
pub fn svg<'c>(process: &Process, class: impl Fn(&str) -> Option<&'c str>) -> String {
    let drawing = Drawing::of(process);
    drawing.markup(&class).into_string()
}

/// What is drawn, before anybody knows where.
struct Drawing<'p> {
    process: &'p Process,
    boxes: Vec<Shape>,
    arrows: Vec<Line>,
    graph: Graph,
}

/// A box.
struct Shape {
    id: String,
    kind: &'static str,
    lines: Vec<String>,
    /// What it does, in small letters.
    note: Option<String>,
    /// The identifier and the words of each crack.
    cracks: Vec<(String, String)>,
}

/// An arrow.
struct Line {
    id: String,
    kind: &'static str,
    label: String,
}

impl<'p> Drawing<'p> {
    fn of(process: &'p Process) -> Drawing<'p> {
        let (definition, graph) = (process.definition(), process.graph());
        let whole = definition.whole();
        let step = |name: &str| definition.steps.get(name).or(whole.as_ref());
        let mut drawing = Drawing { process, boxes: Vec::new(), arrows: Vec::new(), graph: Graph::default() };
        // The box at which a case begins is the first, so that it stands at the top.
        let begins = if whole.is_some() { &definition.process } else { &definition.start };
        let mut order: Vec<_> = graph.node_indices().collect();
        order.sort_by_key(|node| graph.node_weight(*node) != Some(begins));
        let mut place = vec![0; order.len()];
        for (at, node) in order.iter().enumerate() {
            place[node.index()] = at;
            if let Some((name, step)) = graph.node_weight(*node).and_then(|name| Some((name, step(name)?))) {
                drawing.add_box(Shape::of(name, step));
            }
        }
        for node in order {
            let mut edges: Vec<_> = graph.edges(node).collect();
            edges.sort_by_key(|edge| edge.id());
            for edge in edges {
                let (from, to) = (edge.source().index(), edge.target().index());
                let names = (graph.node_weight(edge.source()), graph.node_weight(edge.target()));
                let (Some(name), Some(target)) = names else { continue };
                let line = step(name).and_then(|step| Line::of(name, step, edge.weight(), target));
                if let Some(line) = line {
                    drawing.add_line(line, place[from], place[to]);
                }
            }
        }
        drawing
    }

    fn add_box(&mut self, shape: Shape) {
        self.graph.boxes.push(shape.size());
        self.boxes.push(shape);
    }

    fn add_line(&mut self, line: Line, from: usize, to: usize) {
        let label = if line.label.is_empty() { 0 } else { width(&line.label, 10) + 8 };
        self.graph.arrows.push(Arrow { from, to, label });
        self.arrows.push(line);
    }

    fn markup<'c>(&self, class: &impl Fn(&str) -> Option<&'c str>) -> Markup {
        let layout = lay_out(&self.graph);
        let Layout { width, height, .. } = layout;
        let title = title(self.process.definition());
        html! {
            svg xmlns="http://www.w3.org/2000/svg" class="process" role="img" width=(width) height=(height)
                viewBox={ "0 0 " (width) " " (height) } {
                title { (title) }
                g font-family="sans-serif" font-size="12" text-anchor="middle" {
                    @for (line, route) in self.arrows.iter().zip(&layout.arrows) {
                        (line.markup(route, class(&line.id)))
                    }
                    @for (shape, middle) in self.boxes.iter().zip(&layout.boxes) {
                        (shape.markup(*middle, class))
                    }
                }
            }
        }
    }
}

fn title(definition: &Definition) -> String {
    safe(definition.title.as_deref().unwrap_or(&definition.process))
}

impl Shape {
    fn of(name: &str, step: &Step) -> Shape {
        let cracks = step.cracks.iter().map(|(crack, declared)| {
            let answer = match declared.care() {
                Care::Answered => declared.answer(),
                Care::Stops => "the case stops".to_owned(),
                Care::Ignored => "nobody answers".to_owned(),
            };
            (format!("{name}!{crack}"), cut(&format!("{crack}: {answer}"), WIDEST + 12))
        });
        Shape {
            id: name.to_owned(),
            kind: step.kind.key(),
            lines: wrapped(step.name.as_deref().unwrap_or(name), WIDEST),
            note: note(&step.kind).map(|note| cut(&note, WIDEST)),
            cracks: cracks.collect(),
        }
    }

    fn size(&self) -> (i64, i64) {
        let lines = self.lines.iter().map(|line| width(line, 12));
        let small = self.note.iter().map(|note| width(note, 10));
        let cracks = self.cracks.iter().map(|(_, words)| width(words, 10) + 14);
        let widest = lines.chain(small).chain(cracks).max().unwrap_or(0);
        let rows = self.lines.len() + usize::from(self.note.is_some()) + self.cracks.len();
        (widest.max(40) + 24, rows as i64 * LINE + 14)
    }

    fn markup<'c>(&self, (x, y): Point, class: &impl Fn(&str) -> Option<&'c str>) -> Markup {
        let (width, height) = self.size();
        let (left, top) = (x - width / 2, y - height / 2);
        let round = if self.kind == "end" {
            height / 2
        } else if self.kind == "human" {
            2
        } else {
            7
        };
        let row = |number: usize| top + 18 + number as i64 * LINE;
        let own = self.lines.len() + usize::from(self.note.is_some());
        html! {
            g class=(classes(&["step", self.kind], class(&self.id))) {
                title { (self.id) }
                rect class="box" x=(left) y=(top) width=(width) height=(height) rx=(round) fill="white" stroke="black" {}
                @for (number, line) in self.lines.iter().enumerate() { text x=(x) y=(row(number)) { (line) } }
                @if let Some(note) = &self.note { text class="small" font-size="10" x=(x) y=(row(self.lines.len())) { (note) } }
            }
            @for (number, (id, words)) in self.cracks.iter().enumerate() {
                g class=(classes(&["crack-of-step"], class(id))) {
                    title { (id) }
                    rect class="mark" x=(left + 5) y=(row(own + number) - 11) width=(width - 10) height=(LINE - 1) rx="3" fill="none" {}
                    text class="small" font-size="10" x=(x) y=(row(own + number)) { "⚡ " (words) }
                }
            }
        }
    }
}

/// What a step does, besides its name.
fn note(kind: &Kind) -> Option<String> {
    Some(match kind {
        Kind::Human { role, .. } => role.clone(),
        Kind::Service { .. } => "service".to_owned(),
        Kind::Pause(pause) => format!("wait {pause}"),
        Kind::Wait { party, .. } => format!("waits for {party}"),
        Kind::Receive(message) => format!("receives {}", message.message),
        Kind::Send(message) => format!("sends {}", message.message),
        Kind::Call(call) => format!("calls {}", call.process),
        Kind::Decide(table) => format!("decides by {table}"),
        Kind::ForEach(multiple) => format!("{} times", multiple.times.0),
        Kind::End { hand_over: Some(call), .. } => format!("hands over to {}", call.process),
        Kind::End { terminate: true, .. } => "ends all".to_owned(),
        Kind::End { .. } | Kind::Assign => return None,
        _ => kind.key().to_owned(),
    })
}

impl Line {
    /// The arrow of a link; none for a crack whose response leaves the case where it is.
    fn of(name: &str, step: &Step, link: &Link, target: &str) -> Option<Line> {
        let crack = |id: &str| id.split_once('!').map_or(String::new(), |(_, crack)| crack.to_owned());
        let (kind, label) = match link.kind {
            LinkKind::Next | LinkKind::Parallel => ("flow", String::new()),
            LinkKind::Race => ("flow", "if first".to_owned()),
            LinkKind::Undo => ("inside", "undone by".to_owned()),
            LinkKind::Inside => ("inside", "inside".to_owned()),
            LinkKind::Otherwise => ("flow", "otherwise".to_owned()),
            LinkKind::Outcome => ("flow", outcome(step, &link.id)),
            LinkKind::Branch => ("flow", guard(step, &link.id)),
            LinkKind::Crack { .. } if target == name && !leads_by_then(step, &link.id, target) => return None,
            LinkKind::Crack { .. } => ("crack", format!("⚡ {}", crack(&link.id))),
        };
        let id = match link.kind {
            LinkKind::Crack { .. } if leads_by_then(step, &link.id, target) => format!("{}/then", link.id),
            LinkKind::Crack { .. } => format!("{}/do", link.id),
            _ => link.id.clone(),
        };
        Some(Line { id, kind, label: cut(&label, LONGEST_LABEL) })
    }

    fn markup(&self, route: &Route, class: Option<&str>) -> Markup {
        // A line does not run through its own label.
        let ((x, y), room) = (route.label, width(&self.label, 10));
        html! {
            g class=(classes(&["link", self.kind], class)) {
                title { (safe(&self.id)) }
                path class="arrow" d=(path(&route.points)) fill="none" stroke="black"
                    stroke-dasharray=[(self.kind != "flow").then_some("5 3")] {}
                path class="head" d=(head(&route.points)) {}
                @if !self.label.is_empty() {
                    rect class="ground" x=(x - room / 2) y=(y - 7) width=(room) height="14" fill="white" {}
                    text class="small" font-size="10" x=(x) y=(y + 4) { (self.label) }
                }
            }
        }
    }
}

/// Whether a crack leads to a step afterwards, rather than by its response.
fn leads_by_then(step: &Step, id: &str, target: &str) -> bool {
    let crack = id.split_once('!').and_then(|(_, crack)| step.cracks.get(crack));
    crack.is_some_and(|crack| crack.then.as_deref() == Some(target))
}

fn classes(own: &[&str], more: Option<&str>) -> String {
    own.iter().copied().chain(more).collect::<Vec<_>>().join(" ")
}

/// A curve through points: upright where it meets them.
fn path(points: &[Point]) -> String {
    let Some(((x, y), rest)) = points.split_first() else { return String::new() };
    let mut path = format!("M{x} {y}");
    let mut before = (*x, *y);
    for (x, y) in rest {
        let middle = (before.1 + y) / 2;
        path += &match before.0 == *x || before.1 == *y {
            true => format!("L{x} {y}"),
            false => format!("C{} {middle} {x} {middle} {x} {y}", before.0),
        };
        before = (*x, *y);
    }
    path
}

/// The head of an arrow at the last point, pointing the way the line comes there.
fn head(points: &[Point]) -> String {
    let [.., before, (x, y)] = points else { return String::new() };
    match (before.1 == *y, before.1 < *y, before.0 < *x) {
        (true, _, true) => format!("M{x} {y}l-8 -4v8z"),
        (true, _, false) => format!("M{x} {y}l8 -4v8z"),
        (false, true, _) => format!("M{x} {y}l-4 -8h8z"),
        (false, false, _) => format!("M{x} {y}l-4 8h8z"),
    }
}

#[cfg(test)]
mod tests {
    use super::layout::*;

    /// Every box has its place, none upon another in the same row, and every arrow ends at its boxes.
    fn check(boxes: usize, arrows: &[(usize, usize)]) -> Layout {
        let size = |at: usize| (40 + (at as i64 * 37) % 120, 30 + (at as i64 * 13) % 50);
        let arrows: Vec<Arrow> =
            arrows.iter().map(|(from, to)| Arrow { from: *from, to: *to, label: (*from % 3) as i64 * 40 }).collect();
        let graph = Graph { boxes: (0..boxes).map(size).collect(), arrows };
        let layout = lay_out(&graph);
        let mut placed: Vec<_> =
            layout.boxes.iter().zip(&graph.boxes).map(|((x, y), (w, _))| (*y, x - w / 2, x + w / 2)).collect();
        placed.sort_unstable();
        for pair in placed.windows(2) {
            assert!(pair[0].0 != pair[1].0 || pair[0].2 < pair[1].1, "{pair:?}");
        }
        let inside = |(x, y): &Point| (0..=layout.width).contains(x) && (0..=layout.height).contains(y);
        assert!(layout.boxes.iter().all(inside));
        for (route, arrow) in layout.arrows.iter().zip(&graph.arrows) {
            for (end, at) in [(route.points.first(), arrow.from), (route.points.last(), arrow.to)] {
                let ((x, y), (w, h)) = (layout.boxes[at], graph.boxes[at]);
                let (px, py) = end.copied().unwrap_or_default();
                assert!((px - x).abs() <= w / 2 + 1 && (py - y).abs() <= h / 2 + 1, "{arrow:?} {route:?}");
            }
        }
        layout
    }

    #[test]
    fn odd_graphs_are_laid_out() {
        check(0, &[]);
        check(1, &[(0, 0), (0, 0)]);
        check(5, &[]);
        check(2, &[(0, 1), (0, 1), (1, 0), (1, 1), (0, 1)]);
        check(4, &[(0, 1), (1, 2), (2, 0), (3, 3)]);
        let all: Vec<_> = (0..30).flat_map(|from| (0..30).map(move |to| (from, to))).collect();
        check(30, &all);
        // Twice as many ways with every pair: nobody may look at each of them.
        let diamonds: Vec<_> = (0..200).flat_map(|at| [(at, at + 1), (at, at + 1)]).collect();
        check(201, &diamonds);
    }

    #[test]
    fn big_graphs_are_laid_out() {
        let chain: Vec<_> = (1..1_000).map(|to| (to - 1, to)).collect();
        let back: Vec<_> = (1..1_000).map(|from| (from, 0)).collect();
        check(1_000, &chain);
        check(1_000, &[chain, back].concat());
        check(1_000, &(1..1_000).map(|to| (0, to)).collect::<Vec<_>>());
        let mut number = 7_usize;
        let mut next = move || {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (number >> 33) % 1_000
        };
        check(1_000, &(0..2_500).map(|_| (next(), next())).collect::<Vec<_>>());
    }

    #[test]
    fn a_graph_is_laid_out_the_same_way_each_time() {
        let arrows = [(0, 1), (0, 2), (1, 3), (2, 3), (3, 0), (1, 2), (4, 3)];
        let [one, other] = [check(5, &arrows), check(5, &arrows)];
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }
}
