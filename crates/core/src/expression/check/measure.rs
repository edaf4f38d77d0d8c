//! The trees of what can be computed with: integers, decimals, days and durations.

use std::str::FromStr;

use super::super::ast::{Arithmetic, Function, Kind, Node, Span};
use super::super::eval::{Amount, Chain, Computed, Measure, Moved, OfDuration, OfInteger};
use super::Checker;
use super::kinds::{Kin, Kinds, One};
use super::sum::Sum;
use crate::time::{Date, Duration};
use crate::value::{Decimal, elapsed};

impl Checker<'_> {
    pub(super) fn integer(&mut self, node: &Node) -> Amount<i64> {
        match (&node.kind, self.kin(node)) {
            (Kind::Integer(value), _) => Amount::Constant(*value),
            (Kind::Call(Some(Function::Length), _, arguments), _) => self.length(arguments),
            (Kind::Call(Some(Function::DaysBetween), _, arguments), _) => self.days_between(arguments),
            (Kind::Arithmetic(first, rest), Kin::One(One::Integer)) => self.chain(first, rest, Self::integer),
            (_, Kin::One(One::Integer) | Kin::Unknown) => self.amount(node, Self::integer),
            (_, Kin::One(One::Decimal)) => self.misplaced(node, "an integer", Kin::One(One::Decimal)),
            (_, found) => self.misplaced(node, "a number", found),
        }
    }

    fn length(&mut self, arguments: &[Node]) -> Amount<i64> {
        let [of] = arguments else { return stand_in() };
        match self.kin(of) {
            Kin::List(one) => {
                let list = self.list(of, one.unwrap_or(One::Text));
                Computed::Own(OfInteger::Elements(list)).into()
            }
            kin if kin == Kin::Unknown || kin.is_text() => Computed::Own(OfInteger::Characters(self.text(of))).into(),
            found => self.misplaced(of, "a text or a list", found),
        }
    }

    fn days_between(&mut self, arguments: &[Node]) -> Amount<i64> {
        let Ok(days) = <&[Node; 2]>::try_from(arguments) else { return stand_in() };
        Computed::Own(OfInteger::DaysBetween(self.both(days, Self::date))).into()
    }

    pub(super) fn decimal(&mut self, node: &Node) -> Amount<Decimal> {
        match (&node.kind, self.kin(node)) {
            (Kind::Integer(value), _) => Amount::Constant(Decimal::from(*value)),
            (Kind::Decimal(value), _) => Amount::Constant(*value),
            (_, Kin::One(One::Integer)) => Computed::Own(self.integer(node)).into(),
            (Kind::Arithmetic(first, rest), Kin::One(One::Decimal)) => self.mixed_chain(first, rest),
            (_, Kin::One(One::Decimal) | Kin::Unknown) => self.amount(node, Self::decimal),
            (_, found) => self.misplaced(node, "a number", found),
        }
    }

    /// Operators apply from the left, so integers before the first decimal are computed as integers.
    fn mixed_chain(&mut self, first: &Node, rest: &[(Arithmetic, Node)]) -> Amount<Decimal> {
        let start = first.span;
        if self.kin(first) == Kin::One(One::Decimal) {
            return self.chain(first, rest, Self::decimal);
        }
        let whole = rest.iter().take_while(|(_, term)| self.kin(term) != Kin::One(One::Decimal)).count();
        let integers = match whole {
            0 => self.integer(first),
            _ => self.chain(first, &rest[..whole], Self::integer),
        };
        let first = match integers {
            Amount::Constant(value) => Amount::Constant(Decimal::from(value)),
            integers => Computed::Own(integers).into(),
        };
        self.chain_from(first, start, &rest[whole..], Self::decimal)
    }

    pub(super) fn date(&mut self, node: &Node) -> Amount<Date> {
        match (&node.kind, self.kin(node)) {
            (Kind::Text(text), _) => self.written(text, Date::from_str, node.span),
            (Kind::Arithmetic(first, rest), Kin::One(One::Date)) => self.moved(first, rest),
            (_, Kin::One(One::Date | One::Quoted) | Kin::Unknown) => self.amount(node, Self::date),
            (_, found) => self.misplaced(node, "a date", found),
        }
    }

    /// A day, and the durations that are added to it and subtracted from it.
    fn moved(&mut self, first: &Node, by: &[(Arithmetic, Node)]) -> Amount<Date> {
        let day = self.date(first);
        if by.is_empty() {
            return day;
        }
        let by = self.terms(first.span, by, Self::duration);
        Computed::Own(Moved { day, by }).into()
    }

    pub(super) fn duration(&mut self, node: &Node) -> Amount<Duration> {
        match (&node.kind, self.kin(node)) {
            (Kind::Text(text), _) => self.written(text, elapsed::parse, node.span),
            (Kind::Arithmetic(first, rest), Kin::One(One::Duration)) => self.span(first, rest),
            (_, Kin::One(One::Duration | One::Quoted) | Kin::Unknown) => self.amount(node, Self::duration),
            (_, found) => self.misplaced(node, "a duration", found),
        }
    }

    /// A duration that is multiplied or divided, a sum of durations, or one that begins with the days between two.
    fn span(&mut self, first: &Node, rest: &[(Arithmetic, Node)]) -> Amount<Duration> {
        if rest.first().is_some_and(|(operator, _)| operator.is_product()) {
            let factors = self.terms(first.span, rest, Self::integer);
            return Computed::Own(OfDuration::Scaled(self.duration(first), factors)).into();
        }
        let Ok(sum) = Sum::read(Kinds(self.schema), first, rest) else { return stand_in() };
        if sum.first != Kin::One(One::Date) {
            return self.chain(first, rest, Self::duration);
        }
        let Some(end) = sum.rest.iter().position(|kin| *kin == Kin::One(One::Date)) else { return stand_in() };
        let days = [self.moved(first, &rest[..end]), self.date(&rest[end].1)];
        let between = Computed::Own(OfDuration::Between(days)).into();
        self.chain_from(between, first.span, &rest[end + 1..], Self::duration)
    }

    /// The value that a text in quotes names.
    fn written<T: Measure>(&mut self, text: &str, read: fn(&str) -> Result<T, String>, span: Span) -> Amount<T> {
        read(text).map(Amount::Constant).unwrap_or_else(|message| {
            self.mismatch(span, message, None);
            stand_in()
        })
    }

    /// What all types have in common; `of` builds the parts.
    fn amount<T: Measure>(&mut self, node: &Node, of: fn(&mut Self, &Node) -> Amount<T>) -> Amount<T> {
        match &node.kind {
            Kind::Field(name) => Amount::Field(self.slot(name)),
            Kind::Negate(inner) if self.kin(node) != Kin::Unknown => {
                Computed::Negated(of(self, inner), node.span).into()
            }
            Kind::Conditional(parts) => Computed::Conditional(self.conditional(parts, of)).into(),
            Kind::Call(Some(function @ (Function::Min | Function::Max)), _, arguments)
                if self.kin(node) != Kin::Unknown =>
            {
                match <&[Node; 2]>::try_from(&arguments[..]) {
                    Ok(sides) if *function == Function::Min => Computed::Least(self.both(sides, of)).into(),
                    Ok(sides) => Computed::Greatest(self.both(sides, of)).into(),
                    Err(_) => stand_in(),
                }
            }
            _ => {
                self.untyped(node);
                stand_in()
            }
        }
    }

    fn chain<T: Measure>(
        &mut self,
        first: &Node,
        rest: &[(Arithmetic, Node)],
        of: fn(&mut Self, &Node) -> Amount<T>,
    ) -> Amount<T> {
        let start = first.span;
        let first = of(self, first);
        self.chain_from(first, start, rest, of)
    }

    /// A chain whose first side is there already.
    fn chain_from<T: Measure>(
        &mut self,
        first: Amount<T>,
        start: Span,
        rest: &[(Arithmetic, Node)],
        of: fn(&mut Self, &Node) -> Amount<T>,
    ) -> Amount<T> {
        if rest.is_empty() {
            return first;
        }
        let rest = self.terms(start, rest, of);
        Computed::Chain(Chain { first, rest }).into()
    }

    /// The other sides of a chain, each with the place of all that has been computed by then.
    fn terms<T: Measure>(
        &mut self,
        start: Span,
        rest: &[(Arithmetic, Node)],
        of: fn(&mut Self, &Node) -> Amount<T>,
    ) -> Box<[(Arithmetic, Amount<T>, Span)]> {
        rest.iter().map(|(operator, term)| (*operator, of(self, term), start.to(term.span))).collect()
    }

    fn misplaced<T: Measure>(&mut self, node: &Node, expected: &str, found: Kin) -> Amount<T> {
        self.operand(node, expected, found);
        stand_in()
    }
}

fn stand_in<T: Measure>() -> Amount<T> {
    Amount::Constant(T::default())
}
