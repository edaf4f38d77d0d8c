//! What happens outside while work waits or is done: cracks that strike by chance, and patience that ends.

use grieta_core::{CrackIx, Timestamp, TokenIx};

use super::item::Coming;
use super::scene::{Scene, after};
use crate::model::StepModel;
use crate::queue::Class;

impl Scene<'_, '_> {
    /// Draws whether something outside happens meanwhile, and when.
    #[inline(always)]
    pub(super) fn expect_from_outside(&mut self, at: Timestamp, token: TokenIx, step: &StepModel) {
        if !step.outside.is_empty() {
            self.announce_outside(at, token, step);
        }
        if !step.patience.is_empty() {
            self.announce_patience(at, token, step);
        }
    }

    fn announce_outside(&mut self, at: Timestamp, token: TokenIx, step: &StepModel) {
        let Some(crack) = self.known.drawn_crack(&step.outside, token) else { return };
        let item = &self.known.items[token.at()];
        let due = after(at, self.known.customer.strikes_after(step, crack, item), step.calendar.as_ref());
        self.announce(due, token, crack.crack, false);
    }

    /// Draws how long whoever waits does so.
    #[inline(never)]
    fn announce_patience(&mut self, at: Timestamp, token: TokenIx, step: &StepModel) {
        for patience in &step.patience {
            let item = &self.known.items[token.at()];
            if let Some(lasts) = self.known.customer.patience(patience, item) {
                self.announce(after(at, lasts, patience.calendar.as_ref()), token, patience.crack.crack, true);
            }
        }
    }

    fn announce(&mut self, due: Timestamp, token: TokenIx, crack: CrackIx, until_begun: bool) {
        let stamp = self.world.next_stamp();
        self.known.trouble(token).outside.push(Coming { stamp, crack, until_begun });
        self.schedule(due, Class::Message, token.0, stamp);
    }

    /// Somebody has begun the work: whoever waited for that does so no longer.
    #[inline(never)]
    pub(super) fn end_patience(&mut self, token: TokenIx) {
        let Some(trouble) = self.known.troubles.iter_mut().find(|trouble| trouble.token == token) else { return };
        let before = trouble.outside.len();
        trouble.outside.retain(|coming| !coming.until_begun);
        for _ in trouble.outside.len()..before {
            self.overtake();
        }
    }
}
