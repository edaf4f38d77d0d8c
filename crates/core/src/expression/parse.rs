//! How the words of an expression belong together: precedence, grouping and the limits on both.
//!
//! From loose to tight: `?:`, `||`, `&&`, one comparison or `in`, `+ -`, `* / %`, `! -`. Comparisons do not chain, because C and
//! CEL read `a == b < c` differently and neither reads `a < b < c` as people do.

use super::ast::{Arithmetic, Comparison, Function, Kind, Node, Span};
use super::lex::{Token, lex};
use super::{ExpressionProblem, MAX_DEPTH, MAX_LENGTH};
use crate::definition::Unit;

/// The syntax tree of an expression, or the first thing in it that cannot be read.
pub(super) fn parse(source: &str) -> Result<Node, ExpressionProblem> {
    if source.len() > MAX_LENGTH {
        let message = format!("expected at most {MAX_LENGTH} bytes, found an expression of {}", source.len());
        return Err(ExpressionProblem::unreadable(0..1, message).help("split it into several steps with `assign`"));
    }
    let words = lex(source)?;
    let mut parser = Parser { words: &words, at: 0, depth: 0 };
    let node = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(node),
        _ => Err(parser.unexpected("an operator or the end of the expression")),
    }
}

/// Words that cannot be the name of a field.
pub(super) const RESERVED: [&str; 3] = ["true", "false", "in"];

struct Parser<'w, 's> {
    /// Never empty: the last word is [`Token::End`] and is not passed.
    words: &'w [(Token<'s>, Span)],
    at: usize,
    depth: usize,
}

/// What stands between the two sides of a condition.
enum Relation {
    Compare(Comparison),
    In,
}

type Parsed = Result<Node, ExpressionProblem>;

impl<'s> Parser<'_, 's> {
    fn expression(&mut self) -> Parsed {
        self.deeper(Self::conditional)
    }

    fn conditional(&mut self) -> Parsed {
        let condition = self.any()?;
        if !self.takes("?") {
            return Ok(condition);
        }
        let then = self.expression()?;
        self.expect(":", "`:` and the value when the condition does not hold")?;
        let otherwise = self.expression()?;
        let span = condition.span.to(otherwise.span);
        Ok(Node { kind: Kind::Conditional(Box::new([condition, then, otherwise])), span })
    }

    fn any(&mut self) -> Parsed {
        self.separated("||", Self::all, Kind::Any)
    }

    fn all(&mut self) -> Parsed {
        self.separated("&&", Self::comparison, Kind::All)
    }

    fn separated(&mut self, symbol: &str, part: fn(&mut Self) -> Parsed, kind: fn(Vec<Node>) -> Kind) -> Parsed {
        let first = part(self)?;
        let start = first.span;
        let mut parts = vec![first];
        while self.takes(symbol) {
            parts.push(part(self)?);
        }
        let span = start.to(self.last_span());
        match parts.pop() {
            Some(only) if parts.is_empty() => Ok(only),
            Some(last) => {
                parts.push(last);
                Ok(Node { kind: kind(parts), span })
            }
            None => Err(self.unexpected("a value")),
        }
    }

    fn comparison(&mut self) -> Parsed {
        let left = self.sum()?;
        let Some(relation) = self.relation() else { return Ok(left) };
        self.at += 1;
        let right = self.sum()?;
        if self.relation().is_some() {
            let help = "comparisons do not chain: write `a < b && b < c`, or parentheses as in `(a < b) == c`";
            return Err(self.unexpected("`&&`, `||` or the end of the expression").help(help));
        }
        let span = left.span.to(right.span);
        let sides = Box::new([left, right]);
        let kind = match relation {
            Relation::Compare(comparison) => Kind::Compare(comparison, sides),
            Relation::In => Kind::In(sides),
        };
        Ok(Node { kind, span })
    }

    fn relation(&self) -> Option<Relation> {
        match self.peek() {
            Token::Symbol(symbol) => Comparison::from_symbol(symbol).map(Relation::Compare),
            Token::Name("in") => Some(Relation::In),
            _ => None,
        }
    }

    fn sum(&mut self) -> Parsed {
        self.chain(Self::product, |operator| !operator.is_product())
    }

    fn product(&mut self) -> Parsed {
        self.chain(Self::unary, Arithmetic::is_product)
    }

    fn chain(&mut self, part: fn(&mut Self) -> Parsed, accept: fn(Arithmetic) -> bool) -> Parsed {
        let first = part(self)?;
        let mut rest = Vec::new();
        while let Some(operator) = self.arithmetic_symbol().filter(|operator| accept(*operator)) {
            self.at += 1;
            rest.push((operator, part(self)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        let span = first.span.to(self.last_span());
        Ok(Node { kind: Kind::Arithmetic(Box::new(first), rest), span })
    }

    fn arithmetic_symbol(&self) -> Option<Arithmetic> {
        match self.peek() {
            Token::Symbol(symbol) => Arithmetic::from_symbol(symbol),
            _ => None,
        }
    }

    fn unary(&mut self) -> Parsed {
        let start = self.span();
        if self.takes("!") {
            let inner = self.deeper(Self::unary)?;
            let span = start.to(inner.span);
            return Ok(Node { kind: Kind::Not(Box::new(inner)), span });
        }
        if !self.takes("-") {
            return self.primary();
        }
        // The sign belongs to the number that follows, or the least integer could not be written.
        if let Token::Number(digits) = self.peek() {
            return self.number(digits, start);
        }
        let inner = self.deeper(Self::unary)?;
        let span = start.to(inner.span);
        Ok(Node { kind: Kind::Negate(Box::new(inner)), span })
    }

    fn primary(&mut self) -> Parsed {
        let span = self.span();
        match self.peek().clone() {
            Token::Number(digits) => self.number(digits, span),
            Token::Text(text) => Ok(self.leaf(Kind::Text(text))),
            Token::Name("true") => Ok(self.leaf(Kind::Boolean(true))),
            Token::Name("false") => Ok(self.leaf(Kind::Boolean(false))),
            Token::Name(name) if !RESERVED.contains(&name) => self.field_or_call(name),
            Token::Symbol("(") => self.group(),
            Token::Symbol("[") => self.list(),
            _ => Err(self.unexpected("a field, a value or `(`")),
        }
    }

    fn leaf(&mut self, kind: Kind) -> Node {
        let span = self.span();
        self.at += 1;
        Node { kind, span }
    }

    fn group(&mut self) -> Parsed {
        let start = self.span();
        self.at += 1;
        let inner = self.expression()?;
        self.expect(")", "an operator or `)`")?;
        Ok(Node { kind: inner.kind, span: start.to(self.last_span()) })
    }

    fn list(&mut self) -> Parsed {
        let start = self.span();
        self.at += 1;
        let elements = self.until("]", "`,` or `]`")?;
        Ok(Node { kind: Kind::List(elements), span: start.to(self.last_span()) })
    }

    fn field_or_call(&mut self, name: &str) -> Parsed {
        let leaf = self.leaf(Kind::Field(name.into()));
        if !self.takes("(") {
            return Ok(leaf);
        }
        let arguments = self.until(")", "`,` or `)`")?;
        let kind = Kind::Call(Function::named(name), name.into(), arguments);
        Ok(Node { kind, span: leaf.span.to(self.last_span()) })
    }

    /// Expressions with commas between them, and what closes them.
    fn until(&mut self, closing: &'static str, expected: &str) -> Result<Vec<Node>, ExpressionProblem> {
        let mut parts = Vec::new();
        if *self.peek() != Token::Symbol(closing) {
            parts.push(self.expression()?);
            while self.takes(",") {
                parts.push(self.expression()?);
            }
        }
        self.expect(closing, expected)?;
        Ok(parts)
    }

    /// The number under the cursor, negative when `start` is the place of a sign before it.
    fn number(&mut self, digits: &str, start: Span) -> Parsed {
        let span = start.to(self.span());
        let signed = if start == self.span() { digits.to_owned() } else { format!("-{digits}") };
        let kind = if digits.contains('.') {
            signed.parse().map(Kind::Decimal)
        } else {
            let range = || format!("expected an integer between {} and {}, found `{signed}`", i64::MIN, i64::MAX);
            signed.parse().map(Kind::Integer).map_err(|_| range())
        };
        let kind = kind.map_err(|message| ExpressionProblem::unreadable(span.into(), message))?;
        self.at += 1;
        Ok(Node { kind, span })
    }

    /// One level further in; the bound keeps hostile expressions from exhausting the stack, here and in all that walk
    /// the tree.
    fn deeper(&mut self, part: fn(&mut Self) -> Parsed) -> Parsed {
        if self.depth == MAX_DEPTH {
            let message = format!("expected at most {MAX_DEPTH} levels of nesting, found more");
            let problem = ExpressionProblem::unreadable(self.span().into(), message);
            return Err(problem.help("split it into several steps with `assign`"));
        }
        self.depth += 1;
        let node = part(self);
        self.depth -= 1;
        node
    }

    fn takes(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(found) if *found == symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &str, expected: &str) -> Result<(), ExpressionProblem> {
        if self.takes(symbol) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    fn unexpected(&self, expected: &str) -> ExpressionProblem {
        let found = self.peek();
        let problem = ExpressionProblem::unreadable(self.span().into(), format!("expected {expected}, found {found}"));
        let before = self.at.checked_sub(1).and_then(|before| self.words.get(before)).map(|(token, _)| token);
        match (before, found) {
            (_, Token::Name("and" | "AND")) => problem.help("did you mean `&&`?"),
            (_, Token::Name("or" | "OR")) => problem.help("did you mean `||`?"),
            (_, Token::Name("not" | "NOT")) => problem.help("put `!` in front, as in `!(x in [1, 2])`"),
            (Some(Token::Number(number)), Token::Name(unit)) if Unit::from_suffix(unit).is_some() => {
                problem.help(&format!("a length of time stands in quotes: `\"{number} {unit}\"`"))
            }
            (Some(Token::Name("not" | "NOT")), _) => problem.help("did you mean `!`?"),
            (Some(Token::Symbol("<")), Token::Symbol(">")) => problem.help("did you mean `!=`?"),
            _ => problem,
        }
    }

    fn peek(&self) -> &Token<'s> {
        self.words.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn span(&self) -> Span {
        let last = self.words.len() - 1;
        self.words[self.at.min(last)].1
    }

    /// The place of the word before the cursor.
    fn last_span(&self) -> Span {
        self.words[self.at.saturating_sub(1)].1
    }
}
