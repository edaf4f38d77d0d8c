//! Waivers for which nothing was found: what they were for is mended, or was never there.

use grieta_core::definition::{Definition, Waiver};
use grieta_core::diagnostic::{Code, Path, Problem};

use crate::coverage::Coverage;
use crate::soundness::Soundness;

/// What only a complete exploration would find, or what says that there is none.
const EXPLORED: [Code; 12] = [
    Code::RuleBroken,
    Code::ReadBeforeWritten,
    Code::OutputMissing,
    Code::FourEyes,
    Code::Stuck,
    Code::Livelock,
    Code::Endless,
    Code::EndAgain,
    Code::UnansweredCrack,
    Code::DeadStep,
    Code::IdleCrack,
    Code::TooLargeToProve,
];

/// The idle waivers as problems, by all that has been waived. Those of idle waivers come last, and are asked about the
/// others: what they waive goes into `waived`.
pub(crate) fn find(
    definition: &Definition,
    soundness: &Soundness,
    coverage: &Coverage,
    waived: &mut Vec<Problem>,
) -> Vec<Problem> {
    let of_idle = |waiver: &Waiver| waiver.code == Code::IdleWaiver.as_str();
    let all = || definition.waivers_with_paths();
    let explored = |waiver: &Waiver| EXPLORED.iter().any(|code| code.as_str() == waiver.code);
    // Whether there is too much to explore, the next one may see who allows more or less.
    let known = |waiver: &Waiver| soundness.complete && waiver.code != Code::TooLargeToProve.as_str();
    let idle = all().filter(|(_, step, waiver)| {
        !of_idle(waiver)
            && (known(waiver) || !explored(waiver))
            && !coverage.is_used_for(waiver, *step)
            && !is_used(waiver, *step, waived)
    });
    let mut problems: Vec<Problem> = idle.map(|(path, _, waiver)| problem(path, waiver)).collect();
    waived.extend(definition.waive(&mut problems));
    let idle = all().filter(|(_, step, waiver)| of_idle(waiver) && !is_used(waiver, *step, waived));
    problems.extend(idle.map(|(path, _, waiver)| problem(path, waiver)));
    problems
}

fn is_used(waiver: &Waiver, of_step: Option<&str>, waived: &[Problem]) -> bool {
    let there = |problem: &Problem| of_step.is_none_or(|step| problem.path.step() == Some(step));
    waived.iter().any(|problem| problem.code.as_str() == waiver.code && there(problem))
}

fn problem(path: Path, waiver: &Waiver) -> Problem {
    let message = format!("there is nothing of `{}` here that could be waived", waiver.code);
    Problem::warning(Code::IdleWaiver, path.key("code"), message)
        .help("remove it, or else it hides what comes to be wrong later")
}
