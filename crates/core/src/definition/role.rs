//! Who does the work, and when they are there.

use indexmap::IndexMap;
use serde::Serialize;

use super::form::absent;
use super::{Wage, WorkQueue};

/// A pool of people who can do the same work.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Role {
    /// The department the role belongs to.
    #[serde(skip_serializing_if = "absent")]
    pub department: Option<String>,
    /// Who fills it.
    pub people: People,
    /// When they work; the calendar of the process when absent.
    #[serde(skip_serializing_if = "absent")]
    pub calendar: Option<String>,
    /// What each of them costs while they are there.
    #[serde(skip_serializing_if = "absent")]
    pub cost: Option<Wage>,
    /// For people with names: who stands in for whom when that person is not there.
    #[serde(skip_serializing_if = "absent")]
    pub deputies: IndexMap<String, String>,
    /// In which order they take work, and how much may wait.
    #[serde(skip_serializing_if = "absent")]
    pub queue: WorkQueue,
    /// How many work items each of them may have in hand at once; one when absent (for simulation).
    #[serde(skip_serializing_if = "absent", rename = "at-once")]
    pub at_once: Option<u32>,
}

impl Role {
    /// A role filled by that many people.
    pub fn of(count: u32) -> Role {
        Role { people: People::Count(count), ..Role::default() }
    }

    /// A role filled by these people.
    pub fn named<'a>(people: impl IntoIterator<Item = &'a str>) -> Role {
        Role { people: People::Named(people.into_iter().map(str::to_owned).collect()), ..Role::default() }
    }
}

/// The people of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum People {
    /// So many, without names.
    Count(u32),
    /// These.
    Named(Vec<String>),
}

impl People {
    /// Their names; none where they have none.
    pub fn names(&self) -> &[String] {
        match self {
            People::Count(_) => &[],
            People::Named(names) => names,
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        match self {
            People::Count(count) => *count as usize,
            People::Named(names) => names.len(),
        }
    }
}

impl Default for People {
    fn default() -> Self {
        People::Count(0)
    }
}

/// When a calendar is open, as written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CalendarSpec {
    /// The IANA name of the time zone; UTC when absent.
    #[serde(skip_serializing_if = "absent")]
    pub zone: Option<String>,
    /// Opening windows by days as written, such as `mon-fri` or `sat`; several windows are separated by commas:
    /// `mon-fri: "09:00-13:00, 14:00-18:00"`.
    #[serde(skip_serializing_if = "absent")]
    pub week: IndexMap<String, String>,
    /// Closed days, as `2026-12-25`.
    #[serde(skip_serializing_if = "absent")]
    pub holidays: Vec<String>,
    /// Days with windows of their own instead of those of the week, as `2026-12-24: "09:00-13:00"`.
    #[serde(skip_serializing_if = "absent")]
    pub exceptions: IndexMap<String, String>,
}

/// An opening window of one day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// 0 for Monday to 6 for Sunday.
    pub day: u8,
    /// Minutes after local midnight at which it opens.
    pub from: u16,
    /// Minutes after local midnight at which it closes; up to 1440.
    pub until: u16,
}
