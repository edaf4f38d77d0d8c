//! Finds what guards and decision tables do not mean to say: values that no branch takes, rules that both match, branches
//! that are never taken, and guards that always or never hold.
//!
//! A guard is read as linear conditions over whole numbers, and these are decided exactly: by trying alternatives, by
//! Fourier–Motzkin elimination, and by splitting where only a broken number is left. What is not linear is left open, so
//! that a formula may hold where its guard does not. That is why only two answers are given: that there are no such
//! values, where not even the formulas have any, and an example, where the evaluator of the kernel has confirmed it.
//! All else is undecided, and said to be so.
//!
//! A guard that cannot be evaluated, for want of a value or because a number becomes too large, is neither true nor false.
//! Every field may have every value of its type. A field that is required or has an initial value is there, unless a
//! step may empty it, which is so where the step lists it under `writes`.

mod alike;
mod amounts;
mod choices;
mod conditions;
mod fields;
mod findings;
mod formula;
mod group;
mod linear;
mod range;
mod read;
mod residues;
mod search;
mod solve;
mod tables;
mod texts;

use std::cell::Cell;
use std::collections::BTreeSet;

use grieta_core::Process;
use grieta_core::diagnostic::Problem;

pub use alike::{decides_alike, does_without};
pub use findings::{Findings, Found};

/// How much is done for one process, in steps that take less than a microsecond; what is asked after that is undecided.
const MOST_EFFORT: u32 = 10_000_000;

/// What is probably not meant in the guards and decision tables of a process, as warnings.
///
/// ```
/// use grieta_core::Process;
/// use grieta_verifier::branches;
///
/// let file = "
/// process: p
/// version: 1.0.0
/// start: route
/// data: { score: { type: integer, required: true } }
/// steps:
///   route:
///     choose:
///       - { when: score > 50, to: done }
///       - { when: score < 50, to: done }
///   done: { end: {} }
/// ";
/// let process = Process::read("p.yaml", file.as_bytes())?;
/// let problems = branches::check(&process);
/// assert_eq!(problems[0].message, "with `score = 50` no branch of `route` is taken");
/// # Ok::<(), grieta_core::diagnostic::Problems>(())
/// ```
pub fn check(process: &Process) -> Vec<Problem> {
    analyse(process).problems()
}

/// The same, with examples, and with what could not be decided.
pub fn analyse(process: &Process) -> Findings {
    let optional = fields::optional(process);
    let effort = Cell::new(MOST_EFFORT);
    let mut analysis = Analysis { process, optional: &optional, effort: &effort, findings: Findings::default() };
    for (name, step) in &process.definition().steps {
        choices::check(&mut analysis, name, step);
        conditions::check(&mut analysis, name, step);
    }
    conditions::check_whole(&mut analysis);
    for (name, decision) in &process.definition().decisions {
        tables::check(&mut analysis, name, decision);
    }
    analysis.findings
}

/// A process that is looked at, and what was found of it.
struct Analysis<'p> {
    process: &'p Process,
    /// The slots of the fields that may be absent.
    optional: &'p BTreeSet<u16>,
    /// How much may still be done.
    effort: &'p Cell<u32>,
    findings: Findings,
}
