//! How an incident is resolved.

use super::case::Phase;
use super::clock;
use super::command::{Rejection, Resolution};
use super::decide::Decide;
use super::event::{Event, Reason};
use super::execute::{Execution, Sink};
use super::node;
use crate::index::{FlowIx, StepIx, TokenIx};
use crate::plan::Action;

/// Carries out the command to resolve an incident.
pub(super) fn resolve<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    how: Resolution,
) -> Result<(), Rejection> {
    let step = run.expect_phase(token, &[Phase::Incident], "an incident")?;
    match how {
        Resolution::Retry => retry(run, token),
        Resolution::Skip(outcome) => {
            let flow = node::way_on(run, step, outcome)?;
            run.happens(token);
            run.emit(Event::IncidentResolved { token });
            run.emit(Event::WorkSkipped { token, outcome: flow });
            if run.plan.nodes[step.at()].takes_time {
                clock::done(run, token, step);
            }
            run.leave(token, flow);
        }
        Resolution::GoTo(to) => go_to(run, token, step, to)?,
        Resolution::Cancel => run.cancel(),
    }
    Ok(())
}

fn retry<D: Decide, S: Sink>(run: &mut Execution<'_, D, S>, token: TokenIx) {
    let stopped = match run.case.incident(token) {
        Some(Reason::TooMuchWork(flow)) => flow.some(),
        _ => None,
    };
    run.emit(Event::IncidentResolved { token });
    match stopped {
        Some(flow) => run.leave(token, flow),
        None => run.again(token),
    }
}

fn go_to<D: Decide, S: Sink>(
    run: &mut Execution<'_, D, S>,
    token: TokenIx,
    step: StepIx,
    to: StepIx,
) -> Result<(), Rejection> {
    let refuse = |why| Rejection::WrongStep {
        step: run.plan.step_name(step).to_owned(),
        to: run.plan.step_name(to).to_owned(),
        why,
    };
    let Some(node) = run.plan.nodes.get(to.at()) else { return Err(refuse("there is no such step")) };
    if node.inside != run.plan.nodes[step.at()].inside {
        return Err(refuse("they are not inside the same step"));
    }
    if matches!(node.action, Action::Join { .. }) {
        return Err(refuse("it waits for branches; name the step behind it"));
    }
    let scope = run.case.token(token).map(|item| item.scope).ok_or(Rejection::NoSuchToken(token))?;
    run.happens(token);
    run.emit(Event::IncidentResolved { token });
    node::enter(run, token, to, FlowIx::NONE, scope);
    Ok(())
}
