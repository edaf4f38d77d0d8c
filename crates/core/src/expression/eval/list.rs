//! Lists: several values of one type.

use std::sync::Arc;

use super::super::ast::Span;
use super::{Boolean, Fault, Lookup, MAX_MADE, Typed, unusable};
use crate::value::{Decimal, Value};

#[derive(Debug, Clone)]
pub(in super::super) enum List {
    Constant(Arc<[Value]>),
    Field(u16),
    /// In brackets.
    Of(Box<[Typed]>, Span),
    /// Integers where decimals are needed.
    Widened(Box<List>, u16),
    /// The names of choices, which the field in that slot declares.
    Names(Box<List>, Arc<[Arc<str>]>, u16),
    Conditional(Box<(Boolean, List, List)>),
}

impl List {
    pub fn eval<L: Lookup + ?Sized>(&self, data: &L) -> Result<Arc<[Value]>, Fault> {
        match self {
            List::Constant(values) => Ok(Arc::clone(values)),
            List::Field(slot) => match data.value(*slot) {
                Value::List(values) => Ok(Arc::clone(values)),
                other => Err(unusable(*slot, other)),
            },
            List::Of(parts, span) => made(parts, *span, data),
            List::Widened(list, slot) => converted(&list.eval(data)?, *slot, |value| match value {
                Value::Integer(value) => Some(Decimal::from(*value).into()),
                _ => None,
            }),
            List::Names(list, names, slot) => converted(&list.eval(data)?, *slot, |value| match value {
                Value::Choice(index) => names.get(usize::from(*index)).cloned().map(Value::Text),
                _ => None,
            }),
            List::Conditional(parts) => {
                if parts.0.eval(data)? {
                    parts.1.eval(data)
                } else {
                    parts.2.eval(data)
                }
            }
        }
    }
}

fn made<L: Lookup + ?Sized>(parts: &[Typed], span: Span, data: &L) -> Result<Arc<[Value]>, Fault> {
    let (mut values, mut length) = (Vec::with_capacity(parts.len()), 0);
    for part in parts {
        let value = part.eval(data)?;
        if let Value::Text(text) = &value {
            length += text.len();
        }
        if length > MAX_MADE {
            return Err(Fault::TooLong(span));
        }
        values.push(value);
    }
    Ok(values.into())
}

/// The elements as another type; the field in that slot is mistyped where one of them has none.
fn converted(values: &[Value], slot: u16, of: impl Fn(&Value) -> Option<Value>) -> Result<Arc<[Value]>, Fault> {
    values.iter().map(of).collect::<Option<_>>().ok_or(Fault::Mistyped(slot))
}
