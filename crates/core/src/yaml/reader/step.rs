//! Reads steps: what each is, where it leads, and which keys it may have.

mod kind;

use indexmap::IndexMap;

use crate::definition::{Again, Batch, Kind, Outcome, OutcomeChance, Step, ValueClass};
use crate::diagnostic::{Code, nearest};
use crate::yaml::decode::{Fields, NAME, Value, span, text, whole, word};

use super::effort::effort;
use super::quantity::chance;
use super::waivers::waivers;
use super::{cracks, expression, names, sets, way};
use kind::KINDS;

const VALUES: &[(&str, ValueClass)] =
    &[("adds-value", ValueClass::AddsValue), ("needed", ValueClass::Needed), ("waste", ValueClass::Waste)];

/// Keys of what a step is, and how they are written.
const INNER: [(&str, &str); 7] = [
    ("role", "human: { role: sdr }"),
    ("allocate", "human: { role: sdr, allocate: least-busy }"),
    ("takes", "human: { role: sdr, takes: 6 min }"),
    ("needs", "human: { role: sdr, needs: [german] }"),
    ("set-up", "human: { role: sdr, set-up: 10 min }"),
    ("take-over", "human: { role: sdr, take-over: 5 min }"),
    ("handler", "service: { handler: score }"),
];

/// The keys that any step may have.
const ATTRIBUTES: [&str; 18] = [
    "name",
    "value",
    "why",
    "effort",
    "reads",
    "writes",
    "sets",
    "batch",
    "next",
    "outcomes",
    "cracks",
    "same-as",
    "lock",
    "only-while",
    "undo",
    "allow",
    "while",
    "until",
];

pub(super) fn steps(value: Value<'_>) -> Option<IndexMap<String, Step>> {
    let steps = value.declarations("steps by name", NAME, |_, value| Some(step(value).unwrap_or_else(Step::end)))?;
    if steps.is_empty() {
        return value.refuse(value.problem(Code::MissingKey, "a process needs at least one step"));
    }
    Some(steps)
}

fn step(value: Value<'_>) -> Option<Step> {
    if value.scalar().is_some() {
        let help = "write what it is inside braces, as in `{ human: clerk, next: done }` or `{ end: {} }`";
        return value.expected_with("a step as a mapping", Some(help));
    }
    let mut fields = value.fields("a step")?;
    let kind = kind(&mut fields);
    refuse_inner(&mut fields);
    if let Some(kind) = &kind {
        refuse_misplaced(&mut fields, kind);
    }
    let assigned = fields.optional("assign", sets);
    let step = Step {
        name: fields.optional("name", text),
        value: fields.optional("value", |value| word(value, VALUES)),
        why: fields.optional("why", text),
        effort: fields.optional("effort", effort).unwrap_or_default(),
        reads: fields.optional("reads", names).unwrap_or_default(),
        writes: fields.optional("writes", names).unwrap_or_default(),
        sets: fields.optional("sets", sets).or(assigned).unwrap_or_default(),
        batch: fields.optional("batch", batch),
        next: fields.optional("next", way),
        outcomes: fields.optional("outcomes", outcomes).unwrap_or_default(),
        cracks: fields.optional("cracks", cracks).unwrap_or_default(),
        same_as: fields.optional("same-as", text),
        lock: fields.optional("lock", text),
        only_while: fields.optional("only-while", text),
        undo: fields.optional("undo", text),
        allow: fields.optional("allow", waivers).unwrap_or_default(),
        again: again(&mut fields),
        ..Step::of(kind.unwrap_or(Kind::End { terminate: false, hand_over: None }))
    };
    fields.finish();
    Some(step)
}

/// `batch: { of: 10, within: 1 d }`.
fn batch(value: Value<'_>) -> Option<Batch> {
    let mut fields = value.fields("a batch")?;
    let (of, within) = (fields.required("of", whole), fields.required("within", span));
    fields.finish();
    Some(Batch { of: of?, within: within? })
}

/// `while: guard` or `until: guard`.
fn again(fields: &mut Fields<'_>) -> Option<Again> {
    if fields.has("while") {
        fields.contradicts(
            "until",
            "while",
            Code::UnknownKey,
            "a step has either `while` or `until`",
            "keep one of them",
        );
    }
    let during = fields.optional("while", expression).map(Again::While);
    fields.optional("until", expression).map(Again::Until).or(during)
}

/// Exactly one key says what the step is. Where several do, all are read for their problems and the first counts.
fn kind(fields: &mut Fields<'_>) -> Option<Kind> {
    let keys = KINDS.map(|(key, _)| key);
    let help = format!("a step has exactly one of `{}`", keys.join("`, `"));
    fields.alike(&ATTRIBUTES);
    // A key that means nothing and is no attribute misspelt was meant to say what the step is.
    let meant = |key: &str| INNER.iter().any(|(inner, _)| *inner == key) || nearest(key, ATTRIBUTES).is_none();
    let misspelt = fields.misspelt(&keys) || fields.strange().filter(|key| !keys.contains(key)).take(64).any(meant);
    let found: Vec<&str> = keys.into_iter().filter(|key| fields.has(key)).collect();
    let mut kinds: Vec<_> = KINDS.map(|(key, read)| fields.optional(key, read)).into_iter().flatten().collect();
    let message = match found.as_slice() {
        [_] => return kinds.pop(),
        [] if misspelt => return None,
        [] => "nothing says what this step is".to_owned(),
        several => format!("this step is several things at once: `{}`", several.join("`, `")),
    };
    fields.value().refuse::<()>(fields.value().problem(Code::StepKind, message).help(help));
    (!kinds.is_empty()).then(|| kinds.swap_remove(0))
}

/// Reports keys that stand one level too high.
fn refuse_inner(fields: &mut Fields<'_>) {
    for (inner, form) in INNER {
        let message = format!("`{inner}` does not stand beside what the step is, but inside it");
        fields.misplaced(inner, Code::UnknownKey, &message, &format!("write `{form}` or the like"));
    }
}

/// Reports keys that other kinds of step have and this one has not.
fn refuse_misplaced(fields: &mut Fields<'_>, kind: &Kind) {
    let key = kind.key();
    let answered = matches!(kind, Kind::Human { .. } | Kind::Service { .. } | Kind::Wait { .. } | Kind::Call(_));
    if !answered {
        let message = format!("`outcomes` has no meaning for this kind of step (`{key}`)");
        fields.misplaced(
            "outcomes",
            Code::UnknownKey,
            &message,
            "`human`, `service`, `call` and `wait: { for: … }` have outcomes",
        );
    }
    match kind {
        Kind::Assign => {
            fields.misplaced("sets", Code::UnknownKey, "an `assign` step has no `sets`", "set the field under `assign`")
        }
        Kind::Choose(_) | Kind::Some(_) => {
            fields.misplaced("sets", Code::UnknownKey, "a choice has no `sets` of its own", "put it on the branches");
            let help = "each branch names the step it leads to";
            fields.contradicts("next", key, Code::TooManySuccessors, "a choice has no `next`", help);
        }
        Kind::Fork(_) | Kind::Race(_) => {
            let help = "its list names the steps it leads to";
            let message = format!("a `{key}` has no `next`");
            fields.contradicts("next", key, Code::TooManySuccessors, &message, help);
        }
        Kind::End { .. } => fields.misplaced("next", Code::UnknownKey, "nothing comes after an `end`", "remove `next`"),
        _ if answered && fields.has("outcomes") => {
            let help = "keep `outcomes` where the answer matters, and `next` where it does not";
            fields.contradicts(
                "next",
                "outcomes",
                Code::TooManySuccessors,
                "a step has either `next` or `outcomes`",
                help,
            );
        }
        _ => {}
    }
}

fn outcomes(value: Value<'_>) -> Option<IndexMap<String, Outcome>> {
    value.declarations("outcomes by name", NAME, |_, value| outcome(value))
}

/// `reached: step` or `reached: { to: step, chance: 18% }`.
fn outcome(value: Value<'_>) -> Option<Outcome> {
    if !value.is_mapping() {
        return way(value).map(|to| Outcome { to, chance: None, sets: IndexMap::new() });
    }
    let mut fields = value.fields("an outcome")?;
    let help = "remove `when`; for a condition on the data let the outcome lead to a `choose` step";
    let message = "an outcome has no `when`: whoever does the work says how it ended";
    fields.misplaced("when", Code::ChanceOnGuard, message, help);
    let to = fields.required("to", way);
    let chance = fields.optional("chance", outcome_chance);
    let sets = fields.optional("sets", sets).unwrap_or_default();
    fields.finish();
    Some(Outcome { to: to?, chance, sets })
}

fn outcome_chance(value: Value<'_>) -> Option<OutcomeChance> {
    match value.scalar() {
        Some(("rest", _)) => Some(OutcomeChance::Rest),
        Some((text, _)) if nearest(text, ["rest"]).is_some() => {
            value.expected_with("a share such as `18%`, or `rest`", Some("did you mean `rest`?"))
        }
        _ => chance(value).map(OutcomeChance::Share),
    }
}
