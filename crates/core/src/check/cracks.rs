//! A crack's keys must fit its trigger, and its response must be possible at its step.

use super::step_path;
use crate::definition::{Crack, Definition, Kind, Response, Step, Trigger};
use crate::diagnostic::{Code, Path, Problem};

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    for (name, step) in &definition.steps {
        for (crack, declared) in &step.cracks {
            let path = step_path(name).key("cracks").key(crack);
            problems.extend(trigger(step, declared, &path));
            problems.extend(response(step, declared, &path));
        }
    }
}

fn trigger(step: &Step, crack: &Crack, path: &Path) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut must = |holds: bool, key: &str, message: String, help: &str| {
        if !holds {
            found.push(Problem::error(Code::CrackTrigger, path.key(key), message).help(help));
        }
    };
    let (on, kind) = (crack.on.key(), step.kind.key());
    let possible = triggers(&step.kind);
    let help = match possible {
        [] => "move it to a step that takes time".to_owned(),
        some => format!("it can have {}", some.iter().map(|t| t.key()).collect::<Vec<_>>().join(", ")),
    };
    must(possible.contains(&crack.on), "on", format!("a `{kind}` step cannot have a crack on `{on}`"), &help);
    let timed = matches!(crack.on, Trigger::Deadline | Trigger::Unavailable);
    let needs = "a `deadline` needs `after`, the time by which the step should be done".to_owned();
    must(crack.on != Trigger::Deadline || crack.after.is_some(), "on", needs, "add `after: 24 bh` or the like");
    must(
        timed || crack.after.is_none(),
        "after",
        format!("`after` has no meaning on `{on}`"),
        "only `deadline` and `unavailable` have it",
    );
    let guarded = crack.on == Trigger::Constraint;
    must(
        guarded || crack.when.is_none(),
        "when",
        format!("`when` has no meaning on `{on}`"),
        "only `constraint` has it",
    );
    found
}

fn triggers(kind: &Kind) -> &'static [Trigger] {
    use Trigger::{Constraint, Deadline, External, Failure, Unavailable};
    match kind {
        Kind::Human { .. } => &[Failure, Deadline, Unavailable, External, Constraint],
        Kind::Service { .. } | Kind::Wait { .. } | Kind::Receive(_) | Kind::Call(_) => {
            &[Failure, Deadline, External, Constraint]
        }
        Kind::Pause(_) => &[Deadline, External],
        Kind::Subprocess(_) | Kind::ForEach(_) => &[Failure, Deadline, External, Constraint],
        Kind::Assign | Kind::Choose(_) | Kind::Some(_) => &[Constraint],
        Kind::Fork(_) | Kind::Race(_) | Kind::Join(_) | Kind::Cancel(_) | Kind::Send(_) | Kind::End { .. } => &[],
    }
}

fn response(step: &Step, crack: &Crack, path: &Path) -> Option<Problem> {
    let human = matches!(step.kind, Kind::Human { .. });
    let worked = human || matches!(step.kind, Kind::Service { .. });
    let waits = matches!(step.kind, Kind::Wait { .. } | Kind::Pause(_) | Kind::Receive(_) | Kind::Call(_));
    let completed = worked || waits || !step.kind.inside().is_empty();
    let (message, help) = match &crack.response {
        Some(Response::Retry { .. }) if !worked => {
            ("only the work of a `human` or `service` step can be retried", "use `then`")
        }
        Some(Response::Restart) if !worked => {
            ("only the work of a `human` or `service` step can be restarted", "use `then`")
        }
        Some(Response::Reoffer(_)) if !human => ("only the work of a `human` step can be offered again", "use `then`"),
        Some(Response::Reallocate(_)) if !human => ("only the work of a `human` step can be reallocated", "use `then`"),
        Some(Response::Skip(_)) if !completed => ("this step cannot be skipped: it has no work", "use `then`"),
        Some(Response::Skip(None)) if !step.outcomes.is_empty() => {
            ("the step has outcomes, and `skip` does not say which one to take", "write `skip: outcome`")
        }
        Some(Response::Fail) if crack.then.is_none() => {
            ("`fail` gives the work up but does not say where to go", "add `then`")
        }
        Some(answer) if crack.then.is_some() && !goes_on_elsewhere(answer) => {
            ("`then` has no meaning with this response", "remove `then`, or use it without `do`")
        }
        Some(answer) if crack.interrupts.is_some_and(|said| said != answer.interrupts()) => {
            ("`interrupts` contradicts the response", "remove `interrupts`")
        }
        _ => return None,
    };
    Some(Problem::error(Code::CrackResponse, path.key("do"), message).help(help))
}

/// Whether a case may go on at another step after a response, or besides it.
fn goes_on_elsewhere(response: &Response) -> bool {
    matches!(response, Response::Retry { .. } | Response::Fail | Response::Continue)
}
