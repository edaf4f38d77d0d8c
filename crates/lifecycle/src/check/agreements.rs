//! In every agreement both sides promise something, and of each promise it can be told whether it is kept.

use grieta_core::criterion;
use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, promises) in &subject.life_cycle.agreements {
        let at = Path::root("agreements").key(name);
        if promises.is_empty() {
            let problem =
                Problem::warning(Code::OneSidedAgreement, at.clone(), format!("nobody promises anything in `{name}`"));
            problems.push(
                problem
                    .help("write what each side promises, as in `- { by: sales, to: marketing, in: …, promise: … }`"),
            );
        }
        let answered = |by: &str, to: &str| promises.iter().any(|other| other.by == to && other.to == by);
        let mut told: Vec<(&str, &str)> = Vec::new();
        for (index, promise) in promises.iter().enumerate() {
            let (by, to) = (promise.by.as_str(), promise.to.as_str());
            let departments = &subject.life_cycle.departments;
            let known = promises
                .iter()
                .all(|promise| departments.contains_key(&promise.by) && departments.contains_key(&promise.to));
            if known && !answered(by, to) && !told.contains(&(by, to)) {
                told.push((by, to));
                let message = format!("{by} promises {to} something, and {to} promises nothing in return");
                let problem = Problem::warning(Code::OneSidedAgreement, at.index(index), message);
                problems.push(problem.help(
                    "an agreement has two sides: who gives promises volume and quality, who takes promises speed, persistence and feedback",
                ));
            }
            let Some(process) = subject.processes.get(&promise.process) else { continue };
            let read = criterion::sentence(&promise.promise);
            if let Err(misread) = read.and_then(|sentence| criterion::measure(&sentence, process.definition())) {
                let problem = Problem::error(Code::VagueGoal, at.index(index).key("promise"), misread.message);
                problems.push(problem.maybe_help(misread.help));
            }
        }
    }
    problems
}
