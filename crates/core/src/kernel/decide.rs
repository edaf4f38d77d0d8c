//! Which branch a choice takes. Everybody evaluates the guards; only a reader that abstracts from data does otherwise.

use std::ops::Range;

use smallvec::SmallVec;

use super::case::Case;
use super::event::Reason;
use crate::index::{FlowIx, TokenIx};
use crate::plan::Plan;

/// Decides which flow a token takes at a choice.
pub trait Decide {
    /// The flow to take from the choice at which a token is.
    ///
    /// # Errors
    /// The reason why there is none; it becomes an incident, or a constraint crack where one is declared.
    fn choose(&mut self, plan: &Plan, case: &Case, token: TokenIx) -> Result<FlowIx, Reason>;

    /// Adds to `taken` every flow to take from the inclusive choice at which a token is, at least one.
    ///
    /// # Errors
    /// As [`Decide::choose`].
    fn choose_some(
        &mut self,
        plan: &Plan,
        case: &Case,
        token: TokenIx,
        taken: &mut SmallVec<[FlowIx; 8]>,
    ) -> Result<(), Reason>;
}

/// Takes the first branch whose guard holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evaluate;

impl Decide for Evaluate {
    fn choose(&mut self, plan: &Plan, case: &Case, token: TokenIx) -> Result<FlowIx, Reason> {
        for index in branches(plan, case, token) {
            if holds(plan, case, token, index)? {
                return Ok(FlowIx(index));
            }
        }
        Err(Reason::NoBranch)
    }

    fn choose_some(
        &mut self,
        plan: &Plan,
        case: &Case,
        token: TokenIx,
        taken: &mut SmallVec<[FlowIx; 8]>,
    ) -> Result<(), Reason> {
        for index in branches(plan, case, token) {
            let otherwise = plan.flows[index as usize].guard.is_none();
            if if otherwise { taken.is_empty() } else { holds(plan, case, token, index)? } {
                taken.push(FlowIx(index));
            }
        }
        if taken.is_empty() { Err(Reason::NoBranch) } else { Ok(()) }
    }
}

fn branches(plan: &Plan, case: &Case, token: TokenIx) -> Range<u16> {
    case.token(token).map_or(0..0, |item| plan.nodes[item.step.at()].flows.indices())
}

/// Whether the guard of a flow holds; one without a guard does.
fn holds(plan: &Plan, case: &Case, token: TokenIx, flow: u16) -> Result<bool, Reason> {
    match &plan.flows[flow as usize].guard {
        Some(guard) => guard.holds(case.data_for(token)).map_err(|error| Reason::Evaluation(error.to_string().into())),
        None => Ok(true),
    }
}
