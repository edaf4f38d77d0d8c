//! What the simulator knows about a running case and its tokens, beyond what the kernel knows.

use grieta_core::world::CaseId;
use grieta_core::{CrackIx, RoleIx, StepIx, Timestamp, TokenIx};

use super::customer::Customer;
use super::world::Side;
use crate::causes::Cause;
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
    /// The steps that the case has begun, a bit each.
    pub begun: Vec<u64>,
    /// Tokens at which nobody acted until a crack was answered without taking the work away.
    pub woken: Vec<TokenIx>,
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
    /// When the work was offered.
    pub offered: Timestamp,
    /// Since when it waits as it does now.
    pub since: Timestamp,
    /// In a queue: how long nobody of the role had been there by then, in microseconds.
    pub unattended: i64,
    /// How much work it is, in microseconds.
    pub work: i64,
    /// When it will be done, as long as nobody falls away.
    pub due: Timestamp,
    /// How much work was left when the person fell away, in microseconds.
    pub left: i64,
}

/// What has gone wrong with a token at its step, or will. Most have none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trouble {
    pub token: TokenIx,
    /// The crack that struck it last, and when.
    pub struck: Option<(CrackIx, Timestamp)>,
    /// A crack from outside that is on its way, and the stamp of its entry.
    pub outside: Option<(u32, CrackIx)>,
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
    /// With a system or an outside party.
    Away,
    /// Nobody will act.
    Silent,
    /// In nobody's hands, for that reason.
    Waits(Cause),
}

impl Item {
    pub const IDLE: Item = Item {
        stamp: 0,
        state: State::Idle,
        role: RoleIx::NONE,
        step: StepIx::NONE,
        visit: 0,
        attempt: 0,
        offered: Timestamp::EPOCH,
        since: Timestamp::EPOCH,
        unattended: 0,
        work: 0,
        due: Timestamp::EPOCH,
        left: 0,
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
            begun: Vec::new(),
            woken: Vec::new(),
            stretches: Vec::new(),
            side: Side::Counted,
            endless: false,
            is_told: false,
        }
    }

    /// Forgets the case that is over, and takes in a new one. The memory is used again.
    pub fn renew(&mut self, customer: Customer<'a>, stretches: usize, is_told: bool) {
        (self.customer, self.pending, self.endless, self.is_told) = (customer, 0, false, is_told);
        self.asleep = false;
        self.items.clear();
        self.troubles.clear();
        self.timers.clear();
        self.begun.fill(0);
        self.woken.clear();
        self.stretches.clear();
        self.stretches.resize(stretches, None);
    }

    /// Whether a step is begun for the first time; notes that it is.
    #[inline]
    pub fn begins_first(&mut self, step: StepIx) -> bool {
        let (word, bit) = (step.at() / 64, 1 << (step.at() % 64));
        if self.begun.len() <= word {
            self.begun.resize(word + 1, 0);
        }
        let first = self.begun[word] & bit == 0;
        self.begun[word] |= bit;
        first
    }

    /// Whether the case has begun the step.
    pub fn has_begun(&self, step: usize) -> bool {
        self.begun.get(step / 64).is_some_and(|word| word & (1 << (step % 64)) != 0)
    }

    /// Makes room for a token.
    #[inline]
    pub fn reserve(&mut self, token: TokenIx) {
        if self.items.len() <= token.at() {
            self.items.resize(token.at() + 1, Item::IDLE);
        }
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
            self.troubles.push(Trouble { token, struck: None, outside: None });
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
        u32::from(self.token.0) == entry.item() && self.outside.is_some_and(|(stamp, _)| stamp == entry.stamp)
    }
}
