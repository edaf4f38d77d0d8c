//! Drops the response to a crack: it still strikes, and neither `do` nor `then` follows.

use grieta_core::definition::{Care, Crack, Definition, Response};

use super::{Found, cracks};

pub(super) fn find(definition: &Definition, found: &mut Found) {
    for (place, crack) in cracks::all(definition).filter(|(_, crack)| does_something(crack)) {
        let what = format!("nobody answers {}, instead of: {}", place.words(), crack.answer());
        let key = if crack.response.is_some() { "do" } else { "then" };
        found.add(place.path().key(key), what, move |definition| {
            place.change(definition, |crack| *crack = unanswered(crack));
        });
    }
}

fn unanswered(crack: &Crack) -> Crack {
    Crack { response: None, then: None, ..crack.clone() }
}

/// Whether anything else follows than without an answer.
fn does_something(crack: &Crack) -> bool {
    let only_noted = matches!(crack.response, Some(Response::Continue)) && crack.then.is_none();
    crack.care() == Care::Answered && (!only_noted || unanswered(crack).interrupts())
}
