//! What a process definition may say, as plain data: the same whether it was read from YAML or built in Rust.
//!
//! Nothing here is checked. A [`Definition`] becomes a process by the checks of this crate, and only then has meaning.

mod answer;
mod build;
mod clock;
mod crack;
mod data;
mod decision;
mod distribution;
mod effort;
mod expressions;
mod form;
mod goal;
mod peak;
mod person;
mod quantity;
mod question;
mod queue;
mod renamed;
mod review;
mod role;
mod rule;
#[cfg(feature = "schema")]
mod schema;
mod simulation;
mod step;
mod strategy;
mod wage;
mod waiver;
mod what_if;

pub use answer::Care;
pub use clock::{Clock, Mark, Recurrence};
pub use crack::{Crack, Recovery, Response, Trigger};
pub use data::{Expression, Field, Literal, Scalar, Type};
pub use decision::{Decision, Hit, Row};
pub use distribution::{Distribution, Shape};
pub use effort::Effort;
pub use expressions::{Moment, Purpose, Use};
pub use goal::Goal;
pub use peak::{MonthDays, Peak};
pub use person::Person;
pub(crate) use quantity::decimal;
pub use quantity::{Chance, Span, Unit};
pub use question::Question;
pub use queue::{QueueOrder, WorkQueue};
pub use review::{Note, SignOff};
pub use role::{CalendarSpec, People, Role, Window};
pub use rule::{Allocation, Order, Rule, Template};
#[cfg(feature = "schema")]
pub use schema::json_schema;
pub use simulation::{Absence, Arrivals, Away, Period, Sample, Simulation};
pub use step::{
    Again, Batch, Branch, Call, ForEach, Incoming, JoinRule, Kind, Late, Outcome, OutcomeChance, Outgoing, Pause, Step,
    ValueClass,
};
pub use strategy::Held;
pub use wage::Wage;
pub use waiver::Waiver;
pub use what_if::{CrackChange, CrackName, Each, Factor, WhatIf};

use std::collections::HashSet;

use form::absent;
use indexmap::IndexMap;
use serde::Serialize;

/// A process definition as written: a directed graph of steps, the people who do them and the data they decide on.
///
/// Maps keep the order of the file.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Definition {
    /// The identifier of the process.
    pub process: String,
    /// The version of this definition.
    #[cfg_attr(feature = "schema", schemars(extend("not" = { "type": "string", "pattern": r"^\s*$" })))]
    pub version: String,
    /// A name for people.
    #[serde(skip_serializing_if = "absent")]
    pub title: Option<String>,
    /// Whether it shows the work as it is or as it should be.
    #[serde(skip_serializing_if = "absent")]
    pub variant: Option<Variant>,
    /// The role or person who answers for the process.
    #[serde(skip_serializing_if = "absent")]
    pub owner: Option<String>,
    /// The field that ties the cases of one customer together.
    #[serde(skip_serializing_if = "absent")]
    pub customer: Option<String>,
    /// The step where a case begins.
    pub start: String,
    /// The calendar of business time wherever no role has another; always open when absent.
    #[serde(skip_serializing_if = "absent")]
    pub calendar: Option<String>,
    /// Calendars by name.
    #[serde(skip_serializing_if = "absent")]
    pub calendars: IndexMap<String, CalendarSpec>,
    /// Roles by name.
    #[serde(skip_serializing_if = "absent")]
    pub roles: IndexMap<String, Role>,
    /// What is particular to some of the people with names, by name.
    #[serde(skip_serializing_if = "absent")]
    pub persons: IndexMap<String, Person>,
    /// Data fields by name.
    #[serde(skip_serializing_if = "absent")]
    pub data: IndexMap<String, Field>,
    /// The fields that every case has which ends as it should.
    #[serde(skip_serializing_if = "absent")]
    pub outputs: Vec<String>,
    /// Steps by name.
    #[cfg_attr(feature = "schema", schemars(extend("minProperties" = 1)))]
    pub steps: IndexMap<String, Step>,
    /// Decision tables by name.
    #[serde(skip_serializing_if = "absent")]
    pub decisions: IndexMap<String, Decision>,
    /// Clocks by name.
    #[serde(skip_serializing_if = "absent")]
    pub clocks: IndexMap<String, Clock>,
    /// Rules that every case keeps.
    #[serde(skip_serializing_if = "absent")]
    pub rules: Vec<Rule>,
    /// What the process is to achieve, by name.
    #[serde(skip_serializing_if = "absent")]
    pub goals: IndexMap<String, Goal>,
    /// Cracks of the whole process by name.
    #[serde(skip_serializing_if = "absent")]
    pub cracks: IndexMap<String, Crack>,
    /// Findings that were looked at and are left as they are.
    #[serde(skip_serializing_if = "absent")]
    pub allow: Vec<Waiver>,
    /// Who has read what their role does, and agrees; absent where nobody is asked.
    #[serde(skip_serializing_if = "absent")]
    pub sign_off: Option<Vec<SignOff>>,
    /// What those who do the work have to say of it.
    #[serde(skip_serializing_if = "absent")]
    pub notes: Vec<Note>,
    /// What only the simulator needs.
    #[serde(skip_serializing_if = "absent")]
    pub simulation: Option<Simulation>,
}

impl Definition {
    /// The crack of that name.
    pub fn crack_named(&self, name: &CrackName) -> Option<&Crack> {
        let cracks = match &name.step {
            Some(step) => &self.steps.get(step)?.cracks,
            None => &self.cracks,
        };
        cracks.get(&name.crack)
    }

    /// The process as one step that contains all others, where it has cracks of its own. Its name is that of the process.
    pub fn whole(&self) -> Option<Step> {
        if self.cracks.is_empty() {
            return None;
        }
        let contained: HashSet<&String> = self.steps.values().flat_map(|step| step.kind.inside()).collect();
        let others = self.steps.keys().filter(|name| **name != self.start && !contained.contains(name));
        let inside = std::iter::once(&self.start).chain(others).cloned().collect();
        let (name, cracks) = (self.title.clone(), self.cracks.clone());
        Some(Step { name, cracks, ..Step::of(Kind::Subprocess(inside)) })
    }
}

/// Whether a definition shows the work as it is done now or as it should be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// The work as it is done now.
    AsIs,
    /// The work as it is meant to be done.
    ToBe,
}

/// True for identifiers of processes, steps, roles, outcomes, cracks, clocks,
/// decisions and calendars: letters a–z, digits and hyphens,
/// beginning with a letter.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// True for identifiers of data fields: letters, digits and underscores, beginning with a letter.
pub fn is_field_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
