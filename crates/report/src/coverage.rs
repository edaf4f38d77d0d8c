//! What the tests of a process cover: as text, and as a page with the drawing of each process in colours.

use std::collections::BTreeMap;

use grieta_core::Process;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::svg::{STYLE, svg};
use crate::tables::{Column, table};
use crate::words::{count, counted, share};

/// What the tests of one process cover.
#[derive(Debug, Clone)]
pub struct Covered<'p> {
    /// The process.
    pub process: &'p Process,
    /// By kind of element, what several of them are called, how many are covered, and how many there are.
    pub kinds: Vec<(&'static str, usize, usize)>,
    /// What is not covered: of what kind it is, what it is called, and where it stands in the definition.
    pub missed: Vec<Missed>,
    /// The cracks that no test enters.
    pub cracks: Vec<String>,
    /// How far each element is covered, by its name: that of a step, or as [`svg`] asks for it.
    pub marks: BTreeMap<&'p str, Mark>,
    /// For each scenario its name, and how many elements it covers.
    pub scenarios: Vec<(String, usize)>,
}

/// An element that is not covered.
#[derive(Debug, Clone)]
pub struct Missed {
    /// What kind of element it is: `outcome`.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// Where it stands in the definition: a line of the file, or a path in it.
    pub place: String,
}

/// How far something is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is, and all that belongs to it.
    Covered,
    /// It is, but not all that belongs to it.
    Partly,
    /// It is not.
    Missed,
}

impl Mark {
    fn class(self) -> &'static str {
        match self {
            Mark::Covered => "covered",
            Mark::Partly => "partly",
            Mark::Missed => "missed",
        }
    }
}

impl Covered<'_> {
    /// How many elements there are, of all kinds, and how many are covered.
    fn total(&self) -> (usize, usize) {
        self.kinds.iter().fold((0, 0), |(covered, total), kind| (covered + kind.1, total + kind.2))
    }

    fn title(&self) -> String {
        let definition = self.process.definition();
        let variant = definition.variant.map_or("", |variant| match variant {
            grieta_core::definition::Variant::AsIs => ", as-is",
            grieta_core::definition::Variant::ToBe => ", to-be",
        });
        format!("{}{variant}", definition.title.as_deref().unwrap_or(&definition.process))
    }
}

fn of(covered: usize, total: usize) -> String {
    if total == 0 { "–".to_owned() } else { share(covered as f64 / total as f64) }
}

/// What tests cover as text: a table by kind of element, what is missed, and the cracks that no test enters.
pub fn coverage(processes: &[Covered<'_>]) -> String {
    processes.iter().map(one_as_text).collect::<Vec<_>>().join("\n")
}

fn one_as_text(covered: &Covered<'_>) -> String {
    let (done, total) = covered.total();
    let scenarios = counted(covered.scenarios.len() as u64, "scenario");
    let mut text = format!("{} · {} covered by {scenarios}\n\n", covered.title(), of(done, total));
    let row = |(kind, done, total): &(&str, usize, usize)| {
        vec![(*kind).to_owned(), count(*done as u64), count(*total as u64), of(*done, *total)]
    };
    let mut rows: Vec<_> = covered.kinds.iter().filter(|(_, _, total)| *total > 0).map(row).collect();
    rows.push(row(&("all", done, total)));
    let columns = [("", Column::Name), ("covered", Column::Right), ("of", Column::Right), ("share", Column::Right)];
    text += &table(&columns, rows);
    if !covered.missed.is_empty() {
        let row = |missed: &Missed| vec![missed.kind.to_owned(), missed.name.clone(), missed.place.clone()];
        let columns = [("missed", Column::Name), ("", Column::Text), ("at", Column::Name)];
        text += &format!("\n\n{}", table(&columns, covered.missed.iter().map(row).collect()));
    }
    text += "\n\nCracks no test enters\n";
    match covered.cracks.is_empty() {
        true => text += "  none\n",
        false => covered.cracks.iter().for_each(|crack| text += &format!("  {crack}\n")),
    }
    text
}

/// What tests cover as a page of HTML, with the drawing of each process: green what is covered, red and with thick broken lines
/// what is not, amber the steps of which something is missed. The page needs nothing from elsewhere.
pub fn coverage_page(processes: &[Covered<'_>]) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Coverage" }
                style { (PreEscaped(STYLE)) (PreEscaped(COLOURS)) }
            }
            body { @for covered in processes { (section(covered)) } }
        }
    };
    page.into_string()
}

/// Green, amber and red that differ in lightness too, and in their lines where there is no colour.
const COLOURS: &str = "\
body { font: 15px/1.4 sans-serif; color: #111; margin: 2em; max-width: 72em }
table { border-collapse: collapse; margin: 1em 0 } th, td { text-align: left; padding: .15em 1em .15em 0; border-bottom: 1px solid #ddd }
td.figure, th.figure { text-align: right }
.drawing { overflow-x: auto; margin: 1em 0 }
.key span { border: 2px solid; padding: 0 .5em; margin-right: .7em; border-radius: 3px }
.key .covered, .process .covered > .box { fill: #dff2df; background: #dff2df; stroke: #1b7a2f; border-color: #1b7a2f }
.key .partly, .process .partly > .box { fill: #ffeebf; background: #ffeebf; stroke: #a86a00; border-color: #a86a00; stroke-width: 2.2 }
.key .missed, .process .missed > .box { fill: #ffd9d4; background: #ffd9d4; stroke: #b3140a; border-color: #b3140a; border-style: dashed; stroke-width: 2.6; stroke-dasharray: 7 4 }
.process .covered > .arrow { stroke: #1b7a2f } .process .covered > .head { fill: #1b7a2f }
.process .missed > .arrow { stroke: #b3140a; stroke-width: 2.4 } .process .missed > .head { fill: #b3140a }
.process .missed > text { fill: #8c0f07; font-weight: bold }
.process .crack-of-step.covered > .mark { fill: #c9ebc9 }
.process .crack-of-step.missed > .mark { fill: #ffc4bc; stroke: #b3140a; stroke-dasharray: 3 2 }
@media print { body { margin: 0 } * { -webkit-print-color-adjust: exact; print-color-adjust: exact } svg.process { width: 100%; height: auto } section { break-after: page } }
";

fn section(covered: &Covered<'_>) -> Markup {
    let (done, total) = covered.total();
    let scenarios = counted(covered.scenarios.len() as u64, "scenario");
    let drawing = svg(covered.process, |id| covered.marks.get(id).map(|mark| mark.class()));
    html! {
        section {
            h1 { (covered.title()) }
            p { strong { (of(done, total)) } " covered by " (scenarios) }
            (kinds(covered, (done, total)))
            p.key {
                span.covered { "covered" } span.partly { "partly: something of the step is missed" } span.missed { "missed" }
                "Broken lines are cracks."
            }
            div.drawing { (PreEscaped(drawing)) }
            h2 { "Cracks no test enters" }
            @if covered.cracks.is_empty() { p { "None." } } @else { ul { @for crack in &covered.cracks { li { (crack) } } } }
            @if !covered.missed.is_empty() {
                h2 { "Missed" }
                table {
                    tr { th { "what" } th { "" } th { "at" } }
                    @for missed in &covered.missed { tr { td { (missed.kind) } td { (missed.name) } td { (missed.place) } } }
                }
            }
            @if !covered.scenarios.is_empty() {
                h2 { "Scenarios" }
                table {
                    tr { th { "scenario" } th.figure { "covers" } th.figure { "share" } }
                    @for (name, covers) in &covered.scenarios {
                        tr { td { (name) } td.figure { (count(*covers as u64)) } td.figure { (of(*covers, total)) } }
                    }
                }
            }
        }
    }
}

fn kinds(covered: &Covered<'_>, (done, total): (usize, usize)) -> Markup {
    let all = [("all", done, total)];
    let rows = covered.kinds.iter().filter(|(_, _, total)| *total > 0).chain(&all);
    html! {
        table {
            tr { th { "" } th.figure { "covered" } th.figure { "of" } th.figure { "share" } }
            @for (kind, done, total) in rows {
                tr { td { (kind) } td.figure { (count(*done as u64)) } td.figure { (count(*total as u64)) } td.figure { (of(*done, *total)) } }
            }
        }
    }
}
