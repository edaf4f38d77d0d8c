//! What happens next: a queue ordered by time, then class, then case, then item.

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

impl Entry {
    /// An entry at so many microseconds after the start of simulated time.
    #[inline]
    pub fn new(time: u64, class: Class, case: u64, item: u32, slot: u32, stamp: u32) -> Entry {
        let case = case & ((1 << (CLASS_SHIFT - ITEM_BITS)) - 1);
        Entry { time, order: (class as u64) << CLASS_SHIFT | case << ITEM_BITS | u64::from(item), slot, stamp }
    }

    /// Microseconds after the start of simulated time.
    #[inline]
    pub fn time(&self) -> u64 {
        self.time
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
    stale: usize,
}

/// Below this size a queue is not worth cleaning.
const WORTH_CLEANING: usize = 256;

impl Queue {
    #[inline]
    pub fn push(&mut self, entry: Entry) {
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
    pub fn peek_time(&self) -> Option<u64> {
        self.heap.first().map(|entry| entry.time)
    }

    #[inline]
    pub fn pop(&mut self) -> Option<Entry> {
        let last = self.heap.pop()?;
        let Some(first) = self.heap.first().copied() else { return Some(last) };
        self.sift_down(0, last);
        Some(first)
    }

    #[inline]
    fn sift_down(&mut self, mut hole: usize, entry: Entry) {
        let (key, length) = (entry.key(), self.heap.len());
        loop {
            let child = hole * 4 + 1;
            if child >= length {
                break;
            }
            let (mut least, mut least_key) = (child, self.heap[child].key());
            for other in child + 1..(child + 4).min(length) {
                let other_key = self.heap[other].key();
                if other_key < least_key {
                    (least, least_key) = (other, other_key);
                }
            }
            if key <= least_key {
                break;
            }
            self.heap[hole] = self.heap[least];
            hole = least;
        }
        self.heap[hole] = entry;
    }

    /// Notes that an entry somewhere in the queue has become invalid; says whether cleaning is due.
    #[inline]
    pub fn overtaken(&mut self) -> bool {
        self.stale += 1;
        self.heap.len() > WORTH_CLEANING && self.stale * 2 > self.heap.len()
    }

    /// Notes that an invalid entry was taken out.
    #[inline]
    pub fn discarded(&mut self) {
        self.stale = self.stale.saturating_sub(1);
    }

    /// Keeps only valid entries.
    pub fn clean(&mut self, valid: impl FnMut(&Entry) -> bool) {
        self.heap.retain(valid);
        self.stale = 0;
        for parent in (0..self.heap.len().div_ceil(4)).rev() {
            let entry = self.heap[parent];
            self.sift_down(parent, entry);
        }
    }
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
        fn entries_come_out_in_order(times in prop::collection::vec((0u64..50, 0u64..5, 0u32..3), 0..200), keep in 1u64..5) {
            let mut queue = Queue::default();
            for (time, case, item) in &times {
                queue.push(Entry::new(*time, Class::Timer, *case, *item, 0, 0));
            }
            queue.clean(|entry| entry.time % 5 < keep);
            let mut expected: Vec<u128> = times
                .iter()
                .filter(|(time, ..)| time % 5 < keep)
                .map(|(time, case, item)| Entry::new(*time, Class::Timer, *case, *item, 0, 0).key())
                .collect();
            expected.sort_unstable();
            prop_assert_eq!(drain(&mut queue), expected);
        }
    }

    #[test]
    fn at_the_same_time_the_class_decides() {
        let mut queue = Queue::default();
        for class in [Class::Timer, Class::Availability, Class::Message, Class::Completion] {
            queue.push(Entry::new(5, class, 9 - class as u64, 1, 0, 0));
        }
        let classes: Vec<Class> = std::iter::from_fn(|| queue.pop()).map(|entry| entry.class()).collect();
        assert_eq!(classes, [Class::Availability, Class::Completion, Class::Message, Class::Timer]);
    }
}
