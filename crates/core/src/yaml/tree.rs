//! Holds a file as a tree with places: raw text, never guessed types, and nothing that YAML could do behind one's back.
//!
//! Aliases share what they repeat, so that a small file cannot become a large tree; what they repeat counts against the
//! same budget as if it were written out.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle, Tag};
use indexmap::IndexMap;
use indexmap::map::Entry as Slot;

use super::findings::{Findings, excerpt};
use super::syntax;
use crate::diagnostic::{Code, Path, Place, Problem, Segment};

/// Mappings and lists nest this deep at the most.
pub(super) const DEEPEST: usize = 64;

/// What a file may hold once its aliases are written out, in keys and values; sixteen bytes of text count as one more.
const BUDGET: usize = 1_000_000;

/// A key has so many bytes at the most.
const LONGEST_KEY: usize = 1024;

/// A value of the file.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Where it begins; for an alias, where the alias stands.
    pub place: Place,
    /// What it is.
    pub content: Content,
    height: usize,
    weight: usize,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// Nothing was written.
    Missing,
    /// Text, raw as it stands in the file, and whether it stood in quotes or in a block.
    Scalar { text: Arc<str>, quoted: bool },
    /// A list.
    Sequence(Arc<Vec<Node>>),
    /// Keys and values in the order of the file.
    Mapping(Arc<IndexMap<String, Entry>>),
    /// Something of which a problem has already been reported.
    Damaged,
}

/// A value under a key.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Where the key stands.
    pub key: Place,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The place to show for this value: its own if it stands on one line, that of its key if it is a block.
    pub fn shown_at(&self, key: Option<Place>) -> Place {
        match self.content {
            Content::Scalar { .. } | Content::Damaged => self.place,
            Content::Missing | Content::Sequence(_) | Content::Mapping(_) => key.unwrap_or(self.place),
        }
    }
}

/// The tree of the only document in a text. `None` when there is nothing to go on with; then there is a problem.
pub(super) fn build(text: &str, findings: &Findings) -> Option<Node> {
    let mut builder =
        Builder { text, findings, open: Vec::new(), anchors: HashMap::new(), root: None, weight: 0, documents: 0 };
    match builder.run() {
        Ok(()) => builder.root,
        Err(fatal) => {
            findings.report(*fatal);
            None
        }
    }
}

struct Builder<'a> {
    text: &'a str,
    findings: &'a Findings,
    /// The collections that have begun and not ended, outermost first.
    open: Vec<Frame>,
    /// Complete values that an alias may repeat.
    anchors: HashMap<usize, Node>,
    root: Option<Node>,
    weight: usize,
    documents: usize,
}

struct Frame {
    place: Place,
    anchor: usize,
    height: usize,
    weight: usize,
    growing: Growing,
}

enum Growing {
    Sequence(Vec<Node>),
    Mapping { flow: bool, entries: IndexMap<String, Entry>, key: Option<Key>, cut: Vec<usize> },
}

/// A key whose value has not come yet.
enum Key {
    Good {
        text: String,
        place: Place,
    },
    /// Reported; the value is read and dropped.
    Bad,
}

/// A problem after which the tree cannot be trusted.
type Fatal = Box<Problem>;

impl Builder<'_> {
    fn run(&mut self) -> Result<(), Fatal> {
        let mut options = granit_parser::options! {
            emit_unresolved_aliases: true,
            flow_nesting_limit: DEEPEST,
            block_nesting_limit: DEEPEST,
        };
        options.set_emit_comments(false);
        for event in Parser::new_from_str_with_options(self.text, options) {
            let (event, span) = event.map_err(|error| Box::new(syntax::problem(&error, self.text, self.path())))?;
            if matches!(event, Event::DocumentStart(..)) {
                self.documents += 1;
            }
            if self.documents > 1 {
                let problem =
                    self.problem(Code::SeveralDocuments, place(span, self.text), "a second document begins here");
                self.findings
                    .report(problem.help("a file holds one process definition; put the other in a file of its own"));
                return Ok(());
            }
            self.event(event, span)?;
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Fatal> {
        let at = place(span, self.text);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                // A tag is reported, and what was meant is read all the same, so that nothing else is said of it.
                let content = match self.tagged(tag.as_deref(), span) {
                    Some(meant) => Content::Scalar { text: meant.into(), quoted: true },
                    None => scalar(&text, style, span),
                };
                self.complete(Node { place: at, content, height: 0, weight: 1 + text.len() / 16 }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.tagged(tag.as_deref(), span);
                self.begin(at, anchor, Growing::Sequence(Vec::new()))
            }
            Event::MappingStart(style, anchor, tag) => {
                self.tagged(tag.as_deref(), span);
                let flow = style == StructureStyle::Flow;
                self.begin(at, anchor, Growing::Mapping { flow, entries: IndexMap::new(), key: None, cut: Vec::new() })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::UnresolvedAlias(name) => {
                let message = format!("`*{0}` repeats something, but no `&{0}` stands before it", excerpt(&name));
                self.findings
                    .report(self.problem(Code::NotYaml, at, message).help("if it is meant as text, put it in quotes"));
                self.complete(damaged(at), 0)
            }
            _ => Ok(()),
        }
    }

    /// Reports a tag, if there is one; gives it with what follows, as one text.
    fn tagged(&self, tag: Option<&Tag>, span: Span) -> Option<String> {
        let tag = tag?;
        let at = span.tag_span().unwrap_or(span);
        let written = at.slice(self.text).map_or_else(|| tag.original(), str::to_owned);
        // The tag and the text after it are what was meant as one value.
        let whole = granit_parser::Span::new(at.start, span.end).slice(self.text).map(str::trim_end);
        let whole = whole.filter(|whole| whole.len() > written.len() && !whole.contains('\n')).unwrap_or(&written);
        let quote = if whole.contains('"') { '\'' } else { '"' };
        let message = format!("`{}` is a YAML tag, which has no meaning here", excerpt(&written));
        let help = format!("if it is an expression, put all of it in quotes: {quote}{}{quote}", excerpt(whole));
        self.findings.report(self.problem(Code::ExplicitTag, place(at, self.text), message).help(help));
        Some(whole.to_owned())
    }

    fn begin(&mut self, place: Place, anchor: usize, growing: Growing) -> Result<(), Fatal> {
        if self.open.len() >= DEEPEST {
            return Err(Box::new(Problem { place: Some(place), ..too_deep(self.path()) }));
        }
        self.spend(1, place)?;
        self.open.push(Frame { place, anchor, height: 0, weight: 1, growing });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fatal> {
        let Some(frame) = self.open.pop() else { return Ok(()) };
        let content = match frame.growing {
            Growing::Sequence(list) => Content::Sequence(Arc::new(list)),
            Growing::Mapping { entries, cut, .. } => {
                self.report_cut(&entries, &cut);
                Content::Mapping(Arc::new(entries))
            }
        };
        let node = Node { place: frame.place, content, height: frame.height + 1, weight: frame.weight };
        self.attach(node, frame.anchor);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, at: Place) -> Result<(), Fatal> {
        let Some(target) = self.anchors.get(&anchor) else {
            let problem = self.problem(Code::NotYaml, at, "this alias repeats the very block in which it stands");
            self.findings.report(problem.help("write out what is meant"));
            return self.complete(damaged(at), 0);
        };
        let node = Node { place: at, ..target.clone() };
        if self.open.len() + node.height > DEEPEST {
            return Err(Box::new(Problem { place: Some(at), ..too_deep(self.path()) }));
        }
        self.complete(node, 0)
    }

    fn complete(&mut self, node: Node, anchor: usize) -> Result<(), Fatal> {
        self.spend(node.weight, node.place)?;
        self.attach(node, anchor);
        Ok(())
    }

    fn spend(&mut self, weight: usize, at: Place) -> Result<(), Fatal> {
        self.weight += weight;
        if self.weight <= BUDGET {
            return Ok(());
        }
        let message = format!("the file holds more than {BUDGET} keys and values, aliases written out");
        let help = "split it into several processes, or repeat less with aliases";
        Err(Box::new(self.problem(Code::TooLarge, at, message).help(help)))
    }

    /// Puts a complete value where it belongs: it is the root, or an element, or a key, or the value of the last key.
    fn attach(&mut self, node: Node, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        frame.height = frame.height.max(node.height);
        frame.weight += node.weight;
        let found = match &mut frame.growing {
            Growing::Sequence(list) => {
                list.push(node);
                Ok(())
            }
            Growing::Mapping { flow, entries, key, cut } => match key.take() {
                None => {
                    let read = read_key(node);
                    let found = read.as_ref().err().cloned();
                    *key = Some(read.unwrap_or(Key::Bad));
                    found.map_or(Ok(()), Err)
                }
                Some(Key::Bad) => Ok(()),
                Some(Key::Good { text, .. }) if *flow && joins_cut(entries, &text, &node, cut) => Ok(()),
                Some(Key::Good { text, place }) => insert(entries, text, Entry { key: place, value: node }),
            },
        };
        if let Err(mut problem) = found {
            let around = self.path();
            let paths = problem.related.iter_mut().map(|related| &mut related.path).chain([&mut problem.path]);
            paths.for_each(|path| path.0.splice(0..0, around.0.iter().cloned()).for_each(drop));
            self.findings.report(*problem);
        }
    }

    /// A value inside braces that contained a comma has been joined again; one report says so.
    fn report_cut(&self, entries: &IndexMap<String, Entry>, cut: &[usize]) {
        for (key, entry) in cut.iter().filter_map(|index| entries.get_index(*index)) {
            let Content::Scalar { text, .. } = &entry.value.content else { continue };
            let quote = if text.contains('"') { '\'' } else { '"' };
            let problem =
                Problem::error(Code::AmbiguousScalar, self.path().key(key), "inside braces a comma ends the value");
            let help = format!("put it in quotes: {quote}{}{quote}", excerpt(text));
            self.findings.report(Problem { place: Some(entry.value.place), ..problem.help(help) });
        }
    }

    fn problem(&self, code: Code, place: Place, message: impl Into<String>) -> Problem {
        Problem { place: Some(place), ..Problem::error(code, self.path(), message) }
    }

    /// Where in the definition the parser stands.
    fn path(&self) -> Path {
        let segment = |frame: &Frame| match &frame.growing {
            Growing::Sequence(list) => Some(Segment::Index(list.len())),
            Growing::Mapping { key: Some(Key::Good { text, .. }), .. } => Some(Segment::Key(text.clone())),
            Growing::Mapping { .. } => None,
        };
        Path(self.open.iter().map_while(segment).collect())
    }
}

fn read_key(node: Node) -> Result<Key, Box<Problem>> {
    let refuse = |code, message: &str, help: &str| {
        let problem = Problem::error(code, Path::default(), message).help(help);
        Err(Box::new(Problem { place: Some(node.place), ..problem }))
    };
    match &node.content {
        Content::Scalar { text, quoted: false } if &**text == "<<" => {
            refuse(Code::UnknownKey, "merge keys (`<<`) are not supported", "write out the keys that are meant")
        }
        Content::Scalar { text, .. } if text.len() > LONGEST_KEY => {
            refuse(Code::TooLarge, "a key is longer than 1024 bytes", "is a quote or a `:` missing?")
        }
        Content::Scalar { text, .. } => Ok(Key::Good { text: text.as_ref().to_owned(), place: node.place }),
        Content::Damaged => Ok(Key::Bad),
        Content::Missing => refuse(Code::WrongType, "a key is missing before this `:`", "write `key: value`"),
        Content::Sequence(_) | Content::Mapping(_) => refuse(
            Code::WrongType,
            "a key must be text, found a block",
            "if it begins with a bracket, put it in quotes",
        ),
    }
}

fn insert(entries: &mut IndexMap<String, Entry>, key: String, entry: Entry) -> Result<(), Box<Problem>> {
    match entries.entry(key) {
        Slot::Vacant(slot) => {
            slot.insert(entry);
            Ok(())
        }
        Slot::Occupied(first) => {
            let message = format!("the key `{}` stands twice in one mapping", excerpt(first.key()));
            let at = Path::root(first.key());
            let problem = Problem::error(Code::DuplicateKey, at.clone(), message);
            let problem = problem.related_at("first here", at, first.get().key).help(match first.key().as_str() {
                "next" => "a step has one successor; to go on in two ways at once, lead to a `fork`",
                _ => "keep one of the two, or rename one",
            });
            Err(Box::new(Problem { place: Some(entry.key), ..problem }))
        }
    }
}

/// `{ takes: lognormal(6 min, cv 0.7) }` is three things to YAML: a key, half a value, and a key without a value.
/// Puts the halves together again, so that one slip of the pen is one problem.
fn joins_cut(entries: &mut IndexMap<String, Entry>, piece: &str, value: &Node, cut: &mut Vec<usize>) -> bool {
    let (Some(index), true) = (entries.len().checked_sub(1), matches!(value.content, Content::Missing)) else {
        return false;
    };
    let Some((_, last)) = entries.get_index_mut(index) else { return false };
    let already = cut.last() == Some(&index);
    match &mut last.value.content {
        Content::Scalar { text, quoted }
            if (!*quoted || already) && open_parentheses(text) && text.len() <= LONGEST_KEY =>
        {
            *text = format!("{text}, {piece}").into();
            *quoted = true;
            if !already {
                cut.push(index);
            }
            true
        }
        _ => false,
    }
}

fn open_parentheses(text: &str) -> bool {
    let count = |wanted| text.bytes().filter(|byte| *byte == wanted).count();
    count(b'(') > count(b')')
}

fn scalar(text: &str, style: ScalarStyle, span: Span) -> Content {
    match style {
        // The parser writes `~` for nothing.
        ScalarStyle::Plain if span.start == span.end => Content::Missing,
        ScalarStyle::Plain => Content::Scalar { text: text.into(), quoted: false },
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Content::Scalar { text: text.into(), quoted: true },
        ScalarStyle::Literal | ScalarStyle::Folded => Content::Scalar { text: text.trim_end().into(), quoted: true },
    }
}

fn damaged(place: Place) -> Node {
    Node { place, content: Content::Damaged, height: 0, weight: 1 }
}

/// The problem of too much nesting, without a place.
pub(super) fn too_deep(path: Path) -> Problem {
    let message = format!("mappings and lists are nested more than {DEEPEST} deep");
    Problem::error(Code::TooLarge, path, message).help("no definition needs so much; is a bracket or brace missing?")
}

/// The place of a span; of a span over several lines, what stands in the first.
fn place(span: Span, text: &str) -> Place {
    let (start, end) = (span.start, span.end);
    let length = if start.line() == end.line() {
        end.col().saturating_sub(start.col())
    } else {
        let rest = start.byte_offset().and_then(|from| text.get(from..)).unwrap_or_default();
        rest.chars().take_while(|c| *c != '\n' && *c != '\r').count()
    };
    Place { line: start.line().max(1) as u32, column: start.col() as u32 + 1, length: length.max(1) as u32 }
}
