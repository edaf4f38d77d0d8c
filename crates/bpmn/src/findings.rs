//! What is wrong with a file, or cannot be said in a definition, while more is looked for.

use grieta_core::diagnostic::{Code, Path, Place, Problem, Related};

use crate::xml::Element;

/// The problems found so far.
#[derive(Default)]
pub(crate) struct Findings {
    pub list: Vec<Problem>,
}

impl Findings {
    /// In the order of the file.
    pub fn sorted(mut self) -> Vec<Problem> {
        self.list.sort_by_key(|problem| problem.place);
        self.list
    }

    /// An element that a definition cannot say: why, and what to use instead.
    pub fn refuse(&mut self, element: &Element, why: &str, instead: Option<&str>) {
        let message = format!("{} {why}", title(element));
        let problem = Problem::error(Code::UnsupportedElement, path(element), message);
        self.push(problem.maybe_help(instead.map(str::to_owned)), element.place);
    }

    /// An element that is wrong in BPMN too.
    pub fn wrong(&mut self, code: Code, element: &Element, why: &str, help: &str) {
        let message = format!("{} {why}", title(element));
        self.push(Problem::error(code, path(element), message).help(help), element.place);
    }

    /// The same, with a place that explains it.
    pub fn wrong_with(&mut self, code: Code, element: &Element, why: &str, help: &str, label: &str, place: Place) {
        self.wrong(code, element, why, help);
        let related = Related { label: label.to_owned(), path: path(element), place: Some(place) };
        self.list.iter_mut().rev().take(1).for_each(|problem| problem.related.push(related.clone()));
    }

    fn push(&mut self, mut problem: Problem, place: Place) {
        problem.place = Some(place);
        self.list.push(problem);
    }
}

fn path(element: &Element) -> Path {
    Path::root(element.attribute("id").unwrap_or(&element.name))
}

/// An element as people look for it: kind, id and name.
fn title(element: &Element) -> String {
    let id = element.attribute("id").map(|id| format!(" `{id}`")).unwrap_or_default();
    let name = element.title().map(|name| format!(" ({name})")).unwrap_or_default();
    format!("{}{id}{name}", element.name)
}
