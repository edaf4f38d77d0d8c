//! The trees of lists.

use std::sync::Arc;

use super::super::ast::{Kind, Node, Span};
use super::super::eval::{List, Typed};
use super::Checker;
use super::kinds::{Kin, Kinds, One};
use crate::value::Value;

impl Checker<'_> {
    /// A list whose elements are wanted as that type.
    pub(super) fn list(&mut self, node: &Node, of: One) -> List {
        match (&node.kind, self.kin(node)) {
            (Kind::List(elements), _) => self.elements(elements, of, node.span),
            (Kind::Conditional(parts), Kin::List(_)) => {
                List::Conditional(self.conditional(parts, |me, part| me.list(part, of)))
            }
            (Kind::Field(name), Kin::List(Some(found))) if Kinds(self.schema).becomes(found, of) => {
                let (slot, field) = (self.slot(name), List::Field(self.slot(name)));
                match (found, of) {
                    (One::Integer, One::Decimal) => List::Widened(Box::new(field), slot),
                    (One::Choice(_), One::Text) => List::Names(Box::new(field), self.schema.choices(slot), slot),
                    _ => field,
                }
            }
            (_, Kin::Unknown) => {
                self.untyped(node);
                stand_in()
            }
            (_, found) => {
                self.operand(node, Kin::List(Some(of)).described(), found);
                stand_in()
            }
        }
    }

    fn elements(&mut self, elements: &[Node], of: One, span: Span) -> List {
        let parts: Box<[Typed]> = elements.iter().map(|element| self.one(element, of)).collect();
        match parts.iter().map(Typed::constant).collect::<Option<Arc<[Value]>>>() {
            Some(values) => List::Constant(values),
            None => List::Of(parts, span),
        }
    }
}

fn stand_in() -> List {
    List::Constant(Arc::default())
}
