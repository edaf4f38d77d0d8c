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
        let place = self.world.model.place(item.step);
        let did = self.world.did.get_mut(person.at()).map(|did| std::mem::replace(did, place));
        let before = std::mem::replace(&mut self.known.person, person);
        let customer = &self.known.customer;
        let length = |addition: &Addition| {
            crew.pace(person, arrivals::micros(addition.lasts.sample(&mut customer.stream(addition.salt, item))))
        };
        let set_up = crew.set_up(item.step).filter(|_| did != Some(place)).map_or(0, length);
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

    /// Counts the work that the same people have in all their roles and processes, and their presence once: that of an
    /// average person of their roles.
    pub(super) fn share_loads(&mut self) {
        let crew = self.model.crew.as_ref().filter(|crew| crew.shared);
        let mut groups = crew.map_or(Vec::new(), Crew::groups);
        if self.is_network() {
            let alone: Vec<usize> =
                (0..self.pools.len()).filter(|role| !groups.iter().flatten().any(|other| other == role)).collect();
            groups.extend(alone.into_iter().map(|role| vec![role]));
        }
        for roles in groups {
            let (demand, present) = (roles.iter().map(|role| self.demand(*role)).sum(), self.present(&roles));
            for role in roles {
                let used = self.of_role(role).filter(|totals| totals.demand > 0);
                used.for_each(|totals| totals.together = (demand, present));
            }
        }
    }

    /// How long the people of these roles were there while cases arrived, each of them once.
    fn present(&mut self, roles: &[usize]) -> u128 {
        let there = |world: &mut Self, role: usize| {
            world.of_role(role).next().map_or(0, |totals| totals.available_while_arriving)
        };
        let (Some(crew), [_, _, ..]) = (&self.model.crew, roles) else {
            return roles.iter().map(|role| there(self, *role)).sum();
        };
        let average: Vec<u128> = (0..self.pools.len())
            .map(|role| there(self, role) / self.model.roles[role].people.max(1) as u128)
            .collect();
        let most = |places: &[(RoleIx, u32)]| places.iter().map(|(role, _)| average[role.at()]).max().unwrap_or(0);
        crew.people_of(roles).map(most).sum()
    }
}
