//! Gives work to people where it matters who does it, or where more follows from its beginning than that it is done.

use grieta_core::kernel::{Case, Command, Phase};
use grieta_core::{PersonIx, RoleIx, Timestamp};

use super::world::World;
use super::{Replication, Slot};
use crate::eyes::Eyes;
use crate::line::{Choice, Line, Waiting};

/// So many work items that none of those who are free may do are passed over for one that they may.
const MOST_PASSED_OVER: usize = 10_000;

impl Replication<'_> {
    /// Does what follows in other cases, and gives waiting work to people who are free and may do it.
    #[inline(never)]
    pub(super) fn dispatch_carefully(&mut self, at: Timestamp) {
        self.carry_on(at);
        let eyes = self.world.model.eyes.as_ref().filter(|_| !self.world.order.unlimited);
        if eyes.is_some() {
            self.world.soil_all();
        }
        while let Some(role) = self.world.next_dirty() {
            let next = |run: &mut Self| match eyes {
                Some(eyes) => run.match_eyes(eyes, role),
                None => run.match_up(role),
            };
            loop {
                self.rank_coming();
                if let Some((waiting, person)) = next(self) {
                    self.begin_carefully(at, waiting, person);
                } else if eyes.is_some() || !self.interrupt(at, role) {
                    break;
                }
            }
        }
    }

    /// The work item whose turn it is, of those that somebody who is free may do.
    fn match_eyes(&mut self, eyes: &Eyes, role: RoleIx) -> Option<(Waiting, u32)> {
        let World { pools, model, .. } = &mut self.world;
        let pool = &mut pools[role.at()];
        if !pool.has_free() {
            return None;
        }
        let mut line = std::mem::replace(&mut pool.line, Line::new(true, 0));
        let choose = |waiting: &Waiting| {
            let Slot { case, known } = &self.slots[waiting.slot as usize];
            if known.items.get(waiting.token.at()).is_none_or(|item| item.stamp != waiting.stamp) {
                return Choice::Gone;
            }
            let person = eyes.choose(&model.plan, case, waiting.token, role, pool);
            person.map_or(Choice::Pass, Choice::Take)
        };
        let found = line.take(MOST_PASSED_OVER, choose);
        pool.line = line;
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
            self.world.beginning = person;
            let eyes = self.world.model.eyes.as_ref();
            let person = eyes.map_or(PersonIx::NONE, |eyes| eyes.person(role, person));
            let accepted = self.execute(slot, at, &Command::Begin { token, person });
            debug_assert!(accepted, "{token:?} could not be begun by {person:?}");
        }
        // What followed may have taken it away.
        let Slot { case, known } = &self.slots[slot as usize];
        if known.items[token.at()].stamp == stamp && is_begun(case) {
            self.scene(slot).begin(at, token, person);
        }
        self.world.soil(role);
        self.follow(slot, at);
        self.carry_on(at);
    }
}
