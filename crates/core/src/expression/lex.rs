//! Which words an expression consists of.

use std::fmt;
use std::sync::Arc;

use super::ExpressionProblem;
use super::ast::Span;

/// A word of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'s> {
    /// Digits, perhaps with a point and more digits.
    Number(&'s str),
    /// A text in quotes, without them and with escapes resolved.
    Text(Arc<str>),
    /// A field, a function or a reserved word.
    Name(&'s str),
    /// An operator, a parenthesis, a bracket or a comma.
    Symbol(&'static str),
    /// After the last word.
    End,
}

/// Longer symbols stand before those they begin with.
const SYMBOLS: [&str; 21] =
    ["||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", "(", ")", "[", "]", ","];

/// The words of an expression with their places; the last one is [`Token::End`].
pub(super) fn lex(source: &str) -> Result<Vec<(Token<'_>, Span)>, ExpressionProblem> {
    let mut words = Vec::new();
    let mut at = 0;
    loop {
        at += source[at..].len() - source[at..].trim_start().len();
        let Some(first) = source[at..].chars().next() else {
            words.push((Token::End, Span::from(source.len()..source.len())));
            return Ok(words);
        };
        let (token, length) = match first {
            '0'..='9' => number(source, at)?,
            '"' => text(source, at)?,
            c if is_name_character(c) => name(source, at),
            c => symbol(source, at).ok_or_else(|| stray(source, at, c))?,
        };
        words.push((token, Span::from(at..at + length)));
        at += length;
    }
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn name(source: &str, at: usize) -> (Token<'_>, usize) {
    let length = run(&source[at..], is_name_character);
    (Token::Name(&source[at..at + length]), length)
}

fn symbol(source: &str, at: usize) -> Option<(Token<'_>, usize)> {
    let symbol = SYMBOLS.into_iter().find(|symbol| source[at..].starts_with(symbol))?;
    Some((Token::Symbol(symbol), symbol.len()))
}

fn number(source: &str, at: usize) -> Result<(Token<'_>, usize), ExpressionProblem> {
    let rest = &source[at..];
    let whole = run(rest, |c| c.is_ascii_digit());
    let places = match rest[whole..].strip_prefix('.') {
        Some(fraction) => 1 + run(fraction, |c| c.is_ascii_digit()),
        None => 0,
    };
    let length = whole + places;
    let tail = run(&rest[length..], |c| is_name_character(c) || c == '.');
    if places == 1 || tail > 0 {
        let found = &rest[..length + tail];
        let message = format!("expected a number such as `12` or `0.5`, found `{found}`");
        let problem = ExpressionProblem::unreadable(at..at + found.len(), message);
        return Err(match crate::definition::Unit::from_suffix(&found[length..]) {
            Some(_) => problem.help(&format!("a length of time stands in quotes: `\"{found}\"`")),
            None => problem,
        });
    }
    Ok((Token::Number(&rest[..length]), length))
}

/// A text in double quotes, with `\"`, `\\`, `\n` and `\t` as escapes.
fn text(source: &str, at: usize) -> Result<(Token<'_>, usize), ExpressionProblem> {
    let mut value = String::new();
    let mut characters = source[at..].char_indices().skip(1);
    while let Some((offset, c)) = characters.next() {
        match c {
            '"' => return Ok((Token::Text(value.into()), offset + 1)),
            '\\' => match characters.next() {
                Some((_, escaped @ ('"' | '\\'))) => value.push(escaped),
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                Some((_, other)) => {
                    let place = at + offset..at + offset + 1 + other.len_utf8();
                    let message = format!(r#"expected `\"`, `\\`, `\n` or `\t`, found `\{other}`"#);
                    return Err(ExpressionProblem::unreadable(place, message).help(r"write a backslash as `\\`"));
                }
                None => break,
            },
            c => value.push(c),
        }
    }
    let message = "expected a text to end with `\"`, found the end of the expression";
    Err(ExpressionProblem::unreadable(at..source.len(), message))
}

/// A character that begins no word, with the remedy for the usual slips.
fn stray(source: &str, at: usize, c: char) -> ExpressionProblem {
    let help = match c {
        '=' if source[at..].starts_with("=<") => "did you mean `<=`?",
        '=' if source[at..].starts_with("=>") => "did you mean `>=`?",
        '=' => "did you mean `==`?",
        '&' => "did you mean `&&`?",
        '|' => "did you mean `||`?",
        '\'' | '‘' | '’' | '“' | '”' | '«' => "texts stand in straight double quotes, as in `\"gold\"`",
        '≤' => "did you mean `<=`?",
        '≥' => "did you mean `>=`?",
        '≠' => "did you mean `!=`?",
        '^' => "there is no power operator; multiply",
        '{' => "lists stand in brackets, as in `[1, 2]`",
        '.' => "fields have no parts; a number begins with a digit, as in `0.5`",
        c if c.is_alphabetic() => {
            "fields are named with letters a–z, digits and underscores; texts stand in double quotes"
        }
        _ => "the operators are || && ! == != < <= > >= + - * / % ? :",
    };
    let message = format!("expected a field, a value or an operator, found `{c}`");
    ExpressionProblem::unreadable(at..at + c.len_utf8(), message).help(help)
}

/// How many bytes from the beginning consist of such characters.
fn run(text: &str, accept: impl Fn(char) -> bool) -> usize {
    text.find(|c| !accept(c)).unwrap_or(text.len())
}

impl fmt::Display for Token<'_> {
    /// As a message names it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Number(word) | Token::Name(word) => write!(f, "`{word}`"),
            Token::Symbol(word) => write!(f, "`{word}`"),
            Token::Text(_) => f.write_str("a text in quotes"),
            Token::End => f.write_str("the end of the expression"),
        }
    }
}
