//! Writes a definition back as YAML: what it serialises to becomes a page.

use std::fmt;

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::layout::{self, Collection, Entry, Style, Value};
use super::quote;
use crate::definition::Definition;

impl Definition {
    /// The definition as a YAML file, which reads again to the same definition.
    ///
    /// ```
    /// use grieta_core::definition::{Definition, Role, Step};
    ///
    /// let sales = Definition::new("sales", "1.0.0")
    ///     .role("sdr", Role::of(2))
    ///     .step("call", Step::human("sdr").next("won"))
    ///     .step("won", Step::end());
    /// assert_eq!(
    ///     sales.to_yaml(),
    ///     "process: sales
    /// version: 1.0.0
    /// start: call
    ///
    /// roles:
    ///   sdr: { people: 2 }
    ///
    /// steps:
    ///   call: { human: sdr, next: won }
    ///   won:  { end: {} }
    /// "
    /// );
    /// ```
    pub fn to_yaml(&self) -> String {
        to_text(self)
    }
}

/// A mapping as a YAML file, whose sections are laid out like those of a definition. Empty for what is no mapping, or refuses
/// to be written.
pub fn to_text(file: &impl Serialize) -> String {
    let mut root = file.serialize(Tree).unwrap_or(Value::Map(Collection::default()));
    let Some(page) = root.collection_mut() else { return String::new() };
    page.entries.iter_mut().filter_map(|section| section.value.collection_mut()).for_each(|section| {
        section.flow = false;
    });
    layout::page(page, Style::Own)
}

/// A mapping of texts on one line: `{ role: sdr, person: ana }`. Empty for what is no such mapping, or refuses to be written.
pub fn to_line(mapping: &impl Serialize) -> String {
    let Ok(Value::Map(map)) = mapping.serialize(Tree) else { return String::new() };
    let entry = |entry: &Entry| match (&entry.key, &entry.value) {
        (Some(key), Value::Text(text)) => format!("{key}: {}", quote::value(text, true)),
        (Some(key), Value::Written(lines)) => format!("{key}: {}", lines.join(" ")),
        _ => String::new(),
    };
    format!("{{ {} }}", map.entries.iter().map(entry).collect::<Vec<_>>().join(", "))
}

/// Makes values of what is serialised.
pub(super) struct Tree;

/// The list or mapping that is being made.
#[derive(Default)]
pub(super) struct Growing {
    entries: Vec<Entry>,
    key: Option<String>,
    /// The name of the variant that it belongs to.
    variant: Option<&'static str>,
}

impl Growing {
    fn map(mut self) -> Value {
        let variant = self.variant.take();
        // More than one mapping inside, or one beside much else, is more than a line should hold.
        let nested = self.entries.iter().filter(|entry| has_mapping(&entry.value)).count();
        let flow = nested == 0 || nested == 1 && self.entries.len() <= 3;
        tagged(variant, Value::Map(Collection { entries: self.entries, flow, ..Collection::default() }))
    }

    fn list(self) -> Value {
        let flow = !self.entries.iter().any(|entry| has_mapping(&entry.value));
        Value::List(Collection { entries: self.entries, flow, ..Collection::default() })
    }
}

fn has_mapping(value: &Value) -> bool {
    match value {
        Value::Map(map) => !map.entries.is_empty(),
        Value::List(list) => list.entries.iter().any(|entry| has_mapping(&entry.value)),
        Value::Written(_) | Value::Text(_) => false,
    }
}

fn tagged(variant: Option<&str>, value: Value) -> Value {
    let Some(variant) = variant else { return value };
    Growing { entries: vec![Entry::of(Some(quote::key(variant)), value)], ..Growing::default() }.map()
}

fn plain(value: impl fmt::Display) -> Result<Value, fmt::Error> {
    Ok(Value::Written(vec![value.to_string()]))
}

/// What a definition does not consist of.
fn foreign<T>() -> Result<T, fmt::Error> {
    Err(fmt::Error)
}

impl Serializer for Tree {
    type Ok = Value;
    type Error = fmt::Error;
    type SerializeSeq = Growing;
    type SerializeTuple = Impossible<Value, fmt::Error>;
    type SerializeTupleStruct = Impossible<Value, fmt::Error>;
    type SerializeTupleVariant = Impossible<Value, fmt::Error>;
    type SerializeMap = Growing;
    type SerializeStruct = Growing;
    type SerializeStructVariant = Growing;

    fn serialize_bool(self, value: bool) -> Result<Value, fmt::Error> {
        plain(value)
    }

    fn serialize_i8(self, value: i8) -> Result<Value, fmt::Error> {
        plain(value)
    }

    fn serialize_i16(self, value: i16) -> Result<Value, fmt::Error> {
        plain(value)
    }

    fn serialize_i32(self, value: i32) -> Result<Value, fmt::Error> {
        plain(value)
    }

    fn serialize_i64(self, value: i64) -> Result<Value, fmt::Error> {
        plain(value)
    }

    fn serialize_u8(self, value: u8) -> Result<Value, fmt::Error> {
        plain(value)
    }

    fn serialize_u16(self, value: u16) -> Result<Value, fmt::Error> {
        plain(value)
    }

    fn serialize_u32(self, value: u32) -> Result<Value, fmt::Error> {
        plain(value)
    }

    fn serialize_u64(self, value: u64) -> Result<Value, fmt::Error> {
        plain(value)
    }

    fn serialize_f32(self, value: f32) -> Result<Value, fmt::Error> {
        plain(value)
    }

    fn serialize_f64(self, value: f64) -> Result<Value, fmt::Error> {
        plain(value)
    }

    fn serialize_char(self, value: char) -> Result<Value, fmt::Error> {
        Ok(Value::Text(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<Value, fmt::Error> {
        Ok(Value::Text(value.to_owned()))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Value, fmt::Error> {
        foreign()
    }

    fn serialize_none(self) -> Result<Value, fmt::Error> {
        foreign()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, fmt::Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, fmt::Error> {
        foreign()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, fmt::Error> {
        foreign()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Value, fmt::Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Value, fmt::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, fmt::Error> {
        Ok(tagged(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Growing, fmt::Error> {
        Ok(Growing::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, fmt::Error> {
        foreign()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, fmt::Error> {
        foreign()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, fmt::Error> {
        foreign()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Growing, fmt::Error> {
        Ok(Growing::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Growing, fmt::Error> {
        Ok(Growing::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Growing, fmt::Error> {
        Ok(Growing { variant: Some(variant), ..Growing::default() })
    }
}

impl Growing {
    fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), fmt::Error> {
        self.entries.push(Entry::of(Some(quote::key(key)), value.serialize(Tree)?));
        Ok(())
    }
}

impl ser::SerializeSeq for Growing {
    type Ok = Value;
    type Error = fmt::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
        self.entries.push(Entry::of(None, value.serialize(Tree)?));
        Ok(())
    }

    fn end(self) -> Result<Value, fmt::Error> {
        Ok(self.list())
    }
}

impl ser::SerializeMap for Growing {
    type Ok = Value;
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), fmt::Error> {
        let Value::Text(key) = key.serialize(Tree)? else { return foreign() };
        self.key = Some(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
        let key = self.key.take().unwrap_or_default();
        self.field(&key, value)
    }

    fn end(self) -> Result<Value, fmt::Error> {
        Ok(self.map())
    }
}

impl ser::SerializeStruct for Growing {
    type Ok = Value;
    type Error = fmt::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), fmt::Error> {
        self.field(key, value)
    }

    fn end(self) -> Result<Value, fmt::Error> {
        Ok(self.map())
    }
}

impl ser::SerializeStructVariant for Growing {
    type Ok = Value;
    type Error = fmt::Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), fmt::Error> {
        self.field(key, value)
    }

    fn end(self) -> Result<Value, fmt::Error> {
        Ok(self.map())
    }
}
