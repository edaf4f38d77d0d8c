//! Who is there and who is not: opening hours of roles, and absences of people.

use grieta_core::{Duration, RoleIx, Timestamp, TokenIx};

use super::scene::after;
use super::world::World;
use crate::arrivals;
use crate::queue::{Class, Entry};
use crate::random::{Stream, case_key, draw_key};

/// The item of an entry that concerns the whole role, not one person.
const WHOLE_ROLE: u32 = (1 << 20) - 1;

/// Added to the number of a person whose absence was planned. No role has so many people.
const PLANNED: u32 = 1 << 19;

/// The item of an entry by which a batch goes, of whatever step stands in the place of the role.
pub(super) const GATHERED: u32 = WHOLE_ROLE - 1;

/// Added to the number of a person whose own hours begin or end.
const HOURS: u32 = 1 << 18;

/// Why a person is not there while the role is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Missing {
    /// How often the person has fallen away so far.
    times: u32,
    by_chance: bool,
    as_planned: bool,
    /// By chance or as planned, in whatever role that began.
    away: bool,
    /// Their own hours are over.
    off_duty: bool,
}

/// What a change of presence means for the work that somebody has in hand at that place.
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
            self.schedule_opening(self.start, role);
            if let Some(away) = &self.model.roles[role].away {
                for person in 0..away.people as u32 {
                    self.announce(away.from, role, PLANNED + person);
                    self.announce(away.until, role, PLANNED + person);
                }
            }
            for person in 0..self.model.roles[role].people {
                if self.falls_away_here(role, person) {
                    self.schedule_absence(self.start, role, person);
                }
                if self.pools[role].hours_of(person).is_some() {
                    self.change_hours(self.start, role, person);
                }
            }
        }
    }

    /// Whoever is in several roles falls away as the first of these says that has absences.
    fn falls_away_here(&self, role: usize, person: usize) -> bool {
        let declared = |role: RoleIx| self.model.roles[role.at()].absences.is_some();
        let first = || self.places(role, person as u32).into_iter().find(|(role, _)| declared(*role));
        declared(RoleIx(role as u16)) && first().is_none_or(|(first, _)| first.at() == role)
    }

    /// Carries out what an entry announces; says what it means for work in hand.
    pub fn availability(&mut self, at: Timestamp, entry: &Entry) -> Vec<Change> {
        let (role, item) = (entry.slot as usize, entry.item());
        if item == GATHERED {
            self.batches.is_due(role, entry.stamp);
            return Vec::new();
        }
        self.soil(RoleIx(role as u16));
        if item == WHOLE_ROLE {
            let open = self.pools[role].calendar.as_ref().is_none_or(|calendar| calendar.is_open(at));
            self.pools[role].set_open(at, open);
            self.schedule_opening(at, role);
            return Vec::new();
        }
        let (person, is_planned) = (item % HOURS, item >= PLANNED);
        if !is_planned && item >= HOURS {
            self.change_hours(at, role, person as usize);
            return Vec::new();
        }
        let missing = &mut self.missing[role][person as usize];
        match is_planned {
            true => missing.as_planned = !missing.as_planned,
            false if missing.by_chance => self.returns(at, role, person),
            false => self.falls_away(at, role, person),
        }
        self.come_or_go(at, role, person)
    }

    /// Somebody who falls away in one role does so in all of theirs.
    fn come_or_go(&mut self, at: Timestamp, role: usize, person: u32) -> Vec<Change> {
        let places = self.places(role, person);
        let missing = |(role, person): &(RoleIx, u32)| self.missing[role.at()][*person as usize];
        let away = places.iter().map(missing).any(|missing| missing.by_chance || missing.as_planned);
        let mut changes = Vec::new();
        for (role, person) in places {
            self.soil(role);
            let missing = &mut self.missing[role.at()][person as usize];
            let before = std::mem::replace(&mut missing.away, away);
            self.set_presence(at, role.at(), person as usize);
            let pool = &self.pools[role.at()];
            for seat in pool.seats(person as usize).filter(|_| before != away) {
                let Some((slot, token)) = pool.work_of(seat) else { continue };
                let person = seat as u32;
                let others = self.batches.others(role, person).iter().copied();
                let change = |(slot, token): (u32, TokenIx)| match away {
                    true => Change::Suspend { slot, token, person },
                    false => Change::Resume { slot, token, person },
                };
                changes.extend(std::iter::once((slot, token)).chain(others).map(change));
            }
        }
        changes
    }

    /// The roles that a person is in, and their number in each.
    fn places(&self, role: usize, person: u32) -> Vec<(RoleIx, u32)> {
        let crew = self.model.crew.as_ref();
        let known = crew.map(|crew| crew.places(crew.person(RoleIx(role as u16), person)).to_vec());
        known.filter(|places| places.len() > 1).unwrap_or_else(|| vec![(RoleIx(role as u16), person)])
    }

    /// A person is there unless they have fallen away, or their own hours are over.
    fn set_presence(&mut self, at: Timestamp, role: usize, person: usize) {
        let Missing { away, off_duty, .. } = self.missing[role][person];
        let pool = &mut self.pools[role];
        for seat in pool.seats(person) {
            if pool.is_absent(seat) != (away || off_duty) {
                pool.set_absent(at, seat, away || off_duty);
            }
        }
    }

    /// The own hours of a person begin, or are over until they begin again. What they have in hand was never to go on meanwhile.
    fn change_hours(&mut self, at: Timestamp, role: usize, person: usize) {
        let Some(calendar) = self.pools[role].hours_of(person) else { return };
        let open = calendar.is_open(at);
        let next = if open { calendar.next_closing(at) } else { calendar.next_opening(at) };
        self.missing[role][person].off_duty = !open;
        self.set_presence(at, role, person);
        if let Some(next) = next {
            self.announce(next, role, HOURS + person as u32);
        }
    }

    fn falls_away(&mut self, at: Timestamp, role: usize, person: u32) {
        self.missing[role][person as usize].by_chance = true;
        let (_, lasts) = self.absence(role, person as usize);
        let back = after(at, lasts, self.model.roles[role].absences.as_ref().and_then(|model| model.calendar.as_ref()));
        self.announce(back, role, person);
    }

    fn returns(&mut self, at: Timestamp, role: usize, person: u32) {
        let missing = &mut self.missing[role][person as usize];
        (missing.by_chance, missing.times) = (false, missing.times + 1);
        self.schedule_absence(at, role, person as usize);
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
        let mut stream = Stream::new(draw_key(key, model.salt, self.missing[role][person].times, person as u32));
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
