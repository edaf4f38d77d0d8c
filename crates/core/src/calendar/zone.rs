//! When the local time of a zone runs ahead of UTC, and by how much.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

use crate::time::Duration;

/// From `start` on, local time is UTC plus `offset`; both in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    pub start: i64,
    pub offset: i64,
}

/// 2100-01-01, when the tables of the time zone database end.
const LAST: i64 = 4_102_444_800;
/// In seconds. No two shifts of a zone since 1970 are closer than six days and 23 hours, so none hides between two
/// looks.
const STEP: i64 = 5 * 86_400;

/// The shifts of a zone from 1970 to 2100; the first offset holds from `earliest` on, the last for ever.
pub(super) fn shifts(zone: Tz, earliest: i64) -> Vec<Shift> {
    let second = Duration::SECOND.as_micros();
    let mut last = offset(zone, 0);
    let mut shifts = vec![Shift { start: earliest, offset: last * second }];
    if zone == Tz::UTC {
        return shifts;
    }
    for look in (STEP..LAST + STEP).step_by(STEP as usize) {
        let now = offset(zone, look);
        if now != last {
            shifts.push(Shift { start: change(zone, look - STEP, look) * second, offset: now * second });
            last = now;
        }
    }
    shifts
}

/// The first second after `before` with another offset, up to `after`.
fn change(zone: Tz, mut before: i64, mut after: i64) -> i64 {
    let old = offset(zone, before);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if offset(zone, middle) == old {
            before = middle;
        } else {
            after = middle;
        }
    }
    after
}

/// Seconds to add to UTC.
fn offset(zone: Tz, seconds: i64) -> i64 {
    let utc = DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc();
    i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc())
}
