//! Every expression of a step: where it stands, what it is for, and when it is evaluated.

use indexmap::IndexMap;

use super::{Again, Call, Expression, ForEach, Incoming, Kind, Outgoing, Pause, Step};
use crate::diagnostic::Path;

/// An expression of a step.
#[derive(Debug, Clone)]
pub struct Use<'a> {
    /// Where it stands, below the step.
    pub path: Path,
    /// What it is for.
    pub purpose: Purpose<'a>,
    /// When it is evaluated.
    pub moment: Moment,
    /// The expression.
    pub expression: &'a Expression,
}

/// What an expression is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// Decides: a branch, a loop, a crack.
    Guard,
    /// The new value of that field.
    Set(&'a str),
    /// A value of a field of another case, whose type is not known here.
    Told,
    /// The day until which a step waits.
    Day,
    /// How many instances there are.
    Count,
    /// How many instances are enough, or when they are.
    Enough,
}

/// When an expression of a step is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// When the case comes to the step.
    Reached,
    /// When the step is completed, with what its completion brings.
    Completed,
}

impl Step {
    /// The expressions of the step.
    pub fn expressions(&self) -> Vec<Use<'_>> {
        use Moment::{Completed, Reached};
        let (at, mut uses) = (Path::default(), Uses::default());
        match self.kind {
            Kind::Assign => uses.sets(&at.key("assign"), Reached, &self.sets),
            _ => uses.sets(&at.key("sets"), Completed, &self.sets),
        }
        for (name, outcome) in &self.outcomes {
            uses.sets(&at.key("outcomes").key(name).key("sets"), Completed, &outcome.sets);
        }
        match &self.again {
            Some(Again::While(guard)) => uses.add(at.key("while"), Purpose::Guard, Reached, guard),
            Some(Again::Until(guard)) => uses.add(at.key("until"), Purpose::Guard, Completed, guard),
            None => {}
        }
        uses.of_kind(&self.kind, &at.key(self.kind.key()));
        for (name, crack) in &self.cracks {
            let at = at.key("cracks").key(name).key("when");
            crack.when.iter().for_each(|when| uses.add(at.clone(), Purpose::Guard, Completed, when));
        }
        uses.0
    }

    /// The field by which its message finds a case, if it has one.
    pub fn message_key(&self) -> Option<&str> {
        match &self.kind {
            Kind::Receive(Incoming { key, .. }) | Kind::Send(Outgoing { key, .. }) => key.as_deref(),
            _ => None,
        }
    }
}

#[derive(Default)]
struct Uses<'a>(Vec<Use<'a>>);

impl<'a> Uses<'a> {
    fn add(&mut self, path: Path, purpose: Purpose<'a>, moment: Moment, expression: &'a Expression) {
        self.0.push(Use { path, purpose, moment, expression });
    }

    fn sets(&mut self, at: &Path, moment: Moment, sets: &'a IndexMap<String, Expression>) {
        for (field, expression) in sets {
            self.add(at.key(field), Purpose::Set(field), moment, expression);
        }
    }

    fn told(&mut self, at: &Path, with: &'a IndexMap<String, Expression>) {
        for (field, expression) in with {
            self.add(at.key(field), Purpose::Told, Moment::Reached, expression);
        }
    }

    /// What stands under the key that says what the step is.
    fn of_kind(&mut self, kind: &'a Kind, at: &Path) {
        match kind {
            Kind::Choose(branches) | Kind::Some(branches) => {
                for (index, branch) in branches.iter().enumerate() {
                    let at = at.index(index);
                    let guard = branch.when.iter();
                    guard.for_each(|when| self.add(at.key("when"), Purpose::Guard, Moment::Reached, when));
                    self.sets(&at.key("sets"), Moment::Reached, &branch.sets);
                }
            }
            Kind::Pause(Pause::Until(day)) => self.add(at.key("until"), Purpose::Day, Moment::Reached, day),
            Kind::ForEach(ForEach { times, enough, .. }) => {
                self.add(at.key("times"), Purpose::Count, Moment::Reached, times);
                let enough = enough.iter();
                enough.for_each(|enough| self.add(at.key("enough"), Purpose::Enough, Moment::Completed, enough));
            }
            Kind::Send(Outgoing { with, .. }) | Kind::Call(Call { with, .. }) => self.told(&at.key("with"), with),
            Kind::End { hand_over: Some(Call { with, .. }), .. } => self.told(&at.key("hand-over").key("with"), with),
            _ => {}
        }
    }
}
