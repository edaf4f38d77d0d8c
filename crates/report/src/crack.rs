//! How the answer to a crack is said.

use grieta_core::definition::{Crack, Definition, Response, Trigger};

/// What a definition does about a crack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Care {
    /// Nothing, and the case stops.
    Stops,
    /// Nothing, and the work goes on as if nothing had happened.
    Ignored,
    /// Something; whether it is a good answer or itself a waste, only people can say.
    Answered,
}

pub(crate) fn care(crack: &Crack) -> Care {
    match (&crack.response, &crack.then) {
        (Some(Response::Fail), None) => Care::Stops,
        (None, None) if crack.interrupts() => Care::Stops,
        (None, None) => Care::Ignored,
        _ => Care::Answered,
    }
}

/// What answers a crack on which the case would stop at its step.
pub(crate) const OUTSIDE: &str = "answered by what is around the step";

/// What around a step answers for its cracks of that trigger: the innermost step that does, or the process.
pub(crate) fn answers_outside<'a>(definition: &'a Definition, step: &str, on: Trigger) -> Option<&'a str> {
    let answers = |crack: &Crack| {
        let alone = crack.on == on && crack.after.is_none() && crack.when.is_none();
        alone && crack.interrupts() && care(crack) == Care::Answered
    };
    let around = |inner: &str| {
        let contains = |inside: &[String]| inside.iter().any(|name| name == inner);
        definition.steps.iter().find(|(_, step)| contains(step.kind.inside()))
    };
    let mut inner = around(step);
    while let Some((name, step)) = inner {
        if step.cracks.values().any(answers) {
            return Some(name);
        }
        inner = around(name);
    }
    let process = Some(definition.process.as_str()).filter(|process| *process != step);
    process.filter(|_| definition.cracks.values().any(answers))
}

/// What happens to the case, in words.
pub(crate) fn answer(crack: &Crack) -> String {
    let done = crack.response.as_ref().and_then(what_is_done);
    match (care(crack), done, &crack.then) {
        (Care::Stops, ..) => "nobody answers: the case stops".to_owned(),
        (Care::Ignored, ..) => "nobody answers: the work goes on as if nothing had happened".to_owned(),
        (_, Some(done), Some(then)) => format!("{done}, then on to `{then}`"),
        (_, Some(done), None) if matches!(crack.response, Some(Response::Retry { .. })) => {
            format!("{done}, then the case stops")
        }
        (_, Some(done), None) => done,
        (_, None, Some(then)) if crack.interrupts() => format!("goes on to `{then}`"),
        (_, None, Some(then)) => format!("`{then}` begins beside it"),
        (_, None, None) => "goes on".to_owned(),
    }
}

/// The response in words; `None` for one that only leads to the next step.
pub(crate) fn what_is_done(response: &Response) -> Option<String> {
    Some(match response {
        Response::Retry { after: Some(after), at_most, backoff: 1 } => {
            format!("tried again {after} later, at most {at_most}×")
        }
        Response::Retry { after: Some(after), at_most, backoff } => {
            format!("tried again {after} later and each time after {backoff} times as long, at most {at_most}×")
        }
        Response::Retry { after: None, at_most, .. } => format!("tried again, at most {at_most}×"),
        Response::Restart => "begun anew".to_owned(),
        Response::Reoffer(Some(role)) => format!("offered to `{role}`"),
        Response::Reoffer(None) => "offered again".to_owned(),
        Response::Reallocate(Some(role)) => format!("handed to `{role}`"),
        Response::Reallocate(None) => "handed to somebody else".to_owned(),
        Response::Skip(Some(outcome)) => format!("goes on as `{outcome}`"),
        Response::Skip(None) => "goes on without the work".to_owned(),
        Response::CancelCase => "the case is cancelled".to_owned(),
        Response::CancelAll => "every case of the process is cancelled".to_owned(),
        Response::Continue => "noted, and the work goes on".to_owned(),
        _ => return None,
    })
}
