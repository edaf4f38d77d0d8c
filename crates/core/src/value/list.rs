//! How a list is read and written: as the language of expressions writes it, `["a", "b"]` or `[1, 2]`.

use super::{Value, read};
use crate::definition::{Scalar, Type};
use crate::expression::{Element, elements};

/// Reads a list whose elements are of that type.
pub(super) fn parse(of: Scalar, choices: &[String], text: &str) -> Result<Value, String> {
    let element = |element: Element| match element {
        Element::Quoted(text) if is_quoted(of) => read(of.into(), choices, &text),
        Element::Plain(word) if !is_quoted(of) => read(of.into(), choices, &word),
        Element::Quoted(text) => {
            Err(format!("the elements of a list of {of} stand without quotes, found `\"{text}\"`"))
        }
        Element::Plain(word) => Err(format!("the elements of a list of {of} stand in quotes, found `{word}`")),
    };
    let values: Vec<Value> = elements(text)?.into_iter().map(element).collect::<Result<_, _>>()?;
    Ok(Value::List(values.into()))
}

/// The list as [`parse`] reads it; `choices` are the names of the values of a choice.
pub(super) fn show(values: &[Value], choices: &[String]) -> String {
    written(values.iter().map(|value| {
        let plain = matches!(value, Value::Absent | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_));
        (!plain, value.name(choices))
    }))
}

/// Elements, as they stand in a file, as a list of that type.
pub(crate) fn literal(of: Scalar, elements: &[String]) -> String {
    written(elements.iter().map(|element| (is_quoted(of), element)))
}

fn is_quoted(of: Scalar) -> bool {
    matches!(Type::from(of), Type::Text | Type::Choice | Type::Date | Type::Duration)
}

/// A list of elements, each of which is in quotes or not.
fn written(elements: impl Iterator<Item = (bool, impl AsRef<str>)>) -> String {
    let mut list = "[".to_owned();
    for (position, (quoted, element)) in elements.enumerate() {
        if position > 0 {
            list.push_str(", ");
        }
        if quoted {
            quote(&mut list, element.as_ref());
        } else {
            list.push_str(element.as_ref());
        }
    }
    list.push(']');
    list
}

fn quote(list: &mut String, text: &str) {
    list.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => list.extend(['\\', c]),
            '\n' => list.push_str("\\n"),
            '\t' => list.push_str("\\t"),
            c => list.push(c),
        }
    }
    list.push('"');
}
