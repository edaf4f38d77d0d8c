//! Removes an input of a join: the branch that comes there from one step goes on as before, and ends where the join was. So
//! the join does not wait for it; what fails then is a scenario that looks whether it does.
//!
//! A join has no list of inputs. Its inputs are the steps that lead to it, and each way of a `fork` or `some` by itself.

use grieta_core::definition::{Definition, ForEach, Kind, Step};
use grieta_core::diagnostic::Path;

use super::Found;

pub(super) fn find(definition: &Definition, found: &mut Found) {
    let joins = definition.steps.iter().filter(|(_, step)| matches!(step.kind, Kind::Join(_)));
    for (join, _) in joins {
        let inputs: Vec<Input> = definition.steps.iter().flat_map(|(name, step)| inputs(name, step, join)).collect();
        if inputs.len() < 2 {
            continue;
        }
        for input in inputs {
            let what = format!("`{join}` does not wait for what comes from `{}`", input.from);
            let (path, join) = (input.path(definition), join.clone());
            found.add(path, what, move |definition| remove(definition, &input, &join));
        }
    }
}

/// A way, or several of which only one is taken, from a step to a join.
struct Input {
    from: String,
    /// Which way it is, of a step that takes several at once.
    way: Option<usize>,
}

impl Input {
    fn path(&self, definition: &Definition) -> Path {
        let path = Path::root("steps").key(&self.from);
        match (self.way, definition.steps.get(&self.from)) {
            (Some(way), Some(step)) => path.key(step.kind.key()).index(way),
            (None, Some(step)) if step.next.is_some() => path.key("next"),
            _ => path,
        }
    }
}

fn inputs(name: &str, step: &Step, join: &str) -> Vec<Input> {
    let ways: Vec<usize> = match &step.kind {
        Kind::Fork(to) => positions(to.iter(), join),
        Kind::Some(branches) => positions(branches.iter().map(|branch| &branch.to), join),
        _ => Vec::new(),
    };
    let of = |way| Input { from: name.to_owned(), way };
    let others = ways.is_empty() && redirect(&mut step.clone(), join, "");
    ways.into_iter().map(|way| of(Some(way))).chain(others.then(|| of(None))).collect()
}

fn positions<'a>(to: impl Iterator<Item = &'a String>, join: &str) -> Vec<usize> {
    to.enumerate().filter(|(_, to)| *to == join).map(|(position, _)| position).collect()
}

fn remove(definition: &mut Definition, input: &Input, join: &str) {
    let end = unused_name(definition);
    let Some(step) = definition.steps.get_mut(&input.from) else { return };
    match (input.way, &mut step.kind) {
        (Some(way), Kind::Fork(to)) => to.get_mut(way).into_iter().for_each(|to| to.clone_from(&end)),
        (Some(way), Kind::Some(branches)) => {
            branches.get_mut(way).into_iter().for_each(|branch| branch.to.clone_from(&end));
        }
        _ => {
            redirect(step, join, &end);
        }
    }
    for step in definition.steps.values_mut() {
        if let Kind::Subprocess(inside) | Kind::ForEach(ForEach { steps: inside, .. }) = &mut step.kind
            && inside.iter().any(|inside| inside == join)
        {
            inside.push(end.clone());
        }
    }
    definition.steps.insert(end, Step::end());
}

/// Leads the ways of a step that lead there to another; says whether there are any.
fn redirect(step: &mut Step, from: &str, to: &str) -> bool {
    let mut ways: Vec<&mut String> = step.next.iter_mut().collect();
    ways.extend(step.outcomes.values_mut().map(|outcome| &mut outcome.to));
    ways.extend(step.cracks.values_mut().filter_map(|crack| crack.then.as_mut()));
    match &mut step.kind {
        Kind::Choose(branches) | Kind::Some(branches) => ways.extend(branches.iter_mut().map(|branch| &mut branch.to)),
        Kind::Fork(branches) | Kind::Race(branches) => ways.extend(branches),
        _ => {}
    }
    let mut any = false;
    for way in ways.into_iter().filter(|way| *way == from) {
        to.clone_into(way);
        any = true;
    }
    any
}

fn unused_name(definition: &Definition) -> String {
    let mut name = "not-waited-for".to_owned();
    while definition.steps.contains_key(&name) {
        name.push_str("-x");
    }
    name
}
