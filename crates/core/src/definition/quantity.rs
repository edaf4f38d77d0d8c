//! Durations and chances as people write them, held without loss.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// What a length of time is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Elapsed time, in microseconds: `s`, `min`, `h`, `d`, `w`.
    Elapsed,
    /// Time during which a calendar is open, in microseconds: `bmin`, `bh`.
    Business,
    /// Working days of a calendar, in millionths: `bd`.
    BusinessDays,
}

impl Unit {
    /// The unit and the number of base units for a suffix as written, such as `bh`.
    pub fn from_suffix(suffix: &str) -> Option<(Unit, i64)> {
        const SECOND: i64 = 1_000_000;
        Some(match suffix {
            "s" => (Unit::Elapsed, SECOND),
            "min" => (Unit::Elapsed, 60 * SECOND),
            "h" => (Unit::Elapsed, 3_600 * SECOND),
            "d" => (Unit::Elapsed, 86_400 * SECOND),
            "w" => (Unit::Elapsed, 7 * 86_400 * SECOND),
            "bmin" => (Unit::Business, 60 * SECOND),
            "bh" => (Unit::Business, 3_600 * SECOND),
            "bd" => (Unit::BusinessDays, 1_000_000),
            _ => return None,
        })
    }

    /// The suffix that was probably meant by a word such as `days`.
    pub(crate) fn meant(word: &str) -> Option<&'static str> {
        Some(match word.to_lowercase().replace([' ', '-', '.'], "").trim_end_matches('s') {
            // An `S` alone has lost its plural.
            "" | "sec" | "second" => "s",
            "m" | "minute" | "min" => "min",
            "h" | "hr" | "hour" => "h",
            "d" | "day" => "d",
            "w" | "wk" | "week" => "w",
            "bmin" | "businessminute" | "workingminute" => "bmin",
            "bh" | "bhour" | "businesshour" | "workinghour" | "officehour" => "bh",
            "bd" | "bday" | "businessday" | "workingday" | "workday" => "bd",
            _ => return None,
        })
    }

    /// The largest suffix that divides the amount.
    fn suffix(self, amount: i64) -> (&'static str, i64) {
        let candidates: &[&'static str] = match self {
            Unit::Elapsed => &["w", "d", "h", "min", "s"],
            Unit::Business => &["bh", "bmin"],
            Unit::BusinessDays => &["bd"],
        };
        let sized = candidates.iter().filter_map(|name| Unit::from_suffix(name).map(|(_, size)| (*name, size)));
        let mut last = ("", 1);
        for (name, size) in sized {
            if amount != 0 && amount % size == 0 {
                return (name, size);
            }
            last = (name, size);
        }
        last
    }
}

/// The suffixes a duration may have, for messages.
const SUFFIXES: &str = "s, min, h, d, w, bmin, bh or bd";

/// A fixed, non-negative length of time: `30 min`, `4 bh`, `5 bd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Span {
    /// How many base units of [`Unit`].
    pub amount: i64,
    /// What is counted.
    pub unit: Unit,
}

impl Span {
    /// That many minutes of elapsed time.
    pub const fn minutes(minutes: u32) -> Span {
        Span { amount: minutes as i64 * 60_000_000, unit: Unit::Elapsed }
    }

    /// That many hours of elapsed time.
    pub const fn hours(hours: u32) -> Span {
        Span { amount: hours as i64 * 3_600_000_000, unit: Unit::Elapsed }
    }

    /// That many hours of business time.
    pub const fn business_hours(hours: u32) -> Span {
        Span { amount: hours as i64 * 3_600_000_000, unit: Unit::Business }
    }

    /// That many working days.
    pub const fn business_days(days: u32) -> Span {
        Span { amount: days as i64 * 1_000_000, unit: Unit::BusinessDays }
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Span, String> {
        let text = text.trim();
        let split =
            text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-' || c == '+')).unwrap_or(text.len());
        let (number, suffix) = (&text[..split], text[split..].trim_start());
        let expected = || format!("expected a number and one of {SUFFIXES}, as in `30 min` or `4 bh`, found `{text}`");
        if number.starts_with('-') {
            return Err(format!("a duration cannot be negative, found `{text}`"));
        }
        let (unit, size) = Unit::from_suffix(suffix).ok_or_else(expected)?;
        let amount = decimal(number, 9).ok_or_else(expected)?;
        // The number is in billionths; the product is exact before it is rounded to a base unit.
        let product = amount.checked_mul(i128::from(size)).ok_or_else(expected)?;
        let amount =
            i64::try_from((product + 500_000_000) / 1_000_000_000).ok().filter(|amount| *amount <= i64::MAX / 4);
        amount.map(|amount| Span { amount, unit }).ok_or_else(|| format!("the duration `{text}` is too long"))
    }
}

impl Span {
    /// The length of time that was probably meant by a text that is none, such as `2 days`.
    pub(crate) fn meant(text: &str) -> Option<String> {
        let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, word) = text.split_at(digits);
        let meant = format!("{number} {}", Unit::meant(word.trim()).filter(|_| !word.trim().is_empty())?);
        meant.parse::<Span>().ok().map(|_| meant)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (suffix, size) = self.unit.suffix(self.amount);
        write!(f, "{} {suffix}", fixed(i128::from(self.amount), i128::from(size)))
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A probability between 0 and 1, held in trillionths so that sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Chance(u64);

impl Chance {
    /// Certainty, in the unit of [`Chance::trillionths`].
    pub const WHOLE: u64 = 1_000_000_000_000;

    /// The chance of that many trillionths, or `None` above 1.
    pub const fn from_trillionths(parts: u64) -> Option<Chance> {
        if parts <= Self::WHOLE { Some(Chance(parts)) } else { None }
    }

    /// That many per cent; more than 100 counts as 100.
    pub const fn percent(percent: u8) -> Chance {
        Chance(if percent >= 100 { Self::WHOLE } else { percent as u64 * (Self::WHOLE / 100) })
    }

    /// The chance in trillionths.
    pub const fn trillionths(self) -> u64 {
        self.0
    }

    /// The chance as a number between 0 and 1.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / Self::WHOLE as f64
    }
}

impl FromStr for Chance {
    type Err = String;

    fn from_str(text: &str) -> Result<Chance, String> {
        let text = text.trim();
        let (number, places) = match text.strip_suffix('%') {
            Some(percent) => (percent.trim_end(), 10),
            None => (text, 12),
        };
        let parts = decimal(number, places)
            .ok_or_else(|| format!("expected a share such as `18%` or `0.18`, found `{text}`"))?;
        u64::try_from(parts)
            .ok()
            .and_then(Chance::from_trillionths)
            .ok_or_else(|| format!("a share lies between 0 % and 100 %, found `{text}`"))
    }
}

impl Chance {
    /// The chance that was probably meant by a text that is none: `18` by `18%`, `1/4` by `25%`.
    pub(crate) fn meant(text: &str) -> Option<String> {
        let number = text.trim_end_matches(|c: char| c.is_alphabetic() || c == ' ');
        let percent = match number.split_once('/') {
            Some((part, whole)) => fixed(
                100 * part.parse::<u32>().ok().map(i128::from)?,
                i128::from(whole.parse::<u32>().ok().filter(|whole| *whole > 0)?),
            ),
            None => number.to_owned(),
        };
        let meant = format!("{percent}%");
        meant.parse::<Chance>().ok().map(|_| meant)
    }
}

impl fmt::Display for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", fixed(i128::from(self.0), i128::from(Self::WHOLE / 100)))
    }
}

impl Serialize for Chance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A plain decimal number times 10^places, rounded half away from zero; `None` when it is not one or is absurdly long.
pub(crate) fn decimal(text: &str, places: usize) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + fraction.len() == 0
        || whole.len() > 18
        || fraction.len() > 64
        || !all_digits(whole)
        || !all_digits(fraction)
    {
        return None;
    }
    let mut value: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(places)) {
        value = value * 10 + i128::from(digit - b'0');
    }
    if fraction.as_bytes().get(places).is_some_and(|next| *next >= b'5') {
        value += 1;
    }
    Some(if negative { -value } else { value })
}

/// `amount / size` in decimal notation with at most ten places and no trailing zeros.
pub(crate) fn fixed(amount: i128, size: i128) -> String {
    const TEN_PLACES: i128 = 10_000_000_000;
    let parts = (amount * TEN_PLACES + size / 2) / size;
    let (whole, fraction) = (parts / TEN_PLACES, parts % TEN_PLACES);
    match format!("{fraction:010}").trim_end_matches('0') {
        "" => whole.to_string(),
        places => format!("{whole}.{places}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_written_without_loss() {
        let check = |text: &str, amount, unit, shown: &str| {
            let span: Span = text.parse().unwrap();
            assert_eq!(span, Span { amount, unit }, "{text}");
            assert_eq!(span.to_string(), shown);
            assert_eq!(shown.parse::<Span>().unwrap(), span);
        };
        check("30 min", 1_800_000_000, Unit::Elapsed, "30 min");
        check("4bh", 14_400_000_000, Unit::Business, "4 bh");
        check("0.5 bd", 500_000, Unit::BusinessDays, "0.5 bd");
        check("90 s", 90_000_000, Unit::Elapsed, "90 s");
        check("0 min", 0, Unit::Elapsed, "0 s");
        check("0.2 min", 12_000_000, Unit::Elapsed, "12 s");
    }

    #[test]
    fn what_is_not_a_span_is_refused() {
        for text in ["", "4", "-1 h", "four hours", "1 month", "1e3 s", "99999999999999999 w", "1.2.3 h", ". h"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_quantity_is_read_back_as_it_was_written() {
        for parts in (0..Chance::WHOLE).step_by(7_919_999_983).chain([1, 333_333_333_333, Chance::WHOLE]) {
            let chance = Chance::from_trillionths(parts).unwrap();
            assert_eq!(chance.to_string().parse::<Chance>(), Ok(chance));
        }
        for amount in (0..4_000_000_000_000).step_by(7_919_999_983).chain([1, 59_999_999, 86_400_000_001]) {
            for unit in [Unit::Elapsed, Unit::Business, Unit::BusinessDays] {
                let span = Span { amount, unit };
                assert_eq!(span.to_string().parse::<Span>(), Ok(span));
            }
        }
    }

    #[test]
    fn chances_are_exact() {
        let check = |text: &str, parts| assert_eq!(text.parse::<Chance>().unwrap().trillionths(), parts, "{text}");
        check("18%", 180_000_000_000);
        check("0.18", 180_000_000_000);
        check("74.1 %", 741_000_000_000);
        check("1", Chance::WHOLE);
        check("0", 0);
        for text in ["", "101%", "-1%", "1.01", "half", "%", "."] {
            assert!(text.parse::<Chance>().is_err(), "{text}");
        }
        assert_eq!("7.9%".parse::<Chance>().unwrap().to_string(), "7.9%");
    }
}
