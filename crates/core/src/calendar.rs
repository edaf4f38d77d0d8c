//! When a calendar is open: exact arithmetic over business time, in constant time for any distance.
//!
//! The time line is cut where the offset of the zone changes and where holidays and the windows of
//! exceptional days begin and end. Within such a segment
//! local time runs evenly, so that the open time since its start is a closed formula over the week. Every question looks
//! up a segment and searches within the week; nothing walks over days.

mod read;
#[cfg(test)]
mod tests;
mod week;
mod zone;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use crate::definition::{CalendarSpec, Span, Unit, Window};
use crate::diagnostic::{Path, Problem};
use crate::time::{Duration, Timestamp};
use week::{DAY, Week};
use zone::{Shift, shifts};

/// When a calendar is open, ready for arithmetic. Openings contain their first instant and not their last.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use grieta_core::calendar::Calendar;
/// use grieta_core::definition::CalendarSpec;
/// use grieta_core::diagnostic::Path;
/// use grieta_core::time::{Duration, Timestamp};
///
/// let spec = CalendarSpec {
///     zone: Some("Europe/Madrid".into()),
///     week: [("mon-fri".to_owned(), "09:00-18:00".to_owned())].into_iter().collect(),
///     ..CalendarSpec::default()
/// };
/// let office = Calendar::compile("office", &spec, &Path::default()).expect("a calendar without problems");
/// let at = |text: &str| Timestamp::from(text.parse::<DateTime<Utc>>().expect("a time"));
/// // Two hours from Friday 17:00: one is left today, one follows on Monday.
/// let two_hours = Duration::HOUR + Duration::HOUR;
/// assert_eq!(office.add(at("2026-03-27T16:00:00Z"), two_hours), at("2026-03-30T08:00:00Z"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    zone: Tz,
    windows: Box<[Window]>,
    week: Week,
    /// Ascending, never empty; the first begins at [`EARLIEST`].
    shifts: Box<[Shift]>,
    /// Ascending, never empty; the first begins at [`EARLIEST`].
    segments: Box<[Segment]>,
    /// For each stretch of 2^[`STRETCH`] µs since 1970: the last segment that begins no later than it.
    index: Box<[u32]>,
    /// The open time between [`EARLIEST`] and [`LATEST`].
    whole: i64,
    always: bool,
}

/// A stretch of time in which local time runs evenly and one rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    /// In microseconds of UTC.
    start: i64,
    /// What to add for local time.
    offset: i64,
    rule: Rule,
    /// The open time from [`EARLIEST`] to `start`.
    before: i64,
    /// What to add to [`Week::opened`] for the open time since [`EARLIEST`].
    base: i64,
}

/// When a stretch of time is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// By the windows of the week.
    Week,
    /// All of it.
    Open,
    /// Nothing of it.
    Closed,
}

/// Where time begins and ends for a calendar, about 146,000 years from 1970: within, no sum overflows.
const EARLIEST: i64 = -LATEST;
const LATEST: i64 = i64::MAX / 2;
/// 2⁴² µs are 51 days: few segments begin in a stretch, and few stretches cover the years that have any.
const STRETCH: u32 = 42;
/// So many segments are tried one by one before a search, because most business time ends soon.
const NEAR: usize = 4;

impl Calendar {
    /// Prepares a calendar for arithmetic; `path` is where it stands, such as `calendars.office`.
    ///
    /// # Errors
    /// Everything that is wrong with it, with paths below `path`.
    pub fn compile(name: &str, spec: &CalendarSpec, path: &Path) -> Result<Calendar, Vec<Problem>> {
        let reading = read::read(name, spec, path)?;
        let week = Week::new(&reading.windows).unwrap_or_else(Week::always);
        let special = special(&reading.holidays, &reading.exceptions);
        Ok(Calendar::of(reading.zone, reading.windows, week, &special))
    }

    /// The calendar that never closes, in UTC.
    pub fn always() -> Calendar {
        let windows = (0..7).map(|day| Window { day, from: 0, until: 24 * 60 }).collect();
        Calendar::of(Tz::UTC, windows, Week::always(), &[])
    }

    fn of(zone: Tz, windows: Vec<Window>, week: Week, special: &[Special]) -> Calendar {
        let shifts = shifts(zone, EARLIEST);
        let (segments, whole) = segments(&shifts, special, &week);
        let always = week.never_closes() && special.iter().all(|piece| piece.rule == Rule::Open);
        let index = index(&segments).into();
        let (windows, shifts, segments) = (windows.into(), shifts.into(), segments.into());
        Calendar { zone, windows, week, shifts, segments, index, whole, always }
    }

    /// True when it never closes.
    #[inline]
    pub fn always_open(&self) -> bool {
        self.always
    }

    /// Whether it is open at that instant.
    #[inline]
    pub fn is_open(&self, at: Timestamp) -> bool {
        let at = within(at);
        let segment = &self.segments[self.position(at)];
        match segment.rule {
            Rule::Week => self.week.is_open(at + segment.offset),
            Rule::Open => true,
            Rule::Closed => self.always,
        }
    }

    /// The open time from `a` to `b`; negative when `b` is earlier.
    #[inline]
    pub fn open_between(&self, a: Timestamp, b: Timestamp) -> Duration {
        if self.always {
            return b - a;
        }
        let opened = |at| self.opened(at, self.position(at));
        Duration::from_micros(opened(within(b)) - opened(within(a)))
    }

    /// The earliest instant by which it has been open so long since `at`: `at` itself for no time or less, a closing
    /// time rather than the next opening, [`Timestamp::MAX`] when that lies beyond all time.
    #[inline]
    pub fn add(&self, at: Timestamp, span: Duration) -> Timestamp {
        if self.always || span <= Duration::ZERO {
            return at + span.max(Duration::ZERO);
        }
        let position = self.position(within(at));
        let target = self.opened(within(at), position).saturating_add(span.as_micros());
        if target > self.whole {
            return Timestamp::MAX;
        }
        let segment = self.last_segment(position, |segment| segment.before < target);
        Timestamp::from_micros(match segment.rule {
            Rule::Open => segment.start + target - segment.before,
            Rule::Week | Rule::Closed => self.week.reached(target - segment.base) - segment.offset,
        })
    }

    /// The first instant from `at` on at which it is open; `at` itself when it is open.
    pub fn next_opening(&self, at: Timestamp) -> Option<Timestamp> {
        if self.is_open(at) {
            return Some(at);
        }
        let at = within(at);
        let position = self.position(at);
        let opened = self.opened(at, position);
        // The segment in which open time goes on to grow.
        let segment = self.last_segment(position, |segment| segment.before <= opened);
        let from = at.max(segment.start);
        let opening = match segment.rule {
            Rule::Week => self.week.next_open(from + segment.offset) - segment.offset,
            Rule::Open => from,
            Rule::Closed => return None,
        };
        (opening <= LATEST).then(|| Timestamp::from_micros(opening))
    }

    /// The first instant from `at` on at which it is closed; `at` itself when it is closed, `None` when it stays open
    /// for ever.
    pub fn next_closing(&self, at: Timestamp) -> Option<Timestamp> {
        if !self.is_open(at) {
            return Some(at);
        }
        let at = within(at);
        let position = self.position(at);
        let closed = at - self.opened(at, position);
        // The segment in which closed time goes on to grow.
        let segment = self.last_segment(position, |segment| segment.start - segment.before <= closed);
        let from = at.max(segment.start);
        if segment.rule == Rule::Closed {
            return Some(Timestamp::from_micros(from));
        }
        let closing = self.week.next_closed(from + segment.offset)? - segment.offset;
        (closing <= LATEST).then(|| Timestamp::from_micros(closing))
    }

    /// The open time that a length stands for: elapsed and business time for themselves, a `bd` for a
    /// [`Calendar::day_length`].
    pub fn length(&self, span: Span) -> Duration {
        match span.unit {
            Unit::Elapsed | Unit::Business => Duration::from_micros(span.amount),
            Unit::BusinessDays => {
                let micros = i128::from(span.amount) * i128::from(self.day_length().as_micros()) / 1_000_000;
                Duration::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
            }
        }
    }

    /// One business day: the weekly opening time divided by the number of weekdays on which it opens.
    pub fn day_length(&self) -> Duration {
        Duration::from_micros(self.week.day_length())
    }

    /// The opening windows of a week, ascending, without regard to holidays and exceptions.
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// The time zone in which its windows and holidays are meant.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// What clocks in the zone show; the nearest nameable time for instants that `chrono` cannot name.
    pub fn local(&self, at: Timestamp) -> NaiveDateTime {
        let at = within(at);
        let shift = self.shifts[self.shifts.partition_point(|shift| shift.start <= at).saturating_sub(1)];
        let beyond = if at < 0 { NaiveDateTime::MIN } else { NaiveDateTime::MAX };
        DateTime::from_timestamp_micros(at + shift.offset).map_or(beyond, |local| local.naive_utc())
    }

    /// The instant at which clocks in the zone show that time: the earlier one when they show it twice, the first
    /// instant after the gap when they skip it.
    pub fn local_to_utc(&self, local: NaiveDateTime) -> Timestamp {
        let local = within(Timestamp::from_micros(local.and_utc().timestamp_micros()));
        // No offset is as long as two days, so shifts that end earlier than that are out of the question.
        let first = self.shifts.partition_point(|shift| shift.start <= local - 2 * DAY).saturating_sub(1);
        let candidates = &self.shifts[first..];
        let ends = candidates.iter().skip(1).map(|next| next.start).chain([LATEST]);
        let found = candidates.iter().zip(ends).find(|(shift, end)| end + shift.offset > local);
        found.map_or(Timestamp::MAX, |(shift, _)| Timestamp::from_micros((local - shift.offset).max(shift.start)))
    }

    /// The open time since [`EARLIEST`], for an instant in the segment at that position.
    #[inline]
    fn opened(&self, at: i64, position: usize) -> i64 {
        let segment = &self.segments[position];
        match segment.rule {
            Rule::Week => segment.base + self.week.opened(at + segment.offset),
            Rule::Open => segment.before + at - segment.start,
            Rule::Closed => segment.before,
        }
    }

    /// The position of the segment that holds the instant.
    #[inline]
    fn position(&self, at: i64) -> usize {
        let stretch = usize::try_from(at >> STRETCH).unwrap_or(0).min(self.index.len() - 1);
        let mut position = if at < 0 { 0 } else { self.index[stretch] as usize };
        while self.segments.get(position + 1).is_some_and(|next| next.start <= at) {
            position += 1;
        }
        position
    }

    /// The last segment from `position` on for which that is true, where it is true for the first ones only.
    #[inline]
    fn last_segment(&self, position: usize, is_true: impl Fn(&Segment) -> bool) -> &Segment {
        let later = &self.segments[position + 1..];
        let near = later.iter().take(NEAR).take_while(|segment| is_true(segment)).count();
        let more = if near == NEAR { later[near..].partition_point(is_true) } else { 0 };
        &self.segments[position + near + more]
    }
}

#[inline]
fn within(at: Timestamp) -> i64 {
    at.as_micros().clamp(EARLIEST, LATEST)
}

/// A piece of local time in which the week does not apply.
#[derive(Debug, Clone, Copy)]
struct Special {
    from: i64,
    until: i64,
    rule: Rule,
}

/// Holidays and the days of exceptions, ascending; what touches and is closed is one piece.
fn special(holidays: &[NaiveDate], exceptions: &[(NaiveDate, Vec<(u16, u16)>)]) -> Vec<Special> {
    let closed = holidays.iter().map(|day| (*day, &[][..]));
    let mut days: Vec<_> = closed.chain(exceptions.iter().map(|(day, windows)| (*day, windows.as_slice()))).collect();
    days.sort_unstable_by_key(|(day, _)| *day);
    let mut pieces: Vec<Special> = Vec::new();
    let mut add = |from, until, rule| match pieces.last_mut() {
        _ if from == until => {}
        Some(last) if last.until == from && last.rule == rule => last.until = until,
        _ => pieces.push(Special { from, until, rule }),
    };
    for (day, windows) in days {
        let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros();
        let mut before = midnight;
        for (from, until) in windows {
            let [from, until] = [from, until].map(|time| midnight + i64::from(*time) * Duration::MINUTE.as_micros());
            add(before, from, Rule::Closed);
            add(from, until, Rule::Open);
            before = until;
        }
        add(before, midnight + DAY, Rule::Closed);
    }
    pieces
}

/// The segments between [`EARLIEST`] and [`LATEST`], and the open time of them all.
fn segments(shifts: &[Shift], special: &[Special], week: &Week) -> (Vec<Segment>, i64) {
    let mut segments: Vec<Segment> = Vec::new();
    let mut before = 0;
    let mut add = |start: i64, end: i64, offset: i64, rule: Rule| {
        if start < end {
            let base = before - week.opened(start + offset);
            segments.push(Segment { start, offset, rule, before, base });
            before += match rule {
                Rule::Week => week.opened(end + offset) - week.opened(start + offset),
                Rule::Open => end - start,
                Rule::Closed => 0,
            };
        }
    };
    let ends = shifts.iter().skip(1).map(|next| next.start).chain([LATEST]);
    for (Shift { start, offset }, end) in shifts.iter().zip(ends) {
        let mut start = *start;
        let first = special.partition_point(|piece| piece.until - offset <= start);
        for piece in special[first..].iter().take_while(|piece| piece.from - offset < end) {
            let (from, until) = ((piece.from - offset).max(start), (piece.until - offset).min(end));
            add(start, from, *offset, Rule::Week);
            add(from, until, *offset, piece.rule);
            start = until;
        }
        add(start, end, *offset, Rule::Week);
    }
    (segments, before)
}

/// See [`Calendar::index`].
fn index(segments: &[Segment]) -> Vec<u32> {
    let last = segments.last().map_or(0, |segment| segment.start.max(0) >> STRETCH);
    let position =
        |stretch: i64| segments.partition_point(|segment| segment.start <= stretch << STRETCH).saturating_sub(1);
    (0..=last).map(|stretch| position(stretch) as u32).collect()
}
