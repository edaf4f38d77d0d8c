//! What happens to a case, told or taken down.

use grieta_core::kernel::{Case, Event};
use grieta_core::{Timestamp, TokenIx};

use super::item::Known;
use super::scene::Scene;
use crate::journal::{About, Rest};

impl Scene<'_, '_> {
    #[cold]
    #[inline(never)]
    pub(super) fn tell(&mut self, case: &Case, at: Timestamp, event: &Event) {
        let (about, model) = (self.about(), self.world.model);
        match &mut self.world.journal {
            Some(journal) => journal.note(&model.plan, about, case, at, event),
            None => self.world.story.push((at, event.clone())),
        }
    }

    /// Takes down that work rests because its holder is away, or goes on.
    pub(super) fn tell_rest(&mut self, at: Timestamp, token: TokenIx, person: u32, resumed: bool) {
        let (about, model, item) = (self.about(), self.world.model, &self.known.items[token.at()]);
        let person = self.world.pools[item.role.at()].person(person as usize) as u32;
        let rest = Rest { token, step: item.step, role: item.role, person, visit: item.visit, resumed };
        if let Some(journal) = &mut self.world.journal {
            journal.note_rest(&model.plan, about, at, &rest);
        }
    }

    fn about(&self) -> About {
        let Known { slot, customer, .. } = &*self.known;
        About { slot: *slot, ordinal: customer.ordinal, beginning: self.world.beginning }
    }
}
