//! Collects what is wrong while a file is read, and remembers which parts of the definition it touches.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use super::decode::Examples;
use crate::diagnostic::{Code, Path, Place, Problem, Segment, visible};

/// More problems than this are counted but not listed, so that a hostile file cannot fill the memory.
const MOST_LISTED: usize = 10_000;

/// The problems found so far. Shared by all who read; each adds to it.
#[derive(Debug, Default)]
pub(super) struct Findings {
    list: RefCell<Vec<Problem>>,
    unlisted: Cell<usize>,
    steps: RefCell<HashSet<String>>,
    fields: RefCell<HashSet<String>>,
    /// What keys and mappings look like.
    pub examples: Examples,
}

/// What is left of [`Findings`] when the file has been read.
pub(super) struct Summary {
    /// The problems in the order of the file.
    pub problems: Vec<Problem>,
    /// The steps in which something is wrong.
    pub steps: HashSet<String>,
    /// The data fields in which something is wrong.
    pub fields: HashSet<String>,
}

impl Findings {
    /// Nothing found so far.
    pub fn with(examples: Examples) -> Findings {
        Findings { examples, ..Findings::default() }
    }

    pub fn report(&self, problem: Problem) {
        self.remember_part(&problem.path);
        let mut list = self.list.borrow_mut();
        if list.len() == MOST_LISTED {
            self.unlisted.set(self.unlisted.get() + 1);
            return;
        }
        list.push(problem);
    }

    /// Whether what is still reported will be counted only.
    pub fn is_full(&self) -> bool {
        self.list.borrow().len() >= MOST_LISTED
    }

    fn remember_part(&self, path: &Path) {
        let [Segment::Key(section), Segment::Key(name), ..] = path.0.as_slice() else { return };
        let part = match section.as_str() {
            "steps" => &self.steps,
            "data" => &self.fields,
            _ => return,
        };
        if !part.borrow().contains(name) {
            part.borrow_mut().insert(name.clone());
        }
    }

    pub fn finish(self) -> Summary {
        let mut problems = self.list.into_inner();
        problems.sort_by_key(|problem| problem.place);
        if let (Some(last), more @ 1..) = (problems.last(), self.unlisted.get()) {
            let message = format!("there are {more} more problems than the {MOST_LISTED} that are listed");
            let place = last.place;
            problems.push(Problem { place, ..Problem::error(Code::TooLarge, Path::default(), message) });
        }
        Summary { problems, steps: self.steps.into_inner(), fields: self.fields.into_inner() }
    }
}

/// A piece of the file as it is quoted in a message: short, and nothing that commands the terminal.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut shown: String = text.chars().take(LONGEST).map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// The very beginning of a file.
pub(super) const BEGINNING: Place = Place { line: 1, column: 1, length: 1 };
