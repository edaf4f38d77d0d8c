//! What is wrong with a lead-qualification process, and what a redesign is worth.
//!
//! ```text
//!   as-is.yaml ─┐                                    ┌─ first screen
//!               ├─ check ─ simulate, same customers ─┼─ tables
//!   to-be.yaml ─┘     10,000 leads × 20, seed 7      ├─ as-is → to-be
//!                                                    └─ diagram
//! ```
//!
//! Run it with `cargo run --release --example lead_qualification`.

use std::error::Error;
use std::io::{ErrorKind, Write};
use std::sync::Arc;

use grieta::Process;
use grieta::definition::Variant;
use grieta::report::progress::Progress;
use grieta::report::{Measure, Outline, Screen, mermaid, tables};
use grieta::simulator::{Results, Simulation, compare};

const LEADS: u64 = 10_000;
const SEED: u64 = 7;

/// Sales answers for the time from when a lead is theirs until they call.
const ASSIGNED: &str = "assign-to-sdr";
const CALLED: &str = "contact-attempt";

fn main() -> Result<(), Box<dyn Error>> {
    // Fewer replications for a quick look: `-- 2`.
    let replications = std::env::args().nth(1).map_or(Ok(20), |number| number.parse())?;
    let (as_is, found_as_is) = simulate(Variant::AsIs, replications)?;
    let (to_be, found_to_be) = simulate(Variant::ToBe, replications)?;

    let comparison =
        compare(&found_as_is, &found_to_be).ok_or("two variants are compared over several replications")?;
    let outline = Outline::new(&comparison, "as-is", "to-be")
        .measure("leads that never end", Measure::Stuck)
        .measure("assigned to first call, mean", Measure::Stretch(ASSIGNED, CALLED))
        .measure("assigned to first call, median", Measure::StretchMedian(ASSIGNED, CALLED))
        .measure("wait for a call", Measure::Wait(CALLED))
        .measure("opportunities", Measure::End("opportunity"));

    let command = |variant: &str| format!("cargo grieta simulate process-templates/lead-qualification/{variant}.yaml");
    let pages = [
        Screen::new(&as_is, &found_as_is).command(&command("as-is")).outline(outline.clone()).to_string(),
        Screen::new(&to_be, &found_to_be).command(&command("to-be")).to_string(),
        format!("As-is in figures\n\n{}", tables::all(&found_as_is)),
        format!("To-be in figures\n\n{}", tables::all(&found_to_be)),
        format!("As-is → to-be, the same customers\n{}\n", outline.table()),
        format!("To-be as a diagram (Mermaid)\n\n{}", mermaid(&to_be)),
    ];
    match std::io::stdout().write_all(pages.join("\n\n").as_bytes()) {
        // Whoever reads it has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Checks a variant and simulates it.
fn simulate(variant: Variant, replications: u64) -> Result<(Arc<Process>, Results), Box<dyn Error>> {
    let template = grieta::templates::find("lead-qualification", variant).ok_or("there is no such template")?;
    let process = Arc::new(template.process()?);
    let progress = Progress::new(template.file());
    let simulation = Simulation::new(&process)?.cases(LEADS).replications(replications).seed(SEED);
    let simulation = simulation.measuring(ASSIGNED, CALLED)?;
    let results = simulation.run_with(&|done, of| progress.done(done, of))?;
    Ok((process, results))
}
