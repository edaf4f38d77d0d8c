//! Services that a test answers for, and answers that do not fit the step that asked.

use std::collections::BTreeSet;
use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};

use grieta_core::Plan;
use grieta_core::definition::{Definition, Field, Kind, Step};
use grieta_core::diagnostic::suggest;
use grieta_core::value::Value;
use grieta_runtime::{CaseView, Failure, Reply};

/// The services that a test answers for.
#[derive(Debug, Default)]
pub(crate) struct Mocks {
    pub handlers: BTreeSet<String>,
    /// Answers that did not fit: the step and what was wrong. An engine would take them for failures of the service, and
    /// a crack might hide them.
    misfits: Arc<Mutex<Vec<(String, String)>>>,
}

impl Mocks {
    /// The first answer that did not fit.
    pub fn misfit(&self) -> Option<(String, String)> {
        self.misfits.lock().unwrap_or_else(PoisonError::into_inner).first().cloned()
    }

    /// The same answers, watched.
    pub fn watched(
        &self,
        plans: &[Arc<Plan>],
        handler: &str,
        at: Option<&Location<'_>>,
        mut answer: impl FnMut(&CaseView<'_>) -> Result<Reply, Failure> + Send + 'static,
    ) -> impl FnMut(&CaseView<'_>) -> Result<Reply, Failure> + Send + 'static {
        let (plans, misfits) = (plans.to_vec(), Arc::clone(&self.misfits));
        let at = at.map_or_else(String::new, |at| format!(" of {}:{}", at.file(), at.line()));
        let handler = handler.to_owned();
        move |case| {
            let reply = answer(case)?;
            let step = case.step();
            let asking = plans.iter().filter_map(|plan| {
                let definition = plan.definition();
                let step = definition.steps.get(step).filter(|found| handler_of(step, found) == Some(&handler))?;
                Some(misfit(definition, step, &reply))
            });
            // Steps of several processes may have the same name; it is enough that the answer fits one of them.
            let problems: Option<Vec<String>> = asking.collect();
            if let Some(problem) = problems.into_iter().flatten().next() {
                let problem = format!("the service `{handler}`{at} answered {problem}");
                misfits.lock().unwrap_or_else(PoisonError::into_inner).push((step.to_owned(), problem));
            }
            Ok(reply)
        }
    }
}

/// The service that a step asks, if it is one that asks.
pub(crate) fn handler_of<'a>(name: &'a str, step: &'a Step) -> Option<&'a str> {
    match &step.kind {
        Kind::Service { handler, .. } => Some(handler.as_deref().unwrap_or(name)),
        _ => None,
    }
}

/// What is wrong with an answer for a step.
fn misfit(definition: &Definition, step: &Step, reply: &Reply) -> Option<String> {
    let outcomes = || step.outcomes.keys().map(String::as_str);
    match reply.outcome() {
        None if !step.outcomes.is_empty() => {
            let first = outcomes().next().unwrap_or_default();
            return Some(format!(
                "without an outcome, and the step has `{}`; add one: `data! {{ … }}.outcome(\"{first}\")`",
                outcomes().collect::<Vec<_>>().join("`, `")
            ));
        }
        Some(outcome) if !step.outcomes.contains_key(outcome) => {
            let remedy = suggest(outcome, outcomes()).unwrap_or_else(|| "it has none".to_owned());
            return Some(format!("`{outcome}`, which is no outcome of the step: {remedy}"));
        }
        _ => {}
    }
    reply.data().iter().find_map(|(field, value)| {
        let Some(declared) = definition.data.get(field) else {
            let remedy = suggest(field, definition.data.keys().map(String::as_str)).unwrap_or_default();
            return Some(format!("with `{field}`, which is no field: {remedy}"));
        };
        if !step.writes.iter().any(|written| written == field) {
            return Some(format!("with `{field}`, which the step does not list under `writes`"));
        }
        wrong(declared, value).map(|problem| format!("with a value that `{field}` cannot hold: {problem}"))
    })
}

/// Why a field cannot hold what a service answers.
fn wrong(declared: &Field, value: &Value) -> Option<String> {
    match (value, declared.element()) {
        (Value::List(values), Some(element)) => values.iter().find_map(|value| wrong(&element, value)),
        (Value::Text(text), _) => Value::parse(declared, text).err(),
        (other, _) => other.like(declared).misfit(declared),
    }
}
