//! One replication: cases arrive, people work, time passes, until nothing more can happen.
//!
//! The replication issues the commands of the world to the kernel, and sees in its events what to schedule next.

use grieta_core::kernel::{Case, Command, Evaluate, Event, Phase, Sink, Status, execute};
use grieta_core::value::Value;
use grieta_core::{CrackIx, Duration, FieldIx, FlowIx, RoleIx, StepIx, TimerIx, Timestamp, TokenIx};

use crate::arrivals::{self, Stepper};
use crate::generate::Recorder;
use crate::model::{CrackModel, Model, StepModel, pick};
use crate::people::{Pool, Waiting};
use crate::queue::{Class, Entry, Queue};
use crate::random::{Stream, case_key, draw_key};
use crate::statistics::Batches;
use crate::totals::{DeadEnd, DeadEndTotals, Snapshot, Totals};
use crate::transactions::{Recorded, RecordedAnswer, Transactions};

/// After so many visits of one step a case is taken out: it goes round and round.
const MOST_VISITS: u32 = 10_000;

/// Batches begin with so many cases.
const FIRST_BATCH: u64 = 16;

/// What one replication is asked to do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order<'a> {
    pub seed: u64,
    pub replication: u64,
    /// How many cases arrive at the most.
    pub cases: u64,
    /// No case arrives later.
    pub until: Timestamp,
    pub transactions: Option<&'a Transactions>,
    /// There is always somebody free: each case goes its way as if it were alone.
    pub unlimited: bool,
    /// Keep the batches of this run, for intervals within it.
    pub batches: bool,
    /// Tell the story of this case.
    pub story_of: Option<u64>,
}

/// What one replication found.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub totals: Totals,
    pub batches: Vec<crate::totals::Means>,
    pub story: Vec<(Timestamp, Event)>,
    pub explanation: Vec<String>,
}

/// Carries out one replication.
pub(crate) fn run(model: &Model, order: Order<'_>, recorder: Option<&mut Recorder>) -> Outcome {
    let mut run = Replication::new(model, order, recorder);
    run.run();
    run.finish()
}

struct Replication<'a> {
    /// One for each slot; used again when a case is over.
    cases: Vec<Case>,
    world: World<'a>,
    arrivals: Option<Stepper<'a>>,
}

/// Everything but the cases; it sees the events of the one in `slot`.
struct World<'a> {
    model: &'a Model,
    order: Order<'a>,
    queue: Queue,
    pools: Vec<Pool>,
    slots: Vec<Slot>,
    free_slots: Vec<u32>,
    /// The slot of the case that is being carried on.
    slot: u32,
    stamp: u32,
    /// Roles that may have both somebody free and something to do.
    dirty: Vec<RoleIx>,
    is_dirty: Vec<bool>,
    /// Cracks to report as soon as the command under way is done.
    at_once: Vec<(TokenIx, CrackIx)>,
    /// How often each person of each role has been away.
    absences: Vec<Vec<u32>>,
    /// Entries that carry a case on, and work items that wait for people.
    alive: u64,
    totals: Totals,
    batches: Option<Batches<Snapshot>>,
    recorder: Option<&'a mut Recorder>,
    story: Vec<(Timestamp, Event)>,
    explanation: Vec<String>,
}

/// What the simulator knows about a running case.
#[derive(Debug, Default)]
struct Slot {
    ordinal: u64,
    key: u64,
    /// Entries and queues that hold something for the case; with none left it is stuck.
    pending: u32,
    items: Vec<Item>,
    /// The stamp of each timer.
    timers: Vec<u32>,
    /// The position of the case among the transactions.
    recorded: Option<u32>,
    /// It went round and round, and is to be taken out.
    endless: bool,
}

/// What the simulator knows about a token.
#[derive(Debug, Clone, Copy)]
struct Item {
    stamp: u32,
    state: State,
    role: RoleIx,
    step: StepIx,
    visit: u32,
    attempt: u16,
    /// When the work was offered.
    offered: Timestamp,
    /// How much work it is, in microseconds.
    work: i64,
    /// When it will be done, as long as nobody falls away.
    due: Timestamp,
    /// How much work was left when the person fell away, in microseconds.
    left: i64,
    /// The crack that struck it last, and when.
    struck: Option<(CrackIx, Timestamp)>,
    /// A crack from outside that is on its way, and the stamp of its entry.
    outside: Option<(u32, CrackIx)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// In the queue of a role.
    Queued,
    /// In the hands of a person.
    Held(u32),
    /// In the hands of a person who fell away.
    Suspended(u32),
    /// With a system or an outside party.
    Away,
    /// Nobody will act.
    Silent,
}

impl Item {
    const IDLE: Item = Item {
        stamp: 0,
        state: State::Idle,
        role: RoleIx::NONE,
        step: StepIx::NONE,
        visit: 0,
        attempt: 0,
        offered: Timestamp::EPOCH,
        work: 0,
        due: Timestamp::EPOCH,
        left: 0,
        struck: None,
        outside: None,
    };
}

impl<'a> Replication<'a> {
    fn new(model: &'a Model, order: Order<'a>, recorder: Option<&'a mut Recorder>) -> Replication<'a> {
        let pool = |role: &crate::model::RoleModel| {
            let calendar = if order.unlimited { None } else { role.calendar.clone() };
            Pool::new(role.people, calendar, model.start)
        };
        let source = model.arrivals.as_ref().filter(|_| order.transactions.is_none());
        let totals = Totals::new(model.steps.len(), model.roles.len(), model.plan.crack_count());
        Replication {
            cases: Vec::new(),
            arrivals: source.map(|source| source.stepper(order.seed, order.replication, model.start)),
            world: World {
                model,
                order,
                queue: Queue::default(),
                pools: model.roles.iter().map(pool).collect(),
                slots: Vec::new(),
                free_slots: Vec::new(),
                slot: 0,
                stamp: 0,
                dirty: Vec::new(),
                is_dirty: vec![false; model.roles.len()],
                at_once: Vec::new(),
                absences: model.roles.iter().map(|role| vec![0; role.people]).collect(),
                alive: 0,
                batches: order.batches.then(|| Batches::new(FIRST_BATCH, totals.snapshot())),
                totals,
                recorder,
                story: Vec::new(),
                explanation: Vec::new(),
            },
        }
    }

    fn run(&mut self) {
        self.world.schedule_availability();
        let mut next = self.next_arrival();
        loop {
            let queued = self.world.queue.peek_time();
            match (next, queued) {
                (Some((at, _)), Some(time)) if self.world.micros(at) < time => {}
                (None, None) => break,
                (Some(_), None) => {}
                (None, Some(_)) if self.world.alive == 0 => break,
                _ => {
                    self.take_entry();
                    continue;
                }
            }
            if let Some((at, recorded)) = next {
                self.arrive(at, recorded);
                next = self.next_arrival();
                if next.is_none() {
                    self.world.note_presence(at);
                }
            }
        }
    }

    /// When the next case arrives, and its position among the transactions.
    fn next_arrival(&mut self) -> Option<(Timestamp, Option<u32>)> {
        let order = &self.world.order;
        let ordinal = self.world.totals.arrived;
        let next = match order.transactions {
            Some(transactions) => (transactions.cases.get(ordinal as usize)?.at, Some(ordinal as u32)),
            None if ordinal >= order.cases => return None,
            None => (self.arrivals.as_mut()?.next(ordinal), None),
        };
        (next.0 <= order.until && next.0 < Timestamp::MAX).then_some(next)
    }

    fn arrive(&mut self, at: Timestamp, recorded: Option<u32>) {
        let world = &mut self.world;
        let transaction = world.transaction(recorded);
        let ordinal = transaction.map_or(world.totals.arrived, |transaction| transaction.ordinal);
        world.totals.arrived += 1;
        world.totals.events += 1;
        let slot = world.free_slots.pop().unwrap_or_else(|| {
            world.slots.push(Slot::default());
            world.slots.len() as u32 - 1
        });
        if self.cases.len() < world.slots.len() {
            self.cases.push(Case::default());
        }
        let key = case_key(world.order.seed, world.order.replication, ordinal);
        let own = &mut world.slots[slot as usize];
        (own.ordinal, own.key, own.pending, own.recorded, own.endless) = (ordinal, key, 0, recorded, false);
        own.items.clear();
        own.timers.clear();
        let data = world.start_data(ordinal, key, recorded);
        if let Some(recorder) = &mut world.recorder {
            recorder.start(&world.model.plan, at, ordinal, &data);
        }
        // An earlier case may have used this memory.
        self.cases[slot as usize].renew();
        self.command(slot, at, &Command::Start { data });
    }

    fn take_entry(&mut self) {
        let Some(entry) = self.world.queue.pop() else { return };
        let at = self.world.time(entry.time());
        let (slot, item) = (entry.slot, TokenIx(entry.item() as u16));
        if !self.world.is_valid(&entry) {
            self.world.queue.discarded();
            return;
        }
        match entry.class() {
            Class::Availability => {
                self.world.availability(at, entry);
                return self.dispatch(at);
            }
            Class::Completion => self.complete(slot, at, item),
            Class::Message => {
                self.world.unpend(slot);
                if let Some((_, crack)) = self.world.slots[slot as usize].items[item.at()].outside.take() {
                    self.command(slot, at, &Command::Strike { token: item, crack });
                }
            }
            Class::Timer => self.command(slot, at, &Command::TimerDue { timer: TimerIx(item.0) }),
        }
    }

    /// The work of a token is done, or its outside party answers.
    fn complete(&mut self, slot: u32, at: Timestamp, token: TokenIx) {
        let world = &mut self.world;
        world.unpend(slot);
        world.slot = slot;
        let held = &mut world.slots[slot as usize].items[token.at()];
        held.stamp = 0;
        let item = *held;
        let step = &world.model.steps[item.step.at()];
        let command = match world.drawn_crack(&step.failing, &item) {
            Some(crack) => Command::Strike { token, crack: crack.crack },
            None => Command::Complete {
                token,
                outcome: world.outcome(step, &item),
                data: world.completion_data(step, &item),
            },
        };
        self.command(slot, at, &command);
    }

    /// Has the kernel carry out a command, and whatever follows at once.
    fn command(&mut self, slot: u32, at: Timestamp, command: &Command) {
        self.execute(slot, at, command);
        while let Some((token, crack)) = self.world.at_once.pop() {
            if self.cases[slot as usize].token(token).is_some_and(|item| item.phase == Phase::Offered) {
                self.execute(slot, at, &Command::Strike { token, crack });
            }
        }
        if self.world.slots[slot as usize].endless {
            self.take_out(slot, at);
        }
        let case = &self.cases[slot as usize];
        match case.status() {
            Status::Running if self.world.slots[slot as usize].pending > 0 => {}
            _ => self.world.case_over(slot, case),
        }
        if !self.world.dirty.is_empty() {
            self.dispatch(at);
        }
    }

    #[inline]
    fn execute(&mut self, slot: u32, at: Timestamp, command: &Command) {
        self.world.slot = slot;
        let case = &mut self.cases[slot as usize];
        let result = execute(&self.world.model.plan, case, at, command, &mut Evaluate, &mut self.world);
        debug_assert!(result.is_ok(), "{command:?}: {result:?}");
    }

    /// A case that goes round and round is withdrawn, and counted as a dead end.
    fn take_out(&mut self, slot: u32, at: Timestamp) {
        self.world.note_dead_ends(slot, &self.cases[slot as usize]);
        self.execute(slot, at, &Command::Cancel);
    }

    /// Gives waiting work to people who are free.
    fn dispatch(&mut self, at: Timestamp) {
        while let Some(role) = self.world.dirty.pop() {
            self.world.is_dirty[role.at()] = false;
            while let Some((waiting, person)) = self.world.match_up(role) {
                self.execute(waiting.slot, at, &Command::Begin { token: waiting.token });
                self.world.begin(at, waiting, role, person);
            }
        }
    }

    fn finish(self) -> Outcome {
        let Replication { cases, mut world, .. } = self;
        // Whoever still waits now waits for people who never come.
        for (slot, case) in cases.iter().enumerate() {
            if case.status() == Status::Running && world.slots[slot].pending > 0 {
                world.case_over(slot as u32, case);
            }
        }
        for (pool, totals) in world.pools.iter().zip(&mut world.totals.roles) {
            (totals.busy, totals.available) = pool.counted();
        }
        let batches = world.batches.iter().flat_map(Batches::batches);
        let batches = batches.map(|(early, late)| late.means_since(early)).collect();
        Outcome { totals: world.totals, batches, story: world.story, explanation: world.explanation }
    }
}

impl World<'_> {
    #[inline]
    fn micros(&self, at: Timestamp) -> u64 {
        (at - self.model.start).as_micros().max(0) as u64
    }

    #[inline]
    fn time(&self, micros: u64) -> Timestamp {
        self.model.start + Duration::from_micros(micros as i64)
    }

    #[inline]
    fn next_stamp(&mut self) -> u32 {
        self.stamp = self.stamp.wrapping_add(1);
        self.stamp
    }

    fn transaction(&self, recorded: Option<u32>) -> Option<&Recorded> {
        self.order.transactions?.cases.get(recorded? as usize)
    }

    fn recorded_answer(&self, item: &Item) -> Option<&RecordedAnswer> {
        let slot = &self.slots[self.slot as usize];
        self.transaction(slot.recorded)?.answer(item.step, item.visit, item.attempt)
    }

    #[inline]
    fn stream(&self, salt: u64, item: &Item) -> Stream {
        Stream::new(draw_key(self.slots[self.slot as usize].key, salt, item.visit, u32::from(item.attempt)))
    }

    fn start_data(&self, ordinal: u64, key: u64, recorded: Option<u32>) -> Vec<(FieldIx, Value)> {
        let given = self.transaction(recorded).map_or(&[][..], |transaction| &transaction.data);
        let drawn = self.model.fields.iter().filter(|field| !given.iter().any(|(known, _)| *known == field.field));
        let drawn =
            drawn.map(|field| (field.field, field.value(ordinal, &mut Stream::new(draw_key(key, field.salt, 0, 0)))));
        given.iter().cloned().chain(drawn).collect()
    }

    /// How long the work takes, in microseconds.
    #[inline]
    fn duration(&self, step: &StepModel, item: &Item) -> i64 {
        if let Some(takes) = self.recorded_answer(item).and_then(|answer| answer.takes) {
            return takes;
        }
        match &step.takes {
            Some(takes) => arrivals::micros(takes.sample(&mut self.stream(step.duration_salt, item))),
            None => 0,
        }
    }

    #[inline]
    fn outcome(&self, step: &StepModel, item: &Item) -> Option<FlowIx> {
        let first = step.flow?;
        if step.thresholds.is_empty() {
            return None;
        }
        if let Some(outcome) = self.recorded_answer(item).and_then(|answer| answer.outcome) {
            return Some(outcome);
        }
        let draw = self.stream(step.outcome_salt, item).next_u64();
        Some(FlowIx(first.0 + pick(&step.thresholds, draw) as u16))
    }

    fn completion_data(&self, step: &StepModel, item: &Item) -> Vec<(FieldIx, Value)> {
        if step.writes.is_empty() {
            return Vec::new();
        }
        let given = self.recorded_answer(item).map_or(&[][..], |answer| &answer.data);
        let ordinal = self.slots[self.slot as usize].ordinal;
        let field = |model: &crate::model::FieldModel| match given.iter().find(|(field, _)| *field == model.field) {
            Some(known) => known.clone(),
            None => (model.field, model.value(ordinal, &mut self.stream(model.salt, item))),
        };
        step.writes.iter().map(field).collect()
    }

    /// The first of these cracks that strikes this visit.
    #[inline]
    fn drawn_crack<'c>(&self, cracks: &'c [CrackModel], item: &Item) -> Option<&'c CrackModel> {
        if cracks.is_empty() {
            return None;
        }
        match self.recorded_answer(item) {
            Some(answer) => cracks.iter().find(|crack| answer.cracks.contains(&crack.crack)),
            None => cracks.iter().find(|crack| crack.strikes(self.stream(crack.salt, item).next_u64())),
        }
    }

    /// Whether what an entry announces is still to happen.
    #[inline]
    fn is_valid(&self, entry: &Entry) -> bool {
        let slot = || &self.slots[entry.slot as usize];
        let item = entry.item() as usize;
        match entry.class() {
            Class::Availability => true,
            Class::Completion => slot().items.get(item).is_some_and(|item| item.stamp == entry.stamp),
            Class::Message => {
                slot().items.get(item).is_some_and(|item| item.outside.is_some_and(|(stamp, _)| stamp == entry.stamp))
            }
            Class::Timer => slot().timers.get(item) == Some(&entry.stamp),
        }
    }

    #[inline]
    fn schedule(&mut self, at: Timestamp, class: Class, item: u16, stamp: u32) {
        let slot = self.slot;
        let own = &mut self.slots[slot as usize];
        own.pending += 1;
        self.alive += 1;
        let entry = Entry::new(self.micros(at), class, self.slots[slot as usize].ordinal, u32::from(item), slot, stamp);
        self.queue.push(entry);
    }

    #[inline]
    fn unpend(&mut self, slot: u32) {
        self.slots[slot as usize].pending -= 1;
        self.alive -= 1;
    }

    /// Notes that an entry of the case under way will not happen.
    fn overtake(&mut self) {
        self.unpend(self.slot);
        if self.queue.overtaken() {
            let mut queue = std::mem::take(&mut self.queue);
            queue.clean(|entry| self.is_valid(entry));
            self.queue = queue;
        }
    }
}

/// What happens around the work items of the case under way.
impl World<'_> {
    /// A token has come to a step.
    #[inline]
    fn placed(&mut self, case: &Case, at: Timestamp, token: TokenIx, step: StepIx, phase: Phase, role: RoleIx) {
        self.leave(at, token);
        let visit = case.token(token).map_or(0, |placed| placed.visit);
        let totals = &mut self.totals.steps[step.at()];
        totals.visits += 1;
        totals.cases += u64::from(visit == 1);
        let items = &mut self.slots[self.slot as usize].items;
        if items.len() <= token.at() {
            items.resize(token.at() + 1, Item::IDLE);
        }
        items[token.at()] = Item { step, visit, role, offered: at, ..Item::IDLE };
        if visit > MOST_VISITS {
            self.slots[self.slot as usize].endless = true;
        }
        if visit == 1 && phase != Phase::Offered {
            self.totals.steps[step.at()].until_begun.add((at - case.started()).as_micros() as u64);
        }
        match phase {
            Phase::Offered | Phase::Requested | Phase::Waiting => {
                self.expect_from_outside(at, token);
                self.ask(at, token, phase);
            }
            _ => {}
        }
    }

    /// Asks the world to act: a person, a system or an outside party. It may stay silent.
    #[inline]
    fn ask(&mut self, at: Timestamp, token: TokenIx, phase: Phase) {
        let item = self.slots[self.slot as usize].items[token.at()];
        let step = &self.model.steps[item.step.at()];
        if self.recorder.is_some() {
            self.record(step, &item);
        }
        if let Some(crack) = self.drawn_crack(&step.silent, &item) {
            self.slots[self.slot as usize].items[token.at()].state = State::Silent;
            if crack.at_once {
                self.at_once.push((token, crack.crack));
            }
        } else if phase == Phase::Offered {
            self.enqueue(at, token);
        } else {
            self.send_away(at, token);
        }
    }

    /// Puts a work item into the queue of its role.
    #[inline]
    fn enqueue(&mut self, at: Timestamp, token: TokenIx) {
        let stamp = self.next_stamp();
        let own = &mut self.slots[self.slot as usize];
        own.pending += 1;
        self.alive += 1;
        let item = &mut own.items[token.at()];
        (item.state, item.stamp, item.offered) = (State::Queued, stamp, at);
        let role = item.role;
        let pool = &mut self.pools[role.at()];
        pool.waiting.push_back(Waiting { slot: self.slot, token, stamp });
        pool.queued += 1;
        self.soil(role);
    }

    /// Lets a system or an outside party take its time.
    #[inline]
    fn send_away(&mut self, at: Timestamp, token: TokenIx) {
        let stamp = self.next_stamp();
        let item = self.slots[self.slot as usize].items[token.at()];
        let step = &self.model.steps[item.step.at()];
        let work = self.duration(step, &item);
        let due = after(at, work, step.calendar.as_ref());
        let own = &mut self.slots[self.slot as usize].items[token.at()];
        (own.state, own.stamp, own.work, own.due) = (State::Away, stamp, work, due);
        self.schedule(due, Class::Completion, token.0, stamp);
    }

    /// Draws whether something outside happens meanwhile, and when.
    #[inline]
    fn expect_from_outside(&mut self, at: Timestamp, token: TokenIx) {
        let item = self.slots[self.slot as usize].items[token.at()];
        let step = &self.model.steps[item.step.at()];
        if step.outside.is_empty() {
            return;
        }
        let Some(crack) = self.drawn_crack(&step.outside, &item) else { return };
        let (crack, after_micros) = (crack.crack, self.strikes_after(step, crack, &item));
        let stamp = self.next_stamp();
        self.slots[self.slot as usize].items[token.at()].outside = Some((stamp, crack));
        self.schedule(after(at, after_micros, step.calendar.as_ref()), Class::Message, token.0, stamp);
    }

    /// How long after the step was reached a crack from outside strikes: anywhere in the time the step takes.
    fn strikes_after(&self, step: &StepModel, crack: &CrackModel, item: &Item) -> i64 {
        if let Some(given) = self.recorded_answer(item).and_then(|answer| answer.strikes_after) {
            return given;
        }
        let mut stream = self.stream(crack.salt, item);
        stream.next_u64();
        (self.duration(step, item) as f64 * stream.unit_f64()) as i64
    }

    /// A person who is free, and the work item that waits longest for the role.
    #[inline]
    fn match_up(&mut self, role: RoleIx) -> Option<(Waiting, u32)> {
        let pool = &mut self.pools[role.at()];
        let person = if self.order.unlimited { u32::MAX } else { pool.free()? as u32 };
        loop {
            let waiting = pool.waiting.pop_front()?;
            let item = self.slots[waiting.slot as usize].items.get(waiting.token.at());
            if item.is_some_and(|item| item.stamp == waiting.stamp) {
                return Some((waiting, person));
            }
        }
    }

    /// A person begins the work.
    #[inline]
    fn begin(&mut self, at: Timestamp, waiting: Waiting, role: RoleIx, person: u32) {
        self.slot = waiting.slot;
        let stamp = self.next_stamp();
        let item = self.slots[waiting.slot as usize].items[waiting.token.at()];
        let step = &self.model.steps[item.step.at()];
        let work = self.duration(step, &item);
        let pool = &mut self.pools[role.at()];
        let due = after(at, work, pool.calendar.as_ref());
        pool.queued -= 1;
        if person != u32::MAX {
            pool.take(at, person as usize, waiting.slot, waiting.token);
        }
        let waited = (at - item.offered).as_micros() as u64;
        let totals = &mut self.totals.steps[item.step.at()];
        totals.wait.add(waited);
        totals.waited += u64::from(waited > 0);
        self.totals.roles[role.at()].demand += work as u128;
        self.unpend(waiting.slot);
        let own = &mut self.slots[waiting.slot as usize].items[waiting.token.at()];
        (own.state, own.stamp, own.work, own.due) = (State::Held(person), stamp, work, due);
        self.schedule(due, Class::Completion, waiting.token.0, stamp);
    }

    /// Takes a work item out of whatever hands it is in. `done` says that all its work was done.
    #[inline]
    fn release(&mut self, at: Timestamp, token: TokenIx, done: bool) {
        let Some(item) = self.slots[self.slot as usize].items.get(token.at()).copied() else { return };
        match item.state {
            State::Idle | State::Silent => return,
            State::Queued => {
                self.pools[item.role.at()].queued -= 1;
                self.unpend(self.slot);
            }
            State::Held(person) => {
                self.hand_back(at, item.role, person);
                if item.stamp != 0 {
                    self.overtake();
                }
            }
            State::Suspended(person) => {
                self.hand_back(at, item.role, person);
                self.unpend(self.slot);
            }
            State::Away if item.stamp != 0 => self.overtake(),
            State::Away => {}
        }
        if item.state != State::Queued {
            let touched = if done { item.work } else { item.work - self.left(at, &item) };
            self.totals.steps[item.step.at()].touch.add(touched.max(0) as u64);
        }
        let own = &mut self.slots[self.slot as usize].items[token.at()];
        (own.state, own.stamp) = (State::Idle, 0);
    }

    fn hand_back(&mut self, at: Timestamp, role: RoleIx, person: u32) {
        if person != u32::MAX {
            self.pools[role.at()].release(at, person as usize);
            self.soil(role);
        }
    }

    /// How much of the work is still to be done, in microseconds.
    fn left(&self, at: Timestamp, item: &Item) -> i64 {
        let calendar = match item.state {
            State::Suspended(_) => return item.left,
            State::Held(_) => self.pools[item.role.at()].calendar.as_ref(),
            _ => self.model.steps[item.step.at()].calendar.as_ref(),
        };
        match calendar {
            Some(calendar) => calendar.open_between(at, item.due).as_micros(),
            None => (item.due - at).as_micros(),
        }
    }

    /// The token leaves its step, wherever it goes.
    #[inline]
    fn leave(&mut self, at: Timestamp, token: TokenIx) {
        let Some(item) = self.slots[self.slot as usize].items.get_mut(token.at()) else { return };
        if let Some((crack, struck)) = item.struck.take() {
            self.totals.cracks[crack.at()].held.add((at - struck).as_micros() as u64);
        }
        if item.outside.take().is_some() {
            self.overtake();
        }
        self.release(at, token, false);
    }

    #[inline]
    fn soil(&mut self, role: RoleIx) {
        if !self.is_dirty[role.at()] {
            self.is_dirty[role.at()] = true;
            self.dirty.push(role);
        }
    }

    fn set_timer(&mut self, timer: TimerIx, due: Timestamp) {
        let stamp = self.next_stamp();
        let timers = &mut self.slots[self.slot as usize].timers;
        if timers.len() <= timer.at() {
            timers.resize(timer.at() + 1, 0);
        }
        timers[timer.at()] = stamp;
        self.schedule(due, Class::Timer, timer.0, stamp);
    }

    /// Writes down how the world answers at this visit.
    fn record(&mut self, step: &StepModel, item: &Item) {
        let failing = self.drawn_crack(&step.failing, item);
        let outside = self.drawn_crack(&step.outside, item);
        let silent = self.drawn_crack(&step.silent, item);
        let answer = RecordedAnswer {
            key: (item.step, item.visit, item.attempt),
            takes: step.takes.as_ref().map(|_| self.duration(step, item)),
            outcome: if failing.is_none() { self.outcome(step, item) } else { None },
            cracks: [silent, outside, failing].into_iter().flatten().map(|crack| crack.crack).collect(),
            strikes_after: outside.map(|crack| self.strikes_after(step, crack, item)),
            data: if failing.is_none() { self.completion_data(step, item) } else { Vec::new() },
        };
        let ordinal = self.slots[self.slot as usize].ordinal;
        if let Some(recorder) = &mut self.recorder {
            recorder.answer(&self.model.plan, ordinal, &answer);
        }
    }

    /// A case is over, or nothing will ever carry it on.
    fn case_over(&mut self, slot: u32, case: &Case) {
        let own = &self.slots[slot as usize];
        match case.status() {
            Status::Completed => {
                self.totals.completed += 1;
                self.totals.cycle.add((case.reached() - case.started()).as_micros() as u64);
            }
            Status::Cancelled if own.endless => self.totals.stuck += 1,
            Status::Cancelled => self.totals.cancelled += 1,
            _ => {
                self.totals.stuck += 1;
                self.note_dead_ends(slot, case);
            }
        }
        if self.order.story_of == Some(self.slots[slot as usize].ordinal) {
            self.explanation.extend(case.explain(&self.model.plan).iter().map(ToString::to_string));
        }
        self.free_slots.push(slot);
        let ended = self.totals.ended();
        if let Some(batches) = &mut self.batches
            && batches.due(ended)
        {
            batches.push(ended, self.totals.snapshot());
        }
    }

    fn note_dead_ends(&mut self, slot: u32, case: &Case) {
        let own = &self.slots[slot as usize];
        let here = DeadEndTotals { cases: 1, replication: self.order.replication, case: own.ordinal };
        let mut rows: Vec<DeadEnd> = Vec::new();
        for waiting in case.explain(&self.model.plan) {
            let waits_for = match (&waiting.unanswered, own.endless) {
                (_, true) => format!("an end: it came here more than {MOST_VISITS} times and goes round and round"),
                (Some(crack), _) if !matches!(waiting.waits_for, grieta_core::kernel::WaitsFor::Resolution(_)) => {
                    format!("{}; crack `{crack}` struck and has no response", waiting.waits_for)
                }
                _ => waiting.waits_for.to_string(),
            };
            rows.push(DeadEnd { step: waiting.step, waits_for });
        }
        rows.sort();
        rows.dedup();
        for row in rows {
            self.totals.dead_ends.entry(row).and_modify(|totals| totals.cases += 1).or_insert(here);
        }
    }
}

/// When so much time will have passed, on a calendar if there is one.
#[inline]
fn after(at: Timestamp, micros: i64, calendar: Option<&grieta_core::calendar::Calendar>) -> Timestamp {
    match calendar {
        Some(calendar) => calendar.add(at, Duration::from_micros(micros)),
        None => at + Duration::from_micros(micros),
    }
}

impl Sink for World<'_> {
    #[inline]
    fn event(&mut self, case: &Case, at: Timestamp, event: &Event) {
        if self.order.story_of.is_some() && self.order.story_of == Some(self.slots[self.slot as usize].ordinal) {
            self.story.push((at, event.clone()));
        }
        match event {
            Event::TokenPlaced { token, step, phase, role, .. } => self.placed(case, at, *token, *step, *phase, *role),
            Event::WorkStarted { token } => {
                if let Some(work) = case.token(*token)
                    && work.visit == 1
                    && work.attempt == 0
                {
                    self.totals.steps[work.step.at()].until_begun.add((at - case.started()).as_micros() as u64);
                }
            }
            Event::WorkCompleted { token, .. } => {
                self.totals.events += 1;
                self.release(at, *token, true);
            }
            Event::TokenConsumed { token } | Event::TokenWithdrawn { token } => self.leave(at, *token),
            Event::TimerArmed { timer, due, .. } => self.set_timer(*timer, *due),
            Event::TimerFired { timer } => {
                self.slots[self.slot as usize].timers[timer.at()] = 0;
                self.unpend(self.slot);
            }
            Event::TimerWithdrawn { timer } => {
                self.slots[self.slot as usize].timers[timer.at()] = 0;
                self.overtake();
            }
            Event::WorkSkipped { token, .. } | Event::WorkFailed { token } | Event::WorkDelayed { token, .. } => {
                self.release(at, *token, false);
            }
            Event::WorkReallocated { token, role } => {
                self.release(at, *token, false);
                self.slots[self.slot as usize].items[token.at()].role = *role;
                self.enqueue(at, *token);
            }
            Event::WorkRepeated { token, phase } => {
                let attempt = case.token(*token).map_or(0, |item| item.attempt);
                self.slots[self.slot as usize].items[token.at()].attempt = attempt;
                self.ask(at, *token, *phase);
            }
            Event::CrackStruck { token, crack, answered } => {
                let totals = &mut self.totals.cracks[crack.at()];
                totals.struck += 1;
                totals.answered += u64::from(*answered);
                if let Some(item) = self.slots[self.slot as usize].items.get_mut(token.at()) {
                    item.struck = Some((*crack, at));
                }
            }
            Event::IncidentRaised { token, .. } => self.release(at, *token, false),
            _ => {}
        }
    }
}

/// The item of an availability entry that concerns the whole role, not one person.
const WHOLE_ROLE: u32 = (1 << 20) - 1;

/// Who is there and who is not.
impl World<'_> {
    fn schedule_availability(&mut self) {
        if self.order.unlimited {
            return;
        }
        for role in 0..self.pools.len() {
            self.schedule_opening(self.model.start, role);
            if self.model.roles[role].absences.is_some() {
                (0..self.model.roles[role].people)
                    .for_each(|person| self.schedule_absence(self.model.start, role, person));
            }
        }
    }

    fn schedule_opening(&mut self, at: Timestamp, role: usize) {
        let Some(calendar) = &self.pools[role].calendar else { return };
        let next = if calendar.is_open(at) { calendar.next_closing(at) } else { calendar.next_opening(at) };
        if let Some(next) = next {
            self.queue.push(Entry::new(
                self.micros(next),
                Class::Availability,
                role as u64,
                WHOLE_ROLE,
                role as u32,
                0,
            ));
        }
    }

    /// The gap before an absence and how long it lasts, both from the same draw.
    fn absence(&self, role: usize, person: usize) -> (i64, i64) {
        let Some(model) = &self.model.roles[role].absences else { return (i64::MAX, 0) };
        let key = case_key(self.order.seed, self.order.replication, u64::MAX);
        let mut stream = Stream::new(draw_key(key, model.salt, self.absences[role][person], person as u32));
        (arrivals::micros(model.gap.sample(&mut stream)), arrivals::micros(model.lasts.sample(&mut stream)))
    }

    fn schedule_absence(&mut self, at: Timestamp, role: usize, person: usize) {
        let (gap, _) = self.absence(role, person);
        let leaves = at + Duration::from_micros(gap);
        self.queue.push(Entry::new(
            self.micros(leaves),
            Class::Availability,
            role as u64,
            person as u32,
            role as u32,
            0,
        ));
    }

    fn availability(&mut self, at: Timestamp, entry: Entry) {
        let (role, person) = (entry.slot as usize, entry.item());
        if person == WHOLE_ROLE {
            let open = self.pools[role].calendar.as_ref().is_none_or(|calendar| calendar.is_open(at));
            self.pools[role].set_open(at, open);
            self.schedule_opening(at, role);
        } else if self.pools[role].is_absent(person as usize) {
            self.returns(at, role, person as usize);
        } else {
            self.falls_away(at, role, person as usize);
        }
        self.soil(RoleIx(role as u16));
    }

    fn falls_away(&mut self, at: Timestamp, role: usize, person: usize) {
        let (_, lasts) = self.absence(role, person);
        let back = after(at, lasts, self.model.roles[role].absences.as_ref().and_then(|model| model.calendar.as_ref()));
        self.queue.push(Entry::new(self.micros(back), Class::Availability, role as u64, person as u32, role as u32, 0));
        let Some((slot, token)) = self.pools[role].set_absent(at, person, true) else { return };
        self.slot = slot;
        let item = self.slots[slot as usize].items[token.at()];
        let left = self.left(at, &item);
        let own = &mut self.slots[slot as usize].items[token.at()];
        (own.state, own.stamp, own.left) = (State::Suspended(person as u32), 0, left);
        // The work stays pending: it goes on when the person returns.
        self.slots[slot as usize].pending += 1;
        self.alive += 1;
        self.overtake();
    }

    fn returns(&mut self, at: Timestamp, role: usize, person: usize) {
        self.absences[role][person] += 1;
        self.schedule_absence(at, role, person);
        let Some((slot, token)) = self.pools[role].set_absent(at, person, false) else { return };
        self.slot = slot;
        let stamp = self.next_stamp();
        let own = &mut self.slots[slot as usize].items[token.at()];
        let due = after(at, own.left, self.pools[role].calendar.as_ref());
        (own.state, own.stamp, own.due) = (State::Held(person as u32), stamp, due);
        self.unpend(slot);
        self.schedule(due, Class::Completion, token.0, stamp);
    }

    /// Notes how much the people were there while cases arrived.
    fn note_presence(&mut self, at: Timestamp) {
        for (pool, totals) in self.pools.iter_mut().zip(&mut self.totals.roles) {
            pool.count(at);
            totals.available_while_arriving = pool.counted().1;
        }
    }
}
