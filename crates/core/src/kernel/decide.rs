//! Which branch a choice takes. Everybody evaluates the guards; only a reader that abstracts from data does otherwise.

use smallvec::SmallVec;

use super::case::Case;
use super::event::Reason;
use crate::index::{FlowIx, StepIx};
use crate::plan::Plan;

/// Decides which flow a token takes at a choice.
pub trait Decide {
    /// The flow to take from the choice `step`.
    ///
    /// # Errors
    /// The reason why there is none; it becomes an incident, or a constraint crack where one is declared.
    fn choose(&mut self, plan: &Plan, case: &Case, step: StepIx) -> Result<FlowIx, Reason>;

    /// Adds to `taken` every flow to take from the inclusive choice `step`, at least one.
    ///
    /// # Errors
    /// As [`Decide::choose`].
    fn choose_some(
        &mut self,
        plan: &Plan,
        case: &Case,
        step: StepIx,
        taken: &mut SmallVec<[FlowIx; 8]>,
    ) -> Result<(), Reason>;
}

/// Takes the first branch whose guard holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evaluate;

impl Decide for Evaluate {
    fn choose(&mut self, plan: &Plan, case: &Case, step: StepIx) -> Result<FlowIx, Reason> {
        for index in plan.nodes[step.at()].flows.indices() {
            if holds(plan, case, index)? {
                return Ok(FlowIx(index));
            }
        }
        Err(Reason::NoBranch)
    }

    fn choose_some(
        &mut self,
        plan: &Plan,
        case: &Case,
        step: StepIx,
        taken: &mut SmallVec<[FlowIx; 8]>,
    ) -> Result<(), Reason> {
        for index in plan.nodes[step.at()].flows.indices() {
            let otherwise = plan.flows[index as usize].guard.is_none();
            if if otherwise { taken.is_empty() } else { holds(plan, case, index)? } {
                taken.push(FlowIx(index));
            }
        }
        if taken.is_empty() { Err(Reason::NoBranch) } else { Ok(()) }
    }
}

/// Whether the guard of a flow holds; one without a guard does.
fn holds(plan: &Plan, case: &Case, flow: u16) -> Result<bool, Reason> {
    match &plan.flows[flow as usize].guard {
        Some(guard) => guard.holds(case.data()).map_err(|error| Reason::Evaluation(error.to_string().into())),
        None => Ok(true),
    }
}
