//! What cases have to do with each other: messages, calls, hand-overs, and the end of all cases of a process.
//!
//! Whoever drives the cases has [`Traffic`] hear the events of each, and carries out the [`Order`]s that follow.

use std::collections::{BTreeMap, VecDeque};

use super::{CaseId, Delivery, Exchange, Message};
use crate::definition::{Kind, Step};
use crate::index::{FieldIx, StepIx, TokenIx};
use crate::kernel::{Case, Command, Event, Phase, Status, Token};
use crate::plan::Plan;
use crate::time::Timestamp;
use crate::value::Value;

/// How deep cases may call each other.
pub const DEEPEST_CALL: u16 = 64;

/// Something to be done to a case because of what happened in another, or because of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Order {
    /// Start a case. If that is impossible, the work of `caller` has failed.
    Start {
        /// The process.
        process: String,
        /// The fields it begins with, by name.
        data: Vec<(String, Value)>,
        /// The case that wants it.
        by: CaseId,
        /// The token of that case that waits for its end; none for a hand-over.
        caller: Option<TokenIx>,
    },
    /// A token that waits for a message gets it.
    Deliver {
        /// The case.
        case: CaseId,
        /// The token.
        token: TokenIx,
        /// The fields the message brings, by name.
        data: Vec<(String, Value)>,
    },
    /// A case that was called is over.
    Return {
        /// The case that called it.
        case: CaseId,
        /// The token that waits for it.
        token: TokenIx,
        /// The step at which it ended; none when it was cancelled.
        end: Option<String>,
        /// Its fields, by name.
        data: Vec<(String, Value)>,
    },
    /// A case carries out a command.
    Command {
        /// The case.
        case: CaseId,
        /// The command.
        command: Command,
    },
}

/// Who waits for which message, and for the end of which case.
///
/// ```
/// use grieta_core::world::{CaseId, Traffic};
/// let mut traffic = Traffic::default();
/// traffic.opened(CaseId(1), "orders", None);
/// assert_eq!(traffic.open_cases("orders").collect::<Vec<_>>(), [CaseId(1)]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Traffic {
    exchange: Exchange,
    open: BTreeMap<CaseId, Open>,
    /// By the token that waits: where.
    receiving: BTreeMap<(CaseId, TokenIx), Place>,
    /// By the token that waits: where, and the case it called.
    calling: BTreeMap<(CaseId, TokenIx), (Place, Option<CaseId>)>,
    intents: VecDeque<Intent>,
    touched: Vec<TokenIx>,
}

/// A message for which a token waits.
#[derive(Debug, Clone)]
struct Wanted {
    case: CaseId,
    token: TokenIx,
    place: Place,
    message: String,
    key: Value,
    transient: bool,
}

/// A visit of a case to a step.
type Place = (StepIx, u32);

/// A case that is not over.
#[derive(Debug, Clone)]
struct Open {
    process: String,
    caller: Option<(CaseId, TokenIx)>,
    depth: u16,
    /// Where a token of it ended last.
    ended_at: StepIx,
}

/// What is to follow; whether it still makes sense is decided when its turn comes.
#[derive(Debug, Clone)]
enum Intent {
    Send(Message),
    Give(Order),
    /// A token waits for a message, and one may be kept for it.
    Take(Wanted),
    /// Start the case that a token waits for, if it still does.
    Call(Place, Order),
    /// A called case is over: tell the token that waits for it, if it still does.
    Return(CaseId, Order),
}

impl Traffic {
    /// Notes that a case of a process begins; `caller` is the token that waits for its end.
    pub fn opened(&mut self, case: CaseId, process: &str, caller: Option<(CaseId, TokenIx)>) {
        let depth = caller.and_then(|(by, _)| self.open.get(&by)).map_or(0, |by| by.depth + 1);
        if let Some((_, called)) = caller.and_then(|waiting| self.calling.get_mut(&waiting)) {
            *called = Some(case);
        }
        self.open.insert(case, Open { process: process.to_owned(), caller, depth, ended_at: StepIx::NONE });
    }

    /// Notes that a case could not begin after all.
    pub fn never_began(&mut self, case: CaseId) {
        let caller = self.open.remove(&case).and_then(|open| open.caller);
        if let Some((_, called)) = caller.and_then(|waiting| self.calling.get_mut(&waiting)) {
            *called = None;
        }
    }

    /// The open cases of a process.
    pub fn open_cases(&self, process: &str) -> impl Iterator<Item = CaseId> {
        self.open.iter().filter(move |(_, open)| open.process == process).map(|(case, _)| *case)
    }

    /// Hears one event of a case, after it was applied.
    pub fn hear(&mut self, at: Timestamp, id: CaseId, plan: &Plan, case: &Case, event: &Event) {
        match event {
            Event::MessageSent { token, data } => {
                let message = message(plan, case, *token, at, data);
                self.intents.extend(message.map(Intent::Send));
            }
            Event::CaseCalled { token, data } => self.call(id, plan, case, *token, data),
            Event::HandedOver { token, data } => {
                if let Some(Kind::End { hand_over: Some(call), .. }) = kind(plan, case, *token) {
                    let data = named(call.with.keys(), data);
                    self.give(Order::Start { process: call.process.clone(), data, by: id, caller: None });
                }
            }
            Event::AllCancelled { compensate } => self.cancel_all(id, *compensate),
            Event::TokenPlaced { step, .. } => self.note_end(id, plan, *step),
            _ => {}
        }
        if let Some(token) = event.token().filter(|token| self.touched.last() != Some(token)) {
            self.touched.push(token);
        }
    }

    /// Has a command that a case carried out take effect on others. Call it once all its events have been heard.
    pub fn settle(&mut self, at: Timestamp, id: CaseId, plan: &Plan, case: &Case) {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        let mut kept = Vec::new();
        for token in touched.drain(..) {
            kept.extend(self.update_message(at, id, plan, case, token));
            self.update_call(id, case, token);
        }
        self.touched = touched;
        // One after the other: what one of them gets may have the others wait no longer.
        kept.into_iter().rev().for_each(|wanted| self.intents.push_front(Intent::Take(wanted)));
        if !matches!(case.status(), Status::Running) {
            self.closed(id, plan, case);
        }
    }

    /// Takes in a message from outside.
    pub fn message(&mut self, at: Timestamp, message: &Message) -> Delivery {
        let delivery = self.exchange.deliver(at, message);
        if let Delivery::To(case, token) = delivery {
            self.receiving.remove(&(case, token));
            self.intents.push_front(Intent::Give(Order::Deliver { case, token, data: message.data.clone() }));
        }
        delivery
    }

    /// What is to be done next; `None` when nothing follows any more.
    pub fn next(&mut self, at: Timestamp) -> Option<Order> {
        loop {
            match self.intents.pop_front()? {
                Intent::Give(order) => return Some(order),
                Intent::Send(message) => _ = self.message(at, &message),
                Intent::Take(wanted) => {
                    let order = self.take(at, wanted);
                    if order.is_some() {
                        return order;
                    }
                }
                Intent::Call(place, order) => {
                    let waiting = order.waiting().and_then(|waiting| self.calling.get(&waiting));
                    if waiting == Some(&(place, None)) {
                        return Some(order);
                    }
                }
                Intent::Return(called, order) => {
                    let waiting = order.waiting().filter(|waiting| {
                        self.calling.get(waiting).is_some_and(|(_, waited_for)| *waited_for == Some(called))
                    });
                    if let Some(waiting) = waiting {
                        self.calling.remove(&waiting);
                        return Some(order);
                    }
                }
            }
        }
    }

    /// Whether anything is still to be done.
    pub fn is_settled(&self) -> bool {
        self.intents.is_empty()
    }

    fn give(&mut self, order: Order) {
        self.intents.push_back(Intent::Give(order));
    }

    fn call(&mut self, id: CaseId, plan: &Plan, case: &Case, token: TokenIx, data: &[Value]) {
        let Some(Kind::Call(call)) = kind(plan, case, token) else { return };
        let Some(place) = case.token(token).map(place) else { return };
        // Within one command the token may have called before, and been sent here.
        if let Some((_, Some(earlier))) = self.calling.insert((id, token), (place, None)) {
            self.cancel_called(earlier);
        }
        let order = if self.open.get(&id).is_some_and(|open| open.depth >= DEEPEST_CALL) {
            let reason = format!("cases call each other more than {DEEPEST_CALL} deep").into();
            Order::Command { case: id, command: Command::Fail { token, reason } }
        } else {
            let data = named(call.with.keys(), data);
            Order::Start { process: call.process.clone(), data, by: id, caller: Some(token) }
        };
        self.intents.push_back(Intent::Call(place, order));
    }

    fn cancel_all(&mut self, id: CaseId, compensate: bool) {
        let Some(process) = self.open.get(&id).map(|open| open.process.clone()) else { return };
        let others: Vec<CaseId> = self.open_cases(&process).filter(|other| *other != id).collect();
        for case in others {
            self.give(Order::Command { case, command: Command::Cancel { compensate } });
        }
    }

    fn note_end(&mut self, id: CaseId, plan: &Plan, step: StepIx) {
        let ends = || matches!(plan.step_definition(step).map(|step| &step.kind), Some(Kind::End { .. }));
        if let Some(open) = self.open.get_mut(&id).filter(|open| open.caller.is_some() && ends()) {
            open.ended_at = step;
        }
    }

    /// A token begins to wait for a message, or waits no longer. Gives what it wants where that is kept already.
    fn update_message(
        &mut self,
        at: Timestamp,
        id: CaseId,
        plan: &Plan,
        case: &Case,
        token: TokenIx,
    ) -> Option<Wanted> {
        let waiting = case.token(token).filter(|item| item.phase == Phase::Receiving);
        let place = waiting.map(place);
        if self.receiving.get(&(id, token)).copied() == place {
            return None;
        }
        self.exchange.unsubscribe(id, token);
        self.receiving.remove(&(id, token));
        let place = place?;
        let Some(Kind::Receive(wanted)) = kind(plan, case, token) else { return None };
        let key = wanted.key.as_deref().and_then(|key| plan.field(key));
        let key = key.map_or(Value::Absent, |key| value_for_others(plan, case, token, key));
        self.receiving.insert((id, token), place);
        let (message, transient) = (wanted.message.clone(), wanted.transient);
        let wanted = Wanted { case: id, token, place, message, key, transient };
        if !transient && self.exchange.keeps(at, &wanted.message, &wanted.key) {
            return Some(wanted);
        }
        self.subscribe(at, &wanted);
        None
    }

    /// Lets a token have the message that is kept for it, if it still waits there and nobody else has taken it.
    fn take(&mut self, at: Timestamp, wanted: Wanted) -> Option<Order> {
        if self.receiving.get(&(wanted.case, wanted.token)) != Some(&wanted.place) {
            return None;
        }
        let kept = self.subscribe(at, &wanted)?;
        self.receiving.remove(&(wanted.case, wanted.token));
        Some(Order::Deliver { case: wanted.case, token: wanted.token, data: kept.data })
    }

    fn subscribe(&mut self, at: Timestamp, wanted: &Wanted) -> Option<Message> {
        let Wanted { case, token, message, key, transient, .. } = wanted;
        self.exchange.subscribe(at, *case, *token, message, key, *transient)
    }

    /// A token no longer waits for the case it called: that case is cancelled.
    fn update_call(&mut self, id: CaseId, case: &Case, token: TokenIx) {
        let Some((called_at, called)) = self.calling.get(&(id, token)).copied() else { return };
        let waits = case.token(token).is_some_and(|item| item.phase == Phase::Calling && place(item) == called_at);
        if !waits {
            self.calling.remove(&(id, token));
            called.into_iter().for_each(|called| self.cancel_called(called));
        }
    }

    fn cancel_called(&mut self, called: CaseId) {
        if let Some(open) = self.open.get_mut(&called) {
            open.caller = None;
            self.give(Order::Command { case: called, command: Command::Cancel { compensate: false } });
        }
    }

    /// A case is over: it waits for nothing, and whoever called it goes on.
    fn closed(&mut self, id: CaseId, plan: &Plan, case: &Case) {
        let Some(open) = self.open.remove(&id) else { return };
        self.exchange.unsubscribe_all(id);
        let tokens = (id, TokenIx(0))..=(id, TokenIx::NONE);
        let waiting: Vec<_> = self.receiving.range(tokens.clone()).map(|(waiting, _)| *waiting).collect();
        waiting.iter().for_each(|waiting| _ = self.receiving.remove(waiting));
        let calling: Vec<_> = self.calling.range(tokens).map(|(calling, (_, called))| (*calling, *called)).collect();
        for (calling, called) in calling {
            self.calling.remove(&calling);
            called.into_iter().for_each(|called| self.cancel_called(called));
        }
        if let Some((caller, token)) = open.caller {
            let end = (case.status() == Status::Completed).then(|| plan.step_name(open.ended_at).to_owned());
            let fields = plan.definition().data.keys().enumerate();
            let data = fields.map(|(index, name)| {
                let field = FieldIx(index as u16);
                (name.clone(), case.data().get(index).map_or(Value::Absent, |value| plan.for_others(field, value)))
            });
            let order = Order::Return { case: caller, token, end, data: data.collect() };
            self.intents.push_back(Intent::Return(id, order));
        }
    }
}

impl Order {
    /// The case that carries it out; none when one is to be started.
    pub fn case(&self) -> Option<CaseId> {
        match self {
            Order::Start { .. } => None,
            Order::Deliver { case, .. } | Order::Return { case, .. } | Order::Command { case, .. } => Some(*case),
        }
    }

    /// The token that waits for it.
    fn waiting(&self) -> Option<(CaseId, TokenIx)> {
        match self {
            Order::Start { by, caller, .. } => caller.map(|token| (*by, token)),
            Order::Return { case, token, .. } | Order::Deliver { case, token, .. } => Some((*case, *token)),
            Order::Command { case, command: Command::Fail { token, .. } } => Some((*case, *token)),
            Order::Command { .. } => None,
        }
    }

    /// What that case does to carry it out; none when it no longer waits for it. Of the data, the step takes those that
    /// it may write and that fit.
    pub fn command(self, plan: &Plan, case: &Case) -> Option<Command> {
        match self {
            Order::Start { .. } => None,
            Order::Command { command, .. } => Some(command),
            Order::Deliver { token, data, .. } => {
                let step = waiting(plan, case, token, Phase::Receiving)?;
                Some(Command::Complete { token, outcome: None, data: taken(plan, step, &data) })
            }
            Order::Return { token, end, data, .. } => {
                let step = waiting(plan, case, token, Phase::Calling)?;
                let data = taken(plan, step, &data);
                Some(match outcome(plan, case, token, step, end.as_deref()) {
                    Ok(outcome) => Command::Complete { token, outcome, data },
                    Err(reason) => Command::Fail { token, reason: reason.into() },
                })
            }
        }
    }
}

fn place(token: &Token) -> Place {
    (token.step, token.visit)
}

fn waiting<'p>(plan: &'p Plan, case: &Case, token: TokenIx, phase: Phase) -> Option<&'p Step> {
    let item = case.token(token).filter(|item| item.phase == phase)?;
    plan.step_definition(item.step)
}

/// The outcome of a call: the one that has the name of the step at which the called case ended.
fn outcome(
    plan: &Plan,
    case: &Case,
    token: TokenIx,
    step: &Step,
    end: Option<&str>,
) -> Result<Option<crate::index::FlowIx>, String> {
    let Some(end) = end else { return Err("the case that it called was cancelled".to_owned()) };
    if step.outcomes.is_empty() {
        return Ok(None);
    }
    let step = case.token(token).map_or(StepIx::NONE, |item| item.step);
    let outcome = plan.outcome(step, Some(end));
    let missing = || format!("the case that it called ended at `{end}`, for which there is no outcome of that name");
    outcome.map(Some).ok_or_else(missing)
}

fn taken(plan: &Plan, step: &Step, data: &[(String, Value)]) -> Vec<(FieldIx, Value)> {
    let written = data.iter().filter(|(name, value)| !value.is_absent() && step.writes.contains(name));
    written.filter_map(|(name, value)| plan.from_others(name, value)).collect()
}

fn kind<'p>(plan: &'p Plan, case: &Case, token: TokenIx) -> Option<&'p Kind> {
    case.token(token).and_then(|item| plan.step_definition(item.step)).map(|step| &step.kind)
}

fn named<'a>(names: impl Iterator<Item = &'a String>, values: &[Value]) -> Vec<(String, Value)> {
    names.cloned().zip(values.iter().cloned()).collect()
}

fn value_for_others(plan: &Plan, case: &Case, token: TokenIx, field: FieldIx) -> Value {
    case.data_for(token).get(field.at()).map_or(Value::Absent, |value| plan.for_others(field, value))
}

/// The message that a token sends.
fn message(plan: &Plan, case: &Case, token: TokenIx, at: Timestamp, data: &[Value]) -> Option<Message> {
    let step = case.token(token)?.step;
    let Some(Kind::Send(sent)) = plan.step_definition(step).map(|step| &step.kind) else { return None };
    let key = sent.key.as_deref().and_then(|key| plan.field(key));
    Some(Message {
        name: sent.message.clone(),
        key: key.map_or(Value::Absent, |key| value_for_others(plan, case, token, key)),
        data: named(sent.with.keys(), data),
        id: None,
        keep: plan.keeps_until(step, at).map(|until| until - at),
    })
}
