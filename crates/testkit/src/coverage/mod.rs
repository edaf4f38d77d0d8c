//! Coverage: what of a definition the cases of its tests have done.

mod element;
mod report;
mod seen;

use std::collections::BTreeMap;
use std::sync::Arc;

use fixedbitset::FixedBitSet;
use grieta_core::{Plan, Process};
use grieta_runtime::Recorded;

pub use element::{Element, ElementKind};
pub use report::{CoverageReport, ScenarioCoverage};
use seen::Index;

/// What of one process its cases have done, as their events tell.
///
/// ```
/// use grieta_core::Plan;
/// use grieta_runtime::{Data, Engine};
/// use grieta_testkit::coverage::{Coverage, ElementKind};
///
/// let file = "{ process: desk, version: 1.0.0, start: ask, steps: {
///   ask: { wait: { for: customer }, outcomes: { yes: sold, no: lost } }, sold: { end: {} }, lost: { end: {} } } }";
/// let process = grieta_core::Process::read("desk.yaml", file.as_bytes())?;
/// let plan = Plan::new(process.into())?;
/// let coverage = Coverage::of(&plan);
/// assert_eq!(coverage.count(ElementKind::Outcome).total, 2);
/// let missed: Vec<&str> = coverage.missed().map(|element| element.id.as_str()).collect();
/// assert_eq!(missed, ["ask", "ask/yes", "ask/no", "sold", "lost"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Coverage {
    process: Arc<Process>,
    elements: Arc<[Element]>,
    index: Arc<Index>,
    seen: FixedBitSet,
}

/// How far something is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is, and all that belongs to it.
    Covered,
    /// It is, but not all that belongs to it.
    Partly,
    /// It is not.
    Missed,
}

/// How many there are, and how many of them are covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Count {
    /// How many are covered.
    pub covered: usize,
    /// How many there are.
    pub total: usize,
}

impl Count {
    /// The share that is covered, from 0 to 1; of nothing, all is.
    pub fn share(self) -> f64 {
        if self.total == 0 { 1.0 } else { self.covered as f64 / self.total as f64 }
    }

    pub(crate) fn and(self, other: Count) -> Count {
        Count { covered: self.covered + other.covered, total: self.total + other.total }
    }
}

/// A case is of another definition than the coverage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is the coverage of `{expected}`, and the case is of `{found}`, or of another version; give each process a coverage of its own"
)]
pub struct OtherProcess {
    /// The process that is covered.
    pub expected: String,
    /// That of the case.
    pub found: String,
}

impl Coverage {
    /// Nothing of a process is covered yet.
    pub fn of(plan: &Plan) -> Coverage {
        let (index, elements) = Index::of(plan);
        Coverage {
            process: Arc::clone(plan.process()),
            seen: FixedBitSet::with_capacity(elements.len()),
            elements: elements.into(),
            index: Arc::new(index),
        }
    }

    /// The same process, with nothing covered.
    #[must_use]
    pub fn emptied(&self) -> Coverage {
        Coverage { seen: FixedBitSet::with_capacity(self.elements.len()), ..self.clone() }
    }

    /// Adds what a case has done; `history` is all that happened to it, from its first event on.
    ///
    /// # Errors
    /// That the plan is of another process, or of another version of it; nothing is added then.
    pub fn add(&mut self, plan: &Plan, history: &[Recorded]) -> Result<(), OtherProcess> {
        if !self.is_of(plan.process()) {
            return Err(self.other(plan.process()));
        }
        self.index.read(history, &mut self.seen);
        Ok(())
    }

    /// Adds what other cases of the same process have done.
    ///
    /// # Errors
    /// That it is the coverage of another process, or of another version of it; nothing is added then.
    pub fn merge(&mut self, other: &Coverage) -> Result<(), OtherProcess> {
        if !self.is_of(&other.process) {
            return Err(self.other(&other.process));
        }
        self.seen.union_with(&other.seen);
        Ok(())
    }

    /// Whether it is the coverage of this process.
    pub fn is_of(&self, process: &Arc<Process>) -> bool {
        Arc::ptr_eq(&self.process, process) || self.process.definition() == process.definition()
    }

    /// The process.
    pub fn process(&self) -> &Arc<Process> {
        &self.process
    }

    /// Everything that can be covered, in the order of the definition, each with whether it is.
    pub fn elements(&self) -> impl Iterator<Item = (&Element, bool)> {
        self.elements.iter().enumerate().map(|(at, element)| (element, self.seen.contains(at)))
    }

    /// What is not covered, in the order of the definition: the steps, each with its ways on and its cracks, then the
    /// cracks of the process, then the rules of its decision tables.
    pub fn missed(&self) -> impl Iterator<Item = &Element> {
        self.elements().filter(|(_, covered)| !covered).map(|(element, _)| element)
    }

    /// The cracks that no case has entered.
    pub fn cracks_not_entered(&self) -> impl Iterator<Item = &Element> {
        self.missed().filter(|element| element.kind == ElementKind::Crack)
    }

    /// By the names of elements, how far each is covered; a step also for what belongs to it, and the process itself, by
    /// its name, for its cracks.
    pub fn marks(&self) -> BTreeMap<&str, Mark> {
        let mut marks = BTreeMap::new();
        for (element, covered) in self.elements() {
            marks.insert(element.id.as_str(), if covered { Mark::Covered } else { Mark::Missed });
        }
        let whole = self.process.definition().process.as_str();
        for (element, covered) in self.elements().filter(|(element, _)| element.kind != ElementKind::DecisionRule) {
            let owner = element.step.as_deref().unwrap_or(whole);
            let mark = marks.entry(owner).or_insert(Mark::Covered);
            if !covered && *mark == Mark::Covered {
                *mark = Mark::Partly;
            }
        }
        marks
    }

    /// How many elements of a kind there are, and how many are covered.
    pub fn count(&self, kind: ElementKind) -> Count {
        self.count_where(|element| element.kind == kind)
    }

    /// How many elements of all kinds there are, and how many are covered.
    pub fn total(&self) -> Count {
        Count { covered: self.seen.count_ones(..), total: self.elements.len() }
    }

    /// The share of all elements that is covered, from 0 to 1.
    pub fn share(&self) -> f64 {
        self.total().share()
    }

    fn count_where(&self, counts: impl Fn(&Element) -> bool) -> Count {
        let mut count = Count::default();
        for (_, covered) in self.elements().filter(|(element, _)| counts(element)) {
            count = count.and(Count { covered: usize::from(covered), total: 1 });
        }
        count
    }

    fn other(&self, found: &Process) -> OtherProcess {
        let (expected, found) = (&self.process.definition().process, &found.definition().process);
        OtherProcess { expected: expected.clone(), found: found.clone() }
    }
}
