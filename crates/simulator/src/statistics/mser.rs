//! How much of the beginning of a run to leave out: MSER-5.
//!
//! A run that begins empty is too fast at first. The truncation is chosen that makes the standard error of what is left
//! least: with Y the means of batches of five, d* = argmin Σ_{j>d} (Y_j − Ȳ_d)² / (n − d)² (White, "An effective
//! truncation heuristic for bias reduction in simulation output", Simulation 69, 1997; batches of five by White, Cobb and
//! Spratt, "A comparison of five steady-state truncation heuristics for simulation", WSC 2000).

/// Values in the order in which they began, summed up in batches of equal size.
///
/// Memory is bounded: with more than [`Series::MOST`] batches neighbours are joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// A batch holds 5 · 2^doublings places.
    doublings: u32,
    /// By batch: the sum of the values, and how many there are.
    batches: Vec<(u128, u64)>,
}

/// Places in a batch at first.
const FIVE: u64 = 5;

/// The last few batches alone are no run to judge by (Franklin and White, "Stationarity tests and MSER-5", WSC 2008).
const LAST: usize = 5;

impl Default for Series {
    fn default() -> Series {
        Series::new()
    }
}

impl Series {
    /// There are no more batches than these: 5 to 10 thousand values are kept in batches of five.
    pub const MOST: usize = 2_048;

    /// No values.
    pub const fn new() -> Series {
        Series { doublings: 0, batches: Vec::new() }
    }

    /// Takes in the value at a place, counted from 0; places may come in any order, and some not at all.
    #[inline]
    pub fn add(&mut self, place: u64, value: u64) {
        let mut at = (place / FIVE) >> self.doublings;
        while at >= Series::MOST as u64 {
            self.join();
            at >>= 1;
        }
        if self.batches.len() <= at as usize {
            self.batches.resize(at as usize + 1, (0, 0));
        }
        let (sum, count) = &mut self.batches[at as usize];
        *sum += u128::from(value);
        *count += 1;
    }

    /// Joins each batch with its neighbour.
    #[cold]
    fn join(&mut self) {
        let joined = self
            .batches
            .chunks(2)
            .map(|pair| pair.iter().fold((0u128, 0u64), |all, one| (all.0 + one.0, all.1 + one.1)));
        self.batches = joined.collect();
        self.doublings += 1;
    }

    /// Takes in all values of another series, place by place: the average over replications.
    pub fn merge(&mut self, other: &Series) {
        let mut other = other.clone();
        while self.doublings < other.doublings {
            self.join();
        }
        while other.doublings < self.doublings {
            other.join();
        }
        self.batches.resize(self.batches.len().max(other.batches.len()), (0, 0));
        for (own, more) in self.batches.iter_mut().zip(&other.batches) {
            *own = (own.0 + more.0, own.1 + more.1);
        }
    }

    /// How many places a batch holds.
    pub const fn batch(&self) -> u64 {
        FIVE << self.doublings
    }

    /// How many places at the beginning to leave out, and the mean of the values after them; `None` with fewer than twenty
    /// batches.
    ///
    /// What begins last is in a batch that is not full: it is left out of the choice where it would be the last one.
    pub fn truncation(&self) -> Option<(u64, f64)> {
        let filled = self.batches.iter().enumerate().filter(|(_, (_, count))| *count > 0);
        let means: Vec<(usize, f64)> = filled.map(|(at, (sum, count))| (at, *sum as f64 / *count as f64)).collect();
        let means = &means[..means.len().saturating_sub(1)];
        if means.len() < 20 {
            return None;
        }
        // From the end on: the mean and the squares about it of all batches from d on (Welford).
        let (mut mean, mut squares, mut best) = (0.0, 0.0, (f64::INFINITY, 0));
        for (d, (_, value)) in means.iter().enumerate().rev() {
            let count = (means.len() - d) as f64;
            let off = value - mean;
            mean += off / count;
            squares += off * (value - mean);
            let error = squares / (count * count);
            // Of equals the one that leaves out least.
            if means.len() - d >= LAST && error <= best.0 {
                best = (error, d);
            }
        }
        let first = means.get(best.1).map_or(0, |(at, _)| *at);
        let (sum, count) = self.batches[first..].iter().fold((0u128, 0u64), |all, one| (all.0 + one.0, all.1 + one.1));
        Some((first as u64 * self.batch(), sum as f64 / count as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: impl IntoIterator<Item = u64>) -> Series {
        let mut series = Series::new();
        values.into_iter().enumerate().for_each(|(place, value)| series.add(place as u64, value));
        series
    }

    /// Noise around 1,000.
    fn noise(place: u64) -> u64 {
        900 + crate::random::mix(place) % 200
    }

    #[test]
    fn what_begins_empty_is_cut_where_it_has_settled() {
        let (cut, mean) = of((0..5_000).map(|place| noise(place) * place.min(500) / 500)).truncation().unwrap();
        assert!((400..700).contains(&cut), "{cut}");
        assert!((mean - 1_000.0).abs() < 10.0, "{mean}");
    }

    #[test]
    fn what_has_no_beginning_is_hardly_cut() {
        let (cut, _) = of((0..5_000).map(noise)).truncation().unwrap();
        assert!(cut <= 2_000, "{cut}");
        assert_eq!(of([7; 5_000]).truncation(), Some((0, 7.0)));
    }

    #[test]
    fn what_grows_for_ever_is_cut_near_its_end() {
        let (cut, _) = of((0..5_000).map(|place| place * 10)).truncation().unwrap();
        assert!(cut > 4_000, "{cut}");
    }

    #[test]
    fn too_little_says_nothing() {
        assert_eq!(of((0..100).map(noise)).truncation(), None);
        assert!(of((0..101).map(noise)).truncation().is_some());
    }

    #[test]
    fn memory_is_bounded_and_batches_are_equal() {
        let series = of((0..100_000).map(noise));
        assert!(series.batches.len() <= Series::MOST, "{}", series.batches.len());
        assert_eq!(series.batch(), 80);
        assert!(series.batches.iter().all(|(_, count)| *count == 80));
        let mut far = Series::new();
        far.add(u64::MAX, 1);
        assert!(far.batches.len() <= Series::MOST);
    }

    proptest! {
        #[test]
        fn merging_is_adding(one in prop::collection::vec(0u64..1_000, 0..300), long in 0u64..30_000) {
            let other = of((0..long).map(noise));
            let mut both = of(one.clone());
            both.merge(&other);
            let mut expected = other;
            one.iter().enumerate().for_each(|(place, value)| expected.add(place as u64, *value));
            prop_assert_eq!(both, expected);
        }
    }
}
