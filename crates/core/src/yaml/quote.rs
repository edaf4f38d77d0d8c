//! Decides how a text is written: plain where it says the same without quotes, in quotes otherwise, over several lines
//! where it is long.

use super::decode::trap;

/// A text as a value on one line; `flow`: inside braces or brackets.
pub(super) fn value(text: &str, flow: bool) -> String {
    if is_plain(text, flow) && trap(text).is_none() { text.to_owned() } else { quoted(text) }
}

/// A text in the place of one that was written so: in quotes if that was, or if it could not be read otherwise.
pub(super) fn like(text: &str, written: &str) -> String {
    let in_quotes = written.starts_with(['"', '\'']) || !is_plain(text, true);
    if in_quotes { quoted(text) } else { text.to_owned() }
}

/// A text as a key.
pub(super) fn key(text: &str) -> String {
    if is_plain(text, true) && text != "<<" { text.to_owned() } else { quoted(text) }
}

/// A text as a block of lines no longer than that, each without its indentation and the first saying how they belong
/// together. `None` where a block would not say the same, or is no better than a line.
pub(super) fn block(text: &str, width: usize) -> Option<Vec<String>> {
    let ends = text.trim_end() != text || text.starts_with(char::is_whitespace);
    if ends || text.chars().any(|c| c != '\n' && is_special(c)) {
        return None;
    }
    if text.contains('\n') {
        let trailing = text.lines().any(|line| line.trim_end() != line);
        return (!trailing).then(|| std::iter::once("|-").chain(text.lines()).map(str::to_owned).collect());
    }
    let mut lines = vec![">-".to_owned()];
    let mut line = String::new();
    // Only a single space can become the end of a line.
    for word in words(text) {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    (lines.len() > 2).then_some(lines)
}

/// The parts between single spaces.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let blank = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_none_or(|byte| matches!(byte, b' ' | b'\t'));
    let single = |at: &usize| bytes[*at] == b' ' && !blank(at.checked_sub(1)) && !blank(Some(at + 1));
    let ends: Vec<usize> = (0..bytes.len()).filter(single).chain([bytes.len()]).collect();
    let starts: Vec<usize> = std::iter::once(0).chain(ends.iter().map(|end| end + 1)).collect();
    starts.into_iter().zip(ends).map(|(start, end)| &text[start..end])
}

/// Whether a text can stand without quotes.
fn is_plain(text: &str, flow: bool) -> bool {
    let mut chars = text.chars();
    let starts = match (chars.next(), chars.next()) {
        (Some('-'), Some(next)) => !next.is_whitespace() && next != '-',
        (Some(first), _) => !matches!(
            first,
            '-' | '?'
                | ':'
                | ','
                | '['
                | ']'
                | '{'
                | '}'
                | '#'
                | '&'
                | '*'
                | '!'
                | '|'
                | '>'
                | '\''
                | '"'
                | '%'
                | '@'
                | '`'
        ),
        (None, _) => false,
    };
    starts
        && text.trim() == text
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !text.starts_with("...")
        && !(flow && text.contains([',', '[', ']', '{', '}']))
        && !text.chars().any(is_special)
}

/// What YAML allows in double quotes only, and only as an escape.
fn is_special(c: char) -> bool {
    c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}

/// In double quotes; in single ones where that saves escapes.
fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) && !text.chars().any(is_special) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_special(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text in quotes, on one line.
pub(super) fn in_quotes(text: &str) -> String {
    quoted(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stand_where_they_are_needed_and_nowhere_else() {
        let check = |text: &str, block: &str, flow: &str| {
            assert_eq!((value(text, false).as_str(), value(text, true).as_str()), (block, flow), "{text}");
        };
        check("Call the lead", "Call the lead", "Call the lead");
        check("0.10", "0.10", "0.10");
        check("-1 h", "-1 h", "-1 h");
        check("09:00-18:00", "09:00-18:00", "09:00-18:00");
        check("attempts >= 6 && !done", "attempts >= 6 && !done", "attempts >= 6 && !done");
        check("min(a, b)", "min(a, b)", "\"min(a, b)\"");
        check("!has(x)", "\"!has(x)\"", "\"!has(x)\"");
        check("\"A\"", "'\"A\"'", "'\"A\"'");
        check("it's", "it's", "it's");
        check("\"it's\"", "'\"it''s\"'", "'\"it''s\"'");
        check("no", "\"no\"", "\"no\"");
        check("null", "\"null\"", "\"null\"");
        check("true", "\"true\"", "\"true\"");
        check("", "\"\"", "\"\"");
        check("a: b", "\"a: b\"", "\"a: b\"");
        check("a #b", "\"a #b\"", "\"a #b\"");
        check("a#b", "a#b", "a#b");
        check("two\nlines", "\"two\\nlines\"", "\"two\\nlines\"");
        check("bell\u{7}", "\"bell\\u0007\"", "\"bell\\u0007\"");
        check(" padded", "\" padded\"", "\" padded\"");
        check("- item", "\"- item\"", "\"- item\"");
        assert_eq!(
            (key("on"), key("10-12"), key("a,b"), key("<<")),
            ("on".into(), "10-12".into(), "\"a,b\"".into(), "\"<<\"".into())
        );
    }

    #[test]
    fn long_text_is_folded_at_single_spaces() {
        assert_eq!(block("one two  three four", 9).unwrap(), [">-", "one", "two  three", "four"]);
        assert_eq!(block("short", 9), None);
        assert_eq!(block("a\n\n b", 9).unwrap(), ["|-", "a", "", " b"]);
        assert_eq!(block("a\nb\n", 9), None);
    }
}
