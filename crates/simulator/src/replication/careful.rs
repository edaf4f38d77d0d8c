//! Gives work to people where it matters who does it, or where more follows from its beginning than that it is done.

use grieta_core::kernel::{Case, Command, Phase};
use grieta_core::{PersonIx, RoleIx, Timestamp};

use super::world::NOBODY;
use super::{Replication, Slot};
use crate::crew::Crew;
use crate::line::{Choice, Found, Line, Waiting};

/// So many work items that none of those who are free may do are passed over for one that they may.
const MOST_PASSED_OVER: usize = 10_000;

impl Replication<'_> {
    /// Does what follows in other cases, and gives waiting work to people who are free and may do it.
    #[inline(never)]
    pub(super) fn dispatch_carefully(&mut self, at: Timestamp) {
        loop {
            self.carry_on(at);
            self.release_batches(at);
            self.give_out(at);
            if !self.world.batches.is_ready() {
                return;
            }
        }
    }

    /// Gives waiting work to people who are free and may do it.
    fn give_out(&mut self, at: Timestamp) {
        if let Some(crew) = self.world.model.crew.as_ref().filter(|_| !self.world.order.unlimited) {
            return self.dispatch_crew(at, crew);
        }
        while let Some(role) = self.world.next_dirty() {
            loop {
                self.rank_coming();
                if let Some((waiting, person)) = self.match_up(role) {
                    self.begin_carefully(at, waiting, person);
                } else if self.world.model.batches || !self.interrupt(at, role) {
                    break;
                }
            }
        }
    }

    /// Gives waiting work to people who are not all alike.
    fn dispatch_crew(&mut self, at: Timestamp, crew: &Crew) {
        if crew.ruled {
            self.world.soil_all();
        }
        loop {
            self.rank_coming();
            let Some((role, found)) = self.match_crew(crew) else { return };
            self.world.pools[role.at()].line.remove(&found);
            self.begin_carefully(at, found.waiting, found.seat);
        }
    }

    /// The work item whose turn it is. Each role has one that comes first, of those that somebody who is free may do; where
    /// people are in several roles, what has priority goes before the others, and of equals what was offered first.
    fn match_crew(&mut self, crew: &Crew) -> Option<(RoleIx, Found)> {
        let mut firsts: Vec<(RoleIx, Found)> = Vec::new();
        while let Some(role) = self.world.next_dirty() {
            firsts.extend(self.find(crew, role).map(|found| (role, found)));
            if !crew.shared && !firsts.is_empty() {
                break;
            }
        }
        firsts.iter().for_each(|(role, _)| self.world.soil(*role));
        let offered = |found: &Found| {
            let Waiting { slot, token, .. } = found.waiting;
            self.slots[slot as usize].known.items[token.at()].offered
        };
        firsts.into_iter().min_by_key(|(role, found)| (found.turn.rank.priority, offered(found), *role))
    }

    /// The first work item of a role that somebody who is free may do, and who does.
    fn find(&mut self, crew: &Crew, role: RoleIx) -> Option<Found> {
        let pool = &mut self.world.pools[role.at()];
        if !pool.has_free() {
            return None;
        }
        let mut line = std::mem::replace(&mut pool.line, Line::new(true, 0));
        let (world, pool) = (&self.world, &self.world.pools[role.at()]);
        let choose = |waiting: &Waiting| {
            let Slot { case, known } = &self.slots[waiting.slot as usize];
            if known.items.get(waiting.token.at()).is_none_or(|item| item.stamp != waiting.stamp) {
                return Choice::Gone;
            }
            let model = world.model_of(known.side);
            let crew = model.crew.as_ref().unwrap_or(crew);
            let person = crew.choose(&model.plan, case, waiting.token, role, pool);
            person.map_or(Choice::Pass, Choice::Take)
        };
        let found = line.find(MOST_PASSED_OVER, choose);
        self.world.pools[role.at()].line = line;
        found
    }

    /// Where something waits that has priority over what somebody does, that is laid aside. Says whether it was.
    fn interrupt(&mut self, at: Timestamp, role: RoleIx) -> bool {
        let pool = &mut self.world.pools[role.at()];
        let first = loop {
            let Some((turn, waiting)) = pool.line.ranked().and_then(|line| line.first()) else { return false };
            let item = self.slots[waiting.slot as usize].known.items.get(waiting.token.at());
            if item.is_some_and(|item| item.stamp == waiting.stamp) {
                break turn;
            }
            pool.line.pop();
        };
        let least = pool.least().filter(|(_, turn)| first.rank.priority < turn.rank.priority);
        let Some((person, turn)) = least else { return false };
        let Some((slot, token)) = pool.work_of(person) else { return false };
        self.scene(slot).lay_aside(at, turn, token, person as u32);
        true
    }

    /// A person begins the work, from which other things may follow.
    fn begin_carefully(&mut self, at: Timestamp, waiting: Waiting, person: u32) {
        let Waiting { slot, token, stamp } = waiting;
        let is_begun = |case: &Case| case.token(token).is_some_and(|item| item.phase == Phase::Started);
        let Slot { case, known } = &self.slots[slot as usize];
        let role = known.items[token.at()].role;
        // Work that goes on after something was undone has been begun already.
        if !is_begun(case) {
            let number = match person {
                NOBODY => NOBODY,
                seat => self.world.pools[role.at()].person(seat as usize) as u32,
            };
            self.world.beginning = number;
            let person = self.world.model.crew.as_ref().map_or(PersonIx::NONE, |crew| crew.person(role, number));
            let accepted = self.execute(slot, at, &Command::Begin { token, person });
            debug_assert!(accepted, "{token:?} could not be begun by {person:?}");
        }
        // What followed may have taken it away.
        let Slot { case, known } = &self.slots[slot as usize];
        if known.items[token.at()].stamp == stamp && is_begun(case) {
            self.scene(slot).begin(at, token, person);
            if self.world.model.batches {
                self.begin_others(at, waiting, person);
            }
        }
        self.world.soil(role);
        self.follow(slot, at);
        self.carry_on(at);
    }
}
