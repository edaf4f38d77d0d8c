//! Joins: of all, of all that can still come, of the first few, of threads.

use smallvec::SmallVec;

use crate::definition::{JoinRule, Late};
use crate::index::{FlowIx, ScopeIx, StepIx, TokenIx};
use crate::kernel::case::{Case, Phase, Token};
use crate::kernel::decide::Decide;
use crate::kernel::event::Event;
use crate::kernel::execute::{Execution, Sink};
use crate::plan::{Action, LiveJoin, Plan};

/// Inputs of a join and the token that came to each.
type Arrivals = SmallVec<[(u16, TokenIx); 8]>;

/// A token has come to a join and waits there.
pub(super) fn arrive<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    inputs: u16,
    rule: JoinRule,
) {
    let Some(scope) = run.case.token(token).map(|item| item.scope) else { return };
    match rule {
        JoinRule::All => {
            if run.case.parked(step, scope) < usize::from(inputs) {
                return;
            }
            let arrived = first_arrivals(run.plan, run.case, step, scope);
            if arrived.len() >= usize::from(inputs) {
                fire(run, step, &arrived);
            }
        }
        // Decided when nothing moves any more.
        JoinRule::Live => {}
        JoinRule::Threads(count) => {
            let arrived: Arrivals = parked(run.case, step, scope).map(|(token, _)| (0, token)).collect();
            if arrived.len() >= count as usize {
                fire(run, step, &arrived);
            }
        }
        JoinRule::First { count, then } => first(run, token, step, scope, inputs, count, then),
    }
}

/// Goes on with one of the tokens that came; the others have done their part.
fn fire<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, step: StepIx, arrived: &Arrivals) {
    let Some(((_, going), others)) = arrived.split_last() else { return };
    for (_, other) in others {
        run.emit(Event::TokenConsumed { token: *other });
    }
    let flow = FlowIx(run.plan.nodes[step.at()].flows.indices().start);
    run.leave(*going, flow);
}

/// A token has come to a join that goes on with the first few.
fn first<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    scope: ScopeIx,
    inputs: u16,
    count: u32,
    then: Late,
) {
    if let Some(seen) = run.case.fired(step, scope).cloned()
        && !late(run, token, step, scope, inputs, then, &seen)
    {
        return;
    }
    let arrived = first_arrivals(run.plan, run.case, step, scope);
    if arrived.len() < count as usize || arrived.is_empty() {
        return;
    }
    let seen: Vec<u16> = arrived.iter().map(|(input, _)| *input).collect();
    if then == Late::Cancel {
        withdraw_late(run, step, scope, &arrived);
        fire(run, step, &arrived);
        return;
    }
    fire(run, step, &arrived);
    if seen.len() < usize::from(inputs) {
        run.emit(Event::JoinFired { step, scope, seen: seen.into() });
    }
}

/// A token has come to a join that has gone on already; says whether it was the last, so that the join begins anew.
fn late<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    scope: ScopeIx,
    inputs: u16,
    then: Late,
    seen: &[u16],
) -> bool {
    let input = run.case.token(token).map_or(0, |item| input_of(run.plan, item));
    if seen.contains(&input) {
        if then != Late::Block {
            run.consume(token);
        }
        return false;
    }
    let seen: Vec<u16> = seen.iter().copied().chain([input]).collect();
    let all = seen.len() >= usize::from(inputs);
    run.emit(match all {
        true => Event::JoinReset { step, scope },
        false => Event::JoinFired { step, scope, seen: seen.into() },
    });
    run.consume(token);
    all
}

/// Withdraws every token of the scope from which plain flows lead to the join, save those that came in time.
fn withdraw_late<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, join: StepIx, scope: ScopeIx, in_time: &Arrivals) {
    let before = run.plan.before(join);
    let comes_from = |step: StepIx| before.get(step.at()).is_some_and(|before| *before);
    let late = run.case.tokens().filter(|(number, token)| {
        let comes = token.step == join || comes_from(token.step);
        token.scope == scope && comes && !in_time.iter().any(|(_, other)| other == number)
    });
    let late: SmallVec<[TokenIx; 8]> = late.map(|(token, _)| token).collect();
    late.into_iter().for_each(|token| run.withdraw(token));
    reset(run, scope, comes_from);
}

/// Has these joins of a scope forget that they went on before all had come: whoever was late is withdrawn.
pub(super) fn reset<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    scope: ScopeIx,
    withdrawn: impl Fn(StepIx) -> bool,
) {
    let fired: SmallVec<[StepIx; 4]> = run.case.fired_in(scope).filter(|join| withdrawn(*join)).collect();
    for step in fired {
        run.emit(Event::JoinReset { step, scope });
    }
}

/// The tokens that wait at a join.
fn parked(case: &Case, step: StepIx, scope: ScopeIx) -> impl Iterator<Item = (TokenIx, &Token)> {
    let here = move |token: &Token| token.step == step && token.phase == Phase::Parked && token.scope == scope;
    case.tokens().filter(move |(_, token)| here(token))
}

fn input_of(plan: &Plan, token: &Token) -> u16 {
    plan.flows.get(token.via.at()).map_or(0, |flow| flow.input)
}

/// For each input of a join at which tokens wait, the one that came first.
fn first_arrivals(plan: &Plan, case: &Case, step: StepIx, scope: ScopeIx) -> Arrivals {
    let mut first = Arrivals::new();
    for (token, item) in parked(case, step, scope) {
        let input = input_of(plan, item);
        let earlier = |other: &TokenIx| case.token(*other).is_some_and(|other| other.visit <= item.visit);
        match first.iter_mut().find(|(taken, _)| *taken == input) {
            Some((_, other)) if earlier(other) => {}
            Some((_, other)) => *other = token,
            None => first.push((input, token)),
        }
    }
    first
}

/// The steps from which a join still waits for a token.
pub(in crate::kernel) fn missing_inputs(plan: &Plan, case: &Case, step: StepIx, scope: ScopeIx) -> Vec<StepIx> {
    let arrived = first_arrivals(plan, case, step, scope);
    let has_come = |input: u16| match (plan.nodes[step.at()].action, case.fired(step, scope)) {
        (Action::Join { rule: JoinRule::Threads(_), .. }, _) => false,
        (_, Some(seen)) => seen.contains(&input),
        _ => arrived.iter().any(|(other, _)| *other == input),
    };
    let open = plan.inflows(step).filter(|flow| !has_come(flow.input));
    let mut from: Vec<StepIx> = open.map(|flow| flow.from).collect();
    from.dedup();
    from
}

/// Lets every join of the rule `live` go on to which nothing can come any more; says whether one did.
///
/// A token can still come when a way leads from it to an input where none waits, and no way leads from it to an input
/// where one does (Völzer, "A new semantics for the inclusive converging gateway in safe processes", BPM 2010; BPMN
/// 2.0.2, table 13.3). Tokens that wait at another such join count like all others; where joins wait for nothing but
/// each other, the first in the order of the definition goes on.
pub(in crate::kernel) fn fire_live_joins<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>) -> bool {
    let plan = run.plan;
    let mut in_turn: Option<(StepIx, Arrivals)> = None;
    for join in &plan.live_joins {
        for scope in scopes_waiting(run.case, join.step) {
            let arrived = first_arrivals(plan, run.case, join.step, scope);
            match awaited(plan, run.case, join, scope, &arrived) {
                Awaited::Nobody => {
                    fire(run, join.step, &arrived);
                    return true;
                }
                Awaited::Joins if in_turn.is_none() => in_turn = Some((join.step, arrived)),
                Awaited::Joins | Awaited::Others => {}
            }
        }
    }
    match in_turn {
        Some((step, arrived)) => {
            fire(run, step, &arrived);
            true
        }
        None => false,
    }
}

/// The scopes in which tokens wait at a join, each once, where the token with the lowest number waits first.
fn scopes_waiting(case: &Case, step: StepIx) -> impl Iterator<Item = ScopeIx> + use<> {
    let parked = case.tokens().filter(|(_, token)| token.step == step && token.phase == Phase::Parked);
    let mut scopes: SmallVec<[(ScopeIx, TokenIx); 4]> = parked.map(|(number, token)| (token.scope, number)).collect();
    scopes.sort_unstable();
    scopes.dedup_by_key(|(scope, _)| *scope);
    scopes.sort_unstable_by_key(|(_, number)| *number);
    scopes.into_iter().map(|(scope, _)| scope)
}

/// Who can still come to a join.
enum Awaited {
    Nobody,
    /// Only tokens that wait at joins of the same rule.
    Joins,
    Others,
}

fn awaited(plan: &Plan, case: &Case, join: &LiveJoin, scope: ScopeIx, arrived: &Arrivals) -> Awaited {
    let mut awaited = Awaited::Nobody;
    for (_, token) in case.tokens().filter(|(_, token)| token.scope == scope) {
        let waits_here = token.step == join.step && token.phase == Phase::Parked;
        if waits_here || !can_come(plan, join, token, arrived) {
            continue;
        }
        let waits_elsewhere =
            token.phase == Phase::Parked && plan.live_joins.iter().any(|other| other.step == token.step);
        if !waits_elsewhere {
            return Awaited::Others;
        }
        awaited = Awaited::Joins;
    }
    awaited
}

/// Whether a token can come to an input where none waits, but to none where one does.
fn can_come(plan: &Plan, join: &LiveJoin, token: &Token, arrived: &Arrivals) -> bool {
    let leads_to = |input: u16| leads_to(plan, join, token, input);
    let waits = |input: &u16| arrived.iter().any(|(taken, _)| taken == input);
    let inputs = 0..join.reach.len() as u16;
    inputs.clone().filter(|input| !waits(input)).any(leads_to) && !inputs.filter(waits).any(leads_to)
}

/// Whether plain flows lead from a token to an input of the join; the cracks of its own step count as well. A token that
/// stands still as an incident counts like the others: once somebody resolves it, it comes.
fn leads_to(plan: &Plan, join: &LiveJoin, token: &Token, input: u16) -> bool {
    let reach = &join.reach[input as usize];
    let lands = |flow: FlowIx| {
        let flow = &plan.flows[flow.at()];
        if flow.to == join.step { flow.input == input } else { reach[flow.to.at()] }
    };
    let cracks = plan.nodes[token.step.at()].cracks.range();
    reach[token.step.at()] || plan.cracks[cracks].iter().filter_map(|crack| crack.then.some()).any(lands)
}
