//! A random run: attempts to do this or that with a case, and what must be true after each of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests fail like tests")]

use std::sync::Arc;

use grieta_core::definition::Definition;
use grieta_core::kernel::{
    Case, Command, Evaluate, Event, MOST_TOKENS, MOST_WORK, Phase, Rejection, Resolution, Status, TimerKind, Token,
    WaitsFor, execute,
};
use grieta_core::value::Value;
use grieta_core::{
    CrackIx, Duration, FieldIx, FlowIx, PersonIx, Plan, Process, RoleIx, StepIx, TimerIx, Timestamp, TokenIx,
};

use super::{explained, whole};

/// No move of a token causes more events than this: it is placed, arms or withdraws a timer for each of at most three
/// cracks, is struck by each of them, and its data are written.
const MOST_EVENTS_A_MOVE: usize = 32;

/// With more tokens than this a case forks for ever; it is checked once, and then left alone.
const ENOUGH_TOKENS: usize = 200;

/// What is tried; the numbers choose among what there is when its turn comes.
#[derive(Debug, Clone)]
pub enum Attempt {
    /// Whatever carries that token on.
    Carry(usize, Vec<Datum>),
    Begin(usize, Option<u16>),
    Allocate(usize, u16),
    Offer(usize, Option<u16>),
    Suspend(usize),
    Resume(usize),
    Presence(usize, bool),
    Complete(usize, usize, Vec<Datum>),
    Fail(usize),
    Skip(usize, usize),
    Strike(usize, usize),
    /// Of that token or of the first incident, in that way, by that outcome or at that step.
    Resolve(usize, usize, usize),
    Change(Vec<Datum>),
    /// The timer that is due first, in time.
    Wait,
    Timer(usize),
    Start(Vec<Datum>),
    /// One more instance of a `for-each`.
    Add(usize),
    /// With or without undoing what was done.
    Cancel(bool),
    Back,
    Nonsense(u16, u16),
}

#[derive(Debug, Clone)]
pub struct Datum(pub u16, pub Value);

/// A case, and beside it the one that knows nothing but its events.
pub struct Run {
    pub plan: Plan,
    pub case: Case,
    replica: Case,
    now: Timestamp,
    /// What was accepted and what was refused.
    pub accepted: usize,
    pub refused: usize,
}

impl Run {
    /// Makes a case of the definition, and tries all this with it.
    pub fn through(definition: Definition, size: i64, attempts: &[Attempt]) -> Run {
        let process = Process::new(definition).unwrap_or_else(|problems| panic!("{problems}"));
        let mut run = Run::new(Plan::new(Arc::new(process)).unwrap());
        run.attempt(&Attempt::Carry(0, vec![]));
        run.command(&Command::Start { data: vec![] });
        let field = run.plan.field("size").unwrap();
        run.command(&Command::Start { data: vec![(field, Value::Integer(size))] });
        for attempt in attempts {
            if run.case.live() > ENOUGH_TOKENS {
                break;
            }
            run.attempt(attempt);
        }
        if run.case.live() <= ENOUGH_TOKENS
            && let Err(untrue) = explained::truly(&run.plan, &run.case, run.now)
        {
            panic!("{untrue}");
        }
        run
    }

    fn new(plan: Plan) -> Run {
        let (case, replica) = (Case::default(), Case::default());
        Run { plan, case, replica, now: Timestamp::EPOCH, accepted: 0, refused: 0 }
    }

    fn attempt(&mut self, attempt: &Attempt) {
        let command = match attempt {
            Attempt::Carry(token, data) => match self.pick(*token) {
                Some((token, Token { phase: Phase::Offered | Phase::Created, .. })) => {
                    Command::Begin { token, person: PersonIx::NONE }
                }
                Some((token, Token { phase: Phase::Allocated, person, .. })) => Command::Begin { token, person },
                Some((token, Token { phase: Phase::Suspended, .. })) => Command::Resume { token },
                Some((token, item @ Token { phase: Phase::Incident, .. })) => self.resolve(token, &item, data.len(), 0),
                Some((token, item)) => {
                    let outcome = self.outcome(&item, data.len());
                    let data = data.iter().filter(|Datum(field, value)| self.writable(*field, value));
                    Command::Complete { token, outcome, data: fields(data) }
                }
                None => return,
            },
            Attempt::Begin(token, person) => {
                Command::Begin { token: self.number(*token), person: person.map_or(PersonIx::NONE, PersonIx) }
            }
            Attempt::Allocate(token, person) => {
                Command::Allocate { token: self.number(*token), person: PersonIx(*person) }
            }
            Attempt::Offer(token, role) => Command::Offer { token: self.number(*token), role: role.map(RoleIx) },
            Attempt::Suspend(token) => Command::Suspend { token: self.number(*token) },
            Attempt::Resume(token) => Command::Resume { token: self.number(*token) },
            Attempt::Presence(token, away) => Command::Presence { token: self.number(*token), away: *away },
            Attempt::Fail(token) => Command::Fail { token: self.number(*token), reason: "broken".into() },
            Attempt::Skip(token, way) => match self.pick(*token) {
                Some((token, item)) => Command::Skip { token, outcome: self.outcome(&item, *way) },
                None => return,
            },
            Attempt::Resolve(token, how, way) => {
                let stuck = self.case.tokens().find(|(_, item)| item.phase == Phase::Incident);
                let stuck = stuck.map(|(at, item)| (at, *item)).filter(|_| token % 4 > 0);
                match stuck.or_else(|| self.pick(*token)) {
                    Some((token, item)) => self.resolve(token, &item, *how, *way),
                    None => return,
                }
            }
            // To change nothing is accepted, and does nothing.
            Attempt::Change(data) if data.is_empty() => return,
            Attempt::Change(data) => Command::Change { data: fields(data.iter()) },
            Attempt::Complete(token, way, data) => {
                let (token, outcome) = match self.pick(*token) {
                    Some((token, item)) => (token, self.outcome(&item, *way)),
                    None => (TokenIx(0), Some(FlowIx(*way as u16 % 20))),
                };
                Command::Complete { token, outcome, data: fields(data.iter()) }
            }
            Attempt::Strike(token, crack) => match self.pick(*token) {
                Some((token, item)) => Command::Strike { token, crack: self.crack(&item, *crack) },
                None => return,
            },
            Attempt::Wait => match self.case.timers().min_by_key(|(at, timer)| (timer.due, *at)) {
                Some((timer, armed)) => {
                    self.now = self.now.max(armed.due);
                    Command::TimerDue { timer }
                }
                None => {
                    self.now = self.now + Duration::HOUR;
                    return;
                }
            },
            Attempt::Timer(timer) => Command::TimerDue { timer: TimerIx(*timer as u16 % 5) },
            Attempt::Start(data) => Command::Start { data: fields(data.iter()) },
            Attempt::Add(token) => match self.pick(*token) {
                Some((token, _)) => Command::AddInstance { token },
                None => return,
            },
            Attempt::Cancel(compensate) => Command::Cancel { compensate: *compensate },
            Attempt::Back => {
                let earlier = self.case.reached() + Duration::from_micros(-1);
                let now = std::mem::replace(&mut self.now, earlier);
                self.command(&Command::Cancel { compensate: false });
                self.now = now;
                return;
            }
            Attempt::Nonsense(one, other) => match one % 3 {
                0 => Command::Complete { token: TokenIx(*one), outcome: Some(FlowIx(*other)), data: vec![] },
                1 => Command::Strike { token: TokenIx(*one), crack: CrackIx(*other) },
                _ => Command::TimerDue { timer: TimerIx(*other) },
            },
        };
        self.command(&command);
    }

    fn pick(&self, which: usize) -> Option<(TokenIx, Token)> {
        let nth = which.checked_rem(self.case.live())?;
        self.case.tokens().nth(nth).map(|(at, token)| (at, *token))
    }

    fn number(&self, which: usize) -> TokenIx {
        self.pick(which).map_or(TokenIx::NONE, |(at, _)| at)
    }

    fn resolve(&self, token: TokenIx, item: &Token, how: usize, way: usize) -> Command {
        let how = match how % 8 {
            0 | 1 => Resolution::Retry,
            2 | 3 => Resolution::Skip(self.outcome(item, way)),
            4 if way.is_multiple_of(4) => Resolution::Cancel,
            _ => Resolution::GoTo(StepIx((way % (self.plan.step_count() + 2)) as u16)),
        };
        Command::Resolve { token, how }
    }

    fn outcome(&self, item: &Token, which: usize) -> Option<FlowIx> {
        let outcomes = &self.plan.step_definition(item.step)?.outcomes;
        let (name, _) = outcomes.get_index(which.checked_rem(outcomes.len())?)?;
        self.plan.outcome(item.step, Some(name))
    }

    fn crack(&self, item: &Token, which: usize) -> CrackIx {
        let cracks = self.plan.declared_cracks(item.step).filter(|cracks| !cracks.is_empty());
        let named = cracks.and_then(|cracks| cracks.get_index(which % cracks.len()));
        named.and_then(|(name, _)| self.plan.crack(item.step, name)).unwrap_or(CrackIx(which as u16))
    }

    fn writable(&self, field: u16, value: &Value) -> bool {
        let declared = self.plan.definition().data.get_index(usize::from(field));
        declared.is_some_and(|(name, field)| ["amount", "flag"].contains(&name.as_str()) && value.fits(field))
    }

    fn command(&mut self, command: &Command) {
        let before = self.case.clone();
        let (result, events) = self.execute(command);
        match result {
            Ok(()) => {
                self.accepted += 1;
                assert!(!events.is_empty(), "accepted, but nothing happened: {command:?}");
            }
            Err(rejection) => {
                self.refused += 1;
                assert!(events.is_empty(), "{rejection}, but this happened: {events:?}");
                assert_eq!(self.case, before, "refused, but the case has changed: {command:?}");
                assert!(!rejection.to_string().is_empty());
            }
        }
        let most = MOST_EVENTS_A_MOVE * (MOST_WORK as usize + MOST_TOKENS);
        assert!(events.len() <= most, "{} events after {command:?}", events.len());
        self.check();
        if events.len() > 100 {
            return;
        }
        // The same command does the same to the same case.
        let (case, replica) = (self.case.clone(), self.replica.clone());
        (self.case, self.replica) = (before.clone(), before);
        let again = self.execute(command);
        assert_eq!(again.1, events, "{command:?}");
        assert_eq!(self.case, case, "{command:?}");
        self.replica = replica;
    }

    /// Executes a command, and folds each event into the replica as it comes.
    fn execute(&mut self, command: &Command) -> (Result<(), Rejection>, Vec<Event>) {
        let mut events = Vec::new();
        let replica = &mut self.replica;
        let mut sink = |case: &Case, at: Timestamp, event: &Event| {
            let live = replica.live().wrapping_add_signed(one_more_or_less(replica, event));
            replica.apply(at, event);
            assert_eq!(replica.live(), live, "tokens came from nowhere, or were lost: {event:?}");
            if events.len() < 100 {
                assert_eq!(case, replica, "after {event:?}");
            }
            events.push(event.clone());
        };
        let result = execute(&self.plan, &mut self.case, self.now, command, &mut Evaluate, &mut sink);
        (result, events)
    }

    /// What is true of every case between two commands.
    fn check(&self) {
        let Run { plan, case, replica, .. } = self;
        assert_eq!(case, replica, "the case is not the fold of its events");
        assert_eq!(case.live(), case.tokens().count(), "tokens were miscounted");
        assert!(case.live() <= MOST_TOKENS);
        assert_eq!(
            case.status() == Status::Running,
            case.live() > 0,
            "{:?} with {} tokens",
            case.status(),
            case.live()
        );
        assert_eq!(whole::wrong(plan, case), None);
        let explained = case.explain(plan);
        assert_eq!(explained.len(), case.live(), "one entry for each token");
        for ((at, token), waiting) in case.tokens().zip(&explained) {
            assert_eq!(waiting.step, plan.step_name(token.step));
            self.check_token(at, token, &waiting.waits_for);
        }
        for (_, timer) in case.timers() {
            if timer.kind.run().is_some() {
                continue;
            }
            let owner = case.token(timer.token).expect("a timer without a token");
            assert!(owner.phase != Phase::Incident && owner.phase != Phase::Parked, "{timer:?} of {owner:?}");
        }
    }

    fn check_token(&self, at: TokenIx, token: &Token, waits_for: &WaitsFor) {
        let timers = |kind| self.case.timers().filter(|(_, timer)| timer.token == at && timer.kind == kind).count();
        assert!(token.since <= self.case.reached());
        assert_eq!(timers(TimerKind::Pause), usize::from(token.phase == Phase::Pausing), "{token:?}");
        assert_eq!(timers(TimerKind::Retry), usize::from(token.phase == Phase::Delayed), "{token:?}");
        assert_eq!(self.case.incident(at).is_some(), token.phase == Phase::Incident, "{token:?}");
        match waits_for {
            WaitsFor::Branches(missing) => assert!(!missing.is_empty(), "nothing is missing at {token:?}"),
            WaitsFor::Role(_) | WaitsFor::Allocation(_) | WaitsFor::Holder { .. } => {
                assert_ne!(token.role, RoleIx::NONE)
            }
            WaitsFor::Time(due) | WaitsFor::Retry(due) => assert!(*due < Timestamp::MAX, "{token:?} waits for ever"),
            _ => {}
        }
        assert!(!matches!(token.phase, Phase::Leaving | Phase::Free), "{token:?} stopped half-way");
    }
}

/// By how many tokens an event changes their number.
fn one_more_or_less(case: &Case, event: &Event) -> isize {
    match event {
        Event::CaseStarted { .. } => -(case.live() as isize),
        Event::TokenPlaced { token, .. } => isize::from(case.token(*token).is_none()),
        Event::TokenSplit { .. } => 1,
        Event::TokenConsumed { token } | Event::TokenWithdrawn { token } => -isize::from(case.token(*token).is_some()),
        _ => 0,
    }
}

fn fields<'a>(data: impl Iterator<Item = &'a Datum>) -> Vec<(FieldIx, Value)> {
    data.map(|Datum(field, value)| (FieldIx(*field), value.clone())).collect()
}
