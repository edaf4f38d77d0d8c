//! The state of one case: its tokens, timers and data. It changes only by applying events.

mod apply;
mod clock;
mod fingerprint;
mod scope;
mod seldom;
mod timer;
mod token;
mod undo;

use std::sync::Arc;

pub use clock::{ClockState, RunningClock};
pub use fingerprint::{Fingerprint, History, Touched};
pub use scope::{Instances, Scope};
pub use timer::{Timer, TimerKind};
pub use token::{Phase, Token};

use seldom::Seldom;

use super::event::Reason;
use crate::index::{CrackIx, PersonIx, RunIx, ScopeIx, StepIx, TimerIx, TokenIx};
use crate::time::Timestamp;
use crate::value::Value;

/// One running instance of a process.
///
/// What decides the future (status, the step and phase of each token, timers, tries, data) is control; times and
/// visits are bookkeeping, so that a loop returns to a state it was in before.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Case {
    status: Status,
    tokens: Vec<Token>,
    timers: Vec<Option<Timer>>,
    /// No timer below this one is free (bookkeeping).
    timers_from: usize,
    scopes: Vec<Scope>,
    clocks: Vec<RunningClock>,
    /// Tries, incidents, instances and the like.
    seldom: Seldom,
    data: Vec<Value>,
    live: u16,
    /// By step, who did it last; shorter where nobody keeps track.
    performers: Vec<PersonIx>,
    visits: Vec<u32>,
    started: Timestamp,
    reached: Timestamp,
}

impl Clone for Case {
    fn clone(&self) -> Case {
        let mut copy = Case::default();
        copy.clone_from(self);
        copy
    }

    /// Uses the memory of the old case again.
    fn clone_from(&mut self, other: &Case) {
        // Named one by one, so that none is forgotten.
        let Case {
            status,
            tokens,
            timers,
            timers_from,
            scopes,
            clocks,
            seldom,
            data,
            live,
            performers,
            visits,
            started,
            reached,
        } = self;
        *status = other.status;
        copy(tokens, &other.tokens);
        copy(timers, &other.timers);
        *timers_from = other.timers_from;
        copy(scopes, &other.scopes);
        copy(clocks, &other.clocks);
        seldom.clone_from(&other.seldom);
        copy(data, &other.data);
        *live = other.live;
        copy(performers, &other.performers);
        copy(visits, &other.visits);
        *started = other.started;
        *reached = other.reached;
    }
}

/// Copies what a case has of something, of which most cases have nothing.
#[inline]
fn copy<T: Clone>(to: &mut Vec<T>, from: &Vec<T>) {
    if !(to.is_empty() && from.is_empty()) {
        to.clone_from(from);
    }
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

    /// How many tokens wait at a join. Which of them do is not to be foreseen, so that this adds up without branches.
    pub(in crate::kernel) fn parked(&self, step: StepIx, scope: ScopeIx) -> usize {
        let waits = |token: &&Token| (token.step == step) & (token.phase == Phase::Parked) & (token.scope == scope);
        self.tokens.iter().filter(waits).count()
    }

    /// The timer of that number, unless it is gone.
    #[inline]
    pub fn timer(&self, timer: TimerIx) -> Option<&Timer> {
        self.timers.get(timer.at())?.as_ref()
    }

    /// The timers there are, by number.
    pub fn timers(&self) -> impl Iterator<Item = (TimerIx, &Timer)> {
        let numbered = self.timers.iter().enumerate();
        numbered.filter_map(|(index, timer)| Some((TimerIx(index as u16), timer.as_ref()?)))
    }

    /// The run of a clock of that number, unless what it belonged to is over.
    #[inline]
    pub fn clock(&self, run: RunIx) -> Option<&RunningClock> {
        self.clocks.get(run.at()).filter(|clock| clock.state != ClockState::Gone)
    }

    /// The runs of its clocks, by number, those that have stopped too.
    pub fn clocks(&self) -> impl Iterator<Item = (RunIx, &RunningClock)> {
        let numbered = self.clocks.iter().enumerate();
        numbered.filter(|(_, clock)| clock.state != ClockState::Gone).map(|(index, clock)| (RunIx(index as u16), clock))
    }

    /// The number for the next run of a clock: one whose run is over and will not go on, or a new one.
    pub(in crate::kernel) fn free_run(&self, over: impl Fn(&RunningClock) -> bool) -> RunIx {
        let free = self.clocks.iter().position(|clock| clock.state == ClockState::Gone || over(clock));
        RunIx(free.unwrap_or(self.clocks.len()) as u16)
    }

    /// Whether a scope is that one or lies inside it; everything lies inside the case.
    pub(in crate::kernel) fn lies_inside(&self, scope: ScopeIx, around: ScopeIx) -> bool {
        let mut inner = scope;
        while inner != around {
            match self.scope(inner) {
                Some(found) if inner != ScopeIx(0) => inner = found.parent,
                _ => return around == ScopeIx(0),
            }
        }
        true
    }

    /// Whether a scope was opened by the step of a token, or lies inside one that was.
    pub(in crate::kernel) fn goes_on_inside(&self, scope: ScopeIx, token: TokenIx) -> bool {
        let mut inner = scope;
        while let Some(found) = self.scope(inner).filter(|_| inner != ScopeIx(0)) {
            if found.owner == token {
                return true;
            }
            inner = found.parent;
        }
        false
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

    /// Who did a step last; none where nobody has, or nobody keeps track.
    pub fn performer(&self, step: StepIx) -> Option<PersonIx> {
        self.performers.get(step.at()).and_then(|person| person.some())
    }

    /// The first of these steps that a person did last or is doing now.
    #[inline]
    pub fn has_done(&self, steps: &[StepIx], person: PersonIx) -> Option<StepIx> {
        if steps.is_empty() || person == PersonIx::NONE {
            return None;
        }
        let does = |step: StepIx| {
            self.tokens().any(|(_, item)| item.step == step && item.person == person && item.phase.is_with_person())
        };
        steps.iter().copied().find(|step| self.performer(*step) == Some(person) || does(*step))
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
    pub(in crate::kernel) fn has_scopes(&self) -> bool {
        self.scopes.len() > 1
    }

    /// How many scopes are open: the case itself, and one for each inside of a step that goes on.
    pub fn scope_count(&self) -> usize {
        self.scopes.iter().filter(|scope| scope.open).count()
    }

    /// The first open scope inside the step at which a token is.
    pub fn scope_inside(&self, owner: TokenIx) -> Option<ScopeIx> {
        let own = self.scopes.iter().position(|scope| scope.open && scope.owner == owner);
        own.map(|index| ScopeIx(index as u16))
    }

    /// The instances of the `for-each` step at which a token is.
    pub fn instances(&self, token: TokenIx) -> Option<Instances> {
        self.seldom.instances.iter().find(|(owner, _)| *owner == token).map(|(_, counts)| *counts)
    }

    /// The inputs that have come to a join that went on before all had.
    pub(in crate::kernel) fn fired(&self, step: StepIx, scope: ScopeIx) -> Option<&Arc<[u16]>> {
        self.seldom.fired.iter().find(|fired| fired.step == step && fired.scope == scope).map(|fired| &fired.seen)
    }

    /// The joins of a scope that went on before all had come.
    pub(in crate::kernel) fn fired_in(&self, scope: ScopeIx) -> impl Iterator<Item = StepIx> {
        self.seldom.fired.iter().filter(move |fired| fired.scope == scope).map(|fired| fired.step)
    }

    /// The lowest number that no scope has.
    pub(in crate::kernel) fn free_scope(&self) -> ScopeIx {
        let free = self.scopes.iter().position(|scope| !scope.open);
        ScopeIx(free.unwrap_or(self.scopes.len()) as u16)
    }

    /// A scope inside another that nobody waits for any more.
    pub(in crate::kernel) fn scope_left_in(&self, parent: ScopeIx) -> Option<ScopeIx> {
        let left = |scope: &Scope| scope.open && scope.owner == TokenIx::NONE && scope.parent == parent;
        self.scopes.iter().position(left).map(|index| ScopeIx(index as u16))
    }

    /// A number that no race has: the one after the highest, or where that is the last, the lowest.
    pub(in crate::kernel) fn free_race(&self) -> u16 {
        let highest = self.tokens().map(|(_, token)| token.race).max().unwrap_or(0);
        if let Some(next) = highest.checked_add(1) {
            return next;
        }
        let mut taken: Vec<u16> = self.tokens().map(|(_, token)| token.race).filter(|race| *race != 0).collect();
        taken.sort_unstable();
        taken.dedup();
        let free = taken.iter().zip(1..).find(|(taken, race)| *taken != race).map(|(_, race)| race);
        free.unwrap_or(taken.len() as u16 + 1)
    }

    /// Makes room for a new case, and keeps the memory of the old one.
    pub fn renew(&mut self) {
        self.status = Status::New;
    }

    /// How often the work of a token was retried for a crack.
    pub(in crate::kernel) fn tries(&self, token: TokenIx, crack: CrackIx) -> u32 {
        self.seldom
            .tries
            .iter()
            .find(|tries| tries.token == token && tries.crack == crack)
            .map_or(0, |tries| tries.count)
    }

    /// Why a token can go no further by itself, if it cannot.
    pub fn incident(&self, token: TokenIx) -> Option<&Reason> {
        self.seldom.incidents.iter().find(|(stuck, _)| *stuck == token).map(|(_, reason)| reason)
    }

    /// The tokens that can go no further by themselves, and why.
    pub fn incidents(&self) -> impl Iterator<Item = (TokenIx, &Reason)> {
        self.seldom.incidents.iter().map(|(token, reason)| (*token, reason))
    }

    /// Why the work of a token failed last at its step, where somebody said so.
    pub fn failure(&self, token: TokenIx) -> Option<&str> {
        self.seldom.failures.iter().find(|(failed, _)| *failed == token).map(|(_, reason)| &**reason)
    }

    /// The lowest number that no token has.
    #[inline]
    pub(in crate::kernel) fn free_token(&self) -> TokenIx {
        let all_taken = self.live() == self.tokens.len();
        let free = if all_taken { None } else { self.tokens.iter().position(|token| token.phase == Phase::Free) };
        TokenIx(free.unwrap_or(self.tokens.len()) as u16)
    }

    /// The lowest number that no timer has.
    pub(in crate::kernel) fn free_timer(&self) -> TimerIx {
        let rest = self.timers.iter().skip(self.timers_from);
        TimerIx((self.timers_from + rest.take_while(|timer| timer.is_some()).count()) as u16)
    }

    /// Whether any timer was ever set.
    #[inline]
    pub(in crate::kernel) fn has_timers(&self) -> bool {
        !self.timers.is_empty()
    }
}
