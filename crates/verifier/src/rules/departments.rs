//! What goes from one department to another, and what two of them answer for.

use std::collections::{HashMap, HashSet};

use grieta_core::LinkKind;
use grieta_core::definition::{Kind, Question, Response, Step, Trigger};
use grieta_core::diagnostic::{Code, Path, Problem};
use petgraph::algo::dominators;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::Subject;

/// Work that is given back goes to one of so many steps that every case has passed before.
const FARTHEST_BACK: usize = 1_000;

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

    /// Work that comes straight from another department, where something of an agreement is missing: what must be there
    /// (`reads`), how soon it is taken (a crack on `unavailable` or `deadline`), and why it is given back (a crack on
    /// `constraint`, or an outcome or crack that leads back).
    fn hand_offs(&self) -> Vec<Problem> {
        let (definition, graph) = (self.plan.definition(), self.plan.process().graph());
        let start = definition.steps.get_index_of(&definition.start).unwrap_or_default();
        let before = dominators::simple_fast(graph, NodeIndex::new(start));
        // What leads to a step that every case has passed before gives the work back.
        let passed = |from| before.dominators(from).into_iter().flatten().take(FARTHEST_BACK);
        let returns = |from: NodeIndex, to| passed(from).any(|step| step == to);
        let mut told: HashSet<&String> = HashSet::new();
        let mut problems = Vec::new();
        for edge in graph.edge_references().filter(|edge| !matches!(edge.weight().kind, LinkKind::Crack { .. })) {
            let ends = [edge.source(), edge.target()].map(|node| definition.steps.get_index(node.index()));
            let [Some((from, giver)), Some((to, taker))] = ends else { continue };
            let (Some(gives), Some(takes)) = (self.department_of(giver), self.department_of(taker)) else { continue };
            let missing = self.missing(from, taker, gives);
            if gives == takes || missing.is_empty() || told.contains(&to) || returns(edge.source(), edge.target()) {
                continue;
            }
            told.insert(to);
            let message = format!(
                "`{to}` of {takes} takes over from `{from}` of {gives}, and does not say {}",
                missing.join(", or ")
            );
            let problem = Problem::advice(Code::HandOff, Path::root("steps").key(to), message);
            let problem = problem.related("handed over here", Path::root("steps").key(from));
            problems.push(problem.help(
                "list what it needs under `reads`, let a crack strike when nobody takes it in time, and let an outcome or a crack \
                 with `on: constraint` lead back when something is missing",
            ));
        }
        problems
    }

    /// What an agreement between departments lacks at the step that takes over.
    fn missing(&self, from: &str, taker: &Step, gives: &str) -> Vec<&'static str> {
        let cracks = || taker.cracks.values();
        let timed = cracks().any(|crack| matches!(crack.on, Trigger::Unavailable | Trigger::Deadline));
        let back = |to: &String| {
            let step = self.plan.definition().steps.get(to);
            to == from || step.and_then(|step| self.department_of(step)) == Some(gives)
        };
        let returned = taker.outcomes.values().any(|outcome| back(&outcome.to))
            || cracks().any(|crack| {
                crack.on == Trigger::Constraint
                    || crack.answers.contains(&Question::MissingData)
                    || crack.then.iter().any(back)
            });
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
