//! Every role that has work must be filled, and calendars must open.

use crate::calendar::Calendar;
use crate::definition::{Definition, Kind, Response};
use crate::diagnostic::{Code, Path, Problem};

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
    }
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
