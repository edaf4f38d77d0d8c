//! Every step says what it is worth and why it exists; somebody answers for the process and its fields; no table lies about.

use grieta_core::definition::Kind;
use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let definition = subject.plan.definition();
    let mut problems = Vec::new();
    let work =
        definition.steps.iter().filter(|(_, step)| matches!(step.kind, Kind::Human { .. } | Kind::Service { .. }));
    let mute: Vec<&str> =
        work.filter(|(_, step)| step.value.is_none() || step.why.is_none()).map(|(name, _)| name.as_str()).collect();
    if let Some(first) = mute.first() {
        let message =
            format!("what they are worth (`value`) or why they exist (`why`) is not said of {}", listed(&mute));
        problems.push(Problem::advice(Code::Unexplained, Path::root("steps").key(first), message).help(
            "add `value: adds-value`, `needed` or `waste`, and `why:` with a sentence; what nobody can explain can perhaps be left out",
        ));
    }
    if definition.owner.is_none() {
        let message = format!("nobody answers for the process `{}`", definition.process);
        problems.push(
            Problem::advice(Code::Unowned, Path::root("process"), message).help("add `owner:` with a role or a person"),
        );
    }
    let fields: Vec<&str> =
        definition.data.iter().filter(|(_, field)| field.owner.is_none()).map(|(name, _)| name.as_str()).collect();
    if let Some(first) = fields.first() {
        let message = format!("nobody answers for the data: {}", listed(&fields));
        problems.push(
            Problem::advice(Code::Unowned, Path::root("data").key(first), message).help("add `owner:` to each field"),
        );
    }
    let asked = |name: &String| {
        definition.steps.values().any(|step| matches!(&step.kind, Kind::Decide(table) if table == name))
    };
    problems.extend(definition.decisions.keys().filter(|name| !asked(name)).map(|name| {
        let message = format!("no step asks the decision `{name}`");
        let problem = Problem::warning(Code::UnusedDecision, Path::root("decisions").key(name), message);
        problem.help(format!("ask it by a step with `decide: {name}`, or remove it"))
    }));
    problems
}

/// Names, the first few of them.
fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
