//! Lays a file out anew: the same keys in the same order, every comment where it belongs, one form.
//!
//! What its author wrote on one line stays on one if there is room; quotes, columns, anchors and aliases stay as they are.

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, StructureStyle};

use super::findings::Findings;
use super::layout::{self, Collection, Comment, Entry, Line, Style, Value};
use super::{LARGEST_FILE, decoded, quote, tree};
use crate::diagnostic::{Problems, Source};

/// A definition file in the form that `grieta fmt` gives it; `file` is the name to show in problems.
///
/// Formatting changes no meaning, loses no comment, and changes nothing the second time.
///
/// ```
/// let file = "process: hello   # greets\nversion: 1\nstart: done\nsteps: {done:   {end: {}}}\n";
/// let formatted = grieta_core::yaml::format("hello.yaml", file.as_bytes()).unwrap();
/// assert_eq!(formatted, file.replace("{done:   {end: {}}}", "{ done: { end: {} } }"));
/// ```
///
/// # Errors
/// What is wrong with the file as YAML. Whether it says something as a definition does not matter.
pub fn format(file: &str, bytes: &[u8]) -> Result<String, Problems> {
    let findings = Findings::default();
    let text = decoded(bytes, &findings);
    let good = text.as_ref().ok().filter(|text| tree::build(text, &findings).is_some());
    let problems = findings.finish().problems;
    let page = good.filter(|_| problems.is_empty()).map(|text| laid_out(text));
    let (Ok(text) | Err(text)) = text;
    page.unwrap_or(Some(text.clone()))
        .filter(|_| problems.is_empty())
        .ok_or_else(|| Problems { source: Some(Source { file: file.to_owned(), text: text.into() }), list: problems })
}

/// The text in its form. `None` when it is no YAML, or has nothing in it that could be laid out.
fn laid_out(text: &str) -> Option<String> {
    let mut unix = text.replace("\r\n", "\n");
    let windows = unix.len() < text.len();
    if !unix.ends_with('\n') {
        unix.push('\n');
    }
    let mut page =
        Page { text: &unix, lines: unix.split('\n').collect(), comments: Vec::new(), open: Vec::new(), root: None };
    page.read()?;
    let Page { comments, root, .. } = page;
    let Some(mut root) = root.filter(|root| !root.entries.is_empty()) else { return Some(text.to_owned()) };
    root.flow = false;
    for remark in comments {
        if let Some(homeless) = attach(&mut root, remark) {
            root.tail.extend(homeless.lines());
        }
    }
    let page = layout::page(&root, Style::Kept);
    Some(if windows { page.replace('\n', "\r\n") } else { page })
}

/// A comment of the file.
struct Remark {
    at: usize,
    comment: Comment,
    /// Whether nothing but it is in its line.
    alone: bool,
    /// Whether the line before is empty.
    blank: bool,
}

impl Remark {
    /// The comment as lines of its own.
    fn lines(self) -> impl Iterator<Item = Line> {
        let blank = (self.blank && self.alone).then_some(Line::Blank);
        blank.into_iter().chain([Line::Comment(self.comment.text)])
    }
}

/// A list or mapping that has begun and not ended.
struct Frame {
    collection: Collection,
    map: bool,
    key: Option<(String, usize, Span)>,
    at: usize,
    span: Span,
    anchor: Option<(usize, String)>,
}

struct Page<'a> {
    text: &'a str,
    lines: Vec<&'a str>,
    comments: Vec<Remark>,
    open: Vec<Frame>,
    root: Option<Collection>,
}

impl Page<'_> {
    fn read(&mut self) -> Option<()> {
        let mut options = granit_parser::options! {
            emit_anchor_events: true,
            flow_nesting_limit: tree::DEEPEST,
            block_nesting_limit: tree::DEEPEST,
            max_buffered_comment_events: LARGEST_FILE,
        };
        options.set_emit_comments(true);
        let mut events = Parser::new_from_str_with_options(self.text, options).peekable();
        while let Some(event) = events.next() {
            let (event, span) = event.ok()?;
            // The anchor of a value comes right after it.
            let anchor = match events.peek() {
                Some(Ok((Event::Anchor(_, name), span))) => Some((span.start.byte_offset()?, format!("&{name}"))),
                _ => None,
            };
            self.event(event, span, anchor)?;
        }
        Some(())
    }

    fn event(&mut self, event: Event<'_>, span: Span, anchor: Option<(usize, String)>) -> Option<()> {
        let at = span.start.byte_offset()?;
        match event {
            Event::Comment(..) => self.comment(span, at)?,
            Event::Scalar(text, style, ..) => {
                let lines = self.scalar(&text, style, span)?;
                if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                    let header = self.header(&text, span.start)?;
                    // The empty lines at the end of a block are no part of what it says.
                    let (text, span) = (text.trim_end(), Span::new(header, span.end));
                    self.value(Value::Written(lines), text, header.byte_offset()?, span, anchor);
                } else {
                    self.value(Value::Written(lines), &text, at, span, anchor);
                }
            }
            Event::Alias(_) => {
                let name = span.slice(self.text)?.to_owned();
                // As a key an alias needs a space before its colon.
                let name = if self.expects_key() { name + " " } else { name };
                self.value(Value::Written(vec![name.clone()]), &name, at, span, None);
            }
            Event::SequenceStart(style, ..) => self.begin(style, false, at, span, anchor),
            Event::MappingStart(style, ..) => self.begin(style, true, at, span, anchor),
            Event::SequenceEnd | Event::MappingEnd => {
                let mut frame = self.open.pop()?;
                frame.collection.end = at;
                let value = if frame.map { Value::Map(frame.collection) } else { Value::List(frame.collection) };
                self.value(value, "", frame.at, frame.span, frame.anchor);
            }
            _ => {}
        }
        Some(())
    }

    fn begin(&mut self, style: StructureStyle, map: bool, at: usize, span: Span, anchor: Option<(usize, String)>) {
        let flow = style == StructureStyle::Flow;
        let collection = Collection { flow, column: span.start.col(), ..Collection::default() };
        self.open.push(Frame { collection, map, key: None, at, span, anchor });
    }

    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|frame| frame.map && frame.key.is_none())
    }

    /// Puts a value where it belongs: it is the root, an element, a key, or what stands under the last key. `text` is
    /// what it says as a key.
    fn value(&mut self, value: Value, text: &str, at: usize, span: Span, anchor: Option<(usize, String)>) {
        let begins = anchor.as_ref().map_or(at, |(anchor, _)| at.min(*anchor));
        let line = span.start.line();
        let Some(frame) = self.open.last_mut() else {
            self.root = value.collection().cloned();
            return;
        };
        if frame.map && frame.key.is_none() {
            let written = match &value {
                Value::Written(lines) if is_key(lines) => lines[0].clone(),
                _ => quote::in_quotes(text),
            };
            let written = anchor.map_or(written.clone(), |(_, anchor)| format!("{anchor} {written}"));
            frame.key = Some((written, begins, span));
            return;
        }
        let key = frame.key.take();
        let padded = key.as_ref().is_some_and(|(_, _, key)| {
            key.start.line() == key.end.line()
                && key.end.line() == line
                && anchor.is_none()
                && self.text.get(key.end.byte_offset().unwrap_or(at)..at).is_some_and(has_column)
        });
        let (at, blank) = match &key {
            Some((_, at, key)) => (*at, blank_before(&self.lines, key.start.line(), *at, self.text)),
            None => (begins, blank_before(&self.lines, line, begins, self.text)),
        };
        let value_at = begins;
        let anchor = anchor.map(|(_, name)| name);
        let entry = Entry { anchor, blank, padded, at, value_at, ..Entry::of(key.map(|(key, ..)| key), value) };
        frame.collection.entries.push(entry);
    }

    fn comment(&mut self, span: Span, at: usize) -> Option<()> {
        let line = self.lines.get(span.start.line().checked_sub(1)?)?;
        let column = span.start.col();
        let before: String = line.chars().take(column).collect();
        // What stands behind nothing but a dash is said of what follows.
        let alone = opens(&before);
        let column = if alone { before.chars().take_while(|c| c.is_whitespace()).count() } else { column };
        let text = span.slice(self.text)?.trim_end().to_owned();
        let blank = blank_before(&self.lines, span.start.line(), at, self.text);
        self.comments.push(Remark { at, comment: Comment { column, text }, alone, blank });
        Some(())
    }

    /// The lines of a scalar as they are written, those after the first without their indentation.
    fn scalar(&self, text: &str, style: ScalarStyle, span: Span) -> Option<Vec<String>> {
        let source = span.slice(self.text)?;
        Some(match style {
            ScalarStyle::Literal | ScalarStyle::Folded => self.block(text, style, span)?,
            _ if !source.contains('\n') => vec![source.to_owned()],
            // The parser lets a comment behind a tab stand among them, as if its line were empty; it is kept elsewhere.
            ScalarStyle::Plain => {
                let lines = source.lines().map(str::trim);
                lines.map(|line| if line.starts_with('#') { "" } else { line }.to_owned()).collect()
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let lines = source.split('\n').enumerate();
                lines
                    .map(|(at, line)| if at == 0 { line } else { line.trim_start_matches([' ', '\t']) }.to_owned())
                    .collect()
            }
        })
    }

    /// Where the header of a block scalar stands. The parser says where the text below it begins; of one without text,
    /// where it ends or, at the end of the file, where the header is.
    fn header(&self, text: &str, start: Marker) -> Option<Marker> {
        let at = start.byte_offset()?;
        let signs = ['|', '>'];
        if text.trim_end().is_empty() && self.text.get(at..)?.starts_with(signs) {
            return Some(start);
        }
        let below = self.text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        let above = self.text.get(..below)?.trim_end();
        let begins = above.rfind('\n').map_or(0, |end| end + 1);
        let empty = self.text.get(above.len()..below)?.matches('\n').count();
        let column = above.get(begins..)?.find(signs)?;
        Some(
            Marker::new(begins + column, start.line().checked_sub(empty)?, column)
                .with_byte_offset(Some(begins + column)),
        )
    }

    /// The header of a block scalar and its lines.
    fn block(&self, text: &str, style: ScalarStyle, span: Span) -> Option<Vec<String>> {
        let sign = if style == ScalarStyle::Literal { "|" } else { ">" };
        if text.trim_end().is_empty() {
            return Some(vec![format!("{sign}-")]);
        }
        // It ends where the line begins after the last one.
        let (first, last) = (span.start.line().checked_sub(1)?, span.end.line().checked_sub(1)?);
        let indent = span.indent.unwrap_or(span.start.col());
        let strip = |line: &&str| line.chars().skip(indent).collect::<String>();
        let mut lines: Vec<String> = self.lines.get(first..last)?.iter().map(strip).collect();
        while lines.last().is_some_and(|line| line.trim().is_empty()) {
            lines.pop();
        }
        let empty = lines.iter().take_while(|line| line.is_empty()).count();
        lines.drain(..empty);
        let leading = text.chars().take_while(|c| *c == '\n').count();
        let deeper = if lines.first().is_some_and(|line| line.starts_with(' ')) { "2" } else { "" };
        let chomp = if text.ends_with('\n') { "" } else { "-" };
        let header = format!("{sign}{deeper}{chomp}");
        Some([header].into_iter().chain(vec![String::new(); leading]).chain(lines).collect())
    }
}

/// Whether a scalar can be a key as it is written: on one line, no block, and nothing that begins a document or a
/// directive where the line begins.
fn is_key(lines: &[String]) -> bool {
    let [line] = lines else { return false };
    !line.starts_with(['|', '>', '%']) && !line.starts_with("---") && !line.starts_with("...")
}

/// Whether more than a space stands behind the colon in what is between a key and its value.
fn has_column(gap: &str) -> bool {
    gap.split_once(':').is_some_and(|(_, gap)| gap.len() > 1)
}

/// Whether what begins there is the first thing in its line, and an empty line comes before it.
fn blank_before(lines: &[&str], line: usize, at: usize, text: &str) -> bool {
    let begins = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let first = text.get(begins..at).is_some_and(opens);
    let before = line.checked_sub(2).and_then(|before| lines.get(before));
    first && before.is_some_and(|line| line.trim().is_empty())
}

/// Whether there is nothing in the beginning of a line but what a value may stand behind in its first line.
fn opens(before: &str) -> bool {
    before.split([' ', '\t']).all(|word| matches!(word, "" | "-" | "?"))
}

/// Gives a comment to what it stands above or beside. Comes back where there is nothing to give it to.
fn attach(block: &mut Collection, remark: Remark) -> Option<Remark> {
    let next = block.entries.partition_point(|entry| entry.at < remark.at);
    let followed = next < block.entries.len();
    let Some(entry) = next.checked_sub(1).and_then(|previous| block.entries.get_mut(previous)) else {
        return match block.entries.first_mut() {
            Some(first) => {
                first.above.extend(remark.lines());
                None
            }
            None => Some(remark),
        };
    };
    let (value_at, column) = (entry.value_at, block.column);
    let remark = match entry.value.collection_mut() {
        Some(inner) if holds(inner, value_at, &remark, followed, column) => match attach(inner, remark) {
            // An empty list or mapping has no place for it.
            Some(remark) => {
                entry.above.extend(remark.lines());
                return None;
            }
            None => return None,
        },
        _ => remark,
    };
    if !remark.alone {
        if let Some(earlier) = entry.beside.replace(remark.comment) {
            entry.above.push(Line::Comment(earlier.text));
        }
    } else if remark.at < entry.value_at {
        entry.above.extend(remark.lines());
    } else if let Some(entry) = block.entries.get_mut(next) {
        entry.above.extend(remark.lines());
    } else {
        block.tail.extend(remark.lines());
    }
    None
}

/// Whether a comment that comes after the key of a list or mapping stands in it.
fn holds(inner: &Collection, begins: usize, remark: &Remark, followed: bool, column: usize) -> bool {
    if inner.flow {
        return (begins..inner.end).contains(&remark.at);
    }
    if !remark.alone {
        return inner.entries.first().is_some_and(|first| first.at < remark.at);
    }
    let deeper = remark.comment.column >= inner.column && (inner.column > column || !followed);
    deeper || last(inner) > remark.at
}

/// Where the last entry begins that is anywhere inside.
fn last(block: &Collection) -> usize {
    block.entries.last().map_or(0, |entry| entry.value.collection().map_or(entry.at, |inner| last(inner).max(entry.at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::tree::{Content, Node};

    /// What a text says, whatever its layout. `None` where it is no YAML.
    fn meaning(text: &str) -> Option<String> {
        fn show(node: &Node) -> String {
            match &node.content {
                Content::Missing => "nothing".to_owned(),
                Content::Scalar { text, quoted } => format!("{text:?} {quoted}"),
                Content::Sequence(list) => format!("{:?}", list.iter().map(show).collect::<Vec<_>>()),
                Content::Mapping(map) => {
                    format!("{:?}", map.iter().map(|(key, entry)| (key, show(&entry.value))).collect::<Vec<_>>())
                }
                Content::Damaged => "damaged".to_owned(),
            }
        }
        let findings = Findings::default();
        let root = tree::build(text, &findings)?;
        findings.finish().problems.is_empty().then(|| show(&root))
    }

    /// What is YAML is laid out so that it says the same, once and for all.
    #[track_caller]
    fn check(text: &str) {
        let Some(before) = meaning(text) else { return };
        let page = format("test", text.as_bytes()).unwrap();
        assert_eq!(meaning(&page), Some(before), "\n{text}\nis laid out as\n{page}");
        assert_eq!(format("test", page.as_bytes()).unwrap(), page, "\n{text}\nchanges again");
    }

    /// Scalars as they are written: plain, in quotes, over several lines, with anchors and comments; `*x` is `v`.
    const SCALARS: &str = "a b¦a:b¦a#b¦-a¦?a¦:a¦---¦--- a¦...¦... a¦%a¦¦~¦<<a¦a\tb¦*x¦&y a¦&y¦? a¦# c\n a¦a # c\n¦\
        a\n b¦a\n\n b¦a\n- b¦a\n? b¦a\n --- b¦a\n... b¦a\n\tb¦&y a\n b¦é\n 😀¦a\n\t# c\n b¦a\n\t# c\n\t# d\nb¦a\n\t# c\n¦\
        ''¦'it''s: #'¦'\t'¦'a\n b'¦'a\n\n  b '¦' a\nb: c\n- d'¦'a\n# b\n'¦'a\n\tb'¦&y 'a\n b'¦? 'a\n b'¦\
        \"\"¦\"a: \\\" #\"¦\"\\x01\"¦\"--- a\"¦\"a\n b\"¦\"a \\\n  \\  b\"¦\"a\n\n\n b\\n\"¦\"\n a\n \"¦\"a\t\n\tb\"";

    /// Scalars that only a block may hold.
    const BLOCKS: &str = "|\n    a¦|\n\n    a\n\n    b¦|-\n    a¦|+\n    a\n\n¦|-\n¦>\n\n¦|  # c\n    a¦|\n    # a\n    b¦\
        |5\n          a\n         b¦|5\n          \n         b¦|\n         \n          a¦|\n    \ta\n    b¦\
        >\n    a\n    b¦>-\n    a\n      b\n    c¦>\n    a\n\n    \tb\n    c¦a, b¦a [b]¦{a¦a}";

    /// What else stands there.
    const OTHERS: &str = "a b¦¦*x¦&y¦'a\n b'¦a # c\n¦|\n    a¦|  # c\n    a¦>\n\n";

    /// Where scalars stand in braces; `M` makes them break.
    const BRACES: &str =
        "{ A : B M}¦{ A: BM}¦{ o: A, B: bM}¦{ o: [ A, BM ]}¦{ o: [ A: BM ]}¦{ \"o\":A, p: { B: b, c: AM} }";

    /// Where they stand in a block.
    const LINES: &str = "k: A\nl: B¦? A\n: B¦A: B¦r:\n  k: A\n  l: B¦r:\n  - A\n  - B¦r:\n  - - A\n    - B¦\
        r:\n  - k: A\n    B: b¦r:\n  ? A\n  : B\n  ? B¦- ? A\n  : B";

    fn each(table: &'static str) -> impl Iterator<Item = &'static str> {
        table.split('¦')
    }

    /// The places for two scalars.
    fn places() -> Vec<String> {
        let more = [String::new(), format!(", z: {}", "z".repeat(130)), ", \n# c\nz: z ".to_owned()];
        let braces = each(BRACES).flat_map(|braces| more.iter().map(move |more| braces.replace('M', more)));
        let around =
            |braces: String| ["", "r: ", "r:\n  - ", "r:\n  - - s\n    - "].map(|lead| format!("{lead}{braces}"));
        braces.flat_map(around).chain(each(LINES).map(str::to_owned)).collect()
    }

    #[test]
    fn scalars_of_every_style_say_the_same_wherever_they_stand() {
        let places = places();
        let mut tried = 0;
        for one in each(SCALARS).chain(each(BLOCKS)) {
            for (one, other) in each(OTHERS).flat_map(|other| [(one, other), (other, one)]) {
                for place in &places {
                    let text = place.replace('A', one).replace('B', other) + "\n";
                    let alias = text.contains('*') && !text.starts_with('{');
                    let text = if alias { format!("v0: &x v\n{text}") } else { text };
                    tried += usize::from(meaning(&text).is_some());
                    check(&text);
                }
            }
        }
        assert!(tried > 10_000, "hardly anything of it is YAML: {tried}");
    }

    #[test]
    fn a_key_that_is_too_long_for_its_line_keeps_its_question_mark() {
        for length in [160, 170, 1000, 1020, 1021, 1022, 1023, 1024, 1025] {
            let (key, escapes) = ("k".repeat(length), "\\x01".repeat(length));
            let keys =
                [&key, &format!("'{key}'"), &format!("&a {key}"), &format!("&{key} k"), &format!("\"{escapes}\"")];
            for key in keys {
                for place in [
                    "{A: b}",
                    "? A\n: b",
                    "r:\n  ? A  # c\n  # d\n  : { b: c }  # e\n  z:  b",
                    "- {? A : [b]}",
                    "? A\n: |\n  b",
                ] {
                    check(&(place.replace('A', key) + "\n"));
                }
            }
        }
    }

    #[test]
    fn comments_behind_dashes_stay_where_they_are_put() {
        check("# a\n\n-   - # b\n      - # c\n      -\n      - # d\n");
        check("- a\n\n- - # b\n    c\n\n  - # d\n    - e\n");
    }

    #[test]
    fn a_comment_in_the_middle_of_a_text_stands_after_it() {
        let page = format("test", b"x: { a: b\n\t# c\n d, e: f }\n").unwrap();
        assert_eq!(page, "x:\n  a: b\n\n    d\n  # c\n  e: f\n");
    }
}
