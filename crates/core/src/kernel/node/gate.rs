//! What keeps a step from beginning: a lock that another step holds, or a milestone that is not reached.

use crate::index::{ScopeIx, StepIx, TokenIx};
use crate::kernel::case::{Phase, Token};
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
    (node.lock != u16::MAX && is_locked(run, token, node.lock, scope)) || !reached(run, node.only_while, scope)
}

/// Whether another step that has the lock is under way. One that contains this step shares its lock with it.
fn is_locked<D: Decide, S: Sink>(run: &Execution<'_, D, S>, token: TokenIx, lock: u16, scope: ScopeIx) -> bool {
    let holds = |other: TokenIx, item: &Token| {
        other != token
            && item.phase != Phase::Gated
            && !is_unbegun(item)
            && run.plan.nodes[item.step.at()].lock == lock
            && !contains(run, other, scope)
    };
    run.case.tokens().any(|(other, item)| holds(other, item))
}

/// Whether a step has been reached, but nothing has happened there yet.
fn is_unbegun(item: &Token) -> bool {
    matches!(item.phase, Phase::Created | Phase::Offered | Phase::Allocated | Phase::Receiving)
}

/// Whether a scope is inside the step of a token.
fn contains<D: Decide, S: Sink>(run: &Execution<'_, D, S>, owner: TokenIx, mut scope: ScopeIx) -> bool {
    while let Some(around) = run.case.scope(scope).filter(|_| scope != ScopeIx(0)) {
        if around.owner == owner {
            return true;
        }
        scope = around.parent;
    }
    false
}

/// Whether the case is at the milestone, in the same scope.
fn reached<D: Decide, S: Sink>(run: &Execution<'_, D, S>, milestone: StepIx, scope: ScopeIx) -> bool {
    let there = |item: &Token| {
        item.step == milestone && item.scope == scope && !matches!(item.phase, Phase::Gated | Phase::Leaving)
    };
    milestone == StepIx::NONE || run.case.tokens().any(|(_, item)| there(item))
}

/// Stops work that nobody has begun when its gate has closed, and else lets the first token begin whose gate is open
/// now; says whether anything changed.
pub(in crate::kernel) fn open_gates<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>) -> bool {
    let stops = |token: TokenIx, item: &Token| is_unbegun(item) && is_closed(run, token, item.step, item.scope);
    let closed = run.case.tokens().find(|(token, item)| stops(*token, item)).map(|(token, _)| token);
    if let Some(token) = closed {
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
