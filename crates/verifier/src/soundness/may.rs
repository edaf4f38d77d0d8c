//! What an expression may come to where a field has no value, whatever the other data are.

use grieta_core::expression::Part;
use grieta_core::value::Value;

/// What an expression, or a part of one, may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct May {
    /// It may hold; what is no condition may have a value.
    pub hold: bool,
    /// It may be found not to hold; what is no condition, the same again.
    pub fail: bool,
    /// It may ask for the value of the field, and so come to nothing.
    pub miss: bool,
}

impl May {
    /// What does not look at the field.
    pub const EITHER: May = May { hold: true, fail: true, miss: false };

    /// What a part may come to where the field in that slot has no value.
    pub fn come_of(part: &Part, absent: u16) -> May {
        let of = |part| May::come_of(part, absent);
        match part {
            Part::Constant(Value::Boolean(holds)) => May { hold: *holds, fail: !holds, miss: false },
            Part::Has(slot) if *slot == absent => May { hold: false, fail: true, miss: false },
            Part::Field(slot) if *slot == absent => May { hold: false, fail: false, miss: true },
            Part::Not(inner) => of(inner).swapped(),
            Part::All(parts) => May::all(parts.iter().map(of)),
            Part::Any(parts) => May::all(parts.iter().map(|part| of(part).swapped())).swapped(),
            Part::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                let condition = of(condition);
                let miss = May { hold: false, fail: false, miss: condition.miss };
                let then = condition.hold.then(|| of(then));
                let otherwise = condition.fail.then(|| of(otherwise));
                [then, otherwise].into_iter().flatten().fold(miss, May::or)
            }
            other => {
                let parts: Vec<May> = other.children().into_iter().map(of).collect();
                let evaluated = parts.iter().all(|part| part.is_possible());
                May { hold: evaluated, fail: evaluated, miss: parts.iter().any(|part| part.miss) }
            }
        }
    }

    /// Whether it can come to anything.
    pub fn is_possible(self) -> bool {
        self.hold || self.fail
    }

    fn swapped(self) -> May {
        May { hold: self.fail, fail: self.hold, ..self }
    }

    fn or(self, other: May) -> May {
        May { hold: self.hold || other.hold, fail: self.fail || other.fail, miss: self.miss || other.miss }
    }

    /// Conditions that are asked from the left, no further than the first that fails.
    fn all(parts: impl Iterator<Item = May>) -> May {
        let mut asked = May { hold: true, fail: false, miss: false };
        for part in parts {
            if !asked.hold {
                break;
            }
            asked = May { hold: part.hold, ..asked.or(part) };
        }
        asked
    }
}

#[cfg(test)]
mod tests {
    use grieta_core::definition::{Expression, Field, Type};
    use grieta_core::expression::Schema;

    use super::May;

    #[test]
    fn what_looks_at_an_absent_field_comes_to_what_can_be_evaluated() {
        let data = ["f", "g"].map(|name| (name.to_owned(), Field::of(Type::Integer))).into_iter().collect();
        let schema = Schema::new(&data).expect("few fields");
        for (guard, hold, fail, miss) in [
            ("has(f)", false, true, false),
            ("!has(f)", true, false, false),
            ("has(g)", true, true, false),
            ("f > 1", false, false, true),
            ("g > 1 && f > 1", false, true, true),
            ("f > 1 && g > 1", false, false, true),
            ("g > 1 || f > 1", true, false, true),
            ("has(f) && f > 1", false, true, false),
            ("has(f) || f > 1", false, false, true),
            ("!has(f) || f > 1", true, false, false),
            ("true || f > 1", true, false, false),
            ("has(f) ? f > 1 : g > 1", true, true, false),
            ("g > 1 ? has(f) : f > 1", false, true, true),
            ("g + (has(f) ? f : 0) > 1", true, true, false),
            ("g + f > 1", false, false, true),
        ] {
            let parts = Expression::compile_guard(guard, &schema).expect("a condition").parts();
            assert_eq!(May::come_of(&parts, 0), May { hold, fail, miss }, "{guard}");
        }
    }
}
