//! Fields and their values, as they are given to an engine.

use grieta_core::value::Value;

use crate::service::Reply;

/// Fields and their values, by name; made by [`data!`](crate::data).
///
/// A value given as text is read as the type of its field, as whoever fills in a form gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Data(Vec<(String, Value)>);

impl Data {
    /// No fields.
    pub fn new() -> Data {
        Data::default()
    }

    /// The same with one more field; given twice, the later value counts.
    #[must_use]
    pub fn with(mut self, field: impl Into<String>, value: impl Into<Value>) -> Data {
        let field = field.into();
        self.0.retain(|(known, _)| *known != field);
        self.0.push((field, value.into()));
        self
    }

    /// The fields and their values, in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(field, value)| (field.as_str(), value))
    }

    /// The reply of a service whose step has outcomes.
    pub fn outcome(self, outcome: impl Into<String>) -> Reply {
        Reply { outcome: Some(outcome.into()), data: self }
    }
}

impl From<Vec<(String, Value)>> for Data {
    fn from(fields: Vec<(String, Value)>) -> Data {
        Data(fields)
    }
}

/// Fields and their values: `data! { customer_id: "c7", size: 40 }`.
///
/// ```
/// use grieta_runtime::{Data, data};
/// let size = 40;
/// assert_eq!(data! { customer_id: "c7", size: size + 1 }, Data::new().with("customer_id", "c7").with("size", 41));
/// assert_eq!(data! {}, Data::new());
///
/// let due = grieta_core::Date::from_ymd(2026, 12, 24).expect("a day of December");
/// assert_eq!(data! { due: due, tags: ["new", "vip"] }, Data::new().with("due", due).with("tags", vec!["new", "vip"]));
/// ```
#[macro_export]
macro_rules! data {
    ($($field:ident : $value:expr),* $(,)?) => {
        $crate::Data::new()$(.with(stringify!($field), $value))*
    };
}
