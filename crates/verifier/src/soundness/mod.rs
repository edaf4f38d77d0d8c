//! Whether every case can end, and properly: an exploration of all that can happen to one.

mod at_once;
mod beside;
mod growth;
mod history;
mod local;
mod may;
mod moves;
mod order;
mod search;
mod silence;
mod states;
mod story;
mod tape;
mod trace;
mod unwritten;
mod verdict;
mod waiting;

pub use order::{Proof, prove};
pub use search::Limits;
pub(crate) use silence::standstill;
pub use trace::{Replay, Trace};
pub(crate) use unwritten::{Missed, Watched, missed};
pub use verdict::{Soundness, Trouble, Verdict};

use grieta_core::Plan;
use moves::{Aim, Ground};
use search::Search;

/// Explores everything that can happen to a case, whatever its data: work is begun and completed by each of its outcomes,
/// timers fall due whenever they are set, cracks strike wherever they can.
///
/// A first search leaves out orders of independent work that make no difference (see `docs/verification.md`); where that
/// finds trouble, a full one looks for the shortest way there, as far as `limits` let it.
///
/// ```
/// use std::sync::Arc;
/// use grieta_core::{Plan, Process};
/// use grieta_verifier::{Limits, Verdict, explore};
///
/// let file = "process: hello\nversion: 1.0.0\nstart: split\nroles: { desk: { people: 1 } }\nsteps:\n  \
///             split: { fork: [ask, tell] }\n  ask: { human: desk, outcomes: { yes: both, no: lost } }\n  \
///             tell: { human: desk, next: both }\n  both: { join: all, next: done }\n  \
///             done: { end: {} }\n  lost: { end: {} }\n";
/// let plan = Plan::new(Arc::new(Process::read("hello.yaml", file.as_bytes())?))?;
/// let found = explore(&plan, &Limits::default());
/// assert_eq!(found.verdict, Verdict::Unsound);
/// let trace = found.troubles[0].trace().ok_or("no trace")?;
/// assert_eq!(trace.commands.len(), 5, "started, both are begun and done, and the customer says no");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explore(plan: &Plan, limits: &Limits) -> Soundness {
    let found = at_first(plan, limits);
    if !limits.reduce || found.verdict != Verdict::Unsound {
        return found;
    }
    let most = if found.is_endless() { Limits::WHERE_ENDLESS } else { Limits::FOR_A_SHORTER_WAY };
    let full = search(plan, &Limits { reduce: false, most_states: limits.most_states.min(most), ..*limits });
    if full.verdict == Verdict::Unsound && (full.is_endless() || !found.is_endless()) { full } else { found }
}

/// Where a few states are not enough, looks whether the tokens become more and more before it looks into all the others.
fn at_first(plan: &Plan, limits: &Limits) -> Soundness {
    let few = Limits { most_states: limits.most_states.min(Limits::AT_FIRST), ..*limits };
    let found = search(plan, &few);
    if !found.too_many_states || found.is_endless() {
        return found;
    }
    match growth::find(plan, limits) {
        Some(growth) => found.with(growth),
        None if few == *limits => found,
        None => search(plan, limits),
    }
}

fn search(plan: &Plan, limits: &Limits) -> Soundness {
    let ground = Ground::of(plan, limits.reduce, Aim::End);
    verdict::judge(&ground, limits, Search::new(&ground, *limits).run())
}
