//! What a linear condition over whole numbers is: a sum, compared with zero.

use std::collections::BTreeMap;

/// An unknown whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Unknown(pub usize);

/// Unknowns, each so many times, and a constant. No unknown stands in it zero times.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Sum {
    pub terms: BTreeMap<Unknown, i128>,
    pub constant: i128,
}

/// What a sum is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    /// Zero or less.
    AtMostZero,
    Zero,
    NotZero,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub sum: Sum,
    pub is: Is,
}

impl Sum {
    pub fn constant(constant: i128) -> Sum {
        Sum { terms: BTreeMap::new(), constant }
    }

    pub fn of(unknown: Unknown) -> Sum {
        Sum { terms: [(unknown, 1)].into(), constant: 0 }
    }

    /// `None` on overflow, here and below.
    pub fn plus(&self, other: &Sum) -> Option<Sum> {
        let mut sum = Sum { terms: self.terms.clone(), constant: self.constant.checked_add(other.constant)? };
        for (unknown, times) in &other.terms {
            let both = sum.terms.get(unknown).copied().unwrap_or(0).checked_add(*times)?;
            match both {
                0 => sum.terms.remove(unknown),
                _ => sum.terms.insert(*unknown, both),
            };
        }
        Some(sum)
    }

    pub fn minus(&self, other: &Sum) -> Option<Sum> {
        self.plus(&other.times(-1)?)
    }

    pub fn times(&self, factor: i128) -> Option<Sum> {
        if factor == 0 {
            return Some(Sum::default());
        }
        let terms = self.terms.iter().map(|(unknown, times)| Some((*unknown, times.checked_mul(factor)?)));
        Some(Sum { terms: terms.collect::<Option<_>>()?, constant: self.constant.checked_mul(factor)? })
    }

    /// The sum without rest divided by a number above zero; `None` where a rest may be left.
    pub fn exactly_by(&self, divisor: i128) -> Option<Sum> {
        let divided = |number: i128| (number % divisor == 0).then(|| number / divisor);
        let terms = self.terms.iter().map(|(unknown, times)| Some((*unknown, divided(*times)?)));
        Some(Sum { terms: terms.collect::<Option<_>>()?, constant: divided(self.constant)? })
    }

    /// Its value, where nothing in it is unknown.
    pub fn known(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    pub fn value(&self, values: &[i128]) -> Option<i128> {
        let mut terms = self.terms.iter();
        terms.try_fold(self.constant, |sum, (unknown, times)| sum.checked_add(times.checked_mul(values[unknown.0])?))
    }
}

impl Condition {
    /// Whether it holds of a value of its sum.
    pub fn holds(is: Is, value: i128) -> bool {
        match is {
            Is::AtMostZero => value <= 0,
            Is::Zero => value == 0,
            Is::NotZero => value != 0,
        }
    }
}

/// The largest whole number that is not above the quotient, for a divisor that is not zero.
pub(super) fn floor(number: i128, divisor: i128) -> Option<i128> {
    let (quotient, rest) = (number.checked_div(divisor)?, number.checked_rem(divisor)?);
    Some(if rest != 0 && (rest < 0) != (divisor < 0) { quotient - 1 } else { quotient })
}

/// The smallest whole number that is not below the quotient, for a divisor that is not zero.
pub(super) fn ceiling(number: i128, divisor: i128) -> Option<i128> {
    let (quotient, rest) = (number.checked_div(divisor)?, number.checked_rem(divisor)?);
    Some(if rest != 0 && (rest < 0) == (divisor < 0) { quotient + 1 } else { quotient })
}
