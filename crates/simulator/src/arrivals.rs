//! When the next case arrives.

use grieta_core::calendar::Calendar;
use grieta_core::definition::{Arrivals, Distribution, Period};
use grieta_core::{Duration, Process, Timestamp};

use crate::bound::open_share;
use crate::random::{CaseKeys, Purpose, Stream, draw_key, name_key, salt};
use crate::sampler::Sampler;

/// Arrivals, compiled.
#[derive(Debug)]
pub(crate) enum Source {
    /// Independent gaps, on a calendar when they are business time.
    Gaps { gap: Sampler, calendar: Option<Calendar> },
    /// A Poisson process whose rate repeats every week.
    Weekly(Weekly),
}

/// The arrivals of one replication, one after another.
#[derive(Debug)]
pub(crate) struct Stepper<'a> {
    source: &'a Source,
    keys: CaseKeys,
    salt: u64,
    at: Timestamp,
    /// Expected arrivals since the Monday before the start.
    expected: f64,
}

impl Source {
    pub fn compile(arrivals: &Arrivals, process: &Process, start: Timestamp) -> Result<Source, String> {
        let calendar = process.calendar_of(None);
        match arrivals {
            Arrivals::Every(distribution) => {
                let gap = sampler(distribution, &calendar);
                match gap.mean() >= 1.0 {
                    true => Ok(Source::Gaps { gap, calendar: on(distribution, &calendar) }),
                    false => Err(format!("the gaps between arrivals must not be 0 on average, found `{distribution}`")),
                }
            }
            Arrivals::Rate { per, mean, profile, outside } => {
                let hours = hours(profile)?;
                Weekly::compile(*per, *mean, &hours, outside.as_f64(), calendar, start).map(Source::Weekly)
            }
        }
    }

    /// How many cases arrive in a microsecond, in the long run.
    pub fn rate(&self, start: Timestamp) -> f64 {
        match self {
            Source::Gaps { gap, calendar: None } => 1.0 / gap.mean(),
            Source::Gaps { gap, calendar: Some(calendar) } => open_share(calendar, start) / gap.mean(),
            Source::Weekly(weekly) => weekly.cumulative[MINUTES - 1] / (MINUTES as f64 * 60e6),
        }
    }

    pub fn stepper(&self, seed: u64, replication: u64, start: Timestamp) -> Stepper<'_> {
        let expected = match self {
            Source::Gaps { .. } => 0.0,
            Source::Weekly(weekly) => weekly.expected_at_start,
        };
        Stepper {
            source: self,
            keys: CaseKeys::new(seed, replication),
            salt: salt(name_key("arrivals"), Purpose::Arrival),
            at: start,
            expected,
        }
    }
}

/// A distribution of lengths of time in microseconds; a `bd` is as long as the calendar says.
pub(crate) fn sampler(distribution: &Distribution, calendar: &Calendar) -> Sampler {
    match distribution.unit {
        Some(grieta_core::definition::Unit::BusinessDays) => {
            Sampler::scaled(&distribution.shape, calendar.day_length().as_micros() as f64 / 1e6)
        }
        _ => Sampler::new(&distribution.shape),
    }
}

/// The calendar on which a distribution of lengths of time counts; `None` for elapsed time.
pub(crate) fn on(distribution: &Distribution, calendar: &Calendar) -> Option<Calendar> {
    use grieta_core::definition::Unit;
    match distribution.unit {
        Some(Unit::Business | Unit::BusinessDays) if !calendar.always_open() => Some(calendar.clone()),
        _ => None,
    }
}

/// A sampled length of time: whole microseconds, not negative, at most a hundred years.
#[inline]
pub(crate) fn micros(sampled: f64) -> i64 {
    (sampled + 0.5).clamp(0.0, LONGEST as f64) as i64
}

/// A hundred years, in microseconds: nothing takes longer.
pub(crate) const LONGEST: i64 = 36_525 * 86_400_000_000;

impl Stepper<'_> {
    /// When the case of that ordinal arrives, and its key; asked for in ascending order.
    pub fn next(&mut self, ordinal: u64) -> (Timestamp, u64) {
        let key = self.keys.of(ordinal);
        let mut stream = Stream::new(draw_key(key, self.salt, 0, 0));
        self.at = match self.source {
            Source::Gaps { gap, calendar } => {
                let gap = Duration::from_micros(micros(gap.sample(&mut stream)));
                match calendar {
                    Some(calendar) => calendar.add(self.at, gap),
                    None => self.at + gap,
                }
            }
            Source::Weekly(weekly) => {
                self.expected += -libm::log(stream.unit_f64());
                // Rounding must not make time go backwards.
                weekly.point(self.expected).max(self.at)
            }
        };
        (self.at, key)
    }
}

const MINUTES: usize = 7 * 24 * 60;

/// A rate by the minute of the local week.
#[derive(Debug)]
pub(crate) struct Weekly {
    /// Expected arrivals from Monday 0:00 to the end of each minute of the week.
    cumulative: Vec<f64>,
    calendar: Calendar,
    /// The local Monday on or before the start.
    monday: chrono::NaiveDateTime,
    expected_at_start: f64,
}

impl Weekly {
    fn compile(
        per: Period,
        mean: f64,
        hours: &[f64; 24],
        outside: f64,
        calendar: Calendar,
        start: Timestamp,
    ) -> Result<Weekly, String> {
        use chrono::{Datelike, Timelike};
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
        let periods = match per {
            Period::Hour => 168.0,
            Period::Day => 7.0,
            Period::BusinessDay => {
                (0..7).filter(|day| open[day * 1440..(day + 1) * 1440].contains(&true)).count() as f64
            }
        };
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
    fn point(&self, expected: f64) -> Timestamp {
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
