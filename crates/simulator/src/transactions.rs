//! Synthetic transactions as data: who arrives when, with what data, and how the world answers at each step.
//!
//! One JSON object a line. What a line does not say is drawn by its key, as in any simulation with the same seed; so
//! a file can be cut down, edited, or replayed on another variant of the process.

use std::collections::{BTreeMap, BTreeSet};

use grieta_core::definition::Field;
use grieta_core::diagnostic::suggest;
use grieta_core::value::Value;
use grieta_core::{ContentHash, CrackIx, FieldIx, FlowIx, Plan, StepIx, Timestamp};
use serde::{Deserialize, Serialize};

/// One line of a transactions file: a case, when it arrives, with what, and what the world answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transaction {
    /// The number of the case; it keys whatever the line does not say.
    pub case: u64,
    /// When it arrives (RFC 3339).
    pub at: String,
    /// The values of fields at the start.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, serde_json::Value>,
    /// How the world answers, in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
}

/// What the world answers at one visit of one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The step.
    pub step: String,
    /// The how-manieth visit, from 1.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub visit: u32,
    /// How often the work was offered again before, during this visit.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attempt: u16,
    /// How long it takes, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_s: Option<f64>,
    /// The outcome, at steps that have outcomes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The cracks that strike.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cracks: Vec<String>,
    /// How long after the step was reached an external crack strikes, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strikes_after_s: Option<f64>,
    /// The values that come with the completion.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, serde_json::Value>,
}

fn first() -> u32 {
    1
}

fn is_first(visit: &u32) -> bool {
    *visit == 1
}

fn is_zero(attempt: &u16) -> bool {
    *attempt == 0
}

/// A line of a transactions file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct TransactionError {
    /// The line, from 1.
    pub line: usize,
    /// What was expected, what was found, and what to do.
    pub message: String,
}

/// Transactions that were read for one process.
#[derive(Debug, Clone)]
pub struct Transactions {
    pub(crate) cases: Vec<Recorded>,
    /// Names that this process does not have, and that were therefore passed over.
    pub(crate) passed_over: BTreeSet<String>,
    /// Of the file.
    pub(crate) hash: ContentHash,
}

/// A transaction in the indices of a plan.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub ordinal: u64,
    pub at: Timestamp,
    pub data: Vec<(FieldIx, Value)>,
    /// Sorted by step, visit and attempt.
    answers: Vec<RecordedAnswer>,
}

#[derive(Debug, Clone)]
pub(crate) struct RecordedAnswer {
    /// Step, visit and attempt.
    pub key: (StepIx, u32, u16),
    pub takes: Option<i64>,
    pub outcome: Option<FlowIx>,
    pub cracks: Vec<CrackIx>,
    pub strikes_after: Option<i64>,
    pub data: Vec<(FieldIx, Value)>,
}

impl Recorded {
    pub fn answer(&self, step: StepIx, visit: u32, attempt: u16) -> Option<&RecordedAnswer> {
        let position = self.answers.binary_search_by_key(&(step, visit, attempt), |answer| answer.key).ok()?;
        self.answers.get(position)
    }
}

impl Transactions {
    /// Reads a file of transactions for a process.
    ///
    /// Steps and fields that the process does not have are passed over, so that as-is and to-be can read the same
    /// file; [`Transactions::passed_over`] names them.
    ///
    /// # Errors
    /// Every line that cannot be used.
    pub fn read(text: &str, plan: &Plan) -> Result<Transactions, Vec<TransactionError>> {
        let mut reader = Reader { plan, passed_over: BTreeSet::new(), steps: aliases(plan) };
        let (mut cases, mut errors) = (Vec::new(), Vec::new());
        let mut seen = BTreeMap::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let line_number = index + 1;
            match reader.line(line) {
                Ok(case) => {
                    if let Some(earlier) = seen.insert(case.ordinal, line_number) {
                        let message =
                            format!("case {} stands on line {earlier} already; give it another number", case.ordinal);
                        errors.push(TransactionError { line: line_number, message });
                    }
                    cases.push(case);
                }
                Err(message) => errors.push(TransactionError { line: line_number, message }),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        cases.sort_by_key(|case: &Recorded| (case.at, case.ordinal));
        Ok(Transactions { cases, passed_over: reader.passed_over, hash: ContentHash::of(text.as_bytes()) })
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// When the first case arrives.
    pub fn first_arrival(&self) -> Option<Timestamp> {
        self.cases.first().map(|case| case.at)
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Steps and fields that the file names and the process does not have.
    pub fn passed_over(&self) -> impl Iterator<Item = &str> {
        self.passed_over.iter().map(String::as_str)
    }
}

/// The steps of a plan by name, and by the step whose random numbers they share.
fn aliases(plan: &Plan) -> BTreeMap<String, StepIx> {
    let mut steps = BTreeMap::new();
    let numbered = || (0..plan.step_count()).map(|index| StepIx(index as u16));
    for step in numbered() {
        if let Some(alias) = plan.step_definition(step).and_then(|step| step.same_as.clone()) {
            steps.insert(alias, step);
        }
    }
    steps.extend(numbered().map(|step| (plan.step_name(step).to_owned(), step)));
    steps
}

struct Reader<'a> {
    plan: &'a Plan,
    passed_over: BTreeSet<String>,
    steps: BTreeMap<String, StepIx>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str) -> Result<Recorded, String> {
        let read: Transaction =
            serde_json::from_str(line).map_err(|error| format!("expected a transaction, but {error}"))?;
        let at = chrono::DateTime::parse_from_rfc3339(&read.at)
            .map_err(|_| format!("expected a time such as `2026-01-05T09:00:00Z` under `at`, found `{}`", read.at))?;
        let mut answers = Vec::new();
        for answer in &read.answers {
            match self.steps.get(&answer.step) {
                Some(step) => answers.push(self.answer(*step, answer)?),
                None => {
                    self.passed_over.insert(answer.step.clone());
                }
            }
        }
        answers.sort_by_key(|answer| answer.key);
        if let Some(twice) = answers.windows(2).find(|pair| pair[0].key == pair[1].key) {
            let (step, visit, _) = twice[0].key;
            return Err(format!("visit {visit} of `{}` is answered twice", self.plan.step_name(step)));
        }
        let data = self.data(&read.data)?;
        Ok(Recorded { ordinal: read.case, at: at.with_timezone(&chrono::Utc).into(), data, answers })
    }

    fn answer(&mut self, step: StepIx, answer: &Answer) -> Result<RecordedAnswer, String> {
        let name = &answer.step;
        let definition = self.plan.step_definition(step);
        let outcome = answer.outcome.as_ref().map(|outcome| {
            self.plan.outcome(step, Some(outcome)).ok_or_else(|| {
                let known = definition.into_iter().flat_map(|step| step.outcomes.keys()).map(String::as_str);
                unknown("outcome", outcome, name, suggest(outcome, known))
            })
        });
        let cracks = answer.cracks.iter().map(|crack| {
            self.plan.crack(step, crack).ok_or_else(|| {
                let known =
                    self.plan.declared_cracks(step).into_iter().flat_map(|cracks| cracks.keys()).map(String::as_str);
                unknown("crack", crack, name, suggest(crack, known))
            })
        });
        if answer.visit == 0 {
            return Err(format!("visits of `{name}` count from 1, found 0"));
        }
        Ok(RecordedAnswer {
            key: (step, answer.visit, answer.attempt),
            takes: answer.takes_s.map(seconds).transpose()?,
            outcome: outcome.transpose()?,
            cracks: cracks.collect::<Result<_, _>>()?,
            strikes_after: answer.strikes_after_s.map(seconds).transpose()?,
            data: self.data(&answer.data)?,
        })
    }

    fn data(&mut self, data: &BTreeMap<String, serde_json::Value>) -> Result<Vec<(FieldIx, Value)>, String> {
        let mut values = Vec::new();
        for (name, json) in data {
            let declared = self.plan.definition().data.get(name);
            match (self.plan.field(name), declared) {
                (Some(field), Some(declared)) => values.push((field, value(name, declared, json)?)),
                _ => {
                    self.passed_over.insert(name.clone());
                }
            }
        }
        Ok(values)
    }
}

fn unknown(what: &str, name: &str, step: &str, help: Option<String>) -> String {
    let help = help.unwrap_or_else(|| "it has none".to_owned());
    format!("`{step}` has no {what} `{name}`; {help}")
}

fn seconds(seconds: f64) -> Result<i64, String> {
    match seconds {
        0.0..=3.2e9 => Ok(libm::round(seconds * 1e6) as i64),
        _ => Err(format!("expected a number of seconds from 0 to 3,200,000,000, found {seconds}")),
    }
}

fn value(name: &str, field: &Field, json: &serde_json::Value) -> Result<Value, String> {
    read(field, json).map_err(|message| format!("`{name}`: {message}"))
}

fn read(field: &Field, json: &serde_json::Value) -> Result<Value, String> {
    let text = match (json, field.element()) {
        (serde_json::Value::Array(elements), Some(element)) => {
            let values = elements.iter().map(|json| match read(&element, json)? {
                Value::Absent => Err(format!("a list of {} holds no `null`", element.kind)),
                value => Ok(value),
            });
            return values.collect::<Result<_, _>>().map(Value::List);
        }
        (serde_json::Value::String(text), _) => text.clone(),
        (serde_json::Value::Null, _) => return Ok(Value::Absent),
        (other, _) => other.to_string(),
    };
    Value::parse(field, &text)
}

/// A value as it stands in a transactions file.
pub(crate) fn to_json(value: &Value, field: &Field) -> serde_json::Value {
    match (value, field.element()) {
        (Value::Absent, _) => serde_json::Value::Null,
        (Value::Boolean(value), _) => (*value).into(),
        (Value::Integer(value), _) => (*value).into(),
        (Value::List(values), Some(element)) => values.iter().map(|value| to_json(value, &element)).collect(),
        (other, _) => other.show(field).into_owned().into(),
    }
}

/// A length of time in the seconds of a transactions file; exact for anything below a century.
pub(crate) fn to_seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use grieta_core::definition::{Scalar, Type};

    use super::*;

    #[test]
    fn values_are_written_to_json_and_read_back() {
        let check = |kind: Type, text: &str, json: serde_json::Value| {
            let field = Field { of: vec!["low".into(), "gold".into()], ..Field::of(kind) };
            let value = Value::parse(&field, text).unwrap();
            assert_eq!(to_json(&value, &field), json, "{text}");
            assert_eq!(read(&field, &json), Ok(value));
        };
        check(Type::Date, "2026-12-24", "2026-12-24".into());
        check(Type::Duration, "90 min", "90 min".into());
        check(Type::List(Scalar::Integer), "[1, -2]", vec![1, -2].into());
        check(Type::List(Scalar::Text), r#"["a\"", ""]"#, vec!["a\"", ""].into());
        check(Type::List(Scalar::Choice), r#"["gold"]"#, vec!["gold"].into());
        check(Type::List(Scalar::Date), r#"["2026-12-24"]"#, vec!["2026-12-24"].into());
        check(Type::List(Scalar::Boolean), "[]", serde_json::Value::Array(Vec::new()));
    }

    #[test]
    fn a_list_may_be_written_as_text_and_holds_no_null() {
        let field = Field::of(Type::List(Scalar::Decimal));
        let expected = Value::parse(&field, "[1, 0.5]");
        assert_eq!(read(&field, &"[1, 0.5]".into()), expected);
        assert_eq!(read(&field, &serde_json::json!([1, "0.5"])), expected);
        assert_eq!(read(&field, &serde_json::json!([null])), Err("a list of decimal holds no `null`".to_owned()));
        assert!(read(&field, &serde_json::json!([[1]])).is_err());
        assert!(read(&Field::of(Type::Integer), &serde_json::json!([1])).is_err());
    }
}
