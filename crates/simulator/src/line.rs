//! The work that waits for a role, in the order in which it is taken; and since when something that came later has gone
//! before.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound::{Excluded, Unbounded};

use grieta_core::{Rank, Timestamp, TokenIx};

/// A work item that waits for a person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    pub slot: u32,
    pub token: TokenIx,
    /// Equal to the stamp of the item as long as it still waits.
    pub stamp: u32,
}

/// Whose turn it is: the least goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn {
    pub rank: Rank,
    /// The how-manieth item of the role it is.
    pub number: u32,
}

impl Turn {
    /// That of an item where all are taken as they come.
    pub const FIRST_COME: Turn = Turn { rank: Rank::FIRST_COME, number: 0 };
}

/// What becomes of an item that waits.
pub(crate) enum Choice {
    /// It no longer waits.
    Gone,
    /// That person takes it.
    Take(u32),
    /// Nobody who is free may do it.
    Pass,
}

/// An item that somebody takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub turn: Turn,
    /// Where it is, where all are taken as they come.
    place: usize,
    pub waiting: Waiting,
    /// The place of whoever takes it.
    pub seat: u32,
}

/// The work that waits for a role. Items that were withdrawn are still in it, and passed over.
#[derive(Debug)]
pub(crate) enum Line {
    /// First come, first served.
    FirstCome(VecDeque<Waiting>),
    /// By rank, and then first come, first served.
    Ranked(BTreeMap<Turn, Waiting>),
}

impl Line {
    pub fn new(first_come: bool) -> Line {
        if first_come { Line::FirstCome(VecDeque::new()) } else { Line::Ranked(BTreeMap::new()) }
    }

    #[inline]
    pub fn push(&mut self, turn: Turn, waiting: Waiting) {
        match self {
            Line::FirstCome(line) => line.push_back(waiting),
            Line::Ranked(line) => {
                line.insert(turn, waiting);
            }
        }
    }

    #[inline]
    pub fn pop(&mut self) -> Option<(Turn, Waiting)> {
        match self {
            Line::FirstCome(line) => line.pop_front().map(|waiting| (Turn::FIRST_COME, waiting)),
            Line::Ranked(line) => line.pop_first(),
        }
    }

    /// The first that waits.
    pub fn first(&self) -> Option<(Turn, Waiting)> {
        match self {
            Line::FirstCome(line) => line.front().map(|waiting| (Turn::FIRST_COME, *waiting)),
            Line::Ranked(line) => line.first_key_value().map(|(turn, waiting)| (*turn, *waiting)),
        }
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        match self {
            Line::FirstCome(line) => line.is_empty(),
            Line::Ranked(line) => line.is_empty(),
        }
    }

    /// The first that somebody takes, where it is, and who takes it, where so many are passed over at the most.
    pub fn find(&mut self, most: usize, choose: impl Fn(&Waiting) -> Choice) -> Option<Found> {
        match self {
            Line::FirstCome(line) => {
                let mut place = 0;
                while place < most {
                    let waiting = *line.get(place)?;
                    match choose(&waiting) {
                        Choice::Pass => place += 1,
                        Choice::Gone => drop(line.remove(place)),
                        Choice::Take(seat) => return Some(Found { turn: Turn::FIRST_COME, place, waiting, seat }),
                    }
                }
                None
            }
            Line::Ranked(line) => {
                let (mut after, mut passed) = (Unbounded, 0);
                while passed < most {
                    let (turn, waiting) =
                        line.range((after, Unbounded)).next().map(|(turn, waiting)| (*turn, *waiting))?;
                    match choose(&waiting) {
                        Choice::Pass => (after, passed) = (Excluded(turn), passed + 1),
                        Choice::Gone => drop(line.remove(&turn)),
                        Choice::Take(seat) => return Some(Found { turn, place: 0, waiting, seat }),
                    }
                }
                None
            }
        }
    }

    /// Takes out what was found, as long as nothing else has been.
    pub fn remove(&mut self, found: &Found) {
        match self {
            Line::FirstCome(line) => drop(line.remove(found.place)),
            Line::Ranked(line) => drop(line.remove(&found.turn)),
        }
    }

    /// The numbers of all that wait, ascending.
    fn numbers(&self) -> Vec<u32> {
        let Line::Ranked(line) = self else { return Vec::new() };
        let mut numbers: Vec<u32> = line.keys().map(|turn| turn.number).collect();
        numbers.sort_unstable();
        numbers
    }
}

/// Since when work that came later has gone before, for each item that waits.
#[derive(Debug, Default)]
pub(crate) struct Overtaking {
    /// Each time that something was begun that came later than all that was begun before: its number, when, and how long
    /// nobody of the role had been there by then, in microseconds. All ascending.
    begun: Vec<(u32, Timestamp, u64)>,
}

/// A list of so many is not worth thinning out.
const WORTH_THINNING: usize = 1_024;

impl Overtaking {
    /// Something is begun.
    pub fn begin(&mut self, number: u32, at: Timestamp, unattended: u64, line: &Line) {
        if self.begun.last().is_none_or(|(last, ..)| *last < number) {
            self.begun.push((number, at, unattended));
        }
        let Line::Ranked(waiting) = line else { return };
        if self.begun.len() > WORTH_THINNING && self.begun.len() > 4 * waiting.len() {
            self.thin_out(line);
        }
    }

    /// When the item of that number was overtaken, and how long nobody had been there by then; `None` when it was not.
    pub fn of(&self, number: u32) -> Option<(Timestamp, u64)> {
        let first = self.begun.partition_point(|(begun, ..)| *begun <= number);
        self.begun.get(first).map(|(_, at, unattended)| (*at, *unattended))
    }

    /// Keeps, for each item that waits, when it was overtaken, and the last.
    fn thin_out(&mut self, line: &Line) {
        let mut needed: Vec<usize> =
            line.numbers().iter().map(|number| self.begun.partition_point(|(begun, ..)| begun <= number)).collect();
        needed.push(self.begun.len() - 1);
        needed.dedup();
        self.begun = needed.into_iter().filter_map(|at| self.begun.get(at).copied()).collect();
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use proptest::prelude::*;

    use super::*;

    fn turn(priority: i128, number: u32) -> Turn {
        Turn { rank: Rank { priority: Reverse(priority), within: 0 }, number }
    }

    fn waiting(stamp: u32) -> Waiting {
        Waiting { slot: 0, token: TokenIx(0), stamp }
    }

    #[test]
    fn who_has_more_goes_first_and_of_equals_who_came_first() {
        let mut line = Line::new(false);
        for (number, priority) in [(1, 0), (2, 5), (3, 0), (4, 5)] {
            line.push(turn(priority, number), waiting(number));
        }
        let order: Vec<u32> = std::iter::from_fn(|| line.pop()).map(|(_, waiting)| waiting.stamp).collect();
        assert_eq!(order, [2, 4, 1, 3]);
    }

    proptest! {
        /// Thinning out forgets nothing about those that wait.
        #[test]
        fn overtaking_is_remembered_as_long_as_it_matters(begun in prop::collection::vec(1u32..4_000, 1..3_000), waits in prop::collection::btree_set(1u32..4_000, 0..40)) {
            let mut line = Line::new(false);
            waits.iter().for_each(|number| line.push(turn(0, *number), waiting(*number)));
            let mut overtaking = Overtaking::default();
            for (at, number) in begun.iter().enumerate() {
                overtaking.begin(*number, Timestamp::from_micros(at as i64), at as u64, &line);
            }
            for number in waits {
                let first = begun.iter().position(|begun| *begun > number).map(|at| at as i64);
                prop_assert_eq!(overtaking.of(number).map(|(at, _)| at.as_micros()), first);
            }
        }
    }
}
