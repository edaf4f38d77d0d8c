//! How many cases a second the kernel drives to their end, in memory: `engine_flow FILE CASES`.
//!
//! Each case starts with a number `x` from 0 to 20. Every service is completed by a command of its own as soon as it is
//! requested; a checksum is taken over all that happens.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use grieta_core::kernel::{Case, Command, Evaluate, Event, Phase, Sink, Status, execute};
use grieta_core::value::Value;
use grieta_core::{FieldIx, Plan, Process, Timestamp, TokenIx};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "expected a definition file and a number of cases, as in `engine_flow engine-flow.yaml 1000000`";
    let (file, cases) = (arguments.next().ok_or(usage)?, arguments.next().ok_or(usage)?.parse::<u64>()?);
    let plan = Plan::new(Arc::new(Process::read(&file, &std::fs::read(&file)?)?))?;
    let x = plan.field("x").ok_or("expected a field `x`, which is given when a case starts")?;

    let (mut case, mut desk, mut completed) = (Case::default(), Desk::default(), 0);
    let began = Instant::now();
    for number in 0..cases {
        run(&plan, &mut case, &mut desk, (x, Value::Integer((number % 21) as i64)))?;
        completed += u64::from(case.status() == Status::Completed);
    }
    let seconds = began.elapsed().as_secs_f64();

    let (rate, Desk { services, checksum, .. }) = (cases as f64 / seconds, desk);
    #[allow(clippy::print_stdout, reason = "a program for people")]
    {
        println!(
            "grieta {cases} {seconds:.4} s {rate:.0} inst/s checksum={checksum:016x} services={services} completed={completed}"
        );
    }
    Ok(())
}

/// Drives one case until nothing is requested any more.
fn run(plan: &Plan, case: &mut Case, desk: &mut Desk, given: (FieldIx, Value)) -> Result<(), Box<dyn Error>> {
    let now = Timestamp::EPOCH;
    case.renew();
    execute(plan, case, now, &Command::Start { data: vec![given] }, &mut Evaluate, desk)?;
    while let Some(token) = desk.requested.pop() {
        execute(plan, case, now, &Command::Complete { token, outcome: None, data: vec![] }, &mut Evaluate, desk)?;
    }
    Ok(())
}

/// Sees what happens, and keeps what is to be done.
#[derive(Default)]
struct Desk {
    requested: Vec<TokenIx>,
    /// How many services were completed.
    services: u64,
    checksum: u64,
}

impl Sink for Desk {
    #[inline]
    fn event(&mut self, _: &Case, _: Timestamp, event: &Event) {
        let [kind, token, place, way] = match event {
            Event::CaseStarted { steps, .. } => [1, *steps, 0, 0],
            Event::DataSet { field, .. } => [2, field.0, 0, 0],
            Event::TokenPlaced { token, step, via, phase, .. } => {
                if *phase == Phase::Requested {
                    self.requested.push(*token);
                }
                [3, token.0, step.0, via.0]
            }
            Event::TokenSplit { token, new } => [4, token.0, new.0, 0],
            Event::TokenConsumed { token } => [5, token.0, 0, 0],
            Event::WorkCompleted { token, outcome } => {
                self.services += 1;
                [6, token.0, outcome.0, 0]
            }
            Event::CaseCompleted => [7, 0, 0, 0],
            _ => [8, 0, 0, 0],
        };
        let word = u64::from(kind) | u64::from(token) << 16 | u64::from(place) << 32 | u64::from(way) << 48;
        self.checksum = (self.checksum.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
