//! Steps that contain others: subprocess and for-each.

use crate::definition::{Late, Type};
use crate::index::{FlowIx, ScopeIx, StepIx, TokenIx};
use crate::kernel::case::{Instances, Phase};
use crate::kernel::command::Rejection;
use crate::kernel::crack;
use crate::kernel::decide::{Asked, Decide};
use crate::kernel::event::{Event, Reason};
use crate::kernel::execute::{Execution, MOST_TOKENS, Sink};
use crate::kernel::recover;
use crate::plan::{Action, Multiple};
use crate::value::Value;

/// Begins what is inside a subprocess.
pub(super) fn subprocess<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx) {
    super::task::begin_timers(run, token, step);
    recover::remember(run, token);
    run.open_inside(token);
}

/// Begins the instances of a for-each.
pub(super) fn for_each<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx, step: StepIx, spec: u16) {
    let plan = run.plan;
    let multiple = &plan.instances[spec as usize];
    let (total, enough) = match count(run, token, multiple) {
        Ok(counts) => counts,
        Err(reason) => return crack::failed_evaluation(run, token, step, reason),
    };
    super::task::begin_timers(run, token, step);
    recover::remember(run, token);
    run.emit(Event::InstancesCounted { token, counts: Instances { total, begun: 0, ended: 0, enough } });
    run.open_inside(token);
}

/// How many instances there are to be, and how many are enough.
fn count<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    owner: TokenIx,
    multiple: &Multiple,
) -> Result<(u32, u32), Reason> {
    let whole = |value: Value| match value {
        Value::Integer(count) if (0..=MOST_TOKENS as i64).contains(&count) => Ok(count as u32),
        other => Err(Reason::Evaluation(
            format!("expected a number of instances from 0 to {MOST_TOKENS}, found {other}").into(),
        )),
    };
    let asked = Asked::by(run.plan, run.case, owner);
    let total = whole(run.decide.count(asked, &multiple.times)?)?;
    let enough = match &multiple.enough {
        Some(enough) if enough.result_type() == Type::Integer => whole(run.decide.count(asked, enough)?)?,
        _ => u32::MAX,
    };
    Ok((total, enough))
}

/// Begins the next thing inside a step: what a subprocess contains, or one instance of a for-each.
pub(in crate::kernel) fn begin_inside<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, owner: TokenIx) {
    let Some((step, phase)) = run.case.token(owner).map(|item| (item.step, item.phase)) else { return };
    match run.plan.nodes[step.at()].action {
        _ if phase == Phase::Compensating => recover::undo_next(run, owner),
        Action::Subprocess { start } => open(run, owner, start),
        Action::ForEach { start, spec } => begin_instance(run, owner, step, start, spec),
        _ => {}
    }
}

/// Opens a scope inside the step of a token and begins there.
fn open<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, owner: TokenIx, start: StepIx) {
    if run.case.live() >= MOST_TOKENS {
        return run.incident(owner, Reason::TooManyTokens);
    }
    let parent = run.case.token(owner).map_or(ScopeIx(0), |item| item.scope);
    let scope = run.case.free_scope();
    run.emit(Event::ScopeOpened { scope, owner, parent });
    let first = run.case.free_token();
    super::enter(run, first, start, FlowIx::NONE, scope);
}

/// Begins one instance; the next one follows by itself, unless they go one by one.
fn begin_instance<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    owner: TokenIx,
    step: StepIx,
    start: StepIx,
    spec: u16,
) {
    let plan = run.plan;
    let multiple = &plan.instances[spec as usize];
    let Some(counts) = run.case.instances(owner) else { return };
    if counts.total == 0 {
        return go_on(run, owner, step);
    }
    let begun = counts.begun + 1;
    run.emit(Event::InstancesCounted { token: owner, counts: Instances { begun, ..counts } });
    if begun < counts.total && !multiple.one_by_one {
        run.open_inside(owner);
    }
    open(run, owner, start);
    go_on_if_enough(run, owner, step, multiple);
}

/// When nothing goes on in a scope any more, the step that contains it may go on.
pub(in crate::kernel) fn scope_emptied<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, scope: ScopeIx) {
    let Some(emptied) = run.case.scope(scope).filter(|found| found.live == 0).copied() else { return };
    recover::keep(run, scope);
    run.close(scope);
    let Some((owner, step)) = emptied.owner.some().and_then(|owner| Some((owner, run.case.token(owner)?.step))) else {
        // Nobody waited for it, but what is around it may have waited for nothing else.
        return if emptied.parent != ScopeIx(0) {
            scope_emptied(run, emptied.parent)
        };
    };
    match run.plan.nodes[step.at()].action {
        _ if run.case.token(owner).is_some_and(|item| item.phase == Phase::Compensating) => run.open_inside(owner),
        Action::ForEach { spec, .. } => instance_ended(run, owner, step, spec),
        _ => go_on(run, owner, step),
    }
}

fn instance_ended<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, owner: TokenIx, step: StepIx, spec: u16) {
    let plan = run.plan;
    let multiple = &plan.instances[spec as usize];
    let Some(counts) = run.case.instances(owner) else { return };
    run.emit(Event::InstancesCounted { token: owner, counts: Instances { ended: counts.ended + 1, ..counts } });
    go_on_if_enough(run, owner, step, multiple);
    let waits = run.case.token(owner).is_some_and(|item| item.phase == Phase::Inside);
    if waits && multiple.one_by_one && counts.begun < counts.total {
        run.open_inside(owner);
    }
}

/// Goes on when enough instances have ended. Those that begin together have all begun before that.
fn go_on_if_enough<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    owner: TokenIx,
    step: StepIx,
    multiple: &Multiple,
) {
    let waits = run.case.token(owner).is_some_and(|item| item.phase == Phase::Inside);
    let Some(counts) = run.case.instances(owner).filter(|_| waits) else { return };
    if !multiple.one_by_one && counts.begun < counts.total {
        return;
    }
    match enough(run, owner, multiple, counts) {
        Ok(false) => return,
        Ok(true) => {}
        Err(reason) => return crack::failed_evaluation(run, owner, step, reason),
    }
    if multiple.rest != Late::Cancel {
        while let Some(scope) = run.case.scope_inside(owner) {
            run.emit(Event::ScopeDetached { scope });
        }
    }
    go_on(run, owner, step);
}

/// Whether so many instances are enough.
fn enough<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    owner: TokenIx,
    multiple: &Multiple,
    counts: Instances,
) -> Result<bool, Reason> {
    if counts.ended >= counts.enough || counts.ended >= counts.total {
        return Ok(true);
    }
    match &multiple.enough {
        Some(condition) if condition.result_type() == Type::Boolean && counts.ended > 0 => {
            run.decide.holds(Asked::by(run.plan, run.case, owner), condition)
        }
        _ => Ok(false),
    }
}

/// What is inside has ended: the step is completed, unless the data break a rule. Nothing comes after the process
/// itself.
fn go_on<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, owner: TokenIx, step: StepIx) {
    if crack::constraint(run, owner, step, &[]) {
        return;
    }
    if run.plan.root() == Some(step) {
        run.withdraw_timers(owner);
        run.consume(owner);
    } else {
        let flow = FlowIx(run.plan.nodes[step.at()].flows.indices().start);
        super::finish(run, owner, step, flow, &[], false);
    }
}

/// Carries out the command to add an instance.
pub(in crate::kernel) fn add_instance<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
) -> Result<(), Rejection> {
    let step = run.expect_phase(token, &[Phase::Inside], "under way")?;
    let growing = match run.plan.nodes[step.at()].action {
        Action::ForEach { spec, .. } => Some(&run.plan.instances[spec as usize]).filter(|multiple| multiple.growing),
        _ => None,
    };
    let (Some(multiple), Some(counts)) = (growing, run.case.instances(token)) else {
        return Err(Rejection::NotGrowing { step: run.plan.step_name(step).to_owned() });
    };
    if counts.total as usize >= MOST_TOKENS {
        return Err(Rejection::TooManyInstances { step: run.plan.step_name(step).to_owned(), most: MOST_TOKENS });
    }
    run.emit(Event::InstancesCounted { token, counts: Instances { total: counts.total + 1, ..counts } });
    if !multiple.one_by_one {
        run.open_inside(token);
    }
    Ok(())
}
