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
    Ranked(Box<Ranked>),
}

/// The work that waits for a role where it is taken by rank, and what rank the work in hand has.
#[derive(Debug)]
pub(crate) struct Ranked {
    waiting: BTreeMap<Turn, Waiting>,
    /// How many have come.
    come: u32,
    overtaking: Overtaking,
    /// That of what was taken last.
    taken: Turn,
    /// That of what each person has in hand.
    held: Vec<Turn>,
}

impl Line {
    /// Nothing waits for so many people.
    pub fn new(first_come: bool, people: usize) -> Line {
        if first_come {
            return Line::FirstCome(VecDeque::new());
        }
        Line::Ranked(Box::new(Ranked {
            waiting: BTreeMap::new(),
            come: 0,
            overtaking: Overtaking::default(),
            taken: Turn::FIRST_COME,
            held: vec![Turn::FIRST_COME; people],
        }))
    }

    #[inline]
    pub fn pop(&mut self) -> Option<Waiting> {
        match self {
            Line::FirstCome(line) => line.pop_front(),
            Line::Ranked(line) => line.pop(),
        }
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        match self {
            Line::FirstCome(line) => line.is_empty(),
            Line::Ranked(line) => line.waiting.is_empty(),
        }
    }

    /// What is known where work is taken by rank.
    #[inline]
    pub fn ranked(&mut self) -> Option<&mut Ranked> {
        match self {
            Line::FirstCome(_) => None,
            Line::Ranked(line) => Some(line),
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
            Line::Ranked(line) => line.find(most, choose),
        }
    }

    /// Takes out what was found, as long as nothing else has been.
    pub fn remove(&mut self, found: &Found) {
        match self {
            Line::FirstCome(line) => drop(line.remove(found.place)),
            Line::Ranked(line) => {
                line.waiting.remove(&found.turn);
                line.taken = found.turn;
            }
        }
    }
}

impl Ranked {
    pub fn push(&mut self, turn: Turn, waiting: Waiting) {
        self.waiting.insert(turn, waiting);
    }

    fn pop(&mut self) -> Option<Waiting> {
        let (turn, waiting) = self.waiting.pop_first()?;
        self.taken = turn;
        Some(waiting)
    }

    /// The first that waits.
    pub fn first(&self) -> Option<(Turn, Waiting)> {
        self.waiting.first_key_value().map(|(turn, waiting)| (*turn, *waiting))
    }

    fn find(&mut self, most: usize, choose: impl Fn(&Waiting) -> Choice) -> Option<Found> {
        let (mut after, mut passed) = (Unbounded, 0);
        while passed < most {
            let next = self.waiting.range((after, Unbounded)).next();
            let (turn, waiting) = next.map(|(turn, waiting)| (*turn, *waiting))?;
            match choose(&waiting) {
                Choice::Pass => (after, passed) = (Excluded(turn), passed + 1),
                Choice::Gone => drop(self.waiting.remove(&turn)),
                Choice::Take(seat) => {
                    return Some(Found { turn, place: 0, waiting, seat });
                }
            }
        }
        None
    }

    /// The number of the next item that comes; never 0.
    pub fn next_number(&mut self) -> u32 {
        self.come = self.come.wrapping_add(1).max(1);
        self.come
    }

    /// A person has in hand what was taken last.
    pub fn hold(&mut self, person: usize) {
        self.held[person] = self.taken;
    }

    /// A person has work in hand that was not taken out of the queue.
    pub fn hold_anew(&mut self, person: usize) {
        if let Some(held) = self.held.get_mut(person) {
            *held = Turn::FIRST_COME;
        }
    }

    /// The turn of what that person has in hand.
    pub fn held(&self, person: usize) -> Turn {
        self.held[person]
    }

    /// An item is begun. Nobody of the role had been there for so long by then, in microseconds.
    pub fn begin(&mut self, number: u32, at: Timestamp, unattended: u64) {
        self.overtaking.begin(number, at, unattended, &self.waiting);
    }

    /// Since when something that came later than the item of that number has gone before it, as [`Overtaking::of`] says.
    pub fn overtaken(&self, number: u32) -> Option<(Timestamp, u64)> {
        self.overtaking.of(number)
    }
}

/// Since when work that came later has gone before, for each item that waits.
#[derive(Debug, Default)]
struct Overtaking {
    /// Each time that something was begun that came later than all that was begun before: its number, when, and how long
    /// nobody of the role had been there by then, in microseconds. All ascending.
    begun: Vec<(u32, Timestamp, u64)>,
}

/// A list of so many is not worth thinning out.
const WORTH_THINNING: usize = 1_024;

impl Overtaking {
    /// Something is begun.
    fn begin(&mut self, number: u32, at: Timestamp, unattended: u64, waiting: &BTreeMap<Turn, Waiting>) {
        if self.begun.last().is_none_or(|(last, ..)| *last < number) {
            self.begun.push((number, at, unattended));
        }
        if self.begun.len() > WORTH_THINNING && self.begun.len() > 4 * waiting.len() {
            self.thin_out(waiting);
        }
    }

    /// When the item of that number was overtaken, and how long nobody had been there by then; `None` when it was not.
    fn of(&self, number: u32) -> Option<(Timestamp, u64)> {
        let first = self.begun.partition_point(|(begun, ..)| *begun <= number);
        self.begun.get(first).map(|(_, at, unattended)| (*at, *unattended))
    }

    /// Keeps, for each item that waits, when it was overtaken, and the last.
    fn thin_out(&mut self, waiting: &BTreeMap<Turn, Waiting>) {
        let mut numbers: Vec<u32> = waiting.keys().map(|turn| turn.number).collect();
        numbers.sort_unstable();
        let mut needed: Vec<usize> =
            numbers.iter().map(|number| self.begun.partition_point(|(begun, ..)| begun <= number)).collect();
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
        let mut line = Line::new(false, 0);
        let ranked = line.ranked().unwrap();
        for (number, priority) in [(1, 0), (2, 5), (3, 0), (4, 5)] {
            ranked.push(turn(priority, number), waiting(number));
        }
        let order: Vec<u32> = std::iter::from_fn(|| line.pop()).map(|waiting| waiting.stamp).collect();
        assert_eq!(order, [2, 4, 1, 3]);
    }

    proptest! {
        /// Thinning out forgets nothing about those that wait.
        #[test]
        fn overtaking_is_remembered_as_long_as_it_matters(begun in prop::collection::vec(1u32..4_000, 1..3_000), waits in prop::collection::btree_set(1u32..4_000, 0..40)) {
            let line: BTreeMap<Turn, Waiting> = waits.iter().map(|number| (turn(0, *number), waiting(*number))).collect();
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
