//! Signatures and notes name what is there, and say when and what.

use super::references::Known;
use crate::definition::{Definition, Note, SignOff};
use crate::diagnostic::{Code, Path, Problem};
use crate::review::SHORTEST_HASH;
use crate::time::Date;

pub(super) fn check(definition: &Definition, problems: &mut Vec<Problem>) {
    let known = Known::of(definition);
    // What could not be read was left empty, and has its problem already.
    let signed = definition.sign_off.iter().flatten().enumerate().filter(|(_, signed)| **signed != SignOff::default());
    for (at, sign_off) in signed {
        let path = Path::root("sign-off").index(at);
        problems.extend(known.role(&sign_off.role, path.key("role")));
        problems.extend(said(&sign_off.person, &path, "person", "nobody signs here", "name the person"));
        problems.extend(day(&sign_off.date, &path));
        problems.extend(hash(&sign_off.hash, &path));
    }
    for (at, note) in definition.notes.iter().enumerate().filter(|(_, note)| **note != Note::default()) {
        let path = Path::root("notes").index(at);
        problems.extend(known.step(&note.step, path.key("step")));
        problems.extend(note.role.iter().filter_map(|role| known.role(role, path.key("role"))));
        problems.extend(said(&note.by, &path, "by", "nobody says this", "name the person"));
        problems.extend(day(&note.date, &path));
        problems.extend(said(
            &note.says,
            &path,
            "says",
            "this note says nothing",
            "write down what was said, or remove it",
        ));
        let answer = note.answer.iter();
        let empty = "this answer says nothing";
        problems
            .extend(answer.filter_map(|text| said(text, &path, "answer", empty, "leave it out until there is one")));
    }
}

fn said(text: &str, path: &Path, key: &str, message: &str, help: &str) -> Option<Problem> {
    let problem = || Problem::error(Code::InvalidReview, path.key(key), message).help(help);
    text.trim().is_empty().then(problem)
}

fn day(text: &str, path: &Path) -> Option<Problem> {
    let message = format!("expected a day such as `2026-11-20`, found `{text}`");
    let problem = || Problem::error(Code::InvalidReview, path.key("date"), message).help("say on which day it was");
    text.parse::<Date>().is_err().then(problem)
}

fn hash(text: &str, path: &Path) -> Option<Problem> {
    let fits = (SHORTEST_HASH..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let message =
        format!("expected the hash of what was signed, {SHORTEST_HASH} hexadecimal digits or more, found `{text}`");
    let help = "`grieta review FILE --role ROLE` ends with the line to paste";
    (!fits).then(|| Problem::error(Code::InvalidReview, path.key("hash"), message).help(help))
}
