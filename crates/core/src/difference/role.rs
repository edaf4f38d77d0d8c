//! What changes for a role.

use indexmap::IndexSet;
use serde::Serialize;

use super::pairs::Pairs;
use super::{Changed, changed, role};
use crate::definition::{Crack, Definition};
use crate::review::View;

/// What changes for a role: what it has to do that it had not, and what it has not to do any more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoleChange {
    /// The role.
    pub role: String,
    /// Steps that are its own; by name.
    pub steps: Gained,
    /// Steps of others that cracks give to it; by name.
    pub stands_in: Gained,
    /// Fields that it fills in at its steps.
    pub fields: Gained,
    /// Cracks that it answers: they give it the work, or lead to a step of its own; as `step/crack`, those of the process by
    /// their name alone.
    pub cracks: Gained,
    /// Clocks under which it works.
    pub clocks: Gained,
    /// What else reads differently on its page, at steps that it has in both.
    pub page: Vec<Changed>,
}

/// What is new and what is gone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Gained {
    /// Only in the second definition.
    pub new: Vec<String>,
    /// Only in the first.
    pub gone: Vec<String>,
}

impl Gained {
    fn between(before: &IndexSet<String>, after: &IndexSet<String>) -> Gained {
        Gained { new: after.difference(before).cloned().collect(), gone: before.difference(after).cloned().collect() }
    }

    /// Whether nothing is new and nothing gone.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty()
    }
}

impl RoleChange {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        let lists = [&self.steps, &self.stands_in, &self.fields, &self.cracks, &self.clocks];
        lists.into_iter().all(Gained::is_empty) && self.page.is_empty()
    }
}

/// What changes for the roles of either definition: those of the second in its order, then those that are gone.
pub(super) fn changes(before: &Definition, after: &Definition, pairs: &Pairs<'_>) -> Vec<RoleChange> {
    let gone = before.roles.keys().filter(|name| !after.roles.contains_key(*name));
    let same = |name: &str| pairs.after(name).unwrap_or(name).to_owned();
    let one = |name: &String| {
        let was = Business::of(before, name, same);
        let is = Business::of(after, name, str::to_owned);
        RoleChange {
            role: name.clone(),
            steps: Gained::between(&was.steps, &is.steps),
            stands_in: Gained::between(&was.stands_in, &is.stands_in),
            fields: Gained::between(&was.fields, &is.fields),
            cracks: Gained::between(&was.cracks, &is.cracks),
            clocks: Gained::between(&was.clocks, &is.clocks),
            page: page(was.view, is.view, same),
        }
    };
    after.roles.keys().chain(gone).map(one).filter(|change| !change.is_empty()).collect()
}

/// What a role has to do.
struct Business {
    view: Option<View>,
    steps: IndexSet<String>,
    stands_in: IndexSet<String>,
    fields: IndexSet<String>,
    cracks: IndexSet<String>,
    clocks: IndexSet<String>,
}

impl Business {
    /// In the words of the second definition: `same` says what a step is called there.
    fn of(definition: &Definition, name: &str, same: impl Fn(&str) -> String) -> Business {
        let view = definition.view_of(name);
        let tasks = || view.iter().flat_map(|view| &view.steps);
        let own = tasks().filter(|(_, task)| task.comes_by.is_empty());
        let others = tasks().filter(|(_, task)| !task.comes_by.is_empty());
        let given = others.clone().flat_map(|(step, task)| {
            let step = same(step);
            task.comes_by.iter().map(move |crack| format!("{step}/{crack}"))
        });
        let leads_here = |crack: &Crack| {
            let step = crack.then.as_ref().and_then(|then| definition.steps.get(then));
            step.and_then(role).as_deref() == Some(name)
        };
        let from_steps = definition.steps.iter().flat_map(|(step, declared)| {
            let step = same(step);
            let cracks = declared.cracks.iter().filter(|(_, crack)| leads_here(crack));
            cracks.map(move |(crack, _)| format!("{step}/{crack}"))
        });
        let from_process =
            definition.cracks.iter().filter(|(_, crack)| leads_here(crack)).map(|(crack, _)| crack.clone());
        Business {
            steps: own.clone().map(|(step, _)| same(step)).collect(),
            stands_in: others.map(|(step, _)| same(step)).collect(),
            fields: own.flat_map(|(_, task)| task.step.writes.clone()).collect(),
            cracks: given.chain(from_steps).chain(from_process).collect(),
            clocks: tasks().flat_map(|(_, task)| task.clocks.keys().cloned()).collect(),
            view,
        }
    }
}

/// What reads differently at steps that the role has in both, and in what is no step.
fn page(before: Option<View>, after: Option<View>, same: impl Fn(&str) -> String) -> Vec<Changed> {
    let (Some(mut before), Some(mut after)) = (before, after) else { return Vec::new() };
    before.steps = before.steps.into_iter().map(|(step, task)| (same(&step), task)).collect();
    let kept: IndexSet<String> = before.steps.keys().filter(|step| after.steps.contains_key(*step)).cloned().collect();
    before.steps.retain(|step, _| kept.contains(step));
    after.steps.retain(|step, _| kept.contains(step));
    changed(&before, &after)
}
