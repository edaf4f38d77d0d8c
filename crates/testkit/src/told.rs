//! What happened to a case, as facts that can be counted.

use grieta_core::definition::{Kind, Rule};
use grieta_core::kernel::{Case, Event};
use grieta_core::{Constraint, Plan, StepIx};
use grieta_runtime::Recorded;

/// The cracks that struck, each with the number of its event.
pub(crate) fn cracks(plan: &Plan, history: &[Recorded]) -> Vec<(u64, String)> {
    let mut struck = Vec::new();
    each(history, |case, recorded| {
        if let (Event::CrackStruck { crack, .. }, Some(step)) = (&recorded.event, step_of(case, &recorded.event)) {
            struck.push((recorded.sequence, plan.crack_name(step, *crack).to_owned()));
        }
    });
    struck
}

/// The names of the messages that were sent.
pub(crate) fn messages(plan: &Plan, history: &[Recorded]) -> Vec<String> {
    let mut sent = Vec::new();
    each(history, |case, recorded| {
        let step = step_of(case, &recorded.event).and_then(|step| plan.step_definition(step));
        if let (Event::MessageSent { .. }, Some(Kind::Send(message))) =
            (&recorded.event, step.map(|definition| &definition.kind))
        {
            sent.push(message.message.clone());
        }
    });
    sent
}

/// Whether a clock has run out, in whichever of its runs.
pub(crate) fn has_run_out(plan: &Plan, history: &[Recorded], clock: &str) -> bool {
    let mut found = false;
    each(history, |case, recorded| {
        if let Event::ClockBreached { run } = recorded.event {
            found |= case.clock(run).is_some_and(|running| plan.clock_name(running.clock) == clock);
        }
    });
    found
}

/// How often the case has come to a step.
pub(crate) fn visits(history: &[Recorded], step: StepIx) -> u32 {
    let mut case = Case::default();
    history.iter().for_each(|recorded| case.apply(recorded.at, &recorded.event));
    case.visits(step)
}

/// What a rule on the order of steps demands, and how it was broken; `over`, whether the case is. `None` where it is kept so far.
pub(crate) fn broken(plan: &Plan, history: &[Recorded], rule: &Rule, over: bool) -> Option<(String, String)> {
    let (constraint, Rule::Order(order)) = (Constraint::of(plan, rule)?, rule) else { return None };
    let events = history.iter().map(|recorded| (recorded.at, &recorded.event));
    let how = match constraint.follow(plan, events) {
        (_, Some(step)) => format!("that this was broken when `{}` was done", plan.step_name(step)),
        (progress, None) if over && !constraint.is_kept(progress) => "that the case is over without that".to_owned(),
        _ => return None,
    };
    Some((order.template.says(&order.steps, order.times), how))
}

/// Shows each event with the case as it was before.
fn each(history: &[Recorded], mut see: impl FnMut(&Case, &Recorded)) {
    let mut case = Case::default();
    for recorded in history {
        see(&case, recorded);
        case.apply(recorded.at, &recorded.event);
    }
}

fn step_of(case: &Case, event: &Event) -> Option<StepIx> {
    event.token().and_then(|token| case.token(token)).map(|token| token.step)
}
