//! The search itself: from state to state, the nearest first, until nothing new is found.

use std::collections::{BTreeSet, VecDeque};

use grieta_core::kernel::{Case, Command, Event, Phase, Status, execute, possible};
use grieta_core::{Plan, StepIx, Timestamp, TokenIx};

use super::history::{Noticed, Past};
use super::local::Locality;
use super::states::{StateIx, States};
use super::tape::{MOST_RESULTS, Tape};

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// As many states are looked into; where there are more, the answer is "unknown". A state takes some 40 bytes, and
    /// as many again while it waits to be looked into.
    pub most_states: usize,
    /// As many tokens may a case have; where it can have more, they may grow without end.
    pub most_tokens: usize,
    /// Whether orders of independent work are left out that make no difference.
    pub reduce: bool,
}

impl Limits {
    /// As many states are looked into to find a shorter way into trouble that is known already.
    pub(crate) const FOR_A_SHORTER_WAY: usize = 200_000;
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { most_states: 1_000_000, most_tokens: 256, reduce: true }
    }
}

/// A state that is to be looked into.
#[derive(Debug, Default)]
pub(crate) struct Situation {
    pub case: Case,
    pub past: Past,
}

impl Clone for Situation {
    fn clone(&self) -> Situation {
        Situation { case: self.case.clone(), past: self.past.clone() }
    }

    fn clone_from(&mut self, other: &Situation) {
        self.case.clone_from(&other.case);
        self.past.copy_from(&other.past);
    }
}

/// All that was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub states: States,
    pub limits: Limits,
    /// States in which the case is over.
    pub over: BTreeSet<StateIx>,
    /// States in which nothing can happen any more and the case is not over.
    pub stuck: Vec<StateIx>,
    /// Ends that were reached twice: from which state, in which, and which end.
    pub end_again: Vec<(StateIx, StateIx, StepIx)>,
    /// States in which a token has become an incident by the move that led there.
    pub incidents: Vec<StateIx>,
    /// A state with too many tokens.
    pub too_many: Option<StateIx>,
    /// A limit was hit: there is more than was seen.
    pub cut: bool,
    pub reached: Vec<bool>,
    pub struck: Vec<bool>,
}

/// A search under way.
pub(crate) struct Search<'a> {
    plan: &'a Plan,
    locality: Option<Locality>,
    queue: VecDeque<Situation>,
    spare: Vec<Situation>,
    found: Found,
}

impl<'a> Search<'a> {
    pub fn new(plan: &'a Plan, limits: Limits) -> Search<'a> {
        let found = Found {
            states: States::default(),
            limits,
            over: BTreeSet::new(),
            stuck: Vec::new(),
            end_again: Vec::new(),
            incidents: Vec::new(),
            too_many: None,
            cut: false,
            reached: vec![false; plan.step_count() + 1],
            struck: vec![false; plan.crack_count()],
        };
        let locality = limits.reduce.then(|| Locality::of(plan));
        Search { plan, locality, queue: VecDeque::new(), spare: Vec::new(), found }
    }

    /// Looks into everything that can happen to a new case.
    pub fn run(self) -> Found {
        self.from(Situation::default())
    }

    /// Looks into everything that can happen from a situation on.
    pub fn from(mut self, first: Situation) -> Found {
        self.found.states.enter(first.case.fingerprint(self.plan, &first.past), 0);
        self.queue.push_back(first);
        let mut looked_into = 0;
        while let Some(situation) = self.queue.pop_front() {
            if looked_into == self.found.limits.most_states {
                self.found.cut = true;
                break;
            }
            self.found.states.look_into_next();
            self.look_into(looked_into as StateIx, &situation);
            self.spare.push(situation);
            looked_into += 1;
        }
        self.found
    }

    fn look_into(&mut self, state: StateIx, situation: &Situation) {
        match situation.case.status() {
            Status::Completed | Status::Cancelled => {
                self.found.over.insert(state);
                return;
            }
            Status::New | Status::Running => {}
        }
        if situation.case.live() > self.found.limits.most_tokens {
            self.found.too_many.get_or_insert(state);
            self.found.cut = true;
            return;
        }
        let moves = moves(self.plan, situation, self.locality.as_ref());
        if moves.is_empty() {
            self.found.stuck.push(state);
        }
        let mut next = self.spare.pop().unwrap_or_default();
        for command in &moves {
            let mut tape = Tape::blank();
            for result in 0.. {
                if result == MOST_RESULTS {
                    self.found.cut = true;
                    break;
                }
                self.follow(state, situation, command, &mut tape, &mut next);
                if !tape.next() {
                    break;
                }
            }
        }
        self.spare.push(next);
    }

    /// Carries out one move, by one tape, and enters the state it leads to.
    fn follow(&mut self, state: StateIx, situation: &Situation, command: &Move, tape: &mut Tape, next: &mut Situation) {
        next.clone_from(situation);
        let (found, mut again, mut stopped) = (&mut self.found, None, false);
        let plan = self.plan;
        let Situation { case, past } = next;
        let carried_out = command.carry_out(plan, case, tape, &mut |case: &Case, event: &Event| {
            match event {
                Event::TokenPlaced { step, .. } => found.reached[step.at()] = true,
                Event::CrackStruck { crack, .. } => found.struck[crack.at()] = true,
                Event::IncidentRaised { .. } => stopped = true,
                _ => {}
            }
            if let Some(Noticed::EndAgain(end)) = past.note(plan, case, event) {
                again = Some(end);
            }
        });
        if !carried_out {
            // Nothing that is listed as possible is refused.
            self.found.cut = true;
            return;
        }
        let (target, new) = self.found.states.enter(next.case.fingerprint(plan, &next.past), state);
        self.found.states.leads_to(target);
        if let Some(end) = again {
            if self.found.end_again.iter().all(|(.., known)| *known != end) {
                self.found.end_again.push((state, target, end));
            }
        }
        if new {
            if stopped {
                self.found.incidents.push(target);
            }
            let mut kept = self.spare.pop().unwrap_or_default();
            std::mem::swap(&mut kept, next);
            self.queue.push_back(kept);
        }
    }
}

/// One thing that can happen, as one or two commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move {
    pub command: Command,
    /// Work whose beginning makes no difference is begun and completed at once, by each way on.
    pub then: Option<Command>,
}

impl Move {
    /// The token it is about; none for the start.
    fn token(&self, case: &Case) -> Option<TokenIx> {
        match &self.command {
            Command::TimerDue { timer } => case.timer(*timer).map(|timer| timer.token),
            Command::Begin { token, .. }
            | Command::Complete { token, .. }
            | Command::Proceed { token }
            | Command::Strike { token, .. }
            | Command::AddInstance { token } => Some(*token),
            _ => None,
        }
    }

    /// Carries it out as soon as it may happen; `false` where it was refused.
    pub fn carry_out(
        &self,
        plan: &Plan,
        case: &mut Case,
        tape: &mut Tape,
        sink: &mut impl FnMut(&Case, &Event),
    ) -> bool {
        tape.rewind(self.proceeds());
        [Some(&self.command), self.then.as_ref()].into_iter().flatten().all(|command| {
            let at = when(case, command);
            execute(plan, case, at, command, tape, &mut |case: &Case, _, event: &Event| sink(case, event)).is_ok()
        })
    }

    pub fn proceeds(&self) -> Option<TokenIx> {
        if let Command::Proceed { token } = self.command { Some(token) } else { None }
    }
}

/// When a command can happen at the earliest.
pub(crate) fn when(case: &Case, command: &Command) -> Timestamp {
    let due = if let Command::TimerDue { timer } = command { case.timer(*timer).map(|timer| timer.due) } else { None };
    due.map_or(case.reached(), |due| due.max(case.reached()))
}

/// What is looked into from a situation, in a fixed order.
pub(crate) fn moves(plan: &Plan, situation: &Situation, locality: Option<&Locality>) -> Vec<Move> {
    let case = &situation.case;
    let mut moves = Vec::new();
    for command in possible(plan, case) {
        match &command {
            Command::Strike { token, crack } if situation.past.has_struck(*token, *crack) => {}
            Command::AddInstance { token } if case.instances(*token).is_some_and(|counts| counts.total >= 2) => {}
            Command::Begin { token, .. } if begins_unseen(plan, case, *token) => {
                let flows = case.token(*token).map(|item| plan.ways_on(item.step)).into_iter().flatten();
                moves.extend(flows.map(|flow| Move {
                    command: command.clone(),
                    then: Some(Command::Complete { token: *token, outcome: Some(flow), data: Vec::new() }),
                }));
            }
            _ => moves.push(Move { command, then: None }),
        }
    }
    if let Some(token) = locality.and_then(|locality| alone(case, locality, &moves)) {
        moves.retain(|command| command.token(case) == Some(token));
    } else if let Some((token, _)) = case.tokens().find(|(_, item)| item.phase == Phase::Undecided) {
        // A choice takes no time: nothing else happens before it is made.
        moves.retain(|command| command.token(case) == Some(token));
    }
    moves
}

fn begins_unseen(plan: &Plan, case: &Case, token: TokenIx) -> bool {
    case.token(token).is_some_and(|item| plan.begins_unseen(item.step))
}

/// The token whose moves are looked into alone: the one furthest upstream at an independent step.
fn alone(case: &Case, locality: &Locality, moves: &[Move]) -> Option<TokenIx> {
    let moving = moves.iter().filter_map(|command| command.token(case));
    let ranked = moving.filter_map(|token| {
        let item = case.token(token)?;
        Some((locality.rank(item.step)?, item.step, item.phase as u8, token))
    });
    ranked.min().map(|(.., token)| token)
}
