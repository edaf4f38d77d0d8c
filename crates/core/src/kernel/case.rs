//! The state of one case: its tokens, timers and data. It changes only by applying events.

use super::event::{Event, Reason};
use crate::index::{CrackIx, FieldIx, FlowIx, RoleIx, StepIx, TimerIx, TokenIx};
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
    /// The latest crack that struck it here and found no response (bookkeeping).
    pub unanswered: CrackIx,
    /// The how-manieth visit of the case to this step it is, from 1 (bookkeeping).
    pub visit: u32,
    /// How often the work was offered again during this visit (bookkeeping).
    pub attempt: u16,
    /// Since when it has been in this phase (bookkeeping).
    pub since: Timestamp,
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
            Event::TokenPlaced { token, step, via, phase, role } => self.place(at, *token, *step, *via, *phase, *role),
            Event::WorkStarted { token } => self.enter(at, *token, Phase::Started),
            Event::WorkCompleted { token, .. } => self.enter(at, *token, Phase::Leaving),
            Event::TokenConsumed { token } | Event::TokenWithdrawn { token } => self.remove(*token),
            other => self.apply_rare(at, other),
        }
    }

    /// What happens seldom enough to stay out of the caller's loop.
    #[inline(never)]
    fn apply_rare(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::CaseStarted { steps, initial } => self.start(at, *steps, initial),
            Event::DataSet { field, value } => self.set(*field, value),
            Event::TokenSplit { token, new } => self.split(at, *token, *new),
            Event::WorkSkipped { token, .. } | Event::WorkFailed { token } => self.enter(at, *token, Phase::Leaving),
            Event::WorkReallocated { token, role } => {
                self.with_token(*token, |item| item.role = *role);
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
        self.visits.clear();
        self.visits.resize(steps as usize, 0);
        self.data.clear();
        self.data.extend_from_slice(initial);
        (self.live, self.status, self.started) = (0, Status::Running, at);
    }

    #[inline]
    fn place(&mut self, at: Timestamp, token: TokenIx, step: StepIx, via: FlowIx, phase: Phase, role: RoleIx) {
        let visit = match self.visits.get_mut(step.at()) {
            Some(visits) => {
                *visits += 1;
                *visits
            }
            None => 0,
        };
        let placed = Token { step, via, role, phase, unanswered: CrackIx::NONE, visit, attempt: 0, since: at };
        match self.tokens.get_mut(token.at()) {
            Some(slot) => {
                self.live += u16::from(slot.phase == Phase::Free);
                *slot = placed;
            }
            None => {
                self.live += 1;
                self.tokens.push(placed);
            }
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
            self.live -= u16::from(slot.phase != Phase::Free);
            slot.phase = Phase::Free;
        }
        self.forget(token);
    }

    /// What is known about a token at its step means nothing once it has left.
    #[inline]
    fn forget(&mut self, token: TokenIx) {
        if !(self.tries.is_empty() && self.incidents.is_empty()) {
            self.forget_troubles(token);
        }
    }

    #[cold]
    fn forget_troubles(&mut self, token: TokenIx) {
        self.tries.retain(|tries| tries.token != token);
        self.incidents.retain(|(stuck, _)| *stuck != token);
    }

    fn split(&mut self, at: Timestamp, token: TokenIx, new: TokenIx) {
        let Some(first) = self.tokens.get(token.at()).copied() else { return };
        let second = Token { phase: Phase::Leaving, since: at, attempt: 0, ..first };
        match self.tokens.get_mut(new.at()) {
            Some(slot) => *slot = second,
            None => self.tokens.push(second),
        }
        self.live += 1;
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
