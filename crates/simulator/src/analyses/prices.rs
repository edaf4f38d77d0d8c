//! What each crack costs, and what each response is worth: the process as it is against the same without the crack, and
//! with nobody answering it, on the same customers.

use std::cmp::Ordering;
use std::sync::Arc;

use grieta_core::definition::{Care, Crack, Definition, Trigger};
use grieta_core::{CrackIx, Process, StepIx};
use serde::Serialize;

use crate::compare::{Change, Comparison, Counts, Verdict, change, compare};
use crate::effects::{EffectsError, Lever, simulated};
use crate::experiment::Simulation;
use crate::model::Model;
use crate::results::Results;

/// What a crack costs and what its response is worth.
#[derive(Debug, Clone, Serialize)]
pub struct Price {
    /// The crack.
    pub crack: String,
    /// Its step; absent for a crack of the process.
    pub step: Option<String>,
    /// Its name for people.
    pub name: Option<String>,
    /// How often it strikes, by case, as it is.
    pub struck_per_case: f64,
    /// From the process without the crack to the process as it is. Absent for a crack that nothing makes strike in a
    /// simulation, or that strikes by time alone, unnoticed.
    pub cost: Option<Difference>,
    /// From the process in which nobody answers the crack to the process as it is. Absent where nobody answers.
    pub worth: Option<Difference>,
}

/// What changes from another process to the one as it is.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// Whether every role can keep up in the other process.
    pub stable: bool,
    /// What changes.
    pub comparison: Comparison,
    /// How much longer the cases wait for people that the crack does not strike, in seconds, over all visits of a case. The
    /// same cases in both: those it would strike if it were there are left out of the other one, too. Only known of cracks
    /// with a chance, against the process without them.
    pub spill_over: Option<Change>,
}

/// What every crack costs.
#[derive(Debug, Clone, Serialize)]
pub struct Prices {
    /// Whether every role can keep up as it is.
    pub stable: bool,
    /// Cracks without which roles could keep up first, then those by which most cases never end, then by how much time they
    /// cost.
    pub cracks: Vec<Price>,
}

impl Prices {
    /// Simulates a process as it is, and for each crack without it and with nobody answering it; `set_up` says with how many
    /// cases and replications, and with which seed.
    ///
    /// # Errors
    /// When it cannot be simulated, or with fewer than two replications.
    pub fn of(
        process: &Arc<Process>,
        set_up: impl Fn(Simulation) -> Simulation,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Prices, EffectsError> {
        let definition = process.definition();
        let declared = declared(definition);
        let runs = declared.iter().map(|(step, name, crack)| levers(step, name, crack).into_iter().flatten().count());
        let all = 1 + runs.sum::<usize>() as u64;
        let as_is = Simulation::new(process).map_err(EffectsError::Problems)?.watching();
        let plan = as_is.plan().clone();
        let as_is = set_up(as_is);
        let base = as_is.run()?;
        let mut done = 1;
        progress(done, all);
        let mut cracks = Vec::new();
        for (step, name, crack) in declared {
            let place = step.as_ref().map_or_else(|| plan.root(), |step| plan.step(step));
            let index = place.and_then(|place| plan.crack(place, &name));
            let mut against = |lever: Option<Lever>| -> Result<Option<Difference>, EffectsError> {
                let Some(lever) = lever else { return Ok(None) };
                let watched = index.filter(|_| has_chance(&crack) && matches!(lever, Lever::NoCrack { .. }));
                let other = simulated(process, &lever.what_if(definition));
                let other = other.map(|other| match (watched, place) {
                    (Some(crack), Some(step)) => other.watching_for(&as_is, step, crack),
                    _ => other,
                });
                let found = other.map(|other| set_up(other).run()).transpose()?;
                done += 1;
                progress(done, all);
                found.map(|found| difference(&found, &base, watched)).transpose()
            };
            let [off, unanswered] = levers(&step, &name, &crack);
            let (cost, worth) = (against(off)?, against(unanswered)?);
            let struck = index.map_or(0, |index| base.struck(index));
            let struck_per_case = super::each(struck as f64, base.all_cases());
            cracks.push(Price { crack: name, step, name: crack.name, struck_per_case, cost, worth });
        }
        let in_order = |one: &Price, other: &Price| other.rank().partial_cmp(&one.rank());
        cracks.sort_by(|one, other| in_order(one, other).unwrap_or(Ordering::Equal));
        Ok(Prices { stable: base.stable, cracks })
    }
}

/// All cracks of a definition, with their steps.
fn declared(definition: &Definition) -> Vec<(Option<String>, String, Crack)> {
    let of_steps = definition.steps.iter().map(|(step, declared)| (Some(step), &declared.cracks));
    let all = of_steps.chain([(None, &definition.cracks)]);
    let each = all.flat_map(|(step, cracks)| cracks.iter().map(move |crack| (step, crack)));
    each.map(|(step, (name, crack))| (step.cloned(), name.clone(), crack.clone())).collect()
}

/// Whether it strikes by nothing but a chance, so that it is known of every case.
fn has_chance(crack: &Crack) -> bool {
    crack.chance.is_some() && crack.patience.is_none()
}

/// The changes against which a crack is priced: without it, and with nobody answering.
fn levers(step: &Option<String>, name: &str, crack: &Crack) -> [Option<Lever>; 2] {
    let (step, name) = (step.clone(), name.to_owned());
    let by_time = matches!(crack.on, Trigger::Deadline | Trigger::Unavailable) && crack.care() != Care::Ignored;
    let strikes = by_time || crack.chance.is_some() || crack.when.is_some() || crack.patience.is_some();
    let answered = crack.response.is_some() || crack.then.is_some();
    [
        strikes.then(|| Lever::NoCrack { step: step.clone(), crack: name.clone() }),
        answered.then_some(Lever::NoResponse { step, crack: name }),
    ]
}

fn difference(other: &Results, base: &Results, watched: Option<CrackIx>) -> Result<Difference, EffectsError> {
    let comparison = compare(other, base).ok_or(EffectsError::TooFew)?;
    let both = other.stable && base.stable;
    let spill_over = watched.filter(|_| both).and_then(|crack| {
        change(
            other,
            base,
            Counts::Time,
            |means| means.spared.first().copied().flatten(),
            |means| means.spared.get(crack.at()).copied().flatten(),
        )
    });
    Ok(Difference { stable: other.stable, comparison, spill_over })
}

impl Price {
    /// By what cracks are ranked: roles that could keep up without it, cases that never end because of it, as far as that is
    /// more than chance, time that it costs.
    fn rank(&self) -> (bool, f64, f64) {
        let Some(Difference { stable, comparison, .. }) = &self.cost else { return (false, 0.0, 0.0) };
        let more = |change: Option<Change>| change.map_or(0.0, |change| change.to - change.from);
        let stuck = comparison.stuck.filter(|change| change.verdict != Verdict::NoSignificantDifference);
        let overloads = *stable && comparison.cycle_time.is_none();
        (overloads, more(stuck), more(comparison.cycle_time))
    }
}

impl Model {
    /// Has cases note by which cracks they are struck.
    pub fn watch_all(&mut self) {
        self.watched = self.plan.crack_count();
        let lists = self.steps.iter_mut().flat_map(|step| [&mut step.failing, &mut step.silent, &mut step.outside]);
        lists.flatten().for_each(|crack| crack.mark = crack.crack.0);
    }

    /// Has cases note whether they would be struck by a crack of another model, which is the same but for that crack.
    pub fn watch_for(&mut self, other: &Model, step: StepIx, crack: CrackIx) {
        let (Some(own), Some(theirs)) = (self.steps.get_mut(step.at()), other.steps.get(step.at())) else { return };
        self.watched = 1;
        let own = [&mut own.failing, &mut own.silent, &mut own.outside];
        for (own, theirs) in own.into_iter().zip([&theirs.failing, &theirs.silent, &theirs.outside]) {
            if let Some(at) = theirs.iter().position(|other| other.crack == crack) {
                let mut ghost = theirs[at].clone();
                (ghost.mark, ghost.ghost) = (0, true);
                own.insert(at.min(own.len()), ghost);
            }
        }
    }
}
