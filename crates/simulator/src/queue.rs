//! What happens next: a queue ordered by time, then class, then case, then item.

use std::hint::select_unpredictable;

use grieta_core::Timestamp;

/// What kind of thing happens; at the same time the earlier kind goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// A role opens or closes, a person leaves or returns.
    Availability = 0,
    /// Work is done, or an outside party answers.
    Completion = 1,
    /// Something happens outside.
    Message = 2,
    /// A timer of a case is due.
    Timer = 3,
}

/// Something that will happen, unless its stamp shows that it was overtaken by events.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// Microseconds since the epoch, counted from the earliest time there is.
    time: u64,
    /// Class, case and item, in this order of weight.
    order: u64,
    /// Where the case is kept.
    pub slot: u32,
    /// Equal to the stamp of the item that made the entry as long as the entry is valid.
    pub stamp: u32,
}

/// Bits of `order` for the item; the class has four, the case the rest.
const ITEM_BITS: u32 = 20;
const CLASS_SHIFT: u32 = 60;

/// The bits of the earliest time, which is negative.
const EARLIEST: u64 = 1 << 63;

impl Entry {
    #[inline]
    pub fn new(at: Timestamp, class: Class, case: u64, item: u32, slot: u32, stamp: u32) -> Entry {
        let case = case & ((1 << (CLASS_SHIFT - ITEM_BITS)) - 1);
        let order = (class as u64) << CLASS_SHIFT | case << ITEM_BITS | u64::from(item);
        Entry { time: at.as_micros() as u64 ^ EARLIEST, order, slot, stamp }
    }

    /// When it happens.
    #[inline]
    pub fn at(&self) -> Timestamp {
        Timestamp::from_micros((self.time ^ EARLIEST) as i64)
    }

    #[inline]
    pub fn class(&self) -> Class {
        match self.order >> CLASS_SHIFT {
            0 => Class::Availability,
            1 => Class::Completion,
            2 => Class::Message,
            _ => Class::Timer,
        }
    }

    /// The token, timer or person.
    #[inline]
    pub fn item(&self) -> u32 {
        (self.order & ((1 << ITEM_BITS) - 1)) as u32
    }

    #[inline]
    fn key(&self) -> u128 {
        u128::from(self.time) << 64 | u128::from(self.order)
    }
}

/// A heap with four children a node: shallower than a binary one, and its siblings share cache lines.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    heap: Vec<Entry>,
    /// The first entry was taken out and its place is not filled yet: most often something is pushed soon.
    hole: bool,
    /// How many entries have become invalid and are still in the heap.
    stale: usize,
}

/// Below this size a queue is not worth cleaning.
const WORTH_CLEANING: usize = 256;

impl Queue {
    #[inline]
    pub fn push(&mut self, entry: Entry) {
        if self.hole {
            self.hole = false;
            return self.sift_down(0, entry);
        }
        let mut hole = self.heap.len();
        self.heap.push(entry);
        let key = entry.key();
        while hole > 0 {
            let parent = (hole - 1) / 4;
            if self.heap[parent].key() <= key {
                break;
            }
            self.heap[hole] = self.heap[parent];
            hole = parent;
        }
        self.heap[hole] = entry;
    }

    #[inline]
    pub fn peek_time(&mut self) -> Option<Timestamp> {
        self.fill();
        self.heap.first().map(Entry::at)
    }

    #[inline]
    pub fn pop(&mut self) -> Option<Entry> {
        self.fill();
        let first = self.heap.first().copied();
        self.hole = first.is_some();
        first
    }

    /// Fills the place of an entry that was taken out.
    #[inline]
    fn fill(&mut self) {
        if std::mem::take(&mut self.hole)
            && let Some(last) = self.heap.pop()
            && !self.heap.is_empty()
        {
            self.sift_down(0, last);
        }
    }

    #[inline]
    fn sift_down(&mut self, mut hole: usize, entry: Entry) {
        let key = entry.key();
        loop {
            let first = 4 * hole + 1;
            let children = self.heap.get(first..).unwrap_or_default();
            let least = match children.first_chunk::<4>() {
                Some(four) => first + least_of_four(four),
                None if children.is_empty() => break,
                None => (first..self.heap.len()).min_by_key(|child| self.heap[*child].key()).unwrap_or(first),
            };
            if key <= self.heap[least].key() {
                break;
            }
            self.heap[hole] = self.heap[least];
            hole = least;
        }
        self.heap[hole] = entry;
    }

    /// Notes that an entry somewhere in the queue has become invalid.
    #[inline]
    pub fn overtaken(&mut self) {
        self.stale += 1;
    }

    /// Notes that an invalid entry was taken out.
    #[inline]
    pub fn discarded(&mut self) {
        self.stale = self.stale.saturating_sub(1);
    }

    /// Whether cleaning is due. Deadlines that are met leave entries far ahead that would otherwise pile up.
    #[inline]
    pub fn is_mostly_stale(&self) -> bool {
        self.stale * 2 > self.heap.len() && self.heap.len() > WORTH_CLEANING
    }

    /// Whether anything in the queue is so.
    pub fn any(&mut self, so: impl FnMut(&Entry) -> bool) -> bool {
        self.fill();
        self.heap.iter().any(so)
    }

    /// Keeps only valid entries.
    pub fn clean(&mut self, valid: impl FnMut(&Entry) -> bool) {
        self.fill();
        self.heap.retain(valid);
        self.stale = 0;
        for parent in (0..self.heap.len().div_ceil(4)).rev() {
            let entry = self.heap[parent];
            self.sift_down(parent, entry);
        }
    }
}

/// The position of the least of four entries. Which one it is cannot be foreseen: a branch would be taken wrongly all
/// the time.
#[inline]
fn least_of_four(four: &[Entry; 4]) -> usize {
    let [a, b, c, d] = four.each_ref().map(Entry::key);
    let (left, right) = (b < a, d < c);
    let (low, high) = (select_unpredictable(left, b, a), select_unpredictable(right, d, c));
    select_unpredictable(high < low, 2 + usize::from(right), usize::from(left))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drain(queue: &mut Queue) -> Vec<u128> {
        std::iter::from_fn(|| queue.pop()).map(|entry| entry.key()).collect()
    }

    proptest! {
        #[test]
        fn entries_come_out_in_order(times in prop::collection::vec((-20i64..30, 0u64..5, 0u32..3), 0..200), keep in 1i64..5) {
            let mut queue = Queue::default();
            for (time, case, item) in &times {
                queue.push(Entry::new(Timestamp::from_micros(*time), Class::Timer, *case, *item, 0, 0));
            }
            queue.clean(|entry| entry.at().as_micros().rem_euclid(5) < keep);
            let mut expected: Vec<u128> = times
                .iter()
                .filter(|(time, ..)| time.rem_euclid(5) < keep)
                .map(|(time, case, item)| Entry::new(Timestamp::from_micros(*time), Class::Timer, *case, *item, 0, 0).key())
                .collect();
            expected.sort_unstable();
            prop_assert_eq!(drain(&mut queue), expected);
        }
    }

    #[test]
    fn at_the_same_time_the_class_decides() {
        let mut queue = Queue::default();
        for class in [Class::Timer, Class::Availability, Class::Message, Class::Completion] {
            queue.push(Entry::new(Timestamp::EPOCH, class, 9 - class as u64, 1, 0, 0));
        }
        let classes: Vec<Class> = std::iter::from_fn(|| queue.pop()).map(|entry| entry.class()).collect();
        assert_eq!(classes, [Class::Availability, Class::Completion, Class::Message, Class::Timer]);
    }
}
