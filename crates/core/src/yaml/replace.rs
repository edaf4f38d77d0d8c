//! Puts another value in the place of one that stands in a file, and leaves the rest of the page as it is.

use super::findings::Findings;
use super::tree::{Content, Node};
use super::{Reading, quote, tree};
use crate::diagnostic::{Path, Place, Segment};

impl Reading {
    /// The text that stands at a path, without quotes; `None` where there is no such thing, or a mapping or a list.
    pub fn scalar(&self, path: &Path) -> Option<&str> {
        scalar(self.root.as_ref()?, path).map(|(_, text)| text)
    }

    /// The file with another text at a path; comments and layout stay. It stands in quotes where the old one did, and where it
    /// could not stand otherwise. `None` where no text that stands on one line is there.
    ///
    /// ```
    /// use grieta_core::diagnostic::Path;
    ///
    /// let file = "roles: { agent: { people: 2 } }      # of twelve\n";
    /// let reading = grieta_core::yaml::read("desk.yaml", file.as_bytes());
    /// let people = Path::root("roles").key("agent").key("people");
    /// assert_eq!(reading.scalar(&people), Some("2"));
    /// assert_eq!(reading.replace(&people, "3").unwrap(), "roles: { agent: { people: 3 } }      # of twelve\n");
    /// assert_eq!(reading.replace(&Path::root("roles"), "3"), None);
    /// ```
    pub fn replace(&self, path: &Path, value: &str) -> Option<String> {
        let (place, _) = scalar(self.root.as_ref()?, path)?;
        let text = &self.problems.source.as_ref()?.text;
        let (before, written, after) = cut(text, place)?;
        let value_in_place = quote::like(value, written);
        let changed = format!("{before}{value_in_place}{after}");
        // A text of several lines is not replaced by its first one.
        let root = tree::build(&changed, &Findings::default())?;
        let replaced = scalar(&root, path).is_some_and(|(_, found)| found == value);
        replaced.then_some(changed)
    }
}

/// The text at a path, and its place.
fn scalar<'a>(root: &'a Node, path: &Path) -> Option<(Place, &'a str)> {
    let mut node = root;
    for segment in &path.0 {
        node = match (segment, &node.content) {
            (Segment::Key(name), Content::Mapping(entries)) => &entries.get(name)?.value,
            (Segment::Index(index), Content::Sequence(list)) => list.get(*index)?,
            _ => return None,
        };
    }
    match &node.content {
        Content::Scalar { text, .. } => Some((node.place, text)),
        _ => None,
    }
}

/// What stands before a place, in it, and after it.
fn cut(text: &str, place: Place) -> Option<(&str, &str, &str)> {
    let line: usize = text.split_inclusive('\n').take(place.line.checked_sub(1)? as usize).map(str::len).sum();
    let characters = |from: usize, count: u32| {
        let rest = text.get(from..)?;
        Some(from + rest.char_indices().nth(count as usize).map_or(rest.len(), |(at, _)| at))
    };
    let from = characters(line, place.column.checked_sub(1)?)?;
    let to = characters(from, place.length)?;
    Some((&text[..from], &text[from..to], &text[to..]))
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Path;

    fn replaced(text: &str, path: &[&str], value: &str) -> Option<String> {
        let path = path.iter().fold(Path::default(), |path, key| path.key(key));
        super::super::read("file.yaml", text.as_bytes()).replace(&path, value)
    }

    #[test]
    fn only_the_value_changes() {
        let check = |text, path: &[&str], value, expected: &str| {
            assert_eq!(replaced(text, path, value).as_deref(), Some(expected), "{text}");
        };
        check("a: 1 # one\nb: 2\n", &["a"], "10", "a: 10 # one\nb: 2\n");
        check("# über\na: { ü: x, b: y }\n", &["a", "b"], "ñ, z", "# über\na: { ü: x, b: \"ñ, z\" }\n");
        check("a: \"09:00-18:00\"   # day\n", &["a"], "08:00-17:00", "a: \"08:00-17:00\"   # day\n");
        check("a: 'x'\n", &["a"], "it's \"so\"", "a: 'it''s \"so\"'\n");
        check("a: 5%\r\nb: 1\r\n", &["a"], "6%", "a: 6%\r\nb: 1\r\n");
        check("a: true\n", &["a"], "false", "a: false\n");
        check("a: x\n", &["a"], "two\nlines", "a: \"two\\nlines\"\n");
    }

    #[test]
    fn what_is_no_text_on_one_line_is_left_alone() {
        assert_eq!(replaced("a: { b: 1 }\n", &["a"], "2"), None);
        assert_eq!(replaced("a: { b: 1 }\n", &["a", "c"], "2"), None);
        assert_eq!(replaced("a: one\n  two\n", &["a"], "2"), None);
        assert_eq!(replaced("a: |-\n  one\n  two\n", &["a"], "2"), None);
        assert_eq!(replaced("a: &x 1\nb: *x\n", &["a"], "2").as_deref(), Some("a: &x 2\nb: *x\n"));
        assert_eq!(replaced("a: [b, c\n", &["a"], "2"), None);
    }
}
