//! What is further ahead: buckets of equal length.

use super::{Entry, FEW};

/// So many entries are meant to share a bucket.
const SHARE: usize = 16;

const _: () = assert!(SHARE * 2 < FEW);

/// A stretch of time in buckets, of which those that have passed are empty.
#[derive(Debug)]
pub(super) struct Rung {
    start: u64,
    end: u64,
    /// A bucket is 2^`shift` µs long.
    shift: u32,
    buckets: Vec<Vec<Entry>>,
    /// The first bucket that has not passed.
    next: usize,
}

impl Rung {
    /// Buckets from the first of so many entries to the end, or, where that is the end of time, to the last one; `None`
    /// where they are few, or happen all at the same time.
    pub fn new(entries: &[Entry], end: u64) -> Option<Rung> {
        if entries.len() <= FEW {
            return None;
        }
        let first = entries.iter().map(|entry| entry.time).min()?;
        let last = entries.iter().map(|entry| entry.time).max()?;
        if first == last {
            return None;
        }
        let end = if end == u64::MAX { last.saturating_add(1) } else { end };
        let most = (entries.len() / SHARE) as u64;
        let span = end - first - 1;
        let shift = u64::BITS - (span / most).leading_zeros();
        let buckets = (span >> shift) as usize + 1;
        Some(Rung { start: first, end, shift, buckets: vec![Vec::new(); buckets], next: 0 })
    }

    /// Whether that time lies before its end.
    #[inline]
    pub fn reaches(&self, time: u64) -> bool {
        time < self.end
    }

    /// Puts in what happens after all that was taken out.
    #[inline]
    pub fn put(&mut self, entry: Entry) {
        let at = (entry.time.saturating_sub(self.start) >> self.shift) as usize;
        self.buckets[at].push(entry);
    }

    /// The entries of the next bucket that has any, and its end.
    pub fn next(&mut self) -> Option<(Vec<Entry>, u64)> {
        let ahead = self.buckets[self.next..].iter().position(|bucket| !bucket.is_empty())?;
        let at = self.next + ahead;
        self.next = at + 1;
        let end = ((self.next as u64) << self.shift).checked_add(self.start).unwrap_or(self.end).min(self.end);
        Some((std::mem::take(&mut self.buckets[at]), end))
    }

    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.buckets.iter().flatten()
    }

    pub fn retain(&mut self, valid: &mut impl FnMut(&Entry) -> bool) {
        self.buckets.iter_mut().for_each(|bucket| bucket.retain(&mut *valid));
    }
}
