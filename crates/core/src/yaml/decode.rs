//! The words in which a strict reader is written: a value and the way to it, the fields of a mapping, and what a scalar
//! may be. With them a file is read of which every problem is to be found at once, each with its place.
//!
//! A reader returns `None` once it has reported why: the others go on.
//!
//! ```
//! use grieta_core::yaml::decode::{self, Examples, text, whole};
//!
//! let read = |file: &str| decode::document("desk.yaml", file.as_bytes(), Examples::default(), |value| {
//!     let mut fields = value.fields("a desk")?;
//!     let (owner, seats) = (fields.required("owner", text), fields.required("seats", whole));
//!     fields.finish();
//!     Some((owner?, seats?))
//! });
//! assert_eq!(read("{ owner: ana, seats: 3 }").0, Some(("ana".to_owned(), 3)));
//! let (nothing, problems) = read("owner: ana\nseats: many\nroom: 7\n");
//! assert_eq!((nothing, problems.list.len()), (None, 2));
//! assert_eq!(problems.list[0].message, "expected a whole number, found `many`");
//! ```

use std::str::FromStr;

use indexmap::IndexMap;

use super::findings::{Findings, excerpt};
use super::tree::{self, Content, Entry, Node};
use crate::definition::Span;
use crate::diagnostic::{Code, Path, Place, Problem, Problems, Segment, Source, nearest, suggest};

/// What a file holds, as `read` makes it of the whole, and what is wrong with it, in the order of the file; `file` is the name
/// to show. `None` where there is nothing to read, or where `read` gives nothing.
pub fn document<T>(
    file: &str,
    bytes: &[u8],
    examples: Examples,
    read: impl FnOnce(Value<'_>) -> Option<T>,
) -> (Option<T>, Problems) {
    let findings = Findings::with(examples);
    let text = super::decoded(bytes, &findings);
    let root = text.as_ref().ok().and_then(|text| tree::build(text, &findings));
    let found = root.as_ref().and_then(|root| read(Value::root(root, &findings)));
    let (Ok(text) | Err(text)) = text;
    let source = Some(Source { file: file.to_owned(), text: text.into() });
    (found, Problems { source, list: findings.finish().problems })
}

/// What was found in a file after it had been read, each problem with its place; problems that have one keep it.
pub fn located(file: &str, bytes: &[u8], mut found: Vec<Problem>) -> Problems {
    let findings = Findings::with(Examples::default());
    let text = super::decoded(bytes, &findings);
    if let Some(root) = text.as_ref().ok().and_then(|text| tree::build(text, &findings)) {
        found.iter_mut().for_each(|problem| super::give_place(&root, problem));
    }
    let (Ok(text) | Err(text)) = text;
    Problems { source: Some(Source { file: file.to_owned(), text: text.into() }), list: found }
}

/// What keys and mappings look like, for messages to those who meet them for the first time.
#[derive(Debug, Clone, Copy)]
pub struct Examples {
    /// A key with a value, as it may stand in what has the key, which is named first.
    pub of_key: fn(&str, &str) -> Option<&'static str>,
    /// A mapping of that name.
    pub of_mapping: fn(&str) -> Option<&'static str>,
}

impl Default for Examples {
    /// None.
    fn default() -> Examples {
        Examples { of_key: |_, _| None, of_mapping: |_| None }
    }
}

/// The way to a value. Written out as a [`Path`] only when there is a problem.
#[derive(Debug)]
enum Trail<'a> {
    Root,
    Key(&'a Trail<'a>, &'a str),
    Index(&'a Trail<'a>, usize),
}

impl Trail<'_> {
    fn path(&self) -> Path {
        let (mut parts, mut trail) = (Vec::new(), self);
        loop {
            trail = match trail {
                Trail::Root => break,
                Trail::Key(before, key) => {
                    parts.push(Segment::Key((*key).to_owned()));
                    before
                }
                Trail::Index(before, index) => {
                    parts.push(Segment::Index(*index));
                    before
                }
            };
        }
        parts.reverse();
        Path(parts)
    }
}

/// A value of the file, the way to it, and where to report what is wrong with it.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    node: &'a Node,
    key: Option<Place>,
    asked: Option<Asked>,
    trail: &'a Trail<'a>,
    findings: &'a Findings,
}

/// The known key that a value, or what is around it, stands under, and what has that key.
#[derive(Debug, Clone, Copy)]
struct Asked {
    of: &'static str,
    key: &'static str,
}

/// What a scalar says when it is not in quotes and YAML readers make something else of it than text.
pub(super) enum Trap {
    /// `~`, `null`.
    Nothing,
    /// `true`, `false`.
    Boolean,
    /// `yes`, `NO`, `on`: booleans of YAML 1.1.
    OldBoolean,
}

pub(super) fn trap(text: &str) -> Option<Trap> {
    Some(match text {
        "~" | "null" | "Null" | "NULL" => Trap::Nothing,
        "true" | "false" => Trap::Boolean,
        "True" | "TRUE" | "False" | "FALSE" => Trap::OldBoolean,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Trap::OldBoolean,
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Trap::OldBoolean,
        _ => return None,
    })
}

impl<'a> Value<'a> {
    pub(super) fn root(node: &'a Node, findings: &'a Findings) -> Value<'a> {
        Value { node, key: None, asked: None, trail: &Trail::Root, findings }
    }

    /// A problem at this value, not yet reported.
    pub fn problem(&self, code: Code, message: impl Into<String>) -> Problem {
        Problem { place: Some(self.node.shown_at(self.key)), ..Problem::error(code, self.trail.path(), message) }
    }

    /// Reports a problem; the value is then missing from the definition.
    pub fn refuse<T>(&self, problem: Problem) -> Option<T> {
        self.findings.report(problem);
        None
    }

    /// Reports that something else stands here than expected, unless something has already been reported. The remedy is
    /// what the key around may look like.
    pub fn expected<T>(&self, what: &str) -> Option<T> {
        let example = self.asked.and_then(|asked| (self.findings.examples.of_key)(asked.of, asked.key));
        self.expected_with(what, example.map(|example| format!("write for example `{example}`")).as_deref())
    }

    /// The same with another remedy.
    pub fn expected_with<T>(&self, what: &str, help: Option<&str>) -> Option<T> {
        let found = match &self.node.content {
            Content::Damaged => return None,
            Content::Missing => "nothing".to_owned(),
            Content::Scalar { text, quoted: false } => format!("`{}`", excerpt(text)),
            Content::Scalar { text, quoted: true } => format!("the text \"{}\"", excerpt(text)),
            Content::Sequence(_) => "a list".to_owned(),
            Content::Mapping(_) => "a mapping".to_owned(),
        };
        let problem = self.problem(Code::WrongType, format!("expected {what}, found {found}"));
        self.refuse(problem.maybe_help(help.map(str::to_owned)))
    }

    /// Where it stands: of a block, where its key stands.
    pub fn place(&self) -> Place {
        self.node.shown_at(self.key)
    }

    /// Whether it is a mapping.
    pub fn is_mapping(&self) -> bool {
        matches!(self.node.content, Content::Mapping(_))
    }

    /// The texts of a list that holds nothing else.
    pub fn words(&self) -> Option<Vec<&'a str>> {
        let Content::Sequence(list) = &self.node.content else { return None };
        list.iter()
            .map(|node| if let Content::Scalar { text, .. } = &node.content { Some(text.as_ref()) } else { None })
            .collect()
    }

    /// The keys of a mapping.
    pub fn keys(&self) -> Option<Vec<&'a str>> {
        let Content::Mapping(entries) = &self.node.content else { return None };
        Some(entries.keys().map(String::as_str).collect())
    }

    /// The raw text of a scalar, and whether it was quoted.
    pub fn scalar(&self) -> Option<(&'a str, bool)> {
        match &self.node.content {
            Content::Scalar { text, quoted } => Some((text, *quoted)),
            _ => None,
        }
    }

    /// The fields of a mapping with keys that are known beforehand; `what` names it, as in `a role`.
    pub fn fields(self, what: &'static str) -> Option<Fields<'a>> {
        match &self.node.content {
            Content::Mapping(entries) => {
                Some(Fields { value: self, what, entries, known: Vec::new(), refused: Vec::new() })
            }
            _ => {
                let example =
                    (self.findings.examples.of_mapping)(what).map(|example| format!("write for example `{example}`"));
                match example {
                    Some(help) => self.expected_with(&format!("{what} as a mapping"), Some(&help)),
                    None => self.expected(&format!("{what} as a mapping")),
                }
            }
        }
    }

    /// Every entry of a mapping whose keys are up to the author. An entry that cannot be read is left out.
    pub fn map<T>(self, what: &str, mut read: impl FnMut(&str, Value<'_>) -> Option<T>) -> Option<IndexMap<String, T>> {
        let Content::Mapping(entries) = &self.node.content else { return self.expected(what) };
        let mut all = IndexMap::with_capacity(entries.len());
        for (key, entry) in entries.iter() {
            if let Some(read) = self.with(key, entry, self.asked, |value| read(key, value)) {
                all.insert(key.clone(), read);
            }
        }
        Some(all)
    }

    /// The same for things that are declared here: their names must follow a rule.
    pub fn declarations<T>(
        self,
        what: &str,
        rule: NameRule,
        mut read: impl FnMut(&str, Value<'_>) -> Option<T>,
    ) -> Option<IndexMap<String, T>> {
        self.map(what, |name, value| {
            value.check_name(name, rule, value.key);
            read(name, value)
        })
    }

    /// Every element of a list. An element that cannot be read is left out.
    pub fn list<T>(self, what: &str, mut read: impl FnMut(Value<'_>) -> Option<T>) -> Option<Vec<T>> {
        let Content::Sequence(list) = &self.node.content else { return self.expected(what) };
        let element = |(index, node): (usize, &Node)| {
            let trail = Trail::Index(self.trail, index);
            read(Value { node, key: None, trail: &trail, ..self })
        };
        Some(list.iter().enumerate().filter_map(element).collect())
    }

    /// Reports a name that does not follow its rule.
    pub fn check_name(&self, name: &str, rule: NameRule, at: Option<Place>) {
        if (rule.holds)(name) {
            return;
        }
        let problem = self.problem(Code::InvalidName, format!("`{}` is not a valid name", excerpt(name)));
        let help = match rule.meant(name) {
            Some(meant) => format!("did you mean `{meant}`? {}", rule.text),
            None => rule.text.to_owned(),
        };
        self.findings.report(Problem { place: at.or(problem.place), ..problem.help(help) });
    }

    fn with<T>(
        &self,
        key: &str,
        entry: &Entry,
        asked: Option<Asked>,
        read: impl FnOnce(Value<'_>) -> Option<T>,
    ) -> Option<T> {
        let trail = Trail::Key(self.trail, key);
        read(Value { node: &entry.value, key: Some(entry.key), asked, trail: &trail, findings: self.findings })
    }
}

/// What a name may consist of.
#[derive(Clone, Copy)]
pub struct NameRule {
    holds: fn(&str) -> bool,
    text: &'static str,
    /// What takes the place of blanks.
    joint: &'static str,
}

impl NameRule {
    /// The valid name that is nearest to what was written, where it is plain.
    fn meant(self, name: &str) -> Option<String> {
        let words: Vec<_> = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let meant = words.join(self.joint).to_ascii_lowercase();
        let plain = name.len() <= 64 && name.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        (plain && (self.holds)(&meant)).then_some(meant)
    }
}

/// The rule for steps, roles and all that is not data.
pub const NAME: NameRule = NameRule {
    holds: crate::definition::is_name,
    text: "a name consists of letters a–z, digits and hyphens, and begins with a letter",
    joint: "-",
};

/// The rule for data fields.
pub const FIELD_NAME: NameRule = NameRule {
    holds: crate::definition::is_field_name,
    text: "the name of a field consists of letters, digits and underscores, and begins with a letter",
    joint: "_",
};

/// A mapping with known keys. Remembers which keys were asked for; [`Fields::finish`] reports the others.
pub struct Fields<'a> {
    value: Value<'a>,
    what: &'static str,
    entries: &'a IndexMap<String, Entry>,
    known: Vec<&'static str>,
    refused: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// Whether there is such a key.
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Reads the value of a key that may be there.
    pub fn optional<T>(&mut self, key: &'static str, read: impl FnOnce(Value<'_>) -> Option<T>) -> Option<T> {
        self.known.push(key);
        let entry = self.entries.get(key).filter(|_| !self.refused.contains(&key))?;
        self.value.with(key, entry, Some(Asked { of: self.what, key }), read)
    }

    /// Reads the value of a key that must be there.
    pub fn required<T>(&mut self, key: &'static str, read: impl FnOnce(Value<'_>) -> Option<T>) -> Option<T> {
        if !self.has(key) && !self.misspelt(&[key]) {
            let problem = self.value.problem(Code::MissingKey, format!("{} needs `{key}`", self.what));
            let example = (self.value.findings.examples.of_key)(self.what, key);
            self.value.findings.report(problem.maybe_help(example.map(|example| format!("add it, as in `{example}`"))));
        }
        self.optional(key, read)
    }

    /// Says which keys there are that look like each other: none of them is another one misspelt.
    pub fn alike(&mut self, keys: &[&'static str]) {
        self.known.extend(keys);
    }

    /// Reports a key that has no place here although it has in other cases, and passes over its value.
    pub fn misplaced(&mut self, key: &'static str, code: Code, message: &str, help: &str) {
        self.refuse(key, None, code, message, help);
    }

    /// The same for a key that has no place beside another.
    pub fn contradicts(&mut self, key: &'static str, other: &'static str, code: Code, message: &str, help: &str) {
        self.refuse(key, Some(other), code, message, help);
    }

    fn refuse(&mut self, key: &'static str, other: Option<&str>, code: Code, message: &str, help: &str) {
        self.known.push(key);
        let Some(entry) = self.entries.get(key) else { return };
        self.refused.push(key);
        let path = self.value.trail.path();
        let mut problem = Problem::error(code, path.key(key), message).help(help);
        if let Some((other, beside)) = other.and_then(|other| Some((other, self.entries.get(other)?))) {
            problem = problem.related_at(format!("`{other}` stands here"), path.key(other), beside.key);
        }
        self.value.findings.report(Problem { place: Some(entry.key), ..problem });
    }

    /// The keys that nobody has asked for so far.
    pub fn strange(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str).filter(|key| !self.known.contains(key))
    }

    /// Whether a key that has no meaning looks like one of these: then it will be reported as unknown, and that one of
    /// these is missing need not be said.
    pub fn misspelt(&self, keys: &[&'static str]) -> bool {
        self.strange()
            .filter(|key| !keys.contains(key))
            .take(64)
            .any(|key| nearest(key, keys.iter().copied()).is_some())
    }

    /// The mapping as a value, to report something about all of it.
    pub fn value(&self) -> Value<'a> {
        self.value
    }

    /// Reports the keys that nobody asked for.
    pub fn finish(self) {
        for (key, entry) in self.entries.iter().filter(|(key, _)| !self.known.contains(&key.as_str())) {
            let message = format!("{} has no key `{}`", self.what, excerpt(key));
            let problem = Problem::error(Code::UnknownKey, self.value.trail.path().key(key), message);
            let torn = key.chars().all(|c| c.is_ascii_digit() || c == ' ');
            let problem = match torn {
                true => problem
                    .help("inside braces a comma ends the value: write decimals with a point, or quote the value"),
                // It is only counted, and a search would be in vain.
                false if self.value.findings.is_full() => problem,
                false => problem.maybe_help(suggest(key, self.known.iter().copied())),
            };
            self.value.findings.report(Problem { place: Some(entry.key), ..problem });
        }
    }
}

/// Text: a title, a version, the name of a step.
pub fn text(value: Value<'_>) -> Option<String> {
    plain(value, "text", false).map(str::to_owned)
}

/// Text in which `true` and `false` have their meaning: an expression, an initial value.
pub fn formula(value: Value<'_>) -> Option<String> {
    plain(value, "an expression", true).map(str::to_owned)
}

fn plain<'a>(value: Value<'a>, what: &str, booleans: bool) -> Option<&'a str> {
    let Some((text, quoted)) = value.scalar() else { return value.expected(what) };
    match if quoted { None } else { trap(text) } {
        None => Some(text),
        Some(Trap::Boolean) if booleans => Some(text),
        Some(Trap::Nothing) => ambiguous(value, &format!("`{text}` means nothing at all in YAML, not text"), text),
        Some(Trap::Boolean) => ambiguous(value, &format!("`{text}` is a boolean in YAML, but text is expected"), text),
        Some(Trap::OldBoolean) if booleans => {
            let message = format!("some YAML readers take `{text}` for a boolean");
            let help = format!("write `true` or `false`, or quote it where text is meant: \"{text}\"");
            value.refuse(value.problem(Code::AmbiguousScalar, message).help(help))
        }
        Some(Trap::OldBoolean) => ambiguous(value, &format!("some YAML readers take `{text}` for a boolean"), text),
    }
}

fn ambiguous<T>(value: Value<'_>, message: &str, text: &str) -> Option<T> {
    value.refuse(value.problem(Code::AmbiguousScalar, message).help(format!("quote it: \"{text}\"")))
}

/// `true` or `false`.
pub fn boolean(value: Value<'_>) -> Option<bool> {
    match value.scalar() {
        Some(("true", false)) => Some(true),
        Some(("false", false)) => Some(false),
        Some((text, false)) if matches!(trap(text), Some(Trap::OldBoolean)) => {
            let problem = value.problem(
                Code::AmbiguousScalar,
                format!("some YAML readers take `{text}` for a boolean, others for text"),
            );
            value.refuse(problem.help("write `true` or `false`"))
        }
        Some(("true" | "false", true)) => value.expected_with("`true` or `false`", Some("leave the quotes out")),
        Some((text, _)) => {
            let near = nearest(text, ["true", "false"]).map(|near| format!("did you mean `{near}`?"));
            value.expected_with("`true` or `false`", near.as_deref())
        }
        None => value.expected("`true` or `false`"),
    }
}

/// A whole number that is not negative.
pub fn whole(value: Value<'_>) -> Option<u32> {
    match value.scalar() {
        Some((text, false)) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().ok().or_else(|| value.expected(&format!("a whole number up to {}", u32::MAX)))
        }
        Some((text, true)) if text.parse::<u32>().is_ok() => {
            value.expected_with("a whole number", Some("leave the quotes out"))
        }
        _ => value.expected("a whole number"),
    }
}

/// A number that is not negative.
pub fn number(value: Value<'_>) -> Option<f64> {
    match value.scalar() {
        Some((text, false)) => plain_number(text),
        _ => None,
    }
    .or_else(|| value.expected("a number that is not negative, such as `60` or `1.6`"))
}

/// Digits with at most one point, and an exponent as programs write it. YAML's hexadecimal numbers, underscores and
/// infinities are not numbers here.
pub(super) fn plain_number(text: &str) -> Option<f64> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

/// Something that is read from its text, such as a chance; what is wrong with it gets that code. `meant` says what was
/// probably meant by a text that cannot be read.
pub fn parsed<T: FromStr<Err = String>>(
    value: Value<'_>,
    what: &str,
    code: Code,
    meant: fn(&str) -> Option<String>,
) -> Option<T> {
    let Some((text, _)) = value.scalar() else { return value.expected(what) };
    let wrong = |message: String| {
        let help = meant(text.trim()).map(|meant| format!("did you mean `{meant}`?"));
        value.refuse(value.problem(code, message).maybe_help(help))
    };
    text.parse().map_or_else(wrong, Some)
}

/// A length of time, such as `4 bh`.
pub fn span(value: Value<'_>) -> Option<Span> {
    parsed(value, "a length of time such as `30 min` or `4 bh`", Code::InvalidDuration, Span::meant)
}

/// A list of names.
pub fn names(value: Value<'_>) -> Option<Vec<String>> {
    match value.scalar() {
        Some((one, _)) => value.expected_with("a list", Some(&format!("write `[{one}]`"))),
        None => value.list("a list", text),
    }
}

/// One of a few words.
pub fn word<T: Copy>(value: Value<'_>, words: &[(&'static str, T)]) -> Option<T> {
    word_meaning(value, words, "")
}

/// The same where what the words mean can be said in a line, which is shown to whoever wrote none that is like them.
pub fn word_meaning<T: Copy>(value: Value<'_>, words: &[(&'static str, T)], meanings: &str) -> Option<T> {
    let names = words.iter().map(|(name, _)| *name);
    let all = || names.clone().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let text = value.scalar().map(|(text, _)| text);
    if let Some((_, found)) = words.iter().find(|(name, _)| Some(*name) == text) {
        return Some(*found);
    }
    let near = text.and_then(|text| nearest(text, names.clone())).map(|near| format!("did you mean `{near}`?"));
    let what = format!("one of {}", all());
    match near.as_deref().or(Some(meanings).filter(|meanings| !meanings.is_empty())) {
        Some(help) => value.expected_with(&what, Some(help)),
        None if text.is_some() => value.expected_with(&what, None),
        None => value.expected(&what),
    }
}
