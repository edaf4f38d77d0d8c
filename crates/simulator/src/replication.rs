//! One replication: cases arrive, people work, time passes, until nothing more can happen.
//!
//! The replication issues the commands of the world to the kernel, and a [`Scene`] sees in the kernel's events what to
//! schedule next.

mod batches;
mod between;
mod careful;
mod customer;
mod item;
mod outside;
mod pace;
mod presence;
mod scene;
mod streams;
mod telling;
mod waits;
mod world;

use std::hint::black_box;
use std::mem::ManuallyDrop;

use grieta_core::kernel::{Case, Command, Evaluate, Event, Phase, Status, execute};
use grieta_core::world::CaseId;
use grieta_core::{Duration, PersonIx, RoleIx, TimerIx, Timestamp, TokenIx};

use crate::arrivals::Stepper;
use crate::generate::Recorder;
use crate::journal::Journal;
use crate::line::{Turn, Waiting};
use crate::model::{Model, StepModel};
use crate::queue::{Class, Entry};
use crate::random::case_key;
use crate::statistics::Series;
use crate::totals::{Means, Totals};
use crate::transactions::{Recorded, Transactions};
use crate::warm_up::Cut;
use between::Between;
pub use between::FIRST_STARTED;
use customer::Customer;
use item::{Coming, Known};
use presence::Change;
use scene::Scene;
use streams::Stream;
use world::{NOBODY, Side, World};

/// After so many visits of one step a case is taken out: it goes round and round.
const MOST_VISITS: u32 = 10_000;

/// When no case has moved for ten years, it is asked whether any ever will.
const LONG_QUIET: i64 = Duration::DAY.as_micros() * 3_653;

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
    /// Which cases count apart, because they meet a process that is still filling.
    pub cut: Cut,
}

impl Order<'_> {
    /// Whether a case that would arrive then still does.
    fn still_comes(&self, at: Timestamp) -> bool {
        at <= self.until && at < Timestamp::MAX
    }
}

/// What one replication found.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub totals: Totals,
    /// What was counted for the other processes, where there are several.
    pub others: Vec<Totals>,
    pub batches: Vec<Means>,
    /// How long each case took that arrived, in the order of arrival.
    pub series: Series,
    pub story: Vec<(Timestamp, Event)>,
    pub explanation: Vec<String>,
}

/// Carries out one replication of a process, or of several that share their people.
pub(crate) fn run(models: &[Model], order: Order<'_>, recorder: Option<&mut Recorder>) -> Outcome {
    let mut run = Replication::new(models, order, recorder);
    run.run();
    run.finish()
}

/// Carries out one replication, and has a journal take down what happens.
pub(crate) fn record<'a>(models: &'a [Model], order: Order<'a>, journal: Journal<'a>) -> Outcome {
    let mut run = Replication::new(models, order, None);
    run.world.journal = Some(journal);
    run.run();
    run.finish()
}

struct Replication<'a> {
    slots: Vec<Slot<'a>>,
    free_slots: Vec<u32>,
    world: World<'a>,
    arrivals: Option<Stepper<'a>>,
    /// Where there are several processes: who comes to each of them.
    streams: Vec<Stream<'a>>,
    /// Only where what one case does may concern another.
    between: Option<Between>,
    /// Since when nothing but people has come and gone.
    quiet_since: Timestamp,
}

/// Room for one running case; used again when the case is over.
#[derive(Debug)]
struct Slot<'a> {
    case: Case,
    known: Known<'a>,
}

/// A case that will arrive.
#[derive(Debug, Clone, Copy)]
struct Arrival<'a> {
    at: Timestamp,
    ordinal: u64,
    key: u64,
    recorded: Option<&'a Recorded>,
    /// To which process, where there are several.
    side: Option<Side>,
}

impl<'a> Replication<'a> {
    fn new(models: &'a [Model], order: Order<'a>, recorder: Option<&'a mut Recorder>) -> Replication<'a> {
        let model = &models[0];
        let source = model.arrivals.as_ref().filter(|_| order.transactions.is_none());
        Replication {
            slots: Vec::new(),
            free_slots: Vec::new(),
            world: World::new(models, order, recorder),
            arrivals: source.map(|source| source.stepper(order.seed, order.replication, model.start)),
            streams: if models.len() > 1 { streams::of(models, &order) } else { Vec::new() },
            between: model.traffic.then(Between::default),
            quiet_since: model.start,
        }
    }

    fn run(&mut self) {
        self.world.schedule_availability();
        let mut next = self.next_arrival();
        // Arrivals stay out of the queue: there is only ever one to come, and it yields to what happens at the same time.
        loop {
            self.clean();
            let queued = self.world.queue.peek_time();
            if let Some(brought) = self.world.queue.brought() {
                fetch(&self.slots, brought);
            }
            match next {
                Some(arrival) if queued.is_none_or(|time| arrival.at < time) => {
                    self.arrive(arrival);
                    next = self.next_arrival();
                    if next.is_none() {
                        self.world.note_presence(arrival.at);
                    }
                }
                // People come and go for ever; it is the cases that end a run.
                None if self.slots.len() == self.free_slots.len() + self.asleep() => break,
                _ if queued.is_none() => break,
                None if queued.is_some_and(|time| self.waits_in_vain(time)) => break,
                _ => self.take_entry(),
            }
        }
    }

    /// Whether all that is still to happen is that people come and go: those who wait would have found them long ago.
    #[inline]
    fn waits_in_vain(&mut self, now: Timestamp) -> bool {
        if (now - self.quiet_since).as_micros() < LONG_QUIET {
            return false;
        }
        self.quiet_since = now;
        let Replication { world, slots, .. } = self;
        !world.queue.any(|entry| entry.class() != Class::Availability && is_expected(slots, entry))
    }

    #[inline(always)]
    fn next_arrival(&mut self) -> Option<Arrival<'a>> {
        if !self.streams.is_empty() {
            return streams::next(&mut self.streams, &self.world.order);
        }
        let order = &self.world.order;
        let arrived = self.world.arrived;
        let next = match order.transactions {
            Some(transactions) => {
                let recorded = transactions.cases.get(arrived as usize)?;
                let key = case_key(order.seed, order.replication, recorded.ordinal);
                Arrival { at: recorded.at, ordinal: recorded.ordinal, key, recorded: Some(recorded), side: None }
            }
            None if arrived >= order.cases => return None,
            None => {
                let (at, key) = self.arrivals.as_mut()?.next(arrived);
                Arrival { at, ordinal: arrived, key, recorded: None, side: None }
            }
        };
        order.still_comes(next.at).then_some(next)
    }

    fn arrive(&mut self, arrival: Arrival<'a>) {
        let Arrival { at, ordinal, key, recorded, side } = arrival;
        side.into_iter().for_each(|side| self.world.count_for(side));
        if self.world.totals.closely.backlog.is_due(ordinal) {
            self.look();
        }
        let world = &mut self.world;
        let position = world.arrived;
        world.arrived += 1;
        world.warm(position, at);
        world.totals.arrived += 1;
        world.totals.events += 1;
        world.totals.cases.enter(at);
        let customer = Customer { ordinal, position, key, recorded, is_arrival: true };
        let data = customer.start_data(world.model);
        if let Some(recorder) = &mut world.recorder {
            recorder.start(&world.model.plan, at, ordinal, &data);
        }
        let slot = self.take_slot(customer, None);
        self.command(slot, at, |_| Command::Start { data });
    }

    /// Notes how much work waits for each role.
    #[cold]
    fn look(&mut self) {
        let waiting = self.world.pools.iter().map(|pool| pool.census.here() as u32).collect();
        self.world.totals.closely.backlog.keep(waiting);
    }

    /// Room for a new case.
    #[inline(always)]
    fn take_slot(&mut self, customer: Customer<'a>, caller: Option<(CaseId, TokenIx)>) -> u32 {
        let number = self.free_slots.pop().unwrap_or_else(|| {
            let number = self.slots.len() as u32;
            self.slots.push(Slot { case: Case::default(), known: Known::new(number) });
            number
        });
        let (slot, world) = (&mut self.slots[number as usize], &self.world);
        let is_told = world.order.story_of == Some(customer.ordinal) || world.journal.is_some();
        slot.known.renew(customer, world.model, is_told);
        slot.known.side = world.side();
        slot.case.renew();
        if self.between.is_some() {
            self.open_between(number, caller);
        }
        number
    }

    /// How many cases only another can carry on.
    fn asleep(&self) -> usize {
        self.between.as_ref().map_or(0, |between| between.asleep)
    }

    /// Takes out of the queue what will not happen any more, before anybody looks at what is next.
    #[inline]
    fn clean(&mut self) {
        let Replication { world, slots, .. } = self;
        if world.queue.is_mostly_stale() {
            world.queue.clean(|entry| is_expected(slots, entry));
        }
    }

    fn take_entry(&mut self) {
        let Some(entry) = self.world.queue.pop() else { return };
        if entry.class() == Class::Completion {
            return self.complete(&entry);
        }
        if !is_expected(&self.slots, &entry) {
            return self.world.queue.discarded();
        }
        let (at, slot, item) = (entry.at(), entry.slot, entry.item() as u16);
        if entry.class() == Class::Availability {
            return self.availability(at, &entry);
        }
        self.quiet_since = at;
        match entry.class() {
            Class::Message => self.message(slot, at, TokenIx(item), entry.stamp),
            _ => {
                self.execute(slot, at, &Command::TimerDue { timer: TimerIx(item) });
                self.settle(slot, at);
            }
        }
    }

    /// The work of a token is done, or its outside party answers.
    #[inline(always)]
    fn complete(&mut self, entry: &Entry) {
        let (at, slot, token) = (entry.at(), entry.slot, TokenIx(entry.item() as u16));
        let known = &mut self.slots[slot as usize].known;
        let Some(item) = known.items.get_mut(token.at()).filter(|item| item.stamp == entry.stamp) else {
            return self.world.queue.discarded();
        };
        self.quiet_since = at;
        item.stamp = 0;
        known.pending -= 1;
        self.world.count_for(known.side);
        let step = &self.world.model.steps[item.step.at()];
        if !step.failing.is_empty() && self.fails(slot, at, token, step) {
            return self.settle(slot, at);
        }
        // Nothing has taken the work away, so it is done.
        self.command(slot, at, |Known { items, customer, .. }| {
            let item = &items[token.at()];
            let (outcome, data) = (customer.outcome(step, item), customer.completion_data(step, item));
            Command::Complete { token, outcome, data }
        });
    }

    /// Whether a crack strikes the work that would be done now, and takes it away.
    fn fails(&mut self, slot: u32, at: Timestamp, token: TokenIx, step: &StepModel) -> bool {
        let known = &mut self.slots[slot as usize].known;
        let Some(crack) = known.drawn_crack(&step.failing, token) else { return false };
        let before = known.items[token.at()];
        // Until it is known what follows, the work is still pending.
        known.pending += 1;
        self.execute(slot, at, &Command::Strike { token, crack: crack.crack });
        let known = &mut self.slots[slot as usize].known;
        known.pending -= 1;
        let item = &known.items[token.at()];
        (item.state, item.stamp, item.visit, item.attempt) != (before.state, 0, before.visit, before.attempt)
    }

    /// Something happens outside.
    fn message(&mut self, slot: u32, at: Timestamp, token: TokenIx, stamp: u32) {
        let known = &mut self.slots[slot as usize].known;
        known.pending -= 1;
        let outside = &mut known.trouble(token).outside;
        if let Some(place) = outside.iter().position(|coming| coming.stamp == stamp) {
            let Coming { crack, .. } = outside.swap_remove(place);
            // What stands still, or is being undone, is not struck.
            self.execute(slot, at, &Command::Strike { token, crack });
            self.settle(slot, at);
        }
    }

    /// A role opens or closes, a person leaves or returns.
    fn availability(&mut self, at: Timestamp, entry: &Entry) {
        for change in self.world.availability(at, entry) {
            match change {
                Change::Suspend { slot, token, person } => self.scene(slot).suspend(at, token, person),
                Change::Resume { slot, token, person } => self.scene(slot).resume(at, token, person),
            }
        }
        self.dispatch(at);
    }

    fn scene(&mut self, slot: u32) -> Scene<'_, 'a> {
        let known = &mut self.slots[slot as usize].known;
        self.world.count_for(known.side);
        Scene { world: &mut self.world, known }
    }

    /// Has the kernel carry out a command, and whatever follows at once.
    #[inline(always)]
    fn command(&mut self, slot: u32, at: Timestamp, command: impl FnOnce(&Known) -> Command) {
        let Replication { slots, world, between, .. } = self;
        let slot_of_case = &mut slots[slot as usize];
        let command = command(&slot_of_case.known);
        let accepted = carry(world, between, slot_of_case, at, &command);
        debug_assert!(accepted, "{command:?} was refused");
        match command {
            // Most commands bring nothing, which is not worth a call to put it away.
            Command::Start { data } | Command::Complete { data, .. } if data.capacity() == 0 => std::mem::forget(data),
            other => drop(other),
        }
        self.settle(slot, at);
    }

    /// Lets everything follow that follows at once.
    #[inline(always)]
    fn settle(&mut self, slot: u32, at: Timestamp) {
        self.follow(slot, at);
        self.dispatch(at);
    }

    /// Lets everything follow in the case that follows at once.
    #[inline(always)]
    fn follow(&mut self, slot: u32, at: Timestamp) {
        let Slot { case, known } = &self.slots[slot as usize];
        let more = known.endless || !(known.woken.is_empty() && self.world.at_once.is_empty());
        if more || case.status() != Status::Running || known.pending == 0 {
            self.follow_up(slot, at);
        }
    }

    /// What follows besides: cracks that strike at once, people who act after all, the end of the case.
    #[inline(never)]
    fn follow_up(&mut self, slot: u32, at: Timestamp) {
        while let Some((token, crack)) = self.world.at_once.pop() {
            let Slot { case, known } = &self.slots[slot as usize];
            let work = case.token(token).filter(|_| !known.endless);
            if work.is_some_and(|item| matches!(item.phase, Phase::Offered | Phase::Created)) {
                self.execute(slot, at, &Command::Strike { token, crack });
            }
        }
        let Slot { case, known } = &mut self.slots[slot as usize];
        if !known.woken.is_empty() {
            self.world.count_for(known.side);
            Scene { world: &mut self.world, known }.wake(case, at);
        }
        if known.endless && case.status() == Status::Running {
            self.take_out(slot, at);
        }
        let Slot { case, known } = &self.slots[slot as usize];
        if case.status() != Status::Running || known.pending == 0 {
            self.rest(slot, at);
        }
    }

    /// A case is over, or nothing carries it on by itself.
    #[inline]
    fn rest(&mut self, slot: u32, at: Timestamp) {
        if self.between.is_some() && self.sleeps(slot) {
            return;
        }
        let Slot { case, known } = &self.slots[slot as usize];
        self.world.count_for(known.side);
        self.world.case_over(at, known, case);
        self.free_slots.push(slot);
    }

    /// Says whether the command was accepted.
    #[inline(never)]
    fn execute(&mut self, slot: u32, at: Timestamp, command: &Command) -> bool {
        carry(&mut self.world, &mut self.between, &mut self.slots[slot as usize], at, command)
    }

    /// A case that goes round and round is withdrawn, and counted as a dead end.
    #[cold]
    fn take_out(&mut self, slot: u32, at: Timestamp) {
        let Slot { case, known } = &self.slots[slot as usize];
        self.world.count_for(known.side);
        self.world.note_dead_ends(known, case);
        self.execute(slot, at, &Command::Cancel { compensate: false });
    }

    /// Gives waiting work to people who are free.
    #[inline]
    fn dispatch(&mut self, at: Timestamp) {
        if self.world.model.careful {
            return self.dispatch_carefully(at);
        }
        if !self.world.coming.is_empty() {
            self.rank_coming();
        }
        if self.world.is_dirty() {
            self.match_all(at);
        }
    }

    #[inline(never)]
    fn match_all(&mut self, at: Timestamp) {
        while let Some(role) = self.world.next_dirty() {
            while let Some((waiting, person)) = self.match_up(role) {
                self.begin(at, waiting, person);
            }
        }
    }

    /// Gives work that has come its place in the queue of its role.
    #[inline]
    fn rank_coming(&mut self) {
        while let Some(waiting) = self.world.coming.pop() {
            self.rank(waiting);
        }
    }

    #[inline(never)]
    fn rank(&mut self, waiting: Waiting) {
        let Slot { case, known } = &self.slots[waiting.slot as usize];
        let Some(item) = known.items.get(waiting.token.at()).filter(|item| item.stamp == waiting.stamp) else { return };
        let model = self.world.model_of(known.side);
        let takes = || known.customer.duration(&model.steps[item.step.at()], item);
        let turn = Turn { rank: model.plan.rank(case, item.role, takes), number: item.number };
        if let Some(line) = self.world.pools[item.role.at()].line.ranked() {
            line.push(turn, waiting);
        }
    }

    /// A person who is free, and the work item whose turn it is.
    #[inline(always)]
    fn match_up(&mut self, role: RoleIx) -> Option<(Waiting, u32)> {
        let pool = &mut self.world.pools[role.at()];
        let person = if self.world.order.unlimited { NOBODY } else { pool.free()? as u32 };
        loop {
            let waiting = pool.line.pop()?;
            // Work that was withdrawn from the queue meanwhile is passed over.
            let item = self.slots[waiting.slot as usize].known.items.get(waiting.token.at());
            if item.is_some_and(|item| item.stamp == waiting.stamp) {
                return Some((waiting, person));
            }
        }
    }

    /// A person begins the work.
    #[inline]
    fn begin(&mut self, at: Timestamp, waiting: Waiting, person: u32) {
        let Slot { case, known } = &mut self.slots[waiting.slot as usize];
        self.world.count_for(known.side);
        let plan = &self.world.model.plan;
        self.world.beginning = person;
        let mut scene = Scene { world: &mut self.world, known };
        // It owns nothing that were to be put away.
        let command = ManuallyDrop::new(Command::Begin { token: waiting.token, person: PersonIx::NONE });
        let result = execute(plan, case, at, &command, &mut Evaluate, &mut scene);
        debug_assert!(result.is_ok(), "{command:?}: {result:?}");
        scene.begin(at, waiting.token, person);
    }

    fn finish(mut self) -> Outcome {
        // Whoever still waits now waits for people who never come.
        for Slot { case, known } in &self.slots {
            if case.status() == Status::Running && (known.pending > 0 || known.asleep) {
                self.world.count_for(known.side);
                self.world.case_over(case.reached(), known, case);
            }
        }
        let mut counted = self.world.close().into_iter();
        let totals = counted.next().unwrap_or_default();
        let World { series, means, story, explanation, .. } = self.world;
        let batches = means.iter().flat_map(|batches| batches.batches());
        let batches = batches.map(|(early, late)| late.means_since(early)).collect();
        Outcome { totals, others: counted.collect(), batches, series, story, explanation }
    }
}

/// Looks at the cases whose turn is near. Those that have rested for long are far off in memory: so they are fetched side
/// by side, and not each when its turn has come.
#[inline(never)]
fn fetch<'e>(slots: &[Slot], near: impl Iterator<Item = &'e Entry>) {
    let look = |entry: &Entry| {
        let Slot { case, known } = slots.get(entry.slot as usize)?;
        let token = TokenIx(entry.item() as u16);
        let item = known.items.get(token.at())?;
        let placed = case.token(token)?;
        Some(
            u64::from(item.stamp ^ known.pending ^ placed.visit)
                ^ known.customer.key
                ^ case.started().as_micros() as u64,
        )
    };
    black_box(near.filter_map(look).fold(0, |all, one| all ^ one));
}

/// Has the kernel carry out a command where it is known of which kind it is; says whether it was accepted.
#[inline(always)]
fn carry<'a>(
    world: &mut World<'a>,
    between: &mut Option<Between>,
    Slot { case, known }: &mut Slot<'a>,
    at: Timestamp,
    command: &Command,
) -> bool {
    world.count_for(known.side);
    let plan = &world.model.plan;
    let mut scene = Scene { world, known };
    match between {
        None => execute(plan, case, at, command, &mut Evaluate, &mut scene).is_ok(),
        Some(between) => between.execute(scene, case, at, command),
    }
}

/// Whether what an entry announces is still to happen.
#[inline]
fn is_expected(slots: &[Slot], entry: &Entry) -> bool {
    entry.class() == Class::Availability || slots[entry.slot as usize].known.expects(entry)
}
