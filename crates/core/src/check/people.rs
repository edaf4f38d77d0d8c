//! Every role that has work must be filled, deputies are among its people, and calendars must open.

use indexmap::IndexSet;

use crate::calendar::Calendar;
use crate::definition::{Definition, Kind, People, Response, Role};
use crate::diagnostic::{Code, Path, Problem, suggest};

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    for (name, calendar) in &definition.calendars {
        let path = Path::root("calendars").key(name);
        problems.extend(Calendar::compile(name, calendar, &path).err().into_iter().flatten());
    }
    for (name, role) in &definition.roles {
        let path = Path::root("roles").key(name);
        let count = role.people.count();
        if count == 0 && has_work(definition, name) {
            let message = format!("nobody fills the role `{name}`, but it has work");
            let help = "give it `people`, or give its work to another role";
            problems.push(Problem::error(Code::EmptyRole, path.key("people"), message).help(help));
        }
        if count > super::size::MOST {
            let message = format!("a role may have at most {} people, found {count}", super::size::MOST);
            problems.push(Problem::error(Code::TooLarge, path.key("people"), message));
        }
        problems.extend(deputies(role, &path.key("deputies")));
    }
}

/// Deputies are people of the role, and stand in for others.
fn deputies(role: &Role, path: &Path) -> Vec<Problem> {
    let people: IndexSet<&str> = match &role.people {
        People::Named(names) => names.iter().map(String::as_str).collect(),
        People::Count(_) if role.deputies.is_empty() => return Vec::new(),
        People::Count(_) => {
            let problem = Problem::error(Code::Deputy, path.clone(), "the people of this role have no names");
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

fn has_work(definition: &Definition, role: &str) -> bool {
    definition.steps.values().any(|step| {
        let does = matches!(&step.kind, Kind::Human { role: own, .. } if own == role);
        let helps = |response: &Response| match response {
            Response::Reoffer(Some(other)) | Response::Reallocate(Some(other)) => other == role,
            _ => false,
        };
        does || step.cracks.values().filter_map(|crack| crack.response.as_ref()).any(helps)
    })
}
