//! When the next case arrives.

mod daily;
mod peaks;
mod weekly;

use grieta_core::calendar::Calendar;
use grieta_core::definition::{Arrivals, Distribution, Simulation};
use grieta_core::{Duration, Process, Timestamp};

use crate::bound::open_share;
use crate::random::{CaseKeys, Purpose, Stream, draw_key, name_key, salt};
use crate::sampler::Sampler;
use daily::Daily;
use peaks::Peaks;
pub(crate) use peaks::after;
use weekly::Weekly;
pub(crate) use weekly::periods_in_a_week;

/// Arrivals, compiled.
#[derive(Debug)]
pub(crate) struct Source {
    pattern: Pattern,
    peaks: Peaks,
    /// How many come each time, where it is not always one.
    together: Option<Sampler>,
}

#[derive(Debug)]
enum Pattern {
    /// Independent gaps, on a calendar when they are business time.
    Gaps { gap: Sampler, calendar: Option<Calendar> },
    /// A Poisson process whose rate repeats every week.
    Weekly(Weekly),
    /// Fixed times of the day.
    Daily(Daily),
}

/// The arrivals of one replication, one after another.
#[derive(Debug)]
pub(crate) struct Stepper<'a> {
    source: &'a Source,
    keys: CaseKeys,
    salt: u64,
    at: Timestamp,
    /// How many are still to come at that time.
    left: u64,
    /// Expected arrivals since the Monday before the start.
    expected: f64,
}

impl Source {
    pub fn compile(
        arrivals: &Arrivals,
        simulation: &Simulation,
        process: &Process,
        start: Timestamp,
    ) -> Result<Source, String> {
        let calendar = process.calendar_of(None);
        let peaks = Peaks::new(simulation.peaks.values(), calendar.clone(), start);
        let together = simulation.together.as_ref().map(together).transpose()?;
        Ok(Source { pattern: Pattern::compile(arrivals, calendar, start)?, peaks, together })
    }

    /// How many cases arrive in a microsecond, in the long run; `None` where peaks make that hard to say.
    pub fn rate(&self, start: Timestamp) -> Option<f64> {
        let together = self.together.as_ref().map_or(1.0, Sampler::mean);
        self.peaks.is_empty().then(|| self.pattern.rate(start) * together)
    }

    pub fn stepper(&self, seed: u64, replication: u64, start: Timestamp) -> Stepper<'_> {
        let (at, expected) = match &self.pattern {
            Pattern::Gaps { .. } => (start, 0.0),
            Pattern::Weekly(weekly) => (start, weekly.expected_at_start),
            // What comes on the stroke of the start comes.
            Pattern::Daily(_) => (start + Duration::from_micros(-1), 0.0),
        };
        Stepper {
            source: self,
            keys: CaseKeys::new(seed, replication),
            salt: salt(name_key("arrivals"), Purpose::Arrival),
            at,
            left: 0,
            expected,
        }
    }
}

impl Pattern {
    fn compile(arrivals: &Arrivals, calendar: Calendar, start: Timestamp) -> Result<Pattern, String> {
        match arrivals {
            Arrivals::Every(distribution) => {
                let gap = sampler(distribution, &calendar);
                match gap.mean() >= 1.0 {
                    true => Ok(Pattern::Gaps { gap, calendar: on(distribution, &calendar) }),
                    false => Err(format!("the gaps between arrivals must not be 0 on average, found `{distribution}`")),
                }
            }
            Arrivals::Rate { per, mean, profile, outside } => {
                Weekly::compile(*per, *mean, profile, outside.as_f64(), calendar, start).map(Pattern::Weekly)
            }
            Arrivals::At(times) => Daily::compile(times, calendar).map(Pattern::Daily),
        }
    }

    fn rate(&self, start: Timestamp) -> f64 {
        match self {
            Pattern::Gaps { gap, calendar: None } => 1.0 / gap.mean(),
            Pattern::Gaps { gap, calendar: Some(calendar) } => open_share(calendar, start) / gap.mean(),
            Pattern::Weekly(weekly) => weekly.rate(),
            Pattern::Daily(daily) => daily.rate(start),
        }
    }

    /// How much of what it counts in passes from one time until another: microseconds of a gap, or expected arrivals.
    fn passed(&self, from: Timestamp, until: Timestamp) -> f64 {
        match self {
            Pattern::Gaps { calendar: Some(calendar), .. } => calendar.open_between(from, until).as_micros() as f64,
            Pattern::Gaps { calendar: None, .. } | Pattern::Daily(_) => (until - from).as_micros() as f64,
            Pattern::Weekly(weekly) => weekly.expected_until(until) - weekly.expected_until(from),
        }
    }

    /// When so much of it has passed.
    fn after(&self, at: Timestamp, amount: f64) -> Timestamp {
        match self {
            Pattern::Gaps { calendar: Some(calendar), .. } => calendar.add(at, Duration::from_micros(micros(amount))),
            Pattern::Gaps { calendar: None, .. } | Pattern::Daily(_) => at + Duration::from_micros(micros(amount)),
            Pattern::Weekly(weekly) => weekly.point(weekly.expected_until(at) + amount),
        }
    }
}

/// More cases at once are a slip of the pen.
const MOST_TOGETHER: f64 = 100_000.0;

fn together(distribution: &Distribution) -> Result<Sampler, String> {
    let number = Sampler::new(&distribution.shape);
    match distribution.unit.is_none() && (0.5..=MOST_TOGETHER).contains(&number.mean()) {
        true => Ok(number),
        false => Err(format!(
            "expected a number of cases that come `together`, as in `uniform(1, 5)`, found `{distribution}`"
        )),
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

/// Peaks that follow each other so often without an arrival are not worth waiting for.
const MOST_PEAKS: usize = 100_000;

impl Stepper<'_> {
    /// When the case of that ordinal arrives, and its key; asked for in ascending order.
    #[inline]
    pub fn next(&mut self, ordinal: u64) -> (Timestamp, u64) {
        let key = self.keys.of(ordinal);
        if self.left > 0 {
            self.left -= 1;
            return (self.at, key);
        }
        let mut stream = Stream::new(draw_key(key, self.salt, 0, 0));
        self.at = match &self.source.pattern {
            Pattern::Daily(daily) => daily.after(self.at),
            Pattern::Gaps { gap, .. } if !self.source.peaks.is_empty() => self.peaked(gap.sample(&mut stream)),
            Pattern::Gaps { gap, calendar } => {
                let gap = Duration::from_micros(micros(gap.sample(&mut stream)));
                match calendar {
                    Some(calendar) => calendar.add(self.at, gap),
                    None => self.at + gap,
                }
            }
            Pattern::Weekly(weekly) => {
                let passes = -libm::log(stream.unit_f64());
                self.expected += passes;
                match self.source.peaks.is_empty() {
                    // Rounding must not make time go backwards.
                    true => weekly.point(self.expected).max(self.at),
                    false => self.peaked(passes),
                }
            }
        };
        if let Some(together) = &self.source.together {
            self.left = (together.sample(&mut stream) + 0.5).clamp(1.0, MOST_TOGETHER) as u64 - 1;
        }
        (self.at, key)
    }

    /// When so much will have passed, which passes so many times as fast while there is a peak.
    fn peaked(&self, amount: f64) -> Timestamp {
        let Source { pattern, peaks, .. } = self.source;
        let (mut at, mut left) = (self.at, amount);
        for _ in 0..MOST_PEAKS {
            let (times, until) = peaks.at(at);
            let passes = if until == Timestamp::MAX { f64::INFINITY } else { pattern.passed(at, until) };
            if times > 0.0 && left <= passes * times {
                return pattern.after(at, left / times).clamp(at, until);
            }
            if until == Timestamp::MAX {
                break;
            }
            left -= passes * times;
            at = until;
        }
        Timestamp::MAX
    }
}
