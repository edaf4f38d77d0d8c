//! Reads what work costs people besides its time.

use crate::definition::Effort;
use crate::yaml::decode::{Value, text, whole};

pub(super) fn effort(value: Value<'_>) -> Option<Effort> {
    let mut fields = value.fields("an effort")?;
    let mut points = |key| fields.optional(key, whole).unwrap_or_default();
    let effort = Effort {
        floors: points("floors"),
        interruption: points("interruption"),
        media_break: points("media-break"),
        after_hours: points("after-hours"),
        accepted: fields.optional("accepted", text),
    };
    fields.finish();
    Some(effort)
}
