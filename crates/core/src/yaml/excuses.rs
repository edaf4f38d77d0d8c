//! Decides which problems of the checks only follow from what could not be read, so that nothing is said twice.

use super::Reading;
use crate::diagnostic::{Code, Path, Problem, Segment};

impl Reading {
    /// Whether a problem that a check has found may only follow from what could not be read.
    pub(super) fn excuses(&self, problem: &Problem) -> bool {
        let damaged = problem.path.step().is_some_and(|step| self.damaged.contains(step));
        match problem.code {
            Code::NoEnd | Code::UnreachableStep => self.problems.list.iter().any(loses_a_way),
            Code::UnusedField => !self.damaged.is_empty() || self.undecided() || self.touched(&Path::root("outputs")),
            Code::TypeMismatch | Code::OutOfBounds if problem.path.0.first() == Path::root("decisions").0.first() => {
                !self.damaged_fields.is_empty() || self.touched(&problem.path) || self.touched(&hit(&problem.path))
            }
            Code::InvalidWhatIf => self.touched(&problem.path),
            Code::VagueGoal => self.touched(&problem.path) || self.touched(&Path::root("steps")),
            Code::InvalidWaiver => self.touched(&element(&problem.path)),
            Code::InvalidDecision => self.touched(&problem.path) || self.has_strange_key(&problem.path),
            Code::TypeMismatch | Code::OutOfBounds => !self.damaged_fields.is_empty(),
            // Names and skills may be what could not be read.
            Code::UnknownPerson => self.touched(&Path::root("roles")),
            Code::MissingSkill => damaged || self.touched(&Path::root("roles")) || self.touched(&Path::root("persons")),
            Code::InvalidQueue => !self.damaged.is_empty() || self.touched(&Path::root("roles")),
            Code::NotHuman => problem.related.iter().any(|step| self.has_lost_its_kind(&step.path)),
            Code::FourEyes | Code::InvalidRule => self.touched(&Path(problem.path.0.iter().take(2).cloned().collect())),
            // Only what is wrong with the chances themselves changes their sum.
            Code::ChanceSum => damaged && self.touched(&problem.path),
            Code::CrackTrigger => damaged && self.touches_trigger(&problem.path),
            Code::NoSuccessor | Code::TooManySuccessors | Code::CrackResponse | Code::MissingOtherwise => damaged,
            _ => false,
        }
    }

    /// Whether something is wrong with a decision.
    fn undecided(&self) -> bool {
        let decisions = Path::root("decisions");
        self.problems.list.iter().any(|found| found.path.0.first() == decisions.0.first())
    }

    /// Whether the decision around has a key that means nothing, perhaps because it is misspelt.
    fn has_strange_key(&self, inside: &Path) -> bool {
        let strange = |found: &Problem| found.code == Code::UnknownKey && found.path.0.len() == 3;
        self.problems
            .list
            .iter()
            .any(|found| strange(found) && found.path.0.starts_with(inside.0.get(..2).unwrap_or(&[])))
    }

    /// Whether something is wrong there, around it or in it.
    fn touched(&self, path: &Path) -> bool {
        self.problems.list.iter().any(|found| touch(&found.path, path))
    }

    /// Whether something is wrong with what a step is, or with the keys of its crack that say when it strikes.
    fn touches_trigger(&self, inside: &Path) -> bool {
        let decides = |found: &Path| match (key(found, 2), key(found, 4)) {
            ("cracks", within) => found.0.get(3) == inside.0.get(3) && !ANSWER.contains(&within),
            (section, _) => section != "outcomes",
        };
        self.problems.list.iter().any(|found| found.path.step() == inside.step() && decides(&found.path))
    }

    /// Whether a step may have been meant to be work of a person.
    fn has_lost_its_kind(&self, step: &Path) -> bool {
        let of_kind = |found: &Problem| match found.path.0.get(2) {
            None => found.code != Code::MissingKey,
            Some(Segment::Key(key)) => key == "human" || found.code == Code::UnknownKey || is_no_such_kind(found),
            Some(Segment::Index(_) | Segment::Name(_)) => false,
        };
        self.problems.list.iter().any(|found| touch(&found.path, step) && found.path.0.len() >= 2 && of_kind(found))
    }
}

/// The keys of a crack that do not say when it strikes.
const ANSWER: [&str; 8] = ["name", "do", "then", "recover", "interrupts", "chance", "answers", "effort"];

/// What a step is, where no way on from it is lost when something in there is wrong.
const KINDS_WITHOUT_WAYS: [&str; 10] =
    ["human", "service", "assign", "decide", "wait", "receive", "send", "call", "cancel", "join"];

/// What a step has, where no way on from it is lost when something is wrong there.
const WITHOUT_WAYS: [&str; 14] = [
    "name",
    "value",
    "why",
    "effort",
    "batch",
    "reads",
    "writes",
    "sets",
    "lock",
    "only-while",
    "while",
    "until",
    "same-as",
    "allow",
];

/// Whether a way on from some step may be missing because of a problem.
fn loses_a_way(problem: &Problem) -> bool {
    let [Segment::Key(section), ..] = problem.path.0.as_slice() else { return false };
    let key = key(&problem.path, 2);
    // A tag is read as what was meant; what stands one level too high was understood as well.
    let understood = problem.code == Code::ExplicitTag
        || ["role", "allocate", "takes", "handler", "needs", "set-up", "take-over"].contains(&key);
    let without_ways = WITHOUT_WAYS.contains(&key) || KINDS_WITHOUT_WAYS.contains(&key) && !is_no_such_kind(problem);
    section == "steps" && !understood && !without_ways
}

/// The key at that depth of a path; empty where there is none.
fn key(path: &Path, depth: usize) -> &str {
    match path.0.get(depth) {
        Some(Segment::Key(key)) => key,
        _ => "",
    }
}

/// Whether what a step is cannot be read at all, so that it may have been meant as something else.
fn is_no_such_kind(problem: &Problem) -> bool {
    problem.code == Code::WrongType && problem.path.0.len() == 3 && KINDS_WITHOUT_WAYS.contains(&key(&problem.path, 2))
}

/// The element of a list that a path leads into first.
fn element(inside: &Path) -> Path {
    let depth = inside.0.iter().position(|segment| matches!(segment, Segment::Index(_)));
    Path(inside.0.iter().take(depth.map_or(usize::MAX, |depth| depth + 1)).cloned().collect())
}

/// Where the hit policy of a decision stands.
fn hit(inside: &Path) -> Path {
    Path(inside.0.iter().take(2).cloned().collect()).key("hit")
}

/// Whether one path leads into what the other leads to.
fn touch(a: &Path, b: &Path) -> bool {
    a.0.iter().zip(&b.0).all(|(a, b)| a == b)
}
