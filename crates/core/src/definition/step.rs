//! The steps of a process and the flows between them.

use indexmap::IndexMap;
use serde::Serialize;

use super::{Chance, Crack, Distribution, Expression, Span};

/// A step: a node that a person can point at.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Step {
    /// What the step is.
    pub kind: Kind,
    /// A name for people.
    pub name: Option<String>,
    /// What the step is worth to the customer.
    pub value: Option<ValueClass>,
    /// Why the step exists.
    pub why: Option<String>,
    /// Fields it reads.
    pub reads: Vec<String>,
    /// Fields that whoever completes it may write.
    pub writes: Vec<String>,
    /// Fields it sets by itself when it completes, from the data as they were before.
    pub sets: IndexMap<String, Expression>,
    /// The only successor, when there are no outcomes or branches.
    pub next: Option<String>,
    /// What the world may answer, and where each answer leads.
    pub outcomes: IndexMap<String, Outcome>,
    /// Declared deviations.
    pub cracks: IndexMap<String, Crack>,
    /// The step whose random numbers this one shares, so that variants meet the same customers.
    pub same_as: Option<String>,
}

/// What a step is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// Work that a person of a role does.
    Human {
        /// The role whose people may do it.
        role: String,
        /// How long the work takes (for simulation).
        takes: Option<Distribution>,
    },
    /// Work that a system does; it always waits for the completion.
    Service {
        /// The handler by name; the name of the step when absent.
        handler: Option<String>,
        /// How long it takes (for simulation).
        takes: Option<Distribution>,
    },
    /// Sets data and goes on at once.
    Assign,
    /// Takes the first branch whose guard holds.
    Choose(Vec<Branch>),
    /// Starts all successors in parallel.
    Fork(Vec<String>),
    /// Waits for one token from every step that leads here.
    Join,
    /// Waits for a fixed time.
    Pause(Span),
    /// Waits for an outside party.
    Wait {
        /// Who is waited for.
        party: String,
        /// How long that takes (for simulation).
        takes: Option<Distribution>,
    },
    /// Ends this path; the case completes with its last token.
    End {
        /// Withdraws everything else that is still going on in the case.
        terminate: bool,
    },
}

impl Kind {
    /// The key by which the kind is written.
    pub fn key(&self) -> &'static str {
        match self {
            Kind::Human { .. } => "human",
            Kind::Service { .. } => "service",
            Kind::Assign => "assign",
            Kind::Choose(_) => "choose",
            Kind::Fork(_) => "fork",
            Kind::Join => "join",
            Kind::Pause(_) | Kind::Wait { .. } => "wait",
            Kind::End { .. } => "end",
        }
    }
}

/// What a step is worth to the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueClass {
    /// The customer would pay for it.
    AddsValue,
    /// The business needs it.
    Needed,
    /// Nobody needs it.
    Waste,
}

/// An answer of the world.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The step it leads to.
    pub to: String,
    /// How likely it is (for simulation).
    pub chance: Option<OutcomeChance>,
    /// Fields it sets.
    pub sets: IndexMap<String, Expression>,
}

/// How likely an outcome is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeChance {
    /// As likely as that.
    Share(Chance),
    /// Whatever the others leave.
    Rest,
}

/// A branch of a choice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Branch {
    /// The guard; `None` is the branch taken otherwise.
    pub when: Option<Expression>,
    /// The step it leads to.
    pub to: String,
    /// Fields it sets.
    pub sets: IndexMap<String, Expression>,
}
