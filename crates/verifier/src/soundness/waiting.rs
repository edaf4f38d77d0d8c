//! Situations that wait to be looked into, kept small.

use std::collections::VecDeque;

use grieta_core::kernel::{Case, Event, Phase};
use grieta_core::value::Value;
use grieta_core::{FlowIx, Plan, RoleIx, ScopeIx, StepIx, Timestamp, TokenIx};

use super::history::Past;
use super::moves::Situation;

/// The situations that were found and not looked into, the first ones first.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    queue: VecDeque<Kept>,
}

/// Most situations are a few tokens and nothing else.
#[derive(Debug)]
enum Kept {
    Tokens(Box<[Place]>),
    Whole(Box<Situation>),
}

/// Where a token is.
#[derive(Debug, Clone, Copy)]
struct Place {
    token: TokenIx,
    step: StepIx,
    via: FlowIx,
    role: RoleIx,
    phase: Phase,
}

impl Waiting {
    pub fn push(&mut self, situation: &Situation) {
        let plain = situation.case.is_only_tokens() && situation.past == Past::default();
        self.queue.push_back(match plain {
            true => Kept::Tokens(situation.case.tokens().map(place).collect()),
            false => Kept::Whole(Box::new(situation.clone())),
        });
    }

    /// Takes the first one out into `situation`; `false` when there is none.
    pub fn pop(&mut self, plan: &Plan, situation: &mut Situation) -> bool {
        match self.queue.pop_front() {
            Some(Kept::Tokens(places)) => {
                situation.past = Past::default();
                lay_out(plan, &mut situation.case, &places);
                true
            }
            Some(Kept::Whole(whole)) => {
                *situation = *whole;
                true
            }
            None => false,
        }
    }
}

fn place((token, item): (TokenIx, &grieta_core::kernel::Token)) -> Place {
    Place { token, step: item.step, via: item.via, role: item.role, phase: item.phase }
}

/// Makes the case one that has these tokens: it is the fold of its events.
fn lay_out(plan: &Plan, case: &mut Case, places: &[Place]) {
    let at = Timestamp::EPOCH;
    let initial: std::sync::Arc<[Value]> = plan.initial().clone();
    case.apply(at, &Event::CaseStarted { steps: plan.step_count() as u16 + 1, initial });
    for Place { token, step, via, role, phase } in places.iter().copied() {
        case.apply(at, &Event::TokenPlaced { token, step, via, phase, role, scope: ScopeIx(0) });
    }
}
