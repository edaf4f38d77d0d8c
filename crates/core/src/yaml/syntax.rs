//! Says in plain words what is wrong where a file is not YAML at all.

use granit_parser::{ErrorKind, ScanError};

use super::findings::excerpt;
use super::tree::too_deep;
use crate::diagnostic::{Code, Path, Place, Problem, boundary};

/// The problem that an error of the parser stands for.
pub(super) fn problem(error: &ScanError, text: &str, path: Path) -> Problem {
    let mark = error.marker();
    let place = Place { line: mark.line().max(1) as u32, column: mark.col() as u32 + 1, length: 1 };
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return Problem { place: Some(place), ..too_deep(path) };
    }
    let (before, after) = mark.byte_offset().and_then(|at| text.split_at_checked(at)).unwrap_or_default();
    let (message, help) = explain(error);
    let line = line_end(before);
    let help = bang(line, after).or_else(|| opening(line, after)).or_else(|| tabs(error, before, text)).or(help);
    Problem { place: Some(place), ..Problem::error(Code::NotYaml, path, message).maybe_help(help) }
}

/// The part of the last line that is no longer than anybody writes.
fn line_end(before: &str) -> &str {
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    &line[boundary(line, line.len().saturating_sub(1024))..]
}

fn explain(error: &ScanError) -> (String, Option<String>) {
    const QUOTE: &str =
        "a value that contains `: ` or begins with one of ! & * { [ | > @ % ` \" ' must be put in quotes";
    const WHOLE: &str = "put the whole value in quotes of the other kind, as in 'grade == \"hot\"'";
    use ErrorKind as K;
    let (message, help) = match error.kind() {
        K::TabNotAllowed | K::TabInIndentation | K::TabInBlockIndentation | K::TabAtBlockScalarStart => {
            ("a tab stands where the line is indented".to_owned(), "indent with spaces")
        }
        K::MappingValueNotAllowed => (
            "a `:` stands where no key can be".to_owned(),
            "a value that contains `: ` must be put in quotes; or else check the indentation",
        ),
        K::InvalidColonPlacement => {
            ("a `:` stands where no key can be".to_owned(), "is a bracket left open in the lines above?")
        }
        K::UnclosedQuotedScalar => {
            ("this quote is never closed".to_owned(), "close it, and write a quote inside double quotes as \\\"")
        }
        K::UnclosedFlowCollection { open } => (
            format!("this `{open}` is never closed"),
            if *open == '[' { "close it with `]`" } else { "close it with `}`" },
        ),
        K::MisplacedFlowCollectionEnd => {
            ("a bracket is closed that was never opened".to_owned(), "remove it, or put the value in quotes")
        }
        K::MismatchedFlowCollectionEnd { open, close } => {
            (format!("a `{open}` is closed by a `{close}`"), "a `[` is closed by `]`, a `{` by `}`")
        }
        K::ExpectedFlowMappingSeparator => ("expected `,` or `}` here".to_owned(), QUOTE),
        K::ExpectedFlowSequenceSeparator => ("expected `,` or `]` here".to_owned(), QUOTE),
        K::ExpectedBlockMappingKey | K::ExpectedBlockSequenceEntry | K::InvalidIndentation => {
            ("this line does not fit the lines above it".to_owned(), "keys of one mapping begin in the same column")
        }
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => {
            ("something follows the closing quote".to_owned(), WHOLE)
        }
        K::UnexpectedCharacter { character } => {
            (format!("a value cannot go on with `{}` here", character.escape_debug()), QUOTE)
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey => {
            ("expected a key followed by `:`".to_owned(), "write `key: value`")
        }
        K::ExpectedDocumentStart => {
            ("something follows where the definition has ended".to_owned(), "does this line begin in the right column?")
        }
        K::UnknownQuotedScalarEscape => (
            "an unknown `\\` sequence in double quotes".to_owned(),
            "use single quotes, in which `\\` stands for itself",
        ),
        other => (format!("this is not well-formed YAML: {other}"), ""),
    };
    (message, Some(help.to_owned()).filter(|help| !help.is_empty()))
}

/// The most frequent slip: an expression that begins with `!`, which YAML takes for a tag. `before` and `after` are what
/// stands around the spot where the parser gave up.
fn bang(before: &str, after: &str) -> Option<String> {
    let from = [": !", "- !"].iter().filter_map(|opening| before.rfind(opening)).max()? + 2;
    let ends: &[char] = if before[..from].contains('{') { &['\n', ',', '}'] } else { &['\n'] };
    let rest = after.split(ends).next().unwrap_or_default();
    if before[from..].contains(['"', '\'']) || rest.len() > 1024 {
        return None;
    }
    let whole = format!("{}{rest}", &before[from..]);
    let quote = if whole.contains('"') { '\'' } else { '"' };
    Some(format!(
        "an expression that begins with `!` must be put in quotes: {quote}{}{quote}",
        excerpt(whole.trim_end())
    ))
}

/// A text that begins with a bracket, which YAML takes for a list or a mapping and is surprised that something follows.
fn opening(before: &str, after: &str) -> Option<String> {
    let value = [": ", "- "].iter().filter_map(|end| Some((before.find(end)? + end.len(), end))).min()?.0;
    let text = before[value..].trim_start();
    let (open, close) = [('{', '}'), ('[', ']')].into_iter().find(|(open, _)| text.starts_with(*open))?;
    let rest = after.lines().next().unwrap_or_default();
    if !text.trim_end().ends_with(close)
        || text.contains(['"', '\''])
        || rest.contains(['"', '\''])
        || rest.len() > 1024
    {
        return None;
    }
    let whole = format!("{text}{}", rest.trim_end());
    Some(format!("a text that begins with `{open}` stands in quotes: \"{}\"", excerpt(&whole)))
}

/// How far to indent what was indented with tabs: as the line above, or by two more below a key without a value.
fn tabs(error: &ScanError, before: &str, text: &str) -> Option<String> {
    use ErrorKind as K;
    let tab = matches!(error.kind(), K::TabNotAllowed | K::TabInIndentation | K::TabInBlockIndentation);
    let lines = before.lines().count();
    let at = text
        .lines()
        .skip(lines.checked_sub(1)?)
        .position(|line| line.starts_with('\t'))
        .filter(|ahead| tab && *ahead < 2)?;
    let indented = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let above = text.lines().take(lines - 1 + at).filter(indented).last()?;
    let spaces =
        above.len() - above.trim_start_matches(' ').len() + if above.trim_end().ends_with(':') { 2 } else { 0 };
    let others = text.lines().filter(|line| line.starts_with('\t')).count() - 1;
    let more = match others {
        0 => String::new(),
        1 => "; another line begins with a tab too".to_owned(),
        _ => format!("; {others} other lines begin with a tab too"),
    };
    (spaces > 0).then(|| format!("indent with spaces: {spaces} of them here{more}"))
}
