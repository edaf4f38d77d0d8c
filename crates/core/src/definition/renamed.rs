//! A step with other names for the steps that it names.

use super::{Allocation, Branch, ForEach, Kind, Outcome, Step};

impl Step {
    /// The step with every name of a step in it, but that under `same-as`, as `name` gives it.
    #[must_use]
    pub fn renamed(&self, name: impl Fn(&str) -> String) -> Step {
        let mut step = self.clone();
        let list = |list: &mut Vec<String>| list.iter_mut().for_each(|to| *to = name(to));
        match &mut step.kind {
            Kind::Human { allocate: Allocation::SamePersonAs(other), .. } => *other = name(other),
            Kind::Choose(branches) | Kind::Some(branches) => {
                branches.iter_mut().for_each(|Branch { to, .. }| *to = name(to));
            }
            Kind::Fork(steps) | Kind::Race(steps) | Kind::Subprocess(steps) | Kind::Cancel(steps) => list(steps),
            Kind::ForEach(ForEach { steps, .. }) => list(steps),
            _ => {}
        }
        step.outcomes.values_mut().for_each(|Outcome { to, .. }| *to = name(to));
        let thens = step.cracks.values_mut().filter_map(|crack| crack.then.as_mut());
        let own = [&mut step.next, &mut step.only_while, &mut step.undo].into_iter().flatten();
        own.chain(thens).for_each(|to| *to = name(to));
        step
    }
}
