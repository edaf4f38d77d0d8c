//! Steps inside others: each is inside one, and no flow leads across the border.

use std::collections::HashMap;

use super::step_path;
use crate::definition::{Definition, JoinRule, Kind};
use crate::diagnostic::{Code, Path, Problem};
use crate::graph;

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    let mut inside: HashMap<&str, &str> = HashMap::new();
    for (name, step) in &definition.steps {
        if !step.kind.inside().is_empty() || matches!(step.kind, Kind::Subprocess(_) | Kind::ForEach(_)) {
            contained(definition, name, &mut inside, problems);
        }
        if let Kind::Join(rule) = &step.kind {
            problems.extend(count(definition, name, *rule));
        }
    }
    if inside.contains_key(definition.start.as_str()) {
        let message = format!("`{}` is inside another step and cannot be the start", definition.start);
        problems.push(
            Problem::error(Code::Containment, Path::root("start"), message).help("start at the step that contains it"),
        );
    }
    for (name, step) in &definition.steps {
        let home = inside.get(name.as_str());
        let mut crosses = |to: &str, path: Path| {
            if definition.steps.contains_key(to) && inside.get(to) != home {
                let message = format!("`{to}` is not inside the same step as `{name}`");
                let help = "lead to an `end` inside, and go on from the step that contains it";
                problems.push(Problem::error(Code::CrossesScope, path, message).help(help));
            }
        };
        graph::ways(name, step).into_iter().for_each(|way| crosses(way.to, way.path));
        let path = step_path(name);
        if let Kind::Cancel(region) = &step.kind {
            region.iter().enumerate().for_each(|(index, other)| crosses(other, path.key("cancel").index(index)));
        }
        step.only_while.iter().for_each(|other| crosses(other, path.key("only-while")));
    }
}

fn contained<'a>(
    definition: &'a Definition,
    name: &'a str,
    inside: &mut HashMap<&'a str, &'a str>,
    problems: &mut Vec<Problem>,
) {
    let Some(step) = definition.steps.get(name) else { return };
    let path = match &step.kind {
        Kind::ForEach(_) => step_path(name).key("for-each").key("steps"),
        _ => step_path(name).key("subprocess"),
    };
    if step.kind.inside().is_empty() {
        problems.push(
            Problem::error(Code::Containment, path.clone(), "there is no step inside").help("list at least one step"),
        );
    }
    for (index, inner) in step.kind.inside().iter().enumerate() {
        let message = match inside.insert(inner, name) {
            _ if contains(definition, inner, name, 0) => format!("`{inner}` contains `{name}` and cannot be inside it"),
            Some(other) => format!("`{inner}` is inside `{other}` already"),
            None => continue,
        };
        problems.push(
            Problem::error(Code::Containment, path.index(index), message).help("list each step inside one other step"),
        );
    }
}

/// Whether a step is another, or contains it.
fn contains(definition: &Definition, outer: &str, inner: &str, depth: usize) -> bool {
    let steps = definition.steps.get(outer).map_or(&[][..], |step| step.kind.inside());
    outer == inner || (depth < 64 && steps.iter().any(|step| contains(definition, step, inner, depth + 1)))
}

/// A join must not wait for more than can come.
fn count(definition: &Definition, name: &str, rule: JoinRule) -> Option<Problem> {
    let inputs =
        definition.steps.iter().flat_map(|(from, step)| graph::ways(from, step)).filter(|way| way.to == name).count();
    match rule {
        JoinRule::First { count, .. } if count == 0 || count as usize > inputs => {
            let message = format!("`first: {count}` can never be reached: {inputs} flows lead to `{name}`");
            let path = step_path(name).key("join").key("first");
            Some(Problem::error(Code::ImpossibleCount, path, message).help("name a number from 1 to that of the flows"))
        }
        _ => None,
    }
}
