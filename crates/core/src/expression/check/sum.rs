//! What the operators of one level make of their sides: numbers, texts, days or durations.

use super::super::ast::{Arithmetic, Kind, Node};
use super::kinds::{Kin, Kinds, One};
use crate::time::Date;

/// The types of a sum or a product.
pub(super) struct Sum {
    /// What it is in the end.
    pub result: Kin,
    /// As what the first side is read.
    pub first: Kin,
    /// As what each other side is read.
    pub rest: Vec<Kin>,
}

/// An operator whose sides do not go together.
pub(super) struct Misfit {
    /// Which of the other sides it is that does not fit what stands before.
    pub index: usize,
    pub before: Kin,
    pub found: Kin,
}

impl Sum {
    /// Operators apply from the left.
    pub fn read(kinds: Kinds<'_>, first: &Node, rest: &[(Arithmetic, Node)]) -> Result<Sum, Misfit> {
        let mut result = kinds.of(first);
        if let (Kin::One(One::Quoted), Some((_, next))) = (result, rest.first()) {
            result = leading(first, kinds.of(next));
        }
        let mut sum = Sum { result, first: result, rest: Vec::with_capacity(rest.len()) };
        for (index, (operator, side)) in rest.iter().enumerate() {
            let mut found = kinds.of(side);
            if found == Kin::One(One::Quoted) {
                found = wanted_after(sum.result, *operator, side);
            }
            let misfit = Misfit { index, before: sum.result, found };
            sum.result = both(*operator, sum.result, found).ok_or(misfit)?;
            sum.rest.push(found);
        }
        Ok(sum)
    }
}

/// The type of two sides together.
fn both(operator: Arithmetic, before: Kin, found: Kin) -> Option<Kin> {
    use Arithmetic::{Add, Divide, Multiply, Subtract};
    Some(match (before, operator, found) {
        (Kin::Unknown, ..) | (.., Kin::Unknown) => Kin::Unknown,
        (Kin::One(One::Integer), _, Kin::One(One::Integer)) => Kin::INTEGER,
        (before, _, found) if before.is_number() && found.is_number() => Kin::One(One::Decimal),
        (before, Add, found) if before.is_text() && found.is_text() => Kin::TEXT,
        (Kin::One(One::Date), Add | Subtract, Kin::One(One::Duration)) => before,
        (Kin::One(One::Date), Subtract, Kin::One(One::Date)) => Kin::One(One::Duration),
        (Kin::One(One::Duration), Add | Subtract, Kin::One(One::Duration)) => before,
        (Kin::One(One::Duration), Multiply | Divide, Kin::One(One::Integer)) => before,
        _ => return None,
    })
}

/// As what a text in quotes is read that stands first: the other side says whether time is meant.
fn leading(text: &Node, next: Kin) -> Kin {
    match next {
        Kin::One(One::Date | One::Duration) => day_or_duration(text),
        _ => Kin::One(One::Quoted),
    }
}

/// As what a text in quotes is read after what stands before it.
fn wanted_after(before: Kin, operator: Arithmetic, text: &Node) -> Kin {
    match (before, operator) {
        (Kin::One(One::Date), Arithmetic::Subtract) => day_or_duration(text),
        (Kin::One(One::Date | One::Duration), Arithmetic::Add | Arithmetic::Subtract) => Kin::One(One::Duration),
        _ => Kin::One(One::Quoted),
    }
}

/// A day can be subtracted from a day, and so can a duration: the text itself says which it is.
fn day_or_duration(text: &Node) -> Kin {
    let mut first = text;
    while let Kind::Conditional(parts) = &first.kind {
        first = &parts[1];
    }
    match &first.kind {
        Kind::Text(text) if text.parse::<Date>().is_ok() => Kin::One(One::Date),
        _ => Kin::One(One::Duration),
    }
}
