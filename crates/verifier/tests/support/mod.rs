//! Small processes, and traces as they are told.
#![allow(clippy::unwrap_used, clippy::panic, dead_code, reason = "helpers of tests fail like tests")]

use std::sync::Arc;

use grieta_core::kernel::{Command, Event};
use grieta_core::{Plan, Process, yaml};
use grieta_verifier::Trace;

/// A process whose first step is `start`, with people at the `desk`.
pub fn plan(steps: &str) -> Plan {
    let steps: String = steps.lines().map(|line| format!("  {line}\n")).collect();
    let file = format!("process: p\nversion: 1.0.0\nstart: start\nroles: {{ desk: {{ people: 1 }} }}\nsteps:\n{steps}");
    let reading = yaml::read("p.yaml", file.as_bytes());
    // A loop without exit is refused before it can be explored, unless one asks what would be.
    let process = Process::what_if(reading.definition.unwrap()).unwrap_or_else(|problems| panic!("{problems}"));
    Plan::new(Arc::new(process)).unwrap()
}

/// What a trace does, in short: the start, and the ways by which steps are completed.
pub fn told(plan: &Plan, trace: &Trace) -> Vec<String> {
    let mut told = vec!["start".to_owned()];
    trace.replay(plan, |_, _, event| {
        if let Event::WorkCompleted { outcome, .. } = event {
            told.push(plan.flow_id(*outcome).to_owned());
        }
    });
    assert!(matches!(trace.commands[0].command, Command::Start { .. }));
    told
}
