//! `grieta fmt`: definition files in one form, with all their comments and the same meaning.

use clap::Args;

use crate::input::{Input, STANDARD_INPUT};
use crate::output::{self, Failure, Findings};

/// Lay definition files out in one form
///
/// Writes a file only if something changes in it; JSON stays as it is. Exit code 1 when a file is no YAML, which is then left as it is, or when
/// `--check` finds a file that would change.
#[derive(Debug, Args)]
pub struct Fmt {
    /// Definition files (YAML); `-` is the standard input, whose form goes to the standard output
    #[arg(required = true)]
    files: Vec<String>,
    /// Change nothing, and name the files that would change
    #[arg(long)]
    check: bool,
}

impl Fmt {
    pub fn run(&self) -> Result<Findings, Failure> {
        let (mut found, mut failed) = (false, None);
        for file in &self.files {
            match self.file(file) {
                Ok(changes) => found |= changes && self.check,
                Err(Failure::Found(problems)) => {
                    output::complain(&problems.to_string());
                    found = true;
                }
                Err(failure) => failed = failed.or(Some(failure)),
            }
        }
        match failed {
            Some(failure) => Err(failure),
            None => Ok(Findings::when(found)),
        }
    }

    /// Whether the file is not in its form yet; if so, it is afterwards.
    fn file(&self, file: &str) -> Result<bool, Failure> {
        let input = Input::read(file)?;
        if serde_json::from_slice::<serde::de::IgnoredAny>(input.bytes()).is_ok() {
            output::complain(&format!("{}: this is JSON, and is left as it is\n", input.name));
            return Ok(false);
        }
        let formatted = input.format().map_err(Failure::Found)?;
        let changes = formatted.as_bytes() != input.bytes();
        match (self.check, file) {
            (true, _) if changes => output::print(&format!("{}\n", input.name))?,
            (false, STANDARD_INPUT) => output::print(&formatted)?,
            (false, _) if changes => {
                std::fs::write(file, formatted).map_err(|error| Failure::Rewrite(file.to_owned(), error))?;
            }
            _ => {}
        }
        Ok(changes)
    }
}
