//! Decides which findings somebody has looked at and left as they are.

use crate::definition::{Definition, Waiver};
use crate::diagnostic::{Code, Problem};

impl Definition {
    /// Takes out of these findings what the definition waives, and gives it back: what a waiver of the process names, and
    /// what one of a step names that was found there. A waiver of some parts is for whoever finds them.
    pub fn waive(&self, found: &mut Vec<Problem>) -> Vec<Problem> {
        let (waived, kept) =
            found.drain(..).partition(|problem| self.waivers(problem).any(|waiver| waiver.of.is_empty()));
        *found = kept;
        waived
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
