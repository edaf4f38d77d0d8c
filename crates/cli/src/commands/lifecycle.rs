//! `grieta lifecycle`: the way of a customer across processes.

mod simulate;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use grieta_core::diagnostic::{Problems, Severity};
use grieta_lifecycle::{Diagnosis, LifeCycle, MaturityRow, Processes, Readiness, Stub, check, stubs};
use serde::Serialize;

use super::Format;
use crate::input;
use crate::output::{self, Failure, Findings};

/// The way of a customer across processes
#[derive(Debug, Subcommand)]
pub enum Lifecycle {
    Check(Check),
    Simulate(simulate::Simulate),
}

/// Check a life cycle with the processes it names
///
/// Says which stage nobody serves, what has no process or no owner, what is lost where one department hands over to another, how far
/// each process has come and how ready each stage is. Exit code 1 when there is an error or a warning.
#[derive(Debug, Args)]
pub struct Check {
    /// The file of the life cycle; the definitions it names lie where it says, seen from there
    file: String,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write a first definition of each process that is missing into this folder, unless there is a file of that name
    #[arg(long, value_name = "FOLDER")]
    stubs: Option<PathBuf>,
}

/// The result, as JSON.
#[derive(Debug, Serialize)]
struct Report<'a> {
    life_cycle: &'a str,
    sound: bool,
    problems: Vec<Row>,
    maturity: &'a [MaturityRow],
    readiness: &'a [Readiness],
    /// The files that were written.
    stubs: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    code: &'static str,
    severity: &'static str,
    message: String,
    path: String,
    line: Option<u32>,
    column: Option<u32>,
    help: Option<String>,
}

impl Lifecycle {
    pub fn run(&self) -> Result<Findings, Failure> {
        match self {
            Lifecycle::Check(check) => check.run(),
            Lifecycle::Simulate(simulate) => simulate.run(),
        }
    }
}

/// A life cycle and the processes it names.
fn read(file: &str, text: &str) -> Result<(LifeCycle, Processes), Failure> {
    let life_cycle = LifeCycle::read(file, text.as_bytes()).map_err(Failure::Found)?;
    let folder = Path::new(file).parent().unwrap_or_else(|| Path::new(""));
    let processes = Processes::read(&life_cycle, |file| fs::read(folder.join(file)).ok());
    Ok((life_cycle, processes))
}

impl Check {
    fn run(&self) -> Result<Findings, Failure> {
        let text = input::text(&self.file)?;
        let (life_cycle, processes) = read(&self.file, &text)?;
        let found = check(&life_cycle, &processes);
        let problems = found.located(&self.file, text.as_bytes());
        let written = match &self.stubs {
            Some(folder) => write(folder, &stubs(&life_cycle, &processes))?,
            None => Vec::new(),
        };
        match self.format {
            Format::Text => output::print(&shown(&life_cycle, &found, &problems, &written))?,
            Format::Json => output::print_json(&Report {
                life_cycle: &life_cycle.life_cycle,
                sound: found.is_sound(),
                problems: problems.list.iter().map(row).collect(),
                maturity: &found.maturity,
                readiness: &found.readiness,
                stubs: written,
            })?,
        }
        Ok(Findings::when(problems.list.iter().any(|problem| problem.severity < Severity::Advice)))
    }
}

fn shown(life_cycle: &LifeCycle, found: &Diagnosis, problems: &Problems, written: &[String]) -> String {
    let mut text = problems.annotated(output::colours(&io::stdout()));
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&found.to_string());
    let count = match problems.list.len() {
        0 => "nothing is missing, and nothing is lost".to_owned(),
        1 => "1 finding".to_owned(),
        several => format!("{several} findings"),
    };
    text.push_str(&format!("\n{}: {count}\n", life_cycle.life_cycle));
    for file in written {
        text.push_str(&format!("written: {file}; name it under `processes`, and under `process` of its touchpoint\n"));
    }
    text
}

fn row(problem: &grieta_core::diagnostic::Problem) -> Row {
    Row {
        code: problem.code.as_str(),
        severity: problem.severity.as_str(),
        message: problem.message.clone(),
        path: problem.path.to_string(),
        line: problem.place.map(|place| place.line),
        column: problem.place.map(|place| place.column),
        help: problem.help.clone(),
    }
}

/// Writes those that are not there yet, and says which.
fn write(folder: &Path, stubs: &[Stub]) -> Result<Vec<String>, Failure> {
    let mut written = Vec::new();
    for stub in stubs {
        let inside = Path::new(&stub.file).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !inside {
            let message =
                format!("`{}` does not lie in the folder of the stubs: name it by a path without `..`", stub.file);
            return Err(Failure::Usage(message));
        }
        let path = folder.join(&stub.file);
        let name = path.display().to_string();
        let failed = |error: io::Error| Failure::Rewrite(name.clone(), error);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
        match File::create_new(&path) {
            Ok(mut file) => file.write_all(stub.definition.to_yaml().as_bytes()).map_err(failed)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(failed(error)),
        }
        written.push(name);
    }
    Ok(written)
}
