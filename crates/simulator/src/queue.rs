//! What happens next: a queue ordered by time, then class, then case, then item.
//!
//! What is near lies in a heap. When there is much, most of it lies in buckets further ahead, unsorted, so that neither
//! putting it there nor taking it out touches more than its own place (the ladder queue of Tang, Goh and Thng, ACM TOMACS
//! 15, 2005). The order is that of the heap in either case.

mod heap;
mod rung;

use grieta_core::Timestamp;
use heap::Heap;
use rung::Rung;

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

/// Everything that will happen.
#[derive(Debug)]
pub(crate) struct Queue {
    /// What happens before the horizon.
    near: Heap,
    horizon: u64,
    /// So many entries may be in the heap before they are spread.
    most: usize,
    /// What happens between the horizon and the end of each; the later ones reach less far.
    rungs: Vec<Rung>,
    /// What happens after the end of all rungs.
    beyond: Vec<Entry>,
    /// How many entries are not in the heap.
    far: usize,
    /// Entries have been brought near.
    brought: bool,
    /// How many entries have become invalid and are still in the queue.
    stale: usize,
}

/// Below this size a queue is not worth cleaning.
const WORTH_CLEANING: usize = 256;

/// So many entries are left in a heap.
const FEW: usize = 2_048;

impl Default for Queue {
    fn default() -> Queue {
        let (rungs, beyond) = (Vec::new(), Vec::new());
        Queue { near: Heap::default(), horizon: u64::MAX, most: FEW, rungs, beyond, far: 0, brought: false, stale: 0 }
    }
}

impl Queue {
    #[inline]
    pub fn push(&mut self, entry: Entry) {
        if entry.time < self.horizon {
            self.near.push(entry);
            if self.near.len() > self.most {
                self.spread_near();
            }
        } else {
            self.push_far(entry);
        }
    }

    #[inline(never)]
    fn push_far(&mut self, entry: Entry) {
        self.far += 1;
        match self.rungs.iter_mut().rev().find(|rung| rung.reaches(entry.time)) {
            Some(rung) => rung.put(entry),
            None => self.beyond.push(entry),
        }
    }

    #[inline]
    pub fn peek_time(&mut self) -> Option<Timestamp> {
        if self.near.is_empty() {
            self.advance();
        }
        self.near.first().map(Entry::at)
    }

    #[inline]
    pub fn pop(&mut self) -> Option<Entry> {
        if self.near.is_empty() {
            self.advance();
        }
        self.near.pop()
    }

    /// The entries that have been brought near since this was asked last, and those that were there.
    #[inline]
    pub fn brought(&mut self) -> Option<impl Iterator<Item = &Entry>> {
        if std::mem::take(&mut self.brought) { Some(self.near.entries()) } else { None }
    }

    /// There is too much in the heap.
    #[inline(never)]
    fn spread_near(&mut self) {
        let near = self.near.take();
        self.far += near.len();
        if !self.bring_near(near, self.horizon) {
            self.advance();
        }
    }

    /// Nothing is near any more: brings near what comes next.
    #[inline(never)]
    fn advance(&mut self) {
        loop {
            let (next, end) = match self.rungs.last_mut() {
                None => (std::mem::take(&mut self.beyond), u64::MAX),
                Some(rung) => match rung.next() {
                    Some(next) => next,
                    None => {
                        self.rungs.pop();
                        continue;
                    }
                },
            };
            if self.bring_near(next, end) {
                return;
            }
        }
    }

    /// Brings near all that happens before that time, or lays it out in buckets when it is too much; says whether it is near.
    fn bring_near(&mut self, next: Vec<Entry>, end: u64) -> bool {
        let Some(mut rung) = Rung::new(&next, end) else {
            self.far -= next.len();
            self.horizon = end;
            // What happens at the same time cannot be spread: that is not to be tried again soon.
            self.most = FEW.max(2 * next.len());
            self.brought = !next.is_empty();
            self.near.fill(next);
            return true;
        };
        for entry in next {
            match rung.reaches(entry.time) {
                true => rung.put(entry),
                // Only the end of time lies beyond all rungs.
                false => self.beyond.push(entry),
            }
        }
        self.rungs.push(rung);
        false
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
        self.stale > WORTH_CLEANING / 2 && self.stale * 2 > self.near.len() + self.far
    }

    /// Whether anything in the queue is so.
    pub fn any(&mut self, so: impl FnMut(&Entry) -> bool) -> bool {
        let far = self.rungs.iter().flat_map(Rung::entries).chain(&self.beyond);
        self.near.entries().chain(far).any(so)
    }

    /// Keeps only valid entries.
    pub fn clean(&mut self, mut valid: impl FnMut(&Entry) -> bool) {
        let mut near = self.near.take();
        near.retain(&mut valid);
        self.near.fill(near);
        self.rungs.iter_mut().for_each(|rung| rung.retain(&mut valid));
        self.beyond.retain(&mut valid);
        self.far = self.rungs.iter().map(|rung| rung.entries().count()).sum::<usize>() + self.beyond.len();
        self.stale = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(time: i64, case: u64, item: u32) -> Entry {
        Entry::new(Timestamp::from_micros(time), Class::Timer, case, item, 0, 0)
    }

    fn drain(queue: &mut Queue) -> Vec<u128> {
        std::iter::from_fn(|| queue.pop()).map(|entry| entry.key()).collect()
    }

    fn sorted(entries: impl IntoIterator<Item = Entry>) -> Vec<u128> {
        let mut keys: Vec<u128> = entries.into_iter().map(|entry| entry.key()).collect();
        keys.sort_unstable();
        keys
    }

    /// Times of all kinds: crowded, even, all the same, at the very end.
    fn times() -> impl Strategy<Value = Vec<i64>> {
        let time = prop_oneof![
            -20i64..30,
            0i64..1_000_000_000_000,
            (0u32..60).prop_map(|bits| 1 << bits),
            Just(7),
            Just(i64::MAX),
            Just(i64::MIN),
        ];
        prop::collection::vec(time, 0..6 * FEW)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn entries_come_out_in_order(times in times(), keep in 1i64..5) {
            let mut queue = Queue::default();
            let all = || times.iter().enumerate().map(|(case, time)| entry(*time, case as u64 % 5, case as u32 % 3));
            all().for_each(|entry| queue.push(entry));
            let kept = |entry: &Entry| entry.at().as_micros().rem_euclid(5) < keep;
            queue.clean(kept);
            prop_assert_eq!(queue.near.len() + queue.far, all().filter(kept).count());
            prop_assert_eq!(drain(&mut queue), sorted(all().filter(kept)));
        }

        #[test]
        fn what_is_pushed_meanwhile_comes_in_its_turn(times in times(), gaps in prop::collection::vec((0i64..5_000_000, 0u32..40), 1..9)) {
            // The same pushed into a queue and into a sorted list, while the least is taken out of both.
            let (mut queue, mut list) = (Queue::default(), std::collections::BTreeSet::new());
            let mut gaps = gaps.iter().cycle().map(|(gap, shift)| gap << shift);
            for (number, time) in times.iter().enumerate() {
                let first = entry(*time, number as u64, 0);
                queue.push(first);
                list.insert(first.key());
                if number % 3 == 0 {
                    let (popped, least) = (queue.pop(), list.pop_first());
                    prop_assert_eq!(popped.map(|entry| entry.key()), least);
                    let again = popped.map_or(0, |entry| entry.at().as_micros()).saturating_add(gaps.next().unwrap_or(0));
                    let again = entry(again, number as u64, 1);
                    queue.push(again);
                    list.insert(again.key());
                }
            }
            prop_assert_eq!(drain(&mut queue), Vec::from_iter(list));
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

    #[test]
    fn a_million_leave_little_in_the_heap() {
        let mut queue = Queue::default();
        (0..1_000_000).for_each(|case| queue.push(entry(case as i64 * 7_919 % 1_000_003 * 60_000_000, case, 0)));
        let mut most = 0;
        let mut last = 0;
        while let Some(entry) = queue.pop() {
            most = most.max(queue.near.len());
            assert!(entry.key() >= last);
            last = entry.key();
        }
        assert!(most <= FEW, "{most}");
    }
}
