//! What most cases have nothing of, kept apart so that the others stay small.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::scope::{Fired, Instances};
use super::timer::Tries;
use super::undo::Memory;
use crate::index::TokenIx;
use crate::kernel::event::Reason;

/// Everything of that kind. Having nothing and never having had anything is the same.
#[derive(Default)]
pub(super) struct Seldom(Option<Box<All>>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct All {
    pub tries: Vec<Tries>,
    pub incidents: Vec<(TokenIx, Reason)>,
    /// Why the work of a token failed last (bookkeeping).
    pub failures: Vec<(TokenIx, Arc<str>)>,
    pub instances: Vec<(TokenIx, Instances)>,
    pub fired: Vec<Fired>,
    pub memory: Memory,
}

static NOTHING: All = All::NOTHING;

impl All {
    const NOTHING: All = All {
        tries: Vec::new(),
        incidents: Vec::new(),
        failures: Vec::new(),
        instances: Vec::new(),
        fired: Vec::new(),
        memory: Memory::NOTHING,
    };

    fn tells_of_tokens(&self) -> bool {
        let troubles = self.tries.len() + self.incidents.len() + self.failures.len();
        troubles + self.instances.len() > 0 || !self.memory.is_empty()
    }

    /// Keeps the memory.
    fn clear(&mut self) {
        self.tries.clear();
        self.incidents.clear();
        self.failures.clear();
        self.instances.clear();
        self.fired.clear();
        self.memory.clear();
    }
}

impl Seldom {
    /// Whether there was ever anything.
    #[inline]
    pub fn is_any(&self) -> bool {
        self.0.is_some()
    }

    /// Whether there may be anything that means nothing any more once a token has left.
    #[inline]
    pub fn tells_of_tokens(&self) -> bool {
        self.0.as_ref().is_some_and(|all| all.tells_of_tokens())
    }

    #[inline]
    pub fn clear(&mut self) {
        if let Some(all) = &mut self.0 {
            all.clear();
        }
    }
}

impl Deref for Seldom {
    type Target = All;

    #[inline]
    fn deref(&self) -> &All {
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

impl DerefMut for Seldom {
    fn deref_mut(&mut self) -> &mut All {
        self.0.get_or_insert_with(|| Box::new(All::NOTHING))
    }
}

impl fmt::Debug for Seldom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl PartialEq for Seldom {
    fn eq(&self, other: &Seldom) -> bool {
        **self == **other
    }
}

impl Eq for Seldom {}

impl Clone for Seldom {
    fn clone(&self) -> Seldom {
        let mut copy = Seldom::default();
        copy.clone_from(self);
        copy
    }

    /// Uses the memory of the old one again.
    #[inline]
    fn clone_from(&mut self, other: &Seldom) {
        match (&mut self.0, &other.0) {
            (None, None) => {}
            (own, Some(other)) => own.get_or_insert_with(|| Box::new(All::NOTHING)).copy(other),
            (Some(own), None) => own.clear(),
        }
    }
}

impl All {
    fn copy(&mut self, other: &All) {
        // Named one by one, so that none is forgotten.
        let All { tries, incidents, failures, instances, fired, memory } = other;
        self.tries.clone_from(tries);
        self.incidents.clone_from(incidents);
        self.failures.clone_from(failures);
        self.instances.clone_from(instances);
        self.fired.clone_from(fired);
        if !(self.memory.is_empty() && memory.is_empty()) {
            self.memory.clone_from(memory);
        }
    }
}
