//! The only way a case changes: by applying an event.

use super::clock::{ClockState, RunningClock};
use super::scope::{Fired, Scope};
use super::timer::{Timer, Tries};
use super::token::{Phase, Token};
use super::{Case, Status};
use crate::index::{CrackIx, FieldIx, PersonIx, RoleIx, RunIx, ScopeIx, StepIx, TimerIx, TokenIx};
use crate::kernel::event::Event;
use crate::time::Timestamp;
use crate::value::Value;

impl Case {
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
            Event::WorkStarted { token, person } => self.begin(at, *token, *person),
            Event::WorkCompleted { token, .. } => self.complete(at, *token),
            Event::TokenConsumed { token } | Event::TokenWithdrawn { token } => self.remove(*token),
            Event::CaseStarted { steps, initial } => self.start(at, *steps, initial),
            Event::CaseCompleted => self.status = Status::Completed,
            Event::DataSet { field, value } => self.set(*field, value),
            other => self.apply_rare(at, other),
        }
    }

    /// What happens seldom enough to stay out of the caller's loop.
    #[cold]
    #[inline]
    fn apply_rare(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::TokenSplit { token, new } => self.split(at, *token, *new),
            Event::WorkSkipped { token, .. } | Event::WorkFailed { token } => self.enter(at, *token, Phase::Leaving),
            Event::WorkReallocated { token, role } => self.turn_to(at, *token, *role, Phase::Created),
            Event::WorkOffered { token, role } => self.turn_to(at, *token, *role, Phase::Offered),
            Event::WorkAllocated { token, person } => {
                self.with_token(*token, |item| (item.person, item.away) = (*person, false));
                self.enter(at, *token, Phase::Allocated);
            }
            Event::WorkSuspended { token } => self.enter(at, *token, Phase::Suspended),
            Event::WorkResumed { token } => self.enter(at, *token, Phase::Started),
            Event::HolderPresence { token, away } => self.with_token(*token, |item| item.away = *away),
            Event::IncidentResolved { token } => {
                self.forget_troubles(*token);
                self.enter(at, *token, Phase::Leaving);
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
                    *slot = None;
                    self.timers_from = self.timers_from.min(timer.at());
                }
            }
            Event::ClockStarted { run, clock, scope } => {
                let started = RunningClock::started(*clock, *scope, at);
                match self.clocks.get_mut(run.at()) {
                    Some(slot) => *slot = started,
                    None => self.clocks.push(started),
                }
            }
            Event::ClockPaused { run, used } => {
                self.with_clock(*run, |clock| clock.enter(at, ClockState::Paused, *used))
            }
            Event::ClockStopped { run, used, .. } => {
                self.with_clock(*run, |clock| clock.enter(at, ClockState::Stopped, *used));
            }
            Event::ClockResumed { run } => {
                self.with_clock(*run, |clock| clock.enter(at, ClockState::Running, clock.used));
            }
            Event::ClockWarned { run } => self.with_clock(*run, |clock| clock.warned = true),
            Event::ClockBreached { run } => self.with_clock(*run, |clock| clock.breached = true),
            Event::TokenRaces { token, race } => self.with_token(*token, |item| item.race = *race),
            Event::StepGated { token, phase } => self.enter(at, *token, *phase),
            Event::ScopeOpened { scope, owner, parent } => self.open(*scope, *owner, *parent),
            Event::ScopeClosed { scope } => self.close(*scope),
            Event::ScopeDetached { scope } => self.detach(*scope),
            Event::InstancesCounted { token, counts } => {
                self.seldom.instances.retain(|(owner, _)| owner != token);
                self.seldom.instances.push((*token, *counts));
            }
            Event::JoinFired { step, scope, seen } => {
                self.reset(*step, *scope);
                self.seldom.fired.push(Fired { step: *step, scope: *scope, seen: seen.clone() });
            }
            Event::JoinReset { step, scope } => self.reset(*step, *scope),
            Event::UndoNoted { token } => {
                if let Some(item) = self.tokens.get(token.at()) {
                    self.seldom.memory.note(item.scope, item.step, &self.data);
                }
            }
            Event::UndoKept { scope, parent } => self.seldom.memory.keep(*scope, *parent),
            Event::CompensationBegan { token, crack, scopes, instead_of } => {
                let before = self.token(*token).map_or(Phase::Leaving, |item| item.phase);
                self.seldom.memory.begin(*token, *crack, before, scopes, instead_of);
                self.enter(at, *token, Phase::Compensating);
            }
            Event::UndoBegan { token, scope, parent } => {
                self.seldom.memory.undo_next(*token, *scope);
                self.open(*scope, *token, *parent);
            }
            Event::CompensationEnded { token } => {
                self.seldom.memory.end(*token);
                self.enter(at, *token, Phase::Leaving);
            }
            Event::DataRemembered { token } => self.seldom.memory.remember(*token, &self.data),
            Event::DataRolledBack { token } => self.roll_back(*token),
            Event::FailureReported { token, reason } => {
                self.seldom.failures.retain(|(failed, _)| failed != token);
                self.seldom.failures.push((*token, reason.clone()));
            }
            Event::Decided { .. }
            | Event::MessageSent { .. }
            | Event::CaseCalled { .. }
            | Event::HandedOver { .. }
            | Event::AllCancelled { .. } => {}
            Event::CrackStruck { token, crack, answered, .. } => {
                self.with_token(*token, |item| item.unanswered = if *answered { CrackIx::NONE } else { *crack });
            }
            Event::IncidentRaised { token, reason } => {
                self.seldom.incidents.push((*token, reason.clone()));
                self.enter(at, *token, Phase::Incident);
            }
            Event::CaseCancelled => self.status = Status::Cancelled,
            Event::CaseStarted { .. }
            | Event::CaseCompleted
            | Event::DataSet { .. }
            | Event::TokenPlaced { .. }
            | Event::TokenConsumed { .. }
            | Event::TokenWithdrawn { .. }
            | Event::WorkStarted { .. }
            | Event::WorkCompleted { .. } => {}
        }
    }

    /// Memory of an earlier case is used again.
    #[inline(always)]
    fn start(&mut self, at: Timestamp, steps: u16, initial: &[Value]) {
        self.tokens.clear();
        self.timers.clear();
        self.timers_from = 0;
        self.seldom.clear();
        self.clocks.clear();
        self.scopes.truncate(1);
        self.open(ScopeIx(0), TokenIx::NONE, ScopeIx::NONE);
        match self.visits.len() == usize::from(steps) {
            true => self.visits.fill(0),
            false => self.visits = vec![0; steps.into()],
        }
        self.performers.clear();
        self.data.clear();
        if !initial.is_empty() {
            self.data.extend_from_slice(initial);
        }
        (self.live, self.status, self.started) = (0, Status::Running, at);
    }

    #[inline(always)]
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
                push_first(&mut self.tokens, placed);
                true
            }
        };
        if new {
            self.live += 1;
            self.count_in(scope, 1);
        }
        self.forget(token);
    }

    /// A person begins, or somebody of whom nobody keeps track.
    #[inline]
    fn begin(&mut self, at: Timestamp, token: TokenIx, person: PersonIx) {
        if let Some(slot) = self.tokens.get_mut(token.at()) {
            (slot.phase, slot.since, slot.person, slot.away) = (Phase::Started, at, person, false);
        }
    }

    /// The work of a token is done.
    #[inline(always)]
    fn complete(&mut self, at: Timestamp, token: TokenIx) {
        let Some(slot) = self.tokens.get_mut(token.at()) else { return };
        (slot.phase, slot.since) = (Phase::Leaving, at);
        let (step, person) = (slot.step, slot.person);
        if person != PersonIx::NONE {
            self.note_performer(step.at(), person);
        }
    }

    /// Notes who did a step.
    #[inline(never)]
    fn note_performer(&mut self, step: usize, person: PersonIx) {
        if self.performers.len() <= step {
            self.performers.resize(step + 1, PersonIx::NONE);
        }
        self.performers[step] = person;
    }

    /// The work is offered, or to be given, to others.
    fn turn_to(&mut self, at: Timestamp, token: TokenIx, role: RoleIx, phase: Phase) {
        self.with_token(token, |item| {
            (item.role, item.away) = (role, false);
            item.attempt = item.attempt.saturating_add(1);
        });
        self.enter(at, token, phase);
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
        if self.seldom.tells_of_tokens() {
            self.forget_troubles(token);
        }
    }

    #[cold]
    fn forget_troubles(&mut self, token: TokenIx) {
        let seldom = &mut *self.seldom;
        seldom.memory.forget(token);
        seldom.instances.retain(|(owner, _)| *owner != token);
        seldom.tries.retain(|tries| tries.token != token);
        seldom.incidents.retain(|(stuck, _)| *stuck != token);
        seldom.failures.retain(|(failed, _)| *failed != token);
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
            None => push_first(&mut self.scopes, opened),
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
        if self.seldom.is_any() {
            self.seldom.fired.retain(|fired| fired.scope != scope);
            self.seldom.memory.close(scope);
        }
        for clock in self.clocks.iter_mut().filter(|clock| clock.scope == scope) {
            clock.state = ClockState::Gone;
        }
    }

    fn roll_back(&mut self, token: TokenIx) {
        if let Some(data) = self.seldom.memory.entry(token) {
            self.data.clear();
            self.data.extend_from_slice(data);
        }
    }

    fn reset(&mut self, step: StepIx, scope: ScopeIx) {
        self.seldom.fired.retain(|fired| !(fired.step == step && fired.scope == scope));
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
        if timer.at() == self.timers_from {
            self.timers_from += 1;
        }
        match self.timers.get_mut(timer.at()) {
            Some(slot) => *slot = Some(armed),
            None => self.timers.push(Some(armed)),
        }
    }

    fn count_try(&mut self, token: TokenIx, crack: CrackIx) {
        match self.seldom.tries.iter_mut().find(|tries| tries.token == token && tries.crack == crack) {
            Some(tries) => tries.count += 1,
            None => self.seldom.tries.push(Tries { token, crack, count: 1 }),
        }
    }

    fn with_clock(&mut self, run: RunIx, change: impl FnOnce(&mut RunningClock)) {
        if let Some(slot) = self.clocks.get_mut(run.at()) {
            change(slot);
        }
    }

    fn with_token(&mut self, token: TokenIx, change: impl FnOnce(&mut Token)) {
        if let Some(slot) = self.tokens.get_mut(token.at()) {
            change(slot);
        }
    }
}

/// Adds one; a first one has room for no other, as most cases never need more.
#[inline]
fn push_first<T>(to: &mut Vec<T>, value: T) {
    if to.capacity() == 0 {
        to.reserve_exact(1);
    }
    to.push(value);
}
