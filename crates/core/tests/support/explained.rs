//! Whether the explanation of a case is true: what it says a token waits for is what moves it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

use grieta_core::definition::Kind;
use grieta_core::kernel::{
    Case, Command, Duty, Evaluate, Event, Input, Phase, Resolution, Status, TimerKind, Token, WaitsFor, execute,
};
use grieta_core::{FlowIx, PersonIx, Plan, Timestamp, TokenIx};

/// More tokens than this are not looked at, one by one.
const MOST_LOOKED_AT: usize = 20;

/// How often, and with how many commands, it is tried to bring somebody to a join who is said never to come.
const ROUNDS: usize = 4;
const MOST_TRIED: usize = 60;

/// How many events may come of that.
const MOST_EVENTS: usize = 10_000;

/// With more tokens than this a case forks for ever, and is left alone.
const ENOUGH_TOKENS: usize = 100;

/// What is not true of the explanation, if anything.
pub fn truly(plan: &Plan, case: &Case, now: Timestamp) -> Result<(), String> {
    let explained = case.explain(plan);
    for ((at, item), waiting) in case.tokens().zip(&explained).take(MOST_LOOKED_AT) {
        let look = Look { plan, case, now: now.max(case.reached()), at, item: *item };
        if !look.is_true(&waiting.waits_for) {
            return Err(format!("{waiting}: that is not true of {item:?}"));
        }
    }
    Ok(())
}

/// One token that waits.
struct Look<'a> {
    plan: &'a Plan,
    case: &'a Case,
    now: Timestamp,
    at: TokenIx,
    item: Token,
}

impl Look<'_> {
    fn is_true(&self, waits_for: &WaitsFor) -> bool {
        let token = self.at;
        match waits_for {
            WaitsFor::Role(_) | WaitsFor::Allocation(_) => {
                self.moves(&Command::Begin { token, person: PersonIx::NONE })
            }
            WaitsFor::Holder { person, to, away, .. } => {
                let moved = match to {
                    Duty::Begin => self.moves(&Command::Begin { token, person: *person }),
                    Duty::Finish => self.completes(),
                    Duty::Resume => self.moves(&Command::Resume { token }),
                };
                moved && (*person, *away) == (self.item.person, self.item.away)
            }
            WaitsFor::System(_) | WaitsFor::Party(_) | WaitsFor::Message(_) | WaitsFor::Call(_) => self.completes(),
            WaitsFor::Time(due) | WaitsFor::Retry(due) => self.moves_in_time(*due),
            WaitsFor::Inside | WaitsFor::Undoing => self.contains_something(),
            WaitsFor::Gate(_) => self.is_gated(),
            WaitsFor::Branches(inputs) => self.arrive_as_said(inputs),
            WaitsFor::Resolution(_) => self.can_be_resolved(),
            _ => false,
        }
    }

    /// The case after a command; `None` when it is refused.
    fn after(&self, at: Timestamp, command: &Command) -> Option<Case> {
        let mut case = self.case.clone();
        let mut nobody = |_: &Case, _: Timestamp, _: &Event| ();
        execute(self.plan, &mut case, at, command, &mut Evaluate, &mut nobody).ok().map(|()| case)
    }

    fn moves(&self, command: &Command) -> bool {
        self.moves_at(self.now, command)
    }

    fn moves_at(&self, at: Timestamp, command: &Command) -> bool {
        self.after(at, command).is_some_and(|case| case.token(self.at) != Some(&self.item))
    }

    fn completes(&self) -> bool {
        let outcome = outcome(self.plan, &self.item, 0);
        self.moves(&Command::Complete { token: self.at, outcome, data: vec![] })
    }

    fn moves_in_time(&self, due: Timestamp) -> bool {
        let goes_on = |kind| matches!(kind, TimerKind::Pause | TimerKind::Retry);
        let mut own = self.case.timers().filter(|(_, timer)| timer.token == self.at && goes_on(timer.kind));
        own.any(|(timer, armed)| armed.due == due && self.moves_at(self.now.max(due), &Command::TimerDue { timer }))
    }

    /// Whether some token is inside the step, which has an explanation of its own.
    fn contains_something(&self) -> bool {
        self.case.tokens().any(|(_, other)| self.contains(self.at, other))
    }

    /// Whether a token is inside the step of another.
    fn contains(&self, owner: TokenIx, inner: &Token) -> bool {
        let around = |scope: &grieta_core::ScopeIx| self.case.scope(*scope).map(|scope| scope.parent);
        let mut scopes = std::iter::successors(Some(inner.scope), around);
        scopes.any(|scope| self.case.scope(scope).is_some_and(|scope| scope.owner == owner))
    }

    fn is_gated(&self) -> bool {
        let definition = self.plan.step_definition(self.item.step).unwrap();
        let begun = |phase| {
            !matches!(phase, Phase::Gated | Phase::Created | Phase::Offered | Phase::Allocated | Phase::Receiving)
        };
        let locks = |other: &Token| self.plan.step_definition(other.step).unwrap().lock == definition.lock;
        let locked = definition.lock.is_some()
            && self.case.tokens().any(|(at, other)| {
                at != self.at && begun(other.phase) && locks(other) && !self.contains(at, &self.item)
            });
        let milestone = definition.only_while.as_ref().map(|name| self.plan.step(name).unwrap());
        let reached = |other: &Token| Some(other.step) == milestone && other.phase != Phase::Gated;
        let passed = milestone.is_some()
            && !self.case.tokens().any(|(_, other)| reached(other) && other.scope == self.item.scope);
        locked || passed
    }

    /// Somebody can go on in its place: past the step, or at an end.
    fn can_be_resolved(&self) -> bool {
        let resolve = |how| self.moves(&Command::Resolve { token: self.at, how });
        let steps = &self.plan.definition().steps;
        let mut ends = steps.iter().filter(|(_, step)| matches!(step.kind, Kind::End { .. }));
        resolve(Resolution::Skip(outcome(self.plan, &self.item, 0)))
            || ends.any(|(name, _)| resolve(Resolution::GoTo(self.plan.step(name).unwrap())))
    }

    /// Whatever is tried, nobody comes from where nobody is said to come; and where nobody comes at all, nothing moves.
    fn arrive_as_said(&self, inputs: &[Input]) -> bool {
        let never = |from: &str| inputs.iter().any(|input| input.from == from && !input.can_arrive);
        if inputs.iter().all(|input| input.can_arrive) {
            return !inputs.is_empty();
        }
        let stuck = inputs.iter().all(|input| !input.can_arrive);
        (0..ROUNDS).all(|round| {
            let mut seen = Seen { join: self, never: &never, stuck, over: false, wrong: false, events: 0 };
            self.try_anything(round, &mut seen);
            !seen.wrong
        })
    }

    /// Goes on with the case as it comes, until it is seen what becomes of the join.
    fn try_anything(&self, round: usize, seen: &mut Seen<'_>) {
        let (mut case, mut at) = (self.case.clone(), self.now);
        for tried in 0..MOST_TRIED {
            // Any numbers will do, as long as every round and turn has others.
            let turn = (round * MOST_TRIED + tried + 1).wrapping_mul(0x9E37_79B9) >> 12;
            let Some(command) = anything(self.plan, &case, turn) else { continue };
            if let Command::TimerDue { timer } = command {
                at = at.max(case.timer(timer).unwrap().due);
            }
            let mut sink = |_: &Case, _: Timestamp, event: &Event| seen.event(event);
            let _ = execute(self.plan, &mut case, at, &command, &mut Evaluate, &mut sink);
            let over = seen.over || seen.wrong || seen.events > MOST_EVENTS || case.live() > ENOUGH_TOKENS;
            if over || case.status() != Status::Running {
                break;
            }
        }
    }
}

/// What is seen of a join while others move.
struct Seen<'a> {
    join: &'a Look<'a>,
    never: &'a dyn Fn(&str) -> bool,
    stuck: bool,
    /// The token that waited was withdrawn, or went on.
    over: bool,
    wrong: bool,
    events: usize,
}

impl Seen<'_> {
    fn event(&mut self, event: &Event) {
        self.events += 1;
        let waits = self.join.item;
        match event {
            _ if self.over => {}
            Event::TokenWithdrawn { token } if *token == self.join.at => self.over = true,
            Event::TokenConsumed { token } | Event::TokenPlaced { token, .. } if *token == self.join.at => {
                (self.over, self.wrong) = (true, self.stuck);
            }
            Event::TokenPlaced { step, via, scope, .. } if (*step, *scope) == (waits.step, waits.scope) => {
                let flow = self.join.plan.flow_id(*via);
                self.wrong |= (self.never)(flow.split(['/', '#', '!']).next().unwrap_or(flow));
            }
            _ => {}
        }
    }
}

/// One of the things that can be done with a case, other in each turn; an incident is not led elsewhere.
fn anything(plan: &Plan, case: &Case, turn: usize) -> Option<Command> {
    let (token, item) = case.tokens().nth(turn.checked_rem(case.live())?)?;
    let (strikes, which) = ((turn / 64).is_multiple_of(3), turn / 256);
    let outcome = || outcome(plan, item, which);
    Some(match item.phase {
        _ if strikes && plan.declared_cracks(item.step).is_some_and(|cracks| !cracks.is_empty()) => {
            let cracks = plan.declared_cracks(item.step)?;
            let (name, _) = cracks.get_index(which % cracks.len())?;
            Command::Strike { token, crack: plan.crack(item.step, name)? }
        }
        Phase::Offered | Phase::Created => Command::Begin { token, person: PersonIx::NONE },
        Phase::Allocated => Command::Begin { token, person: item.person },
        Phase::Suspended => Command::Resume { token },
        Phase::Started | Phase::Requested | Phase::Waiting | Phase::Receiving | Phase::Calling => {
            Command::Complete { token, outcome: outcome(), data: vec![] }
        }
        Phase::Incident if which.is_multiple_of(2) => Command::Resolve { token, how: Resolution::Retry },
        Phase::Incident => Command::Resolve { token, how: Resolution::Skip(outcome()) },
        Phase::Pausing | Phase::Delayed => {
            Command::TimerDue { timer: case.timers().find(|(_, timer)| timer.token == token)?.0 }
        }
        _ => return None,
    })
}

/// The flow of one of the outcomes of a token's step, if it has any.
fn outcome(plan: &Plan, item: &Token, which: usize) -> Option<FlowIx> {
    let outcomes = &plan.step_definition(item.step)?.outcomes;
    let (name, _) = outcomes.get_index(which.checked_rem(outcomes.len())?)?;
    plan.outcome(item.step, Some(name))
}
