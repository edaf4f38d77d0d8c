//! Which branch a choice takes. Everybody evaluates the guards; only a reader that abstracts from data does otherwise.

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
}

/// Takes the first branch whose guard holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evaluate;

impl Decide for Evaluate {
    fn choose(&mut self, plan: &Plan, case: &Case, step: StepIx) -> Result<FlowIx, Reason> {
        for index in plan.nodes[step.at()].flows.indices() {
            let holds = match &plan.flows[index as usize].guard {
                Some(guard) => {
                    guard.holds(case.data()).map_err(|error| Reason::Evaluation(error.to_string().into()))?
                }
                None => true,
            };
            if holds {
                return Ok(FlowIx(index));
            }
        }
        Err(Reason::NoBranch)
    }
}
