//! A definition does what BPMN says of tokens: random models played by the rules of BPMN, and by the kernel.
//!
//! The game here is written from the standard alone (BPMN 2.0.2, chapter 13): tokens on flows, and activities under way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use grieta_core::decision::{Decided, Table};
use grieta_core::expression::Compiled;
use grieta_core::kernel::{Asked, Case, Command, Decide, Evaluate, Event, Reason, execute};
use grieta_core::value::Value;
use grieta_core::{FieldIx, FlowIx, Plan, Process, Timestamp};
use proptest::prelude::*;
use smallvec::SmallVec;

/// The longest sequence of completed tasks that is compared.
const LONGEST: usize = 4;

/// Models with more tokens than this at once are left to others.
const MOST_TOKENS: usize = 6;

/// Sequences after which there are more different cases are left to others.
const MOST_CASES: usize = 400;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Task,
    Exclusive,
    Parallel,
    Pass,
    End,
    Terminate,
}

/// Nodes, and flows between them; the first flow comes from the start event.
#[derive(Debug, Clone)]
struct Model {
    kinds: Vec<Kind>,
    flows: Vec<(usize, usize)>,
}

const START: usize = usize::MAX;

/// Tokens on flows, and how often each task is under way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Marking {
    flows: Vec<u8>,
    tasks: Vec<u8>,
}

/// What one sees of a case: the tasks under way.
type Seen = BTreeSet<Vec<u8>>;

impl Model {
    fn xml(&self) -> String {
        let mut text = String::from("<startEvent id=\"s\"/>");
        for (at, kind) in self.kinds.iter().enumerate() {
            match kind {
                Kind::Task => write!(text, "<serviceTask id=\"n{at}\"/>"),
                Kind::Exclusive => write!(text, "<exclusiveGateway id=\"n{at}\"/>"),
                Kind::Parallel => write!(text, "<parallelGateway id=\"n{at}\"/>"),
                Kind::Pass => write!(text, "<intermediateThrowEvent id=\"n{at}\"/>"),
                Kind::End => write!(text, "<endEvent id=\"n{at}\"/>"),
                Kind::Terminate => write!(text, "<endEvent id=\"n{at}\"><terminateEventDefinition/></endEvent>"),
            }
            .unwrap();
        }
        for (number, (from, to)) in self.flows.iter().enumerate() {
            let from = if *from == START { "s".to_owned() } else { format!("n{from}") };
            write!(text, "<sequenceFlow id=\"f{number}\" sourceRef=\"{from}\" targetRef=\"n{to}\"/>").unwrap();
        }
        support::process(&text)
    }

    fn incoming(&self, node: usize) -> Vec<usize> {
        (0..self.flows.len()).filter(|flow| self.flows[*flow].1 == node).collect()
    }

    fn outgoing(&self, node: usize) -> Vec<usize> {
        (0..self.flows.len()).filter(|flow| self.flows[*flow].0 == node).collect()
    }

    /// What may follow from a marking without anybody doing anything.
    fn silent(&self, marking: &Marking) -> Vec<Marking> {
        let mut found = Vec::new();
        for (node, kind) in self.kinds.iter().enumerate() {
            let (incoming, outgoing) = (self.incoming(node), self.outgoing(node));
            if *kind == Kind::Parallel {
                if !incoming.is_empty() && incoming.iter().all(|flow| marking.flows[*flow] > 0) {
                    let mut next = marking.clone();
                    incoming.iter().for_each(|flow| next.flows[*flow] -= 1);
                    outgoing.iter().for_each(|flow| next.flows[*flow] += 1);
                    found.push(next);
                }
                continue;
            }
            for flow in incoming.iter().filter(|flow| marking.flows[**flow] > 0) {
                let mut next = marking.clone();
                next.flows[*flow] -= 1;
                match kind {
                    Kind::Task => next.tasks[node] += 1,
                    Kind::Exclusive if !outgoing.is_empty() => {
                        found.extend(outgoing.iter().map(|out| {
                            let mut next = next.clone();
                            next.flows[*out] += 1;
                            next
                        }));
                        continue;
                    }
                    Kind::Pass => outgoing.iter().for_each(|out| next.flows[*out] += 1),
                    Kind::Terminate => next = self.empty(),
                    Kind::Exclusive | Kind::End | Kind::Parallel => {}
                }
                found.push(next);
            }
        }
        found
    }

    fn empty(&self) -> Marking {
        Marking { flows: vec![0; self.flows.len()], tasks: vec![0; self.kinds.len()] }
    }

    /// The markings at rest that may follow; none where there may be too many tokens.
    fn rest(&self, begin: Vec<Marking>) -> Option<BTreeSet<Marking>> {
        let mut seen: BTreeSet<Marking> = BTreeSet::new();
        let (mut open, mut rest) = (begin, BTreeSet::new());
        while let Some(marking) = open.pop() {
            let tokens: u8 = marking.flows.iter().chain(&marking.tasks).sum();
            if usize::from(tokens) > MOST_TOKENS {
                return None;
            }
            if !seen.insert(marking.clone()) {
                continue;
            }
            match self.silent(&marking) {
                next if next.is_empty() => _ = rest.insert(marking),
                next => open.extend(next),
            }
        }
        Some(rest)
    }

    fn started(&self) -> Option<BTreeSet<Marking>> {
        let mut first = self.empty();
        first.flows[0] = 1;
        self.rest(vec![first])
    }

    /// What follows when somebody completes a task.
    fn completed(&self, markings: &BTreeSet<Marking>, task: usize) -> Option<BTreeSet<Marking>> {
        let at_it = markings.iter().filter(|marking| marking.tasks[task] > 0);
        self.rest(
            at_it
                .map(|marking| {
                    let mut next = marking.clone();
                    next.tasks[task] -= 1;
                    self.outgoing(task).into_iter().for_each(|flow| next.flows[flow] += 1);
                    next
                })
                .collect(),
        )
    }
}

/// Takes the branches that a list of numbers says, and notes how many there were.
#[derive(Default)]
struct Script<'a> {
    branches: Option<&'a BTreeMap<String, Vec<FlowIx>>>,
    taken: Vec<usize>,
    of: Vec<usize>,
    at: usize,
}

impl Script<'_> {
    /// The next script that differs in the last choice that can.
    fn next(&mut self) -> bool {
        while let Some(last) = self.taken.pop() {
            let of = self.of.pop().unwrap();
            if last + 1 < of {
                self.taken.push(last + 1);
                self.of.push(of);
                return true;
            }
        }
        false
    }
}

impl Decide for Script<'_> {
    fn choose(&mut self, asked: Asked<'_>) -> Result<FlowIx, Reason> {
        let step = asked.plan.step_name(asked.case.token(asked.token).unwrap().step);
        let branches = &self.branches.unwrap()[step];
        if self.at == self.taken.len() {
            self.taken.push(0);
            self.of.push(branches.len());
        }
        self.at += 1;
        Ok(branches[self.taken[self.at - 1]])
    }

    fn choose_some(&mut self, _: Asked<'_>, _: &mut SmallVec<[FlowIx; 8]>) -> Result<(), Reason> {
        Err(Reason::NoBranch)
    }

    fn holds(&mut self, asked: Asked<'_>, condition: &Compiled) -> Result<bool, Reason> {
        Evaluate.holds(asked, condition)
    }

    fn set(&mut self, asked: Asked<'_>, field: FieldIx, expression: &Compiled) -> Result<Value, Reason> {
        Evaluate.set(asked, field, expression)
    }

    fn value(&mut self, asked: Asked<'_>, expression: &Compiled) -> Result<Value, Reason> {
        Evaluate.value(asked, expression)
    }

    fn key(&mut self, asked: Asked<'_>, field: FieldIx) -> Result<(), Reason> {
        Evaluate.key(asked, field)
    }

    fn count(&mut self, asked: Asked<'_>, expression: &Compiled) -> Result<Value, Reason> {
        Evaluate.count(asked, expression)
    }

    fn decide(&mut self, asked: Asked<'_>, table: &Table) -> Result<Decided, Reason> {
        Evaluate.decide(asked, table)
    }
}

/// The definition of a model, and what the kernel makes of it.
struct Played {
    plan: Plan,
    branches: BTreeMap<String, Vec<FlowIx>>,
    /// For each step that is a task, its node.
    tasks: BTreeMap<String, usize>,
    nodes: usize,
}

impl Played {
    /// `None` where no end can be reached, which no process may say.
    fn of(model: &Model) -> Option<Played> {
        let xml = model.xml();
        let mut read = grieta_bpmn::read("random.bpmn", xml.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        let participant = read.processes.remove(0);
        let process = Process::new(participant.definition).ok()?;
        let plan = Plan::new(Arc::new(process)).unwrap();
        let mut branches: BTreeMap<String, Vec<FlowIx>> = BTreeMap::new();
        for flow in (0..).map(FlowIx).take_while(|flow| !plan.flow_id(*flow).is_empty()) {
            if let Some(step) = plan.chosen_at(flow) {
                branches.entry(step.to_owned()).or_default().push(flow);
            }
        }
        let tasks = participant.elements.iter().filter(|(_, element)| element.kind == "serviceTask");
        let tasks = tasks.filter(|(name, _)| plan.definition().steps[name.as_str()].kind.takes_time());
        let tasks = tasks.map(|(name, element)| (name.clone(), element.id[1..].parse().unwrap())).collect();
        Some(Played { plan, branches, tasks, nodes: model.kinds.len() })
    }

    /// Every case that may come of a command, whatever is decided.
    fn all(&self, case: &Case, command: &Command) -> Vec<Case> {
        let mut script = Script { branches: Some(&self.branches), ..Script::default() };
        let mut found = Vec::new();
        loop {
            let mut next = case.clone();
            script.at = 0;
            let mut deaf = |_: &Case, _: Timestamp, _: &Event| ();
            execute(&self.plan, &mut next, Timestamp::EPOCH, command, &mut script, &mut deaf).unwrap();
            found.push(next);
            if !script.next() {
                return found;
            }
        }
    }

    fn started(&self) -> Vec<Case> {
        self.all(&Case::default(), &Command::Start { data: vec![] })
    }

    /// Every case that may come of completing a task; `None` where these are too many.
    fn completed(&self, cases: &[Case], task: usize) -> Option<Vec<Case>> {
        let mut found: Vec<Case> = Vec::new();
        for case in cases {
            if found.len() > MOST_CASES {
                return None;
            }
            let at_it =
                |token: &grieta_core::kernel::Token| self.tasks.get(self.plan.step_name(token.step)) == Some(&task);
            let Some((token, item)) = case.tokens().find(|(_, token)| at_it(token)) else { continue };
            let outcomes = &self.plan.step_definition(item.step).unwrap().outcomes;
            let named: Vec<Option<FlowIx>> = match outcomes.is_empty() {
                true => vec![None],
                false => outcomes.keys().map(|name| self.plan.outcome(item.step, Some(name))).collect(),
            };
            for outcome in named {
                let next = self.all(case, &Command::Complete { token, outcome, data: vec![] });
                next.into_iter().for_each(|case| {
                    if !found.contains(&case) {
                        found.push(case)
                    }
                });
            }
        }
        Some(found)
    }

    fn seen(&self, cases: &[Case]) -> Seen {
        let of_case = |case: &Case| {
            let mut tasks = vec![0; self.nodes];
            for (_, token) in case.tokens() {
                if let Some(node) = self.tasks.get(self.plan.step_name(token.step)) {
                    tasks[*node] += 1;
                }
            }
            tasks
        };
        cases.iter().map(of_case).collect()
    }
}

/// Compares what one sees after every sequence of completed tasks; says whether the model was small enough.
fn compare(model: &Model) -> Result<bool, TestCaseError> {
    let Some(played) = Played::of(model) else { return Ok(false) };
    let Some(markings) = model.started() else { return Ok(false) };
    let mut open = vec![(Vec::new(), markings, played.started())];
    while let Some((done, markings, cases)) = open.pop() {
        let expected: Seen = markings.iter().map(|marking| marking.tasks.clone()).collect();
        let yaml = || played.plan.definition().to_yaml();
        prop_assert_eq!(&expected, &played.seen(&cases), "after {:?}\n{:?}\n{}", done, model, yaml());
        if done.len() == LONGEST {
            continue;
        }
        for task in 0..model.kinds.len() {
            if expected.iter().any(|tasks| tasks[task] > 0) {
                let Some(next) = model.completed(&markings, task) else { continue };
                let Some(cases) = played.completed(&cases, task) else { continue };
                open.push((done.iter().copied().chain([task]).collect(), next, cases));
            }
        }
    }
    Ok(true)
}

fn models() -> impl Strategy<Value = Model> {
    use Kind::{End, Exclusive, Parallel, Pass, Task, Terminate};
    let kinds = prop::sample::select(vec![
        Task, Task, Task, Task, Exclusive, Exclusive, Exclusive, Parallel, Parallel, Parallel, Pass, End, Terminate,
    ]);
    let nodes = prop::collection::vec((kinds, prop::collection::vec(any::<prop::sample::Index>(), 1..4)), 2..9);
    nodes.prop_map(|nodes| {
        let kinds: Vec<Kind> = nodes.iter().map(|(kind, _)| *kind).collect();
        let mut flows = vec![(START, 0)];
        for (from, (kind, targets)) in nodes.iter().enumerate() {
            match kind {
                // Tasks may lead back; nothing goes round without one.
                Kind::Task => flows.extend(targets.iter().take(2).map(|to| (from, to.index(kinds.len())))),
                Kind::Exclusive | Kind::Parallel | Kind::Pass if from + 1 < kinds.len() => {
                    flows.extend(targets.iter().map(|to| (from, from + 1 + to.index(kinds.len() - from - 1))));
                }
                _ => {}
            }
        }
        Model { kinds, flows }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn the_kernel_moves_tokens_as_bpmn_does(model in models()) {
        prop_assume!(compare(&model)?);
    }
}

#[test]
fn a_second_flow_of_one_gateway_to_a_join_is_waited_for() {
    let kinds = vec![Kind::Exclusive, Kind::Parallel, Kind::Task];
    let model = Model { kinds, flows: vec![(START, 0), (0, 1), (0, 1), (1, 2)] };
    assert!(compare(&model).unwrap());
}

#[test]
fn a_merge_before_a_join_is_one_of_its_flows() {
    let kinds = vec![Kind::Parallel, Kind::Task, Kind::Task, Kind::Exclusive, Kind::Parallel, Kind::Task];
    let flows = vec![(START, 0), (0, 1), (0, 2), (0, 4), (1, 3), (2, 3), (3, 4), (4, 5)];
    assert!(compare(&Model { kinds, flows }).unwrap());
}
