//! What goes from one department to another, and what two of them answer for.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};

use grieta_core::LinkKind;
use grieta_core::definition::{Crack, Kind, Question, Response, Step, Trigger};
use grieta_core::diagnostic::{Code, Path, Problem};
use petgraph::algo::dominators;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::Subject;

/// Work that is given back goes to one of so many steps that every case has passed before.
const FARTHEST_BACK: usize = 1_000;

/// As many steps are looked at for what comes next; a process of a sensible size needs a fraction of them.
const MOST_LOOKS: usize = 1_000_000;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = subject.hand_offs();
    problems.extend(subject.two_owners());
    problems
}

impl Subject<'_> {
    fn department(&self, role: &str) -> Option<&str> {
        self.plan.definition().roles.get(role)?.department.as_deref()
    }

    fn department_of(&self, step: &Step) -> Option<&str> {
        match &step.kind {
            Kind::Human { role, .. } => self.department(role),
            _ => None,
        }
    }

    /// Work that comes from another department, perhaps by way of steps that no person does, where something of an
    /// agreement is missing: what must be there (`reads`), how soon it is taken (a crack on `unavailable` or `deadline`), and
    /// why it is given back (a crack on `constraint`, or an outcome or crack that leads back).
    fn hand_offs(&self) -> Vec<Problem> {
        let (definition, graph) = (self.plan.definition(), self.plan.process().graph());
        let start = definition.steps.get_index_of(&definition.start).unwrap_or_default();
        let before = dominators::simple_fast(graph, NodeIndex::new(start));
        // What leads to a step that every case has passed before gives the work back.
        let passed = |from| before.dominators(from).into_iter().flatten().take(FARTHEST_BACK);
        let returns = |from: NodeIndex, to| passed(from).any(|step| step == to);
        let next = NextWork::new(self);
        let mut problems = Vec::new();
        for (at, (from, giver)) in definition.steps.iter().enumerate() {
            let Some(gives) = self.department_of(giver) else { continue };
            let at = NodeIndex::new(at);
            for to in next.after(next.on(at, false)) {
                let Some((name, taker)) = definition.steps.get_index(to.index()) else { continue };
                let Some(takes) = self.department_of(taker).filter(|takes| *takes != gives) else { continue };
                let missing = self.missing(&next, at, to, gives);
                if missing.is_empty() || returns(at, to) {
                    continue;
                }
                let message = format!(
                    "`{name}` of {takes} takes over from `{from}` of {gives}, and does not say {}",
                    missing.join(", or ")
                );
                let problem = Problem::advice(Code::HandOff, Path::root("steps").key(name), message);
                let problem = problem.related("handed over here", Path::root("steps").key(from));
                problems.push(problem.help(
                    "list what it needs under `reads`, let a crack strike when nobody takes it in time, and let an outcome or a \
                     crack with `on: constraint` lead back when something is missing",
                ));
            }
        }
        problems
    }

    /// What an agreement between departments lacks at the step that takes over.
    fn missing(&self, next: &NextWork<'_>, from: NodeIndex, to: NodeIndex, gives: &str) -> Vec<&'static str> {
        let Some((_, taker)) = self.plan.definition().steps.get_index(to.index()) else { return Vec::new() };
        let cracks = || taker.cracks.values();
        let timed = cracks().any(|crack| matches!(crack.on, Trigger::Unavailable | Trigger::Deadline));
        let back = |node: NodeIndex| {
            let step = self.plan.definition().steps.get_index(node.index());
            node == from || step.and_then(|(_, step)| self.department_of(step)) == Some(gives)
        };
        let answers = |crack: &Crack| crack.on == Trigger::Constraint || crack.answers.contains(&Question::MissingData);
        let returned = cracks().any(answers) || next.by_some_way(to).into_iter().any(back);
        let parts = [
            (taker.reads.is_empty(), "what it needs to begin"),
            (!timed, "how soon it is taken"),
            (!returned, "what makes it go back"),
        ];
        parts.into_iter().filter(|(missing, _)| *missing).map(|(_, what)| what).collect()
    }

    /// Fields that two departments write.
    fn two_owners(&self) -> Vec<Problem> {
        let mut writers: HashMap<&str, (&str, &str)> = HashMap::new();
        let mut problems = Vec::new();
        for (name, step) in &self.plan.definition().steps {
            let Some(department) = self.department_of(step) else { continue };
            for field in &step.writes {
                match writers.get(field.as_str()) {
                    None => drop(writers.insert(field, (department, name))),
                    Some((other, _)) if *other == department => {}
                    Some((other, first)) => {
                        let message = format!("both {other} and {department} write `{field}`");
                        let path = Path::root("steps").key(name).key("writes");
                        let problem = Problem::advice(Code::TwoOwners, path, message);
                        let problem = problem
                            .related(format!("{other} writes it here"), Path::root("steps").key(first).key("writes"));
                        problems.push(problem.help("let one of them write it, or give each its own field"));
                    }
                }
            }
            for (crack, declared) in &step.cracks {
                let (Some(Response::Reallocate(Some(role)) | Response::Reoffer(Some(role))), path) =
                    (&declared.response, Path::root("steps").key(name).key("cracks").key(crack).key("do"))
                else {
                    continue;
                };
                if let Some(other) = self.department(role).filter(|other| *other != department) {
                    let message =
                        format!("`{name}` is the work of {department}, and crack `{crack}` gives it to {other}");
                    let problem = Problem::advice(Code::TwoOwners, path, message);
                    problems.push(problem.help(
                        "lead to a step of that department instead, with `then`, so that each step has one owner",
                    ));
                }
            }
        }
        problems
    }
}

/// The work of people that comes next, across steps that no person does.
struct NextWork<'a> {
    subject: &'a Subject<'a>,
    /// For each step inside another, which one that is.
    around: HashMap<&'a String, NodeIndex>,
    /// How many steps may still be looked at.
    looks: Cell<usize>,
}

impl<'a> NextWork<'a> {
    fn new(subject: &'a Subject<'a>) -> NextWork<'a> {
        let steps = subject.plan.definition().steps.values().enumerate();
        let inside = steps.flat_map(|(at, step)| step.kind.inside().iter().map(move |name| (name, NodeIndex::new(at))));
        NextWork { subject, around: inside.collect(), looks: Cell::new(MOST_LOOKS) }
    }

    /// The `human` steps to which one of several ways on from a step leads: an outcome, a crack, or a choice behind it.
    fn by_some_way(&self, from: NodeIndex) -> BTreeSet<NodeIndex> {
        let steps = &self.subject.plan.definition().steps;
        let only = steps.get_index(from.index()).and_then(|(_, step)| steps.get_full(step.next.as_ref()?));
        let always = only.filter(|(.., step)| matches!(step.kind, Kind::Human { .. })).map(|(at, ..)| at);
        let ways = self.on(from, true).into_iter().filter(|to| Some(to.index()) != always);
        self.after(ways.collect())
    }

    /// The `human` steps among these, or that come next after them.
    fn after(&self, mut open: Vec<NodeIndex>) -> BTreeSet<NodeIndex> {
        let steps = &self.subject.plan.definition().steps;
        let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
        while let Some(node) = open.pop() {
            let Some((_, step)) = steps.get_index(node.index()).filter(|_| seen.insert(node)) else { continue };
            let Some(left) = self.looks.get().checked_sub(1) else { break };
            self.looks.set(left);
            match step.kind {
                Kind::Human { .. } => _ = found.insert(node),
                // Somebody else has the work then.
                Kind::Call(_) | Kind::Receive(_) => {}
                _ => open.extend(self.on(node, false)),
            }
        }
        found
    }

    /// The steps right behind one; what contains others is entered, and left by an end inside.
    fn on(&self, node: NodeIndex, by_cracks: bool) -> Vec<NodeIndex> {
        let Some((name, step)) = self.subject.plan.definition().steps.get_index(node.index()) else {
            return Vec::new();
        };
        let contains = !step.kind.inside().is_empty();
        let around = self.around.get(name).copied().filter(|_| matches!(step.kind, Kind::End { .. }));
        let leaves = |kind| !matches!(kind, LinkKind::Inside | LinkKind::Crack { .. });
        let mut on: Vec<NodeIndex> = around.into_iter().flat_map(|around| self.ways(around, leaves)).collect();
        on.extend(self.ways(node, |kind| match kind {
            LinkKind::Crack { .. } => by_cracks,
            kind => !contains || kind == LinkKind::Inside,
        }));
        on
    }

    fn ways(&self, node: NodeIndex, open: impl Fn(LinkKind) -> bool) -> Vec<NodeIndex> {
        let ways = self.subject.plan.process().graph().edges(node);
        let ways = ways.filter(|edge| edge.weight().kind != LinkKind::Undo && open(edge.weight().kind));
        ways.map(|edge| edge.target()).collect()
    }
}
