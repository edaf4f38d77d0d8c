//! Reads cracks and their responses.

use crate::definition::{Crack, Recovery, Response, Trigger};
use crate::yaml::decode::{Value, boolean, text, whole, word};

use super::clocks::mark;
use super::expression;
use super::quantity::{chance, span};

const TRIGGERS: &[(&str, Trigger)] = &[
    ("failure", Trigger::Failure),
    ("deadline", Trigger::Deadline),
    ("unavailable", Trigger::Unavailable),
    ("external", Trigger::External),
    ("constraint", Trigger::Constraint),
];

type Make = fn() -> Response;

/// The responses that are a single word.
const WORDS: &[(&str, Make)] = &[
    ("fail", || Response::Fail),
    ("cancel-case", || Response::CancelCase),
    ("cancel-all", || Response::CancelAll),
    ("continue", || Response::Continue),
    ("restart", || Response::Restart),
    ("reoffer", || Response::Reoffer(None)),
    ("reallocate", || Response::Reallocate(None)),
];

/// Those that say more, by their keys.
const KEYS: [&str; 4] = ["retry", "reoffer", "reallocate", "skip"];

const RECOVERIES: &[(&str, Recovery)] =
    &[("nothing", Recovery::Nothing), ("roll-back", Recovery::RollBack), ("compensate", Recovery::Compensate)];

pub(super) fn crack(value: Value<'_>) -> Option<Crack> {
    let mut fields = value.fields("a crack")?;
    let on = fields.required("on", |value| word(value, TRIGGERS));
    let name = fields.optional("name", text);
    let chance = fields.optional("chance", chance);
    let after = fields.optional("after", span);
    let clock = fields.optional("clock", text);
    let at = fields.optional("at", mark);
    let when = fields.optional("when", expression);
    let response = fields.optional("do", response);
    let then = fields.optional("then", text);
    let interrupts = fields.optional("interrupts", boolean);
    let recover = fields.optional("recover", |value| word(value, RECOVERIES)).unwrap_or_default();
    fields.finish();
    Some(Crack { on: on?, name, chance, after, clock, at, when, response, then, interrupts, recover })
}

/// A word, or a mapping with exactly one of the keys.
fn response(value: Value<'_>) -> Option<Response> {
    const ALL: &str = "there are `retry`, `restart`, `reoffer`, `reallocate`, `skip`, `fail`, `cancel-case`, `cancel-all` and `continue`";
    if let Some((text, _)) = value.scalar() {
        return match text {
            "retry" => value.expected_with("how to retry", Some("write `retry: { after: 4 bh, at-most: 3 }`")),
            "skip" => {
                value.expected_with("the outcome to skip to", Some("write `{ skip: outcome }` or `{ skip: {} }`"))
            }
            _ => word(value, WORDS).map(|response| response()),
        };
    }
    let mut fields = value.fields("a response")?;
    let found = KEYS.into_iter().filter(|key| fields.has(key)).count();
    let alone = || WORDS.iter().map(|(key, _)| *key).filter(|key| !KEYS.contains(key));
    for key in alone() {
        let message = format!("`{key}` stands alone, without braces");
        fields.misplaced(key, crate::diagnostic::Code::WrongType, &message, &format!("write `do: {key}`"));
    }
    let retry = fields.optional("retry", retry);
    let reoffer = fields.optional("reoffer", text).map(|role| Response::Reoffer(Some(role)));
    let reallocate = fields.optional("reallocate", text).map(|role| Response::Reallocate(Some(role)));
    let skip = fields.optional("skip", skip);
    let word_inside = alone().any(|key| fields.has(key));
    let strange = fields.has_strange();
    fields.finish();
    match found {
        1 => retry.or(reoffer).or(reallocate).or(skip),
        0 if word_inside || strange => None,
        _ => value.expected_with("exactly one response", Some(ALL)),
    }
}

fn retry(value: Value<'_>) -> Option<Response> {
    if value.scalar().is_some() {
        return value.expected_with(
            "how often to retry, in braces",
            Some("write `retry: { at-most: 3 }`, with `after: 4 bh` inside to wait before"),
        );
    }
    let mut fields = value.fields("`retry`")?;
    let after = fields.optional("after", span);
    let at_most = fields.required("at-most", whole);
    let backoff = fields.optional("backoff", whole).unwrap_or(1);
    fields.finish();
    Some(Response::Retry { after, at_most: at_most?, backoff })
}

fn skip(value: Value<'_>) -> Option<Response> {
    if !value.is_mapping() {
        return text(value).map(|outcome| Response::Skip(Some(outcome)));
    }
    value.fields("`skip`")?.finish();
    Some(Response::Skip(None))
}
