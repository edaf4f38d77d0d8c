//! Reads decision tables.

use indexmap::IndexMap;

use super::{expression, names};
use crate::definition::{Decision, Hit, Literal, Row};
use crate::diagnostic::Code;
use crate::yaml::decode::{NAME, Value, formula, text, word_meaning};

const HITS: &[(&str, Hit)] =
    &[("unique", Hit::Unique), ("first", Hit::First), ("any", Hit::Any), ("collect", Hit::Collect), ("sum", Hit::Sum)];

const MEANINGS: &str = "`unique`: only one rule may match; `first`: the first that matches counts; `any`: all that match agree; \
                        `collect`: a list of all; `sum`: their sum";

pub(super) fn decisions(value: Value<'_>) -> Option<IndexMap<String, Decision>> {
    value.declarations("decisions by name", NAME, |_, value| Some(decision(value)))
}

/// What cannot be read is left out, and the decision keeps its name, so that nothing else is reported of it.
fn decision(value: Value<'_>) -> Decision {
    let nothing = Decision { inputs: vec![], outputs: vec![], hit: Hit::default(), rules: vec![] };
    let Some(mut fields) = value.fields("a decision") else { return nothing };
    let inputs = fields.required("inputs", |value| one_or_more(value, expression));
    let outputs = fields.required("outputs", |value| match value.scalar() {
        Some(_) => text(value).map(|one| vec![one]),
        None => names(value),
    });
    let hit = fields.optional("hit", |value| word_meaning(value, HITS, MEANINGS)).unwrap_or_default();
    let rules = fields.required("rules", |value| {
        value.list("a list of rules, as in `- { when: [\">= 50\"], then: hot }`", |value| {
            Some(row(value).unwrap_or_else(unreadable))
        })
    });
    fields.finish();
    let (inputs, outputs) = (inputs.unwrap_or_default(), outputs.unwrap_or_default());
    Decision { inputs, outputs, hit, rules: rules.unwrap_or_default() }
}

/// Keeps the place of a rule that cannot be read, so that the others are found at theirs.
fn unreadable() -> Row {
    Row { when: Some(vec![]), then: vec![] }
}

/// `{ when: [">= 50", gold], then: hot }` or `{ otherwise: cold }`.
fn row(value: Value<'_>) -> Option<Row> {
    let literals = |value: Value<'_>| one_or_more(value, |value| formula(value).map(Literal));
    let mut fields = value.fields("a rule of the table")?;
    if fields.has("otherwise") {
        for key in ["when", "then"] {
            let help = "write `{ otherwise: cold }`, or `{ when: …, then: … }` for a rule with tests";
            fields.contradicts(key, "otherwise", Code::UnknownKey, "the values follow `otherwise` directly", help);
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
