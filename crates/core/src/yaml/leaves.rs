//! What something says, value by value: each with the keys that lead there.

use serde::Serialize;

use super::layout::{Collection, Entry, Value};
use super::quote;
use super::write::Tree;

/// A single value, or a list of them, and the keys that lead to it; elements of a list of mappings are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub keys: Vec<String>,
    pub text: String,
}

/// All that a mapping says, in its order. Empty for what is no mapping, or refuses to be written.
pub(crate) fn leaves(value: &impl Serialize) -> Vec<Leaf> {
    let mut found = Vec::new();
    if let Ok(value) = value.serialize(Tree) {
        collect(&value, &mut Vec::new(), &mut found);
    }
    found
}

fn collect(value: &Value, keys: &mut Vec<String>, found: &mut Vec<Leaf>) {
    let inside = match value {
        Value::Map(map) if !map.entries.is_empty() => map,
        Value::List(list) if list.entries.iter().any(|entry| matches!(entry.value, Value::Map(_))) => list,
        _ => return found.push(Leaf { keys: keys.clone(), text: text(value) }),
    };
    for (position, entry) in inside.entries.iter().enumerate() {
        keys.push(entry.key.clone().unwrap_or_else(|| (position + 1).to_string()));
        collect(&entry.value, keys, found);
        keys.pop();
    }
}

/// A value without a mapping in it.
fn text(value: &Value) -> String {
    // Two texts are not one with a comma in it.
    let one = |entry: &Entry| match &entry.value {
        Value::Text(word) => quote::value(word, true),
        other => text(other),
    };
    let list = |list: &Collection| list.entries.iter().map(one).collect::<Vec<_>>().join(", ");
    match value {
        Value::Written(lines) => lines.join("\n"),
        Value::Text(text) => text.clone(),
        Value::List(entries) => format!("[{}]", list(entries)),
        Value::Map(_) => "{}".to_owned(),
    }
}
