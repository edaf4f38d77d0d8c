//! Reads lengths of time, chances and distributions, and insists on a unit where time is meant.

use crate::definition::{Chance, Distribution};
use crate::diagnostic::Code;
pub(super) use crate::yaml::decode::span;
use crate::yaml::decode::{Value, parsed};

/// A share of cases.
pub(super) fn chance(value: Value<'_>) -> Option<Chance> {
    parsed(value, "a share such as `18%` or `0.18`", Code::InvalidChance, Chance::meant)
}

/// How long something takes.
pub(super) fn time(value: Value<'_>) -> Option<Distribution> {
    let read: Distribution =
        parsed(value, "a length of time or a distribution of it", Code::InvalidDistribution, Distribution::meant)?;
    if read.unit.is_some() {
        return Some(read);
    }
    let problem = value.problem(Code::InvalidDistribution, format!("`{read}` has no unit of time"));
    value.refuse(problem.help("add one of s, min, h, d, w, bmin, bh, bd, as in `6 min`"))
}

/// What a field may be: plain numbers or lengths of time, as its type will tell.
pub(super) fn sampled(value: Value<'_>) -> Option<Distribution> {
    parsed(value, "a distribution of plain numbers or of time", Code::InvalidDistribution, Distribution::meant)
}
