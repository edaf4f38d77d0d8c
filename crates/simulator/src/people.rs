//! The people of a role: who is there, who is free, what waits for them, and how busy they have been.

use grieta_core::calendar::Calendar;
use grieta_core::definition::WorkQueue;
use grieta_core::{Timestamp, TokenIx};

use crate::line::{Line, Turn};
use crate::littles_law::Census;

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

/// One of the people of a role.
#[derive(Debug, Clone, Copy, Default)]
struct Person {
    /// The work in hand: the room of its case, and its token.
    work: Option<(u32, TokenIx)>,
    absent: bool,
}

/// The people of one role.
#[derive(Debug)]
pub(crate) struct Pool {
    /// The department, by number, if it belongs to one.
    pub unit: u16,
    /// When the role is there; `None` when it always is.
    pub calendar: Option<Calendar>,
    /// What waits for them.
    pub line: Line,
    /// How much work waits, without what was withdrawn.
    pub census: Census,
    /// Microseconds that work has waited.
    pub waited: u64,
    pub queue: WorkQueue,
    people: Vec<Person>,
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
    pub fn new(size: usize, unit: u16, calendar: Option<Calendar>, queue: WorkQueue, start: Timestamp) -> Pool {
        let open = calendar.as_ref().is_none_or(|calendar| calendar.is_open(start));
        Pool {
            unit,
            calendar,
            line: Line::new(queue.is_first_come(), size),
            census: Census::default(),
            waited: 0,
            queue,
            people: vec![Person::default(); size],
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
        self.waited += waited;
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
        let at_work = self.people.iter().enumerate().filter(|(_, who)| who.work.is_some() && !who.absent);
        let turns = at_work.map(|(person, _)| (person, line.held(person)));
        turns.max_by_key(|(_, turn)| *turn).filter(|_| self.queue.interrupts && self.open)
    }

    /// The work that a person has in hand.
    pub fn work_of(&self, person: usize) -> Option<(u32, TokenIx)> {
        self.people[person].work
    }

    /// Whether that person is there and has nothing to do.
    pub fn is_free(&self, person: usize) -> bool {
        self.open && self.free.has(person)
    }

    /// Whether that person is there.
    pub fn is_there(&self, person: usize) -> bool {
        self.open && !self.people[person].absent
    }

    #[inline]
    pub fn is_absent(&self, person: usize) -> bool {
        self.people[person].absent
    }

    /// A person begins to work; whoever is away does so when they are back.
    #[inline]
    pub fn take(&mut self, at: Timestamp, person: usize, slot: u32, token: TokenIx) {
        self.count_work(at);
        self.free.remove(person);
        let who = &mut self.people[person];
        who.work = Some((slot, token));
        self.working += u64::from(!who.absent);
        if let Line::Ranked(line) = &mut self.line {
            line.hold(person);
        }
    }

    /// A person is done, or the work was taken away.
    #[inline(always)]
    pub fn release(&mut self, at: Timestamp, person: usize) {
        self.count_work(at);
        let who = &mut self.people[person];
        who.work = None;
        if !who.absent {
            self.working -= 1;
            self.free.insert(person);
        }
    }

    /// The role opens or closes.
    pub fn set_open(&mut self, at: Timestamp, open: bool) {
        self.count(at);
        self.open = open;
    }

    /// A person leaves or returns; says what they were working on.
    pub fn set_absent(&mut self, at: Timestamp, person: usize, absent: bool) -> Option<(u32, TokenIx)> {
        self.count(at);
        let who = &mut self.people[person];
        who.absent = absent;
        let work = who.work;
        let (present, working) = if absent {
            (self.present - 1, self.working - u64::from(work.is_some()))
        } else {
            (self.present + 1, self.working + u64::from(work.is_some()))
        };
        (self.present, self.working) = (present, working);
        match (absent, work) {
            (false, None) => _ = self.free.insert(person),
            _ => self.free.remove(person),
        }
        work
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
