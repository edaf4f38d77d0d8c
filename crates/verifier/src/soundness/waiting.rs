//! Situations that wait to be looked into, kept small.

use std::collections::VecDeque;
use std::mem::ManuallyDrop;

use grieta_core::kernel::{Case, Event, Phase, Token};
use grieta_core::value::Value;
use grieta_core::{FlowIx, Plan, RoleIx, ScopeIx, StepIx, Timestamp, TokenIx};

use super::history::Past;
use super::moves::Situation;

/// The situations that were found and not looked into, the first ones first.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// Most situations are a few tokens and nothing else: how many, and the number of the place where each is. For any
    /// other, [`WHOLE`].
    queue: VecDeque<u16>,
    places: Places,
    whole: VecDeque<Box<Situation>>,
    /// How many tokens and values those have that are kept as they are.
    kept: usize,
}

/// Stands for a situation that nobody is to look into.
const NOTHING: u16 = u16::MAX - 1;

/// So many tokens and values may wait in situations that are kept as they are: less than a gigabyte.
const MOST_KEPT: usize = 6_000_000;

/// Stands for a situation that is kept as it is.
const WHOLE: u16 = u16::MAX;

impl Waiting {
    pub fn push(&mut self, situation: &Situation) {
        let plain = situation.case.is_only_tokens() && situation.past == Past::default();
        if !(plain && self.push_tokens(&situation.case)) {
            self.queue.push_back(WHOLE);
            self.kept += weight(situation);
            self.whole.push_back(Box::new(situation.clone()));
        }
    }

    /// Keeps the place of a situation that nobody is to look into.
    pub fn push_nothing(&mut self) {
        self.queue.push_back(NOTHING);
    }

    /// Whether more of them would take too much memory.
    pub fn is_full(&self) -> bool {
        self.kept > MOST_KEPT
    }

    /// Says whether there were numbers enough; else nothing was pushed.
    fn push_tokens(&mut self, case: &Case) -> bool {
        let before = self.queue.len();
        if case.live() >= usize::from(NOTHING) {
            return false;
        }
        self.queue.push_back(case.live() as u16);
        for (_, item) in case.tokens() {
            let Some(number) = self.places.number(item) else {
                self.queue.truncate(before);
                return false;
            };
            self.queue.push_back(number);
        }
        true
    }

    /// Takes the first one out into `situation`, and says whether it is to be looked into; `None` when there is none.
    pub fn pop(&mut self, plan: &Plan, situation: &mut Situation) -> Option<bool> {
        match self.queue.pop_front()? {
            NOTHING => Some(false),
            WHOLE => {
                let whole = self.whole.pop_front()?;
                self.kept -= weight(&whole);
                *situation = *whole;
                Some(true)
            }
            count => {
                situation.past.clear();
                let numbers = self.queue.drain(..usize::from(count));
                lay_out(plan, &mut situation.case, numbers.filter_map(|number| self.places.known.get(number as usize)));
                Some(true)
            }
        }
    }
}

fn weight(situation: &Situation) -> usize {
    situation.case.live() + situation.case.data().len()
}

/// Where a token is, and what it does there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    step: StepIx,
    via: FlowIx,
    role: RoleIx,
    phase: Phase,
}

/// The places where tokens have been, numbered.
#[derive(Debug, Default)]
struct Places {
    known: Vec<Place>,
    /// The numbers of those to which a flow leads, by flow; the first are those to which none does.
    by_flow: Vec<Vec<u16>>,
}

impl Places {
    /// The number of the place of a token, unless there are no more numbers.
    fn number(&mut self, item: &Token) -> Option<u16> {
        let place = Place { step: item.step, via: item.via, role: item.role, phase: item.phase };
        let flow = place.via.some().map_or(0, |flow| flow.at() + 1);
        if self.by_flow.len() <= flow {
            self.by_flow.resize(flow + 1, Vec::new());
        }
        let numbers = &mut self.by_flow[flow];
        if let Some(number) = numbers.iter().find(|number| self.known[usize::from(**number)] == place) {
            return Some(*number);
        }
        let number = u16::try_from(self.known.len()).ok()?;
        self.known.push(place);
        numbers.push(number);
        Some(number)
    }
}

/// Makes the case one that has tokens at these places: it is the fold of its events.
fn lay_out<'a>(plan: &Plan, case: &mut Case, places: impl Iterator<Item = &'a Place>) {
    let at = Timestamp::EPOCH;
    let initial: std::sync::Arc<[Value]> = plan.initial().clone();
    case.apply(at, &Event::CaseStarted { steps: plan.step_count() as u16 + 1, initial });
    for (token, Place { step, via, role, phase }) in (0..).map(TokenIx).zip(places.copied()) {
        // It owns nothing, and without the code that drops it the compiler knows what event it is.
        let placed = ManuallyDrop::new(Event::TokenPlaced { token, step, via, phase, role, scope: ScopeIx(0) });
        case.apply(at, &placed);
    }
}
