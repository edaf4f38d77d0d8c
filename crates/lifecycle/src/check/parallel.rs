//! Two departments that can have a case of the same customer open and not know of each other: parallel, disconnected channels.
//!
//! A process begins by itself where a touchpoint at which customers come to the house is its first step. Two of these know of
//! each other if one starts cases of the other, sends it messages, or has a field that says whether a case is open there
//! (`sees`); or if a third process does so with both.

use std::collections::{BTreeSet, HashMap};

use grieta_core::definition::Kind;
use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;
use crate::definition::Direction;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    // A hand-off that is not understood may be the one that connects them.
    let understood = subject.connections.iter().filter(|connection| connection.hand_off.is_some()).count();
    if understood < subject.life_cycle.hand_offs.len() {
        return Vec::new();
    }
    let knows = subject.knows();
    let none = BTreeSet::new();
    let of = |process: &str| knows.get(process).unwrap_or(&none);
    let begin: Vec<(&String, &str)> = subject.begin_by_themselves().collect();
    let mut problems = Vec::new();
    for (at, (one, department)) in begin.iter().enumerate() {
        for (other, elsewhere) in begin.iter().take(at) {
            let apart = !of(one).contains(other.as_str()) && of(one).is_disjoint(of(other));
            if department == elsewhere || !apart {
                continue;
            }
            let message = format!(
                "a customer can have a case of `{one}` ({department}) and one of `{other}` ({elsewhere}) open, and neither knows of the other"
            );
            let problem = Problem::warning(Code::ParallelChannels, Path::root("processes").key(one), message);
            let problem = problem.related("the other", Path::root("processes").key(other));
            problems.push(problem.help(
                "let one hand over to the other, or send it a message; or say under `sees` which of its fields tells that a case is open there",
            ));
        }
    }
    problems
}

impl Subject<'_> {
    fn begin_by_themselves(&self) -> impl Iterator<Item = (&String, &str)> {
        let begins = |name: &str, start: &String| {
            self.life_cycle.touchpoints.values().any(|touchpoint| {
                touchpoint.direction == Direction::In
                    && touchpoint.process.as_deref() == Some(name)
                    && touchpoint.at.contains(start)
            })
        };
        let begin = self.processes.sound().filter(move |(name, process)| begins(name, &process.definition().start));
        begin.filter_map(|(name, _)| Some((name, self.life_cycle.processes.get(name)?.department.as_str())))
    }

    /// For each process those that it has to do with.
    fn knows(&self) -> HashMap<&str, BTreeSet<&str>> {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        pairs.extend(self.connections.iter().map(|connection| (connection.from, connection.to)));
        for (name, entry) in &self.life_cycle.processes {
            pairs.extend(entry.sees.values().map(|other| (name.as_str(), other.as_str())));
        }
        let mut sent: Vec<(&str, &str)> = Vec::new();
        let mut received: Vec<(&str, &str)> = Vec::new();
        for (name, process) in self.processes.sound() {
            for step in process.definition().steps.values() {
                match &step.kind {
                    Kind::Send(out) => sent.push((name, &out.message)),
                    Kind::Receive(incoming) => received.push((name, &incoming.message)),
                    _ => {}
                }
            }
        }
        for (from, message) in sent {
            pairs.extend(received.iter().filter(|(_, other)| *other == message).map(|(to, _)| (from, *to)));
        }
        let mut knows: HashMap<&str, BTreeSet<&str>> = HashMap::new();
        for (one, other) in pairs.into_iter().filter(|(one, other)| one != other) {
            knows.entry(one).or_default().insert(other);
            knows.entry(other).or_default().insert(one);
        }
        knows
    }
}
