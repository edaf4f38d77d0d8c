//! Decides who may do which work, and who should, where a process has rules on that.

use grieta_core::definition::{Allocation, Definition, Kind, Role, Rule};
use grieta_core::kernel::{Case, Phase};
use grieta_core::world::Directory;
use grieta_core::{PersonIx, Plan, RoleIx, StepIx, TokenIx};

use crate::people::Pool;

/// Who the people of each role are, for a process in which it matters who does what.
#[derive(Debug)]
pub(crate) struct Eyes {
    roles: Vec<Vec<PersonIx>>,
    /// By step, the step that the same person should have done.
    same_person: Vec<StepIx>,
}

impl Eyes {
    /// `None` where it does not matter who does what.
    ///
    /// # Errors
    /// What has to be assumed, because there are too many people to tell apart.
    pub fn new(definition: &Definition, plan: &Plan) -> Result<Option<Eyes>, String> {
        let same_person: Vec<StepIx> = definition
            .steps
            .values()
            .map(|step| match &step.kind {
                Kind::Human { allocate: Allocation::SamePersonAs(other), .. } => plan.step(other),
                _ => None,
            })
            .map(|other| other.unwrap_or(StepIx::NONE))
            .collect();
        let ruled = definition.rules.iter().any(|rule| matches!(rule, Rule::FourEyes(_)));
        if !ruled && same_person.iter().all(|other| *other == StepIx::NONE) {
            return Ok(None);
        }
        let everybody = Directory::of(definition, usize::MAX).map_err(|_| {
            format!(
                "anybody may do any work: a simulation tells {} people apart, and there are more",
                Directory::MOST_PEOPLE
            )
        })?;
        Ok(Some(Eyes { roles: people(definition, &everybody), same_person }))
    }

    /// The person of that number in a role.
    pub fn person(&self, role: RoleIx, number: u32) -> PersonIx {
        let people = self.roles.get(role.at());
        people.and_then(|people| people.get(number as usize)).copied().unwrap_or(PersonIx::NONE)
    }

    /// Who of the people who are free does a work item; `None` when it has to wait.
    pub fn choose(&self, plan: &Plan, case: &Case, token: TokenIx, role: RoleIx, pool: &Pool) -> Option<u32> {
        let item = case.token(token)?;
        let people = self.roles.get(role.at())?;
        let number = |person: PersonIx| people.iter().position(|other| *other == person);
        if item.phase == Phase::Started && item.person != PersonIx::NONE {
            // It is in their hands, whoever else is free.
            let holder = number(item.person);
            return holder.filter(|holder| pool.is_free(*holder)).map(|holder| holder as u32);
        }
        let may = |person: &usize| !plan.is_for_other_eyes(case, item.step, people[*person]);
        let same = self.same_person.get(item.step.at()).and_then(|step| case.performer(*step));
        match same.and_then(number).filter(may).filter(|person| pool.is_there(*person)) {
            Some(same) => Some(same).filter(|same| pool.is_free(*same)),
            None => (0..people.len()).find(|person| pool.is_free(*person) && may(person)),
        }
        .map(|person| person as u32)
    }
}

/// The people of each role, in the order of their names there.
fn people(definition: &Definition, everybody: &Directory) -> Vec<Vec<PersonIx>> {
    let of_role = |(name, role): (&String, &Role)| match role.people.names() {
        [] => everybody.of_role(name).to_vec(),
        names => names.iter().filter_map(|name| everybody.find(name)).collect(),
    };
    definition.roles.iter().map(of_role).collect()
}
