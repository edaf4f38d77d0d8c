//! Explores a definition, or the first process of a BPMN file, and prints the verdict, the size of the search and its computing time: `explore FILE [full]`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for people")]

use std::sync::Arc;
use std::time::Instant;

use grieta_core::{Plan, Process, yaml};
use grieta_verifier::{Limits, explore};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, rest @ ..] = &arguments[..] else { return Err("usage: explore FILE [full]".into()) };
    let bytes = std::fs::read(file)?;
    let definition = match file.ends_with(".bpmn") {
        true => grieta_bpmn::read(file, &bytes)?.processes.remove(0).definition,
        false => {
            let reading = yaml::read(file, &bytes);
            reading.definition.ok_or_else(|| reading.problems.to_string())?
        }
    };
    let plan = Plan::new(Arc::new(Process::what_if(definition)?))?;
    let reduce = rest.first().is_none_or(|word| word != "full");
    let begun = Instant::now();
    let found = explore(&plan, &Limits { reduce, most_states: 20_000_000, ..Limits::default() });
    let took = begun.elapsed().as_secs_f64();
    let per_second = found.transitions as f64 / took / 1e6;
    println!(
        "{:?}: {} states, {} transitions, {took:.4} s, {per_second:.1} M a second",
        found.verdict, found.states, found.transitions
    );
    for trouble in &found.troubles {
        println!("{trouble:?}");
    }
    Ok(())
}
