//! Reads roles and calendars.

use indexmap::IndexMap;

use crate::definition::{CalendarSpec, Factor, People, Person, QueueOrder, Role, Wage, WorkQueue};
use crate::diagnostic::Code;
use crate::yaml::decode::{NAME, Value, boolean, parsed, text, whole, word};

use super::{expression, names};

pub(super) fn roles(value: Value<'_>) -> Option<IndexMap<String, Role>> {
    value.declarations("roles by name", NAME, |_, value| Some(role(value).unwrap_or_else(|| Role::of(1))))
}

/// A role whose people cannot be read keeps its name and counts as one person, so that nothing else is reported of it.
fn role(value: Value<'_>) -> Option<Role> {
    let mut fields = value.fields("a role")?;
    let people = fields.required("people", people);
    let deputies = fields.optional("deputies", |value| value.map("deputies by person", |_, value| text(value)));
    let role = Role {
        department: fields.optional("department", text),
        calendar: fields.optional("calendar", text),
        cost: fields.optional("cost", cost),
        deputies: deputies.filter(|_| people.is_some()).unwrap_or_default(),
        people: people.unwrap_or(People::Count(1)),
        queue: fields.optional("queue", queue).unwrap_or_default(),
        at_once: fields.optional("at-once", whole),
    };
    fields.finish();
    Some(role)
}

/// What is particular to people with names.
pub(super) fn persons(value: Value<'_>) -> Option<IndexMap<String, Person>> {
    value.map("people by name, as in `{ ana: { speed: 120% } }`", |_, value| person(value))
}

fn person(value: Value<'_>) -> Option<Person> {
    let mut fields = value.fields("a person")?;
    let person = Person {
        speed: fields.optional("speed", speed),
        calendar: fields.optional("calendar", text),
        skills: fields.optional("skills", names).unwrap_or_default(),
    };
    fields.finish();
    Some(person)
}

/// How much somebody does in the time in which others do 100%.
fn speed(value: Value<'_>) -> Option<Factor> {
    parsed(value, "a speed such as `120%`", Code::InvalidChance, Factor::meant)
}

const ORDERS: &[(&str, QueueOrder)] = &[
    ("first-come", QueueOrder::FirstCome),
    ("earliest-due", QueueOrder::EarliestDue),
    ("shortest-first", QueueOrder::ShortestFirst),
];

fn queue(value: Value<'_>) -> Option<WorkQueue> {
    let mut fields = value.fields("a queue")?;
    let queue = WorkQueue {
        order: fields.optional("order", |value| word(value, ORDERS)).unwrap_or_default(),
        priority: fields.optional("priority", expression),
        interrupts: fields.optional("interrupts", boolean).unwrap_or_default(),
        room: fields.optional("room", whole),
    };
    fields.finish();
    Some(queue)
}

/// What an hour of somebody's presence costs.
fn cost(value: Value<'_>) -> Option<Wage> {
    parsed(value, "what an hour costs, such as `30 EUR/h`", Code::InvalidCost, Wage::meant)
}

fn people(value: Value<'_>) -> Option<People> {
    match value.scalar() {
        Some((count, false)) if count.starts_with(|c: char| c.is_ascii_digit()) => whole(value).map(People::Count),
        Some((name, _)) => {
            let help = format!("write a number such as `2`, or `[{name}]` for one person");
            value.expected_with("a number or a list of names", Some(&help))
        }
        None => names(value).map(People::Named),
    }
}

pub(super) fn calendars(value: Value<'_>) -> Option<IndexMap<String, CalendarSpec>> {
    value.declarations("calendars by name", NAME, |_, value| Some(calendar(value).unwrap_or_else(always_open)))
}

fn calendar(value: Value<'_>) -> Option<CalendarSpec> {
    let mut fields = value.fields("a calendar")?;
    let zone = fields.optional("zone", text);
    let written = fields.has("week");
    let week = fields.optional("week", |value| {
        value.map("windows by day, as in `{ mon-fri: \"09:00-18:00\" }`", |_, value| text(value))
    });
    let week = week.unwrap_or_else(|| if written { always_open().week } else { IndexMap::new() });
    let holidays = fields.optional("holidays", names).unwrap_or_default();
    let exceptions = fields.optional("exceptions", |value| {
        value.map("windows by day, as in `{ 2026-12-24: \"09:00-13:00\" }`", |_, value| text(value))
    });
    fields.finish();
    Some(CalendarSpec { zone, week, holidays, exceptions: exceptions.unwrap_or_default() })
}

/// Stands for a calendar that cannot be read, so that it is not reported again as one that never opens.
fn always_open() -> CalendarSpec {
    CalendarSpec {
        week: [("mon-sun".to_owned(), "00:00-24:00".to_owned())].into_iter().collect(),
        ..CalendarSpec::default()
    }
}
