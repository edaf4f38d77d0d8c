//! Reads who gets a work item, and the rules on who may do it.

use crate::definition::{Allocation, Rule};
use crate::yaml::decode::{Value, text, word};

use super::names;

const WORDS: &[(&str, &Allocation)] = &[
    ("offer", &Allocation::Offer),
    ("least-busy", &Allocation::LeastBusy),
    ("round-robin", &Allocation::RoundRobin),
    ("most-specialised", &Allocation::MostSpecialised),
];

/// A word, or `{ same-person-as: step }`.
pub(super) fn allocation(value: Value<'_>) -> Option<Allocation> {
    if value.is_mapping() {
        let mut fields = value.fields("`allocate`")?;
        let step = fields.required("same-person-as", text);
        fields.finish();
        return step.map(Allocation::SamePersonAs);
    }
    match value.scalar() {
        Some(("same-person-as", _)) => {
            value.expected_with("the step whose person is meant", Some("write `{ same-person-as: step }`"))
        }
        _ => word(value, WORDS).cloned(),
    }
}

/// A rule that cannot be read keeps its place, so that the others are found at theirs.
pub(super) fn rules(value: Value<'_>) -> Option<Vec<Rule>> {
    let unreadable = || Rule::FourEyes(Vec::new());
    value.list("a list of rules, as in `- { four-eyes: [step, step] }`", |value| {
        Some(rule(value).unwrap_or_else(unreadable))
    })
}

fn rule(value: Value<'_>) -> Option<Rule> {
    let mut fields = value.fields("a rule")?;
    let steps = fields.required("four-eyes", names);
    fields.finish();
    steps.map(Rule::FourEyes)
}
