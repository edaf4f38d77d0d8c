//! What a queue says must have a meaning, and whoever comes to a full one must be answered.

use super::step_path;
use crate::definition::{Crack, Definition, Kind, Role};
use crate::diagnostic::{Code, Path, Problem};

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    for (name, role) in &definition.roles {
        let path = Path::root("roles").key(name).key("queue");
        if role.queue.interrupts && role.queue.priority.is_none() {
            let message = "work is interrupted for work of a higher priority, and nothing says what has one";
            let help = "add `priority`, an expression, or remove `interrupts`";
            problems.push(Problem::error(Code::InvalidQueue, path.key("interrupts"), message).help(help));
        }
    }
    for (name, step) in &definition.steps {
        let Kind::Human { role, .. } = &step.kind else { continue };
        let Some(declared) = definition.roles.get(role) else { continue };
        let mut answers = step.cracks.iter().filter(|(_, crack)| crack.when_full);
        match (declared.queue.room, answers.next()) {
            (Some(_), None) => problems.push(unanswered(name, role)),
            (None, Some((crack, _))) => problems.push(never_full(name, crack, role, declared)),
            _ => {}
        }
    }
}

fn unanswered(step: &str, role: &str) -> Problem {
    let path = Path::root("roles").key(role).key("queue").key("room");
    let message = format!("the work of `{step}` may find no room, and nothing says what happens then");
    let help =
        "give the step a crack, such as `full: { on: unavailable, when-full: true, do: fail, then: other-step }`";
    let problem = Problem::error(Code::InvalidQueue, path, message).help(help);
    problem.related("this work goes to that queue", step_path(step).key("human"))
}

fn never_full(step: &str, crack: &str, role: &str, declared: &Role) -> Problem {
    let path = step_path(step).key("cracks").key(crack).key("when-full");
    let message = format!("the queue of `{role}` has room for any number of work items, and is never full");
    let help = match declared.queue.is_first_come() {
        true => format!("say how many may wait, as in `{role}: {{ queue: {{ room: 20 }} }}`, or remove the crack"),
        false => "say how many may wait, as in `room: 20` in the queue of the role, or remove the crack".to_owned(),
    };
    Problem::error(Code::InvalidQueue, path, message).help(help)
}

/// What is wrong with the keys of a crack that are about waiting.
pub(super) fn misplaced(crack: &Crack) -> Option<(&'static str, String, &'static str)> {
    use crate::definition::Trigger::{External, Unavailable};
    let on = crack.on.key();
    match () {
        () if crack.when_full && crack.on != Unavailable => Some((
            "when-full",
            format!("`when-full` has no meaning on `{on}`"),
            "only `unavailable` has it; remove it, or change `on`",
        )),
        () if crack.when_full && crack.after.is_some() => Some((
            "after",
            "a crack that strikes when the queue is full strikes at once".to_owned(),
            "remove `after`, or make two cracks of it",
        )),
        () if crack.when_full && crack.chance.is_some() => Some((
            "chance",
            "whether the queue is full is no matter of chance".to_owned(),
            "remove `chance`, or make two cracks of it",
        )),
        () if crack.patience.is_some() && crack.on != External => Some((
            "patience",
            format!("`patience` has no meaning on `{on}`"),
            "only `external` has it: somebody outside gives up; remove it, or change `on`",
        )),
        () => None,
    }
}
