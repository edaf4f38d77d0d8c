//! Parallel branches: fork, inclusive choice, race.

use smallvec::SmallVec;

use super::automatic;
use super::task::{self, Sets};
use crate::index::{FlowIx, StepIx, TokenIx};
use crate::kernel::crack;
use crate::kernel::decide::{Asked, Decide};
use crate::kernel::event::{Event, Reason};
use crate::kernel::execute::{Execution, MOST_TOKENS, Sink};

type Flows = SmallVec<[FlowIx; 8]>;

/// Starts every branch.
pub(super) fn fork<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    let branches: Flows = run.plan.nodes[step.at()].flows.indices().map(FlowIx).collect();
    spread(run, token, &branches, 0);
}

/// Starts every branch; the first at which something happens remains.
pub(super) fn race<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    let branches: Flows = run.plan.nodes[step.at()].flows.indices().map(FlowIx).collect();
    let race = run.case.free_race();
    spread(run, token, &branches, race);
}

/// Starts every branch whose guard holds, or else the one otherwise.
pub(super) fn some<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    if automatic::rests(run, token) || crack::constraint(run, token, step, &[]) {
        return;
    }
    let mut branches = Flows::new();
    if let Err(reason) = run.decide.choose_some(Asked::by(run.plan, run.case, token), &mut branches) {
        return crack::failed_evaluation(run, token, step, reason);
    }
    let mut sets = Sets::new();
    for flow in &branches {
        if let Err(reason) = task::evaluate_sets(run, token, step, *flow, &[], &mut sets) {
            return crack::failed_evaluation(run, token, step, reason);
        }
    }
    run.write(&sets);
    spread(run, token, &branches, 0);
}

/// Sends the token itself along the first flow, and a new one along each of the others.
fn spread<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, flows: &[FlowIx], race: u16) {
    if run.case.live() + flows.len() > MOST_TOKENS + 1 {
        return run.incident(token, Reason::TooManyTokens);
    }
    let mut leaving: SmallVec<[(TokenIx, FlowIx); 8]> = SmallVec::new();
    for flow in flows {
        let own = if leaving.is_empty() { Some(token) } else { run.split(token) };
        leaving.extend(own.map(|own| (own, *flow)));
    }
    // What is pushed last leaves first, and branches are taken in their order.
    for (token, flow) in leaving.into_iter().rev() {
        if race != 0 {
            run.emit(Event::TokenRaces { token, race });
        }
        run.leave(token, flow);
    }
}
