//! What a data field of a case can hold, and how it is read and shown.

mod bounds;
mod decimal;
pub(crate) mod elapsed;
pub(crate) mod list;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

pub use bounds::Bounds;
pub use decimal::Decimal;

use crate::definition::{Field, Scalar, Type};
use crate::diagnostic::suggest;
use crate::time::{Date, Duration};

/// The value of a data field. Cheap to clone; `Integer(1)` and `Decimal(1)` are different values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Value {
    /// Nothing is known.
    #[default]
    Absent,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with places.
    Decimal(Decimal),
    /// Text.
    Text(Arc<str>),
    /// The position of the value in the field's `of`.
    Choice(u16),
    /// A day of the calendar.
    Date(Date),
    /// A length of elapsed time, perhaps negative.
    Duration(Duration),
    /// Values of one type, none of them absent or a list.
    List(Arc<[Value]>),
}

impl Value {
    /// The plainest value of a type: zero, nothing, the first of a choice.
    pub fn plain(kind: Type) -> Value {
        match kind {
            Type::Text => "".into(),
            Type::Boolean => Value::Boolean(false),
            Type::Integer => Value::Integer(0),
            Type::Decimal => Value::Decimal(Decimal::ZERO),
            Type::Choice => Value::Choice(0),
            Type::Date => Value::Date(Date::default()),
            Type::Duration => Value::Duration(Duration::ZERO),
            Type::List(_) => Value::List([].into()),
        }
    }

    /// The plainest value that a field may hold: that of its type, or the bound nearest to it.
    pub fn plainest(field: &Field) -> Value {
        Bounds::of(field).nearest(Value::plain(field.kind))
    }

    /// Reads a value as written in a definition, a transaction or a log.
    ///
    /// # Errors
    /// What was expected and what was found, when the text is not a value of the field's type, or lies outside its bounds.
    ///
    /// ```
    /// use grieta_core::definition::{Field, Type};
    /// use grieta_core::value::Value;
    /// assert_eq!(Value::parse(&Field::of(Type::Integer), "4"), Ok(Value::Integer(4)));
    /// assert!(Value::parse(&Field::of(Type::Boolean), "yes").is_err());
    /// ```
    pub fn parse(field: &Field, text: &str) -> Result<Value, String> {
        let (value, bounds) = (Value::parse_unbounded(field, text)?, Bounds::of(field));
        if bounds.hold(&value) { Ok(value) } else { Err(format!("expected {bounds}, found `{text}`")) }
    }

    /// The same, whatever the bounds of the field.
    ///
    /// # Errors
    /// What was expected and what was found, when the text is not a value of the field's type.
    pub fn parse_unbounded(field: &Field, text: &str) -> Result<Value, String> {
        match field.kind {
            Type::List(of) => list::parse(of, &field.of, text),
            kind => read(kind, &field.of, text),
        }
    }

    /// The value as [`Value::parse`] reads it for the same field; an absent one as `absent`.
    ///
    /// ```
    /// use grieta_core::definition::{Field, Scalar, Type};
    /// use grieta_core::value::Value;
    /// let days = Field::of(Type::List(Scalar::Date));
    /// assert_eq!(Value::parse(&days, "[ \"2026-12-24\" ]")?.show(&days), "[\"2026-12-24\"]");
    /// # Ok::<(), String>(())
    /// ```
    pub fn show<'a>(&'a self, field: &'a Field) -> Cow<'a, str> {
        self.name(&field.of)
    }

    /// The value as text, where a choice is between these.
    fn name<'a>(&'a self, choices: &'a [String]) -> Cow<'a, str> {
        match self {
            Value::Absent => "absent".into(),
            Value::Boolean(value) => if *value { "true" } else { "false" }.into(),
            Value::Integer(value) => value.to_string().into(),
            Value::Decimal(value) => value.to_string().into(),
            Value::Text(text) => text.as_ref().into(),
            Value::Choice(index) => match choices.get(usize::from(*index)) {
                Some(name) => name.into(),
                None => format!("value #{index}").into(),
            },
            Value::Date(date) => date.to_string().into(),
            Value::Duration(duration) => elapsed::show(*duration).into(),
            Value::List(values) => list::show(values, choices).into(),
        }
    }

    /// The value of the field as others understand it, who know nothing of it: a choice becomes a text.
    pub fn told(&self, field: &Field) -> Value {
        match self {
            Value::Choice(_) => self.show(field).as_ref().into(),
            Value::List(values) if field.kind == Type::List(Scalar::Choice) => {
                Value::List(values.iter().map(|value| value.name(&field.of).as_ref().into()).collect())
            }
            _ => self.clone(),
        }
    }

    /// What the field holds when others give it this. `None` when it cannot be.
    pub(crate) fn heard(&self, field: &Field) -> Option<Value> {
        Some(self.like(field)).filter(|own| own.fits(field))
    }

    /// The value as the field has it, when others give it this: a text is a choice, a date or a duration where it is one,
    /// an integer a decimal. Itself where it cannot be; whether it [fits](Value::fits) is another question.
    #[must_use]
    pub fn like(&self, field: &Field) -> Value {
        match (self, field.kind) {
            (Value::Text(text), Type::Choice | Type::Date | Type::Duration) => {
                Value::parse_unbounded(field, text).unwrap_or_else(|_| self.clone())
            }
            (Value::Integer(whole), Type::Decimal) => Value::Decimal(Decimal::from(*whole)),
            (Value::List(values), Type::List(_)) => match field.element() {
                Some(element) => Value::List(values.iter().map(|value| value.like(&element)).collect()),
                None => self.clone(),
            },
            _ => self.clone(),
        }
    }

    /// True when nothing is known.
    #[inline]
    pub fn is_absent(&self) -> bool {
        matches!(self, Value::Absent)
    }

    /// Whether a field of that declaration may hold it; every field may be absent.
    pub fn fits(&self, field: &Field) -> bool {
        self.is_of_type(field) && (!field.is_bounded() || Bounds::of(field).hold(self))
    }

    /// Whether it is absent or of the field's type, whatever the bounds of the field.
    pub fn is_of_type(&self, field: &Field) -> bool {
        match (self, field.kind) {
            (Value::List(values), Type::List(of)) => {
                values.iter().all(|value| !value.is_absent() && value.is_one(of.into(), &field.of))
            }
            _ => self.is_one(field.kind, &field.of),
        }
    }

    /// What was expected where a field cannot hold the value.
    ///
    /// ```
    /// use grieta_core::definition::{Field, Type};
    /// use grieta_core::value::Value;
    /// let score = Field::of(Type::Integer).at_most("100");
    /// assert_eq!(Value::Integer(101).misfit(&score).as_deref(), Some("expected at most 100, found 101"));
    /// assert_eq!(Value::Boolean(true).misfit(&score).as_deref(), Some("expected integer, found true"));
    /// assert_eq!(Value::Integer(100).misfit(&score), None);
    /// ```
    pub fn misfit(&self, field: &Field) -> Option<String> {
        match (self.fits(field), self.is_of_type(field)) {
            (true, _) => None,
            (false, true) => Some(format!("expected {}, found {self}", Bounds::of(field))),
            (false, false) => Some(format!("expected {}, found {self}", field.kind)),
        }
    }

    /// Whether it is absent or of that type, which is no list.
    fn is_one(&self, kind: Type, choices: &[String]) -> bool {
        match self {
            Value::Absent => true,
            Value::Boolean(_) => kind == Type::Boolean,
            Value::Integer(_) => kind == Type::Integer,
            Value::Decimal(_) => kind == Type::Decimal,
            Value::Text(_) => kind == Type::Text,
            Value::Choice(index) => kind == Type::Choice && usize::from(*index) < choices.len(),
            Value::Date(_) => kind == Type::Date,
            Value::Duration(_) => kind == Type::Duration,
            Value::List(_) => false,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Boolean(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Integer(value)
    }
}

impl From<Decimal> for Value {
    fn from(value: Decimal) -> Value {
        Value::Decimal(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(value.into())
    }
}

impl From<Date> for Value {
    fn from(value: Date) -> Value {
        Value::Date(value)
    }
}

impl From<chrono::NaiveDate> for Value {
    /// The same day; see [`Date`] for what lies outside its years.
    fn from(value: chrono::NaiveDate) -> Value {
        Value::Date(value.into())
    }
}

impl From<Duration> for Value {
    fn from(value: Duration) -> Value {
        Value::Duration(value)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Value {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(values: [T; N]) -> Value {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}

impl fmt::Display for Value {
    /// The value without its field: a choice shows as its position. [`Value::show`] shows its name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name(&[]))
    }
}

/// Reads a value of a type that is no list.
fn read(kind: Type, choices: &[String], text: &str) -> Result<Value, String> {
    match kind {
        Type::Text => Ok(Value::Text(text.into())),
        Type::Boolean => match text {
            "true" => Ok(Value::Boolean(true)),
            "false" => Ok(Value::Boolean(false)),
            _ => Err(format!("expected `true` or `false`, found `{text}`")),
        },
        Type::Integer => integer(text).map(Value::Integer),
        Type::Decimal => text.parse().map(Value::Decimal),
        Type::Choice => choice(choices, text).map(Value::Choice),
        Type::Date => text.parse().map(Value::Date),
        Type::Duration => elapsed::parse(text).map(Value::Duration),
        Type::List(_) => Err("a list cannot hold lists".to_owned()),
    }
}

/// A whole number: digits with an optional minus sign, and nothing else.
fn integer(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("expected a whole number such as `12`, found `{text}`"));
    }
    text.parse().map_err(|_| format!("expected a whole number between {} and {}, found `{text}`", i64::MIN, i64::MAX))
}

fn choice(of: &[String], text: &str) -> Result<u16, String> {
    let position = of.iter().position(|name| name == text).and_then(|position| u16::try_from(position).ok());
    position.ok_or_else(|| match suggest(text, of.iter().map(String::as_str)) {
        Some(remedy) => format!("`{text}` is not one of the choices: {remedy}"),
        None => format!("`{text}` is not one of the choices: the field has none"),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tier() -> Field {
        Field { of: vec!["low".into(), "gold".into()], ..Field::of(Type::Choice) }
    }

    #[test]
    fn values_are_read_by_the_type_of_their_field() {
        let check = |field: &Field, text: &str, value: Value| {
            assert_eq!(Value::parse(field, text), Ok(value.clone()), "{text}");
            assert_eq!(value.show(field), text);
            assert!(value.fits(field));
        };
        check(&Field::of(Type::Text), "", "".into());
        check(&Field::of(Type::Text), "true", "true".into());
        check(&Field::of(Type::Boolean), "false", false.into());
        check(&Field::of(Type::Integer), "-9223372036854775808", i64::MIN.into());
        check(&Field::of(Type::Decimal), "-0.5", Decimal::from_billionths(-500_000_000).into());
        check(&tier(), "gold", Value::Choice(1));
    }

    #[test]
    fn what_does_not_fit_says_what_was_expected() {
        let check = |field: &Field, text, message: &str| assert_eq!(Value::parse(field, text).unwrap_err(), message);
        check(&Field::of(Type::Boolean), "yes", "expected `true` or `false`, found `yes`");
        check(&Field::of(Type::Integer), "1.0", "expected a whole number such as `12`, found `1.0`");
        check(&Field::of(Type::Integer), "+1", "expected a whole number such as `12`, found `+1`");
        check(
            &Field::of(Type::Integer),
            "9223372036854775808",
            "expected a whole number between -9223372036854775808 and 9223372036854775807, found `9223372036854775808`",
        );
        check(&Field::of(Type::Decimal), "abc", "expected a number such as `12` or `0.5`, found `abc`");
        check(&tier(), "glod", "`glod` is not one of the choices: did you mean `gold`?");
        check(&tier(), "platinum", "`platinum` is not one of the choices: there are `low`, `gold`");
        check(&Field::of(Type::Choice), "a", "`a` is not one of the choices: the field has none");
    }

    fn list(of: Scalar) -> Field {
        Field::of(Type::List(of))
    }

    fn choices() -> Field {
        Field { kind: Type::List(Scalar::Choice), ..tier() }
    }

    #[test]
    fn lists_are_written_as_in_the_language() {
        let check = |field: &Field, text: &str, value: Value, shown: &str| {
            assert_eq!(Value::parse(field, text), Ok(value.clone()), "{text}");
            assert_eq!(value.show(field), shown);
            assert!(value.fits(field));
        };
        check(&list(Scalar::Integer), " [ 1,-2 ]", [1, -2].into(), "[1, -2]");
        check(&list(Scalar::Decimal), "[1, 0.5]", [Decimal::from(1), "0.5".parse().unwrap()].into(), "[1, 0.5]");
        check(&list(Scalar::Text), "[]", Value::List([].into()), "[]");
        check(&list(Scalar::Text), r#"["a\"\\\n\t", ""]"#, ["a\"\\\n\t", ""].into(), r#"["a\"\\\n\t", ""]"#);
        check(&list(Scalar::Boolean), "[true, false]", [true, false].into(), "[true, false]");
        let day: Date = "2026-12-24".parse().unwrap();
        check(&list(Scalar::Date), r#"["2026-12-24"]"#, vec![day].into(), r#"["2026-12-24"]"#);
        check(&list(Scalar::Duration), r#"["60 min"]"#, [Duration::HOUR].into(), r#"["1 h"]"#);
        check(&choices(), r#"["gold"]"#, [Value::Choice(1)].into(), r#"["gold"]"#);
    }

    #[test]
    fn what_is_no_list_of_its_type_says_so() {
        let check =
            |field: &Field, text: &str, message: &str| assert_eq!(Value::parse(field, text).unwrap_err(), message);
        let numbers = list(Scalar::Integer);
        check(&numbers, "1", "expected a list such as `[1, 2]` or `[\"a\", \"b\"]`, found `1`");
        check(&numbers, "[1, 2", "expected `,` or `]`, found the end of the list");
        check(&numbers, "[1, ]", "expected a value, found `]`");
        check(&numbers, "[1] [2]", "expected the end of the list, found `[`");
        check(&numbers, "[-true]", "expected a number, found `true`");
        check(&numbers, "[[1]]", "expected a value or `]`, found `[`");
        check(&numbers, "[0.5]", "expected a whole number such as `12`, found `0.5`");
        check(&numbers, r#"["7"]"#, "the elements of a list of integer stand without quotes, found `\"7\"`");
        check(&list(Scalar::Text), "[a]", "the elements of a list of text stand in quotes, found `a`");
        check(&numbers, "[a]", "expected a whole number such as `12`, found `a`");
        check(&numbers, "[*]", "expected a value or `]`, found `*`");
        check(&list(Scalar::Date), "[2026]", "the elements of a list of date stand in quotes, found `2026`");
        check(&list(Scalar::Date), r#"["soon"]"#, "expected a day such as `2026-12-24`, found `soon`");
        check(&choices(), r#"["glod"]"#, "`glod` is not one of the choices: did you mean `gold`?");
    }

    #[test]
    fn a_list_holds_no_lists_and_nothing_absent() {
        assert!(Value::List([].into()).fits(&choices()));
        assert!(!Value::from([1]).fits(&list(Scalar::Decimal)));
        assert!(!Value::from([Value::Absent]).fits(&list(Scalar::Integer)));
        assert!(!Value::from([Value::from([1])]).fits(&list(Scalar::Integer)));
        assert!(!Value::from([Value::Choice(2)]).fits(&choices()));
        assert!(!Value::from([1]).fits(&Field::of(Type::Integer)));
    }

    #[test]
    fn others_are_told_and_heard_without_knowing_the_field() {
        assert_eq!(Value::from([Value::Choice(1)]).told(&choices()), ["gold"].into());
        assert_eq!(Value::from(["gold"]).heard(&choices()), Some([Value::Choice(1)].into()));
        assert_eq!(Value::from(["glod"]).heard(&choices()), None);
        assert_eq!(Value::from([1]).heard(&list(Scalar::Decimal)), Some([Decimal::from(1)].into()));
        assert_eq!(
            Value::from("2 h").heard(&Field::of(Type::Duration)),
            Some((Duration::HOUR + Duration::HOUR).into())
        );
        assert_eq!(Value::from(7).heard(&Field::of(Type::Date)), None);
        assert_eq!(Value::from([[1]]).heard(&list(Scalar::Integer)), None);
    }

    #[test]
    fn a_value_stays_small() {
        assert_eq!(size_of::<Value>(), 32);
    }

    fn values(of: Scalar) -> BoxedStrategy<Value> {
        match of {
            Scalar::Text => proptest::string::string_regex(r#"(\PC|["\\\n\t\r,\[\]]){0,8}"#)
                .unwrap()
                .prop_map(|text| text.as_str().into())
                .boxed(),
            Scalar::Boolean => any::<bool>().prop_map(Value::from).boxed(),
            Scalar::Integer => any::<i64>().prop_map(Value::from).boxed(),
            Scalar::Decimal => any::<i128>().prop_map(|n| Decimal::from_billionths(n).into()).boxed(),
            Scalar::Choice => (0_u16..2).prop_map(Value::Choice).boxed(),
            Scalar::Date => (Date::MIN.as_days()..=Date::MAX.as_days())
                .prop_map(|days| Date::from_days(days).unwrap().into())
                .boxed(),
            Scalar::Duration => any::<i64>().prop_map(|micros| Duration::from_micros(micros).into()).boxed(),
        }
    }

    fn any_value() -> impl Strategy<Value = (Field, Value)> {
        const SCALARS: [Scalar; 7] = [
            Scalar::Text,
            Scalar::Boolean,
            Scalar::Integer,
            Scalar::Decimal,
            Scalar::Choice,
            Scalar::Date,
            Scalar::Duration,
        ];
        let field = |kind| Field { kind, ..tier() };
        proptest::sample::select(&SCALARS[..]).prop_flat_map(move |of| {
            let single = values(of).prop_map(move |value| (field(of.into()), value));
            let several = proptest::collection::vec(values(of), 0..4)
                .prop_map(move |values| (field(Type::List(of)), Value::List(values.into())));
            prop_oneof![single, several]
        })
    }

    proptest! {
        #[test]
        fn every_value_is_read_back_as_it_is_shown((field, value) in any_value()) {
            prop_assert!(value.fits(&field));
            prop_assert_eq!(Value::parse(&field, &value.show(&field)), Ok(value));
        }

        #[test]
        fn no_text_makes_reading_a_value_panic(text in r#"([\[\], "\\-]|[0-9.a-z]|\PC){0,20}"#) {
            for kind in [Type::Date, Type::Duration, Type::List(Scalar::Text), Type::List(Scalar::Decimal)] {
                let _ = Value::parse(&Field::of(kind), &text);
            }
        }
    }

    #[test]
    fn a_value_of_another_type_does_not_fit() {
        assert!(Value::Absent.fits(&tier()));
        assert!(!Value::Choice(2).fits(&tier()));
        assert!(!Value::Integer(1).fits(&Field::of(Type::Decimal)));
        assert_eq!(Value::Choice(2).show(&tier()), "value #2");
    }
}
