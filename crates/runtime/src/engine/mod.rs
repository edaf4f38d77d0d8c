//! An engine that keeps its cases in memory: how it is set up, and how time, people and messages move it.

mod look;
mod work;

use std::sync::Arc;

use grieta_core::diagnostic::nearest;
use grieta_core::kernel::{Case, Command, Evaluate, Event, Phase, Status, Token, execute};
use grieta_core::world::{CaseId, Delivery, Directory, DirectoryError, ItemId, Message};
use grieta_core::{Duration, FlowIx, PersonIx, Plan, Process, RoleIx, StepIx, Timestamp, TokenIx};

use crate::cases::{Entry, Key};
use crate::drive::{self, World};
use crate::{CaseView, Clock, Data, EngineError, Failure, ManualClock, Reply, WorkItem};

/// How many timers may fall due at the very time at which they were set.
const MOST_AT_ONCE: usize = 100_000;

/// Carries out cases and keeps them in memory.
///
/// Every verb does what follows from it, in other cases too, and returns. An error changes nothing.
///
/// ```
/// use grieta_core::Process;
/// use grieta_runtime::{Engine, data};
///
/// let process = Process::read("sales.yaml", b"
/// process: sales
/// version: 1.0.0
/// start: score
/// roles: { sdr: { people: [ana] } }
/// data: { size: { type: integer, required: true }, fit: { type: integer } }
/// steps:
///   score: { service: {}, writes: [fit], next: call }
///   call:  { human: sdr, outcomes: { reached: won, no-answer: call } }
///   won:   { end: {} }
/// ")?;
/// let mut desk = Engine::in_memory()
///     .person("ana", ["sdr"])
///     .service("score", |case| Ok(data! { fit: case.integer("size")? / 10 }))
///     .deploy(process)?;
/// let case = desk.start("sales", "lead-4711", data! { size: 40 })?;
/// let item = desk.worklist("ana")?.first().ok_or("no work")?.id();
/// desk.claim(item, "ana")?;
/// assert_eq!(desk.explain(case)?.lines()[0], "`call` waits for ana (`sdr`) to begin, since 1970-01-01T00:00:00Z");
/// desk.complete(item, "reached", data! {})?;
/// assert!(desk.is_over(case)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Engine {
    world: World,
    clock: Box<dyn Clock>,
    /// People who found no room; said when a process is deployed.
    crowded: Option<DirectoryError>,
}

impl Engine {
    /// An engine without processes, people and services, at the beginning of 1970. Its time is what
    /// [`Engine::advance_to`] says, unless it gets a [clock](Engine::clock).
    pub fn in_memory() -> Engine {
        Engine { world: World::default(), clock: Box::new(ManualClock::default()), crowded: None }
    }

    /// The same with a clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Engine {
        self.clock = Box::new(clock);
        self.tick();
        self
    }

    /// The same with a person who has these roles. The people whom a process names are there once it is deployed.
    #[must_use]
    pub fn person<'a>(mut self, name: &str, roles: impl IntoIterator<Item = &'a str>) -> Engine {
        let added = self.add_person(name, roles);
        if let (None, Err(EngineError::Directory(error))) = (&self.crowded, added) {
            self.crowded = Some(error);
        }
        self
    }

    /// The same with a service: what is done wherever a `service` step asks for that handler. Without one, the step waits
    /// to be completed like any other.
    #[must_use]
    pub fn service<R: Into<Reply>>(
        mut self,
        handler: &str,
        answer: impl FnMut(&CaseView<'_>) -> Result<R, Failure> + Send + 'static,
    ) -> Engine {
        self.add_service(handler, answer);
        self
    }

    /// Adds a service, as [`Engine::service`] does, to an engine that is at work, or puts another in its place.
    pub fn add_service<R: Into<Reply>>(
        &mut self,
        handler: &str,
        mut answer: impl FnMut(&CaseView<'_>) -> Result<R, Failure> + Send + 'static,
    ) {
        let answer = move |case: &CaseView<'_>| answer(case).map(Into::into);
        self.world.services.insert(handler.to_owned(), Box::new(answer));
    }

    /// Takes a service away: steps that ask for it wait to be completed like any other.
    pub fn remove_service(&mut self, handler: &str) {
        self.world.services.remove(handler);
    }

    /// The same with a process. Deployed again, a process begins its new cases with the new definition; those under way
    /// keep theirs.
    ///
    /// # Errors
    /// When the process is too large to be compiled, or there is no room for its people or those given before.
    pub fn deploy(mut self, process: impl Into<Arc<Process>>) -> Result<Engine, EngineError> {
        if let Some(error) = self.crowded.take() {
            return Err(error.into());
        }
        self.add_process(process)?;
        Ok(self)
    }

    /// Adds a process, as [`Engine::deploy`] does, to an engine that is at work.
    ///
    /// # Errors
    /// When the process is too large to be compiled, or there is no room for its people.
    pub fn add_process(&mut self, process: impl Into<Arc<Process>>) -> Result<(), EngineError> {
        self.add_plan(Arc::new(Plan::new(process.into()).map_err(EngineError::Process)?))
    }

    /// The same for a process that has been compiled already, which many engines may share.
    ///
    /// # Errors
    /// When there is no room for its people.
    pub fn add_plan(&mut self, plan: Arc<Plan>) -> Result<(), EngineError> {
        let mut people = self.people().clone();
        for (role, declared) in &plan.definition().roles {
            for name in declared.people.names() {
                people.add(name, [role.as_str()])?;
            }
        }
        people.add_skills(plan.definition());
        *self.world.work.people_mut() = people;
        for (role, declared) in &plan.definition().roles {
            for (person, deputy) in &declared.deputies {
                let people = self.world.work.people();
                if let (Some(person), Some(deputy)) = (people.find(person), people.find(deputy)) {
                    self.world.work.set_deputy(person, deputy);
                }
            }
            self.world.work.look_again(role);
        }
        self.world.plans.insert(plan.definition().process.clone(), plan);
        self.world.settle();
        Ok(())
    }

    /// Adds a person, or gives one who is there these roles too.
    ///
    /// # Errors
    /// When there is no room for them.
    pub fn add_person<'a>(&mut self, name: &str, roles: impl IntoIterator<Item = &'a str>) -> Result<(), EngineError> {
        let roles: Vec<&str> = roles.into_iter().collect();
        self.world.work.people_mut().add(name, roles.iter().copied())?;
        roles.into_iter().for_each(|role| self.world.work.look_again(role));
        self.world.settle();
        Ok(())
    }

    /// The people there are: the names behind the numbers of a history.
    pub fn people(&self) -> &Directory {
        self.world.work.people()
    }

    /// The time as far as the engine has come.
    pub fn now(&self) -> Timestamp {
        self.world.now
    }

    /// Starts a case. `key` is what the business calls it; while a case of that process and key is open, that one is
    /// given, and nothing is started.
    ///
    /// # Errors
    /// When there is no such process or field, a value does not fit, or a required field is missing.
    pub fn start(&mut self, process: &str, key: &str, data: Data) -> Result<CaseId, EngineError> {
        self.catch_up()?;
        let plan = self.world.plans.get(process).cloned();
        let plan = plan.ok_or_else(|| unknown("process", process, self.world.plans.keys()))?;
        if let Some(open) = self.world.store.find(process, key) {
            return Ok(open);
        }
        let data = drive::fields(&plan, &data)?;
        let id = self.world.start(plan, Key::given(key), data, None)?;
        self.world.settle();
        Ok(id)
    }

    /// A message from outside, and what became of it.
    ///
    /// # Errors
    /// When timers that were due before go round and round.
    pub fn message(&mut self, message: Message) -> Result<Delivery, EngineError> {
        self.catch_up()?;
        let delivery = self.world.traffic.message(self.world.now, &message);
        self.world.settle();
        Ok(delivery)
    }

    /// A person falls away, with whatever they have.
    ///
    /// # Errors
    /// When nobody is called so.
    pub fn leaves(&mut self, person: &str) -> Result<(), EngineError> {
        self.set_away(person, true)
    }

    /// A person is back.
    ///
    /// # Errors
    /// When nobody is called so.
    pub fn returns(&mut self, person: &str) -> Result<(), EngineError> {
        self.set_away(person, false)
    }

    /// Whoever stands in for a person while they are away, from now on.
    ///
    /// # Errors
    /// When nobody has one of the names.
    pub fn deputy(&mut self, person: &str, deputy: &str) -> Result<(), EngineError> {
        let (person, deputy) = (self.world.work.person(person)?, self.world.work.person(deputy)?);
        self.catch_up()?;
        self.world.work.set_deputy(person, deputy);
        self.world.settle();
        Ok(())
    }

    /// When the next timer falls due; `None` when none is set.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.world.store.timers.next().map(|(due, ..)| due)
    }

    /// Lets time pass up to there: every timer that falls due fires, in order.
    ///
    /// # Errors
    /// When it is later already, or timers fall due again and again at one and the same time.
    pub fn advance_to(&mut self, time: impl Into<Timestamp>) -> Result<(), EngineError> {
        let to = time.into();
        if to < self.world.now {
            return Err(EngineError::Backwards { to, now: self.world.now });
        }
        self.fire(to, true)?;
        self.world.now = to;
        self.world.settle();
        Ok(())
    }

    /// Lets so much time pass.
    ///
    /// # Errors
    /// As [`Engine::advance_to`].
    pub fn advance(&mut self, span: Duration) -> Result<(), EngineError> {
        self.advance_to(self.world.now + span)
    }

    /// Forgets the cases that are over, and their histories; says how many there were.
    pub fn forget_closed(&mut self) -> usize {
        let over = |(_, entry): &(CaseId, &Entry)| entry.case.status() != Status::Running;
        let closed: Vec<CaseId> = self.world.store.iter().filter(over).map(|(id, _)| id).collect();
        closed.iter().for_each(|case| self.world.store.remove(*case));
        closed.len()
    }

    /// What could not be done and belongs to no case any more, such as a hand-over to a process that is not there, with
    /// the time; at most the latest thousand.
    pub fn notes(&self) -> impl Iterator<Item = (Timestamp, &str)> {
        self.world.notes.iter().map(|(at, note)| (*at, note.as_str()))
    }

    fn set_away(&mut self, person: &str, away: bool) -> Result<(), EngineError> {
        let person = self.world.work.person(person)?;
        self.catch_up()?;
        self.world.work.set_away(person, away);
        self.world.settle();
        Ok(())
    }

    /// Carries out commands of one case, all of them or none.
    fn carry_out(&mut self, case: CaseId, commands: &[Command]) -> Result<(), EngineError> {
        self.entry(case)?;
        self.catch_up()?;
        if commands.len() > 1 {
            self.rehearse(case, commands)?;
        }
        for command in commands {
            self.world.execute(case, command)?;
        }
        self.world.settle();
        Ok(())
    }

    /// Whether a case would accept these commands, one after the other.
    fn rehearse(&self, case: CaseId, commands: &[Command]) -> Result<(), EngineError> {
        let entry = self.entry(case)?;
        let mut copy = entry.case.clone();
        let mut nobody = |_: &Case, _: Timestamp, _: &Event| {};
        for command in commands {
            execute(&entry.plan, &mut copy, self.world.now, command, &mut Evaluate, &mut nobody)?;
        }
        Ok(())
    }

    /// Looks at the clock, and fires what fell due before.
    fn catch_up(&mut self) -> Result<(), EngineError> {
        let now = self.clock.now().max(self.world.now);
        self.fire(now, false)?;
        self.world.now = now;
        self.world.settle();
        Ok(())
    }

    fn tick(&mut self) {
        self.world.now = self.world.now.max(self.clock.now());
    }

    /// Fires every timer that falls due before that time, or then if `inclusive`.
    fn fire(&mut self, to: Timestamp, inclusive: bool) -> Result<(), EngineError> {
        let mut left = MOST_AT_ONCE + self.world.store.timers.len();
        while let Some((due, case, timer)) = self.world.store.timers.next() {
            if due > to || (due == to && !inclusive) {
                break;
            }
            // All that are set may be due now; what is more was set meanwhile.
            left = if due <= self.world.now { left } else { MOST_AT_ONCE + self.world.store.timers.len() };
            left = left.checked_sub(1).ok_or(EngineError::Endless { case, at: due })?;
            self.world.now = due.max(self.world.now);
            self.world.execute(case, &Command::TimerDue { timer })?;
            self.world.settle();
        }
        Ok(())
    }

    fn entry(&self, case: CaseId) -> Result<&Entry, EngineError> {
        self.world.store.get(case).ok_or(EngineError::NoSuchCase(case))
    }

    fn token(&self, item: ItemId) -> Result<Token, EngineError> {
        let token = self.world.store.get(item.case).and_then(|entry| entry.case.token(item.token));
        let stands = |token: &&Token| ItemId::of(item.case, item.token, token) == item;
        token.filter(stands).copied().ok_or(EngineError::NoSuchItem(item))
    }

    /// The token of an item, once all that fell due has happened.
    fn current(&mut self, item: ItemId) -> Result<TokenIx, EngineError> {
        self.catch_up()?;
        self.token(item).map(|_| item.token)
    }

    fn for_person(&mut self, item: ItemId, person: &str) -> Result<(TokenIx, PersonIx), EngineError> {
        let token = self.current(item)?;
        let person = self.world.work.person(person)?;
        if self.token(item)?.role != RoleIx::NONE {
            self.world.work.check(item, person)?;
        }
        Ok((token, person))
    }

    /// The command that begins work which somebody has and has not begun, if there is need for one.
    fn begun(&self, item: ItemId) -> Result<Vec<Command>, EngineError> {
        let token = self.token(item)?;
        match token.phase {
            Phase::Created | Phase::Offered => Err(EngineError::Unclaimed { step: self.item(item)?.step }),
            Phase::Allocated => Ok(vec![Command::Begin { token: item.token, person: token.person }]),
            _ => Ok(Vec::new()),
        }
    }

    /// Whether a crack of that name at the step of an item is a failure of its work.
    fn is_failure(&self, item: ItemId, crack: &str) -> bool {
        use grieta_core::definition::Trigger;
        let declared = |entry: &Entry| {
            let step = entry.case.token(item.token)?.step;
            Some(entry.plan.declared_cracks(step)?.get(crack)?.on)
        };
        let on = self.world.store.get(item.case).and_then(declared);
        matches!(on, Some(Trigger::Failure | Trigger::Constraint))
    }

    fn outcome(&self, item: ItemId, outcome: Option<&str>) -> Result<Option<FlowIx>, EngineError> {
        let Some(name) = outcome else { return Ok(None) };
        let plan = &self.entry(item.case)?.plan;
        let step = self.token(item)?.step;
        let names = plan.step_definition(step).into_iter().flat_map(|step| step.outcomes.keys());
        plan.outcome(step, Some(name)).map(Some).ok_or_else(|| unknown("outcome", name, names))
    }

    fn step(&self, case: CaseId, step: &str) -> Result<StepIx, EngineError> {
        let plan = &self.entry(case)?.plan;
        plan.step(step).ok_or_else(|| unknown("step", step, plan.definition().steps.keys()))
    }

    fn shown(&self, id: ItemId) -> Option<WorkItem> {
        let entry = self.world.store.get(id.case)?;
        let token = entry.case.token(id.token).filter(|token| ItemId::of(id.case, id.token, token) == id)?;
        let step = entry.plan.step_definition(token.step);
        let holder = self.world.work.people().name(token.person);
        Some(WorkItem {
            id,
            process: entry.plan.definition().process.clone(),
            key: entry.key.text().to_owned(),
            step: entry.plan.step_name(token.step).to_owned(),
            title: step.and_then(|step| step.name.clone()),
            role: token.role.some().map(|role| entry.plan.role_name(role).to_owned()),
            needs: entry.plan.needs(token.step).to_vec(),
            holder: (token.phase.is_with_person() && !holder.is_empty()).then(|| holder.to_owned()),
            phase: token.phase,
            since: token.since,
            outcomes: step.into_iter().flat_map(|step| step.outcomes.keys().cloned()).collect(),
        })
    }
}

/// Nothing has that name.
pub(crate) fn unknown<'a>(what: &'static str, name: &str, known: impl IntoIterator<Item = &'a String>) -> EngineError {
    let known: Vec<String> = known.into_iter().cloned().collect();
    let suggestion = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    EngineError::Unknown { what, name: name.to_owned(), suggestion, known }
}
