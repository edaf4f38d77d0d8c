//! Cases that are done together: they gather at a step, go into the queue at the same time, and whoever takes one takes all.
//!
//! Each keeps its own token and its own place in the queue; the work is that of the one which is begun first, and the others
//! are done with it.

use std::collections::BTreeMap;

use grieta_core::kernel::{Command, Phase};
use grieta_core::{PersonIx, RoleIx, Timestamp, TokenIx};

use super::item::State;
use super::presence::GATHERED;
use super::scene::{Room, Scene, after};
use super::waits::{count_begun, is_handed_over};
use super::{NOBODY, Replication, Slot};
use crate::causes::Cause;
use crate::line::Waiting;
use crate::model::Model;
use crate::people::Pool;
use crate::queue::{Class, Entry};

/// All that is done together, or will be.
#[derive(Debug, Default)]
pub(super) struct Batches {
    /// By the [place](Model::place) of the step, what has come for the next batch; what was withdrawn is still among it.
    gathering: Vec<Gathering>,
    /// Steps at which enough may have come, or whose time is over.
    ready: Vec<usize>,
    /// By the stamp of each item of a batch that waits for a person, all of that batch.
    queued: BTreeMap<u32, std::rc::Rc<[Waiting]>>,
    /// By role and place of a person: what they do together with what they work on.
    others: BTreeMap<(RoleIx, u32), Vec<(u32, TokenIx)>>,
}

#[derive(Debug, Default)]
struct Gathering {
    came: Vec<Waiting>,
    /// How many are enough.
    of: usize,
    /// That of the entry by which it goes.
    stamp: u32,
    is_due: bool,
}

impl Batches {
    pub fn new(models: &[Model]) -> Batches {
        let batches = models.iter().any(|model| model.batches);
        let steps = if batches { models.iter().map(|model| model.steps.len()).sum() } else { 0 };
        Batches { gathering: (0..steps).map(|_| Gathering::default()).collect(), ..Batches::default() }
    }

    /// Whether anything may go.
    pub fn is_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// The time of a batch is over, if it has not gone yet.
    pub fn is_due(&mut self, step: usize, stamp: u32) {
        if let Some(gathering) = self.gathering.get_mut(step).filter(|gathering| gathering.stamp == stamp) {
            gathering.is_due = true;
            self.ready.push(step);
        }
    }

    /// What a person does together with what they work on.
    pub fn others(&self, role: RoleIx, person: u32) -> &[(u32, TokenIx)] {
        self.others.get(&(role, person)).map_or(&[], Vec::as_slice)
    }

    /// Something leaves the hands of a person; says whether they go on with the others that they do together with it.
    pub fn goes_on(&mut self, pool: &mut Pool, role: RoleIx, person: u32, work: (u32, TokenIx)) -> bool {
        let Some(others) = self.others.get_mut(&(role, person)) else { return false };
        match others.iter().position(|other| *other == work) {
            Some(place) => _ = others.swap_remove(place),
            None => pool.set_work(person as usize, others.pop()),
        }
        if others.is_empty() {
            self.others.remove(&(role, person));
        }
        true
    }
}

impl Scene<'_, '_> {
    /// Has work wait until enough has come that is done together with it.
    #[inline(never)]
    pub(super) fn gather(&mut self, at: Timestamp, token: TokenIx) {
        let step = self.known.items[token.at()].step;
        let Some(batch) = self.world.model.steps[step.at()].batch.as_ref().filter(|_| !self.world.order.unlimited)
        else {
            return self.go_alone(at, token);
        };
        self.wait(at, token, State::Waits(Cause::Batching));
        let (stamp, from) = (self.world.next_stamp(), self.known.unit);
        let item = &mut self.known.items[token.at()];
        (item.stamp, item.offered, item.from) = (stamp, at, from);
        self.known.pending += 1;
        let waiting = Waiting { slot: self.known.slot, token, stamp };
        let place = self.world.model.place(step);
        let gathering = &mut self.world.batches.gathering[place];
        gathering.of = batch.of;
        gathering.came.push(waiting);
        let enough = gathering.came.len() >= batch.of;
        if gathering.came.len() == 1 {
            gathering.stamp = stamp;
            let due = after(at, batch.within, batch.calendar.as_ref());
            self.world.queue.push(Entry::new(due, Class::Availability, place as u64, GATHERED, place as u32, stamp));
        }
        if enough {
            self.world.batches.ready.push(place);
        }
    }

    /// Work of a batch goes where work by itself goes.
    fn go_alone(&mut self, at: Timestamp, token: TokenIx) {
        let item = &self.known.items[token.at()];
        match self.world.pools.get(item.role.at()).is_some() {
            true => self.enqueue(at, at, token, Room::Made),
            false => self.send_away(at, token),
        }
    }

    /// How much of the work in hand nobody will do any more, in microseconds: nothing while others are done together with it.
    pub(super) fn undone(&self, at: Timestamp, token: TokenIx) -> i64 {
        let item = &self.known.items[token.at()];
        let most = match item.state {
            State::Held(person) | State::Suspended(person) => match self.world.batches.others(item.role, person) {
                // The work is counted with the one that was begun first.
                [] if item.work == 0 => i64::MAX,
                [] => item.work,
                _ => 0,
            },
            _ => item.work,
        };
        self.world.left(at, item).clamp(0, most)
    }

    /// Work is begun together with other work, and done when that is.
    fn begin_with(&mut self, at: Timestamp, token: TokenIx, person: u32, due: Timestamp, who: PersonIx) {
        if !self.known.troubles.is_empty() {
            self.end_patience(token);
        }
        self.end_wait(at, token);
        let stamp = self.world.next_stamp();
        let item = &mut self.known.items[token.at()];
        self.world.pools[item.role.at()].note_begun(item.number, at);
        (item.state, item.stamp, item.due, item.since, item.work) = (State::Held(person), stamp, due, at, 0);
        self.known.person = who;
        let item = &self.known.items[token.at()];
        let waited = count_begun(&mut self.world.totals, self.world.model, at, item);
        self.known.waited += waited;
        let (from, unit) = (item.from, self.world.pools[item.role.at()].unit);
        if is_handed_over(from, unit) {
            let back = std::mem::replace(&mut self.known.handed, (from, unit)) == (unit, from);
            self.world.totals.hand_offs.taken_over(from, unit, waited, back);
        }
        let order = (self.known.customer.ordinal, u32::from(token.0), self.known.slot);
        self.world.queue.push(Entry::new(due, Class::Completion, order.0, order.1, order.2, stamp));
    }
}

impl Replication<'_> {
    /// Lets batches go that are complete, or whose time is over.
    pub(super) fn release_batches(&mut self, at: Timestamp) {
        while let Some(step) = self.world.batches.ready.pop() {
            let slots = &self.slots;
            let still_waits = |waiting: &Waiting| {
                let item = slots[waiting.slot as usize].known.items.get(waiting.token.at());
                item.is_some_and(|item| item.stamp == waiting.stamp)
            };
            let gathering = &mut self.world.batches.gathering[step];
            gathering.came.retain(still_waits);
            if gathering.came.len() < gathering.of && !gathering.is_due {
                continue;
            }
            let came = std::mem::take(gathering).came;
            self.release(at, &came);
        }
    }

    fn release(&mut self, at: Timestamp, came: &[Waiting]) {
        let is_for_people = came.iter().any(|waiting| {
            let item = &self.slots[waiting.slot as usize].known.items[waiting.token.at()];
            self.world.pools.get(item.role.at()).is_some()
        });
        if !is_for_people {
            return self.send_together(at, came);
        }
        let mut batch = Vec::new();
        for Waiting { slot, token, .. } in came {
            let scene = &mut self.scene(*slot);
            let offered = scene.known.items[token.at()].offered;
            scene.enqueue(at, offered, *token, Room::Made);
            scene.known.pending -= 1;
            batch.push(Waiting { slot: *slot, token: *token, stamp: scene.known.items[token.at()].stamp });
        }
        let batch: std::rc::Rc<[Waiting]> = batch.into();
        for waiting in batch.iter() {
            self.world.batches.queued.insert(waiting.stamp, batch.clone());
        }
    }

    /// A system gets all of them at once, and answers all at the same time.
    fn send_together(&mut self, at: Timestamp, came: &[Waiting]) {
        let mut first = None;
        for Waiting { slot, token, .. } in came {
            let scene = &mut self.scene(*slot);
            scene.known.pending -= 1;
            match first {
                None => {
                    scene.send_away(at, *token);
                    let item = &scene.known.items[token.at()];
                    first = Some((item.work, item.due));
                }
                Some((work, due)) => scene.send_until(at, *token, work, due),
            }
        }
    }

    /// Whoever has begun work of a batch begins the rest of it, as far as they may.
    pub(super) fn begin_others(&mut self, at: Timestamp, first: Waiting, person: u32) {
        let Some(batch) = self.world.batches.queued.remove(&first.stamp) else { return };
        let item = &self.slots[first.slot as usize].known.items[first.token.at()];
        let (role, due) = (item.role, item.due);
        let number = if person == NOBODY { NOBODY } else { self.world.pools[role.at()].person(person as usize) as u32 };
        let model = self.world.model_of(self.slots[first.slot as usize].known.side);
        let who = model.crew.as_ref().map_or(PersonIx::NONE, |crew| crew.person(role, number));
        for waiting in batch.iter().filter(|waiting| waiting.stamp != first.stamp) {
            let Waiting { slot, token, stamp } = *waiting;
            let Slot { case, known } = &self.slots[slot as usize];
            let waits = known.items.get(token.at()).is_some_and(|item| item.stamp == stamp);
            let may = |step| model.crew.as_ref().is_none_or(|crew| crew.may(&model.plan, case, step, who));
            if !waits || !case.token(token).is_some_and(|item| item.role == role && may(item.step)) {
                continue;
            }
            self.world.batches.queued.remove(&stamp);
            self.world.beginning = number;
            let accepted = self.execute(slot, at, &Command::Begin { token, person: who });
            debug_assert!(accepted, "{token:?} could not be begun with its batch");
            let Slot { case, known } = &self.slots[slot as usize];
            let is_begun = case.token(token).is_some_and(|item| item.phase == Phase::Started);
            if is_begun && known.items[token.at()].stamp == stamp {
                self.world.batches.others.entry((role, person)).or_default().push((slot, token));
                self.scene(slot).begin_with(at, token, person, due, who);
            }
            self.follow(slot, at);
        }
    }
}
