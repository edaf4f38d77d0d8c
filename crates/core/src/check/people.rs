//! Every role that has work must be filled, deputies are among its people, and calendars must open.

use indexmap::{IndexMap, IndexSet};

use super::size::MOST_CALENDARS;
use super::step_path;
use crate::calendar::Calendar;
use crate::definition::{Crack, Definition, Kind, People, Response, Role, Wage};
use crate::diagnostic::{Code, Path, Problem, suggest};

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    for (name, calendar) in definition.calendars.iter().take(MOST_CALENDARS) {
        let path = Path::root("calendars").key(name);
        problems.extend(Calendar::compile(name, calendar, &path).err().into_iter().flatten());
    }
    for (name, role) in &definition.roles {
        let path = Path::root("roles").key(name);
        let count = role.people.count();
        if let (0, Some(work)) = (count, work(definition, name)) {
            let message = format!("nobody fills the role `{name}`, but it has work");
            let help = "give it `people`, or give its work to another role";
            let problem = Problem::error(Code::EmptyRole, path.key("people"), message).help(help);
            problems.push(problem.related("this work is given to it", work));
        }
        if count > super::size::MOST {
            let message = format!("a role may have at most {} people, found {count}", super::size::MOST);
            let help = "give the number of people who do the work, such as `people: 2`";
            problems.push(Problem::error(Code::TooLarge, path.key("people"), message).help(help));
        }
        problems.extend(deputies(role, &path));
        problems.extend(twice(role, &path.key("people")));
    }
    problems.extend(currencies(definition));
}

/// Costs are added up, so all are in the currency of the first.
fn currencies(definition: &Definition) -> Vec<Problem> {
    let costs = || definition.roles.iter().filter_map(|(name, role)| Some((name, role.cost.as_ref()?)));
    let Some((first, known)) = costs().next() else { return Vec::new() };
    let path = |name: &str| Path::root("roles").key(name).key("cost");
    let other = |(name, cost): (&String, &Wage)| {
        let message = format!("expected a cost in {}, found `{cost}`", known.currency);
        let help = "give all costs in one currency: they are added up";
        let problem = Problem::error(Code::InvalidCost, path(name), message).help(help);
        problem.related(format!("this one is in {}", known.currency), path(first))
    };
    costs().filter(|(_, cost)| cost.currency != known.currency).map(other).collect()
}

/// Whoever is in a role is there once, and has a name.
fn twice(role: &Role, at: &Path) -> Vec<Problem> {
    let mut seen: IndexMap<&str, usize> = IndexMap::new();
    let mut found = Vec::new();
    for (index, name) in role.people.names().iter().enumerate() {
        if name.trim().is_empty() {
            let problem = Problem::error(Code::InvalidName, at.index(index), "a person of this role has no name");
            found.push(problem.help("give them a name, or the number of people, such as `people: 2`"));
        } else if let Some(first) = seen.get(name.as_str()) {
            let message = format!("`{name}` is among the people of this role already");
            let problem = Problem::error(Code::DuplicateKey, at.index(index), message);
            let problem = problem.related("they stand here", at.index(*first));
            found.push(problem.help("name each person once; two people need two names"));
        } else {
            seen.insert(name, index);
        }
    }
    found
}

/// Deputies are people of the role, and stand in for others.
fn deputies(role: &Role, at: &Path) -> Vec<Problem> {
    let path = at.key("deputies");
    let people: IndexSet<&str> = match &role.people {
        People::Named(names) => names.iter().map(String::as_str).collect(),
        People::Count(_) if role.deputies.is_empty() => return Vec::new(),
        People::Count(_) => {
            let problem = Problem::error(Code::Deputy, path.clone(), "the people of this role have no names");
            let problem = problem.related("only their number is given", at.key("people"));
            return vec![problem.help("name them, as in `people: [ana, ben]`")];
        }
    };
    let mut found = Vec::new();
    for (person, deputy) in &role.deputies {
        let mut wrong = |message: String, help: Option<String>| {
            found.push(Problem::error(Code::Deputy, path.key(person), message).maybe_help(help));
        };
        if let Some(stranger) = [person, deputy].into_iter().find(|name| !people.contains(name.as_str())) {
            let message = format!("`{stranger}` is not among the people of this role");
            wrong(message, suggest(stranger, people.iter().copied()));
        } else if person == deputy {
            wrong(format!("`{person}` cannot stand in for themselves"), Some("name somebody else".to_owned()));
        }
    }
    found
}

/// Where the first work is given to a role.
pub(super) fn work(definition: &Definition, role: &str) -> Option<Path> {
    let gives = |response: &Response| match response {
        Response::Reoffer(Some(other)) | Response::Reallocate(Some(other)) => other == role,
        _ => false,
    };
    definition.steps.iter().find_map(|(name, step)| match &step.kind {
        Kind::Human { role: own, .. } if own == role => Some(step_path(name).key("human").key("role")),
        _ => {
            let helps = |crack: &Crack| crack.response.as_ref().is_some_and(gives);
            let (crack, _) = step.cracks.iter().find(|(_, crack)| helps(crack))?;
            Some(step_path(name).key("cracks").key(crack).key("do"))
        }
    })
}
