//! Turns the tree of a file into a definition: the top level here, each section in a file of its own.
//!
//! Every reader takes a value and gives what it could make of it; what is wrong is reported on the way.

mod clocks;
mod crack;
mod data;
mod decisions;
mod effort;
mod goals;
mod people;
mod quantity;
mod review;
mod rules;
mod simulation;
mod step;
mod waivers;
mod what_if;

use indexmap::IndexMap;

use super::decode::{Fields, NAME, Value, names, text, word};
use crate::definition::{CalendarSpec, Crack, Definition, Expression, Role, Rule, Variant, WhatIf};
use crate::diagnostic::Code;

/// A rule by itself.
pub(super) fn rule(value: Value<'_>) -> Option<Rule> {
    rules::rule(value)
}

/// Roles by themselves.
pub(super) fn roles(value: Value<'_>) -> Option<IndexMap<String, Role>> {
    people::roles(value)
}

/// Calendars by themselves.
pub(super) fn calendars(value: Value<'_>) -> Option<IndexMap<String, CalendarSpec>> {
    people::calendars(value)
}

/// Changes of a process, in a file of their own.
pub(super) fn overlay(value: Value<'_>) -> Option<IndexMap<String, WhatIf>> {
    what_if::overlay(value)
}

/// The definition that a file holds, as far as it can be read. `None` when the file is not a mapping.
pub(super) fn definition(root: Value<'_>) -> Option<Definition> {
    let mut fields = root.fields("a process definition")?;
    let definition = Definition {
        process: fields.required("process", process).unwrap_or_default(),
        version: fields.required("version", version).unwrap_or_default(),
        title: fields.optional("title", text),
        variant: fields.optional("variant", |value| word(value, &[("as-is", Variant::AsIs), ("to-be", Variant::ToBe)])),
        owner: fields.optional("owner", text),
        customer: fields.optional("customer", text),
        start: fields.required("start", way).unwrap_or_default(),
        calendar: fields.optional("calendar", text),
        calendars: section(&mut fields, "calendars", people::calendars),
        roles: section(&mut fields, "roles", people::roles),
        persons: section(&mut fields, "persons", people::persons),
        data: section(&mut fields, "data", data::fields),
        outputs: fields.optional("outputs", names).unwrap_or_default(),
        steps: fields.required("steps", step::steps).unwrap_or_default(),
        decisions: section(&mut fields, "decisions", decisions::decisions),
        clocks: section(&mut fields, "clocks", clocks::clocks),
        rules: fields.optional("rules", rules::rules).unwrap_or_default(),
        goals: section(&mut fields, "goals", goals::goals),
        cracks: section(&mut fields, "cracks", cracks),
        allow: fields.optional("allow", waivers::waivers).unwrap_or_default(),
        sign_off: fields.optional("sign-off", review::sign_offs),
        notes: fields.optional("notes", review::notes).unwrap_or_default(),
        simulation: fields.optional("simulation", simulation::simulation),
    };
    fields.finish();
    Some(definition)
}

fn section<T>(
    fields: &mut Fields<'_>,
    key: &'static str,
    read: fn(Value<'_>) -> Option<IndexMap<String, T>>,
) -> IndexMap<String, T> {
    fields.optional(key, read).unwrap_or_default()
}

fn process(value: Value<'_>) -> Option<String> {
    let name = text(value)?;
    value.check_name(&name, NAME, None);
    Some(name)
}

fn version(value: Value<'_>) -> Option<String> {
    let version = text(value)?;
    if version.trim().is_empty() { value.expected("a version such as `1.0.0`") } else { Some(version) }
}

/// The cracks of a step, or of the whole process.
fn cracks(value: Value<'_>) -> Option<IndexMap<String, Crack>> {
    value.declarations("cracks by name", NAME, |_, value| crack::crack(value))
}

/// The one step to which a way leads.
fn way(value: Value<'_>) -> Option<String> {
    let Some(several) = value.words() else { return text(value) };
    let help = match several.as_slice() {
        [one] => format!("write `{one}`, without brackets"),
        _ => format!(
            "name one step: for all of these at once, one with `fork: [{}]`; for one of them by the data, one with `choose`",
            several.join(", ")
        ),
    };
    value.expected_with("the name of a step", Some(&help))
}

/// The names of the steps inside another.
fn inside(value: Value<'_>) -> Option<Vec<String>> {
    let Some(keys) = value.keys() else { return names(value) };
    let help = format!(
        "write `[{}]` here, their names; the steps themselves stand under `steps` of the process like all others",
        keys.join(", ")
    );
    value.expected_with("a list of names", Some(&help))
}

/// Fields that another process or case is given.
pub(super) fn given(value: Value<'_>) -> Option<IndexMap<String, Expression>> {
    let Some(fields) = value.words() else { return sets(value) };
    let pairs: Vec<_> = fields.iter().map(|field| format!("{field}: {field}")).collect();
    let help =
        format!("write `{{ {} }}`: left a field of the other process, right what it becomes there", pairs.join(", "));
    value.expected_with("fields and expressions", Some(&help))
}

/// An expression as it is written; whether it makes sense is not decided here.
pub(super) fn expression(value: Value<'_>) -> Option<Expression> {
    if value.scalar().is_some_and(|(text, _)| text.trim().is_empty()) {
        return value.refuse(value.problem(Code::InvalidExpression, "expected an expression, found empty text"));
    }
    super::decode::formula(value).map(Expression)
}

/// Fields and the expressions they are set to.
fn sets(value: Value<'_>) -> Option<IndexMap<String, Expression>> {
    value.map("fields and expressions, as in `{ attempts: attempts + 1 }`", |_, value| expression(value))
}
