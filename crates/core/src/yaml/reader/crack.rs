//! Reads cracks and their responses.

use crate::definition::{Crack, Response, Trigger};
use crate::yaml::decode::{Value, boolean, text, whole, word};

use super::expression;
use super::quantity::{chance, span};

const TRIGGERS: &[(&str, Trigger)] = &[
    ("failure", Trigger::Failure),
    ("deadline", Trigger::Deadline),
    ("unavailable", Trigger::Unavailable),
    ("external", Trigger::External),
    ("constraint", Trigger::Constraint),
];

const WORDS: &[(&str, Plain)] =
    &[("fail", Plain::Fail), ("cancel-case", Plain::CancelCase), ("continue", Plain::Continue)];

/// The responses that are a single word.
#[derive(Clone, Copy)]
enum Plain {
    Fail,
    CancelCase,
    Continue,
}

pub(super) fn crack(value: Value<'_>) -> Option<Crack> {
    let mut fields = value.fields("a crack")?;
    let on = fields.required("on", |value| word(value, TRIGGERS));
    let name = fields.optional("name", text);
    let chance = fields.optional("chance", chance);
    let after = fields.optional("after", span);
    let when = fields.optional("when", expression);
    let response = fields.optional("do", response);
    let then = fields.optional("then", text);
    let interrupts = fields.optional("interrupts", boolean);
    fields.finish();
    Some(Crack { on: on?, name, chance, after, when, response, then, interrupts })
}

/// A word, or a mapping with exactly one of `retry`, `reallocate` and `skip`.
fn response(value: Value<'_>) -> Option<Response> {
    const ALL: &str = "there are `retry`, `reallocate`, `skip`, `fail`, `cancel-case` and `continue`";
    if let Some((text, _)) = value.scalar() {
        return match text {
            "retry" => value.expected_with("how to retry", Some("write `retry: { after: 4 bh, at-most: 3 }`")),
            "reallocate" => value.expected_with("the role to reallocate to", Some("write `{ reallocate: role }`")),
            "skip" => {
                value.expected_with("the outcome to skip to", Some("write `{ skip: outcome }` or `{ skip: {} }`"))
            }
            _ => word(value, WORDS).map(|word| match word {
                Plain::Fail => Response::Fail,
                Plain::CancelCase => Response::CancelCase,
                Plain::Continue => Response::Continue,
            }),
        };
    }
    let mut fields = value.fields("a response")?;
    let found = ["retry", "reallocate", "skip"].into_iter().filter(|key| fields.has(key)).count();
    for (key, _) in WORDS {
        let message = format!("`{key}` stands alone, without braces");
        fields.misplaced(key, crate::diagnostic::Code::WrongType, &message, &format!("write `do: {key}`"));
    }
    let retry = fields.optional("retry", retry);
    let reallocate = fields.optional("reallocate", text).map(Response::Reallocate);
    let skip = fields.optional("skip", skip);
    let word_inside = WORDS.iter().any(|(key, _)| fields.has(key));
    let misspelt = fields.misspelt(&["retry", "reallocate", "skip"]);
    fields.finish();
    match found {
        1 => retry.or(reallocate).or(skip),
        0 if word_inside || misspelt => None,
        _ => value.expected_with("exactly one response", Some(ALL)),
    }
}

fn retry(value: Value<'_>) -> Option<Response> {
    let mut fields = value.fields("`retry`")?;
    let after = fields.optional("after", span);
    let at_most = fields.required("at-most", whole);
    fields.finish();
    Some(Response::Retry { after, at_most: at_most? })
}

fn skip(value: Value<'_>) -> Option<Response> {
    if !value.is_mapping() {
        return text(value).map(|outcome| Response::Skip(Some(outcome)));
    }
    value.fields("`skip`")?.finish();
    Some(Response::Skip(None))
}
