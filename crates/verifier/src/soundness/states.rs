//! The states that were found, how they were reached and where they lead.

use grieta_core::kernel::Fingerprint;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// The number of a state, in the order in which they were found: the nearest to the start first.
pub(crate) type StateIx = u32;

/// States and what leads from one to another.
#[derive(Debug, Default)]
pub(crate) struct States {
    /// By fingerprint.
    known: HashTable<StateIx>,
    prints: Vec<Fingerprint>,
    /// The state from which each was found first.
    found_from: Vec<StateIx>,
    /// The states that each leads to, one after the other.
    targets: Vec<StateIx>,
    /// Where those of a state begin; one entry for each state that was looked into.
    first_target: Vec<u32>,
}

/// Every part of a fingerprint is well spread.
fn hash(print: Fingerprint) -> u64 {
    print.0 as u64
}

impl States {
    pub fn len(&self) -> usize {
        self.prints.len()
    }

    pub fn transitions(&self) -> usize {
        self.targets.len()
    }

    /// The state with that fingerprint, and whether it is new.
    #[inline]
    pub fn enter(&mut self, print: Fingerprint, from: StateIx) -> (StateIx, bool) {
        let prints = &mut self.prints;
        let is_same = |known: &StateIx| prints[*known as usize] == print;
        match self.known.entry(hash(print), is_same, |known| hash(prints[*known as usize])) {
            Entry::Occupied(found) => (*found.get(), false),
            Entry::Vacant(free) => {
                let state = prints.len() as StateIx;
                free.insert(state);
                prints.push(print);
                self.found_from.push(from);
                (state, true)
            }
        }
    }

    /// The fingerprint of a state.
    pub fn print(&self, state: StateIx) -> Fingerprint {
        self.prints[state as usize]
    }

    /// The state with that fingerprint.
    pub fn find(&self, print: Fingerprint) -> Option<StateIx> {
        self.known.find(hash(print), |known| self.prints[*known as usize] == print).copied()
    }

    /// The next state is looked into.
    pub fn look_into_next(&mut self) {
        self.first_target.push(self.targets.len() as u32);
    }

    /// The state that is being looked into leads there.
    #[inline]
    pub fn leads_to(&mut self, target: StateIx) {
        self.targets.push(target);
    }

    /// Where a state leads; nowhere as long as it has not been looked into.
    pub fn targets(&self, state: StateIx) -> &[StateIx] {
        let at = state as usize;
        let Some(first) = self.first_target.get(at) else { return &[] };
        let end = self.first_target.get(at + 1).map_or(self.targets.len(), |end| *end as usize);
        &self.targets[*first as usize..end]
    }

    /// The states on the way to a state, itself the last.
    pub fn way_to(&self, state: StateIx) -> Vec<StateIx> {
        let mut way = vec![state];
        let mut at = state;
        while self.found_from[at as usize] != at {
            at = self.found_from[at as usize];
            way.push(at);
        }
        way.reverse();
        way
    }

    /// For each state, whether one of these can be reached from it.
    pub fn can_reach(&self, wanted: impl Fn(StateIx) -> bool) -> Vec<bool> {
        let mut reaches: Vec<bool> = (0..self.len()).map(|state| wanted(state as StateIx)).collect();
        // States found later lie further on: going backwards, most is known after one round.
        loop {
            let mut changed = false;
            for state in (0..self.len()).rev() {
                if !reaches[state] && self.targets(state as StateIx).iter().any(|target| reaches[*target as usize]) {
                    reaches[state] = true;
                    changed = true;
                }
            }
            if !changed {
                return reaches;
            }
        }
    }
}
