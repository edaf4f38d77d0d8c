//! Writes what was done as a scenario, as one stands in a file.

use std::fmt::Write as _;

use grieta_core::Timestamp;
use grieta_core::value::Value;
use grieta_runtime::Data;

use super::story::leads_on;
use crate::verb::{Deed, Item, Verb};

/// A file with one scenario; `against_rules`: it expects that the rules are kept. Only what random runs consist of can be
/// written: the rest is left out.
pub(super) fn scenario(at: Option<Timestamp>, verbs: &[Verb], against_rules: bool) -> String {
    let mut text = "scenarios:\n  found by random runs:\n".to_owned();
    if let Some(at) = at {
        let _ = writeln!(text, "    at: {}", quoted(&at.to_string()));
    }
    let people: Vec<String> = verbs.iter().filter_map(person).collect();
    if !people.is_empty() {
        let _ = writeln!(text, "    people: {{ {} }}", people.join(", "));
    }
    if let Some(Verb::Start(data)) = verbs.iter().find(|verb| matches!(verb, Verb::Start(_)))
        && data.iter().next().is_some()
    {
        let _ = writeln!(text, "    start: {}", fields(data));
    }
    let mut entries: Vec<String> = verbs.iter().flat_map(entries).collect();
    entries.extend(against_rules.then(|| "expect: { rules: kept }".to_owned()));
    match entries.as_slice() {
        [] => text += "    case: []\n",
        entries => {
            text += "    case:\n";
            entries.iter().for_each(|entry| _ = writeln!(text, "      - {entry}"));
        }
    }
    text
}

fn person(verb: &Verb) -> Option<String> {
    let Verb::Person { name, roles } = verb else { return None };
    let roles: Vec<String> = roles.iter().map(|role| word(role)).collect();
    Some(format!("{}: [{}]", word(name), roles.join(", ")))
}

/// The entries of a verb: several where work goes through several hands.
fn entries(verb: &Verb) -> Vec<String> {
    vec![match verb {
        Verb::On { item, deeds } => return of_work(item, deeds),
        Verb::Message { name, key, data, keep } => {
            let mut keys = vec![format!("message: {}", word(name))];
            keys.extend((!key.is_absent()).then(|| format!("key: {}", value(key))));
            keys.extend(data.iter().next().map(|_| format!("data: {}", fields(data))));
            keys.extend(keep.map(|keep| format!("keep: {keep}")));
            braced(&keys)
        }
        Verb::AdvanceToNextTimer => "next-timer: true".to_owned(),
        Verb::Absent(person) => format!("absent: {}", word(person)),
        Verb::Back(person) => format!("back: {}", word(person)),
        Verb::Cancel { undo } => format!("cancel: {}", if *undo { "and-undo" } else { "at-once" }),
        Verb::CaseOf(process) => format!("case-of: {}", word(process)),
        _ => return Vec::new(),
    }]
}

fn of_work(item: &Item, deeds: &[Deed]) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = deeds;
    while let Some((first, others)) = rest.split_first() {
        let mut keys = vec![format!("step: {}", word(&item.step))];
        keys.extend(item.nth.map(|nth| format!("nth: {nth}")));
        rest = others;
        let last = match (first, others.split_first()) {
            (Deed::Claim(person), Some((last, others))) if !matches!(last, Deed::Claim(_) | Deed::Delegate(_)) => {
                keys.push(format!("by: {}", word(person)));
                rest = others;
                last
            }
            _ => first,
        };
        keys.extend(deed(last));
        all.push(braced(&keys));
        if !leads_on(last) {
            break;
        }
    }
    all
}

/// How the work ends, or goes on.
fn deed(deed: &Deed) -> Vec<String> {
    let one = |key: &str, what: &str| vec![format!("{key}: {}", word(what))];
    match deed {
        Deed::Claim(person) => vec![format!("by: {}", word(person)), "only: claim".to_owned()],
        Deed::Delegate(person) => one("delegate", person),
        Deed::Begin => one("only", "begin"),
        Deed::Suspend => one("only", "suspend"),
        Deed::Resume => one("only", "resume"),
        Deed::Release => one("only", "release"),
        Deed::AddInstance => one("only", "add-instance"),
        Deed::Complete { outcome, data } => {
            let outcome = outcome.iter().map(|outcome| format!("outcome: {}", word(outcome)));
            let writes = data.iter().next().map(|_| format!("writes: {}", fields(data)));
            outcome.chain(writes).collect()
        }
        Deed::Strike(crack) => one("crack", crack),
        Deed::Breaks(reason) => one("breaks", reason),
        Deed::Retry => vec!["retry: true".to_owned()],
        _ => Vec::new(),
    }
}

fn braced(keys: &[String]) -> String {
    format!("{{ {} }}", keys.join(", "))
}

fn fields(data: &Data) -> String {
    braced(&data.iter().map(|(field, given)| format!("{field}: {}", value(given))).collect::<Vec<_>>())
}

fn value(given: &Value) -> String {
    match given {
        Value::Text(text) => word(text),
        Value::Date(_) | Value::Duration(_) => quoted(&given.to_string()),
        Value::List(values) => format!("[{}]", values.iter().map(value).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// A text, in quotes unless it is a plain name.
fn word(text: &str) -> String {
    let plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'));
    // Other readers of YAML make something else of these.
    let taken = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    if plain && !taken.iter().any(|taken| taken.eq_ignore_ascii_case(text)) { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            letter if letter.is_control() || matches!(letter, '\u{feff}' | '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out + "\""
}
