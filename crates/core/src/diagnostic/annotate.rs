//! How problems look drawn by `annotate-snippets`: the spots of one line together, wide characters in their width, colours.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::show::Excerpt;
use super::{Path, Place, Problem, Problems, Severity};

/// Whether a report may use the colours of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// Plain text.
    Never,
    /// Escape sequences that a terminal understands.
    Ansi,
}

/// Excerpts are short already; nothing more is cut off to make room for a label.
const NEVER_CUT: usize = 10_000;

impl Problems {
    /// The report that `Display` gives too, drawn with care for people at a terminal. Ends with a line end unless there is
    /// nothing to report.
    pub fn annotated(&self, colours: Colours) -> String {
        let renderer = match colours {
            Colours::Never => Renderer::plain(),
            Colours::Ansi => Renderer::styled(),
        };
        let renderer = renderer.term_width(NEVER_CUT);
        let lines = self.lines();
        let each = self.list.iter().map(|problem| renderer.render(&[self.draw(problem, &lines)]) + "\n");
        each.collect::<Vec<_>>().join("\n")
    }

    fn draw<'a>(&'a self, problem: &'a Problem, lines: &[&str]) -> Group<'a> {
        let level = match problem.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Advice => Level::INFO.with_name("advice"),
        };
        let title = level.primary_title(&problem.message).id(problem.code.as_str());
        let mut group = Group::with_title(title);
        for row in self.rows(problem, lines) {
            group = row.add_to(group, self.source.as_ref().map(|source| source.file.as_str()));
        }
        if let Some(story) = problem.story_in_short() {
            group = group.element(Level::NOTE.with_name("story").message(story.join("\n")));
        }
        match &problem.help {
            Some(help) => group.element(Level::HELP.message(help)),
            None => group,
        }
    }

    /// The places of a problem by the excerpt that shows them, the main one first.
    fn rows<'a>(&self, problem: &'a Problem, lines: &[&str]) -> Vec<Row<'a>> {
        let main = Spot { kind: AnnotationKind::Primary, path: &problem.path, place: problem.place, label: None };
        let related = problem.related.iter().map(|related| Spot {
            kind: AnnotationKind::Context,
            path: &related.path,
            place: related.place,
            label: Some(&related.label),
        });
        let mut rows: Vec<Row> = Vec::new();
        for spot in std::iter::once(main).chain(related) {
            match rows.iter_mut().find(|row| row.shows(&spot)) {
                Some(row) => row.spots.push(spot),
                None => {
                    let excerpt = spot.place.filter(|_| self.source.is_some()).and_then(|at| Excerpt::of(lines, at));
                    rows.push(Row { excerpt, spots: vec![spot] });
                }
            }
        }
        rows
    }
}

/// One place and what is said of it.
struct Spot<'a> {
    kind: AnnotationKind,
    path: &'a Path,
    place: Option<Place>,
    label: Option<&'a str>,
}

/// Places that one excerpt shows; without one, a single place.
struct Row<'a> {
    excerpt: Option<Excerpt>,
    spots: Vec<Spot<'a>>,
}

impl<'a> Row<'a> {
    fn shows(&self, spot: &Spot<'a>) -> bool {
        let (Some(excerpt), Some(place)) = (&self.excerpt, spot.place) else { return false };
        excerpt.bytes(place).is_some()
    }

    fn add_to(self, group: Group<'a>, file: Option<&'a str>) -> Group<'a> {
        let Some(first) = self.spots.first() else { return group };
        let origin = match (file, first.place) {
            (Some(file), Some(at)) => Origin::path(file).line(at.line as usize).char_column(at.column as usize),
            _ if first.path.0.is_empty() => return group,
            _ => Origin::path(first.path.to_string()),
        };
        let (Some(excerpt), Some(at)) = (self.excerpt, first.place) else {
            return group.element(origin).elements(first.label.map(|label| Level::NOTE.message(label)));
        };
        let marks = self.spots.iter().filter_map(|spot| {
            let bytes = excerpt.bytes(spot.place?)?;
            Some(spot.kind.span(bytes).label(spot.label))
        });
        let marks: Vec<_> = marks.collect();
        let snippet = Snippet::source(excerpt.text).line_start(at.line as usize).annotations(marks);
        match excerpt.skipped {
            0 => group.element(snippet.path(file)),
            // The column cannot be counted in what is left of the line.
            _ => group.element(origin).element(snippet),
        }
    }
}
