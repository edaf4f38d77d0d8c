//! Swaps two neighbours: the targets of two branches or outcomes, or what two rules of a decision give.

use grieta_core::definition::{Branch, Decision, Definition, Kind, Step};
use grieta_core::diagnostic::Path;

use super::Found;

pub(super) fn find(definition: &Definition, found: &mut Found) {
    for (name, step) in &definition.steps {
        branches(name, step, found);
        outcomes(name, step, found);
    }
    for (name, decision) in &definition.decisions {
        rules(name, decision, found);
    }
}

fn branches(name: &str, step: &Step, found: &mut Found) {
    let (Kind::Choose(branches) | Kind::Some(branches)) = &step.kind else { return };
    for (index, pair) in branches.windows(2).enumerate() {
        let [one, other] = pair else { continue };
        if one.to == other.to {
            continue;
        }
        let what = format!(
            "{} of `{name}` leads to `{}`, and {} to `{}`",
            called(index, one),
            other.to,
            called(index + 1, other),
            one.to
        );
        let path = Path::root("steps").key(name).key(step.kind.key()).index(index).key("to");
        let name = name.to_owned();
        found.add(path, what, move |definition| {
            let kind = definition.steps.get_mut(&name).map(|step| &mut step.kind);
            if let Some(Kind::Choose(branches) | Kind::Some(branches)) = kind
                && let Some([one, other]) = branches.get_mut(index..index + 2)
            {
                std::mem::swap(&mut one.to, &mut other.to);
            }
        });
    }
}

fn called(index: usize, branch: &Branch) -> String {
    match branch.when {
        Some(_) => format!("branch {}", index + 1),
        None => "`otherwise`".to_owned(),
    }
}

fn outcomes(name: &str, step: &Step, found: &mut Found) {
    for (index, ((one, to), (other, to_other))) in step.outcomes.iter().zip(step.outcomes.iter().skip(1)).enumerate() {
        if to.to == to_other.to {
            continue;
        }
        let what = format!("`{name}` leads to `{}` by `{one}`, and to `{}` by `{other}`", to_other.to, to.to);
        let path = Path::root("steps").key(name).key("outcomes").key(one).key("to");
        let name = name.to_owned();
        found.add(path, what, move |definition| {
            let Some(step) = definition.steps.get_mut(&name) else { return };
            let mut ways = step.outcomes.values_mut().skip(index).map(|outcome| &mut outcome.to);
            if let (Some(one), Some(other)) = (ways.next(), ways.next()) {
                std::mem::swap(one, other);
            }
        });
    }
}

fn rules(name: &str, decision: &Decision, found: &mut Found) {
    for (index, pair) in decision.rules.windows(2).enumerate() {
        let [one, other] = pair else { continue };
        if one.then == other.then {
            continue;
        }
        let what = format!("rules {} and {} of `{name}` each give what the other gave", index + 1, index + 2);
        let path = Path::root("decisions").key(name).key("rules").index(index);
        let name = name.to_owned();
        found.add(path, what, move |definition| {
            let rules =
                definition.decisions.get_mut(&name).and_then(|decision| decision.rules.get_mut(index..index + 2));
            if let Some([one, other]) = rules {
                std::mem::swap(&mut one.then, &mut other.then);
            }
        });
    }
}
