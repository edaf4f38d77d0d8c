//! What happens to the case from outside: work, messages, time, people who leave, changes.

use grieta_core::definition::{Definition, Field, Kind, Span, Type};
use grieta_core::diagnostic::suggest;
use grieta_core::kernel::Phase;
use grieta_core::value::Value;
use grieta_core::world::{CaseId, Delivery, Message};
use grieta_core::{Process, Timestamp};
use grieta_runtime::{Data, WorkItem};

use crate::failure::Failure;
use crate::setup::CaseTest;
use crate::{OnStep, moment};

/// So often may timers and services follow each other at one and the same time.
const MOST_AT_ONCE: usize = 10_000;

impl CaseTest {
    /// The work item of the case at that step: what a person, a service or an outside party has to do there.
    ///
    /// # Panics
    /// When the case is not there, or is there several times: then [`CaseTest::on_nth`] says which is meant.
    #[track_caller]
    pub fn on(self, step: &str) -> OnStep {
        let items = self.items_at(step);
        match items.as_slice() {
            [] => self.not_there(step),
            [item] => OnStep::new(self, item),
            several => self.fail(
                Failure::expected("one work item", format!("{} of them", several.len()))
                    .step(step)
                    .help(format!("say which, in the order in which they came: `.on_nth(\"{step}\", 1)`")),
            ),
        }
    }

    /// One of several work items of the case at that step, in the order in which they came there; the first is 1.
    #[track_caller]
    pub fn on_nth(self, step: &str, position: usize) -> OnStep {
        let items = self.items_at(step);
        match (position.checked_sub(1).and_then(|position| items.get(position)), items.len()) {
            (Some(item), _) => OnStep::new(self, item),
            (None, 0) => self.not_there(step),
            (None, count) => {
                let found = if count == 1 { "only one".to_owned() } else { format!("{count} of them") };
                self.fail(Failure::expected(format!("work item number {position}"), found).step(step))
            }
        }
    }

    /// A message comes from outside, for whoever waits for it: with the key by which it is known, or [`Value::Absent`],
    /// and with data.
    ///
    /// # Panics
    /// When no case waits for it: see [`CaseTest::message_kept`].
    #[track_caller]
    pub fn message(self, name: &str, key: impl Into<Value>, data: Data) -> CaseTest {
        let (test, delivery) = self.deliver(name, key.into(), data, None);
        if !matches!(delivery, Delivery::To(..)) {
            test.fail(
                Failure::expected(format!("a case that waits for the message `{name}` with this key"), "none")
                    .help("a message that comes before it is waited for: `.message_kept(…)`"),
            );
        }
        test.settled()
    }

    /// A message comes from outside, and is kept so long (`2 d`) until a case waits for it.
    #[track_caller]
    pub fn message_kept(self, keep: &str, name: &str, key: impl Into<Value>, data: Data) -> CaseTest {
        let test = self.begun();
        let until = test.after(keep);
        let (test, _) = test.deliver(name, key.into(), data, Some(until));
        test.settled()
    }

    /// Lets so much time pass: `4 h`, or `4 bh` as the calendar of the process counts; for that of a role see
    /// [`CaseTest::advance_of`]. What falls due meanwhile happens in its order, and at its time.
    #[track_caller]
    pub fn advance(self, span: &str) -> CaseTest {
        let test = self.begun();
        let to = test.after(span);
        test.pass_to(to)
    }

    /// Lets so much time pass as the calendar of a role counts.
    #[track_caller]
    pub fn advance_of(self, role: &str, span: &str) -> CaseTest {
        self.known_role(role);
        let test = self.begun();
        let to = moment::after(test.now(), test.span(span), &test.process().calendar_of(Some(role)));
        test.pass_to(to)
    }

    /// Lets time pass up to there.
    #[track_caller]
    pub fn advance_to(self, time: &str) -> CaseTest {
        let test = self.begun();
        let to = test.time(time);
        if to < test.now() {
            test.fail(Failure::expected("a time to come", format!("{to}, which is over")));
        }
        test.pass_to(to)
    }

    /// Lets time pass until the next timer falls due, whatever it is for.
    #[track_caller]
    pub fn advance_to_next_timer(self) -> CaseTest {
        let test = self.begun();
        match test.engine.next_due() {
            Some(due) => test.pass_to(due),
            None => test.fail(Failure::expected("a timer that will fall due", "none")),
        }
    }

    /// A person is away from now on.
    #[track_caller]
    pub fn absent(self, person: &str) -> CaseTest {
        self.known_person(person);
        let mut test = self.begun();
        if let Err(error) = test.engine.leaves(person) {
            test.fail(Failure::expected(format!("`{person}` to leave"), error.to_string()));
        }
        test.settled()
    }

    /// A person is back.
    #[track_caller]
    pub fn back(self, person: &str) -> CaseTest {
        self.known_person(person);
        let mut test = self.begun();
        if let Err(error) = test.engine.returns(person) {
            test.fail(Failure::expected(format!("`{person}` to come back"), error.to_string()));
        }
        test.settled()
    }

    /// The data of the case change, whatever its steps do.
    #[track_caller]
    pub fn change(mut self, data: Data) -> CaseTest {
        let case = self.started();
        if let Err(error) = self.engine.change(case, data) {
            self.fail(Failure::expected("the data to change", error.to_string()));
        }
        self.settled()
    }

    /// The case is cancelled. Nothing is undone.
    #[track_caller]
    pub fn cancel(self) -> CaseTest {
        self.cancelled(false)
    }

    /// The case is cancelled, once what can be undone has been undone.
    #[track_caller]
    pub fn cancel_and_undo(self) -> CaseTest {
        self.cancelled(true)
    }

    /// From now on the test tells of the case of that process that was started last, and can come back the same way.
    #[track_caller]
    pub fn case_of(mut self, process: &str) -> CaseTest {
        match self.latest_of(process, None) {
            Some(case) => self.case = Some(case),
            None => self.fail(Failure::expected(format!("a case of `{process}`"), "none")),
        }
        self
    }

    #[track_caller]
    fn cancelled(mut self, undo: bool) -> CaseTest {
        let case = self.started();
        if let Err(error) = self.engine.cancel(case, undo) {
            self.fail(Failure::expected("the case to be cancelled", error.to_string()));
        }
        self.settled()
    }

    /// The case that the test tells of.
    #[track_caller]
    pub(crate) fn started(&self) -> CaseId {
        match self.case {
            Some(case) => case,
            None => self.fail(
                Failure::expected("a case", "that none has been started").help("start it: `.start(data! { … })`"),
            ),
        }
    }

    /// The case of that process that was started last, other than one.
    #[track_caller]
    pub(crate) fn latest_of(&self, process: &str, other_than: Option<CaseId>) -> Option<CaseId> {
        let names = self.processes().map(|known| known.definition().process.as_str());
        if !names.clone().any(|known| known == process) {
            let help = suggest(process, names).unwrap_or_default() + "\nanother is added by `.with_process(…)`";
            self.fail(Failure::expected("a process of this test", format!("`{process}`")).help(help));
        }
        let is = |case: &CaseId| {
            let plan = self.engine.plan(*case);
            plan.is_ok_and(|plan| plan.definition().process == process) && Some(*case) != other_than
        };
        self.engine.cases().map(|(case, _)| case).filter(is).last()
    }

    /// All that the case waits for.
    #[track_caller]
    pub(crate) fn items(&self) -> Vec<WorkItem> {
        let case = self.started();
        self.engine.items(case).unwrap_or_default()
    }

    /// What it waits for at a step, in the order in which it came there.
    #[track_caller]
    fn items_at(&self, step: &str) -> Vec<WorkItem> {
        let mut items = self.items();
        self.known_step(step);
        items.retain(|item| item.step() == step);
        items.sort_by_key(|item| item.id().visit);
        items
    }

    #[track_caller]
    fn pass_to(mut self, to: Timestamp) -> CaseTest {
        let mut at_once = 0;
        loop {
            self = self.settled();
            let Some(due) = self.engine.next_due().filter(|due| *due <= to) else { break };
            at_once = if due <= self.engine.now() { at_once + 1 } else { 0 };
            if at_once > MOST_AT_ONCE {
                self.fail(Failure::expected("time to pass", format!("that timers fall due at {due} without end")));
            }
            self.move_to(due.max(self.engine.now()));
        }
        self.move_to(to);
        self.settled()
    }

    #[track_caller]
    fn move_to(&mut self, to: Timestamp) {
        if let Err(error) = self.engine.advance_to(to) {
            self.fail(Failure::expected("time to pass", error.to_string()));
        }
    }

    /// The point in time that lies so far ahead, as the calendar of the process counts.
    #[track_caller]
    fn after(&self, span: &str) -> Timestamp {
        moment::after(self.now(), self.span(span), &self.process().calendar_of(None))
    }

    #[track_caller]
    fn span(&self, text: &str) -> Span {
        match text.parse() {
            Ok(span) => span,
            Err(problem) => self.fail(Failure::misread("a length of time", &problem)),
        }
    }

    #[track_caller]
    fn deliver(self, name: &str, key: Value, data: Data, until: Option<Timestamp>) -> (CaseTest, Delivery) {
        let mut test = self.begun();
        let key = test.message_key(name, key);
        let data = test.message_data(name, &data);
        let keep = until.map(|until| until - test.now());
        match test.engine.message(Message { name: name.to_owned(), key, data, id: None, keep }) {
            Ok(delivery) => (test, delivery),
            Err(error) => test.fail(Failure::expected(format!("the message `{name}` to come"), error.to_string())),
        }
    }

    /// A key as the field has it by which the message is known.
    #[track_caller]
    fn message_key(&self, name: &str, key: Value) -> Value {
        let known = self.processes().flat_map(|process| receivers(process.definition()).map(|(message, _)| message));
        if !known.clone().any(|known| known == name) {
            self.fail(Failure::unknown("a message that some step receives", name, known));
        }
        let field = |process: &Process| {
            let definition = process.definition();
            let step = receivers(definition).find(|(message, _)| *message == name)?.1;
            let Kind::Receive(incoming) = &definition.steps.get(step)?.kind else { return None };
            Some(typed(definition, incoming.key.as_ref()?, &key))
        };
        match self.processes().find_map(field) {
            None => key,
            Some(Ok(key)) => key,
            Some(Err(problem)) => self.fail(Failure::misread(format!("a key for the message `{name}`"), &problem)),
        }
    }

    /// Data as the fields have them that a receiver writes.
    #[track_caller]
    fn message_data(&self, name: &str, data: &Data) -> Vec<(String, Value)> {
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
                self.fail(Failure::unknown(what, field, written.map(|(_, field)| field)));
            };
            match typed(definition, field, value) {
                Ok(value) => read.push((field.to_owned(), value)),
                Err(problem) => self.fail(Failure::misread(format!("a value for `{field}`"), &problem)),
            }
        }
        read
    }

    /// Says where the case is instead.
    #[track_caller]
    fn not_there(&self, step: &str) -> ! {
        let failure = Failure::expected("the case to be there", self.whereabouts()).step(step);
        self.fail(failure.maybe_help(self.relation(step)))
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
pub(crate) fn typed(definition: &Definition, field: &str, value: &Value) -> Result<Value, String> {
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

/// Whether a token waits only for other tokens: such a one is not where anything is to be done.
pub(crate) fn waits_for_others(item: &WorkItem) -> bool {
    matches!(item.phase(), Phase::Inside | Phase::Parked)
}
