//! Parallel branches: fork, and the join that waits for all.

use smallvec::SmallVec;

use crate::index::{FlowIx, StepIx, TokenIx};
use crate::kernel::case::{Case, Phase};
use crate::kernel::decide::Decide;
use crate::kernel::event::{Event, Reason};
use crate::kernel::execute::{Execution, MOST_TOKENS, Sink};
use crate::plan::Plan;

/// Starts every branch, or none when there are too many tokens; the token itself takes the first.
pub(super) fn fork<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    let branches = run.plan.nodes[step.at()].flows.indices();
    if run.case.live() + branches.len() > MOST_TOKENS {
        return run.incident(token, Reason::TooManyTokens);
    }
    let mut leaving: SmallVec<[(TokenIx, FlowIx); 8]> = SmallVec::new();
    leaving.push((token, FlowIx(branches.start)));
    leaving.extend(branches.skip(1).filter_map(|branch| Some((run.split(token)?, FlowIx(branch)))));
    // What is pushed last leaves first, and branches are taken in their order.
    for (token, flow) in leaving.into_iter().rev() {
        run.leave(token, flow);
    }
}

/// Waits until a token stands at each input, then goes on with one of them.
pub(super) fn join<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, inputs: u16) {
    let arrived = first_arrivals(run.plan, run.case, step);
    if arrived.len() < usize::from(inputs) {
        return;
    }
    for (_, other) in &arrived {
        if *other != token {
            run.emit(Event::TokenConsumed { token: *other });
        }
    }
    let flow = FlowIx(run.plan.nodes[step.at()].flows.indices().start);
    run.leave(token, flow);
}

/// For each input of a join at which tokens wait, the one that came first.
fn first_arrivals(plan: &Plan, case: &Case, step: StepIx) -> SmallVec<[(u16, TokenIx); 8]> {
    let mut first: SmallVec<[(u16, TokenIx); 8]> = SmallVec::new();
    for (token, parked) in case.tokens().filter(|(_, token)| token.step == step && token.phase == Phase::Parked) {
        let input = plan.flows.get(parked.via.at()).map_or(0, |flow| flow.input);
        let earlier = |other: &TokenIx| case.token(*other).is_some_and(|other| other.visit <= parked.visit);
        match first.iter_mut().find(|(taken, _)| *taken == input) {
            Some((_, other)) if earlier(other) => {}
            Some((_, other)) => *other = token,
            None => first.push((input, token)),
        }
    }
    first
}

/// The steps from which a join still waits for a token.
pub(in crate::kernel) fn missing_inputs(plan: &Plan, case: &Case, step: StepIx) -> Vec<StepIx> {
    let arrived = first_arrivals(plan, case, step);
    let open = plan.inflows(step).filter(|flow| !arrived.iter().any(|(input, _)| *input == flow.input));
    let mut from: Vec<StepIx> = open.map(|flow| flow.from).collect();
    from.dedup();
    from
}
