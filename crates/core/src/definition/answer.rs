//! What a definition does about a crack, and how that is said.

use super::{Crack, Response, Trigger};

/// What a definition does about a crack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Care {
    /// Nothing, and the case stops.
    Stops,
    /// Nothing, and the work goes on as if nothing had happened.
    Ignored,
    /// Something; whether it is a good answer or itself a waste, only people can say.
    Answered,
}

impl Crack {
    /// How a crack is answered that says itself nothing but stop, where a step around or the process has an answer.
    pub const ANSWERED_AROUND: &str = "answered by what is around the step";

    /// What the crack itself does about it, whatever the steps around may do.
    pub fn care(&self) -> Care {
        match (&self.response, &self.then) {
            (Some(Response::Fail), None) => Care::Stops,
            (None, None) if self.interrupts() || self.means_silence() => Care::Stops,
            (None, None) => Care::Ignored,
            _ => Care::Answered,
        }
    }

    /// Whether it means that nobody acts until it is answered: nobody was there by chance, or there was no room.
    pub fn means_silence(&self) -> bool {
        let timed = matches!(self.on, Trigger::Deadline | Trigger::Unavailable);
        timed && (self.when_full || self.chance.is_some_and(|chance| chance.trillionths() > 0))
    }

    /// What happens to the case, in words: ``tried again 4 h later, at most 3×, then on to `nurture` ``.
    pub fn answer(&self) -> String {
        let done = self.response.as_ref().and_then(Response::words);
        match (self.care(), done, &self.then) {
            (Care::Stops, ..) if !self.interrupts() => {
                "nobody answers: nobody ever acts, and the case stops".to_owned()
            }
            (Care::Stops, ..) => "nobody answers: the case stops".to_owned(),
            (Care::Ignored, ..) => "nobody answers: the work goes on as if nothing had happened".to_owned(),
            (_, Some(done), Some(then)) => format!("{done}, then on to `{then}`"),
            (_, Some(done), None) if matches!(self.response, Some(Response::Retry { .. })) => {
                format!("{done}, then the case stops")
            }
            (_, Some(done), None) => done,
            (_, None, Some(then)) if self.interrupts() => format!("goes on to `{then}`"),
            (_, None, Some(then)) => format!("`{then}` begins beside it"),
            (_, None, None) => "goes on".to_owned(),
        }
    }
}

impl Response {
    /// What it does, in words; `None` for one that only leads to the next step.
    pub fn words(&self) -> Option<String> {
        Some(match self {
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
            Response::Fail => return None,
        })
    }
}
