//! What a checked expression evaluates to.
//!
//! There is one kind of tree per type, so nothing is asked about types while evaluating and no intermediate value is
//! built: a guard over numbers touches the data and the tree, and allocates nothing.

use std::cmp::Ordering;
use std::sync::Arc;

use super::ast::{Arithmetic, Comparison, Span};
use crate::index::FieldIx;
use crate::value::{Decimal, Value};

/// Where an expression finds the values of the fields.
pub trait Lookup {
    /// The value in a slot; [`Value::Absent`] for a slot that is not there.
    fn value(&self, slot: u16) -> &Value;
}

impl Lookup for [Value] {
    #[inline]
    fn value(&self, slot: u16) -> &Value {
        self.get(usize::from(slot)).unwrap_or(&Value::Absent)
    }
}

/// The data of a case as they will be once these values are written.
#[derive(Debug, Clone, Copy)]
pub struct Overlay<'a> {
    /// The data as they are.
    pub data: &'a [Value],
    /// Fields and their new values.
    pub pending: &'a [(FieldIx, Value)],
}

impl Lookup for Overlay<'_> {
    #[inline]
    fn value(&self, slot: u16) -> &Value {
        let pending = self.pending.iter().rev().find(|(field, _)| field.0 == slot);
        pending.map_or_else(|| self.data.value(slot), |(_, value)| value)
    }
}

impl Lookup for Vec<Value> {
    #[inline]
    fn value(&self, slot: u16) -> &Value {
        self.as_slice().value(slot)
    }
}

/// Why there is no value. Small, because it travels through every level of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Absent(u16),
    /// The data hold a value of another type than declared.
    Mistyped(u16),
    Overflow(Span),
    DivisionByZero(Span),
}

/// An expression of a known type.
#[derive(Debug, Clone)]
pub(super) enum Typed {
    Boolean(Boolean),
    Integer(Number<i64>),
    Decimal(Number<Decimal>),
    Text(Text),
    Choice(Choice),
}

#[derive(Debug, Clone)]
pub(super) enum Boolean {
    Constant(bool),
    Field(u16),
    Has(u16),
    Not(Box<Boolean>),
    All(Box<[Boolean]>),
    Any(Box<[Boolean]>),
    Booleans { equal: bool, sides: Box<[Boolean; 2]> },
    Integers(Comparison, Box<[Number<i64>; 2]>),
    Decimals(Comparison, Box<[Number<Decimal>; 2]>),
    Texts(Comparison, Box<[Text; 2]>),
    Choices { equal: bool, sides: Box<[Choice; 2]> },
    Conditional(Box<(Boolean, Boolean, Boolean)>),
}

/// A number: of 64 bits or decimal.
#[derive(Debug, Clone)]
pub(super) enum Number<T> {
    Constant(T),
    Field(u16),
    /// An integer where a decimal is needed.
    Widened(Box<Number<i64>>),
    Negated(Box<Number<T>>, Span),
    Chain(Box<Chain<T>>),
    Least(Box<[Number<T>; 2]>),
    Greatest(Box<[Number<T>; 2]>),
    Conditional(Box<(Boolean, Number<T>, Number<T>)>),
}

/// Operators of one level, applied from left to right.
#[derive(Debug, Clone)]
pub(super) struct Chain<T> {
    pub first: Number<T>,
    /// Each operator with its right side and the place of all that has been computed by then.
    pub rest: Box<[(Arithmetic, Number<T>, Span)]>,
}

#[derive(Debug, Clone)]
pub(super) enum Text {
    Constant(Arc<str>),
    Field(u16),
    /// The name of a choice, its names and the field that declares them.
    Name(Choice, Arc<[Arc<str>]>, u16),
    Conditional(Box<(Boolean, Text, Text)>),
}

#[derive(Debug, Clone)]
pub(super) enum Choice {
    Constant(u16),
    Field(u16),
    Conditional(Box<(Boolean, Choice, Choice)>),
}

impl Typed {
    pub fn eval<L: Lookup + ?Sized>(&self, data: &L) -> Result<Value, Fault> {
        Ok(match self {
            Typed::Boolean(tree) => Value::Boolean(tree.eval(data)?),
            Typed::Integer(tree) => Value::Integer(tree.eval(data)?),
            Typed::Decimal(tree) => Value::Decimal(tree.eval(data)?),
            Typed::Text(tree) => Value::Text(Arc::clone(tree.eval(data)?)),
            Typed::Choice(tree) => Value::Choice(tree.eval(data)?),
        })
    }
}

impl Boolean {
    pub fn eval<L: Lookup + ?Sized>(&self, data: &L) -> Result<bool, Fault> {
        Ok(match self {
            Boolean::Constant(value) => *value,
            Boolean::Field(slot) => match data.value(*slot) {
                Value::Boolean(value) => *value,
                other => return Err(unusable(*slot, other)),
            },
            Boolean::Has(slot) => !data.value(*slot).is_absent(),
            Boolean::Not(inner) => !inner.eval(data)?,
            Boolean::All(parts) => return decided_by(parts, false, data),
            Boolean::Any(parts) => return decided_by(parts, true, data),
            Boolean::Booleans { equal, sides } => (sides[0].eval(data)? == sides[1].eval(data)?) == *equal,
            Boolean::Integers(comparison, sides) => comparison.holds(sides[0].eval(data)?.cmp(&sides[1].eval(data)?)),
            Boolean::Decimals(comparison, sides) => comparison.holds(sides[0].eval(data)?.cmp(&sides[1].eval(data)?)),
            Boolean::Texts(comparison, sides) => comparison.holds(sides[0].eval(data)?.cmp(sides[1].eval(data)?)),
            Boolean::Choices { equal, sides } => (sides[0].eval(data)? == sides[1].eval(data)?) == *equal,
            Boolean::Conditional(parts) => {
                return if parts.0.eval(data)? { parts.1.eval(data) } else { parts.2.eval(data) };
            }
        })
    }
}

/// Whether `decisive` is among the parts, read from the left and no further than needed; otherwise the opposite.
fn decided_by<L: Lookup + ?Sized>(parts: &[Boolean], decisive: bool, data: &L) -> Result<bool, Fault> {
    for part in parts {
        if part.eval(data)? == decisive {
            return Ok(decisive);
        }
    }
    Ok(!decisive)
}

/// What both kinds of numbers can do.
pub(super) trait Numeric: Copy + Ord {
    fn from_value(value: &Value) -> Option<Self>;
    fn widened(integer: i64) -> Self;
    fn negated(self) -> Option<Self>;
    fn is_zero(self) -> bool;
    /// `None` on overflow, and on division by zero.
    fn apply(self, operator: Arithmetic, other: Self) -> Option<Self>;
}

impl Numeric for i64 {
    #[inline]
    fn from_value(value: &Value) -> Option<i64> {
        if let Value::Integer(value) = value { Some(*value) } else { None }
    }

    fn widened(integer: i64) -> i64 {
        integer
    }

    fn negated(self) -> Option<i64> {
        self.checked_neg()
    }

    fn is_zero(self) -> bool {
        self == 0
    }

    #[inline]
    fn apply(self, operator: Arithmetic, other: i64) -> Option<i64> {
        match operator {
            Arithmetic::Add => self.checked_add(other),
            Arithmetic::Subtract => self.checked_sub(other),
            Arithmetic::Multiply => self.checked_mul(other),
            Arithmetic::Divide => self.checked_div(other),
            // Wrapping only concerns MIN % −1, which is 0: the quotient overflows, the remainder does not.
            Arithmetic::Remainder => (other != 0).then(|| self.wrapping_rem(other)),
        }
    }
}

impl Numeric for Decimal {
    #[inline]
    fn from_value(value: &Value) -> Option<Decimal> {
        match value {
            Value::Decimal(value) => Some(*value),
            Value::Integer(value) => Some(Decimal::from(*value)),
            _ => None,
        }
    }

    fn widened(integer: i64) -> Decimal {
        Decimal::from(integer)
    }

    fn negated(self) -> Option<Decimal> {
        self.checked_neg()
    }

    fn is_zero(self) -> bool {
        self == Decimal::ZERO
    }

    #[inline]
    fn apply(self, operator: Arithmetic, other: Decimal) -> Option<Decimal> {
        match operator {
            Arithmetic::Add => self.checked_add(other),
            Arithmetic::Subtract => self.checked_sub(other),
            Arithmetic::Multiply => self.checked_mul(other),
            Arithmetic::Divide => self.checked_div(other),
            Arithmetic::Remainder => self.checked_rem(other),
        }
    }
}

impl<T: Numeric> Number<T> {
    pub fn eval<L: Lookup + ?Sized>(&self, data: &L) -> Result<T, Fault> {
        match self {
            Number::Constant(value) => Ok(*value),
            Number::Field(slot) => {
                let value = data.value(*slot);
                T::from_value(value).ok_or_else(|| unusable(*slot, value))
            }
            Number::Widened(integer) => Ok(T::widened(integer.eval(data)?)),
            Number::Negated(inner, span) => inner.eval(data)?.negated().ok_or(Fault::Overflow(*span)),
            Number::Chain(chain) => chain.eval(data),
            Number::Least(sides) => Ok(sides[0].eval(data)?.min(sides[1].eval(data)?)),
            Number::Greatest(sides) => Ok(sides[0].eval(data)?.max(sides[1].eval(data)?)),
            Number::Conditional(parts) => {
                if parts.0.eval(data)? {
                    parts.1.eval(data)
                } else {
                    parts.2.eval(data)
                }
            }
        }
    }
}

impl<T: Numeric> Chain<T> {
    fn eval<L: Lookup + ?Sized>(&self, data: &L) -> Result<T, Fault> {
        let mut value = self.first.eval(data)?;
        for (operator, term, span) in &self.rest {
            let term = term.eval(data)?;
            value = value.apply(*operator, term).ok_or_else(|| match operator {
                Arithmetic::Divide | Arithmetic::Remainder if term.is_zero() => Fault::DivisionByZero(*span),
                _ => Fault::Overflow(*span),
            })?;
        }
        Ok(value)
    }
}

impl Text {
    fn eval<'a, L: Lookup + ?Sized>(&'a self, data: &'a L) -> Result<&'a Arc<str>, Fault> {
        match self {
            Text::Constant(text) => Ok(text),
            Text::Field(slot) => match data.value(*slot) {
                Value::Text(text) => Ok(text),
                other => Err(unusable(*slot, other)),
            },
            Text::Name(choice, names, slot) => names.get(usize::from(choice.eval(data)?)).ok_or(Fault::Mistyped(*slot)),
            Text::Conditional(parts) => {
                if parts.0.eval(data)? {
                    parts.1.eval(data)
                } else {
                    parts.2.eval(data)
                }
            }
        }
    }
}

impl Choice {
    fn eval<L: Lookup + ?Sized>(&self, data: &L) -> Result<u16, Fault> {
        match self {
            Choice::Constant(index) => Ok(*index),
            Choice::Field(slot) => match data.value(*slot) {
                Value::Choice(index) => Ok(*index),
                other => Err(unusable(*slot, other)),
            },
            Choice::Conditional(parts) => {
                if parts.0.eval(data)? {
                    parts.1.eval(data)
                } else {
                    parts.2.eval(data)
                }
            }
        }
    }
}

impl Comparison {
    #[inline]
    fn holds(self, order: Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}

#[cold]
fn unusable(slot: u16, found: &Value) -> Fault {
    if found.is_absent() { Fault::Absent(slot) } else { Fault::Mistyped(slot) }
}
