//! What was found of the guards of a process, and what could not be decided.

use grieta_core::diagnostic::{Code, Path, Problem};
use grieta_core::value::Value;

/// What was found of the guards and decision tables of a process.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    /// What is probably not meant, step by step and then table by table.
    pub found: Vec<Found>,
    /// How many guards, rules of tables, and choices and tables as a whole were looked at.
    pub asked: usize,
    /// Where those of them stand of which not everything could be decided.
    pub undecided: Vec<Path>,
    /// The choices without `otherwise` of which it is known whether some values find no branch.
    settled: Vec<Path>,
}

/// Something that is probably not meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What it is.
    pub problem: Problem,
    /// Data that show it, a value for each field of the schema; `None` where something never happens.
    pub example: Option<Vec<Value>>,
}

impl Findings {
    /// Whether a problem of the process itself is answered more exactly here: a choice without `otherwise` of which it is
    /// known whether it takes all values.
    pub fn settles(&self, problem: &Problem) -> bool {
        problem.code == Code::MissingOtherwise && self.settled.contains(&problem.path)
    }

    /// What was found, as problems of the definition.
    pub fn problems(self) -> Vec<Problem> {
        self.found.into_iter().map(|found| found.problem).collect()
    }

    pub(super) fn report(&mut self, problem: Problem, example: Option<Vec<Value>>) {
        self.found.push(Found { problem, example });
    }

    /// Notes that something was looked at, and whether all of it was decided.
    pub(super) fn asked(&mut self, path: &Path, decided: bool) {
        self.asked += 1;
        if !decided {
            self.undecided.push(path.clone());
        }
    }

    pub(super) fn settle(&mut self, path: &Path) {
        self.settled.push(path.clone());
    }
}
