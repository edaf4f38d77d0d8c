//! Quantiles of whole numbers from a log-linear histogram: a bounded relative error and little memory.

/// Each power of two is split into this many buckets.
const BUCKETS: usize = 128;

/// Counts of values in buckets whose width grows with the values.
///
/// Values below 256 have a bucket each; above, each octave [2^k, 2^(k+1)) is split into 128 buckets of equal width. A
/// quantile is reported as the midpoint of its bucket, so it differs from the true one by at most half a bucket: 1/256
/// of the value, below 0.4 %. The least and the greatest value are kept exactly.
/// Memory grows with the highest octave seen: 1 kB an octave, at most 58 kB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    counts: Vec<u64>,
    count: u64,
    min: u64,
    max: u64,
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram::new()
    }
}

impl Histogram {
    /// A histogram of no values.
    pub const fn new() -> Histogram {
        Histogram { counts: Vec::new(), count: 0, min: u64::MAX, max: 0 }
    }

    /// Takes in one value.
    #[inline]
    pub fn add(&mut self, value: u64) {
        let at = bucket(value);
        match self.counts.get_mut(at) {
            Some(count) => *count += 1,
            None => self.open(at),
        }
        self.count += 1;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Counts the first value of an octave above all seen so far.
    #[cold]
    fn open(&mut self, at: usize) {
        self.counts.resize((at / BUCKETS + 1) * BUCKETS, 0);
        self.counts[at] += 1;
    }

    /// Takes in all values that the other has seen. In any order this gives what adding them one by one would.
    pub fn merge(&mut self, other: &Histogram) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// How many values were seen.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The least value, exactly; `None` without values.
    pub fn min(&self) -> Option<u64> {
        (self.count > 0).then_some(self.min)
    }

    /// The greatest value, exactly; `None` without values.
    pub fn max(&self) -> Option<u64> {
        (self.count > 0).then_some(self.max)
    }

    /// The least value that a share `p` of all values does not exceed, within 1/256 of itself; `None` without values.
    ///
    /// In the sorted values it is the one of rank ⌈p·n⌉ (type 1 of Hyndman and Fan, "Sample quantiles in statistical
    /// packages", The American Statistician 50, 1996). Shares outside 0 to 1 count as 0 or 1.
    pub fn quantile(&self, p: f64) -> Option<u64> {
        if self.count == 0 {
            return None;
        }
        let rank = rank(p, self.count);
        if rank == self.count {
            return Some(self.max);
        }
        let mut seen = 0;
        let at = self.counts.iter().position(|count| {
            seen += count;
            seen >= rank
        })?;
        Some(midpoint(at).clamp(self.min, self.max))
    }

    /// The same over the values that were seen since this histogram was as `earlier`; `None` when there were none.
    pub fn quantile_since(&self, earlier: &Histogram, p: f64) -> Option<u64> {
        let new = self.count.checked_sub(earlier.count).filter(|new| *new > 0)?;
        let rank = rank(p, new);
        let mut seen = 0;
        let before = |at: usize| earlier.counts.get(at).copied().unwrap_or(0);
        let at = self.counts.iter().enumerate().position(|(at, count)| {
            seen += count - before(at);
            seen >= rank
        })?;
        Some(midpoint(at).clamp(self.min, self.max))
    }
}

/// ⌈p·n⌉ between 1 and n. A product within rounding of a whole number counts as that number: 0.07 · 100 is 7, not 8.
pub(crate) fn rank(p: f64, n: u64) -> u64 {
    let product = p * n as f64;
    let whole = product.round();
    let near = (product - whole).abs() <= 4.0 * f64::EPSILON * whole;
    (if near { whole } else { product.ceil() } as u64).clamp(1, n)
}

/// The bucket of a value: its seven bits after the leading one, behind the number of the octave.
#[inline]
fn bucket(value: u64) -> usize {
    // From 128 on the leading one is counted in, which is why bucket numbers go on without a gap.
    let shift = (value | BUCKETS as u64).ilog2() - BUCKETS.ilog2();
    ((shift as usize) << BUCKETS.ilog2()) + (value >> shift) as usize
}

/// The middle of a bucket, rounded down.
fn midpoint(bucket: usize) -> u64 {
    let shift = (bucket / BUCKETS).saturating_sub(1);
    let lowest = ((bucket - shift * BUCKETS) as u64) << shift;
    lowest + ((1 << shift) - 1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[u64]) -> Histogram {
        let mut histogram = Histogram::new();
        values.iter().for_each(|&value| histogram.add(value));
        histogram
    }

    #[test]
    fn buckets_follow_one_another_without_gap() {
        let mut last = 0;
        for value in 0..100_000 {
            let now = bucket(value);
            assert!(now == last || now == last + 1, "{value}");
            assert!(
                value < 256 && midpoint(now) == value || value >= 256 && midpoint(now).abs_diff(value) * 256 <= value
            );
            last = now;
        }
        assert_eq!(bucket(u64::MAX), 58 * BUCKETS - 1);
        assert!(midpoint(bucket(u64::MAX)) < u64::MAX);
    }

    #[test]
    fn no_values_have_no_quantiles() {
        assert_eq!((of(&[]).quantile(0.5), of(&[]).min(), of(&[]).max()), (None, None, None));
    }

    #[test]
    fn the_ends_are_exact_and_odd_shares_are_borne() {
        let histogram = of(&[1_000_003, 5_000_007, 9_999_999]);
        let check = |p, expected| assert_eq!(histogram.quantile(p), Some(expected), "{p}");
        check(1.0, 9_999_999);
        check(7.0, 9_999_999);
        check(f64::INFINITY, 9_999_999);
        for least in [0.0, -1.0, f64::NAN, 1.0 / 3.0] {
            assert!(histogram.quantile(least).unwrap().abs_diff(1_000_003) * 256 <= 1_000_003);
        }
        assert_eq!(of(&[1_000_003; 4]).quantile(0.5), Some(1_000_003));
    }

    #[test]
    fn ranks_do_not_stumble_over_rounding() {
        // 0.07 · 100 is 7.000000000000001 in f64.
        assert_eq!((rank(0.07, 100), rank(0.070_001, 100), rank(0.95, 20), rank(0.5, 3)), (7, 8, 19, 2));
        let hundred: Vec<u64> = (1..=100).collect();
        (1..=100).for_each(|rank| assert_eq!(of(&hundred).quantile(rank as f64 / 100.0), Some(rank)));
    }

    #[test]
    fn memory_follows_the_highest_octave() {
        assert_eq!(of(&[]).counts.len(), 0);
        assert_eq!(of(&[100]).counts.len(), 128);
        assert_eq!(of(&[3_600_000_000]).counts.len(), 26 * 128); // an hour in microseconds: 26 kB
        assert_eq!(of(&[u64::MAX]).counts.len(), 58 * 128);
    }

    /// Values of all sizes alike, so that all octaves occur.
    fn values() -> impl Strategy<Value = Vec<u64>> {
        prop::collection::vec((any::<u64>(), 0u32..64).prop_map(|(bits, shift)| bits >> shift), 1..200)
    }

    proptest! {
        #[test]
        fn a_quantile_is_within_its_bound_of_the_sorted_values(mut values in values(), p in 0.0..=1.0) {
            let found = of(&values).quantile(p).unwrap();
            values.sort_unstable();
            let expected = values[rank(p, values.len() as u64) as usize - 1];
            prop_assert!(u128::from(found.abs_diff(expected)) * 256 <= u128::from(expected), "{} {}", found, expected);
        }

        #[test]
        fn what_came_later_has_its_own_quantiles(early in values(), mut late in values(), p in 0.0..=1.0) {
            let before = of(&early);
            let mut after = before.clone();
            late.iter().for_each(|value| after.add(*value));
            let found = after.quantile_since(&before, p).unwrap();
            late.sort_unstable();
            let expected = late[rank(p, late.len() as u64) as usize - 1];
            prop_assert!(u128::from(found.abs_diff(expected)) * 256 <= u128::from(expected), "{} {}", found, expected);
            prop_assert_eq!(after.quantile_since(&after, p), None);
        }

        #[test]
        fn merging_in_any_order_is_adding_one_by_one(parts in prop::collection::vec(values(), 0..9), turn in 0usize..9) {
            let mut order: Vec<_> = parts.iter().map(|part| of(part)).collect();
            let turn = turn % order.len().max(1);
            order.rotate_left(turn);
            let mut merged = Histogram::new();
            order.iter().rev().for_each(|part| merged.merge(part));
            prop_assert_eq!(merged, of(&parts.concat()));
        }
    }
}
