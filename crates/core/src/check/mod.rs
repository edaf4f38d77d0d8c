//! Decides whether a definition has a meaning: every rule is a file, and each reports all that it finds.

mod arrivals;
mod attributes;
mod chances;
mod clocks;
mod cracks;
mod data;
mod flows;
mod goals;
mod inside;
mod parallel;
mod people;
mod persons;
mod queues;
mod references;
mod reviews;
mod rules;
mod size;
mod waivers;
mod what_if;

use crate::definition::Definition;
use crate::diagnostic::{Path, Problem};
use crate::expression::Schema;

pub(crate) use what_if::change;

/// Everything wrong with a definition, without places.
pub(crate) fn check(definition: &Definition, schema: &Schema) -> Vec<Problem> {
    let mut problems = Vec::new();
    size::check(definition, &mut problems);
    references::check(definition, &mut problems);
    chances::check(definition, &mut problems);
    clocks::check(definition, &mut problems);
    cracks::check(definition, &mut problems);
    people::check(definition, &mut problems);
    persons::check(definition, &mut problems);
    queues::check(definition, &mut problems);
    rules::check(definition, &mut problems);
    goals::check(definition, &mut problems);
    data::check(definition, schema, &mut problems);
    inside::check(definition, &mut problems);
    parallel::check(definition, &mut problems);
    attributes::check(definition, &mut problems);
    flows::check(definition, &mut problems);
    waivers::check(definition, &mut problems);
    reviews::check(definition, &mut problems);
    arrivals::check(definition, &mut problems);
    what_if::check(definition, &mut problems);
    problems
}

/// The path of a step.
fn step_path(name: &str) -> Path {
    Path::root("steps").key(name)
}
