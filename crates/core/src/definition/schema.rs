//! The JSON Schema of the file, for editors: derived from the types of a definition and from how they are written.
//!
//! What the derived schema cannot know is added here: that nothing else may stand in a mapping, what excludes what, and
//! where a number is as good as a text.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::{Definition, Order, Template};

/// The JSON Schema (draft 2020-12) of a definition file, as text.
///
/// It accepts a file if the reader finds the shape of it right. What only the reader can know is not in it: whether
/// names are valid and known, and whether lengths of time, chances, distributions and expressions make sense.
///
/// ```
/// let schema: serde_json::Value = serde_json::from_str(&grieta_core::definition::json_schema()).unwrap();
/// assert_eq!(schema["required"], serde_json::json!(["process", "version", "start", "steps"]));
/// ```
pub fn json_schema() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Definition>().to_value();
    schema["title"] = "A process definition of Grieta".into();
    tidy(&mut schema, false);
    format!("{schema:#}\n")
}

/// One key for the template, and what that is about.
impl JsonSchema for Order {
    fn schema_name() -> Cow<'static, str> {
        "Order".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let of = |template: Template| {
            let steps = match template.arity() {
                1 => json!({ "type": "string" }),
                _ => json!({ "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 }),
            };
            let mut properties = json!({ (template.key()): steps });
            if template.is_counted() {
                properties["times"] = json!({ "type": "integer", "minimum": 1 });
            }
            json!({ "type": "object", "properties": properties, "required": [template.key()] })
        };
        json_schema!({ "anyOf": Template::ALL.map(of) })
    }
}

/// Brings a derived schema and all inside it to what the reader takes. `part`: it says only a part of what a mapping may
/// hold, so that other keys are not its business.
fn tidy(schema: &mut Value, part: bool) {
    let Value::Object(rules) = schema else { return };
    without_null(rules);
    text_and_numbers(rules);
    let parts = ["oneOf", "anyOf", "allOf"];
    let flattened = rules.contains_key("properties") && parts.iter().any(|key| rules.contains_key(*key));
    if rules.get("type") == Some(&json!("object")) && !part {
        let key = if flattened { "unevaluatedProperties" } else { "additionalProperties" };
        rules.entry(key).or_insert(false.into());
    }
    for (key, inner) in rules.iter_mut() {
        match (key.as_str(), inner) {
            ("oneOf" | "anyOf" | "allOf", Value::Array(list)) => {
                list.iter_mut().for_each(|inner| tidy(inner, part || flattened));
            }
            ("properties" | "$defs", Value::Object(map)) => map.values_mut().for_each(|inner| tidy(inner, false)),
            ("items" | "additionalProperties", inner) => tidy(inner, false),
            _ => {}
        }
    }
}

/// What is absent is left out of a file, never `null`.
fn without_null(rules: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = rules.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            rules.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(mut list)) = rules.remove("anyOf") {
        list.retain(|inner| inner != &json!({ "type": "null" }));
        match list.as_mut_slice() {
            [Value::Object(only)] => rules.append(only),
            _ => {
                rules.insert("anyOf".to_owned(), list.into());
            }
        }
    }
}

/// To YAML a version, a chance or a title may be a number; and no number of a file is negative.
fn text_and_numbers(rules: &mut Map<String, Value>) {
    let format = rules.remove("format");
    match format.as_ref().and_then(Value::as_str) {
        Some("double") => rules.insert("minimum".to_owned(), 0.into()),
        Some("uint32") if !rules.contains_key("maximum") => rules.insert("maximum".to_owned(), u32::MAX.into()),
        _ => None,
    };
    let any = !["const", "enum", "pattern"].iter().any(|key| rules.contains_key(*key));
    if any && rules.get("type") == Some(&json!("string")) {
        rules.insert("type".to_owned(), json!(["string", "number"]));
    }
    if let Some(Value::String(description)) = rules.get_mut("description") {
        *description = description.replace("[`", "`").replace("`]", "`").replace('\n', " ");
    }
}

/// What has a short form, which is a text.
pub(super) fn or_text(schema: &mut Schema) {
    let mut long = std::mem::take(schema);
    let description = long.remove("description");
    *schema = schemars::json_schema!({ "anyOf": [{ "type": "string" }, long] });
    if let Some(description) = description {
        schema.insert("description".to_owned(), description);
    }
}

/// Text that may look like a number or a boolean.
pub(super) fn formula(schema: &mut Schema) {
    schema.insert("type".to_owned(), json!(["string", "number", "boolean"]));
}

/// Keys that a kind of step does not go together with.
pub(super) fn step(schema: &mut Schema) {
    schema.insert("dependentSchemas".to_owned(), json!({ "outcomes": { "properties": { "next": false } } }));
    let Some(Value::Array(kinds)) = schema.get_mut("oneOf") else { return };
    for kind in kinds {
        let Some(Value::Object(properties)) = kind.get_mut("properties") else { continue };
        let Some((key, form)) = properties.iter().next() else { continue };
        let excluded: &[&str] = match key.as_str() {
            "human" | "service" | "call" => &[],
            "wait" if form.get("properties").is_some() => &[],
            "assign" => &["sets", "outcomes"],
            "choose" | "some" => &["sets", "next", "outcomes"],
            "fork" | "race" | "end" => &["next", "outcomes"],
            _ => &["outcomes"],
        };
        properties.extend(excluded.iter().map(|key| ((*key).to_owned(), false.into())));
    }
}

/// Only a choice and a list say of what, only what has an order has bounds, and only the value of a list is one.
pub(super) fn field(schema: &mut Schema) {
    let when = |kind: &str, then: Value| json!({ "if": { "required": ["type"], "properties": { "type": { "const": kind } } }, "then": then });
    let list = json!({ "if": { "properties": { "initial": { "type": "array" } }, "required": ["initial"] },
                       "then": { "properties": { "type": { "const": "list" } } } });
    let rest = json!({ "if": { "properties": { "type": { "enum": ["choice", "list"] } } },
                       "else": { "properties": { "of": false } } });
    let ordered = json!({ "if": { "properties": { "type": { "enum": ["integer", "decimal", "date", "duration"] } } },
                          "else": { "properties": { "at-least": false, "at-most": false } } });
    let values = json!({ "required": ["of"], "properties": { "of": { "type": "array" } } });
    let elements = json!({ "required": ["of"], "properties": { "of": { "not": { "enum": ["choice", "list"] } } } });
    schema.insert("allOf".to_owned(), json!([when("choice", values), when("list", elements), rest, ordered, list]));
    if let Some(initial) = schema.get_mut("properties").and_then(|properties| properties.get_mut("initial")) {
        let literals = json!({ "type": "array", "items": { "type": ["string", "number", "boolean"] } });
        *initial = json!({ "anyOf": [initial.take(), literals] });
    }
}

/// Those responses that may say a role are also words.
pub(super) fn response(schema: &mut Schema) {
    if let Some(Value::Array(forms)) = schema.get_mut("oneOf") {
        forms.push(json!({ "type": "string", "enum": ["reoffer", "reallocate"] }));
    }
}

/// A message is kept or `transient`, not both and not neither.
pub(super) fn keep(schema: &mut Schema) {
    let Some(Value::Array(forms)) = schema.get_mut("oneOf") else { return };
    for properties in forms.iter_mut().filter_map(|form| form.get_mut("properties")?.as_object_mut()) {
        let kept = properties.contains_key("keep");
        properties.insert("transient".to_owned(), json!({ "const": !kept }));
        properties.entry("keep").or_insert(false.into());
    }
}

/// Instances that are not awaited cannot block.
pub(super) fn rest(schema: &mut Schema) {
    schema.remove("$ref");
    schema.insert("enum".to_owned(), json!(["ignore", "cancel"]));
}
