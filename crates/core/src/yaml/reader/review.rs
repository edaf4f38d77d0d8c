//! Reads what those who do the work say: signatures and notes.

use crate::definition::{Note, SignOff};
use crate::yaml::decode::{Value, text};

/// One that cannot be read keeps its place, so that the others are found at theirs.
pub(super) fn sign_offs(value: Value<'_>) -> Option<Vec<SignOff>> {
    value.list("a list of sign-offs, as in `- { role: sdr, person: ana, date: 2026-11-20, hash: … }`", |value| {
        Some(sign_off(value).unwrap_or_default())
    })
}

/// One that cannot be read keeps its place as well.
pub(super) fn notes(value: Value<'_>) -> Option<Vec<Note>> {
    value.list("a list of notes, as in `- { step: call, by: ana, date: 2026-11-20, says: … }`", |value| {
        Some(note(value).unwrap_or_default())
    })
}

fn sign_off(value: Value<'_>) -> Option<SignOff> {
    let mut fields = value.fields("a sign-off")?;
    let [role, person, date, hash] = ["role", "person", "date", "hash"].map(|key| fields.required(key, text));
    fields.finish();
    Some(SignOff { role: role?, person: person?, date: date?, hash: hash? })
}

fn note(value: Value<'_>) -> Option<Note> {
    let mut fields = value.fields("a note")?;
    let [step, by] = ["step", "by"].map(|key| fields.required(key, text));
    let role = fields.optional("role", text);
    let [date, says] = ["date", "says"].map(|key| fields.required(key, text));
    let answer = fields.optional("answer", text);
    fields.finish();
    Some(Note { step: step?, by: by?, role, date: date?, says: says?, answer })
}
