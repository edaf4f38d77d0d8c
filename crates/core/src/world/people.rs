//! The people there are: their names, roles and deputies, and who of them is away.

use indexmap::IndexMap;
use thiserror::Error;

use crate::definition::{Definition, People};
use crate::diagnostic::nearest;
use crate::index::PersonIx;

/// People in the order of their entry, found by name and by role.
///
/// ```
/// use grieta_core::world::Directory;
///
/// let mut people = Directory::default();
/// let ana = people.add("ana", ["sdr"])?;
/// let ben = people.add("ben", ["sdr", "manager"])?;
/// people.set_deputy(ana, ben);
/// assert_eq!(people.of_role("sdr"), [ana, ben]);
/// assert_eq!(people.find("bne"), None);
/// assert_eq!(people.suggest("bne"), Some("ben"));
/// # Ok::<(), grieta_core::world::DirectoryError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Directory {
    people: IndexMap<String, Person>,
    /// The people of each role, in their order.
    roles: IndexMap<String, Vec<PersonIx>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Person {
    /// Positions in the roles of the directory, in the order of entry.
    roles: Vec<u16>,
    skills: Vec<String>,
    deputy: PersonIx,
    away: bool,
}

/// Why a person cannot be entered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// There are too many people already.
    #[error(
        "there is no room for `{name}`: a directory holds at most {} people; use several directories",
        Directory::MOST_PEOPLE
    )]
    TooManyPeople {
        /// Who was to be entered.
        name: String,
    },
    /// There are too many roles already.
    #[error("there is no room for the role `{role}`: a directory holds at most {} roles", Directory::MOST_ROLES)]
    TooManyRoles {
        /// The role that would be one too many.
        role: String,
    },
}

impl Directory {
    /// The most people that a directory holds.
    pub const MOST_PEOPLE: usize = 65_534;
    /// The most roles that a directory holds.
    pub const MOST_ROLES: usize = 60_000;

    /// Everybody whom a definition speaks of: who has a name, and of a role without names `sales 1`, `sales 2` and so on, at
    /// most so many.
    ///
    /// # Errors
    /// When there are too many.
    pub fn of(definition: &Definition, most_of_a_role: usize) -> Result<Directory, DirectoryError> {
        let mut directory = Directory::default();
        for (role, declared) in &definition.roles {
            match &declared.people {
                People::Count(count) => {
                    for number in 1..=(*count as usize).min(most_of_a_role) {
                        directory.add(&format!("{role} {number}"), [role.as_str()])?;
                    }
                }
                People::Named(names) => {
                    for name in names {
                        directory.add(name, [role.as_str()])?;
                    }
                }
            }
        }
        directory.add_skills(definition);
        Ok(directory)
    }

    /// Gives the people of the directory the skills that they have in a definition.
    pub fn add_skills(&mut self, definition: &Definition) {
        for (name, declared) in &definition.persons {
            let Some(person) = self.people.get_mut(name) else { continue };
            let new: Vec<String> =
                declared.skills.iter().filter(|skill| !person.skills.contains(skill)).cloned().collect();
            person.skills.extend(new);
        }
    }

    /// Enters a person with these roles; one who is there already gets those that they have not.
    ///
    /// # Errors
    /// When there are too many people, or too many roles; then nothing has changed.
    pub fn add<'a>(
        &mut self,
        name: &str,
        roles: impl IntoIterator<Item = &'a str>,
    ) -> Result<PersonIx, DirectoryError> {
        let roles: Vec<&str> = roles.into_iter().collect();
        self.room_for(name, &roles)?;
        let entry = self.people.entry(name.to_owned());
        let position = entry.index();
        let person = entry.or_insert_with(|| Person {
            roles: Vec::new(),
            skills: Vec::new(),
            deputy: PersonIx::NONE,
            away: false,
        });
        let ix = PersonIx(position as u16);
        for role in roles {
            let role = self.roles.entry(role.to_owned());
            let number = role.index() as u16;
            let of_role = role.or_default();
            if let Err(at) = of_role.binary_search(&ix) {
                of_role.insert(at, ix);
                person.roles.push(number);
            }
        }
        Ok(ix)
    }

    /// The person of that name.
    pub fn find(&self, name: &str) -> Option<PersonIx> {
        self.people.get_index_of(name).map(|position| PersonIx(position as u16))
    }

    /// The name nearest to what was written, if somebody may have been meant by it.
    pub fn suggest(&self, name: &str) -> Option<&str> {
        nearest(name, self.people.keys().map(String::as_str))
    }

    /// How many people there are.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// True when there is nobody.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// The name of a person; empty for nobody.
    pub fn name(&self, person: PersonIx) -> &str {
        self.people.get_index(person.at()).map_or("", |(name, _)| name)
    }

    /// The roles of a person, in the order of entry.
    pub fn roles(&self, person: PersonIx) -> impl Iterator<Item = &str> {
        let numbers = self.person(person).map_or(&[][..], |person| &person.roles);
        numbers.iter().filter_map(|role| self.roles.get_index(usize::from(*role))).map(|(name, _)| name.as_str())
    }

    /// How many roles a person has.
    pub fn role_count(&self, person: PersonIx) -> usize {
        self.person(person).map_or(0, |person| person.roles.len())
    }

    /// Whether a person has that role.
    pub fn has_role(&self, person: PersonIx, role: &str) -> bool {
        self.of_role(role).binary_search(&person).is_ok()
    }

    /// What a person can do, in the order of entry.
    pub fn skills(&self, person: PersonIx) -> &[String] {
        self.person(person).map_or(&[], |person| &person.skills)
    }

    /// The first of these skills that a person does not have.
    pub fn lacks<'a>(&self, person: PersonIx, needs: &'a [String]) -> Option<&'a str> {
        needs.iter().find(|skill| !self.skills(person).contains(skill)).map(String::as_str)
    }

    /// The people who have that role, in the order of the directory.
    pub fn of_role(&self, role: &str) -> &[PersonIx] {
        self.roles.get(role).map_or(&[], Vec::as_slice)
    }

    /// Lets `deputy` stand in for `person`; `NONE` for nobody. True when that is a change: it is none when one of them is
    /// not in the directory, or both are the same.
    pub fn set_deputy(&mut self, person: PersonIx, deputy: PersonIx) -> bool {
        let known = deputy == PersonIx::NONE || (deputy.at() < self.people.len() && deputy != person);
        let Some((_, person)) = self.people.get_index_mut(person.at()).filter(|_| known) else { return false };
        std::mem::replace(&mut person.deputy, deputy) != deputy
    }

    /// Who stands in for a person, or `NONE`.
    pub fn deputy(&self, person: PersonIx) -> PersonIx {
        self.person(person).map_or(PersonIx::NONE, |person| person.deputy)
    }

    /// Notes that a person is away, or there. True when that is a change.
    pub fn set_away(&mut self, person: PersonIx, away: bool) -> bool {
        let Some((_, person)) = self.people.get_index_mut(person.at()) else { return false };
        std::mem::replace(&mut person.away, away) != away
    }

    /// Whether a person is away; whoever is not in the directory is.
    pub fn is_away(&self, person: PersonIx) -> bool {
        self.person(person).is_none_or(|person| person.away)
    }

    fn person(&self, person: PersonIx) -> Option<&Person> {
        self.people.get_index(person.at()).map(|(_, person)| person)
    }

    fn room_for(&self, name: &str, roles: &[&str]) -> Result<(), DirectoryError> {
        if self.people.len() >= Directory::MOST_PEOPLE && !self.people.contains_key(name) {
            return Err(DirectoryError::TooManyPeople { name: name.to_owned() });
        }
        let mut new: Vec<&str> = roles.iter().copied().filter(|role| !self.roles.contains_key(*role)).collect();
        new.sort_unstable();
        new.dedup();
        match new.get(Directory::MOST_ROLES.saturating_sub(self.roles.len())) {
            Some(role) => Err(DirectoryError::TooManyRoles { role: (*role).to_owned() }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office() -> (Directory, [PersonIx; 3]) {
        let mut people = Directory::default();
        let all = ["ana", "ben", "eva"].map(|name| people.add(name, ["clerk"]).unwrap());
        (people, all)
    }

    #[test]
    fn people_are_found_by_name_and_by_role() {
        let (mut people, [ana, ben, eva]) = office();
        people.add("eva", ["boss", "clerk"]).unwrap();
        people.add("ana", ["boss"]).unwrap();
        assert_eq!((people.find("ben"), people.find("carl"), people.len()), (Some(ben), None, 3));
        assert_eq!((people.name(eva), people.name(PersonIx::NONE)), ("eva", ""));
        assert_eq!(people.of_role("clerk"), [ana, ben, eva]);
        assert_eq!(people.of_role("boss"), [ana, eva], "the order of the directory, not of the roles");
        assert!(people.of_role("king").is_empty());
        assert_eq!(people.roles(eva).collect::<Vec<_>>(), ["clerk", "boss"]);
        assert_eq!(people.roles(PersonIx::NONE).count(), 0);
        assert_eq!((people.role_count(eva), people.role_count(ben)), (2, 1));
        assert!(
            people.has_role(ana, "boss") && !people.has_role(ben, "boss") && !people.has_role(PersonIx::NONE, "boss")
        );
        assert_eq!((people.suggest("eav"), people.suggest("carl")), (Some("eva"), None));
    }

    #[test]
    fn absence_and_deputies_change_only_when_they_change() {
        let (mut people, [ana, ben, _]) = office();
        assert!(people.set_away(ana, true) && !people.set_away(ana, true));
        assert!(people.is_away(ana) && !people.is_away(ben) && people.is_away(PersonIx::NONE));
        assert!(people.set_away(ana, false) && !people.is_away(ana));
        assert!(!people.set_away(PersonIx(9), true));
        assert!(people.set_deputy(ana, ben) && !people.set_deputy(ana, ben));
        assert!(
            !people.set_deputy(ana, ana)
                && !people.set_deputy(ana, PersonIx(9))
                && !people.set_deputy(PersonIx(9), ana)
        );
        assert_eq!((people.deputy(ana), people.deputy(ben)), (ben, PersonIx::NONE));
        assert!(people.set_deputy(ana, PersonIx::NONE));
        assert_eq!(people.deputy(ana), PersonIx::NONE);
    }

    #[test]
    fn a_full_directory_says_so_and_stays_as_it_is() {
        let mut people = Directory::default();
        for n in 0..Directory::MOST_PEOPLE {
            people.add(&format!("p{n}"), ["all"]).unwrap();
        }
        let full = people.add("carl", ["some"]).unwrap_err();
        assert_eq!(
            full.to_string(),
            "there is no room for `carl`: a directory holds at most 65534 people; use several directories"
        );
        assert!(people.of_role("some").is_empty());
        assert_eq!(people.add("p65533", ["last"]), Ok(PersonIx(65_533)));
        assert_eq!(people.of_role("all").len(), Directory::MOST_PEOPLE);
        let roles: Vec<String> = (0..Directory::MOST_ROLES - 1).map(|n| format!("r{n}")).collect();
        let error = people.add("p0", roles.iter().map(String::as_str)).unwrap_err();
        assert!(matches!(error, DirectoryError::TooManyRoles { .. }));
        assert_eq!(people.role_count(PersonIx(0)), 1);
    }
}
