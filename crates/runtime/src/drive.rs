//! Carries a command out, and everything that follows from it: in other cases, for people, by services.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use grieta_core::kernel::{Case, Command, Evaluate, Event, Phase, Rejection, Status, Token, execute};
use grieta_core::value::Value;
use grieta_core::world::{CaseId, ItemId, Order, Traffic, WorkList};
use grieta_core::{FieldIx, Plan, Timestamp, TokenIx};

use crate::cases::{Key, Recorded, Store};
use crate::service::{CaseView, Failure, Reply};

/// How much may follow from one command before the rest waits for the next.
const MOST_FOLLOWING: usize = 100_000;

/// How many notes of what could not be done are kept.
const MOST_NOTES: usize = 1_000;

/// What a service does when it is asked.
pub(crate) type Handler = Box<dyn FnMut(&CaseView<'_>) -> Result<Reply, Failure> + Send>;

/// A service that was asked, and has not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Request {
    item: ItemId,
    attempt: u16,
}

/// All cases, and all that connects them.
#[derive(Default)]
pub(crate) struct World {
    pub now: Timestamp,
    pub store: Store,
    pub traffic: Traffic,
    pub work: WorkList,
    pub services: BTreeMap<String, Handler>,
    /// The plan of each process with which cases begin.
    pub plans: BTreeMap<String, Arc<Plan>>,
    /// What could not be done and belongs to no case any more, the latest last.
    pub notes: VecDeque<(Timestamp, String)>,
    requests: VecDeque<Request>,
}

impl World {
    /// Starts a case.
    pub fn start(
        &mut self,
        plan: Arc<Plan>,
        key: Key,
        data: Vec<(FieldIx, Value)>,
        caller: Option<(CaseId, TokenIx)>,
    ) -> Result<CaseId, Rejection> {
        let process = plan.definition().process.clone();
        let id = self.store.add(plan, key);
        self.traffic.opened(id, &process, caller);
        match self.execute(id, &Command::Start { data }) {
            Ok(()) => Ok(id),
            Err(rejection) => {
                self.traffic.never_began(id);
                self.store.remove(id);
                Err(rejection)
            }
        }
    }

    /// Has a case carry out a command; what follows waits for [`World::settle`].
    pub fn execute(&mut self, id: CaseId, command: &Command) -> Result<(), Rejection> {
        let World { now, store, traffic, work, requests, .. } = self;
        let (entries, timers) = store.parts();
        let Some(entry) = entries.get_mut(&id) else { return Ok(()) };
        let (plan, history) = (&entry.plan, &mut entry.history);
        let mut sink = |case: &Case, at: Timestamp, event: &Event| {
            traffic.hear(at, id, plan, case, event);
            work.hear(event);
            timers.hear(id, event);
            requests.extend(asked(id, case, event));
            let sequence = history.len() as u64;
            history.push(Recorded { case: id, sequence, at, event: event.clone() });
        };
        execute(plan, &mut entry.case, *now, command, &mut Evaluate, &mut sink)?;
        traffic.settle(*now, id, plan, &entry.case);
        work.settle(id, plan, &entry.case);
        if entry.case.status() != Status::Running {
            store.close(id);
        }
        Ok(())
    }

    /// Does all that follows. What would be more than may follow at once is done next time.
    pub fn settle(&mut self) {
        for _ in 0..MOST_FOLLOWING {
            if let Some(order) = self.traffic.next(self.now).or_else(|| self.work.next(&self.store)) {
                self.carry_out(order);
            } else if let Some(request) = self.requests.pop_front() {
                self.serve(request);
            } else {
                return;
            }
        }
        self.note("more follows from this than is done at once; the rest is done next time".to_owned());
    }

    fn carry_out(&mut self, order: Order) {
        if let Order::Start { process, data, by, caller } = order {
            return self.start_for(&process, &data, by, caller);
        }
        let Some(id) = order.case() else { return };
        // What is over by now has nothing more to do.
        let Some(entry) = self.store.get(id).filter(|entry| entry.case.status() == Status::Running) else { return };
        let misspelt = misspelt(&order, &entry.plan);
        let Some(command) = order.command(&entry.plan, &entry.case) else { return };
        misspelt
            .into_iter()
            .for_each(|field| self.note(format!("case {id} has no field `{field}`, which came with a message")));
        if let Err(rejection) = self.execute(id, &command) {
            self.note(format!("case {id} refused what followed from another: {rejection}"));
        }
    }

    /// Starts a case for another one; when that is impossible, the work of whoever waits for it has failed.
    fn start_for(&mut self, process: &str, data: &[(String, Value)], by: CaseId, caller: Option<TokenIx>) {
        let started = self.try_start_for(process, data, by, caller);
        let Err(reason) = started else { return };
        match caller {
            Some(token) => {
                let reason = reason.into();
                let _ = self.execute(by, &Command::Fail { token, reason });
            }
            None => self.note(format!("case {by} could not hand over: {reason}")),
        }
    }

    fn try_start_for(
        &mut self,
        process: &str,
        data: &[(String, Value)],
        by: CaseId,
        caller: Option<TokenIx>,
    ) -> Result<(), String> {
        let plan = self.plans.get(process).cloned();
        let plan = plan.ok_or_else(|| format!("the process `{process}` is not deployed"))?;
        let own = |(field, value): &(String, Value)| {
            let cannot = || format!("`{process}` has no field `{field}` that can hold {value}");
            plan.from_others(field, value).ok_or_else(cannot)
        };
        let data = data.iter().map(own).collect::<Result<Vec<_>, _>>()?;
        let key = self.store.key_for(by, process);
        let started = self.start(plan, key, data, caller.map(|token| (by, token)));
        started.map(drop).map_err(|rejection| rejection.to_string())
    }

    /// Asks a service, if it is known and the request still stands.
    fn serve(&mut self, request: Request) {
        let ItemId { case: id, token, .. } = request.item;
        let Some(entry) = self.store.get(id) else { return };
        let stands = |item: &&Token| item.phase == Phase::Requested && self::request(id, token, item) == request;
        let Some(step) = entry.case.token(token).filter(stands).map(|item| item.step) else { return };
        let Some(handler) = self.services.get_mut(entry.plan.handler(step)) else { return };
        let view = CaseView { plan: &entry.plan, case: &entry.case, token, id, key: entry.key.text() };
        let command = handler(&view).and_then(|reply| completion(&entry.plan, &entry.case, token, reply));
        let result = match command {
            Ok(command) => self.execute(id, &command).map_err(|rejection| Failure(rejection.to_string())),
            Err(failure) => Err(failure),
        };
        if let Err(failure) = result {
            self.fail(id, token, &failure.0);
        }
    }

    /// Work has failed: the crack of that name strikes, or any that answers for failures.
    pub fn fail(&mut self, id: CaseId, token: TokenIx, reason: &str) {
        let Some(entry) = self.store.get(id) else { return };
        let command = failure(&entry.plan, &entry.case, token, reason);
        if let Err(rejection) = self.execute(id, &command) {
            self.note(format!("case {id} could not be told that its work failed ({reason}): {rejection}"));
        }
    }

    fn note(&mut self, text: String) {
        if self.notes.len() >= MOST_NOTES {
            self.notes.pop_front();
        }
        self.notes.push_back((self.now, text));
    }
}

/// What a message brings that is no field of the case that gets it.
fn misspelt(order: &Order, plan: &Plan) -> Vec<String> {
    let Order::Deliver { data, .. } = order else { return Vec::new() };
    let names = data.iter().map(|(name, _)| name);
    names.filter(|name| plan.field(name).is_none()).cloned().collect()
}

/// The command that says that work has failed: a crack of that name strikes, if the step has one.
pub(crate) fn failure(plan: &Plan, case: &Case, token: TokenIx, reason: &str) -> Command {
    let crack = case.token(token).and_then(|item| plan.crack(item.step, reason));
    match crack {
        Some(crack) => Command::Strike { token, crack },
        None => Command::Fail { token, reason: reason.into() },
    }
}

/// The service that an event asks.
fn asked(id: CaseId, case: &Case, event: &Event) -> Option<Request> {
    let (Event::TokenPlaced { token, phase: Phase::Requested, .. }
    | Event::WorkRepeated { token, phase: Phase::Requested }
    | Event::StepGated { token, phase: Phase::Requested }) = event
    else {
        return None;
    };
    Some(request(id, *token, case.token(*token)?))
}

fn request(case: CaseId, token: TokenIx, now: &Token) -> Request {
    Request { item: ItemId::of(case, token, now), attempt: now.attempt }
}

/// The command by which a service completes its step.
fn completion(plan: &Plan, case: &Case, token: TokenIx, reply: Reply) -> Result<Command, Failure> {
    let step = case.token(token).map(|item| item.step).ok_or_else(|| Failure::new("the work was withdrawn"))?;
    let outcome = match &reply.outcome {
        None => None,
        Some(name) => {
            let missing = || Failure(format!("the service answered `{name}`, which is no outcome of the step"));
            Some(plan.outcome(step, Some(name)).ok_or_else(missing)?)
        }
    };
    let data = fields(plan, &reply.data).map_err(|error| Failure(error.to_string()))?;
    Ok(Command::Complete { token, outcome, data })
}

/// The fields of a process with the values they are given.
pub(crate) fn fields(plan: &Plan, data: &crate::Data) -> Result<Vec<(FieldIx, Value)>, crate::EngineError> {
    let field = |(name, value): (&str, &Value)| {
        let declared = plan.definition().data.get(name);
        let (Some(declared), Some(field)) = (declared, plan.field(name)) else {
            return Err(crate::engine::unknown("field", name, plan.definition().data.keys()));
        };
        let value = match value {
            Value::Text(text) => Value::parse(declared, text)
                .map_err(|problem| crate::EngineError::Value { field: name.to_owned(), problem })?,
            other => other.like(declared),
        };
        Ok((field, value))
    };
    data.iter().map(field).collect()
}
