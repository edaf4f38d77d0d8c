//! The `grieta` command: reads what is asked, lets the library do it, prints what it found.
//!
//! Nothing about processes is decided here. Each subcommand is a file of [`commands`].

mod checked;
mod commands;
mod input;
mod output;

use std::process::ExitCode;

use clap::Parser;

use crate::output::{Failure, Findings};

/// Finds the cracks of a business process before a customer falls through them.
///
/// Exit codes: 0 all is well; 1 something was found (an error in a definition, a dead end, a role that cannot keep up);
/// 2 something could not be read, or the command makes no sense.
#[derive(Debug, Parser)]
#[command(name = "grieta", version)]
struct Arguments {
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    let findings = match Arguments::parse().command.run() {
        Ok(findings) => findings,
        Err(failure @ Failure::Found(_)) => {
            output::complain_of(&failure);
            Findings::Some
        }
        // Whoever reads the output has seen enough.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Findings::None,
        Err(failure) => {
            output::complain_of(&failure);
            return ExitCode::from(2);
        }
    };
    match findings {
        Findings::None => ExitCode::SUCCESS,
        Findings::Some => ExitCode::from(1),
    }
}
