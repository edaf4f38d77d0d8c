//! Between which bounds a whole number lies, and which number between them reads best.

use super::linear::{Condition, Is, Sum, ceiling, floor};

/// The bounds of a whole number, both included; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Range {
    pub least: Option<i128>,
    pub most: Option<i128>,
}

/// Nothing is left between the bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Nothing;

/// Which values of an unknown read best: the one preferred, then those that lie a whole number of steps from it; the
/// widest step first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taste {
    pub preferred: i128,
    pub steps: &'static [i128],
}

impl Range {
    pub const ANY: Range = Range { least: None, most: None };

    pub fn between(least: i128, most: i128) -> Range {
        Range { least: Some(least), most: Some(most) }
    }

    pub fn is_empty(self) -> bool {
        matches!((self.least, self.most), (Some(least), Some(most)) if least > most)
    }

    pub fn within(self, other: Range) -> Range {
        let tighter = |a: Option<i128>, b: Option<i128>, of: fn(i128, i128) -> i128| match (a, b) {
            (Some(a), Some(b)) => Some(of(a, b)),
            (one, other) => one.or(other),
        };
        Range { least: tighter(self.least, other.least, i128::max), most: tighter(self.most, other.most, i128::min) }
    }

    /// The number in it that reads best, if there is any.
    pub fn nicest(self, taste: Taste) -> Option<i128> {
        if self.is_empty() {
            return None;
        }
        let Taste { preferred, steps } = taste;
        let fits = |value: &i128| {
            self.least.is_none_or(|least| least <= *value) && self.most.is_none_or(|most| *value <= most)
        };
        let bound = [self.least, self.most].into_iter().flatten().find(|bound| {
            self.least == Some(*bound) && *bound > preferred || self.most == Some(*bound) && *bound < preferred
        });
        let Some(bound) = bound else { return Some(preferred) };
        let apart = |step: i128| {
            let distance = bound.checked_sub(preferred)?;
            let steps = if distance > 0 { ceiling(distance, step) } else { floor(distance, step) };
            preferred.checked_add(steps?.checked_mul(step)?).filter(fits)
        };
        steps.iter().find_map(|step| apart(*step)).or(Some(bound))
    }
}

/// The bounds that a sum cannot leave; open where they are not known.
pub(super) fn of_sum(sum: &Sum, ranges: &[Range]) -> Range {
    let mut bounds = Range::between(sum.constant, sum.constant);
    for (unknown, times) in &sum.terms {
        let Range { least, most } = ranges[unknown.0];
        let (low, high) = if *times > 0 { (least, most) } else { (most, least) };
        let add = |bound: Option<i128>, by: Option<i128>| bound?.checked_add(by?.checked_mul(*times)?);
        bounds = Range { least: add(bounds.least, low), most: add(bounds.most, high) };
    }
    bounds
}

impl Condition {
    /// Whether it may hold, as far as the bounds of each unknown by itself tell.
    pub fn may_hold(&self, ranges: &[Range]) -> bool {
        let Range { least, most } = of_sum(&self.sum, ranges);
        match self.is {
            Is::AtMostZero => least.is_none_or(|least| least <= 0),
            Is::Zero => least.is_none_or(|least| least <= 0) && most.is_none_or(|most| most >= 0),
            Is::NotZero => (least, most) != (Some(0), Some(0)),
        }
    }

    /// Whether it holds whatever the unknowns are, as far as the bounds of each by itself tell.
    pub fn holds_anyway(&self, ranges: &[Range]) -> bool {
        let Range { least, most } = of_sum(&self.sum, ranges);
        match self.is {
            Is::AtMostZero => most.is_some_and(|most| most <= 0),
            Is::Zero => (least, most) == (Some(0), Some(0)),
            Is::NotZero => least.is_some_and(|least| least > 0) || most.is_some_and(|most| most < 0),
        }
    }
}

/// Narrows each unknown of a sum that is zero or less. `Some` tells whether anything became narrower.
///
/// # Errors
/// When nothing is left of one of them.
pub(super) fn narrow(sum: &Sum, ranges: &mut [Range]) -> Result<bool, Nothing> {
    let mut narrower = false;
    for (unknown, times) in &sum.terms {
        // times × unknown ≤ −(the least that all the rest can be)
        let mut rest = sum.clone();
        rest.terms.remove(unknown);
        let Some(limit) = of_sum(&rest, ranges).least.and_then(i128::checked_neg) else { continue };
        let bound = match *times > 0 {
            true => Range { least: None, most: floor(limit, *times) },
            false => Range { least: ceiling(limit, *times), most: None },
        };
        let range = &mut ranges[unknown.0];
        let tighter = range.within(bound);
        narrower |= tighter != *range;
        *range = tighter;
        if tighter.is_empty() {
            return Err(Nothing);
        }
    }
    if sum.terms.is_empty() && sum.constant > 0 { Err(Nothing) } else { Ok(narrower) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nicest_number_is_preferred_or_round() {
        let taste = Taste { preferred: 0, steps: &[1000, 100, 1] };
        let nicest = |least, most| Range { least, most }.nicest(taste);
        assert_eq!(nicest(None, None), Some(0));
        assert_eq!(nicest(Some(7), None), Some(1000));
        assert_eq!(nicest(Some(7), Some(950)), Some(100));
        assert_eq!(nicest(Some(7), Some(9)), Some(7));
        assert_eq!(nicest(None, Some(-7)), Some(-1000));
        assert_eq!(nicest(Some(-9), Some(-7)), Some(-7));
        assert_eq!(nicest(Some(1), Some(0)), None);
        assert_eq!(nicest(Some(i128::MAX), None), Some(i128::MAX));
    }
}
