//! Reads changes of a process from a file of their own.

use indexmap::IndexMap;

use super::decode::{Examples, Value};
use super::findings::{BEGINNING, Findings};
use super::{examples, reader, tree};
use crate::definition::{Definition, WhatIf};
use crate::diagnostic::{Code, Path, Problem, Problems, Source};

/// Reads changes of a definition from a file of their own, which has the key `what-if` and under it what stands there in a
/// definition. They are checked against the definition.
///
/// ```
/// use grieta_core::Process;
/// use grieta_core::yaml;
///
/// let file = "process: desk\nversion: 1.0.0\nstart: answer\nroles: { agent: { people: 1 } }\n\
///             steps:\n  answer: { human: agent, next: done }\n  done: { end: {} }\n";
/// let process = Process::read("desk.yaml", file.as_bytes())?;
/// let read = |text: &str| yaml::overlay("more.yaml", text.as_bytes(), process.definition());
/// assert_eq!(read("what-if: { two: { people: { agent: 2 } } }")?["two"].people["agent"], 2);
/// let problems = read("what-if: { two: { people: { agnet: 2 } } }").unwrap_err();
/// assert!(problems.to_string().contains("more.yaml:1:29") && problems.to_string().contains("did you mean `agent`?"));
/// # Ok::<(), grieta_core::diagnostic::Problems>(())
/// ```
///
/// # Errors
/// Everything that is wrong with them, each with its place.
pub fn overlay(file: &str, bytes: &[u8], definition: &Definition) -> Result<IndexMap<String, WhatIf>, Problems> {
    let examples = Examples { of_key: examples::example, of_mapping: examples::mapping };
    let findings = Findings::with(examples);
    let text = super::decoded(bytes, &findings);
    let root = text.as_ref().ok().and_then(|text| tree::build(text, &findings));
    let found = root.as_ref().and_then(|root| reader::overlay(Value::root(root, &findings)));
    let mut list = findings.finish().problems;
    for (name, what_if) in found.iter().flatten() {
        let at = Path::root("what-if").key(name);
        // What could not be read is missing, which was said already.
        let touched = list.iter().any(|problem| problem.path.0.starts_with(&at.0));
        let wrong = what_if.problems(definition, &at).into_iter().filter(|_| !touched);
        let located = |problem: Problem| {
            let place = root.as_ref().map(|root| super::place(root, &problem.path, problem.range.as_ref()));
            Problem { place, ..problem }
        };
        list.extend(wrong.map(located).collect::<Vec<_>>());
    }
    if found.is_none() && list.is_empty() {
        let problem = Problem::error(Code::Empty, Path::default(), "there are no changes in this file");
        let problem = problem.help("write some, as in `what-if: { more-customers: { arrivals: 150% } }`");
        list.push(Problem { place: Some(BEGINNING), ..problem });
    }
    let (Ok(text) | Err(text)) = text;
    let source = Some(Source { file: file.to_owned(), text: text.into() });
    match found {
        Some(found) if list.is_empty() => Ok(found),
        _ => Err(Problems { source, list }),
    }
}
