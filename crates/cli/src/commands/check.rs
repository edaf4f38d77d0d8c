//! `grieta check`: what is wrong with definitions, each problem with its place.

use std::io;
use std::sync::Arc;

use clap::Args;
use grieta_core::Process;
use grieta_core::diagnostic::{Problem, Problems, Related, Severity};
use grieta_simulator::Simulation;
use serde::Serialize;

use super::Format;
use crate::input::Input;
use crate::output::{self, Failure, Findings};

/// Check process definitions
///
/// Reports every problem at once, each with its place in the file; `grieta explain` says more of each. Exit code 1 when there is an error; warnings alone
/// leave it 0.
#[derive(Debug, Args)]
pub struct Check {
    /// Definition files (YAML); `-` is the standard input
    #[arg(required = true)]
    files: Vec<String>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The result, as JSON.
#[derive(Debug, Serialize)]
struct Report {
    /// Whether no case can get stuck; `null` as long as nothing can decide it.
    sound: Option<bool>,
    problems: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    code: &'static str,
    severity: &'static str,
    message: String,
    file: String,
    line: Option<u32>,
    column: Option<u32>,
    step: Option<String>,
    help: Option<String>,
    related: Vec<Place>,
}

/// A place that explains the problem.
#[derive(Debug, Serialize)]
struct Place {
    label: String,
    line: Option<u32>,
    column: Option<u32>,
}

impl Check {
    pub fn run(&self) -> Result<Findings, Failure> {
        let (mut found, mut unread) = (Vec::new(), None);
        for file in &self.files {
            match Input::read(file) {
                Ok(input) => found.push((input.name.clone(), check(&input))),
                Err(failure) => unread = unread.or(Some(failure)),
            }
        }
        match self.format {
            Format::Text => {
                let reports: String = found.iter().map(|(file, checked)| text(file, checked)).collect();
                output::print(&(reports + &hint(&found)))?
            }
            Format::Json => output::print_json(&Report { sound: None, problems: rows(&found) })?,
        }
        match unread {
            Some(failure) => Err(failure),
            None => Ok(Findings::when(found.iter().any(|(_, checked)| checked.is_err()))),
        }
    }
}

/// Checks a file; what only keeps a simulation from running is a warning, where the file speaks of simulation at all.
fn check(input: &Input) -> Result<Process, Problems> {
    let process = input.check()?;
    if process.definition().simulation.is_none() {
        return Ok(process);
    }
    match Simulation::new(&Arc::new(process.clone())) {
        Ok(_) => Ok(process),
        Err(found) => Ok(process.warn(input.locate(found))),
    }
}

fn problems(checked: &Result<Process, Problems>) -> &Problems {
    match checked {
        Ok(process) => process.warnings(),
        Err(problems) => problems,
    }
}

/// The problems of a file and a line that counts them.
fn text(file: &str, checked: &Result<Process, Problems>) -> String {
    let problems = problems(checked);
    let number = |severity| problems.list.iter().filter(|problem| problem.severity == severity).count();
    let (errors, warnings) = (number(Severity::Error), number(Severity::Warning));
    let verdict = match (errors, warnings) {
        (0, 0) => "no problems found; whether every case can end is not proved".to_owned(),
        (0, warnings) => format!("no errors, {}", counted(warnings, "warning")),
        (errors, 0) => counted(errors, "error"),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    };
    match problems.is_empty() {
        true => format!("{file}: {verdict}\n"),
        false => format!("{}\n{file}: {verdict}\n", problems.annotated(output::colours(&io::stdout()))),
    }
}

/// As many codes as one cares to read about at once.
const MOST_HINTED: usize = 4;

/// How to learn more about what was found.
fn hint(found: &[(String, Result<Process, Problems>)]) -> String {
    let mut codes: Vec<&str> = Vec::new();
    for problem in found.iter().flat_map(|(_, checked)| &problems(checked).list) {
        if codes.len() < MOST_HINTED && !codes.contains(&problem.code.as_str()) {
            codes.push(problem.code.as_str());
        }
    }
    if codes.is_empty() { String::new() } else { format!("for more: grieta explain {}\n", codes.join(" ")) }
}

fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

fn rows(found: &[(String, Result<Process, Problems>)]) -> Vec<Row> {
    let each =
        found.iter().flat_map(|(file, checked)| problems(checked).list.iter().map(move |problem| (file, problem)));
    each.map(|(file, problem)| row(file, problem)).collect()
}

fn row(file: &str, problem: &Problem) -> Row {
    Row {
        code: problem.code.as_str(),
        severity: problem.severity.as_str(),
        message: problem.message.clone(),
        file: file.to_owned(),
        line: problem.place.map(|place| place.line),
        column: problem.place.map(|place| place.column),
        step: problem.path.step().map(str::to_owned),
        help: problem.help.clone(),
        related: problem.related.iter().map(place).collect(),
    }
}

fn place(related: &Related) -> Place {
    let (line, column) = related.place.map(|place| (place.line, place.column)).unzip();
    Place { label: related.label.clone(), line, column }
}
