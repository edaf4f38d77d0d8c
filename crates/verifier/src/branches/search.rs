//! Whether formulas can all hold at once: takes one alternative after the other, the formula with the fewest of them
//! first, and solves what has then to hold.

use std::cell::Cell;

use super::formula::Formula;
use super::linear::{Condition, Is, Sum};
use super::range::{Nothing, Range, Taste, narrow};
use super::solve::{Conditions, Solution, solve};

/// As many solutions as one search offers in vain.
const MOST_OFFERS: u32 = 40;

/// As many alternatives as one search takes one after the other.
const MOST_DEPTH: u32 = 300;

/// How much one search may do: to look at a condition counts one, to make a new one of two more.
const MOST_EFFORT: u32 = 100_000;

/// What a search has found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer<T> {
    /// The formulas never hold together.
    Never,
    /// They do, for example so.
    Example(T),
    /// Nobody knows.
    Unknown,
}

/// Looks for numbers for which all formulas hold and that are accepted. Formulas may hold of more than what they stand
/// for, never of less: so what is accepted says that there is an example, and only an empty search that there is none.
///
/// What it does is taken from `effort`; where nothing is left of that, nothing is known.
pub(super) fn search<T>(
    formulas: &[&Formula],
    ranges: &[Range],
    tastes: &[Taste],
    effort: &Cell<u32>,
    accept: impl FnMut(&[i128]) -> Option<T>,
) -> Answer<T> {
    let most = effort.get().min(MOST_EFFORT);
    let conditions = Conditions { ranges: ranges.to_vec(), rows: Vec::new(), apart: Vec::new() };
    let mut state = State { conditions, open: Vec::new() };
    let mut search = Search { tastes, accept, left: most, offers: MOST_OFFERS, depth: 0, unclear: false };
    if formulas.iter().any(|formula| state.assume(formula).is_err()) {
        return Answer::Never;
    }
    let found = search.go(state);
    effort.set(effort.get().saturating_sub(most - search.left));
    match found {
        Some(example) => Answer::Example(example),
        None if search.unclear => Answer::Unknown,
        None => Answer::Never,
    }
}

/// What has to hold on one way through the alternatives.
#[derive(Clone)]
struct State<'f> {
    conditions: Conditions,
    /// Alternatives of which none is taken yet.
    open: Vec<&'f [Formula]>,
}

impl<'f> State<'f> {
    fn size(&self) -> u32 {
        let Conditions { ranges, rows, apart } = &self.conditions;
        (self.open.len() + ranges.len() + 4 * rows.len() + apart.len()) as u32
    }

    fn assume(&mut self, formula: &'f Formula) -> Result<(), Nothing> {
        match formula {
            Formula::One(condition) => self.take(condition),
            Formula::All(parts) => parts.iter().try_for_each(|part| self.assume(part)),
            Formula::Any(parts) => {
                self.open.push(parts);
                if parts.is_empty() { Err(Nothing) } else { Ok(()) }
            }
        }
    }

    fn take(&mut self, Condition { sum, is }: &Condition) -> Result<(), Nothing> {
        let below = sum.times(-1);
        match (is, below) {
            (Is::AtMostZero, _) => self.keep(sum.clone()),
            (Is::Zero, Some(below)) => {
                self.keep(sum.clone())?;
                self.keep(below)
            }
            // Too large to turn round: to leave it out is to ask for less.
            (Is::Zero, None) => self.keep(sum.clone()),
            (Is::NotZero, _) => {
                self.conditions.apart.push(sum.clone());
                Ok(())
            }
        }
    }

    fn keep(&mut self, sum: Sum) -> Result<(), Nothing> {
        narrow(&sum, &mut self.conditions.ranges)?;
        if sum.terms.len() > 1 {
            self.conditions.rows.push(sum);
        }
        Ok(())
    }
}

struct Search<'t, A> {
    tastes: &'t [Taste],
    accept: A,
    /// How much it may still do.
    left: u32,
    offers: u32,
    /// How many alternatives have been taken.
    depth: u32,
    /// Whether something was left out that may have held an example.
    unclear: bool,
}

impl<A> Search<'_, A> {
    fn go<T>(&mut self, mut state: State<'_>) -> Option<T>
    where
        A: FnMut(&[i128]) -> Option<T>,
    {
        loop {
            if self.left == 0 || self.offers == 0 || self.depth == MOST_DEPTH {
                self.unclear = true;
                return None;
            }
            let Some(possible) = self.narrowest(&mut state) else { return self.solve(state.conditions) };
            match possible[..] {
                [] => return None,
                // What has to hold in any case needs no way of its own.
                [only] => state.assume(only).ok()?,
                _ => return self.one_of(&possible, &state),
            }
        }
    }

    fn one_of<T>(&mut self, possible: &[&Formula], state: &State<'_>) -> Option<T>
    where
        A: FnMut(&[i128]) -> Option<T>,
    {
        self.depth += 1;
        let found = possible.iter().find_map(|formula| {
            let mut state = state.clone();
            self.left = self.left.saturating_sub(state.size());
            state.assume(formula).ok()?;
            self.go(state)
        });
        self.depth -= 1;
        found
    }

    /// Takes out the alternatives of which the fewest may hold, and says which those are. Alternatives of which one holds
    /// anyway are dropped.
    fn narrowest<'f>(&mut self, state: &mut State<'f>) -> Option<Vec<&'f Formula>> {
        let ranges = &state.conditions.ranges;
        let left = &mut self.left;
        state.open.retain(|alternatives| !alternatives.iter().any(|formula| formula.holds_anyway(ranges, left)));
        let mut best: Option<(usize, Vec<&Formula>)> = None;
        for (position, alternatives) in state.open.iter().enumerate() {
            let possible: Vec<&Formula> =
                alternatives.iter().filter(|formula| formula.may_hold(ranges, left)).collect();
            if best.as_ref().is_none_or(|(_, fewest)| possible.len() < fewest.len()) {
                best = Some((position, possible));
            }
            if best.as_ref().is_some_and(|(_, fewest)| fewest.len() <= 1) {
                break;
            }
        }
        best.map(|(position, possible)| {
            state.open.swap_remove(position);
            possible
        })
    }

    fn solve<T>(&mut self, conditions: Conditions) -> Option<T>
    where
        A: FnMut(&[i128]) -> Option<T>,
    {
        let found = match solve(conditions, self.tastes, &mut self.left) {
            Solution::None => return None,
            Solution::Unclear => None,
            Solution::Numbers(numbers) => {
                self.offers -= 1;
                (self.accept)(&numbers)
            }
        };
        self.unclear |= found.is_none();
        found
    }
}
