//! How a duration is read and written: a number and a unit, exact to the microsecond.

use crate::definition::{Span, Unit, decimal};
use crate::time::Duration;

/// Reads elapsed time as the format writes it, such as `90 min`; it may be negative, because a difference may be.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let expected = || format!("expected elapsed time in s, min, h, d or w, as in `90 min`, found `{text}`");
    let trimmed = text.trim();
    let split = trimmed.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-'))).unwrap_or(trimmed.len());
    let (number, suffix) = (&trimmed[..split], trimmed[split..].trim_start());
    let Some((Unit::Elapsed, size)) = Unit::from_suffix(suffix) else { return Err(expected()) };
    let billionths = decimal(number, 9).ok_or_else(expected)?;
    let too_long = || format!("the duration `{text}` is too long; at most 292,000 years can be named");
    let product = billionths.checked_mul(i128::from(size)).ok_or_else(too_long)?;
    // Half a microsecond is rounded away from zero.
    let micros = (product + product.signum() * 500_000_000) / 1_000_000_000;
    i64::try_from(micros).map(Duration::from_micros).map_err(|_| too_long())
}

/// As [`parse`] reads it, in the largest unit that divides it.
pub(crate) fn show(duration: Duration) -> String {
    let micros = duration.as_micros();
    match micros.checked_abs() {
        Some(amount) if micros >= 0 => Span { amount, unit: Unit::Elapsed }.to_string(),
        Some(amount) => format!("-{}", Span { amount, unit: Unit::Elapsed }),
        // The one length without an opposite.
        None => "-9223372036854.775808 s".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn durations_are_read_and_written_exactly() {
        let check = |text: &str, micros, shown: &str| {
            assert_eq!(parse(text), Ok(Duration::from_micros(micros)), "{text}");
            assert_eq!(show(Duration::from_micros(micros)), shown);
        };
        check("90 min", 5_400_000_000, "90 min");
        check("1.5h", 5_400_000_000, "90 min");
        check(" 14 d ", 1_209_600_000_000, "2 w");
        check("0 h", 0, "0 s");
        check("-2 h", -7_200_000_000, "-2 h");
        check("0.000001 s", 1, "0.000001 s");
        check("0.0000005 s", 1, "0.000001 s");
        check("9223372036854.775807 s", i64::MAX, "9223372036854.775807 s");
        check("-9223372036854.775808 s", i64::MIN, "-9223372036854.775808 s");
    }

    #[test]
    fn what_is_no_elapsed_time_is_refused() {
        for text in ["", "4", "4 bh", "1 bd", "--1 h", "1-2 h", "four hours", "1 d 4 h", "h", "+1 h"] {
            let expected = format!("expected elapsed time in s, min, h, d or w, as in `90 min`, found `{text}`");
            assert_eq!(parse(text), Err(expected));
        }
        assert!(parse("9223372036854.775808 s").unwrap_err().contains("is too long"));
        assert!(parse("999999999999999999 w").unwrap_err().contains("is too long"));
    }

    proptest! {
        #[test]
        fn every_duration_is_read_back(micros in any::<i64>(), unit in 1_i64..700_000_000_000) {
            for duration in [micros, micros / unit * unit, micros % unit].map(Duration::from_micros) {
                prop_assert_eq!(parse(&show(duration)), Ok(duration));
            }
        }
    }
}
