//! Steps that take no time: assign, choose, end.

use super::task::{self, Sets};
use crate::index::{FlowIx, StepIx, TokenIx};
use crate::kernel::crack;
use crate::kernel::decide::Decide;
use crate::kernel::event::{Event, Reason};
use crate::kernel::execute::{Execution, Sink};

/// Sets data and goes on.
pub(super) fn assign<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    let flow = FlowIx(run.plan.nodes[step.at()].flows.indices().start);
    set_and_leave(run, token, step, flow);
}

/// Takes the branch that was decided.
pub(super) fn choose<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    if crack::constraint(run, token, step, &[]) {
        return;
    }
    match run.decide.choose(run.plan, run.case, step) {
        Ok(flow) => set_and_leave(run, token, step, flow),
        Err(reason) => crack::failed_evaluation(run, token, step, reason),
    }
}

fn set_and_leave<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, flow: FlowIx) {
    let mut sets = Sets::new();
    match task::evaluate_sets(run, step, flow, &[], &mut sets) {
        Ok(()) => {
            run.write(&sets);
            run.leave(token, flow);
        }
        Err(error) => crack::failed_evaluation(run, token, step, Reason::Evaluation(error.to_string().into())),
    }
}

/// Ends a path, or with `terminate` everything.
pub(super) fn end<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, terminate: bool) {
    run.emit(Event::TokenConsumed { token });
    if terminate {
        run.withdraw_all();
    }
}
