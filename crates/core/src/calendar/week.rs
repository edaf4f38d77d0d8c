//! When a week is open, as closed formulas over local time.

use crate::definition::Window;
use crate::time::Duration;

pub(super) const DAY: i64 = Duration::DAY.as_micros();
pub(super) const WEEK: i64 = Duration::WEEK.as_micros();
/// 1970-01-01 was a Thursday: so long had its week lasted by then.
const THURSDAY: i64 = 3 * DAY;

/// The openings of a week that repeats for ever, in microseconds of local time since 1970-01-01T00:00.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Week {
    /// Ascending, apart from each other, never empty.
    openings: Box<[Opening]>,
    /// How long a whole week is open; more than nothing.
    total: i64,
    /// On how many weekdays it opens.
    days: u8,
}

/// An opening without a gap, in microseconds since Monday 00:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Opening {
    from: i64,
    until: i64,
    /// How long the week was open before.
    before: i64,
}

impl Week {
    /// The week with these windows, ascending and without overlaps, or `None` when there are none.
    pub fn new(windows: &[Window]) -> Option<Week> {
        let mut openings: Vec<Opening> = Vec::new();
        let mut total = 0;
        for window in windows {
            let moment = |minutes| i64::from(window.day) * DAY + i64::from(minutes) * Duration::MINUTE.as_micros();
            let (from, until) = (moment(window.from), moment(window.until));
            match openings.last_mut() {
                // What touches is one opening, so that closing times are real ones.
                Some(last) if last.until == from => last.until = until,
                _ => openings.push(Opening { from, until, before: total }),
            }
            total += until - from;
        }
        let days = (0..7).filter(|day| windows.iter().any(|window| window.day == *day)).count() as u8;
        (total > 0).then(|| Week { openings: openings.into(), total, days })
    }

    /// A week that never closes.
    pub fn always() -> Week {
        Week { openings: Box::new([Opening { from: 0, until: WEEK, before: 0 }]), total: WEEK, days: 7 }
    }

    /// True when it never closes.
    pub fn never_closes(&self) -> bool {
        self.total == WEEK
    }

    /// The opening time of a day on average over the weekdays on which it opens.
    pub fn day_length(&self) -> i64 {
        self.total / i64::from(self.days.max(1))
    }

    /// Whether it is open.
    #[inline]
    pub fn is_open(&self, local: i64) -> bool {
        let (_, phase) = split(local);
        self.begun(phase).is_some_and(|opening| phase < opening.until)
    }

    /// How long it has been open since a fixed Monday; negative before.
    #[inline]
    pub fn opened(&self, local: i64) -> i64 {
        let (week, phase) = split(local);
        let within = self.begun(phase).map_or(0, |opening| opening.before + phase.min(opening.until) - opening.from);
        week * self.total + within
    }

    /// The earliest moment by which it has been [`Week::opened`] so long.
    #[inline]
    pub fn reached(&self, opened: i64) -> i64 {
        // Counted from 1 to the total, so that the last microsecond belongs to the week that it ends.
        let week = (opened - 1).div_euclid(self.total);
        let within = opened - week * self.total;
        let begun = self.openings.partition_point(|opening| opening.before < within);
        let opening = self.openings[begun.saturating_sub(1)];
        week * WEEK - THURSDAY + opening.from + within - opening.before
    }

    /// The first moment from `local` on at which it is open.
    pub fn next_open(&self, local: i64) -> i64 {
        let (_, phase) = split(local);
        let next = match self.openings.iter().find(|opening| phase < opening.until) {
            Some(opening) => opening.from.max(phase),
            None => WEEK + self.openings[0].from,
        };
        local - phase + next
    }

    /// The first moment from `local` on at which it is closed, or `None` when it never closes.
    pub fn next_closed(&self, local: i64) -> Option<i64> {
        let (_, phase) = split(local);
        let (first, opening) = (self.openings[0], self.begun(phase).filter(|opening| phase < opening.until));
        let next = match opening {
            None => phase,
            Some(_) if self.never_closes() => return None,
            // Open over Sunday midnight.
            Some(opening) if opening.until == WEEK && first.from == 0 => WEEK + first.until,
            Some(opening) => opening.until,
        };
        Some(local - phase + next)
    }

    /// The last opening that has begun by then.
    #[inline]
    fn begun(&self, phase: i64) -> Option<&Opening> {
        let begun = self.openings.partition_point(|opening| opening.from <= phase);
        self.openings.get(begun.wrapping_sub(1))
    }
}

/// The number of the week and the time since its Monday 00:00.
#[inline]
fn split(local: i64) -> (i64, i64) {
    let since_monday = local + THURSDAY;
    (since_monday.div_euclid(WEEK), since_monday.rem_euclid(WEEK))
}
