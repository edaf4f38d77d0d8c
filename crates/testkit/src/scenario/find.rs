//! Finds the files of scenarios in folders.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{ENDING, LoadError};

/// Folders nest this deep at the most.
const DEEPEST: usize = 64;

/// The files of scenarios under these paths, in the order of their names: a file stands for itself, a definition for the
/// scenarios that stand beside it, a folder for every file
/// in it and in the folders inside whose name ends in `.test.yaml`. Hidden folders, links to folders, and folders into which
/// Cargo builds are passed over.
///
/// # Errors
/// When a path does not exist or cannot be read, or there are no scenarios beside a definition.
pub fn find<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Result<Vec<PathBuf>, LoadError> {
    let mut found = Vec::new();
    for path in paths {
        let path = path.as_ref();
        let kind = fs::metadata(path).map_err(|error| unreadable(path, error))?;
        match path.to_str().and_then(|name| name.strip_suffix(".yaml")) {
            _ if kind.is_dir() => search(path, DEEPEST, &mut found)?,
            Some(name) if !name.ends_with(".test") => found.push(beside(path, format!("{name}{ENDING}"))?),
            _ => found.push(path.to_owned()),
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// The scenarios of a definition.
fn beside(definition: &Path, scenarios: String) -> Result<PathBuf, LoadError> {
    if Path::new(&scenarios).is_file() {
        return Ok(PathBuf::from(scenarios));
    }
    let message = format!("its scenarios are looked for in `{scenarios}`, which is not there");
    Err(unreadable(definition, io::Error::new(io::ErrorKind::NotFound, message)))
}

fn search(folder: &Path, deeper: usize, found: &mut Vec<PathBuf>) -> Result<(), LoadError> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(folder, error))?;
        let (path, name) = (entry.path(), entry.file_name());
        let (name, kind) =
            (name.to_string_lossy(), entry.file_type().map_err(|error| unreadable(&entry.path(), error))?);
        if kind.is_dir() && deeper > 0 && !name.starts_with('.') && !path.join("CACHEDIR.TAG").exists() {
            search(&path, deeper - 1, found)?;
        } else if !kind.is_dir() && name.ends_with(ENDING) {
            // `./` before it would only make messages longer.
            found.push(path.strip_prefix(".").map(Path::to_owned).unwrap_or(path));
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: io::Error) -> LoadError {
    LoadError::Io { file: path.display().to_string(), named_by: None, error }
}
