//! Confidence intervals over independent values, such as the means of replications.
//!
//! Never over the cases of one run: they are correlated, and the interval would be far too narrow.

use serde::Serialize;

use super::student::{normal_quantile, student_quantile};

/// An estimate and the interval that covers the truth at a chosen level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The estimate.
    pub mean: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Over how many values.
    pub count: usize,
}

impl Interval {
    /// The t-interval of the mean: x̄ ± t(1 − (1 − level)/2, n − 1) · s / √n.
    ///
    /// For independent values of about normal shape (Law, *Simulation Modeling and Analysis*, 5th ed., §4.5). `None`
    /// with fewer than two values, with one that is not finite, or with a level outside 0 to 1.
    pub fn of(values: &[f64], level: f64) -> Option<Interval> {
        let (n, degrees) = (values.len() as f64, values.len().checked_sub(1)?);
        let quantile = student_quantile(0.5 + 0.5 * level, degrees as u64).filter(|_| level > 0.0)?;
        let mean = values.iter().sum::<f64>() / n;
        // In two passes: the squares of what is left after the mean has been taken away do not cancel.
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let half = quantile * (squares / degrees as f64 / n).sqrt();
        let interval = Interval { mean, low: mean - half, high: mean + half, count: values.len() };
        (interval.low.is_finite() && interval.high.is_finite()).then_some(interval)
    }

    /// The t-interval of `to − from` over pairs, such as two variants met by the same customers in each replication.
    ///
    /// What the pairs have in common cancels, so the interval is narrower than one from two separate samples (Law,
    /// §10.2.1). `None` as for [`Interval::of`], and when the lengths differ.
    pub fn paired(from: &[f64], to: &[f64], level: f64) -> Option<Interval> {
        let differences: Vec<f64> = pairs(from, to)?.map(|(from, to)| to - from).collect();
        Interval::of(&differences, level)
    }

    /// The relative change `to/from − 1` over pairs: −0.2 is a fifth less.
    ///
    /// By the t-interval of ln(to/from), so the estimate is the geometric mean of the ratios, the ends are not
    /// symmetric about it, and exchanging the two gives the reciprocal. `None` as for [`Interval::paired`], and when a
    /// value is not above 0.
    pub fn ratio(from: &[f64], to: &[f64], level: f64) -> Option<Interval> {
        let logarithms: Vec<f64> = pairs(from, to)?
            .map(|(from, to)| (from > 0.0 && to > 0.0).then(|| libm::log(to / from)))
            .collect::<Option<_>>()?;
        let Interval { mean, low, high, count } = Interval::of(&logarithms, level)?;
        let high = Some(libm::expm1(high)).filter(|high| high.is_finite())?;
        Some(Interval { mean: libm::expm1(mean), low: libm::expm1(low), high, count })
    }

    /// How much of the mean of `whole` the mean of `part` is, over pairs: 0.75 is three quarters.
    ///
    /// By Fieller's theorem (E. C. Fieller, *Some problems in interval estimation*, 1954): all g for which the mean of
    /// `part − g · whole` may be 0, by its t-interval. The ends are not symmetric about the estimate. `None` as for
    /// [`Interval::paired`], and when the mean of `whole` may itself be 0.
    pub fn share(part: &[f64], whole: &[f64], level: f64) -> Option<Interval> {
        let pairs: Vec<(f64, f64)> = pairs(part, whole)?.collect();
        let (of_part, of_whole) = (Interval::of(part, level)?, Interval::of(whole, level)?);
        let (x, y, n) = (of_part.mean, of_whole.mean, pairs.len() as f64);
        let quantile = student_quantile(0.5 + 0.5 * level, pairs.len() as u64 - 1)?;
        let products: f64 = pairs.iter().map(|(part, whole)| (part - x) * (whole - y)).sum();
        let squared = |interval: Interval| interval.half_width() * interval.half_width();
        // a g² − 2 b g + c ≤ 0 between the ends.
        let a = y * y - squared(of_whole);
        let b = x * y - quantile * quantile * products / (n - 1.0) / n;
        let c = x * x - squared(of_part);
        let root = (b * b - a * c).max(0.0).sqrt();
        (a > 0.0).then(|| Interval { mean: x / y, low: (b - root) / a, high: (b + root) / a, count: pairs.len() })
    }

    /// The interval of a share that was seen in so many cases, taken as a single sample (Wilson, "Probable inference, the law of
    /// succession, and statistical inference", JASA 22, 1927). `None` without a case, or with a level outside 0 to 1.
    pub fn of_share(share: f64, cases: u64, level: f64) -> Option<Interval> {
        let quantile = normal_quantile(0.5 + 0.5 * level).filter(|_| level > 0.0 && cases > 0)?;
        let (n, square) = (cases as f64, quantile * quantile);
        let centre = (share + square / (2.0 * n)) / (1.0 + square / n);
        let half = (square / n * (share * (1.0 - share).max(0.0) + square / (4.0 * n))).sqrt() / (1.0 + square / n);
        let (low, high) = (share.min(centre - half), share.max(centre + half));
        Some(Interval { mean: share, low: low.max(0.0), high, count: 1 })
    }

    /// Half the distance between the ends.
    pub fn half_width(&self) -> f64 {
        0.5 * (self.high - self.low)
    }

    /// Whether the value lies in the interval.
    pub fn covers(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

fn pairs(from: &[f64], to: &[f64]) -> Option<impl Iterator<Item = (f64, f64)>> {
    (from.len() == to.len()).then(|| from.iter().copied().zip(to.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, mix};
    use crate::sampler::Sampler;
    use grieta_core::definition::Shape;

    #[test]
    fn the_interval_is_the_one_of_the_textbook() {
        // Mean 3, s² = 2.5, t(0.975, 4) = 2.776445105198; the half width is t √(2.5/5).
        let found = Interval::of(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.95).unwrap();
        assert_eq!((found.mean, found.count), (3.0, 5));
        assert!((found.half_width() - 2.776_445_105_198 * 0.5f64.sqrt()).abs() < 1e-11);
        assert!(found.covers(2.0) && found.covers(found.low) && !found.covers(5.0));
    }

    #[test]
    fn what_allows_no_interval_gives_none() {
        assert_eq!(Interval::of(&[], 0.95), None);
        assert_eq!(Interval::of(&[1.0], 0.95), None);
        assert_eq!(Interval::of(&[1.0, f64::NAN], 0.95), None);
        assert_eq!(Interval::of(&[1.0, f64::INFINITY], 0.95), None);
        assert_eq!(Interval::of(&[f64::MAX, -f64::MAX], 0.95), None);
        for level in [0.0, 1.0, -0.5, 2.0, f64::NAN] {
            assert_eq!(Interval::of(&[1.0, 2.0], level), None, "{level}");
        }
        assert_eq!(Interval::paired(&[1.0, 2.0], &[1.0], 0.95), None);
        assert_eq!(Interval::ratio(&[1.0, 2.0], &[1.0, 0.0], 0.95), None);
        assert_eq!(Interval::ratio(&[1.0, -2.0], &[1.0, 1.0], 0.95), None);
    }

    #[test]
    fn pairs_are_compared_one_by_one() {
        let (from, to) = ([10.0, 20.0, 40.0], [11.0, 21.0, 41.0]);
        let same = Interval { mean: 1.0, low: 1.0, high: 1.0, count: 3 };
        assert_eq!(Interval::paired(&from, &to, 0.95), Some(same));
        let halved = from.map(|value| value / 2.0);
        let ratio = Interval::ratio(&from, &halved, 0.95).unwrap();
        assert!((ratio.mean + 0.5).abs() < 1e-15 && ratio.half_width() < 1e-15);
        let (there, back) = (Interval::ratio(&from, &to, 0.9).unwrap(), Interval::ratio(&to, &from, 0.9).unwrap());
        assert!(((1.0 + there.low) * (1.0 + back.high) - 1.0).abs() < 1e-14);
        assert!(there.low < there.mean && there.mean < there.high);
    }

    #[test]
    fn a_share_is_every_part_that_the_pairs_allow() {
        // What is the same part in every pair leaves no doubt.
        let whole = [40.0, 42.0, 47.0];
        let share = Interval::share(&whole.map(|value| 0.75 * value), &whole, 0.95).unwrap();
        assert!((share.low - 0.75).abs() < 1e-7 && (share.high - 0.75).abs() < 1e-7, "{share:?}");
        // At an end, the interval of part − g · whole touches 0.
        let (part, whole) = ([3.0, 5.0, 7.0, 4.0], [8.0, 9.0, 9.5, 7.0]);
        let share = Interval::share(&part, &whole, 0.95).unwrap();
        let rest = |g: f64| Interval::paired(&whole.map(|value| g * value), &part, 0.95).unwrap();
        assert!(share.low < share.mean && share.mean < share.high && (share.mean - 19.0 / 33.5).abs() < 1e-15);
        assert!(rest(share.low).low.abs() < 1e-9 && rest(share.high).high.abs() < 1e-9, "{share:?}");
        // Of nothing there is no share.
        assert_eq!(Interval::share(&part, &[1.0, -1.0, 2.0, -2.0], 0.95), None);
        assert_eq!(Interval::share(&part, &whole[..3], 0.95), None);
        assert_eq!(Interval::share(&[1.0], &[2.0], 0.95), None);
    }

    /// How many of `trials` intervals over `n` values of the shape cover the mean.
    fn covered(shape: &Shape, n: usize, trials: u64, level: f64) -> u64 {
        let sampler = Sampler::new(shape);
        let trial = |trial: u64| {
            let values: Vec<f64> =
                (0..n as u64).map(|i| sampler.sample(&mut Stream::new(mix(trial << 20 | i)))).collect();
            Interval::of(&values, level).is_some_and(|interval| interval.covers(sampler.mean()))
        };
        (1..=trials).map(|at| u64::from(trial(at))).sum()
    }

    #[test]
    fn intervals_cover_as_often_as_they_say() {
        // A lognormal of cv 0.01 is all but normal: its skewness is 0.03. The binomial deviation of 20,000 trials at 95 %
        // is 30.8, at 99 % 14.1; four of them are allowed.
        let nearly_normal = Shape::Lognormal { mean: 100.0, cv: 0.01 };
        for n in [2, 5, 20] {
            let found = covered(&nearly_normal, n, 20_000, 0.95);
            assert!(found.abs_diff(19_000) < 124, "{n}: {found}");
            let found = covered(&nearly_normal, n, 20_000, 0.99);
            assert!(found.abs_diff(19_800) < 57, "{n}: {found}");
        }
    }
}
