//! Decides which findings somebody has looked at and left as they are.

use crate::definition::{Definition, Waiver};
use crate::diagnostic::{Code, Path, Problem};

impl Definition {
    /// Takes out of these findings what the definition waives, and gives it back: what a waiver of the process names, and
    /// what one of a step names that was found there. A waiver of some parts is for whoever finds them.
    pub fn waive(&self, found: &mut Vec<Problem>) -> Vec<Problem> {
        let (waived, kept) =
            found.drain(..).partition(|problem| self.waivers(problem).any(|waiver| waiver.of.is_empty()));
        *found = kept;
        waived
    }

    /// Every waiver, with where it stands and the step it is of, if it is not of the whole process.
    pub fn waivers_with_paths(&self) -> impl Iterator<Item = (Path, Option<&str>, &Waiver)> {
        let listed = |at: Path, step, allow| {
            let waivers: std::slice::Iter<'_, Waiver> = allow;
            waivers.enumerate().map(move |(index, waiver)| (at.key("allow").index(index), step, waiver))
        };
        let of_steps = self.steps.iter().flat_map(move |(name, step)| {
            listed(Path::root("steps").key(name), Some(name.as_str()), step.allow.iter())
        });
        listed(Path::default(), None, self.allow.iter()).chain(of_steps)
    }

    /// The waivers of the code of a finding that are in force where it was found.
    fn waivers<'a>(&'a self, problem: &'a Problem) -> impl Iterator<Item = &'a Waiver> {
        self.waivers_at(problem.code, problem.path.step())
    }

    /// The waivers of a code that are in force at a step, or for the whole process.
    pub fn waivers_at<'a>(&'a self, code: Code, step: Option<&str>) -> impl Iterator<Item = &'a Waiver> {
        let of_step = step.and_then(|step| self.steps.get(step)).into_iter().flat_map(|step| &step.allow);
        self.allow.iter().chain(of_step).filter(move |waiver| waiver.code == code.as_str())
    }
}
