//! Every expression of a step: where it stands, what it is for, and when it is evaluated.

use indexmap::IndexMap;

use super::{Again, Call, Crack, Definition, Expression, ForEach, Incoming, Kind, Outgoing, Pause, Step};
use crate::diagnostic::{Path, Segment};

/// An expression of a step.
#[derive(Debug, Clone)]
pub struct Use<'a> {
    /// Where it stands, below the step or below the definition.
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
        uses.cracks(&self.cracks);
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

impl Definition {
    /// The expressions of all steps, then those of the cracks of the process; where they stand is said from the root.
    pub fn expressions(&self) -> Vec<Use<'_>> {
        let mut found = Vec::new();
        for (name, step) in &self.steps {
            let at = Path::root("steps").key(name);
            let whole = |below: Path| Path(at.0.iter().cloned().chain(below.0).collect());
            found.extend(step.expressions().into_iter().map(|used| Use { path: whole(used.path), ..used }));
        }
        let mut uses = Uses(found);
        uses.cracks(&self.cracks);
        uses.0
    }

    /// The expression that stands there, where [`Definition::expressions`] finds one.
    pub fn expression_mut(&mut self, path: &Path) -> Option<&mut Expression> {
        let words: Vec<String> = path.0.iter().map(word).collect();
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["steps", step, below @ ..] => self.steps.get_mut(*step)?.expression_mut(below),
            ["cracks", crack, "when"] => self.cracks.get_mut(*crack)?.when.as_mut(),
            _ => None,
        }
    }
}

impl Step {
    fn expression_mut(&mut self, path: &[&str]) -> Option<&mut Expression> {
        match (path, &mut self.kind) {
            (["sets" | "assign", field], _) => self.sets.get_mut(*field),
            (["outcomes", outcome, "sets", field], _) => self.outcomes.get_mut(*outcome)?.sets.get_mut(*field),
            (["cracks", crack, "when"], _) => self.cracks.get_mut(*crack)?.when.as_mut(),
            (["while" | "until"], _) => match self.again.as_mut()? {
                Again::While(guard) | Again::Until(guard) => Some(guard),
            },
            ([_, branch, "when"], Kind::Choose(branches) | Kind::Some(branches)) => {
                branches.get_mut(branch.parse::<usize>().ok()?)?.when.as_mut()
            }
            ([_, branch, "sets", field], Kind::Choose(branches) | Kind::Some(branches)) => {
                branches.get_mut(branch.parse::<usize>().ok()?)?.sets.get_mut(*field)
            }
            (["wait", "until"], Kind::Pause(Pause::Until(day))) => Some(day),
            (["for-each", "times"], Kind::ForEach(each)) => Some(&mut each.times),
            (["for-each", "enough"], Kind::ForEach(each)) => each.enough.as_mut(),
            ([_, "with", field], Kind::Send(Outgoing { with, .. }) | Kind::Call(Call { with, .. })) => {
                with.get_mut(*field)
            }
            ([_, "hand-over", "with", field], Kind::End { hand_over: Some(Call { with, .. }), .. }) => {
                with.get_mut(*field)
            }
            _ => None,
        }
    }
}

fn word(segment: &Segment) -> String {
    match segment {
        Segment::Key(key) | Segment::Name(key) => key.clone(),
        Segment::Index(index) => index.to_string(),
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

    fn cracks(&mut self, cracks: &'a IndexMap<String, Crack>) {
        for (name, crack) in cracks {
            let at = Path::root("cracks").key(name).key("when");
            crack.when.iter().for_each(|when| self.add(at.clone(), Purpose::Guard, Moment::Completed, when));
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

#[cfg(test)]
mod tests {

    const ALL: &str = r#"
process: all
version: 1.0.0
start: begin
data: { n: { type: integer, initial: 0 }, due: { type: date, required: true } }
cracks: { stop: { on: constraint, when: n > 1, do: cancel-case } }
steps:
  begin: { assign: { n: n + 2 }, next: ask }
  ask:
    wait: { for: bank }
    sets: { n: n + 3 }
    until: n > 4
    outcomes: { yes: { to: route, sets: { n: n + 5 } } }
    cracks: { odd: { on: constraint, when: n > 6, do: fail, then: route } }
  route:
    choose: [{ when: n > 7, to: day, sets: { n: n + 8 } }, { otherwise: each, sets: { n: n + 9 } }]
  day: { wait: { until: due }, next: tell }
  tell: { send: { message: m, transient: true, with: { n: n + 10 } }, next: other }
  other: { call: { process: p, with: { n: n + 11 } }, next: done }
  each: { for-each: { steps: [inner], times: n + 12, enough: n > 13 }, while: n < 14, next: done }
  inner: { end: {} }
  done: { end: { hand-over: { process: p, with: { n: n + 15 } } } }
"#;

    #[test]
    fn every_expression_is_found_where_it_stands() {
        let mut definition = crate::Process::read("all.yaml", ALL.as_bytes()).unwrap().definition().clone();
        let found = definition.expressions().into_iter().map(|found| (found.path, found.expression.clone()));
        let found: Vec<_> = found.collect();
        assert_eq!(found.len(), 16);
        for (path, expression) in found {
            assert_eq!(definition.expression_mut(&path), Some(&mut expression.clone()), "{path}");
        }
    }
}
