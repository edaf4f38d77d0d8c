//! What can be computed with, as sums of unknowns: numbers, days, durations, and by their order choices and texts.

use grieta_core::definition::Type;
use grieta_core::expression::{Arithmetic, Comparison, Part};
use grieta_core::value::Value;

use super::fields::{DAY, ONE, number};
use super::formula::Formula;
use super::linear::{Is, Sum, Unknown};
use super::range::Range;
use super::read::{Reader, is};

/// What an amount may be, each with what has to hold for that; none where it cannot be evaluated.
pub(super) type Ways = Vec<(Formula, Sum)>;

/// As many ways as are told apart.
const MOST_WAYS: usize = 64;

/// What an unknown is rounded from: a sum and by what it is divided.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Rounding {
    /// To the nearest whole number.
    Nearest(Sum, i128),
    /// Towards zero.
    Truncated(Sum, i128),
    /// Where only what leaves no rest counts.
    Exact(Sum, i128),
}

impl Reader<'_> {
    /// The ways of an amount: integers as they are, decimals in billionths, days since 1970, durations in microseconds,
    /// choices and texts by their position. What is not linear may be anything, but the same everywhere. `None` where that
    /// makes no sense.
    pub fn amount(&mut self, part: &Part) -> Option<Ways> {
        if let Some(ways) = self.linear(part) {
            return Some(ways);
        }
        let range = match self.kind(part)? {
            Type::Integer | Type::Decimal | Type::Date | Type::Duration => Range::ANY,
            Type::Text => self.fields.texts.range(),
            Type::Boolean | Type::Choice | Type::List(_) => return None,
        };
        Some(vec![(Formula::TRUE, Sum::of(self.stand_in(part, range)))])
    }

    fn linear(&mut self, part: &Part) -> Option<Ways> {
        let ways = match part {
            Part::Constant(value) => vec![(Formula::TRUE, Sum::constant(self.number(value)?))],
            Part::Field(slot) => vec![(self.fields.has(*slot, true), Sum::of(self.fields.value(*slot)?))],
            Part::Negated(inner) => self.each(inner, |sum| sum.times(-1))?,
            Part::Widened(inner) => self.each(inner, |sum| sum.times(ONE))?,
            Part::Chain(first, rest) => {
                let kind = self.kind(first)?;
                rest.iter().try_fold(self.amount(first)?, |ways, (operator, side)| {
                    let side = self.amount(side)?;
                    self.apply(kind, *operator, &ways, &side)
                })?
            }
            Part::Least(sides) => self.better(sides, Comparison::LessOrEqual)?,
            Part::Greatest(sides) => self.better(sides, Comparison::GreaterOrEqual)?,
            Part::DaysBetween(sides) => {
                let [from, to] = [self.amount(&sides[0])?, self.amount(&sides[1])?];
                pairs(&to, &from, |to, from| to.minus(from))?
            }
            Part::Between(sides) => {
                let [day, earlier] = [self.amount(&sides[0])?, self.amount(&sides[1])?];
                pairs(&day, &earlier, |day, earlier| day.minus(earlier)?.times(DAY))?
            }
            Part::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                let mut ways = when(self.condition(condition, true), self.amount(then)?);
                ways.extend(when(self.condition(condition, false), self.amount(otherwise)?));
                ways
            }
            Part::Named(choice, names) => self.named(choice, names)?,
            Part::Length(_) => {
                let most = Range { least: Some(0), most: None };
                vec![(Formula::TRUE, Sum::of(self.stand_in(part, most)))]
            }
            _ => return None,
        };
        (ways.len() <= MOST_WAYS).then_some(ways)
    }

    fn number(&self, value: &Value) -> Option<i128> {
        match value {
            Value::Text(text) => self.fields.texts.number(text),
            _ => number(value),
        }
    }

    fn each(&mut self, inner: &Part, of: impl Fn(&Sum) -> Option<Sum>) -> Option<Ways> {
        self.amount(inner)?.into_iter().map(|(when, sum)| Some((when, of(&sum)?))).collect()
    }

    /// The one of two that compares so with the other.
    fn better(&mut self, sides: &[Part; 2], comparison: Comparison) -> Option<Ways> {
        let [one, other] = [self.amount(&sides[0])?, self.amount(&sides[1])?];
        let opposite = if comparison == Comparison::LessOrEqual { Comparison::Greater } else { Comparison::Less };
        let mut ways = Ways::new();
        for (apart, (first, second)) in pairs(&one, &other, |one, other| one.minus(other))?
            .into_iter()
            .zip(one.iter().flat_map(|one| other.iter().map(move |other| (&one.1, &other.1))))
        {
            let (both, apart) = apart;
            ways.push((Formula::all([both.clone(), is(comparison, apart.clone())]), first.clone()));
            ways.push((Formula::all([both, is(opposite, apart)]), second.clone()));
        }
        Some(ways)
    }

    /// The name of each value of a choice.
    fn named(&mut self, choice: &Part, names: &[std::sync::Arc<str>]) -> Option<Ways> {
        let choices = self.amount(choice)?;
        let mut ways = Ways::new();
        for (when, choice) in choices {
            if choice.known().is_none() && names.len() > MOST_WAYS {
                return None;
            }
            for (position, name) in names.iter().enumerate() {
                let is_it = Formula::that(choice.minus(&Sum::constant(position as i128))?, Is::Zero);
                ways.push((Formula::all([when.clone(), is_it]), Sum::constant(self.fields.texts.number(name)?)));
            }
        }
        ways.retain(|(when, _)| *when != Formula::FALSE);
        Some(ways)
    }

    fn apply(&mut self, kind: Type, operator: Arithmetic, before: &Ways, side: &Ways) -> Option<Ways> {
        let mut ways = Ways::new();
        for (when, one) in before {
            for (and, other) in side {
                let results = match (kind, operator) {
                    (Type::Date, _) => self.moved(one, operator, other)?,
                    (_, Arithmetic::Add) => vec![(Formula::TRUE, one.plus(other)?)],
                    (_, Arithmetic::Subtract) => vec![(Formula::TRUE, one.minus(other)?)],
                    (Type::Decimal, Arithmetic::Multiply) => match (one.known(), other.known()) {
                        (_, Some(factor)) => self.nearest(one.times(factor)?, ONE)?,
                        (Some(factor), _) => self.nearest(other.times(factor)?, ONE)?,
                        _ => return None,
                    },
                    (Type::Decimal, Arithmetic::Divide) => match other.known()? {
                        0 => Ways::new(),
                        by => self.nearest(one.times(ONE)?, by)?,
                    },
                    (_, Arithmetic::Multiply) => match (one.known(), other.known()) {
                        (_, Some(factor)) => vec![(Formula::TRUE, one.times(factor)?)],
                        (Some(factor), _) => vec![(Formula::TRUE, other.times(factor)?)],
                        _ => return None,
                    },
                    (Type::Decimal, Arithmetic::Remainder) => return None,
                    (_, Arithmetic::Divide | Arithmetic::Remainder) => match other.known()? {
                        0 => Ways::new(),
                        by => self.truncated(one, by, operator)?,
                    },
                };
                let results = results.into_iter().map(|(so, sum)| (Formula::all([when.clone(), and.clone(), so]), sum));
                ways.extend(results);
                if ways.len() > MOST_WAYS {
                    return None;
                }
            }
        }
        Some(ways)
    }

    /// A day moved by a duration, which has to be of whole days.
    fn moved(&mut self, day: &Sum, operator: Arithmetic, by: &Sum) -> Option<Ways> {
        let by = if operator == Arithmetic::Subtract { by.times(-1)? } else { by.clone() };
        if let Some(days) = by.exactly_by(DAY) {
            return Some(vec![(Formula::TRUE, day.plus(&days)?)]);
        }
        if by.known().is_some() {
            return Some(Ways::new());
        }
        let days = Sum::of(self.rounded_from(Rounding::Exact(by.clone(), DAY)));
        let whole = Formula::that(days.times(DAY)?.minus(&by)?, Is::Zero);
        Some(vec![(whole, day.plus(&days)?)])
    }

    /// The nearest whole number of a quotient. Half of one is rounded away from zero; here it may be rounded either way,
    /// which asks for less.
    fn nearest(&mut self, sum: Sum, by: i128) -> Option<Ways> {
        let (sum, by) = if by < 0 { (sum.times(-1)?, by.checked_neg()?) } else { (sum, by) };
        if let Some(exact) = sum.exactly_by(by) {
            return Some(vec![(Formula::TRUE, exact)]);
        }
        let quotient = Sum::of(self.rounded_from(Rounding::Nearest(sum.clone(), by)));
        let twice = quotient.times(by.checked_mul(2)?)?.minus(&sum.times(2)?)?;
        let by = Sum::constant(by);
        let near = [is(Comparison::LessOrEqual, twice.minus(&by)?), is(Comparison::GreaterOrEqual, twice.plus(&by)?)];
        Some(vec![(Formula::all(near), quotient)])
    }

    /// The quotient of whole numbers without its rest, or the rest; that has the sign of what is divided.
    fn truncated(&mut self, sum: &Sum, by: i128, operator: Arithmetic) -> Option<Ways> {
        let (divided, by) = if by < 0 { (sum.times(-1)?, by.checked_neg()?) } else { (sum.clone(), by) };
        let quotient = Sum::of(self.rounded_from(Rounding::Truncated(divided.clone(), by)));
        let rest = divided.minus(&quotient.times(by)?)?;
        let most = Sum::constant(by - 1);
        let above = [
            is(Comparison::GreaterOrEqual, divided.clone()),
            is(Comparison::GreaterOrEqual, rest.clone()),
            is(Comparison::LessOrEqual, rest.minus(&most)?),
        ];
        let below = [
            is(Comparison::Less, divided.clone()),
            is(Comparison::LessOrEqual, rest.clone()),
            is(Comparison::GreaterOrEqual, rest.plus(&most)?),
        ];
        let result = match operator {
            Arithmetic::Divide => quotient,
            // The rest has the same size whatever the sign of the divisor.
            _ if divided == *sum => rest,
            _ => rest.times(-1)?,
        };
        Some(vec![(Formula::all(above), result.clone()), (Formula::all(below), result)])
    }

    /// The unknown that is rounded so, the same one for the same sum.
    fn rounded_from(&mut self, rounding: Rounding) -> Unknown {
        if let Some(unknown) = self.rounded.get(&rounding) {
            return *unknown;
        }
        let unknown = self.fields.any(Range::ANY);
        self.rounded.insert(rounding, unknown);
        unknown
    }
}

fn when(condition: Formula, ways: Ways) -> Ways {
    ways.into_iter().map(|(when, sum)| (Formula::all([condition.clone(), when]), sum)).collect()
}

fn pairs(one: &Ways, other: &Ways, of: impl Fn(&Sum, &Sum) -> Option<Sum>) -> Option<Ways> {
    if one.len() * other.len() > MOST_WAYS {
        return None;
    }
    let pairs = one.iter().flat_map(|one| other.iter().map(move |other| (one, other)));
    pairs
        .map(|((when, one), (and, other))| Some((Formula::all([when.clone(), and.clone()]), of(one, other)?)))
        .collect()
}
