//! What is missing in a life cycle, and what is lost on the way through it: every rule is a file, and each reports all that it
//! finds.

mod agreements;
mod consent;
mod departments;
mod fields;
mod hand_offs;
mod names;
mod owners;
mod parallel;
mod processes;
mod stages;

use grieta_core::diagnostic::{Problem, Problems};
use grieta_core::yaml::decode;

use crate::connections::{Connection, connections};
use crate::definition::{Entry, LifeCycle};
use crate::processes::Processes;
use crate::readiness::{MaturityRow, Readiness};
use crate::{readiness, united};

/// What there is to say of a life cycle.
#[derive(Debug, Clone)]
pub struct Diagnosis {
    /// What was found, the gravest first, without places in a file; where it stands is said from the root of the life cycle.
    pub problems: Vec<Problem>,
    /// How far each process has come.
    pub maturity: Vec<MaturityRow>,
    /// How far each stage is served by processes that somebody has written down, or measures.
    pub readiness: Vec<Readiness>,
}

impl Diagnosis {
    /// Whether nothing was found.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    /// What was found, the gravest first, with places in the file that the life cycle was read from.
    pub fn located(&self, file: &str, bytes: &[u8]) -> Problems {
        let mut found = decode::located(file, bytes, self.problems.clone());
        found.list.sort_by_key(|problem| (problem.severity, problem.place));
        found
    }
}

/// What a rule looks at.
struct Subject<'a> {
    life_cycle: &'a LifeCycle,
    processes: &'a Processes,
    connections: &'a [Connection<'a>],
}

type Rule = fn(&Subject<'_>) -> Vec<Problem>;

/// Every rule there is.
const RULES: &[Rule] = &[
    names::find,
    stages::find,
    processes::find,
    owners::find,
    departments::find,
    hand_offs::find,
    fields::find,
    agreements::find,
    parallel::find,
    consent::find,
];

/// Checks a life cycle with the definitions it names.
pub fn check(life_cycle: &LifeCycle, processes: &Processes) -> Diagnosis {
    let connections = connections(life_cycle, processes);
    let subject = Subject { life_cycle, processes, connections: &connections };
    let mut problems: Vec<Problem> = RULES.iter().flat_map(|rule| rule(&subject)).collect();
    problems.extend(united::people_of(life_cycle, processes).err().into_iter().flatten());
    problems.sort_by_key(|problem| problem.severity);
    Diagnosis {
        problems,
        maturity: readiness::maturity(life_cycle),
        readiness: readiness::readiness(life_cycle, processes),
    }
}

impl Subject<'_> {
    /// The processes of the life cycle without a definition that has a meaning: what is missing may be there in them.
    fn unclear(&self) -> impl Iterator<Item = (&String, &Entry)> {
        self.life_cycle.processes.iter().filter(|(name, _)| self.processes.get(name).is_none())
    }
}

/// A list of names in words: `` `a`, `b` and `c` ``.
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
