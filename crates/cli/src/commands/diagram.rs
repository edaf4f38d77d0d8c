//! `grieta diagram`: the process as Mermaid text.

use clap::Args;

use crate::input::Input;
use crate::output::{self, Failure, Findings};

/// Draw a process definition as a Mermaid flowchart
#[derive(Debug, Args)]
pub struct Diagram {
    /// Definition file (YAML); `-` is the standard input
    file: String,
}

impl Diagram {
    pub fn run(&self) -> Result<Findings, Failure> {
        let process = Input::read(&self.file)?.process()?;
        output::print(&grieta_report::mermaid(&process))?;
        Ok(Findings::None)
    }
}
