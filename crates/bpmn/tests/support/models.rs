//! Where the public models are, which are no part of the repository.
#![allow(clippy::print_stderr, reason = "a test that is skipped says why")]

use std::path::{Path, PathBuf};

/// Their folder, if they are here; else says how to have them looked at.
pub fn models() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/models");
    let folder = std::env::var_os("BPMN_MODELS").map_or_else(beside, PathBuf::from);
    let found = folder.join("MANIFEST.csv").is_file().then_some(folder);
    if found.is_none() {
        eprintln!("skipped: the models are not here; set BPMN_MODELS to their folder");
    }
    found
}
