//! Reads on some way to which nothing has written the field, where some step does write it.

use grieta_core::diagnostic::{Code, Path, Problem};

use super::fields::{Fields, Read};
use super::written::Written;

pub(super) fn find(written: &Written<'_>) -> Vec<Problem> {
    let fields = written.fields;
    let mut problems = Vec::new();
    for (at, step) in fields.definition.steps.values().enumerate() {
        let Some(before) = written.before(at) else { continue };
        let there = |read: &Read| {
            read.copes || before.contains(read.field) || fields.known_where(step, read).contains(read.field)
        };
        let mut told = fields.none();
        for read in fields.reads(step).into_iter().filter(|read| !there(read)) {
            // Whoever lists a field that nobody else writes finds what came with the case.
            let listed = read.at.0.first() == Path::root("reads").0.first();
            let writers = &fields.writers[read.field];
            let other = writers.iter().copied().find(|writer| *writer != at);
            let writer = other.or_else(|| writers.first().copied().filter(|_| !listed));
            if let Some(writer) = writer.filter(|_| !told.put(read.field)) {
                problems.push(problem(fields, at, read, writer));
            }
        }
    }
    problems
}

fn problem(fields: &Fields<'_>, step: usize, read: Read, writer: usize) -> Problem {
    let (name, field) = (fields.step(step), fields.name(read.field));
    let place = Path([fields.path(step).0, read.at.0].concat());
    let message = format!("`{name}` may read `{field}` before anything has written it");
    let problem = Problem::warning(Code::ReadBeforeWritten, place, message);
    let known = format!("`{}` writes it, but is not on every way", fields.step(writer));
    let problem = problem.related(known, fields.path(writer));
    problem.help("let it be written on every way there, give it an `initial`, or ask `has(…)`")
}
