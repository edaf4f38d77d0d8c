//! Whoever may contact customers knows what they have agreed to: the field of consent is there, and comes along.

use std::collections::HashSet;

use grieta_core::definition::Expression;
use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let Some(consent) = &subject.life_cycle.consent else { return Vec::new() };
    let mut problems = Vec::new();
    let (mut asked, mut asking): (Vec<&str>, Vec<(&str, &String)>) = (Vec::new(), Vec::new());
    for (name, touchpoint) in subject.life_cycle.contacts(&consent.at) {
        let Some(process) = touchpoint.process.as_deref().filter(|process| !asked.contains(process)) else { continue };
        let Some(definition) = subject.processes.get(process).map(|process| process.definition()) else { continue };
        asked.push(process);
        let Some(field) = definition.data.get(&consent.field) else {
            let message = format!("`{process}` contacts customers at `{name}`, and has no field `{}`", consent.field);
            let problem = Problem::error(Code::LostConsent, Path::root("touchpoints").key(name), message);
            problems.push(problem.help("declare it in the definition, so that whoever hands over can bring it"));
            continue;
        };
        for (index, refused) in consent.refused.iter().enumerate().filter(|(_, refused)| !field.of.contains(refused)) {
            let message = format!("`{}` of `{process}` is never `{refused}`", consent.field);
            let problem =
                Problem::error(Code::TypeMismatch, Path::root("consent").key("refused").index(index), message);
            problems.push(problem.help(format!("it is one of `{}`", field.of.join("`, `"))));
        }
        asking.push((process, name));
    }
    problems.extend(subject.not_brought(&consent.field, asking));
    problems
}

impl Subject<'_> {
    /// Whether what is brought is what the sender knows, rather than always the same.
    fn is_known_before(&self, sender: &str, brought: &Expression) -> bool {
        let compiled = self.processes.get(sender).map(|sender| Expression::compile(&brought.0, sender.schema()));
        compiled.is_some_and(|compiled| compiled.is_ok_and(|compiled| !compiled.reads().is_empty()))
    }

    /// Connections on which the field is lost: to whoever contacts customers, and to whoever hands it on to them.
    fn not_brought<'a>(&'a self, field: &str, asking: Vec<(&'a str, &'a String)>) -> Vec<Problem> {
        let mut problems = Vec::new();
        let (mut open, mut seen) = (asking, HashSet::new());
        while let Some((process, touchpoint)) = open.pop() {
            if !seen.insert(process) {
                continue;
            }
            for connection in self.connections.iter().filter(|connection| connection.to == process) {
                if let Some(brought) = connection.with.get(field) {
                    if self.is_known_before(connection.from, brought) {
                        open.push((connection.from, touchpoint));
                    }
                    continue;
                }
                let message = format!(
                    "{} leads on to `{touchpoint}`, where customers are contacted, and does not bring `{field}`",
                    connection.said()
                );
                let problem = Problem::error(Code::LostConsent, connection.path(), message);
                problems.push(problem.help(format!("add it, as in `with: {{ {field}: {field} }}`")));
            }
        }
        problems
    }
}
