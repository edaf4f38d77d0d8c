//! Lays values out on a page: block mappings above, flow mappings `{ … }` and lists `[…]` where they are short.

use super::quote;

/// A line has so many characters at the most, where it can be helped.
const WIDTH: usize = 120;

/// A key with its quotes and its anchor has so many characters at the most; to YAML a longer one is none without a `?`.
const LONGEST_KEY: usize = 1024;

/// A value as it is to stand on the page.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// As it is written; lines after the first are indented.
    Written(Vec<String>),
    /// Text that is quoted where it has to be.
    Text(String),
    /// A list.
    List(Collection),
    /// A mapping.
    Map(Collection),
}

/// The entries of a list or mapping.
#[derive(Debug, Clone, Default)]
pub(super) struct Collection {
    pub entries: Vec<Entry>,
    /// May stand on one line.
    pub flow: bool,
    /// What stands below the last entry.
    pub tail: Vec<Line>,
    /// Where it stands in the file, if it comes from one: its column, and where it ends if that can be told.
    pub column: usize,
    pub end: usize,
}

/// An entry of a mapping, with its key as it is written, or of a list.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub key: Option<String>,
    /// `&name`.
    pub anchor: Option<String>,
    pub value: Value,
    /// The comments above it.
    pub above: Vec<Line>,
    /// Whether an empty line is right before it.
    pub blank: bool,
    /// The comment at the end of its line.
    pub beside: Option<Comment>,
    /// Whether its author kept a column for the value.
    pub padded: bool,
    /// Where it and its value begin in the file, if they come from one.
    pub at: usize,
    pub value_at: usize,
}

/// A line without a value.
#[derive(Debug, Clone)]
pub(super) enum Line {
    Blank,
    /// With its `#`.
    Comment(String),
}

/// A comment at the end of a line: where it stood, and what it says.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    pub column: usize,
    pub text: String,
}

/// Who decides on columns and empty lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Whoever wrote the file.
    Kept,
    /// Nobody yet: `{ … }` in rows begin in the same column, and steps stand apart.
    Own,
}

impl Entry {
    /// An entry from nowhere.
    pub fn of(key: Option<String>, value: Value) -> Entry {
        let (above, at, value_at) = (Vec::new(), 0, 0);
        Entry { key, anchor: None, value, above, blank: false, beside: None, padded: false, at, value_at }
    }
}

impl Value {
    /// The entries of a list or mapping.
    pub fn collection(&self) -> Option<&Collection> {
        match self {
            Value::List(collection) | Value::Map(collection) => Some(collection),
            Value::Written(_) | Value::Text(_) => None,
        }
    }

    /// The same, to be changed.
    pub fn collection_mut(&mut self) -> Option<&mut Collection> {
        match self {
            Value::List(collection) | Value::Map(collection) => Some(collection),
            Value::Written(_) | Value::Text(_) => None,
        }
    }

    /// The value on one line, if it may stand on one.
    fn line(&self, flow: bool) -> Option<String> {
        match self {
            Value::Written(lines) => match lines.as_slice() {
                [line] => Some(line.clone()),
                _ => None,
            },
            Value::Text(text) if quote::block(text, usize::MAX).is_some() => None,
            Value::Text(text) => Some(quote::value(text, flow)),
            Value::List(list) => list.line().map(|inner| format!("[{inner}]")),
            Value::Map(map) => map.line().map(|inner| match inner.as_str() {
                "" => "{}".to_owned(),
                inner => format!("{{ {inner} }}"),
            }),
        }
    }
}

impl Collection {
    fn line(&self) -> Option<String> {
        let bare = |entry: &Entry| entry.beside.is_none() && !entry.above.iter().any(Line::is_comment);
        let may = self.tail.is_empty() && (self.flow || self.entries.is_empty()) && self.entries.iter().all(bare);
        let lines: Option<Vec<String>> = self.entries.iter().filter(|_| may).map(Entry::inside).collect();
        lines.filter(|_| may).map(|lines| lines.join(", "))
    }

    /// A list of scalars that is too long for a line, with as many of them on each as there is room for.
    fn filled(&self, room: usize, indent: usize) -> Option<Vec<String>> {
        self.line()?;
        let (mut lines, mut line) = (Vec::new(), String::from("["));
        for (index, entry) in self.entries.iter().enumerate() {
            let end = if index + 1 == self.entries.len() { "]" } else { "," };
            let word = entry.value.collection().map_or_else(|| entry.inside(), |_| None)? + end;
            let room = if lines.is_empty() { room } else { WIDTH.saturating_sub(indent) };
            if line.len() > 1 && length(&line) + 1 + length(&word) > room {
                lines.push(std::mem::take(&mut line));
            }
            if line.len() > 1 {
                line.push(' ');
            }
            line.push_str(&word);
        }
        lines.push(line);
        Some(lines)
    }
}

impl Entry {
    /// The entry on one line, inside braces or brackets.
    fn inside(&self) -> Option<String> {
        let key = self.key.as_ref().map(|key| format!("{key}:"));
        let parts = [key, self.anchor.clone(), Some(self.value.line(true)?).filter(|line| !line.is_empty())];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }
}

impl Entry {
    /// Whether it is a list or mapping with nothing but a dash before it.
    fn is_bare_block(&self) -> bool {
        self.key.is_none() && self.anchor.is_none() && self.value.collection().is_some()
    }
}

impl Line {
    fn is_comment(&self) -> bool {
        matches!(self, Line::Comment(_))
    }
}

/// The text of a page.
pub(super) fn page(root: &Collection, style: Style) -> String {
    let mut page = Page { text: String::new(), style };
    page.entries(root, 0, String::new(), style == Style::Own);
    page.text
}

struct Page {
    text: String,
    style: Style,
}

impl Page {
    /// The entries of a block, each on lines of its own. `lead` is what the first of them stands behind; `airy`: with
    /// an empty line before and after what takes several lines.
    fn entries(&mut self, block: &Collection, indent: usize, lead: String, airy: bool) {
        let lines: Vec<Option<String>> = block.entries.iter().map(|entry| fitting(entry, indent)).collect();
        let columns = self.columns(block, &lines);
        for (index, entry) in block.entries.iter().enumerate() {
            let lead = if index == 0 { lead.clone() } else { " ".repeat(indent) };
            let tall = |at: usize| lines[at].is_none() && block.entries[at].value.collection().is_some();
            if airy && index > 0 && (tall(index) || tall(index - 1)) {
                self.text.push('\n');
            }
            let column = lead.find('-').unwrap_or(indent);
            entry.above.iter().for_each(|line| self.line(line, column));
            // Nothing stands beside a dash alone.
            if let (Some(comment), true) = (&entry.beside, lines[index].is_none() && entry.is_bare_block()) {
                self.line(&Line::Comment(comment.text.clone()), column);
            }
            // Behind a dash the empty line is before the dash already.
            if entry.blank && column == indent {
                self.line(&Line::Blank, column);
            }
            match &lines[index] {
                Some(line) => self.short(entry, &lead, line, columns[index]),
                None => self.tall(entry, indent, &lead),
            }
        }
        block.tail.iter().for_each(|line| self.line(line, indent));
    }

    /// An entry on one line.
    fn short(&mut self, entry: &Entry, lead: &str, value: &str, column: usize) {
        let mut line = head(entry, lead);
        if !value.is_empty() {
            let width = lead.len() + column;
            line.push_str(&" ".repeat(width.saturating_sub(length(&line)).max(1)));
            line.push_str(value);
        }
        self.push(line, entry.beside.as_ref());
    }

    /// An entry that takes several lines.
    fn tall(&mut self, entry: &Entry, indent: usize, lead: &str) {
        let head = head(entry, lead);
        match &entry.value {
            Value::Map(block) | Value::List(block) => {
                let airy = self.style == Style::Own && indent == 0 && entry.key.as_deref() == Some("steps");
                if entry.is_bare_block() {
                    return self.entries(block, indent + 2, format!("{lead}- "), airy);
                }
                let room = WIDTH.saturating_sub(length(&head) + 1);
                let filled = Some(block).filter(|_| matches!(entry.value, Value::List(_)));
                if let Some(lines) = filled.and_then(|list| list.filled(room, indent + 2)) {
                    return self.lines(entry, head, indent, &lines);
                }
                // What stood behind braces is said of all that was in them, and would look like a part of the key.
                let above = entry.beside.as_ref().filter(|_| block.flow);
                if let Some(comment) = above {
                    self.line(&Line::Comment(comment.text.clone()), lead.find('-').unwrap_or(indent));
                }
                self.push(head, entry.beside.as_ref().filter(|_| above.is_none()));
                self.entries(block, indent + 2, " ".repeat(indent + 2), airy);
            }
            Value::Written(lines) => self.lines(entry, head, indent, lines),
            Value::Text(text) => {
                let lines = quote::block(text, WIDTH - 20 - indent.min(40));
                self.lines(entry, head, indent, &lines.unwrap_or_else(|| vec![quote::value(text, false)]));
            }
        }
    }

    /// A value of several lines. What stands beside a block stands beside its first line.
    fn lines(&mut self, entry: &Entry, head: String, indent: usize, lines: &[String]) {
        let block = lines.first().is_some_and(|line| line.starts_with(['|', '>']));
        let beside = if block { 0 } else { lines.len().saturating_sub(1) };
        for (index, line) in lines.iter().enumerate() {
            let line = match (index, line.as_str()) {
                (0, _) => format!("{head} {line}"),
                (_, "") => String::new(),
                _ => format!("{}{line}", " ".repeat(indent + 2)),
            };
            self.push(line, entry.beside.as_ref().filter(|_| index == beside));
        }
    }

    fn push(&mut self, mut line: String, beside: Option<&Comment>) {
        if let Some(comment) = beside {
            let gap = comment.column.checked_sub(length(&line)).filter(|gap| *gap > 0).unwrap_or(2);
            line.push_str(&" ".repeat(gap));
            line.push_str(&comment.text);
        }
        self.text.push_str(&line);
        self.text.push('\n');
    }

    fn line(&mut self, line: &Line, indent: usize) {
        match line {
            Line::Comment(text) => self.push(format!("{}{text}", " ".repeat(indent)), None),
            // One empty line says as much as two.
            Line::Blank if self.text.is_empty() || self.text.ends_with("\n\n") => {}
            Line::Blank => self.text.push('\n'),
        }
    }

    /// For each entry the column of its value behind the indentation: the same for a run of lines if one of them has
    /// been given a column, or if all of them are mappings that nobody has laid out yet.
    fn columns(&self, block: &Collection, lines: &[Option<String>]) -> Vec<usize> {
        let mut columns = vec![0; lines.len()];
        let mut from = 0;
        while from < lines.len() {
            let apart = |entry: &Entry| entry.blank || entry.above.iter().any(|line| !line.is_comment());
            let more = (from + 1..lines.len()).take_while(|at| lines[*at].is_some() && !apart(&block.entries[*at]));
            let until = if lines[from].is_some() { from + 1 + more.count() } else { from + 1 };
            let run = &block.entries[from..until];
            let table = match self.style {
                Style::Kept => run.iter().any(|entry| entry.padded),
                Style::Own => run.len() > 1 && run.iter().all(|entry| matches!(entry.value, Value::Map(_))),
            };
            if table {
                columns[from..until].fill(run.iter().map(|entry| length(&head(entry, ""))).max().unwrap_or(0) + 1);
            }
            from = until;
        }
        columns
    }
}

/// The value of an entry on one line, where there is room for it.
fn fitting(entry: &Entry, indent: usize) -> Option<String> {
    let line = entry.value.line(false)?;
    let long = indent + length(&head(entry, "")) + 1 + length(&line) > WIDTH;
    let breaks = match &entry.value {
        Value::Written(_) => false,
        Value::Text(text) => quote::block(text, WIDTH / 2).is_some(),
        Value::List(block) | Value::Map(block) => !block.entries.is_empty(),
    };
    Some(line).filter(|_| !(long && breaks))
}

/// What stands before the value.
fn head(entry: &Entry, lead: &str) -> String {
    let head = match &entry.key {
        None => format!("{lead}-"),
        Some(key) if length(key) > LONGEST_KEY => format!("{lead}? {key}\n{}:", " ".repeat(length(lead))),
        Some(key) => format!("{lead}{key}:"),
    };
    entry.anchor.iter().fold(head, |head, anchor| format!("{head} {anchor}"))
}

fn length(text: &str) -> usize {
    text.chars().count()
}
