//! The people of a role: who is there, who is free, what waits for them, and how busy they have been.

use std::collections::VecDeque;

use grieta_core::calendar::Calendar;
use grieta_core::{Timestamp, TokenIx};

use crate::littles_law::Census;

/// A work item that waits for a person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    pub slot: u32,
    pub token: TokenIx,
    /// Equal to the stamp of the item as long as it still waits.
    pub stamp: u32,
}

/// A set of people or roles, by number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Set(Vec<u64>);

impl Set {
    /// None of so many.
    pub fn none(size: usize) -> Set {
        Set(vec![0; size.div_ceil(64)])
    }

    fn all(size: usize) -> Set {
        let mut set = Set::none(size);
        (0..size).for_each(|person| set.insert(person));
        set
    }

    #[inline]
    pub fn insert(&mut self, person: usize) {
        self.0[person / 64] |= 1 << (person % 64);
    }

    #[inline]
    pub fn remove(&mut self, person: usize) {
        self.0[person / 64] &= !(1 << (person % 64));
    }

    fn has(&self, person: usize) -> bool {
        self.0[person / 64] & 1 << (person % 64) != 0
    }

    #[inline]
    pub fn first(&self) -> Option<usize> {
        let word = self.0.iter().position(|word| *word != 0)?;
        Some(word * 64 + self.0[word].trailing_zeros() as usize)
    }
}

/// The people of one role.
#[derive(Debug)]
pub(crate) struct Pool {
    /// When the role is there; `None` when it always is.
    pub calendar: Option<Calendar>,
    /// First come, first served; entries that were withdrawn are passed over.
    pub waiting: VecDeque<Waiting>,
    /// Work that waits, without what was withdrawn.
    pub census: Census,
    /// Microseconds that it has waited.
    pub waited: u128,
    /// What each person works on.
    pub works_on: Vec<Option<(u32, TokenIx)>>,
    absent: Vec<bool>,
    free: Set,
    open: bool,
    present: u64,
    working: u64,
    counted_to: Timestamp,
    /// Microseconds of work and of presence, summed over people.
    busy: u128,
    available: u128,
    /// Microseconds in which nobody was there.
    unattended: i64,
}

impl Pool {
    pub fn new(size: usize, calendar: Option<Calendar>, start: Timestamp) -> Pool {
        let open = calendar.as_ref().is_none_or(|calendar| calendar.is_open(start));
        Pool {
            calendar,
            waiting: VecDeque::new(),
            census: Census::default(),
            waited: 0,
            works_on: vec![None; size],
            absent: vec![false; size],
            free: Set::all(size),
            open,
            present: size as u64,
            working: 0,
            counted_to: start,
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
        self.open && self.free.0.iter().any(|word| *word != 0)
    }

    /// Whether that person is there and has nothing to do.
    pub fn is_free(&self, person: usize) -> bool {
        self.open && self.free.has(person)
    }

    /// Whether that person is there.
    pub fn is_there(&self, person: usize) -> bool {
        self.open && !self.absent[person]
    }

    #[inline]
    pub fn is_absent(&self, person: usize) -> bool {
        self.absent[person]
    }

    /// A person begins to work; whoever is away does so when they are back.
    #[inline]
    pub fn take(&mut self, at: Timestamp, person: usize, slot: u32, token: TokenIx) {
        self.count(at);
        self.free.remove(person);
        self.works_on[person] = Some((slot, token));
        self.working += u64::from(!self.absent[person]);
    }

    /// A person is done, or the work was taken away.
    #[inline(always)]
    pub fn release(&mut self, at: Timestamp, person: usize) {
        self.count(at);
        self.works_on[person] = None;
        if !self.absent[person] {
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
        self.absent[person] = absent;
        let work = self.works_on[person];
        let (present, working) = if absent {
            (self.present - 1, self.working - u64::from(work.is_some()))
        } else {
            (self.present + 1, self.working + u64::from(work.is_some()))
        };
        (self.present, self.working) = (present, working);
        match (absent, work) {
            (false, None) => self.free.insert(person),
            _ => self.free.remove(person),
        }
        work
    }

    /// Counts the time since the last change. What was before the start does not count.
    #[inline]
    pub fn count(&mut self, at: Timestamp) {
        let passed = (at - self.counted_to).as_micros();
        if passed <= 0 {
            return;
        }
        self.unattended = self.unattended_until(at);
        self.counted_to = at;
        if self.open {
            self.busy += u128::from(passed as u64) * u128::from(self.working);
            self.available += u128::from(passed as u64) * u128::from(self.present);
        }
    }

    /// Microseconds in which nobody has been there so far.
    #[inline]
    pub fn unattended_until(&self, at: Timestamp) -> i64 {
        let passed = (at - self.counted_to).as_micros().max(0);
        if self.open && self.present > 0 { self.unattended } else { self.unattended + passed }
    }

    /// Microseconds of work and of presence up to the latest change, summed over people.
    pub fn counted(&self) -> (u128, u128) {
        (self.busy, self.available)
    }
}
