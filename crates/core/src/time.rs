//! Points in time, days, and spans between them, in whole microseconds.

mod date;

use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

pub use date::Date;

/// A point in time: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// A length of elapsed time in microseconds; negative when it points backwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Timestamp = Timestamp(0);
    /// The latest point in time that can be named; arithmetic stops here instead of wrapping.
    pub const MAX: Timestamp = Timestamp(i64::MAX);

    /// The point that many microseconds after the epoch.
    #[inline]
    pub const fn from_micros(micros: i64) -> Self {
        Timestamp(micros)
    }

    /// Microseconds since the epoch.
    #[inline]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Microseconds from an earlier point to this one; exact however far apart they are.
    #[inline]
    pub const fn micros_since(self, earlier: Timestamp) -> u64 {
        self.0.wrapping_sub(earlier.0) as u64
    }

    /// The same point as a `chrono` value, or `None` when it lies outside the years that `chrono` can name.
    pub fn to_chrono(self) -> Option<chrono::DateTime<chrono::Utc>> {
        chrono::DateTime::from_timestamp_micros(self.0)
    }
}

impl From<chrono::DateTime<chrono::Utc>> for Timestamp {
    fn from(value: chrono::DateTime<chrono::Utc>) -> Self {
        Timestamp(value.timestamp_micros())
    }
}

impl FromStr for Timestamp {
    type Err = chrono::ParseError;

    /// Reads RFC 3339, as in `2026-03-02T09:00:00+01:00`.
    fn from_str(text: &str) -> Result<Timestamp, chrono::ParseError> {
        chrono::DateTime::parse_from_rfc3339(text).map(|point| point.with_timezone(&chrono::Utc).into())
    }
}

impl Duration {
    /// No time at all.
    pub const ZERO: Duration = Duration(0);
    /// One second.
    pub const SECOND: Duration = Duration(1_000_000);
    /// One minute.
    pub const MINUTE: Duration = Duration(60 * Self::SECOND.0);
    /// One hour.
    pub const HOUR: Duration = Duration(60 * Self::MINUTE.0);
    /// Twenty-four hours.
    pub const DAY: Duration = Duration(24 * Self::HOUR.0);
    /// Seven times twenty-four hours.
    pub const WEEK: Duration = Duration(7 * Self::DAY.0);

    /// That many microseconds.
    #[inline]
    pub const fn from_micros(micros: i64) -> Self {
        Duration(micros)
    }

    /// The length in microseconds.
    #[inline]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The length as business time, as in `7 bh` or `1 bh 30 bmin`; what is shorter than a minute in seconds.
    pub fn as_business(self) -> String {
        let sign = if self.0 < 0 { "−" } else { "" };
        let minutes = self.0.unsigned_abs() / Self::MINUTE.0.unsigned_abs();
        match (minutes / 60, minutes % 60) {
            (0, 0) => self.to_string(),
            (0, minutes) => format!("{sign}{minutes} bmin"),
            (hours, 0) => format!("{sign}{hours} bh"),
            (hours, minutes) => format!("{sign}{hours} bh {minutes} bmin"),
        }
    }

    /// The length in seconds, rounded to the nearest representable number.
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;
    #[inline]
    fn add(self, span: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(span.0))
    }
}

impl Sub for Timestamp {
    type Output = Duration;
    #[inline]
    fn sub(self, earlier: Timestamp) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }
}

impl Add for Duration {
    type Output = Duration;
    #[inline]
    fn add(self, other: Duration) -> Duration {
        Duration(self.0.saturating_add(other.0))
    }
}

impl Sub for Duration {
    type Output = Duration;
    #[inline]
    fn sub(self, other: Duration) -> Duration {
        Duration(self.0.saturating_sub(other.0))
    }
}

impl AddAssign for Duration {
    #[inline]
    fn add_assign(&mut self, other: Duration) {
        *self = *self + other;
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with as many fractional digits as needed; raw microseconds outside the nameable years.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_chrono() {
            Some(point) => f.write_str(&point.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
            None => write!(f, "{} µs", self.0),
        }
    }
}

impl fmt::Display for Duration {
    /// The two largest units that matter, as in `2 d 4 h`, `41 min 10 s` or `0.2 s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "−" } else { "" };
        let micros = self.0.unsigned_abs();
        let seconds = micros / 1_000_000;
        let (d, h, m, s) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
        let pair = |f: &mut fmt::Formatter<'_>, (a, big): (u64, &str), (b, small): (u64, &str)| match b {
            0 => write!(f, "{sign}{a} {big}"),
            _ => write!(f, "{sign}{a} {big} {b} {small}"),
        };
        match () {
            _ if d > 0 => pair(f, (d, "d"), (h, "h")),
            _ if h > 0 => pair(f, (h, "h"), (m, "min")),
            _ if m > 0 => pair(f, (m, "min"), (s, "s")),
            _ => write!(f, "{sign}{} s", micros as f64 / 1e6),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_shown_in_their_two_largest_units() {
        let check = |micros, expected: &str| assert_eq!(Duration::from_micros(micros).to_string(), expected);
        check(0, "0 s");
        check(200_000, "0.2 s");
        check(90 * 1_000_000, "1 min 30 s");
        check(Duration::HOUR.as_micros() * 52, "2 d 4 h");
        check(-Duration::HOUR.as_micros(), "−1 h");
        assert_eq!(Duration::from_micros(Duration::HOUR.as_micros() * 25 + 90_000_000).as_business(), "25 bh 1 bmin");
        assert_eq!(Duration::MINUTE.as_business(), "1 bmin");
        assert_eq!(Duration::SECOND.as_business(), "1 s");
    }

    #[test]
    fn points_in_time_are_read_as_they_are_shown() {
        let point: Timestamp = "2026-03-02T09:00:00.25+01:00".parse().unwrap();
        assert_eq!(point.to_string(), "2026-03-02T08:00:00.250Z");
        assert_eq!(point.to_string().parse(), Ok(point));
        assert!("yesterday".parse::<Timestamp>().is_err());
    }

    #[test]
    fn arithmetic_stops_at_the_ends_of_time() {
        assert_eq!(Timestamp::MAX + Duration::WEEK, Timestamp::MAX);
        assert_eq!(Timestamp::from_micros(i64::MIN) - Timestamp::MAX, Duration::from_micros(i64::MIN));
    }
}
