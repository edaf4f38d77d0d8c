//! All that the verifier has to say of a process, as problems.

use grieta_core::definition::{Definition, Kind, Step, Trigger};
use grieta_core::diagnostic::{Code, Path, Problem};
use grieta_core::{Constraint, Plan};

use crate::branches;
use crate::coverage::Coverage;
use crate::idle_waivers;
use crate::rules::{RULES, Subject};
use crate::soundness::{Limits, Proof, Soundness, Verdict, explore, prove};

/// What there is to say of a process.
#[derive(Debug, Clone)]
pub struct Verification {
    /// Whether every case can end, and properly: what the exploration says of it, which leaves the data open, unless there are
    /// data with which a choice or a decision has no answer, or nobody acts and nobody answers that.
    pub verdict: Verdict,
    /// What the exploration has found.
    pub soundness: Soundness,
    /// Of the rules on the order of steps, one after the other, whether every case keeps them.
    pub proofs: Vec<Proof>,
    /// How much of what often goes wrong it has an answer to.
    pub coverage: Coverage,
    /// All that was found, the gravest first: the warnings of the process, as far as nothing more exact is known, and what is
    /// new, without places in a file.
    pub problems: Vec<Problem>,
    /// What was found too, but is waived by the definition.
    pub waived: Vec<Problem>,
    /// Where guards and tables are too much for the analysis.
    pub undecided: Vec<Path>,
}

/// Explores all that can happen to a case, and asks every rule.
///
/// ```
/// use std::sync::Arc;
/// use grieta_core::{Plan, Process};
/// use grieta_verifier::{Limits, verify};
///
/// let file = "process: hello\nversion: 1.0.0\nstart: split\nroles: { desk: { people: 1 } }\nsteps:\n  \
///             split: { fork: [ask, tell] }\n  ask: { human: desk, outcomes: { yes: both, no: lost } }\n  \
///             tell: { human: desk, next: both }\n  both: { join: all, next: done }\n  \
///             done: { end: {} }\n  lost: { end: {} }\n";
/// let plan = Plan::new(Arc::new(Process::read("hello.yaml", file.as_bytes())?))?;
/// let found = verify(&plan, &Limits::default());
/// assert_eq!(found.problems[0].code.as_str(), "stuck");
/// assert_eq!(found.problems[0].path.step(), Some("both"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify(plan: &Plan, limits: &Limits) -> Verification {
    let soundness = explore(plan, limits);
    let coverage = Coverage::of(plan.definition());
    let rules = plan.definition().rules.iter().filter_map(|rule| Constraint::of(plan, rule));
    let limits = match soundness.complete {
        true => *limits,
        false if soundness.is_endless() => {
            Limits { most_states: limits.most_states.min(Limits::WHERE_ENDLESS), ..*limits }
        }
        false => Limits { most_states: limits.most_states.min(Limits::FOR_A_RULE), ..*limits },
    };
    let proofs: Vec<Proof> = rules.map(|rule| prove(plan, &rule, &limits)).collect();
    let subject = Subject { plan, soundness: &soundness, coverage: &coverage, proofs: &proofs, limits: &limits };
    let process = plan.process();
    let mut branches = branches::analyse(process);
    let undecided = std::mem::take(&mut branches.undecided);
    let unsettled = |problems: &[Problem]| -> Vec<Problem> {
        problems.iter().filter(|problem| !branches.settles(problem)).cloned().collect()
    };
    let (warnings, waived_before) = (unsettled(&process.warnings().list), unsettled(process.waived()));
    let mut problems: Vec<Problem> = RULES.iter().flat_map(|rule| rule(&subject)).chain(branches.problems()).collect();
    let stops = problems.iter().any(|problem| stops_a_case(plan.definition(), problem));
    let verdict = if stops && soundness.verdict == Verdict::Sound { Verdict::Unsound } else { soundness.verdict };
    let mut waived = plan.definition().waive(&mut problems);
    waived.extend(waived_before);
    problems.extend(idle_waivers::find(plan.definition(), &soundness, &coverage, &mut waived));
    problems.extend(warnings);
    problems.sort_by_key(|problem| problem.severity);
    Verification { verdict, soundness, proofs, coverage, problems, waived, undecided }
}

/// Whether a case stands still there: at a crack that nobody answers, or at a gap, if no crack of the step answers that.
fn stops_a_case(definition: &Definition, problem: &Problem) -> bool {
    let unanswered = |step: &Step| step.cracks.values().all(|crack| crack.on != Trigger::Constraint);
    let at_fault = |name: &str, step: &Step| match &step.kind {
        Kind::Decide(decision) => problem.path.0.starts_with(&Path::root("decisions").key(decision).0),
        _ => problem.path.step() == Some(name),
    };
    let gap = problem.code == Code::Gap;
    problem.code == Code::UnansweredCrack
        || gap && definition.steps.iter().any(|(name, step)| at_fault(name, step) && unanswered(step))
}
