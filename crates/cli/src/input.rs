//! Reading the files that a command names; `-` is the standard input.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use grieta_core::definition::{Definition, SignOff};
use grieta_core::diagnostic::{Path, Problems};
use grieta_core::{Process, yaml};

use crate::output::Failure;

/// What stands for the standard input.
pub const STANDARD_INPUT: &str = "-";

/// A definition file as it was read.
#[derive(Debug)]
pub struct Input {
    /// The name to show.
    pub name: String,
    bytes: Vec<u8>,
}

impl Input {
    /// Reads a definition file. Of one that is too large only the beginning, which is enough for the reader to say so.
    pub fn read(file: &str) -> Result<Input, Failure> {
        let bytes = open(file, yaml::LARGEST_FILE as u64 + 1)?;
        let name = if file == STANDARD_INPUT { "standard input" } else { file };
        Ok(Input { name: name.to_owned(), bytes })
    }

    /// The checked process.
    pub fn process(&self) -> Result<Arc<Process>, Failure> {
        self.check().map(Arc::new).map_err(Failure::Found)
    }

    /// The checked process, or everything that is wrong with it.
    pub fn check(&self) -> Result<Process, Problems> {
        Process::read(&self.name, &self.bytes)
    }

    /// The file in the form of `grieta fmt`, or what is wrong with it as YAML.
    pub fn format(&self) -> Result<String, Problems> {
        yaml::format(&self.name, &self.bytes)
    }

    /// The file with a signature in place of the one that the same person had given in the same role, or else with one more;
    /// `definition` is what it says now. `None` where it is not written so that only that changes.
    pub fn signed(&self, definition: &Definition, new: &SignOff) -> Option<String> {
        let mut expected = definition.sign_off.clone().unwrap_or_default();
        let own = expected.iter().position(|old| (&old.role, &old.person) == (&new.role, &new.person));
        let reading = yaml::read(&self.name, &self.bytes);
        let text = match own {
            Some(at) => {
                expected[at] = new.clone();
                let path = Path::root("sign-off").index(at);
                let text = reading.replace(&path.key("date"), &new.date)?;
                yaml::read(&self.name, text.as_bytes()).replace(&path.key("hash"), &new.hash)?
            }
            None => {
                expected.insert(0, new.clone());
                reading.insert("sign-off", &yaml::to_line(new))?
            }
        };
        let expected = Definition { sign_off: Some(expected), ..definition.clone() };
        (yaml::read(&self.name, text.as_bytes()).definition == Some(expected)).then_some(text)
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether it is a BPMN file: by its name, or because it begins as XML does.
    pub fn is_bpmn(&self) -> bool {
        let text = self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.bytes);
        self.name.ends_with(".bpmn") || text.trim_ascii_start().starts_with(b"<")
    }

    /// Problems that were found after reading, with their places in the file.
    pub fn locate(&self, problems: Problems) -> Problems {
        yaml::read(&self.name, &self.bytes).located(problems)
    }
}

/// Reads a whole text file.
pub fn text(file: &str) -> Result<String, Failure> {
    let bytes = open(file, u64::MAX)?;
    let not_text = |error| Failure::Input(file.to_owned(), io::Error::new(io::ErrorKind::InvalidData, error));
    String::from_utf8(bytes).map_err(not_text)
}

fn open(file: &str, most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = match file {
        STANDARD_INPUT => io::stdin().lock().take(most).read_to_end(&mut bytes),
        _ => File::open(file).and_then(|opened| opened.take(most).read_to_end(&mut bytes)),
    };
    read.map_err(|error| Failure::Input(file.to_owned(), error))?;
    Ok(bytes)
}
