//! The definitions that a life cycle names, as far as they were found.

use std::sync::Arc;

use grieta_core::Process;
use grieta_core::diagnostic::Problems;
use indexmap::IndexMap;

use crate::definition::LifeCycle;

/// The processes of a life cycle by their names there: checked, or what is wrong with them. Those without a file, or of which
/// there is no such file, are not in it.
#[derive(Debug, Clone, Default)]
pub struct Processes(IndexMap<String, Result<Arc<Process>, Problems>>);

impl Processes {
    /// None.
    pub fn new() -> Processes {
        Processes::default()
    }

    /// Reads those that a life cycle names; `open` gives the bytes of a file as it is named there, or nothing where there is
    /// none.
    pub fn read(life_cycle: &LifeCycle, mut open: impl FnMut(&str) -> Option<Vec<u8>>) -> Processes {
        let read = life_cycle.processes.iter().filter_map(|(name, entry)| {
            let file = entry.file.as_deref()?;
            Some((name.clone(), Process::read(file, &open(file)?).map(Arc::new)))
        });
        Processes(read.collect())
    }

    /// Adds a process.
    #[must_use]
    pub fn with(mut self, name: &str, process: Arc<Process>) -> Processes {
        self.0.insert(name.to_owned(), Ok(process));
        self
    }

    /// The process of that name, if it has a meaning.
    pub fn get(&self, name: &str) -> Option<&Arc<Process>> {
        self.0.get(name)?.as_ref().ok()
    }

    /// Whether there is a definition of that name, whatever is wrong with it.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Those that have a meaning, in the order of the life cycle.
    pub fn sound(&self) -> impl Iterator<Item = (&String, &Arc<Process>)> {
        self.0.iter().filter_map(|(name, process)| Some((name, process.as_ref().ok()?)))
    }

    /// Those that have none, and why.
    pub fn broken(&self) -> impl Iterator<Item = (&String, &Problems)> {
        self.0.iter().filter_map(|(name, process)| Some((name, process.as_ref().err()?)))
    }
}
