//! What a checked expression evaluates to.
//!
//! There is one kind of tree per type, so nothing is asked about types while evaluating and no intermediate value is
//! built: a guard over numbers touches the data and the tree, and allocates nothing.

mod amount;
mod list;
mod text;

pub(super) use amount::{Amount, Chain, Computed, Measure, Moved, OfDuration, OfInteger};
pub(super) use list::List;
pub(super) use text::{Choice, Text, Words};

use super::ast::{Comparison, Span};
use crate::definition::Scalar;
use crate::index::FieldIx;
use crate::time::{Date, Duration};
use crate::value::{Decimal, Value};

/// As many bytes as a text that is joined may have, and the texts of a list in brackets together.
pub(super) const MAX_MADE: usize = 64 * 1024;

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
    TooLong(Span),
    /// A day is moved by a duration that is not of whole days.
    PartOfADay(Span),
    OutsideTheYears(Span),
}

/// An expression of a known type.
#[derive(Debug, Clone)]
pub(super) enum Typed {
    Boolean(Boolean),
    Integer(Amount<i64>),
    Decimal(Amount<Decimal>),
    Text(Text),
    Choice(Choice),
    Date(Amount<Date>),
    Duration(Amount<Duration>),
    List(Scalar, List),
}

#[derive(Debug, Clone)]
pub(super) enum Boolean {
    Constant(bool),
    Field(u16),
    Has(u16),
    Not(Box<Boolean>),
    All(Box<[Boolean]>),
    Any(Box<[Boolean]>),
    Booleans {
        equal: bool,
        sides: Box<[Boolean; 2]>,
    },
    Integers(Comparison, Box<[Amount<i64>; 2]>),
    Decimals(Comparison, Box<[Amount<Decimal>; 2]>),
    Dates(Comparison, Box<[Amount<Date>; 2]>),
    Durations(Comparison, Box<[Amount<Duration>; 2]>),
    Texts(Comparison, Box<[Text; 2]>),
    Choices {
        equal: bool,
        sides: Box<[Choice; 2]>,
    },
    Lists {
        equal: bool,
        sides: Box<[List; 2]>,
    },
    /// Whether the list holds the value.
    In(Box<(Typed, List)>),
    /// Whether the first text holds the second.
    Contains(Box<[Text; 2]>),
    Conditional(Box<(Boolean, Boolean, Boolean)>),
}

impl Typed {
    pub fn eval<L: Lookup + ?Sized>(&self, data: &L) -> Result<Value, Fault> {
        Ok(match self {
            Typed::Boolean(tree) => Value::Boolean(tree.eval(data)?),
            Typed::Integer(tree) => Value::Integer(tree.eval(data)?),
            Typed::Decimal(tree) => Value::Decimal(tree.eval(data)?),
            Typed::Text(tree) => Value::Text(tree.eval(data)?.into_owned()),
            Typed::Choice(tree) => Value::Choice(tree.eval(data)?),
            Typed::Date(tree) => Value::Date(tree.eval(data)?),
            Typed::Duration(tree) => Value::Duration(tree.eval(data)?),
            Typed::List(_, tree) => Value::List(tree.eval(data)?),
        })
    }

    /// Its value when that is the same for all data.
    pub fn constant(&self) -> Option<Value> {
        Some(match self {
            Typed::Boolean(Boolean::Constant(value)) => (*value).into(),
            Typed::Integer(Amount::Constant(value)) => (*value).into(),
            Typed::Decimal(Amount::Constant(value)) => (*value).into(),
            Typed::Text(Text::Constant(text)) => Value::Text(text.clone()),
            Typed::Choice(Choice::Constant(index)) => Value::Choice(*index),
            Typed::Date(Amount::Constant(value)) => (*value).into(),
            Typed::Duration(Amount::Constant(value)) => (*value).into(),
            _ => return None,
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
            Boolean::Integers(comparison, sides) => comparison.holds(&sides[0].eval(data)?, &sides[1].eval(data)?),
            Boolean::Decimals(comparison, sides) => comparison.holds(&sides[0].eval(data)?, &sides[1].eval(data)?),
            Boolean::Dates(comparison, sides) => comparison.holds(&sides[0].eval(data)?, &sides[1].eval(data)?),
            Boolean::Durations(comparison, sides) => comparison.holds(&sides[0].eval(data)?, &sides[1].eval(data)?),
            Boolean::Texts(comparison, sides) => match (sides[0].at_hand(data), sides[1].at_hand(data)) {
                (Some(a), Some(b)) => comparison.holds(a, b),
                _ => return compare_texts(*comparison, sides, data),
            },
            Boolean::Choices { equal, sides } => (sides[0].eval(data)? == sides[1].eval(data)?) == *equal,
            Boolean::Lists { equal, sides } => same_lists(sides, data)? == *equal,
            Boolean::In(sides) => return is_in(&sides.0, &sides.1, data),
            Boolean::Contains(sides) => return contains(sides, data),
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

// Apart from the tree of conditions, so that a guard over numbers does not pay for them.

#[inline(never)]
fn compare_texts<L: Lookup + ?Sized>(comparison: Comparison, sides: &[Text; 2], data: &L) -> Result<bool, Fault> {
    let a = sides[0].eval(data)?;
    Ok(comparison.holds::<str>(&a, &*sides[1].eval(data)?))
}

#[inline(never)]
fn is_in<L: Lookup + ?Sized>(value: &Typed, list: &List, data: &L) -> Result<bool, Fault> {
    let value = value.eval(data)?;
    Ok(list.eval(data)?.contains(&value))
}

#[inline(never)]
fn contains<L: Lookup + ?Sized>(sides: &[Text; 2], data: &L) -> Result<bool, Fault> {
    let text = sides[0].eval(data)?;
    Ok(text.contains(&**sides[1].eval(data)?.as_ref()))
}

#[inline(never)]
fn same_lists<L: Lookup + ?Sized>(sides: &[List; 2], data: &L) -> Result<bool, Fault> {
    Ok(sides[0].eval(data)? == sides[1].eval(data)?)
}

impl Comparison {
    /// Whether two values compare so.
    #[inline]
    pub(crate) fn holds<T: Ord + ?Sized>(self, a: &T, b: &T) -> bool {
        match self {
            Comparison::Equal => a == b,
            Comparison::NotEqual => a != b,
            Comparison::Less => a < b,
            Comparison::LessOrEqual => a <= b,
            Comparison::Greater => a > b,
            Comparison::GreaterOrEqual => a >= b,
        }
    }
}

#[cold]
fn unusable(slot: u16, found: &Value) -> Fault {
    if found.is_absent() { Fault::Absent(slot) } else { Fault::Mistyped(slot) }
}
