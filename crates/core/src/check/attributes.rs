//! Locks, milestones, loops and undoing belong to steps that take time.

use super::step_path;
use crate::definition::{Again, Definition, ForEach, Kind, Late, Step};
use crate::diagnostic::{Code, Problem};

/// More is a slip of the pen.
const MOST_IN_A_BATCH: u32 = 1_000;

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    for (name, step) in &definition.steps {
        problems.extend(attributes(name, step));
        problems.extend(milestone(definition, name, step));
        if let Kind::ForEach(ForEach { enough: None, rest: Late::Cancel, .. }) = &step.kind {
            let path = step_path(name).key("for-each").key("rest");
            let message = "`rest` has no meaning without `enough`: the case goes on when all have ended";
            problems.push(Problem::error(Code::UnknownKey, path, message).help("add `enough`, or remove `rest`"));
        }
    }
}

fn attributes(name: &str, step: &Step) -> Vec<Problem> {
    let path = step_path(name);
    let unknown =
        |key: &str, message: String, help: &str| Problem::error(Code::UnknownKey, path.key(key), message).help(help);
    let mut found = Vec::new();
    if let Some(batch) = &step.batch {
        if !matches!(step.kind, Kind::Human { .. } | Kind::Service { .. }) {
            let message = format!("`batch` has no meaning for this kind of step (`{}`)", step.kind.key());
            found.push(unknown("batch", message, "it belongs to work of people and of services"));
        }
        if batch.of == 0 || batch.of > MOST_IN_A_BATCH {
            let message = format!("expected a batch of 1 to {MOST_IN_A_BATCH}, found {}", batch.of);
            found.push(Problem::error(Code::WrongType, path.key("batch").key("of"), message));
        }
    }
    if !step.kind.takes_time() {
        for key in given(step) {
            let message = format!("`{key}` has no meaning for this kind of step (`{}`)", step.kind.key());
            found.push(unknown(key, message, "it belongs to steps that take time"));
        }
        return found;
    }
    if step.undo.as_deref() == Some(name) {
        found.push(unknown("undo", format!("`{name}` would undo itself"), "name another step"));
    }
    if step.only_while.as_deref() == Some(name) {
        let message = format!("`{name}` would wait for itself");
        found.push(unknown("only-while", message, "name another step"));
    }
    if matches!(step.again, Some(Again::While(_))) && !step.outcomes.is_empty() {
        let message = "with `while` the step may not be done at all, and then it has no outcome".to_owned();
        found.push(unknown("while", message, "use `until`, or `next` instead of `outcomes`"));
    }
    found
}

/// A case is at a milestone for some time.
fn milestone(definition: &Definition, name: &str, step: &Step) -> Option<Problem> {
    let milestone = step.only_while.as_ref()?;
    let kind = &definition.steps.get(milestone)?.kind;
    if kind.takes_time() || matches!(kind, Kind::Join(_)) {
        return None;
    }
    let message = format!("no case stays at `{milestone}` (`{}`), so `{name}` can never begin", kind.key());
    let help = "name a step that takes time";
    Some(Problem::error(Code::UnknownKey, step_path(name).key("only-while"), message).help(help))
}

/// The attributes of the step that have to do with time.
fn given(step: &Step) -> impl Iterator<Item = &'static str> {
    let again = match &step.again {
        Some(Again::While(_)) => Some("while"),
        Some(Again::Until(_)) => Some("until"),
        None => None,
    };
    let named = |key, given: &Option<String>| given.as_ref().map(|_| key);
    let given = [named("lock", &step.lock), named("only-while", &step.only_while), named("undo", &step.undo), again];
    given.into_iter().flatten()
}
