//! Gives work to people where it matters who does it, or where more follows from its beginning than that it is done.

use grieta_core::kernel::{Case, Command, Phase};
use grieta_core::{PersonIx, RoleIx, Timestamp};

use super::world::World;
use super::{Replication, Slot};
use crate::eyes::Eyes;
use crate::people::Waiting;

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
            while let Some((waiting, person)) = next(self) {
                self.begin_carefully(at, waiting, person);
            }
        }
    }

    /// The work item that waits longest for the role and that somebody who is free may do.
    fn match_eyes(&mut self, eyes: &Eyes, role: RoleIx) -> Option<(Waiting, u32)> {
        let World { pools, model, .. } = &mut self.world;
        let pool = &mut pools[role.at()];
        let mut place = 0;
        while pool.has_free() && place < MOST_PASSED_OVER {
            let waiting = *pool.waiting.get(place)?;
            let Slot { case, known } = &self.slots[waiting.slot as usize];
            if known.items.get(waiting.token.at()).is_none_or(|item| item.stamp != waiting.stamp) {
                pool.waiting.remove(place);
            } else if let Some(person) = eyes.choose(&model.plan, case, waiting.token, role, pool) {
                pool.waiting.remove(place);
                return Some((waiting, person));
            } else {
                place += 1;
            }
        }
        None
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
