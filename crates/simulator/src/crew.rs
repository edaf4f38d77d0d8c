//! Who the people are, where they are not all alike: who may do which work and who should, how long it takes them, and
//! which of them are the same person in several roles.

use grieta_core::calendar::Calendar;
use grieta_core::definition::{Allocation, Definition, Distribution, Factor, Kind, People, Role, Rule};
use grieta_core::kernel::{Case, Phase};
use grieta_core::world::Directory;
use grieta_core::{PersonIx, Plan, Process, RoleIx, StepIx, TokenIx};

use crate::arrivals;
use crate::model::RoleModel;
use crate::people::Pool;
use crate::random::{Purpose, name_key, salt};
use crate::sampler::Sampler;

/// Who the people of each role are, for a process in which it matters who does what.
#[derive(Debug)]
pub(crate) struct Crew {
    /// By role and number, who that is.
    roles: Vec<Vec<PersonIx>>,
    persons: Vec<Member>,
    /// By step, the step that the same person should have done.
    same_person: Vec<StepIx>,
    /// By step, who has the skills for it; `None` where everybody has.
    skilled: Vec<Option<Vec<bool>>>,
    /// By step, what is added to its work.
    additions: Vec<Additions>,
    /// What one does in a case decides what another may do there.
    pub ruled: bool,
    /// Somebody is in several roles.
    pub shared: bool,
    /// By role, how many work items each person has in hand at the most, and the hours of each where some have their own.
    ways: Vec<(usize, Vec<Calendar>)>,
}

/// A person, in whatever roles.
#[derive(Debug)]
struct Member {
    /// The roles, and the number of the person in each.
    places: Vec<(RoleIx, u32)>,
    /// How much they do in the time in which others do a billion.
    speed: u64,
}

/// What may be added to the work of a step.
#[derive(Debug, Default)]
struct Additions {
    set_up: Option<Addition>,
    take_over: Option<Addition>,
}

/// A length of work that is added.
#[derive(Debug)]
pub(crate) struct Addition {
    pub lasts: Sampler,
    pub salt: u64,
}

const NORMAL: u64 = 1_000_000_000;

impl Crew {
    /// `None` where it does not matter in any of the processes that are simulated who does what.
    ///
    /// # Errors
    /// What has to be assumed, because there are too many people to tell apart.
    pub fn new(process: &Process, plan: &Plan, all: &[&Definition]) -> Result<Option<Crew>, String> {
        let definition = process.definition();
        if !all.iter().any(|definition| matters(definition)) {
            return Ok(None);
        }
        let everybody = Directory::of(definition, usize::MAX).map_err(|_| {
            format!(
                "people are alike and may do any work: a simulation tells {} of them apart, and there are more",
                Directory::MOST_PEOPLE
            )
        })?;
        let roles = people(definition, &everybody);
        let member = |number: usize| Member {
            places: Vec::new(),
            speed: definition
                .persons
                .get(everybody.name(PersonIx(number as u16)))
                .and_then(|person| person.speed)
                .map_or(NORMAL, Factor::billionths),
        };
        let mut persons: Vec<Member> = (0..everybody.len()).map(member).collect();
        for (role, people) in roles.iter().enumerate() {
            for (number, person) in people.iter().enumerate() {
                persons[person.at()].places.push((RoleIx(role as u16), number as u32));
            }
        }
        let skilled = |needs: &[String]| -> Option<Vec<bool>> {
            let can = |number: usize| everybody.lacks(PersonIx(number as u16), needs).is_none();
            (!needs.is_empty()).then(|| (0..everybody.len()).map(can).collect())
        };
        Ok(Some(Crew {
            same_person: definition.steps.values().map(|step| same_person(plan, &step.kind)).collect(),
            skilled: definition.steps.values().map(|step| skilled(step.kind.needs())).collect(),
            additions: definition.steps.iter().map(|(name, step)| additions(process, name, &step.kind)).collect(),
            ruled: all.iter().any(|definition| is_ruled(definition)),
            shared: persons.iter().any(|person| person.places.len() > 1),
            ways: definition.roles.iter().map(|(name, role)| (hands(role), hours(process, name))).collect(),
            roles,
            persons,
        }))
    }

    /// Says of a role what is particular to its people.
    pub fn fill(&self, role: usize, model: &mut RoleModel) {
        let shares = |person: &PersonIx| self.places(*person).len() > 1;
        model.shared = self.roles.get(role).is_some_and(|people| people.iter().any(shares));
        if let Some((hands, hours)) = self.ways.get(role) {
            (model.hands, model.hours) = (*hands, hours.clone());
        }
    }

    /// The person of that number in a role.
    pub fn person(&self, role: RoleIx, number: u32) -> PersonIx {
        let people = self.roles.get(role.at());
        people.and_then(|people| people.get(number as usize)).copied().unwrap_or(PersonIx::NONE)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.persons.len()
    }

    /// The roles of a person, and their number in each.
    pub fn places(&self, person: PersonIx) -> &[(RoleIx, u32)] {
        self.persons.get(person.at()).map_or(&[], |member| &member.places)
    }

    /// Who of the people who are free does a work item, as a seat; `None` when it has to wait.
    pub fn choose(&self, plan: &Plan, case: &Case, token: TokenIx, role: RoleIx, pool: &Pool) -> Option<u32> {
        let item = case.token(token)?;
        let people = self.roles.get(role.at())?;
        let who = |seat: usize| people.get(pool.person(seat)).copied().unwrap_or(PersonIx::NONE);
        let seat_of = |person: PersonIx| pool.free_seats().find(|seat| who(*seat) == person).map(|seat| seat as u32);
        if item.phase == Phase::Started && item.person != PersonIx::NONE {
            // It is in their hands, whoever else is free.
            return seat_of(item.person);
        }
        let may = |person: PersonIx| self.may(plan, case, item.step, person);
        let same = self.same_person.get(item.step.at()).and_then(|step| case.performer(*step));
        let same = same.filter(|person| {
            may(*person) && people.iter().position(|one| one == person).is_some_and(|one| pool.is_there(one))
        });
        match same {
            Some(same) => seat_of(same),
            None => pool.free_seats().find(|seat| may(who(*seat))).map(|seat| seat as u32),
        }
    }

    /// The roles that have people in common, directly or by way of others: those of more than one.
    pub fn groups(&self) -> Vec<Vec<usize>> {
        let mut group: Vec<usize> = (0..self.roles.len()).collect();
        for member in &self.persons {
            let of = |place: &(RoleIx, u32), group: &[usize]| group[place.0.at()];
            let least = member.places.iter().map(|place| of(place, &group)).min();
            let joined: Vec<usize> = member.places.iter().map(|place| of(place, &group)).collect();
            for entry in group.iter_mut().filter(|entry| joined.contains(entry)) {
                *entry = least.unwrap_or(*entry);
            }
        }
        let members = |first: usize| (0..group.len()).filter(|role| group[*role] == first).collect::<Vec<_>>();
        (0..group.len()).map(members).filter(|roles| roles.len() > 1).collect()
    }

    /// The people of these roles, each once, by the places that they have there.
    pub fn people_of<'s>(&'s self, roles: &'s [usize]) -> impl Iterator<Item = &'s [(RoleIx, u32)]> {
        let here = |places: &&[(RoleIx, u32)]| places.iter().any(|(role, _)| roles.contains(&role.at()));
        self.persons.iter().map(|member| member.places.as_slice()).filter(here)
    }

    /// Whether a person may do a step of a case: they have the skills, and no rule keeps them from it.
    pub fn may(&self, plan: &Plan, case: &Case, step: StepIx, person: PersonIx) -> bool {
        let skilled = self.skilled.get(step.at()).and_then(Option::as_ref);
        skilled.is_none_or(|can| can.get(person.at()) == Some(&true)) && !plan.is_for_other_eyes(case, step, person)
    }

    /// How long so much work takes a person, in microseconds.
    pub fn pace(&self, person: PersonIx, work: i64) -> i64 {
        match self.persons.get(person.at()) {
            Some(member) if member.speed != NORMAL => {
                let slowed = i128::from(work) * i128::from(NORMAL) / i128::from(member.speed.max(1));
                i64::try_from(slowed).unwrap_or(i64::MAX).min(arrivals::LONGEST)
            }
            _ => work,
        }
    }

    /// What setting up for a step adds to its work.
    pub fn set_up(&self, step: StepIx) -> Option<&Addition> {
        self.additions.get(step.at())?.set_up.as_ref()
    }

    /// What taking a case over adds to the work of a step.
    pub fn take_over(&self, step: StepIx) -> Option<&Addition> {
        self.additions.get(step.at())?.take_over.as_ref()
    }
}

/// Whether it matters who does what.
fn matters(definition: &Definition) -> bool {
    let apart = |kind: &Kind| match kind {
        Kind::Human { allocate, needs, set_up, take_over, .. } => {
            matches!(allocate, Allocation::SamePersonAs(_))
                || !needs.is_empty()
                || set_up.is_some()
                || take_over.is_some()
        }
        _ => false,
    };
    is_ruled(definition)
        || !definition.persons.is_empty()
        || definition.roles.values().any(|role| hands(role) > 1)
        || definition.steps.values().any(|step| apart(&step.kind))
        || has_several_roles(definition)
}

fn is_ruled(definition: &Definition) -> bool {
    let same = |kind: &Kind| matches!(kind, Kind::Human { allocate: Allocation::SamePersonAs(_), .. });
    definition.rules.iter().any(|rule| matches!(rule, Rule::FourEyes(_)))
        || definition.steps.values().any(|step| same(&step.kind))
}

/// Whether somebody has a name that stands in several roles.
fn has_several_roles(definition: &Definition) -> bool {
    let mut names: Vec<&String> = definition.roles.values().flat_map(|role| role.people.names()).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

/// How many work items each of a role has in hand at the most.
fn hands(role: &Role) -> usize {
    role.at_once.unwrap_or(1).max(1) as usize
}

/// The hours of each person of a role, where some have their own; otherwise none.
fn hours(process: &Process, name: &str) -> Vec<Calendar> {
    let definition = process.definition();
    let Some(People::Named(names)) = definition.roles.get(name).map(|role| &role.people) else { return Vec::new() };
    let own = |person: &String| definition.persons.get(person)?.calendar.as_deref();
    if names.iter().all(|person| own(person).is_none()) {
        return Vec::new();
    }
    let hours = |person: &String| {
        own(person).map_or_else(|| process.calendar_of(Some(name)), |own| process.calendar(Some(own)))
    };
    names.iter().map(hours).collect()
}

fn same_person(plan: &Plan, kind: &Kind) -> StepIx {
    match kind {
        Kind::Human { allocate: Allocation::SamePersonAs(other), .. } => plan.step(other).unwrap_or(StepIx::NONE),
        _ => StepIx::NONE,
    }
}

fn additions(process: &Process, name: &str, kind: &Kind) -> Additions {
    let Kind::Human { role, set_up, take_over, .. } = kind else { return Additions::default() };
    let key = name_key(process.definition().steps.get(name).and_then(|step| step.same_as.as_deref()).unwrap_or(name));
    let calendar = process.calendar_of(Some(role));
    let addition = |lasts: &Option<Distribution>, purpose: Purpose| {
        let lasts = arrivals::sampler(lasts.as_ref()?, &calendar);
        Some(Addition { lasts, salt: salt(key, purpose) })
    };
    Additions { set_up: addition(set_up, Purpose::SetUp), take_over: addition(take_over, Purpose::TakeOver) }
}

/// The people of each role, in the order of their names there.
fn people(definition: &Definition, everybody: &Directory) -> Vec<Vec<PersonIx>> {
    let of_role = |(name, role): (&String, &Role)| match role.people.names() {
        [] => everybody.of_role(name).to_vec(),
        names => names.iter().filter_map(|name| everybody.find(name)).collect(),
    };
    definition.roles.iter().map(of_role).collect()
}
