//! What keeps a step from beginning: a lock that another step holds, or a milestone that is not reached.

use smallvec::SmallVec;

use crate::index::{FlowIx, ScopeIx, StepIx, TokenIx};
use crate::kernel::case::{Case, Phase, Token};
use crate::kernel::decide::Decide;
use crate::kernel::event::{Event, Reason};
use crate::kernel::execute::{Execution, Sink};
use crate::plan::{NO_LOCK, Plan};

/// Stops work that nobody has begun where its gate has closed, and lets the tokens begin whose gate is open now, who has
/// waited longest first; says whether anything changed. Stops as soon as that may have moved other gates, or other
/// tokens: then it is to be asked again.
pub(in crate::kernel) fn open_gates<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>) -> bool {
    if !run.plan.gated {
        return false;
    }
    let gates = Gates::of(run.plan, run.case);
    let stops = |(token, item): &(TokenIx, &Token)| {
        is_unbegun(item.phase) && gates.is_closed(run.plan, run.case, *token, item.step, item.scope)
    };
    let closed: SmallVec<[TokenIx; 8]> = run.case.tokens().filter(stops).map(|(token, _)| token).collect();
    if !closed.is_empty() {
        closed.into_iter().for_each(|token| stop(run, token));
        return true;
    }
    let opens = |(token, item): &(TokenIx, &Token)| {
        item.phase == Phase::Gated && !gates.is_closed(run.plan, run.case, *token, item.step, item.scope)
    };
    let mut open: SmallVec<[(TokenIx, Token); 8]> =
        run.case.tokens().filter(opens).map(|(token, item)| (token, *item)).collect();
    open.sort_unstable_by_key(|(token, item)| (item.since, *token));
    for (token, item) in &open {
        if begin(run, *token, item.step) {
            break;
        }
    }
    !open.is_empty()
}

/// Work that is not begun waits for its gate.
pub(super) fn stop<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) {
    run.withdraw_timers(token);
    run.emit(Event::StepGated { token, phase: Phase::Gated });
}

/// A token begins whose gate is open; says whether that may have moved other gates, or other tokens.
fn begin<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) -> bool {
    if !run.may_work() {
        run.incident(token, Reason::TooMuchWork(FlowIx::NONE));
        return true;
    }
    let node = &run.plan.nodes[step.at()];
    let (phase, _) = node.rest;
    run.emit(Event::StepGated { token, phase });
    super::work(run, token, step);
    let as_it_was = run.case.token(token).is_some_and(|item| item.phase == phase) && !run.moves();
    let takes_lock = node.lock != NO_LOCK && !is_unbegun(phase);
    !as_it_was || takes_lock || node.milestone
}

/// What keeps steps from beginning, as a case stands.
struct Gates {
    /// Locks, and who holds them.
    held: SmallVec<[(u16, TokenIx); 8]>,
    /// Milestones at which the case is, and where.
    reached: SmallVec<[(StepIx, ScopeIx); 8]>,
}

impl Gates {
    fn of(plan: &Plan, case: &Case) -> Gates {
        let mut gates = Gates { held: SmallVec::new(), reached: SmallVec::new() };
        for (token, item) in case.tokens() {
            let node = &plan.nodes[item.step.at()];
            if node.lock != NO_LOCK && holds(item.phase) {
                gates.held.push((node.lock, token));
            }
            if node.milestone && is_there(item.phase) {
                gates.reached.push((item.step, item.scope));
            }
        }
        gates.held.sort_unstable();
        gates.reached.sort_unstable();
        gates
    }

    /// As [`is_closed`], without looking at every token.
    fn is_closed(&self, plan: &Plan, case: &Case, token: TokenIx, step: StepIx, scope: ScopeIx) -> bool {
        let node = &plan.nodes[step.at()];
        let first = self.held.partition_point(|(lock, _)| *lock < node.lock);
        let mut holders = self.held[first..].iter().take_while(|(lock, _)| *lock == node.lock);
        holders.any(|(_, holder)| keeps_out(case, *holder, token, scope))
            || node.only_while != StepIx::NONE && self.reached.binary_search(&(node.only_while, scope)).is_err()
    }
}

/// Whether a token has to wait before a step.
pub(super) fn is_closed(plan: &Plan, case: &Case, token: TokenIx, step: StepIx, scope: ScopeIx) -> bool {
    let node = &plan.nodes[step.at()];
    let locks = |(other, item): (TokenIx, &Token)| {
        holds(item.phase) && plan.nodes[item.step.at()].lock == node.lock && keeps_out(case, other, token, scope)
    };
    let there =
        |(_, item): (TokenIx, &Token)| item.step == node.only_while && item.scope == scope && is_there(item.phase);
    node.lock != NO_LOCK && case.tokens().any(locks) || node.only_while != StepIx::NONE && !case.tokens().any(there)
}

/// Whether a token in that phase has the lock of its step.
fn holds(phase: Phase) -> bool {
    phase != Phase::Gated && !is_unbegun(phase)
}

/// Whether a step has been reached, but nothing has happened there yet.
fn is_unbegun(phase: Phase) -> bool {
    matches!(phase, Phase::Created | Phase::Offered | Phase::Allocated | Phase::Receiving)
}

/// Whether a token in that phase makes its step a milestone that is reached.
fn is_there(phase: Phase) -> bool {
    !matches!(phase, Phase::Gated | Phase::Leaving)
}

/// Whether who holds a lock keeps a token out. One that contains its step shares the lock with it.
fn keeps_out(case: &Case, holder: TokenIx, token: TokenIx, mut scope: ScopeIx) -> bool {
    if holder == token {
        return false;
    }
    while let Some(around) = case.scope(scope).filter(|_| scope != ScopeIx(0)) {
        if around.owner == holder {
            return false;
        }
        scope = around.parent;
    }
    true
}
