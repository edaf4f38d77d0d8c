//! What the truth tests share: models from formulas, and how far a result may lie from the truth.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::path::Path;
use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::statistics::student_quantile;
use grieta_simulator::{Results, Simulation};

/// A file of the repository, by its path from the root.
pub fn file(path: &str) -> Arc<Process> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    let bytes = std::fs::read(&full).unwrap_or_else(|error| panic!("{}: {error}", full.display()));
    Arc::new(Process::read(path, &bytes).unwrap_or_else(|problems| panic!("{problems}")))
}

/// One step with a queue. A minute is the unit of time; the mean service takes one.
pub fn station(servers: u32, gap: &str, service: &str) -> Arc<Process> {
    let text = format!(
        r#"
process: station
version: 1.0.0
start: serve
roles: {{ server: {{ people: {servers} }} }}
steps:
  serve: {{ human: {{ role: server, takes: "{service}" }}, next: served }}
  served: {{ end: {{}} }}
simulation: {{ arrivals: {{ every: "{gap}" }} }}
"#
    );
    Arc::new(Process::read("station.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}")))
}

/// Exponential gaps for that many arrivals a minute, to the nanosecond of a minute.
pub fn poisson(rate: f64) -> String {
    format!("exponential({:.9} min)", 1.0 / rate)
}

pub fn run(process: &Arc<Process>, cases: u64, replications: u64, seed: u64) -> Results {
    let simulation = Simulation::new(process).unwrap_or_else(|problems| panic!("{problems}"));
    simulation.cases(cases).replications(replications).seed(seed).run().unwrap()
}

/// The middle of a reported 95 % interval, and half its width at another level: both are t-intervals over the same
/// replications, so only the quantile differs.
pub fn at_level(interval: [f64; 2], replications: u64, level: f64) -> (f64, f64) {
    let quantile = |level: f64| student_quantile(0.5 + level / 2.0, replications - 1).unwrap();
    let half = (interval[1] - interval[0]) / 2.0;
    ((interval[0] + interval[1]) / 2.0, half / quantile(0.95) * quantile(level))
}

/// Fails unless the truth lies in the reported interval, widened to a level at which a test may run for ever.
pub fn assert_covers(what: &str, interval: Option<[f64; 2]>, replications: u64, truth: f64) {
    let interval = interval.unwrap_or_else(|| panic!("{what}: there is no interval"));
    let (middle, half) = at_level(interval, replications, 0.9999);
    assert!((middle - truth).abs() <= half, "{what}: {middle} ± {half} does not cover {truth}");
}
