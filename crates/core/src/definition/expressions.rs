//! Every expression of a step, with when it is evaluated.

use indexmap::IndexMap;

use super::{Again, Call, Expression, ForEach, Incoming, Kind, Outgoing, Pause, Step};
use crate::diagnostic::Path;

/// When an expression of a step is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// When the case comes to the step.
    Reached,
    /// When the step is completed, with what its completion brings.
    Completed,
}

impl Step {
    /// The expressions of the step, each with its place below that of the step, and when it is evaluated.
    pub fn expressions(&self) -> Vec<(Path, Moment, &Expression)> {
        let at = Path::default();
        let mut found = Vec::new();
        let (sets, moment) = match self.kind {
            Kind::Assign => ("assign", Moment::Reached),
            _ => ("sets", Moment::Completed),
        };
        add(&mut found, &at.key(sets), moment, &self.sets);
        for (name, outcome) in &self.outcomes {
            add(&mut found, &at.key("outcomes").key(name).key("sets"), Moment::Completed, &outcome.sets);
        }
        if let Kind::Choose(branches) | Kind::Some(branches) = &self.kind {
            for (index, branch) in branches.iter().enumerate() {
                let at = at.key(self.kind.key()).index(index);
                found.extend(branch.when.iter().map(|when| (at.key("when"), Moment::Reached, when)));
                add(&mut found, &at.key("sets"), Moment::Reached, &branch.sets);
            }
        }
        match &self.again {
            Some(Again::While(guard)) => found.push((at.key("while"), Moment::Reached, guard)),
            Some(Again::Until(guard)) => found.push((at.key("until"), Moment::Completed, guard)),
            None => {}
        }
        match &self.kind {
            Kind::Pause(Pause::Until(date)) => found.push((at.key("wait").key("until"), Moment::Reached, date)),
            Kind::ForEach(ForEach { times, .. }) => {
                found.push((at.key("for-each").key("times"), Moment::Reached, times))
            }
            Kind::Send(Outgoing { with, .. }) => add(&mut found, &at.key("send").key("with"), Moment::Reached, with),
            Kind::Call(Call { with, .. }) => add(&mut found, &at.key("call").key("with"), Moment::Reached, with),
            Kind::End { hand_over: Some(Call { with, .. }), .. } => {
                add(&mut found, &at.key("end").key("hand-over").key("with"), Moment::Reached, with)
            }
            _ => {}
        }
        if let Kind::ForEach(ForEach { enough: Some(enough), .. }) = &self.kind {
            found.push((at.key("for-each").key("enough"), Moment::Completed, enough));
        }
        for (name, crack) in &self.cracks {
            let at = at.key("cracks").key(name).key("when");
            found.extend(crack.when.iter().map(|when| (at.clone(), Moment::Completed, when)));
        }
        found
    }

    /// The field by which its message finds a case, if it has one.
    pub fn message_key(&self) -> Option<&str> {
        match &self.kind {
            Kind::Receive(Incoming { key, .. }) | Kind::Send(Outgoing { key, .. }) => key.as_deref(),
            _ => None,
        }
    }
}

fn add<'a>(
    found: &mut Vec<(Path, Moment, &'a Expression)>,
    at: &Path,
    moment: Moment,
    sets: &'a IndexMap<String, Expression>,
) {
    found.extend(sets.iter().map(|(field, expression)| (at.key(field), moment, expression)));
}
