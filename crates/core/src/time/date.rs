//! What a date is: a day of the calendar, the same everywhere.

use std::fmt;
use std::ops::Sub;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use super::Duration;

/// A day of the calendar, without a time of day or a zone, in the years 0001 to 9999.
///
/// ```
/// use grieta_core::{Date, Duration};
/// let eve: Date = "2026-12-24".parse()?;
/// assert_eq!(eve - Date::from_ymd(2026, 12, 1).expect("a day of December"), Duration::from_micros(23 * 86_400_000_000));
/// assert_eq!(eve.checked_add_days(8).map(|day| day.to_string()).as_deref(), Some("2027-01-01"));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Date(i32);

/// 1970-01-01 as `chrono` counts days, from 1 for 0001-01-01.
const EPOCH: i32 = 719_163;

impl Date {
    /// 0001-01-01.
    pub const MIN: Date = Date(1 - EPOCH);
    /// 9999-12-31.
    pub const MAX: Date = Date(2_932_896);

    /// The day that many days after 1970-01-01; `None` outside the years 0001 to 9999.
    pub const fn from_days(days: i32) -> Option<Date> {
        if days < Self::MIN.0 || days > Self::MAX.0 { None } else { Some(Date(days)) }
    }

    /// Days since 1970-01-01.
    #[inline]
    pub const fn as_days(self) -> i32 {
        self.0
    }

    /// The day of that year, month (from 1) and day of the month (from 1); `None` when there is none.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Date> {
        let day = NaiveDate::from_ymd_opt(year, month, day)?;
        (1..=9999).contains(&year).then(|| Date::from(day))
    }

    /// The same day as a `chrono` value.
    pub fn to_chrono(self) -> NaiveDate {
        // Every day of the years 0001 to 9999 has one.
        NaiveDate::from_num_days_from_ce_opt(self.0 + EPOCH).unwrap_or_default()
    }

    /// The day that many days later; `None` outside the years 0001 to 9999.
    pub fn checked_add_days(self, days: i64) -> Option<Date> {
        let days = i64::from(self.0).checked_add(days)?;
        Date::from_days(i32::try_from(days).ok()?)
    }

    /// The days from the earlier day to this one, of 24 hours each.
    fn time_since(self, earlier: Date) -> Duration {
        Duration::from_micros(self.days_since(earlier) * Duration::DAY.as_micros())
    }

    /// Days from the earlier day to this one; negative when it is the later one.
    pub fn days_since(self, earlier: Date) -> i64 {
        i64::from(self.0) - i64::from(earlier.0)
    }
}

impl From<NaiveDate> for Date {
    /// The same day; the nearest one for a day outside the years 0001 to 9999.
    fn from(day: NaiveDate) -> Date {
        Date((day.num_days_from_ce() - EPOCH).clamp(Self::MIN.0, Self::MAX.0))
    }
}

impl Sub for Date {
    type Output = Duration;

    /// The days between, of 24 hours each.
    fn sub(self, earlier: Date) -> Duration {
        self.time_since(earlier)
    }
}

impl FromStr for Date {
    type Err = String;

    /// Reads four digits of the year, two of the month and two of the day, as in `2026-12-24`.
    fn from_str(text: &str) -> Result<Date, String> {
        let expected = || format!("expected a day such as `2026-12-24`, found `{text}`");
        let pattern = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        if text.len() != 10 || !text.bytes().enumerate().all(pattern) {
            return Err(expected());
        }
        let number = |part: &str| part.parse::<u32>().ok();
        let parts = (number(&text[..4]), number(&text[5..7]), number(&text[8..]));
        let (Some(year), Some(month), Some(day)) = parts else { return Err(expected()) };
        let missing = || format!("there is no day `{text}` in the years 0001 to 9999");
        Date::from_ymd(i32::try_from(year).unwrap_or(0), month, day).ok_or_else(missing)
    }
}

impl fmt::Display for Date {
    /// As [`Date::from_str`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.to_chrono();
        write!(f, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_read_as_they_are_shown() {
        let check = |text: &str, days| {
            let date: Date = text.parse().unwrap();
            assert_eq!(date.as_days(), days, "{text}");
            assert_eq!(date.to_string(), text);
        };
        check("1970-01-01", 0);
        check("2024-02-29", 19_782);
        check("0001-01-01", Date::MIN.as_days());
        check("9999-12-31", Date::MAX.as_days());
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["", "2026-2-3", "2026-12-24 ", "+026-12-24", "24.12.2026", "2026/12/24", "20261224", "2026-12-2ß"]
        {
            let expected = format!("expected a day such as `2026-12-24`, found `{text}`");
            assert_eq!(text.parse::<Date>(), Err(expected));
        }
        for text in ["2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "0000-01-01"] {
            assert_eq!(text.parse::<Date>(), Err(format!("there is no day `{text}` in the years 0001 to 9999")));
        }
    }

    #[test]
    fn no_day_lies_outside_the_years() {
        assert_eq!(Date::from(NaiveDate::MAX), Date::MAX);
        assert_eq!(Date::from(NaiveDate::MIN), Date::MIN);
        assert_eq!(Date::MAX.checked_add_days(1), None);
        assert_eq!(Date::MIN.checked_add_days(-1), None);
        assert_eq!(Date::MIN.checked_add_days(i64::MIN), None);
        assert_eq!(Date::from_ymd(10_000, 1, 1), None);
        assert_eq!(Date::from_days(i32::MAX), None);
    }

    proptest! {
        #[test]
        fn arithmetic_agrees_with_chrono(a in Date::MIN.0..=Date::MAX.0, b in Date::MIN.0..=Date::MAX.0) {
            let (a, b) = (Date(a), Date(b));
            prop_assert_eq!(Date::from(a.to_chrono()), a);
            prop_assert_eq!(a.to_string(), a.to_chrono().to_string());
            prop_assert_eq!(a.to_string().parse(), Ok(a));
            let between = a.to_chrono().signed_duration_since(b.to_chrono());
            prop_assert_eq!(a.days_since(b), between.num_days());
            prop_assert_eq!(Some((a - b).as_micros()), between.num_microseconds());
            prop_assert_eq!(b.checked_add_days(between.num_days()), Some(a));
        }
    }
}
