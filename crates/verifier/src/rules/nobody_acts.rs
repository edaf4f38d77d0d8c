//! Cracks that mean that nobody acts, where nobody answers that: whatever waits then waits for ever.

use std::iter;

use grieta_core::definition::{Care, Crack, Definition, Kind, Response, Step};
use grieta_core::diagnostic::{Code, Path, Problem};

use super::Subject;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let definition = subject.plan.definition();
    let steps = definition.steps.iter().filter(|(name, step)| waits(step) && !is_taken_away(definition, name, step));
    steps
        .flat_map(|(name, step)| step.cracks.iter().filter_map(move |(crack, declared)| silent(name, crack, declared)))
        .collect()
}

fn silent(step: &str, crack: &str, declared: &Crack) -> Option<Problem> {
    let path = Path::root("steps").key(step).key("cracks").key(crack);
    let unanswered = declared.means_silence() && !declared.interrupts() && declared.care() == Care::Stops;
    let message =
        format!("a case can stand still at `{step}`: crack `{crack}` means that nobody acts, and has no response");
    let problem = || Problem::warning(Code::UnansweredCrack, path, message);
    let help = "say what is done then: `do:` with a response, `then:` with a step, or both";
    unanswered.then(|| problem().help(help))
}

/// Whether somebody or something has to act there.
fn waits(step: &Step) -> bool {
    matches!(step.kind, Kind::Human { .. } | Kind::Service { .. } | Kind::Wait { .. })
}

/// Whether the work does not wait for ever: it is in a race that others may win, or a crack that strikes by time alone
/// takes it away, one of its own or of what is around it, or gives it to others.
fn is_taken_away(definition: &Definition, name: &str, step: &Step) -> bool {
    let raced =
        |other: &Step| matches!(&other.kind, Kind::Race(branches) if branches.iter().any(|branch| branch == name));
    let by_time = |crack: &Crack| (crack.after.is_some() || crack.clock.is_some()) && crack.chance.is_none();
    let own = step.cracks.values().any(|crack| by_time(crack) && (crack.interrupts() || goes_to_others(crack, step)));
    let mut around = around(definition, name).flat_map(|step| step.cracks.values()).chain(definition.cracks.values());
    own || around.any(|crack| by_time(crack) && crack.interrupts()) || definition.steps.values().any(raced)
}

fn goes_to_others(crack: &Crack, step: &Step) -> bool {
    let Kind::Human { role: own, .. } = &step.kind else { return false };
    matches!(&crack.response, Some(Response::Reoffer(Some(role)) | Response::Reallocate(Some(role))) if role != own)
}

/// The steps that contain a step, the innermost first.
fn around<'a>(definition: &'a Definition, name: &'a str) -> impl Iterator<Item = &'a Step> {
    let outside = move |name: &str| {
        definition.steps.iter().find(|(_, step)| step.kind.inside().iter().any(|inside| inside == name))
    };
    let found = iter::successors(outside(name), move |(name, _)| outside(name));
    found.take(definition.steps.len()).map(|(_, step)| step)
}
