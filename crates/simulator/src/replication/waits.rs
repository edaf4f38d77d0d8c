//! What is counted of waiting, and of the hands through which a case goes.

use grieta_core::{Timestamp, TokenIx};

use super::item::{Item, State};
use super::scene::Scene;
use crate::analyses::hand_offs::NO_UNIT;
use crate::causes::Cause;
use crate::line::Line;
use crate::model::Model;
use crate::totals::Totals;

impl Scene<'_, '_> {
    /// From now on nobody has it, for that reason.
    pub(super) fn wait(&mut self, at: Timestamp, token: TokenIx, state: State) {
        self.end_wait(at, token);
        let item = &mut self.known.items[token.at()];
        (item.state, item.since) = (state, at);
    }

    /// It is no longer where it was, in whosever hands: the time is counted, and by its cause where it was waiting.
    #[inline]
    pub(super) fn end_wait(&mut self, at: Timestamp, token: TokenIx) {
        let item = &self.known.items[token.at()];
        let totals = &mut self.world.totals;
        let step = &mut totals.steps[item.step.at()];
        let passed = || at.micros_since(item.since);
        match item.state {
            State::Idle => {}
            State::Queued | State::LaidAside => self.end_queueing(at, token),
            State::Silent(crack) => {
                step.waiting.add(Cause::Silence, passed());
                totals.cracks[crack.at()].waited.add(Cause::Silence, passed());
                let pool = self.world.pools.get(item.role.at());
                if let Some(pool) = pool.filter(|pool| is_handed_over(item.from, pool.unit)) {
                    totals.hand_offs.waited(item.from, pool.unit, &[(Cause::Silence, passed())]);
                }
            }
            State::Delayed(crack) => {
                step.waiting.add(Cause::Timer, passed());
                totals.cracks[crack.at()].waited.add(Cause::Timer, passed());
            }
            State::Waits(cause) => step.waiting.add(cause, passed()),
            State::Away if self.world.model.steps[item.step.at()].is_outside => {
                step.waiting.add(Cause::External, passed());
            }
            State::Held(_) | State::Suspended(_) | State::Away => step.in_hand += u128::from(passed()),
        }
    }

    /// It no longer waits for people: the time is counted by why it did.
    #[inline(never)]
    fn end_queueing(&mut self, at: Timestamp, token: TokenIx) {
        let item = &self.known.items[token.at()];
        let pool = &self.world.pools[item.role.at()];
        let (until, passed) = (pool.unattended_until(at), at.micros_since(item.since));
        let overtaken = if let Line::Ranked(line) = &pool.line { line.overtaken(item.number) } else { None };
        let overtaken = overtaken.map_or(0, |(since, before)| {
            at.micros_since(since.max(item.since)) - (until - before.max(item.unattended))
        });
        let unattended = until - item.unattended;
        let waited = [
            (Cause::Unavailability, unattended),
            (Cause::Prioritisation, overtaken),
            (Cause::Contention, passed - unattended - overtaken),
        ];
        let unit = pool.unit;
        self.world.pools[item.role.at()].note_waited(at, passed);
        let totals = &mut self.world.totals;
        waited.iter().for_each(|(cause, micros)| totals.steps[item.step.at()].waiting.add(*cause, *micros));
        if is_handed_over(item.from, unit) {
            totals.hand_offs.waited(item.from, unit, &waited);
        }
    }
}

/// Counts work that is begun; says how long it has waited, in microseconds.
#[inline(always)]
pub(super) fn count_begun(totals: &mut Totals, model: &Model, at: Timestamp, item: &Item) -> u64 {
    let waited = at.micros_since(item.offered);
    totals.steps[item.step.at()].begin(waited);
    totals.roles[item.role.at()].begin(item.work);
    if let Some(calendar) = &model.closely {
        let business = calendar.open_between(item.offered, at).as_micros() as u64;
        totals.closely.waits[item.step.at()].add(business);
    }
    waited
}

/// Whether work passes from one department to another.
#[inline(always)]
pub(super) fn is_handed_over(from: u16, to: u16) -> bool {
    from != to && from != NO_UNIT && to != NO_UNIT
}
