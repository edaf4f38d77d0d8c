//! What keeps a step from beginning: a lock that another step holds, or a milestone that is not reached.

use crate::index::{ScopeIx, StepIx, TokenIx};
use crate::kernel::case::Phase;
use crate::kernel::decide::Decide;
use crate::kernel::event::Event;
use crate::kernel::execute::{Execution, Sink};

/// Whether a token has to wait before a step.
pub(super) fn is_closed<D: Decide, S: Sink>(
    run: &Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    scope: ScopeIx,
) -> bool {
    let node = &run.plan.nodes[step.at()];
    let locked = node.lock != u16::MAX
        && run.case.tokens().any(|(other, item)| {
            other != token && item.phase != Phase::Gated && run.plan.nodes[item.step.at()].lock == node.lock
        });
    locked || !reached(run, node.only_while, scope)
}

/// Whether the case is at the milestone, in the same scope.
fn reached<D: Decide, S: Sink>(run: &Execution<'_, D, S>, milestone: StepIx, scope: ScopeIx) -> bool {
    milestone == StepIx::NONE
        || run
            .case
            .tokens()
            .any(|(_, item)| item.step == milestone && item.scope == scope && item.phase != Phase::Gated)
}

/// Lets the first token begin whose gate is open now, and stops work that nobody has begun when its milestone has
/// passed; says whether anything changed.
pub(in crate::kernel) fn open_gates<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>) -> bool {
    let passed = run.case.tokens().find(|(_, item)| {
        item.phase == Phase::Offered && !reached(run, run.plan.nodes[item.step.at()].only_while, item.scope)
    });
    if let Some(token) = passed.map(|(token, _)| token) {
        run.withdraw_timers(token);
        run.emit(Event::StepGated { token, phase: Phase::Gated });
        return true;
    }
    let waiting = run.case.tokens().filter(|(_, item)| item.phase == Phase::Gated);
    let open = waiting.filter(|(token, item)| !is_closed(run, *token, item.step, item.scope));
    let Some((token, step)) =
        open.min_by_key(|(token, item)| (item.since, *token)).map(|(token, item)| (token, item.step))
    else {
        return false;
    };
    let (phase, _) = super::at_rest(&run.plan.nodes[step.at()]);
    run.emit(Event::StepGated { token, phase });
    super::work(run, token, step);
    true
}
