//! What an expression says, as one tree without types and places: for whoever reasons about it instead of evaluating it.

use std::sync::Arc;

use super::Compiled;
use super::ast::{Arithmetic, Comparison};
use super::eval::{Amount, Boolean, Chain, Choice, Computed, List, Measure, Moved, OfDuration, OfInteger};
use super::eval::{Text, Typed, Words};
use crate::time::{Date, Duration};
use crate::value::{Decimal, Value};

/// A part of an expression. Two parts are equal where they say the same, wherever they stand.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// A value.
    Constant(Value),
    /// The value of the field in that slot.
    Field(u16),
    /// Whether the field in that slot has a value.
    Has(u16),
    /// The opposite of a condition.
    Not(Box<Part>),
    /// Whether all conditions hold, asked from the left and no further than needed.
    All(Vec<Part>),
    /// Whether one condition holds, asked from the left and no further than needed.
    Any(Vec<Part>),
    /// Whether two values of one type compare so.
    Compare(Comparison, Box<[Part; 2]>),
    /// Whether a value is in a list.
    In(Box<[Part; 2]>),
    /// Whether a text holds another.
    Contains(Box<[Part; 2]>),
    /// A condition, what counts where it holds, and what counts where it does not.
    Conditional(Box<[Part; 3]>),
    /// The opposite of a number or a duration.
    Negated(Box<Part>),
    /// Operators applied from the left. Of the type of the first side: a day moves by durations, a duration is multiplied
    /// and divided by integers.
    Chain(Box<Part>, Vec<(Arithmetic, Part)>),
    /// The lesser of two.
    Least(Box<[Part; 2]>),
    /// The greater of two.
    Greatest(Box<[Part; 2]>),
    /// An integer, or a list of them, where decimals are wanted.
    Widened(Box<Part>),
    /// A choice, or a list of them, by name; with all names.
    Named(Box<Part>, Arc<[Arc<str>]>),
    /// The days from the first day to the second, an integer.
    DaysBetween(Box<[Part; 2]>),
    /// The duration from the second day to the first.
    Between(Box<[Part; 2]>),
    /// How many characters a text has, or values a list.
    Length(Box<Part>),
    /// Texts one behind the other.
    Joined(Vec<Part>),
    /// A list of these.
    List(Vec<Part>),
}

impl Compiled {
    /// What it says, part by part.
    ///
    /// ```
    /// use grieta_core::definition::{Expression, Field, Type};
    /// use grieta_core::expression::{Comparison, Part, Schema};
    /// let data = [("attempts".to_owned(), Field::of(Type::Integer))].into_iter().collect();
    /// let schema = Schema::new(&data).expect("few fields");
    /// let guard = Expression::compile_guard("attempts >= 6", &schema).expect("a condition");
    /// let sides = [Part::Field(0), Part::Constant(6.into())];
    /// assert_eq!(guard.parts(), Part::Compare(Comparison::GreaterOrEqual, Box::new(sides)));
    /// ```
    pub fn parts(&self) -> Part {
        Part::from(&self.typed)
    }
}

impl Part {
    /// The parts it is made of.
    pub fn children(&self) -> Vec<&Part> {
        match self {
            Part::Not(inner)
            | Part::Negated(inner)
            | Part::Widened(inner)
            | Part::Named(inner, _)
            | Part::Length(inner) => {
                vec![inner]
            }
            Part::All(parts) | Part::Any(parts) | Part::Joined(parts) | Part::List(parts) => parts.iter().collect(),
            Part::Compare(_, sides)
            | Part::In(sides)
            | Part::Contains(sides)
            | Part::Least(sides)
            | Part::Greatest(sides)
            | Part::DaysBetween(sides)
            | Part::Between(sides) => sides.iter().collect(),
            Part::Conditional(parts) => parts.iter().collect(),
            Part::Chain(first, rest) => std::iter::once(&**first).chain(rest.iter().map(|(_, part)| part)).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it asks somewhere whether the field in that slot has a value.
    pub fn asks_for(&self, slot: u16) -> bool {
        *self == Part::Has(slot) || self.children().into_iter().any(|part| part.asks_for(slot))
    }
}

fn boxed<'a, T>(part: &'a T) -> Box<Part>
where
    Part: From<&'a T>,
{
    Box::new(part.into())
}

fn two<'a, T>([a, b]: &'a [T; 2]) -> Box<[Part; 2]>
where
    Part: From<&'a T>,
{
    Box::new([a.into(), b.into()])
}

fn each<'a, T>(parts: &'a [T]) -> Vec<Part>
where
    Part: From<&'a T>,
{
    parts.iter().map(Part::from).collect()
}

fn conditional<'a, T>((condition, then, otherwise): &'a (Boolean, T, T)) -> Part
where
    Part: From<&'a T>,
{
    Part::Conditional(Box::new([condition.into(), then.into(), otherwise.into()]))
}

impl From<&Typed> for Part {
    fn from(typed: &Typed) -> Part {
        match typed {
            Typed::Boolean(tree) => tree.into(),
            Typed::Integer(tree) => tree.into(),
            Typed::Decimal(tree) => tree.into(),
            Typed::Text(tree) => tree.into(),
            Typed::Choice(tree) => tree.into(),
            Typed::Date(tree) => tree.into(),
            Typed::Duration(tree) => tree.into(),
            Typed::List(_, tree) => tree.into(),
        }
    }
}

impl From<&Boolean> for Part {
    fn from(tree: &Boolean) -> Part {
        let equality = |equal: bool| if equal { Comparison::Equal } else { Comparison::NotEqual };
        match tree {
            Boolean::Constant(value) => Part::Constant((*value).into()),
            Boolean::Field(slot) => Part::Field(*slot),
            Boolean::Has(slot) => Part::Has(*slot),
            Boolean::Not(inner) => Part::Not(boxed(&**inner)),
            Boolean::All(parts) => Part::All(each(parts)),
            Boolean::Any(parts) => Part::Any(each(parts)),
            Boolean::Booleans { equal, sides } => Part::Compare(equality(*equal), two(sides)),
            Boolean::Integers(comparison, sides) => Part::Compare(*comparison, two(sides)),
            Boolean::Decimals(comparison, sides) => Part::Compare(*comparison, two(sides)),
            Boolean::Dates(comparison, sides) => Part::Compare(*comparison, two(sides)),
            Boolean::Durations(comparison, sides) => Part::Compare(*comparison, two(sides)),
            Boolean::Texts(comparison, sides) => Part::Compare(*comparison, two(sides)),
            Boolean::Choices { equal, sides } => Part::Compare(equality(*equal), two(sides)),
            Boolean::Lists { equal, sides } => Part::Compare(equality(*equal), two(sides)),
            Boolean::In(sides) => Part::In(Box::new([(&sides.0).into(), (&sides.1).into()])),
            Boolean::Contains(sides) => Part::Contains(two(sides)),
            Boolean::Conditional(parts) => conditional(parts),
        }
    }
}

/// A type of amounts whose own trees and constants can be told.
trait Told: Measure + Into<Value> {
    fn told(own: &Self::Own) -> Part;
}

impl Told for i64 {
    fn told(own: &OfInteger) -> Part {
        match own {
            OfInteger::Characters(text) => Part::Length(boxed(text)),
            OfInteger::Elements(list) => Part::Length(boxed(list)),
            OfInteger::DaysBetween(days) => Part::DaysBetween(two(days)),
        }
    }
}

impl Told for Decimal {
    fn told(own: &Amount<i64>) -> Part {
        Part::Widened(boxed(own))
    }
}

impl Told for Duration {
    fn told(own: &OfDuration) -> Part {
        match own {
            OfDuration::Between(days) => Part::Between(two(days)),
            OfDuration::Scaled(first, rest) => {
                let rest = rest.iter().map(|(operator, factor, _)| (*operator, factor.into())).collect();
                Part::Chain(boxed(first), rest)
            }
        }
    }
}

impl Told for Date {
    fn told(Moved { day, by }: &Moved) -> Part {
        Part::Chain(boxed(day), by.iter().map(|(operator, by, _)| (*operator, by.into())).collect())
    }
}

impl<T: Told> From<&Amount<T>> for Part {
    fn from(amount: &Amount<T>) -> Part {
        let computed = match amount {
            Amount::Constant(value) => return Part::Constant((*value).into()),
            Amount::Field(slot) => return Part::Field(*slot),
            Amount::Computed(computed) => &**computed,
        };
        match computed {
            Computed::Negated(inner, _) => Part::Negated(boxed(inner)),
            Computed::Chain(Chain { first, rest }) => {
                Part::Chain(boxed(first), rest.iter().map(|(operator, term, _)| (*operator, term.into())).collect())
            }
            Computed::Least(sides) => Part::Least(two(sides)),
            Computed::Greatest(sides) => Part::Greatest(two(sides)),
            Computed::Conditional(parts) => conditional(parts),
            Computed::Own(own) => T::told(own),
        }
    }
}

impl From<&Text> for Part {
    fn from(text: &Text) -> Part {
        let words = match text {
            Text::Constant(text) => return Part::Constant(Value::Text(Arc::clone(text))),
            Text::Field(slot) => return Part::Field(*slot),
            Text::Computed(words) => &**words,
        };
        match words {
            Words::Name(choice, names, _) => Part::Named(boxed(choice), Arc::clone(names)),
            Words::Joined(parts, _) => Part::Joined(each(parts)),
            Words::Conditional(parts) => conditional(parts),
        }
    }
}

impl From<&Choice> for Part {
    fn from(choice: &Choice) -> Part {
        match choice {
            Choice::Constant(index) => Part::Constant(Value::Choice(*index)),
            Choice::Field(slot) => Part::Field(*slot),
            Choice::Conditional(parts) => conditional(parts),
        }
    }
}

impl From<&List> for Part {
    fn from(list: &List) -> Part {
        match list {
            List::Constant(values) => Part::List(values.iter().cloned().map(Part::Constant).collect()),
            List::Field(slot) => Part::Field(*slot),
            List::Of(parts, _) => Part::List(each(parts)),
            List::Widened(list, _) => Part::Widened(boxed(&**list)),
            List::Names(list, names, _) => Part::Named(boxed(&**list), Arc::clone(names)),
            List::Conditional(parts) => conditional(parts),
        }
    }
}
