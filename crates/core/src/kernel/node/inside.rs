//! Steps that contain others: subprocess and for-each.

use crate::definition::Late;
use crate::index::{FlowIx, ScopeIx, StepIx, TokenIx};
use crate::kernel::case::{Instances, Phase};
use crate::kernel::command::Rejection;
use crate::kernel::crack;
use crate::kernel::decide::Decide;
use crate::kernel::event::{Event, Reason};
use crate::kernel::execute::{Execution, MOST_TOKENS, Sink};
use crate::plan::{Action, Multiple};
use crate::value::Value;

/// Begins what is inside a subprocess.
pub(super) fn subprocess<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    start: StepIx,
) {
    super::task::begin_timers(run, token, step);
    open(run, token, start);
}

/// Begins the instances of a for-each.
pub(super) fn for_each<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    start: StepIx,
    spec: u16,
) {
    let plan = run.plan;
    let multiple = &plan.instances[spec as usize];
    let counted = count(run, multiple);
    let (total, enough) = match counted {
        Ok(counts) => counts,
        Err(reason) => return crack::failed_evaluation(run, token, step, reason),
    };
    super::task::begin_timers(run, token, step);
    let counts = Instances { total, begun: 0, ended: 0, enough };
    run.emit(Event::InstancesCounted { token, counts });
    let at_once = if multiple.one_by_one { total.min(1) } else { total };
    for _ in 0..at_once {
        if !begin_instance(run, token, start) {
            return;
        }
    }
    go_on_if_enough(run, token, step, multiple);
}

/// How many instances there are to be, and how many are enough.
fn count<D: Decide, S: Sink>(run: &Execution<'_, D, S>, multiple: &Multiple) -> Result<(u32, u32), Reason> {
    let whole = |value: Value| match value {
        Value::Integer(count) if (0..=MOST_TOKENS as i64).contains(&count) => Ok(count as u32),
        other => Err(Reason::Evaluation(
            format!("expected a number of instances from 0 to {MOST_TOKENS}, found {other}").into(),
        )),
    };
    let evaluate = |compiled: &crate::expression::Compiled| {
        compiled.eval(run.case.data()).map_err(|error| Reason::Evaluation(error.to_string().into()))
    };
    let total = whole(evaluate(&multiple.times)?)?;
    let enough = match &multiple.enough {
        Some(enough) if enough.result_type() == crate::definition::Type::Integer => whole(evaluate(enough)?)?,
        _ => u32::MAX,
    };
    Ok((total, enough))
}

/// Opens a scope inside the step of a token and begins there; false when the case has too many tokens.
fn open<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, owner: TokenIx, start: StepIx) -> bool {
    if run.case.live() >= MOST_TOKENS {
        run.incident(owner, Reason::TooManyTokens);
        return false;
    }
    let parent = run.case.token(owner).map_or(ScopeIx(0), |item| item.scope);
    let scope = run.case.free_scope();
    run.emit(Event::ScopeOpened { scope, owner, parent });
    let first = run.case.free_token();
    super::enter(run, first, start, FlowIx::NONE, scope);
    true
}

fn begin_instance<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, owner: TokenIx, start: StepIx) -> bool {
    let Some(counts) = run.case.instances(owner) else { return false };
    run.emit(Event::InstancesCounted { token: owner, counts: Instances { begun: counts.begun + 1, ..counts } });
    open(run, owner, start)
}

/// Nothing goes on in a scope any more: the step that contains it may go on.
pub(in crate::kernel) fn scope_emptied<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, scope: ScopeIx) {
    let Some(owner) = run.case.scope(scope).filter(|found| found.live == 0).map(|found| found.owner) else { return };
    run.emit(Event::ScopeClosed { scope });
    let Some(item) = owner.some().and_then(|owner| run.case.token(owner)) else { return };
    let step = item.step;
    match run.plan.nodes[step.at()].action {
        Action::ForEach { start, spec } => instance_ended(run, owner, step, start, spec),
        _ => go_on(run, owner, step),
    }
}

fn instance_ended<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    owner: TokenIx,
    step: StepIx,
    start: StepIx,
    spec: u16,
) {
    let plan = run.plan;
    let multiple = &plan.instances[spec as usize];
    let Some(counts) = run.case.instances(owner) else { return };
    run.emit(Event::InstancesCounted { token: owner, counts: Instances { ended: counts.ended + 1, ..counts } });
    if !go_on_if_enough(run, owner, step, multiple) && counts.begun < counts.total && multiple.one_by_one {
        begin_instance(run, owner, start);
    }
}

/// Goes on when enough instances have ended; says whether it did, or cannot.
fn go_on_if_enough<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    owner: TokenIx,
    step: StepIx,
    multiple: &Multiple,
) -> bool {
    let Some(counts) = run.case.instances(owner) else { return true };
    let condition = multiple.enough.as_ref().filter(|enough| enough.result_type() == crate::definition::Type::Boolean);
    let holds = match condition.map(|enough| enough.holds(run.case.data())) {
        Some(Err(error)) => {
            crack::failed_evaluation(run, owner, step, Reason::Evaluation(error.to_string().into()));
            return true;
        }
        Some(Ok(holds)) => holds && counts.ended > 0,
        None => false,
    };
    if !(holds || counts.ended >= counts.enough || counts.ended >= counts.total) {
        return false;
    }
    match multiple.rest {
        Late::Cancel => run.withdraw_inside(owner),
        Late::Ignore | Late::Block => {
            while let Some(scope) = run.case.scope_inside(owner) {
                run.emit(Event::ScopeDetached { scope });
            }
        }
    }
    go_on(run, owner, step);
    true
}

fn go_on<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, owner: TokenIx, step: StepIx) {
    let flow = FlowIx(run.plan.nodes[step.at()].flows.indices().start);
    super::finish(run, owner, step, flow, &[], false);
}

/// Carries out the command to add an instance.
pub(in crate::kernel) fn add_instance<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
) -> Result<(), Rejection> {
    let step = run.expect_phase(token, &[Phase::Inside], "under way")?;
    let (Action::ForEach { start, spec }, Some(counts)) = (run.plan.nodes[step.at()].action, run.case.instances(token))
    else {
        return Err(Rejection::NotGrowing { step: run.plan.step_name(step).to_owned() });
    };
    let multiple = &run.plan.instances[spec as usize];
    if !multiple.growing {
        return Err(Rejection::NotGrowing { step: run.plan.step_name(step).to_owned() });
    }
    run.emit(Event::InstancesCounted { token, counts: Instances { total: counts.total + 1, ..counts } });
    if !multiple.one_by_one || counts.begun == counts.ended {
        begin_instance(run, token, start);
    }
    Ok(())
}
