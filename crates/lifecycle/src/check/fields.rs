//! What the receiver of a hand-off needs comes with it: the fields it requires, those it reads although nobody there has
//! written them, and the customer; all of a type that fits, and surely written by the sender.

use std::collections::{HashMap, HashSet};

use grieta_core::definition::{Definition, Expression};
use grieta_core::diagnostic::{Code, Path, Problem, suggest};
use grieta_core::expression::Schema;
use grieta_core::{Plan, Process};
use grieta_verifier::{Lacking, Limits, lacking};

use super::Subject;
use crate::connections::Connection;
use crate::united;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = subject.customers();
    let mut misfits: HashSet<Path> = HashSet::new();
    for connection in subject.connections {
        let found = subject.types(connection);
        misfits.extend(found.iter().map(|problem| problem.path.clone()));
        problems.extend(found);
    }
    let lacking: HashMap<&str, Vec<Lacking>> = subject.lacking(&misfits);
    let of = |process: &str| lacking.get(process).map(Vec::as_slice).unwrap_or_default();
    for connection in subject.connections {
        problems.extend(subject.needed(connection, of(connection.to)));
        problems.extend(unwritten(connection, of(connection.from)));
    }
    problems
}

impl Subject<'_> {
    /// The customer is the same field everywhere.
    fn customers(&self) -> Vec<Problem> {
        let customer = &self.life_cycle.customer;
        let others =
            self.processes.sound().filter(|(_, process)| process.definition().customer.as_ref() != Some(customer));
        let told = others.map(|(name, process)| {
            let message = match &process.definition().customer {
                Some(other) => format!("`{name}` knows the customer by `{other}`, and the others by `{customer}`"),
                None => format!("`{name}` does not say by which field it knows the customer"),
            };
            let problem = Problem::error(Code::LostField, Path::root("processes").key(name), message);
            problem.help(format!("write `customer: {customer}` there, or the same customer is counted twice"))
        });
        told.collect()
    }

    /// Fields that the receiver does not have, and expressions that do not fit them.
    fn types(&self, connection: &Connection<'_>) -> Vec<Problem> {
        let ends = (self.processes.get(connection.from), self.processes.get(connection.to));
        let (Some(sender), Some(receiver)) = ends else { return Vec::new() };
        let (sender, receiver) = (sender.definition(), receiver.definition());
        let mut problems = Vec::new();
        for (field, expression) in connection.with {
            let Some(declared) = receiver.data.get(field) else {
                let message = format!("`{}` has no field `{field}`", connection.to);
                let at = if connection.in_definition {
                    connection.path()
                } else {
                    connection.path().key("with").name(field)
                };
                let problem = Problem::error(Code::UnknownField, at, message);
                problems.push(problem.maybe_help(suggest(field, receiver.data.keys().map(String::as_str))));
                continue;
            };
            // Both sides together: the field of the receiver has a name that no expression can say.
            let mut data = sender.data.clone();
            data.insert(format!("{}.{field}", connection.to), declared.clone());
            let Ok(schema) = Schema::new(&data) else { continue };
            let slot = u16::try_from(data.len() - 1).unwrap_or(u16::MAX);
            for wrong in Expression::compile_assignment(&expression.0, &schema, slot).err().into_iter().flatten() {
                let problem = Problem::error(wrong.code, connection.field(field), wrong.message).maybe_help(wrong.help);
                let range = (!connection.in_definition).then_some(wrong.range);
                problems.push(Problem { range, ..problem });
            }
        }
        problems
    }

    /// Which steps of each process may read what has no value; its ends hand over, as far as that can be read.
    fn lacking(&self, misfits: &HashSet<Path>) -> HashMap<&str, Vec<Lacking>> {
        let mut found = HashMap::new();
        for (name, process) in self.processes.sound() {
            let mut definition = process.definition().clone();
            for connection in self.connections.iter().filter(|connection| connection.from == name) {
                let fits = |field: &str| !misfits.contains(&connection.field(field));
                united::hand_over(&mut definition, connection, fits);
            }
            let plan = Process::what_if(definition).and_then(|process| Plan::new(process.into()));
            if let Ok(plan) = plan {
                found.insert(name.as_str(), lacking(&plan, &Limits::default()).0);
            }
        }
        found
    }

    /// Fields of the receiver without which its cases cannot begin, or cannot go on.
    fn needed(&self, connection: &Connection<'_>, lacking: &[Lacking]) -> Vec<Problem> {
        let Some(receiver) = self.processes.get(connection.to).map(|process| process.definition()) else {
            return Vec::new();
        };
        let mut told: HashSet<&str> = connection.with.keys().map(String::as_str).collect();
        let mut problems = Vec::new();
        let mut lost = |field: &str, why: String| {
            let message = format!("{} does not bring `{field}`, {why}", connection.said());
            let problem = Problem::error(Code::LostField, connection.path(), message);
            problems.push(problem.help(format!("add it, as in `with: {{ {field}: … }}`")));
        };
        let required = receiver.data.iter().filter(|(_, field)| field.required);
        for (field, _) in required.filter(|(field, _)| !connection.with.contains_key(*field)) {
            told.insert(field);
            lost(field, format!("without which no case of `{}` begins", connection.to));
        }
        for read in lacking.iter().filter(|read| is_own(receiver, read)) {
            if told.insert(&read.field) {
                let why =
                    format!("which `{}` reads at `{}`, where nobody may have written it yet", connection.to, read.step);
                lost(&read.field, why);
            }
        }
        let customer = &self.life_cycle.customer;
        if receiver.data.contains_key(customer) && told.insert(customer) {
            lost(customer, "by which the customer is known".to_owned());
        }
        problems
    }
}

/// Whether a step reads it for itself, rather than to hand it on to a process that may do without.
fn is_own(definition: &Definition, read: &Lacking) -> bool {
    definition.steps.get(&read.step).is_none_or(|step| step.kind.starts().is_none())
}

/// Fields of the sender that may have no value when they are handed over.
fn unwritten(connection: &Connection<'_>, lacking: &[Lacking]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for field in connection.with.keys() {
        let brought = |read: &&Lacking| read.step == connection.step && ends_with(&read.at, field);
        for read in lacking.iter().filter(brought) {
            let message = format!(
                "`{}` may come to `{}` without `{}`, which is to become `{field}` of `{}`",
                connection.from, connection.step, read.field, connection.to
            );
            let problem = Problem::error(Code::LostField, connection.field(field), message).told(read.story.clone());
            problems.push(problem.help(format!(
                "let it be written on every way there, give it an `initial`, or ask `has({})`",
                read.field
            )));
        }
    }
    problems
}

/// Whether a path leads to what is brought as that field.
fn ends_with(path: &Path, field: &str) -> bool {
    let end = Path::root("with").key(field);
    path.0.ends_with(&end.0)
}
