//! Reads the data fields of a case.

use indexmap::IndexMap;

use crate::definition::{Field, Literal, Scalar, Type};
use crate::diagnostic::Code;
use crate::value::list;
use crate::yaml::decode::{FIELD_NAME, Value, boolean, formula, text, word};

use super::names;

const TYPES: &[(&str, Type)] = &[
    ("text", Type::Text),
    ("boolean", Type::Boolean),
    ("integer", Type::Integer),
    ("decimal", Type::Decimal),
    ("choice", Type::Choice),
    ("date", Type::Date),
    ("duration", Type::Duration),
    // What it is a list of, `of` says.
    ("list", Type::List(Scalar::Text)),
];

const ELEMENTS: &[(&str, Scalar)] = &[
    ("text", Scalar::Text),
    ("boolean", Scalar::Boolean),
    ("integer", Scalar::Integer),
    ("decimal", Scalar::Decimal),
    ("date", Scalar::Date),
    ("duration", Scalar::Duration),
];

pub(super) fn fields(value: Value<'_>) -> Option<IndexMap<String, Field>> {
    value.declarations("data fields by name", FIELD_NAME, |_, value| {
        Some(field(value).unwrap_or_else(|| Field::of(Type::Text)))
    })
}

fn field(value: Value<'_>) -> Option<Field> {
    let mut fields = value.fields("a data field")?;
    let mut kind = fields.required("type", |value| word(value, TYPES));
    let of = match kind {
        Some(Type::Choice) => fields.required("of", values),
        Some(Type::List(_)) => {
            let (of, choices) = fields.required("of", elements).unwrap_or((Scalar::Text, Vec::new()));
            kind = Some(Type::List(of));
            Some(choices)
        }
        Some(other) => {
            fields.misplaced(
                "of",
                Code::UnknownKey,
                &format!("`of` has no meaning for the type `{other}`"),
                "write `type: choice`, or `type: list`",
            );
            None
        }
        None => fields.optional("of", values),
    };
    if let Some(kind) = kind.filter(|kind| !kind.has_bounds()) {
        for key in ["at-least", "at-most"] {
            let message = format!("`{key}` has no meaning for the type `{kind}`");
            fields.misplaced(
                key,
                Code::UnknownKey,
                &message,
                "only an integer, a decimal, a date or a duration has bounds",
            );
        }
    }
    let field = Field {
        kind: kind.unwrap_or(Type::Text),
        of: of.unwrap_or_default(),
        at_least: fields.optional("at-least", formula).map(Literal),
        at_most: fields.optional("at-most", formula).map(Literal),
        required: fields.optional("required", boolean).unwrap_or_default(),
        initial: fields.optional("initial", |value| initial(value, kind)).map(Literal),
        owner: fields.optional("owner", text),
    };
    fields.finish();
    Some(field)
}

/// What a list holds: the name of a type, or the values of a choice.
fn elements(value: Value<'_>) -> Option<(Scalar, Vec<String>)> {
    match value.scalar() {
        Some(_) => Some((word(value, ELEMENTS)?, Vec::new())),
        None => Some((Scalar::Choice, values(value)?)),
    }
}

/// A list may stand as a list of the file or as the text of one.
fn initial(value: Value<'_>, kind: Option<Type>) -> Option<String> {
    match kind {
        Some(Type::List(of)) if value.scalar().is_none() => {
            value.list("the values of a list", formula).map(|elements| list::literal(of, &elements))
        }
        _ => formula(value),
    }
}

fn values(value: Value<'_>) -> Option<Vec<String>> {
    let values = names(value)?;
    if values.is_empty() { value.expected("at least one value") } else { Some(values) }
}
