//! Which work is independent of all else that goes on in a case.
//!
//! What a token does at a local step neither changes what others can do nor can be changed by them: it only moves the
//! token itself to where others meet it, at an end or a join that waits for all. So the moves of one such token are a
//! strong stubborn set (Valmari, "Stubborn sets for reduced state space generation", 1991), and looking into them alone
//! leaves every way a case can end or get stuck, and with it whether it may always end (Valmari, "Stop it, and be
//! stubborn!", 2017).

use super::at_once::{cancels, reached_at_once};
use super::beside::Beside;
use super::moves::Aim;
use grieta_core::definition::{Definition, JoinRule, Kind, Recovery, Step};
use grieta_core::{Plan, StepIx};
use petgraph::algo::kosaraju_scc;

/// For each step, whether its work is independent, and how far upstream it lies.
#[derive(Debug)]
pub(crate) struct Locality {
    local: Vec<bool>,
    rank: Vec<u32>,
}

impl Locality {
    /// What is looked at matters to all others.
    pub fn of(plan: &Plan, beside: &Beside, aim: &Aim) -> Locality {
        let mut survey = Survey::of(plan.definition(), &beside.reached(plan));
        survey.note_eyes(plan);
        survey.note_what_goes_on_beside(plan, beside);
        survey.note_watched(plan, aim);
        let steps = plan.process().graph().node_count();
        let local = (0..steps).map(|step| survey.is_local(plan, step)).collect();
        let mut rank = vec![0; steps];
        // The components come downstream first.
        for (position, component) in kosaraju_scc(plan.process().graph()).into_iter().rev().enumerate() {
            component.into_iter().for_each(|step| rank[step.index()] = position as u32);
        }
        Locality { local, rank }
    }

    /// Where among the steps an independent one lies, from upstream; `None` for one that is not. Upstream goes first, so
    /// that a loop that brings forth more and more tokens is not put off by looking after each of them.
    #[inline]
    pub fn rank(&self, step: StepIx) -> Option<u32> {
        self.local.get(step.at()).copied().unwrap_or(false).then(|| self.rank[step.at()])
    }
}

/// What is said of the steps of a definition, by position.
struct Survey<'a> {
    definition: &'a Definition,
    /// The position of the step that contains it.
    inside: Vec<Option<usize>>,
    /// Others may withdraw or interrupt what goes on here.
    withdrawn: Vec<bool>,
    /// Coming here, or leaving, may matter to others.
    touchy: Vec<bool>,
}

impl<'a> Survey<'a> {
    /// Steps that nothing leads to disturb nobody.
    fn of(definition: &'a Definition, reached: &[bool]) -> Survey<'a> {
        let count = definition.steps.len();
        let mut survey =
            Survey { definition, inside: vec![None; count], withdrawn: vec![false; count], touchy: vec![false; count] };
        for (owner, step) in definition.steps.values().enumerate() {
            for inner in survey.positions(step.kind.inside()) {
                survey.inside[inner] = Some(owner);
            }
        }
        for (position, step) in definition.steps.values().enumerate().filter(|(position, _)| reached[*position]) {
            survey.note(position, step);
        }
        if !definition.cracks.is_empty() {
            survey.withdrawn.fill(true);
        }
        survey.note_clocks();
        survey.spread_inwards();
        survey
    }

    fn positions(&self, names: &[String]) -> Vec<usize> {
        names.iter().filter_map(|name| self.definition.steps.get_index_of(name)).collect()
    }

    /// The steps that lie directly inside the same step as this one.
    fn beside(&self, position: usize) -> Vec<usize> {
        (0..self.inside.len()).filter(|other| self.inside[*other] == self.inside[position]).collect()
    }

    fn note(&mut self, position: usize, step: &Step) {
        match &step.kind {
            Kind::End { terminate: true, .. } => {
                self.touchy[position] = true;
                self.beside(position).into_iter().for_each(|other| self.withdrawn[other] = true);
            }
            Kind::Cancel(region) => {
                self.touchy[position] = true;
                self.positions(region).into_iter().for_each(|other| self.withdrawn[other] = true);
            }
            Kind::Join(JoinRule::First { .. } | JoinRule::Threads(_)) => {
                self.touchy[position] = true;
                self.beside(position).into_iter().for_each(|other| self.withdrawn[other] = true);
            }
            Kind::Join(JoinRule::Live) => {
                self.beside(position).into_iter().for_each(|other| self.touchy[other] = true);
            }
            Kind::Race(branches) => {
                self.positions(branches).into_iter().for_each(|other| self.withdrawn[other] = true);
            }
            Kind::Subprocess(inner) if !step.cracks.is_empty() => {
                self.positions(inner).into_iter().for_each(|other| self.withdrawn[other] = true);
            }
            Kind::ForEach(each) if !step.cracks.is_empty() || each.enough.is_some() || each.growing => {
                self.positions(&each.steps).into_iter().for_each(|other| self.withdrawn[other] = true);
            }
            _ => {}
        }
        if let Some(milestone) = &step.only_while {
            self.touchy[position] = true;
            self.positions(std::slice::from_ref(milestone)).into_iter().for_each(|other| self.touchy[other] = true);
        }
        if step.lock.is_some() || step.undo.is_some() {
            self.touchy[position] = true;
        }
        if cancels(step) {
            self.withdrawn.fill(true);
        }
        if step.cracks.values().any(|crack| crack.recover == Recovery::Compensate) {
            self.touchy[position] = true;
        }
    }

    /// What is done at these steps is seen.
    fn note_watched(&mut self, plan: &Plan, aim: &Aim) {
        for position in 0..self.touchy.len() {
            self.touchy[position] |= aim.watches(plan, StepIx(position as u16));
        }
    }

    /// Whoever does one step of a rule may not do another.
    fn note_eyes(&mut self, plan: &Plan) {
        for position in 0..self.touchy.len() {
            self.touchy[position] |= !plan.other_eyes(StepIx(position as u16)).is_empty();
        }
    }

    /// Clocks matter only by the cracks that strike by them.
    fn note_clocks(&mut self) {
        for (name, clock) in &self.definition.clocks {
            let by = |step: &Step| step.cracks.values().any(|crack| crack.clock.as_ref() == Some(name));
            let struck: Vec<usize> = (0..self.touchy.len()).filter(|at| by(&self.definition.steps[*at])).collect();
            if struck.is_empty() {
                continue;
            }
            let heard =
                [&clock.from, &clock.until, &clock.pause_in].into_iter().flat_map(|names| self.positions(names));
            let heard: Vec<usize> = heard.chain(struck).collect();
            heard.into_iter().for_each(|step| self.touchy[step] = true);
        }
    }

    /// What a crack starts beside the work keeps it from striking again.
    fn note_what_goes_on_beside(&mut self, plan: &Plan, beside: &Beside) {
        for (position, step) in self.definition.steps.values().enumerate() {
            let at = StepIx(position as u16);
            let starts = |name: &String| plan.crack(at, name).is_some_and(|crack| beside.starts(crack));
            if !beside.is_on_the_way(at) || step.cracks.keys().any(starts) {
                self.touchy[position] = true;
            }
        }
    }

    /// What contains a step and is withdrawn takes it along.
    fn spread_inwards(&mut self) {
        for position in 0..self.inside.len() {
            let mut around = self.inside[position];
            // No step contains itself, so that this ends.
            for _ in 0..self.inside.len() {
                let Some(owner) = around else { break };
                if self.withdrawn[owner] {
                    self.withdrawn[position] = true;
                }
                around = self.inside[owner];
            }
        }
    }

    fn is_local(&self, plan: &Plan, position: usize) -> bool {
        let Some((_, step)) = self.definition.steps.get_index(position) else { return false };
        if self.withdrawn[position] || self.touchy[position] || !step.kind.inside().is_empty() {
            return false;
        }
        reached_at_once(plan, StepIx(position as u16)).iter().all(|reached| !self.touchy[reached.step.at()])
    }
}
