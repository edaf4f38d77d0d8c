//! Reads the control flow of BPMN 2.0 files as process definitions.
//!
//! What a file says beyond that (data, diagrams, texts) is read past; every element that takes part in the control flow
//! and that a definition cannot say is refused by its kind, id and name, all of them at once. `docs/bpmn.md` says what
//! becomes of each element.
//!
//! ```
//! let file = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
//!   <process id="order">
//!     <startEvent id="s"/>
//!     <sequenceFlow id="f" sourceRef="s" targetRef="pack"/>
//!     <userTask id="pack" name="Pack it"/>
//!   </process>
//! </definitions>"#;
//! let model = grieta_bpmn::read("order.bpmn", file.as_bytes())?;
//! let definition = &model.processes[0].definition;
//! assert_eq!(definition.start, "pack-it");
//! assert_eq!(model.processes[0].elements["pack-it"].id, "pack");
//! assert!(grieta_core::Process::new(definition.clone()).is_ok());
//! # Ok::<(), grieta_core::diagnostic::Problems>(())
//! ```

#![forbid(unsafe_code)]

mod file;
mod findings;
mod map;
mod messages;
mod names;
mod read;
mod xml;

use std::sync::Arc;

use findings::Findings;
use grieta_core::definition::Definition;
use grieta_core::diagnostic::{Code, Path, Place, Problem, Problems, Segment, Source};
use indexmap::IndexMap;

/// The processes of a BPMN file.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The file.
    pub source: Source,
    /// Those with something in them, in the order of the file; at least one.
    pub processes: Vec<Participant>,
}

/// A process of a BPMN file, usually that of a pool.
#[derive(Debug, Clone, PartialEq)]
pub struct Participant {
    /// The process as a definition. Nothing was checked: `Process::new` may still find that no end can be reached.
    pub definition: Definition,
    /// For each step the element that it stands for, and for each `step!crack` the boundary event.
    pub elements: IndexMap<String, Element>,
    /// The messages that start a case, by the names under which the steps of the other processes send them.
    pub started_by: Vec<String>,
}

impl Model {
    /// What was found in the definition of a participant, with the places of the elements that are meant.
    #[must_use]
    pub fn located(&self, participant: &Participant, mut found: Problems) -> Problems {
        for problem in &mut found.list {
            problem.place = problem.place.or_else(|| participant.place(&problem.path));
            for related in &mut problem.related {
                related.place = related.place.or_else(|| participant.place(&related.path));
            }
        }
        Problems { source: Some(self.source.clone()), list: found.list }
    }
}

impl Participant {
    /// Where the element begins that a path leads into.
    fn place(&self, path: &Path) -> Option<Place> {
        let step = path.step()?;
        let crack = match path.0.get(2..4) {
            Some([Segment::Key(section), Segment::Key(crack) | Segment::Name(crack)]) if section == "cracks" => {
                self.elements.get(&format!("{step}!{crack}"))
            }
            _ => None,
        };
        crack.or_else(|| self.elements.get(step)).map(|element| element.place)
    }
}

/// An element of a BPMN file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its kind, such as `userTask`.
    pub kind: String,
    /// Its identifier.
    pub id: String,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Where it begins in the file.
    pub place: Place,
}

/// Reads a BPMN 2.0 file; `file` is the name to show in problems.
///
/// # Errors
/// Everything that was found wrong, and every element that a definition cannot say, each with its place in the file.
pub fn read(file: &str, bytes: &[u8]) -> Result<Model, Problems> {
    let problems =
        |text: &str, list| Problems { source: Some(Source { file: file.to_owned(), text: text.into() }), list };
    if bytes.len() > xml::MOST_BYTES {
        let message = format!("a file may have at most {} MiB, found {} bytes", xml::MOST_BYTES >> 20, bytes.len());
        let problem = Problem::error(Code::TooLarge, Path::default(), message);
        return Err(problems("", vec![problem.help("leave out the diagrams, or split the file")]));
    }
    let text: Arc<str> = match xml::decode(bytes) {
        Ok(text) => text.into(),
        Err(problem) => return Err(problems("", vec![*problem])),
    };
    let mut findings = Findings::default();
    let read = xml::read(&text).map(|root| read::file(&root, &mut findings));
    match read {
        Ok(read) if findings.list.is_empty() => {
            let source = Source { file: file.to_owned(), text: Arc::clone(&text) };
            Ok(Model { source, processes: map::processes(&read) })
        }
        Ok(_) => Err(problems(&text, findings.sorted())),
        Err(problem) => Err(problems(&text, vec![*problem])),
    }
}
