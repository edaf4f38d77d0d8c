//! Customers with whom two departments are busy at the same time, and neither has it from the other.

use std::collections::BTreeMap;

use grieta_core::Timestamp;
use serde::Serialize;

use super::history::History;

/// Two processes of different departments with open cases of the same customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overlap {
    /// One of them.
    pub process: String,
    /// The other.
    pub other: String,
    /// With how many customers both were busy at the same time.
    pub customers: u64,
    /// One of these customers.
    pub example: String,
}

/// The overlaps in these histories, by pair of processes.
pub(crate) fn overlaps(customers: &BTreeMap<String, History>, departments: &BTreeMap<String, String>) -> Vec<Overlap> {
    let mut found: BTreeMap<(String, String), (u64, String)> = BTreeMap::new();
    for (customer, history) in customers {
        for (one, other) in pairs(history, departments) {
            let entry = found.entry((one, other)).or_insert_with(|| (0, customer.clone()));
            entry.0 += 1;
        }
    }
    let overlap = |((process, other), (customers, example))| Overlap { process, other, customers, example };
    found.into_iter().map(overlap).collect()
}

/// The pairs of processes that were busy with a customer at the same time, each once.
fn pairs(history: &History, departments: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let passages = &history.passages;
    let mut pairs = Vec::new();
    for later in 0..passages.len() {
        for earlier in 0..later {
            let (one, other) = (&passages[earlier], &passages[later]);
            let together = other.from < one.until.unwrap_or(Timestamp::MAX);
            let apart = departments.get(&one.process) != departments.get(&other.process);
            let related = history.stems_from(later, earlier) || history.stems_from(earlier, later);
            if together && apart && !related {
                let (one, other) = (one.process.clone(), other.process.clone());
                pairs.push(if one < other { (one, other) } else { (other, one) });
            }
        }
    }
    pairs.sort();
    pairs.dedup();
    pairs
}

/// Adds what another replication found.
pub(crate) fn merge(own: &mut Vec<Overlap>, more: Vec<Overlap>) {
    for overlap in more {
        match own.iter_mut().find(|known| known.process == overlap.process && known.other == overlap.other) {
            Some(known) => known.customers += overlap.customers,
            None => own.push(overlap),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::history::Passage;
    use super::*;

    fn passage(process: &str, from: i64, until: i64, started_by: Option<usize>) -> Passage {
        let at = Timestamp::from_micros;
        Passage {
            process: process.to_owned(),
            from: at(from),
            until: Some(at(until)),
            end: None,
            started_by,
            started_at: None,
            accepted: None,
        }
    }

    fn found(passages: Vec<Passage>) -> usize {
        let departments = [("sales", "a"), ("service", "b"), ("marketing", "c"), ("after-sales", "b")];
        let departments = departments.map(|(process, department)| (process.to_owned(), department.to_owned())).into();
        overlaps(&[("ana".to_owned(), History { passages })].into(), &departments).len()
    }

    #[test]
    fn two_departments_at_once_are_found_unless_one_has_it_from_the_other() {
        assert_eq!(found(vec![passage("sales", 0, 10, None), passage("service", 5, 20, None)]), 1);
        assert_eq!(
            found(vec![passage("sales", 0, 10, None), passage("service", 10, 20, None)]),
            0,
            "one after the other"
        );
        assert_eq!(found(vec![passage("sales", 0, 10, None), passage("service", 5, 20, Some(0))]), 0, "handed over");
        assert_eq!(
            found(vec![passage("service", 0, 10, None), passage("after-sales", 5, 20, None)]),
            0,
            "one department"
        );
        let siblings = vec![
            passage("sales", 0, 90, None),
            passage("service", 5, 20, Some(0)),
            passage("marketing", 6, 9, Some(0)),
        ];
        assert_eq!(found(siblings), 1, "what one case starts twice does not know of each other");
    }
}
