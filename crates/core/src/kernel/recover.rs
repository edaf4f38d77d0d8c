//! What is undone when a crack is answered or a case is cancelled: data are rolled back, completed steps compensated.

use std::sync::Arc;

use smallvec::SmallVec;

use super::case::Phase;
use super::crack;
use super::decide::Decide;
use super::event::{Event, Reason};
use super::execute::{Execution, MOST_TOKENS, Sink};
use super::node;
use crate::definition::Recovery;
use crate::index::{CrackIx, FlowIx, ScopeIx, StepIx, TokenIx};
use crate::plan::Answer;

/// How many completed steps a case remembers in order to undo them.
const MOST_UNDOABLE: usize = 10_000;

/// Recovers what a crack says before it is answered; says whether it is to be answered later.
pub(super) fn recover<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, crack: CrackIx) -> bool {
    match run.plan.cracks[crack.at()].recover {
        Recovery::Nothing => false,
        Recovery::RollBack => {
            roll_back(run, token);
            false
        }
        Recovery::Compensate => compensate(run, token, crack),
    }
}

/// The data are again what they were when the step was entered that contains others: that of the token itself, or the
/// nearest around it, or else the case.
fn roll_back<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) {
    let mut entered = token;
    while !run.case.remembers(entered) {
        let scope = run.case.token(entered).and_then(|item| run.case.scope(item.scope));
        match scope {
            Some(scope) => entered = scope.owner,
            None => return,
        }
    }
    run.emit(Event::DataRolledBack { token: entered });
}

/// Remembers the data when the case begins, or a step that contains others.
pub(super) fn remember<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) {
    if run.plan.rolls_back {
        run.emit(Event::DataRemembered { token });
    }
}

/// A step was completed: notes that it can be undone; says whether the case could remember that.
#[inline(never)]
pub(super) fn note<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) -> bool {
    if run.case.undoable() >= MOST_UNDOABLE {
        run.incident(token, Reason::TooMuchToUndo);
        return false;
    }
    run.emit(Event::UndoNoted { token });
    true
}

/// A scope has ended: what was done there can still be undone, unless the step that contains it is undone as a whole.
pub(super) fn keep<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, scope: ScopeIx) {
    let Some(ended) = run.case.scope(scope).copied() else { return };
    let owner = run.case.token(ended.owner).map(|item| item.step);
    let as_a_whole = owner.is_some_and(|step| run.plan.nodes[step.at()].undo != StepIx::NONE);
    if !as_a_whole && !run.case.is_undoing(scope) && run.case.can_undo(&[scope]) {
        run.emit(Event::UndoKept { scope, parent: ended.parent });
    }
}

/// Begins to undo what was done where a crack strikes; says whether there is anything to undo.
fn compensate<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, crack: CrackIx) -> bool {
    let Some(item) = run.case.token(token).copied() else { return false };
    let declared = &run.plan.cracks[crack.at()];
    if matches!(declared.response, Answer::CancelCase | Answer::CancelAll) {
        return cancel(run, token, crack);
    }
    let goes_on = goes_on(declared.response, declared.interrupts);
    let scopes = if item.phase == Phase::Inside { run.case.scopes_inside(token) } else { vec![item.scope] };
    let stops = item.phase == Phase::Inside && !goes_on;
    let instead_of = if stops { run.case.compensating(&scopes) } else { Vec::new() };
    if instead_of.is_empty() && !run.case.can_undo(&scopes) {
        return false;
    }
    let waits = match goes_on {
        true => run.split(token),
        false => Some(token),
    };
    match waits {
        Some(waits) => begin(run, waits, crack, scopes, instead_of),
        None => run.incident(token, Reason::TooManyTokens),
    }
    true
}

/// Whether the token at which a crack strikes goes on with its work, so that another waits for what is undone.
pub(super) fn goes_on(answer: Answer, interrupts: bool) -> bool {
    matches!(answer, Answer::Continue | Answer::None) && !interrupts
}

/// Begins to undo all that was done before a case is cancelled, which withdraws everything else; says whether there is
/// anything to undo.
pub(super) fn cancel<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, crack: CrackIx) -> bool {
    let scopes = run.case.open_scopes();
    let instead_of = run.case.compensating(&scopes);
    if instead_of.is_empty() && !run.case.can_undo(&scopes) {
        return false;
    }
    let mut outermost = token;
    while let Some(owner) = owner_of(run, outermost) {
        outermost = owner;
    }
    begin(run, outermost, crack, scopes, instead_of);
    let others = run.case.tokens().map(|(other, _)| other).filter(|other| *other != outermost);
    let others: SmallVec<[TokenIx; 8]> = others.collect();
    others.into_iter().for_each(|other| run.withdraw(other));
    true
}

/// The token at the step that contains another's.
fn owner_of<D: Decide, S: Sink>(run: &Execution<'_, D, S>, token: TokenIx) -> Option<TokenIx> {
    let scope = run.case.token(token)?.scope;
    run.case.scope(scope)?.owner.some()
}

fn begin<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    crack: CrackIx,
    scopes: Vec<ScopeIx>,
    instead_of: Vec<TokenIx>,
) {
    run.happens(token);
    if run.case.incident(token).is_some() {
        run.emit(Event::IncidentResolved { token });
    }
    let (scopes, instead_of) = (Arc::from(scopes), Arc::from(instead_of));
    run.emit(Event::CompensationBegan { token, crack, scopes, instead_of });
    run.withdraw_inside(token);
    run.withdraw_timers(token);
    run.stay(token);
    run.open_inside(token);
}

/// Undoes the latest step that is still to be undone, or goes on when all has been.
pub(super) fn undo_next<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) {
    let Some(step) = run.case.next_undo(token) else { return end(run, token) };
    if run.case.live() >= MOST_TOKENS {
        return run.incident(token, Reason::TooManyTokens);
    }
    let undo = run.plan.nodes[step.at()].undo;
    let parent = run.case.token(token).map_or(ScopeIx(0), |item| item.scope);
    let scope = run.case.free_scope();
    run.emit(Event::UndoBegan { token, scope, parent });
    let first = run.case.free_token();
    node::enter(run, first, undo, FlowIx::NONE, scope);
}

/// All has been undone: the crack is answered, or the case cancelled.
fn end<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) {
    let (crack, before) = run.case.compensates_for(token);
    run.emit(Event::CompensationEnded { token });
    let Some(declared) = run.plan.cracks.get(crack.at()) else { return run.cancel() };
    match (goes_on(declared.response, declared.interrupts), declared.then.some()) {
        (false, _) if declared.response == Answer::Restart => node::restart_after_undoing(run, token, before),
        (false, _) => crack::respond(run, token, crack),
        (true, Some(flow)) => run.leave(token, flow),
        (true, None) => run.consume(token),
    }
    // Its clocks were stopped while something was undone; where it still has its work, they begin anew, save the one that
    // has led here.
    if let Some(step) = run.case.token(token).filter(|item| item.phase.held().is_some()).map(|item| item.step) {
        crack::watch_again_except(run, token, step, crack);
    }
}
