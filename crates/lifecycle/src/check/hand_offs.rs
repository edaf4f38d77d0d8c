//! Every hand-off can take place, and both sides have agreed on it.

use grieta_core::definition::{Definition, Expression, Kind};
use grieta_core::diagnostic::{Code, Path, Problem, suggest};

use super::{Subject, listed};
use crate::connections::{Connection, started};
use crate::definition::HandOff;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, hand_off) in &subject.life_cycle.hand_offs {
        let at = Path::root("hand-offs").key(name);
        let sender = subject.processes.get(&hand_off.from.process);
        if let Some(sender) = sender {
            problems.extend(begins(hand_off, sender.definition(), &at));
            problems.extend(entry(hand_off, sender.schema(), &at));
        }
        if let Some(receiver) = subject.processes.get(&hand_off.to) {
            for (key, place) in [("accepted", &hand_off.accepted), ("returned", &hand_off.returned)] {
                problems.extend(place.iter().filter_map(|place| happens(receiver.definition(), place, at.key(key))));
            }
        }
    }
    problems.extend(subject.connections.iter().filter_map(|connection| subject.agreed(connection)));
    problems.extend(subject.connections.iter().filter_map(|connection| subject.answers(connection)));
    problems
}

/// It begins at an end that starts nothing else, or at a call.
fn begins(hand_off: &HandOff, sender: &Definition, at: &Path) -> Option<Problem> {
    let (step, at) = (&hand_off.from.step, at.key("from"));
    let kind = &sender.steps.get(step)?.kind;
    let invalid =
        |message: String, help: &str| Some(Problem::error(Code::InvalidHandOff, at.clone(), message).help(help));
    match started(sender, step) {
        Some(call) if call.process != hand_off.to => {
            let message = format!(
                "`{step}` of `{}` starts a case of `{}`, not of `{}`",
                sender.process, call.process, hand_off.to
            );
            invalid(message, "say the same in both files, or let it begin at another end")
        }
        Some(_) if !hand_off.with.is_empty() => {
            let message = format!("what `{step}` of `{}` brings stands in its definition already", sender.process);
            invalid(message, "leave out `with` here, or `with` and `hand-over` there")
        }
        None if !matches!(kind, Kind::End { .. }) => {
            let message = format!(
                "a case of `{}` hands nothing over at `{step}`, which is neither an end nor a call",
                sender.process
            );
            let ends = sender.steps.iter().filter(|(_, step)| matches!(step.kind, Kind::End { .. }));
            let ends: Vec<&str> = ends.map(|(name, _)| name.as_str()).take(12).collect();
            invalid(message, &format!("its ends are {}", listed(ends)))
        }
        _ => None,
    }
}

/// What must hold is a condition over the fields of the sender.
fn entry(hand_off: &HandOff, schema: &grieta_core::expression::Schema, at: &Path) -> Vec<Problem> {
    let compiled = hand_off.entry.as_ref().map(|entry| Expression::compile_guard(&entry.0, schema));
    let found = compiled.and_then(Result::err).into_iter().flatten();
    found
        .map(|wrong| {
            let problem = Problem::error(wrong.code, at.key("entry"), wrong.message).maybe_help(wrong.help);
            Problem { range: Some(wrong.range), ..problem }
        })
        .collect()
}

/// Something that happens in a process: a step, `step/outcome` or `step!crack`.
fn happens(definition: &Definition, place: &str, at: Path) -> Option<Problem> {
    let (step, part) = match place.find(['/', '!']) {
        Some(cut) => (&place[..cut], Some((place.as_bytes()[cut] == b'!', &place[cut + 1..]))),
        None => (place, None),
    };
    let Some(declared) = definition.steps.get(step) else {
        let problem = Problem::error(Code::UnknownStep, at, format!("`{}` has no step `{step}`", definition.process));
        return Some(problem.maybe_help(suggest(step, definition.steps.keys().map(String::as_str))));
    };
    let (word, name, known): (_, _, Vec<&str>) = match part? {
        (true, crack) => ("crack", crack, declared.cracks.keys().map(String::as_str).collect()),
        (false, outcome) => ("outcome", outcome, declared.outcomes.keys().map(String::as_str).collect()),
    };
    (!known.contains(&name)).then(|| {
        let message = format!("`{step}` of `{}` has no {word} `{name}`", definition.process);
        Problem::error(Code::UnknownOutcome, at, message).maybe_help(suggest(name, known))
    })
}

impl Subject<'_> {
    /// What an agreement lacks on what goes from one department to another.
    fn agreed(&self, connection: &Connection<'_>) -> Option<Problem> {
        let department = |process: &str| Some(self.life_cycle.processes.get(process)?.department.as_str());
        let (gives, takes) = (department(connection.from)?, department(connection.to)?);
        if gives == takes {
            return None;
        }
        let said = connection.hand_off.map(|(_, hand_off)| hand_off);
        let lacks = |there: fn(&HandOff) -> bool| !said.is_some_and(there);
        let parts = [
            (lacks(|said| said.entry.is_some()), "what must hold when it comes (`entry`)"),
            (lacks(|said| said.accepted.is_some()), "where it is accepted (`accepted`)"),
            (lacks(|said| said.within.is_some()), "how soon (`within`)"),
            (lacks(|said| said.returned.is_some()), "where it is given back (`returned`)"),
            (lacks(|said| !said.reasons.is_empty()), "for which reasons (`reasons`)"),
        ];
        let missing: Vec<&str> = parts.into_iter().filter(|(missing, _)| *missing).map(|(_, what)| what).collect();
        if missing.is_empty() {
            return None;
        }
        let message =
            format!("{} goes from {gives} to {takes}, and nobody says {}", connection.said(), missing.join(", "));
        let problem = Problem::warning(Code::HandOff, connection.path(), message);
        Some(match connection.hand_off {
            Some(_) => problem.help("what is not agreed on is quarrelled over: write it down, both sides together"),
            None => problem.help(format!(
                "describe it under `hand-offs`, with `from: {}/{}` and `to: {}`",
                connection.from, connection.step, connection.to
            )),
        })
    }

    /// A call whose outcomes are not the ends of what it calls.
    fn answers(&self, connection: &Connection<'_>) -> Option<Problem> {
        let caller = self.processes.get(connection.from)?.definition().steps.get(connection.step)?;
        let called = self.processes.get(connection.to)?.definition();
        let unknown = caller
            .outcomes
            .keys()
            .find(|outcome| !called.steps.get(*outcome).is_some_and(|step| matches!(step.kind, Kind::End { .. })))?;
        let message = format!("outcome `{unknown}` of {} is no end of `{}`", connection.said(), connection.to);
        let ends = called.steps.iter().filter(|(_, step)| matches!(step.kind, Kind::End { .. }));
        let problem = Problem::error(Code::InvalidHandOff, connection.path(), message);
        Some(problem.maybe_help(suggest(unknown, ends.map(|(name, _)| name.as_str()))))
    }
}
