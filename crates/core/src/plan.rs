//! A process compiled to dense indices: what the kernel reads while it works.

use std::ops::Range;
use std::sync::Arc;

use crate::calendar::Calendar;
use crate::definition::{
    Again, Definition, Expression, Field, ForEach, JoinRule, Kind, Late, Response, Span, Step, Trigger, Unit,
};
use crate::diagnostic::{Code, Path, Problem, Problems};
use crate::expression::Compiled;
use crate::graph::{self, LinkKind};
use crate::index::{CrackIx, FieldIx, FlowIx, RoleIx, StepIx};
use crate::process::Process;
use crate::time::{Duration, Timestamp};
use crate::value::Value;

/// A process compiled for the kernel.
#[derive(Debug)]
pub struct Plan {
    process: Arc<Process>,
    pub(crate) start: StepIx,
    pub(crate) nodes: Vec<Node>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) cracks: Vec<Crack>,
    pub(crate) sets: Vec<Set>,
    pub(crate) instances: Vec<Multiple>,
    /// Joins of the rule `live`, with what can still come to each of their inputs.
    pub(crate) live_joins: Vec<LiveJoin>,
    /// Joins that withdraw whoever is late, with the steps from which one can come, in the order of the steps.
    withdrawing: Vec<(StepIx, Box<[bool]>)>,
    /// For each lock or milestone: whether any step has one.
    pub(crate) gated: bool,
    /// Whether any step contains others, or lets them race.
    pub(crate) nested: bool,
    /// Whether the beginning of work can let something else move: a gate, a race, a join of what can still come.
    pub(crate) watchful: bool,
    pub(crate) initial: Arc<[Value]>,
    pub(crate) required: Vec<FieldIx>,
    calendars: Vec<Calendar>,
    flow_ids: Vec<String>,
}

/// A step, compiled.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub action: Action,
    pub flows: Run,
    pub cracks: Run,
    pub sets: Run,
    /// True when some crack may need a timer.
    pub timed: bool,
    pub writes: Box<[FieldIx]>,
    /// The number of its lock, or `u16::MAX`.
    pub lock: u16,
    /// The step at which the case must be while this one waits to be begun.
    pub only_while: StepIx,
    pub again: Option<Box<Repeat>>,
    /// The steps it cancels.
    pub region: Box<[StepIx]>,
}

impl Node {
    fn watches(&self) -> bool {
        let by_nature = matches!(self.action, Action::Race | Action::Join { rule: JoinRule::Live, .. });
        by_nature || self.lock != u16::MAX || self.only_while != StepIx::NONE
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

/// A join that waits for all that can still come.
#[derive(Debug, Clone)]
pub(crate) struct LiveJoin {
    pub step: StepIx,
    /// For each input, the steps from which a plain flow leads to it without passing the join.
    pub reach: Vec<Vec<bool>>,
}

/// What happens at a node.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Action {
    Human {
        role: RoleIx,
    },
    Service,
    Wait,
    Pause(Delay),
    Assign,
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
    pub after: Option<Delay>,
    pub when: Option<Compiled>,
    pub response: Answer,
    pub then: FlowIx,
}

/// A response, compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    None,
    Retry { after: Option<Delay>, at_most: u32 },
    Reallocate(RoleIx),
    Skip(FlowIx),
    Fail,
    CancelCase,
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

    /// How many cracks there are, at all steps together.
    pub fn crack_count(&self) -> usize {
        self.cracks.len()
    }

    /// How many steps there are.
    pub fn step_count(&self) -> usize {
        self.nodes.len()
    }

    /// The name of a step.
    pub fn step_name(&self, step: StepIx) -> &str {
        self.definition().steps.get_index(step.at()).map_or("", |(name, _)| name)
    }

    /// The step of that name.
    pub fn step(&self, name: &str) -> Option<StepIx> {
        self.definition().steps.get_index_of(name).map(|index| StepIx(index as u16))
    }

    /// A step as it was defined.
    pub fn step_definition(&self, step: StepIx) -> Option<&Step> {
        self.definition().steps.get_index(step.at()).map(|(_, definition)| definition)
    }

    /// The name of a role.
    pub fn role_name(&self, role: RoleIx) -> &str {
        self.definition().roles.get_index(role.at()).map_or("", |(name, _)| name)
    }

    /// The name of a field.
    pub fn field_name(&self, field: FieldIx) -> &str {
        self.definition().data.get_index(field.at()).map_or("", |(name, _)| name)
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<FieldIx> {
        self.definition().data.get_index_of(name).map(|index| FieldIx(index as u16))
    }

    /// The stable identifier of a flow: `step/outcome`, `step#n` or `step!crack`.
    pub fn flow_id(&self, flow: FlowIx) -> &str {
        self.flow_ids.get(flow.at()).map_or("", String::as_str)
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
        let position = self.step_definition(step)?.cracks.get_index_of(crack)?;
        Some(CrackIx(self.nodes[step.at()].cracks.first + position as u16))
    }

    /// The name of a crack of a step.
    pub fn crack_name(&self, step: StepIx, crack: CrackIx) -> &str {
        let first = self.nodes.get(step.at()).map_or(0, |node| node.cracks.first);
        let position = crack.0.checked_sub(first).map(usize::from);
        let named = position.and_then(|position| self.step_definition(step)?.cracks.get_index(position));
        named.map_or("", |(name, _)| name)
    }

    /// The point in time that lies that far ahead.
    pub(crate) fn due(&self, at: Timestamp, delay: Delay) -> Timestamp {
        match self.calendars.get(delay.calendar as usize) {
            Some(calendar) => calendar.add(at, delay.amount),
            None => at + delay.amount,
        }
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

/// Compiles one process; the tables grow step by step.
struct Compiler {
    process: Arc<Process>,
    nodes: Vec<Node>,
    flows: Vec<Flow>,
    cracks: Vec<Crack>,
    sets: Vec<Set>,
    instances: Vec<Multiple>,
    locks: Vec<String>,
    flow_ids: Vec<String>,
}

impl Compiler {
    fn new(process: Arc<Process>) -> Compiler {
        Compiler {
            process,
            nodes: Vec::new(),
            flows: Vec::new(),
            cracks: Vec::new(),
            sets: Vec::new(),
            instances: Vec::new(),
            locks: Vec::new(),
            flow_ids: Vec::new(),
        }
    }

    fn compile(mut self) -> Result<Plan, Problems> {
        let process = self.process.clone();
        let definition = process.definition();
        for (index, (name, step)) in definition.steps.iter().enumerate() {
            let node = self.node(definition, StepIx(index as u16), name, step);
            self.nodes.push(node);
        }
        if [self.nodes.len(), self.flows.len(), self.cracks.len(), self.sets.len()]
            .into_iter()
            .any(|n| n >= usize::from(u16::MAX))
        {
            let problem = Problem::error(
                Code::TooLarge,
                Path::root("steps"),
                "too many steps, flows, cracks or assignments to compile",
            );
            return Err(Problems { source: None, list: vec![problem] });
        }
        self.number_inputs();
        let field = |(index, _): (usize, _)| FieldIx(index as u16);
        let required = definition.data.values().enumerate().filter(|(_, f)| f.required).map(field).collect();
        let start = definition.steps.get_index_of(&definition.start).unwrap_or(0);
        Ok(Plan {
            start: StepIx(start as u16),
            initial: definition.data.values().map(initial).collect(),
            required,
            nested: self
                .nodes
                .iter()
                .any(|node| matches!(node.action, Action::Race | Action::Subprocess { .. } | Action::ForEach { .. })),
            watchful: self.nodes.iter().any(Node::watches),
            live_joins: live_joins(&self.nodes, &self.flows),
            withdrawing: withdrawing(&self.nodes, &self.flows),
            gated: self.nodes.iter().any(|node| node.lock != u16::MAX || node.only_while != StepIx::NONE),
            instances: self.instances,
            calendars: definition.calendars.keys().map(|name| process.calendar(Some(name))).collect(),
            nodes: self.nodes,
            flows: self.flows,
            cracks: self.cracks,
            sets: self.sets,
            flow_ids: self.flow_ids,
            process,
        })
    }

    fn node(&mut self, definition: &Definition, from: StepIx, name: &str, step: &Step) -> Node {
        let role = |name: &str| RoleIx(definition.roles.get_index_of(name).unwrap_or(0) as u16);
        let own_role = match &step.kind {
            Kind::Human { role, .. } => Some(role.as_str()),
            _ => None,
        };
        let clock = Clock::of(&self.process, own_role);
        let action = match &step.kind {
            Kind::Human { role: name, .. } => Action::Human { role: role(name) },
            Kind::Service { .. } => Action::Service,
            Kind::Wait { .. } => Action::Wait,
            Kind::Pause(span) => Action::Pause(clock.delay(*span)),
            Kind::Assign => Action::Assign,
            Kind::Choose(_) => Action::Choose,
            Kind::Some(_) => Action::Some,
            Kind::Fork(_) => Action::Fork,
            Kind::Race(_) => Action::Race,
            Kind::Join(rule) => Action::Join { inputs: 0, rule: *rule },
            Kind::Subprocess(steps) => Action::Subprocess { start: first_of(definition, steps) },
            Kind::ForEach(multiple) => {
                Action::ForEach { start: first_of(definition, &multiple.steps), spec: self.multiple(multiple) }
            }
            Kind::Cancel(_) => Action::Cancel,
            Kind::Receive(_) => Action::Receive,
            Kind::Send(_) => Action::Send,
            Kind::Call(_) => Action::Call,
            Kind::End { terminate } => Action::End { terminate: *terminate },
        };
        let (flows, ways_out) = self.flows(definition, from, name, step);
        let sets = self.sets(&step.sets);
        let first = self.cracks.len();
        for (crack, declared) in &step.cracks {
            let compiled = Crack {
                on: declared.on,
                interrupts: declared.interrupts(),
                after: declared.after.map(|span| clock.delay(span)),
                when: declared.when.as_ref().and_then(|when| self.guard(when)),
                response: match &declared.response {
                    None => Answer::None,
                    Some(Response::Retry { after, at_most }) => {
                        Answer::Retry { after: after.map(|span| clock.delay(span)), at_most: *at_most }
                    }
                    Some(Response::Reallocate(name)) => Answer::Reallocate(role(name)),
                    Some(Response::Skip(outcome)) => {
                        let position = outcome.as_ref().and_then(|outcome| step.outcomes.get_index_of(outcome));
                        Answer::Skip(FlowIx(flows.first + position.unwrap_or(0) as u16))
                    }
                    Some(Response::Fail) => Answer::Fail,
                    Some(Response::CancelCase) => Answer::CancelCase,
                    Some(Response::Continue) => Answer::Continue,
                },
                then: ways_out.iter().find(|(name, _)| name == crack).map_or(FlowIx::NONE, |(_, flow)| *flow),
            };
            self.cracks.push(compiled);
        }
        let cracks = Run::since(first, self.cracks.len());
        let timed = self.cracks[first..].iter().any(|crack| crack.after.is_some());
        let written = step.writes.iter().filter_map(|field| definition.data.get_index_of(field));
        let region = match &step.kind {
            Kind::Cancel(region) => region.as_slice(),
            _ => &[],
        };
        let index_of = |name: &String| definition.steps.get_index_of(name).map(|index| StepIx(index as u16));
        Node {
            action,
            flows,
            cracks,
            sets,
            timed,
            writes: written.map(|index| FieldIx(index as u16)).collect(),
            lock: step.lock.as_ref().map_or(u16::MAX, |lock| self.lock(lock)),
            only_while: step.only_while.as_ref().and_then(index_of).unwrap_or(StepIx::NONE),
            again: step.again.as_ref().and_then(|again| self.repeat(again)),
            region: region.iter().filter_map(index_of).collect(),
        }
    }

    /// Adds the ways on from a step; gives the run of its flows, and the way on from each crack that has one.
    fn flows(
        &mut self,
        definition: &Definition,
        from: StepIx,
        name: &str,
        step: &Step,
    ) -> (Run, Vec<(String, FlowIx)>) {
        let first = self.flows.len();
        let (mut plain, mut cracks) = (0, Vec::new());
        for way in graph::ways(name, step) {
            let here = FlowIx(self.flows.len() as u16);
            let (guard, sets) = match (&step.kind, &way.kind) {
                (Kind::Choose(branches) | Kind::Some(branches), LinkKind::Branch | LinkKind::Otherwise) => {
                    let branch = &branches[self.flows.len() - first];
                    (branch.when.as_ref().and_then(|when| self.guard(when)), self.sets(&branch.sets))
                }
                (_, LinkKind::Outcome) => (None, self.sets(&step.outcomes[self.flows.len() - first].sets)),
                _ => (None, Run::default()),
            };
            match (&way.name, way.kind) {
                (graph::WayName::Named(crack), LinkKind::Crack { .. }) => cracks.push(((*crack).to_owned(), here)),
                _ => plain += 1,
            }
            let to = StepIx(definition.steps.get_index_of(way.to).unwrap_or(0) as u16);
            self.flow_ids.push(way.id(name));
            self.flows.push(Flow { from, to, kind: way.kind, input: 0, guard, sets });
        }
        (Run::since(first, first + plain), cracks)
    }

    /// The number of the `for-each` specification. The checks have refused what does not compile.
    fn multiple(&mut self, multiple: &ForEach) -> u16 {
        let compile = |expression: &Expression| Expression::compile(&expression.0, self.process.schema()).ok();
        if let Some(times) = compile(&multiple.times) {
            let ForEach { one_by_one, growing, rest, .. } = *multiple;
            let enough = multiple.enough.as_ref().and_then(compile);
            self.instances.push(Multiple { times, one_by_one, growing, enough, rest });
        }
        self.instances.len().saturating_sub(1) as u16
    }

    fn lock(&mut self, lock: &str) -> u16 {
        let known = self.locks.iter().position(|known| known == lock);
        known.unwrap_or_else(|| {
            self.locks.push(lock.to_owned());
            self.locks.len() - 1
        }) as u16
    }

    fn repeat(&self, again: &Again) -> Option<Box<Repeat>> {
        Some(Box::new(match again {
            Again::While(guard) => Repeat::While(self.guard(guard)?),
            Again::Until(guard) => Repeat::Until(self.guard(guard)?),
        }))
    }

    fn sets(&mut self, sets: &indexmap::IndexMap<String, Expression>) -> Run {
        let first = self.sets.len();
        for (field, expression) in sets {
            let schema = self.process.schema();
            let value =
                schema.slot(field).map(|slot| (slot, Expression::compile_assignment(&expression.0, schema, slot)));
            if let Some((slot, Ok(value))) = value {
                self.sets.push(Set { field: FieldIx(slot), value });
            }
        }
        Run::since(first, self.sets.len())
    }

    /// The checks have compiled every expression once; what they refused never comes here.
    fn guard(&self, expression: &Expression) -> Option<Compiled> {
        Expression::compile_guard(&expression.0, self.process.schema()).ok()
    }

    /// Numbers the inputs of every join: exclusive ways on from one step feed the same input, every branch of a fork
    /// or inclusive choice its own.
    fn number_inputs(&mut self) {
        let mut seen: Vec<Vec<StepIx>> = vec![Vec::new(); self.nodes.len()];
        for flow in &mut self.flows {
            if !matches!(self.nodes[flow.to.at()].action, Action::Join { .. }) {
                continue;
            }
            let inputs = &mut seen[flow.to.at()];
            let from = self.process.definition().steps.get_index(flow.from.at());
            let at_once = from.is_some_and(|(_, from)| flow.kind.is_at_once(&from.kind));
            let shared = if at_once { None } else { inputs.iter().position(|from| *from == flow.from) };
            let input = shared.unwrap_or_else(|| {
                inputs.push(flow.from);
                inputs.len() - 1
            });
            flow.input = input as u16;
        }
        for (node, inputs) in self.nodes.iter_mut().zip(&seen) {
            if let Action::Join { inputs: count, .. } = &mut node.action {
                *count = inputs.len() as u16;
            }
        }
    }
}

/// The first of the steps inside another.
fn first_of(definition: &Definition, steps: &[String]) -> StepIx {
    let first = steps.first().and_then(|first| definition.steps.get_index_of(first));
    StepIx(first.unwrap_or(0) as u16)
}

/// What can still come to each input of the joins of the rule `live`.
fn live_joins(nodes: &[Node], flows: &[Flow]) -> Vec<LiveJoin> {
    let live = |rule| rule == JoinRule::Live;
    let reach = |join: StepIx, inputs, before: &Before| {
        (0..inputs).map(|input| before.reaching(join, |flow| flow.input == input)).collect()
    };
    joins(nodes, flows, live, |step, inputs, before| LiveJoin { step, reach: reach(step, inputs, before) })
}

/// The steps from which one can come to each join that withdraws whoever is late.
fn withdrawing(nodes: &[Node], flows: &[Flow]) -> Vec<(StepIx, Box<[bool]>)> {
    let withdraws = |rule| matches!(rule, JoinRule::First { then: Late::Cancel, .. });
    joins(nodes, flows, withdraws, |step, _, before| (step, before.reaching(step, |_| true).into()))
}

/// Something about each join of a rule, found by going back from it.
fn joins<T>(
    nodes: &[Node],
    flows: &[Flow],
    wanted: impl Fn(JoinRule) -> bool,
    found: impl Fn(StepIx, u16, &Before) -> T,
) -> Vec<T> {
    let of_rule = |(index, node): (usize, &Node)| match node.action {
        Action::Join { inputs, rule } if wanted(rule) => Some((StepIx(index as u16), inputs)),
        _ => None,
    };
    let joins: Vec<_> = nodes.iter().enumerate().filter_map(of_rule).collect();
    if joins.is_empty() {
        return Vec::new();
    }
    let before = Before::new(nodes.len(), flows);
    joins.into_iter().map(|(join, inputs)| found(join, inputs, &before)).collect()
}

/// For each step, the plain flows that lead to it.
struct Before<'a>(Vec<Vec<&'a Flow>>);

impl Before<'_> {
    fn new(steps: usize, flows: &[Flow]) -> Before<'_> {
        let mut before = vec![Vec::new(); steps];
        for flow in flows.iter().filter(|flow| !matches!(flow.kind, LinkKind::Crack { .. })) {
            before[flow.to.at()].push(flow);
        }
        Before(before)
    }

    /// The steps from which plain flows lead to a join, by one of these flows, without passing the join itself.
    fn reaching(&self, join: StepIx, last: impl Fn(&Flow) -> bool) -> Vec<bool> {
        let mut reaching = vec![false; self.0.len()];
        let feeds = self.0[join.at()].iter().filter(|flow| last(flow));
        let mut open: Vec<StepIx> = feeds.map(|flow| flow.from).collect();
        while let Some(step) = open.pop() {
            if step != join && !std::mem::replace(&mut reaching[step.at()], true) {
                open.extend(self.0[step.at()].iter().map(|flow| flow.from));
            }
        }
        reaching
    }
}

/// The value of a field before anything is known about the case.
fn initial(field: &Field) -> Value {
    let literal = field.initial.as_ref();
    literal.and_then(|literal| Value::parse(field, &literal.0).ok()).unwrap_or_default()
}

/// Turns lengths of time into delays on the calendar of a role.
struct Clock {
    calendar: Calendar,
    position: u16,
}

impl Clock {
    fn of(process: &Process, role: Option<&str>) -> Clock {
        let definition = process.definition();
        let own = role.and_then(|role| definition.roles.get(role)?.calendar.as_deref());
        let name = own.or(definition.calendar.as_deref());
        let position = name.and_then(|name| definition.calendars.get_index_of(name));
        Clock { calendar: process.calendar(name), position: position.map_or(u16::MAX, |index| index as u16) }
    }

    fn delay(&self, span: Span) -> Delay {
        let calendar = match span.unit {
            Unit::Elapsed => u16::MAX,
            Unit::Business | Unit::BusinessDays => self.position,
        };
        Delay { amount: self.calendar.length(span), calendar }
    }
}
