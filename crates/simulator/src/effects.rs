//! What one change of a process would bring: one person more, one hour more, one crack fewer, one response fewer. By finite differences: the
//! process is simulated with the change and without, on the same customers.

use std::cmp::Ordering;
use std::sync::Arc;

use grieta_core::definition::{CrackChange, CrackName, Definition, Span, WhatIf};
use grieta_core::diagnostic::Problems;
use grieta_core::{Plan, Process};
use serde::Serialize;

use crate::change::changed;
use crate::compare::{Change, Comparison, Verdict, compare};
use crate::experiment::{Simulation, SimulationError};
use crate::hours::may_open_longer;
use crate::inputs::Inputs;
use crate::results::Results;

/// A change of a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "change")]
pub enum Lever {
    /// There is one person more.
    Person {
        /// Of this role.
        role: String,
    },
    /// Its people are there an hour longer each day.
    Hour {
        /// Of this role.
        role: String,
    },
    /// A crack never strikes.
    NoCrack {
        /// Where; `None` for a crack of the process.
        step: Option<String>,
        /// Which.
        crack: String,
    },
    /// A crack strikes, and nobody answers: what its response is worth, seen from the other side.
    NoResponse {
        /// Where; `None` for a crack of the process.
        step: Option<String>,
        /// Which.
        crack: String,
    },
}

/// What a change brings.
#[derive(Debug, Clone, Serialize)]
pub struct Effect {
    /// The change.
    #[serde(flatten)]
    pub lever: Lever,
    /// Whether every role can keep up after it.
    pub stable: bool,
    /// What changes: from the process as it is to the process with the change.
    pub comparison: Comparison,
    /// The step where cases wait most after it.
    pub next_bottleneck: Option<String>,
}

/// What each change would bring.
#[derive(Debug, Clone, Serialize)]
pub struct Effects {
    /// Whether every role can keep up without any change.
    pub stable: bool,
    /// The step where cases wait most without any change.
    pub bottleneck: Option<String>,
    /// The seed with which each change was tried.
    pub seed: u64,
    /// How many replications each had.
    pub replications: u64,
    /// What the process came from without any change.
    pub inputs: Inputs,
    /// The changes, first those that let the roles keep up, then those by which fewer cases never end, then by how much time
    /// cases gain.
    pub effects: Vec<Effect>,
}

/// Why the effects cannot be found out.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum EffectsError {
    /// The process cannot be simulated.
    #[error("{0}")]
    Problems(Problems),
    /// The experiment cannot be run.
    #[error("{0}")]
    Simulation(#[from] SimulationError),
    /// Differences need replications.
    #[error("expected at least 2 replications, because every effect is a difference with an interval")]
    TooFew,
}

impl Lever {
    /// All that a definition offers: for each role a person more, and an hour longer where it has hours; and each crack that
    /// strikes by chance or has a response.
    pub fn all(definition: &Definition) -> Vec<Lever> {
        let roles = definition.roles.keys().flat_map(|role| {
            let hour = may_open_longer(definition, role).then(|| Lever::Hour { role: role.clone() });
            std::iter::once(Lever::Person { role: role.clone() }).chain(hour)
        });
        let cracks = CrackName::all(definition).into_iter().flat_map(|name| {
            let declared = definition.crack_named(&name);
            let strikes =
                declared.is_some_and(|crack| crack.chance.is_some() || crack.patience.is_some() || crack.when_full);
            let answered = declared.is_some_and(|crack| crack.response.is_some() || crack.then.is_some());
            let CrackName { step, crack } = name;
            let without = strikes.then(|| Lever::NoCrack { step: step.clone(), crack: crack.clone() });
            without.into_iter().chain(answered.then_some(Lever::NoResponse { step, crack }))
        });
        roles.chain(cracks).collect()
    }

    /// The change of that definition.
    pub(crate) fn what_if(&self, definition: &Definition) -> WhatIf {
        let crack = |step: &Option<String>, crack: &String| CrackName { step: step.clone(), crack: crack.clone() };
        match self {
            Lever::Person { role } => {
                let people = definition.roles.get(role).map_or(0, |role| role.people.count());
                WhatIf::people(role, u32::try_from(people).unwrap_or(u32::MAX).saturating_add(1))
            }
            Lever::Hour { role } => WhatIf::open_longer(role, Span::minutes(60)),
            Lever::NoCrack { step, crack: name } => WhatIf::cracks(Some(&crack(step, name)), CrackChange::Never),
            Lever::NoResponse { step, crack: name } => {
                WhatIf::cracks(Some(&crack(step, name)), CrackChange::Unanswered)
            }
        }
    }
}

impl Effect {
    /// Whether something significant is gained: fewer cases never end; or, where as many do as before, cases take
    /// less time or fewer clocks run out.
    pub fn is_gain(&self) -> bool {
        let Comparison { cycle_time, cycle_p90, stuck, clocks, .. } = &self.comparison;
        let clocks = clocks.iter().map(|(_, change)| change);
        match stuck.map(|change| change.verdict) {
            Some(Verdict::Less) => true,
            Some(Verdict::More) => false,
            _ => [cycle_time, cycle_p90]
                .into_iter()
                .flatten()
                .chain(clocks)
                .any(|change| change.verdict == Verdict::Less),
        }
    }

    /// By what changes are ranked: roles that keep up, then how many more cases never end, as far as that is more than chance,
    /// then how much longer cases take, in the mean, in seconds.
    fn rank(&self) -> (bool, f64, f64) {
        let more = |change: Option<Change>| change.map_or(0.0, |change| change.to - change.from);
        let stuck = self.comparison.stuck.filter(|change| change.verdict != Verdict::NoSignificantDifference);
        (!self.stable, more(stuck), more(self.comparison.cycle_time))
    }
}

impl Effects {
    /// Simulates a process as it is and with each change that it offers; `set_up` says with how many cases and
    /// replications, and with which seed.
    ///
    /// # Errors
    /// When it cannot be simulated, or with fewer than two replications.
    pub fn of(
        process: &Arc<Process>,
        set_up: impl Fn(Simulation) -> Simulation,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Effects, EffectsError> {
        let levers = Lever::all(process.definition());
        let all = levers.len() as u64 + 1;
        let base = set_up(Simulation::new(process).map_err(EffectsError::Problems)?).run()?;
        progress(1, all);
        let mut effects = Vec::new();
        for (done, lever) in (2..).zip(levers) {
            let what_if = lever.what_if(process.definition());
            // Of what no longer makes sense there is nothing to say: a step to which only a crack led.
            if let Some(found) = simulated(process, &what_if).map(|simulation| set_up(simulation).run()).transpose()? {
                let comparison = compare(&base, &found).ok_or(EffectsError::TooFew)?;
                effects.push(Effect { lever, stable: found.stable, comparison, next_bottleneck: bottleneck(&found) });
            }
            progress(done, all);
        }
        let in_order = |one: &Effect, other: &Effect| one.rank().partial_cmp(&other.rank());
        effects.sort_by(|one, other| in_order(one, other).unwrap_or(Ordering::Equal));
        let (seed, replications, inputs) = (base.seed, base.replications, base.inputs.clone());
        Ok(Effects { stable: base.stable, bottleneck: bottleneck(&base), seed, replications, inputs, effects })
    }

    /// The changes by which something significant is gained.
    pub fn gains(&self) -> impl Iterator<Item = &Effect> {
        self.effects.iter().filter(|effect| effect.is_gain() || (effect.stable && !self.stable))
    }
}

/// A simulation of a process with a change, where that still makes sense.
pub(crate) fn simulated(process: &Process, what_if: &WhatIf) -> Option<Simulation> {
    let process = changed(process, what_if).ok().filter(|process| Plan::new(process.clone()).is_ok());
    process.and_then(|process| Simulation::new(&process).ok())
}

fn bottleneck(results: &Results) -> Option<String> {
    results.bottlenecks.first().map(|found| found.step.clone())
}
