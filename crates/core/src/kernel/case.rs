//! The state of one case: its tokens, timers and data. It changes only by applying events.

use std::sync::Arc;

use super::event::{Event, Reason};
use crate::index::{CrackIx, FieldIx, FlowIx, RoleIx, ScopeIx, StepIx, TimerIx, TokenIx};
use crate::time::Timestamp;
use crate::value::Value;

/// One running instance of a process.
///
/// What decides the future (status, the step and phase of each token, timers, tries, data) is control; times and
/// visits are bookkeeping, so that a loop returns to a state it was in before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Case {
    status: Status,
    tokens: Vec<Token>,
    timers: Vec<Timer>,
    tries: Vec<Tries>,
    incidents: Vec<(TokenIx, Reason)>,
    scopes: Vec<Scope>,
    instances: Vec<(TokenIx, Instances)>,
    fired: Vec<Fired>,
    data: Vec<Value>,
    live: u16,
    visits: Vec<u32>,
    started: Timestamp,
    reached: Timestamp,
}

/// Where a case is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Status {
    /// It has not begun.
    #[default]
    New,
    /// It has tokens.
    Running,
    /// Its last token is gone.
    Completed,
    /// It was cancelled.
    Cancelled,
}

impl Status {
    /// The status in a word.
    pub fn word(self) -> &'static str {
        match self {
            Status::New => "not started",
            Status::Running => "running",
            Status::Completed => "completed",
            Status::Cancelled => "cancelled",
        }
    }
}

/// A token: where the case is. At a step with work, the token is the work item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The step it is at.
    pub step: StepIx,
    /// The flow it came by.
    pub via: FlowIx,
    /// The role its work is offered to.
    pub role: RoleIx,
    /// What it does there.
    pub phase: Phase,
    /// The scope it belongs to.
    pub scope: ScopeIx,
    /// The race it takes part in, 0 for none.
    pub race: u16,
    /// The latest crack that struck it here and found no response (bookkeeping).
    pub unanswered: CrackIx,
    /// The how-manieth visit of the case to this step it is, from 1 (bookkeeping).
    pub visit: u32,
    /// How often the work was offered again, or to others, during this visit (bookkeeping).
    pub attempt: u16,
    /// Since when it has been in this phase (bookkeeping).
    pub since: Timestamp,
}

impl Token {
    /// A token that is nowhere yet.
    fn new(at: Timestamp) -> Token {
        Token {
            step: StepIx::NONE,
            via: FlowIx::NONE,
            role: RoleIx::NONE,
            phase: Phase::Free,
            scope: ScopeIx(0),
            race: 0,
            unanswered: CrackIx::NONE,
            visit: 0,
            attempt: 0,
            since: at,
        }
    }
}

/// What a token does at its step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Nothing: the place is free.
    Free,
    /// It is on its way out.
    Leaving,
    /// It waits at a join for the others.
    Parked,
    /// Its work is offered to a role.
    Offered,
    /// Somebody is at work.
    Started,
    /// A system is at work.
    Requested,
    /// It waits for time to pass.
    Pausing,
    /// It waits for an outside party.
    Waiting,
    /// It waits for a message.
    Receiving,
    /// It waits for the case it called.
    Calling,
    /// It waits for what goes on inside its step.
    Inside,
    /// A lock or a milestone keeps it from beginning.
    Gated,
    /// It waits until its work is tried again.
    Delayed,
    /// It can go no further by itself.
    Incident,
}

impl Phase {
    /// The phase in words, to complete the sentence "the step is …".
    pub fn words(self) -> &'static str {
        match self {
            Phase::Free => "gone",
            Phase::Leaving => "being left",
            Phase::Parked => "waiting at a join",
            Phase::Offered => "offered, but nobody has begun",
            Phase::Started => "begun",
            Phase::Requested => "requested from the system",
            Phase::Pausing => "waiting for time to pass",
            Phase::Waiting => "waiting for an outside party",
            Phase::Receiving => "waiting for a message",
            Phase::Calling => "waiting for the case it called",
            Phase::Inside => "waiting for what goes on inside",
            Phase::Gated => "kept from beginning by a lock or a milestone",
            Phase::Delayed => "waiting to be tried again",
            Phase::Incident => "an incident",
        }
    }
}

/// A timer of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timer {
    /// The token it belongs to.
    pub token: TokenIx,
    /// What it is for.
    pub kind: TimerKind,
    /// When it is due.
    pub due: Timestamp,
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimerKind {
    /// The end of a pause.
    Pause,
    /// A deadline, or nobody having taken the work.
    Crack(CrackIx),
    /// The next try.
    Retry,
}

/// What goes on inside a step, or, for number 0, in the whole case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The token at the step that contains it; none for the case itself and for what nobody waits for.
    pub owner: TokenIx,
    /// The scope of that token.
    pub parent: ScopeIx,
    /// How many tokens it has, and scopes that nobody waits for; not what is inside those. Not counted for the case
    /// itself.
    pub live: u16,
    open: bool,
}

/// The instances of a `for-each` step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Instances {
    /// How many there are to be.
    pub total: u32,
    /// How many have begun.
    pub begun: u32,
    /// How many have ended.
    pub ended: u32,
    /// After how many the case goes on; `u32::MAX` when a condition or the end of all decides.
    pub enough: u32,
}

/// A join that went on before all had come.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fired {
    step: StepIx,
    scope: ScopeIx,
    seen: Arc<[u16]>,
}

/// How often the work of a token was retried for a crack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tries {
    token: TokenIx,
    crack: CrackIx,
    count: u32,
}

impl Case {
    /// Where the case is in its life.
    #[inline]
    pub fn status(&self) -> Status {
        self.status
    }

    /// The token of that number, unless it is gone.
    #[inline]
    pub fn token(&self, token: TokenIx) -> Option<&Token> {
        self.tokens.get(token.at()).filter(|token| token.phase != Phase::Free)
    }

    /// The tokens there are, by number.
    pub fn tokens(&self) -> impl Iterator<Item = (TokenIx, &Token)> {
        let numbered = self.tokens.iter().enumerate();
        numbered.filter(|(_, token)| token.phase != Phase::Free).map(|(index, token)| (TokenIx(index as u16), token))
    }

    /// How many tokens there are.
    #[inline]
    pub fn live(&self) -> usize {
        self.live as usize
    }

    /// The timer of that number, unless it is gone.
    #[inline]
    pub fn timer(&self, timer: TimerIx) -> Option<&Timer> {
        self.timers.get(timer.at()).filter(|timer| timer.token != TokenIx::NONE)
    }

    /// The timers there are, by number.
    pub fn timers(&self) -> impl Iterator<Item = (TimerIx, &Timer)> {
        let numbered = self.timers.iter().enumerate();
        numbered.filter(|(_, timer)| timer.token != TokenIx::NONE).map(|(index, timer)| (TimerIx(index as u16), timer))
    }

    /// The value of each field.
    #[inline]
    pub fn data(&self) -> &[Value] {
        &self.data
    }

    /// How often the case has come to a step.
    #[inline]
    pub fn visits(&self, step: StepIx) -> u32 {
        self.visits.get(step.at()).copied().unwrap_or(0)
    }

    /// When the case began.
    #[inline]
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// The time of the latest event.
    #[inline]
    pub fn reached(&self) -> Timestamp {
        self.reached
    }

    /// The scope of that number, if it is open.
    pub fn scope(&self, scope: ScopeIx) -> Option<&Scope> {
        self.scopes.get(scope.at()).filter(|scope| scope.open)
    }

    /// Whether any step was ever gone into.
    #[inline]
    pub(super) fn has_scopes(&self) -> bool {
        self.scopes.len() > 1
    }

    /// The first open scope inside the step at which a token is.
    pub fn scope_inside(&self, owner: TokenIx) -> Option<ScopeIx> {
        let own = self.scopes.iter().position(|scope| scope.open && scope.owner == owner);
        own.map(|index| ScopeIx(index as u16))
    }

    /// The instances of the `for-each` step at which a token is.
    pub fn instances(&self, token: TokenIx) -> Option<Instances> {
        self.instances.iter().find(|(owner, _)| *owner == token).map(|(_, counts)| *counts)
    }

    /// The inputs that have come to a join that went on before all had.
    pub(super) fn fired(&self, step: StepIx, scope: ScopeIx) -> Option<&Arc<[u16]>> {
        self.fired.iter().find(|fired| fired.step == step && fired.scope == scope).map(|fired| &fired.seen)
    }

    /// The joins of a scope that went on before all had come.
    pub(super) fn fired_in(&self, scope: ScopeIx) -> impl Iterator<Item = StepIx> {
        self.fired.iter().filter(move |fired| fired.scope == scope).map(|fired| fired.step)
    }

    /// The lowest number that no scope has.
    pub(super) fn free_scope(&self) -> ScopeIx {
        let free = self.scopes.iter().position(|scope| !scope.open);
        ScopeIx(free.unwrap_or(self.scopes.len()) as u16)
    }

    /// A scope inside another that nobody waits for any more.
    pub(super) fn scope_left_in(&self, parent: ScopeIx) -> Option<ScopeIx> {
        let left = |scope: &Scope| scope.open && scope.owner == TokenIx::NONE && scope.parent == parent;
        self.scopes.iter().position(left).map(|index| ScopeIx(index as u16))
    }

    /// The lowest number that no race has.
    pub(super) fn free_race(&self) -> u16 {
        let taken = |race: &u16| self.tokens().any(|(_, token)| token.race == *race);
        (1..u16::MAX).find(|race| !taken(race)).unwrap_or(u16::MAX)
    }

    /// Makes room for a new case, and keeps the memory of the old one.
    pub fn renew(&mut self) {
        self.status = Status::New;
    }

    /// How often the work of a token was retried for a crack.
    pub(super) fn tries(&self, token: TokenIx, crack: CrackIx) -> u32 {
        self.tries.iter().find(|tries| tries.token == token && tries.crack == crack).map_or(0, |tries| tries.count)
    }

    /// Why a token can go no further by itself, if it cannot.
    pub fn incident(&self, token: TokenIx) -> Option<&Reason> {
        self.incidents.iter().find(|(stuck, _)| *stuck == token).map(|(_, reason)| reason)
    }

    /// The lowest number that no token has.
    #[inline]
    pub(super) fn free_token(&self) -> TokenIx {
        let free = self.tokens.iter().position(|token| token.phase == Phase::Free);
        TokenIx(free.unwrap_or(self.tokens.len()) as u16)
    }

    /// The lowest number that no timer has.
    pub(super) fn free_timer(&self) -> TimerIx {
        let free = self.timers.iter().position(|timer| timer.token == TokenIx::NONE);
        TimerIx(free.unwrap_or(self.timers.len()) as u16)
    }

    /// Whether any timer was ever set.
    #[inline]
    pub(super) fn has_timers(&self) -> bool {
        !self.timers.is_empty()
    }

    /// Changes the case by one event: the only way it ever changes. Decides nothing.
    #[inline(always)]
    pub fn apply(&mut self, at: Timestamp, event: &Event) {
        self.reached = at;
        match event {
            Event::TokenPlaced { token, step, via, phase, role, scope } => {
                self.place(
                    *token,
                    Token { step: *step, via: *via, phase: *phase, role: *role, scope: *scope, ..Token::new(at) },
                );
            }
            Event::WorkStarted { token } => self.enter(at, *token, Phase::Started),
            Event::WorkCompleted { token, .. } => self.enter(at, *token, Phase::Leaving),
            Event::TokenConsumed { token } | Event::TokenWithdrawn { token } => self.remove(*token),
            other => self.apply_rare(at, other),
        }
    }

    /// What happens seldom enough to stay out of the caller's loop.
    #[cold]
    #[inline]
    fn apply_rare(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::CaseStarted { steps, initial } => self.start(at, *steps, initial),
            Event::DataSet { field, value } => self.set(*field, value),
            Event::TokenSplit { token, new } => self.split(at, *token, *new),
            Event::WorkSkipped { token, .. } | Event::WorkFailed { token } => self.enter(at, *token, Phase::Leaving),
            Event::WorkReallocated { token, role } => {
                self.with_token(*token, |item| {
                    item.role = *role;
                    item.attempt = item.attempt.saturating_add(1);
                });
                self.enter(at, *token, Phase::Offered);
            }
            Event::WorkDelayed { token, crack } => {
                self.count_try(*token, *crack);
                self.enter(at, *token, Phase::Delayed);
            }
            Event::WorkRepeated { token, phase } => {
                self.with_token(*token, |item| item.attempt = item.attempt.saturating_add(1));
                self.enter(at, *token, *phase);
            }
            Event::TimerArmed { timer, token, kind, due } => {
                self.arm(*timer, Timer { token: *token, kind: *kind, due: *due })
            }
            Event::TimerFired { timer } | Event::TimerWithdrawn { timer } => {
                if let Some(slot) = self.timers.get_mut(timer.at()) {
                    slot.token = TokenIx::NONE;
                }
            }
            Event::TokenRaces { token, race } => self.with_token(*token, |item| item.race = *race),
            Event::StepGated { token, phase } => self.enter(at, *token, *phase),
            Event::ScopeOpened { scope, owner, parent } => self.open(*scope, *owner, *parent),
            Event::ScopeClosed { scope } => self.close(*scope),
            Event::ScopeDetached { scope } => self.detach(*scope),
            Event::InstancesCounted { token, counts } => {
                self.instances.retain(|(owner, _)| owner != token);
                self.instances.push((*token, *counts));
            }
            Event::JoinFired { step, scope, seen } => {
                self.reset(*step, *scope);
                self.fired.push(Fired { step: *step, scope: *scope, seen: seen.clone() });
            }
            Event::JoinReset { step, scope } => self.reset(*step, *scope),
            Event::MessageSent { .. } => {}
            Event::CrackStruck { token, crack, answered } => {
                self.with_token(*token, |item| item.unanswered = if *answered { CrackIx::NONE } else { *crack });
            }
            Event::IncidentRaised { token, reason } => {
                self.incidents.push((*token, reason.clone()));
                self.enter(at, *token, Phase::Incident);
            }
            Event::CaseCompleted => self.status = Status::Completed,
            Event::CaseCancelled => self.status = Status::Cancelled,
            Event::TokenPlaced { .. }
            | Event::TokenConsumed { .. }
            | Event::TokenWithdrawn { .. }
            | Event::WorkStarted { .. }
            | Event::WorkCompleted { .. } => {}
        }
    }

    /// Memory of an earlier case is used again.
    fn start(&mut self, at: Timestamp, steps: u16, initial: &[Value]) {
        self.tokens.clear();
        self.timers.clear();
        self.tries.clear();
        self.incidents.clear();
        self.instances.clear();
        self.fired.clear();
        self.scopes.clear();
        self.open(ScopeIx(0), TokenIx::NONE, ScopeIx::NONE);
        self.visits.clear();
        self.visits.resize(steps as usize, 0);
        self.data.clear();
        self.data.extend_from_slice(initial);
        (self.live, self.status, self.started) = (0, Status::Running, at);
    }

    #[inline]
    fn place(&mut self, token: TokenIx, mut placed: Token) {
        if let Some(visits) = self.visits.get_mut(placed.step.at()) {
            *visits += 1;
            placed.visit = *visits;
        }
        let scope = placed.scope;
        let new = match self.tokens.get_mut(token.at()) {
            Some(slot) => {
                let new = slot.phase == Phase::Free;
                placed.race = if new { 0 } else { slot.race };
                *slot = placed;
                new
            }
            None => {
                self.tokens.push(placed);
                true
            }
        };
        if new {
            self.live += 1;
            self.count_in(scope, 1);
        }
        self.forget(token);
    }

    #[inline]
    fn enter(&mut self, at: Timestamp, token: TokenIx, phase: Phase) {
        if let Some(slot) = self.tokens.get_mut(token.at()) {
            (slot.phase, slot.since) = (phase, at);
        }
    }

    #[inline]
    fn remove(&mut self, token: TokenIx) {
        if let Some(slot) = self.tokens.get_mut(token.at()) {
            if slot.phase == Phase::Free {
                return;
            }
            let scope = slot.scope;
            slot.phase = Phase::Free;
            self.live -= 1;
            self.count_in(scope, -1);
        }
        self.forget(token);
    }

    /// What is known about a token at its step means nothing once it has left.
    #[inline]
    fn forget(&mut self, token: TokenIx) {
        if !(self.tries.is_empty() && self.incidents.is_empty() && self.instances.is_empty()) {
            self.forget_troubles(token);
        }
    }

    #[cold]
    fn forget_troubles(&mut self, token: TokenIx) {
        self.instances.retain(|(owner, _)| *owner != token);
        self.tries.retain(|tries| tries.token != token);
        self.incidents.retain(|(stuck, _)| *stuck != token);
    }

    fn split(&mut self, at: Timestamp, token: TokenIx, new: TokenIx) {
        let Some(first) = self.tokens.get(token.at()).copied() else { return };
        let second = Token { phase: Phase::Leaving, since: at, attempt: 0, race: 0, ..first };
        match self.tokens.get_mut(new.at()) {
            Some(slot) => *slot = second,
            None => self.tokens.push(second),
        }
        self.live += 1;
        self.count_in(first.scope, 1);
    }

    fn open(&mut self, number: ScopeIx, owner: TokenIx, parent: ScopeIx) {
        let opened = Scope { owner, parent, live: 0, open: true };
        match self.scopes.get_mut(number.at()) {
            Some(slot) => *slot = opened,
            None => self.scopes.push(opened),
        }
    }

    /// A scope that nobody waits for counts like a token of the one around it.
    fn detach(&mut self, scope: ScopeIx) {
        if let Some(parent) = self.scope(scope).filter(|scope| scope.owner != TokenIx::NONE).map(|scope| scope.parent) {
            self.with_scope(scope, |scope| scope.owner = TokenIx::NONE);
            self.count_in(parent, 1);
        }
    }

    fn close(&mut self, scope: ScopeIx) {
        if let Some(parent) = self.scope(scope).filter(|scope| scope.owner == TokenIx::NONE).map(|scope| scope.parent) {
            self.count_in(parent, -1);
        }
        self.with_scope(scope, |scope| scope.open = false);
        self.fired.retain(|fired| fired.scope != scope);
    }

    fn reset(&mut self, step: StepIx, scope: ScopeIx) {
        self.fired.retain(|fired| !(fired.step == step && fired.scope == scope));
    }

    /// Counts tokens inside steps; those of the case itself are counted in `live`.
    #[inline]
    fn count_in(&mut self, scope: ScopeIx, more: i16) {
        if scope != ScopeIx(0) {
            self.with_scope(scope, |scope| scope.live = scope.live.wrapping_add_signed(more));
        }
    }

    #[inline]
    fn with_scope(&mut self, scope: ScopeIx, change: impl FnOnce(&mut Scope)) {
        if let Some(slot) = self.scopes.get_mut(scope.at()) {
            change(slot);
        }
    }

    fn set(&mut self, field: FieldIx, value: &Value) {
        if let Some(slot) = self.data.get_mut(field.at()) {
            *slot = value.clone();
        }
    }

    fn arm(&mut self, timer: TimerIx, armed: Timer) {
        match self.timers.get_mut(timer.at()) {
            Some(slot) => *slot = armed,
            None => self.timers.push(armed),
        }
    }

    fn count_try(&mut self, token: TokenIx, crack: CrackIx) {
        match self.tries.iter_mut().find(|tries| tries.token == token && tries.crack == crack) {
            Some(tries) => tries.count += 1,
            None => self.tries.push(Tries { token, crack, count: 1 }),
        }
    }

    fn with_token(&mut self, token: TokenIx, change: impl FnOnce(&mut Token)) {
        if let Some(slot) = self.tokens.get_mut(token.at()) {
            change(slot);
        }
    }
}
