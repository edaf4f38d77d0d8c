//! Times at which more cases come than usual, or fewer.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::form::absent;
use super::{Factor, Span};

/// A time at which so many times as many cases come. Where several meet, their factors are multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Peak {
    /// Once, or again and again.
    From {
        /// How long after simulated time begins.
        from: Span,
        /// For how long.
        lasts: Span,
        /// How long it is from one beginning to the next, in elapsed time; absent where it happens once.
        #[serde(skip_serializing_if = "absent")]
        every: Option<Span>,
        /// So many times as many.
        times: Factor,
    },
    /// On these days of every month.
    OfMonth {
        /// From which to which.
        days: MonthDays,
        /// So many times as many.
        times: Factor,
    },
}

/// Days of a month, such as `26-31`. A month that has fewer days ends with its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct MonthDays {
    first: u8,
    last: u8,
}

impl MonthDays {
    /// Whether a day of the month, from 1, is one of them.
    pub fn contains(self, day: u32) -> bool {
        (u32::from(self.first)..=u32::from(self.last)).contains(&day)
    }

    /// Whether that is every day.
    pub fn is_whole(self) -> bool {
        (self.first, self.last) == (1, 31)
    }

    /// The days that were probably meant by a text that names none.
    pub(crate) fn meant(text: &str) -> Option<String> {
        let plain: String = text.chars().map(|c| if c.is_ascii_digit() { c } else { ' ' }).collect();
        let days: Vec<&str> = plain.split_whitespace().collect();
        let meant = match days[..] {
            [day] => day.to_owned(),
            [first, last] => format!("{first}-{last}"),
            _ => return None,
        };
        meant.parse::<MonthDays>().ok().map(|_| meant)
    }
}

impl FromStr for MonthDays {
    type Err = String;

    fn from_str(text: &str) -> Result<MonthDays, String> {
        let day = |text: &str| text.trim().parse::<u8>().ok().filter(|day| (1..=31).contains(day));
        let days = match text.split_once('-') {
            Some((first, last)) => day(first).zip(day(last)),
            None => day(text).map(|day| (day, day)),
        };
        let days = days.filter(|(first, last)| first <= last).map(|(first, last)| MonthDays { first, last });
        days.ok_or_else(|| format!("expected days of the month such as `26-31`, found `{text}`"))
    }
}

impl fmt::Display for MonthDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.first == self.last {
            true => write!(f, "{}", self.first),
            false => write!(f, "{}-{}", self.first, self.last),
        }
    }
}

impl Serialize for MonthDays {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_a_month_are_read_and_written() {
        for text in ["26-31", "1-31", "28"] {
            assert_eq!(text.parse::<MonthDays>().unwrap().to_string(), text);
        }
        for text in ["", "0-3", "5-2", "26-32", "a-b", "1-2-3", "-1"] {
            assert!(text.parse::<MonthDays>().is_err(), "{text}");
        }
        assert_eq!(MonthDays::meant("26 to 31").as_deref(), Some("26-31"));
        assert_eq!(MonthDays::meant("26. - 31.").as_deref(), Some("26-31"));
        assert_eq!(MonthDays::meant("late"), None);
    }
}
