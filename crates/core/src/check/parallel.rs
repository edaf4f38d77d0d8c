//! Parallel branches: a join waits for no more than can come, and a race is between things that can happen.

use std::collections::HashMap;

use indexmap::IndexSet;

use super::step_path;
use crate::definition::{Definition, JoinRule, Kind};
use crate::diagnostic::{Code, Problem};
use crate::graph;

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    let inputs = match definition.steps.values().any(|step| matches!(step.kind, Kind::Join(_))) {
        true => graph::inputs(definition),
        false => HashMap::new(),
    };
    problems.extend(beginnings(definition).into_iter().filter_map(|name| first_of_all(definition, name, &inputs)));
    for (name, step) in &definition.steps {
        match &step.kind {
            Kind::Join(JoinRule::First { count, .. }) => {
                problems.extend(count_problem(name, *count, inputs.get(name.as_str()).copied().unwrap_or(0)));
            }
            Kind::Race(branches) => problems.extend(race(definition, name, branches)),
            Kind::Cancel(region) if region.is_empty() => {
                let path = step_path(name).key("cancel");
                let message = "there is no step to cancel";
                problems.push(Problem::error(Code::MissingKey, path, message).help("list at least one step"));
            }
            _ => {}
        }
    }
}

fn count_problem(name: &str, count: u32, inputs: usize) -> Option<Problem> {
    if count > 0 && count as usize <= inputs {
        return None;
    }
    let message = format!("`first: {count}` can never be reached: {inputs} branches lead to `{name}`");
    let path = step_path(name).key("join").key("first");
    Some(
        Problem::error(Code::ImpossibleCount, path, message)
            .help(format!("write `join: all` to wait for all {inputs}, or a number from 1 to {inputs}")),
    )
}

/// The steps at which a case begins, or what is inside a step, or what undoes one; each once.
fn beginnings(definition: &Definition) -> IndexSet<&str> {
    let start = std::iter::once(definition.start.as_str());
    let inner = definition.steps.values().flat_map(|step| step.kind.inside().first().into_iter().chain(&step.undo));
    start.chain(inner.map(String::as_str)).collect()
}

/// Where something begins there is one token, and no other before that one goes on.
fn first_of_all(definition: &Definition, name: &str, inputs: &HashMap<&str, usize>) -> Option<Problem> {
    let Kind::Join(rule) = &definition.steps.get(name)?.kind else { return None };
    let inputs = inputs.get(name).copied().unwrap_or(0);
    let (awaited, path) = match rule {
        JoinRule::All => (inputs, step_path(name).key("join")),
        JoinRule::Threads(count) => (*count as usize, step_path(name).key("join").key("threads")),
        // Said already where there are fewer branches.
        JoinRule::First { count, .. } if *count as usize > inputs => return None,
        JoinRule::First { count, .. } => (*count as usize, step_path(name).key("join").key("first")),
        JoinRule::Live => return None,
    };
    let message = format!("`{name}` waits for {awaited} branches, but it comes first: only one can come");
    let problem = || Problem::error(Code::ImpossibleCount, path, message).help("begin with what leads to the join");
    (awaited > 1).then(problem)
}

/// Who wins a race is decided by what happens at its branches, so each begins where something can happen.
fn race(definition: &Definition, name: &str, branches: &[String]) -> Vec<Problem> {
    let mut found = Vec::new();
    for (index, branch) in branches.iter().enumerate() {
        let Some(step) = definition.steps.get(branch).filter(|step| !step.kind.takes_time()) else { continue };
        let message = format!("nothing can happen at `{branch}` (`{}`) that would win the race", step.kind.key());
        let help = "begin each branch with work, a wait, a message, a call, or a step that contains others";
        found.push(Problem::error(Code::RaceBranch, step_path(name).key("race").index(index), message).help(help));
    }
    found
}
