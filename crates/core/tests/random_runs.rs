//! Random definitions driven by random commands: whatever happens, the case is the fold of its events.
//!
//! 2,000 runs; more with `PROPTEST_CASES=100000 cargo test --release -p grieta-core --test random_runs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "support/random.rs"]
mod random;

use std::sync::Arc;

use grieta_core::kernel::{
    Case, Command, Evaluate, Event, MOST_TOKENS, MOST_WORK, Phase, Rejection, Status, TimerKind, Token, WaitsFor,
    execute,
};
use grieta_core::value::Value;
use grieta_core::{CrackIx, Duration, FieldIx, FlowIx, PersonIx, Plan, Process, RoleIx, TimerIx, Timestamp, TokenIx};
use proptest::collection::vec;
use proptest::prelude::*;

/// No move of a token causes more events than this: it is placed, arms or withdraws a timer for each of at most three
/// cracks, is struck by each of them, and its data are written.
const MOST_EVENTS_A_MOVE: usize = 32;

/// With more tokens than this a case forks for ever; it is checked once, and then left alone.
const ENOUGH_TOKENS: usize = 200;

/// What is tried; the numbers choose among what there is when its turn comes.
#[derive(Debug, Clone)]
enum Attempt {
    /// Whatever carries that token on.
    Carry(usize, Vec<Datum>),
    Begin(usize),
    Complete(usize, usize, Vec<Datum>),
    Strike(usize, usize),
    /// The timer that is due first, in time.
    Wait,
    Timer(usize),
    Start(Vec<Datum>),
    Cancel,
    Back,
    Nonsense(u16, u16),
}

#[derive(Debug, Clone)]
struct Datum(u16, Value);

fn data() -> impl Strategy<Value = Vec<Datum>> {
    let value = prop_oneof![
        3 => (-2i64..9).prop_map(Value::Integer),
        3 => any::<bool>().prop_map(Value::Boolean),
        1 => Just(Value::Absent),
        1 => Just(Value::Integer(i64::MAX)),
        1 => Just(Value::from("text")),
    ];
    vec((0u16..5, value).prop_map(|(field, value)| Datum(field, value)), 0..3)
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let attempt = prop_oneof![
        12 => (any::<usize>(), data()).prop_map(|(token, data)| Attempt::Carry(token, data)),
        3 => any::<usize>().prop_map(Attempt::Begin),
        3 => (any::<usize>(), any::<usize>(), data()).prop_map(|(token, way, data)| Attempt::Complete(token, way, data)),
        6 => any::<(usize, usize)>().prop_map(|(token, crack)| Attempt::Strike(token, crack)),
        6 => Just(Attempt::Wait),
        2 => any::<usize>().prop_map(Attempt::Timer),
        1 => data().prop_map(Attempt::Start),
        1 => (0..8).prop_map(|all| if all == 0 { Attempt::Cancel } else { Attempt::Wait }),
        1 => Just(Attempt::Back),
        2 => any::<(u16, u16)>().prop_map(|(one, other)| Attempt::Nonsense(one % 12, other)),
    ];
    vec(attempt, 0..60)
}

/// A case, and beside it the one that knows nothing but its events.
struct Run {
    plan: Plan,
    case: Case,
    replica: Case,
    now: Timestamp,
    /// What was accepted and what was refused.
    accepted: usize,
    refused: usize,
}

impl Run {
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
                Some((token, item)) => {
                    let outcome = self.outcome(&item, data.len());
                    let data = data.iter().filter(|Datum(field, value)| self.writable(*field, value));
                    Command::Complete { token, outcome, data: fields(data) }
                }
                None => return,
            },
            Attempt::Begin(token) => {
                Command::Begin { token: self.pick(*token).map_or(TokenIx::NONE, |(at, _)| at), person: PersonIx::NONE }
            }
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
            Attempt::Cancel => Command::Cancel { compensate: false },
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
            replica.apply(at, event);
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
        let explained = case.explain(plan);
        assert_eq!(explained.len(), case.live(), "one entry for each token");
        for ((at, token), waiting) in case.tokens().zip(&explained) {
            assert_eq!(waiting.step, plan.step_name(token.step));
            self.check_token(at, token, &waiting.waits_for);
        }
        for (_, timer) in case.timers() {
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
            WaitsFor::Time(due) => assert!(*due < Timestamp::MAX, "{token:?} waits for ever"),
            _ => {}
        }
        assert!(!matches!(token.phase, Phase::Leaving | Phase::Free), "{token:?} stopped half-way");
    }
}

fn fields<'a>(data: impl Iterator<Item = &'a Datum>) -> Vec<(FieldIx, Value)> {
    data.map(|Datum(field, value)| (FieldIx(*field), value.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(2_000),
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn folding_the_events_gives_the_case(recipe in random::recipes(), size in -1i64..6, attempts in attempts()) {
        let process = Process::new(recipe.definition()).unwrap_or_else(|problems| panic!("{problems}"));
        let mut run = Run::new(Plan::new(Arc::new(process)).unwrap());
        run.attempt(&Attempt::Carry(0, vec![]));
        run.command(&Command::Start { data: vec![] });
        let field = run.plan.field("size").unwrap();
        run.command(&Command::Start { data: vec![(field, Value::Integer(size))] });
        for attempt in &attempts {
            if run.case.live() > ENOUGH_TOKENS {
                break;
            }
            run.attempt(attempt);
        }
        prop_assert!(run.accepted >= 1 && run.refused >= 1);
    }
}
