//! The cases an engine keeps, what has happened to them, and when their timers fall due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use grieta_core::kernel::{Case, Event, Status};
use grieta_core::world::{CaseId, Cases};
use grieta_core::{Plan, TimerIx, Timestamp};

/// Something that happened to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The case.
    pub case: CaseId,
    /// The how-manieth event of the case it is, from 0.
    pub sequence: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// A case and what is known about it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub plan: Arc<Plan>,
    pub key: Key,
    pub case: Case,
    pub history: Vec<Recorded>,
}

/// What a case is called: what somebody gave, and a number where another case started it.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    text: String,
    /// How much of the text was given, so that it does not grow with every case that starts another.
    given: usize,
}

impl Key {
    pub fn given(text: &str) -> Key {
        Key { text: text.to_owned(), given: text.len() }
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

/// All cases that have not been forgotten.
#[derive(Debug, Default)]
pub(crate) struct Store {
    entries: BTreeMap<CaseId, Entry>,
    /// Open cases by process and key.
    keys: BTreeMap<(String, String), CaseId>,
    pub timers: Timers,
    last: u64,
}

impl Store {
    /// Makes room for a new case.
    pub fn add(&mut self, plan: Arc<Plan>, key: Key) -> CaseId {
        self.last += 1;
        let id = CaseId(self.last);
        self.keys.insert((plan.definition().process.clone(), key.text.clone()), id);
        self.entries.insert(id, Entry { plan, key, case: Case::default(), history: Vec::new() });
        id
    }

    /// The open case of that key.
    pub fn find(&self, process: &str, key: &str) -> Option<CaseId> {
        self.keys.get(&(process.to_owned(), key.to_owned())).copied()
    }

    pub fn get(&self, id: CaseId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// The cases, and apart from them the timers, so that both can change at a time.
    pub fn parts(&mut self) -> (&mut BTreeMap<CaseId, Entry>, &mut Timers) {
        (&mut self.entries, &mut self.timers)
    }

    /// What a case of that process is called that this one starts: as no other open one is.
    pub fn key_for(&self, by: CaseId, process: &str) -> Key {
        let (given, known) = self.entries.get(&by).map_or(("", 0), |by| (by.key.text(), by.key.given));
        let mut number = self.last;
        loop {
            number += 1;
            let text = format!("{}/{number}", given.get(..known).unwrap_or(given));
            if self.find(process, &text).is_none() {
                return Key { text, given: known };
            }
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (CaseId, &Entry)> {
        self.entries.iter().map(|(id, entry)| (*id, entry))
    }

    /// A case is over: its key may be used again.
    pub fn close(&mut self, id: CaseId) {
        if let Some(entry) = self.entries.get(&id) {
            let key = (entry.plan.definition().process.clone(), entry.key.text.clone());
            if self.keys.get(&key) == Some(&id) {
                self.keys.remove(&key);
            }
        }
    }

    /// Drops a case, whatever its state.
    pub fn remove(&mut self, id: CaseId) {
        self.close(id);
        self.timers.forget(id);
        self.entries.remove(&id);
    }
}

/// The timers that are set, in the order in which they fall due.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    order: BTreeSet<(Timestamp, CaseId, TimerIx)>,
    due: BTreeMap<(CaseId, TimerIx), Timestamp>,
}

impl Timers {
    /// When the next one falls due, and which.
    pub fn next(&self) -> Option<(Timestamp, CaseId, TimerIx)> {
        self.order.first().copied()
    }

    /// How many are set.
    pub fn len(&self) -> usize {
        self.due.len()
    }

    /// Hears one event of a case.
    pub fn hear(&mut self, id: CaseId, event: &Event) {
        match event {
            Event::TimerArmed { timer, due, .. } => {
                self.order.insert((*due, id, *timer));
                self.due.insert((id, *timer), *due);
            }
            Event::TimerFired { timer } | Event::TimerWithdrawn { timer } => self.remove(id, *timer),
            _ => {}
        }
    }

    fn remove(&mut self, id: CaseId, timer: TimerIx) {
        if let Some(due) = self.due.remove(&(id, timer)) {
            self.order.remove(&(due, id, timer));
        }
    }

    fn forget(&mut self, id: CaseId) {
        let own: Vec<TimerIx> =
            self.due.range((id, TimerIx(0))..=(id, TimerIx::NONE)).map(|((_, timer), _)| *timer).collect();
        own.into_iter().for_each(|timer| self.remove(id, timer));
    }
}

impl Cases for Store {
    fn case(&self, id: CaseId) -> Option<(&Plan, &Case)> {
        let entry = self.entries.get(&id).filter(|entry| entry.case.status() == Status::Running)?;
        Some((&entry.plan, &entry.case))
    }
}
