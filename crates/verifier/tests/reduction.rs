//! The reduced search, the full search and a naive explorer say the same of random definitions.
//!
//! 100 definitions; more with `PROPTEST_CASES=100000 cargo test --release -p grieta-verifier --test reduction`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

#[path = "../../core/tests/support/drafts.rs"]
mod drafts;
#[path = "support/naive.rs"]
mod naive;
#[path = "../../core/tests/support/random.rs"]
mod random;

use std::collections::BTreeSet;
use std::sync::Arc;

use drafts::drafts;
use grieta_core::definition::{Definition, Field, JoinRule, Kind, Late, Order, Rule, Template, Type};
use grieta_core::diagnostic::Code;
use grieta_core::kernel::Status;
use grieta_core::{Constraint, Plan, Process, Progress};
use grieta_verifier::{Limits, Proof, Soundness, Trace, Verdict, explore, prove, verify};
use proptest::prelude::*;

const FULL: Limits = Limits { most_states: 400, most_tokens: 8, reduce: false };
const REDUCED: Limits = Limits { reduce: true, ..FULL };

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 100 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_reduced_search_finds_what_the_full_one_finds(draft in drafts(7), tame in any::<bool>()) {
        let plan = plan(draft.definition(), tame);
        let (full, reduced) = (explore(&plan, &FULL), explore(&plan, &REDUCED));
        if full.verdict != Verdict::Unknown && reduced.verdict != Verdict::Unknown {
            prop_assert_eq!(full.verdict, reduced.verdict, "full {:?}\nreduced {:?}", full.troubles, reduced.troubles);
        }
        prop_assert!(reduced.states <= full.states || !full.complete);
        truly(&plan, &full)?;
        truly(&plan, &reduced)?;
    }

    #[test]
    fn a_rule_is_kept_by_the_reduced_search_where_it_is_by_the_full_one(
        draft in drafts(7), tame in any::<bool>(), template in 0..Template::ALL.len(), a in any::<usize>(), b in any::<usize>(),
    ) {
        let plan = plan(draft.definition(), tame);
        let Some(rule) = rule(&plan, Template::ALL[template], a, b) else { return Ok(()) };
        let (full, reduced) = (prove(&plan, &rule, &FULL), prove(&plan, &rule, &REDUCED));
        for proof in [&full, &reduced] {
            if let Proof::Broken(trace) = proof {
                prop_assert!(breaks(&plan, &rule, trace), "{proof:?}");
            }
        }
        let known = |proof: &Proof| matches!(proof, Proof::Holds | Proof::Broken(_));
        // Where a case may never end, it may break a rule on a way that need not be looked into.
        if known(&full) && known(&reduced) && explore(&plan, &FULL).verdict == Verdict::Sound {
            prop_assert_eq!(full == Proof::Holds, reduced == Proof::Holds, "full {:?}\nreduced {:?}", full, reduced);
        }
    }

    #[test]
    fn the_reduced_search_misses_what_the_full_one_misses(
        draft in drafts(7), tame in any::<bool>(), write in any::<usize>(), read in any::<usize>(), both in any::<usize>(),
    ) {
        let plan = plan(with_a_field(draft.definition(), write, read, both), tame);
        if explore(&plan, &FULL).verdict != Verdict::Sound {
            return Ok(());
        }
        let limits = Limits { most_states: 4_000, ..FULL };
        let (full, reduced) = (missed(&plan, &limits), missed(&plan, &Limits { reduce: true, ..limits }));
        prop_assert_eq!(full, reduced);
    }

    #[test]
    fn a_naive_explorer_says_the_same(draft in drafts(5), tame in any::<bool>()) {
        let plan = plan(draft.definition(), tame);
        let beside = |step: &grieta_core::definition::Step| step.cracks.values().any(|crack| !crack.interrupts() && crack.then.is_some());
        let beside = plan.definition().steps.values().any(beside) || !plan.definition().cracks.is_empty();
        if !beside && let Some(naive) = naive::verdict(&plan, 300) {
            for limits in [FULL, REDUCED] {
                let found = explore(&plan, &limits).verdict;
                // It gives up earlier where too much goes on at once.
                prop_assert!(found == naive || found == Verdict::Unknown, "{found:?}, naively {naive:?}");
            }
        }
    }
}

/// The same with an output that one step writes, another reads, and a third reads and writes, where those are work.
fn with_a_field(mut definition: Definition, write: usize, read: usize, both: usize) -> Definition {
    definition.data.insert("paper".to_owned(), Field::of(Type::Text));
    definition.outputs.push("paper".to_owned());
    let mut work: Vec<_> =
        definition.steps.values_mut().filter(|step| matches!(step.kind, Kind::Human { .. })).collect();
    let count = work.len();
    if count > 0 {
        let name = || "paper".to_owned();
        work[write % count].writes.push(name());
        work[read % count].reads.push(name());
        if both.is_multiple_of(3) {
            work[both % count].writes.push(name());
            work[both % count].reads.push(name());
        }
    }
    definition
}

/// What is read too early, or missing at an end, and where.
fn missed(plan: &Plan, limits: &Limits) -> BTreeSet<(String, String)> {
    let found = verify(plan, limits).problems.into_iter();
    let of_flow = found.filter(|problem| matches!(problem.code, Code::ReadBeforeWritten | Code::OutputMissing));
    of_flow.map(|problem| (problem.path.to_string(), problem.message)).collect()
}

/// Tamed where that leaves it a meaning.
fn plan(definition: Definition, tame: bool) -> Plan {
    let tamed = tame.then(|| tamed(definition.clone())).and_then(|tamed| Process::what_if(tamed).ok());
    let process = tamed.unwrap_or_else(|| Process::what_if(definition).unwrap_or_else(|found| panic!("{found}")));
    Plan::new(Arc::new(process)).unwrap()
}

/// The same without what makes work depend on other work: then much can be left out.
fn tamed(mut definition: Definition) -> Definition {
    definition.cracks.clear();
    for step in definition.steps.values_mut() {
        (step.lock, step.only_while, step.undo) = (None, None, None);
        match &mut step.kind {
            Kind::End { terminate, .. } => *terminate = false,
            Kind::Join(rule) => *rule = JoinRule::All,
            Kind::ForEach(each) => (each.enough, each.growing, each.rest) = (None, false, Late::default()),
            Kind::Cancel(_) => step.kind = Kind::Assign,
            _ => {}
        }
        for crack in step.cracks.values_mut() {
            let cancels = crack.response.as_ref().is_some_and(|response| {
                use grieta_core::definition::Response;
                matches!(response, Response::CancelCase | Response::CancelAll)
            });
            if cancels {
                crack.response = None;
            }
        }
    }
    definition
}

/// A rule on steps at which something is done.
fn rule(plan: &Plan, template: Template, a: usize, b: usize) -> Option<Constraint> {
    let steps = plan.definition().steps.iter().filter(|(_, step)| !step.kind.leads_on());
    let steps: Vec<&String> = steps.map(|(name, _)| name).collect();
    let (a, b) = (a % steps.len(), b % steps.len());
    let named = [steps[a].clone(), steps[b].clone()].into_iter().take(template.arity()).collect();
    let rule = Rule::Order(Order { template, steps: named, times: 1 + b as u32 % 2 });
    (a != b).then(|| Constraint::of(plan, &rule)).flatten()
}

/// Whether a case that goes that way breaks the rule at last.
fn breaks(plan: &Plan, rule: &Constraint, trace: &Trace) -> bool {
    let mut progress = Progress::New;
    let case = trace.replay(plan, |case, _, event| {
        if let Some(done) = plan.done_by(case, event) {
            progress = rule.after(plan, progress, done);
        }
    });
    let over = matches!(case.status(), Status::Completed | Status::Cancelled);
    progress == Progress::Broken || (over && !rule.is_kept(progress))
}

/// Every trace, replayed, ends in what it claims.
fn truly(plan: &Plan, found: &Soundness) -> Result<(), TestCaseError> {
    for trouble in &found.troubles {
        trouble.check(plan).map_err(TestCaseError::fail)?;
    }
    Ok(())
}
