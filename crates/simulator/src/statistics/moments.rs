//! Count, sum and sum of squares of whole numbers: exact, so that merging in any order gives the same bits.

/// The first two moments of values such as durations in microseconds.
///
/// Nothing can overflow: 2^64 values below 2^64 sum to less than 2^128, and their squares to less than 2^192, which is
/// what is kept. (10^9 values of ten years, 3.2e14 µs, need 79 and 127 bits.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moments {
    count: u64,
    sum: u128,
    /// The lower 128 bits of the sum of squares.
    squares: u128,
    /// How often `squares` ran over: its upper 64 bits.
    carries: u64,
}

impl Moments {
    /// The moments of no values.
    pub const fn new() -> Moments {
        Moments { count: 0, sum: 0, squares: 0, carries: 0 }
    }

    /// Takes in one value.
    #[inline]
    pub const fn add(&mut self, value: u64) {
        self.count += 1;
        self.sum += value as u128;
        let (squares, carry) = self.squares.overflowing_add(value as u128 * value as u128);
        self.squares = squares;
        // As good as never.
        if carry {
            self.carries += 1;
        }
    }

    /// Takes in all values that the other has seen.
    pub const fn merge(&mut self, other: &Moments) {
        self.count += other.count;
        self.sum += other.sum;
        let (squares, carry) = self.squares.overflowing_add(other.squares);
        self.squares = squares;
        self.carries += other.carries + carry as u64;
    }

    /// How many values were seen.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Their sum.
    pub const fn sum(&self) -> u128 {
        self.sum
    }

    /// Their mean, Σx / n; `None` without values.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// Their variance, Σ(x − mean)² / (n − 1); `None` with fewer than two values.
    ///
    /// With q the mean rounded to a whole number and r = Σx − nq, Σ(x − mean)² = Σ(x − q)² − r²/n, where the first
    /// term is a whole number and |r| ≤ n/2. It is at least |r|, so at most half of it is taken away: the relative
    /// error is a few 2^−53 however far the values lie from 0.
    pub fn variance(&self) -> Option<f64> {
        if self.count < 2 {
            return None;
        }
        let n = u128::from(self.count);
        // Not (sum + n/2) / n: that sum may overflow.
        let q = self.sum / n + u128::from(self.sum % n > n / 2);
        let r = self.sum.wrapping_sub(n.wrapping_mul(q)) as i128 as f64;
        let about_mean = self.squares_about(q) - r * r / n as f64;
        Some(about_mean / (n - 1) as f64)
    }

    /// Their standard deviation: the root of the variance.
    pub fn deviation(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// Σ(x − q)² = Σx² − q (2Σx − nq), exact modulo 2^192 and below that, then rounded.
    fn squares_about(&self, q: u128) -> f64 {
        const LOW: u128 = u64::MAX as u128;
        // 2Σx − nq is Σx + r, and at most n · 2^64 since the mean is: it fits, though the sums on the way to it wrap.
        let factor = self.sum.wrapping_mul(2).wrapping_sub(u128::from(self.count).wrapping_mul(q));
        // q (below 2^64) times the factor, as 128 low bits and 64 high ones.
        let low = q * (factor & LOW);
        let high = q * (factor >> 64) + (low >> 64);
        let product_low = (high << 64) | (low & LOW);
        let product_high = (high >> 64) as u64;
        let (rest, borrow) = self.squares.overflowing_sub(product_low);
        let carries = self.carries.wrapping_sub(product_high).wrapping_sub(u64::from(borrow));
        // 2^128 times the upper part.
        carries as f64 * (2.0 * (1u128 << 127) as f64) + rest as f64
    }
}

impl Extend<u64> for Moments {
    fn extend<I: IntoIterator<Item = u64>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.add(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[u64]) -> Moments {
        let mut moments = Moments::new();
        moments.extend(values.iter().copied());
        moments
    }

    #[test]
    fn too_few_values_have_no_moments() {
        assert_eq!((of(&[]).mean(), of(&[]).variance()), (None, None));
        assert_eq!((of(&[7]).mean(), of(&[7]).variance()), (Some(7.0), None));
        assert_eq!(of(&[7, 7, 7]).variance(), Some(0.0));
    }

    #[test]
    fn a_small_spread_far_from_zero_is_not_lost() {
        // f64 sums of squares would give 0 or worse here: the spacing at 1e30 is 1.4e14.
        let far = 1_000_000_000_000_000;
        assert_eq!(of(&[far, far + 1]).variance(), Some(0.5));
        assert_eq!(of(&[far, far + 1, far + 2]).deviation(), Some(1.0));
        let mut many = vec![far + 1; 999];
        many.push(far);
        assert_eq!(of(&many).variance(), Some(0.001));
    }

    #[test]
    fn the_greatest_values_do_not_overflow() {
        let moments = of(&[u64::MAX; 5]);
        assert_eq!((moments.sum(), moments.variance()), (5 * u128::from(u64::MAX), Some(0.0)));
        let spread = of(&[0, u64::MAX, 0, u64::MAX]).variance().unwrap();
        assert!((spread / (libm::pow(2.0, 128.0) / 3.0) - 1.0).abs() < 1e-15);
        // 10^9 values of ten years, by doubling: 2^30 values.
        let mut sum = of(&[315_576_000_000_000]);
        (0..30).for_each(|_| sum.merge(&sum.clone()));
        assert_eq!((sum.count(), sum.carries, sum.variance()), (1 << 30, 0, Some(0.0)));
    }

    proptest! {
        #[test]
        fn merging_in_any_order_is_adding_one_by_one(
            parts in prop::collection::vec(prop::collection::vec(any::<u64>(), 0..9), 0..9), turn in 0usize..9,
        ) {
            let mut order: Vec<_> = parts.iter().map(|part| of(part)).collect();
            let turn = turn % order.len().max(1);
            order.rotate_left(turn);
            let mut merged = Moments::new();
            order.iter().rev().for_each(|part| merged.merge(part));
            prop_assert_eq!(merged, of(&parts.concat()));
        }

        #[test]
        fn the_variance_is_that_of_two_passes(values in prop::collection::vec(0u64..1 << 48, 2..50)) {
            let n = values.len() as f64;
            let mean = values.iter().map(|&x| x as f64).sum::<f64>() / n;
            let expected = values.iter().map(|&x| (x as f64 - mean).powi(2)).sum::<f64>() / (n - 1.0);
            let found = of(&values).variance().unwrap();
            prop_assert!((found - expected).abs() <= 1e-12 * expected, "{} {}", found, expected);
        }

        #[test]
        fn shifting_the_values_does_not_change_the_variance(
            values in prop::collection::vec(0u64..1 << 60, 2..50), shift in 0u64..15 << 60,
        ) {
            let shifted: Vec<u64> = values.iter().map(|value| value + shift).collect();
            let (found, expected) = (of(&shifted).variance().unwrap(), of(&values).variance().unwrap());
            prop_assert!((found - expected).abs() <= 4.0 * f64::EPSILON * expected, "{} {}", found, expected);
        }
    }
}
