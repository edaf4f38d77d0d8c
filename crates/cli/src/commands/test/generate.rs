//! Writes scenarios for definitions, for a person to confirm.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use grieta_core::Plan;
use grieta_testkit::coverage::Element;
use grieta_testkit::generate::{Generated, generate};

use crate::input::Input;
use crate::output::{self, Failure, Findings};

/// Writes a file of scenarios beside each definition, and says what they do. A file that is there already stays as it is.
pub(super) fn write(definitions: &[PathBuf], seed: u64) -> Result<Findings, Failure> {
    for definition in definitions {
        let (file, made) = make(definition, seed)?;
        let written = OpenOptions::new().write(true).create_new(true).open(&file);
        let written = written.and_then(|mut open| open.write_all(made.suite.to_yaml().as_bytes()));
        written.map_err(|error| Failure::Rewrite(file.display().to_string(), explained(error)))?;
        output::print(&summary(&file, &made))?;
    }
    Ok(Findings::None)
}

fn make(definition: &Path, seed: u64) -> Result<(PathBuf, Generated), Failure> {
    let shown = definition.display().to_string();
    if definition.is_dir() {
        return Err(Failure::Usage(format!("expected definitions for `--generate`, found the folder `{shown}`")));
    }
    let process = Input::read(&shown)?.process()?;
    let plan = Plan::new(process).map_err(Failure::Found)?;
    let name = definition.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let file = definition.with_file_name(format!("{name}.generated.test.yaml"));
    let made = generate(&file.display().to_string(), &[Arc::new(plan)], seed);
    let mut made = made.ok_or_else(|| Failure::Usage(format!("there is no room for the people of `{shown}`")))?;
    made.suite.definition = definition.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((file, made))
}

/// What to do about a file that is there already.
fn explained(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::AlreadyExists => {
            io::Error::new(error.kind(), "it is there already; rename it, or remove it first")
        }
        _ => error,
    }
}

fn summary(file: &Path, made: &Generated) -> String {
    let total = made.coverage.total();
    let (scenarios, pairs) = (made.suite.scenarios.len(), made.pairs);
    let mut text = format!(
        "{}: {scenarios} scenarios; they cover {} of {} elements, and {pairs} pairs of cracks\n",
        file.display(),
        total.covered,
        total.total
    );
    let mut list = |what: &str, elements: &[Element]| {
        for element in elements {
            text += &format!("  {what}: {} {}\n", element.kind.word(), element.name);
        }
    };
    list("no case can do that", &made.impossible);
    list("not found", &made.unreached);
    text + "look through what is expected: it is what happens, not yet what should\n"
}
