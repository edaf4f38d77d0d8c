//! What has to hold for a condition to be true, or false. Where that cannot be said in linear conditions, the formula asks
//! for less: it may hold where the condition does not, but never the other way round. A condition that cannot be evaluated
//! is neither true nor false.

use std::collections::HashMap;

use grieta_core::definition::Type;
use grieta_core::expression::{Comparison, Part};
use grieta_core::value::Value;

use super::amounts::Rounding;
use super::fields::Fields;
use super::formula::Formula;
use super::linear::{Is, Sum, Unknown};
use super::range::Range;

/// As many parts as are read; what comes after that may hold or not.
const MOST_PARTS: u32 = 30_000;

/// Reads conditions over the same fields.
pub(super) struct Reader<'p> {
    pub fields: Fields<'p>,
    /// The unknowns that stand for what is not understood.
    opaque: HashMap<Part, Unknown>,
    /// The unknowns that stand for what is rounded.
    pub(super) rounded: HashMap<Rounding, Unknown>,
    left: u32,
}

impl<'p> Reader<'p> {
    pub fn new(fields: Fields<'p>) -> Reader<'p> {
        Reader { fields, opaque: HashMap::new(), rounded: HashMap::new(), left: MOST_PARTS }
    }

    /// What has to hold for the condition to be `wanted`.
    pub fn condition(&mut self, part: &Part, wanted: bool) -> Formula {
        if self.left == 0 {
            return Formula::TRUE;
        }
        self.left -= 1;
        match part {
            Part::Constant(Value::Boolean(value)) => Formula::known(*value == wanted),
            Part::Field(slot) => {
                let Some(unknown) = self.fields.value(*slot) else { return Formula::TRUE };
                let is_so = Sum { constant: -i128::from(wanted), ..Sum::of(unknown) };
                Formula::all([self.fields.has(*slot, true), Formula::that(is_so, Is::Zero)])
            }
            Part::Has(slot) => self.fields.has(*slot, wanted),
            Part::Not(inner) => self.condition(inner, !wanted),
            Part::All(parts) => self.sequence(parts, wanted, false),
            Part::Any(parts) => self.sequence(parts, wanted, true),
            Part::Compare(comparison, sides) => self.compare(*comparison, sides, part, wanted),
            Part::In(sides) => match &sides[1] {
                Part::List(elements) => self.is_in(&sides[0], elements, wanted),
                _ => self.opaque(part, wanted),
            },
            Part::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                let then = [self.condition(condition, true), self.condition(then, wanted)];
                let otherwise = [self.condition(condition, false), self.condition(otherwise, wanted)];
                Formula::any([Formula::all(then), Formula::all(otherwise)])
            }
            _ => self.opaque(part, wanted),
        }
    }

    /// Conditions asked from the left until one is `decisive`.
    fn sequence(&mut self, parts: &[Part], wanted: bool, decisive: bool) -> Formula {
        if wanted != decisive {
            return Formula::all(parts.iter().map(|part| self.condition(part, wanted)).collect::<Vec<_>>());
        }
        // A part is asked only after those before it could be evaluated, of which only those matter that may fail.
        let mut before = Vec::new();
        let mut ways = Vec::new();
        for part in parts {
            let decides = self.condition(part, decisive);
            ways.push(Formula::all(before.iter().cloned().chain([decides])));
            if !self.fields.always_there(part) && before.len() < 20 {
                before.push(self.condition(part, !decisive));
            }
        }
        Formula::any(ways)
    }

    fn is_in(&mut self, value: &Part, elements: &[Part], wanted: bool) -> Formula {
        let comparison = if wanted { Comparison::Equal } else { Comparison::NotEqual };
        let same = elements.iter().map(|element| {
            let part = Part::Compare(comparison, Box::new([value.clone(), element.clone()]));
            self.condition(&part, true)
        });
        let same: Vec<Formula> = same.collect();
        if wanted { Formula::any(same) } else { Formula::all(same) }
    }

    fn compare(&mut self, comparison: Comparison, sides: &[Part; 2], part: &Part, wanted: bool) -> Formula {
        let comparison = if wanted { comparison } else { opposite(comparison) };
        match self.kind(&sides[0]) {
            Some(Type::Boolean) => {
                let mut both = |a, b| Formula::all([self.condition(&sides[0], a), self.condition(&sides[1], b)]);
                let equal = comparison == Comparison::Equal;
                Formula::any([both(true, equal), both(false, !equal)])
            }
            Some(Type::List(_)) | None => self.opaque(part, wanted),
            Some(_) => match (self.amount(&sides[0]), self.amount(&sides[1])) {
                (Some(one), Some(other)) => {
                    let pairs = one.iter().flat_map(|one| other.iter().map(move |other| (one, other)));
                    let compared = pairs.map(|((when, one), (and, other))| {
                        // A difference too large for us asks for nothing.
                        let compared = one.minus(other).map_or(Formula::TRUE, |apart| is(comparison, apart));
                        Formula::all([when.clone(), and.clone(), compared])
                    });
                    Formula::any(compared.collect::<Vec<_>>())
                }
                _ => self.opaque(part, wanted),
            },
        }
    }

    /// That a condition of which nothing is known is so: the same one is not both true and false.
    fn opaque(&mut self, part: &Part, wanted: bool) -> Formula {
        let unknown = self.stand_in(part, Range::between(0, 1));
        Formula::that(Sum { constant: -i128::from(wanted), ..Sum::of(unknown) }, Is::Zero)
    }

    /// An unknown for a part of which nothing is known but its bounds.
    pub(super) fn stand_in(&mut self, part: &Part, range: Range) -> Unknown {
        if let Some(unknown) = self.opaque.get(part) {
            return *unknown;
        }
        let unknown = self.fields.any(range);
        self.opaque.insert(part.clone(), unknown);
        unknown
    }

    /// The type of a part.
    pub(super) fn kind(&self, part: &Part) -> Option<Type> {
        Some(match part {
            Part::Constant(value) => match value {
                Value::Boolean(_) => Type::Boolean,
                Value::Integer(_) => Type::Integer,
                Value::Decimal(_) => Type::Decimal,
                Value::Text(_) => Type::Text,
                Value::Choice(_) => Type::Choice,
                Value::Date(_) => Type::Date,
                Value::Duration(_) => Type::Duration,
                _ => return None,
            },
            Part::Field(slot) => self.fields.kind(*slot)?,
            Part::Has(_) | Part::Not(_) | Part::All(_) | Part::Any(_) | Part::Compare(..) => Type::Boolean,
            Part::In(_) | Part::Contains(_) => Type::Boolean,
            Part::Conditional(parts) => self.kind(&parts[1])?,
            Part::Negated(inner) | Part::Chain(inner, _) => self.kind(inner)?,
            Part::Least(sides) | Part::Greatest(sides) => self.kind(&sides[0])?,
            Part::Widened(inner) => match self.kind(inner)? {
                Type::Integer => Type::Decimal,
                _ => return None,
            },
            Part::Named(inner, _) => match self.kind(inner)? {
                Type::Choice => Type::Text,
                _ => return None,
            },
            Part::DaysBetween(_) | Part::Length(_) => Type::Integer,
            Part::Between(_) => Type::Duration,
            Part::Joined(_) => Type::Text,
            _ => return None,
        })
    }
}

fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}

/// That a difference says so of its sides. One that is too large to turn round asks for nothing.
pub(super) fn is(comparison: Comparison, apart: Sum) -> Formula {
    let one = Sum::constant(1);
    let at_most = |sum: Option<Sum>| sum.map_or(Formula::TRUE, |sum| Formula::that(sum, Is::AtMostZero));
    match comparison {
        Comparison::Equal => Formula::that(apart, Is::Zero),
        Comparison::NotEqual => Formula::that(apart, Is::NotZero),
        Comparison::LessOrEqual => Formula::that(apart, Is::AtMostZero),
        Comparison::Less => at_most(apart.plus(&one)),
        Comparison::GreaterOrEqual => at_most(apart.times(-1)),
        Comparison::Greater => at_most(apart.times(-1).and_then(|sum| sum.plus(&one))),
    }
}
