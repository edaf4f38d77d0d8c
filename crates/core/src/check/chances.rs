//! Chances of outcomes are given for all or for none, and add up to 1.

use super::step_path;
use crate::definition::{Chance, Definition, OutcomeChance, Step};
use crate::diagnostic::{Code, Problem};

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    for (name, step) in &definition.steps {
        if let Err((message, help)) = adds_up(step) {
            let path = step_path(name).key("outcomes");
            problems.push(Problem::error(Code::ChanceSum, path, message).help(help));
        }
    }
}

fn adds_up(step: &Step) -> Result<(), (String, &'static str)> {
    let (mut sum, mut shares, mut rests) = (0u64, 0, 0);
    for outcome in step.outcomes.values() {
        match outcome.chance {
            Some(OutcomeChance::Share(chance)) => {
                (sum, shares) = (sum.saturating_add(chance.trillionths()), shares + 1)
            }
            Some(OutcomeChance::Rest) => rests += 1,
            None => {}
        }
    }
    let given = shares + rests;
    let shown = || format!("{} %", sum as f64 * 100.0 / Chance::WHOLE as f64);
    match () {
        _ if given == 0 => Ok(()),
        _ if given < step.outcomes.len() => Err((
            format!("{given} of {} outcomes have a chance", step.outcomes.len()),
            "give every outcome a chance, or none; `rest` is whatever the others leave",
        )),
        _ if rests > 1 => Err((format!("`rest` stands {rests} times"), "`rest` may stand once")),
        _ if rests == 1 && sum > Chance::WHOLE => {
            Err((format!("the chances add up to {} and leave no rest", shown()), "make them add up to at most 100 %"))
        }
        _ if rests == 0 && sum != Chance::WHOLE => Err((
            format!("the chances add up to {}, expected 100 %", shown()),
            "change one of them, or write `rest` for one: what the others leave",
        )),
        _ => Ok(()),
    }
}
