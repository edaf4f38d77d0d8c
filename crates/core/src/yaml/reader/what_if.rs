//! Reads changes of a process, those of a definition and those of a file of their own.

use indexmap::IndexMap;

use super::simulation::{all_away, peaks};
use crate::definition::{CrackChange, Each, Factor, WhatIf};
use crate::diagnostic::Code;
use crate::yaml::decode::{NAME, Value, parsed, span, whole};

/// A file that holds nothing but changes.
pub(super) fn overlay(value: Value<'_>) -> Option<IndexMap<String, WhatIf>> {
    let mut fields = value.fields("an overlay")?;
    let what_ifs = fields.required("what-if", what_ifs);
    fields.finish();
    what_ifs
}

pub(super) fn what_ifs(value: Value<'_>) -> Option<IndexMap<String, WhatIf>> {
    value.declarations("changes by name", NAME, |_, value| what_if(value))
}

fn what_if(value: Value<'_>) -> Option<WhatIf> {
    let mut fields = value.fields("a change")?;
    let people = |value: Value<'_>| value.map("people by role, as in `{ clerk: 3 }`", |_, value| whole(value));
    let longer =
        |value: Value<'_>| value.map("how much longer by role, as in `{ clerk: 1 h }`", |_, value| span(value));
    let change = WhatIf {
        arrivals: fields.optional("arrivals", factor),
        peaks: fields.optional("peaks", peaks).unwrap_or_default(),
        people: fields.optional("people", people).unwrap_or_default(),
        open_longer: fields.optional("open-longer", longer).unwrap_or_default(),
        away: fields.optional("away", all_away).unwrap_or_default(),
        absences: fields.optional("absences", |value| each(value, factor)).unwrap_or_default(),
        takes: fields.optional("takes", |value| each(value, factor)).unwrap_or_default(),
        cracks: fields.optional("cracks", |value| each(value, crack)).unwrap_or_default(),
    };
    fields.finish();
    Some(change)
}

/// One for all, or by name.
fn each<T>(value: Value<'_>, read: fn(Value<'_>) -> Option<T>) -> Option<Each<T>> {
    match value.is_mapping() {
        true => value.map("changes by name", |_, value| read(value)).map(Each::Of),
        false => read(value).map(Each::All),
    }
}

pub(super) fn factor(value: Value<'_>) -> Option<Factor> {
    parsed(value, "a share of what it is, such as `150%`", Code::InvalidChance, Factor::meant)
}

fn crack(value: Value<'_>) -> Option<CrackChange> {
    parsed(
        value,
        "`never`, `unanswered` or a share of what it is, such as `150%`",
        Code::InvalidChance,
        CrackChange::meant,
    )
}
