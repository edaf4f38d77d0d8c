//! How often the reported 95 % interval covers the truth: `coverage [EXPERIMENTS [REPLICATIONS [CUSTOMERS]]]`.
//!
//! M/M/1 at load 0.8, whose mean wait is exactly four mean services. By default 1,000 experiments of 20 replications
//! of 100,000 customers: minutes of computing. `tests/coverage.rs` has a small version.

#![allow(clippy::print_stdout, reason = "a program for people")]

use std::error::Error;
use std::sync::Arc;

use grieta_core::Process;
use grieta_core::definition::{Arrivals, Definition, Distribution, Role, Simulation as Imagined, Span, Step};
use grieta_simulator::Simulation;

/// Four services of a minute each, in seconds.
const TRUTH: f64 = 240.0;

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<u64> = std::env::args().skip(1).map(|number| number.parse()).collect::<Result<_, _>>()?;
    let number = |at: usize, default| numbers.get(at).copied().unwrap_or(default);
    let (experiments, replications, customers) = (number(0, 1_000), number(1, 20), number(2, 100_000));
    let process = Arc::new(Process::new(mm1())?);
    let (mut covered, mut below, mut width) = (0, 0, 0.0);
    for seed in 0..experiments {
        let results = Simulation::new(&process)?.cases(customers).replications(replications).seed(seed).run()?;
        let [low, high] = results.steps[0].wait_ci95_s.ok_or("an interval needs two replications")?;
        covered += u64::from(low <= TRUTH && TRUTH <= high);
        below += u64::from(high < TRUTH);
        width += (high - low) / 2.0 / TRUTH / experiments as f64;
    }
    let share = |count: u64| 100.0 * count as f64 / experiments as f64;
    println!("{experiments} experiments of {replications} replications of {customers} customers, M/M/1 at load 0.8");
    println!(
        "the 95 % interval of the mean wait covers the truth in {:.1} %, lies below it in {:.1} %, above in {:.1} %; mean half-width {:.2} %",
        share(covered),
        share(below),
        share(experiments - covered - below),
        100.0 * width
    );
    Ok(())
}

fn mm1() -> Definition {
    let seconds = |seconds: i64| Span { amount: seconds * 1_000_000, unit: Span::minutes(1).unit };
    let mut definition = Definition::new("mm1", "1.0.0")
        .role("server", Role::of(1))
        .step("serve", Step::human("server").takes(Distribution::exponential(seconds(60))).next("served"))
        .step("served", Step::end());
    let arrivals = Arrivals::Every(Distribution::exponential(seconds(75)));
    definition.simulation = Some(Imagined { arrivals: Some(arrivals), ..Imagined::default() });
    definition
}
