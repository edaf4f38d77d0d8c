//! Scenarios: tests of a process that stand in a file beside it, for people who do not program.
//!
//! A scenario is read into the [verbs](crate::verb) that a [`CaseTest`](crate::CaseTest) performs, so that both mean the same.

mod examples;
mod find;
mod read;
mod run;
mod rust;
mod simulation;
mod write;

use grieta_core::Timestamp;
use grieta_core::diagnostic::{Place, Problems, Source};

pub use find::find;
pub use run::{Failed, LoadError, Run, Stage};
pub use rust::{are_all, is_as_expected, passes};

use crate::acceptance::{Acceptance, Judged};
use crate::verb::Verb;

/// How the name of a file of scenarios ends.
pub const ENDING: &str = ".test.yaml";

/// The scenarios of a file.
///
/// ```
/// use std::sync::Arc;
/// use grieta_core::{Plan, Process};
/// use grieta_testkit::{Stage, Suite};
///
/// let process = "
/// process: sales
/// version: 1.0.0
/// start: call
/// roles: { sdr: { people: 2 } }
/// steps:
///   call: { human: sdr, outcomes: { reached: won, no-answer: lost } }
///   won:  { end: {} }
///   lost: { end: {} }
/// ";
/// let scenarios = "
/// scenarios:
///   nobody answers:
///     case:
///       - { step: call, by: ana, outcome: no-answer }
///       - expect: { ended-at: lost }
/// ";
/// let plan = Plan::new(Arc::new(Process::read("sales.yaml", process.as_bytes())?))?;
/// let suite = Suite::read("sales.test.yaml", scenarios.as_bytes())?;
/// let run = suite.run(&suite.scenarios[0], &Stage::new(vec![Arc::new(plan)]));
/// assert!(run.failed.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Suite {
    /// The file.
    pub source: Source,
    /// The file of the definition that is tested, as seen from this one; where none is named, the one that is called like this
    /// one without `.test`.
    pub definition: String,
    /// The files of other processes, which that one calls or hands over to.
    pub others: Vec<String>,
    /// The scenarios, in the order of the file.
    pub scenarios: Vec<Scenario>,
    /// What a simulation of the process is to show, where the file says it.
    pub acceptance: Option<Acceptance>,
}

/// What happens to a case, and what is expected of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// Where its name stands.
    pub place: Place,
    /// When it begins; `None`: at 09:00 UTC on Monday, 5 January 2026.
    pub at: Option<Timestamp>,
    /// What is said, one after the other.
    pub lines: Vec<Line>,
}

/// One thing that is said, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What is said.
    pub verb: Verb,
    /// Where it stands.
    pub place: Place,
}

impl Scenario {
    /// A scenario that stands in no file.
    pub fn of(name: &str, at: Option<Timestamp>, verbs: impl IntoIterator<Item = Verb>) -> Scenario {
        let nowhere = Place { line: 1, column: 1, length: 1 };
        let lines = verbs.into_iter().map(|verb| Line { verb, place: nowhere }).collect();
        Scenario { name: name.to_owned(), place: nowhere, at, lines }
    }
}

impl Suite {
    /// Scenarios that are to stand in a file of that name, `order.test.yaml`, beside the definition `order.yaml`.
    pub fn of(file: &str, scenarios: Vec<Scenario>) -> Suite {
        let source = Source { file: file.to_owned(), text: "".into() };
        Suite { source, definition: read::beside(file), others: Vec::new(), scenarios, acceptance: None }
    }

    /// Reads a file of scenarios; `file` is its name, for messages.
    ///
    /// # Errors
    /// With everything that cannot be read. Whether the definition has the steps that are named is found out by
    /// [`Suite::run`].
    pub fn read(file: &str, bytes: &[u8]) -> Result<Suite, Problems> {
        read::suite(file, bytes)
    }
}
