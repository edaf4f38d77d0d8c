//! Carries out one command: decides whether it is refused, and else emits events until nothing more can move.

use std::mem::ManuallyDrop;

use smallvec::SmallVec;

use super::case::{Case, Phase, Status, TimerKind, Token};
use super::command::{Command, Rejection};
use super::decide::Decide;
use super::event::{Event, Reason};
use super::{clock, crack, hands, incident, node, recover};
use crate::definition::Field;
use crate::index::{ClockIx, CrackIx, FieldIx, FlowIx, RoleIx, ScopeIx, StepIx, TimerIx, TokenIx};
use crate::plan::Plan;
use crate::time::Timestamp;
use crate::value::{Bounds, Value};

/// How many moves of tokens one command may cause before the rest become incidents.
pub const MOST_WORK: u32 = 10_000;

/// How many tokens a case may have before the next becomes an incident.
pub const MOST_TOKENS: usize = 10_000;

/// How many timers a case may have before the next becomes an incident.
pub const MOST_TIMERS: usize = 60_000;

/// Sees each event once, after it was applied. Issues no commands.
pub trait Sink {
    /// Called for each event; `case` already includes it.
    fn event(&mut self, case: &Case, at: Timestamp, event: &Event);
}

impl<F: FnMut(&Case, Timestamp, &Event)> Sink for F {
    #[inline]
    fn event(&mut self, case: &Case, at: Timestamp, event: &Event) {
        self(case, at, event);
    }
}

/// Decides what one command, arriving at time `at`, does to one case. Pure: the same inputs give the same events.
///
/// Every rejection is decided before the first event; afterwards there are only incidents. Each event is applied to
/// `case` as it is emitted, so the case is always the fold of its events. Runs until nothing more can move.
///
/// # Errors
/// A [`Rejection`] says why the command was refused; the case is unchanged and the sink has seen nothing.
///
/// ```
/// use std::sync::Arc;
/// use grieta_core::definition::{Definition, Role, Step};
/// use grieta_core::kernel::{Case, Command, Evaluate, Event, Status, execute};
/// use grieta_core::{PersonIx, Plan, Process, Timestamp, TokenIx};
///
/// let definition = Definition::new("follow-up", "1.0.0")
///     .role("sdr", Role::of(2))
///     .step("call", Step::human("sdr").outcome("reached", "won").outcome("no-answer", "call"))
///     .step("won", Step::end());
/// let plan = Plan::new(Arc::new(Process::new(definition)?))?;
///
/// let (mut case, now, item) = (Case::default(), Timestamp::EPOCH, TokenIx(0));
/// let mut events = Vec::new();
/// let mut sink = |_: &Case, _: Timestamp, event: &Event| events.push(event.clone());
/// let reached = plan.outcome(plan.step("call").unwrap(), Some("reached"));
/// execute(&plan, &mut case, now, &Command::Start { data: vec![] }, &mut Evaluate, &mut sink)?;
/// execute(&plan, &mut case, now, &Command::Begin { token: item, person: PersonIx::NONE }, &mut Evaluate, &mut sink)?;
/// let done = Command::Complete { token: item, outcome: reached, data: vec![] };
/// execute(&plan, &mut case, now, &done, &mut Evaluate, &mut sink)?;
/// assert_eq!(case.status(), Status::Completed);
///
/// let mut replayed = Case::default();
/// events.iter().for_each(|event| replayed.apply(now, event));
/// assert_eq!(replayed, case);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[inline(always)]
pub fn execute(
    plan: &Plan,
    case: &mut Case,
    at: Timestamp,
    command: &Command,
    decide: &mut impl Decide,
    sink: &mut impl Sink,
) -> Result<(), Rejection> {
    let mut run = Execution {
        plan,
        case,
        at,
        decide,
        sink,
        next: None,
        later: SmallVec::new(),
        opening: SmallVec::new(),
        changed: SmallVec::new(),
        work: 0,
    };
    run.admit(command)?;
    match command {
        Command::Start { data } => run.start(data)?,
        Command::Begin { token, person } => {
            hands::begin(&mut run, *token, *person)?;
            // It moves no token; only gates, races and joins may depend on it.
            if !run.plan.watchful {
                return Ok(());
            }
        }
        Command::Complete { token, outcome, data } => node::complete(&mut run, *token, *outcome, data)?,
        Command::Strike { token, crack } => crack::reported(&mut run, *token, *crack)?,
        Command::TimerDue { timer } => run.timer_due(*timer)?,
        Command::Offer { token, role } => hands::offer(&mut run, *token, *role)?,
        Command::Allocate { token, person } => hands::allocate(&mut run, *token, *person)?,
        Command::Suspend { token } => hands::suspend(&mut run, *token)?,
        Command::Resume { token } => hands::resume(&mut run, *token)?,
        Command::Presence { token, away } => hands::presence(&mut run, *token, *away)?,
        Command::Fail { token, reason } => crack::failed(&mut run, *token, reason)?,
        Command::Skip { token, outcome } => crack::skip(&mut run, *token, *outcome)?,
        Command::Resolve { token, how } => incident::resolve(&mut run, *token, *how)?,
        Command::Change { data } => run.change(data)?,
        Command::Proceed { token } => node::proceed(&mut run, *token)?,
        Command::AddInstance { token } => node::add_instance(&mut run, *token)?,
        Command::Cancel { compensate } => run.cancel_by_command(*compensate),
    }
    run.settle();
    Ok(())
}

/// One command being carried out.
pub(super) struct Execution<'a, D, S> {
    pub plan: &'a Plan,
    pub case: &'a mut Case,
    pub at: Timestamp,
    pub decide: &'a mut D,
    sink: &'a mut S,
    /// The token that leaves next, and the flow it takes.
    next: Option<(TokenIx, FlowIx)>,
    /// Tokens that leave after it, the last one first. Nearly always empty.
    later: SmallVec<[(TokenIx, FlowIx); 8]>,
    /// Tokens inside whose step something is to begin.
    opening: SmallVec<[TokenIx; 4]>,
    /// Clocks by which cracks may strike at other times than before. What was due before that time stays so.
    pub changed: SmallVec<[(ClockIx, Timestamp); 2]>,
    work: u32,
}

impl<D: Decide, S: Sink> Execution<'_, D, S> {
    #[inline(always)]
    pub fn emit(&mut self, event: Event) {
        // Where an event is made its kind is known, and everything that asks for it is compiled away; except the code
        // that drops it, and because of that code all the rest. So what owns nothing is not dropped.
        let event = ManuallyDrop::new(event);
        self.case.apply(self.at, &event);
        self.sink.event(self.case, self.at, &event);
        if event.owns_memory() {
            drop(ManuallyDrop::into_inner(event));
        }
    }

    /// Emits an event that owns nothing. It is made anew for the case and for the sink: right where it is made its kind is
    /// known, and nothing of it need be looked at again.
    #[inline(always)]
    pub fn emit_plain(&mut self, event: impl Fn() -> Event) {
        let of_case = ManuallyDrop::new(event());
        debug_assert!(!of_case.owns_memory());
        self.case.apply(self.at, &of_case);
        let of_sink = ManuallyDrop::new(event());
        self.sink.event(self.case, self.at, &of_sink);
    }

    #[inline(always)]
    fn admit(&self, command: &Command) -> Result<(), Rejection> {
        let admitted = match command {
            Command::Start { .. } => self.case.status() == Status::New,
            _ => self.case.status() == Status::Running && self.at >= self.case.reached(),
        };
        if admitted { Ok(()) } else { Err(self.not_admitted(command)) }
    }

    #[cold]
    fn not_admitted(&self, command: &Command) -> Rejection {
        match (self.case.status(), command) {
            (Status::Running, Command::Start { .. }) => Rejection::AlreadyStarted,
            (Status::Running, _) => Rejection::TooLate { at: self.at, reached: self.case.reached() },
            (status, _) => Rejection::NotRunning(status.word()),
        }
    }

    fn start(&mut self, data: &[(FieldIx, Value)]) -> Result<(), Rejection> {
        for (field, value) in data {
            self.check_value(*field, value)?;
        }
        let given = |field: &FieldIx| data.iter().any(|(given, value)| given == field && *value != Value::Absent);
        let absent = |field: &&FieldIx| !given(field) && self.plan.initial[field.at()] == Value::Absent;
        if let Some(field) = self.plan.required.iter().find(absent) {
            return Err(Rejection::MissingField { field: self.plan.field_name(*field).to_owned() });
        }
        // The plan has this event ready, so that its data need not be shared anew for each case.
        let plan = self.plan;
        if let begins @ Event::CaseStarted { .. } = &plan.begins {
            self.case.apply(self.at, begins);
            self.sink.event(self.case, self.at, begins);
        }
        self.write(data);
        if self.plan.rolls_back {
            recover::remember(self, TokenIx::NONE);
        }
        if !self.plan.clocks.is_empty() {
            clock::case_started(self);
        }
        node::enter(self, TokenIx(0), self.plan.start, FlowIx::NONE, ScopeIx(0));
        Ok(())
    }

    /// The data change, whatever the steps do.
    fn change(&mut self, data: &[(FieldIx, Value)]) -> Result<(), Rejection> {
        for (field, value) in data {
            self.check_value(*field, value)?;
        }
        self.write(data);
        Ok(())
    }

    fn timer_due(&mut self, timer: TimerIx) -> Result<(), Rejection> {
        let armed = *self.case.timer(timer).ok_or(Rejection::NoSuchTimer(timer))?;
        if self.at < armed.due {
            return Err(Rejection::NotDue { due: armed.due, at: self.at });
        }
        self.emit(Event::TimerFired { timer });
        match armed.kind {
            TimerKind::Pause => node::pause_over(self, armed.token),
            TimerKind::Retry => node::try_again(self, armed.token),
            TimerKind::Crack(crack) => {
                crack::strike(self, armed.token, crack);
                clock::strikes_again(self, armed.token, crack);
            }
            TimerKind::Warning(_) | TimerKind::Breach(_) => clock::rings(self, armed.kind),
        }
        Ok(())
    }

    fn cancel_by_command(&mut self, compensate: bool) {
        let first = self.case.tokens().next().map(|(token, _)| token);
        let undoes = compensate && first.is_some_and(|token| recover::cancel(self, token, CrackIx::NONE));
        if !undoes {
            self.cancel();
        }
    }

    /// Withdraws everything and cancels the case.
    pub fn cancel(&mut self) {
        self.withdraw_all();
        clock::over(self, ScopeIx(0), false);
        self.emit(Event::CaseCancelled);
    }

    /// Withdraws every token and timer there is.
    pub fn withdraw_all(&mut self) {
        self.next = None;
        self.later.clear();
        self.opening.clear();
        let tokens: SmallVec<[TokenIx; 8]> = self.case.tokens().map(|(token, _)| token).collect();
        for token in tokens {
            self.withdraw(token);
        }
    }

    /// Withdraws a token, and what goes on inside its step. Nothing is left of a token that is gone already.
    pub fn withdraw(&mut self, token: TokenIx) {
        let Some(item) = self.case.token(token) else { return };
        if matches!(item.phase, Phase::Inside | Phase::Compensating) {
            self.withdraw_inside(token);
        }
        self.withdraw_timers(token);
        self.stay(token);
        self.emit(Event::TokenWithdrawn { token });
    }

    /// Withdraws what goes on inside the step of a token, and what was to begin there.
    #[inline(always)]
    pub fn withdraw_inside(&mut self, owner: TokenIx) {
        if self.plan.nested && (self.case.has_scopes() || !self.opening.is_empty()) {
            self.close_inside(owner);
        }
    }

    #[inline(never)]
    fn close_inside(&mut self, owner: TokenIx) {
        self.opening.retain(|opening| *opening != owner);
        while let Some(scope) = self.case.scope_inside(owner) {
            self.withdraw_scope(scope);
            self.close(scope);
        }
    }

    /// Withdraws every token of a scope, what goes on inside their steps, and what was left running there.
    pub fn withdraw_scope(&mut self, scope: ScopeIx) {
        let own = self.case.tokens().filter(|(_, token)| token.scope == scope);
        let tokens: SmallVec<[TokenIx; 8]> = own.map(|(token, _)| token).collect();
        tokens.into_iter().for_each(|token| self.withdraw(token));
        while let Some(left) = self.case.scope_left_in(scope) {
            self.withdraw_scope(left);
            self.close(left);
        }
    }

    /// Nothing goes on in a scope any more.
    pub fn close(&mut self, scope: ScopeIx) {
        clock::over(self, scope, false);

        self.emit(Event::ScopeClosed { scope });
    }

    /// A join or an end takes a token.
    #[inline]
    pub fn consume(&mut self, token: TokenIx) {
        let scope = self.case.token(token).map_or(ScopeIx(0), |item| item.scope);
        self.emit(Event::TokenConsumed { token });
        if scope != ScopeIx(0) {
            node::scope_emptied(self, scope);
        }
    }

    /// Something happens at a token: whatever races with it, or with the step that contains it, has lost.
    #[inline(always)]
    pub fn happens(&mut self, token: TokenIx) {
        if self.plan.nested {
            self.win(token);
        }
    }

    #[inline(never)]
    fn win(&mut self, token: TokenIx) {
        let mut winner = Some(token);
        while let Some((token, item)) = winner.and_then(|token| Some((token, *self.case.token(token)?))) {
            if item.race != 0 {
                let rivals = self.case.tokens().filter(|(other, rival)| *other != token && rival.race == item.race);
                let rivals: SmallVec<[TokenIx; 8]> = rivals.map(|(rival, _)| rival).collect();
                rivals.into_iter().for_each(|rival| self.withdraw(rival));
                self.emit(Event::TokenRaces { token, race: 0 });
            }
            winner = self.case.scope(item.scope).and_then(|scope| scope.owner.some());
        }
    }

    /// Withdraws the timers of a token.
    #[inline(always)]
    pub fn withdraw_timers(&mut self, token: TokenIx) {
        if self.case.has_timers() {
            self.withdraw_timers_where(token, |_| true);
        }
    }

    /// Withdraws the timers of a token that are for this.
    pub fn withdraw_timers_where(&mut self, token: TokenIx, wanted: impl Fn(TimerKind) -> bool) {
        let own = self.case.timers().filter(|(_, timer)| timer.token == token && wanted(timer.kind));
        let timers: SmallVec<[TimerIx; 8]> = own.map(|(timer, _)| timer).collect();
        for timer in timers {
            self.emit(Event::TimerWithdrawn { timer });
        }
    }

    /// Whether the command has caused more moves than one may: a straight way through the whole process is none.
    fn is_too_much(&self) -> bool {
        self.work as usize > MOST_WORK as usize + self.plan.nodes.len()
    }

    /// Counts a move; says whether the command may still make it.
    pub fn may_work(&mut self) -> bool {
        self.work += 1;
        !self.is_too_much()
    }

    /// Whether a token is leaving, or something is to begin inside a step.
    pub fn moves(&self) -> bool {
        self.next.is_some() || !self.opening.is_empty()
    }

    /// Sets a timer for a token; where the case has too many already, the token is stopped instead.
    pub fn arm(&mut self, token: TokenIx, kind: TimerKind, due: Timestamp) {
        let timer = self.case.free_timer();
        if timer.at() >= MOST_TIMERS {
            if self.case.incident(token).is_none() {
                self.incident(token, Reason::TooManyTimers);
            }
            return;
        }
        self.emit(Event::TimerArmed { timer, token, kind, due });
    }

    /// Sets a timer of a clock. Clocks are so few that there is always room.
    pub fn arm_clock(&mut self, kind: TimerKind, due: Timestamp) {
        let timer = self.case.free_timer();
        self.emit(Event::TimerArmed { timer, token: TokenIx::NONE, kind, due });
    }

    /// Sends a token that is leaving along a flow, as soon as what is under way is done.
    #[inline(always)]
    pub fn leave(&mut self, token: TokenIx, flow: FlowIx) {
        if let Some(earlier) = self.next.replace((token, flow)) {
            self.later.push(earlier);
        }
    }

    /// Keeps a token that was leaving from doing so.
    pub fn stay(&mut self, token: TokenIx) {
        if self.next.is_some_and(|(leaving, _)| leaving == token) {
            self.next = self.later.pop();
        }
        self.later.retain(|(leaving, _)| *leaving != token);
    }

    /// Begins what is inside the step of a token, as soon as nothing is leaving any more.
    pub fn open_inside(&mut self, owner: TokenIx) {
        self.opening.push(owner);
    }

    /// Begins the next thing that is to begin inside a step; says whether there was one.
    #[inline(never)]
    fn open_next(&mut self) -> bool {
        let Some(owner) = self.opening.pop() else { return false };
        match self.may_work() {
            true => node::begin_inside(self, owner),
            false => self.incident(owner, Reason::TooMuchWork(FlowIx::NONE)),
        }
        true
    }

    /// Has a token do its step again.
    pub fn again(&mut self, token: TokenIx) {
        if let Some(item) = self.case.token(token).copied() {
            match self.may_work() {
                true => node::enter(self, token, item.step, item.via, item.scope),
                false => self.incident(token, Reason::TooMuchWork(FlowIx::NONE)),
            }
        }
    }

    /// Adds a second token where the first one stands; `None` when the case has too many already.
    pub fn split(&mut self, token: TokenIx) -> Option<TokenIx> {
        if self.case.live() >= MOST_TOKENS {
            return None;
        }
        let new = self.case.free_token();
        self.emit(Event::TokenSplit { token, new });
        Some(new)
    }

    /// Stops a token where it is.
    pub fn incident(&mut self, token: TokenIx, reason: Reason) {
        self.withdraw_inside(token);
        self.withdraw_timers(token);
        self.emit(Event::IncidentRaised { token, reason });
    }

    /// Writes values that were checked before.
    #[inline(always)]
    pub fn write(&mut self, data: &[(FieldIx, Value)]) {
        if !data.is_empty() {
            self.write_all(data);
        }
    }

    #[inline(never)]
    fn write_all(&mut self, data: &[(FieldIx, Value)]) {
        for (field, value) in data {
            self.emit(Event::DataSet { field: *field, value: value.clone() });
        }
    }

    /// Moves tokens until nothing more can move, and completes the case when none is left.
    #[inline(always)]
    fn settle(&mut self) {
        if self.moves() || self.plan.watchful {
            self.move_tokens();
        }
        if self.case.live() == 0 && self.case.status() == Status::Running {
            if !self.plan.clocks.is_empty() {
                clock::over(self, ScopeIx(0), true);
            }
            self.emit_plain(|| Event::CaseCompleted);
        }
        if !self.plan.clocks.is_empty() {
            clock::settle(self);
        }
    }

    /// Moves tokens until nothing more can move.
    #[inline(never)]
    fn move_tokens(&mut self) {
        loop {
            while let Some((token, flow)) = self.next.take() {
                if !self.later.is_empty() {
                    self.next = self.later.pop();
                }
                self.work += 1;
                let scope = match self.plan.nested {
                    true => self.case.token(token).map(|item| item.scope),
                    false => Some(ScopeIx(0)),
                };
                let Some(scope) = scope else { continue };
                if self.is_too_much() {
                    self.incident(token, Reason::TooMuchWork(flow));
                    continue;
                }
                let to = self.plan.flows[flow.at()].to;
                node::enter(self, token, to, flow, scope);
            }
            if !self.opening.is_empty() && self.open_next() {
                continue;
            }
            // Nothing moves by itself any more: what waited for that may go on now.
            if !(self.plan.watchful && (node::open_gates(self) || node::fire_live_joins(self))) {
                break;
            }
        }
    }

    /// Puts a token at a step.
    #[inline(always)]
    pub fn place(&mut self, token: TokenIx, step: StepIx, via: FlowIx, phase: Phase, role: RoleIx, scope: ScopeIx) {
        self.emit_plain(|| Event::TokenPlaced { token, step, via, phase, role, scope });
    }

    /// The step of a token that is in one of these phases.
    #[inline(always)]
    pub fn expect_phase(&self, token: TokenIx, phases: &[Phase], expected: &'static str) -> Result<StepIx, Rejection> {
        self.expect_item(token, phases, expected).map(|item| item.step)
    }

    /// A token that is in one of these phases.
    #[inline(always)]
    pub fn expect_item(&self, token: TokenIx, phases: &[Phase], expected: &'static str) -> Result<&Token, Rejection> {
        match self.case.token(token) {
            Some(item) if phases.contains(&item.phase) => Ok(item),
            Some(item) => Err(self.wrong_phase(item, expected)),
            None => Err(Rejection::NoSuchToken(token)),
        }
    }

    #[cold]
    fn wrong_phase(&self, item: &Token, expected: &'static str) -> Rejection {
        let step = self.plan.step_name(item.step).to_owned();
        Rejection::WrongPhase { step, expected, found: item.phase.words() }
    }

    /// Whether a value may be the value of a field.
    pub fn check_value(&self, field: FieldIx, value: &Value) -> Result<(), Rejection> {
        let declared = self.plan.declared(field).ok_or(Rejection::NoSuchField(field))?;
        if value.fits(declared) { Ok(()) } else { Err(self.misfit(field, declared, value)) }
    }

    #[cold]
    fn misfit(&self, field: FieldIx, declared: &Field, value: &Value) -> Rejection {
        let field = self.plan.field_name(field).to_owned();
        if value.is_of_type(declared) {
            let (expected, found) = (Bounds::of(declared).to_string(), value.to_string());
            return Rejection::OutOfBounds { field, expected, found };
        }
        let expected = match declared.of.as_slice() {
            [] => declared.kind.to_string(),
            choices => format!("{} of `{}`", declared.kind, choices.join("`, `")),
        };
        let found = match value.told(declared) {
            Value::Text(text) => format!("the text `{text}`"),
            Value::List(values) => format!("the list {}", Value::List(values)),
            other => other.to_string(),
        };
        Rejection::WrongType { field, expected, found }
    }
}
