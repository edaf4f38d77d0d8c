//! Between which values a field lies.

use std::cmp::Ordering;
use std::fmt;

use super::Value;
use crate::definition::{Field, Literal};
use crate::diagnostic::{Code, Path, Problem};

/// The least and the greatest value that a field may hold; open where it names none. An absent value lies within.
///
/// ```
/// use grieta_core::definition::{Field, Type};
/// use grieta_core::value::{Bounds, Value};
/// let bounds = Bounds::of(&Field::of(Type::Integer).at_least("0").at_most("100"));
/// assert!(bounds.hold(&Value::Integer(100)) && !bounds.hold(&Value::Integer(101)));
/// assert_eq!(bounds.nearest(Value::Integer(-7)), Value::Integer(0));
/// assert_eq!(bounds.to_string(), "at least 0 and at most 100");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Bounds {
    /// The least value.
    pub least: Option<Value>,
    /// The greatest value.
    pub most: Option<Value>,
}

impl Bounds {
    /// The bounds of a field; none where what it names is no value of its type, or the type has none.
    #[inline]
    pub fn of(field: &Field) -> Bounds {
        let bound = |literal: &Option<Literal>| match literal {
            Some(literal) if field.kind.has_bounds() => Value::parse_unbounded(field, &literal.0).ok(),
            _ => None,
        };
        Bounds { least: bound(&field.at_least), most: bound(&field.at_most) }
    }

    /// Whether a value of the type lies within them.
    #[inline]
    pub fn hold(&self, value: &Value) -> bool {
        !self.is_below(value) && !self.is_above(value)
    }

    /// Whether no value lies within them.
    pub fn are_empty(&self) -> bool {
        self.least.as_ref().is_some_and(|least| self.is_above(least))
    }

    /// The value, or the bound that is nearest to it.
    pub fn nearest(&self, value: Value) -> Value {
        let bound = match (self.is_below(&value), self.is_above(&value)) {
            (true, _) => &self.least,
            (_, true) => &self.most,
            _ => &None,
        };
        bound.clone().unwrap_or(value)
    }

    /// The problem that a value is written down for the field of that name and does not lie within.
    pub(crate) fn refuse(&self, field: &str, value: &Value, at: Path) -> Option<Problem> {
        let broken = match (self.is_below(value), self.is_above(value)) {
            (true, _) => "at-least",
            (_, true) => "at-most",
            _ => return None,
        };
        let problem = Problem::error(Code::OutOfBounds, at, format!("`{field}` must be {self}, found `{value}`"));
        let problem = problem.related(format!("`{broken}` stands here"), Path::root("data").key(field).key(broken));
        Some(problem.help("write another value, or change the bounds of the field"))
    }

    /// Whether the value is less than the least.
    fn is_below(&self, value: &Value) -> bool {
        self.least.as_ref().is_some_and(|least| order(value, least) == Some(Ordering::Less))
    }

    /// Whether the value is more than the greatest.
    fn is_above(&self, value: &Value) -> bool {
        self.most.as_ref().is_some_and(|most| order(value, most) == Some(Ordering::Greater))
    }
}

impl fmt::Display for Bounds {
    /// Which values lie within, as in `at least 0 and at most 100`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.least, &self.most) {
            (Some(least), Some(most)) => write!(f, "at least {least} and at most {most}"),
            (Some(least), None) => write!(f, "at least {least}"),
            (None, Some(most)) => write!(f, "at most {most}"),
            (None, None) => f.write_str("anything"),
        }
    }
}

/// How values of one type that has bounds compare; `None` for all others.
fn order(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::Integer(one), Value::Integer(other)) => Some(one.cmp(other)),
        (Value::Decimal(one), Value::Decimal(other)) => Some(one.cmp(other)),
        (Value::Date(one), Value::Date(other)) => Some(one.cmp(other)),
        (Value::Duration(one), Value::Duration(other)) => Some(one.cmp(other)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::Type;

    #[test]
    fn bounds_are_read_and_kept_by_the_type_of_the_field() {
        let check = |kind: Type, [least, most]: [&str; 2], [below, above]: [&str; 2]| {
            let open = Field::of(kind);
            let field = open.clone().at_least(least).at_most(most);
            let value = |text: &str| Value::parse(&open, text).unwrap();
            let refused = |text: &str| Err(format!("expected at least {least} and at most {most}, found `{text}`"));
            for inside in [least, most] {
                assert!(value(inside).fits(&field));
                assert_eq!(Value::parse(&field, inside), Ok(value(inside)));
            }
            for (outside, nearest) in [(below, least), (above, most)] {
                assert!(!value(outside).fits(&field) && value(outside).fits(&open), "{outside}");
                assert_eq!(Value::parse(&field, outside), refused(outside));
                assert_eq!(Bounds::of(&field).nearest(value(outside)), value(nearest));
            }
            assert!(Value::Absent.fits(&field));
        };
        check(Type::Integer, ["-3", "100"], ["-4", "101"]);
        check(Type::Decimal, ["0.000000001", "0.5"], ["0", "0.500000001"]);
        check(Type::Date, ["2026-01-01", "2026-12-31"], ["2025-12-31", "2027-01-01"]);
        check(Type::Duration, ["-1 h", "2 d"], ["-61 min", "2.000001 d"]);
    }

    #[test]
    fn the_plainest_value_is_the_one_nearest_to_nothing() {
        let number = |field: Field, value: i64| assert_eq!(Value::plainest(&field), Value::Integer(value));
        number(Field::of(Type::Integer), 0);
        number(Field::of(Type::Integer).at_least("-5").at_most("5"), 0);
        number(Field::of(Type::Integer).at_least("18"), 18);
        number(Field::of(Type::Integer).at_most("-1"), -1);
    }

    #[test]
    fn what_is_no_bound_bounds_nothing() {
        assert_eq!(Bounds::of(&Field::of(Type::Integer).at_least("much")), Bounds::default());
        assert_eq!(Bounds::of(&Field::of(Type::Text).at_least("a")), Bounds::default());
        assert!(Bounds::of(&Field::of(Type::Integer).at_least("1").at_most("0")).are_empty());
        assert!(!Bounds::of(&Field::of(Type::Integer).at_least("1").at_most("1")).are_empty());
    }
}
