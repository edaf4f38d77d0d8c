//! Swaps the roles of two `human` steps that follow each other in the definition, and gives the work that a crack hands on to
//! another role: to that of its step, or else to the next in the definition.

use grieta_core::definition::{Crack, Definition, Kind, Response, Step};
use grieta_core::diagnostic::Path;

use super::{Found, cracks};

pub(super) fn find(definition: &Definition, found: &mut Found) {
    let human = |(name, step): (&String, &Step)| role(step).map(|role| (name.clone(), role.to_owned()));
    let humans: Vec<(String, String)> = definition.steps.iter().filter_map(human).collect();
    for pair in humans.windows(2) {
        let [(one, role), (other, role_of_other)] = pair else { continue };
        if role == role_of_other {
            continue;
        }
        let what = format!("`{one}` is work for `{role_of_other}`, and `{other}` for `{role}`");
        let path = Path::root("steps").key(one).key("human");
        let to = [(one.clone(), role_of_other.clone()), (other.clone(), role.clone())];
        found.add(path, what, move |definition| to.iter().for_each(|(step, role)| give(definition, step, role)));
    }
    for (place, crack) in cracks::all(definition) {
        let Some(role) = handed_to(crack) else { continue };
        let own = place.step(definition).and_then(self::role);
        let Some(other) = own.filter(|own| own != role).or_else(|| next(definition, role)) else { continue };
        let what = format!("{} hands the work to `{other}` instead of `{role}`", place.words());
        let (path, other) = (place.path().key("do"), other.to_owned());
        found.add(path, what, move |definition| place.change(definition, |crack| hand_to(crack, &other)));
    }
}

fn role(step: &Step) -> Option<&str> {
    match &step.kind {
        Kind::Human { role, .. } => Some(role),
        _ => None,
    }
}

fn give(definition: &mut Definition, step: &str, to: &str) {
    if let Some(Kind::Human { role, .. }) = definition.steps.get_mut(step).map(|step| &mut step.kind) {
        to.clone_into(role);
    }
}

fn handed_to(crack: &Crack) -> Option<&String> {
    match &crack.response {
        Some(Response::Reoffer(role) | Response::Reallocate(role)) => role.as_ref(),
        _ => None,
    }
}

fn hand_to(crack: &mut Crack, other: &str) {
    if let Some(Response::Reoffer(role) | Response::Reallocate(role)) = &mut crack.response {
        *role = Some(other.to_owned());
    }
}

/// The role after that one, and after the last the first; `None` where there is no other.
fn next<'a>(definition: &'a Definition, role: &str) -> Option<&'a str> {
    let at = definition.roles.get_index_of(role)?;
    let (next, _) = definition.roles.get_index((at + 1) % definition.roles.len())?;
    Some(next.as_str()).filter(|next| *next != role)
}
