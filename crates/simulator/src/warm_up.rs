//! The beginning of a run, in which the process fills: how long it is, and whether it counts.

use std::str::FromStr;

use grieta_core::definition::{Span, Unit};
use grieta_core::{Duration, Timestamp};
use serde::Serialize;

use crate::statistics::Series;

/// Which cases are left out of all figures, because they met a process that was still filling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WarmUp {
    /// None.
    #[default]
    None,
    /// Those that [`WarmUpResult::found_cases`] says; the experiment is run once more to find them.
    Auto,
    /// The first so many of each replication.
    Cases(u64),
    /// Those that arrive in this time from the start.
    Time(Duration),
}

impl FromStr for WarmUp {
    type Err = String;

    fn from_str(text: &str) -> Result<WarmUp, String> {
        let time = |span: Span| match span {
            Span { unit: Unit::Elapsed, amount } if amount > 0 => Some(WarmUp::Time(Duration::from_micros(amount))),
            _ => None,
        };
        let wrong =
            || format!("expected `auto`, `none`, a number of cases or elapsed time such as `30d`, found `{text}`");
        match text {
            "none" => Ok(WarmUp::None),
            "auto" => Ok(WarmUp::Auto),
            _ if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().map(WarmUp::Cases).map_err(|_| wrong()),
            _ => text.parse().ok().and_then(time).ok_or_else(wrong),
        }
    }
}

/// Which arrivals of a replication do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Cut {
    #[default]
    None,
    Cases(u64),
    Until(Timestamp),
}

impl Cut {
    /// Whether the arrival of that number, at that time, is left out.
    #[inline]
    pub fn leaves_out(self, position: u64, at: Timestamp) -> bool {
        match self {
            Cut::None => false,
            Cut::Cases(first) => position < first,
            Cut::Until(end) => at < end,
        }
    }
}

/// How long the beginning is in which the process fills, by MSER-5 over the times of the cases from arrival to end, in the
/// order of their arrival, averaged over replications.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WarmUpResult {
    /// So many cases of each replication belong to it.
    pub found_cases: u64,
    /// How many there are in each replication.
    pub of_cases: u64,
    /// Whether the run is long enough to tell: where that is near half of all cases or more, it is not.
    pub long_enough: bool,
    /// The mean time from arrival to end of the cases after it.
    pub mean_after_s: f64,
    /// How many cases of each replication were left out of all figures.
    pub left_out_cases: u64,
}

/// Beyond this share of a run its beginning is too near half of it.
const MOST_SHARE: f64 = 0.4;

/// Whether so many cases are too many to leave out of so many.
pub(crate) fn is_too_much(cut: u64, of: u64) -> bool {
    cut as f64 > MOST_SHARE * of as f64
}

/// What the series of all replications says; `None` where it is too short to say anything.
pub(crate) fn find(series: &Series, of_cases: u64, left_out_cases: u64) -> Option<WarmUpResult> {
    let (found_cases, mean) = series.truncation()?;
    let long_enough = !is_too_much(found_cases, of_cases);
    Some(WarmUpResult { found_cases, of_cases, long_enough, mean_after_s: mean / 1e6, left_out_cases })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_in_four_forms() {
        let check = |text: &str, expected: WarmUp| assert_eq!(text.parse(), Ok(expected), "{text}");
        check("none", WarmUp::None);
        check("auto", WarmUp::Auto);
        check("500", WarmUp::Cases(500));
        check("30d", WarmUp::Time(Duration::from_micros(Duration::DAY.as_micros() * 30)));
        for wrong in ["", "5 bd", "0d", "99999999999999999999", "soon"] {
            assert!(wrong.parse::<WarmUp>().is_err(), "{wrong}");
        }
    }
}
