//! Behind every touchpoint there is a process, every process has a definition that is sound, and somebody needs it.

use std::collections::HashSet;

use grieta_core::Plan;
use grieta_core::diagnostic::{Code, Path, Problem, Severity};
use grieta_verifier::{Limits, Verdict, verify};

use super::Subject;
use crate::definition::Maturity;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = subject.unserved();
    problems.extend(subject.undefined());
    problems.extend(subject.idle());
    problems.extend(subject.unsound());
    problems
}

impl Subject<'_> {
    fn unserved(&self) -> Vec<Problem> {
        let without = self.life_cycle.touchpoints.iter().filter(|(_, touchpoint)| touchpoint.process.is_none());
        let told = without.map(|(name, touchpoint)| {
            let message =
                format!("customers in stage `{}` meet us at `{name}`, and no process serves them", touchpoint.stage);
            let problem = Problem::warning(Code::MissingProcess, Path::root("touchpoints").key(name), message);
            problem.help("name one under `process`; `--stubs` writes a first definition of it")
        });
        told.collect()
    }

    fn undefined(&self) -> Vec<Problem> {
        let without = self.life_cycle.processes.iter().filter(|(name, _)| !self.processes.has(name));
        let told = without.map(|(name, entry)| {
            let at = Path::root("processes").key(name);
            let (at, message) = match &entry.file {
                Some(file) => (at.key("file"), format!("there is no file `{file}`, in which `{name}` should be")),
                None if entry.maturity >= Maturity::Documented => {
                    (at, format!("`{name}` is said to be {}, and has no `file`", entry.maturity))
                }
                None => (at, format!("`{name}` is {}: there is no definition of it", entry.maturity)),
            };
            Problem::warning(Code::MissingProcess, at, message).help("`--stubs` writes a first definition of it")
        });
        told.collect()
    }

    /// Processes without a touchpoint, to which nobody who is needed hands over.
    fn idle(&self) -> Vec<Problem> {
        let touched = self.life_cycle.touchpoints.values().filter_map(|touchpoint| touchpoint.process.as_deref());
        let mut needed: HashSet<&str> = HashSet::new();
        let mut open: Vec<&str> = touched.collect();
        while let Some(process) = open.pop() {
            if needed.insert(process) {
                let next = self.connections.iter().filter(|connection| connection.from == process);
                open.extend(next.map(|connection| connection.to));
            }
        }
        let idle = |(name, entry): &(&String, &crate::Entry)| !entry.support && !needed.contains(name.as_str());
        let told = self.life_cycle.processes.iter().filter(idle).map(|(name, _)| {
            let message = format!("no touchpoint needs `{name}`, nor does a process that one needs");
            let problem = Problem::warning(Code::IdleProcess, Path::root("processes").key(name), message);
            problem.help("name it under `process` of a touchpoint, write `support: true` if it is needed all the same, or drop it")
        });
        told.collect()
    }

    fn unsound(&self) -> Vec<Problem> {
        let at = |name: &str| Path::root("processes").key(name).key("file");
        let told = |name: &String, first: Option<&Problem>, file: &str| {
            let said =
                first.map_or_else(|| "too much can happen to prove it".to_owned(), |problem| problem.message.clone());
            let problem = Problem::error(Code::UnsoundProcess, at(name), format!("`{name}` is not sound: {said}"));
            problem.help(format!("see `grieta check {file}`"))
        };
        let file =
            |name: &String| self.life_cycle.processes.get(name).and_then(|entry| entry.file.as_deref()).unwrap_or("");
        let mut problems: Vec<Problem> =
            self.processes.broken().map(|(name, found)| told(name, found.list.first(), file(name))).collect();
        for (name, process) in self.processes.sound() {
            let found = match Plan::new(process.clone()) {
                Ok(plan) => verify(&plan, &Limits::default()),
                Err(found) => {
                    problems.push(told(name, found.list.first(), file(name)));
                    continue;
                }
            };
            let grave = found.problems.iter().find(|problem| problem.severity == Severity::Error);
            if found.verdict != Verdict::Sound || grave.is_some() {
                problems.push(told(name, grave.or(found.problems.first()), file(name)));
            }
        }
        problems
    }
}
