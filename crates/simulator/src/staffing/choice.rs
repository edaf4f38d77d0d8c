//! What there is to choose from: how many people of each role, by which calendar, and what each of them costs a week.

use std::ops::RangeInclusive;
use std::sync::Arc;

use grieta_core::Process;
use grieta_core::calendar::Calendar;
use grieta_core::definition::{Definition, People, Role, Wage};
use grieta_core::diagnostic::suggest;
use grieta_core::value::Decimal;

use super::{Search, Searched, Staffed, StaffingError};
use crate::change::staff;
use crate::results::Results;

/// An allocation: by role that is searched, how many people and which of its calendars.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Point {
    pub people: Vec<u32>,
    pub calendars: Vec<usize>,
}

impl Point {
    /// The same with so many more of one role, or fewer.
    pub fn with(&self, role: usize, people: u32) -> Point {
        let mut other = self.clone();
        other.people[role] = people;
        other
    }

    /// Whether it has no more people of any role, at the same hours.
    pub fn is_within(&self, other: &Point) -> bool {
        self.calendars == other.calendars && self.people.iter().zip(&other.people).all(|(one, other)| one <= other)
    }
}

/// A role with a cost.
#[derive(Debug)]
pub(super) struct Choice {
    pub role: String,
    pub people: RangeInclusive<u32>,
    wage: Wage,
    calendars: Vec<Calendars>,
    /// How many of it there are now.
    now: u32,
}

/// A calendar by which a role may work.
#[derive(Debug)]
struct Calendars {
    name: Option<String>,
    /// Open minutes in a week.
    minutes: u64,
    /// Billionths that a person costs in a week.
    cost: i128,
}

/// All roles with a cost.
#[derive(Debug)]
pub(super) struct Staff {
    pub choices: Vec<Choice>,
    pub currency: String,
    pub without_cost: Vec<String>,
}

/// No role of a definition may have more.
const MOST_PEOPLE: u32 = 60_000;

/// A role may have so many people more than about twice of what its work needs.
const SPARE: u32 = 2;

impl Staff {
    /// From a process, what is to be searched, and a run of the process as it is.
    pub fn of(process: &Arc<Process>, search: &Search, now: &Results) -> Result<Staff, StaffingError> {
        let roles = &process.definition().roles;
        for name in search.people.keys().chain(search.calendars.keys()) {
            let unknown = || suggest(name, roles.keys().map(String::as_str)).unwrap_or_default();
            match roles.get(name) {
                None => return Err(StaffingError::Unknown(format!("the process has no role `{name}`; {}", unknown()))),
                Some(role) if role.cost.is_none() => {
                    let message = format!("the role `{name}` has no cost; add `cost: 30 EUR/h` to it");
                    return Err(StaffingError::Unknown(message));
                }
                Some(_) => {}
            }
        }
        let mut choices = Vec::new();
        if let Some(reason) = not_a_number(process.definition()) {
            return Err(StaffingError::Unknown(reason));
        }
        for (name, role) in roles {
            if let Some(wage) = &role.cost {
                choices.push(Choice::of(process, search, now, name, role, wage)?);
            }
        }
        let currency = choices.first().map(|choice: &Choice| choice.wage.currency.clone());
        let free = roles.iter().filter(|(_, role)| role.cost.is_none());
        let without_cost = free.map(|(name, _)| name.clone()).collect();
        Ok(Staff { choices, currency: currency.ok_or(StaffingError::NoCost)?, without_cost })
    }

    /// The process as it is declared.
    pub fn declared(&self) -> Point {
        let people = self.choices.iter().map(|choice| choice.now).collect();
        Point { people, calendars: vec![0; self.choices.len()] }
    }

    /// The most people, by these calendars.
    pub fn most(&self, calendars: &[usize]) -> Point {
        let people = self.choices.iter().map(|choice| *choice.people.end()).collect();
        Point { people, calendars: calendars.to_vec() }
    }

    /// The fewest people of each role whose load is below 1, when at `point` it is that; nothing where even the most have
    /// too much to do.
    pub fn least(&self, point: &Point, loads: &[Option<f64>]) -> Option<Point> {
        let fewest = |((choice, people), load): ((&Choice, &u32), &Option<f64>)| {
            let needed = load.map_or(0, |load| (load * f64::from(*people)).floor() as u32 + 1);
            let fewest = needed.max(*choice.people.start());
            (fewest <= *choice.people.end()).then_some(fewest)
        };
        let people = self.choices.iter().zip(&point.people).zip(loads).map(fewest).collect::<Option<_>>()?;
        Some(Point { people, calendars: point.calendars.clone() })
    }

    /// Every combination of calendars, those of the definition first.
    pub fn combinations(&self) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new()];
        for choice in &self.choices {
            if all.len() > super::MOST_COMBINATIONS {
                break;
            }
            let longer = |one: &Vec<usize>| {
                let one = one.clone();
                (0..choice.calendars.len()).map(move |calendar| [one.as_slice(), &[calendar]].concat())
            };
            all = all.iter().flat_map(longer).collect();
        }
        all
    }

    /// How many allocations there are.
    pub fn size(&self) -> u64 {
        let of = |choice: &Choice| {
            let people = u64::from(choice.people.end() - choice.people.start()) + 1;
            people.saturating_mul(choice.calendars.len() as u64)
        };
        self.choices.iter().map(of).fold(1, u64::saturating_mul)
    }

    /// What a week costs, in billionths of the currency.
    pub fn cost(&self, point: &Point) -> i128 {
        let each = self.choices.iter().zip(point.people.iter().zip(&point.calendars));
        each.map(|(choice, (people, calendar))| choice.calendars[*calendar].cost.saturating_mul(i128::from(*people)))
            .fold(0, i128::saturating_add)
    }

    /// What a week of one more person of a role costs.
    pub fn cost_of(&self, role: usize, calendar: usize) -> i128 {
        self.choices[role].calendars[calendar].cost
    }

    /// The allocation in words.
    pub fn staffed(&self, point: &Point) -> Vec<Staffed> {
        let each = self.choices.iter().zip(point.people.iter().zip(&point.calendars));
        each.map(|(choice, (people, calendar))| Staffed {
            role: choice.role.clone(),
            people: *people,
            calendar: choice.calendars[*calendar].name.clone(),
        })
        .collect()
    }

    /// What is searched.
    pub fn searched(&self) -> Vec<Searched> {
        let searched = |choice: &Choice| Searched {
            role: choice.role.clone(),
            cost: choice.wage.to_string(),
            from: *choice.people.start(),
            to: *choice.people.end(),
            calendars: choice.calendars.iter().map(|calendar| calendar.name.clone()).collect(),
        };
        self.choices.iter().map(searched).collect()
    }

    /// The definition with that allocation.
    pub fn applied(&self, definition: &Definition, point: &Point) -> Definition {
        let mut changed = definition.clone();
        for staffed in self.staffed(point) {
            let Some(role) = changed.roles.get_mut(&staffed.role) else { continue };
            let of_process = role.calendar.is_none() && staffed.calendar == definition.calendar;
            if !of_process {
                role.calendar = staffed.calendar;
            }
            let new = (role.people.count() + 1..).map(|number| format!("{} {number}", staffed.role));
            staff(&mut changed, &staffed.role, staffed.people, new);
        }
        changed
    }
}

/// Why the cost of people is more than their number says, where it is.
fn not_a_number(definition: &Definition) -> Option<String> {
    let mut seen: Vec<(&String, &String)> = Vec::new();
    for (name, role) in definition.roles.iter().filter(|(_, role)| role.cost.is_some()) {
        for person in role.people.names() {
            if definition.persons.get(person).is_some_and(|person| person.calendar.is_some()) {
                return Some(format!(
                    "`{person}` of `{name}` has hours of their own, which a number of people does not say; leave out the \
                     cost of the role, or the hours"
                ));
            }
            if let Some((other, _)) = seen.iter().find(|(_, known)| *known == person) {
                return Some(format!(
                    "`{person}` is in `{other}` and in `{name}`, and would be paid twice; leave out the cost of one of them"
                ));
            }
            seen.push((name, person));
        }
    }
    None
}

impl Choice {
    fn of(
        process: &Arc<Process>,
        search: &Search,
        now: &Results,
        name: &str,
        role: &Role,
        wage: &Wage,
    ) -> Result<Choice, StaffingError> {
        let definition = process.definition();
        let own = role.calendar.clone().or_else(|| definition.calendar.clone());
        let mut calendars = vec![Calendars::of(own.clone(), &process.calendar_of(Some(name)), wage)];
        for calendar in search.calendars.get(name).into_iter().flatten() {
            if !definition.calendars.contains_key(calendar) {
                let help = suggest(calendar, definition.calendars.keys().map(String::as_str)).unwrap_or_default();
                return Err(StaffingError::Unknown(format!("the process has no calendar `{calendar}`; {help}")));
            }
            if Some(calendar) != own.as_ref() && calendars.iter().all(|known| known.name.as_ref() != Some(calendar)) {
                let mut changed = definition.clone();
                changed.roles.entry(name.to_owned()).and_modify(|role| role.calendar = Some(calendar.clone()));
                let changed = Process::what_if(changed).map_err(StaffingError::Problems)?;
                calendars.push(Calendars::of(Some(calendar.clone()), &changed.calendar_of(Some(name)), wage));
            }
        }
        // The roles of a result stand in the order of the definition; so much work of people by the first calendar.
        let load = now.role(name).and_then(|role| role.utilisation).unwrap_or(0.0);
        let count = u32::try_from(role.people.count()).unwrap_or(u32::MAX);
        let needed = |calendar: &Calendars| {
            let ratio = calendars[0].minutes as f64 / calendar.minutes.max(1) as f64;
            (load * f64::from(count) * ratio).ceil() as u32
        };
        let most = calendars.iter().map(needed).max().unwrap_or(0);
        let twice = most.saturating_mul(2).saturating_add(SPARE).max(count);
        let people = match (search.people.get(name), &role.people) {
            (Some(range), _) if range.is_empty() || *range.start() == 0 => {
                let message = format!("expected from how many to how many people of `{name}`, as in `1..6`");
                return Err(StaffingError::Unknown(message));
            }
            (Some(range), _) if *range.end() > MOST_PEOPLE => {
                let message =
                    format!("a role may have at most {MOST_PEOPLE} people, found {} for `{name}`", range.end());
                return Err(StaffingError::Unknown(message));
            }
            (Some(range), People::Named(_)) => enough(definition, name, range.clone(), count)?,
            (Some(range), _) => range.clone(),
            (None, People::Count(_)) => 1..=twice,
            (None, People::Named(_)) => count..=count,
        };
        Ok(Choice { role: name.to_owned(), people, wage: wage.clone(), calendars, now: count })
    }
}

/// The last of those who have names leave first; so many stay at least that somebody is left for all work.
fn enough(
    definition: &Definition,
    role: &str,
    range: RangeInclusive<u32>,
    now: u32,
) -> Result<RangeInclusive<u32>, StaffingError> {
    let with = |people: u32| {
        let mut changed = definition.clone();
        staff(&mut changed, role, people, std::iter::empty());
        Process::what_if(changed)
    };
    let (from, to) = (*range.start(), *range.end());
    let why = match (from..=to.min(now)).map(|people| (people, with(people))).find(|(_, found)| found.is_ok()) {
        Some((least, _)) => return Ok(least..=to),
        None if to >= now => return Ok(range),
        None => with(to).err().and_then(|problems| problems.list.into_iter().next()),
    };
    let why = why.map_or_else(String::new, |problem| format!(": {}", problem.message));
    Err(StaffingError::Unknown(format!("{to} of `{role}` are too few{why}; allow more, up to the {now} there are")))
}

impl Calendars {
    fn of(name: Option<String>, calendar: &Calendar, wage: &Wage) -> Calendars {
        let of_windows = || calendar.windows().iter().map(|window| u64::from(window.until - window.from)).sum();
        let minutes = if calendar.always_open() { 7 * 24 * 60 } else { of_windows() };
        Calendars { name, minutes, cost: wage.per_hour.billionths().saturating_mul(i128::from(minutes)) / 60 }
    }
}

/// Billionths as an amount.
pub(super) fn amount(billionths: i128) -> Decimal {
    Decimal::from_billionths(billionths)
}
