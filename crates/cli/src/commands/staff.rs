//! `grieta staff`: the least cost that meets the goals.

use std::ops::RangeInclusive;

use clap::Args;
use grieta_report::progress::Progress;
use grieta_simulator::staffing::{Search, Staffing, StaffingError};

use super::runs::Runs;
use crate::input::Input;
use crate::output::{Failure, Findings};

/// Find the least costly number of people of each role that meets the goals, and what more time would cost
///
/// Exit code 1 when no allocation that was simulated meets the goals.
#[derive(Debug, Args)]
pub struct Staff {
    /// The definition file (YAML), with `goals`, and a `cost` for each role of which there may be more or fewer
    file: String,
    /// From how many to how many people a role may have, as `clerk=1..6`; may be repeated
    #[arg(long, value_name = "ROLE=FROM..TO", value_parser = people)]
    people: Vec<(String, RangeInclusive<u32>)>,
    /// Calendars by which a role may work besides its own, as `clerk=office,late`; may be repeated
    #[arg(long, value_name = "ROLE=CALENDAR,…", value_parser = calendars)]
    calendar: Vec<(String, Vec<String>)>,
    /// At most so many allocations are simulated
    #[arg(long, default_value_t = 1_000)]
    evaluations: u64,
    #[command(flatten)]
    runs: Runs,
}

fn people(text: &str) -> Result<(String, RangeInclusive<u32>), String> {
    let read = || {
        let (role, range) = text.split_once('=')?;
        let (from, to) = range.split_once("..").unwrap_or((range, range));
        let range = from.trim().parse().ok()?..=to.trim().trim_start_matches('=').parse().ok()?;
        (*range.start() > 0 && range.start() <= range.end()).then_some((role.to_owned(), range))
    };
    read().ok_or_else(|| format!("expected a role and how many people it may have, as in `clerk=1..6`, found `{text}`"))
}

/// The roles that are named.
fn roles<T>(named: &[(String, T)]) -> Vec<&str> {
    named.iter().map(|(role, _)| role.as_str()).collect()
}

fn calendars(text: &str) -> Result<(String, Vec<String>), String> {
    let read = || {
        let (role, names) = text.split_once('=')?;
        let names: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
        (!names.iter().any(String::is_empty)).then_some((role.to_owned(), names))
    };
    read().ok_or_else(|| format!("expected a role and its calendars, as in `clerk=office,late`, found `{text}`"))
}

impl Staff {
    pub fn run(&self) -> Result<Findings, Failure> {
        let input = Input::read(&self.file)?;
        let process = input.process()?;
        for named in [roles(&self.people), roles(&self.calendar)] {
            if let Some(twice) = (1..named.len()).find(|at| named[..*at].contains(&named[*at])) {
                return Err(Failure::Usage(format!("`{}` is named twice; say all of a role at once", named[twice])));
            }
        }
        let search = Search {
            people: self.people.iter().cloned().collect(),
            calendars: self.calendar.iter().cloned().collect(),
            replications: self.runs.replications,
            evaluations: self.evaluations,
        };
        let progress = Progress::new(&self.file);
        let set_up = |simulation| self.runs.set_up(simulation);
        let found = Staffing::of(&process, &search, set_up, &|done, of| progress.done(done, of));
        drop(progress);
        let found = found.map_err(|error| match error {
            StaffingError::Problems(problems) => Failure::Found(input.locate(problems)),
            StaffingError::Simulation(error) => Failure::Simulation(error),
            other => Failure::Usage(other.to_string()),
        })?;
        self.runs.print(&found, grieta_report::staffing)?;
        Ok(Findings::when(found.best.is_none()))
    }
}
