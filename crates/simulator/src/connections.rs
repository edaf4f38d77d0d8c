//! Decides what the cases of a process have to do with each other in a simulation, and what of it nobody answers.

use grieta_core::definition::{Definition, Kind, Response, Step};

/// Whether what one case does may concern another.
pub(crate) fn has_traffic(definition: &Definition) -> bool {
    let own = |process: &str| process == definition.process;
    let concerns = |step: &Step| match &step.kind {
        Kind::Receive(wanted) => is_sent(definition, &wanted.message),
        Kind::Call(call) => own(&call.process),
        Kind::End { hand_over: Some(call), .. } => own(&call.process),
        _ => false,
    };
    definition.steps.values().any(concerns) || cancels_all(definition)
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
pub(crate) fn assumption(definition: &Definition, name: &str, step: &Step) -> Option<String> {
    let other = |process: &str| process != definition.process;
    match &step.kind {
        Kind::Receive(wanted) if !is_sent(definition, &wanted.message) => {
            Some(format!("nobody sends `{}`, for which `{name}` waits: a simulation has one process", wanted.message))
        }
        Kind::Send(sent) if !is_received(definition, &sent.message) => {
            Some(format!("nobody takes `{}`, which `{name}` sends: a simulation has one process", sent.message))
        }
        Kind::Call(call) if other(&call.process) => {
            Some(format!("the case of `{}` that `{name}` calls never ends: a simulation has one process", call.process))
        }
        Kind::End { hand_over: Some(call), .. } if other(&call.process) => Some(format!(
            "nothing is seen of what `{name}` hands over to `{}`: a simulation has one process",
            call.process
        )),
        _ => None,
    }
}

/// Whether a step waits for others, whose cracks are not drawn by chance.
pub(crate) fn waits_for_others(step: &Step) -> bool {
    matches!(step.kind, Kind::Receive(_) | Kind::Call(_))
}

fn is_sent(definition: &Definition, message: &str) -> bool {
    definition.steps.values().any(|step| matches!(&step.kind, Kind::Send(sent) if sent.message == message))
}

fn is_received(definition: &Definition, message: &str) -> bool {
    definition.steps.values().any(|step| matches!(&step.kind, Kind::Receive(wanted) if wanted.message == message))
}
