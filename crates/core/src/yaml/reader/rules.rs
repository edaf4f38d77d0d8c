//! Reads who gets a work item, and the rules that every case keeps.

use crate::definition::{Allocation, Order, Rule, Template};
use crate::diagnostic::Code;
use crate::yaml::decode::{Value, text, whole, word};

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
    value.list("a list of rules, as in `- { precedence: [approve, pay] }`", |value| {
        Some(rule(value).unwrap_or_else(unreadable))
    })
}

/// Exactly one key says what the rule demands.
pub(super) fn rule(value: Value<'_>) -> Option<Rule> {
    let mut fields = value.fields("a rule")?;
    let keys: Vec<&str> = std::iter::once("four-eyes").chain(Template::ALL.map(Template::key)).collect();
    let misspelt = fields.misspelt(&keys);
    let found: Vec<&str> = keys.iter().copied().filter(|key| fields.has(key)).collect();
    let times = fields.optional("times", whole);
    let mut rules: Vec<Rule> = fields.optional("four-eyes", names).map(Rule::FourEyes).into_iter().collect();
    rules.extend(Template::ALL.into_iter().filter_map(|template| {
        let steps = match template.arity() {
            1 => fields.optional(template.key(), text).map(|step| vec![step]),
            _ => fields.optional(template.key(), names),
        };
        Some(Rule::Order(Order { template, steps: steps?, times: times.unwrap_or(1) }))
    }));
    let message = match found.as_slice() {
        [_] => None,
        [] => Some("nothing says what this rule demands".to_owned()).filter(|_| !misspelt),
        several => Some(format!("this rule is several at once: `{}`", several.join("`, `"))),
    };
    if let Some(message) = message {
        let help = format!("a rule has exactly one of `{}`", keys.join("`, `"));
        fields.value().refuse::<()>(fields.value().problem(Code::InvalidRule, message).help(help));
    }
    if let (Some(_), [Rule::FourEyes(_)]) = (times, rules.as_slice()) {
        fields.misplaced("times", Code::InvalidRule, "`four-eyes` does not count", "leave `times` out");
    }
    fields.finish();
    rules.into_iter().next()
}
