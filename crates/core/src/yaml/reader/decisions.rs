//! Reads decision tables.

use indexmap::IndexMap;

use super::{expression, names};
use crate::definition::{Decision, Hit, Literal, Row};
use crate::diagnostic::Code;
use crate::yaml::decode::{NAME, Value, formula, text, word};

const HITS: &[(&str, Hit)] =
    &[("unique", Hit::Unique), ("first", Hit::First), ("any", Hit::Any), ("collect", Hit::Collect), ("sum", Hit::Sum)];

pub(super) fn decisions(value: Value<'_>) -> Option<IndexMap<String, Decision>> {
    value.declarations("decisions by name", NAME, |_, value| decision(value))
}

fn decision(value: Value<'_>) -> Option<Decision> {
    let mut fields = value.fields("a decision")?;
    let inputs = fields.required("inputs", |value| one_or_more(value, expression));
    let outputs = fields.required("outputs", |value| match value.scalar() {
        Some(_) => text(value).map(|one| vec![one]),
        None => names(value),
    });
    let hit = fields.optional("hit", |value| word(value, HITS)).unwrap_or_default();
    let rules = fields
        .required("rules", |value| value.list("a list of rules, as in `- { when: [\">= 50\"], then: hot }`", row));
    fields.finish();
    Some(Decision { inputs: inputs?, outputs: outputs?, hit, rules: rules? })
}

/// `{ when: [">= 50", gold], then: hot }` or `{ otherwise: cold }`.
fn row(value: Value<'_>) -> Option<Row> {
    let literals = |value: Value<'_>| one_or_more(value, |value| formula(value).map(Literal));
    let mut fields = value.fields("a rule")?;
    if fields.has("otherwise") {
        for key in ["when", "then"] {
            fields.misplaced(
                key,
                Code::UnknownKey,
                "`otherwise` itself gives the values",
                "write `{ otherwise: cold }`",
            );
        }
        let then = fields.optional("otherwise", literals);
        fields.finish();
        return Some(Row { when: None, then: then? });
    }
    fields.alike(&["when", "then"]);
    let when = fields.required("when", literals);
    let then = fields.required("then", literals);
    fields.finish();
    Some(Row { when: Some(when?), then: then? })
}

/// A list, or a single one without brackets.
fn one_or_more<T>(value: Value<'_>, mut read: impl FnMut(Value<'_>) -> Option<T>) -> Option<Vec<T>> {
    match value.scalar() {
        Some(_) => read(value).map(|one| vec![one]),
        None => value.list("a list", read),
    }
}
