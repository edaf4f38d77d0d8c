//! Reads the text of a list as a value: the elements in its brackets, before their type is known.

use std::sync::Arc;

use super::lex::{Token, lex};

/// An element of a list as it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Element {
    /// What stands in quotes, with escapes resolved.
    Quoted(Arc<str>),
    /// A number with its sign, `true`, `false`, or a word that is neither.
    Plain(String),
}

/// The elements of a list such as `["a", "b"]` or `[1, -2]`.
pub(crate) fn elements(text: &str) -> Result<Vec<Element>, String> {
    let words = lex(text).map_err(|problem| match problem.help {
        Some(help) => format!("{}; {help}", problem.message),
        None => problem.message,
    })?;
    let mut words = words.into_iter().map(|(token, _)| token);
    let mut found = Vec::new();
    match words.next() {
        Some(Token::Symbol("[")) => {}
        _ => return Err(format!("expected a list such as `[1, 2]` or `[\"a\", \"b\"]`, found `{text}`")),
    }
    let mut word = words.next();
    while word != Some(Token::Symbol("]")) {
        found.push(match word {
            Some(Token::Text(text)) => Element::Quoted(text),
            Some(Token::Number(digits)) => Element::Plain(digits.to_owned()),
            Some(Token::Name(name)) => Element::Plain(name.to_owned()),
            Some(Token::Symbol("-")) => match words.next() {
                Some(Token::Number(digits)) => Element::Plain(format!("-{digits}")),
                other => return Err(unexpected("a number", other)),
            },
            other => return Err(unexpected("a value or `]`", other)),
        });
        word = match words.next() {
            Some(Token::Symbol(",")) => match words.next() {
                Some(Token::Symbol("]")) => return Err(unexpected("a value", Some(Token::Symbol("]")))),
                other => other,
            },
            Some(Token::Symbol("]")) => break,
            other => return Err(unexpected("`,` or `]`", other)),
        };
    }
    match words.next() {
        Some(Token::End) | None => Ok(found),
        other => Err(unexpected("the end of the list", other)),
    }
}

fn unexpected(expected: &str, found: Option<Token<'_>>) -> String {
    match found {
        None | Some(Token::End) => format!("expected {expected}, found the end of the list"),
        Some(token) => format!("expected {expected}, found {token}"),
    }
}
