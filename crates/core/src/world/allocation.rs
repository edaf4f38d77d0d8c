//! Decides who gets a work item.

use indexmap::IndexMap;

use super::Directory;
use crate::index::PersonIx;

/// How a person is found for a work item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AllocationRule {
    /// Nobody gets it: it is offered, and belongs to whoever claims it.
    Offer,
    /// Who has the fewest work items; among several, the first in the order of the directory.
    LeastBusy,
    /// The next in the order of the directory after the one who got the last of that role.
    RoundRobin,
    /// Who has the fewest roles; among several, the least busy.
    MostSpecialised,
    /// This person, who did another step of the case, or `NONE` when nobody did; if they are no candidate, the least
    /// busy.
    SamePerson(PersonIx),
}

/// The people who may get a work item: those of its role who are there and not excluded.
pub struct Candidates<'a> {
    /// The people there are.
    pub directory: &'a Directory,
    /// The role that does the work.
    pub role: &'a str,
    /// Who must not get it: by a rule of four eyes, for want of a skill, or because it has just fallen away from them.
    pub excluded: &'a dyn Fn(PersonIx) -> bool,
    /// How many work items a person has that are allocated or started.
    pub load: &'a dyn Fn(PersonIx) -> u32,
}

impl Candidates<'_> {
    /// Whether a person is among them.
    pub fn has(&self, person: PersonIx) -> bool {
        self.directory.has_role(person, self.role) && self.free(person)
    }

    /// All of them, in the order of the directory.
    pub fn iter(&self) -> impl Iterator<Item = PersonIx> {
        self.directory.of_role(self.role).iter().copied().filter(|person| self.free(*person))
    }

    fn free(&self, person: PersonIx) -> bool {
        !self.directory.is_away(person) && !(self.excluded)(person)
    }
}

/// Who got the last work item of each role that takes turns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Turns(IndexMap<String, PersonIx>);

impl Turns {
    /// Notes that it was the turn of that person.
    pub fn took(&mut self, role: &str, person: PersonIx) {
        match self.0.get_mut(role) {
            Some(last) => *last = person,
            None => _ = self.0.insert(role.to_owned(), person),
        }
    }

    /// Who got the last one, or `NONE`.
    pub fn last(&self, role: &str) -> PersonIx {
        self.0.get(role).copied().unwrap_or(PersonIx::NONE)
    }
}

/// Who gets a work item; `None` when it is to be offered, or there is no candidate.
///
/// `previous` is who had it before, if anybody: whatever the rule, their deputy gets it first. The caller notes with
/// [`Turns::took`] whom [`AllocationRule::RoundRobin`] has chosen.
///
/// ```
/// use grieta_core::PersonIx;
/// use grieta_core::world::{AllocationRule, Candidates, Directory, Turns, choose};
///
/// let mut directory = Directory::default();
/// let ana = directory.add("ana", ["sdr"])?;
/// let ben = directory.add("ben", ["sdr"])?;
/// let load = |person: PersonIx| if person == ana { 2 } else { 1 };
/// let candidates = Candidates { directory: &directory, role: "sdr", excluded: &|_| false, load: &load };
/// let chosen = choose(AllocationRule::LeastBusy, &candidates, PersonIx::NONE, &Turns::default());
/// assert_eq!(chosen, Some(ben));
/// # Ok::<(), grieta_core::world::DirectoryError>(())
/// ```
pub fn choose(
    rule: AllocationRule,
    candidates: &Candidates<'_>,
    previous: PersonIx,
    turns: &Turns,
) -> Option<PersonIx> {
    let deputy = candidates.directory.deputy(previous);
    if candidates.has(deputy) {
        return Some(deputy);
    }
    match rule {
        AllocationRule::Offer => None,
        AllocationRule::SamePerson(person) if candidates.has(person) => Some(person),
        AllocationRule::LeastBusy | AllocationRule::SamePerson(_) => {
            candidates.iter().min_by_key(|person| (candidates.load)(*person))
        }
        AllocationRule::RoundRobin => next_after(turns.last(candidates.role), candidates),
        AllocationRule::MostSpecialised => candidates
            .iter()
            .min_by_key(|person| (candidates.directory.role_count(*person), (candidates.load)(*person))),
    }
}

fn next_after(last: PersonIx, candidates: &Candidates<'_>) -> Option<PersonIx> {
    let later = last.some().and_then(|last| candidates.iter().find(|person| *person > last));
    later.or_else(|| candidates.iter().next())
}

#[cfg(test)]
mod tests {
    use super::AllocationRule::{LeastBusy, MostSpecialised, Offer, RoundRobin, SamePerson};
    use super::*;

    const ANA: PersonIx = PersonIx(0);
    const BEN: PersonIx = PersonIx(1);
    const EVA: PersonIx = PersonIx(2);
    const BOSS: PersonIx = PersonIx(3);
    const NOBODY: PersonIx = PersonIx::NONE;

    /// Three clerks, of whom Ana has a second role and is the deputy of Ben, and a boss.
    fn office() -> Directory {
        let mut directory = Directory::default();
        directory.add("ana", ["clerk", "driver"]).unwrap();
        directory.add("ben", ["clerk"]).unwrap();
        directory.add("eva", ["clerk"]).unwrap();
        directory.add("boss", ["boss"]).unwrap();
        directory.set_deputy(BEN, ANA);
        directory
    }

    /// Who gets the work of a clerk, with that load of Ana, Ben and Eva, when these are excluded.
    fn chosen(rule: AllocationRule, loads: [u32; 3], excluded: &[PersonIx], previous: PersonIx) -> Option<PersonIx> {
        let excluded = |person| excluded.contains(&person);
        let load = |person: PersonIx| loads[person.at()];
        let directory = office();
        let candidates = Candidates { directory: &directory, role: "clerk", excluded: &excluded, load: &load };
        choose(rule, &candidates, previous, &Turns::default())
    }

    #[test]
    fn every_rule_finds_its_person() {
        let check = |rule, loads, excluded: &[PersonIx], expected| {
            assert_eq!(chosen(rule, loads, excluded, NOBODY), expected, "{rule:?} {loads:?} {excluded:?}");
        };
        check(Offer, [0, 0, 0], &[], None);
        check(LeastBusy, [2, 1, 1], &[], Some(BEN));
        check(LeastBusy, [0, 0, 0], &[], Some(ANA));
        check(LeastBusy, [0, 1, 2], &[ANA], Some(BEN));
        check(LeastBusy, [0, 0, 0], &[ANA, BEN, EVA], None);
        check(MostSpecialised, [0, 5, 4], &[], Some(EVA));
        check(MostSpecialised, [0, 5, 5], &[], Some(BEN));
        check(MostSpecialised, [9, 0, 0], &[BEN, EVA], Some(ANA));
        check(SamePerson(EVA), [0, 0, 9], &[], Some(EVA));
        check(SamePerson(EVA), [1, 0, 9], &[EVA], Some(BEN));
        check(SamePerson(BOSS), [0, 0, 0], &[], Some(ANA));
        check(SamePerson(NOBODY), [1, 1, 0], &[], Some(EVA));
    }

    #[test]
    fn the_deputy_of_the_holder_comes_first() {
        for rule in [Offer, LeastBusy, RoundRobin, MostSpecialised, SamePerson(EVA)] {
            assert_eq!(chosen(rule, [9, 0, 0], &[BEN], BEN), Some(ANA), "{rule:?}");
        }
        assert_eq!(chosen(LeastBusy, [0, 0, 1], &[BEN, ANA], BEN), Some(EVA), "the deputy is excluded");
        assert_eq!(chosen(Offer, [0, 0, 0], &[ANA], ANA), None, "Ana has no deputy");
    }

    #[test]
    fn people_take_turns_and_those_away_are_passed_over() {
        let mut directory = office();
        let mut turns = Turns::default();
        let mut next = |directory: &Directory| {
            let candidates = Candidates { directory, role: "clerk", excluded: &|_| false, load: &|_| 0 };
            let person = choose(RoundRobin, &candidates, NOBODY, &turns)?;
            turns.took("clerk", person);
            Some(person)
        };
        assert_eq!([0; 4].map(|_| next(&directory)), [ANA, BEN, EVA, ANA].map(Some));
        directory.set_away(BEN, true);
        assert_eq!([0; 3].map(|_| next(&directory)), [EVA, ANA, EVA].map(Some));
        directory.set_away(BEN, false);
        directory.set_away(EVA, true);
        assert_eq!([0; 3].map(|_| next(&directory)), [ANA, BEN, ANA].map(Some));
        directory.set_away(ANA, true);
        directory.set_away(BEN, true);
        assert_eq!(next(&directory), None);
        assert_eq!((turns.last("clerk"), turns.last("boss")), (ANA, NOBODY));
    }
}
