//! Arrivals at fixed times of the day.

use chrono::{NaiveDate, NaiveTime};
use grieta_core::calendar::Calendar;
use grieta_core::{Duration, Timestamp};

/// Times of the local day, on days on which a calendar opens.
#[derive(Debug)]
pub(super) struct Daily {
    /// In ascending order, each once.
    times: Vec<NaiveTime>,
    calendar: Calendar,
}

/// A calendar that does not open for so many days does not open any more.
const LONGEST: usize = 400;

impl Daily {
    pub fn compile(times: &[String], calendar: Calendar) -> Result<Daily, String> {
        let time = |text: &String| {
            let read = NaiveTime::parse_from_str(text.trim(), "%H:%M");
            read.map_err(|_| format!("expected a time of the day such as `08:00`, found `{text}`"))
        };
        let mut times = times.iter().map(time).collect::<Result<Vec<_>, _>>()?;
        times.sort_unstable();
        times.dedup();
        match times.is_empty() {
            true => Err("expected at least one time of the day, as in `[\"08:00\"]`".to_owned()),
            false => Ok(Daily { times, calendar }),
        }
    }

    /// The next time after that one; the end of time where there is none.
    pub fn after(&self, at: Timestamp) -> Timestamp {
        let days = self.calendar.local(at).date().iter_days().take(LONGEST).filter(|day| self.opens(*day));
        let times = days.flat_map(|day| self.times.iter().map(move |time| day.and_time(*time)));
        times.map(|time| self.calendar.local_to_utc(time)).find(|time| *time > at).unwrap_or(Timestamp::MAX)
    }

    fn opens(&self, day: NaiveDate) -> bool {
        let midnight = |day: NaiveDate| self.calendar.local_to_utc(day.and_time(NaiveTime::MIN));
        let next = day.succ_opt().map_or(Timestamp::MAX, midnight);
        self.calendar.open_between(midnight(day), next) > Duration::ZERO
    }

    /// How many arrive in a microsecond, in the long run.
    pub fn rate(&self, start: Timestamp) -> f64 {
        let days = self.calendar.local(start).date().iter_days().take(364).filter(|day| self.opens(*day)).count();
        (days * self.times.len()) as f64 / (364.0 * 86_400e6)
    }
}
