//! Reads steps: what each is, where it leads, and which keys it may have.

use indexmap::IndexMap;

use crate::definition::{Branch, Kind, Outcome, OutcomeChance, Step, ValueClass};
use crate::diagnostic::Code;
use crate::yaml::decode::{Fields, NAME, Value, boolean, text, word};

use super::quantity::{chance, span, time};
use super::{crack, expression, names, sets};

/// The keys that say what a step is, and how each is read.
const KINDS: [(&str, ReadKind); 8] = [
    ("human", human),
    ("service", service),
    ("assign", |_| Some(Kind::Assign)),
    ("choose", choose),
    ("fork", |value| names(value).map(Kind::Fork)),
    ("join", join),
    ("wait", wait),
    ("end", end),
];

type ReadKind = fn(Value<'_>) -> Option<Kind>;

const VALUES: &[(&str, ValueClass)] =
    &[("adds-value", ValueClass::AddsValue), ("needed", ValueClass::Needed), ("waste", ValueClass::Waste)];

pub(super) fn steps(value: Value<'_>) -> Option<IndexMap<String, Step>> {
    let steps = value.declarations("steps by name", NAME, |_, value| Some(step(value).unwrap_or_else(Step::end)))?;
    if steps.is_empty() {
        return value.refuse(value.problem(Code::MissingKey, "a process needs at least one step"));
    }
    Some(steps)
}

fn step(value: Value<'_>) -> Option<Step> {
    let mut fields = value.fields("a step")?;
    let kind = kind(&mut fields);
    if let Some(kind) = &kind {
        refuse_misplaced(&mut fields, kind);
    }
    let assigned = fields.optional("assign", sets);
    let step = Step {
        name: fields.optional("name", text),
        value: fields.optional("value", |value| word(value, VALUES)),
        why: fields.optional("why", text),
        reads: fields.optional("reads", names).unwrap_or_default(),
        writes: fields.optional("writes", names).unwrap_or_default(),
        sets: fields.optional("sets", sets).or(assigned).unwrap_or_default(),
        next: fields.optional("next", text),
        outcomes: fields.optional("outcomes", outcomes).unwrap_or_default(),
        cracks: fields
            .optional("cracks", |value| value.declarations("cracks by name", NAME, |_, value| crack::crack(value)))
            .unwrap_or_default(),
        same_as: fields.optional("same-as", text),
        ..Step::of(kind.unwrap_or(Kind::End { terminate: false }))
    };
    fields.finish();
    Some(step)
}

/// Exactly one key says what the step is. Where several do, all are read for their problems and the first counts.
fn kind(fields: &mut Fields<'_>) -> Option<Kind> {
    const HELP: &str =
        "a step has exactly one of `human`, `service`, `assign`, `choose`, `fork`, `join`, `wait` and `end`";
    let keys = KINDS.map(|(key, _)| key);
    let misspelt = fields.misspelt(&keys);
    let found: Vec<&str> = keys.into_iter().filter(|key| fields.has(key)).collect();
    let mut kinds: Vec<_> = KINDS.map(|(key, read)| fields.optional(key, read)).into_iter().flatten().collect();
    let message = match found.as_slice() {
        [_] => return kinds.pop(),
        [] if misspelt => return None,
        [] => "nothing says what this step is".to_owned(),
        several => format!("this step is several things at once: `{}`", several.join("`, `")),
    };
    fields.value().refuse::<()>(fields.value().problem(Code::StepKind, message).help(HELP));
    (!kinds.is_empty()).then(|| kinds.swap_remove(0))
}

/// Reports keys that other kinds of step have and this one has not.
fn refuse_misplaced(fields: &mut Fields<'_>, kind: &Kind) {
    let key = kind.key();
    let answered = matches!(kind, Kind::Human { .. } | Kind::Service { .. } | Kind::Wait { .. });
    if !answered {
        let message = format!("`outcomes` has no meaning for this kind of step (`{key}`)");
        fields.misplaced(
            "outcomes",
            Code::UnknownKey,
            &message,
            "`human`, `service` and `wait: { for: … }` have outcomes",
        );
    }
    match kind {
        Kind::Assign => {
            fields.misplaced("sets", Code::UnknownKey, "an `assign` step has no `sets`", "set the field under `assign`")
        }
        Kind::Choose(_) => {
            fields.misplaced(
                "sets",
                Code::UnknownKey,
                "a `choose` step has no `sets` of its own",
                "put it on the branches",
            );
            let help = "each branch names the step it leads to";
            fields.misplaced("next", Code::TooManySuccessors, "a `choose` step has no `next`", help);
        }
        Kind::Fork(_) => {
            let help = "the list under `fork` names the steps it leads to";
            fields.misplaced("next", Code::TooManySuccessors, "a `fork` has no `next`", help);
        }
        Kind::End { .. } => fields.misplaced("next", Code::UnknownKey, "nothing comes after an `end`", "remove `next`"),
        _ if answered && fields.has("outcomes") => {
            let help = "keep `outcomes` where the answer matters, and `next` where it does not";
            fields.misplaced("next", Code::TooManySuccessors, "a step has either `next` or `outcomes`", help);
        }
        _ => {}
    }
}

/// `human: sdr` or `human: { role: sdr, takes: … }`.
fn human(value: Value<'_>) -> Option<Kind> {
    if !value.is_mapping() {
        return text(value).map(|role| Kind::Human { role, takes: None });
    }
    let mut fields = value.fields("`human`")?;
    let role = fields.required("role", text);
    let takes = fields.optional("takes", time);
    fields.finish();
    Some(Kind::Human { role: role?, takes })
}

fn service(value: Value<'_>) -> Option<Kind> {
    if let Some((handler, _)) = value.scalar() {
        let help = format!("write `service: {{ handler: {handler} }}`, or `service: {{}}`");
        return value.expected_with("`service` as a mapping", Some(&help));
    }
    let mut fields = value.fields("`service`")?;
    let kind = Kind::Service { handler: fields.optional("handler", text), takes: fields.optional("takes", time) };
    fields.finish();
    Some(kind)
}

fn choose(value: Value<'_>) -> Option<Kind> {
    value.list("a list of branches, as in `- { when: attempts >= 6, to: given-up }`", branch).map(Kind::Choose)
}

fn branch(value: Value<'_>) -> Option<Branch> {
    let mut fields = value.fields("a branch")?;
    let help = "data decide here; where the world decides, use `outcomes`";
    fields.misplaced("chance", Code::ChanceOnGuard, "a branch of `choose` has no chance", help);
    let (when, to) = if fields.has("otherwise") {
        fields.misplaced("when", Code::UnknownKey, "a branch has either `when` or `otherwise`", "");
        fields.misplaced("to", Code::UnknownKey, "`otherwise` itself names the step", "write `{ otherwise: step }`");
        (Some(None), fields.optional("otherwise", text))
    } else {
        (fields.required("when", expression).map(Some), fields.required("to", text))
    };
    fields.optional("otherwise", |_| None::<()>);
    let sets = fields.optional("sets", sets).unwrap_or_default();
    fields.finish();
    Some(Branch { when: when?, to: to?, sets })
}

fn join(value: Value<'_>) -> Option<Kind> {
    word(value, &[("all", ())]).map(|()| Kind::Join)
}

/// A length of time, or an outside party.
fn wait(value: Value<'_>) -> Option<Kind> {
    if !value.is_mapping() {
        return span(value).map(Kind::Pause);
    }
    let mut fields = value.fields("`wait`")?;
    let party = fields.required("for", text);
    let takes = fields.optional("takes", time);
    fields.finish();
    Some(Kind::Wait { party: party?, takes })
}

fn end(value: Value<'_>) -> Option<Kind> {
    if !value.is_mapping() {
        return value.expected_with("`{}` or `{ terminate: true }`", Some("write `end: {}`"));
    }
    let mut fields = value.fields("`end`")?;
    let terminate = fields.optional("terminate", boolean).unwrap_or_default();
    fields.finish();
    Some(Kind::End { terminate })
}

fn outcomes(value: Value<'_>) -> Option<IndexMap<String, Outcome>> {
    value.declarations("outcomes by name", NAME, |_, value| outcome(value))
}

/// `reached: step` or `reached: { to: step, chance: 18% }`.
fn outcome(value: Value<'_>) -> Option<Outcome> {
    if !value.is_mapping() {
        return text(value).map(|to| Outcome { to, chance: None, sets: IndexMap::new() });
    }
    let mut fields = value.fields("an outcome")?;
    let help = "the world decides here; where data decide, let the outcome lead to a `choose` step";
    fields.misplaced("when", Code::ChanceOnGuard, "an outcome has no guard", help);
    let to = fields.required("to", text);
    let chance = fields.optional("chance", outcome_chance);
    let sets = fields.optional("sets", sets).unwrap_or_default();
    fields.finish();
    Some(Outcome { to: to?, chance, sets })
}

fn outcome_chance(value: Value<'_>) -> Option<OutcomeChance> {
    match value.scalar() {
        Some(("rest", _)) => Some(OutcomeChance::Rest),
        _ => chance(value).map(OutcomeChance::Share),
    }
}
