//! What decides the future of a case, as one number: two cases with the same future have the same.

use std::ops::{Add, AddAssign, Sub};

use smallvec::SmallVec;

use super::{Case, Phase, Status, Token};
use crate::index::{ClockIx, FieldIx, FlowIx, PersonIx, ScopeIx, TokenIx};
use crate::kernel::event::Event;
use crate::plan::{Plan, Strikes};

/// What decides the future of a case, condensed to 128 bits: where its tokens are and what they do there, timers, tries,
/// scopes, joins that remember, who has done what a rule of four eyes keeps from them elsewhere; not its data, its times, who
/// does other work, nor the numbers of its tokens.
///
/// Two cases that differ have the same fingerprint with a probability of about 2⁻¹²⁸; among a million cases that happens
/// by chance less than once in 10²⁶ explorations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fingerprint(pub u128);

/// What a reader remembers of a case besides, and wants to tell apart.
pub trait History {
    /// Something about a token.
    fn of_token(&self, token: TokenIx) -> u64;
    /// Something about a scope.
    fn of_scope(&self, scope: ScopeIx) -> u64;
    /// The field of which it matters whether the data that the case remembers have a value.
    fn watched(&self) -> Option<FieldIx> {
        None
    }
}

/// Nothing is remembered.
impl History for () {
    fn of_token(&self, _: TokenIx) -> u64 {
        0
    }

    fn of_scope(&self, _: ScopeIx) -> u64 {
        0
    }
}

impl Fingerprint {
    /// Spreads a number over all bits.
    #[inline]
    fn of(code: u64) -> Fingerprint {
        let low = finish(code ^ 0x9e37_79b9_7f4a_7c15);
        let high = finish(code.rotate_left(32) ^ 0xd1b5_4a32_d192_ed03);
        Fingerprint(u128::from(high) << 64 | u128::from(low))
    }

    /// Mixes what was added up, so that it can be added to something else.
    fn mixed(self, role: u64) -> Fingerprint {
        let (low, high) = (self.0 as u64, (self.0 >> 64) as u64);
        Fingerprint::of(finish(low ^ role).wrapping_add(high.rotate_left(23)))
            + Fingerprint::of(finish(high ^ role).wrapping_mul(3) ^ low.rotate_left(41))
    }
}

/// What belongs together in any order is added up.
impl Add for Fingerprint {
    type Output = Fingerprint;
    #[inline]
    fn add(self, other: Fingerprint) -> Fingerprint {
        Fingerprint(self.0.wrapping_add(other.0))
    }
}

impl AddAssign for Fingerprint {
    #[inline]
    fn add_assign(&mut self, other: Fingerprint) {
        *self = *self + other;
    }
}

impl Sub for Fingerprint {
    type Output = Fingerprint;
    #[inline]
    fn sub(self, other: Fingerprint) -> Fingerprint {
        Fingerprint(self.0.wrapping_sub(other.0))
    }
}

/// The tokens that a few events were about, so that the fingerprint of a case is found from that of the one it came from by
/// looking at them alone.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    tokens: SmallVec<[TokenIx; 8]>,
    /// More may have changed than tokens.
    more: bool,
}

impl Touched {
    /// Nothing has happened.
    pub fn clear(&mut self) {
        self.tokens.clear();
        self.more = false;
    }

    /// An event has happened.
    #[inline]
    pub fn note(&mut self, event: &Event) {
        match event {
            Event::TokenPlaced { token, .. }
            | Event::TokenConsumed { token }
            | Event::TokenWithdrawn { token }
            | Event::WorkStarted { token, .. }
            | Event::WorkCompleted { token, .. }
            | Event::StepGated { token, .. }
            | Event::TimerArmed { token, .. }
            | Event::TokenSplit { new: token, .. } => self.tokens.push(*token),
            Event::DataSet { .. } | Event::Decided { .. } | Event::CaseCompleted | Event::CaseCancelled => {}
            _ => self.more = true,
        }
    }
}

/// What is remembered of a scope.
fn remembered(history: &impl History, scope: ScopeIx) -> Fingerprint {
    match history.of_scope(scope) {
        0 => Fingerprint::default(),
        remembered => sequence(role::HISTORY, [remembered]),
    }
}

/// The finaliser of splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
#[inline]
fn finish(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// What a number stands for, so that equal numbers of different kinds differ.
mod role {
    pub const TIMER: u64 = 1;
    pub const TRIES: u64 = 2;
    pub const INSTANCES: u64 = 3;
    pub const INSIDE: u64 = 4;
    pub const LEFT: u64 = 5;
    pub const FIRED: u64 = 6;
    pub const CLOCK: u64 = 7;
    pub const DONE: u64 = 8;
    pub const UNDOING: u64 = 9;
    pub const HISTORY: u64 = 10;
    pub const STATUS: u64 = 11;
    pub const TOKEN: u64 = 12;
    pub const SCOPE: u64 = 13;
    pub const PERSON: u64 = 14;
    pub const PERFORMED: u64 = 15;
    pub const OFFERED: u64 = 16;
    pub const ENTRY: u64 = 17;
}

/// A few numbers in order.
fn sequence(role: u64, numbers: impl IntoIterator<Item = u64>) -> Fingerprint {
    let hash = numbers.into_iter().fold(role, |hash, number| finish(hash.wrapping_mul(31).wrapping_add(number)));
    Fingerprint::of(hash)
}

impl Case {
    /// What decides the future of the case, and what `history` remembers of it.
    pub fn fingerprint(&self, plan: &Plan, history: &impl History) -> Fingerprint {
        self.status_print() + self.scope_print(plan, history, ScopeIx(0)) + self.hands_print(plan, history)
    }

    /// The fingerprint of a case that came by events that touched these tokens from one that has the fingerprint `from`.
    #[inline]
    pub fn fingerprint_after<H: History>(
        &self,
        plan: &Plan,
        history: &H,
        touched: &mut Touched,
        (before, history_before, from): (&Case, &H, Fingerprint),
    ) -> Fingerprint {
        if touched.more || plan.staff.is_some() || !before.is_flat() || !self.is_flat() {
            return self.fingerprint(plan, history);
        }
        touched.tokens.sort_unstable();
        touched.tokens.dedup();
        let mut print = from;
        for token in touched.tokens.iter().copied() {
            print += self.print_of(plan, history, token) - before.print_of(plan, history_before, token);
        }
        if (self.status, history.of_scope(ScopeIx(0))) != (before.status, history_before.of_scope(ScopeIx(0))) {
            print += self.status_print() + remembered(history, ScopeIx(0));
            print = print - before.status_print() - remembered(history_before, ScopeIx(0));
        }
        print
    }

    /// What a token adds to the fingerprint; nothing where there is none.
    #[inline]
    fn print_of(&self, plan: &Plan, history: &impl History, token: TokenIx) -> Fingerprint {
        self.token(token).map_or_else(Fingerprint::default, |item| self.token_print(plan, history, token, item))
    }

    #[inline]
    fn status_print(&self) -> Fingerprint {
        Fingerprint::of(role::STATUS << 48 | self.status as u64)
    }

    /// Whether nothing but its tokens, and what belongs to each, decides its future.
    fn is_flat(&self) -> bool {
        self.scopes.len() <= 1
            && self.seldom.fired.is_empty()
            && self.clocks.is_empty()
            && self.seldom.memory.is_empty()
    }

    /// Whether nothing but where its tokens are and what they do decides its future.
    pub fn is_only_tokens(&self) -> bool {
        let seldom = &self.seldom;
        let no_troubles = seldom.incidents.is_empty() && seldom.tries.is_empty() && seldom.failures.is_empty();
        let plain = |token: &Token| token.race == 0 && !token.away && token.person == PersonIx::NONE;
        self.status == Status::Running
            && self.is_flat()
            && no_troubles
            && self.timers().next().is_none()
            && seldom.instances.is_empty()
            && self.performers.is_empty()
            && self.tokens().all(|(_, token)| plain(token))
    }

    /// What is in whose hands, where that matters. People who are alike may stand for each other, but where tokens lie in
    /// several scopes: there it matters whose is in which.
    fn hands_print(&self, plan: &Plan, history: &impl History) -> Fingerprint {
        let Some(staff) = &plan.staff else { return Fingerprint::default() };
        let mut sum = Fingerprint::default();
        for person in staff.involved(self) {
            let who = if self.scopes.len() > 1 { u64::from(person.0) } else { u64::from(staff.kind(person)) };
            let mut hands = sequence(role::PERSON, [who]);
            for step in staff.done_by(self, person) {
                hands += sequence(role::PERFORMED, [u64::from(step.0)]);
            }
            for (token, item) in self.tokens().filter(|(_, item)| item.person == person && item.phase.is_with_person())
            {
                hands += self.token_print(plan, history, token, item);
            }
            sum += hands.mixed(role::PERSON);
        }
        sum
    }

    /// All that goes on in a scope.
    fn scope_print(&self, plan: &Plan, history: &impl History, scope: ScopeIx) -> Fingerprint {
        let mut sum = remembered(history, scope);
        for (token, item) in self.tokens().filter(|(_, item)| item.scope == scope) {
            sum += self.token_print(plan, history, token, item);
        }
        for fired in self.seldom.fired.iter().filter(|fired| fired.scope == scope) {
            let mut seen = fired.seen.to_vec();
            seen.sort_unstable();
            sum += sequence(role::FIRED, [u64::from(fired.step.0)].into_iter().chain(seen.into_iter().map(u64::from)));
        }
        for clock in self.clocks.iter().filter(|clock| clock.scope == scope && clock.is_open()) {
            if plan.strikes_by(clock.clock) {
                sum += sequence(role::CLOCK, [u64::from(clock.clock.0), clock.state as u64]);
            }
        }
        for left in (1..self.scopes.len()).map(|index| ScopeIx(index as u16)) {
            if self.scope(left).is_some_and(|found| found.owner == TokenIx::NONE && found.parent == scope) {
                sum += self.scope_print(plan, history, left).mixed(role::LEFT);
            }
        }
        sum + self.seldom.memory.print_of_scope(scope, history.watched())
    }

    #[inline]
    fn token_print(&self, plan: &Plan, history: &impl History, token: TokenIx, item: &Token) -> Fingerprint {
        let input = if item.phase == Phase::Parked { plan.input(item.via) } else { 0 };
        let code = u64::from(item.step.0) | (item.phase as u64) << 16 | u64::from(input) << 24;
        let code = code | u64::from(item.race != 0) << 40 | u64::from(item.away) << 41 | role::TOKEN << 48;
        let own = Fingerprint::of(code);
        let more = self.token_more(plan, history, token, item);
        if more == Fingerprint::default() { own } else { (own + more).mixed(role::TOKEN) }
    }

    /// What a token has besides its place: in most cases nothing.
    fn token_more(&self, plan: &Plan, history: &impl History, token: TokenIx, item: &Token) -> Fingerprint {
        let mut sum = Fingerprint::default();
        let remembered = history.of_token(token);
        if remembered != 0 {
            sum += sequence(role::HISTORY, [remembered]);
        }
        if plan.staff.is_some() && !plan.other_eyes(item.step).is_empty() {
            sum += sequence(role::OFFERED, [u64::from(item.role.0)]);
        }
        for (_, timer) in self.timers().filter(|(_, timer)| timer.token == token) {
            sum += sequence(role::TIMER, timer.kind.numbers());
        }
        for tries in self.seldom.tries.iter().filter(|tries| tries.token == token) {
            sum += sequence(role::TRIES, [u64::from(tries.crack.0), u64::from(tries.count)]);
        }
        if item.phase == Phase::Inside || item.phase == Phase::Compensating {
            if let Some(counts) = self.instances(token) {
                let counts = [counts.total, counts.begun, counts.ended, counts.enough];
                sum += sequence(role::INSTANCES, counts.map(u64::from));
            }
            for inside in (1..self.scopes.len()).map(|index| ScopeIx(index as u16)) {
                if self.scope(inside).is_some_and(|found| found.owner == token) {
                    sum += self.scope_print(plan, history, inside).mixed(role::INSIDE);
                }
            }
            sum += self.seldom.memory.print_of_token(token, history.watched());
        }
        sum
    }
}

/// Completed steps that can be undone, in their order.
pub(super) fn of_done(steps: impl IntoIterator<Item = u64>) -> Fingerprint {
    let mut steps = steps.into_iter().peekable();
    if steps.peek().is_none() { Fingerprint::default() } else { sequence(role::DONE, steps) }
}

/// A token that waits until steps have been undone: for which crack, what it did before, and the steps in their order.
pub(super) fn of_undoing(numbers: impl IntoIterator<Item = u64>) -> Fingerprint {
    sequence(role::UNDOING, numbers)
}

/// A scope in which something is undone, whether by data that lack what matters.
pub(super) fn of_view(lacks: bool) -> Fingerprint {
    Fingerprint::of(role::SCOPE << 48 | u64::from(lacks))
}

/// A step that contains others and was entered with data that lack what matters.
pub(super) fn of_entry_without() -> Fingerprint {
    Fingerprint::of(role::ENTRY << 48)
}

impl Plan {
    /// Whether a crack strikes by a clock.
    fn strikes_by(&self, clock: ClockIx) -> bool {
        self.cracks.iter().any(|crack| matches!(crack.strikes, Some(Strikes::At(by, _)) if by == clock))
    }

    /// The input of a join that a flow feeds.
    fn input(&self, flow: FlowIx) -> u16 {
        self.flows.get(flow.at()).map_or(0, |flow| flow.input)
    }
}
