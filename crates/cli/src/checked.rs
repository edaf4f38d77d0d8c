//! All that is wrong with a file: as a definition, as something to simulate, and with what may happen to its cases.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use grieta_bpmn::{Model, Participant};
use grieta_core::definition::Definition;
use grieta_core::diagnostic::{Code, Path, Problems, Severity};
use grieta_core::{Plan, Process, yaml};
use grieta_simulator::Simulation;
use grieta_verifier::{Coverage, Limits, Proof, Soundness, Verdict, Verification, verify};

use crate::input::Input;

/// What there is to say of a process of a file.
#[derive(Debug)]
pub struct Checked {
    /// The file, and the process where the file holds several.
    pub name: String,
    /// What was found, the gravest first.
    pub problems: Problems,
    /// How much was found too, but is waived.
    pub waived: usize,
    /// What was proved; `None` where the definition has no meaning.
    pub proved: Option<Proved>,
}

/// What the verifier has proved.
#[derive(Debug)]
pub struct Proved {
    pub verdict: Verdict,
    pub soundness: Soundness,
    /// Of the rules on the order of steps.
    pub proofs: Vec<Proof>,
    pub coverage: Coverage,
    /// How many guards and tables are too much for the analysis.
    pub undecided: usize,
    pub took: Duration,
}

/// Checks every process of a file.
pub fn check(input: &Input, limits: &Limits) -> Vec<Checked> {
    if !input.is_bpmn() {
        return vec![definition(input, limits)];
    }
    match grieta_bpmn::read(&input.name, input.bytes()) {
        Ok(model) => model.processes.iter().map(|process| participant(input, &model, process, limits)).collect(),
        Err(problems) => vec![Checked { name: input.name.clone(), problems, waived: 0, proved: None }],
    }
}

/// A definition in YAML. What only keeps a simulation from running is a warning, where the file speaks of simulation at all.
fn definition(input: &Input, limits: &Limits) -> Checked {
    let locate = |found| input.locate(found);
    let read = || yaml::read(&input.name, input.bytes()).definition;
    let checked = input.check().map(|process| match process.definition().simulation {
        None => process,
        Some(_) => match Simulation::new(&Arc::new(process.clone())) {
            Ok(_) => process,
            Err(found) => process.warn(locate(found)),
        },
    });
    examine(input.name.clone(), checked, read, locate, limits)
}

fn participant(input: &Input, model: &Model, process: &Participant, limits: &Limits) -> Checked {
    let name = match model.processes.len() {
        1 => input.name.clone(),
        _ => format!("{}: {}", input.name, process.definition.process),
    };
    let locate = |found| model.located(process, found);
    let checked = Process::new(process.definition.clone()).map_err(locate);
    examine(name, checked, || Some(process.definition.clone()), locate, limits)
}

/// Asks the verifier, even where no end can be reached from some step: then it tells how a case comes there.
fn examine(
    name: String,
    checked: Result<Process, Problems>,
    definition: impl FnOnce() -> Option<Definition>,
    locate: impl Fn(Problems) -> Problems,
    limits: &Limits,
) -> Checked {
    let located = |list| locate(Problems { source: None, list });
    let (process, known) = match checked {
        Ok(process) => (process, located(Vec::new())),
        Err(problems) => {
            let changed = only_ends_are_missing(&problems).then(definition).flatten();
            match changed.and_then(|definition| Process::what_if(definition).ok()) {
                Some(process) => (process, problems),
                None => return Checked { name, problems: without_proof(problems), waived: 0, proved: None },
            }
        }
    };
    let plan = match Plan::new(Arc::new(process)) {
        Ok(plan) => plan,
        Err(found) => return Checked { name, problems: locate(found), waived: 0, proved: None },
    };
    let begun = Instant::now();
    let found = verify(&plan, limits);
    let took = begun.elapsed();
    let told: HashSet<(Code, &Path)> = known.list.iter().map(|old| (old.code, &old.path)).collect();
    let new = found.problems.into_iter().filter(|new| !told.contains(&(new.code, &new.path)));
    let mut problems = located(new.collect());
    problems.list.extend(known.list);
    problems.list.sort_by_key(|problem| (problem.severity, problem.place));
    let undecided = found.undecided.len();
    let Verification { verdict, soundness, proofs, coverage, waived, .. } = found;
    let proved = Proved { verdict, soundness, proofs, coverage, undecided, took };
    Checked { name, problems, waived: waived.len(), proved: Some(proved) }
}

/// The gravest first. Whether a choice needs an `otherwise`, only the verifier can tell.
fn without_proof(mut problems: Problems) -> Problems {
    problems.list.retain(|problem| problem.code != Code::MissingOtherwise);
    problems.list.sort_by_key(|problem| (problem.severity, problem.place));
    problems
}

fn only_ends_are_missing(problems: &Problems) -> bool {
    let mut errors = problems.list.iter().filter(|problem| problem.severity == Severity::Error);
    errors.all(|problem| problem.code == Code::NoEnd)
}
