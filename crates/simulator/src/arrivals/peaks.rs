//! By how much more comes at some times than at others.

use chrono::{Datelike, NaiveTime};
use grieta_core::calendar::Calendar;
use grieta_core::definition::{MonthDays, Peak, Span, Unit};
use grieta_core::{Duration, Timestamp};

/// Peaks, compiled.
#[derive(Debug)]
pub(crate) struct Peaks {
    peaks: Vec<(When, f64)>,
    calendar: Calendar,
}

#[derive(Debug)]
enum When {
    From { from: Timestamp, lasts: Span, every: Option<Duration> },
    OfMonth(MonthDays),
}

impl Peaks {
    pub fn new<'p>(peaks: impl Iterator<Item = &'p Peak>, calendar: Calendar, start: Timestamp) -> Peaks {
        let compiled = |peak: &Peak| match *peak {
            Peak::From { from, lasts, every, times } => {
                let every = every.map(|every| calendar.length(every));
                (When::From { from: after(&calendar, start, from), lasts, every }, times.as_f64())
            }
            Peak::OfMonth { days, times } => (When::OfMonth(days), times.as_f64()),
        };
        Peaks { peaks: peaks.map(compiled).collect(), calendar: calendar.clone() }
    }

    pub fn is_empty(&self) -> bool {
        self.peaks.is_empty()
    }

    /// So many times as many come at that time, and until when at least that holds.
    pub fn at(&self, at: Timestamp) -> (f64, Timestamp) {
        let each = self.peaks.iter().map(|(when, times)| {
            let (is_on, until) = when.at(at, &self.calendar);
            (if is_on { *times } else { 1.0 }, until)
        });
        each.fold((1.0, Timestamp::MAX), |(all, until), (times, its)| (all * times, until.min(its)))
    }
}

impl When {
    /// Whether it is that time, and until when that holds.
    fn at(&self, at: Timestamp, calendar: &Calendar) -> (bool, Timestamp) {
        match self {
            When::From { from, .. } if at < *from => (false, *from),
            When::From { from, lasts, every } => {
                let every = every.map_or(i64::MAX, |every| every.as_micros().max(1));
                let passed = (at - *from).as_micros() / every;
                let begin = |number: i64| *from + Duration::from_micros(every.saturating_mul(number));
                let (end, next) = (after(calendar, begin(passed), *lasts), begin(passed + 1));
                if at < end { (true, end.min(next)) } else { (false, next) }
            }
            When::OfMonth(days) => {
                let today = calendar.local(at).date();
                let is_on = days.contains(today.day());
                // No month has more than 31 days, so that a state which lasts longer lasts for ever.
                let changes = today.iter_days().skip(1).take(62).find(|day| days.contains(day.day()) != is_on);
                (is_on, changes.map_or(Timestamp::MAX, |day| calendar.local_to_utc(day.and_time(NaiveTime::MIN))))
            }
        }
    }
}

/// When that time has passed, on the calendar where it is business time.
pub(crate) fn after(calendar: &Calendar, at: Timestamp, span: Span) -> Timestamp {
    match span.unit {
        Unit::Elapsed => at + calendar.length(span),
        Unit::Business | Unit::BusinessDays => calendar.add(at, calendar.length(span)),
    }
}
