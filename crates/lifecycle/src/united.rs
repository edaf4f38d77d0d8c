//! The definitions of a life cycle, made ready to run as one network: the same people in all of them, and each hand-off
//! written into the end at which it takes place.

mod calendars;
mod people;

use grieta_core::Process;
use grieta_core::definition::{Call, Definition, Expression, Kind, Simulation};
use grieta_core::diagnostic::{Code, Path, Problem, Problems};
use indexmap::IndexMap;

use crate::connections::{Connection, connections};
use crate::definition::{Direction, LifeCycle};
use crate::processes::Processes;

pub(crate) use people::people_of;

/// The definitions of a life cycle, in its order, as one network.
///
/// - All of them have the same `roles`, `persons`, calendars, absences and people who are away, in the same order: whoever has
///   the same name is the same. A role without a calendar has that of its process. The order in which work of a role is
///   taken by what the case is worth (`priority`) stays with each process, whose fields it reads. Of calendars that have the same
///   name and are not alike, the first keeps it; the others are called `process-calendar`.
/// - Each hand-off stands in the `end` where it takes place, as `hand-over`.
/// - A process that no touchpoint begins has no arrivals: its cases come from others.
///
/// Entries without a definition are left out.
///
/// # Errors
/// Where people are described differently by two processes and not settled under `roles` of the life cycle; and where a
/// definition would have no meaning, which [`check`](crate::check) says in more detail. Without places in a file.
pub fn united(life_cycle: &LifeCycle, processes: &Processes) -> Result<Vec<Definition>, Problems> {
    let failed = |list: Vec<Problem>| Problems { source: None, list };
    let people = people_of(life_cycle, processes).map_err(failed)?;
    let (mut definitions, mut problems) = (Vec::new(), Vec::new());
    for (name, found) in processes.broken() {
        let message = found.list.first().map_or("it has no meaning", |problem| problem.message.as_str());
        problems.push(broken(name, message));
    }
    for (name, process) in processes.sound() {
        let mut definition = process.definition().clone();
        people.move_into(name, &mut definition);
        for connection in connections(life_cycle, processes).iter().filter(|connection| connection.from == name) {
            hand_over(&mut definition, connection, |_| true);
        }
        if !begins_outside(life_cycle, name, &definition.start) {
            definition.simulation.iter_mut().for_each(stop_arrivals);
        }
        if let Err(found) = Process::new(definition.clone()) {
            problems.extend(found.list.iter().take(1).map(|problem| broken(name, &problem.message)));
        }
        definitions.push(definition);
    }
    if problems.is_empty() { Ok(definitions) } else { Err(failed(problems)) }
}

fn broken(name: &str, message: &str) -> Problem {
    let message = format!("`{name}` cannot be part of a network: {message}");
    Problem::error(Code::UnsoundProcess, Path::root("processes").key(name), message)
}

/// Lets an end hand over what a connection brings, as far as `fits` takes the fields. What the definition says itself stays.
pub(crate) fn hand_over(definition: &mut Definition, connection: &Connection<'_>, fits: impl Fn(&str) -> bool) {
    let Some(step) = definition.steps.get_mut(connection.step) else { return };
    if let Kind::End { hand_over: own @ None, .. } = &mut step.kind {
        let brought = connection.with.iter().filter(|(field, _)| fits(field));
        let with: IndexMap<String, Expression> = brought.map(|(field, value)| (field.clone(), value.clone())).collect();
        *own = Some(Call { process: connection.to.to_owned(), with });
    }
}

/// Whether customers begin a process by themselves.
fn begins_outside(life_cycle: &LifeCycle, process: &str, start: &String) -> bool {
    life_cycle.touchpoints.values().any(|touchpoint| {
        touchpoint.direction == Direction::In
            && touchpoint.process.as_deref() == Some(process)
            && touchpoint.at.contains(start)
    })
}

/// Nobody comes from outside any more.
fn stop_arrivals(simulation: &mut Simulation) {
    (simulation.arrivals, simulation.together) = (None, None);
    simulation.peaks.clear();
}
