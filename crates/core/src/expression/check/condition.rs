//! The trees of conditions: logic, comparisons, and whether something holds something.

use super::super::ast::{Comparison, Function, Kind, Node, Span};
use super::super::eval::Boolean;
use super::Checker;
use super::kinds::{Kin, Kinds, One};

impl Checker<'_> {
    pub(super) fn boolean(&mut self, node: &Node) -> Boolean {
        let found = self.kin(node);
        if !matches!(found, Kin::BOOLEAN | Kin::Unknown) {
            self.operand(node, "a boolean", found);
            return Boolean::Constant(false);
        }
        match &node.kind {
            Kind::Boolean(value) => Boolean::Constant(*value),
            Kind::Field(name) => Boolean::Field(self.slot(name)),
            Kind::Not(inner) => Boolean::Not(Box::new(self.boolean(inner))),
            Kind::All(parts) => Boolean::All(parts.iter().map(|part| self.boolean(part)).collect()),
            Kind::Any(parts) => Boolean::Any(parts.iter().map(|part| self.boolean(part)).collect()),
            Kind::Compare(comparison, sides) => self.compare(*comparison, sides, node.span),
            Kind::In(sides) => self.is_in(&sides[0], &sides[1]),
            Kind::Call(Some(Function::Has), _, arguments) => self.has(arguments),
            Kind::Call(Some(Function::Contains), _, arguments) => self.contains(arguments),
            Kind::Conditional(parts) => Boolean::Conditional(self.conditional(parts, Self::boolean)),
            _ => {
                self.untyped(node);
                Boolean::Constant(false)
            }
        }
    }

    fn has(&self, arguments: &[Node]) -> Boolean {
        match arguments {
            [Node { kind: Kind::Field(name), .. }] => Boolean::Has(self.slot(name)),
            _ => Boolean::Constant(false),
        }
    }

    fn compare(&mut self, comparison: Comparison, sides: &[Node; 2], span: Span) -> Boolean {
        let [a, b] = [self.kin(&sides[0]), self.kin(&sides[1])];
        let equal = comparison == Comparison::Equal;
        let Some(common) = Kinds(self.schema).common(a, b) else {
            self.incomparable(comparison.symbol(), [a, b], sides.each_ref(), span);
            return Boolean::Constant(false);
        };
        if common != Kin::Unknown && (a.has_no_order() || b.has_no_order()) && !comparison.is_equality() {
            self.no_order(comparison, [a, b], span);
            return Boolean::Constant(false);
        }
        match common {
            Kin::One(One::Boolean) => Boolean::Booleans { equal, sides: Box::new(self.both(sides, Self::boolean)) },
            Kin::One(One::Integer) => Boolean::Integers(comparison, Box::new(self.both(sides, Self::integer))),
            Kin::One(One::Decimal) => Boolean::Decimals(comparison, Box::new(self.both(sides, Self::decimal))),
            Kin::One(One::Date) => Boolean::Dates(comparison, Box::new(self.both(sides, Self::date))),
            Kin::One(One::Duration) => Boolean::Durations(comparison, Box::new(self.both(sides, Self::duration))),
            Kin::One(One::Text | One::Quoted) => Boolean::Texts(comparison, Box::new(self.both(sides, Self::text))),
            Kin::One(One::Choice(slot)) => {
                Boolean::Choices { equal, sides: Box::new(self.both(sides, |me, side| me.choice(side, slot))) }
            }
            Kin::List(of) => {
                let of = of.unwrap_or(One::Text);
                Boolean::Lists { equal, sides: Box::new(self.both(sides, |me, side| me.list(side, of))) }
            }
            Kin::Unknown => {
                self.typed(&sides[0], a);
                self.typed(&sides[1], b);
                Boolean::Constant(false)
            }
        }
    }

    /// Whether a list holds a value.
    fn is_in(&mut self, value: &Node, list: &Node) -> Boolean {
        let (found, among) = (self.kin(value), self.kin(list));
        let common = match (found, among) {
            (Kin::One(one), Kin::List(None)) => Some(one),
            (Kin::One(one), Kin::List(Some(of))) => Kinds(self.schema).common_one(one, of),
            (Kin::Unknown, Kin::List(_) | Kin::Unknown) | (_, Kin::Unknown) => {
                self.typed(value, found);
                self.typed(list, among);
                return Boolean::Constant(false);
            }
            (_, Kin::One(_)) => {
                self.not_a_list(list.span, among);
                return Boolean::Constant(false);
            }
            (Kin::List(_), Kin::List(_)) => None,
        };
        match common {
            Some(of) => Boolean::In(Box::new((self.one(value, of), self.list(list, of)))),
            None => {
                self.never_in(value.span, found, among);
                Boolean::Constant(false)
            }
        }
    }

    fn contains(&mut self, arguments: &[Node]) -> Boolean {
        let Ok(sides) = <&[Node; 2]>::try_from(arguments) else { return Boolean::Constant(false) };
        match self.kin(&sides[0]) {
            Kin::List(_) => self.is_in(&sides[1], &sides[0]),
            kin if kin == Kin::Unknown || kin.is_text() => Boolean::Contains(Box::new(self.both(sides, Self::text))),
            found => {
                self.operand(&sides[0], "a text or a list", found);
                Boolean::Constant(false)
            }
        }
    }
}
