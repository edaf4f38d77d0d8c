//! How problems look as plain text: the message, the lines of the file with the spots marked, and the remedy.

use std::fmt;
use std::ops::Range;

use super::{Path, Place, Problem, Problems, Severity, visible};

impl Severity {
    /// The word that a report begins with.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        }
    }
}

impl fmt::Display for Problems {
    /// Each problem as `error[code]: message`, its place, the source line with the spot marked, the same for the places
    /// related to it, and the remedy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines();
        for (position, problem) in self.list.iter().enumerate() {
            if position > 0 {
                writeln!(f)?;
            }
            self.show(problem, &lines, f)?;
        }
        Ok(())
    }
}

/// So many sentences of a story are shown from its beginning and from its end.
const SHOWN_OF_STORY: usize = 12;

impl Problem {
    /// The story without its middle where it is long. `None` where there is none.
    pub(super) fn story_in_short(&self) -> Option<Vec<String>> {
        let story = &self.story;
        let left_out = story.len().saturating_sub(2 * SHOWN_OF_STORY);
        let short = match left_out {
            0 | 1 => story.clone(),
            _ => {
                let (begin, end) = (&story[..SHOWN_OF_STORY], &story[story.len() - SHOWN_OF_STORY..]);
                [begin, &[format!("… {left_out} more …")], end].concat()
            }
        };
        Some(short).filter(|story| !story.is_empty())
    }
}

/// What one place of a report looks like.
struct Spot<'a> {
    arrow: &'static str,
    mark: &'static str,
    label: &'a str,
    /// The digits of the greatest line number.
    width: usize,
}

impl Problems {
    /// The lines of the text; none when there is nothing to show of them.
    pub(super) fn lines(&self) -> Vec<&str> {
        let source = self.source.as_ref().filter(|_| !self.list.is_empty());
        source.map_or_else(Vec::new, |source| source.text.lines().collect())
    }

    fn show(&self, problem: &Problem, lines: &[&str], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}[{}]: {}", problem.severity.as_str(), problem.code, problem.message)?;
        let places = problem.related.iter().map(|related| related.place).chain([problem.place]);
        let width = places.flatten().map(|place| place.line.to_string().len()).max().unwrap_or(0);
        self.spot(Spot { arrow: "-->", mark: "^", label: "", width }, &problem.path, problem.place, lines, f)?;
        for related in &problem.related {
            let spot = Spot { arrow: ":::", mark: "-", label: &related.label, width };
            self.spot(spot, &related.path, related.place, lines, f)?;
        }
        if let Some(story) = problem.story_in_short() {
            writeln!(f, "  story: {}", story.join("\n         "))?;
        }
        match &problem.help {
            Some(help) => writeln!(f, "  help: {help}"),
            None => Ok(()),
        }
    }

    fn spot(
        &self,
        Spot { arrow, mark, label, width }: Spot<'_>,
        path: &Path,
        place: Option<Place>,
        lines: &[&str],
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let (space, colon) = if label.is_empty() { ("", "") } else { (" ", ": ") };
        let (Some(source), Some(place)) = (&self.source, place) else {
            return match path.0.is_empty() {
                true => Ok(()),
                false => writeln!(f, "  {arrow} {path}{colon}{label}"),
            };
        };
        let at = format!("  {arrow} {}:{}:{}", source.file, place.line, place.column);
        let excerpt = Excerpt::of(lines, place);
        let Some((excerpt, marked)) = excerpt.and_then(|excerpt| {
            let marked = excerpt.characters(place)?;
            Some((excerpt, marked))
        }) else {
            return writeln!(f, "{at}{colon}{label}");
        };
        let (number, gutter) = (format!("{:>width$}", place.line), " ".repeat(width));
        let marks = format!("{}{}", " ".repeat(marked.start), mark.repeat(marked.len()));
        writeln!(f, "{at}\n{gutter} |\n{number} | {}\n{gutter} | {marks}{space}{label}", excerpt.text)
    }
}

/// So many characters of a line are shown around the spot, so that a hostile file cannot flood the screen.
const SHOWN_WIDTH: usize = 120;

/// A line of more bytes than this was not written by a person and is not shown.
const LONGEST_SHOWN: usize = 65_536;

/// What is shown of a line of the file.
pub(super) struct Excerpt {
    /// The part of the line around a spot.
    pub text: String,
    line: u32,
    /// How many characters of the line stand before it.
    pub skipped: usize,
}

impl Excerpt {
    /// The part of a line around a place; `None` when there is no such line or nobody could read it.
    pub fn of(lines: &[&str], place: Place) -> Option<Excerpt> {
        let line = lines.get((place.line as usize).checked_sub(1)?).filter(|line| line.len() <= LONGEST_SHOWN)?;
        let needless = line.chars().count().saturating_sub(SHOWN_WIDTH);
        let skipped = (place.column as usize).saturating_sub(1 + SHOWN_WIDTH / 2).min(needless);
        let text = line.chars().skip(skipped).take(SHOWN_WIDTH).map(visible).collect();
        Some(Excerpt { text, line: place.line, skipped })
    }

    /// Which characters of the text a place means: at least one, even at the end of the line. `None` when it is elsewhere.
    fn characters(&self, place: Place) -> Option<Range<usize>> {
        let from = (place.column as usize).checked_sub(1 + self.skipped)?;
        let rest = self.text.chars().count().checked_sub(from)?;
        (place.line == self.line).then(|| from..from + (place.length as usize).clamp(1, rest.max(1)))
    }

    /// The same in bytes. Empty at the end of the line.
    #[cfg(feature = "annotate")]
    pub fn bytes(&self, place: Place) -> Option<Range<usize>> {
        let Range { start, end } = self.characters(place)?;
        let bytes = |at| self.text.char_indices().nth(at).map_or(self.text.len(), |(at, _)| at);
        Some(bytes(start)..bytes(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Source};

    #[test]
    fn a_problem_shows_its_line_what_is_related_to_it_and_its_remedy() {
        let problem = Problem::error(Code::UnknownStep, Path::root("start"), "there is no step `cal`");
        let place = |line, column| Place { line, column, length: 3 };
        let steps = Path::root("steps");
        let problem = problem.related("all steps", steps.clone()).related_at("the first", steps, place(3, 3));
        let mut problems = Problems {
            source: Some(Source { file: "sales.yaml".into(), text: "start: cal\nsteps:\n  call: {}".into() }),
            list: vec![Problem { place: Some(place(1, 8)), ..problem.help("did you mean `call`?") }],
        };
        insta::assert_snapshot!(problems, @r"
        error[unknown-step]: there is no step `cal`
          --> sales.yaml:1:8
          |
        1 | start: cal
          |        ^^^
          ::: steps: all steps
          ::: sales.yaml:3:3
          |
        3 |   call: {}
          |   --- the first
          help: did you mean `call`?
        ");
        problems.source = None;
        insta::assert_snapshot!(problems, @r"
        error[unknown-step]: there is no step `cal`
          --> start
          ::: steps: all steps
          ::: steps: the first
          help: did you mean `call`?
        ");
    }
}
