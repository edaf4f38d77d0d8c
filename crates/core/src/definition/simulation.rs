//! What only the simulator needs to know: who comes, with what data, and who is away.

use std::fmt;

use indexmap::IndexMap;
use serde::Serialize;

use super::form::{self, absent};
use super::{Chance, Distribution, Peak, Span, WhatIf};

/// The part of a definition that only simulation reads.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Simulation {
    /// The local day on which simulated time starts, as `2026-01-05`, midnight in the zone of the process calendar.
    #[serde(skip_serializing_if = "absent")]
    pub start: Option<String>,
    /// How cases arrive.
    #[serde(skip_serializing_if = "absent")]
    pub arrivals: Option<Arrivals>,
    /// How many cases come together each time; one where it is absent.
    #[serde(skip_serializing_if = "absent")]
    pub together: Option<Distribution>,
    /// Times at which more cases come, or fewer, by name.
    #[serde(skip_serializing_if = "absent")]
    pub peaks: IndexMap<String, Peak>,
    /// How the data of a case are imagined, by field: when it starts, and again whenever a step that writes it completes.
    #[serde(skip_serializing_if = "absent")]
    pub sample: IndexMap<String, Sample>,
    /// How often and how long people are away unannounced, by role.
    #[serde(skip_serializing_if = "absent")]
    pub absences: IndexMap<String, Absence>,
    /// People who are away once, by role.
    #[serde(skip_serializing_if = "absent")]
    pub away: IndexMap<String, Away>,
    /// Changes whose effect one can ask for, by name.
    #[serde(skip_serializing_if = "absent")]
    pub what_if: IndexMap<String, WhatIf>,
}

/// How cases arrive.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Arrivals {
    /// One after another with independent gaps.
    Every(Distribution),
    /// At these times of the local day, such as `08:00`, on every day on which the calendar of the process opens.
    At(Vec<String>),
    /// At random (Poisson) with a rate that follows the hours of the week.
    #[serde(untagged)]
    Rate {
        /// The period that `mean` counts.
        per: Period,
        /// How many arrive in one period on average.
        mean: f64,
        /// Relative weight by hours of the local day while the calendar is open, such as `10-12: 1.6`; 1 elsewhere.
        #[serde(skip_serializing_if = "absent")]
        profile: IndexMap<String, f64>,
        /// The share that arrives while the calendar is closed, spread evenly.
        #[serde(skip_serializing_if = "absent")]
        outside: Chance,
    },
}

/// The period that an arrival rate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// An hour, around the clock.
    Hour,
    /// A day, around the clock.
    Day,
    /// A day on which the calendar of the process opens.
    BusinessDay,
}

impl Period {
    /// The words for them.
    pub const ALL: [(&'static str, Period); 3] =
        [("hour", Period::Hour), ("day", Period::Day), ("business-day", Period::BusinessDay)];
}

impl fmt::Display for Period {
    /// As it is written under `per`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Period::ALL.iter().find(|(_, period)| period == self).map_or("", |(word, _)| word))
    }
}

/// How the value of a field is imagined.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Sample {
    /// A number from a distribution, rounded to what the field holds.
    Number(Distribution),
    /// One of these values, with these relative weights.
    Weights(IndexMap<String, f64>),
}

/// Unannounced absences of each person of a role.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Absence {
    /// How often a person falls away, per year.
    #[serde(rename = "rate", serialize_with = "form::yearly")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "String", regex(pattern = r"^[0-9.]+\s*/\s*(year|month|week)\s*$"))
    )]
    pub rate_per_year: f64,
    /// For how long.
    pub lasts: Distribution,
}

impl Absence {
    /// Absences of that length, so often a year.
    pub fn of(rate_per_year: f64, lasts: Span) -> Absence {
        Absence { rate_per_year, lasts: Distribution::constant(lasts) }
    }
}

/// People of a role who are away once, all at the same time. What they have in hand waits for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Away {
    /// How many.
    pub people: u32,
    /// How long after simulated time begins they leave.
    pub from: Span,
    /// For how long.
    pub lasts: Span,
}
