//! What cases have to do with each other: [`Traffic`] hears what each does, and its orders are carried out.

use std::collections::{BTreeMap, VecDeque};

use grieta_core::kernel::{Case, Command, Evaluate, Event, Sink, Status, execute};
use grieta_core::value::Value;
use grieta_core::world::{CaseId, Order, Traffic};
use grieta_core::{FieldIx, Plan, Timestamp, TokenIx};

use super::customer::Customer;
use super::scene::Scene;
use super::{Replication, Slot};
use crate::model::Model;
use crate::random::draw_key;

/// Cases that others start are numbered from here.
pub const FIRST_STARTED: u64 = 1_000_000_000_000;

/// So many cases may be started by others, and so many more for each that arrives: more than the deepest call needs.
const MOST_STARTED: u64 = 10_000;
const MOST_STARTED_PER_ARRIVAL: u64 = 100;

/// So many cases that others started may be under way at a time.
const MOST_UNDER_WAY: usize = 100_000;

/// Who waits for whom, and where each case is kept.
#[derive(Debug, Default)]
pub(super) struct Between {
    traffic: Traffic,
    slots: BTreeMap<CaseId, u32>,
    /// How many cases have begun.
    begun: u64,
    /// How many cases that others started are under way.
    started: usize,
    /// How many cases others have started.
    started_ever: u64,
    /// How many cases only another can carry on.
    pub asleep: usize,
    /// The keys of the cases that are to be started by a hand-over, in their order.
    handed_over: VecDeque<u64>,
}

/// Has both the scene and the traffic between cases see the events of a case.
struct Overheard<'s, 'w> {
    scene: Scene<'s, 'w>,
    between: &'s mut Between,
    model: &'w Model,
}

impl Sink for Overheard<'_, '_> {
    fn event(&mut self, case: &Case, at: Timestamp, event: &Event) {
        self.scene.event(case, at, event);
        let known = &self.scene.known;
        if let Event::HandedOver { token, .. } = event {
            self.between.handed_over.push_back(key_of_started(self.model, &known.customer, case, *token));
        }
        self.between.traffic.hear(at, known.id, &self.model.plan, case, event);
    }
}

/// The key of a case that another one starts: it depends on nothing but that case, the step and the visit.
fn key_of_started(model: &Model, by: &Customer, case: &Case, token: TokenIx) -> u64 {
    let item = case.token(token);
    let salt = item.and_then(|item| model.steps.get(item.step.at())).map_or(0, |step| step.case_salt);
    draw_key(by.key, salt, item.map_or(0, |item| item.visit), 0)
}

impl Between {
    /// Notes that a case begins.
    pub fn open(&mut self, slot: u32, process: &str, caller: Option<(CaseId, TokenIx)>) -> CaseId {
        let id = CaseId(self.begun);
        self.begun += 1;
        self.slots.insert(id, slot);
        self.traffic.opened(id, process, caller);
        id
    }

    /// Notes that a case is over.
    pub fn close(&mut self, id: CaseId, is_arrival: bool) {
        self.slots.remove(&id);
        self.started -= usize::from(!is_arrival);
    }

    /// Has the kernel carry out a command, and the others hear of it. Says whether it was accepted.
    #[inline(never)]
    pub fn execute(&mut self, scene: Scene<'_, '_>, case: &mut Case, at: Timestamp, command: &Command) -> bool {
        let (model, id) = (scene.world.model, scene.known.id);
        let mut sink = Overheard { scene, between: self, model };
        let accepted = execute(&model.plan, case, at, command, &mut Evaluate, &mut sink).is_ok();
        if accepted {
            self.traffic.settle(at, id, &model.plan, case);
        }
        accepted
    }
}

impl<'a> Replication<'a> {
    /// Does all that follows in other cases.
    pub(super) fn carry_on(&mut self, at: Timestamp) {
        while let Some(order) = self.between.as_mut().and_then(|between| between.traffic.next(at)) {
            match order {
                Order::Start { process, data, by, caller } => self.start_for(at, &process, &data, by, caller),
                other => self.carry_out(at, other),
            }
        }
    }

    fn carry_out(&mut self, at: Timestamp, order: Order) {
        let Some(slot) = order.case().and_then(|id| self.slot_of(id)) else { return };
        let Slot { case, known } = &self.slots[slot as usize];
        let command = order.command(&self.world.model_of(known.side).plan, case);
        if let Some(command) = command {
            self.rouse(slot);
            self.execute(slot, at, &command);
            self.follow(slot, at);
        }
    }

    /// Starts a case for another one. When that is impossible, the work of whoever waits for it has failed.
    fn start_for(
        &mut self,
        at: Timestamp,
        process: &str,
        data: &[(String, Value)],
        by: CaseId,
        caller: Option<TokenIx>,
    ) {
        let key = match caller {
            Some(token) => self.slot_of(by).map(|slot| {
                let Slot { case, known } = &self.slots[slot as usize];
                key_of_started(self.world.model_of(known.side), &known.customer, case, token)
            }),
            None => self.between.as_mut().and_then(|between| between.handed_over.pop_front()),
        };
        // Other processes are not simulated.
        let Some((key, side)) = key.zip(self.world.side_of(process)) else { return };
        let plan = &self.world.model_of(side).plan;
        let started = self.room_for_one_more().and_then(|()| fields(plan, data)).and_then(|data| {
            let caller = caller.map(|token| (by, token));
            self.world.count_for(side);
            self.start_with(at, key, data, caller)
        });
        match (started, caller.and_then(|token| Some((token, self.slot_of(by)?)))) {
            (Ok(slot), _) => self.follow(slot, at),
            (Err(reason), Some((token, slot))) => {
                self.rouse(slot);
                self.execute(slot, at, &Command::Fail { token, reason: reason.into() });
                self.follow(slot, at);
            }
            (Err(_), None) => self.world.totals.not_handed_over += 1,
        }
    }

    fn room_for_one_more(&self) -> Result<(), String> {
        let (ever, started) = self.between.as_ref().map_or((0, 0), |between| (between.started_ever, between.started));
        if ever >= MOST_STARTED + MOST_STARTED_PER_ARRIVAL * self.world.arrived || started >= MOST_UNDER_WAY {
            return Err("cases start others without end".to_owned());
        }
        Ok(())
    }

    fn start_with(
        &mut self,
        at: Timestamp,
        key: u64,
        data: Vec<(FieldIx, Value)>,
        caller: Option<(CaseId, TokenIx)>,
    ) -> Result<u32, String> {
        let ordinal = FIRST_STARTED + self.between.as_ref().map_or(0, |between| between.started_ever);
        let customer = Customer { ordinal, position: 0, key, recorded: None, is_arrival: false };
        let data = customer.with_drawn(self.world.model, data);
        let slot = self.take_slot(customer, caller);
        if self.execute(slot, at, &Command::Start { data }) {
            if let Some(between) = &mut self.between {
                between.started_ever += 1;
            }
            self.world.totals.started_by_cases += 1;
            self.world.totals.cases.enter(at);
            return Ok(slot);
        }
        let id = self.slots[slot as usize].known.id;
        if let Some(between) = &mut self.between {
            between.traffic.never_began(id);
            between.close(id, false);
        }
        self.free_slots.push(slot);
        Err(format!("`{}` cannot begin with what it is given", self.world.model.plan.definition().process))
    }

    /// Makes a case known to the others.
    pub(super) fn open_between(&mut self, slot: u32, caller: Option<(CaseId, TokenIx)>) {
        let Some(between) = &mut self.between else { return };
        let known = &mut self.slots[slot as usize].known;
        known.id = between.open(slot, &self.world.model.plan.definition().process, caller);
        between.started += usize::from(!known.customer.is_arrival);
    }

    /// Whether a case that nothing carries on any more is kept, because another may.
    pub(super) fn sleeps(&mut self, slot: u32) -> bool {
        let (Some(between), Slot { case, known }) = (&mut self.between, &mut self.slots[slot as usize]) else {
            return false;
        };
        let sleeps = case.status() == Status::Running;
        known.asleep = sleeps;
        match sleeps {
            true => between.asleep += 1,
            false => between.close(known.id, known.customer.is_arrival),
        }
        sleeps
    }

    /// A case that slept is carried on by another.
    fn rouse(&mut self, slot: u32) {
        let asleep = std::mem::take(&mut self.slots[slot as usize].known.asleep);
        if let Some(between) = &mut self.between {
            between.asleep -= usize::from(asleep);
        }
    }

    fn slot_of(&self, id: CaseId) -> Option<u32> {
        self.between.as_ref()?.slots.get(&id).copied()
    }
}

/// What a case is given, as its fields.
fn fields(plan: &Plan, data: &[(String, Value)]) -> Result<Vec<(FieldIx, Value)>, String> {
    let own = |(field, value): &(String, Value)| {
        plan.from_others(field, value).ok_or_else(|| format!("there is no field `{field}` that can hold {value}"))
    };
    data.iter().map(own).collect()
}
