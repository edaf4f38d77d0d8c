//! The subcommands, a file each.

mod check;
mod compare;
mod cracks;
mod diagram;
mod diff;
mod effects;
mod explain;
mod fmt;
mod generate;
mod lifecycle;
mod review;
mod round;
mod runs;
mod schema;
mod simulate;
mod staff;
mod stress;
mod template;
mod test;
mod what_if;

use clap::{Subcommand, ValueEnum};

use crate::output::{Failure, Findings};

/// The seed when none is given; the one of the library.
const DEFAULT_SEED: u64 = 1;

/// What is asked.
#[derive(Debug, Subcommand)]
pub enum Command {
    Check(check::Check),
    Explain(explain::Explain),
    Simulate(Box<simulate::Simulate>),
    Compare(compare::Compare),
    Effects(effects::OfChanges),
    Cracks(cracks::OfCracks),
    Stress(stress::OfMore),
    Staff(staff::Staff),
    Round(round::OfImprovement),
    Generate(generate::Generate),
    #[command(subcommand)]
    Lifecycle(lifecycle::Lifecycle),
    Diagram(diagram::Diagram),
    Diff(diff::Diff),
    Review(review::Review),
    Fmt(fmt::Fmt),
    Schema(schema::Schema),
    Test(test::Test),
    #[command(subcommand)]
    Template(template::Template),
}

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Command {
    /// Does what is asked.
    pub fn run(self) -> Result<Findings, Failure> {
        match self {
            Command::Check(check) => check.run(),
            Command::Explain(explain) => explain.run(),
            Command::Simulate(simulate) => simulate.run(),
            Command::Compare(compare) => compare.run(),
            Command::Effects(effects) => effects.run(),
            Command::Cracks(cracks) => cracks.run(),
            Command::Stress(stress) => stress.run(),
            Command::Staff(staff) => staff.run(),
            Command::Round(round) => round.run(),
            Command::Generate(generate) => generate.run(),
            Command::Lifecycle(lifecycle) => lifecycle.run(),
            Command::Diagram(diagram) => diagram.run(),
            Command::Diff(diff) => diff.run(),
            Command::Review(review) => review.run(),
            Command::Fmt(fmt) => fmt.run(),
            Command::Schema(schema) => schema.run(),
            Command::Test(test) => test.run(),
            Command::Template(template) => template.run(),
        }
    }
}
