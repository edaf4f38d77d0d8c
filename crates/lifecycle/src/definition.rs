//! What a life cycle may say, as plain data. Nothing here is checked.

use std::fmt;
use std::str::FromStr;

use grieta_core::definition::{CalendarSpec, Expression, Period, Role, Span};
use indexmap::IndexMap;
use serde::{Serialize, Serializer};

/// The life cycle of a customer: the stages they come through, where they are met, and the processes behind that.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LifeCycle {
    /// Its identifier.
    pub life_cycle: String,
    /// The version of this description.
    pub version: String,
    /// A name for people.
    pub title: Option<String>,
    /// The field that is the same customer in every process.
    pub customer: String,
    /// Departments by name.
    pub departments: IndexMap<String, Department>,
    /// The stages of a customer by name; they begin in the first.
    pub stages: IndexMap<String, Stage>,
    /// Where customers and the house meet, by name.
    pub touchpoints: IndexMap<String, Touchpoint>,
    /// The processes behind them, by the names that their definitions have.
    pub processes: IndexMap<String, Entry>,
    /// Calendars of the roles that stand here.
    pub calendars: IndexMap<String, CalendarSpec>,
    /// Roles that several processes share and describe differently: this is how they are.
    pub roles: IndexMap<String, Role>,
    /// What one process hands to another, by name.
    pub hand_offs: IndexMap<String, HandOff>,
    /// What departments promise each other, by name.
    pub agreements: IndexMap<String, Vec<Promise>>,
    /// How often a customer may be contacted.
    pub contact: Option<Contact>,
    /// Where it stands what a customer has agreed to.
    pub consent: Option<Consent>,
}

/// A department.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Department {
    /// The role or person in charge.
    pub owner: Option<String>,
}

/// A stage in the evolution of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stage {
    /// The department that answers for customers in this stage.
    pub department: String,
    /// The stages that may come next.
    pub next: Vec<String>,
    /// Whether nothing comes after it.
    pub last: bool,
}

/// A place where the customer and the house meet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Touchpoint {
    /// In which stage customers are there.
    pub stage: String,
    /// By what: telephone, web, mail, visit.
    pub channel: String,
    /// Who begins.
    pub direction: Direction,
    /// The role that answers for it.
    pub owner: Option<String>,
    /// How often it happens.
    pub volume: Option<Volume>,
    /// The process that serves it.
    pub process: Option<String>,
    /// The steps of the process where it happens.
    pub at: Vec<String>,
}

/// Who begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// The customer comes to the house.
    #[default]
    In,
    /// The house goes to the customer.
    Out,
}

/// How often something happens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Volume {
    /// How often in one period.
    pub amount: f64,
    /// The period.
    pub per: Period,
}

/// A process of the life cycle.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The file of its definition, seen from that of the life cycle.
    pub file: Option<String>,
    /// The department that answers for it.
    pub department: String,
    /// How far it has come.
    pub maturity: Maturity,
    /// Whether it is needed although no customer touches it.
    pub support: bool,
    /// Fields that say whether the customer has a case open in another process, and which process that is.
    pub sees: IndexMap<String, String>,
}

/// How far a process has come; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Maturity {
    /// Nobody does it.
    #[default]
    Missing,
    /// It is done, each time as somebody thinks best.
    Informal,
    /// There is a definition.
    Documented,
    /// Figures say how it goes.
    Measured,
    /// A system carries it out.
    Automated,
}

/// What one process hands to another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HandOff {
    /// The end, or the call, at which it is handed over.
    pub from: Place,
    /// The process that takes it.
    pub to: String,
    /// What is brought: fields of the receiver, and expressions over those of the sender.
    pub with: IndexMap<String, Expression>,
    /// What must hold when it is handed over, over the fields of the sender.
    pub entry: Option<Expression>,
    /// Where the receiver accepts it: a step, `step/outcome` or `step!crack`.
    pub accepted: Option<String>,
    /// Where the receiver gives it back.
    pub returned: Option<String>,
    /// Why it may be given back.
    pub reasons: Vec<String>,
    /// How soon it is taken.
    pub within: Option<Span>,
}

/// A step of a process, as in `lead-qualification/opportunity`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The process.
    pub process: String,
    /// The step.
    pub step: String,
}

/// What one department promises another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Promise {
    /// Who promises.
    pub by: String,
    /// To whom.
    pub to: String,
    /// The process in which it is measured.
    pub process: String,
    /// A figure and its bound, see [`criterion`](grieta_core::criterion).
    pub promise: String,
    /// Why it matters.
    pub why: Option<String>,
}

/// How often a customer may be contacted, by all processes together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// So many times.
    pub at_most: u32,
    /// In any time as long as this.
    pub within: Span,
    /// The touchpoints that count; all with direction `out` where there are none.
    pub at: Vec<String>,
}

/// Where it stands what a customer has agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consent {
    /// The field, which has this name in every process that needs it.
    pub field: String,
    /// The values that mean no.
    pub refused: Vec<String>,
    /// The touchpoints that need it; all with direction `out` where there are none.
    pub at: Vec<String>,
}

impl LifeCycle {
    /// The touchpoints of such a list: those, or all at which the house goes to the customer.
    pub fn contacts<'a>(&'a self, listed: &'a [String]) -> impl Iterator<Item = (&'a String, &'a Touchpoint)> {
        let all = listed.is_empty();
        let meant = move |name: &String, touchpoint: &Touchpoint| match all {
            true => touchpoint.direction == Direction::Out,
            false => listed.contains(name),
        };
        self.touchpoints.iter().filter(move |(name, touchpoint)| meant(name, touchpoint))
    }
}

impl Maturity {
    /// The words for them.
    pub const ALL: [(&'static str, Maturity); 5] = [
        ("missing", Maturity::Missing),
        ("informal", Maturity::Informal),
        ("documented", Maturity::Documented),
        ("measured", Maturity::Measured),
        ("automated", Maturity::Automated),
    ];
}

impl fmt::Display for Maturity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Maturity::ALL.iter().find(|(_, maturity)| maturity == self);
        f.pad(word.map_or("", |(word, _)| word))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.process, self.step)
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Place, String> {
        let parts = text.split_once('/').filter(|(process, step)| !process.is_empty() && !step.is_empty());
        let place = |(process, step): (&str, &str)| Place { process: process.to_owned(), step: step.to_owned() };
        parts.map(place).ok_or_else(|| {
            format!("expected a process and the step at which it hands over, as in `selling/sold`, found `{text}`")
        })
    }
}

impl fmt::Display for Volume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} per {}", self.amount, self.per)
    }
}

impl Serialize for Volume {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Volume {
    type Err = String;

    fn from_str(text: &str) -> Result<Volume, String> {
        let read = || {
            let (amount, per) = text.split_once(" per ")?;
            let plain = amount.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            let amount = amount.trim().parse().ok().filter(|amount: &f64| plain && amount.is_finite())?;
            let per = Period::ALL.iter().find(|(word, _)| *word == per.trim())?.1;
            Some(Volume { amount, per })
        };
        read().ok_or_else(|| {
            format!("expected how often, as in `60 per business-day`, `2 per hour` or `10 per day`, found `{text}`")
        })
    }
}
