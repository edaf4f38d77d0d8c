//! Reads what is left as it is.

use crate::definition::Waiver;
use crate::yaml::decode::{Value, text};

use super::names;

/// One that cannot be read keeps its place, so that the others are found at theirs.
pub(super) fn waivers(value: Value<'_>) -> Option<Vec<Waiver>> {
    value.list("a list of waivers, as in `- { code: stuck, reason: … }`", |value| {
        Some(waiver(value).unwrap_or_default())
    })
}

fn waiver(value: Value<'_>) -> Option<Waiver> {
    let mut fields = value.fields("a waiver")?;
    let code = fields.required("code", text);
    let of = fields.optional("of", names).unwrap_or_default();
    let reason = fields.required("reason", text);
    fields.finish();
    Some(Waiver { code: code?, of, reason: reason? })
}
