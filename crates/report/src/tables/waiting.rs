//! What cases wait for: by step, by role, at hand-offs and because of cracks.

use grieta_simulator::{Cause, Portion, Results, Source, WaitingResult};

use super::Column::{Name, Right, Text};
use super::table;
use crate::words::{dash, share, time};

/// So many rows of each are shown.
const MOST_CAUSES: usize = 12;

/// What cases wait for, by step and cause, the most first; an average case, and the share of all waiting.
pub fn waiting(results: &Results) -> String {
    let columns =
        [("step", Name), ("role", Name), ("why", Text), ("a case", Right), ("of all", Right), ("so far", Right)];
    let row = |row: &WaitingResult| {
        vec![
            row.step.clone(),
            row.role.clone().unwrap_or_else(dash),
            why(row.cause).to_owned(),
            time(row.per_case_s),
            share(row.share),
            share(row.cumulative_share),
        ]
    };
    table(&columns, results.waiting.iter().take(MOST_CAUSES).map(row).collect())
}

/// The cause of waiting in words.
pub(crate) fn why(cause: Cause) -> &'static str {
    match cause {
        Cause::Contention => "they are busy",
        Cause::Prioritisation => "other work goes first",
        Cause::Batching => "more are to come",
        Cause::Unavailability => "nobody is there",
        Cause::Silence => "nobody acts",
        Cause::External => "an answer is to come",
        Cause::Timer => "time is to pass",
    }
}

/// The waiting for people by role, the most first.
pub fn by_role(results: &Results) -> String {
    portions("role", &results.waiting_by.role)
}

/// The waiting for people by hand-off, the most first.
pub fn by_hand_off(results: &Results) -> String {
    portions("hand-off", &results.waiting_by.hand_off)
}

/// The waiting that comes from cracks, the most first.
pub fn by_crack(results: &Results) -> String {
    portions("crack", &results.waiting_by.crack)
}

fn portions(what: &str, portions: &[Portion]) -> String {
    let columns = [(what, Name), ("why", Text), ("a case", Right), ("of these", Right), ("so far", Right)];
    let row = |portion: &Portion| {
        let of = match &portion.of {
            Source::Role { role } => role.clone(),
            Source::HandOff { from: Some(from), to: Some(to) } => format!("{from} → {to}"),
            Source::HandOff { .. } => "(no hand-off)".to_owned(),
            Source::Crack { crack, step } => format!("{crack} at {step}"),
        };
        let why = match (&portion.of, portion.cause) {
            (Source::Crack { .. }, Cause::Timer) => "it is tried again later",
            (_, cause) => why(cause),
        };
        let (so_far, of_these) = (share(portion.cumulative_share), share(portion.share));
        vec![of, why.to_owned(), time(portion.per_case_s), of_these, so_far]
    };
    table(&columns, portions.iter().take(MOST_CAUSES).map(row).collect())
}
