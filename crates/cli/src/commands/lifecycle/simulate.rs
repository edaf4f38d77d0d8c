//! `grieta lifecycle simulate`: all processes of a life cycle on one clock.

use std::sync::Arc;

use clap::Args;
use grieta_core::{Duration, Process};
use grieta_lifecycle::{Journey, Route, united};
use grieta_simulator::Network;

use super::read;
use crate::commands::simulate::elapsed;
use crate::commands::{DEFAULT_SEED, Format};
use crate::input;
use crate::output::{self, Failure, Findings};

/// Simulate all processes of a life cycle together: what is handed over, how good it is, and who keeps their promises
///
/// Exit code 1 when a promise is broken, or a customer is contacted too often or after refusing.
#[derive(Debug, Args)]
pub struct Simulate {
    /// The life cycle file (YAML)
    file: String,
    /// For how long customers come; what has begun is carried to its end
    #[arg(long = "for", value_name = "SPAN", value_parser = elapsed, default_value = "180d")]
    lasting: Duration,
    /// Independent replications
    #[arg(long, default_value_t = 8)]
    replications: u64,
    /// The seed; each time the processes meet the customers of the same seed
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// Tell all that happened to this customer of the first replication, instead of the rest
    #[arg(long, value_name = "NAME")]
    customer: Option<String>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Simulate {
    pub fn run(&self) -> Result<Findings, Failure> {
        let (life_cycle, processes) = read(&self.file, &input::text(&self.file)?)?;
        let definitions = united(&life_cycle, &processes).map_err(Failure::Found)?;
        let checked: Result<Vec<Arc<Process>>, _> =
            definitions.into_iter().map(|definition| Process::new(definition).map(Arc::new)).collect();
        let checked = checked.map_err(Failure::Found)?;
        let network = Network::new(&checked).map_err(|error| Failure::Usage(error.to_string()))?;
        let network = network.lasting(self.lasting).replications(self.replications).seed(self.seed);
        let journey = Route::of(&life_cycle, &processes).follow(&network, &checked).map_err(Failure::Simulation)?;
        match (&self.customer, self.format) {
            (Some(customer), _) => self.tell(&journey, customer)?,
            (None, Format::Json) => output::print_json(&journey)?,
            (None, Format::Text) => output::print(&journey.to_string())?,
        }
        Ok(Findings::when(journey.is_broken()))
    }

    fn tell(&self, journey: &Journey, customer: &str) -> Result<(), Failure> {
        let history = journey.histories.get(customer).ok_or_else(|| {
            let some: Vec<&str> = journey.histories.keys().take(3).map(String::as_str).collect();
            Failure::Usage(format!(
                "there is no customer `{customer}` in the first replication; there are such as {}",
                some.join(", ")
            ))
        })?;
        output::print(&format!("{customer}: {}\n", history.line()))
    }
}
