//! Texts, and the values of choices, which become texts by their names.

use std::borrow::Cow;
use std::sync::Arc;

use super::super::ast::Span;
use super::{Boolean, Fault, Lookup, MAX_MADE, unusable};
use crate::value::Value;

/// What is constant or a field is read where it stands.
#[derive(Debug, Clone)]
pub(in super::super) enum Text {
    Constant(Arc<str>),
    Field(u16),
    Computed(Box<Words>),
}

/// A text that is made of other parts.
#[derive(Debug, Clone)]
pub(in super::super) enum Words {
    /// The name of a choice, its names and the field that declares them.
    Name(Choice, Arc<[Arc<str>]>, u16),
    Joined(Box<[Text]>, Span),
    Conditional(Box<(Boolean, Text, Text)>),
}

#[derive(Debug, Clone)]
pub(in super::super) enum Choice {
    Constant(u16),
    Field(u16),
    Conditional(Box<(Boolean, Choice, Choice)>),
}

impl Text {
    /// The text where nothing need be computed for it.
    #[inline(always)]
    pub fn at_hand<'a, L: Lookup + ?Sized>(&'a self, data: &'a L) -> Option<&'a str> {
        match self {
            Text::Constant(text) => Some(text),
            Text::Field(slot) => match data.value(*slot) {
                Value::Text(text) => Some(text),
                _ => None,
            },
            Text::Computed(_) => None,
        }
    }

    /// Only a joined text is made anew.
    pub fn eval<'a, L: Lookup + ?Sized>(&'a self, data: &'a L) -> Result<Cow<'a, Arc<str>>, Fault> {
        match self {
            Text::Constant(text) => Ok(Cow::Borrowed(text)),
            Text::Field(slot) => match data.value(*slot) {
                Value::Text(text) => Ok(Cow::Borrowed(text)),
                other => Err(unusable(*slot, other)),
            },
            Text::Computed(words) => words.eval(data),
        }
    }
}

impl From<Words> for Text {
    fn from(words: Words) -> Text {
        Text::Computed(Box::new(words))
    }
}

impl Words {
    #[inline(never)]
    fn eval<'a, L: Lookup + ?Sized>(&'a self, data: &'a L) -> Result<Cow<'a, Arc<str>>, Fault> {
        match self {
            Words::Name(choice, names, slot) => {
                names.get(usize::from(choice.eval(data)?)).map(Cow::Borrowed).ok_or(Fault::Mistyped(*slot))
            }
            Words::Joined(parts, span) => joined(parts, *span, data).map(Cow::Owned),
            Words::Conditional(parts) => {
                if parts.0.eval(data)? {
                    parts.1.eval(data)
                } else {
                    parts.2.eval(data)
                }
            }
        }
    }
}

fn joined<L: Lookup + ?Sized>(parts: &[Text], span: Span, data: &L) -> Result<Arc<str>, Fault> {
    let mut joined = String::new();
    for part in parts {
        let part = part.eval(data)?;
        if joined.len() + part.len() > MAX_MADE {
            return Err(Fault::TooLong(span));
        }
        joined.push_str(&part);
    }
    Ok(joined.into())
}

impl Choice {
    #[inline]
    pub fn eval<L: Lookup + ?Sized>(&self, data: &L) -> Result<u16, Fault> {
        match self {
            Choice::Constant(index) => Ok(*index),
            Choice::Field(slot) => match data.value(*slot) {
                Value::Choice(index) => Ok(*index),
                other => Err(unusable(*slot, other)),
            },
            Choice::Conditional(parts) => chosen(parts, data),
        }
    }
}

#[inline(never)]
fn chosen<L: Lookup + ?Sized>(parts: &(Boolean, Choice, Choice), data: &L) -> Result<u16, Fault> {
    if parts.0.eval(data)? { parts.1.eval(data) } else { parts.2.eval(data) }
}
