//! The search itself: from state to state, the nearest first, until nothing new is found.

use grieta_core::kernel::{Case, Event, Fingerprint, Phase, Reason, Status, Touched};
use grieta_core::{Plan, StepIx};

use super::growth::{self, Growth};
use super::history::Noticed;
use super::moves::{Ground, Move, Situation};
use super::states::{StateIx, States};
use super::tape::{MOST_RESULTS, Tape};
use super::unwritten::Missed;
use super::waiting::Waiting;

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// So many states may be found; where there are more, the answer is "unknown". Each takes some 40 bytes, and while it
    /// waits to be looked into two bytes a token, or some hundred where more than its tokens must be known.
    pub most_states: usize,
    /// As many tokens may a case have; where it can have more, they may grow without end.
    pub most_tokens: usize,
    /// Whether orders of independent work are left out that make no difference.
    pub reduce: bool,
}

impl Limits {
    /// As many states are looked into to find a shorter way into trouble that is known already.
    pub(crate) const FOR_A_SHORTER_WAY: usize = 200_000;
    /// So many states are looked into before anybody asks whether there are so many because the tokens become more and more.
    pub(crate) const AT_FIRST: usize = 20_000;
    /// As many states are looked into for anything else where the tokens become more and more.
    pub(crate) const WHERE_ENDLESS: usize = 2_000;
    /// As many states are looked into to break a rule of a process that is too large to explore.
    pub(crate) const FOR_A_RULE: usize = 20_000;
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { most_states: 1_000_000, most_tokens: 256, reduce: true }
    }
}

/// So many tokens the results of a state may have together, on average. Where they become more and more, each state is more work
/// than the one before.
const WORK_OF_A_STATE: usize = 100;

/// As many ways of getting stuck are told apart.
const MOST_STUCK: usize = 20;

/// After so many results that are more than is looked into, what else may come of a move is not: it is as much work.
const MOST_IN_VAIN: usize = 4;

/// More goes on inside steps than is looked into.
const MOST_SCOPES: usize = 64;

/// Whether a case has too many tokens, or too much goes on inside its steps.
fn is_too_much(case: &Case, limits: &Limits) -> bool {
    case.live() > limits.most_tokens || case.scope_count() > MOST_SCOPES
}

/// As many results are looked up one right after the other, so that the memory is asked for several at a time.
const AT_ONCE: usize = 32;

/// All that was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub states: States,
    /// States in which nothing can happen any more and the case is not over; of those that look alike the first.
    pub stuck: Vec<(StateIx, Vec<(StepIx, Phase)>)>,
    /// Ends that were reached twice: from which state, in which, and which end.
    pub end_again: Vec<(StateIx, StateIx, StepIx)>,
    /// Tokens that have become incidents: by the move from which state to which, at which step and why; each kind once.
    pub incidents: Vec<(StateIx, StateIx, StepIx, Reason)>,
    /// By which move, from one state to another, the rule is broken that is looked at.
    pub broken: Option<(StateIx, StateIx)>,
    /// What was missed for want of the field that is watched, by the move from which state to which; each once.
    pub missed: Vec<(StateIx, StateIx, Missed)>,
    /// A state with too many tokens.
    pub too_many: Option<StateIx>,
    /// A proof that the tokens become more and more.
    pub growth: Option<Growth>,
    /// A limit was hit: there is more than was seen.
    pub cut: bool,
    /// It was that of the states.
    pub too_many_states: bool,
    pub reached: Vec<bool>,
    pub struck: Vec<bool>,
}

/// A search under way.
pub(crate) struct Search<'a> {
    ground: &'a Ground<'a>,
    limits: Limits,
    waiting: Waiting,
    /// The moves from the state that is looked into.
    moves: Vec<Move>,
    /// What they lead to, as far as it was not entered yet; behind those, memory to be used again.
    results: Vec<Outcome>,
    ready: usize,
    touched: Touched,
    /// As many tokens a case has had so far; `None` where more of them prove nothing.
    most_live: Option<usize>,
    /// How many tokens all results had together.
    work: usize,
    found: Found,
}

/// What a move leads to.
#[derive(Debug, Default)]
struct Outcome {
    next: Situation,
    print: Fingerprint,
    noticed: Option<Noticed>,
    /// Where a token has become an incident, and why.
    stopped: Option<(StepIx, Reason)>,
}

impl<'a> Search<'a> {
    pub fn new(ground: &'a Ground<'a>, limits: Limits) -> Search<'a> {
        let plan: &Plan = ground.plan;
        let found = Found {
            states: States::default(),
            stuck: Vec::new(),
            end_again: Vec::new(),
            incidents: Vec::new(),
            broken: None,
            missed: Vec::new(),
            too_many: None,
            growth: None,
            cut: false,
            too_many_states: false,
            reached: vec![false; plan.step_count() + 1],
            struck: vec![false; plan.crack_count()],
        };
        Search {
            ground,
            limits,
            waiting: Waiting::default(),
            moves: Vec::new(),
            results: Vec::new(),
            ready: 0,
            touched: Touched::default(),
            most_live: growth::more_is_never_less(plan).then_some(1),
            work: 0,
            found,
        }
    }

    /// Looks into everything that can happen to a new case.
    pub fn run(self) -> Found {
        self.from(&Situation::default())
    }

    /// Looks into everything that can happen from a situation on.
    pub fn from(mut self, first: &Situation) -> Found {
        let print = first.case.fingerprint(self.ground.plan, &self.ground.remembered(first));
        self.found.states.enter(print, 0);
        self.waiting.push(first);
        let mut situation = Situation::default();
        let mut looked_into = 0;
        while let Some(there) = self.waiting.pop(self.ground.plan, &mut situation) {
            if self.has_gone_far_enough() {
                self.found.cut = true;
                self.found.too_many_states = true;
                break;
            }
            self.found.states.look_into_next();
            if there {
                self.look_into(looked_into as StateIx, &situation);
            }
            if self.found.broken.is_some() || self.found.growth.is_some() {
                break;
            }
            looked_into += 1;
        }
        self.found
    }

    /// Whether more states, or more work, is not looked into.
    fn has_gone_far_enough(&self) -> bool {
        let most = self.limits.most_states;
        self.found.states.len() > most || self.work > most.saturating_mul(WORK_OF_A_STATE) || self.waiting.is_full()
    }

    fn look_into(&mut self, state: StateIx, situation: &Situation) {
        if matches!(situation.case.status(), Status::Completed | Status::Cancelled) {
            return;
        }
        let mut moves = std::mem::take(&mut self.moves);
        self.ground.moves(situation, &mut moves);
        if moves.is_empty() {
            self.found.note_stuck(state, &situation.case);
        }
        for command in &moves {
            let mut tape = Tape::blank();
            let mut in_vain = 0;
            for result in 0.. {
                if result == MOST_RESULTS {
                    self.found.cut = true;
                    break;
                }
                in_vain += usize::from(!self.follow(state, situation, command, &mut tape));
                if self.ready == AT_ONCE {
                    self.enter_results(state);
                }
                if in_vain == MOST_IN_VAIN {
                    self.found.cut = true;
                    break;
                }
                if !tape.next() {
                    break;
                }
            }
        }
        self.enter_results(state);
        self.moves = moves;
    }

    /// Carries out one move from a state, by one tape. False where more came of it than is looked into.
    fn follow(&mut self, state: StateIx, situation: &Situation, command: &Move, tape: &mut Tape) -> bool {
        if self.ready == self.results.len() {
            self.results.push(Outcome::default());
        }
        let Some(Outcome { next, print, noticed, stopped }) = self.results.get_mut(self.ready) else { return true };
        let (found, touched) = (&mut self.found, &mut self.touched);
        next.clone_from(situation);
        touched.clear();
        *stopped = None;
        let (mut raised, mut exploded) = (false, false);
        let done = self.ground.carry_out(command, next, tape, |_: &Case, event: &Event| {
            touched.note(event);
            match event {
                Event::TokenPlaced { step, .. } => found.reached[step.at()] = true,
                Event::CrackStruck { crack, .. } => found.struck[crack.at()] = true,
                Event::IncidentRaised { reason, .. } => {
                    raised = true;
                    exploded |= matches!(reason, Reason::TooMuchWork(_) | Reason::TooManyTokens);
                }
                _ => {}
            }
        });
        let Some(done) = done.filter(|_| !tape.is_too_long()) else {
            // Nothing that is possible is refused, so that more was asked than is answered.
            found.cut = true;
            return false;
        };
        *noticed = done;
        exploded |= is_too_much(&next.case, &self.limits);
        if raised {
            // Some of them may be gone already.
            let new = incidents(&next.case).find(|(step, reason)| !found.knows(*step, reason));
            *stopped = new.map(|(step, reason)| (step, reason.clone()));
        }
        let ground = self.ground;
        let from = (&situation.case, &ground.remembered(situation), found.states.print(state));
        *print = next.case.fingerprint_after(ground.plan, &ground.remembered(next), touched, from);
        self.ready += 1;
        self.work += next.case.live();
        !exploded
    }

    /// Enters the states that the moves from `state` lead to.
    fn enter_results(&mut self, state: StateIx) {
        let results = &mut self.results[..std::mem::take(&mut self.ready)];
        let mut entered = [(0, false); AT_ONCE];
        for (entered, result) in entered.iter_mut().zip(&*results) {
            *entered = self.found.states.enter(result.print, state);
        }
        for ((target, new), result) in entered.into_iter().zip(results) {
            self.found.note(state, target, result);
            if new && self.ground.is_settled(&result.next.case) {
                self.waiting.push_nothing();
            } else if new && is_too_much(&result.next.case, &self.limits) {
                self.found.too_many.get_or_insert(target);
                self.found.cut = true;
                self.waiting.push_nothing();
            } else if new {
                self.waiting.push(&result.next);
                let live = result.next.case.live();
                if self.found.growth.is_none() && self.most_live.is_some_and(|most| live > most) {
                    self.most_live = Some(live);
                    self.found.growth = growth::proof(self.ground, &self.found.states, target);
                    self.found.cut |= self.found.growth.is_some();
                }
            }
        }
    }
}

/// Where tokens of a case are incidents, and why.
pub(crate) fn incidents(case: &Case) -> impl Iterator<Item = (StepIx, &Reason)> {
    case.incidents().filter_map(|(token, reason)| Some((case.token(token)?.step, reason)))
}

impl Found {
    /// A state leads to another, which may be new.
    fn note(&mut self, state: StateIx, target: StateIx, result: &mut Outcome) {
        self.states.leads_to(target);
        if let Some(Noticed::EndAgain(end)) = result.noticed
            && self.end_again.iter().all(|(.., known)| *known != end)
        {
            self.end_again.push((state, target, end));
        }
        if result.noticed == Some(Noticed::RuleBroken) {
            self.broken.get_or_insert((state, target));
        }
        for missed in result.next.past.missed.drain(..) {
            if self.missed.iter().all(|(.., known)| *known != missed) {
                self.missed.push((state, target, missed));
            }
        }
        if let Some((step, reason)) = &result.stopped
            && !self.knows(*step, reason)
        {
            self.incidents.push((state, target, *step, reason.clone()));
        }
    }

    fn knows(&self, step: StepIx, reason: &Reason) -> bool {
        self.incidents.iter().any(|(_, _, known, why)| (*known, why) == (step, reason))
    }

    fn note_stuck(&mut self, state: StateIx, case: &Case) {
        let mut places: Vec<(StepIx, Phase)> = case.tokens().map(|(_, item)| (item.step, item.phase)).collect();
        places.sort_by_key(|(step, phase)| (*step, *phase as u8));
        if self.stuck.len() < MOST_STUCK && self.stuck.iter().all(|(_, known)| *known != places) {
            self.stuck.push((state, places));
        }
    }
}
