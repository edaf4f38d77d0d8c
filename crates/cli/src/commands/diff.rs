//! `grieta diff`: what a redesign changes, step by step and for each role.

use std::sync::Arc;

use clap::{Args, ValueEnum};
use grieta_core::Process;
use grieta_core::difference::Difference;
use grieta_report::progress::Progress;
use grieta_report::{difference, difference_as_mermaid};
use grieta_simulator::{Results, RoleHours, Simulation};
use serde::Serialize;

use super::DEFAULT_SEED;
use crate::input::Input;
use crate::output::{self, Failure, Findings};

/// What a redesign changes: steps added, removed, moved between roles or otherwise changed, and what each role gains and loses
///
/// Hours of work come from a simulation of both on the same customers, where both say how cases arrive.
#[derive(Debug, Args)]
pub struct Diff {
    /// The first definition file (YAML), such as the work as it is
    from: String,
    /// The second, such as the work as it should be
    to: String,
    /// Cases in each replication of the simulation; with 0 nothing is simulated
    #[arg(long, default_value_t = 2_000)]
    cases: u64,
    /// Independent replications, at least 2
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u64).range(2..))]
    replications: u64,
    /// The seed; both meet the customers of the same seed
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

/// How a difference is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For programs
    Json,
    /// Both as one flowchart
    Mermaid,
}

/// A difference, as JSON.
#[derive(Debug, Serialize)]
struct Found {
    #[serde(flatten)]
    difference: Difference,
    hours: Option<RoleHours>,
    /// Why there are no hours.
    not_simulated: Option<String>,
}

impl Diff {
    pub fn run(&self) -> Result<Findings, Failure> {
        let (before, after) = (Input::read(&self.from)?.process()?, Input::read(&self.to)?.process()?);
        let found = Difference::between(before.definition(), after.definition());
        if self.format == Form::Mermaid {
            output::print(&difference_as_mermaid(&before, &after, &found))?;
            return Ok(Findings::None);
        }
        let hours = self.hours(&before, &after);
        match self.format {
            Form::Json => {
                let (hours, not_simulated) = match hours {
                    Ok(hours) => (Some(hours), None),
                    Err(why) => (None, Some(why)),
                };
                output::print_json(&Found { difference: found, hours, not_simulated })?;
            }
            _ => output::print(&difference(&found, hours.as_ref().map_err(String::as_str)))?,
        }
        Ok(Findings::None)
    }

    /// The hours of work of each role, or why nothing was simulated.
    fn hours(&self, before: &Arc<Process>, after: &Arc<Process>) -> Result<RoleHours, String> {
        if self.cases == 0 {
            return Err("no cases were asked for".to_owned());
        }
        let ((from, weekly_from), (to, weekly_to)) =
            (self.simulate(&self.from, before)?, self.simulate(&self.to, after)?);
        RoleHours::of(&from, &to, [weekly_from, weekly_to]).ok_or_else(|| "both need the same customers".to_owned())
    }

    /// What a simulation finds, and how many cases arrive in a week.
    fn simulate(&self, file: &str, process: &Arc<Process>) -> Result<(Results, Option<f64>), String> {
        let said = |why: &dyn std::fmt::Display| format!("{file}: {why}");
        let simulation = Simulation::new(process).map_err(|problems| match problems.list.first() {
            Some(problem) => said(&problem.message),
            None => said(&"it cannot be simulated"),
        })?;
        let simulation = simulation.cases(self.cases).replications(self.replications).seed(self.seed);
        let weekly = simulation.cases_per_week();
        let progress = Progress::new(file);
        let results = simulation.run_with(&|done, of| progress.done(done, of)).map_err(|error| said(&error))?;
        Ok((results, weekly))
    }
}
