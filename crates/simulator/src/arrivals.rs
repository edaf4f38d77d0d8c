//! When the next case arrives.

mod daily;
mod peaks;
mod weekly;

use grieta_core::calendar::Calendar;
use grieta_core::definition::{Arrivals, Distribution, Shape, Simulation};
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
    /// How many come each time, where it is not always one.
    together: Option<Together>,
}

#[derive(Debug)]
enum Pattern {
    /// At a rate, which peaks multiply.
    Rated(Rate, Peaks),
    /// Fixed times of the day.
    Daily(Daily),
}

#[derive(Debug)]
enum Rate {
    /// Independent gaps, on a calendar when they are business time.
    Gaps { gap: Sampler, calendar: Option<Calendar> },
    /// A Poisson process whose rate repeats every week.
    Weekly(Weekly),
}

/// How many come each time.
#[derive(Debug)]
struct Together {
    number: Sampler,
    /// The mean of what is drawn, where it is always the same; at least one comes, in whole numbers.
    always: Option<f64>,
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

/// What cannot be understood of how cases arrive: under which key of `simulation`, and why.
pub(crate) struct Wrong {
    pub key: &'static str,
    pub message: String,
}

impl Source {
    pub fn compile(
        arrivals: &Arrivals,
        simulation: &Simulation,
        process: &Process,
        start: Timestamp,
    ) -> Result<Source, Wrong> {
        let calendar = process.calendar_of(None);
        let wrong = |key| move |message| Wrong { key, message };
        let together = simulation.together.as_ref().map(Together::compile).transpose().map_err(wrong("together"))?;
        let pattern = match arrivals {
            Arrivals::At(times) => Daily::compile(times, calendar).map(Pattern::Daily),
            rate => Rate::compile(rate, calendar.clone(), start)
                .map(|rate| Pattern::Rated(rate, Peaks::new(simulation.peaks.values(), calendar, start))),
        };
        Ok(Source { pattern: pattern.map_err(wrong("arrivals"))?, together })
    }

    /// How many cases arrive in a microsecond, in the long run; `None` where peaks, or numbers of cases that are drawn, make
    /// that hard to say.
    pub fn rate(&self, start: Timestamp) -> Option<f64> {
        let together = self.together.as_ref().map_or(Some(1.0), |together| together.always)?;
        match &self.pattern {
            Pattern::Rated(rate, peaks) => peaks.is_empty().then(|| rate.mean(start) * together),
            Pattern::Daily(daily) => Some(daily.rate(start) * together),
        }
    }

    pub fn stepper(&self, seed: u64, replication: u64, start: Timestamp) -> Stepper<'_> {
        let (at, expected) = match &self.pattern {
            Pattern::Rated(Rate::Gaps { .. }, _) => (start, 0.0),
            Pattern::Rated(Rate::Weekly(weekly), _) => (start, weekly.expected_at_start),
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

impl Rate {
    fn compile(arrivals: &Arrivals, calendar: Calendar, start: Timestamp) -> Result<Rate, String> {
        match arrivals {
            Arrivals::Every(distribution) => {
                let gap = sampler(distribution, &calendar);
                match gap.mean() >= 1.0 {
                    true => Ok(Rate::Gaps { gap, calendar: on(distribution, &calendar) }),
                    false => Err(format!("the gaps between arrivals must not be 0 on average, found `{distribution}`")),
                }
            }
            Arrivals::Rate { per, mean, profile, outside } => {
                Weekly::compile(*per, *mean, profile, outside.as_f64(), calendar, start).map(Rate::Weekly)
            }
            Arrivals::At(_) => Err("expected a rate, found times of the day".to_owned()),
        }
    }

    /// How many come in a microsecond, in the long run.
    fn mean(&self, start: Timestamp) -> f64 {
        match self {
            Rate::Gaps { gap, calendar: None } => 1.0 / gap.mean(),
            Rate::Gaps { gap, calendar: Some(calendar) } => open_share(calendar, start) / gap.mean(),
            Rate::Weekly(weekly) => weekly.rate(),
        }
    }

    /// How much of what it counts in passes from one time until another: microseconds of a gap, or expected arrivals.
    fn passed(&self, from: Timestamp, until: Timestamp) -> f64 {
        match self {
            Rate::Gaps { calendar: Some(calendar), .. } => calendar.open_between(from, until).as_micros() as f64,
            Rate::Gaps { calendar: None, .. } => (until - from).as_micros() as f64,
            Rate::Weekly(weekly) => weekly.expected_until(until) - weekly.expected_until(from),
        }
    }

    /// When so much of it has passed.
    fn after(&self, at: Timestamp, amount: f64) -> Timestamp {
        match self {
            Rate::Gaps { calendar: Some(calendar), .. } => calendar.add(at, Duration::from_micros(micros(amount))),
            Rate::Gaps { calendar: None, .. } => at + Duration::from_micros(micros(amount)),
            Rate::Weekly(weekly) => weekly.point(weekly.expected_until(at) + amount),
        }
    }
}

/// More cases at once are a slip of the pen.
const MOST_TOGETHER: f64 = 100_000.0;

impl Together {
    fn compile(distribution: &Distribution) -> Result<Together, String> {
        let number = Sampler::new(&distribution.shape);
        if distribution.unit.is_some() || !(0.5..=MOST_TOGETHER).contains(&number.mean()) {
            return Err(format!(
                "expected a number of cases that come `together`, as in `uniform(1, 5)`, found `{distribution}`"
            ));
        }
        let always = if let Shape::Constant(same) = distribution.shape { Some(whole(same)) } else { None };
        Ok(Together { number, always })
    }
}

/// At least one case, and a whole number of them.
fn whole(number: f64) -> f64 {
    libm::floor(number + 0.5).clamp(1.0, MOST_TOGETHER)
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

/// Where nothing can come during so many peaks and times between them, nothing ever will.
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
            Pattern::Rated(rate, peaks) => {
                let passes = match rate {
                    Rate::Gaps { gap, .. } => gap.sample(&mut stream),
                    Rate::Weekly(_) => -libm::log(stream.unit_f64()),
                };
                match rate {
                    _ if !peaks.is_empty() => self.peaked(rate, peaks, passes),
                    Rate::Gaps { .. } => rate.after(self.at, passes),
                    Rate::Weekly(weekly) => {
                        self.expected += passes;
                        // Rounding must not make time go backwards.
                        weekly.point(self.expected).max(self.at)
                    }
                }
            }
        };
        if let Some(together) = &self.source.together {
            self.left = whole(together.number.sample(&mut stream)) as u64 - 1;
        }
        (self.at, key)
    }

    /// When so much will have passed, which passes so many times as fast while there is a peak.
    fn peaked(&self, rate: &Rate, peaks: &Peaks, amount: f64) -> Timestamp {
        let (mut at, mut left, mut in_vain) = (self.at, amount, 0);
        while in_vain < MOST_PEAKS {
            let (times, until) = peaks.at(at);
            let passes = if until == Timestamp::MAX { f64::INFINITY } else { rate.passed(at, until) };
            if times > 0.0 && left <= passes * times {
                return rate.after(at, left / times).clamp(at, until);
            }
            if until == Timestamp::MAX {
                break;
            }
            left -= passes * times;
            in_vain += usize::from(passes * times == 0.0);
            at = until;
        }
        Timestamp::MAX
    }
}
