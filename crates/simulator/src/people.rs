//! The people of a role: who is there, who is free, what waits for them, and how busy they have been.

use grieta_core::calendar::Calendar;
use grieta_core::definition::WorkQueue;
use grieta_core::{Timestamp, TokenIx};

use crate::line::{Line, Turn};
use crate::littles_law::Census;
use crate::model::RoleModel;

/// A set of people or roles, by number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Set {
    /// Nearly always all of it.
    first: u64,
    others: Vec<u64>,
}

impl Set {
    /// None of so many.
    pub fn none(size: usize) -> Set {
        Set { first: 0, others: vec![0; size.div_ceil(64).saturating_sub(1)] }
    }

    fn all(size: usize) -> Set {
        let mut set = Set::none(size);
        (0..size).for_each(|person| _ = set.insert(person));
        set
    }

    /// Adds one; says whether it is new. There is room for whatever is added.
    #[inline]
    pub fn insert(&mut self, person: usize) -> bool {
        let (word, bit) = (self.word(person), 1 << (person % 64));
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    #[inline]
    pub fn remove(&mut self, person: usize) {
        *self.word(person) &= !(1 << (person % 64));
    }

    #[inline]
    pub fn has(&self, person: usize) -> bool {
        let word = if person < 64 { Some(&self.first) } else { self.others.get(person / 64 - 1) };
        word.is_some_and(|word| word & 1 << (person % 64) != 0)
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.first == 0 && (self.others.is_empty() || self.first_of_others().is_none())
    }

    #[inline]
    pub fn first(&self) -> Option<usize> {
        match self.first {
            0 if self.others.is_empty() => None,
            0 => self.first_of_others(),
            first => Some(first.trailing_zeros() as usize),
        }
    }

    #[inline(never)]
    fn first_of_others(&self) -> Option<usize> {
        let word = self.others.iter().position(|word| *word != 0)?;
        Some((word + 1) * 64 + self.others[word].trailing_zeros() as usize)
    }

    /// All of them, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        let words = std::iter::once(self.first).chain(self.others.iter().copied()).enumerate();
        words.flat_map(|(at, word)| (0..64).filter(move |bit| word & 1 << bit != 0).map(move |bit| at * 64 + bit))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        let words = self.others.iter().chain([&self.first]);
        words.map(|word| word.count_ones() as usize).sum()
    }

    #[inline]
    pub fn clear(&mut self) {
        self.first = 0;
        // To fill nothing is not for nothing: a masked store to no address at all takes a processor a hundred cycles.
        if !self.others.is_empty() {
            self.others.fill(0);
        }
    }

    #[inline]
    fn word(&mut self, person: usize) -> &mut u64 {
        if person < 64 { &mut self.first } else { self.other_word(person / 64 - 1) }
    }

    #[cold]
    fn other_word(&mut self, word: usize) -> &mut u64 {
        if self.others.len() <= word {
            self.others.resize(word + 1, 0);
        }
        &mut self.others[word]
    }
}

/// A place for a work item that somebody has in hand.
#[derive(Debug, Clone, Copy, Default)]
struct Seat {
    /// The room of its case, and its token.
    work: Option<(u32, TokenIx)>,
    /// Whoever's place it is, is not there.
    absent: bool,
}

/// The people of one role. Each has a place for every work item that they may have in hand at once; by far the most have one.
#[derive(Debug)]
pub(crate) struct Pool {
    people: usize,
    /// Somebody is in another role, too.
    pub shared: bool,
    /// Somebody may have several cases in hand that are done together.
    pub together: bool,
    /// The hours of each person, where they are not those of the role.
    hours: Vec<Calendar>,
    /// The department, by number, if it belongs to one.
    pub unit: u16,
    /// When the role is there; `None` when it always is.
    pub calendar: Option<Calendar>,
    /// What waits for them.
    pub line: Line,
    /// How much work waits, without what was withdrawn.
    pub census: Census,
    /// Microseconds that work has waited.
    pub waited: u128,
    pub queue: WorkQueue,
    seats: Vec<Seat>,
    /// Who is at work in another role.
    elsewhere: Set,
    free: Set,
    open: bool,
    present: u64,
    working: u64,
    /// Up to when work has been counted, and presence.
    worked_to: Timestamp,
    there_to: Timestamp,
    /// Microseconds of work and of presence, summed over people.
    busy: u128,
    available: u128,
    /// Microseconds in which nobody was there, up to when presence has been counted.
    unattended: u64,
}

impl Pool {
    /// The people of a role, who are always there where their number does not matter.
    pub fn new(role: &RoleModel, unlimited: bool, start: Timestamp) -> Pool {
        let (size, queue) = (role.people * role.hands, role.queue.clone());
        let own_hours = unlimited || !role.hours.is_empty();
        let calendar = role.calendar.clone().filter(|_| !own_hours);
        let open = calendar.as_ref().is_none_or(|calendar| calendar.is_open(start));
        Pool {
            people: role.people,
            shared: role.shared,
            together: role.together,
            hours: if unlimited { Vec::new() } else { role.hours.clone() },
            unit: role.unit,
            calendar,
            line: Line::new(queue.is_first_come(), size),
            census: Census::default(),
            waited: 0,
            queue,
            seats: vec![Seat::default(); size],
            elsewhere: Set::none(size),
            free: Set::all(size),
            open,
            present: size as u64,
            working: 0,
            worked_to: start,
            there_to: start,
            busy: 0,
            available: 0,
            unattended: 0,
        }
    }

    /// The first person who is there and has nothing to do.
    #[inline]
    pub fn free(&self) -> Option<usize> {
        if self.open { self.free.first() } else { None }
    }

    /// Whether somebody is there and has nothing to do.
    #[inline]
    pub fn has_free(&self) -> bool {
        self.open && !self.free.is_empty()
    }

    /// Work that waited so long does so no longer.
    #[inline]
    pub fn note_waited(&mut self, at: Timestamp, waited: u64) {
        self.census.leave(at);
        self.waited += u128::from(waited);
    }

    /// Whether there is no room for one work item more.
    pub fn is_full(&self) -> bool {
        let free = || if self.open { self.free.len() } else { 0 };
        self.queue.room.is_some() && self.queue.is_full(self.census.here(), free())
    }

    /// An item that is taken by rank is begun.
    pub fn note_begun(&mut self, number: u32, at: Timestamp) {
        let unattended = self.unattended_until(at);
        if let Some(ranked) = self.line.ranked() {
            ranked.begin(number, at, unattended);
        }
    }

    /// Whoever does what counts least, the latest of equals, where that may be laid aside for something.
    pub fn least(&self) -> Option<(usize, Turn)> {
        let Line::Ranked(line) = &self.line else { return None };
        let at_work = self.seats.iter().enumerate().filter(|(_, seat)| seat.work.is_some() && !seat.absent);
        let turns = at_work.map(|(seat, _)| (seat, line.held(seat)));
        turns.max_by_key(|(_, turn)| *turn).filter(|_| self.queue.interrupts && self.open)
    }

    /// The work in hand at a place.
    #[inline]
    pub fn work_of(&self, seat: usize) -> Option<(u32, TokenIx)> {
        self.seats[seat].work
    }

    /// Other work is in hand at a place.
    pub fn set_work(&mut self, seat: usize, work: Option<(u32, TokenIx)>) {
        self.seats[seat].work = work;
    }

    /// The places of those who are there and have nothing to do.
    pub fn free_seats(&self) -> impl Iterator<Item = usize> {
        self.free.iter().filter(|_| self.open)
    }

    /// Whose place it is.
    pub fn person(&self, seat: usize) -> usize {
        seat % self.people.max(1)
    }

    /// The places of a person.
    pub fn seats(&self, person: usize) -> impl Iterator<Item = usize> + use<> {
        (person..self.seats.len()).step_by(self.people.max(1))
    }

    /// Whether a person has anything in hand here.
    pub fn has_work(&self, person: usize) -> bool {
        self.seats(person).any(|seat| self.seats[seat].work.is_some())
    }

    /// When that person works; `None` for always.
    #[inline]
    pub fn calendar_of(&self, seat: usize) -> Option<&Calendar> {
        if self.hours.is_empty() { self.calendar.as_ref() } else { self.hours.get(self.person(seat)) }
    }

    /// The hours of a person, where they are not those of the role.
    pub fn hours_of(&self, person: usize) -> Option<&Calendar> {
        self.hours.get(person)
    }

    /// A person begins to work in another role, or no longer does.
    pub fn set_elsewhere(&mut self, person: usize, elsewhere: bool) {
        for seat in self.seats(person) {
            if elsewhere {
                self.elsewhere.insert(seat);
                self.free.remove(seat);
            } else {
                self.elsewhere.remove(seat);
                self.note_free(seat);
            }
        }
    }

    /// Whoever is there and has nothing to do is free.
    fn note_free(&mut self, seat: usize) {
        let Seat { work, absent } = self.seats[seat];
        if !absent && work.is_none() && !self.elsewhere.has(seat) {
            self.free.insert(seat);
        }
    }

    /// Whether that person is there.
    pub fn is_there(&self, person: usize) -> bool {
        self.open && !self.seats[person].absent
    }

    #[inline]
    pub fn is_absent(&self, person: usize) -> bool {
        self.seats[person].absent
    }

    /// A person begins to work; whoever is away does so when they are back.
    #[inline]
    pub fn take(&mut self, at: Timestamp, seat: usize, slot: u32, token: TokenIx) {
        self.count_work(at);
        self.free.remove(seat);
        let place = &mut self.seats[seat];
        place.work = Some((slot, token));
        self.working += u64::from(!place.absent);
        if let Line::Ranked(line) = &mut self.line {
            line.hold(seat);
        }
    }

    /// A person is done, or the work was taken away.
    #[inline(always)]
    pub fn release(&mut self, at: Timestamp, seat: usize) {
        self.count_work(at);
        let place = &mut self.seats[seat];
        place.work = None;
        if !place.absent {
            self.working -= 1;
            if !self.elsewhere.has(seat) {
                self.free.insert(seat);
            }
        }
    }

    /// The role opens or closes.
    pub fn set_open(&mut self, at: Timestamp, open: bool) {
        self.count(at);
        self.open = open;
    }

    /// A person leaves or returns.
    pub fn set_absent(&mut self, at: Timestamp, person: usize, absent: bool) {
        self.count(at);
        let seat = &mut self.seats[person];
        seat.absent = absent;
        let at_work = u64::from(seat.work.is_some());
        let (present, working) = match absent {
            true => (self.present - 1, self.working - at_work),
            false => (self.present + 1, self.working + at_work),
        };
        (self.present, self.working) = (present, working);
        self.free.remove(person);
        self.note_free(person);
    }

    /// Counts the time since the last change. What was before the start does not count.
    pub fn count(&mut self, at: Timestamp) {
        self.count_work(at);
        if at > self.there_to {
            let passed = at.micros_since(self.there_to);
            self.unattended = self.unattended_until(at);
            self.there_to = at;
            if self.open {
                self.available += u128::from(passed) * u128::from(self.present);
            }
        }
    }

    #[inline]
    fn count_work(&mut self, at: Timestamp) {
        if at > self.worked_to {
            let passed = at.micros_since(self.worked_to);
            self.worked_to = at;
            if self.open {
                self.busy += u128::from(passed) * u128::from(self.working);
            }
        }
    }

    /// Microseconds in which nobody has been there so far.
    #[inline]
    pub fn unattended_until(&self, at: Timestamp) -> u64 {
        if self.open && self.present > 0 { self.unattended } else { self.unattended + self.passed(at) }
    }

    /// Microseconds since presence was last counted.
    fn passed(&self, at: Timestamp) -> u64 {
        if at > self.there_to { at.micros_since(self.there_to) } else { 0 }
    }

    /// Microseconds of work and of presence up to the latest change, summed over people.
    pub fn counted(&self) -> (u128, u128) {
        let passed = if self.open { self.passed(self.worked_to) } else { 0 };
        (self.busy, self.available + u128::from(passed) * u128::from(self.present))
    }
}
