//! What holds of every case between two commands: nothing is on its way, and whatever goes on inside a step has that
//! step waiting for it.

use grieta_core::kernel::{Case, Phase};
use grieta_core::{Plan, TokenIx};

/// What does not hold, if anything.
pub fn wrong(plan: &Plan, case: &Case) -> Option<String> {
    if case.live() != case.tokens().count() {
        return Some(format!("the case counts {} tokens", case.live()));
    }
    for (token, item) in case.tokens() {
        let step = plan.step_name(item.step);
        let Some(scope) = case.scope(item.scope) else {
            return Some(format!("the scope of `{step}` is closed"));
        };
        let contains = |phase: Phase| matches!(phase, Phase::Inside | Phase::Compensating);
        let waits = |owner: TokenIx| case.token(owner).is_some_and(|owner| contains(owner.phase));
        if item.phase == Phase::Leaving || contains(item.phase) != case.scope_inside(token).is_some() {
            return Some(format!("`{step}` is {:?}, and that is not true", item.phase));
        }
        if scope.owner != TokenIx::NONE && !waits(scope.owner) {
            return Some(format!("nothing waits for `{step}`"));
        }
    }
    let stray = case.timers().find(|(_, timer)| case.token(timer.token).is_none());
    stray.map(|(_, timer)| format!("the timer {timer:?} belongs to nothing"))
}
