//! A definition must fit the indices by which the kernel counts.

use crate::definition::Definition;
use crate::diagnostic::{Code, Path, Problem};
use crate::graph;

/// The most steps, flows, cracks, roles or fields a definition may have.
pub(super) const MOST: usize = 60_000;

/// The most clocks: each is asked about every step that a case comes to.
const MOST_CLOCKS: usize = 100;

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
    for (section, count) in [
        ("steps", definition.steps.len()),
        ("steps", flows + of_all),
        ("steps", cracks + of_all),
        ("steps", sets),
        ("roles", definition.roles.len()),
        ("data", definition.data.len()),
    ] {
        if count > MOST {
            let message = format!("a definition may have at most {MOST} of each, found {count} under `{section}`");
            let help = "split it into several processes";
            problems.push(Problem::error(Code::TooLarge, Path::root(section), message).help(help));
        }
    }
}
