//! Mutants: small changes to a definition that its scenarios should notice. One that no scenario fails for shows what they
//! do not look at.

mod cracks;
mod drop_clock;
mod drop_crack;
mod drop_response;
mod equivalent;
mod judge;
mod negate_guard;
mod remove_input;
mod remove_rule;
mod report;
mod shift_threshold;
mod swap_branches;
mod swap_roles;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use grieta_core::definition::Definition;
use grieta_core::diagnostic::Path;
use serde::Serialize;

pub use judge::{Judged, MutationError, Verdict, check, judge};
pub use report::{OfOperator, Proved, Report, Survivor, Tally};

/// What is changed in a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    /// A crack, of a step or of the process, is not declared.
    DropCrack,
    /// Nobody answers a crack.
    DropResponse,
    /// Two neighbours lead where the other did: branches of a choice, outcomes of a step; or decide what the other did: rules
    /// of a decision.
    SwapBranches,
    /// A guard holds where it did not.
    NegateGuard,
    /// A limit is one unit lower or higher.
    ShiftThreshold,
    /// A join does not wait for one of the branches that lead to it.
    RemoveInput,
    /// A rule is not there: of the process, or of a decision.
    RemoveRule,
    /// Work goes to people of another role.
    SwapRoles,
    /// A clock is not there.
    DropClock,
}

impl Operator {
    /// All there are.
    pub const ALL: [Operator; 9] = [
        Operator::DropCrack,
        Operator::DropResponse,
        Operator::SwapBranches,
        Operator::NegateGuard,
        Operator::ShiftThreshold,
        Operator::RemoveInput,
        Operator::RemoveRule,
        Operator::SwapRoles,
        Operator::DropClock,
    ];

    /// What it does, in words.
    pub fn words(self) -> &'static str {
        match self {
            Operator::DropCrack => "drop a crack",
            Operator::DropResponse => "drop a response",
            Operator::SwapBranches => "swap two branches",
            Operator::NegateGuard => "negate a guard",
            Operator::ShiftThreshold => "shift a threshold",
            Operator::RemoveInput => "remove a join input",
            Operator::RemoveRule => "remove a rule",
            Operator::SwapRoles => "swap two roles",
            Operator::DropClock => "drop a clock",
        }
    }

    fn find(self, definition: &Definition, found: &mut Found) {
        match self {
            Operator::DropCrack => drop_crack::find(definition, found),
            Operator::DropResponse => drop_response::find(definition, found),
            Operator::SwapBranches => swap_branches::find(definition, found),
            Operator::NegateGuard => negate_guard::find(definition, found),
            Operator::ShiftThreshold => shift_threshold::find(definition, found),
            Operator::RemoveInput => remove_input::find(definition, found),
            Operator::RemoveRule => remove_rule::find(definition, found),
            Operator::SwapRoles => swap_roles::find(definition, found),
            Operator::DropClock => drop_clock::find(definition, found),
        }
    }
}

/// A definition with one change.
#[derive(Clone)]
pub struct Mutant {
    /// What kind of change it is.
    pub operator: Operator,
    /// Where it is made.
    pub path: Path,
    /// Which characters of the value there are changed, where not all of it.
    pub range: Option<Range<usize>>,
    /// What is different, in words.
    pub what: String,
    change: Arc<Change>,
}

type Change = dyn Fn(&mut Definition) + Send + Sync;

impl Mutant {
    /// The changed definition, of the one for which the mutant was made. It has no goals and no what-ifs: they do nothing to a
    /// case, and may name what is gone.
    pub fn of(&self, definition: &Definition) -> Definition {
        let mut changed = definition.clone();
        changed.goals.clear();
        if let Some(simulation) = &mut changed.simulation {
            simulation.what_if.clear();
        }
        (self.change)(&mut changed);
        changed
    }
}

impl fmt::Debug for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mutant")
            .field("operator", &self.operator)
            .field("path", &self.path)
            .field("range", &self.range)
            .field("what", &self.what)
            .finish_non_exhaustive()
    }
}

/// Every mutant of a definition: by operator, and within one in the order of the definition. Some may be no sound definitions.
///
/// ```
/// use grieta_core::Process;
/// use grieta_testkit::mutate::mutants;
///
/// let file = "
/// process: sales
/// version: 1.0.0
/// start: call
/// roles: { sdr: { people: 2 } }
/// steps:
///   call: { human: sdr, outcomes: { reached: won, no-answer: lost } }
///   won:  { end: {} }
///   lost: { end: {} }
/// ";
/// let process = Process::read("sales.yaml", file.as_bytes())?;
/// let found = mutants(process.definition());
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].what, "`call` leads to `lost` by `reached`, and to `won` by `no-answer`");
/// # Ok::<(), grieta_core::diagnostic::Problems>(())
/// ```
pub fn mutants(definition: &Definition) -> Vec<Mutant> {
    let all = Operator::ALL.into_iter().flat_map(|operator| {
        let mut found = Found { operator, mutants: Vec::new() };
        operator.find(definition, &mut found);
        found.mutants
    });
    all.collect()
}

/// The mutants of one operator.
struct Found {
    operator: Operator,
    mutants: Vec<Mutant>,
}

impl Found {
    fn add(&mut self, path: Path, what: String, change: impl Fn(&mut Definition) + Send + Sync + 'static) {
        self.mutants.push(Mutant { operator: self.operator, path, range: None, what, change: Arc::new(change) });
    }

    /// The same, where these characters of the value are changed.
    fn add_within(
        &mut self,
        path: Path,
        range: Range<usize>,
        what: String,
        change: impl Fn(&mut Definition) + Send + Sync + 'static,
    ) {
        let (operator, change) = (self.operator, Arc::new(change));
        self.mutants.push(Mutant { operator, path, range: Some(range), what, change });
    }
}
