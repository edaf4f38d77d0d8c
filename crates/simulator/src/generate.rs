//! Synthetic transactions: each case goes its way as if it were alone, and what the world answers is written down.

use grieta_core::value::Value;
use grieta_core::{FieldIx, Plan, Timestamp};

use crate::transactions::{Answer, RecordedAnswer, Transaction, to_json, to_seconds};

/// Writes down transactions while a replication runs.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    pub transactions: Vec<Transaction>,
}

impl Recorder {
    /// A case arrives; ordinals come one after another from 0.
    pub fn start(&mut self, plan: &Plan, at: Timestamp, ordinal: u64, data: &[(FieldIx, Value)]) {
        let data = named(plan, data);
        self.transactions.push(Transaction { case: ordinal, at: at.to_string(), data, answers: Vec::new() });
    }

    /// The world will answer so.
    pub fn answer(&mut self, plan: &Plan, ordinal: u64, answer: &RecordedAnswer) {
        let (step, visit, attempt) = answer.key;
        let flow_id = answer.outcome.map(|flow| plan.flow_id(flow));
        let written = Answer {
            step: plan.step_name(step).to_owned(),
            visit,
            attempt,
            takes_s: answer.takes.map(to_seconds),
            outcome: flow_id.and_then(|id| id.split_once('/')).map(|(_, outcome)| outcome.to_owned()),
            cracks: answer.cracks.iter().map(|crack| plan.crack_name(step, *crack).to_owned()).collect(),
            strikes_after_s: answer.strikes_after.map(to_seconds),
            data: named(plan, &answer.data),
        };
        if let Some(transaction) = self.transactions.get_mut(ordinal as usize) {
            transaction.answers.push(written);
        }
    }
}

fn named(plan: &Plan, data: &[(FieldIx, Value)]) -> std::collections::BTreeMap<String, serde_json::Value> {
    let fields = &plan.definition().data;
    let known = data.iter().filter_map(|(field, value)| Some((fields.get_index(field.at())?, value)));
    known.map(|((name, declared), value)| (name.clone(), to_json(value, declared))).collect()
}
