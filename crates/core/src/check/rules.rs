//! Rules on who does a step hold between steps that people do, and can be kept.

use std::collections::HashSet;

use super::step_path;
use crate::definition::{Allocation, Definition, Kind, Order, Rule};
use crate::diagnostic::{Code, Path, Problem};

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    for (name, step) in &definition.steps {
        if let Kind::Human { allocate: Allocation::SamePersonAs(other), .. } = &step.kind {
            let path = step_path(name).key("human").key("allocate").key("same-person-as");
            problems.extend(not_human(definition, other, path));
        }
    }
    for (index, rule) in definition.rules.iter().enumerate() {
        let path = Path::root("rules").index(index).key(rule.key());
        match rule {
            Rule::FourEyes(steps) => {
                let listed = steps.iter().enumerate();
                problems.extend(listed.filter_map(|(at, step)| not_human(definition, step, path.index(at))));
                problems.extend(four_eyes(definition, steps, &path));
            }
            Rule::Order(order) => {
                let named = order.steps.iter().enumerate();
                problems.extend(named.filter_map(|(at, step)| gateway(definition, step, rule_step(index, rule, at))));
                problems.extend(order_of(order, path));
            }
        }
    }
}

/// Where a rule names a step.
pub(super) fn rule_step(index: usize, rule: &Rule, at: usize) -> Path {
    let path = Path::root("rules").index(index).key(rule.key());
    match rule {
        Rule::Order(order) if order.template.arity() == 1 => path,
        _ => path.index(at),
    }
}

/// What only leads on is never done.
fn gateway(definition: &Definition, step: &str, path: Path) -> Option<Problem> {
    let kind = definition.steps.get(step).map(|step| &step.kind).filter(|kind| kind.leads_on())?;
    let message = format!("nothing is done at `{step}` (`{}`)", kind.key());
    let problem = Problem::error(Code::InvalidRule, path, message).related("declared here", step_path(step));
    Some(problem.help("name a step at which something is done, such as the one before it or after it"))
}

/// As many steps as its template is about, and a count only where it counts.
fn order_of(order: &Order, path: Path) -> Option<Problem> {
    let key = order.template.key();
    let (message, help) = match (order.steps.as_slice(), order.template.arity()) {
        ([a, b], 2) if a == b => (format!("`{key}` is about two steps, found `{a}` twice"), "name two different steps"),
        ([_], 1) | ([_, _], 2) if order.times == 0 => {
            (format!("`times: 0` says nothing of `{key}`"), "leave it out for once, or write `absence` for never")
        }
        ([_], 1) if order.times != 1 && !order.template.is_counted() => {
            (format!("`{key}` does not count, found `times: {}`", order.times), "leave `times` out")
        }
        ([_, _], 2) if order.times != 1 => {
            (format!("`{key}` does not count, found `times: {}`", order.times), "leave `times` out")
        }
        ([_], 1) | ([_, _], 2) => return None,
        (steps, 1) => (format!("`{key}` is about one step, found {}", steps.len()), "name one step, as in `key: step`"),
        (steps, _) => {
            (format!("`{key}` is about two steps, found {}", steps.len()), "name two steps, as in `key: [one, other]`")
        }
    };
    Some(Problem::error(Code::InvalidRule, path, message).help(help.replace("key", key)))
}

fn not_human(definition: &Definition, step: &str, path: Path) -> Option<Problem> {
    let kind = definition.steps.get(step).map(|step| &step.kind).filter(|kind| !matches!(kind, Kind::Human { .. }))?;
    let message = format!("no person does `{step}` (`{}`)", kind.key());
    let problem = Problem::error(Code::NotHuman, path, message).related("declared here", step_path(step));
    Some(problem.help("name a `human` step; who does what matters only there"))
}

/// Two different steps at least, and none that is given to the very person who did another of them.
fn four_eyes(definition: &Definition, steps: &[String], path: &Path) -> Vec<Problem> {
    if steps.len() < 2 {
        let message = format!("`four-eyes` needs at least two steps, found {}", steps.len());
        return vec![
            Problem::error(Code::FourEyes, path.clone(), message).help("name the steps that differ in person"),
        ];
    }
    let all: HashSet<&str> = steps.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for (index, step) in steps.iter().enumerate() {
        let (message, help, (label, at)) = match definition.steps.get(step).map(|step| &step.kind) {
            _ if !seen.insert(step.as_str()) => {
                let first = steps.iter().position(|other| other == step).unwrap_or(0);
                (format!("`{step}` stands here twice"), "name each step once", ("first here", path.index(first)))
            }
            Some(Kind::Human { allocate: Allocation::SamePersonAs(other), .. })
                if other != step && all.contains(other.as_str()) =>
            {
                let message = format!("`{step}` is given to whoever did `{other}`, which this rule forbids");
                let at = step_path(step).key("human").key("allocate").key("same-person-as");
                let help = "give it another `allocate`, or take one of the two out of the rule";
                (message, help, ("given to the same person here", at))
            }
            _ => continue,
        };
        found.push(Problem::error(Code::FourEyes, path.index(index), message).related(label, at).help(help));
    }
    found
}
