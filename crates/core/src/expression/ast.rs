//! What an expression says: its syntax tree, before anything is known about types.

use std::ops::Range;
use std::sync::Arc;

use crate::value::Decimal;

/// A part of an expression with the place where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub kind: Kind,
    pub span: Span,
}

/// What a part of an expression is.
///
/// Operators of one level that follow each other form one flat node, so that a long sum is not a deep tree.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Boolean(bool),
    Integer(i64),
    Decimal(Decimal),
    Text(Arc<str>),
    Field(Arc<str>),
    Not(Box<Node>),
    Negate(Box<Node>),
    Arithmetic(Box<Node>, Vec<(Arithmetic, Node)>),
    Compare(Comparison, Box<[Node; 2]>),
    /// A value, and the list that may hold it.
    In(Box<[Node; 2]>),
    List(Vec<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    /// Condition, value if it holds, value otherwise.
    Conditional(Box<[Node; 3]>),
    /// `None` when no function has the name.
    Call(Option<Function>, Arc<str>, Vec<Node>),
}

/// An operator that makes a value of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

/// An operator that compares two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A function of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Has,
    Min,
    Max,
    Length,
    Contains,
    DaysBetween,
}

impl Node {
    /// The parts directly below, in the order of the text.
    pub fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Boolean(_) | Kind::Integer(_) | Kind::Decimal(_) | Kind::Text(_) | Kind::Field(_) => Vec::new(),
            Kind::Not(inner) | Kind::Negate(inner) => vec![inner],
            Kind::Arithmetic(first, rest) => {
                std::iter::once(&**first).chain(rest.iter().map(|(_, term)| term)).collect()
            }
            Kind::Compare(_, sides) | Kind::In(sides) => sides.iter().collect(),
            Kind::Conditional(parts) => parts.iter().collect(),
            Kind::List(parts) | Kind::All(parts) | Kind::Any(parts) | Kind::Call(_, _, parts) => parts.iter().collect(),
        }
    }
}

impl Arithmetic {
    /// The operator with that symbol.
    pub fn from_symbol(symbol: &str) -> Option<Arithmetic> {
        Some(match symbol {
            "+" => Arithmetic::Add,
            "-" => Arithmetic::Subtract,
            "*" => Arithmetic::Multiply,
            "/" => Arithmetic::Divide,
            "%" => Arithmetic::Remainder,
            _ => return None,
        })
    }

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::Remainder => "%",
        }
    }

    /// True for the operators that bind as tightly as multiplication.
    pub fn is_product(self) -> bool {
        !matches!(self, Arithmetic::Add | Arithmetic::Subtract)
    }
}

impl Comparison {
    /// The comparison with that symbol.
    pub fn from_symbol(symbol: &str) -> Option<Comparison> {
        Some(match symbol {
            "==" => Comparison::Equal,
            "!=" => Comparison::NotEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => return None,
        })
    }

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }

    /// True for comparisons that need no order of the values.
    pub fn is_equality(self) -> bool {
        matches!(self, Comparison::Equal | Comparison::NotEqual)
    }
}

impl Function {
    /// The names of all functions.
    pub const NAMES: [&'static str; 6] = ["has", "min", "max", "length", "contains", "days_between"];

    /// The function with that name.
    pub fn named(name: &str) -> Option<Function> {
        Some(match name {
            "has" => Function::Has,
            "min" => Function::Min,
            "max" => Function::Max,
            "length" => Function::Length,
            "contains" => Function::Contains,
            "days_between" => Function::DaysBetween,
            _ => return None,
        })
    }

    /// What to write instead of a name that other languages have.
    pub fn remedy(name: &str) -> Option<&'static str> {
        match name {
            "size" | "len" | "count" => Some("`length` tells how long a text or a list is"),
            "concat" | "join" => Some("texts are joined with `+`"),
            "date" | "duration" => Some("a text in quotes is a date or a duration wherever one is wanted"),
            _ => None,
        }
    }

    /// How it is written, for messages.
    pub fn usage(self) -> &'static str {
        match self {
            Function::Has => "has(field)",
            Function::Min => "min(a, b)",
            Function::Max => "max(a, b)",
            Function::Length => "length(text or list)",
            Function::Contains => "contains(text or list, part)",
            Function::DaysBetween => "days_between(from, to)",
        }
    }

    /// How many arguments it takes.
    pub fn arity(self) -> usize {
        match self {
            Function::Has | Function::Length => 1,
            Function::Min | Function::Max | Function::Contains | Function::DaysBetween => 2,
        }
    }
}

/// A range of bytes of the expression text. Texts are shorter than 64 kB, so 32 bits hold every offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// From the beginning of one to the end of the other.
    pub fn to(self, end: Span) -> Span {
        Span { start: self.start, end: end.end }
    }

    /// The text that is meant.
    pub fn of(self, source: &str) -> &str {
        source.get(Range::from(self)).unwrap_or(source)
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Range<usize> {
        span.start as usize..span.end as usize
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        Span { start: range.start as u32, end: range.end as u32 }
    }
}
