//! The language of guards and assignments: small, total, typed when the definition is read, evaluated in nanoseconds.
//!
//! ```
//! use grieta_core::definition::{Expression, Field, Type};
//! use grieta_core::expression::Schema;
//! use grieta_core::value::Value;
//!
//! let data = [("attempts".to_owned(), Field::of(Type::Integer))].into_iter().collect();
//! let schema = Schema::new(&data).expect("few fields");
//! let guard = Expression::compile_guard("attempts + 1 >= 6", &schema).expect("a condition over integers");
//! assert_eq!(guard.holds(&[Value::Integer(5)][..]), Ok(true));
//! assert!(guard.holds(&[Value::Absent][..]).is_err());
//! ```
//!
//! A text in quotes is a date, a duration or a value of a choice wherever one is wanted:
//!
//! ```
//! # use grieta_core::definition::{Expression, Field, Type};
//! # use grieta_core::expression::Schema;
//! # use grieta_core::value::Value;
//! let data = [("due".to_owned(), Field::of(Type::Date)), ("tier".to_owned(), Field::choice(["low", "gold"]))];
//! let schema = Schema::new(&data.into_iter().collect()).expect("few fields");
//! let guard = r#"due + "14 d" <= "2027-01-07" && tier in ["gold"]"#;
//! let guard = Expression::compile_guard(guard, &schema).expect("a condition");
//! let due = grieta_core::Date::from_ymd(2026, 12, 24).expect("a day of December");
//! assert_eq!(guard.holds(&[due.into(), Value::Choice(1)][..]), Ok(true));
//!
//! let problems = Expression::compile_guard(r#"due < "tomorrow""#, &schema).expect_err("no date");
//! assert_eq!(problems[0].message, "expected a day such as `2026-12-24`, found `tomorrow`");
//! assert_eq!(problems[0].range, 6..16);
//! ```

mod ast;
mod check;
mod comparisons;
mod eval;
mod lex;
mod literal;
mod parse;
mod schema;
#[cfg(test)]
mod tests;
mod view;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

pub use ast::{Arithmetic, Comparison};
pub use eval::{Lookup, Overlay};
pub(crate) use literal::{Element, elements};
pub use schema::Schema;
pub use view::Part;

use check::Purpose;
use eval::{Fault, Typed};

use crate::definition::{Expression, Type};
use crate::diagnostic::{Code, Path, Problem};
use crate::time::Date;
use crate::value::Value;

/// The longest expression that is accepted, in bytes.
pub const MAX_LENGTH: usize = 64 * 1024;

/// How deeply parentheses, signs, conditions and functions may be nested.
pub const MAX_DEPTH: usize = 64;

/// True for words of the language that cannot name a data field, because an expression could not mention it.
pub fn is_reserved(name: &str) -> bool {
    parse::RESERVED.contains(&name)
}

impl Expression {
    /// Reads and checks an expression of any type.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text.
    pub fn compile(source: &str, schema: &Schema) -> Result<Compiled, Vec<ExpressionProblem>> {
        Compiled::new(source, schema, Purpose::Value)
    }

    /// Reads and checks a condition, for [`Compiled::holds`].
    ///
    /// # Errors
    /// As [`Expression::compile`], and when the expression is not boolean.
    pub fn compile_guard(source: &str, schema: &Schema) -> Result<Compiled, Vec<ExpressionProblem>> {
        Compiled::new(source, schema, Purpose::Guard)
    }

    /// Reads and checks a date. A day alone needs no quotes there: nobody means the difference of `2026-12-24`.
    ///
    /// # Errors
    /// As [`Expression::compile`], and when the expression is no date.
    pub fn compile_date(source: &str, schema: &Schema) -> Result<Compiled, Vec<ExpressionProblem>> {
        match source.trim().parse::<Date>() {
            Ok(day) => Compiled::new(&format!("\"{day}\""), schema, Purpose::Date),
            Err(_) => Compiled::new(source, schema, Purpose::Date),
        }
    }

    /// Reads and checks what another case is given, which knows nothing of our fields: a choice becomes a text.
    ///
    /// # Errors
    /// As [`Expression::compile`].
    pub fn compile_for_others(source: &str, schema: &Schema) -> Result<Compiled, Vec<ExpressionProblem>> {
        Compiled::new(source, schema, Purpose::Others)
    }

    /// Reads and checks what is assigned to the field in `slot`: its value has the type of the field. An integer becomes
    /// a decimal, a choice a text, and a text in quotes a choice, a date or a duration where the field is one.
    ///
    /// # Errors
    /// As [`Expression::compile`], and when the field cannot hold the value.
    pub fn compile_assignment(source: &str, schema: &Schema, slot: u16) -> Result<Compiled, Vec<ExpressionProblem>> {
        Compiled::new(source, schema, Purpose::Field(slot))
    }
}

/// An expression that has been checked and can be evaluated.
#[derive(Debug, Clone)]
pub struct Compiled {
    typed: Typed,
    source: Arc<str>,
    reads: Box<[u16]>,
    /// The names of the fields in `reads`, for messages.
    names: Box<[Arc<str>]>,
}

impl Compiled {
    fn new(source: &str, schema: &Schema, purpose: Purpose) -> Result<Compiled, Vec<ExpressionProblem>> {
        let node = parse::parse(source).map_err(|problem| vec![problem.in_characters(source)])?;
        let (typed, reads) = check::check(&node, schema, purpose).map_err(|problems| {
            problems.into_iter().map(|problem| problem.in_characters(source)).collect::<Vec<_>>()
        })?;
        let names = reads.iter().filter_map(|slot| schema.name(*slot).cloned()).collect();
        Ok(Compiled { typed, source: source.into(), reads: reads.into(), names })
    }

    /// The type of its values.
    pub fn result_type(&self) -> Type {
        match self.typed {
            Typed::Boolean(_) => Type::Boolean,
            Typed::Integer(_) => Type::Integer,
            Typed::Decimal(_) => Type::Decimal,
            Typed::Text(_) => Type::Text,
            Typed::Choice(_) => Type::Choice,
            Typed::Date(_) => Type::Date,
            Typed::Duration(_) => Type::Duration,
            Typed::List(of, _) => Type::List(of),
        }
    }

    /// The slots of all fields it mentions, ascending.
    pub fn reads(&self) -> &[u16] {
        &self.reads
    }

    /// The text it was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Its value for these data.
    ///
    /// # Errors
    /// When a field that is needed is absent, or the result cannot be represented.
    pub fn eval(&self, data: &(impl Lookup + ?Sized)) -> Result<Value, EvalError> {
        self.typed.eval(data).map_err(|fault| self.explain(fault))
    }

    /// Its value where that is the same for all data, as far as one sees without computing.
    pub fn constant(&self) -> Option<Value> {
        self.typed.constant()
    }

    /// Whether it is true for these data.
    ///
    /// # Errors
    /// As [`Compiled::eval`], and when it is not a condition, which [`Expression::compile_guard`] makes sure of.
    #[inline]
    pub fn holds(&self, data: &(impl Lookup + ?Sized)) -> Result<bool, EvalError> {
        match &self.typed {
            Typed::Boolean(tree) => tree.eval(data).map_err(|fault| self.explain(fault)),
            _ => Err(EvalError::NotACondition { expression: Arc::clone(&self.source) }),
        }
    }

    #[cold]
    fn explain(&self, fault: Fault) -> EvalError {
        let expression = Arc::clone(&self.source);
        let name = |slot| match self.reads.binary_search(&slot).ok().and_then(|position| self.names.get(position)) {
            Some(name) => Arc::clone(name),
            None => format!("#{slot}").into(),
        };
        match fault {
            Fault::Absent(slot) => EvalError::Absent { expression, field: name(slot) },
            Fault::Mistyped(slot) => EvalError::Mistyped { expression, field: name(slot) },
            Fault::Overflow(span) => EvalError::Overflow { part: span.of(&expression).into(), expression },
            Fault::DivisionByZero(span) => EvalError::DivisionByZero { part: span.of(&expression).into(), expression },
            Fault::TooLong(span) => EvalError::TooLong { part: span.of(&expression).into(), expression },
            Fault::PartOfADay(span) => EvalError::PartOfADay { part: span.of(&expression).into(), expression },
            Fault::OutsideTheYears(span) => {
                EvalError::OutsideTheYears { part: span.of(&expression).into(), expression }
            }
        }
    }
}

impl fmt::Display for Compiled {
    /// The text it was read from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

/// Something wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionProblem {
    /// [`Code::InvalidExpression`], [`Code::TypeMismatch`] or [`Code::UnknownField`].
    pub code: Code,
    /// What was expected and what was found.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Which characters of the expression are meant, counted from 0. Empty at the end of the text.
    pub range: Range<usize>,
    /// The data fields whose declared types decide; a few at the most.
    pub fields: Vec<Arc<str>>,
}

impl ExpressionProblem {
    /// A problem of reading, with a range of bytes.
    fn unreadable(range: Range<usize>, message: impl Into<String>) -> ExpressionProblem {
        ExpressionProblem {
            code: Code::InvalidExpression,
            message: message.into(),
            help: None,
            range,
            fields: Vec::new(),
        }
    }

    /// The same as a problem of the definition in which the expression stands there, with the declarations of the fields
    /// that decide.
    pub(crate) fn at(self, path: &Path) -> Problem {
        let problem = Problem::error(self.code, path.clone(), self.message).maybe_help(self.help);
        self.fields
            .iter()
            .fold(Problem { range: Some(self.range), ..problem }, |problem, field| problem.declared(field))
    }

    fn help(mut self, help: &str) -> ExpressionProblem {
        self.help = Some(help.to_owned());
        self
    }

    fn in_characters(mut self, source: &str) -> ExpressionProblem {
        let characters = |bytes: usize| source.char_indices().take_while(|(at, _)| *at < bytes).count();
        self.range = characters(self.range.start)..characters(self.range.end);
        self
    }
}

/// Why an expression has no value for the data at hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// A field that is needed has no value.
    #[error("`{expression}` needs a value of `{field}`, which is absent; set it before, or ask with `has({field})`")]
    Absent {
        /// The whole expression.
        expression: Arc<str>,
        /// The absent field.
        field: Arc<str>,
    },
    /// A number or a duration leaves the range of its type.
    #[error(
        "`{part}` in `{expression}` is too large; an integer has 64 bits, a decimal 29 digits before the point, \
         a duration 292,000 years"
    )]
    Overflow {
        /// The whole expression.
        expression: Arc<str>,
        /// The part that overflows.
        part: Arc<str>,
    },
    /// A division or remainder by zero.
    #[error("`{part}` in `{expression}` divides by zero; guard it with a condition such as `x != 0 ? … : …`")]
    DivisionByZero {
        /// The whole expression.
        expression: Arc<str>,
        /// The part that divides.
        part: Arc<str>,
    },
    /// A text, or the texts of a list, would be longer than 64 KiB.
    #[error("`{part}` in `{expression}` is too long; a text may be joined up to 65,536 bytes")]
    TooLong {
        /// The whole expression.
        expression: Arc<str>,
        /// The part that is too long.
        part: Arc<str>,
    },
    /// A day is moved by a duration that is not of whole days.
    #[error("`{part}` in `{expression}` moves a date by a part of a day; a date has no time of day, use whole days")]
    PartOfADay {
        /// The whole expression.
        expression: Arc<str>,
        /// The part that moves the date.
        part: Arc<str>,
    },
    /// A day would lie outside the years that can be named.
    #[error("`{part}` in `{expression}` lies outside the years 0001 to 9999")]
    OutsideTheYears {
        /// The whole expression.
        expression: Arc<str>,
        /// The part that leaves the years.
        part: Arc<str>,
    },
    /// The data hold a value of another type than the field declares.
    #[error("`{expression}` needs `{field}` as it is declared, but the data hold a value of another type")]
    Mistyped {
        /// The whole expression.
        expression: Arc<str>,
        /// The field in question.
        field: Arc<str>,
    },
    /// Asked whether it holds, though it is no condition.
    #[error("`{expression}` is neither true nor false; a condition was expected")]
    NotACondition {
        /// The whole expression.
        expression: Arc<str>,
    },
}
