//! Which whole numbers meet linear conditions that all have to hold: by Fourier–Motzkin elimination, which decides over
//! the rationals, and by splitting where only a broken number is left. Exact, or no answer.

use std::collections::BTreeMap;

use super::linear::{Sum, Unknown, ceiling, floor};
use super::range::{Nothing, Range, Taste, narrow};

/// As many conditions as an elimination may come to.
const MOST_ROWS: usize = 600;

/// How often the bounds are narrowed in turn; two unknowns can push each other for ever.
const MOST_ROUNDS: usize = 8;

/// As many sides as are taken one after the other.
const MOST_DEPTH: u32 = 150;

/// Conditions on unknowns.
#[derive(Debug, Clone)]
pub(super) struct Conditions {
    pub ranges: Vec<Range>,
    /// Sums that are zero or less.
    pub rows: Vec<Sum>,
    /// Sums that are not zero.
    pub apart: Vec<Sum>,
}

/// What is known of the numbers that meet conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Solution {
    /// There are none.
    None,
    /// These do, one for each unknown.
    Numbers(Vec<i128>),
    /// It would take too long to tell, or too large numbers.
    Unclear,
}

/// Solves conditions; `left` counts down to where it gives up.
pub(super) fn solve(conditions: Conditions, tastes: &[Taste], left: &mut u32) -> Solution {
    Splits { tastes, left, depth: 0 }.solve(conditions)
}

/// A solution that is looked for on both sides of numbers that it cannot have.
struct Splits<'a> {
    tastes: &'a [Taste],
    left: &'a mut u32,
    /// How many sides have been taken.
    depth: u32,
}

impl Splits<'_> {
    fn solve(&mut self, mut conditions: Conditions) -> Solution {
        // What follows goes through all conditions several times.
        *self.left = self.left.saturating_sub(10 * (1 + conditions.rows.len()) as u32);
        if *self.left == 0 || self.depth == MOST_DEPTH {
            return Solution::Unclear;
        }
        for _ in 0..MOST_ROUNDS {
            let Conditions { ranges, rows, .. } = &mut conditions;
            let narrower = rows.iter().try_fold(false, |narrower, row| Ok(narrow(row, ranges)? | narrower));
            match narrower {
                Err(Nothing) => return Solution::None,
                Ok(true) => {}
                Ok(false) => break,
            }
        }
        let eliminated = match eliminate(&conditions, self.left) {
            Eliminated::Contradiction => return Solution::None,
            Eliminated::TooMuch => return Solution::Unclear,
            Eliminated::Order(order) => order,
        };
        match substitute(&conditions, &eliminated, self.tastes) {
            Substituted::Numbers(numbers) => self.separate(conditions, numbers),
            Substituted::Broken(unknown, below) => {
                let range = conditions.ranges[unknown.0];
                let side = |bound: Range| {
                    let mut side = conditions.clone();
                    side.ranges[unknown.0] = range.within(bound);
                    side
                };
                let low = side(Range { least: None, most: Some(below) });
                let high = side(Range { least: below.checked_add(1), most: None });
                self.either(low, high)
            }
            Substituted::TooLarge => Solution::Unclear,
        }
    }

    fn either(&mut self, one: Conditions, other: Conditions) -> Solution {
        self.depth += 1;
        let mut unclear = false;
        for conditions in [one, other] {
            if conditions.ranges.iter().any(|range| range.is_empty()) {
                continue;
            }
            match self.solve(conditions) {
                Solution::None => {}
                Solution::Unclear => unclear = true,
                found => return found,
            }
        }
        self.depth -= 1;
        if unclear { Solution::Unclear } else { Solution::None }
    }

    /// The numbers, if no sum is zero that must not be; else those below and above.
    fn separate(&mut self, mut conditions: Conditions, numbers: Vec<i128>) -> Solution {
        let zero = conditions.apart.iter().position(|sum| sum.value(&numbers).is_none_or(|value| value == 0));
        let Some(zero) = zero else { return Solution::Numbers(numbers) };
        let sum = conditions.apart.swap_remove(zero);
        let one = Sum::constant(1);
        let (Some(below), Some(above)) = (sum.plus(&one), sum.times(-1).and_then(|sum| sum.plus(&one))) else {
            return Solution::Unclear;
        };
        let with = |row: Sum| {
            let mut side = conditions.clone();
            side.rows.push(row);
            side
        };
        self.either(with(above), with(below))
    }
}

/// Each unknown with the conditions it stood in when it was eliminated, the first one first.
type Order = Vec<(Unknown, Vec<Sum>)>;

enum Eliminated {
    Contradiction,
    TooMuch,
    Order(Order),
}

/// Conditions by their terms, so that of two with the same terms only the tighter one is kept.
#[derive(Default)]
struct Rows(BTreeMap<BTreeMap<Unknown, i128>, i128>);

impl Rows {
    /// Keeps a sum that is zero or less, divided by what all its terms have in common.
    fn keep(&mut self, sum: Sum) -> Result<(), Eliminated> {
        let divisor = sum.terms.values().fold(0, |a, b| common(a, b.unsigned_abs()));
        let Some(divisor) = i128::try_from(divisor).ok().filter(|divisor| *divisor > 0) else {
            return if sum.terms.is_empty() && sum.constant > 0 { Err(Eliminated::Contradiction) } else { Ok(()) };
        };
        let constant = ceiling(sum.constant, divisor).ok_or(Eliminated::TooMuch)?;
        let terms = sum.terms.into_iter().map(|(unknown, times)| (unknown, times / divisor)).collect();
        let kept = self.0.entry(terms).or_insert(constant);
        *kept = constant.max(*kept);
        if self.0.len() > MOST_ROWS { Err(Eliminated::TooMuch) } else { Ok(()) }
    }
}

fn common(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn eliminate(conditions: &Conditions, left: &mut u32) -> Eliminated {
    match elimination(conditions, left) {
        Ok(order) => Eliminated::Order(order),
        Err(early) => early,
    }
}

fn elimination(conditions: &Conditions, left: &mut u32) -> Result<Order, Eliminated> {
    let mut rows = Rows::default();
    let mut open: Vec<Unknown> = conditions.rows.iter().flat_map(|row| row.terms.keys().copied()).collect();
    open.sort_unstable();
    open.dedup();
    for row in &conditions.rows {
        rows.keep(row.clone())?;
    }
    for unknown in &open {
        let Range { least, most } = conditions.ranges[unknown.0];
        let negative = |bound: i128| bound.checked_neg().ok_or(Eliminated::TooMuch);
        if let Some(most) = most {
            rows.keep(Sum { constant: negative(most)?, ..Sum::of(*unknown) })?;
        }
        if let Some(least) = least {
            rows.keep(Sum { terms: [(*unknown, -1)].into(), constant: least })?;
        }
    }
    let mut order = Order::new();
    while let Some(position) = next(&open, &rows) {
        let unknown = open.remove(position);
        let (with, without): (Vec<_>, Vec<_>) =
            std::mem::take(&mut rows.0).into_iter().partition(|(terms, _)| terms.contains_key(&unknown));
        rows.0.extend(without);
        let with: Vec<Sum> = with.into_iter().map(|(terms, constant)| Sum { terms, constant }).collect();
        let times = |row: &Sum| row.terms.get(&unknown).copied().unwrap_or(0);
        for above in with.iter().filter(|row| times(row) > 0) {
            for below in with.iter().filter(|row| times(row) < 0) {
                *left = left.saturating_sub(10);
                if *left == 0 {
                    return Err(Eliminated::TooMuch);
                }
                let (Some(a), Some(b)) = (above.times(-times(below)), below.times(times(above))) else {
                    return Err(Eliminated::TooMuch);
                };
                rows.keep(a.plus(&b).ok_or(Eliminated::TooMuch)?)?;
            }
        }
        order.push((unknown, with));
    }
    Ok(order)
}

/// The unknown to eliminate next: one with which nothing is lost among whole numbers, and the fewest conditions come of.
fn next(open: &[Unknown], rows: &Rows) -> Option<usize> {
    let cost = |unknown: &Unknown| {
        let times = || rows.0.keys().filter_map(|terms| terms.get(unknown));
        let (above, below) = (times().filter(|times| **times > 0), times().filter(|times| **times < 0));
        let exact = times().all(|times| *times <= 1) || times().all(|times| *times >= -1);
        (!exact, above.count() * below.count())
    };
    open.iter().enumerate().min_by_key(|(_, unknown)| cost(unknown)).map(|(position, _)| position)
}

enum Substituted {
    Numbers(Vec<i128>),
    /// The unknown lies above that whole number and below the next.
    Broken(Unknown, i128),
    TooLarge,
}

/// Numbers for all unknowns, the one eliminated last first.
fn substitute(conditions: &Conditions, order: &Order, tastes: &[Taste]) -> Substituted {
    let best = |(range, taste): (&Range, &Taste)| range.nicest(*taste).unwrap_or(taste.preferred);
    let mut numbers: Vec<i128> = conditions.ranges.iter().zip(tastes).map(best).collect();
    for (unknown, rows) in order.iter().rev() {
        let mut range = Range::ANY;
        for row in rows {
            let mut rest = row.clone();
            let Some(times) = rest.terms.remove(unknown) else { continue };
            let Some(limit) = rest.value(&numbers).and_then(i128::checked_neg) else { return Substituted::TooLarge };
            range = range.within(match times > 0 {
                true => Range { least: None, most: floor(limit, times) },
                false => Range { least: ceiling(limit, times), most: None },
            });
        }
        match (range.nicest(tastes[unknown.0]), range.most) {
            (Some(number), _) => numbers[unknown.0] = number,
            (None, Some(below)) => return Substituted::Broken(*unknown, below),
            (None, None) => return Substituted::TooLarge,
        }
    }
    Substituted::Numbers(numbers)
}
