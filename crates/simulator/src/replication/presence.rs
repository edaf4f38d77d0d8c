//! Who is there and who is not: opening hours of roles, and absences of people.

use grieta_core::{Duration, RoleIx, Timestamp, TokenIx};

use super::scene::after;
use super::world::World;
use crate::arrivals;
use crate::queue::{Class, Entry};
use crate::random::{Stream, case_key, draw_key};

/// The item of an entry that concerns the whole role, not one person.
const WHOLE_ROLE: u32 = (1 << 20) - 1;

/// What a change of presence means for the work that somebody has in hand.
pub(super) enum Change {
    /// The person fell away.
    Suspend { slot: u32, token: TokenIx, person: u32 },
    /// The person is back.
    Resume { slot: u32, token: TokenIx, person: u32 },
}

impl World<'_> {
    /// Announces the first opening of each role, and the first absence of each person.
    pub fn schedule_availability(&mut self) {
        if self.order.unlimited {
            return;
        }
        for role in 0..self.pools.len() {
            self.schedule_opening(self.model.start, role);
            if self.model.roles[role].absences.is_some() {
                let people = 0..self.model.roles[role].people;
                people.for_each(|person| self.schedule_absence(self.model.start, role, person));
            }
        }
    }

    /// Carries out what an entry announces; says what it means for work in hand.
    pub fn availability(&mut self, at: Timestamp, entry: &Entry) -> Option<Change> {
        let (role, person) = (entry.slot as usize, entry.item());
        self.soil(RoleIx(role as u16));
        if person == WHOLE_ROLE {
            let open = self.pools[role].calendar.as_ref().is_none_or(|calendar| calendar.is_open(at));
            self.pools[role].set_open(at, open);
            self.schedule_opening(at, role);
            None
        } else if self.pools[role].is_absent(person as usize) {
            self.returns(at, role, person)
        } else {
            self.falls_away(at, role, person)
        }
    }

    fn falls_away(&mut self, at: Timestamp, role: usize, person: u32) -> Option<Change> {
        let (_, lasts) = self.absence(role, person as usize);
        let back = after(at, lasts, self.model.roles[role].absences.as_ref().and_then(|model| model.calendar.as_ref()));
        self.announce(back, role, person);
        let (slot, token) = self.pools[role].set_absent(at, person as usize, true)?;
        Some(Change::Suspend { slot, token, person })
    }

    fn returns(&mut self, at: Timestamp, role: usize, person: u32) -> Option<Change> {
        self.absences[role][person as usize] += 1;
        self.schedule_absence(at, role, person as usize);
        let (slot, token) = self.pools[role].set_absent(at, person as usize, false)?;
        Some(Change::Resume { slot, token, person })
    }

    fn schedule_opening(&mut self, at: Timestamp, role: usize) {
        let Some(calendar) = &self.pools[role].calendar else { return };
        let next = if calendar.is_open(at) { calendar.next_closing(at) } else { calendar.next_opening(at) };
        if let Some(next) = next {
            self.announce(next, role, WHOLE_ROLE);
        }
    }

    fn schedule_absence(&mut self, at: Timestamp, role: usize, person: usize) {
        let (gap, _) = self.absence(role, person);
        self.announce(at + Duration::from_micros(gap), role, person as u32);
    }

    /// The gap before an absence and how long it lasts, both from the same draw.
    fn absence(&self, role: usize, person: usize) -> (i64, i64) {
        let Some(model) = &self.model.roles[role].absences else { return (i64::MAX, 0) };
        let key = case_key(self.order.seed, self.order.replication, u64::MAX);
        let mut stream = Stream::new(draw_key(key, model.salt, self.absences[role][person], person as u32));
        (arrivals::micros(model.gap.sample(&mut stream)), arrivals::micros(model.lasts.sample(&mut stream)))
    }

    /// What would happen at the end of time never does.
    fn announce(&mut self, at: Timestamp, role: usize, item: u32) {
        if at >= Timestamp::MAX {
            return;
        }
        self.queue.push(Entry::new(at, Class::Availability, role as u64, item, role as u32, 0));
    }
}
