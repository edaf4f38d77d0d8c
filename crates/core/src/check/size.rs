//! A definition must fit the indices by which the kernel counts.

use crate::definition::Definition;
use crate::diagnostic::{Code, Path, Problem};
use crate::graph;

/// The most steps, flows, cracks, roles, fields or decisions a definition may have.
pub(super) const MOST: usize = 60_000;

/// The most clocks: each is asked about every step that a case comes to.
const MOST_CLOCKS: usize = 100;

/// The most calendars: each is prepared for the years from 1970 to 2199.
pub(super) const MOST_CALENDARS: usize = 1_000;

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    let flows: usize = definition.steps.iter().map(|(name, step)| graph::ways(name, step).len()).sum();
    let cracks: usize = definition.steps.values().map(|step| step.cracks.len()).sum();
    let of_all = definition.cracks.len();
    let sets = definition.steps.values().map(|step| step.sets.len()).sum();
    if definition.clocks.len() > MOST_CLOCKS {
        let message = format!("a definition may have at most {MOST_CLOCKS} clocks, found {}", definition.clocks.len());
        problems
            .push(Problem::error(Code::TooLarge, Path::root("clocks"), message).help("keep those that are promised"));
    }
    if definition.calendars.len() > MOST_CALENDARS {
        let found = definition.calendars.len();
        let message = format!("a definition may have at most {MOST_CALENDARS} calendars, found {found}");
        problems.push(
            Problem::error(Code::TooLarge, Path::root("calendars"), message).help("let roles share their calendars"),
        );
    }
    for (section, count) in [
        ("steps", definition.steps.len()),
        ("steps", flows + of_all),
        ("steps", cracks + of_all),
        ("steps", sets),
        ("roles", definition.roles.len()),
        ("persons", definition.persons.len()),
        ("data", definition.data.len()),
        ("decisions", definition.decisions.len()),
    ] {
        if count > MOST {
            let message = format!("a definition may have at most {MOST} of each, found {count} under `{section}`");
            let help = "split it into several processes";
            problems.push(Problem::error(Code::TooLarge, Path::root(section), message).help(help));
        }
    }
}
