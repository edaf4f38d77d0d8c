//! Parts of a definition, for files that hold some of them too: they are written there as in a definition.

use indexmap::IndexMap;

use super::decode::{Examples, Value};
use super::{examples, reader};
use crate::definition::{CalendarSpec, Expression, Role};

/// What the keys of these parts look like, for messages.
pub fn examples() -> Examples {
    Examples { of_key: examples::example, of_mapping: examples::mapping }
}

/// Roles by name.
pub fn roles(value: Value<'_>) -> Option<IndexMap<String, Role>> {
    reader::roles(value)
}

/// Calendars by name.
pub fn calendars(value: Value<'_>) -> Option<IndexMap<String, CalendarSpec>> {
    reader::calendars(value)
}

/// Fields that another process is given, and the expressions they are set to.
pub fn given(value: Value<'_>) -> Option<IndexMap<String, Expression>> {
    reader::given(value)
}

/// An expression as it is written; whether it makes sense is not decided here.
pub fn expression(value: Value<'_>) -> Option<Expression> {
    reader::expression(value)
}
