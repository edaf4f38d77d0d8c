//! Steps inside others: each is inside one, and no flow leads across the border.

use std::collections::HashSet;

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::step_path;
use crate::definition::{Definition, Kind, Step};
use crate::diagnostic::{Code, Path, Problem};
use crate::graph;

/// How deep steps may be inside one another.
const DEEPEST: usize = 64;

/// For each step inside another, the one it is inside.
type Homes<'a> = IndexMap<&'a str, &'a str>;

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    let mut homes = Homes::new();
    for (name, step) in &definition.steps {
        problems.extend(listed(definition, name, step, &mut homes));
    }
    problems.extend(homes.keys().filter_map(|name| depth(name, &homes)));
    if let Some(home) = homes.get(definition.start.as_str()) {
        let message = format!("`{}` is inside `{home}` and cannot be the start", definition.start);
        let problem = Problem::error(Code::Containment, Path::root("start"), message);
        let problem = problem.related("listed here", listing(definition, home, &definition.start));
        problems.push(problem.help("start at a step that is inside none"));
    }
    for (name, step) in &definition.steps {
        borders(definition, name, step, &homes, problems);
    }
    for (crack, declared) in &definition.cracks {
        let Some((to, home)) = declared.then.as_ref().and_then(|to| Some((to, homes.get(to.as_str())?))) else {
            continue;
        };
        let path = Path::root("cracks").key(crack).key("then");
        let message = format!("`{to}` is inside `{home}`, where a crack of the process cannot lead");
        let problem = Problem::error(Code::CrossesScope, path, message);
        let problem = problem.related(format!("inside `{home}`"), listing(definition, home, to));
        problems.push(problem.help("lead to a step that is inside no other"));
    }
}

/// The steps that one step contains go into `homes`, unless they are inside another already.
fn listed<'a>(definition: &Definition, name: &'a str, step: &'a Step, homes: &mut Homes<'a>) -> Vec<Problem> {
    if !matches!(step.kind, Kind::ForEach(_) | Kind::Subprocess(_)) {
        return Vec::new();
    }
    let path = list_path(name, &step.kind);
    if step.kind.inside().is_empty() {
        let none = Problem::error(Code::Containment, path, "there is no step inside").help("list at least one step");
        return vec![none];
    }
    let mut found = Vec::new();
    for (index, inner) in step.kind.inside().iter().enumerate() {
        match homes.entry(inner) {
            Entry::Vacant(free) => _ = free.insert(name),
            Entry::Occupied(other) => {
                let message = format!("`{inner}` is inside `{}` already", other.get());
                let help = "list each step inside one other step";
                let problem = Problem::error(Code::Containment, path.index(index), message);
                let first = listing(definition, other.get(), inner);
                found.push(problem.related("listed here first", first).help(help));
            }
        }
    }
    found
}

/// Where the step that contains another lists it.
fn listing(definition: &Definition, home: &str, inner: &str) -> Path {
    let Some(kind) = definition.steps.get(home).map(|step| &step.kind) else { return step_path(home) };
    let position = kind.inside().iter().position(|listed| listed == inner).unwrap_or(0);
    list_path(home, kind).index(position)
}

/// Where a step lists those inside.
fn list_path(name: &str, kind: &Kind) -> Path {
    match kind {
        Kind::ForEach(_) => step_path(name).key("for-each").key("steps"),
        other => step_path(name).key(other.key()),
    }
}

/// A step is not inside itself, nor too deep inside others.
fn depth(name: &str, homes: &Homes<'_>) -> Option<Problem> {
    let around: Vec<&str> =
        std::iter::successors(homes.get(name).copied(), |home| homes.get(home).copied()).take(DEEPEST + 1).collect();
    let (message, help) = match around.len() {
        _ if around.contains(&name) => (format!("`{name}` is inside itself"), "list it inside another step"),
        0..=DEEPEST => return None,
        // Some step around it is inside itself: that is said there.
        more if around.iter().collect::<HashSet<_>>().len() < more => return None,
        _ => (format!("`{name}` is more than {DEEPEST} steps deep"), "call another process instead"),
    };
    Some(Problem::error(Code::Containment, step_path(name), message).help(help))
}

/// Whatever a step leads to or names is inside the same step.
fn borders(definition: &Definition, name: &str, step: &Step, homes: &Homes<'_>, problems: &mut Vec<Problem>) {
    let home = homes.get(name);
    let leads = "lead to an `end` inside, and go on from the step that contains it";
    let mut crosses = |to: &str, path: Path, help: &str| {
        if definition.steps.contains_key(to) && homes.get(to) != home {
            let message = format!("`{to}` is not inside the same step as `{name}`");
            let help = match (home, homes.get(to)) {
                (Some(home), None) if leads == help => {
                    format!("`{home}` lists what is inside it: add `{to}` there, or lead to an `end` that it lists")
                }
                (None, Some(home)) if leads == help => {
                    format!("lead to `{home}`, which begins what is inside it, or take `{to}` out of its list")
                }
                _ => help.to_owned(),
            };
            let mut problem = Problem::error(Code::CrossesScope, path, message).help(help);
            for inner in [name, to] {
                let Some(home) = homes.get(inner) else { continue };
                problem = problem.related(format!("`{inner}` is inside `{home}`"), listing(definition, home, inner));
            }
            problems.push(problem);
        }
    };
    graph::ways(name, step).into_iter().for_each(|way| crosses(way.to, way.path, leads));
    let path = step_path(name);
    if let Kind::Cancel(region) = &step.kind {
        let help = "name the step that contains it";
        region.iter().enumerate().for_each(|(index, other)| crosses(other, path.key("cancel").index(index), help));
    }
    let help = "name a step inside the same step, or move the attribute to the step that contains this one";
    step.only_while.iter().for_each(|other| crosses(other, path.key("only-while"), help));
    step.undo.iter().for_each(|other| crosses(other, path.key("undo"), help));
}
