//! People as they are: how long work takes whoever does it, and where else they are busy meanwhile.

use grieta_core::{PersonIx, RoleIx, TokenIx};

use super::scene::Scene;
use super::world::World;
use crate::arrivals;
use crate::crew::{Addition, Crew};

impl Scene<'_, '_> {
    /// How long so much work takes whoever has that place, with what setting up and taking over add, in microseconds.
    pub(super) fn paced(&mut self, crew: &Crew, token: TokenIx, seat: u32, work: i64) -> i64 {
        let item = &self.known.items[token.at()];
        let number = self.world.pools[item.role.at()].person(seat as usize);
        let person = crew.person(item.role, number as u32);
        let did = self.world.did.get_mut(person.at()).map(|did| std::mem::replace(did, item.step));
        let before = std::mem::replace(&mut self.known.person, person);
        let customer = &self.known.customer;
        let length = |addition: &Addition| {
            crew.pace(person, arrivals::micros(addition.lasts.sample(&mut customer.stream(addition.salt, item))))
        };
        let set_up = crew.set_up(item.step).filter(|_| did != Some(item.step)).map_or(0, length);
        let changes = before != PersonIx::NONE && before != person;
        let take_over = crew.take_over(item.step).filter(|_| changes).map_or(0, length);
        let added = &mut self.world.totals.steps[item.step.at()].added;
        added.set_up += set_up as u128;
        added.take_over += take_over as u128;
        (crew.pace(person, work) + set_up + take_over).min(arrivals::LONGEST)
    }
}

impl World<'_> {
    /// Whoever has that place begins to work there or no longer does: in their other roles they are busy, or free again.
    #[inline(never)]
    pub(super) fn settle_elsewhere(&mut self, role: RoleIx, seat: u32) {
        let Some(crew) = &self.model.crew else { return };
        let number = self.pools[role.at()].person(seat as usize);
        let places = crew.places(crew.person(role, number as u32));
        for (role, number) in places {
            let at_work =
                |(other, number): &(RoleIx, u32)| other != role && self.pools[other.at()].has_work(*number as usize);
            let elsewhere = places.iter().any(at_work);
            self.pools[role.at()].set_elsewhere(*number as usize, elsewhere);
            if !elsewhere {
                self.soil(*role);
            }
        }
    }

    /// Counts the work of all roles that have people in common, and the presence of these people once: that of an average
    /// person of their roles.
    pub(super) fn share_loads(&mut self) {
        let Some(crew) = self.model.crew.as_ref().filter(|crew| crew.shared) else { return };
        for roles in crew.groups() {
            let totals = &self.totals.roles;
            let each = |(role, _): &(RoleIx, u32)| {
                totals[role.at()].available_while_arriving / self.model.roles[role.at()].people.max(1) as u128
            };
            let present = crew.people_of(&roles).map(|places| places.iter().map(each).max().unwrap_or(0)).sum();
            let demand = roles.iter().map(|role| totals[*role].demand).sum();
            roles.iter().for_each(|role| self.totals.roles[*role].together = (demand, present));
        }
    }
}
