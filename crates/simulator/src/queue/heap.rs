//! What is near: a heap.

use std::hint::select_unpredictable;

use super::Entry;

/// A heap with four children a node: shallower than a binary one, and its siblings share cache lines.
#[derive(Debug, Default)]
pub(super) struct Heap {
    heap: Vec<Entry>,
    /// The first entry was taken out and its place is not filled yet: most often something is pushed soon.
    hole: bool,
}

impl Heap {
    #[inline]
    pub fn len(&self) -> usize {
        self.heap.len() - usize::from(self.hole)
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

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
    pub fn first(&mut self) -> Option<&Entry> {
        self.close();
        self.heap.first()
    }

    #[inline]
    pub fn pop(&mut self) -> Option<Entry> {
        self.close();
        let first = self.heap.first().copied();
        self.hole = first.is_some();
        first
    }

    /// All entries, in no order; the heap is empty then.
    pub fn take(&mut self) -> Vec<Entry> {
        self.close();
        std::mem::take(&mut self.heap)
    }

    /// Fills an empty heap.
    pub fn fill(&mut self, entries: Vec<Entry>) {
        (self.heap, self.hole) = (entries, false);
        for parent in (0..self.heap.len().div_ceil(4)).rev() {
            let entry = self.heap[parent];
            self.sift_down(parent, entry);
        }
    }

    pub fn entries(&mut self) -> impl Iterator<Item = &Entry> {
        self.close();
        self.heap.iter()
    }

    /// Fills the place of an entry that was taken out.
    #[inline]
    fn close(&mut self) {
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
