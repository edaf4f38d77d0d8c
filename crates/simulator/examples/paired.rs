//! What keyed random numbers are worth: for each role of a process, the variance of the difference that one person more makes
//! to the mean time from arrival to end, with independent seeds and on the same customers: `paired FILE REPLICATIONS CASES`.

use std::error::Error;
use std::sync::Arc;

use grieta_core::Process;
use grieta_core::definition::{Definition, People};
use grieta_simulator::statistics::Moments;
use grieta_simulator::{Counted, Figure, Simulation, Statistic};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "expected a file and two numbers, as in `paired benches/models/seven-step-flow.yaml 200 5000`";
    let file = arguments.next().ok_or(usage)?;
    let replications = arguments.next().ok_or(usage)?.parse()?;
    let cases = arguments.next().ok_or(usage)?.parse()?;
    let as_is = Process::read(&file, &std::fs::read(&file)?)?;
    let run = |definition: &Definition, seed| means(definition.clone(), replications, cases, seed);
    let base = run(as_is.definition(), 1)?;
    for role in as_is.definition().roles.keys() {
        let mut more = as_is.definition().clone();
        if let Some(People::Count(count)) = more.roles.get_mut(role).map(|role| &mut role.people) {
            *count += 1;
        }
        let (independent, keyed) = (variance(&base, &run(&more, 2)?), variance(&base, &run(&more, 1)?));
        #[allow(clippy::print_stdout, reason = "a program for people")]
        {
            println!("+1 {role}: {independent:.3} / {keyed:.4} = {:.1}", independent / keyed);
        }
    }
    Ok(())
}

/// The mean time from arrival to end of each replication, in minutes.
fn means(definition: Definition, replications: u64, cases: u64, seed: u64) -> Result<Vec<f64>, Box<dyn Error>> {
    let process = Arc::new(Process::new(definition)?);
    let simulation = Simulation::new(&process)?.cases(cases).replications(replications).seed(seed).keeping_figures();
    let figure = Figure::CycleTime { statistic: Statistic::Mean, end: None, counted: Counted::Elapsed };
    Ok(simulation.run()?.figure(figure).values.iter().map(|seconds| seconds / 60.0).collect())
}

/// The variance of the differences, in square minutes.
fn variance(from: &[f64], to: &[f64]) -> f64 {
    // In whole microseconds above a year, so that the exact moments can take them.
    let year = 365.25 * 1_440.0;
    let mut moments = Moments::new();
    moments.extend(from.iter().zip(to).map(|(from, to)| ((to - from + year) * 6e7) as u64));
    moments.variance().unwrap_or(f64::NAN) / 6e7 / 6e7
}
