//! What becomes of each mutant: a scenario fails for it, or none does.

use std::sync::Arc;

use grieta_core::diagnostic::Problems;
use grieta_core::{Plan, Process, yaml};
use rayon::prelude::*;

use super::equivalent::Known;
use super::{Mutant, Report, mutants};
use crate::{Stage, Suite};

/// A mutant, and what became of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The mutant.
    pub mutant: Mutant,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A scenario fails for it.
    Killed {
        /// The first of them.
        by: String,
    },
    /// No scenario fails for it.
    Survived,
    /// No scenario fails for it, and none can: it is proved that it does the same.
    Equivalent {
        /// How.
        proof: String,
    },
    /// It is no sound definition.
    Stillborn {
        /// The first of its problems.
        problem: String,
    },
}

/// Why mutants cannot be judged.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum MutationError {
    /// The definition cannot be read, for that reason.
    #[error("{0}")]
    Unread(String),
    /// Something is wrong in the definition.
    #[error("{0}")]
    Problems(Problems),
    /// A scenario fails for the definition itself.
    #[error(
        "expected scenarios that hold of the definition as it is, found that `{scenario}` of `{file}` fails; \
         run `grieta test` without `--mutate` and mend it first"
    )]
    Fails {
        /// The file of the scenario.
        file: String,
        /// The scenario.
        scenario: String,
    },
}

/// Runs the scenarios of a definition against all its mutants; `file` is its name, for the report. The first process of each
/// stage is that definition.
///
/// # Errors
/// When something is wrong in the definition, or a scenario fails for it as it is.
pub fn check(file: &str, bytes: &[u8], suites: &[(&Suite, &Stage)]) -> Result<Report, MutationError> {
    let reading = yaml::read(file, bytes);
    let process = Process::read(file, bytes).map_err(MutationError::Problems)?;
    let plan = Plan::new(Arc::new(process)).map_err(MutationError::Problems)?;
    let judged = judge(&plan, suites)?;
    Ok(Report::new(&plan.definition().process, &reading, &judged))
}

/// The mutants of the definition of a plan, each with what became of it, in the order of [`mutants`]. The first process of
/// each stage is that definition.
///
/// # Errors
/// When a scenario fails for the definition as it is.
pub fn judge(plan: &Plan, suites: &[(&Suite, &Stage)]) -> Result<Vec<Judged>, MutationError> {
    let stages: Vec<Stage> = suites.iter().map(|(_, stage)| (*stage).clone()).collect();
    if let Some((file, scenario)) = first_to_fail(suites, &stages) {
        let (file, scenario) = (file.to_owned(), scenario.to_owned());
        return Err(MutationError::Fails { file, scenario });
    }
    let known = Known::of(plan);
    let judged = mutants(plan.definition()).into_par_iter().map(|mutant| {
        let verdict = verdict(&mutant, &known, suites);
        Judged { mutant, verdict }
    });
    Ok(judged.collect())
}

fn verdict(mutant: &Mutant, known: &Known<'_>, suites: &[(&Suite, &Stage)]) -> Verdict {
    let changed = Process::new(mutant.of(known.definition())).and_then(|process| Plan::new(Arc::new(process)));
    let plan = match changed {
        Ok(plan) => Arc::new(plan),
        Err(problems) => return Verdict::Stillborn { problem: first_error(&problems) },
    };
    let with_mutant = |(_, stage): &(&Suite, &Stage)| {
        let others = stage.plans().iter().skip(1).cloned();
        Stage::new(std::iter::once(Arc::clone(&plan)).chain(others).collect())
    };
    let stages: Vec<Stage> = suites.iter().map(with_mutant).collect();
    match first_to_fail(suites, &stages) {
        Some((_, scenario)) => Verdict::Killed { by: scenario.to_owned() },
        None => match known.proof(mutant, &plan) {
            Some(proof) => Verdict::Equivalent { proof },
            None => Verdict::Survived,
        },
    }
}

/// The first scenario that fails on these stages, with its file.
fn first_to_fail<'a>(suites: &[(&'a Suite, &Stage)], stages: &[Stage]) -> Option<(&'a str, &'a str)> {
    let with_stage = suites.iter().zip(stages);
    let mut scenarios = with_stage.flat_map(|((suite, _), stage)| {
        let suite: &'a Suite = suite;
        suite.scenarios.iter().map(move |scenario| (suite, scenario, stage))
    });
    let (suite, scenario, _) =
        scenarios.find(|(suite, scenario, stage)| suite.run(scenario, stage).failed.is_some())?;
    Some((&suite.source.file, &scenario.name))
}

fn first_error(problems: &Problems) -> String {
    let error = problems.list.iter().min_by_key(|problem| problem.severity);
    error.map(|problem| problem.message.clone()).unwrap_or_default()
}
