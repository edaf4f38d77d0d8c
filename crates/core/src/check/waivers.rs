//! What is left as it is can be found, and has a reason.

use crate::definition::{Definition, Question, Waiver};
use crate::diagnostic::{Code, Path, Problem, suggest};

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    for (path, _, waiver) in definition.waivers_with_paths() {
        waived(waiver, &path, problems);
    }
}

fn waived(waiver: &Waiver, path: &Path, problems: &mut Vec<Problem>) {
    let codes = || Code::ALL.iter().map(|code| code.as_str());
    if !codes().any(|code| code == waiver.code) {
        let message = format!("there is no finding with the code `{}`", waiver.code);
        let help = suggest(&waiver.code, codes()).unwrap_or_default();
        problems.push(Problem::error(Code::InvalidWaiver, path.key("code"), message).help(help));
    }
    if waiver.reason.trim().is_empty() {
        let problem = Problem::error(Code::InvalidWaiver, path.key("reason"), "this waiver gives no reason");
        problems.push(problem.help("say why it is left as it is, so that the next reader need not ask"));
    }
    let questions = waiver.code == Code::OpenQuestion.as_str();
    for (at, part) in waiver.of.iter().enumerate() {
        let known = Question::ALL.map(Question::key);
        if !questions {
            let message = format!("the findings of `{}` have no parts, found `{part}`", waiver.code);
            let problem = Problem::error(Code::InvalidWaiver, path.key("of").index(at), message);
            problems.push(problem.help("remove `of`; only those of `open-question` have parts"));
        } else if !known.contains(&part.as_str()) {
            let message = format!("there is no question `{part}`");
            let problem = Problem::error(Code::InvalidWaiver, path.key("of").index(at), message);
            problems.push(problem.maybe_help(suggest(part, known)));
        }
    }
}
