//! Types as they are read off an expression from below, and which of them can stand for each other.

use super::super::Schema;
use super::super::ast::{Function, Kind, Node};
use super::sum::Sum;
use crate::definition::{Scalar, Type};

/// What is known of the type of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kin {
    /// Nothing, because of a problem.
    Unknown,
    One(One),
    /// A list of these; of nothing known when it is empty brackets.
    List(Option<One>),
}

/// The type of a single value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum One {
    Boolean,
    Integer,
    Decimal,
    Text,
    /// A text in quotes, or several to choose from: a text, or a value of a choice, a date or a duration where one is
    /// wanted.
    Quoted,
    /// A value of the choice that the field in that slot declares, on its own or as the elements of a list.
    Choice(u16),
    Date,
    Duration,
}

impl Kin {
    pub const BOOLEAN: Kin = Kin::One(One::Boolean);
    pub const INTEGER: Kin = Kin::One(One::Integer);
    pub const TEXT: Kin = Kin::One(One::Text);

    pub fn described(self) -> &'static str {
        match self {
            Kin::Unknown => "a value",
            Kin::One(one) => one.described(),
            Kin::List(None) => "an empty list",
            Kin::List(Some(one)) => match one {
                One::Boolean => "a list of booleans",
                One::Integer => "a list of integers",
                One::Decimal => "a list of decimals",
                One::Text | One::Quoted => "a list of texts",
                One::Choice(_) => "a list of choices",
                One::Date => "a list of dates",
                One::Duration => "a list of durations",
            },
        }
    }

    pub fn is_number(self) -> bool {
        matches!(self, Kin::One(One::Integer | One::Decimal))
    }

    /// Whether it can be joined to a text.
    pub fn is_text(self) -> bool {
        matches!(self, Kin::One(One::Text | One::Quoted | One::Choice(_)))
    }

    /// Whether the lesser of two can be told; of texts as well, which is asked by comparing them.
    pub fn is_measure(self) -> bool {
        matches!(self, Kin::One(One::Integer | One::Decimal | One::Date | One::Duration))
    }

    pub fn has_no_order(self) -> bool {
        matches!(self, Kin::One(One::Boolean | One::Choice(_)) | Kin::List(_))
    }
}

impl One {
    pub fn described(self) -> &'static str {
        match self {
            One::Boolean => "a boolean",
            One::Integer => "an integer",
            One::Decimal => "a decimal",
            One::Text | One::Quoted => "a text",
            One::Choice(_) => "a choice",
            One::Date => "a date",
            One::Duration => "a duration",
        }
    }

    /// As a field declares it.
    pub fn scalar(self) -> Scalar {
        match self {
            One::Boolean => Scalar::Boolean,
            One::Integer => Scalar::Integer,
            One::Decimal => Scalar::Decimal,
            One::Text | One::Quoted => Scalar::Text,
            One::Choice(_) => Scalar::Choice,
            One::Date => Scalar::Date,
            One::Duration => Scalar::Duration,
        }
    }

    fn of(kind: Type, slot: u16) -> Option<One> {
        Some(match kind {
            Type::Text => One::Text,
            Type::Boolean => One::Boolean,
            Type::Integer => One::Integer,
            Type::Decimal => One::Decimal,
            Type::Choice => One::Choice(slot),
            Type::Date => One::Date,
            Type::Duration => One::Duration,
            Type::List(_) => return None,
        })
    }
}

/// The types of the parts of an expression over a schema.
#[derive(Clone, Copy)]
pub(super) struct Kinds<'s>(pub &'s Schema);

impl Kinds<'_> {
    pub fn of(self, node: &Node) -> Kin {
        match &node.kind {
            Kind::Boolean(_) | Kind::Not(_) | Kind::Compare(..) | Kind::In(_) | Kind::All(_) | Kind::Any(_) => {
                Kin::BOOLEAN
            }
            Kind::Integer(_) => Kin::INTEGER,
            Kind::Decimal(_) => Kin::One(One::Decimal),
            Kind::Text(_) => Kin::One(One::Quoted),
            Kind::List(elements) => self.of_elements(elements),
            Kind::Field(name) => self.0.slot(name).map_or(Kin::Unknown, |slot| self.of_slot(slot)),
            Kind::Negate(inner) => match self.of(inner) {
                kin if kin.is_number() || kin == Kin::One(One::Duration) => kin,
                _ => Kin::Unknown,
            },
            Kind::Arithmetic(first, rest) => Sum::read(self, first, rest).map_or(Kin::Unknown, |sum| sum.result),
            Kind::Conditional(parts) => {
                let [_, then, otherwise] = &**parts;
                self.common(self.of(then), self.of(otherwise)).unwrap_or(Kin::Unknown)
            }
            Kind::Call(Some(function), _, arguments) => self.of_call(*function, arguments),
            Kind::Call(None, ..) => Kin::Unknown,
        }
    }

    fn of_call(self, function: Function, arguments: &[Node]) -> Kin {
        match function {
            Function::Has | Function::Contains => Kin::BOOLEAN,
            Function::Length | Function::DaysBetween => Kin::INTEGER,
            Function::Min | Function::Max => {
                let [a, b] = arguments else { return Kin::Unknown };
                self.common(self.of(a), self.of(b)).filter(|kin| kin.is_measure()).unwrap_or(Kin::Unknown)
            }
        }
    }

    /// A list of what its elements have in common.
    fn of_elements(self, elements: &[Node]) -> Kin {
        let mut common = None;
        for element in elements {
            let Kin::One(one) = self.of(element) else { return Kin::Unknown };
            common = match common {
                None => Some(one),
                Some(before) => match self.common_one(before, one) {
                    None => return Kin::Unknown,
                    both => both,
                },
            };
        }
        Kin::List(common)
    }

    pub fn of_slot(self, slot: u16) -> Kin {
        match self.0.kind(slot) {
            None => Kin::Unknown,
            Some(Type::List(of)) => Kin::List(One::of(of.into(), slot)),
            Some(kind) => One::of(kind, slot).map_or(Kin::Unknown, Kin::One),
        }
    }

    /// The type as which both can be compared, or stand for each other.
    pub fn common(self, a: Kin, b: Kin) -> Option<Kin> {
        Some(match (a, b) {
            (Kin::Unknown, _) | (_, Kin::Unknown) => Kin::Unknown,
            (Kin::One(a), Kin::One(b)) => Kin::One(self.common_one(a, b)?),
            (Kin::List(None), list @ Kin::List(_)) | (list @ Kin::List(_), Kin::List(None)) => list,
            (Kin::List(Some(a)), Kin::List(Some(b))) => Kin::List(Some(self.common_one(a, b)?)),
            _ => return None,
        })
    }

    pub fn common_one(self, a: One, b: One) -> Option<One> {
        Some(match (a, b) {
            (a, b) if a == b => a,
            (One::Integer | One::Decimal, One::Integer | One::Decimal) => One::Decimal,
            (wanted @ (One::Text | One::Choice(_) | One::Date | One::Duration), One::Quoted)
            | (One::Quoted, wanted @ (One::Text | One::Choice(_) | One::Date | One::Duration)) => wanted,
            (One::Choice(one), One::Choice(other)) if self.same_choices(one, other) => One::Choice(one),
            (One::Text, One::Choice(_)) | (One::Choice(_), One::Text) => One::Text,
            _ => return None,
        })
    }

    pub fn same_choices(self, one: u16, other: u16) -> bool {
        one == other || self.0.choices(one) == self.0.choices(other)
    }

    /// Whether a value of that type can be kept in the field.
    pub fn assignable(self, value: Kin, field: Kin) -> bool {
        match (value, field) {
            (Kin::Unknown, _) | (_, Kin::Unknown) | (Kin::List(None), Kin::List(_)) => true,
            (Kin::One(value), Kin::One(field)) | (Kin::List(Some(value)), Kin::List(Some(field))) => {
                self.becomes(value, field)
            }
            _ => false,
        }
    }

    /// Whether every value of the one type is also one of the other.
    pub fn becomes(self, value: One, wanted: One) -> bool {
        match (value, wanted) {
            (One::Integer, One::Decimal) | (One::Choice(_), One::Text) => true,
            (One::Quoted, One::Text | One::Choice(_) | One::Date | One::Duration) => true,
            (One::Choice(one), One::Choice(other)) => self.same_choices(one, other),
            _ => value == wanted,
        }
    }
}
