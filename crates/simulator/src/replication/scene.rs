//! One case among all others: what its events mean for the people, for what happens next, and for what is counted.

use grieta_core::calendar::Calendar;
use grieta_core::kernel::{Case, Event, Phase, Sink};
use grieta_core::{CrackIx, Duration, RoleIx, StepIx, TimerIx, Timestamp, TokenIx};

use super::item::{Item, Known, State};
use super::waits::{count_begun, is_handed_over};
use super::world::{NOBODY, World};
use crate::analyses::hand_offs::NO_UNIT;
use crate::causes::Cause;
use crate::line::{Line, Turn, Waiting};
use crate::model::StepModel;
use crate::queue::{Class, Entry};

/// The world, and the case in it that is being carried on. It sees the events of that case.
pub(super) struct Scene<'s, 'w> {
    pub world: &'s mut World<'w>,
    pub known: &'s mut Known<'w>,
}

impl Sink for Scene<'_, '_> {
    /// What happens all the time is handled where it happens; the rest is kept out of the kernel's way.
    #[inline(always)]
    fn event(&mut self, case: &Case, at: Timestamp, event: &Event) {
        match event {
            Event::TokenPlaced { token, step, phase, role, .. } => self.placed(case, at, *token, *step, *phase, *role),
            Event::WorkStarted { token, .. } => self.started(case, at, *token),
            Event::WorkCompleted { token, outcome } => {
                self.world.totals.events += 1;
                self.world.totals.closely.left_by(*outcome);
                self.release(at, *token, true);
            }
            Event::TokenConsumed { token } | Event::TokenWithdrawn { token } => self.leave(at, *token),
            Event::CaseStarted { .. } | Event::CaseCompleted | Event::DataSet { .. } => {}
            other => self.rare_event(case, at, other),
        }
        // Last, so that nothing stands between the making of an event and the branch that is meant for it.
        if self.known.is_told {
            self.tell(case, at, event);
        }
    }
}

impl Scene<'_, '_> {
    /// What happens seldom.
    #[inline(never)]
    fn rare_event(&mut self, case: &Case, at: Timestamp, event: &Event) {
        match event {
            Event::TimerArmed { timer, due, .. } => self.set_timer(*timer, *due),
            Event::TimerFired { timer } => {
                self.known.timers[timer.at()] = 0;
                self.known.pending -= 1;
            }
            Event::TimerWithdrawn { timer } => {
                self.known.timers[timer.at()] = 0;
                self.overtake();
            }
            Event::WorkSkipped { token, outcome } => {
                self.world.totals.closely.left_by(*outcome);
                self.withdraw(at, *token);
            }
            Event::WorkFailed { token } => self.withdraw(at, *token),
            Event::WorkDelayed { token, crack } => {
                self.withdraw(at, *token);
                self.wait(at, *token, State::Delayed(*crack));
            }
            Event::WorkReallocated { token, role } | Event::WorkOffered { token, role } => {
                let item = &self.known.items[token.at()];
                if item.role == *role && self.stays_silent(*token) {
                    return self.tried_again(case, *token);
                }
                // Whoever has waited so far goes on waiting, for others.
                let waits = matches!(
                    item.state,
                    State::Queued | State::LaidAside | State::Silent(_) | State::Waits(Cause::Batching)
                );
                let since = if waits { item.offered } else { at };
                self.withdraw(at, *token);
                self.tried_again(case, *token);
                self.known.items[token.at()].role = *role;
                self.enqueue(at, since, *token, Room::Asked);
            }
            Event::WorkRepeated { token, phase: Phase::Started } => {
                self.tried_again(case, *token);
                self.begin_anew(case, at, *token);
            }
            Event::WorkRepeated { token, phase } => {
                self.tried_again(case, *token);
                let step = self.known.items[token.at()].step;
                self.ask(at, *token, &self.world.model.steps[step.at()], *phase);
            }
            Event::StepGated { token, phase: Phase::Gated } | Event::CompensationBegan { token, .. } => {
                self.withdraw(at, *token);
            }
            Event::StepGated { token, phase } => {
                let step = self.known.items[token.at()].step;
                self.begin_asking(at, *token, step, *phase);
            }
            Event::CrackStruck { token, crack, answered, .. } => self.struck(at, *token, *crack, *answered),
            Event::IncidentRaised { token, .. } => self.withdraw(at, *token),
            Event::ClockStarted { clock, .. } => self.world.totals.clocks[clock.at()].started += 1,
            Event::ClockBreached { run } => {
                if let Some(clock) = case.clock(*run) {
                    self.world.totals.clocks[clock.clock.at()].run_out += 1;
                }
            }
            Event::ClockStopped { run, used, done: true } => {
                if let Some(clock) = case.clock(*run) {
                    self.world.totals.clocks[clock.clock.at()].used.add(used.as_micros().unsigned_abs());
                }
            }
            _ => {}
        }
    }

    /// The work is offered again, or to others. A case that does so without end is taken out.
    fn tried_again(&mut self, case: &Case, token: TokenIx) {
        let attempt = case.token(token).map_or(0, |item| item.attempt);
        self.known.items[token.at()].attempt = attempt;
        self.known.endless |= u32::from(attempt) > super::MOST_VISITS;
    }

    /// Whether nobody of the role acts, and the crack that means so has not been answered.
    fn stays_silent(&self, token: TokenIx) -> bool {
        let silent = self.known.items.get(token.at()).is_some_and(|item| matches!(item.state, State::Silent(_)));
        silent && !self.known.woken.contains(&token)
    }

    /// A crack that meant that nobody acts has been answered, and the work is still there: somebody acts now.
    pub fn wake(&mut self, case: &Case, at: Timestamp) {
        while let Some(token) = self.known.woken.pop() {
            let silent = self.known.items.get(token.at()).is_some_and(|item| matches!(item.state, State::Silent(_)));
            match case.token(token).map(|item| item.phase).filter(|_| silent) {
                Some(Phase::Offered | Phase::Created) => {
                    self.enqueue(at, self.known.items[token.at()].offered, token, Room::Made);
                }
                Some(Phase::Requested | Phase::Waiting) => self.send_away(at, token),
                _ => {}
            }
        }
    }

    /// A token has come to a step.
    #[inline(always)]
    fn placed(&mut self, case: &Case, at: Timestamp, token: TokenIx, step: StepIx, phase: Phase, role: RoleIx) {
        let visit = case.token(token).map_or(0, |placed| placed.visit);
        let totals = &mut self.world.totals.steps[step.at()];
        totals.visits += 1;
        if visit == 1 {
            totals.cases += 1;
        }
        if !matches!(phase, Phase::Created | Phase::Offered | Phase::Gated) {
            self.begun(case, at, step);
        }
        self.leave(at, token);
        let from = self.known.unit;
        self.known.put(token, || Item { step, visit, role, from, offered: at, ..Item::IDLE });
        self.known.endless |= visit > super::MOST_VISITS;
        self.begin_asking(at, token, step, phase);
    }

    /// Asks the world to act where it is its turn, and draws what happens outside meanwhile.
    #[inline(always)]
    fn begin_asking(&mut self, at: Timestamp, token: TokenIx, step: StepIx, phase: Phase) {
        if matches!(phase, Phase::Created | Phase::Offered | Phase::Requested | Phase::Waiting) {
            let step = &self.world.model.steps[step.at()];
            self.expect_from_outside(at, token, step);
            self.ask(at, token, step, phase);
        } else if phase == Phase::Receiving {
            self.wait(at, token, State::Waits(Cause::External));
        } else if phase == Phase::Pausing {
            self.wait(at, token, State::Waits(Cause::Timer));
        }
    }

    /// Somebody has begun the work.
    #[inline(always)]
    fn started(&mut self, case: &Case, at: Timestamp, token: TokenIx) {
        let step = self.known.items[token.at()].step;
        self.begun(case, at, step);
    }

    /// A step begins, perhaps for the first time in the case.
    #[inline(always)]
    fn begun(&mut self, case: &Case, at: Timestamp, step: StepIx) {
        if !self.known.begins_first(step) {
            return;
        }
        self.world.totals.steps[step.at()].until_begun.add(at.micros_since(case.started()));
        if !self.world.model.stretches.is_empty() {
            self.measure_stretches(at, step);
        }
    }

    #[inline(never)]
    fn measure_stretches(&mut self, at: Timestamp, step: StepIx) {
        for (index, (from, to)) in self.world.model.stretches.iter().enumerate() {
            if let (true, Some(began)) = (step == *to, self.known.stretches[index]) {
                self.world.totals.stretches[index].add(at.micros_since(began));
            }
            if step == *from {
                self.known.stretches[index] = Some(at);
            }
        }
    }

    fn struck(&mut self, at: Timestamp, token: TokenIx, crack: CrackIx, answered: bool) {
        let totals = &mut self.world.totals.cracks[crack.at()];
        totals.struck += 1;
        totals.answered += u64::from(answered);
        // Whatever else is answered, that nobody acts means something else.
        if answered && self.known.items.get(token.at()).is_some_and(|item| item.state == State::Silent(crack)) {
            self.known.woken.push(token);
        }
        let trouble = self.known.trouble(token);
        // What holds the case up is counted from the first strike of a visit.
        if trouble.struck.is_none() {
            trouble.struck = Some((crack, at));
            totals.visits += 1;
        }
    }

    /// Asks the world to act: a person, a system or an outside party. It may stay silent.
    #[inline(always)]
    fn ask(&mut self, at: Timestamp, token: TokenIx, step: &StepModel, phase: Phase) {
        if self.world.recorder.is_some() {
            self.record_answers(token, step);
        }
        if let Some(crack) = self.known.drawn_crack(&step.silent, token) {
            self.wait(at, token, State::Silent(crack.crack));
            if crack.at_once {
                self.world.at_once.push((token, crack.crack));
            }
        } else if matches!(phase, Phase::Created | Phase::Offered) {
            match step.batch.is_some() {
                true => self.gather(at, token),
                false => self.enqueue(at, at, token, Room::Asked),
            }
        } else if step.batch.is_some() {
            self.gather(at, token);
        } else {
            self.send_away(at, token);
        }
    }

    #[cold]
    fn record_answers(&mut self, token: TokenIx, step: &StepModel) {
        if let Some(recorder) = &mut self.world.recorder {
            let (customer, item) = (&self.known.customer, &self.known.items[token.at()]);
            recorder.answer(&self.world.model.plan, customer.ordinal, &customer.answers(step, item));
        }
    }

    /// Puts a work item into the queue of its role, in which it may have been offered before.
    #[inline(always)]
    pub(super) fn enqueue(&mut self, at: Timestamp, offered: Timestamp, token: TokenIx, room: Room) {
        let item = &self.known.items[token.at()];
        let limited = room == Room::Asked && self.world.pools[item.role.at()].queue.room.is_some();
        if (limited || item.state != State::Idle) && !self.may_enqueue(at, token, limited) {
            return;
        }
        let stamp = self.world.next_stamp();
        self.known.pending += 1;
        let item = &mut self.known.items[token.at()];
        (item.state, item.stamp, item.offered, item.since) = (State::Queued, stamp, offered, at);
        item.from = self.known.unit;
        let pool = &mut self.world.pools[item.role.at()];
        item.unattended = pool.unattended_until(at);
        pool.census.enter(at);
        let waiting = Waiting { slot: self.known.slot, token, stamp };
        match &mut pool.line {
            Line::FirstCome(line) => line.push_back(waiting),
            Line::Ranked(line) => {
                // Its rank depends on what else the command under way does.
                item.number = line.next_number();
                self.world.coming.push(waiting);
            }
        }
        if pool.has_free() || pool.queue.interrupts || self.world.order.unlimited {
            self.world.soil(item.role);
        }
    }

    /// Whether there is room for a work item, where that is limited; what it waited for until then is over.
    #[inline(never)]
    fn may_enqueue(&mut self, at: Timestamp, token: TokenIx, limited: bool) -> bool {
        if limited && self.finds_no_room(at, token) {
            return false;
        }
        self.end_wait(at, token);
        true
    }

    /// Where a queue is full, the crack for that is to strike; work that has none waits all the same.
    fn finds_no_room(&mut self, at: Timestamp, token: TokenIx) -> bool {
        let item = &self.known.items[token.at()];
        let full = !self.world.order.unlimited && self.world.pools[item.role.at()].is_full();
        let Some(crack) = self.world.model.plan.crack_when_full(item.step).filter(|_| full) else { return false };
        self.wait(at, token, State::Silent(crack));
        self.world.at_once.push((token, crack));
        true
    }

    /// Whoever does the work does something else first: it waits again, and goes on later where it was left.
    pub fn lay_aside(&mut self, at: Timestamp, turn: Turn, token: TokenIx, person: u32) {
        let stamp = self.world.next_stamp();
        self.end_wait(at, token);
        let item = &mut self.known.items[token.at()];
        let left = self.world.left(at, item);
        let pool = &mut self.world.pools[item.role.at()];
        (item.state, item.stamp, item.left, item.since) = (State::LaidAside, stamp, left, at);
        item.unattended = pool.unattended_until(at);
        pool.census.enter(at);
        if let Some(line) = pool.line.ranked() {
            line.push(turn, Waiting { slot: self.known.slot, token, stamp });
        }
        let role = item.role;
        self.world.hand_back(at, role, person, (self.known.slot, token));
        // What was pending in the hands of a person is now pending in the queue.
        self.world.queue.overtaken();
    }

    /// Lets a system or an outside party take its time.
    pub(super) fn send_away(&mut self, at: Timestamp, token: TokenIx) {
        let stamp = self.world.next_stamp();
        self.end_wait(at, token);
        let item = &mut self.known.items[token.at()];
        let step = &self.world.model.steps[item.step.at()];
        let work = self.known.customer.duration(step, item);
        let due = after(at, work, step.calendar.as_ref());
        (item.state, item.stamp, item.work, item.due, item.since) = (State::Away, stamp, work, due, at);
        self.schedule(due, Class::Completion, token.0, stamp);
    }

    /// The same, where it is known when it answers.
    pub(super) fn send_until(&mut self, at: Timestamp, token: TokenIx, work: i64, due: Timestamp) {
        let stamp = self.world.next_stamp();
        self.end_wait(at, token);
        let item = &mut self.known.items[token.at()];
        (item.state, item.stamp, item.work, item.due, item.since) = (State::Away, stamp, work, due, at);
        self.schedule(due, Class::Completion, token.0, stamp);
    }

    /// Work that is taken by rank is begun, perhaps before other work; says whether it had been laid aside.
    #[inline(never)]
    fn leave_line(&mut self, at: Timestamp, token: TokenIx) -> bool {
        self.end_wait(at, token);
        let item = &mut self.known.items[token.at()];
        self.world.pools[item.role.at()].note_begun(item.number, at);
        std::mem::replace(&mut item.state, State::Idle) == State::LaidAside
    }

    /// A person begins the work, or goes on with what was laid aside.
    #[inline(always)]
    pub fn begin(&mut self, at: Timestamp, token: TokenIx, person: u32) {
        let stamp = self.world.next_stamp();
        if !self.known.troubles.is_empty() {
            self.end_patience(token);
        }
        let ranked = self.known.items[token.at()].number != 0;
        let laid_aside = ranked && self.leave_line(at, token);
        let model = self.world.model;
        let item = &self.known.items[token.at()];
        let (step, role) = (item.step.at(), item.role);
        let mut work = match laid_aside {
            true => item.left,
            false => self.known.customer.duration(&model.steps[step], item),
        };
        if let Some(crew) = model.crew.as_ref().filter(|_| person != NOBODY) {
            work = self.paced(crew, token, person, work);
        }
        let Known { items, customer, slot, waited: waited_so_far, handed, .. } = &mut *self.known;
        let World { pools, totals, queue, .. } = &mut *self.world;
        let item = &mut items[token.at()];
        let pool = &mut pools[role.at()];
        let due = after(at, work, pool.calendar_of(person as usize));
        let (from, unit) = (item.from, pool.unit);
        if item.state == State::Queued {
            let (waited, unattended) = (at.micros_since(item.since), pool.unattended_until(at) - item.unattended);
            pool.note_waited(at, waited);
            totals.steps[step].end_queueing(waited, unattended);
            if is_handed_over(from, unit) {
                let waited = [(Cause::Unavailability, unattended), (Cause::Contention, waited - unattended)];
                totals.hand_offs.waited(from, unit, &waited);
            }
        }
        if person != NOBODY {
            pool.take(at, person as usize, *slot, token);
        }
        (item.state, item.stamp, item.due, item.since) = (State::Held(person), stamp, due, at);
        if !laid_aside {
            item.work = work;
            let waited = count_begun(totals, model, at, item);
            *waited_so_far += waited;
            if is_handed_over(from, unit) {
                let back = std::mem::replace(handed, (from, unit)) == (unit, from);
                totals.hand_offs.taken_over(from, unit, waited, back);
            }
        }
        // What was pending in the queue of the role is pending here instead.
        queue.push(Entry::new(due, Class::Completion, customer.ordinal, u32::from(token.0), *slot, stamp));
        if pool.shared && person != NOBODY {
            self.world.settle_elsewhere(role, person);
        }
    }

    /// Whoever does the work begins it anew; if they are away, as soon as they are back. Where it was taken out of their
    /// hands because something had to be undone, it waits for somebody to take it up.
    fn begin_anew(&mut self, case: &Case, at: Timestamp, token: TokenIx) {
        let Some(item) = self.known.items.get(token.at()).copied() else { return };
        let (State::Held(person) | State::Suspended(person)) = item.state else {
            self.withdraw(at, token);
            self.known.items[token.at()].role = case.token(token).map_or(item.role, |item| item.role);
            return self.enqueue(at, at, token, Room::Made);
        };
        self.withdraw(at, token);
        if person != NOBODY && self.world.pools[item.role.at()].work_of(person as usize).is_some() {
            // The others with which it was done together go on.
            return self.enqueue(at, at, token, Room::Made);
        }
        let again = &mut self.known.items[token.at()];
        (again.offered, again.from) = (at, self.known.unit);
        self.known.pending += 1;
        self.begin(at, token, person);
        if let Some(line) = self.world.pools[item.role.at()].line.ranked() {
            line.hold_anew(person as usize);
        }
        if item.state == State::Suspended(person) {
            self.suspend(at, token, person);
        }
    }

    /// Takes a work item out of whatever hands it is in. `done` says that all its work was done.
    #[inline(always)]
    fn release(&mut self, at: Timestamp, token: TokenIx, done: bool) {
        let Some(item) = self.known.items.get_mut(token.at()) else { return };
        if let (State::Held(person), true, 0) = (item.state, done, item.stamp) {
            item.state = State::Idle;
            let step = &mut self.world.totals.steps[item.step.at()];
            step.touch.add(item.work as u64);
            step.in_hand += u128::from(at.micros_since(item.since));
            return self.hand_back(at, token, person);
        }
        self.take_away(at, token, done);
    }

    /// A person has no longer that work in hand; their department had it last.
    #[inline(always)]
    fn hand_back(&mut self, at: Timestamp, token: TokenIx, person: u32) {
        let work = (self.known.slot, token);
        let unit = self.world.hand_back(at, self.known.items[token.at()].role, person, work);
        if unit != NO_UNIT {
            self.known.unit = unit;
        }
    }

    /// The same, whoever has it.
    fn take_away(&mut self, at: Timestamp, token: TokenIx, done: bool) {
        self.end_wait(at, token);
        let item = &mut self.known.items[token.at()];
        let (state, stamp, work) = (item.state, item.stamp, item.work);
        if matches!(state, State::Idle | State::Silent(_) | State::Queued | State::Delayed(_) | State::Waits(_)) {
            (item.state, item.stamp) = (State::Idle, 0);
            self.known.pending -= u32::from(matches!(state, State::Queued | State::Waits(Cause::Batching)));
            return;
        }
        let left = if done { 0 } else { self.undone(at, token) };
        let item = &mut self.known.items[token.at()];
        self.world.totals.steps[item.step.at()].touch.add((work - left).max(0) as u64);
        if let State::Held(person) | State::Suspended(person) = state {
            // What nobody will do any more is no demand.
            self.world.totals.roles[item.role.at()].demand -= left as u128;
            self.hand_back(at, token, person);
        }
        let item = &mut self.known.items[token.at()];
        if state == State::LaidAside {
            self.world.totals.roles[item.role.at()].demand -= left as u128;
        }
        (item.state, item.stamp) = (State::Idle, 0);
        if let State::Suspended(_) | State::LaidAside = state {
            self.known.pending -= 1;
        } else if stamp != 0 {
            self.overtake();
        }
    }

    /// The token leaves its step, wherever it goes.
    #[inline(always)]
    fn leave(&mut self, at: Timestamp, token: TokenIx) {
        if !self.known.troubles.is_empty() {
            self.end_trouble(at, token);
        }
        if self.known.items.get(token.at()).is_some_and(|item| item.state != State::Idle) {
            self.withdraw(at, token);
        }
    }

    #[inline(never)]
    fn end_trouble(&mut self, at: Timestamp, token: TokenIx) {
        let Some(trouble) = self.known.end_trouble(token) else { return };
        if let Some((crack, struck)) = trouble.struck {
            self.world.totals.cracks[crack.at()].held.add(at.micros_since(struck));
        }
        for _ in trouble.outside {
            self.overtake();
        }
    }

    /// Takes a work item that is not done out of whatever hands it is in.
    #[inline(never)]
    fn withdraw(&mut self, at: Timestamp, token: TokenIx) {
        self.release(at, token, false);
    }

    /// The person who has the work in hand falls away: it rests, and stays pending, until they return.
    pub fn suspend(&mut self, at: Timestamp, token: TokenIx, person: u32) {
        let item = &mut self.known.items[token.at()];
        let left = self.world.left(at, item);
        (item.state, item.stamp, item.left) = (State::Suspended(person), 0, left);
        if self.known.is_told {
            self.tell_rest(at, token, person, false);
        }
        self.known.pending += 1;
        self.overtake();
    }

    /// The person who had the work in hand is back.
    pub fn resume(&mut self, at: Timestamp, token: TokenIx, person: u32) {
        let stamp = self.world.next_stamp();
        let item = &mut self.known.items[token.at()];
        let due = after(at, item.left, self.world.pools[item.role.at()].calendar_of(person as usize));
        (item.state, item.stamp, item.due) = (State::Held(person), stamp, due);
        if self.known.is_told {
            self.tell_rest(at, token, person, true);
        }
        self.known.pending -= 1;
        self.schedule(due, Class::Completion, token.0, stamp);
    }

    fn set_timer(&mut self, timer: TimerIx, due: Timestamp) {
        let stamp = self.world.next_stamp();
        if self.known.timers.len() <= timer.at() {
            self.known.timers.resize(timer.at() + 1, 0);
        }
        self.known.timers[timer.at()] = stamp;
        self.schedule(due, Class::Timer, timer.0, stamp);
    }

    #[inline(always)]
    pub(super) fn schedule(&mut self, at: Timestamp, class: Class, item: u16, stamp: u32) {
        self.known.pending += 1;
        let entry = Entry::new(at, class, self.known.customer.ordinal, u32::from(item), self.known.slot, stamp);
        self.world.queue.push(entry);
    }

    /// Notes that an entry of the case will not happen.
    #[inline]
    pub(super) fn overtake(&mut self) {
        self.known.pending -= 1;
        self.world.queue.overtaken();
    }
}

/// Whether work that comes to a queue needs room there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// It waits only where there is some.
    Asked,
    /// It waits there in any case.
    Made,
}

/// When so much time will have passed, on a calendar if there is one.
#[inline]
pub(super) fn after(at: Timestamp, micros: i64, calendar: Option<&Calendar>) -> Timestamp {
    match calendar {
        Some(calendar) => calendar.add(at, Duration::from_micros(micros)),
        None => at + Duration::from_micros(micros),
    }
}
