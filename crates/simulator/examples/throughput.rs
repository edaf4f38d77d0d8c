//! How much simulated work a second of computing time brings: `throughput FILE CASES [SEED]`, one replication.

use std::error::Error;
use std::sync::Arc;

use grieta_core::Process;
use grieta_simulator::Simulation;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "expected a definition file and a number of cases, as in `throughput mm5.yaml 1000000`";
    let (file, cases) = (arguments.next().ok_or(usage)?, arguments.next().ok_or(usage)?.parse()?);
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let process = Arc::new(Process::read(&file, &std::fs::read(&file)?)?);
    let results = Simulation::new(&process)?.cases(cases).replications(1).seed(seed).run()?;
    #[allow(clippy::print_stdout, reason = "a program for people")]
    {
        println!("{}", serde_json::to_string(&results)?);
    }
    Ok(())
}
