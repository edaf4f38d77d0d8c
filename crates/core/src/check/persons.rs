//! What is particular to a person is said of somebody who is in a role; and somebody of the role has the skills for its work.

use indexmap::IndexSet;

use super::step_path;
use crate::definition::{Crack, Definition, Kind, People, Response, Role, Step};
use crate::diagnostic::{Code, Path, Problem, suggest};

/// Slower than this, in billionths, is a slip of the pen.
const SLOWEST: u64 = 10_000_000;

/// More at once is a slip of the pen.
const MOST_AT_ONCE: u32 = 100;

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    let named: IndexSet<&str> =
        definition.roles.values().flat_map(|role| role.people.names()).map(String::as_str).collect();
    for (name, person) in &definition.persons {
        let path = Path::root("persons");
        if !named.contains(name.as_str()) {
            let none = || format!("name them in a role, as in `people: [{name}]`");
            let help = suggest(name, named.iter().copied()).unwrap_or_else(none);
            let problem = Problem::error(Code::UnknownPerson, path.name(name), format!("`{name}` is in no role"));
            problems.push(problem.help(help));
        }
        if let Some(speed) = person.speed.filter(|speed| speed.billionths() < SLOWEST) {
            let message = format!("expected a speed of at least 1%, found `{speed}`");
            let help = "100% is as fast as the step `takes`; for somebody who does no work leave them out of the role";
            problems.push(Problem::error(Code::InvalidChance, path.key(name).key("speed"), message).help(help));
        }
    }
    for (name, role) in &definition.roles {
        problems.extend(at_once(role, &Path::root("roles").key(name)));
    }
    for (name, step) in &definition.steps {
        problems.extend(unskilled(definition, name, step));
    }
}

fn at_once(role: &Role, at: &Path) -> Option<Problem> {
    let most = role.at_once.filter(|most| *most == 0 || *most > MOST_AT_ONCE)?;
    let message = format!("expected 1 to {MOST_AT_ONCE} work items at once, found {most}");
    let help = "say how many each of them may have in hand, as in `at-once: 2`";
    Some(Problem::error(Code::InvalidQueue, at.key("at-once"), message).help(help))
}

/// Roles of which nobody has the skills for work that is given to them.
fn unskilled(definition: &Definition, name: &str, step: &Step) -> Vec<Problem> {
    let Kind::Human { role, needs, .. } = &step.kind else { return Vec::new() };
    let at = step_path(name).key("human").key("needs");
    let given = step.cracks.values().filter_map(given);
    let roles: IndexSet<&String> =
        if needs.is_empty() { IndexSet::new() } else { std::iter::once(role).chain(given).collect() };
    let filled = |role: &&String| definition.roles.get(*role).is_some_and(|role| role.people.count() > 0);
    roles.into_iter().filter(filled).filter_map(|role| nobody(definition, role, needs, name, &at)).collect()
}

/// The role that a crack gives the work to.
fn given(crack: &Crack) -> Option<&String> {
    match &crack.response {
        Some(Response::Reoffer(role) | Response::Reallocate(role)) => role.as_ref(),
        _ => None,
    }
}

fn nobody(definition: &Definition, role: &str, needs: &[String], step: &str, at: &Path) -> Option<Problem> {
    let people = &definition.roles.get(role)?.people;
    let has = |person: &str, skill: &String| definition.persons.get(person).is_some_and(|it| it.skills.contains(skill));
    if people.names().iter().any(|person| needs.iter().all(|skill| has(person, skill))) {
        return None;
    }
    let alone = needs.iter().position(|skill| !people.names().iter().any(|person| has(person, skill)));
    let what = alone.map_or_else(|| needs.join("` and `"), |skill| needs[skill].clone());
    let message = format!("nobody of `{role}` has `{what}`, which `{step}` needs");
    let skills = needs.join(", ");
    let help = match people {
        People::Count(_) => format!(
            "name its people, as in `people: [ana]`, and their skills under `persons`, as in `ana: {{ skills: [{skills}] }}`"
        ),
        People::Named(names) => {
            let one = names.first().map_or("ana", String::as_str);
            format!("give somebody of the role the skills under `persons`, as in `{one}: {{ skills: [{skills}] }}`")
        }
    };
    let problem =
        Problem::error(Code::MissingSkill, alone.map_or(at.clone(), |skill| at.index(skill)), message).help(help);
    Some(problem.related("this role has the work", Path::root("roles").key(role).key("people")))
}
