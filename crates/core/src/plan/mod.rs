//! A process compiled to dense indices: what the kernel reads while it works.

mod clocks;
mod compile;
mod joins;
mod queues;
mod staff;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use clocks::Clock;
pub(crate) use joins::LiveJoin;
pub use queues::Rank;
pub(crate) use staff::Staff;

use chrono::NaiveTime;
use indexmap::IndexMap;

use crate::calendar::Calendar;
use crate::decision::Table;
use crate::definition::{self, Definition, Held, JoinRule, Late, Recovery, Step, Trigger};
use crate::diagnostic::Problems;
use crate::expression::Compiled;
use crate::graph::LinkKind;
use crate::index::{ClockIx, CrackIx, FieldIx, FlowIx, PersonIx, RoleIx, StepIx};
use crate::kernel::{Case, Event, Phase};
use crate::process::Process;
use crate::time::{Date, Duration, Timestamp};
use crate::value::{Bounds, Value};
use crate::world::Directory;
use compile::Compiler;

/// The lock of a step that has none.
pub(crate) const NO_LOCK: u16 = u16::MAX;

/// A process compiled for the kernel.
#[derive(Debug)]
pub struct Plan {
    process: Arc<Process>,
    /// Where a case begins.
    pub(crate) start: StepIx,
    /// The process as a step that contains all others, where it has cracks of its own.
    whole: Option<Step>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) cracks: Vec<Crack>,
    pub(crate) sets: Vec<Set>,
    pub(crate) instances: Vec<Multiple>,
    pub(crate) days: Vec<Day>,
    pub(crate) clocks: Vec<Clock>,
    pub(crate) tables: Vec<Table>,
    /// By role, what has priority.
    priorities: Box<[Option<Compiled>]>,
    /// Joins of the rule `live`, with what can still come to each of their inputs.
    pub(crate) live_joins: Vec<LiveJoin>,
    /// Joins that withdraw whoever is late, with the steps from which one can come, in the order of the steps.
    withdrawing: Vec<(StepIx, Box<[bool]>)>,
    /// Whether any step has a lock or needs a milestone.
    pub(crate) gated: bool,
    /// Whether any step contains others, or lets them race.
    pub(crate) nested: bool,
    /// Who there is, where a rule makes a difference between people.
    pub(crate) staff: Option<Staff>,
    /// Whether any crack rolls data back.
    pub(crate) rolls_back: bool,
    /// Whether the beginning of work can let something else move: a gate, a race, a join of what can still come.
    pub(crate) watchful: bool,
    pub(crate) initial: Arc<[Value]>,
    /// The event with which every case begins.
    pub(crate) begins: Event,
    /// By field, between which values it lies.
    pub(crate) bounds: Box<[Bounds]>,
    pub(crate) required: Vec<FieldIx>,
    calendars: Vec<Calendar>,
    flow_ids: Vec<String>,
}

/// A step, compiled.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub action: Action,
    /// What a token does here as soon as it has come, and the role it turns to.
    pub rest: (Phase, RoleIx),
    pub flows: Run,
    /// The flow that is taken where there is no choice; none where the outcome decides.
    pub only: FlowIx,
    pub cracks: Run,
    pub sets: Run,
    /// Whether something has to happen before a token goes on.
    pub takes_time: bool,
    /// True when some crack may need a timer.
    pub timed: bool,
    pub writes: Box<[FieldIx]>,
    /// The number of its lock, or [`NO_LOCK`].
    pub lock: u16,
    /// The step at which the case must be while this one waits to be begun.
    pub only_while: StepIx,
    /// Whether another step can be begun only while the case is at this one.
    pub milestone: bool,
    pub again: Option<Box<Repeat>>,
    /// Where the path begins that undoes it.
    pub undo: StepIx,
    /// The step that contains it.
    pub inside: StepIx,
    /// What a message, call or hand-over brings, in the order of its `with`.
    pub with: Box<[Compiled]>,
    /// The field by which a message is known.
    pub key: FieldIx,
    /// Whether it hands over to another process at its end.
    pub hands_over: bool,
    /// How long a message is kept.
    keep: Option<Delay>,
    /// Steps that nobody may do who did this one.
    pub other_eyes: Box<[StepIx]>,
    /// The steps it cancels.
    pub region: Box<[StepIx]>,
}

impl Node {
    fn watches(&self) -> bool {
        let by_nature = matches!(self.action, Action::Race | Action::Join { rule: JoinRule::Live, .. });
        by_nature || self.is_gated()
    }

    /// Whether a lock or a milestone may keep it from beginning.
    fn is_gated(&self) -> bool {
        self.lock != NO_LOCK || self.only_while != StepIx::NONE
    }
}

/// Whether a step is done again, compiled.
#[derive(Debug, Clone)]
pub(crate) enum Repeat {
    While(Compiled),
    Until(Compiled),
}

/// A `for-each` step, compiled.
#[derive(Debug, Clone)]
pub(crate) struct Multiple {
    pub times: Compiled,
    pub one_by_one: bool,
    pub growing: bool,
    pub enough: Option<Compiled>,
    pub rest: Late,
}

/// A day that a step waits for, compiled.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub date: Compiled,
    /// The position of the calendar in whose zone it begins, or `u16::MAX` for UTC.
    calendar: u16,
}

/// What happens at a node.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Action {
    Human {
        role: RoleIx,
        /// Whoever claims it gets it; otherwise somebody is chosen.
        offered: bool,
    },
    Service,
    Wait,
    Pause(Delay),
    /// Waits for the day of that number.
    Until(u16),
    Assign,
    /// By the table of that number.
    Decide(u16),
    Choose,
    Some,
    Fork,
    Race,
    /// Brings tokens together; so many inputs lead to it.
    Join {
        inputs: u16,
        rule: JoinRule,
    },
    Subprocess {
        start: StepIx,
    },
    ForEach {
        start: StepIx,
        spec: u16,
    },
    Cancel,
    Receive,
    Send,
    Call,
    End {
        terminate: bool,
    },
}

/// A way on.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    pub from: StepIx,
    pub to: StepIx,
    pub kind: LinkKind,
    /// Which input of a join it feeds: all exclusive ways on from one step feed the same.
    pub input: u16,
    pub guard: Option<Compiled>,
    pub sets: Run,
}

/// A crack, compiled.
#[derive(Debug, Clone)]
pub(crate) struct Crack {
    pub on: Trigger,
    pub interrupts: bool,
    /// When it strikes by itself.
    pub strikes: Option<Strikes>,
    pub when: Option<Compiled>,
    /// It strikes where a queue has no room.
    pub when_full: bool,
    pub response: Answer,
    pub recover: Recovery,
    pub then: FlowIx,
}

/// When a crack strikes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strikes {
    /// That long after the step was reached.
    After(Delay),
    /// When that clock has run so far.
    At(ClockIx, Duration),
}

/// A response, compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    None,
    Retry {
        after: Option<Delay>,
        at_most: u32,
        /// How many times as long as before the next wait is.
        backoff: u32,
    },
    Restart,
    /// To the role, or to its own when there is none.
    Reoffer(RoleIx),
    Reallocate(RoleIx),
    Skip(FlowIx),
    Fail,
    CancelCase,
    CancelAll,
    Continue,
}

/// A field that is set, and to what.
#[derive(Debug, Clone)]
pub(crate) struct Set {
    pub field: FieldIx,
    pub value: Compiled,
}

/// A fixed length of time, elapsed or on one of the plan's calendars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delay {
    amount: Duration,
    /// The position of the calendar, or `u16::MAX` for elapsed time.
    calendar: u16,
}

impl Delay {
    /// The delay before a try that comes after so many others.
    pub fn grown(self, backoff: u32, tries: u32) -> Delay {
        let factor = i64::from(backoff).saturating_pow(tries);
        Delay { amount: Duration::from_micros(self.amount.as_micros().saturating_mul(factor)), ..self }
    }
}

/// Neighbouring entries of a table.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Run {
    first: u16,
    end: u16,
}

impl Run {
    #[inline]
    pub fn range(self) -> Range<usize> {
        self.first as usize..self.end as usize
    }

    #[inline]
    pub fn indices(self) -> Range<u16> {
        self.first..self.end
    }

    #[inline]
    pub fn is_empty(self) -> bool {
        self.first == self.end
    }

    fn since(first: usize, end: usize) -> Run {
        Run { first: first as u16, end: end as u16 }
    }
}

impl Plan {
    /// Compiles a process.
    ///
    /// # Errors
    /// A problem of code `too-large` when the indices do not suffice; the checks of a process make sure that they do.
    pub fn new(process: Arc<Process>) -> Result<Plan, Problems> {
        Compiler::new(process).compile()
    }

    /// The process that was compiled.
    pub fn process(&self) -> &Arc<Process> {
        &self.process
    }

    /// The definition that was compiled.
    pub fn definition(&self) -> &Definition {
        self.process.definition()
    }

    /// How many cracks there are: those of all steps, and then those of the process itself.
    pub fn crack_count(&self) -> usize {
        self.cracks.len()
    }

    /// How many steps there are, without the process itself.
    pub fn step_count(&self) -> usize {
        self.definition().steps.len()
    }

    /// The process itself as a step that contains all others; only a process with cracks of its own is one.
    pub fn root(&self) -> Option<StepIx> {
        self.whole.as_ref().map(|_| StepIx(self.step_count() as u16))
    }

    /// The name of a step, or of the process.
    pub fn step_name(&self, step: StepIx) -> &str {
        match self.definition().steps.get_index(step.at()) {
            Some((name, _)) => name,
            None if self.root() == Some(step) => &self.definition().process,
            None => "",
        }
    }

    /// The step of that name, or the process itself where it is one.
    pub fn step(&self, name: &str) -> Option<StepIx> {
        let step = self.definition().steps.get_index_of(name).map(|index| StepIx(index as u16));
        step.or_else(|| self.root().filter(|_| name == self.definition().process))
    }

    /// A step as it was defined; the process itself as a step that contains all others.
    pub fn step_definition(&self, step: StepIx) -> Option<&Step> {
        let declared = self.definition().steps.get_index(step.at()).map(|(_, definition)| definition);
        declared.or_else(|| self.whole.as_ref().filter(|_| self.root() == Some(step)))
    }

    /// The cracks of a step, or of the process itself, as they were defined.
    pub fn declared_cracks(&self, step: StepIx) -> Option<&IndexMap<String, definition::Crack>> {
        self.step_definition(step).map(|step| &step.cracks)
    }

    /// The name of a role.
    pub fn role_name(&self, role: RoleIx) -> &str {
        self.definition().roles.get_index(role.at()).map_or("", |(name, _)| name)
    }

    /// The name of a field.
    pub fn field_name(&self, field: FieldIx) -> &str {
        self.definition().data.get_index(field.at()).map_or("", |(name, _)| name)
    }

    /// A field as it was defined.
    pub(crate) fn declared(&self, field: FieldIx) -> Option<&definition::Field> {
        self.definition().data.get_index(field.at()).map(|(_, declared)| declared)
    }

    /// The plainest value that a field may hold.
    pub fn plainest(&self, field: FieldIx) -> Value {
        self.declared(field).map_or(Value::Absent, Value::plainest)
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<FieldIx> {
        self.definition().data.get_index_of(name).map(|index| FieldIx(index as u16))
    }

    /// The stable identifier of a flow: `step/outcome`, `step#n` or `step!crack`.
    pub fn flow_id(&self, flow: FlowIx) -> &str {
        self.flow_ids.get(flow.at()).map_or("", String::as_str)
    }

    /// How many flows there are.
    pub fn flow_count(&self) -> usize {
        self.flow_ids.len()
    }

    /// The flow of that identifier.
    pub fn flow(&self, id: &str) -> Option<FlowIx> {
        let position = self.flow_ids.iter().position(|known| known == id);
        position.filter(|_| !id.is_empty()).map(|position| FlowIx(position as u16))
    }

    /// The plain flows that lead on from a step: its outcomes, branches or successors.
    pub fn ways_on(&self, step: StepIx) -> impl Iterator<Item = FlowIx> + use<> {
        self.nodes.get(step.at()).map_or(0..0, |node| node.flows.indices()).map(FlowIx)
    }

    /// The fields that the completion of a step brings.
    pub fn writes(&self, step: StepIx) -> &[FieldIx] {
        self.nodes.get(step.at()).map_or(&[], |node| &node.writes)
    }

    /// Whether a path ends at a step: that of the case, or of what goes on inside another step.
    pub fn is_end(&self, step: StepIx) -> bool {
        self.nodes.get(step.at()).is_some_and(|node| matches!(node.action, Action::End { .. }))
    }

    /// The value of each field before a case has begun.
    pub fn initial(&self) -> &Arc<[Value]> {
        &self.initial
    }

    /// The step at which a case begins; the process itself where that is a step.
    pub fn start(&self) -> StepIx {
        self.start
    }

    /// The step to which a crack leads.
    pub fn leads_to(&self, crack: CrackIx) -> Option<StepIx> {
        let then = self.cracks.get(crack.at())?.then.some()?;
        self.flows.get(then.at()).map(|flow| flow.to)
    }

    /// Whether a crack stops the step it strikes.
    pub fn interrupts(&self, crack: CrackIx) -> bool {
        self.cracks.get(crack.at()).is_some_and(|crack| crack.interrupts)
    }

    /// Whether a case ends at a step, rather than what goes on inside another step.
    pub fn ends_case(&self, step: StepIx) -> bool {
        let end = |node: &&Node| matches!(node.action, Action::End { .. }) && node.inside == StepIx::NONE;
        self.nodes.get(step.at()).filter(end).is_some()
    }

    /// The name of the choice that a flow leads on from, if it is one of its branches.
    pub fn chosen_at(&self, flow: FlowIx) -> Option<&str> {
        let flow = self.flows.get(flow.at())?;
        matches!(flow.kind, LinkKind::Branch | LinkKind::Otherwise).then(|| self.step_name(flow.from))
    }

    /// The flow of an outcome, or of the only successor when the step has no outcomes and `outcome` is `None`.
    pub fn outcome(&self, step: StepIx, outcome: Option<&str>) -> Option<FlowIx> {
        let definition = self.step_definition(step)?;
        let position = match outcome {
            Some(name) => definition.outcomes.get_index_of(name)?,
            None if definition.outcomes.is_empty() && definition.next.is_some() => 0,
            None => return None,
        };
        Some(FlowIx(self.nodes[step.at()].flows.first + position as u16))
    }

    /// The crack of that name at a step.
    pub fn crack(&self, step: StepIx, crack: &str) -> Option<CrackIx> {
        let position = self.declared_cracks(step)?.get_index_of(crack)?;
        Some(CrackIx(self.nodes[step.at()].cracks.first + position as u16))
    }

    /// The name of a crack of a step.
    pub fn crack_name(&self, step: StepIx, crack: CrackIx) -> &str {
        let first = self.nodes.get(step.at()).map_or(0, |node| node.cracks.first);
        let position = crack.0.checked_sub(first).map(usize::from);
        let named = position.and_then(|position| self.declared_cracks(step)?.get_index(position));
        named.map_or("", |(name, _)| name)
    }

    /// The step that has a crack.
    pub fn cracked(&self, crack: CrackIx) -> Option<StepIx> {
        let step = self.nodes.iter().position(|node| node.cracks.range().contains(&crack.at()))?;
        u16::try_from(step).ok().map(StepIx)
    }

    /// The point in time that lies that far ahead.
    pub(crate) fn due(&self, at: Timestamp, delay: Delay) -> Timestamp {
        match self.calendars.get(delay.calendar as usize) {
            Some(calendar) => calendar.add(at, delay.amount),
            None => at + delay.amount,
        }
    }

    /// The first instant of that date, as the calendar of a day counts.
    pub(crate) fn begins(&self, day: &Day, date: Date) -> Timestamp {
        let midnight = date.to_chrono().and_time(NaiveTime::MIN);
        match self.calendars.get(day.calendar as usize) {
            Some(calendar) => calendar.local_to_utc(midnight),
            None => Timestamp::from(midnight.and_utc()),
        }
    }

    /// How much time lies between two points, counted as a delay is.
    pub(crate) fn elapsed(&self, from: Timestamp, until: Timestamp, like: Delay) -> Duration {
        match self.calendars.get(like.calendar as usize) {
            Some(calendar) => calendar.open_between(from, until),
            None => until - from,
        }
    }

    /// The standard triple of the response to a crack, such as `SRA-CWC-NIL`; what a step does that is no work counts as
    /// started.
    pub fn triple(&self, step: StepIx, crack: CrackIx, held: Option<Held>) -> Option<String> {
        let name = self.crack_name(step, crack);
        let declared = self.declared_cracks(step)?.get(name)?;
        Some(declared.triple(held.unwrap_or(Held::Started)))
    }

    /// Whether a rule of four eyes keeps a person from doing a step, because of what they did in the case before.
    pub fn is_for_other_eyes(&self, case: &Case, step: StepIx, person: PersonIx) -> bool {
        let node = self.nodes.get(step.at());
        node.is_some_and(|node| case.has_done(&node.other_eyes, person).is_some())
    }

    /// The skills that whoever does a step has.
    pub fn needs(&self, step: StepIx) -> &[String] {
        self.step_definition(step).map_or(&[], |step| step.kind.needs())
    }

    /// The step that contains this one.
    pub fn around(&self, step: StepIx) -> Option<StepIx> {
        self.nodes.get(step.at()).map(|node| node.inside).filter(|around| *around != StepIx::NONE)
    }

    /// The steps that nobody may do who did this one.
    pub fn other_eyes(&self, step: StepIx) -> &[StepIx] {
        self.nodes.get(step.at()).map_or(&[], |node| &node.other_eyes)
    }

    /// The people that the definition speaks of, as those who begin [`possible`](crate::kernel::possible) work; `None` where
    /// it makes no difference who does what.
    pub fn staff(&self) -> Option<&Directory> {
        self.staff.as_ref().map(Staff::directory)
    }

    /// The handler that a `service` step asks: the one it names, or that of its own name.
    pub fn handler(&self, step: StepIx) -> &str {
        match self.step_definition(step).map(|step| &step.kind) {
            Some(definition::Kind::Service { handler: Some(handler), .. }) => handler,
            _ => self.step_name(step),
        }
    }

    /// Whether the beginning of work can let something else move: a gate, a race, a join of what can still come.
    pub fn is_watchful(&self) -> bool {
        self.watchful
    }

    /// Whether a crack strikes only after some time.
    pub fn has_delay(&self, crack: CrackIx) -> bool {
        self.cracks.get(crack.at()).is_some_and(|crack| crack.strikes.is_some())
    }

    /// The value of a field as other cases understand it, which know nothing of our fields: a choice becomes a text.
    pub fn for_others(&self, field: FieldIx, value: &Value) -> Value {
        self.declared(field).map_or_else(|| value.clone(), |declared| value.told(declared))
    }

    /// The field of that name and the value that it holds when it is given this one by another case; `None` when there is
    /// no such field or it cannot hold the value.
    pub fn from_others(&self, field: &str, value: &Value) -> Option<(FieldIx, Value)> {
        let own = value.heard(self.definition().data.get(field)?)?;
        Some((self.field(field)?, own))
    }

    /// Until when the message that a step sends is kept where nobody waits for it; `None` when it is lost then.
    pub fn keeps_until(&self, step: StepIx, at: Timestamp) -> Option<Timestamp> {
        self.nodes.get(step.at())?.keep.map(|keep| self.due(at, keep))
    }

    /// For each step, whether plain flows lead from it to a join that withdraws whoever is late, without passing it.
    pub(crate) fn before(&self, join: StepIx) -> &[bool] {
        let found = self.withdrawing.binary_search_by_key(&join, |(join, _)| *join).ok();
        found.map_or(&[], |index| &self.withdrawing[index].1)
    }

    /// The flows that lead to a step, with the input they feed.
    pub(crate) fn inflows(&self, step: StepIx) -> impl Iterator<Item = &Flow> {
        self.flows.iter().filter(move |flow| flow.to == step)
    }
}
