//! Arrivals at random, with a rate that repeats every week.

use grieta_core::Timestamp;
use grieta_core::calendar::Calendar;
use grieta_core::definition::Period;

const MINUTES: usize = 7 * 24 * 60;

/// A rate by the minute of the local week.
#[derive(Debug)]
pub(super) struct Weekly {
    /// Expected arrivals from Monday 0:00 to the end of each minute of the week.
    cumulative: Vec<f64>,
    calendar: Calendar,
    /// The local Monday on or before the start.
    monday: chrono::NaiveDateTime,
    pub expected_at_start: f64,
}

impl Weekly {
    pub fn compile(
        per: Period,
        mean: f64,
        profile: &indexmap::IndexMap<String, f64>,
        outside: f64,
        calendar: Calendar,
        start: Timestamp,
    ) -> Result<Weekly, String> {
        use chrono::{Datelike, Timelike};
        let hours = hours(profile)?;
        if !(mean > 0.0 && mean <= 1e9) {
            return Err(format!("expected a mean above 0 and at most 1,000,000,000, found {mean}"));
        }
        let open = open_minutes(&calendar);
        let business = per == Period::BusinessDay;
        let inside = |minute: usize| !business || open[minute];
        let weight = |minute: usize| if inside(minute) { hours[minute / 60 % 24] } else { 0.0 };
        let (total, closed) =
            (0..MINUTES).fold((0.0, 0.0), |(sum, out), m| (sum + weight(m), out + f64::from(u8::from(!inside(m)))));
        if total <= 0.0 {
            return Err("the profile leaves no time in which anything arrives".to_owned());
        }
        let periods = periods(per, &open);
        let outside = if closed > 0.0 { outside } else { 0.0 };
        let (within, beyond) = (
            mean * periods * (1.0 - outside) / total,
            if closed > 0.0 { mean * periods * outside / closed } else { 0.0 },
        );
        let mut sum = 0.0;
        let cumulative = (0..MINUTES)
            .map(|minute| {
                sum += if inside(minute) { weight(minute) * within } else { beyond };
                sum
            })
            .collect::<Vec<f64>>();
        let local = calendar.local(start);
        let minute = local.weekday().num_days_from_monday() * 1440 + local.hour() * 60 + local.minute();
        let monday =
            local - chrono::Duration::minutes(i64::from(minute)) - chrono::Duration::seconds(i64::from(local.second()));
        let expected_at_start = if minute == 0 { 0.0 } else { cumulative[minute as usize - 1] };
        Ok(Weekly { cumulative, calendar, monday, expected_at_start })
    }

    /// The point in time up to which that many arrivals are expected (inversion of the cumulative rate).
    pub fn point(&self, expected: f64) -> Timestamp {
        let week = self.cumulative[MINUTES - 1];
        let weeks = libm::floor(expected / week);
        let rest = expected - weeks * week;
        let minute = self.cumulative.partition_point(|sum| *sum <= rest).min(MINUTES - 1);
        let before = if minute == 0 { 0.0 } else { self.cumulative[minute - 1] };
        let share = ((rest - before) / (self.cumulative[minute] - before)).clamp(0.0, 1.0);
        let micros = (minute as f64 + share) * 60e6;
        let local = chrono::Duration::try_weeks(weeks as i64)
            .and_then(|weeks| self.monday.checked_add_signed(weeks + chrono::Duration::microseconds(micros as i64)));
        local.map_or(Timestamp::MAX, |local| self.calendar.local_to_utc(local))
    }

    /// How many are expected from that Monday until then.
    pub fn expected_until(&self, at: Timestamp) -> f64 {
        let micros = (self.calendar.local(at) - self.monday).num_microseconds().unwrap_or(i64::MAX).max(0) as f64;
        let minutes = micros / 60e6;
        let weeks = libm::floor(minutes / MINUTES as f64);
        let minute = libm::floor(minutes - weeks * MINUTES as f64) as usize % MINUTES;
        let share = minutes - libm::floor(minutes);
        let before = if minute == 0 { 0.0 } else { self.cumulative[minute - 1] };
        weeks * self.cumulative[MINUTES - 1] + before + share * (self.cumulative[minute] - before)
    }

    /// How many arrive in a microsecond, in the long run.
    pub fn rate(&self) -> f64 {
        self.cumulative[MINUTES - 1] / (MINUTES as f64 * 60e6)
    }
}

/// How many of a period a week of a calendar has, holidays aside.
pub(crate) fn periods_in_a_week(per: Period, calendar: &Calendar) -> f64 {
    periods(per, &open_minutes(calendar))
}

fn periods(per: Period, open: &[bool]) -> f64 {
    match per {
        Period::Hour => 168.0,
        Period::Day => 7.0,
        Period::BusinessDay => (0..7).filter(|day| open[day * 1440..(day + 1) * 1440].contains(&true)).count() as f64,
    }
}

fn open_minutes(calendar: &Calendar) -> Vec<bool> {
    let mut open = vec![calendar.always_open(); MINUTES];
    for window in calendar.windows() {
        let day = usize::from(window.day) * 1440;
        open[day + usize::from(window.from)..day + usize::from(window.until)].fill(true);
    }
    open
}

/// The weight of each hour of the day, from entries such as `10-12`.
fn hours(profile: &indexmap::IndexMap<String, f64>) -> Result<[f64; 24], String> {
    let mut hours = [1.0; 24];
    for (range, weight) in profile {
        let ends = range
            .split_once('-')
            .and_then(|(from, until)| Some((from.trim().parse().ok()?, until.trim().parse().ok()?)));
        match ends {
            Some((from, until)) if from < until && until <= 24usize && *weight >= 0.0 && *weight <= 1e6 => {
                hours[from..until].fill(*weight);
            }
            _ => {
                return Err(format!(
                    "expected hours of the day and a weight, as in `10-12: 1.6`, found `{range}: {weight}`"
                ));
            }
        }
    }
    Ok(hours)
}
