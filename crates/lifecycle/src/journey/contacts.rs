//! How often customers are contacted across all processes, and whether after they have refused.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use grieta_core::record::Recorded;
use grieta_core::{Duration, Process, Timestamp};
use serde::Serialize;

use super::history::{Kept, shown};

/// What holds for contacts over all processes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactRule {
    /// The steps, by process, at which a customer is contacted.
    pub counted_at: BTreeSet<(String, String)>,
    /// Those of them to which they must have agreed.
    pub asked_at: BTreeSet<(String, String)>,
    /// So many contacts at the most within that time.
    pub at_most: Option<(usize, Duration)>,
    /// The field that says whether a customer agrees to be contacted, and the values that mean that they do not.
    pub consent: Option<(String, Vec<String>)>,
}

/// What was counted of contacts, over all replications.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Contacts {
    /// How often customers were contacted.
    pub contacts: u64,
    /// How many customers were.
    pub customers: u64,
    /// How many of them more often than is allowed.
    pub too_often: u64,
    /// The most contacts of one customer within the time of the rule.
    pub most: u64,
    /// How many were contacted after they had refused, in whatever process.
    pub after_refusal: u64,
    /// The steps at which that happened, and to how many customers.
    pub refused_at: BTreeMap<String, u64>,
}

#[derive(Debug, Default)]
struct Customer {
    /// The contacts within the time of the rule.
    recent: VecDeque<Timestamp>,
    refused: bool,
    too_often: bool,
    refused_at: BTreeSet<String>,
}

/// Counts the contacts of a run.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    customers: BTreeMap<String, Customer>,
    contacts: u64,
    most: usize,
}

impl Watch {
    pub fn take(&mut self, rule: &ContactRule, process: &Process, record: &Recorded, kept: &Kept) {
        self.hear_of_consent(rule, record, kept);
        let is_done = matches!(record.event.as_str(), "work-completed" | "message-sent");
        let place = record.what.step.clone().map(|step| (process.definition().process.clone(), step));
        let (true, Ok(at), Some(place)) = (is_done, record.at.parse::<Timestamp>(), place) else { return };
        let (counts, asks) = (rule.counted_at.contains(&place), rule.asked_at.contains(&place));
        if !counts && !asks {
            return;
        }
        let customer = self.customers.entry(kept.customer.clone()).or_default();
        if customer.refused && asks {
            customer.refused_at.insert(format!("{}/{}", place.0, place.1));
        }
        if !counts {
            return;
        }
        self.contacts += 1;
        customer.recent.push_back(at);
        if let Some((most, within)) = rule.at_most {
            while customer.recent.front().is_some_and(|first| at - *first > within) {
                customer.recent.pop_front();
            }
            customer.too_often |= customer.recent.len() > most;
            self.most = self.most.max(customer.recent.len());
        }
    }

    /// A customer says whether they agree, in whatever process.
    fn hear_of_consent(&mut self, rule: &ContactRule, record: &Recorded, kept: &Kept) {
        let Some((field, refused)) = &rule.consent else { return };
        let started = record.what.data.iter().find(|(name, _)| name == field).map(|(_, value)| value);
        let set = record.what.value.as_ref().filter(|_| record.what.field.as_ref() == Some(field));
        if let Some(value) = set.or(started) {
            let refuses = refused.contains(&shown(value));
            let known = self.customers.get(&kept.customer).is_some_and(|customer| customer.refused);
            // A new case knows no better than its sample: only what is said in a case takes a refusal back.
            if refuses || (known && record.event != "case-started") {
                self.customers.entry(kept.customer.clone()).or_default().refused = refuses;
            }
        }
    }

    pub fn counted(self) -> Contacts {
        let contacted = |customer: &&Customer| !customer.recent.is_empty();
        let mut refused_at = BTreeMap::new();
        for place in self.customers.values().flat_map(|customer| &customer.refused_at) {
            *refused_at.entry(place.clone()).or_default() += 1;
        }
        let count = |is: fn(&Customer) -> bool| self.customers.values().filter(|customer| is(customer)).count() as u64;
        Contacts {
            contacts: self.contacts,
            customers: self.customers.values().filter(contacted).count() as u64,
            too_often: count(|customer| customer.too_often),
            most: self.most as u64,
            after_refusal: count(|customer| !customer.refused_at.is_empty()),
            refused_at,
        }
    }
}

impl Contacts {
    /// Adds what another replication counted.
    pub(crate) fn merge(&mut self, more: Contacts) {
        self.contacts += more.contacts;
        self.customers += more.customers;
        self.too_often += more.too_often;
        self.most = self.most.max(more.most);
        self.after_refusal += more.after_refusal;
        for (place, count) in more.refused_at {
            *self.refused_at.entry(place).or_default() += count;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use grieta_core::record::{Stored, What};

    use super::*;

    fn rule() -> ContactRule {
        let call = BTreeSet::from([("calls".to_owned(), "call".to_owned())]);
        ContactRule {
            counted_at: call.clone(),
            asked_at: call,
            at_most: Some((2, Duration::from_micros(10_000_000))),
            consent: Some(("consent".to_owned(), vec!["refused".to_owned()])),
        }
    }

    fn process() -> Process {
        let text = "process: calls\nversion: 1.0.0\nstart: call\nsteps:\n  call: { service: {}, next: done }\n  done: { end: {} }\n";
        Process::read("calls.yaml", text.as_bytes()).unwrap()
    }

    /// Contacts of one customer at these seconds; with a minus sign, they refuse then.
    fn counted(moments: &[i64]) -> Contacts {
        let (rule, process, mut watch) = (rule(), process(), Watch::default());
        let kept = Kept { customer: "ana".to_owned(), passage: 0 };
        for moment in moments {
            let at = Timestamp::from_micros(moment.abs() * 1_000_000).to_string();
            let (event, what) = match moment < &0 {
                true => {
                    let value = Some(Stored::Text("refused".to_owned()));
                    ("data-set", What { field: Some("consent".to_owned()), value, ..What::default() })
                }
                false => ("work-completed", What { step: Some("call".to_owned()), ..What::default() }),
            };
            let record = Recorded { case: "1".to_owned(), sequence: 0, at, event: event.to_owned(), what };
            watch.take(&rule, &process, &record, &kept);
        }
        watch.counted()
    }

    #[test]
    fn contacts_are_counted_within_any_time_as_long_as_that_of_the_rule() {
        assert_eq!(counted(&[1, 5, 12, 20]).too_often, 0);
        let found = counted(&[1, 5, 11, 40]);
        assert_eq!((found.contacts, found.customers, found.too_often, found.most), (4, 1, 1, 3));
    }

    #[test]
    fn who_has_refused_is_not_to_be_contacted() {
        assert_eq!(counted(&[1, -2]).after_refusal, 0);
        let found = counted(&[-1, 2, 30]);
        assert_eq!((found.after_refusal, found.refused_at["calls/call"]), (1, 1));
    }
}
