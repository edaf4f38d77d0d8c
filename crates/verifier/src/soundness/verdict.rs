//! What the states that were found say about the process.

use grieta_core::kernel::{Event, Phase, Reason, Status, Waiting};
use grieta_core::{CrackIx, Plan, StepIx};

use super::growth::{Growth, Places, asks_for_others, grown};
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

impl Soundness {
    /// Whether the tokens of a case can become more and more.
    pub fn is_endless(&self) -> bool {
        self.troubles.iter().any(|trouble| matches!(trouble, Trouble::Endless { .. }))
    }

    /// The same, and the tokens become more and more.
    pub(super) fn with(mut self, growth: Growth) -> Soundness {
        let Growth { trace, step } = growth;
        let grave = |trouble: &Trouble| matches!(trouble, Trouble::Stuck { .. } | Trouble::Livelock { .. });
        let at = self.troubles.iter().take_while(|trouble| grave(trouble)).count();
        self.troubles.insert(at, Trouble::Endless { step, trace });
        self.verdict = Verdict::Unsound;
        self
    }
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
        if let Some(Growth { trace, step }) = self.found.growth.clone() {
            return Some(Trouble::Endless { step, trace });
        }
        let state = self.found.too_many?;
        if asks_for_others(self.plan()) {
            return None;
        }
        let way = self.found.states.way_to(state);
        let mut passed: Vec<Option<Places>> = vec![None];
        let see = |there: &Situation| passed.push(Places::of(self.plan(), &there.case, |_| 0));
        Trace::through(self.ground, &self.found.states, &way, |_, _| true, see);
        let (at, step) = grown(&passed, |_| true)?;
        let (trace, _) = Trace::through(self.ground, &self.found.states, way.get(..=at)?, |_, _| true, |_| {});
        Some(Trouble::Endless { step, trace })
    }

    fn dead_steps(&self) -> Vec<Trouble> {
        let dead = (0..self.plan().step_count()).filter(|step| !self.found.reached[*step]);
        dead.map(|step| Trouble::DeadStep { step: StepIx(step as u16) }).collect()
    }
}
