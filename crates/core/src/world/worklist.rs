//! The work there is for people, who has it, and who gets it: each item of every case, by role and by person.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use indexmap::IndexMap;

use super::{AllocationRule, Candidates, CaseId, Directory, Order, Turns, choose};
use crate::definition::{Allocation, Kind};
use crate::index::{PersonIx, StepIx, TokenIx};
use crate::kernel::{Case, Command, Event, Phase, Token};
use crate::plan::{Plan, Rank};

/// Looks up cases, wherever they are kept.
pub trait Cases {
    /// The case of that number and its plan, while it is open.
    fn case(&self, id: CaseId) -> Option<(&Plan, &Case)>;
}

/// A work item: one visit of a case to a step at which a person works. It stays the same whoever has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId {
    /// The case.
    pub case: CaseId,
    /// The token at the step.
    pub token: TokenIx,
    /// The step.
    pub step: StepIx,
    /// The how-manieth visit of the case to the step it is.
    pub visit: u32,
}

impl ItemId {
    /// The item that a token of a case is now.
    pub fn of(case: CaseId, token: TokenIx, now: &Token) -> ItemId {
        ItemId { case, token, step: now.step, visit: now.visit }
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{}", self.case, self.token.0, self.step.0, self.visit)
    }
}

/// Why a person cannot have a work item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkError {
    /// The item is done, or was withdrawn.
    #[error("there is no work item {0}; it may have been completed or withdrawn meanwhile")]
    NoSuchItem(ItemId),
    /// Nobody has that name.
    #[error("nobody is called `{name}`{}", suggestion.as_ref().map_or(String::new(), |name| format!("; did you mean `{name}`?")))]
    NoSuchPerson {
        /// The name.
        name: String,
        /// The nearest there is.
        suggestion: Option<String>,
    },
    /// The work belongs to another role.
    #[error("`{person}` cannot have this work: it is for `{role}`, and they are {has}")]
    WrongRole {
        /// The person.
        person: String,
        /// The role of the work.
        role: String,
        /// The roles of the person.
        has: String,
    },
    /// The work needs what the person cannot do.
    #[error("`{person}` cannot have this work: it needs `{skill}`")]
    NoSkill {
        /// The person.
        person: String,
        /// The skill.
        skill: String,
    },
    /// The person is away.
    #[error("`{0}` is away; say when they are back, or name somebody else")]
    Away(String),
}

/// The work items of all open cases and the people who do them.
#[derive(Debug, Clone, Default)]
pub struct WorkList {
    people: Directory,
    turns: Turns,
    items: BTreeMap<(CaseId, TokenIx), Item>,
    /// What nobody has, by role.
    offered: IndexMap<String, BTreeSet<(CaseId, TokenIx)>>,
    held: BTreeMap<PersonIx, BTreeSet<(CaseId, TokenIx)>>,
    /// Work for which somebody may have to be found.
    open: VecDeque<(CaseId, TokenIx)>,
    touched: Vec<TokenIx>,
}

#[derive(Debug, Clone)]
struct Item {
    id: ItemId,
    role: String,
    /// The skills that it needs.
    needs: Vec<String>,
    /// Who has it.
    person: PersonIx,
    /// Nobody was there to take it, and that was said.
    deserted: bool,
    /// It has just come, and there may be no room for it.
    new: bool,
    /// Its place in the queue of the role.
    rank: Rank,
}

impl WorkList {
    /// The people there are.
    pub fn people(&self) -> &Directory {
        &self.people
    }

    /// The people there are, to add some. Presence is for [`WorkList::set_away`], deputies are for
    /// [`WorkList::set_deputy`].
    pub fn people_mut(&mut self) -> &mut Directory {
        &mut self.people
    }

    /// The person of that name.
    ///
    /// # Errors
    /// When nobody is called so, with the nearest name.
    pub fn person(&self, name: &str) -> Result<PersonIx, WorkError> {
        let missing = || {
            let suggestion = self.people.suggest(name).map(str::to_owned);
            WorkError::NoSuchPerson { name: name.to_owned(), suggestion }
        };
        self.people.find(name).ok_or_else(missing)
    }

    /// What a person may begin: first what they have, then what is offered to their roles, each in the order of its queue.
    pub fn of(&self, person: PersonIx) -> Vec<ItemId> {
        let own = self.held.get(&person).into_iter().flatten();
        let offered = self.people.roles(person).flat_map(|role| self.offered_to(role));
        own.filter_map(|key| self.id(*key)).chain(offered).collect()
    }

    /// What is offered to a role, or waits for somebody of it to be found, in the order of its queue.
    pub fn offered_to(&self, role: &str) -> impl Iterator<Item = ItemId> + use<> {
        let offered = self.offered.get(role).into_iter().flatten();
        let mut items: Vec<&Item> = offered.filter_map(|key| self.items.get(key)).collect();
        items.sort_by_key(|item| item.rank);
        items.into_iter().map(|item| item.id).collect::<Vec<_>>().into_iter()
    }

    /// What a person has.
    pub fn held_by(&self, person: PersonIx) -> impl Iterator<Item = ItemId> {
        self.held.get(&person).into_iter().flatten().filter_map(|key| self.id(*key))
    }

    /// Whether a person may have a work item, as far as roles, skills and presence go.
    ///
    /// # Errors
    /// Why they may not.
    pub fn check(&self, item: ItemId, person: PersonIx) -> Result<(), WorkError> {
        let known = self.items.get(&(item.case, item.token)).filter(|known| known.id == item);
        let Item { role, needs, .. } = known.ok_or(WorkError::NoSuchItem(item))?;
        let name = || self.people.name(person).to_owned();
        if !self.people.has_role(person, role) {
            let has: Vec<&str> = self.people.roles(person).collect();
            let has = if has.is_empty() { "in no role".to_owned() } else { format!("`{}`", has.join("`, `")) };
            return Err(WorkError::WrongRole { person: name(), role: role.clone(), has });
        }
        if let Some(skill) = self.people.lacks(person, needs) {
            return Err(WorkError::NoSkill { person: name(), skill: skill.to_owned() });
        }
        if self.people.is_away(person) { Err(WorkError::Away(name())) } else { Ok(()) }
    }

    /// Hears one event of a case, after it was applied.
    pub fn hear(&mut self, event: &Event) {
        if let Some(token) = event.token().filter(|token| self.touched.last() != Some(token)) {
            self.touched.push(token);
        }
    }

    /// Has a command that a case carried out take effect on the work there is. Call it once all its events have been
    /// heard.
    pub fn settle(&mut self, id: CaseId, plan: &Plan, case: &Case) {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        if !touched.is_empty() && !plan.definition().rules.is_empty() {
            self.look_again_in(id);
        }
        for token in touched.drain(..) {
            self.update(id, plan, case, token);
        }
        self.touched = touched;
    }

    /// A person leaves or returns. Nothing follows when that is no change.
    pub fn set_away(&mut self, person: PersonIx, away: bool) {
        if !self.people.set_away(person, away) {
            return;
        }
        let held = self.held.get(&person).into_iter().flatten();
        let roles = self.people.roles(person).filter_map(|role| self.offered.get(role));
        self.open.extend(held.chain(roles.flatten()));
        if !away {
            self.stand_in(person);
        }
    }

    /// Lets a person stand in for another, at once if that one is away; `NONE` for nobody.
    pub fn set_deputy(&mut self, person: PersonIx, deputy: PersonIx) {
        if self.people.set_deputy(person, deputy) {
            self.stand_in(deputy);
        }
    }

    /// Whoever is away and has work, and has this deputy: the work is looked after again.
    fn stand_in(&mut self, deputy: PersonIx) {
        let people = &self.people;
        let away = |holder: &PersonIx| people.deputy(*holder) == deputy && people.is_away(*holder);
        let held = self.held.iter().filter(|(holder, _)| away(holder)).flat_map(|(_, held)| held);
        self.open.extend(held);
    }

    /// Looks for somebody for work that could not be given to anybody so far; to be called when there are more people.
    pub fn look_again(&mut self, role: &str) {
        self.open.extend(self.offered.get(role).into_iter().flatten());
    }

    /// The same for the work of a case: whoever was excluded by what another did there may not be any more.
    fn look_again_in(&mut self, id: CaseId) {
        let all = self.items.range((id, TokenIx(0))..=(id, TokenIx::NONE));
        self.open.extend(all.filter(|(_, item)| item.person == PersonIx::NONE).map(|(key, _)| *key));
    }

    /// What is to be done next; `None` when nothing follows any more.
    pub fn next(&mut self, cases: &impl Cases) -> Option<Order> {
        while let Some((id, token)) = self.open.pop_front() {
            let command = cases.case(id).and_then(|(plan, case)| self.look_after(id, plan, case, token));
            if let Some(command) = command {
                return Some(Order::Command { case: id, command });
            }
        }
        None
    }

    fn id(&self, key: (CaseId, TokenIx)) -> Option<ItemId> {
        self.items.get(&key).map(|item| item.id)
    }

    fn update(&mut self, id: CaseId, plan: &Plan, case: &Case, token: TokenIx) {
        let before = self.remove((id, token));
        let Some(work) = case.token(token).filter(|item| is_for_people(item.phase)) else { return };
        let now = ItemId::of(id, token, work);
        let deserted = before.as_ref().is_some_and(|before| before.id == now && before.deserted);
        let person = if work.phase.is_with_person() { work.person } else { PersonIx::NONE };
        let new = before.is_none_or(|before| before.id != now || before.role != plan.role_name(work.role));
        let rank = plan.rank(case, work.role, || 0);
        let (role, needs) = (plan.role_name(work.role).to_owned(), plan.needs(work.step).to_vec());
        let item = Item { id: now, role, needs, person, deserted, new, rank };
        self.insert((id, token), item);
        self.open.push_back((id, token));
    }

    fn remove(&mut self, key: (CaseId, TokenIx)) -> Option<Item> {
        let item = self.items.remove(&key)?;
        if item.person != PersonIx::NONE {
            self.held.entry(item.person).or_default().remove(&key);
        } else if let Some(offered) = self.offered.get_mut(&item.role) {
            offered.remove(&key);
        }
        Some(item)
    }

    fn insert(&mut self, key: (CaseId, TokenIx), item: Item) {
        if item.person != PersonIx::NONE {
            self.held.entry(item.person).or_default().insert(key);
        } else {
            self.offered.entry(item.role.clone()).or_default().insert(key);
        }
        self.items.insert(key, item);
    }

    /// Finds somebody for work that is to be given to somebody; says so where nobody is there.
    fn look_after(&mut self, id: CaseId, plan: &Plan, case: &Case, token: TokenIx) -> Option<Command> {
        let work = case.token(token).copied()?;
        let command = match work.phase {
            Phase::Created => self.allocate(plan, case, token, &work),
            phase if phase.is_with_person() => self.attend(plan, case, token, &work),
            _ => None,
        };
        command.or_else(|| self.no_room(id, plan, token, &work)).or_else(|| self.deserted(id, plan, token, &work))
    }

    /// Gives work to somebody.
    fn allocate(&mut self, plan: &Plan, case: &Case, token: TokenIx, work: &Token) -> Option<Command> {
        let rule = rule(plan, case, work.step);
        let person = self.choose(plan, case, work, rule)?;
        if rule == AllocationRule::RoundRobin {
            self.turns.took(plan.role_name(work.role), person);
        }
        Some(Command::Allocate { token, person })
    }

    fn choose(&self, plan: &Plan, case: &Case, work: &Token, rule: AllocationRule) -> Option<PersonIx> {
        let lacks = |person| self.people.lacks(person, plan.needs(work.step)).is_some();
        let not_theirs =
            |person| person == work.person || lacks(person) || plan.is_for_other_eyes(case, work.step, person);
        let load = |person: PersonIx| self.held.get(&person).map_or(0, |held| held.len() as u32);
        let role = plan.role_name(work.role);
        let candidates = Candidates { directory: &self.people, role, excluded: &not_theirs, load: &load };
        choose(rule, &candidates, work.person, &self.turns)
    }

    /// Tells the case whether the holder of its work is there; where it says nothing about that, their deputy gets it.
    fn attend(&mut self, plan: &Plan, case: &Case, token: TokenIx, work: &Token) -> Option<Command> {
        let known = !self.people.name(work.person).is_empty();
        let away = known && self.people.is_away(work.person);
        if work.person == PersonIx::NONE {
            return None;
        }
        let says_nothing = plan.crack_when_absent(work.step).is_none();
        if away
            && says_nothing
            && let Some(deputy) = self.choose(plan, case, work, AllocationRule::Offer)
        {
            return Some(Command::Allocate { token, person: deputy });
        }
        (away != work.away).then_some(Command::Presence { token, away })
    }

    /// Where work comes to a queue that is full already, the crack for that strikes.
    fn no_room(&mut self, id: CaseId, plan: &Plan, token: TokenIx, work: &Token) -> Option<Command> {
        let item = self.items.get_mut(&(id, token))?;
        if !std::mem::take(&mut item.new) || !matches!(work.phase, Phase::Created | Phase::Offered) {
            return None;
        }
        let (crack, queue) = (plan.crack_when_full(work.step)?, plan.queue(work.role)?);
        let role = plan.role_name(work.role);
        let has_work = |person: &PersonIx| self.held.get(person).is_some_and(|held| !held.is_empty());
        let idle = |person: &&PersonIx| !self.people.is_away(**person) && !has_work(person);
        let free = self.people.of_role(role).iter().filter(idle).count();
        let others = self.offered.get(role).map_or(0, BTreeSet::len).saturating_sub(1);
        queue.is_full(others, free).then_some(Command::Strike { token, crack })
    }

    /// Where nobody of a role is there, and the step has a crack for that which waits for nothing, it strikes.
    fn deserted(&mut self, id: CaseId, plan: &Plan, token: TokenIx, work: &Token) -> Option<Command> {
        if !matches!(work.phase, Phase::Created | Phase::Offered) {
            return None;
        }
        let known = self.people.of_role(plan.role_name(work.role));
        let can = |person: &&PersonIx| self.people.lacks(**person, plan.needs(work.step)).is_none();
        let nobody = !known.is_empty() && known.iter().filter(can).all(|person| self.people.is_away(*person));
        let crack = plan.crack_when_absent(work.step).filter(|crack| nobody && !plan.has_delay(*crack))?;
        let item = self.items.get_mut(&(id, token)).filter(|item| !item.deserted)?;
        item.deserted = true;
        Some(Command::Strike { token, crack })
    }
}

fn is_for_people(phase: Phase) -> bool {
    phase.is_with_person() || matches!(phase, Phase::Created | Phase::Offered)
}

/// How somebody is found for a step. Work that is offered by its nature is given to whoever has least, once somebody has
/// to be found for it.
fn rule(plan: &Plan, case: &Case, step: StepIx) -> AllocationRule {
    let Some(Kind::Human { allocate, .. }) = plan.step_definition(step).map(|step| &step.kind) else {
        return AllocationRule::LeastBusy;
    };
    match allocate {
        Allocation::Offer | Allocation::LeastBusy => AllocationRule::LeastBusy,
        Allocation::RoundRobin => AllocationRule::RoundRobin,
        Allocation::MostSpecialised => AllocationRule::MostSpecialised,
        Allocation::SamePersonAs(other) => {
            let did = plan.step(other).and_then(|other| case.performer(other));
            AllocationRule::SamePerson(did.unwrap_or(PersonIx::NONE))
        }
    }
}
