//! Batch means for one run of unknown length: which snapshots of the running totals to keep.
//!
//! The cases of one run are correlated; the means of long enough batches of them hardly are (Law, *Simulation Modeling
//! and Analysis*, 5th ed., §9.5.3). How long a run will be is not known, so batches start small, and whenever there are
//! [`Batches::MOST`] of them neighbours are joined: between 20 and 40 batches of equal size at any time thereafter.

/// Snapshots of cumulative totals, taken after equal numbers of completed cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batches<T> {
    size: u64,
    next: u64,
    origin: T,
    snapshots: Vec<T>,
}

impl<T: Clone> Batches<T> {
    /// When there are this many batches, they are joined in pairs.
    pub const MOST: usize = 40;

    /// Batches of at first `size` cases (at least 1), of totals that stood at `origin` when counting began.
    pub fn new(size: u64, origin: T) -> Batches<T> {
        let size = size.max(1);
        Batches {
            size,
            next: size,
            origin,
            snapshots: Vec::new(),
        }
    }

    /// Whether a snapshot is due after that many completed cases. To be asked after every one.
    #[inline]
    pub const fn due(&self, count: u64) -> bool {
        count >= self.next
    }

    /// Keeps the totals as they are after `count` completed cases. Without effect when none is due.
    pub fn push(&mut self, count: u64, snapshot: T) {
        if !self.due(count) {
            return;
        }
        self.snapshots.push(snapshot);
        if self.snapshots.len() == Self::MOST {
            self.join();
        }
        self.next = self.size.saturating_mul(self.snapshots.len() as u64 + 1);
    }

    /// Joins each batch with its neighbour, by forgetting the snapshot between them.
    fn join(&mut self) {
        let mut second = true;
        self.snapshots.retain(|_| {
            second = !second;
            second
        });
        self.size = self.size.saturating_mul(2);
    }

    /// How many cases a batch holds.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// How many batches are complete. Below 20 the run was too short for batch means: see that `size` was small enough.
    pub const fn count(&self) -> usize {
        self.snapshots.len()
    }

    /// The totals before and after each complete batch, in order. What came after the last one is left out.
    pub fn batches(&self) -> impl Iterator<Item = (&T, &T)> {
        std::iter::once(&self.origin)
            .chain(&self.snapshots)
            .zip(&self.snapshots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A run whose totals are the count of cases itself, counted from `origin`.
    fn run(size: u64, length: u64) -> Batches<u64> {
        let mut batches = Batches::new(size, 0);
        for count in 1..=length {
            if batches.due(count) {
                batches.push(count, count);
            }
        }
        batches
    }

    #[test]
    fn the_fortieth_batch_halves_them() {
        assert_eq!((run(10, 9).count(), run(10, 10).count()), (0, 1));
        let before = run(10, 399);
        assert_eq!((before.count(), before.size()), (39, 10));
        let after = run(10, 400);
        assert_eq!((after.count(), after.size(), after.next), (20, 20, 420));
        assert_eq!(run(0, 5).size(), 1);
    }

    #[test]
    fn a_snapshot_that_is_not_due_is_not_kept() {
        let mut batches = run(10, 20);
        batches.push(25, 25);
        assert_eq!(batches.count(), 2);
    }

    proptest! {
        #[test]
        fn batches_are_consecutive_and_of_equal_size(size in 1u64..50, length in 0u64..20_000) {
            let batches = run(size, length);
            let mut end = 0;
            for (before, after) in batches.batches() {
                prop_assert_eq!((*before, *after), (end, end + batches.size()));
                end = *after;
            }
            prop_assert!(length - end < batches.size());
            prop_assert!(batches.count() < Batches::<u64>::MOST);
            prop_assert!(length < 20 * size || batches.count() >= 20);
        }
    }
}
