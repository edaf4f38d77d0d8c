//! What has to hold for a guard to hold: linear conditions, joined by and and or.

use super::linear::{Condition, Is, Sum};
use super::range::Range;

/// Conditions joined by and and or; negation is carried down to the conditions when a guard is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Formula {
    One(Condition),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

impl Formula {
    pub const TRUE: Formula = Formula::All(Vec::new());
    pub const FALSE: Formula = Formula::Any(Vec::new());

    pub fn known(value: bool) -> Formula {
        if value { Formula::TRUE } else { Formula::FALSE }
    }

    pub fn that(sum: Sum, is: Is) -> Formula {
        match sum.known() {
            Some(value) => Formula::known(Condition::holds(is, value)),
            None => Formula::One(Condition { sum, is }),
        }
    }

    pub fn all(parts: impl IntoIterator<Item = Formula>) -> Formula {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Formula::Any(parts) if parts.is_empty() => return Formula::FALSE,
                Formula::All(parts) => flat.extend(parts),
                part => flat.push(part),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Formula::All(flat) }
    }

    pub fn any(parts: impl IntoIterator<Item = Formula>) -> Formula {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Formula::All(parts) if parts.is_empty() => return Formula::TRUE,
                Formula::Any(parts) => flat.extend(parts),
                part => flat.push(part),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Formula::Any(flat) }
    }

    /// Whether it may hold, as far as the bounds of each unknown by itself tell; `left` counts the conditions looked at.
    pub fn may_hold(&self, ranges: &[Range], left: &mut u32) -> bool {
        *left = left.saturating_sub(1);
        match self {
            Formula::One(condition) => condition.may_hold(ranges),
            Formula::All(parts) => parts.iter().all(|part| part.may_hold(ranges, left)),
            Formula::Any(parts) => parts.iter().any(|part| part.may_hold(ranges, left)),
        }
    }

    /// Whether it holds whatever the unknowns are between their bounds, as far as each by itself tells.
    pub fn holds_anyway(&self, ranges: &[Range], left: &mut u32) -> bool {
        *left = left.saturating_sub(1);
        match self {
            Formula::One(condition) => condition.holds_anyway(ranges),
            Formula::All(parts) => parts.iter().all(|part| part.holds_anyway(ranges, left)),
            Formula::Any(parts) => parts.iter().any(|part| part.holds_anyway(ranges, left)),
        }
    }
}
