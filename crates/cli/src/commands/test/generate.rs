//! Writes scenarios for definitions, for a person to confirm.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use grieta_core::Plan;
use grieta_testkit::coverage::Element;
use grieta_testkit::generate::{Generated, generate};

use super::plural;
use crate::input::Input;
use crate::output::{self, Failure, Findings};

/// What stands at the top of the file.
const UNCONFIRMED: &str = "\
# Generated, and not confirmed by anybody: what is expected here is what happens, not yet what should.
# Look through every scenario, mend the definition or the scenario where they are wrong, then remove these lines.
";

/// Writes a file of scenarios beside each definition, and says what they do. A file that is there already stays as it is.
pub(super) fn write(definitions: &[PathBuf], seed: u64) -> Result<Findings, Failure> {
    for definition in definitions {
        let (file, made) = make(definition, seed)?;
        let written = OpenOptions::new().write(true).create_new(true).open(&file);
        let written =
            written.and_then(|mut open| open.write_all((UNCONFIRMED.to_owned() + &made.suite.to_yaml()).as_bytes()));
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
    let mut plans = vec![Arc::new(Plan::new(process).map_err(Failure::Found)?)];
    let others = add_others(&mut plans, definition.parent().unwrap_or(Path::new("")))?;
    let name = definition.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let file = definition.with_file_name(format!("{name}.generated.test.yaml"));
    let made = generate(&file.display().to_string(), &plans, seed);
    let mut made = made.ok_or_else(|| Failure::Usage(format!("there is no room for the people of `{shown}`")))?;
    made.suite.definition = definition.file_name().unwrap_or_default().to_string_lossy().into_owned();
    made.suite.others = others;
    Ok((file, made))
}

/// Adds the processes that are started by those that are there, from the definitions of a folder; says in which files they were.
fn add_others(plans: &mut Vec<Arc<Plan>>, folder: &Path) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    while let Some(name) = missing(plans) {
        let Some((file, plan)) = beside(folder, &name)? else {
            let help = format!("put the definition of `{name}` beside the one that starts it");
            return Err(Failure::Usage(format!(
                "expected a definition of `{name}` in this folder, found none: {help}"
            )));
        };
        names.push(file);
        plans.push(plan);
    }
    Ok(names)
}

/// A process that one of these starts and that is not among them.
fn missing(plans: &[Arc<Plan>]) -> Option<String> {
    let is_there = |name: &str| plans.iter().any(|plan| plan.definition().process == name);
    let steps = plans.iter().flat_map(|plan| plan.definition().steps.values());
    steps.filter_map(|step| step.kind.starts()).find(|name| !is_there(name)).map(str::to_owned)
}

/// The first file of a folder, by name, that holds the definition of a process.
fn beside(folder: &Path, name: &str) -> Result<Option<(String, Arc<Plan>)>, Failure> {
    let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let unreadable = |error| Failure::Input(shown.display().to_string(), error);
    let mut files: Vec<PathBuf> =
        fs::read_dir(shown).map_err(unreadable)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.retain(|file| file.is_file() && file.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    for file in files {
        // What is no definition is passed over.
        let Ok(process) = Input::read(&file.display().to_string())?.process() else { continue };
        if process.definition().process == name {
            let plan = Plan::new(process).map_err(Failure::Found)?;
            return Ok(Some((file.file_name().unwrap_or_default().to_string_lossy().into_owned(), Arc::new(plan))));
        }
    }
    Ok(None)
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
        "{}: {scenarios} scenario{}; they cover {} of {} elements, and {pairs} pair{} of cracks\n",
        file.display(),
        plural(scenarios),
        total.covered,
        total.total,
        plural(pairs)
    );
    let mut list = |what: &str, elements: &[Element]| {
        for element in elements {
            text += &format!("  {what}: {} {}\n", element.kind.word(), element.name);
        }
    };
    list("no case can do that", &made.impossible);
    list("not found", &made.unreached);
    if made.is_cut {
        text += "  the process is too large for everything to be looked for\n";
    }
    text + "look through what is expected: it is what happens, not yet what should\n"
}
