//! What is different in a definition, said in a line for each part.

use grieta_core::definition::{Crack, Definition, Kind, Role, Step};
use indexmap::IndexMap;

/// What was changed from one definition to the other, in the words of people; one that says the same in another order too.
pub fn changed(from: &Definition, to: &Definition) -> Vec<String> {
    let mut lines = Vec::new();
    by_name(&from.steps, &to.steps, "step", &mut lines, step);
    cracks("the process", &from.cracks, &to.cracks, &mut lines);
    by_name(&from.roles, &to.roles, "role", &mut lines, role);
    by_name(&from.persons, &to.persons, "person", &mut lines, plainly);
    by_name(&from.data, &to.data, "field", &mut lines, plainly);
    by_name(&from.decisions, &to.decisions, "decision", &mut lines, plainly);
    by_name(&from.clocks, &to.clocks, "clock", &mut lines, plainly);
    by_name(&from.calendars, &to.calendars, "calendar", &mut lines, plainly);
    by_name(&from.goals, &to.goals, "goal", &mut lines, plainly);
    let rest = [
        ("a case begins elsewhere", from.start != to.start),
        ("the calendar of the process is another one", from.calendar != to.calendar),
        ("somebody else answers for it", from.owner != to.owner),
        ("the field of the customer is another one", from.customer != to.customer),
        ("the outputs have changed", from.outputs != to.outputs),
        ("the rules have changed", from.rules != to.rules),
        ("what is waived has changed", from.allow != to.allow),
        ("what is simulated has changed", from.simulation != to.simulation),
    ];
    lines.extend(rest.into_iter().filter(|(_, differs)| *differs).map(|(line, _)| line.to_owned()));
    if lines.is_empty() && from.to_yaml() != to.to_yaml() {
        lines.push("only names for people, the version, or the order".to_owned());
    }
    lines
}

/// What is new, what is gone, and what is told of the others.
fn by_name<T: PartialEq>(
    from: &IndexMap<String, T>,
    to: &IndexMap<String, T>,
    what: &str,
    lines: &mut Vec<String>,
    tell: impl Fn(&str, &T, &T, &mut Vec<String>),
) {
    for (name, now) in to {
        let full = format!("{what} `{name}`");
        match from.get(name) {
            None => lines.push(format!("{full} is new")),
            Some(before) if before != now => tell(&full, before, now, lines),
            Some(_) => {}
        }
    }
    let gone = from.keys().filter(|name| !to.contains_key(*name));
    lines.extend(gone.map(|name| format!("{what} `{name}` is gone")));
}

fn plainly<T>(name: &str, _: &T, _: &T, lines: &mut Vec<String>) {
    lines.push(format!("{name} has changed"));
}

fn step(name: &str, from: &Step, to: &Step, lines: &mut Vec<String>) {
    let role = |step: &Step| match &step.kind {
        Kind::Human { role, .. } => Some(role.clone()),
        _ => None,
    };
    let told = lines.len();
    if let (Some(before), Some(now)) = (role(from), role(to))
        && before != now
    {
        lines.push(format!("{name} is done by `{now}` instead of `{before}`"));
    }
    let bare = name.strip_prefix("step ").unwrap_or(name);
    cracks(bare, &from.cracks, &to.cracks, lines);
    // Where neither who does it nor its cracks make the difference, something else does.
    let rest = Step { cracks: from.cracks.clone(), ..to.clone() } != *from;
    if lines.len() == told || rest && role(from) == role(to) {
        lines.push(format!("{name} has changed"));
    }
}

fn cracks(of: &str, from: &IndexMap<String, Crack>, to: &IndexMap<String, Crack>, lines: &mut Vec<String>) {
    let is_answered = |crack: &Crack| crack.response.is_some() || crack.then.is_some();
    for (name, now) in to {
        let full = format!("crack `{name}` of {of}");
        lines.extend(match from.get(name) {
            None => Some(format!("{full} is new")),
            Some(before) if before == now => None,
            Some(before) => Some(match (is_answered(before), is_answered(now)) {
                (false, true) => format!("{full} is answered"),
                (true, false) => format!("{full} is no longer answered"),
                (true, true) if (&before.response, &before.then) != (&now.response, &now.then) => {
                    format!("{full} is answered otherwise")
                }
                _ => format!("{full} has changed"),
            }),
        });
    }
    let gone = from.keys().filter(|name| !to.contains_key(*name));
    lines.extend(gone.map(|name| format!("crack `{name}` of {of} is gone")));
}

fn role(name: &str, from: &Role, to: &Role, lines: &mut Vec<String>) {
    let told = lines.len();
    let (before, now) = (from.people.count(), to.people.count());
    if before != now {
        lines.push(format!("{name} has {now} people instead of {before}"));
    }
    if from.calendar != to.calendar {
        let named = |role: &Role| role.calendar.clone().unwrap_or_else(|| "that of the process".to_owned());
        lines.push(format!("{name} works by calendar `{}` instead of `{}`", named(to), named(from)));
    }
    if lines.len() == told {
        lines.push(format!("{name} has changed"));
    }
}
