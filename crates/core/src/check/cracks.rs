//! A crack's keys must fit its trigger, and its response must be possible at its step, or in the whole process.

use super::{queues, step_path};
use crate::definition::{Crack, Definition, Kind, Response, Step, Trigger};
use crate::diagnostic::{Code, Path, Problem};

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    for (name, step) in &definition.steps {
        for (crack, declared) in &step.cracks {
            let path = step_path(name).key("cracks").key(crack);
            let whose = format!("`{}` steps", step.kind.key());
            problems.extend(trigger(&whose, triggers(&step.kind), declared, &path));
            problems.extend(response(impossible(step, declared), declared, &path));
            problems.extend(waits_for_nobody(step, declared, &path));
        }
    }
    let Some(whole) = definition.whole() else { return };
    problems.extend(name(definition));
    for (crack, declared) in &definition.cracks {
        let path = Path::root("cracks").key(crack);
        problems.extend(trigger("the process", triggers(&whole.kind), declared, &path));
        problems.extend(response(impossible_for_all(declared), declared, &path));
        problems.extend(waits_for_nobody(&whole, declared, &path));
        problems.extend(declared.then.iter().filter_map(|to| meets(definition, to, &path.key("then"))));
    }
}

/// What happens at the process is told from what happens at its steps by the name.
fn name(definition: &Definition) -> Option<Problem> {
    let name = &definition.process;
    let message = format!("`{name}` is the process, which has cracks of its own; a step cannot have the same name");
    let problem = || Problem::error(Code::InvalidName, step_path(name), message).help("give the step another name");
    definition.steps.contains_key(name).then(problem)
}

/// What comes from a crack of the process comes to a join alone.
fn meets(definition: &Definition, to: &str, path: &Path) -> Option<Problem> {
    let kind = &definition.steps.get(to)?.kind;
    let message =
        format!("`{to}` is a join, and nothing that goes on in the process could meet there what comes from here");
    let problem = || Problem::error(Code::CrackResponse, path.clone(), message).help("lead to another step");
    matches!(kind, Kind::Join(_)).then(problem)
}

fn trigger(whose: &str, possible: &[Trigger], crack: &Crack, path: &Path) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut must = |holds: bool, key: &str, message: String, help: &str| {
        if !holds {
            found.push(Problem::error(Code::CrackTrigger, path.key(key), message).help(help));
        }
    };
    let on = crack.on.key();
    let help = match possible {
        [] => "move it to a step that takes time".to_owned(),
        some => format!("it can have {}", Trigger::meanings(some)),
    };
    must(possible.contains(&crack.on), "on", format!("{whose} cannot have a crack on `{on}`"), &help);
    let timed = matches!(crack.on, Trigger::Deadline | Trigger::Unavailable);
    let needs = "a `deadline` needs `after`, the time by which the step should be done, or `clock`".to_owned();
    let counts = crack.after.is_some() || crack.clock.is_some();
    must(
        crack.on != Trigger::Deadline || counts,
        "on",
        needs,
        "add `after: 24 bh` or the like, or the name of a clock, `clock: name`",
    );
    must(
        timed || crack.after.is_none(),
        "after",
        format!("`after` has no meaning on `{on}`"),
        "only `deadline` and `unavailable` have it; remove it, or change `on`",
    );
    let guarded = crack.on == Trigger::Constraint;
    must(
        guarded || crack.when.is_none(),
        "when",
        format!("`when` has no meaning on `{on}`"),
        "only `constraint` has it; remove it, or change `on`",
    );
    if let Some((key, message, help)) = queues::misplaced(crack) {
        must(false, key, message, help);
    }
    found
}

/// Patience is about waiting for a person.
fn waits_for_nobody(step: &Step, crack: &Crack, path: &Path) -> Option<Problem> {
    let human = matches!(step.kind, Kind::Human { .. });
    let message = format!("nobody waits for a person at a `{}` step", step.kind.key());
    let problem = || Problem::error(Code::CrackTrigger, path.key("patience"), message);
    (crack.patience.is_some() && !human).then(|| problem().help("only `human` steps have `patience`; remove it"))
}

fn triggers(kind: &Kind) -> &'static [Trigger] {
    use Trigger::{Constraint, Deadline, External, Failure, Unavailable};
    match kind {
        Kind::Human { .. } => &[Failure, Deadline, Unavailable, External, Constraint],
        Kind::Service { .. } | Kind::Wait { .. } | Kind::Receive(_) | Kind::Call(_) => {
            &[Failure, Deadline, External, Constraint]
        }
        Kind::Pause(_) => &[Deadline, External, Constraint],
        Kind::Subprocess(_) | Kind::ForEach(_) => &[Failure, Deadline, External, Constraint],
        Kind::Assign | Kind::Decide(_) | Kind::Choose(_) | Kind::Some(_) => &[Constraint],
        Kind::Fork(_) | Kind::Race(_) | Kind::Join(_) | Kind::Cancel(_) | Kind::Send(_) | Kind::End { .. } => &[],
    }
}

/// What is wrong, and what to do about it.
type Remedy = (&'static str, &'static str);

/// Why the response of a crack is impossible at its step.
fn impossible(step: &Step, crack: &Crack) -> Option<Remedy> {
    let human = matches!(step.kind, Kind::Human { .. });
    let worked = human || matches!(step.kind, Kind::Service { .. });
    let waits = matches!(step.kind, Kind::Wait { .. } | Kind::Pause(_) | Kind::Receive(_) | Kind::Call(_));
    let completed = worked || waits || !step.kind.inside().is_empty();
    match &crack.response {
        Some(Response::Retry { .. }) if !worked => {
            Some(("only the work of a `human` or `service` step can be retried", "use `then`"))
        }
        Some(Response::Restart) if !worked => {
            Some(("only the work of a `human` or `service` step can be restarted", "use `then`"))
        }
        Some(Response::Reoffer(_)) if !human => {
            Some(("only the work of a `human` step can be offered again", "use `then`"))
        }
        Some(Response::Reallocate(_)) if !human => {
            Some(("only the work of a `human` step can be reallocated", "use `then`"))
        }
        Some(Response::Skip(_)) if !completed => Some(("this step cannot be skipped: it has no work", "use `then`")),
        Some(Response::Retry { backoff: 0, .. }) => Some((
            "the next wait cannot be 0 times as long as the one before",
            "write `backoff: 2` or more, or leave it out",
        )),
        Some(Response::Retry { after: None, backoff: 2.., .. }) => {
            Some(("`backoff` has no meaning without `after`: there is no wait that could grow", "add `after`"))
        }
        Some(Response::Skip(None)) if !step.outcomes.is_empty() => {
            Some(("the step has outcomes, and `skip` does not say which one to take", "write `skip: outcome`"))
        }
        _ => None,
    }
}

/// Why the response of a crack is impossible in the whole process.
fn impossible_for_all(crack: &Crack) -> Option<Remedy> {
    match &crack.response {
        Some(Response::Retry { .. }) => {
            Some(("a process is not retried as a whole", "use `then` with a step to begin again"))
        }
        Some(Response::Restart) => Some(("only the work of a step can be restarted", "use `then`")),
        Some(Response::Reoffer(_)) => Some(("only the work of a `human` step can be offered again", "use `then`")),
        Some(Response::Reallocate(_)) => Some(("only the work of a `human` step can be reallocated", "use `then`")),
        Some(Response::Skip(_)) => {
            Some(("a process is not skipped: nothing comes after it", "use `then` with an `end`, or `do: cancel-case`"))
        }
        _ => None,
    }
}

fn response(impossible: Option<Remedy>, crack: &Crack, path: &Path) -> Option<Problem> {
    let (message, help) = match &crack.response {
        _ if impossible.is_some() => impossible?,
        Some(Response::Fail) if crack.then.is_none() => {
            ("`fail` gives the work up but does not say where to go", "add `then: step`, where the case goes on")
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
