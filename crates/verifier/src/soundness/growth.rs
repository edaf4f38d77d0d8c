//! Tokens that become more and more: a way on which a case has all that it had before, and more besides. Whatever led there
//! leads on again, and so for ever (Karp and Miller, "Parallel program schemata", 1969).

use grieta_core::definition::{JoinRule, Kind, Step};
use grieta_core::kernel::{Case, History, Phase, Token};
use grieta_core::{CrackIx, Plan, ScopeIx, StepIx, TokenIx};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::NodeIndex;

use super::moves::{Aim, Ground, Situation};
use super::search::{Limits, Search};
use super::states::{StateIx, States};
use super::trace::Trace;

/// So many states are looked into for each crack that may bring forth more and more tokens.
const MOST_STATES: usize = 4_000;

/// Tokens that become more and more, with the way there and the step at which they gather.
#[derive(Debug, Clone)]
pub(crate) struct Growth {
    pub trace: Trace,
    pub step: StepIx,
}

/// Looks at each crack that starts something beside a step to which the case may come again, as if no other did.
pub(crate) fn find(plan: &Plan, limits: &Limits) -> Option<Growth> {
    let graph = plan.process().graph();
    let mut comes_again = vec![false; graph.node_count()];
    let is_round =
        |steps: &Vec<NodeIndex>| steps.len() > 1 || steps.iter().any(|step| graph.contains_edge(*step, *step));
    for round in kosaraju_scc(graph).into_iter().filter(is_round) {
        round.into_iter().for_each(|step| comes_again[step.index()] = true);
    }
    let suspect = |crack: &CrackIx| {
        let again = plan.cracked(*crack).is_some_and(|step| comes_again.get(step.at()) == Some(&true));
        again && !plan.interrupts(*crack) && plan.leads_to(*crack).is_some()
    };
    let limits = Limits { most_states: limits.most_states.min(MOST_STATES), ..*limits };
    let cracks = (0..plan.crack_count()).map(|crack| CrackIx(crack as u16));
    cracks.filter(suspect).find_map(|crack| {
        let ground = Ground::of(plan, limits.reduce, Aim::End).with_only(crack);
        Search::new(&ground, limits).run().growth
    })
}

/// Whether more tokens never stand in the way of others: no step asks who else is there, or takes others away.
pub(crate) fn more_is_never_less(plan: &Plan) -> bool {
    let takes = |step: &Step| matches!(step.kind, Kind::Cancel(_) | Kind::Race(_));
    let mut steps = plan.definition().steps.values();
    !asks_for_others(plan) && !steps.any(takes)
}

/// Whether some step asks who else is there.
pub(crate) fn asks_for_others(plan: &Plan) -> bool {
    let asks = |step: &Step| {
        let live = matches!(step.kind, Kind::Join(JoinRule::Live | JoinRule::First { .. }));
        live || step.lock.is_some() || step.only_while.is_some()
    };
    plan.definition().steps.values().any(asks)
}

/// Whether the tokens have become more on the way to a state so that they do so again. What is more must lie on the way of a
/// case, where it keeps no crack from starting anything.
pub(crate) fn proof(ground: &Ground<'_>, states: &States, state: StateIx) -> Option<Growth> {
    let way = states.way_to(state);
    let mut passed: Vec<Option<Places>> = vec![None];
    let see = |there: &Situation| {
        passed.push(Places::of(ground.plan, &there.case, |token| ground.remembered(there).of_token(token)));
    };
    Trace::through(ground, states, &way, |_, _| true, see);
    let (at, more) = grown(&passed, |more| ground.lies_on_the_way(more))?;
    let (trace, _) = Trace::through(ground, states, way.get(..=at)?, |_, _| true, |_| {});
    Some(Growth { trace, step: more })
}

/// Where first on a way there is all that was there before, and more of what `counts`: of which there is most then.
pub(crate) fn grown(passed: &[Option<Places>], counts: impl Fn(StepIx) -> bool) -> Option<(usize, StepIx)> {
    passed.iter().enumerate().find_map(|(at, many)| {
        let many = many.as_ref()?;
        let before = passed[..at].iter().rev().flatten();
        before
            .filter_map(|fewer| many.more_than(fewer))
            .find(|more| more.iter().all(|place| counts(place.step)))
            .and_then(|more| {
                let most = more.iter().max_by_key(|place| more.iter().filter(|other| other == place).count())?;
                Some((at, most.step))
            })
    })
}

/// Where the tokens of a case are, in order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Places(Vec<Place>);

/// Where a token is, and what is remembered of it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    step: StepIx,
    phase: u8,
    via: u16,
    scope: u16,
    remembered: u64,
}

impl Places {
    /// `None` where something goes on inside a step, other than the process itself.
    pub fn of(plan: &Plan, case: &Case, remembered: impl Fn(TokenIx) -> u64) -> Option<Places> {
        let is_outermost = |scope: ScopeIx| {
            let owner = case.scope(scope).and_then(|scope| case.token(scope.owner)).map(|owner| owner.step);
            scope == ScopeIx(0) || (owner.is_some() && owner == plan.root())
        };
        if !case.tokens().all(|(_, item)| is_outermost(item.scope)) {
            return None;
        }
        let place = |(token, item): (TokenIx, &Token)| Place {
            step: item.step,
            phase: item.phase as u8,
            via: if item.phase == Phase::Parked { item.via.0 } else { 0 },
            scope: item.scope.0,
            remembered: remembered(token),
        };
        let mut places: Vec<Place> = case.tokens().map(place).collect();
        places.sort_unstable();
        Some(Places(places))
    }

    /// What there is besides all that another has; `None` where it has not all of that, or nothing more.
    fn more_than(&self, fewer: &Places) -> Option<Vec<Place>> {
        let mut known = fewer.0.iter().peekable();
        let more: Vec<Place> = self.0.iter().filter(|place| known.next_if_eq(place).is_none()).copied().collect();
        (known.peek().is_none() && !more.is_empty()).then_some(more)
    }
}
