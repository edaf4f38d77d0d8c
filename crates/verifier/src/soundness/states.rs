//! The states that were found, how they were reached and where they lead.

use grieta_core::kernel::Fingerprint;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// The number of a state, in the order in which they were found: the nearest to the start first.
pub(crate) type StateIx = u32;

/// States and what leads from one to another.
#[derive(Debug, Default)]
pub(crate) struct States {
    prints: Vec<Fingerprint>,
    index: HashTable<StateIx>,
    /// The state from which each was found first.
    found_from: Vec<StateIx>,
    /// The states that each leads to, one after the other.
    targets: Vec<StateIx>,
    /// Where those of a state begin; one entry more than there are states that were looked into.
    first_target: Vec<usize>,
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
        let prints = &self.prints;
        let hash = |print: &Fingerprint| print.0 as u64;
        let same = |state: &StateIx| prints[*state as usize] == print;
        match self.index.entry(hash(&print), same, |state| hash(&prints[*state as usize])) {
            Entry::Occupied(found) => (*found.get(), false),
            Entry::Vacant(free) => {
                let new = prints.len() as StateIx;
                free.insert(new);
                self.prints.push(print);
                self.found_from.push(from);
                (new, true)
            }
        }
    }

    /// The next state is looked into.
    pub fn look_into_next(&mut self) {
        self.first_target.push(self.targets.len());
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
        let end = self.first_target.get(at + 1).copied().unwrap_or(self.targets.len());
        &self.targets[*first..end]
    }

    pub fn print(&self, state: StateIx) -> Fingerprint {
        self.prints[state as usize]
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
