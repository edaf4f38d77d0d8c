//! `grieta schema`: what an editor needs to help with a definition file.

use clap::Args;

use crate::output::{self, Failure, Findings};

/// Print the JSON Schema of definition files
#[derive(Debug, Args)]
pub struct Schema {}

impl Schema {
    pub fn run(&self) -> Result<Findings, Failure> {
        output::print(&grieta_core::definition::json_schema())?;
        Ok(Findings::None)
    }
}
