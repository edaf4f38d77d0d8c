//! Whether every branch of a choice can be taken, and all values find one.

use grieta_core::definition::{Branch, Expression, Kind, Step};
use grieta_core::diagnostic::{Code, Path, Problem};
use grieta_core::expression::Compiled;
use grieta_core::value::Value;

use super::Analysis;
use super::group::Group;
use super::search::Answer;

pub(super) fn check(analysis: &mut Analysis<'_>, name: &str, step: &Step) {
    let (Kind::Choose(branches) | Kind::Some(branches)) = &step.kind else { return };
    let schema = analysis.process.schema();
    let compile = |when: &Expression| Expression::compile_guard(&when.0, schema);
    // A process was checked: its guards can be compiled.
    let guards = branches.iter().filter_map(|branch| branch.when.as_ref()).map(compile);
    let Ok(guards) = guards.collect::<Result<Vec<Compiled>, _>>() else { return };
    let parts: Vec<_> = guards.iter().map(Compiled::parts).collect();
    let group = Group::of(analysis, &parts);
    let path = Path::root("steps").key(name).key(step.kind.key());
    let choice = Choice { name, path, branches, guards, group, in_order: matches!(step.kind, Kind::Choose(_)) };
    for index in 0..choice.guards.len() {
        choice.branch(index, analysis);
    }
    choice.rest(analysis);
}

struct Choice<'a> {
    name: &'a str,
    path: Path,
    branches: &'a [Branch],
    guards: Vec<Compiled>,
    group: Group<'a>,
    /// Whether the first branch that can be taken is the only one.
    in_order: bool,
}

impl Choice<'_> {
    fn branch(&self, index: usize, analysis: &mut Analysis<'_>) {
        let path = self.path.index(index).key("when");
        let before = if self.in_order { 0..index } else { 0..0 };
        let taken = self.ask(Some(index), before.clone());
        let alone = match taken {
            Answer::Example(_) => return analysis.findings.asked(&path, true),
            _ if before.is_empty() => taken.clone(),
            _ => self.ask(Some(index), 0..0),
        };
        let to = &self.branches[index].to;
        let problem = match (&alone, &taken) {
            (Answer::Never, _) => {
                let message = format!("the branch to `{to}` is never taken, because its guard never holds");
                Problem::warning(Code::NeverTaken, path.clone(), message)
                    .help("correct the guard, or remove the branch")
            }
            (_, Answer::Never) => self.shadowed(index, &path),
            _ => return analysis.findings.asked(&path, false),
        };
        analysis.findings.asked(&path, true);
        analysis.findings.report(problem, None);
    }

    /// A branch that those before it leave nothing for.
    fn shadowed(&self, index: usize, path: &Path) -> Problem {
        let to = &self.branches[index].to;
        let by = (0..index).find(|before| self.ask(Some(index), *before..before + 1) == Answer::Never);
        let message = match by {
            Some(_) => format!("the branch to `{to}` is never taken, because one before it leaves nothing for it"),
            None => format!("the branch to `{to}` is never taken, because those before it leave nothing for it"),
        };
        let problem = Problem::warning(Code::NeverTaken, path.clone(), message);
        let problem = problem.help("move it before them, correct its guard, or remove it");
        match by {
            Some(by) => problem.related(
                "where its guard holds, this one holds or cannot be evaluated",
                self.path.index(by).key("when"),
            ),
            None => problem,
        }
    }

    /// What is left when no guard holds.
    fn rest(&self, analysis: &mut Analysis<'_>) {
        let left = self.ask(None, 0..self.guards.len());
        let findings = &mut analysis.findings;
        findings.asked(&self.path, left != Answer::Unknown);
        let otherwise = self.branches.iter().position(|branch| branch.when.is_none());
        match (left, otherwise) {
            (Answer::Never, Some(otherwise)) => {
                let message = "`otherwise` is never taken, because the guards before it leave nothing for it";
                let path = self.path.index(otherwise).key("to");
                let problem = Problem::warning(Code::NeverTaken, path, message);
                findings.report(problem.help("correct a guard, or make the last of them the `otherwise`"), None);
            }
            (Answer::Example(data), None) => {
                findings.settle(&self.path);
                let message = format!("{} no branch of `{}` is taken", self.group.with(&data), self.name);
                let problem = Problem::warning(Code::Gap, self.path.clone(), message);
                findings.report(problem.help("add a branch for them, or `- { otherwise: step }`"), Some(data));
            }
            (Answer::Never, None) => findings.settle(&self.path),
            (Answer::Example(_), Some(_)) | (Answer::Unknown, _) => {}
        }
    }

    /// Data for which one guard holds, and those do not.
    fn ask(&self, hold: Option<usize>, fail: std::ops::Range<usize>) -> Answer<Vec<Value>> {
        let confirm = |data: &[Value]| {
            let so = |index: usize, wanted: bool| self.guards[index].holds(data) == Ok(wanted);
            hold.is_none_or(|index| so(index, true)) && fail.clone().all(|index| so(index, false))
        };
        self.group.ask(hold, fail.clone(), confirm)
    }
}
