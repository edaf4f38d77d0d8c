//! Puts a new first element into a list of a file, and leaves the rest of the page as it is.

use super::tree::{Content, Node};
use super::{Reading, tree};
use crate::diagnostic::Place;
use crate::yaml::findings::Findings;

impl Reading {
    /// The file with an element, written on one line, before the others of the list under a key of the file; where there is no
    /// such key, it comes at the end of the file. Comments and layout stay. `None` where the element cannot stand there.
    ///
    /// ```
    /// let file = "a: 1     # one\nlist:\n  - x     # the first\n";
    /// let reading = grieta_core::yaml::read("file.yaml", file.as_bytes());
    /// assert_eq!(reading.insert("list", "y").unwrap(), "a: 1     # one\nlist:\n  - y\n  - x     # the first\n");
    /// assert_eq!(reading.insert("more", "y").unwrap(), format!("{file}\nmore:\n  - y\n"));
    /// ```
    pub fn insert(&self, key: &str, element: &str) -> Option<String> {
        let Content::Mapping(entries) = &self.root.as_ref()?.content else { return None };
        let text = &self.problems.source.as_ref()?.text;
        let changed = match entries.get(key) {
            None => below(text, key, element),
            Some(entry) => match &entry.value.content {
                Content::Sequence(list) => into(text, entry.key, &entry.value, list, element)?,
                _ => return None,
            },
        };
        // An element that was cut in two, or swallowed by its neighbours, does not count.
        let count = |root: &Node| match &root.content {
            Content::Mapping(entries) => match &entries.get(key)?.value.content {
                Content::Sequence(list) => Some(list.len()),
                _ => None,
            },
            _ => None,
        };
        let findings = Findings::default();
        let root = tree::build(&changed, &findings)?;
        let before = self.root.as_ref().and_then(count).unwrap_or(0);
        (findings.finish().problems.is_empty() && count(&root) == Some(before + 1)).then_some(changed)
    }
}

/// At the end of the file.
fn below(text: &str, key: &str, element: &str) -> String {
    let end = ending(text);
    let last = if text.ends_with('\n') { "" } else { end };
    format!("{text}{last}{end}{key}:{end}  - {element}{end}")
}

/// Before the elements that are there.
fn into(text: &str, key: Place, value: &Node, list: &[Node], element: &str) -> Option<String> {
    let at = offset(text, value.place)?;
    if text.get(at..)?.starts_with('[') {
        let (before, after) = text.split_at(at + 1);
        let comma = if list.is_empty() { "" } else { ", " };
        return Some(format!("{before}{element}{comma}{after}"));
    }
    let first = offset(text, list.first()?.place)?;
    let begins = text.get(..first)?.rfind('\n')? + 1;
    let dash = text.get(begins..first)?;
    let indent = dash.strip_suffix("- ").or_else(|| dash.trim_end().strip_suffix('-'))?;
    let below = line_after(text, key)?;
    indent.bytes().all(|byte| byte == b' ').then(|| {
        let (before, after) = text.split_at(below);
        format!("{before}{indent}- {element}{}{after}", ending(text))
    })
}

/// How lines end in a text.
fn ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where a place begins, in bytes.
fn offset(text: &str, place: Place) -> Option<usize> {
    let line: usize = text.split_inclusive('\n').take(place.line.checked_sub(1)? as usize).map(str::len).sum();
    let rest = text.get(line..)?;
    let (at, _) = rest.char_indices().nth(place.column.checked_sub(1)? as usize)?;
    Some(line + at)
}

/// Where the line after a place begins.
fn line_after(text: &str, place: Place) -> Option<usize> {
    let at = offset(text, place)?;
    Some(at + text.get(at..)?.find('\n')? + 1)
}

#[cfg(test)]
mod tests {
    fn inserted(text: &str) -> Option<String> {
        super::super::read("file.yaml", text.as_bytes()).insert("list", "{ k: new }")
    }

    #[test]
    fn only_the_element_is_new() {
        let check = |text: &str, expected: &str| assert_eq!(inserted(text).as_deref(), Some(expected), "{text}");
        check("a: 1\n", "a: 1\n\nlist:\n  - { k: new }\n");
        check("a: 1", "a: 1\n\nlist:\n  - { k: new }\n");
        check("list: []   # none\na: 1\n", "list: [{ k: new }]   # none\na: 1\n");
        check("list: [{ k: ü }]\n", "list: [{ k: new }, { k: ü }]\n");
        check(
            "list:   # ü\n  # old\n  - { k: a }\nb: 1\n",
            "list:   # ü\n  - { k: new }\n  # old\n  - { k: a }\nb: 1\n",
        );
        check("list:\n- k: a\n  l: b\n", "list:\n- { k: new }\n- k: a\n  l: b\n");
        check("a: 1\r\nlist:\r\n  - { k: a }\r\n", "a: 1\r\nlist:\r\n  - { k: new }\r\n  - { k: a }\r\n");
        check("list:\n  -   k: a\n", "list:\n  - { k: new }\n  -   k: a\n");
    }

    #[test]
    fn where_it_cannot_stand_nothing_changes() {
        for text in ["list: text\n", "{ a: 1 }\n", "{ list: x, a: 1 }\n", "- a\n", "list: [a\n"] {
            assert_eq!(inserted(text), None, "{text}");
        }
    }
}
