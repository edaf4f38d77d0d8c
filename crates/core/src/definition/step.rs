//! The steps of a process and the flows between them.

use std::fmt;

use indexmap::IndexMap;
use serde::Serialize;

use super::form::{self, absent};
#[cfg(feature = "schema")]
use super::schema;
use super::{Allocation, Chance, Crack, Distribution, Effort, Expression, Span, Waiver};

/// A step: a node that a person can point at.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(remote = "Self", rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", schemars(transform = schema::step))]
pub struct Step {
    /// What the step is.
    #[serde(flatten, skip_serializing_if = "form::is_assign")]
    pub kind: Kind,
    /// A name for people.
    #[serde(skip_serializing_if = "absent")]
    pub name: Option<String>,
    /// What the step is worth to the customer.
    #[serde(skip_serializing_if = "absent")]
    pub value: Option<ValueClass>,
    /// Why the step exists.
    #[serde(skip_serializing_if = "absent")]
    pub why: Option<String>,
    /// What it costs the people who do it, besides its time.
    #[serde(skip_serializing_if = "absent")]
    pub effort: Effort,
    /// Fields it reads.
    #[serde(skip_serializing_if = "absent")]
    pub reads: Vec<String>,
    /// Fields that whoever completes it may write.
    #[serde(skip_serializing_if = "absent")]
    pub writes: Vec<String>,
    /// Fields it sets by itself when it completes, from the data as they were before.
    #[serde(skip_serializing_if = "absent")]
    pub sets: IndexMap<String, Expression>,
    /// How many are done together (for simulation).
    #[serde(skip_serializing_if = "absent")]
    pub batch: Option<Batch>,
    /// The only successor, when there are no outcomes or branches.
    #[serde(skip_serializing_if = "absent")]
    pub next: Option<String>,
    /// What the world may answer, and where each answer leads.
    #[serde(skip_serializing_if = "absent")]
    pub outcomes: IndexMap<String, Outcome>,
    /// Declared deviations.
    #[serde(skip_serializing_if = "absent")]
    pub cracks: IndexMap<String, Crack>,
    /// The step whose random numbers this one shares, so that variants meet the same customers.
    #[serde(skip_serializing_if = "absent")]
    pub same_as: Option<String>,
    /// A lock of the case: only one step that has it can be under way at a time.
    #[serde(skip_serializing_if = "absent")]
    pub lock: Option<String>,
    /// A step at which the case must be as long as this one waits to be begun.
    #[serde(skip_serializing_if = "absent")]
    pub only_while: Option<String>,
    /// Where the path begins that undoes it, once it has been completed.
    #[serde(skip_serializing_if = "absent")]
    pub undo: Option<String>,
    /// Findings of this step that were looked at and are left as they are.
    #[serde(skip_serializing_if = "absent")]
    pub allow: Vec<Waiver>,
    /// Whether and how often the step is done again before the case goes on.
    #[serde(flatten)]
    pub again: Option<Again>,
}

/// Several cases are done together, in the time of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Batch {
    /// How many make a batch.
    pub of: u32,
    /// After how long fewer go, counted from when the first of them came.
    pub within: Span,
}

/// Whether a step is done again before the case goes on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Again {
    /// Before each time it is asked whether to do it, the first time too.
    While(Expression),
    /// After each time it is asked whether to stop.
    Until(Expression),
}

/// What a step is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// Work that a person of a role does.
    #[serde(serialize_with = "form::human")]
    #[cfg_attr(feature = "schema", schemars(with = "form::Human"))]
    Human {
        /// The role whose people may do it.
        role: String,
        /// How long the work takes (for simulation).
        takes: Option<Distribution>,
        /// Which of them gets it.
        allocate: Allocation,
        /// The skills that whoever does it has.
        needs: Vec<String>,
        /// How much longer it takes whoever did another step before (for simulation).
        set_up: Option<Distribution>,
        /// How much longer it takes whoever takes the case over from somebody else (for simulation).
        take_over: Option<Distribution>,
    },
    /// Work that a system does; it always waits for the completion.
    Service {
        /// The handler by name; the name of the step when absent.
        #[serde(skip_serializing_if = "absent")]
        handler: Option<String>,
        /// How long it takes (for simulation).
        #[serde(skip_serializing_if = "absent")]
        takes: Option<Distribution>,
    },
    /// Sets data and goes on at once.
    #[cfg_attr(feature = "schema", schemars(with = "IndexMap<String, Expression>"))]
    Assign,
    /// Sets data as a decision table says, and goes on at once.
    Decide(String),
    /// Takes the first branch whose guard holds.
    Choose(Vec<Branch>),
    /// Takes every branch whose guard holds.
    Some(Vec<Branch>),
    /// Starts all successors in parallel.
    #[serde(serialize_with = "form::fork")]
    #[cfg_attr(feature = "schema", schemars(with = "form::Fork"))]
    Fork(Vec<String>),
    /// Starts all successors, and goes on with the one at which something happens first.
    Race(Vec<String>),
    /// Brings parallel tokens together.
    Join(JoinRule),
    /// Goes through these steps, beginning with the first, until all its tokens have ended.
    Subprocess(Vec<String>),
    /// Goes through its steps several times.
    ForEach(ForEach),
    /// Withdraws what is going on at these steps.
    Cancel(Vec<String>),
    /// Waits for a message.
    Receive(Incoming),
    /// Sends a message and goes on at once.
    Send(Outgoing),
    /// Starts a case of a process and waits for its end.
    Call(Call),
    /// Waits for time to pass.
    #[serde(rename = "wait")]
    Pause(Pause),
    /// Waits for an outside party.
    Wait {
        /// Who is waited for.
        #[serde(rename = "for")]
        party: String,
        /// How long that takes (for simulation).
        #[serde(skip_serializing_if = "absent")]
        takes: Option<Distribution>,
    },
    /// Ends this path; the case completes with its last token.
    End {
        /// Withdraws everything else that is still going on in the case.
        #[serde(skip_serializing_if = "absent")]
        terminate: bool,
        /// Starts a case of another process and does not wait for it.
        #[serde(skip_serializing_if = "absent")]
        hand_over: Option<Call>,
    },
}

impl Kind {
    /// The steps inside, for steps that contain others; the first is where they begin.
    pub fn inside(&self) -> &[String] {
        match self {
            Kind::Subprocess(steps) | Kind::ForEach(ForEach { steps, .. }) => steps,
            _ => &[],
        }
    }

    /// The process of which it starts a case.
    pub fn starts(&self) -> Option<&str> {
        match self {
            Kind::Call(other) | Kind::End { hand_over: Some(other), .. } => Some(&other.process),
            _ => None,
        }
    }

    /// Whether something has to happen before a token goes on from such a step; joins, which wait for tokens, excepted.
    pub fn takes_time(&self) -> bool {
        match self {
            Kind::Human { .. }
            | Kind::Service { .. }
            | Kind::Wait { .. }
            | Kind::Pause(_)
            | Kind::Receive(_)
            | Kind::Call(_)
            | Kind::Subprocess(_)
            | Kind::ForEach(_) => true,
            Kind::Assign
            | Kind::Decide(_)
            | Kind::Choose(_)
            | Kind::Some(_)
            | Kind::Fork(_)
            | Kind::Race(_)
            | Kind::Join(_)
            | Kind::Cancel(_)
            | Kind::Send(_)
            | Kind::End { .. } => false,
        }
    }

    /// Work that any person of a role may do, who claims it.
    pub fn human(role: String) -> Kind {
        let (takes, set_up, take_over) = (None, None, None);
        Kind::Human { role, takes, allocate: Allocation::Offer, needs: Vec::new(), set_up, take_over }
    }

    /// The skills that whoever does it has; none for what no person does.
    pub fn needs(&self) -> &[String] {
        if let Kind::Human { needs, .. } = self { needs } else { &[] }
    }

    /// The key by which the kind is written.
    pub fn key(&self) -> &'static str {
        match self {
            Kind::Human { .. } => "human",
            Kind::Service { .. } => "service",
            Kind::Assign => "assign",
            Kind::Decide(_) => "decide",
            Kind::Choose(_) => "choose",
            Kind::Some(_) => "some",
            Kind::Fork(_) => "fork",
            Kind::Race(_) => "race",
            Kind::Join(_) => "join",
            Kind::Subprocess(_) => "subprocess",
            Kind::ForEach(_) => "for-each",
            Kind::Cancel(_) => "cancel",
            Kind::Receive(_) => "receive",
            Kind::Send(_) => "send",
            Kind::Call(_) => "call",
            Kind::Pause(_) | Kind::Wait { .. } => "wait",
            Kind::End { .. } => "end",
        }
    }
}

/// Until when a step lets time pass.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Pause {
    /// Until that day begins in the zone of the process's calendar; over at once when it has begun.
    Until(Expression),
    /// For that long.
    #[serde(untagged)]
    For(Span),
}

impl fmt::Display for Pause {
    /// The length of time, or `until` and the expression.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pause::Until(Expression(date)) => write!(f, "until {date}"),
            Pause::For(span) => span.fmt(f),
        }
    }
}

/// When a join goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum JoinRule {
    /// When a token has come from every step that leads here.
    All,
    /// When a token has come from every step from which one can still come.
    Live,
    /// When so many tokens have come, wherever from.
    Threads(#[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000)))] u32),
    /// When tokens have come from so many of the steps that lead here.
    #[serde(untagged)]
    First {
        /// How many.
        #[serde(rename = "first")]
        count: u32,
        /// What becomes of the others.
        #[serde(skip_serializing_if = "absent")]
        then: Late,
    },
}

/// What becomes of those that come after the first ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Late {
    /// They go on, and end when they arrive.
    #[default]
    Ignore,
    /// As `ignore`; and whoever comes a second time waits until all have come.
    Block,
    /// They are withdrawn.
    Cancel,
}

/// Several instances of the same steps.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ForEach {
    /// The steps of each instance, beginning with the first.
    pub steps: Vec<String>,
    /// How many instances there are.
    pub times: Expression,
    /// One after the other instead of all at once.
    #[serde(skip_serializing_if = "absent")]
    pub one_by_one: bool,
    /// More may be added while it is going on.
    #[serde(skip_serializing_if = "absent")]
    pub growing: bool,
    /// After how many instances the case goes on (an integer), or the condition on which it does; all when absent.
    #[serde(skip_serializing_if = "absent")]
    pub enough: Option<Expression>,
    /// What becomes of the other instances.
    #[serde(skip_serializing_if = "absent")]
    #[cfg_attr(feature = "schema", schemars(transform = schema::rest))]
    pub rest: Late,
}

/// A message that a step waits for, from another case or from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(remote = "Self")]
#[cfg_attr(feature = "schema", schemars(transform = schema::or_text))]
pub struct Incoming {
    /// Its name.
    pub message: String,
    /// The field whose value must be the same on both sides; any when absent.
    #[serde(skip_serializing_if = "absent")]
    pub key: Option<String>,
    /// Lost when it came before the step waited for it.
    #[serde(skip_serializing_if = "absent")]
    pub transient: bool,
}

/// A message that a step sends.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outgoing {
    /// Its name.
    pub message: String,
    /// The field whose value must be the same on both sides; any when absent.
    #[serde(skip_serializing_if = "absent")]
    pub key: Option<String>,
    /// How long it is kept when nobody waits for it; lost when absent.
    #[serde(flatten, serialize_with = "form::keep")]
    #[cfg_attr(feature = "schema", schemars(with = "form::Keep"))]
    pub keep: Option<Span>,
    /// The data it brings: fields of whoever receives it, and expressions over ours.
    #[serde(skip_serializing_if = "absent")]
    pub with: IndexMap<String, Expression>,
}

/// A call of another process.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(remote = "Self")]
#[cfg_attr(feature = "schema", schemars(transform = schema::or_text))]
pub struct Call {
    /// The process.
    pub process: String,
    /// The data it begins with: its fields, and expressions over ours.
    #[serde(skip_serializing_if = "absent")]
    pub with: IndexMap<String, Expression>,
}

/// What a step is worth to the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(remote = "Self")]
#[cfg_attr(feature = "schema", schemars(transform = schema::or_text))]
pub struct Outcome {
    /// The step it leads to.
    pub to: String,
    /// How likely it is (for simulation).
    #[serde(skip_serializing_if = "absent")]
    pub chance: Option<OutcomeChance>,
    /// Fields it sets.
    #[serde(skip_serializing_if = "absent")]
    pub sets: IndexMap<String, Expression>,
}

/// How likely an outcome is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeChance {
    /// Whatever the others leave.
    Rest,
    /// As likely as that.
    #[serde(untagged)]
    Share(Chance),
}

/// A branch of a choice.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(into = "form::Branch")]
pub struct Branch {
    /// The guard; `None` is the branch taken otherwise.
    pub when: Option<Expression>,
    /// The step it leads to.
    pub to: String,
    /// Fields it sets.
    pub sets: IndexMap<String, Expression>,
}
