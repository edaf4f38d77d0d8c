//! Steps that say nothing about what often goes wrong.

use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;
use crate::coverage::Open;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    subject.coverage.open.iter().map(problem).collect()
}

fn problem(Open { step, questions }: &Open) -> Problem {
    let asked: Vec<String> = questions.iter().map(|question| format!("`{question}`")).collect();
    let message = format!("`{step}` says nothing about {}", asked.join(", "));
    let path = Path::root("steps").key(step);
    Problem::advice(Code::OpenQuestion, path, message).help(
        "answer with a crack that has the trigger or the name, or lists it under `answers`; or waive it under `allow`",
    )
}
