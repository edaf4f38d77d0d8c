//! What happens to the case from outside: messages, time, people who leave, changes.

use grieta_core::definition::{Definition, Field, Kind, Span, Type};
use grieta_core::diagnostic::suggest;
use grieta_core::value::Value;
use grieta_core::world::{CaseId, Delivery, Message};
use grieta_core::{Process, Timestamp};
use grieta_runtime::Data;

use super::{Trial, Verdict};
use crate::failure::Failure;
use crate::moment;

/// So often may timers and services follow each other at one and the same time.
const MOST_AT_ONCE: usize = 10_000;

impl Trial {
    pub(super) fn message(&mut self, name: &str, key: &Value, data: &Data, keep: Option<Span>) -> Verdict {
        self.begin()?;
        let until = keep.map(|keep| self.after(keep, None));
        let delivery = self.deliver(name, key, data, until)?;
        if keep.is_none() && !matches!(delivery, Delivery::To(..)) {
            let expected = format!("a case that waits for the message `{name}` with this key");
            let remedy = self.tongue.say("`.message_kept(…)`", "`keep: 2 d`");
            let help = format!("a message that comes before it is waited for: {remedy}");
            return Err(Failure::expected(expected, "none").help(help));
        }
        self.settle()
    }

    pub(super) fn advance(&mut self, span: Span, of: Option<&str>) -> Verdict {
        of.map_or(Ok(()), |role| self.known_role(role))?;
        self.begin()?;
        self.pass_to(self.after(span, of))
    }

    pub(super) fn advance_to(&mut self, time: Timestamp) -> Verdict {
        self.begin()?;
        if time < self.now() {
            return Err(Failure::expected("a time to come", format!("{time}, which is over")));
        }
        self.pass_to(time)
    }

    pub(super) fn advance_to_next_timer(&mut self) -> Verdict {
        self.begin()?;
        let due = self.engine.next_due();
        self.pass_to(due.ok_or_else(|| Failure::expected("a timer that will fall due", "none"))?)
    }

    pub(super) fn absent(&mut self, person: &str) -> Verdict {
        self.known_person(person)?;
        self.begin()?;
        self.does(|| format!("`{person}` to leave"), |engine| engine.leaves(person))
    }

    pub(super) fn back(&mut self, person: &str) -> Verdict {
        self.known_person(person)?;
        self.begin()?;
        self.does(|| format!("`{person}` to come back"), |engine| engine.returns(person))
    }

    pub(super) fn change(&mut self, data: &Data) -> Verdict {
        let case = self.started()?;
        self.does(|| "the data to change".to_owned(), |engine| engine.change(case, data.clone()))
    }

    pub(super) fn cancel(&mut self, undo: bool) -> Verdict {
        let case = self.started()?;
        self.does(|| "the case to be cancelled".to_owned(), |engine| engine.cancel(case, undo))
    }

    pub(super) fn case_of(&mut self, process: &str) -> Verdict {
        match self.latest_of(process, None)? {
            Some(case) => self.case = Some(case),
            None => return Err(Failure::expected(format!("a case of `{process}`"), "none")),
        }
        Ok(())
    }

    /// The case of that process that was started last, other than one.
    pub(super) fn latest_of(&self, process: &str, other_than: Option<CaseId>) -> Result<Option<CaseId>, Failure> {
        let names = self.processes().map(|known| known.definition().process.as_str());
        if !names.clone().any(|known| known == process) {
            let remedy = self.tongue.say("`.with_process(…)`", "`with: [file.yaml]`");
            let help = suggest(process, names).unwrap_or_default() + "\nanother is added by " + &remedy;
            return Err(Failure::expected("a process of this test", format!("`{process}`")).help(help));
        }
        let is = |case: &CaseId| {
            let plan = self.engine.plan(*case);
            plan.is_ok_and(|plan| plan.definition().process == process) && Some(*case) != other_than
        };
        Ok(self.engine.cases().map(|(case, _)| case).filter(is).last())
    }

    fn pass_to(&mut self, to: Timestamp) -> Verdict {
        let mut at_once = 0;
        loop {
            self.settle()?;
            let Some(due) = self.engine.next_due().filter(|due| *due <= to) else { break };
            at_once = if due <= self.engine.now() { at_once + 1 } else { 0 };
            if at_once > MOST_AT_ONCE {
                let found = format!("that timers fall due at {due} without end");
                return Err(Failure::expected("time to pass", found));
            }
            self.move_to(due.max(self.engine.now()))?;
        }
        self.move_to(to)?;
        self.settle()
    }

    fn move_to(&mut self, to: Timestamp) -> Verdict {
        let moved = self.engine.advance_to(to);
        moved.map_err(|error| Failure::expected("time to pass", error.to_string()))
    }

    /// The point in time that lies so far ahead, as the calendar of a role counts, or that of the process.
    fn after(&self, span: Span, of: Option<&str>) -> Timestamp {
        moment::after(self.now(), span, &self.process().calendar_of(of))
    }

    fn deliver(&mut self, name: &str, key: &Value, data: &Data, until: Option<Timestamp>) -> Result<Delivery, Failure> {
        let key = self.message_key(name, key)?;
        let data = self.message_data(name, data)?;
        let keep = until.map(|until| until - self.now());
        let sent = self.engine.message(Message { name: name.to_owned(), key, data, id: None, keep });
        sent.map_err(|error| Failure::expected(format!("the message `{name}` to come"), error.to_string()))
    }

    /// A key as the field has it by which the message is known.
    fn message_key(&self, name: &str, key: &Value) -> Result<Value, Failure> {
        let known = self.processes().flat_map(|process| receivers(process.definition()).map(|(message, _)| message));
        if !known.clone().any(|known| known == name) {
            return Err(Failure::unknown("a message that some step receives", name, known));
        }
        let field = |process: &Process| {
            let definition = process.definition();
            let step = receivers(definition).find(|(message, _)| *message == name)?.1;
            let Kind::Receive(incoming) = &definition.steps.get(step)?.kind else { return None };
            Some(typed(definition, incoming.key.as_ref()?, key))
        };
        let found = self.processes().find_map(field).unwrap_or_else(|| Ok(key.clone()));
        found.map_err(|problem| Failure::misread(format!("a key for the message `{name}`"), &problem))
    }

    /// Data as the fields have them that a receiver writes.
    fn message_data(&self, name: &str, data: &Data) -> Result<Vec<(String, Value)>, Failure> {
        let mut read = Vec::new();
        for (field, value) in data.iter() {
            let written = self.processes().flat_map(|process| {
                let definition = process.definition();
                let steps = receivers(definition).filter(|(message, _)| *message == name);
                let writes = steps.filter_map(|(_, step)| definition.steps.get(step)).flat_map(|step| &step.writes);
                writes.map(move |field| (definition, field.as_str()))
            });
            let Some((definition, _)) = written.clone().find(|(_, known)| *known == field) else {
                let what = format!("a field that whoever receives `{name}` lists under `writes`");
                return Err(Failure::unknown(what, field, written.map(|(_, field)| field)));
            };
            let value = typed(definition, field, value);
            let value = value.map_err(|problem| Failure::misread(format!("a value for `{field}`"), &problem))?;
            read.push((field.to_owned(), value));
        }
        Ok(read)
    }
}

/// The messages that steps of a process receive, with those steps.
fn receivers(definition: &Definition) -> impl Iterator<Item = (&str, &String)> + Clone {
    definition.steps.iter().filter_map(|(name, step)| match &step.kind {
        Kind::Receive(incoming) => Some((incoming.message.as_str(), name)),
        _ => None,
    })
}

/// A value as a field has it, a choice as text: what cases tell each other.
pub(super) fn typed(definition: &Definition, field: &str, value: &Value) -> Result<Value, String> {
    let Some(declared) = definition.data.get(field) else { return Ok(value.clone()) };
    read(field, declared, value)
}

fn read(name: &str, declared: &Field, value: &Value) -> Result<Value, String> {
    match (value, declared.kind) {
        (Value::Text(text), _) => Ok(Value::parse(declared, text)?.told(declared)),
        (Value::List(values), Type::List(of)) => {
            let element = declared.element().unwrap_or_else(|| Field::of(of.into()));
            values.iter().map(|value| read(name, &element, value)).collect::<Result<_, _>>().map(Value::List)
        }
        (other, _) => {
            let own = other.like(declared);
            own.misfit(declared).map_or(Ok(own), |misfit| Err(format!("`{name}`: {misfit}")))
        }
    }
}
