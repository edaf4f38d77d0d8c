//! Somebody answers for every department, every touchpoint and every process.

use std::collections::HashSet;

use grieta_core::diagnostic::{Code, Path, Problem, suggest};

use super::Subject;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let life_cycle = subject.life_cycle;
    let mut problems = Vec::new();
    let mut nobody = |at: Path, what: &str, name: &str| {
        let problem = Problem::warning(Code::Unowned, at, format!("nobody answers for {what} `{name}`"));
        problems.push(problem.help("name who does, under `owner`"));
    };
    for (name, _) in life_cycle.departments.iter().filter(|(_, department)| department.owner.is_none()) {
        nobody(Path::root("departments").key(name), "department", name);
    }
    for (name, _) in life_cycle.touchpoints.iter().filter(|(_, touchpoint)| touchpoint.owner.is_none()) {
        nobody(Path::root("touchpoints").key(name), "touchpoint", name);
    }
    for (name, _) in subject.processes.sound().filter(|(_, process)| process.definition().owner.is_none()) {
        nobody(Path::root("processes").key(name), "process", name);
    }
    let own = life_cycle.roles.keys();
    let roles: HashSet<&str> = own
        .chain(subject.processes.sound().flat_map(|(_, process)| process.definition().roles.keys()))
        .map(String::as_str)
        .collect();
    for (name, touchpoint) in &life_cycle.touchpoints {
        let Some(owner) = touchpoint.owner.as_deref().filter(|owner| !roles.contains(owner)) else { continue };
        if touchpoint.process.as_ref().is_none_or(|process| subject.processes.get(process).is_none()) {
            continue;
        }
        let at = Path::root("touchpoints").key(name).key("owner");
        let problem = Problem::error(Code::UnknownRole, at, format!("no process has a role `{owner}`"));
        let mut names: Vec<&str> = roles.iter().copied().collect();
        names.sort_unstable();
        problems.push(problem.maybe_help(suggest(owner, names)));
    }
    problems
}
