//! What the states that were found say about the process.

use grieta_core::kernel::{Case, Event, Phase, Reason, Status, Waiting};
use grieta_core::{CrackIx, Plan, StepIx};

use super::history::Noticed;
use super::moves::{Ground, Situation};
use super::search::{Found, Limits, Search, incidents};
use super::states::StateIx;
use super::trace::Trace;

/// Whether every case can end, and properly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Whatever happens, a case can still end, and leaves nothing behind; every step can happen.
    Sound,
    /// Some case cannot.
    Unsound,
    /// There is more to explore than the limits allow, and no trouble was found so far.
    Unknown,
}

/// What an exploration has found.
#[derive(Debug, Clone)]
pub struct Soundness {
    /// The verdict.
    pub verdict: Verdict,
    /// What keeps it from being sound, the gravest first.
    pub troubles: Vec<Trouble>,
    /// Whether everything was explored; else there may be more troubles.
    pub complete: bool,
    /// Whether there are more states than the limits allow. Where not everything was explored for another reason, more
    /// states would not help.
    pub too_many_states: bool,
    /// Cracks that can never strike; empty where not everything was explored.
    pub idle_cracks: Vec<CrackIx>,
    /// How many states were found.
    pub states: usize,
    /// How many ways from one to another.
    pub transitions: usize,
}

/// Something that keeps a process from being sound.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Trouble {
    /// Nothing can happen any more, and the case is not over.
    Stuck {
        /// What its tokens wait for.
        waiting: Vec<Waiting>,
        /// How it came to that.
        trace: Trace,
    },
    /// Something can always happen, but the case never ends.
    Livelock {
        /// The steps it goes through for ever.
        steps: Vec<StepIx>,
        /// How it came to that.
        trace: Trace,
    },
    /// An end is reached twice, by two tokens of the same case, or of the same scope.
    EndAgain {
        /// The end.
        end: StepIx,
        /// How it came to that.
        trace: Trace,
    },
    /// A token can go no further by itself: a crack struck that nobody answers.
    Incident {
        /// The step.
        step: StepIx,
        /// Why.
        reason: Reason,
        /// How it came to that.
        trace: Trace,
    },
    /// Tokens can become more and more.
    Endless {
        /// The step at which they gather.
        step: StepIx,
        /// How they begin to.
        trace: Trace,
    },
    /// A step at which no case ever comes.
    DeadStep {
        /// The step.
        step: StepIx,
    },
}

impl Trouble {
    /// How a case comes into it; `None` for what never happens.
    pub fn trace(&self) -> Option<&Trace> {
        match self {
            Trouble::Stuck { trace, .. }
            | Trouble::Livelock { trace, .. }
            | Trouble::EndAgain { trace, .. }
            | Trouble::Incident { trace, .. }
            | Trouble::Endless { trace, .. } => Some(trace),
            Trouble::DeadStep { .. } => None,
        }
    }
}

impl Trouble {
    /// Replays its trace and looks whether the case is in trouble then.
    ///
    /// # Errors
    /// What is different from what the trouble says, which would be a mistake of the search.
    pub fn check(&self, plan: &Plan) -> Result<(), String> {
        let Some(trace) = self.trace() else { return Ok(()) };
        let mut ends = Vec::new();
        let case = trace.replay(plan, |_, _, event| {
            if let Event::TokenPlaced { step, scope, .. } = event {
                ends.push((*step, *scope));
            }
        });
        let holds = match self {
            Trouble::Stuck { waiting, .. } => case.status() == Status::Running && case.explain(plan) == *waiting,
            Trouble::Incident { step, reason, .. } => incidents(&case).any(|found| found == (*step, reason)),
            Trouble::EndAgain { end, .. } => ends.iter().filter(|(step, _)| step == end).count() > 1,
            Trouble::Livelock { .. } => !matches!(case.status(), Status::Completed | Status::Cancelled),
            Trouble::Endless { step, .. } => case.live() > 1 && case.tokens().any(|(_, item)| item.step == *step),
            Trouble::DeadStep { .. } => true,
        };
        if holds { Ok(()) } else { Err(format!("replayed, the trace of {self:?} ends in {case:?}")) }
    }
}

/// Judges by all that was found.
pub(crate) fn judge(ground: &Ground<'_>, limits: &Limits, found: Found) -> Soundness {
    let judge = Judge { ground, limits, found };
    let endless = judge.endless();
    let mut troubles = judge.stuck();
    if endless.is_some() {
        // With more and more tokens there are more and more ways of it.
        troubles.truncate(1);
    }
    troubles.extend(judge.livelock());
    troubles.extend(endless);
    troubles.extend(judge.incidents());
    troubles.extend(judge.ends_again());
    if !judge.found.cut {
        troubles.extend(judge.dead_steps());
    }
    let verdict = match (troubles.is_empty(), judge.found.cut) {
        (false, _) => Verdict::Unsound,
        (true, true) => Verdict::Unknown,
        (true, false) => Verdict::Sound,
    };
    let idle = |crack: &usize| !judge.found.cut && !judge.found.struck[*crack];
    Soundness {
        verdict,
        troubles,
        complete: !judge.found.cut,
        too_many_states: judge.found.too_many_states,
        idle_cracks: (0..judge.found.struck.len()).filter(idle).map(|crack| CrackIx(crack as u16)).collect(),
        states: judge.found.states.len(),
        transitions: judge.found.states.transitions(),
    }
}

struct Judge<'a> {
    ground: &'a Ground<'a>,
    limits: &'a Limits,
    found: Found,
}

impl Judge<'_> {
    fn plan(&self) -> &Plan {
        self.ground.plan
    }

    fn trace(&self, state: StateIx) -> (Trace, Situation) {
        let way = self.found.states.way_to(state);
        Trace::through(self.ground, &self.found.states, &way, |_, _| true, |_| {})
    }

    /// States in which nothing can happen. Where a token is an incident, that is the trouble.
    fn stuck(&self) -> Vec<Trouble> {
        let stopped = |places: &[(StepIx, Phase)]| places.iter().any(|(_, phase)| *phase == Phase::Incident);
        let stuck = self.found.stuck.iter().filter(|(_, places)| !stopped(places));
        let told = stuck.map(|(state, _)| {
            let (trace, situation) = self.trace(*state);
            Trouble::Stuck { waiting: situation.case.explain(self.plan()), trace }
        });
        told.collect()
    }

    /// The first state from which the case can neither end nor get stuck.
    fn livelock(&self) -> Option<Trouble> {
        let states = &self.found.states;
        let looked_into = |state: StateIx| !states.targets(state).is_empty();
        // What was not looked into may lead anywhere.
        let last = states.can_reach(|state| !looked_into(state));
        let state = last.iter().position(|reaches| !reaches)? as StateIx;
        let (trace, situation) = self.trace(state);
        let limits = Limits { most_states: 10_000, ..*self.limits };
        let goes_on = Search::new(self.ground, limits).from(&situation);
        let steps = (0..self.plan().step_count()).filter(|step| goes_on.reached[*step]);
        Some(Trouble::Livelock { steps: steps.map(|step| StepIx(step as u16)).collect(), trace })
    }

    fn incidents(&self) -> Vec<Trouble> {
        let told = self.found.incidents.iter().map(|(from, target, step, reason)| {
            let mut way = self.found.states.way_to(*from);
            way.push(*target);
            let wanted = |there: &Situation, _| incidents(&there.case).any(|found| found == (*step, reason));
            let (trace, _) = Trace::through(self.ground, &self.found.states, &way, wanted, |_| {});
            Trouble::Incident { step: *step, reason: reason.clone(), trace }
        });
        told.collect()
    }

    fn ends_again(&self) -> Vec<Trouble> {
        let told = self.found.end_again.iter().map(|(from, target, end)| {
            let mut way = self.found.states.way_to(*from);
            way.push(*target);
            let wanted = |_: &Situation, noticed| noticed == Some(Noticed::EndAgain(*end));
            let (trace, _) = Trace::through(self.ground, &self.found.states, &way, wanted, |_| {});
            Trouble::EndAgain { end: *end, trace }
        });
        told.collect()
    }

    /// Tokens that become more and more: on the way to the state with too many of them, the case has been in one with the
    /// same tokens and fewer. Whatever led from there leads on again, where no step asks who else is there.
    fn endless(&self) -> Option<Trouble> {
        let state = self.found.too_many?;
        let asks = |step: &grieta_core::definition::Step| {
            use grieta_core::definition::{JoinRule, Kind};
            let live = matches!(step.kind, Kind::Join(JoinRule::Live | JoinRule::First { .. }));
            live || step.lock.is_some() || step.only_while.is_some()
        };
        if self.plan().definition().steps.values().any(asks) {
            return None;
        }
        let way = self.found.states.way_to(state);
        let mut passed: Vec<Option<Places>> = vec![None];
        let see = |situation: &Situation| passed.push(places(&situation.case));
        Trace::through(self.ground, &self.found.states, &way, |_, _| true, see);
        let before = |at: usize| passed.iter().take(at).rev().flatten();
        let grown = passed.iter().enumerate().find_map(|(at, many)| {
            let many = many.as_ref()?;
            let fewer = before(at).find(|fewer| fewer.len() < many.len() && covers(many, fewer))?;
            Some((at, difference(many, fewer)))
        });
        let (at, step) = grown?;
        let (trace, _) = Trace::through(self.ground, &self.found.states, way.get(..=at)?, |_, _| true, |_| {});
        Some(Trouble::Endless { step, trace })
    }

    fn dead_steps(&self) -> Vec<Trouble> {
        let dead = (0..self.plan().step_count()).filter(|step| !self.found.reached[*step]);
        dead.map(|step| Trouble::DeadStep { step: StepIx(step as u16) }).collect()
    }
}

type Places = Vec<(StepIx, u8, u16)>;

/// Where the tokens of a case are, in order; `None` where something goes on inside a step.
fn places(case: &Case) -> Option<Places> {
    let flat = case.tokens().all(|(_, item)| item.scope == grieta_core::ScopeIx(0));
    let mut places: Places = case
        .tokens()
        .map(|(_, item)| (item.step, item.phase as u8, if item.phase == Phase::Parked { item.via.0 } else { 0 }))
        .collect();
    places.sort_unstable();
    flat.then_some(places)
}

/// Whether one has all that the other has.
fn covers(many: &Places, fewer: &Places) -> bool {
    let mut rest = many.iter();
    fewer.iter().all(|place| rest.by_ref().any(|other| other == place))
}

/// The place of which there is more.
fn difference(many: &Places, fewer: &Places) -> StepIx {
    let count = |places: &Places, place: &(StepIx, u8, u16)| places.iter().filter(|other| *other == place).count();
    let grown = many.iter().max_by_key(|place| count(many, place) - count(fewer, place).min(count(many, place)));
    grown.map_or(StepIx::NONE, |(step, ..)| *step)
}
