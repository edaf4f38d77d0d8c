//! How long a timer takes: a duration of ISO 8601, alone or as part of a cycle.

use grieta_core::definition::{Span, Unit};

use crate::xml::Element;

/// How long a timer takes of which the file does not say it as a duration: a date, an expression, nothing at all.
const UNSAID: Span = Span::hours(1);

/// The time until a timer event happens.
pub(super) fn of(timer: &Element) -> Span {
    let written = timer.child("timeDuration").or_else(|| timer.child("timeCycle"));
    written.and_then(|written| iso(written.text().rsplit('/').next().unwrap_or_default())).unwrap_or(UNSAID)
}

/// `P1Y2M3W4DT5H6M7S`, with a month of 30 days and a year of 365.
fn iso(text: &str) -> Option<Span> {
    let (days, time) = match text.trim().strip_prefix('P')?.split_once('T') {
        Some((days, time)) => (days, time),
        None => (text.trim().strip_prefix('P')?, ""),
    };
    let day = 86_400;
    let days = sum(days, &[('Y', 365 * day), ('M', 30 * day), ('W', 7 * day), ('D', day)])?;
    let amount = days.checked_add(sum(time, &[('H', 3_600), ('M', 60), ('S', 1)])?)?;
    (amount > 0 && amount <= i64::MAX / 4).then_some(Span { amount, unit: Unit::Elapsed })
}

/// Numbers, each with one of the letters, in microseconds; a letter stands for so many seconds.
fn sum(text: &str, seconds: &[(char, i64)]) -> Option<i64> {
    let mut rest = text;
    let mut sum: i64 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, unit) = (&rest[..end], rest[end..].chars().next()?);
        let size = seconds.iter().find(|(letter, _)| *letter == unit).map(|(_, size)| *size)?;
        let number: Span = format!("{} s", number.replace(',', ".")).parse().ok()?;
        sum = sum.checked_add(number.amount.checked_mul(size)?)?;
        rest = &rest[end + 1..];
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_they_are_written() {
        let table = [
            ("PT10M", Some("10 min")),
            ("P1DT2H", Some("26 h")),
            ("P2W", Some("2 w")),
            ("PT0.5H", Some("30 min")),
            ("PT1,5S", Some("1.5 s")),
            ("P1M", Some("30 d")),
            ("PT", None),
            ("10 min", None),
            ("P1", None),
            ("PT5X", None),
            ("P99999999999999Y", None),
            ("PT-5M", None),
            ("${delay}", None),
        ];
        for (written, expected) in table {
            assert_eq!(iso(written), expected.map(|text| text.parse().unwrap_or(UNSAID)), "{written}");
        }
    }
}
