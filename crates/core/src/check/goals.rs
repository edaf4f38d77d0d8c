//! Every goal can be judged: what it measures exists, its bound is a value of that, and it has a day and an owner.

use crate::criterion::{measure, sentence};
use crate::definition::{Definition, Goal};
use crate::diagnostic::{Code, Path, Problem};
use crate::time::Date;

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    for (name, goal) in &definition.goals {
        judged(goal, definition, &Path::root("goals").key(name), problems);
    }
}

fn judged(goal: &Goal, definition: &Definition, path: &Path, problems: &mut Vec<Problem>) {
    let mut wrong = |key: &str, message: String, help: Option<String>| {
        problems.push(Problem::error(Code::VagueGoal, path.key(key), message).maybe_help(help));
    };
    let read = sentence(&goal.expect).and_then(|sentence| measure(&sentence, definition));
    if let Err(misread) = read {
        wrong("expect", misread.message, misread.help);
    }
    if goal.by.parse::<Date>().is_err() {
        let help = "say by which day it is to be reached, as in `by: 2027-06-30`";
        wrong("by", format!("expected a day such as `2027-06-30`, found `{}`", goal.by), Some(help.to_owned()));
    }
    if goal.owner.trim().is_empty() {
        let help = "name the role or person who answers for it, as in `owner: head-of-sales`";
        wrong("owner", "nobody answers for this goal".to_owned(), Some(help.to_owned()));
    }
}
