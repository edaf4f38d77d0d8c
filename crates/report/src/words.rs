//! How figures are said: counts, shares, lengths of time, and how sure one can be of them.

use grieta_simulator::words;
pub use grieta_simulator::words::{count, counted};

/// A share as per cent, with two significant digits below 10 %: `61 %`, `4.1 %`, `0.042 %`.
pub fn share(share: f64) -> String {
    format!("{} %", points(share))
}

/// A share as a number of per cent, without the sign: `61`, `4.1`, `−0.042`.
pub fn points(share: f64) -> String {
    let percent = share * 100.0;
    let size = percent.abs();
    let places = match size {
        0.0 => 0,
        9.95.. => 0,
        0.995.. => 1,
        0.0995.. => 2,
        _ => 3,
    };
    // What is nearly everything is not everything.
    let places = if size < 100.0 && format!("{size:.places$}") == "100" { 2 } else { places };
    signed(percent, places)
}

/// A length of time, given in seconds, in the unit a person would use: `41 min`, `2.4 h`, `5.1 d`.
pub fn time(seconds: f64) -> String {
    in_units(seconds, &[("s", 1.0, 60.0), ("min", 60.0, 60.0), ("h", 3_600.0, 24.0), ("d", 86_400.0, f64::INFINITY)])
}

/// A length of business time, which has no days of a fixed length: `30 bmin`, `2.4 bh`.
pub fn business_time(seconds: f64) -> String {
    in_units(seconds, &[("s", 1.0, 60.0), ("bmin", 60.0, 60.0), ("bh", 3_600.0, f64::INFINITY)])
}

/// By name, length and how many are still said in that unit.
fn in_units(seconds: f64, units: &[(&str, f64, f64)]) -> String {
    let size = seconds.abs();
    let fits = |(_, unit, most): &&(&str, f64, f64)| rounded(size / unit) < *most;
    let (name, unit, _) = units.iter().find(fits).unwrap_or(&("s", 1.0, 0.0));
    let amount = seconds / unit;
    let places = usize::from(amount != 0.0 && amount.abs() < 9.95 && rounded(amount.abs()) != amount.abs().round());
    format!("{} {name}", signed(amount, places))
}

/// A length of time, or a dash where there is none.
pub fn maybe_time(seconds: Option<f64>) -> String {
    seconds.map_or_else(dash, time)
}

/// A share, or a dash where there is none.
pub fn maybe_share(value: Option<f64>) -> String {
    value.map_or_else(dash, share)
}

/// An interval in words: `95 % sure 4.2 to 4.4 %`.
pub fn sure(interval: [f64; 2], say: impl Fn(f64) -> String) -> String {
    format!("95 % sure {}", between(interval, say))
}

/// The ends of an interval: `4.2 to 4.4 %`, with the unit once where both have the same.
pub fn between([low, high]: [f64; 2], say: impl Fn(f64) -> String) -> String {
    words::between(&say(low), &say(high))
}

/// What stands where there is no figure.
pub fn dash() -> String {
    "–".to_owned()
}

/// As it will be shown: one decimal below 10, none above.
fn rounded(amount: f64) -> f64 {
    if amount < 9.95 { (amount * 10.0).round() / 10.0 } else { amount.round() }
}

fn signed(amount: f64, places: usize) -> String {
    let size = format!("{:.places$}", amount.abs());
    let zero = size.bytes().all(|byte| byte == b'0' || byte == b'.');
    let (whole, fraction) = size.split_once('.').map_or((size.as_str(), None), |(a, b)| (a, Some(b)));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    let number = fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}"));
    if amount < 0.0 && !zero { format!("−{number}") } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_keep_two_digits() {
        let check = |value, expected: &str| assert_eq!(share(value), expected);
        check(0.0, "0 %");
        check(0.00042, "0.042 %");
        check(0.0041, "0.41 %");
        check(0.041, "4.1 %");
        check(0.0999, "10 %");
        check(0.614, "61 %");
        check(0.9999, "99.99 %");
        check(1.0, "100 %");
        check(1.13, "113 %");
        check(-0.93, "−93 %");
        check(12.9, "1,290 %");
    }

    #[test]
    fn times_are_said_in_the_unit_a_person_would_use() {
        let check = |seconds, expected: &str| assert_eq!(time(seconds), expected, "{seconds}");
        check(0.0, "0 s");
        check(0.24, "0.2 s");
        check(59.7, "1 min");
        check(41.0 * 60.0, "41 min");
        check(3_580.0, "1 h");
        check(2.42 * 3_600.0, "2.4 h");
        check(23.7 * 3_600.0, "1 d");
        check(5.1 * 86_400.0, "5.1 d");
        check(-90.0, "−1.5 min");
        check(1_234.0 * 86_400.0, "1,234 d");
        assert_eq!(business_time(30.0 * 3_600.0), "30 bh");
    }

    #[test]
    fn an_interval_names_its_unit_once() {
        assert_eq!(sure([0.042, 0.044], share), "95 % sure 4.2 to 4.4 %");
        assert_eq!(sure([3_000.0, 7_200.0], time), "95 % sure 50 min to 2 h");
    }
}
