//! Reads the data fields of a case.

use indexmap::IndexMap;

use crate::definition::{Field, Literal, Type};
use crate::diagnostic::Code;
use crate::yaml::decode::{FIELD_NAME, Value, boolean, formula, text, word};

use super::names;

const TYPES: &[(&str, Type)] = &[
    ("text", Type::Text),
    ("boolean", Type::Boolean),
    ("integer", Type::Integer),
    ("decimal", Type::Decimal),
    ("choice", Type::Choice),
];

pub(super) fn fields(value: Value<'_>) -> Option<IndexMap<String, Field>> {
    value.declarations("data fields by name", FIELD_NAME, |_, value| {
        Some(field(value).unwrap_or_else(|| Field::of(Type::Text)))
    })
}

fn field(value: Value<'_>) -> Option<Field> {
    let mut fields = value.fields("a data field")?;
    let kind = fields.required("type", |value| word(value, TYPES));
    let of = match kind {
        Some(Type::Choice) => fields.required("of", values),
        Some(other) => {
            fields.misplaced(
                "of",
                Code::UnknownKey,
                &format!("`of` has no meaning for the type `{other}`"),
                "write `type: choice`",
            );
            None
        }
        None => fields.optional("of", values),
    };
    let field = Field {
        kind: kind.unwrap_or(Type::Text),
        of: of.unwrap_or_default(),
        required: fields.optional("required", boolean).unwrap_or_default(),
        initial: fields.optional("initial", formula).map(Literal),
        owner: fields.optional("owner", text),
    };
    fields.finish();
    Some(field)
}

fn values(value: Value<'_>) -> Option<Vec<String>> {
    let values = names(value)?;
    if values.is_empty() { value.expected("at least one value") } else { Some(values) }
}
