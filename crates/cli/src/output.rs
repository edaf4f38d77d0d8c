//! What a subcommand ends with, and where its output goes.

use std::io::{self, IsTerminal, Write};

use grieta_core::diagnostic::{Colours, Problems};
use grieta_simulator::{SimulationError, TransactionError};
use grieta_testkit::LoadError;

/// Whether there is anything to worry about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Findings {
    /// All is well: exit code 0.
    None,
    /// Something was found: exit code 1.
    Some,
}

impl Findings {
    /// Findings if that is so.
    pub fn when(found: bool) -> Findings {
        if found { Findings::Some } else { Findings::None }
    }
}

/// Why a subcommand could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The definition has errors.
    Found(Problems),
    /// A file could not be read: its name and why.
    Input(String, io::Error),
    /// A file could not be changed: its name and why.
    Rewrite(String, io::Error),
    /// Lines of a transactions file cannot be used.
    Transactions(String, Vec<TransactionError>),
    /// The simulation cannot be run like this.
    Simulation(SimulationError),
    /// The command makes no sense.
    Usage(String),
    /// The output could not be written.
    Output(io::Error),
}

/// As many bad lines of a transactions file are shown.
const LINES_SHOWN: usize = 20;

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Found(problems) => write!(f, "{problems}"),
            Failure::Input(file, error) => write!(f, "cannot read `{file}`: {error}"),
            Failure::Rewrite(file, error) => write!(f, "cannot write `{file}`: {error}"),
            Failure::Transactions(file, errors) => {
                write!(f, "cannot use the transactions of `{file}`")?;
                errors.iter().take(LINES_SHOWN).try_for_each(|error| write!(f, "\n  {error}"))?;
                match errors.len().saturating_sub(LINES_SHOWN) {
                    0 => Ok(()),
                    more => write!(f, "\n  and {more} more"),
                }
            }
            Failure::Simulation(error) => write!(f, "{error}"),
            Failure::Usage(message) => f.write_str(message),
            Failure::Output(error) => write!(f, "cannot write: {error}"),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Failure {
        match error {
            LoadError::Io { file, error } => Failure::Input(file, error),
            LoadError::Problems(problems) => Failure::Found(problems),
            other => Failure::Usage(other.to_string()),
        }
    }
}

impl From<SimulationError> for Failure {
    fn from(error: SimulationError) -> Failure {
        Failure::Simulation(error)
    }
}

/// Writes a result.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Writes a result as JSON for programs, with a line end.
pub fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::Output(error.into()))?;
    print(&(text + "\n"))
}

/// Colours on a terminal, unless the user wants none (<https://no-color.org>).
pub fn colours(out: &impl IsTerminal) -> Colours {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if out.is_terminal() && !unwanted { Colours::Ansi } else { Colours::Never }
}

/// Tells a person why a subcommand could not do its work.
pub fn complain_of(failure: &Failure) {
    match failure {
        Failure::Found(problems) => complain(&problems.annotated(colours(&io::stderr()))),
        other => complain(&format!("error: {other}\n")),
    }
}

/// Tells a person what went wrong. Where even that cannot be written, only the exit code is left to say it.
pub fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
