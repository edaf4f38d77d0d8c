//! Cracks that mean that nobody acts, where nobody answers that: a case that comes to a standstill there.

use grieta_core::StepIx;
use grieta_core::definition::{Care, Crack, Kind, Step};
use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;
use crate::soundness::standstill;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let steps = subject.plan.definition().steps.iter().enumerate();
    steps.flat_map(|(at, (name, step))| subject.stands_still(StepIx(at as u16), name, step)).collect()
}

impl Subject<'_> {
    fn stands_still(&self, at: StepIx, name: &str, step: &Step) -> Vec<Problem> {
        let silent: Vec<&String> =
            step.cracks.iter().filter(|(_, crack)| is_silence(crack)).map(|(crack, _)| crack).collect();
        if silent.is_empty() || !waits(step) {
            return Vec::new();
        }
        let Some(trace) = standstill(self.plan, at, self.limits) else { return Vec::new() };
        let story = trace.story(self.plan);
        let problem = |crack: &String| {
            let path = Path::root("steps").key(name).key("cracks").key(crack);
            let message = format!(
                "a case can stand still at `{name}`: crack `{crack}` means that nobody acts, and has no response"
            );
            let help = "say what is done then: `do:` with a response, `then:` with a step, or both";
            Problem::warning(Code::UnansweredCrack, path, message).help(help).told(story.clone())
        };
        silent.into_iter().map(problem).collect()
    }
}

/// Whether nobody acts by chance, and nobody answers.
fn is_silence(crack: &Crack) -> bool {
    crack.means_silence() && !crack.interrupts() && crack.care() == Care::Stops
}

/// Whether somebody or something has to act there.
fn waits(step: &Step) -> bool {
    matches!(step.kind, Kind::Human { .. } | Kind::Service { .. } | Kind::Wait { .. })
}
