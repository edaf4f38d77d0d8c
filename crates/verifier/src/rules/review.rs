//! What those who do the work have signed or said, and what became of it.

use grieta_core::definition::Note;
use grieta_core::diagnostic::{Code, Path, Problem};
use grieta_core::review::{Standing, State};

use super::Subject;

pub(super) fn find(subject: &Subject<'_>) -> Vec<Problem> {
    let definition = subject.plan.definition();
    let notes = definition.notes.iter().enumerate().filter(|(_, note)| note.answer.is_none());
    let notes = notes.map(|(at, note)| open(at, note));
    // Nobody is asked to sign a draft.
    let standings = if definition.sign_off.is_some() { definition.standings() } else { Vec::new() };
    standings.iter().filter_map(signature).chain(notes).collect()
}

fn signature(standing: &Standing<'_>) -> Option<Problem> {
    let role = &standing.view.role;
    match (standing.state(), standing.signed.last()) {
        (State::Void, Some((at, sign_off, _))) => {
            let path = Path::root("sign-off").index(*at).key("hash");
            let message = match standing.view.has_work() {
                true => format!("`{role}` signed on {} what reads differently now", sign_off.date),
                false => format!("`{role}` signed on {}, and has nothing to do any more", sign_off.date),
            };
            let help = format!("`grieta review FILE --role {role}` shows what it does now, and the line to sign with");
            let help = if standing.view.has_work() { help } else { "remove the sign-off".to_owned() };
            Some(Problem::warning(Code::VoidSignOff, path, message).help(help))
        }
        (State::Missing, _) => {
            let message = format!("nobody of `{role}` has signed what it does");
            let path = Path::root("roles").name(role);
            let help = format!(
                "have somebody of it read `grieta review FILE --role {role}`, which ends with the line to sign with"
            );
            Some(Problem::advice(Code::MissingSignOff, path, message).help(help))
        }
        _ => None,
    }
}

fn open(at: usize, note: &Note) -> Problem {
    let Note { step, by, says, .. } = note;
    let message = format!("{by} says of `{step}`: {says}");
    let problem = Problem::advice(Code::OpenNote, Path::root("notes").index(at).key("says"), message);
    problem.help("change the definition or not, and say so under `answer`")
}
