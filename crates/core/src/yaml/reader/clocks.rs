//! Reads clocks, and how far one has run.

use indexmap::IndexMap;

use super::names;
use super::quantity::{chance, span};
use crate::definition::{Clock, Mark, Recurrence, Span};
use crate::diagnostic::Code;
use crate::yaml::decode::{NAME, Value, text, word_meaning};

const RECURRENCES: &[(&str, Recurrence)] =
    &[("none", Recurrence::None), ("sequential", Recurrence::Sequential), ("independent", Recurrence::Independent)];

const MEANINGS: &str = "`none`: it goes on with the time it had used; `sequential`: it starts anew where it had stopped; \
                        `independent`: it starts anew beside those that run";

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
    let warn = fields.optional("warn", |value| mark(value, within));
    let recurs = fields.optional("recurs", |value| word_meaning(value, RECURRENCES, MEANINGS)).unwrap_or_default();
    fields.finish();
    Some(Clock { from, until, within: within?, calendar, pause_in, warn, recurs })
}

/// The name of a step, or a list of them.
fn one_or_more(value: Value<'_>) -> Option<Vec<String>> {
    if value.scalar().is_some() { text(value).map(|one| vec![one]) } else { names(value) }
}

/// A share as `75%`, or a length of time, of a clock that runs for so long if that is known.
pub(super) fn mark(value: Value<'_>, within: Option<Span>) -> Option<Mark> {
    let Some((text, _)) = value.scalar() else {
        return value.expected("a share of the clock such as `75%` or a length of time such as `6 bh`");
    };
    if let Some(before) = before_the_end(text) {
        let message =
            format!("a mark counts from the start of the clock, not back from its end, found `{}`", text.trim());
        let left = |within: Span| within.amount.checked_sub(before.amount).filter(|left| *left > 0);
        let mark = within.filter(|within| within.unit == before.unit).and_then(|within| {
            Some(format!(
                "write `{}`, `{before}` before the end of `{within}`",
                Span { amount: left(within)?, ..within }
            ))
        });
        let help =
            mark.unwrap_or_else(|| "write how long the clock has run by then, or a share such as `75%`".to_owned());
        return value.refuse(value.problem(Code::InvalidDuration, message).help(help));
    }
    if text.trim_end().ends_with('%') { chance(value).map(Mark::Share) } else { span(value).map(Mark::After) }
}

/// How long before the end of a clock a text says, as `1 bh before` does.
fn before_the_end(text: &str) -> Option<Span> {
    let text = text.trim();
    let said = ["before", "left", "remaining", "to go"].into_iter().filter_map(|word| Some(text.split_once(word)?.0));
    let span = said.chain(text.strip_prefix('-')).next()?;
    span.parse().ok()
}
