//! Engines for tests: a process from its steps, and what waits where.
#![allow(dead_code, reason = "each test file uses its own part")]

use grieta_core::Process;
use grieta_runtime::{CaseId, Engine, ItemId};

/// A process that starts at its first step; `top` stands before the steps.
pub fn process(name: &str, top: &str, steps: &str) -> Process {
    let steps: String = steps.lines().map(|line| format!("  {}\n", line.trim())).collect();
    let start = steps.trim().split(':').next().unwrap();
    let top: String = top.lines().map(|line| format!("{}\n", line.trim())).collect();
    let text =
        format!("process: {name}\nversion: 1.0.0\nstart: {start}\n{top}steps:\n{steps}  done: {{ end: {{}} }}\n");
    Process::read("test.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// What waits at a step of a case.
pub fn at(desk: &Engine, case: CaseId, step: &str) -> ItemId {
    let items = desk.items(case).unwrap();
    let found = items.iter().find(|item| item.step() == step);
    found.unwrap_or_else(|| panic!("nothing at `{step}`: {}", desk.explain(case).unwrap())).id()
}

/// The steps at which a case waits, in alphabetical order.
pub fn steps(desk: &Engine, case: CaseId) -> Vec<String> {
    let mut steps: Vec<String> = desk.items(case).unwrap().iter().map(|item| item.step().to_owned()).collect();
    steps.sort();
    steps
}

/// The steps of the work items of a person, in their order.
pub fn work_of(desk: &Engine, person: &str) -> Vec<String> {
    desk.worklist(person).unwrap().iter().map(|item| item.step().to_owned()).collect()
}
