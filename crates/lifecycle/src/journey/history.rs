//! What became of each customer: every case of theirs, in whatever process, and who started it.

use std::collections::{BTreeMap, VecDeque};

use grieta_core::definition::Kind;
use grieta_core::record::{Recorded, Stored};
use grieta_core::{Process, Timestamp};
use grieta_simulator::FIRST_STARTED;

/// A case of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The process.
    pub process: String,
    /// When it began.
    pub from: Timestamp,
    /// When it was over; `None` where it never was.
    pub until: Option<Timestamp>,
    /// The step at which it ended last; `None` when it was cancelled, or never ended.
    pub end: Option<String>,
    /// Which of the customer's cases started it; `None` when it came from outside.
    pub started_by: Option<usize>,
    /// The step of that case at which it did.
    pub started_at: Option<String>,
    /// Whether it was accepted or returned, whichever came first.
    pub accepted: Option<bool>,
}

/// All that happened to a customer, by the beginning of their cases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Every case of theirs.
    pub passages: Vec<Passage>,
}

impl History {
    /// Whether one case started another, or a case that started it.
    pub fn stems_from(&self, mut later: usize, earlier: usize) -> bool {
        while let Some(before) = self.passages.get(later).and_then(|passage| passage.started_by) {
            if before == earlier {
                return true;
            }
            later = before;
        }
        false
    }

    /// All of it on one line, as in `lead-qualification 2026-01-05 → opportunity (2026-01-12) · order-to-service …`.
    pub fn line(&self) -> String {
        let told = |passage: &Passage| {
            let day = |at: Timestamp| at.to_string().chars().take(10).collect::<String>();
            let end =
                passage.end.as_deref().unwrap_or(if passage.until.is_some() { "cancelled" } else { "never ended" });
            let until = passage.until.map_or(String::new(), |until| format!(" ({})", day(until)));
            format!("{} {} → {end}{until}", passage.process, day(passage.from))
        };
        self.passages.iter().map(told).collect::<Vec<_>>().join(" · ")
    }
}

/// Where a case is kept: its customer, and which of theirs it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub customer: String,
    pub passage: usize,
}

/// Builds the histories of a run from its records.
#[derive(Debug, Default)]
pub(crate) struct Histories {
    pub customers: BTreeMap<String, History>,
    /// Where each open case is kept, by process and number.
    open: BTreeMap<String, BTreeMap<String, Kept>>,
    /// What has been handed over or called and has not begun yet.
    to_begin: VecDeque<ToBegin>,
    /// Cases that have begun, by process and number, of which it has not been said yet whose they are.
    unknown: BTreeMap<(String, String), Unknown>,
}

/// A case of which it is not known yet whose it is.
#[derive(Debug)]
struct Unknown {
    from: Timestamp,
    started: Option<ToBegin>,
}

/// A case that one starts.
#[derive(Debug)]
struct ToBegin {
    process: String,
    by: Kept,
    step: String,
    at: String,
}

impl Histories {
    /// Takes in a record; gives where its case is kept, unless nobody knows whose it is.
    pub fn take(&mut self, process: &Process, record: &Recorded) -> Option<Kept> {
        let name = &process.definition().process;
        if record.event == "case-started" {
            let started = self.starter(name, record);
            let unknown = Unknown { from: record.at.parse().ok()?, started };
            self.unknown.insert((name.clone(), record.case.clone()), unknown);
        }
        if matches!(record.event.as_str(), "case-started" | "data-set") && !self.unknown.is_empty() {
            self.begin(process, record);
        }
        let kept = self.open.get(name)?.get(&record.case)?.clone();
        match record.event.as_str() {
            "handed-over" | "case-called" => {
                let step = record.what.step.as_ref().and_then(|step| process.definition().steps.get_key_value(step));
                let started = step.and_then(|(name, step)| Some((name, step.kind.starts()?)));
                if let Some((step, to)) = started {
                    let (process, step, at) = (to.to_owned(), step.clone(), record.at.clone());
                    self.to_begin.push_back(ToBegin { process, by: kept.clone(), step, at });
                }
            }
            "step-reached" => {
                let is_end = |step: &String| {
                    let step = process.definition().steps.get(step);
                    step.is_some_and(|step| matches!(step.kind, Kind::End { .. }))
                };
                let end = record.what.step.clone().filter(is_end);
                if let (Some(passage), Some(end)) = (self.passage(&kept), end) {
                    passage.end = Some(end);
                }
            }
            "case-completed" | "case-cancelled" => {
                let at = record.at.parse().ok();
                if let Some(passage) = self.passage(&kept) {
                    passage.until = at;
                    if record.event == "case-cancelled" {
                        passage.end = None;
                    }
                }
                self.open.get_mut(name).and_then(|open| open.remove(&record.case));
            }
            _ => {}
        }
        Some(kept)
    }

    /// A case begins as soon as it is said whose it is, which is before anything is done in it.
    fn begin(&mut self, process: &Process, record: &Recorded) -> Option<()> {
        let definition = process.definition();
        let field = definition.customer.as_ref()?;
        let set = record.what.value.as_ref().filter(|_| record.what.field.as_ref() == Some(field));
        let known = || record.what.data.iter().find(|(name, _)| name == field).map(|(_, value)| value);
        let customer = shown(set.or_else(known)?);
        let Unknown { from, started } = self.unknown.remove(&(definition.process.clone(), record.case.clone()))?;
        let started = started.filter(|started| started.by.customer == customer);
        let history = self.customers.entry(customer.clone()).or_default();
        history.passages.push(Passage {
            process: definition.process.clone(),
            from,
            until: None,
            end: None,
            started_by: started.as_ref().map(|started| started.by.passage),
            started_at: started.map(|started| started.step),
            accepted: None,
        });
        let kept = Kept { customer, passage: history.passages.len() - 1 };
        self.open.entry(definition.process.clone()).or_default().insert(record.case.clone(), kept);
        Some(())
    }

    /// Which case started one that begins. They begin in the order in which they were handed over, at the same time.
    fn starter(&mut self, process: &str, record: &Recorded) -> Option<ToBegin> {
        self.to_begin.retain(|waiting| waiting.at == record.at);
        if record.case.parse::<u64>().is_ok_and(|number| number < FIRST_STARTED) {
            return None;
        }
        let place = self.to_begin.iter().position(|waiting| waiting.process == process)?;
        self.to_begin.remove(place)
    }

    /// The process and the step by which a case was started.
    pub fn origin(&self, kept: &Kept) -> Option<(&str, &str)> {
        let passages = &self.customers.get(&kept.customer)?.passages;
        let passage = passages.get(kept.passage)?;
        let by = passages.get(passage.started_by?)?;
        Some((by.process.as_str(), passage.started_at.as_deref()?))
    }

    /// A case of a customer.
    pub fn passage(&mut self, kept: &Kept) -> Option<&mut Passage> {
        self.customers.get_mut(&kept.customer)?.passages.get_mut(kept.passage)
    }
}

/// A value as people read it.
pub(crate) fn shown(value: &Stored) -> String {
    match value {
        Stored::Text(text) | Stored::Decimal(text) | Stored::Date(text) => text.clone(),
        Stored::Integer(number) => number.to_string(),
        Stored::Boolean(yes) => yes.to_string(),
        other => format!("{other:?}"),
    }
}
