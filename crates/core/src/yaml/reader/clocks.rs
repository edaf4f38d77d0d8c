//! Reads clocks, and how far one has run.

use indexmap::IndexMap;

use super::names;
use super::quantity::{chance, span};
use crate::definition::{Clock, Mark, Recurrence, Span};
use crate::yaml::decode::{NAME, Value, text, word};

const RECURRENCES: &[(&str, Recurrence)] =
    &[("none", Recurrence::None), ("sequential", Recurrence::Sequential), ("independent", Recurrence::Independent)];

pub(super) fn clocks(value: Value<'_>) -> Option<IndexMap<String, Clock>> {
    value.declarations("clocks by name", NAME, |_, value| Some(clock(value).unwrap_or_else(unreadable)))
}

/// Stands for a clock that cannot be read, so that whoever names it is not reported.
fn unreadable() -> Clock {
    Clock::of(Span::hours(1))
}

fn clock(value: Value<'_>) -> Option<Clock> {
    let mut fields = value.fields("a clock")?;
    let from = fields.optional("from", one_or_more).unwrap_or_default();
    let until = fields.optional("until", one_or_more).unwrap_or_default();
    let within = fields.required("within", span);
    let calendar = fields.optional("calendar", text);
    let pause_in = fields.optional("pause-in", one_or_more).unwrap_or_default();
    let warn = fields.optional("warn", mark);
    let recurs = fields.optional("recurs", |value| word(value, RECURRENCES)).unwrap_or_default();
    fields.finish();
    Some(Clock { from, until, within: within?, calendar, pause_in, warn, recurs })
}

/// The name of a step, or a list of them.
fn one_or_more(value: Value<'_>) -> Option<Vec<String>> {
    if value.scalar().is_some() { text(value).map(|one| vec![one]) } else { names(value) }
}

/// A share as `75%`, or a length of time.
pub(super) fn mark(value: Value<'_>) -> Option<Mark> {
    match value.scalar() {
        Some((text, _)) if text.trim_end().ends_with('%') => chance(value).map(Mark::Share),
        Some(_) => span(value).map(Mark::After),
        None => value.expected_with("a share of the clock such as `75%` or a length of time such as `6 bh`", None),
    }
}
