//! What a case has to do with others: messages, calls, hand-overs. Whoever drives the cases carries them.

use std::sync::Arc;

use super::{automatic, task};
use crate::index::{FieldIx, StepIx, TokenIx};
use crate::kernel::crack;
use crate::kernel::decide::{Asked, Decide};
use crate::kernel::event::Event;
use crate::kernel::execute::{Execution, Sink};
use crate::value::Value;

/// Sends a message and goes on.
pub(super) fn send<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    if !is_known_by_key(run, token, step) {
        return;
    }
    if let Some(data) = brought(run, token, step) {
        run.emit(Event::MessageSent { token, data });
        automatic::assign(run, token, step);
    }
}

/// Waits for a message.
pub(super) fn receive<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    if is_known_by_key(run, token, step) {
        task::begin_timers(run, token, step);
    }
}

/// Calls another process and waits for its end.
pub(super) fn call<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    if let Some(data) = brought(run, token, step) {
        task::begin_timers(run, token, step);
        run.emit(Event::CaseCalled { token, data });
    }
}

/// Hands over to another process; says whether it could.
pub(super) fn hand_over<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) -> bool {
    match brought(run, token, step) {
        Some(data) => {
            run.emit(Event::HandedOver { token, data });
            true
        }
        None => false,
    }
}

/// What a message, call or hand-over brings; `None` when that could not be evaluated.
fn brought<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) -> Option<Arc<[Value]>> {
    let plan = run.plan;
    let asked = Asked::by(plan, run.case, token);
    let values = plan.nodes[step.at()].with.iter().map(|with| run.decide.value(asked, with)).collect();
    match values {
        Ok(values) => Some(values),
        Err(reason) => {
            crack::failed_evaluation(run, token, step, reason);
            None
        }
    }
}

/// Whether the field has a value by which a message is known, if there is one.
fn is_known_by_key<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) -> bool {
    let key = run.plan.nodes[step.at()].key;
    if key == FieldIx::NONE {
        return true;
    }
    let asked = Asked::by(run.plan, run.case, token);
    match run.decide.key(asked, key) {
        Ok(()) => true,
        Err(reason) => {
            crack::failed_evaluation(run, token, step, reason);
            false
        }
    }
}
