//! Which changes to the definitions no scenario notices.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use grieta_testkit::mutate::{self, MutationError, Report};
use grieta_testkit::{Stage, Suite};

use super::Loaded;
use crate::output::Failure;

/// The mutants of every definition that is tested, each run by all the scenarios of that definition.
pub(super) fn of(suites: &[Loaded]) -> Result<Vec<Report>, Failure> {
    let mut by_definition: BTreeMap<PathBuf, Vec<(&Suite, &Stage)>> = BTreeMap::new();
    for (suite, stage) in suites {
        by_definition.entry(suite.beside(&suite.definition)).or_default().push((suite, stage));
    }
    let judged = by_definition.into_iter().map(|(file, suites)| {
        let name = file.display().to_string();
        let bytes = fs::read(&file).map_err(|error| Failure::Input(name.clone(), error))?;
        mutate::check(&name, &bytes, &suites).map_err(|error| match error {
            MutationError::Problems(problems) => Failure::Found(problems),
            other => Failure::Usage(other.to_string()),
        })
    });
    judged.collect()
}
