//! How the answer to a crack is said.

use grieta_core::definition::{Crack, Response};

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
        (None, None) if crack.interrupts() => Care::Stops,
        (None, None) => Care::Ignored,
        _ => Care::Answered,
    }
}

/// What happens to the case, in words.
pub(crate) fn answer(crack: &Crack) -> String {
    match (care(crack), what_is_done(crack), &crack.then) {
        (Care::Stops, ..) => "nobody answers: the case stops".to_owned(),
        (Care::Ignored, ..) => "nobody answers: the work goes on as if nothing had happened".to_owned(),
        (_, Some(done), Some(then)) => format!("{done}, then on to `{then}`"),
        (_, Some(done), None) => done,
        (_, None, Some(then)) if crack.interrupts() => format!("goes on to `{then}`"),
        (_, None, Some(then)) => format!("`{then}` begins beside it"),
        (_, None, None) => "goes on".to_owned(),
    }
}

/// The response in words; `None` for one that only leads to the next step.
pub(crate) fn what_is_done(crack: &Crack) -> Option<String> {
    Some(match crack.response.as_ref()? {
        Response::Retry { after: Some(after), at_most } => format!("tried again {after} later, at most {at_most}×"),
        Response::Retry { after: None, at_most } => format!("tried again, at most {at_most}×"),
        Response::Reallocate(role) => format!("handed to `{role}`"),
        Response::Skip(Some(outcome)) => format!("goes on as `{outcome}`"),
        Response::Skip(None) => "goes on without the work".to_owned(),
        Response::CancelCase => "the case is cancelled".to_owned(),
        Response::Continue => "noted, and the work goes on".to_owned(),
        _ => return None,
    })
}
