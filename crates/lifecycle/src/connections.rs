//! Which process starts cases of which: by a hand-off of the life cycle, or by a call or hand-over of a definition.

use grieta_core::definition::{Call, Definition, Expression, Kind};
use grieta_core::diagnostic::Path;
use indexmap::IndexMap;

use crate::definition::{HandOff, LifeCycle};
use crate::processes::Processes;

/// A step of one process that starts a case of another.
#[derive(Debug, Clone)]
pub struct Connection<'a> {
    /// The process that gives.
    pub from: &'a str,
    /// Its step: an `end` or a `call`.
    pub step: &'a str,
    /// The process that takes.
    pub to: &'a str,
    /// What is brought.
    pub with: &'a IndexMap<String, Expression>,
    /// The hand-off of the life cycle that describes it, and its name.
    pub hand_off: Option<(&'a str, &'a HandOff)>,
    /// Whether what is brought stands in the definition, rather than in the life cycle.
    pub in_definition: bool,
}

impl Connection<'_> {
    /// Where it stands in the life cycle.
    pub(crate) fn path(&self) -> Path {
        match self.hand_off {
            Some((name, _)) => Path::root("hand-offs").key(name),
            None => Path::root("processes").key(self.from),
        }
    }

    /// Where a field that is brought stands.
    pub(crate) fn field(&self, field: &str) -> Path {
        if self.in_definition { self.path() } else { self.path().key("with").key(field) }
    }

    /// In words.
    pub(crate) fn said(&self) -> String {
        match self.hand_off {
            Some((name, _)) => format!("hand-off `{name}`"),
            None => format!("`{}` of `{}`", self.step, self.from),
        }
    }
}

/// What a step of a definition starts.
pub(crate) fn started<'a>(definition: &'a Definition, step: &str) -> Option<&'a Call> {
    match &definition.steps.get(step)?.kind {
        Kind::Call(call) | Kind::End { hand_over: Some(call), .. } => Some(call),
        _ => None,
    }
}

/// The connections between processes of the life cycle: first its hand-offs, then what only the definitions say. A hand-off
/// whose ends do not exist is none.
pub fn connections<'a>(life_cycle: &'a LifeCycle, processes: &'a Processes) -> Vec<Connection<'a>> {
    let described = life_cycle.hand_offs.iter().filter_map(|(name, hand_off)| {
        let sender = processes.get(&hand_off.from.process)?.definition();
        processes.get(&hand_off.to)?;
        let (step, kind) = sender.steps.get_key_value(&hand_off.from.step).map(|(name, step)| (name, &step.kind))?;
        let own = started(sender, step);
        let fits =
            own.is_some_and(|call| call.process == hand_off.to) || matches!(kind, Kind::End { hand_over: None, .. });
        let with = own.map_or(&hand_off.with, |call| &call.with);
        fits.then_some(Connection {
            from: &hand_off.from.process,
            step,
            to: &hand_off.to,
            with,
            hand_off: Some((name.as_str(), hand_off)),
            in_definition: own.is_some(),
        })
    });
    let mut found: Vec<Connection<'_>> = described.collect();
    for (name, process) in processes.sound() {
        for (step, declared) in &process.definition().steps {
            let Some(to) = declared.kind.starts().filter(|to| processes.get(to).is_some()) else { continue };
            let Some(call) = started(process.definition(), step) else { continue };
            if !found.iter().any(|known| known.from == name && known.step == step) {
                found.push(Connection { from: name, step, to, with: &call.with, hand_off: None, in_definition: true });
            }
        }
    }
    found
}
