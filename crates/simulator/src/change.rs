//! A process as it would be if something were otherwise: one mechanism for scenarios, effects and stress.

use std::collections::HashSet;
use std::sync::Arc;

use grieta_core::Process;
use grieta_core::definition::{
    Arrivals, Chance, CrackChange, CrackName, Definition, Distribution, Each, Factor, Kind, People, Person, Role,
    Shape, WhatIf,
};
use grieta_core::diagnostic::{Path, Problems};

use crate::hours::open_longer;

/// The process with a change. What becomes of a case from which no end can be reached any more is what one asks about.
///
/// ```
/// use std::sync::Arc;
/// use grieta_core::Process;
/// use grieta_core::definition::{Definition, Factor, Role, Step, WhatIf};
/// use grieta_simulator::changed;
///
/// let definition = Definition::new("desk", "1.0.0")
///     .role("agent", Role::of(1))
///     .step("answer", Step::human("agent").next("done"))
///     .step("done", Step::end());
/// let process = Process::new(definition)?;
/// assert_eq!(changed(&process, &WhatIf::people("agent", 2))?.definition().roles["agent"], Role::of(2));
/// let problems = changed(&process, &WhatIf::people("agnet", 2)).unwrap_err();
/// assert!(problems.to_string().contains("did you mean `agent`?"));
/// # Ok::<(), grieta_core::diagnostic::Problems>(())
/// ```
///
/// # Errors
/// When the change is of what the process does not have, or makes a definition without meaning.
pub fn changed(process: &Process, what_if: &WhatIf) -> Result<Arc<Process>, Problems> {
    let list = what_if.problems(process.definition(), &Path::root("what-if"));
    if !list.is_empty() {
        return Err(Problems { source: None, list });
    }
    Process::what_if(applied(process.definition(), what_if)).map(Arc::new)
}

fn applied(definition: &Definition, what_if: &WhatIf) -> Definition {
    let mut changed = definition.clone();
    fill(&mut changed, what_if);
    if let Some(simulation) = &mut changed.simulation {
        // Other changes are of the process as it is, and may be of what is gone now.
        simulation.what_if.clear();
        simulation.peaks.extend(what_if.peaks.clone());
        if let (Some(arrivals), Some(factor)) = (&mut simulation.arrivals, what_if.arrivals) {
            more(arrivals, factor.as_f64());
        }
        for (role, absence) in &mut simulation.absences {
            let factor = what_if.absences.of(role).map_or(1.0, Factor::as_f64);
            absence.rate_per_year *= factor;
        }
    }
    if !what_if.away.is_empty() {
        changed.simulation.get_or_insert_default().away.extend(what_if.away.clone());
    }
    for (role, by) in &what_if.open_longer {
        open_longer(&mut changed, role, *by);
    }
    lengthen(&mut changed, &what_if.takes);
    for name in CrackName::all(definition) {
        if let Some(change) = what_if.cracks.of(&name.to_string()) {
            change_crack(&mut changed, &name, change);
        }
    }
    changed
}

/// Gives roles as many people as are said: the last leave, or some without a name of their own come.
fn fill(definition: &mut Definition, what_if: &WhatIf) {
    for (role, count) in &what_if.people {
        let taken: HashSet<String> = definition.roles.values().flat_map(|role| role.people.names()).cloned().collect();
        let new = (1..).map(|number: u64| format!("one-more-{number}")).filter(|name| !taken.contains(name));
        staff(definition, role, *count, new);
    }
}

/// Gives a role so many people: where they have names, the last leave, or others with new names come, who have the skills that
/// all of the role have.
pub(crate) fn staff(definition: &mut Definition, role: &str, count: u32, new: impl Iterator<Item = String>) {
    let Some(Role { people, deputies, .. }) = definition.roles.get_mut(role) else { return };
    let names = match people {
        People::Count(old) => return *old = count,
        People::Named(names) => names,
    };
    let skills = |person: &String| definition.persons.get(person).map_or(&[][..], |person| &person.skills);
    let first = names.first().map_or(&[][..], skills);
    let common: Vec<&String> =
        first.iter().filter(|skill| names.iter().all(|person| skills(person).contains(skill))).collect();
    let like_them = Person::with_skills(common.into_iter().map(String::as_str));
    let missing = (count as usize).saturating_sub(names.len());
    names.truncate(count as usize);
    deputies.retain(|person, deputy| names.contains(person) && names.contains(deputy));
    let new: Vec<String> = new.take(missing).collect();
    names.extend(new.iter().cloned());
    if !like_them.skills.is_empty() {
        definition.persons.extend(new.into_iter().map(|name| (name, like_them.clone())));
    }
    let known: HashSet<&String> = definition.roles.values().flat_map(|role| role.people.names()).collect();
    definition.persons.retain(|name, _| known.contains(name));
}

/// So many times as many arrivals: gaps get shorter, or rates higher.
fn more(arrivals: &mut Arrivals, factor: f64) {
    match arrivals {
        Arrivals::Every(gap) => *gap = times(gap, 1.0 / factor),
        Arrivals::Rate { mean, .. } => *mean *= factor,
        // Such a change is refused.
        Arrivals::At(_) => {}
    }
}

/// One factor is for the work of people; a step that is named may be of any kind that takes time.
fn lengthen(definition: &mut Definition, factors: &Each<Factor>) {
    for (name, step) in &mut definition.steps {
        let (takes, is_work) = match &mut step.kind {
            Kind::Human { takes, .. } => (takes, true),
            Kind::Service { takes, .. } | Kind::Wait { takes, .. } => (takes, false),
            _ => continue,
        };
        let factor = factors.of(name).filter(|_| is_work || matches!(factors, Each::Of(_)));
        if let (Some(takes), Some(factor)) = (takes, factor) {
            *takes = times(takes, factor.as_f64());
        }
    }
}

/// Where it is never full, there is room for any number.
fn make_room(definition: &mut Definition, full: &CrackName) {
    let step = full.step.as_ref().and_then(|step| definition.steps.get(step));
    if let Some(Kind::Human { role, .. }) = step.map(|step| &step.kind)
        && let Some(role) = definition.roles.get_mut(role)
    {
        role.queue.room = None;
    }
}

fn change_crack(definition: &mut Definition, name: &CrackName, change: CrackChange) {
    let cracks = match &name.step {
        Some(step) => definition.steps.get_mut(step).map(|step| &mut step.cracks),
        None => Some(&mut definition.cracks),
    };
    let Some(cracks) = cracks else { return };
    if change == CrackChange::Never {
        if cracks.shift_remove(&name.crack).is_some_and(|crack| crack.when_full) {
            make_room(definition, name);
        }
        return;
    }
    let Some(crack) = cracks.get_mut(&name.crack) else { return };
    match change {
        CrackChange::Never => {}
        CrackChange::Unanswered => (crack.response, crack.then, crack.interrupts) = (None, None, None),
        CrackChange::Times(factor) => crack.chance = crack.chance.map(|chance| times_as_likely(chance, factor)),
    }
}

fn times_as_likely(chance: Chance, factor: Factor) -> Chance {
    let parts = u128::from(chance.trillionths()) * u128::from(factor.billionths()) / 1_000_000_000;
    let parts = parts.min(u128::from(Chance::WHOLE)) as u64;
    Chance::from_trillionths(parts).unwrap_or(chance)
}

fn times(distribution: &Distribution, factor: f64) -> Distribution {
    Distribution { unit: distribution.unit, shape: shape_times(&distribution.shape, factor) }
}

/// The shape of so many times what another one gives.
fn shape_times(shape: &Shape, factor: f64) -> Shape {
    let both = |a: &Shape, b: &Shape| (Box::new(shape_times(a, factor)), Box::new(shape_times(b, factor)));
    match *shape {
        Shape::Constant(only) => Shape::Constant(only * factor),
        Shape::Uniform { low, high } => Shape::Uniform { low: low * factor, high: high * factor },
        Shape::Triangular { low, mode, high } => {
            Shape::Triangular { low: low * factor, mode: mode * factor, high: high * factor }
        }
        Shape::Exponential { mean } => Shape::Exponential { mean: mean * factor },
        Shape::Lognormal { mean, cv } => Shape::Lognormal { mean: mean * factor, cv },
        Shape::Gamma { mean, cv } => Shape::Gamma { mean: mean * factor, cv },
        Shape::Weibull { mean, shape } => Shape::Weibull { mean: mean * factor, shape },
        Shape::Empirical(ref values) => Shape::Empirical(values.iter().map(|value| value * factor).collect()),
        Shape::Min(ref a, ref b) => {
            let (a, b) = both(a, b);
            Shape::Min(a, b)
        }
        Shape::Max(ref a, ref b) => {
            let (a, b) = both(a, b);
            Shape::Max(a, b)
        }
    }
}
