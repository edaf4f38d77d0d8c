//! What differs between two definitions of the same work, step by step and for each role: as data, without words.

mod changed;
mod pairs;
mod role;

use indexmap::IndexMap;
use serde::Serialize;

use crate::definition::{Definition, Field, Kind, Step};
pub use changed::Changed;
pub(crate) use changed::changed;
pub use pairs::Pairs;
pub use role::{Gained, RoleChange};

/// What differs between two definitions of the same work.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Every step of either, in the order of the second; those that are gone come last, in the order of the first.
    pub steps: Vec<StepChange>,
    /// Every field of either that is new, gone or other.
    pub fields: Vec<FieldChange>,
    /// What changes for each role of either, where something does.
    pub roles: Vec<RoleChange>,
}

/// A step in both definitions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepChange {
    /// Its name in the first definition, where it is there.
    pub before: Option<String>,
    /// Its name in the second, where it is there.
    pub after: Option<String>,
    /// What people call it: its title in the second where it is there.
    pub title: String,
    /// Who does it in the first: a role, or nobody.
    pub role_before: Option<String>,
    /// Who does it in the second.
    pub role_after: Option<String>,
    /// What became of it.
    pub fate: Fate,
    /// Which of its keys differ, its name included; nothing where it is new or gone. Names of steps are those of the second.
    pub changed: Vec<Changed>,
}

/// What became of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Another role does it, or a system instead of people, or people instead of a system; more may differ.
    Moved,
    /// Something else of it differs.
    Changed,
    /// Only what a simulation assumes of it differs.
    Assumed,
    /// Nothing differs.
    Same,
}

/// A data field that is new, gone or other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// What became of it.
    pub fate: Fate,
    /// The roles that fill it in: at a step of theirs, in the definition where the field is.
    pub filled_in_by: Vec<String>,
    /// The roles that read it.
    pub read_by: Vec<String>,
    /// What differs, where it is in both.
    pub changed: Vec<Changed>,
}

impl Difference {
    /// What differs. A step is the same in both if it says so by `same-as`, or else if it has the same name.
    ///
    /// ```
    /// use grieta_core::definition::{Definition, Role, Step};
    /// use grieta_core::difference::{Difference, Fate};
    ///
    /// let desk = |role| {
    ///     let step = Step::human(role).next("done");
    ///     Definition::new("desk", "1").role("clerk", Role::of(1)).role("lead", Role::of(1)).step("ask", step).step("done", Step::end())
    /// };
    /// let found = Difference::between(&desk("clerk"), &desk("lead"));
    /// assert_eq!(found.steps[0].fate, Fate::Moved);
    /// assert_eq!(found.roles.iter().map(|role| role.role.as_str()).collect::<Vec<_>>(), ["clerk", "lead"]);
    /// ```
    pub fn between(before: &Definition, after: &Definition) -> Difference {
        let pairs = Pairs::of(before, after);
        let compared = after.steps.iter().map(|(name, step)| match pairs.before(name) {
            Some(old) => compared(old, &before.steps[old], name, step, &pairs),
            None => StepChange { after: Some(name.clone()), role_after: role(step), ..alone(name, step, Fate::Added) },
        });
        let gone = before.steps.iter().filter(|(name, _)| pairs.after(name).is_none());
        let gone = gone.map(|(name, step)| StepChange {
            before: Some(name.clone()),
            role_before: role(step),
            ..alone(name, step, Fate::Removed)
        });
        Difference {
            steps: compared.chain(gone).collect(),
            fields: fields(before, after),
            roles: role::changes(before, after, &pairs),
        }
    }

    /// Whether nothing differs at all.
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(|step| step.fate == Fate::Same) && self.fields.is_empty() && self.roles.is_empty()
    }
}

fn role(step: &Step) -> Option<String> {
    if let Kind::Human { role, .. } = &step.kind { Some(role.clone()) } else { None }
}

fn alone(name: &str, step: &Step, fate: Fate) -> StepChange {
    let title = step.name.clone().unwrap_or_else(|| name.to_owned());
    StepChange { before: None, after: None, title, role_before: None, role_after: None, fate, changed: Vec::new() }
}

/// A step that is in both. What the analyst says of it is no change of it.
fn compared(old_name: &str, old: &Step, name: &str, step: &Step, pairs: &Pairs<'_>) -> StepChange {
    let only = |step: Step| Step { same_as: None, allow: Vec::new(), ..step };
    let called = |name: &str| IndexMap::from([("step".to_owned(), name.to_owned())]);
    let was = only(old.renamed(|to| pairs.after(to).unwrap_or(to).to_owned()));
    let mut found = changed(&called(old_name), &called(name));
    found.extend(changed(&was, &only(step.clone())));
    let (role_before, role_after) = (role(old), role(step));
    let fate = match () {
        _ if role_before != role_after => Fate::Moved,
        _ if found.is_empty() => Fate::Same,
        _ if found.iter().all(Changed::is_assumption) => Fate::Assumed,
        _ => Fate::Changed,
    };
    let (before, after) = (Some(old_name.to_owned()), Some(name.to_owned()));
    StepChange { before, after, role_before, role_after, changed: found, ..alone(name, step, fate) }
}

fn fields(before: &Definition, after: &Definition) -> Vec<FieldChange> {
    let field = |name: &String, fate, of: &Definition, changed| FieldChange {
        field: name.clone(),
        fate,
        filled_in_by: roles(of, |step| step.writes.contains(name)),
        read_by: roles(of, |step| step.reads.contains(name)),
        changed,
    };
    let there = after.data.iter().filter_map(|(name, declared)| match before.data.get(name) {
        None => Some(field(name, Fate::Added, after, Vec::new())),
        Some(old) => {
            let changed = changed(old, declared);
            (!changed.is_empty()).then(|| field(name, Fate::Changed, after, changed))
        }
    });
    let is_gone = |(name, _): &(&String, &Field)| !after.data.contains_key(*name);
    let gone = before.data.iter().filter(is_gone).map(|(name, _)| field(name, Fate::Removed, before, Vec::new()));
    there.chain(gone).collect()
}

/// The roles that do a step of which that holds, in the order of the definition.
fn roles(definition: &Definition, holds: impl Fn(&Step) -> bool) -> Vec<String> {
    let does = |name: &&String| definition.steps.values().any(|step| role(step).as_ref() == Some(*name) && holds(step));
    definition.roles.keys().filter(does).cloned().collect()
}
