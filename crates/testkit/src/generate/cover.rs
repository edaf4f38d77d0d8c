//! What cases are to do together, and the fewest that do it.

use std::cell::RefCell;

use fixedbitset::FixedBitSet;

use crate::coverage::{Coverage, Element, ElementKind};
use crate::random::story::Story;

/// What a case does: elements by their number, and pairs of cracks.
pub(super) type Reached = FixedBitSet;

/// All that there is to do.
pub(super) struct Goals {
    empty: Coverage,
    elements: Vec<Element>,
    /// The numbers of the cracks among the elements.
    cracks: Vec<usize>,
    /// What is counted again and again.
    scratch: RefCell<Coverage>,
}

impl Goals {
    pub fn of(empty: &Coverage) -> Goals {
        let elements: Vec<Element> = empty.elements().map(|(element, _)| element.clone()).collect();
        let is_crack = |at: &usize| elements[*at].kind == ElementKind::Crack;
        let cracks = (0..elements.len()).filter(is_crack).collect();
        Goals { empty: empty.emptied(), elements, cracks, scratch: RefCell::new(empty.emptied()) }
    }

    /// What a case does.
    pub fn reached(&self, story: &Story) -> Reached {
        let mut coverage = self.scratch.borrow_mut();
        *coverage = self.empty.emptied();
        // It is of that process.
        let _ = coverage.add(story.plan(), story.events());
        let mut reached = FixedBitSet::with_capacity(self.elements.len() + self.cracks.len() * self.cracks.len());
        coverage.elements().enumerate().filter(|(_, (_, is))| *is).for_each(|(at, _)| reached.insert(at));
        for a in 0..self.cracks.len() {
            for b in a + 1..self.cracks.len() {
                if reached.contains(self.cracks[a]) && reached.contains(self.cracks[b]) {
                    reached.insert(self.pair(a, b));
                }
            }
        }
        reached
    }

    /// The number of a pair of cracks, the first before the second.
    fn pair(&self, a: usize, b: usize) -> usize {
        self.elements.len() + a * self.cracks.len() + b
    }

    fn all(&self, found: &[(Story, Reached)]) -> Reached {
        let mut all = FixedBitSet::new();
        found.iter().for_each(|(_, reached)| all.union_with(reached));
        all
    }

    fn number(&self, element: &Element) -> Option<usize> {
        self.elements.iter().position(|known| known.id == element.id)
    }

    /// The elements that none of these cases does.
    pub fn missing(&self, found: &[(Story, Reached)]) -> impl Iterator<Item = &Element> {
        let all = self.all(found);
        self.elements.iter().enumerate().filter(move |(at, _)| !all.contains(*at)).map(|(_, element)| element)
    }

    /// Whether one of these cases does that.
    pub fn is_reached(&self, found: &[(Story, Reached)], element: &Element) -> bool {
        let at = self.number(element);
        at.is_none_or(|at| found.iter().any(|(_, reached)| reached.contains(at)))
    }

    /// Whether a case does that.
    pub fn does(&self, story: &Story, element: &Element) -> bool {
        self.number(element).is_none_or(|at| self.reached(story).contains(at))
    }

    /// The cracks that strike in some case.
    pub fn cracks_in(&self, found: &[(Story, Reached)]) -> Vec<Element> {
        let all = self.all(found);
        self.cracks.iter().filter(|at| all.contains(**at)).map(|at| self.elements[*at].clone()).collect()
    }

    /// Whether both cracks strike in one of these cases.
    pub fn is_pair_reached(&self, found: &[(Story, Reached)], a: &Element, b: &Element) -> bool {
        let (Some(a), Some(b)) = (self.number(a), self.number(b)) else { return true };
        found.iter().any(|(_, reached)| reached.contains(a) && reached.contains(b))
    }

    /// How many pairs of cracks strike in one of these cases.
    pub fn pairs_in(&self, found: &[(Story, Reached)]) -> usize {
        self.all(found).ones().filter(|at| *at >= self.elements.len()).count()
    }

    /// Whether that is something that none of these cases does.
    pub fn is_new(&self, found: &[(Story, Reached)], reached: &Reached) -> bool {
        !reached.is_subset(&self.all(found))
    }

    /// Few of these cases that together do all that they do, each with what it is needed for: again and again the one that adds
    /// most, of those the shortest.
    pub fn cover(&self, found: &[(Story, Reached)]) -> Vec<(usize, Reached)> {
        let mut left = self.all(found);
        let mut chosen: Vec<usize> = Vec::new();
        while !left.is_clear() {
            let adds = |at: usize| found[at].1.intersection(&left).count();
            let best = (0..found.len()).max_by_key(|at| (adds(*at), std::cmp::Reverse((found[*at].0.length(), *at))));
            let Some(best) = best.filter(|best| adds(*best) > 0) else { break };
            left.difference_with(&found[best].1);
            chosen.push(best);
        }
        self.without_idle(found, chosen)
    }

    /// Leaves out what the others do as well, the last chosen first; says what each of the rest is needed for.
    fn without_idle(&self, found: &[(Story, Reached)], mut chosen: Vec<usize>) -> Vec<(usize, Reached)> {
        let alone = |chosen: &[usize], at: usize| {
            let mut own = found[at].1.clone();
            chosen.iter().filter(|other| **other != at).for_each(|other| own.difference_with(&found[*other].1));
            own
        };
        for at in chosen.clone().into_iter().rev() {
            if alone(&chosen, at).is_clear() {
                chosen.retain(|other| *other != at);
            }
        }
        // Whatever several do is the task of the first of them.
        let mut done = FixedBitSet::new();
        let mut tasks: Vec<(usize, Reached)> = Vec::new();
        for at in chosen {
            let mut task = found[at].1.clone();
            task.difference_with(&done);
            done.union_with(&found[at].1);
            tasks.push((at, task));
        }
        tasks
    }
}
