//! Reads a process definition from a YAML file: strictly, all problems at once, each with its place.
//!
//! YAML is read as text: nothing is guessed from how a value looks, so `0.10` stays `0.10`, and where other YAML readers
//! would take a word for something else than it says (`NO`, `null`), quotes are asked for.
//!
//! ```
//! let file = "process: hello\nversion: 0.10\nstart: done\nsteps:\n  done: { end: {} }\n";
//! let reading = grieta_core::yaml::read("hello.yaml", file.as_bytes());
//! assert!(reading.problems.is_empty());
//! assert_eq!(reading.definition.unwrap().version, "0.10");
//! ```

pub mod decode;
mod examples;
mod excuses;
mod findings;
mod format;
mod insert;
mod layout;
mod leaves;
mod overlay;
pub mod parts;
mod quote;
mod reader;
mod replace;
mod syntax;
mod tree;
mod write;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::definition::{Definition, Rule};
use crate::diagnostic::{Code, Path, Place, Problem, Problems, Segment, Source};
use decode::{Examples, Value};
use findings::{BEGINNING, Findings};
use tree::{Content, Node};

pub use format::format;
pub(crate) use leaves::{Leaf, leaves};
pub use overlay::overlay;
pub use write::{to_line, to_text};

/// A file of more bytes than this is refused unread.
pub const LARGEST_FILE: usize = 8 * 1024 * 1024;

/// What reading a file gave.
#[derive(Debug)]
pub struct Reading {
    /// What could be read. `None` when the file is no YAML mapping at all. Where there are problems, the parts that have
    /// them are left out, but what was declared keeps its name, so that references to it hold; a required text that is
    /// missing is empty.
    pub definition: Option<Definition>,
    /// What is wrong, in the order of the file.
    pub problems: Problems,
    /// The steps of which something may have been left out because of a problem in them. What is there can be trusted;
    /// what seems to be missing in them, or to be reached from nowhere but them, may be there in the file. A step of
    /// which not even the kind could be read is an `end`.
    pub damaged: HashSet<String>,
    /// The same for data fields. One whose type could not be read is a `text`.
    pub damaged_fields: HashSet<String>,
    root: Option<Node>,
}

/// Reads a definition; `file` is the name to show in problems.
///
/// Never fails: what is wrong is in [`Reading::problems`]. Whether references lead somewhere, and whether the whole makes
/// sense, is not decided here.
pub fn read(file: &str, bytes: &[u8]) -> Reading {
    let examples = Examples { of_key: examples::example, of_mapping: examples::mapping };
    let findings = Findings::with(examples);
    let text = decoded(bytes, &findings);
    let root = text.as_ref().ok().and_then(|text| tree::build(text, &findings));
    let definition = root.as_ref().and_then(|root| match root.content {
        Content::Missing => None,
        _ => reader::definition(Value::root(root, &findings)),
    });
    let empty = matches!(root.as_ref().map(|root| &root.content), None | Some(Content::Missing));
    let summary = findings.finish();
    let mut problems = summary.problems;
    if empty && problems.is_empty() {
        let problem = Problem::error(Code::Empty, Path::default(), "there is no process definition in this file");
        let problem = problem.help("begin with `process: name`, `version: 1.0.0`, `start: step` and `steps:`");
        problems.push(Problem { place: Some(BEGINNING), ..problem });
    }
    let (Ok(text) | Err(text)) = text;
    let source = Some(Source { file: file.to_owned(), text: text.into() });
    Reading {
        definition,
        problems: Problems { source, list: problems },
        damaged: summary.steps,
        damaged_fields: summary.fields,
        root,
    }
}

/// Reads one rule, as it stands in a definition: `{ precedence: [approve, pay] }`, with or without the braces. Whether there
/// are such steps is not decided here.
///
/// ```
/// let rule = grieta_core::yaml::rule("precedence: [approve, pay]").expect("a rule");
/// assert_eq!((rule.key(), rule.steps()), ("precedence", &["approve".to_owned(), "pay".to_owned()][..]));
/// ```
///
/// # Errors
/// Everything that is wrong with it.
pub fn rule(text: &str) -> Result<Rule, Problems> {
    let examples = Examples { of_key: examples::example, of_mapping: examples::mapping };
    let (rule, mut problems) = decode::document("rule", text.as_bytes(), examples, reader::rule);
    match rule {
        Some(rule) if problems.is_empty() => Ok(rule),
        _ if problems.is_empty() => {
            let problem = Problem::error(Code::Empty, Path::default(), "there is no rule in this text");
            problems.list.push(problem.help("write one as in `precedence: [approve, pay]`"));
            Err(problems)
        }
        _ => Err(problems),
    }
}

impl Reading {
    /// Gives a problem that has a path but no place the place of what the path leads to, or else of the nearest thing
    /// around it: of a scalar, where it stands; of a mapping or list, where its key stands. The same for what is related.
    pub fn locate(&self, problem: &mut Problem) {
        if let Some(root) = &self.root {
            give_place(root, problem);
        }
    }
}

fn give_place(root: &Node, problem: &mut Problem) {
    problem.place = problem.place.or_else(|| Some(place(root, &problem.path, problem.range.as_ref())));
    for related in &mut problem.related {
        related.place = related.place.or_else(|| Some(place(root, &related.path, None)));
    }
}

impl Reading {
    /// Where in the file stands what a path leads to, or else the nearest thing around it; with a range, which characters of
    /// its text. As [`Reading::locate`] otherwise. `None` when the file is no YAML.
    pub fn place_of(&self, path: &Path, range: Option<&Range<usize>>) -> Option<Place> {
        self.root.as_ref().map(|root| place(root, path, range))
    }
}

impl Reading {
    /// What was found in the definition after reading, each problem with its place.
    #[must_use]
    pub fn located(&self, mut found: Problems) -> Problems {
        found.list.iter_mut().for_each(|problem| self.locate(problem));
        Problems { source: self.problems.source.clone(), list: found.list }
    }

    /// The problems of reading together with those of the checks, in the order of the file. What the checks miss only
    /// because reading left it out is not held against the file.
    pub(crate) fn join(self, found: Problems) -> Problems {
        let mut kept: Vec<Problem> = found.list.into_iter().filter(|problem| !self.excuses(problem)).collect();
        kept.iter_mut().for_each(|problem| self.locate(problem));
        let Problems { source, mut list } = self.problems;
        list.extend(kept);
        list.sort_by_key(|problem| problem.place);
        Problems { source, list }
    }
}

fn place(root: &Node, path: &Path, range: Option<&Range<usize>>) -> Place {
    let (mut node, mut key) = (root, None);
    for segment in &path.0 {
        (node, key) = match (segment, &node.content) {
            (Segment::Name(name), Content::Mapping(entries)) => match entries.get(name) {
                Some(entry) => return entry.key,
                None => break,
            },
            (Segment::Key(name), Content::Mapping(entries)) => {
                match entries.get(name).or_else(|| entries.get(synonym(name)?)) {
                    Some(entry) => (&entry.value, Some(entry.key)),
                    None => break,
                }
            }
            (Segment::Index(index), Content::Sequence(list)) => match list.get(*index) {
                Some(element) => (element, None),
                None => break,
            },
            _ => break,
        };
    }
    match (range, &node.content) {
        (Some(range), Content::Scalar { text, .. }) => within(node.shown_at(key), text, range),
        _ => node.shown_at(key),
    }
}

/// The part of a scalar's place that a range of its characters takes, where they stand in the file as they were read.
fn within(place: Place, text: &str, range: &Range<usize>) -> Place {
    let quotes = (place.length as usize).checked_sub(text.chars().count());
    match quotes {
        Some(quotes @ (0 | 2)) => {
            let column = place.column + (range.start + quotes / 2) as u32;
            Place { column, length: (range.len() as u32).max(1), ..place }
        }
        _ => place,
    }
}

/// Where the file has another word than the definition.
fn synonym(key: &str) -> Option<&'static str> {
    match key {
        "sets" => Some("assign"),
        "to" => Some("otherwise"),
        _ => None,
    }
}

/// The text of a file without byte order mark and with plain line ends, or else as much of it as can be shown.
fn decoded(bytes: &[u8], findings: &Findings) -> Result<String, String> {
    let fail = |code, place, message: String, help: &str| {
        findings.report(Problem { place: Some(place), ..Problem::error(code, Path::default(), message).help(help) });
    };
    if bytes.len() > LARGEST_FILE {
        let message = format!("the file has {} bytes; at most {LARGEST_FILE} are read", bytes.len());
        fail(
            Code::TooLarge,
            BEGINNING,
            message,
            "is this the right file? A definition of 10,000 steps has about a megabyte",
        );
        return Err(String::new());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(plain_line_ends(text).into_owned()),
        Err(error) => {
            let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let (line, column) =
                good.split('\n').fold((0, 0), |(lines, _), line| (lines + 1, line.chars().count() as u32 + 1));
            let message = format!("byte {} of the file is not UTF-8 text", error.valid_up_to());
            fail(Code::NotUtf8, Place { line, column, length: 1 }, message, "save the file with the encoding UTF-8");
            Err(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

/// YAML ends a line at a lone carriage return too. Nobody else does, so it becomes a line feed and places stay the same
/// for all.
fn plain_line_ends(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let lone = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    if !(0..bytes.len()).any(lone) {
        return Cow::Borrowed(text);
    }
    let follows = text.chars().skip(1).map(Some).chain([None]);
    Cow::Owned(
        text.chars().zip(follows).map(|(c, next)| if c == '\r' && next != Some('\n') { '\n' } else { c }).collect(),
    )
}
