//! Reading a definition from a file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use grieta_core::diagnostic::Problems;
use grieta_core::{Process, yaml};

/// Why a file gave no process.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file could not be read.
    #[error("cannot read `{file}`: {error}")]
    Io {
        /// The file as it was named.
        file: String,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// The file was read, and is no sound definition.
    #[error("{0}")]
    Problems(Problems),
}

/// Reads and checks a process definition.
///
/// # Errors
/// When the file cannot be read, or with everything that is wrong in it.
///
/// ```
/// let process = grieta::load("process-templates/lead-qualification/to-be.yaml")?;
/// assert_eq!(process.definition().process, "lead-qualification");
/// # Ok::<(), grieta::LoadError>(())
/// ```
pub fn load(file: impl AsRef<Path>) -> Result<Process, LoadError> {
    let name = file.as_ref().display().to_string();
    let mut bytes = Vec::new();
    // Of what is too large the beginning is enough for the reader to say so.
    let read = File::open(&file).and_then(|open| open.take(yaml::LARGEST_FILE as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|error| LoadError::Io { file: name.clone(), error })?;
    Process::read(&name, &bytes).map_err(LoadError::Problems)
}
