//! The rules: each is a file that says what it looks for.

mod answers;
mod clocks;
mod data_flow;
mod declared;
mod departments;
mod explained;
mod flow;
mod happy_path;
mod least_time;
mod nobody_acts;
mod one_page;
mod open_questions;
mod review;
mod soundness;

use grieta_core::diagnostic::{Path, Problem};
use grieta_core::{CrackIx, Plan, StepIx};

pub use data_flow::{Lacking, lacking};

use crate::coverage::Coverage;
use crate::soundness::{Limits, Proof, Soundness};

/// What a rule looks at.
pub(crate) struct Subject<'a> {
    pub plan: &'a Plan,
    pub soundness: &'a Soundness,
    pub coverage: &'a Coverage,
    /// Of the rules on the order of steps, one after the other.
    pub proofs: &'a [Proof],
    /// How far searches may go.
    pub limits: &'a Limits,
}

type Rule = fn(&Subject<'_>) -> Vec<Problem>;

/// Every rule there is.
pub(crate) const RULES: &[Rule] = &[
    soundness::find,
    nobody_acts::find,
    declared::find,
    happy_path::find,
    data_flow::find,
    clocks::find,
    departments::find,
    answers::find,
    one_page::find,
    explained::find,
    open_questions::find,
    review::find,
];

impl Subject<'_> {
    /// Where a step is declared; the process itself is declared by its cracks.
    fn path(&self, step: StepIx) -> Path {
        match self.plan.root() == Some(step) {
            true => Path::root("cracks"),
            false => Path::root("steps").key(self.plan.step_name(step)),
        }
    }

    /// Where a crack of a step is declared.
    fn crack_path(&self, step: StepIx, crack: CrackIx) -> Path {
        let of_process = self.plan.root() == Some(step);
        let cracks = if of_process { self.path(step) } else { self.path(step).key("cracks") };
        cracks.key(self.plan.crack_name(step, crack))
    }
}
