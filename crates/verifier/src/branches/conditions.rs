//! Whether the condition of a loop, a crack or enough instances says anything: it neither always holds nor never.

use grieta_core::definition::{Again, Crack, Expression, ForEach, Kind, Step, Type};
use grieta_core::diagnostic::{Code, Path, Problem};
use grieta_core::expression::Compiled;
use grieta_core::value::Value;
use indexmap::IndexMap;

use super::Analysis;
use super::group::Group;
use super::search::Answer;

pub(super) fn check(analysis: &mut Analysis<'_>, name: &str, step: &Step) {
    let path = Path::root("steps").key(name);
    match &step.again {
        Some(Again::While(guard)) => {
            analysis.condition(
                guard,
                path.key("while"),
                "`while`",
                ["the step is never left", "the step is never done"],
            );
        }
        Some(Again::Until(guard)) => {
            let follows = ["the step is done once", "the step is never left"];
            analysis.condition(guard, path.key("until"), "`until`", follows);
        }
        None => {}
    }
    if let Kind::ForEach(ForEach { enough: Some(enough), .. }) = &step.kind {
        let follows = ["one instance is enough", "all instances are waited for"];
        analysis.condition(enough, path.key("for-each").key("enough"), "`enough`", follows);
    }
    cracks(analysis, &path.key("cracks"), &step.cracks);
}

/// The cracks of the process itself.
pub(super) fn check_whole(analysis: &mut Analysis<'_>) {
    let process = analysis.process;
    cracks(analysis, &Path::root("cracks"), &process.definition().cracks);
}

fn cracks(analysis: &mut Analysis<'_>, path: &Path, cracks: &IndexMap<String, Crack>) {
    for (name, crack) in cracks {
        let Some(when) = &crack.when else { continue };
        let what = format!("the condition of the crack `{name}`");
        analysis.condition(when, path.key(name).key("when"), &what, ["it always strikes", "it never strikes"]);
    }
}

impl Analysis<'_> {
    /// Reports a condition that always or never holds, with what follows from that.
    fn condition(&mut self, condition: &Expression, path: Path, what: &str, [if_always, if_never]: [&str; 2]) {
        let Ok(compiled) = Expression::compile(&condition.0, self.process.schema()) else { return };
        if compiled.result_type() != Type::Boolean {
            return;
        }
        let group = Group::of(self, &[compiled.parts()]);
        let [holds, fails] = [true, false].map(|wanted| can_be(&group, &compiled, wanted));
        let so = match (&holds, &fails) {
            (Answer::Never, _) => Some(("never", if_never)),
            (_, Answer::Never) => Some(("always", if_always)),
            _ => None,
        };
        self.findings.asked(&path, so.is_some() || ![holds, fails].contains(&Answer::Unknown));
        if let Some((always, follows)) = so {
            let message = format!("{what} {always} holds: {follows}");
            let problem = Problem::warning(Code::ConstantCondition, path, message);
            self.findings.report(problem.help("correct the condition, or remove it"), None);
        }
    }
}

fn can_be(group: &Group<'_>, condition: &Compiled, wanted: bool) -> Answer<Vec<Value>> {
    let confirm = |data: &[Value]| condition.holds(data) == Ok(wanted);
    if wanted { group.ask([0], [], confirm) } else { group.ask([], [0], confirm) }
}
