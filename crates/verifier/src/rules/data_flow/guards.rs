//! Which fields have a value once a condition has been found to hold, or not to.

use std::collections::BTreeSet;

use grieta_core::expression::Part;
use grieta_core::value::Value;

/// The slots of fields that have a value; `None` where it cannot come to that.
type Slots = Option<BTreeSet<u16>>;

/// What has a value by what a condition has come to: what it needs to be evaluated, and what it asks by `has(…)`.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub holds: Slots,
    pub fails: Slots,
}

impl Known {
    /// What is known by a part of an expression. One that is no condition has been evaluated either way.
    pub fn by(part: &Part) -> Known {
        let none = || Some(BTreeSet::new());
        match part {
            Part::Constant(Value::Boolean(true)) => Known { holds: none(), fails: None },
            Part::Constant(Value::Boolean(false)) => Known { holds: None, fails: none() },
            Part::Has(slot) => Known { holds: Some([*slot].into()), fails: none() },
            Part::Field(slot) => Known::either([*slot].into()),
            Part::Not(inner) => Known::by(inner).swapped(),
            Part::All(parts) => Known::all(parts.iter().map(Known::by)),
            Part::Any(parts) => Known::all(parts.iter().map(|part| Known::by(part).swapped())).swapped(),
            Part::Conditional(parts) => {
                let [condition, then, otherwise] = parts.each_ref().map(Known::by);
                let by = |then, otherwise| {
                    either(both(condition.holds.clone(), then), both(condition.fails.clone(), otherwise))
                };
                Known { holds: by(then.holds, otherwise.holds), fails: by(then.fails, otherwise.fails) }
            }
            other => Known::either(other.children().into_iter().flat_map(|part| Known::by(part).evaluated()).collect()),
        }
    }

    fn either(slots: BTreeSet<u16>) -> Known {
        Known { holds: Some(slots.clone()), fails: Some(slots) }
    }

    fn swapped(self) -> Known {
        Known { holds: self.fails, fails: self.holds }
    }

    fn evaluated(self) -> BTreeSet<u16> {
        either(self.holds, self.fails).unwrap_or_default()
    }

    /// Conditions that are asked from the left, no further than the first that fails.
    fn all(parts: impl Iterator<Item = Known>) -> Known {
        let mut asked = Known { holds: Some(BTreeSet::new()), fails: None };
        for Known { holds, fails } in parts {
            // Only what all ways of failing know is known.
            match (&mut asked.fails, &asked.holds, fails) {
                (Some(known), Some(before), Some(here)) => {
                    known.retain(|slot| before.contains(slot) || here.contains(slot))
                }
                (known @ None, Some(before), Some(here)) => *known = Some(before | &here),
                _ => {}
            }
            match (&mut asked.holds, holds) {
                (Some(known), Some(more)) => known.extend(more),
                (known, _) => *known = None,
            }
        }
        asked
    }
}

/// What is known where it came to both.
fn both(one: Slots, other: Slots) -> Slots {
    Some(&one? | &other?)
}

/// What is known where it came to one or the other.
fn either(one: Slots, other: Slots) -> Slots {
    match (one, other) {
        (Some(one), Some(other)) => Some(&one & &other),
        (one, other) => one.or(other),
    }
}
