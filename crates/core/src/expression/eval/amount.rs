//! What has an order and can be computed with: integers, decimals, days and durations.

use std::fmt::Debug;

use super::super::ast::{Arithmetic, Span};
use super::{Boolean, Fault, List, Lookup, Text, unusable};
use crate::time::{Date, Duration};
use crate::value::{Decimal, Value};

/// An expression whose values are all of the type `T`. What is constant or a field is read where it stands.
#[derive(Debug, Clone)]
pub(in super::super) enum Amount<T: Measure> {
    Constant(T),
    Field(u16),
    Computed(Box<Computed<T>>),
}

/// What is made of other parts.
#[derive(Debug, Clone)]
pub(in super::super) enum Computed<T: Measure> {
    Negated(Amount<T>, Span),
    Chain(Chain<T>),
    Least([Amount<T>; 2]),
    Greatest([Amount<T>; 2]),
    Conditional(Box<(Boolean, Amount<T>, Amount<T>)>),
    /// What only this type has.
    Own(T::Own),
}

/// Operators of one level between values of one type, applied from left to right.
#[derive(Debug, Clone)]
pub(in super::super) struct Chain<T: Measure> {
    pub first: Amount<T>,
    /// Each operator with its right side and the place of all that has been computed by then.
    pub rest: Box<[(Arithmetic, Amount<T>, Span)]>,
}

/// An integer that is made of something else.
#[derive(Debug, Clone)]
pub(in super::super) enum OfInteger {
    Characters(Text),
    Elements(List),
    /// From the first day to the second.
    DaysBetween([Amount<Date>; 2]),
}

/// A duration that is made of something else.
#[derive(Debug, Clone)]
pub(in super::super) enum OfDuration {
    /// From the second day to the first.
    Between([Amount<Date>; 2]),
    /// Times and divided by integers, from left to right.
    Scaled(Amount<Duration>, Box<[(Arithmetic, Amount<i64>, Span)]>),
}

/// A day, and what is added to it and subtracted from it.
#[derive(Debug, Clone)]
pub(in super::super) struct Moved {
    pub day: Amount<Date>,
    pub by: Box<[(Arithmetic, Amount<Duration>, Span)]>,
}

/// What the types of amounts can do.
pub(in super::super) trait Measure: Copy + Ord + Debug + Default {
    /// The trees that only this type has.
    type Own: Debug + Clone;
    fn from_value(value: &Value) -> Option<Self>;
    /// `None` where there is no opposite.
    fn negated(self) -> Option<Self>;
    fn is_zero(self) -> bool;
    /// `None` on overflow, on division by zero, and where the type has no such operator.
    fn apply(self, operator: Arithmetic, other: Self) -> Option<Self>;
    fn own<L: Lookup + ?Sized>(own: &Self::Own, data: &L) -> Result<Self, Fault>;
}

impl Measure for i64 {
    type Own = OfInteger;

    #[inline]
    fn from_value(value: &Value) -> Option<i64> {
        if let Value::Integer(value) = value { Some(*value) } else { None }
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

    fn own<L: Lookup + ?Sized>(own: &OfInteger, data: &L) -> Result<i64, Fault> {
        // Neither texts nor lists are longer than 64 bits can count.
        Ok(match own {
            OfInteger::Characters(text) => text.eval(data)?.chars().count() as i64,
            OfInteger::Elements(list) => list.eval(data)?.len() as i64,
            OfInteger::DaysBetween([from, to]) => {
                let from = from.eval(data)?;
                to.eval(data)?.days_since(from)
            }
        })
    }
}

impl Measure for Decimal {
    /// An integer where a decimal is needed.
    type Own = Amount<i64>;

    #[inline]
    fn from_value(value: &Value) -> Option<Decimal> {
        match value {
            Value::Decimal(value) => Some(*value),
            Value::Integer(value) => Some(Decimal::from(*value)),
            _ => None,
        }
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

    fn own<L: Lookup + ?Sized>(own: &Amount<i64>, data: &L) -> Result<Decimal, Fault> {
        own.eval(data).map(Decimal::from)
    }
}

impl Measure for Duration {
    type Own = OfDuration;

    fn from_value(value: &Value) -> Option<Duration> {
        if let Value::Duration(value) = value { Some(*value) } else { None }
    }

    fn negated(self) -> Option<Duration> {
        self.as_micros().checked_neg().map(Duration::from_micros)
    }

    fn is_zero(self) -> bool {
        self == Duration::ZERO
    }

    fn apply(self, operator: Arithmetic, other: Duration) -> Option<Duration> {
        let micros = match operator {
            Arithmetic::Add => self.as_micros().checked_add(other.as_micros()),
            Arithmetic::Subtract => self.as_micros().checked_sub(other.as_micros()),
            Arithmetic::Multiply | Arithmetic::Divide | Arithmetic::Remainder => None,
        };
        micros.map(Duration::from_micros)
    }

    fn own<L: Lookup + ?Sized>(own: &OfDuration, data: &L) -> Result<Duration, Fault> {
        match own {
            OfDuration::Between([day, earlier]) => Ok(day.eval(data)? - earlier.eval(data)?),
            OfDuration::Scaled(first, rest) => {
                let mut micros = first.eval(data)?.as_micros();
                for (operator, factor, span) in rest {
                    micros = step(micros, *operator, factor.eval(data)?, *span)?;
                }
                Ok(Duration::from_micros(micros))
            }
        }
    }
}

impl Measure for Date {
    type Own = Moved;

    fn from_value(value: &Value) -> Option<Date> {
        if let Value::Date(value) = value { Some(*value) } else { None }
    }

    fn negated(self) -> Option<Date> {
        None
    }

    fn is_zero(self) -> bool {
        false
    }

    fn apply(self, _: Arithmetic, _: Date) -> Option<Date> {
        None
    }

    fn own<L: Lookup + ?Sized>(own: &Moved, data: &L) -> Result<Date, Fault> {
        let mut day = own.day.eval(data)?;
        for (operator, by, span) in &own.by {
            let by = by.eval(data)?.as_micros();
            if by % Duration::DAY.as_micros() != 0 {
                return Err(Fault::PartOfADay(*span));
            }
            let days = by / Duration::DAY.as_micros();
            let days = if *operator == Arithmetic::Subtract { -days } else { days };
            day = day.checked_add_days(days).ok_or(Fault::OutsideTheYears(*span))?;
        }
        Ok(day)
    }
}

impl<T: Measure> Amount<T> {
    #[inline(always)]
    pub fn eval<L: Lookup + ?Sized>(&self, data: &L) -> Result<T, Fault> {
        match self {
            Amount::Constant(value) => Ok(*value),
            Amount::Field(slot) => {
                let value = data.value(*slot);
                T::from_value(value).ok_or_else(|| unusable(*slot, value))
            }
            Amount::Computed(computed) => computed.eval(data),
        }
    }
}

impl<T: Measure> From<Computed<T>> for Amount<T> {
    fn from(computed: Computed<T>) -> Amount<T> {
        Amount::Computed(Box::new(computed))
    }
}

impl<T: Measure> Computed<T> {
    #[inline(never)]
    fn eval<L: Lookup + ?Sized>(&self, data: &L) -> Result<T, Fault> {
        match self {
            Computed::Negated(inner, span) => inner.eval(data)?.negated().ok_or(Fault::Overflow(*span)),
            Computed::Chain(chain) => chain.eval(data),
            Computed::Least(sides) => Ok(sides[0].eval(data)?.min(sides[1].eval(data)?)),
            Computed::Greatest(sides) => Ok(sides[0].eval(data)?.max(sides[1].eval(data)?)),
            Computed::Conditional(parts) => {
                if parts.0.eval(data)? {
                    parts.1.eval(data)
                } else {
                    parts.2.eval(data)
                }
            }
            Computed::Own(own) => T::own(own, data),
        }
    }
}

impl<T: Measure> Chain<T> {
    fn eval<L: Lookup + ?Sized>(&self, data: &L) -> Result<T, Fault> {
        let mut value = self.first.eval(data)?;
        for (operator, term, span) in &self.rest {
            value = step(value, *operator, term.eval(data)?, *span)?;
        }
        Ok(value)
    }
}

/// One operator of a chain that ends at `span`.
#[inline]
fn step<T: Measure>(value: T, operator: Arithmetic, term: T, span: Span) -> Result<T, Fault> {
    value.apply(operator, term).ok_or_else(|| match operator {
        Arithmetic::Divide | Arithmetic::Remainder if term.is_zero() => Fault::DivisionByZero(span),
        _ => Fault::Overflow(span),
    })
}
