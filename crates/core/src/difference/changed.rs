//! Which values differ between two things of the same kind.

use std::collections::HashMap;

use serde::Serialize;

use crate::yaml::{Leaf, leaves};

/// A value that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The keys that lead to it, as in a file: `outcomes.reached.to`.
    pub key: String,
    /// What stood there; `None` where it was not there.
    pub before: Option<String>,
    /// What stands there now; `None` where it is gone.
    pub after: Option<String>,
}

impl Changed {
    /// Whether only a simulation looks at it: how long something takes, how often it happens, how many are done together.
    pub fn is_assumption(&self) -> bool {
        let assumed = ["takes", "chance", "patience", "set-up", "take-over", "batch"];
        self.key.split('.').any(|part| assumed.contains(&part))
    }
}

/// What differs between two mappings, in the order of the second; what is gone comes last.
pub(crate) fn changed(before: &impl Serialize, after: &impl Serialize) -> Vec<Changed> {
    let (mut before, mut after) = (leaves(before), leaves(after));
    lengthen(&mut before, &after);
    lengthen(&mut after, &before);
    let old = by_key(&before);
    let new = by_key(&after);
    let differs = |leaf: &Leaf| {
        let was = old.get(leaf.keys.as_slice()).copied();
        (was != Some(leaf.text.as_str())).then(|| one(leaf, was.map(str::to_owned), Some(leaf.text.clone())))
    };
    let gone = |leaf: &&Leaf| !new.contains_key(leaf.keys.as_slice());
    let gone = before.iter().filter(gone).map(|leaf| one(leaf, Some(leaf.text.clone()), None));
    after.iter().filter_map(differs).chain(gone).collect()
}

fn one(leaf: &Leaf, before: Option<String>, after: Option<String>) -> Changed {
    Changed { key: leaf.keys.join("."), before, after }
}

fn by_key(leaves: &[Leaf]) -> HashMap<&[String], &str> {
    leaves.iter().map(|leaf| (leaf.keys.as_slice(), leaf.text.as_str())).collect()
}

/// The keys of what a short form says.
const SHORT: [&str; 4] = ["role", "to", "message", "process"];

/// A short form, `human: sdr`, becomes the first key of the long one, `human: { role: sdr, … }`, where the other side has that.
fn lengthen(leaves: &mut Vec<Leaf>, other: &[Leaf]) {
    let mut longer: HashMap<&[String], &String> = HashMap::new();
    for leaf in other {
        for depth in 1..leaf.keys.len() {
            longer.entry(&leaf.keys[..depth]).or_insert(&leaf.keys[depth]);
        }
    }
    leaves.retain(|leaf| leaf.text != "{}" || !longer.contains_key(leaf.keys.as_slice()));
    for leaf in leaves {
        if let Some(key) = longer.get(leaf.keys.as_slice()).filter(|key| SHORT.contains(&key.as_str())) {
            leaf.keys.push((*key).clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Chance, Distribution, Span, Step};

    #[test]
    fn what_differs_is_named_as_in_the_file() {
        let call = || {
            let step = Step::human("sdr").likely("reached", Chance::percent(18), "won").rest("lost", "lost");
            Step { name: Some("Call".to_owned()), ..step }
        };
        let found = |before: &Step, after: &Step| {
            let said = |found: &Changed| format!("{} {:?} {:?}", found.key, found.before, found.after);
            changed(before, after).iter().map(said).collect::<Vec<_>>()
        };
        assert_eq!(found(&call(), &call()), [""; 0]);
        let slower = call().takes(Distribution::exponential(Span::minutes(9)));
        assert_eq!(found(&call(), &slower), [r#"human.takes None Some("exponential(9 min)")"#]);
        assert!(changed(&call(), &slower)[0].is_assumption());
        let moved = Step::human("manager").next("won");
        assert_eq!(found(&Step::human("sdr").next("won"), &moved), [r#"human Some("sdr") Some("manager")"#]);
        let long = Step::human("manager").takes(Distribution::exponential(Span::minutes(9))).next("won");
        let both = found(&Step::human("sdr").next("won"), &long);
        assert_eq!(both[0], r#"human.role Some("sdr") Some("manager")"#);
        assert_eq!(found(&long, &moved)[0], r#"human.takes Some("exponential(9 min)") None"#);
    }
}
