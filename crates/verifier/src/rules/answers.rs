//! The same crack is answered the same way everywhere.

use std::collections::HashMap;

use grieta_core::definition::Crack;
use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let mut first: HashMap<&str, (&str, &Crack)> = HashMap::new();
    let mut problems = Vec::new();
    for (step, declared) in &subject.plan.definition().steps {
        for (name, crack) in &declared.cracks {
            match first.get(name.as_str()) {
                None => drop(first.insert(name, (step, crack))),
                Some((_, other)) if same(other, crack) => {}
                Some((other, _)) => problems.push(uneven(name, step, other)),
            }
        }
    }
    problems
}

/// Where the case goes afterwards depends on the step; what is done does not.
fn same(a: &Crack, b: &Crack) -> bool {
    (a.on, &a.response, a.recover) == (b.on, &b.response, b.recover)
}

fn uneven(crack: &str, step: &str, other: &str) -> Problem {
    let path = |step: &str| Path::root("steps").key(step).key("cracks").name(crack);
    let message = format!("crack `{crack}` is answered otherwise at `{step}` than at `{other}`");
    let problem = Problem::advice(Code::UnevenAnswers, path(step), message).related("answered here too", path(other));
    problem.help("answer it the same way, give one of them another name, or say under `allow` why they differ")
}
