//! Which fields the data of a case have: their names, types and slots.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::definition::{Field, Type};
use crate::diagnostic::{Code, Path, Problem};

/// The data fields of a definition, each with the slot in which a case keeps its value.
///
/// Slots are numbered from 0 in the order of the definition.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    slots: IndexMap<Arc<str>, Slot>,
}

#[derive(Debug, Clone)]
struct Slot {
    field: Field,
    choices: Arc<[Arc<str>]>,
}

/// As many fields, and as many values of a choice, as can be numbered.
const MOST: usize = 1 << 16;

impl Schema {
    /// The view of the `data` of a definition.
    ///
    /// # Errors
    /// Problems with the code [`Code::TooLarge`] when there are more than 65,536 fields, or values of one choice.
    pub fn new(data: &IndexMap<String, Field>) -> Result<Schema, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut too_large = |path: Path, what: &str, found: usize| {
            let message = format!("expected at most {MOST} {what}, found {found}");
            problems.push(Problem::error(Code::TooLarge, path, message));
        };
        if data.len() > MOST {
            too_large(Path::root("data"), "data fields", data.len());
        }
        for (name, field) in data.iter().filter(|(_, field)| field.of.len() > MOST) {
            too_large(Path::root("data").key(name).key("of"), "values", field.of.len());
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let slots = data.iter().map(|(name, field)| {
            let choices = field.of.iter().map(|value| Arc::from(value.as_str())).collect();
            (Arc::from(name.as_str()), Slot { field: field.clone(), choices })
        });
        Ok(Schema { slots: slots.collect() })
    }

    /// The slot of the field with that name.
    pub fn slot(&self, name: &str) -> Option<u16> {
        self.slots.get_index_of(name).and_then(|slot| u16::try_from(slot).ok())
    }

    /// The name of the field in that slot.
    pub fn name(&self, slot: u16) -> Option<&Arc<str>> {
        self.slots.get_index(usize::from(slot)).map(|(name, _)| name)
    }

    /// The declaration of the field in that slot.
    pub fn field(&self, slot: u16) -> Option<&Field> {
        self.slots.get_index(usize::from(slot)).map(|(_, slot)| &slot.field)
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// True when there are no fields.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The names of the fields in the order of their slots.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.slots.keys().map(|name| &**name)
    }

    /// The names among which one that was meant is looked for: so many that it takes no time.
    pub(crate) fn likely_names(&self) -> impl Iterator<Item = &str> + Clone {
        self.names().take(300)
    }

    pub(super) fn kind(&self, slot: u16) -> Option<Type> {
        self.field(slot).map(|field| field.kind)
    }

    /// The values of the choice in that slot; none for other types.
    pub(super) fn choices(&self, slot: u16) -> Arc<[Arc<str>]> {
        self.slots.get_index(usize::from(slot)).map(|(_, slot)| Arc::clone(&slot.choices)).unwrap_or_default()
    }
}
