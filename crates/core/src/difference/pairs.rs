//! Which step of one definition is which of another.

use std::collections::HashMap;

use crate::definition::Definition;

/// Which step of one definition is which of another.
#[derive(Debug, Clone)]
pub struct Pairs<'a> {
    before: HashMap<&'a str, &'a str>,
    after: HashMap<&'a str, &'a str>,
}

impl<'a> Pairs<'a> {
    /// A step is the same as one of the first definition if its `same-as` names that, or the `same-as` of that names it; or else
    /// if they have the same name; or else if both name the same third step.
    pub fn of(before: &'a Definition, after: &'a Definition) -> Pairs<'a> {
        let mut pairs = Pairs { before: HashMap::new(), after: HashMap::new() };
        let alias = |of: &'a Definition, name: &str| of.steps.get(name)?.same_as.as_deref();
        for name in after.steps.keys() {
            pairs.join(before, alias(after, name), name);
        }
        for name in before.steps.keys() {
            if let Some((other, _)) = alias(before, name).and_then(|other| after.steps.get_key_value(other)) {
                pairs.join(before, Some(name), other);
            }
        }
        for name in after.steps.keys() {
            pairs.join(before, Some(name), name);
        }
        let mut third: HashMap<&str, &str> = HashMap::new();
        for name in before.steps.keys() {
            if let Some(other) = alias(before, name).filter(|_| !pairs.after.contains_key(name.as_str())) {
                third.entry(other).or_insert(name);
            }
        }
        for name in after.steps.keys() {
            let old = alias(after, name).and_then(|other| third.get(other).copied());
            pairs.join(before, old, name);
        }
        pairs
    }

    /// Joins two steps of which neither has another yet.
    fn join(&mut self, before: &'a Definition, old: Option<&str>, name: &'a str) {
        let Some((old, _)) = old.and_then(|old| before.steps.get_key_value(old)) else { return };
        if !self.after.contains_key(old.as_str()) && !self.before.contains_key(name) {
            self.after.insert(old, name);
            self.before.insert(name, old);
        }
    }

    /// Which step of the first definition a step of the second one is.
    pub fn before(&self, name: &str) -> Option<&'a str> {
        self.before.get(name).copied()
    }

    /// Which step of the second definition a step of the first one is.
    pub fn after(&self, name: &str) -> Option<&'a str> {
        self.after.get(name).copied()
    }
}
