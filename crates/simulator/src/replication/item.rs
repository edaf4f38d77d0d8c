//! What the simulator knows about a running case and its tokens, beyond what the kernel knows.

use grieta_core::world::CaseId;
use grieta_core::{CrackIx, PersonIx, RoleIx, StepIx, Timestamp, TokenIx};

use super::customer::Customer;
use super::world::Side;
use crate::analyses::hand_offs::NO_UNIT;
use crate::causes::Cause;
use crate::model::{CrackModel, Model};
use crate::people::Set;
use crate::queue::{Class, Entry};

/// What the simulator knows about a running case.
#[derive(Debug)]
pub(super) struct Known<'a> {
    /// Where the case is kept.
    pub slot: u32,
    pub customer: Customer<'a>,
    /// By which other cases know it, where they have to do with it.
    pub id: CaseId,
    /// Only another case can carry it on.
    pub asleep: bool,
    /// Entries and queues that hold something for the case; with none left it is stuck.
    pub pending: u32,
    /// By token.
    pub items: Vec<Item>,
    pub troubles: Vec<Trouble>,
    /// The stamp of each timer; 0 when it is gone.
    pub timers: Vec<u32>,
    /// The steps that the case has begun.
    pub begun: Set,
    /// Tokens at which nobody acted until a crack was answered without taking the work away.
    pub woken: Vec<TokenIx>,
    /// The department that had work of the case in hand last; [`NO_UNIT`] at first.
    pub unit: u16,
    /// From which department to which the case was handed over last.
    pub handed: (u16, u16),
    /// Who began work of the case last, where people are not all alike.
    pub person: PersonIx,
    /// How long it has waited for people until work was begun, in microseconds, visit by visit.
    pub waited: u64,
    /// Which of the cracks that are watched have struck the case, or would have.
    pub marks: Vec<bool>,
    /// When each stretch that is measured began for the case.
    pub stretches: Vec<Option<Timestamp>>,
    /// With which cases it is counted.
    pub side: Side,
    /// It went round and round, and is to be taken out.
    pub endless: bool,
    /// Its story is told.
    pub is_told: bool,
}

/// What the simulator knows about a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// Equal to that of the entry or the place in a queue that will carry the item on; 0 when there is none.
    pub stamp: u32,
    pub state: State,
    pub role: RoleIx,
    pub step: StepIx,
    pub visit: u32,
    pub attempt: u16,
    /// The department that had the case in hand before.
    pub from: u16,
    /// When the work was offered.
    pub offered: Timestamp,
    /// Since when it is in these hands, or waits as it does now.
    pub since: Timestamp,
    /// In a queue: how long nobody of the role had been there by then, in microseconds.
    pub unattended: u64,
    /// How much work it is, in microseconds.
    pub work: i64,
    /// When it will be done, as long as nobody falls away.
    pub due: Timestamp,
    /// How much work was left when the person fell away or laid it aside, in microseconds.
    pub left: i64,
    /// In a queue that is no first come, first served: the how-manieth item it is, from 1; 0 where it came to none.
    pub number: u32,
}

/// What has gone wrong with a token at its step, or will. Most have none.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    pub token: TokenIx,
    /// The crack that struck it first, and when.
    pub struck: Option<(CrackIx, Timestamp)>,
    /// Cracks from outside that are on their way.
    pub outside: Vec<Coming>,
}

/// A crack from outside that is on its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coming {
    /// That of its entry.
    pub stamp: u32,
    pub crack: CrackIx,
    /// It comes only as long as nobody has begun the work.
    pub until_begun: bool,
}

/// In whose hands a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Idle,
    /// In the queue of a role.
    Queued,
    /// In the hands of a person.
    Held(u32),
    /// In the hands of a person who fell away.
    Suspended(u32),
    /// In the queue of a role again: whoever had it does something else first.
    LaidAside,
    /// With a system or an outside party.
    Away,
    /// Nobody will act, because this crack means so.
    Silent(CrackIx),
    /// Until the work is tried again, as this crack is answered.
    Delayed(CrackIx),
    /// In nobody's hands, for that reason.
    Waits(Cause),
}

impl Item {
    /// Whether it is in the queue of a role.
    #[inline]
    pub fn waits_in_line(&self) -> bool {
        matches!(self.state, State::Queued | State::LaidAside)
    }

    pub const IDLE: Item = Item {
        stamp: 0,
        state: State::Idle,
        role: RoleIx::NONE,
        step: StepIx::NONE,
        visit: 0,
        attempt: 0,
        from: NO_UNIT,
        offered: Timestamp::EPOCH,
        since: Timestamp::EPOCH,
        unattended: 0,
        work: 0,
        due: Timestamp::EPOCH,
        left: 0,
        number: 0,
    };
}

impl<'a> Known<'a> {
    /// Room for a case that is kept there.
    pub fn new(slot: u32) -> Known<'a> {
        Known {
            slot,
            customer: Customer::default(),
            id: CaseId(0),
            asleep: false,
            pending: 0,
            items: Vec::new(),
            troubles: Vec::new(),
            timers: Vec::new(),
            begun: Set::default(),
            woken: Vec::new(),
            unit: NO_UNIT,
            handed: (NO_UNIT, NO_UNIT),
            person: PersonIx::NONE,
            waited: 0,
            marks: Vec::new(),
            stretches: Vec::new(),
            side: Side::COUNTED,
            endless: false,
            is_told: false,
        }
    }

    /// Forgets the case that is over, and takes in a new one. The memory is used again.
    pub fn renew(&mut self, customer: Customer<'a>, model: &Model, is_told: bool) {
        (self.customer, self.pending, self.endless, self.is_told) = (customer, 0, false, is_told);
        self.asleep = false;
        self.items.clear();
        self.troubles.clear();
        self.timers.clear();
        self.begun.clear();
        self.woken.clear();
        if !model.stretches.is_empty() {
            self.stretches.clear();
            self.stretches.resize(model.stretches.len(), None);
        }
        (self.unit, self.handed, self.waited) = (NO_UNIT, (NO_UNIT, NO_UNIT), 0);
        self.person = PersonIx::NONE;
        if model.watched > 0 {
            self.marks.clear();
            self.marks.resize(model.watched, false);
        }
    }

    /// Whether a step is begun for the first time; notes that it is.
    #[inline]
    pub fn begins_first(&mut self, step: StepIx) -> bool {
        self.begun.insert(step.at())
    }

    /// Whether the case has begun the step.
    pub fn has_begun(&self, step: usize) -> bool {
        self.begun.has(step)
    }

    /// A token is at another step.
    #[inline(always)]
    pub fn put(&mut self, token: TokenIx, item: impl Fn() -> Item) {
        match self.items.get_mut(token.at()) {
            Some(place) => *place = item(),
            None => {
                // Most cases have one token at a time, and there may be a million of them.
                if self.items.capacity() == 0 {
                    self.items.reserve_exact(1);
                }
                if self.items.len() < token.at() {
                    self.items.resize(token.at(), Item::IDLE);
                }
                self.items.push(item());
            }
        }
    }

    /// The first of these cracks that strikes this visit; notes that the case is struck by it, where that is watched.
    #[inline(always)]
    pub fn drawn_crack<'c>(&mut self, cracks: &'c [CrackModel], token: TokenIx) -> Option<&'c CrackModel> {
        if cracks.is_empty() { None } else { self.draw_crack(cracks, token) }
    }

    #[inline(never)]
    fn draw_crack<'c>(&mut self, cracks: &'c [CrackModel], token: TokenIx) -> Option<&'c CrackModel> {
        let item = &self.items[token.at()];
        for crack in cracks.iter().filter(|crack| self.customer.is_struck(crack, item)) {
            if let Some(mark) = self.marks.get_mut(usize::from(crack.mark)) {
                *mark = true;
            }
            if !crack.ghost {
                return Some(crack);
            }
        }
        None
    }

    /// Whether what an entry announces is still to happen.
    #[inline]
    pub fn expects(&self, entry: &Entry) -> bool {
        let at = entry.item() as usize;
        match entry.class() {
            Class::Availability => true,
            Class::Completion => self.items.get(at).is_some_and(|item| item.stamp == entry.stamp),
            Class::Message => self.troubles.iter().any(|trouble| trouble.announces(entry)),
            Class::Timer => self.timers.get(at) == Some(&entry.stamp),
        }
    }

    /// The trouble with a token.
    pub fn trouble(&mut self, token: TokenIx) -> &mut Trouble {
        let known = self.troubles.iter().position(|trouble| trouble.token == token);
        let at = known.unwrap_or_else(|| {
            self.troubles.push(Trouble { token, struck: None, outside: Vec::new() });
            self.troubles.len() - 1
        });
        &mut self.troubles[at]
    }

    /// Takes away what is known about the trouble with a token.
    pub fn end_trouble(&mut self, token: TokenIx) -> Option<Trouble> {
        let at = self.troubles.iter().position(|trouble| trouble.token == token)?;
        Some(self.troubles.swap_remove(at))
    }
}

impl Trouble {
    /// Whether the entry stands for the crack that is on its way.
    fn announces(&self, entry: &Entry) -> bool {
        u32::from(self.token.0) == entry.item() && self.outside.iter().any(|coming| coming.stamp == entry.stamp)
    }
}
