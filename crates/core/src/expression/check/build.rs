//! The typed tree of a whole expression, and of texts and choices in it.
//!
//! After a problem, a stand-in keeps the check going; it is never evaluated.

use std::sync::Arc;

use super::super::ast::{Arithmetic, Kind, Node, Span};
use super::super::eval::{Boolean, Choice, Text, Typed, Words};
use super::kinds::{Kin, Kinds, One};
use super::{Checker, Purpose};
use crate::diagnostic::{Code, suggest};

impl Checker<'_> {
    pub(super) fn whole(&mut self, node: &Node, purpose: Purpose) -> Typed {
        let found = self.kin(node);
        match (purpose, found) {
            (Purpose::Value, _) => self.typed(node, found),
            (Purpose::Others, Kin::One(One::Choice(_))) => self.typed(node, Kin::TEXT),
            (Purpose::Others, Kin::List(Some(One::Choice(_)))) => self.typed(node, Kin::List(Some(One::Text))),
            (Purpose::Others, _) => self.typed(node, found),
            (Purpose::Guard, Kin::BOOLEAN | Kin::Unknown) => Typed::Boolean(self.boolean(node)),
            (Purpose::Guard, _) => {
                let message = format!("expected a condition that is true or false, found {}", found.described());
                self.mismatch(node.span, message, Some("compare it with something, as in `attempts >= 6`"));
                self.typed(node, found)
            }
            (Purpose::Date, Kin::One(One::Date | One::Quoted) | Kin::Unknown) => Typed::Date(self.date(node)),
            (Purpose::Date, _) => {
                let message = format!("expected a date, found {}", found.described());
                let help = "name a field of that type, or write a day such as `2026-12-24`";
                self.mismatch(node.span, message, Some(help));
                self.typed(node, found)
            }
            (Purpose::Field(slot), _) => self.assignment(node, found, slot),
        }
    }

    fn assignment(&mut self, node: &Node, found: Kin, slot: u16) -> Typed {
        let wanted = Kinds(self.schema).of_slot(slot);
        if Kinds(self.schema).assignable(found, wanted) {
            return self.typed(node, if wanted == Kin::Unknown { found } else { wanted });
        }
        self.not_assignable(node.span, found, slot, wanted);
        self.typed(node, found)
    }

    pub(super) fn typed(&mut self, node: &Node, wanted: Kin) -> Typed {
        match wanted {
            Kin::One(one) => self.one(node, one),
            Kin::List(of) => {
                // Any type will do for no elements.
                let of = of.unwrap_or(One::Text);
                Typed::List(of.scalar(), self.list(node, of))
            }
            Kin::Unknown => {
                self.untyped(node);
                Typed::Boolean(Boolean::Constant(false))
            }
        }
    }

    pub(super) fn one(&mut self, node: &Node, wanted: One) -> Typed {
        match wanted {
            One::Boolean => Typed::Boolean(self.boolean(node)),
            One::Integer => Typed::Integer(self.integer(node)),
            One::Decimal => Typed::Decimal(self.decimal(node)),
            One::Text | One::Quoted => Typed::Text(self.text(node)),
            One::Choice(slot) => Typed::Choice(self.choice(node, slot)),
            One::Date => Typed::Date(self.date(node)),
            One::Duration => Typed::Duration(self.duration(node)),
        }
    }

    pub(super) fn text(&mut self, node: &Node) -> Text {
        match (&node.kind, self.kin(node)) {
            (_, Kin::One(One::Choice(slot))) => {
                Words::Name(self.choice(node, slot), self.schema.choices(slot), slot).into()
            }
            (Kind::Text(text), _) => Text::Constant(Arc::clone(text)),
            (Kind::Field(name), Kin::One(One::Text)) => Text::Field(self.slot(name)),
            (Kind::Arithmetic(first, rest), Kin::One(One::Text)) => self.joined(first, rest, node.span),
            (Kind::Conditional(parts), Kin::One(One::Text | One::Quoted)) => {
                Words::Conditional(self.conditional(parts, Self::text)).into()
            }
            (_, Kin::Unknown) => {
                self.untyped(node);
                Text::Field(0)
            }
            (_, found) => {
                self.operand(node, "a text", found);
                Text::Field(0)
            }
        }
    }

    fn joined(&mut self, first: &Node, rest: &[(Arithmetic, Node)], span: Span) -> Text {
        let parts = std::iter::once(first).chain(rest.iter().map(|(_, part)| part));
        Words::Joined(parts.map(|part| self.text(part)).collect(), span).into()
    }

    /// One of the values of the choice that the field in `slot` declares.
    pub(super) fn choice(&mut self, node: &Node, slot: u16) -> Choice {
        match (&node.kind, self.kin(node)) {
            (Kind::Text(text), _) => Choice::Constant(self.choice_named(text, slot, node.span)),
            (Kind::Conditional(parts), Kin::One(One::Choice(_) | One::Quoted)) => {
                Choice::Conditional(self.conditional(parts, |me, part| me.choice(part, slot)))
            }
            (Kind::Field(name), Kin::One(One::Choice(other))) if Kinds(self.schema).same_choices(slot, other) => {
                Choice::Field(self.slot(name))
            }
            (_, Kin::Unknown) => {
                self.untyped(node);
                Choice::Constant(0)
            }
            (_, found) => {
                self.operand(node, "a value of the same choice", found);
                Choice::Constant(0)
            }
        }
    }

    fn choice_named(&mut self, text: &str, slot: u16, span: Span) -> u16 {
        let choices = self.schema.choices(slot);
        let position = choices.iter().position(|choice| **choice == *text);
        if position.is_none() {
            let name = self.schema.name(slot).map_or("", |name| name);
            let help = suggest(text, choices.iter().map(|choice| &**choice));
            self.report(Code::TypeMismatch, span, format!("`{text}` is not one of the values of `{name}`"), help);
            self.because_of(slot, span);
        }
        position.and_then(|position| u16::try_from(position).ok()).unwrap_or(0)
    }

    pub(super) fn conditional<T>(
        &mut self,
        parts: &[Node; 3],
        of: impl Fn(&mut Self, &Node) -> T,
    ) -> Box<(Boolean, T, T)> {
        let [condition, then, otherwise] = parts;
        Box::new((self.boolean(condition), of(self, then), of(self, otherwise)))
    }

    pub(super) fn both<T>(&mut self, sides: &[Node; 2], of: impl Fn(&mut Self, &Node) -> T) -> [T; 2] {
        [of(self, &sides[0]), of(self, &sides[1])]
    }
}
