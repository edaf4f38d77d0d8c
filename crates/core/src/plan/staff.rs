//! The people there are, where a rule of four eyes makes a difference between them.

use crate::definition::{Definition, Rule};
use crate::index::{PersonIx, RoleIx, StepIx};
use crate::kernel::{Case, MOST_TOKENS};
use crate::world::Directory;

/// Who could do the work of a case, by role.
#[derive(Debug)]
pub(crate) struct Staff {
    directory: Directory,
    roles: Vec<Vec<Alike>>,
    /// For each person, which of those that are alike they belong to.
    kind: Vec<u16>,
    /// The steps of all rules.
    steps: Vec<StepIx>,
}

/// People of the same roles and skills.
#[derive(Debug)]
struct Alike {
    kind: u16,
    people: Vec<PersonIx>,
}

impl Staff {
    /// `None` where no rule makes a difference between people, or there are too many to tell apart.
    pub fn of(definition: &Definition) -> Option<Staff> {
        let ruled = definition.rules.iter().filter(|rule| matches!(rule, Rule::FourEyes(_))).flat_map(Rule::steps);
        let mut steps: Vec<StepIx> =
            ruled.filter_map(|step| definition.steps.get_index_of(step)).map(|step| StepIx(step as u16)).collect();
        steps.sort_unstable();
        steps.dedup();
        if steps.is_empty() {
            return None;
        }
        // More people make no difference: each token is in the hands of one, and each step was done last by one.
        let directory = Directory::of(definition, MOST_TOKENS + steps.len() + 1).ok()?;
        let mut kinds: Vec<(Vec<&str>, &[String])> = Vec::new();
        let everybody = (0..directory.len()).map(|number| PersonIx(number as u16));
        let kind = everybody.map(|person| {
            let like = (directory.roles(person).collect(), directory.skills(person));
            let known = kinds.iter().position(|known| *known == like);
            known.unwrap_or_else(|| {
                kinds.push(like);
                kinds.len() - 1
            }) as u16
        });
        let kind: Vec<u16> = kind.collect();
        let roles = definition.roles.keys().map(|role| alike(directory.of_role(role), &kind)).collect();
        Some(Staff { roles, kind, steps, directory })
    }

    /// The people, by name.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Gives `each` who could begin work as one of a role with these skills: all who have a hand in the case, and of those
    /// who have none one for all that are alike. False where it is not said who has that role.
    pub fn each_who(&self, case: &Case, role: RoleIx, needs: &[String], mut each: impl FnMut(PersonIx)) -> bool {
        let Some(groups) = self.roles.get(role.at()).filter(|groups| !groups.is_empty()) else { return false };
        let involved = self.involved(case);
        let can = |group: &&Alike| group.people.first().is_some_and(|one| self.directory.lacks(*one, needs).is_none());
        for Alike { kind, people } in groups.iter().filter(can) {
            involved.iter().copied().filter(|person| self.kind(*person) == *kind).for_each(&mut each);
            people.iter().copied().find(|person| !involved.contains(person)).into_iter().for_each(&mut each);
        }
        true
    }

    /// The people who have a hand in the case: who did a step of a rule last, or have work now.
    pub fn involved(&self, case: &Case) -> Vec<PersonIx> {
        let did = self.steps.iter().filter_map(|step| case.performer(*step));
        let do_now = case.tokens().filter(|(_, item)| item.phase.is_with_person()).map(|(_, item)| item.person);
        let mut people: Vec<PersonIx> = did.chain(do_now).filter(|person| *person != PersonIx::NONE).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    /// The steps of rules that a person did last.
    pub fn done_by(&self, case: &Case, person: PersonIx) -> impl Iterator<Item = StepIx> {
        self.steps.iter().copied().filter(move |step| case.performer(*step) == Some(person))
    }

    /// A number that people who are alike share.
    pub fn kind(&self, person: PersonIx) -> u16 {
        self.kind.get(person.at()).copied().unwrap_or(u16::MAX)
    }
}

fn alike(people: &[PersonIx], kind: &[u16]) -> Vec<Alike> {
    let mut groups: Vec<Alike> = Vec::new();
    for person in people {
        let kind = kind.get(person.at()).copied().unwrap_or(u16::MAX);
        match groups.iter_mut().find(|group| group.kind == kind) {
            Some(group) => group.people.push(*person),
            None => groups.push(Alike { kind, people: vec![*person] }),
        }
    }
    groups
}
