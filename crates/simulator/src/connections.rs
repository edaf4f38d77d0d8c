//! Decides what the cases of a process have to do with each other in a simulation, and what of it nobody answers.

use grieta_core::definition::{Definition, Kind, Response, Step};

/// Whether what one case does may concern another, where these processes are simulated.
pub(crate) fn has_traffic(all: &[&Definition]) -> bool {
    let concerns = |step: &Step| match &step.kind {
        Kind::Receive(wanted) => is_sent(all, &wanted.message),
        Kind::Call(call) => is_there(all, &call.process),
        Kind::End { hand_over: Some(call), .. } => is_there(all, &call.process),
        _ => false,
    };
    steps(all).any(concerns) || all.iter().any(|definition| cancels_all(definition))
}

fn steps<'a>(all: &'a [&'a Definition]) -> impl Iterator<Item = &'a Step> {
    all.iter().flat_map(|definition| definition.steps.values())
}

fn is_there(all: &[&Definition], process: &str) -> bool {
    all.iter().any(|definition| definition.process == process)
}

fn cancels_all(definition: &Definition) -> bool {
    let cracks = definition.steps.values().flat_map(|step| step.cracks.values()).chain(definition.cracks.values());
    cracks.into_iter().any(|crack| crack.response == Some(Response::CancelAll))
}

/// Whether something can be undone, after which work that was begun goes on.
pub(crate) fn can_undo(definition: &Definition) -> bool {
    definition.steps.values().any(|step| step.undo.is_some())
}

/// What has to be assumed about a step, because whoever it has to do with is not simulated.
pub(crate) fn assumption(all: &[&Definition], name: &str, step: &Step) -> Option<String> {
    let other = |process: &str| !is_there(all, process);
    let missing = match &step.kind {
        Kind::Receive(wanted) if !is_sent(all, &wanted.message) => {
            format!("nobody sends `{}`, for which `{name}` waits", wanted.message)
        }
        Kind::Send(sent) if !is_received(all, &sent.message) => {
            format!("nobody takes `{}`, which `{name}` sends", sent.message)
        }
        Kind::Call(call) if other(&call.process) => {
            format!("the case of `{}` that `{name}` calls never ends", call.process)
        }
        Kind::End { hand_over: Some(call), .. } if other(&call.process) => {
            format!("nothing is seen of what `{name}` hands over to `{}`", call.process)
        }
        _ => return None,
    };
    let why = match all {
        [_] => "a simulation has one process",
        _ => "it lies outside the processes that are simulated",
    };
    Some(format!("{missing}: {why}"))
}

/// Whether a step waits for others, whose cracks are not drawn by chance.
pub(crate) fn waits_for_others(step: &Step) -> bool {
    matches!(step.kind, Kind::Receive(_) | Kind::Call(_))
}

fn is_sent(all: &[&Definition], message: &str) -> bool {
    steps(all).any(|step| matches!(&step.kind, Kind::Send(sent) if sent.message == message))
}

fn is_received(all: &[&Definition], message: &str) -> bool {
    steps(all).any(|step| matches!(&step.kind, Kind::Receive(wanted) if wanted.message == message))
}
