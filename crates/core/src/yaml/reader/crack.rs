//! Reads cracks and their responses.

use crate::definition::{Crack, Question, Recovery, Response, Span, Trigger};
use crate::diagnostic::Code;
use crate::yaml::decode::{Fields, Value, boolean, text, whole, word, word_meaning};

use super::clocks::mark;
use super::effort::effort;
use super::quantity::{chance, span, time};
use super::{expression, way};

const TRIGGERS: &[(&str, Trigger); 5] = &[
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

/// Keys of a crack that are not part of its response.
const BESIDE: [&str; 5] = ["then", "recover", "interrupts", "answers", "effort"];

const RECOVERIES: &[(&str, Recovery)] =
    &[("nothing", Recovery::Nothing), ("roll-back", Recovery::RollBack), ("compensate", Recovery::Compensate)];

const UNDONE: &str =
    "`roll-back`: the data have the values they had; `compensate`: what was completed is undone by its `undo`";

pub(super) fn crack(value: Value<'_>) -> Option<Crack> {
    let mut fields = value.fields("a crack")?;
    let on = fields.required("on", trigger);
    let name = fields.optional("name", text);
    let chance = fields.optional("chance", chance);
    let after = after(&mut fields);
    let clock = fields.optional("clock", text);
    let at = fields.optional("at", |value| mark(value, None));
    let when = fields.optional("when", expression);
    let when_full = fields.optional("when-full", boolean).unwrap_or_default();
    let patience = fields.optional("patience", time);
    let response = fields.optional("do", response);
    let then = fields.optional("then", way);
    let interrupts = fields.optional("interrupts", boolean);
    let recover = fields.optional("recover", |value| word_meaning(value, RECOVERIES, UNDONE)).unwrap_or_default();
    let answers = fields.optional("answers", questions).unwrap_or_default();
    let effort = fields.optional("effort", effort).unwrap_or_default();
    fields.finish();
    Some(Crack {
        on: on?,
        name,
        chance,
        after,
        clock,
        at,
        when,
        when_full,
        patience,
        response,
        then,
        interrupts,
        answers,
        recover,
        effort,
    })
}

/// One question or a list of them.
fn questions(value: Value<'_>) -> Option<Vec<Question>> {
    let words = Question::ALL.map(|question| (question.key(), question));
    match value.scalar() {
        Some(_) => word(value, &words).map(|one| vec![one]),
        None => value.list("a list of questions, as in `[full, wrong-person]`", |value| word(value, &words)),
    }
}

fn trigger(value: Value<'_>) -> Option<Trigger> {
    word_meaning(value, TRIGGERS, &Trigger::meanings(&TRIGGERS.each_ref().map(|(_, trigger)| *trigger)))
}

/// How long after the step was reached; a share is one of a clock, which `at` says.
fn after(fields: &mut Fields<'_>) -> Option<Span> {
    let help = match fields.has("clock") {
        true => |share: &str| format!("write `at: {share}` beside `clock`"),
        false => |share: &str| {
            format!("write a length of time such as `4 bh`, or `at: {share}` with the `clock` that is meant")
        },
    };
    fields.optional("after", |value| match value.scalar() {
        Some((share, _)) if share.trim_end().ends_with('%') => {
            let message =
                format!("expected a length of time such as `30 min` or `4 bh`, found the share `{}`", share.trim());
            value.refuse(value.problem(Code::InvalidDuration, message).help(help(share.trim())))
        }
        _ => span(value),
    })
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
        fields.misplaced(key, Code::WrongType, &message, &format!("write `do: {key}`"));
    }
    for key in BESIDE {
        let message = format!("`{key}` stands beside `do`, not in it");
        let help = format!(
            "write it after the response, as in `do: {{ … }}, {key}: …`, or on a line that begins where `do` does"
        );
        fields.misplaced(key, Code::UnknownKey, &message, &help);
    }
    let retry = fields.optional("retry", retry);
    let reoffer = fields.optional("reoffer", text).map(|role| Response::Reoffer(Some(role)));
    let reallocate = fields.optional("reallocate", text).map(|role| Response::Reallocate(Some(role)));
    let skip = fields.optional("skip", skip);
    let word_inside = alone().any(|key| fields.has(key));
    let strange = fields.strange().next().is_some();
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
