//! What all cases of a replication share: time, people, what happens next, and what is counted.

use grieta_core::calendar::Calendar;
use grieta_core::kernel::{Case, Event, Status, WaitsFor};
use grieta_core::{CrackIx, RoleIx, StepIx, Timestamp, TokenIx};

use super::batches::Batches;
use super::item::{Item, Known, State};
use super::presence::Missing;
use super::{FIRST_BATCH, MOST_VISITS, Order};
use crate::analyses::lost::Lost;
use crate::crew::Crew;
use crate::generate::Recorder;
use crate::journal::Journal;
use crate::line::Waiting;
use crate::littles_law::{Balance, Balances, Census};
use crate::model::{Model, RoleModel};
use crate::people::{Pool, Set};
use crate::queue::Queue;
use crate::statistics::{self, Series};
use crate::totals::{DeadEnd, DeadEndTotals, RoleTotals, Snapshot, Totals};
use crate::warm_up::Cut;

/// The person who does the work when there is always somebody free.
pub(super) const NOBODY: u32 = u32::MAX;

/// The step of whoever has not begun any.
const NO_PLACE: usize = usize::MAX;

/// With which cases a case is counted: those of one process have a ledger of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side(pub u16);

impl Side {
    /// With those that count; of several processes, those of the first.
    pub const COUNTED: Side = Side(0);
    /// With those that met a process which was still filling. Where it is cut off, there is only one process.
    pub const LEFT_OUT: Side = Side(1);
}

/// What is counted for the cases of one side, while those of another are carried on.
struct Ledger<'a> {
    model: &'a Model,
    totals: Totals,
}

/// Everything but the cases themselves.
pub(super) struct World<'a> {
    /// The process of the case that is being carried on. The people are the same in all of them.
    pub model: &'a Model,
    /// When the run begins.
    pub start: Timestamp,
    pub order: Order<'a>,
    pub queue: Queue,
    pub pools: Vec<Pool>,
    /// Who is not there, and why, by role and person.
    pub missing: Vec<Vec<Missing>>,
    /// The step that each person began last, as a [place](Model::place), where people are not all alike.
    pub did: Vec<usize>,
    /// Work that has come to a role where it is taken by rank, and has none yet.
    pub coming: Vec<Waiting>,
    /// Cases that are done together.
    pub batches: Batches,
    /// Cracks to report as soon as the command under way is done.
    pub at_once: Vec<(TokenIx, CrackIx)>,
    /// What is counted for the cases of one side: of the case that is being carried on.
    pub totals: Totals,
    /// By side; what lies in the place of the one that is being counted means nothing.
    ledgers: Vec<Ledger<'a>>,
    /// Whose totals are in `totals`.
    side: Side,
    /// How many cases have arrived.
    pub arrived: u64,
    /// How long each case took that arrived, in the order of arrival.
    pub series: Series,
    /// Since when cases count.
    counted_from: Timestamp,
    /// Work and presence of the people of each role before any case counted.
    before: Vec<(u128, u128)>,
    pub means: Option<statistics::Batches<Snapshot>>,
    pub recorder: Option<&'a mut Recorder>,
    /// Takes down all that happens, where that is wanted.
    pub journal: Option<Journal<'a>>,
    /// Who begins the work that the kernel is told to be begun.
    pub beginning: u32,
    pub story: Vec<(Timestamp, Event)>,
    pub explanation: Vec<String>,
    /// When the last case was over.
    over: Timestamp,
    stamp: u32,
    /// Roles that may have both somebody free and something to do: whatever adds the one looks for the other.
    dirty: Set,
}

impl<'a> World<'a> {
    /// The world of one process, or of several that share their people.
    pub fn new(models: &'a [Model], order: Order<'a>, recorder: Option<&'a mut Recorder>) -> World<'a> {
        let model = &models[0];
        let start = models.iter().map(|model| model.start).min().unwrap_or(model.start);
        let pool = |role: &RoleModel| Pool::new(role, order.unlimited, start);
        let ledger = |model| Ledger { model, totals: Totals::new(model) };
        let left_out = (order.cut != Cut::None).then_some(model);
        let mut ledgers: Vec<Ledger> = models.iter().chain(left_out).map(ledger).collect();
        let side = if left_out.is_some() { Side::LEFT_OUT } else { Side::COUNTED };
        let totals = std::mem::take(&mut ledgers[usize::from(side.0)].totals);
        World {
            model,
            start,
            order,
            queue: Queue::default(),
            pools: model.roles.iter().map(pool).collect(),
            did: vec![NO_PLACE; model.crew.as_ref().map_or(0, Crew::len)],
            missing: model.roles.iter().map(|role| vec![Missing::default(); role.people]).collect(),
            coming: Vec::new(),
            batches: Batches::new(models),
            at_once: Vec::new(),
            ledgers,
            side,
            arrived: 0,
            series: Series::new(),
            counted_from: start,
            before: vec![(0, 0); model.roles.len()],
            means: order.batches.then(|| statistics::Batches::new(FIRST_BATCH, totals.snapshot())),
            totals,
            recorder,
            journal: None,
            beginning: NOBODY,
            story: Vec::new(),
            explanation: Vec::new(),
            over: start,
            stamp: 0,
            dirty: Set::none(model.roles.len()),
        }
    }

    /// A stamp that nothing else has; never 0.
    #[inline]
    pub fn next_stamp(&mut self) -> u32 {
        self.stamp = self.stamp.wrapping_add(1).max(1);
        self.stamp
    }

    /// From now on is counted for a case of this side.
    #[inline(always)]
    pub fn count_for(&mut self, side: Side) {
        if self.side != side {
            self.change_sides(side);
        }
    }

    #[cold]
    fn change_sides(&mut self, side: Side) {
        let (before, after) = (usize::from(self.side.0), usize::from(side.0));
        std::mem::swap(&mut self.totals, &mut self.ledgers[before].totals);
        std::mem::swap(&mut self.totals, &mut self.ledgers[after].totals);
        self.model = self.ledgers[after].model;
        self.side = side;
    }

    /// The process of the cases of a side.
    pub fn model_of(&self, side: Side) -> &'a Model {
        self.ledgers[usize::from(side.0)].model
    }

    /// The side of the cases of a process; `None` where it is not simulated.
    pub fn side_of(&self, process: &str) -> Option<Side> {
        let is_it = |ledger: &Ledger| ledger.model.plan.definition().process == process;
        self.ledgers.iter().position(is_it).map(|at| Side(at as u16))
    }

    /// Whether there are several processes.
    pub fn is_network(&self) -> bool {
        self.counted().len() > 1
    }

    /// The sides whose cases count: one for each process.
    fn counted(&self) -> std::ops::Range<u16> {
        if self.order.cut == Cut::None { 0..self.ledgers.len() as u16 } else { 0..1 }
    }

    /// With which cases one that begins now is counted.
    pub fn side(&self) -> Side {
        self.side
    }

    /// A case arrives: does it count? With the first that does, presence begins to count, too.
    #[inline]
    pub fn warm(&mut self, position: u64, at: Timestamp) {
        if self.order.cut != Cut::None {
            self.still_fills(position, at);
        }
    }

    fn still_fills(&mut self, position: u64, at: Timestamp) {
        if self.order.cut.leaves_out(position, at) {
            return self.count_for(Side::LEFT_OUT);
        }
        self.count_for(Side::COUNTED);
        if self.totals.arrived == 0 && position > 0 {
            self.counted_from = at;
            for (pool, before) in self.pools.iter_mut().zip(&mut self.before) {
                pool.count(at);
                *before = pool.counted();
            }
        }
    }

    /// Notes that the people of a role may find something to do.
    #[inline]
    pub fn soil(&mut self, role: RoleIx) {
        self.dirty.insert(role.at());
    }

    /// What happens in one role may let the people of another do what they were not to do.
    pub fn soil_all(&mut self) {
        (0..self.pools.len()).for_each(|role| _ = self.dirty.insert(role));
    }

    /// Whether the people of any role may find something to do.
    #[inline]
    pub fn is_dirty(&self) -> bool {
        !self.dirty.is_empty()
    }

    /// A role whose people may find something to do.
    #[inline]
    pub fn next_dirty(&mut self) -> Option<RoleIx> {
        let role = self.dirty.first()?;
        self.dirty.remove(role);
        Some(RoleIx(role as u16))
    }

    /// A person has no longer anything in hand; says to which department they belong.
    #[inline(always)]
    pub fn hand_back(&mut self, at: Timestamp, role: RoleIx, person: u32, work: (u32, TokenIx)) -> u16 {
        let pool = &mut self.pools[role.at()];
        let unit = pool.unit;
        if person != NOBODY {
            if pool.together && self.batches.goes_on(pool, role, person, work) {
                return unit;
            }
            pool.release(at, person as usize);
            let shared = pool.shared;
            if !pool.line.is_empty() {
                self.dirty.insert(role.at());
            }
            if shared {
                self.settle_elsewhere(role, person);
            }
        }
        unit
    }

    /// How much of the work is still to be done, in microseconds.
    pub fn left(&self, at: Timestamp, item: &Item) -> i64 {
        let calendar = match item.state {
            State::Suspended(_) | State::LaidAside => return item.left,
            State::Held(seat) => self.pools[item.role.at()].calendar_of(seat as usize),
            _ => self.model.steps[item.step.at()].calendar.as_ref(),
        };
        match calendar {
            Some(calendar) => calendar.open_between(at, item.due).as_micros(),
            None => (item.due - at).as_micros(),
        }
    }

    /// A case is over, or nothing will ever carry it on.
    #[inline(always)]
    pub fn case_over(&mut self, at: Timestamp, known: &Known, case: &Case) {
        self.totals.cases.leave(at);
        self.over = self.over.max(at);
        match case.status() {
            Status::Completed if known.customer.is_arrival => {
                self.totals.completed += 1;
                let took = case.reached().micros_since(case.started());
                self.totals.cycle.add(took);
                self.series.add(known.customer.position, took);
            }
            Status::Completed => {
                self.totals.completed += 1;
                self.note_stay(at, case);
            }
            Status::Cancelled => {
                let counter = if known.endless { &mut self.totals.stuck } else { &mut self.totals.cancelled };
                *counter += 1;
                self.note_stay(at, case);
            }
            _ => {
                self.totals.stuck += 1;
                self.note_stay(at, case);
                self.forget_items(known);
                self.note_dead_ends(known, case);
            }
        }
        if let Some(calendar) = &self.model.closely {
            self.note_closely(known, case, calendar);
        }
        for (struck, spared) in known.marks.iter().zip(&mut self.totals.spared) {
            if !struck && known.customer.is_arrival {
                spared.add(known.waited);
            }
        }
        if known.is_told && self.journal.is_none() {
            self.explanation.extend(case.explain(&self.model.plan).iter().map(ToString::to_string));
        }
        let ended = self.totals.ended();
        if let Some(means) = &mut self.means
            && self.side == Side::COUNTED
            && means.due(ended)
        {
            means.push(ended, self.totals.snapshot());
        }
    }

    /// Notes how long a case stayed that is in no cycle time.
    fn note_stay(&mut self, at: Timestamp, case: &Case) {
        self.totals.stayed += u128::from(at.micros_since(case.started()));
    }

    /// What a case that never ends still waits for does not count as waiting, and what was begun in it is never done.
    fn forget_items(&mut self, known: &Known) {
        for item in &known.items {
            if item.waits_in_line() {
                self.pools[item.role.at()].census.forget(item.since);
            }
            if let State::Suspended(_) | State::LaidAside = item.state {
                self.totals.roles[item.role.at()].undone += item.left.min(item.work) as u128;
            }
        }
    }

    /// Notes how long a case took that arrived, by the end it came to, or that it got stuck.
    #[inline(never)]
    fn note_closely(&mut self, known: &Known, case: &Case, calendar: &Calendar) {
        let closely = &mut self.totals.closely;
        let over = match case.status() {
            _ if !known.customer.is_arrival => return,
            Status::Completed => case.reached(),
            Status::Cancelled if !known.endless => return,
            _ => return closely.stuck += 1,
        };
        let business = calendar.open_between(case.started(), over).as_micros() as u64;
        closely.cycle.add(business);
        for (step, [elapsed_here, business_here]) in closely.ends.iter_mut().enumerate() {
            if self.model.plan.is_end(StepIx(step as u16)) && known.has_begun(step) {
                elapsed_here.add((over - case.started()).as_micros() as u64);
                business_here.add(business);
            }
        }
    }

    /// Notes where a case got stuck, and why.
    pub fn note_dead_ends(&mut self, known: &Known, case: &Case) {
        let here = DeadEndTotals { cases: 1, replication: self.order.replication, case: known.customer.ordinal };
        let mut rows: Vec<DeadEnd> = Vec::new();
        for ((token, _), waiting) in case.tokens().zip(case.explain(&self.model.plan)) {
            // Whoever waits for what goes on inside is held up by that, which has a row of its own: a crack that stops it
            // would have made it an incident.
            if waiting.waits_for == WaitsFor::Inside {
                continue;
            }
            let waits_for = match (&waiting.unanswered, known.endless) {
                (_, true) => format!("an end: it came here more than {MOST_VISITS} times and goes round and round"),
                (Some(crack), _) if !matches!(waiting.waits_for, WaitsFor::Resolution(_)) => {
                    format!("{}; crack `{crack}` struck and has no response", waiting.waits_for)
                }
                _ => waiting.waits_for.to_string(),
            };
            let why = if known.endless { Lost::GoesRound } else { Lost::why(&waiting, case.incident(token)) };
            rows.push(DeadEnd { step: waiting.step, waits_for, why });
        }
        if let Some(why) = rows.iter().map(|row| row.why).min() {
            self.totals.lost[why as usize] += 1;
        }
        rows.sort();
        rows.dedup();
        for row in rows {
            self.totals.dead_ends.entry(row).and_modify(|totals| totals.cases += 1).or_insert(here);
        }
    }

    /// Notes how much the people were there while cases arrived.
    pub fn note_presence(&mut self, at: Timestamp) {
        self.pools.iter_mut().for_each(|pool| pool.count(at));
        for side in self.counted() {
            self.count_for(Side(side));
            self.totals.arriving = at.micros_since(self.counted_from).into();
            for ((pool, totals), before) in self.pools.iter().zip(&mut self.totals.roles).zip(&self.before) {
                totals.available_while_arriving = pool.counted().1 - before.1;
            }
        }
    }

    /// Completes the totals when nothing more will happen, and gives those that count: one for each process.
    pub fn close(&mut self) -> Vec<Totals> {
        let left_out = self.order.cut != Cut::None;
        for side in self.counted() {
            self.count_for(Side(side));
            for ((pool, totals), before) in self.pools.iter().zip(&mut self.totals.roles).zip(&self.before) {
                let (busy, available) = pool.counted();
                (totals.busy, totals.available) = (busy - before.0, available - before.1);
            }
        }
        self.count_for(Side::COUNTED);
        self.totals.left_out = if left_out { self.ledgers[1].totals.arrived } else { 0 };
        std::mem::swap(&mut self.totals, &mut self.ledgers[0].totals);
        self.share_loads();
        let balances = self.balances();
        debug_assert!(balances.hold(), "Little's law is broken: {balances:?}");
        let counted = usize::from(self.counted().end);
        let totals = self.ledgers.iter_mut().take(counted).map(|ledger| std::mem::take(&mut ledger.totals));
        totals.map(|totals| Totals { balances: balances.clone(), ..totals }).collect()
    }

    /// How much work of a role there is, whoever's process brings it.
    pub(super) fn demand(&self, role: usize) -> u128 {
        self.counted().map(|side| self.ledgers[usize::from(side)].totals.roles[role].demand).sum()
    }

    /// What is counted of a role, by process.
    pub(super) fn of_role(&mut self, role: usize) -> impl Iterator<Item = &mut RoleTotals> {
        let counted = usize::from(self.counted().end);
        self.ledgers.iter_mut().take(counted).map(move |ledger| &mut ledger.totals.roles[role])
    }

    /// Both sides of Little's law, of all cases, whether they count or not.
    fn balances(&self) -> Balances {
        let sides = || self.ledgers.iter().map(|ledger| &ledger.totals);
        let role = |(index, pool): (usize, &Pool)| {
            let of_role = || sides().map(move |totals| &totals.roles[index]);
            let (begun, done) =
                (of_role().map(|role| role.begun).sum(), of_role().map(|role| role.demand - role.undone));
            let at_work = match self.order.unlimited {
                true => Balance::default(),
                false => Balance::at_work(pool.counted().0, begun, done.sum()),
            };
            [Balance::of(&pool.census, pool.waited), at_work]
        };
        let stays = |totals: &Totals| totals.cycle.moments.sum() + totals.stayed;
        Balances {
            micros: (self.over - self.start).as_micros().max(0) as u128,
            process: Balance::of(&Census::joined(sides().map(|totals| &totals.cases)), sides().map(stays).sum()),
            roles: self.pools.iter().enumerate().map(role).collect(),
        }
    }
}
