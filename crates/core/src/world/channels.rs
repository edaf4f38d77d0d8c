//! Things that wait on channels, oldest first: subscriptions for messages, kept messages for subscribers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::value::Value;

/// Things by name and key; an absent key meets every key. Each gets a number that grows with time.
#[derive(Debug, Clone)]
pub(super) struct Channels<T> {
    next: u64,
    items: BTreeMap<u64, Item<T>>,
    /// Never iterated: only the numbers decide who is first.
    lanes: IndexMap<Arc<str>, Lane>,
}

#[derive(Debug, Clone)]
struct Item<T> {
    name: Arc<str>,
    key: Value,
    thing: T,
}

/// The numbers of all that waits under one name.
#[derive(Debug, Clone, Default)]
struct Lane {
    all: BTreeSet<u64>,
    by_key: IndexMap<Value, BTreeSet<u64>>,
}

impl<T> Default for Channels<T> {
    fn default() -> Self {
        Channels { next: 0, items: BTreeMap::new(), lanes: IndexMap::new() }
    }
}

impl<T> Channels<T> {
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Lets something wait; gives its number.
    pub fn insert(&mut self, name: &str, key: &Value, thing: T) -> u64 {
        let number = self.next;
        self.next += 1;
        let name: Arc<str> = self.lanes.get_key_value(name).map_or_else(|| name.into(), |(name, _)| name.clone());
        let lane = self.lanes.entry(name.clone()).or_default();
        lane.all.insert(number);
        lane.by_key.entry(key.clone()).or_default().insert(number);
        self.items.insert(number, Item { name, key: key.clone(), thing });
        number
    }

    /// The number of the oldest thing that meets that name and key, and the thing.
    pub fn oldest(&self, name: &str, key: &Value) -> Option<(u64, &T)> {
        let lane = self.lanes.get(name)?;
        let first = |key: &Value| lane.by_key.get(key).and_then(BTreeSet::first).copied();
        let number = match key {
            Value::Absent => lane.all.first().copied(),
            key => first(key).into_iter().chain(first(&Value::Absent)).min(),
        }?;
        self.items.get(&number).map(|item| (number, &item.thing))
    }

    /// Takes away what has that number.
    pub fn remove(&mut self, number: u64) -> Option<T> {
        let Item { name, key, thing } = self.items.remove(&number)?;
        if let Some(lane) = self.lanes.get_mut(&name) {
            lane.all.remove(&number);
            if let Some(same) = lane.by_key.get_mut(&key) {
                same.remove(&number);
                if same.is_empty() {
                    lane.by_key.swap_remove(&key);
                }
            }
            if lane.all.is_empty() {
                self.lanes.swap_remove(&name);
            }
        }
        Some(thing)
    }
}
