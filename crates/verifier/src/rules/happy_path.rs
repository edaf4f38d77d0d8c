//! The way of a case to which nothing goes wrong.

use grieta_core::diagnostic::{Code, Path, Problem};

use super::{Subject, flow};

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let process = subject.plan.process();
    if !flow::normal_ends(process).is_empty() || flow::ends(process, |_| false).is_empty() {
        return Vec::new();
    }
    let problem = Problem::warning(Code::NoHappyPath, Path::root("start"), "no case ends unless a crack strikes");
    vec![problem.help("say first how a case goes to which nothing happens; cracks are for what goes wrong")]
}
